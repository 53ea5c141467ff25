"""Where a matter lies decides law and who is answerable: public area, the compound's common parts, a private home.

Who is answerable is data of the category (domain §2.7 for manholes): rows of {zone, thing, without, who, unit_kind,
words, source}, of which the first that fits holds. `thing` lists answers as "question:answer" (a yes is "fell:yes"),
any of which fits; `without` names a kind of unit that the community does not have; what is left out fits everything.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.rules.refusal import Refusal
from app.rules.setting import keep
from models.case import Case
from models.place import Place
from models.unit import KINDS as UNIT_KINDS
from models.unit import Unit

ZONES = {"public_area": "公共区域", "compound_common": "小区共用部位", "private_exclusive": "业主专有部分"}
#: What a row says besides, and how long it may be.
LENGTHS = {"who": 60, "words": 200, "source": 100}
_ROW = {"zone", "thing", "without", "unit_kind", *LENGTHS}
MOST_ROWS = 20


class Answerable(NamedTuple):
    """Who must see to it: for people, the kind of unit (models.unit.KINDS), what they must do, and by which law."""

    who: str
    unit_kind: str
    words: str
    source: str


def answerable(case: Case) -> Answerable | None:
    """Who is answerable for a case, by its zone and what was answered; None when its category does not say."""
    things = {_thing(code, answer) for code, answer in (case.answers or {}).items()}
    zone = case.zone or case.category.zone
    for row in case.category.answerable or ():
        if row.get("zone", zone) != zone or (row.get("thing") and not things & set(row["thing"])):
            continue
        if row.get("without") and row["without"] in _kinds(case.community):
            continue
        return Answerable(row["who"], row.get("unit_kind", ""), row["words"], row["source"])
    return None


def need_zone(zone: str) -> None:
    """Raises Refusal `zone_unknown` for what is no zone."""
    if zone not in ZONES:
        raise Refusal("zone_unknown", "请选择：公共区域、小区共用部位或业主专有部分。", {"zone": "不在选项里"})


def check_rows(rows: object, questions: Sequence[Mapping], where: str = "") -> None:
    """Look through the rows of a category when they are loaded. Raises Refusal `answerable_wrong`."""
    known = {_thing(one["code"], answer) for one in questions for answer in _answers(one)}
    _need(isinstance(rows, list) and len(rows) <= MOST_ROWS, f"{where}：answerable 是最多 {MOST_ROWS} 行的列表")
    assert isinstance(rows, list)
    for row in rows:
        _need(isinstance(row, Mapping), f"{where}：answerable 的每一行是一张表")
        _need(not set(row) - _ROW, f"{where}：answerable 里有不认识的 {'、'.join(sorted(set(row) - _ROW))}")
        _need(row.get("zone", "public_area") in list(ZONES), f"{where}：不认识的 zone")
        for name in ("unit_kind", "without"):
            _need(row.get(name, "department") in list(UNIT_KINDS), f"{where}：不认识的 {name}")
        thing = row.get("thing", [])
        _need(isinstance(thing, list), f"{where}：thing 应当是列表")
        _need(all(isinstance(one, str) and one in known for one in thing), f"{where}：thing 里有问题里没有的回答")
        for name, most in LENGTHS.items():
            text = row.get(name)
            _need(isinstance(text, str) and 0 < len(text.strip()) <= most, f"{where}：{name} 应当是 1 到 {most} 个字")


def _answers(question: Mapping) -> list:
    return [True, False] if question["kind"] == "yes_no" else [one["code"] for one in question.get("options", ())]


def _thing(code: str, answer: object) -> str:
    said = {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else answer
    return f"{code}:{said}"


def _kinds(community: Place) -> frozenset[str]:
    """The kinds of units that a community has."""
    here = Unit.select(Unit.kind).where(Unit.community == community, Unit.left_at.is_null()).distinct()
    return keep(("unit kinds", community.id), lambda: frozenset(row.kind for row in here))


def _need(good: bool, said: str) -> None:
    if not good:
        raise Refusal("answerable_wrong", f"{said.lstrip('： ')}。")
