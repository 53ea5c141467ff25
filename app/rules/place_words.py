"""Where is it? The building, entrance, floor, door and spot that a resident's sentence names.

"三号楼2单元", "3#楼", "３栋" and "3-2-101" are the same building; the names that come out are written one way ("3号楼",
"2单元", "5楼", "101"), as the tree of places writes them.
"""

import re
import unicodedata
from dataclasses import dataclass

LOOK_AT = 500

_N = r"(?:[0-9]{1,3}|[零一二两三四五六七八九十百]{1,5})"
_BUILDING = re.compile(
    rf"第?(?P<number>{_N})\s*(?:号楼|号栋|#\s*楼|#\s*栋|栋|幢|座(?!位|椅))|(?P<letter>[A-Za-z])\s*(?:座|栋|幢|号楼)"
)
_UNIT = re.compile(rf"第?({_N})\s*(?:单元|门栋|门洞)")
_FLOOR = re.compile(rf"第?(?P<under>负|地下|-|b)?(?P<number>{_N})\s*(?:楼|层)(?![道梯栋长])", re.I)
_DOOR = re.compile(r"(?<![0-9])([0-9]{3,4})\s*(?:室|户|房|号房)(?!间)")
_DOOR_AFTER = re.compile(r"(?:单元|楼|栋|幢|层)\s*([0-9]{3,4})(?![0-9]|\s*(?:号楼|栋|幢|元|块|年|人|米|点|路|次|天))")
_DASHED = re.compile(r"(?<![0-9-])([0-9]{1,3})-([0-9]{1,2})-([0-9]{3,4})(?![0-9-])")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_HAN = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}

# Beside what, and on which side: words that place something once a building or a landmark is known.
_SIDE = (
    r"(?:[东南西北]{1,2}(?:边|侧|头|面)|门(?:口|前|外)|楼(?:前|后|下|顶|上)|(?:正|斜)?对[面过]|旁边?|边上|附近|隔壁|拐角处?|"
    r"前面?|后面?|里面?|外面?|中间|之间|下面|入口|出口|口|那里|那边|那儿|处)"
)
# Places that there are only one or a few of in a compound: they say where even without a building.
_LANDMARK = (
    r"(?:[东南西北]{1,2}大?门|[大正侧后前]门|[东南西北]{1,2}院|花坛|花园|草坪|绿化带|凉亭|亭子|广场|水池|喷泉|池塘|假山|"
    r"停车场|停车棚|车棚|自行车棚|电动车棚|地下车库|车库|地库|健身(?:区|器材|广场)|篮球场|游乐场|滑梯|幼儿园|小学|学校|超市|"
    r"便利店|菜市场|快递(?:柜|站|点)|驿站|物业(?:办公室|服务中心)?|居委会|社区办公室|党群之家|党群服务中心|卫生(?:站|室)|"
    r"配电房|配电室|泵房|锅炉房|垃圾(?:站|房|中转站)|公厕|岗亭|门卫室?|保安亭|围墙|主干道|主路|公交站|十字路口|路口|河边|桥头)"
)
# Things there are many of: only a place together with a side ("垃圾桶旁边"), else the thing that is complained of.
_THING = r"(?:垃圾桶|垃圾箱|路灯|电线杆|充电桩|消防栓|树|石凳|长椅|公告栏|宣传栏|井盖|电梯|楼梯|楼道|走廊)"
_AREA = r"(?:我们|咱们?)?(?:小区|院子|大院|院[里内])(?:里面?|内)?的?"
_SPOT = re.compile(rf"(?:{_AREA})?(?:{_LANDMARK}{_SIDE}*|{_THING}{_SIDE}+)+")
_SPOT_AT_BUILDING = re.compile(rf"(?:{_LANDMARK}|{_THING}(?={_SIDE})|楼道|楼梯间?|走廊|天台|楼顶|地下室|{_SIDE})+")


@dataclass(frozen=True)
class PlaceWords:
    """What was said of a place: "3号楼", "2单元", "5楼", "101", "南门口"; None for what was not said."""

    building: str | None = None
    entrance_unit: str | None = None
    floor: str | None = None
    door: str | None = None
    spot: str | None = None


def place_in(text: str) -> PlaceWords:
    """The place a sentence names. Looks at the first 500 characters."""
    text = unicodedata.normalize("NFKC", text[:LOOK_AT]).translate(_DASHES)
    dashed = _DASHED.search(text)
    if dashed:
        after = text[dashed.end() :]
        return PlaceWords(f"{int(dashed[1])}号楼", f"{int(dashed[2])}单元", None, dashed[3], _spot(after, True))
    found, rest = _building(text)
    unit, door = _UNIT.search(text), _DOOR.search(text) or _DOOR_AFTER.search(text)
    floor = _FLOOR.search(text)
    return PlaceWords(
        building=found,
        entrance_unit=f"{number(unit[1])}单元" if unit else None,
        floor=_floor(floor) if floor else None,
        door=door[1] if door else None,
        spot=_spot(rest, found is not None or unit is not None),
    )


def without_places(text: str) -> str:
    """The first 500 characters with a gap wherever they say where: what is left tells what it is about."""
    text = unicodedata.normalize("NFKC", text[:LOOK_AT]).translate(_DASHES)
    for pattern in (_DASHED, _BUILDING, _UNIT, _DOOR, _DOOR_AFTER, _FLOOR, _SPOT):
        text = pattern.sub(" ", text)
    return text


def number(word: str) -> int:
    """The value of 12, "十二", "二十三", "一百零五"; Chinese digits in a row ("三零一") are read one by one."""
    if word.isascii():
        return int(word)
    if not re.search("[十百]", word):
        return int("".join(str(_HAN[char]) for char in word))
    hundreds, _, below = word.rpartition("百")
    tens, ten, ones = below.rpartition("十")
    total = (_value(hundreds) or 1) * 100 if "百" in word else 0
    total += (_value(tens) or 1) * 10 if ten else 0
    return total + _value(ones)


def _value(word: str) -> int:
    """The value of at most one Chinese digit, with or without a leading 零; nothing is 0."""
    return _HAN.get(word[-1:], 0)


def _building(text: str) -> tuple[str | None, str]:
    """The name of the building, and the sentence after it."""
    found = _BUILDING.search(text)
    if not found:
        return None, text
    name = f"{number(found['number'])}号楼" if found["number"] else f"{found['letter'].upper()}座"
    return name, text[found.end() :]


def _floor(found: re.Match) -> str:
    return f"{'负' if found['under'] else ''}{number(found['number'])}楼"


def _spot(text: str, at_building: bool) -> str | None:
    found = _SPOT.search(text) or (_SPOT_AT_BUILDING.search(text) if at_building else None)
    return found[0][:40] if found else None
