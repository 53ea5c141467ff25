"""What corrections teach: somebody on duty moved a report to another kind, and next time that kind is offered sooner.

A lesson is the set of neighbouring characters of the words, and the kind they belonged to: no sentence can be read
from it. What may point to a person or a home is left out before: names, numbers, and where it is.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from app.rules import place_words
from app.rules.setting import keep
from models.case import Case
from models.category import Category
from models.lesson import Lesson
from models.person import Person
from models.place import Place, line_of
from models.role import Role

#: Of a community the newest so many are kept.
MOST = 500
#: Of a text only the beginning is looked at, and at most so many pairs are kept.
LOOK_AT = 500
MOST_GRAMS = 80
#: A way of putting it has at least so many characters; shorter ones are everywhere.
SHORTEST = 3
#: Pairs that say nothing of the matter.
_IDLE = (
    "我们 你们 他们 一个 这个 那个 有个 有人 没人 怎么 什么 好几 几天 天了 已经 麻烦 请问 谢谢 您好 你好 坏了 不了 "
    "可以 能不 不能 现在 今天 昨天 一直 还是 就是 小区 社区 门口 楼下 楼上 这里 那里 希望 处理 解决 一下 尽快 问题"
)
#: What we write for somebody who sent a picture, a place or a recording alone.
_NO_WORDS = re.compile("（[^（）]*）")
#: What one does not quote at the edges.
_PARTICLES = "的了呢吧呀啊"
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_DIGITS = re.compile(r"[0-9０-９零〇一二三四五六七八九十百两]{2,}|[0-9０-９A-Za-z]+")
#: Somebody spoken of: a surname and what one is called by, or "叫…", "姓…".
_SURNAMES = (
    "王李张刘陈杨赵吴周徐孙朱胡郭何罗郑梁谢宋唐许邓韩冯曹彭曾肖董潘袁蔡蒋杜魏苏吕丁卢姚沈钟姜崔谭陆范汪廖韦贾夏付邹熊孟秦邱侯"
    "尹薛闫雷黎史陶贺毛郝顾龚邵钱严覃戴莫孔汤"
)
_CALLED = (
    "师傅|阿姨|大爷|大妈|大叔|大娘|大姐|大哥|奶奶|爷爷|叔叔|先生|女士|老师|主任|书记|经理|老板|队长|医生|太太|同志|老太太|老头|"
    "家里?|某某?"
)
_NAMES = re.compile(
    rf"[老小]?[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?:{_CALLED})|(?:叫做?|姓|名字是|名叫|户主)[\u4e00-\u9fff]{{1,3}}|"
    rf"[老小][{_SURNAMES}]|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
)


class Learned(NamedTuple):
    """A kind that corrections speak for: how much, and the own words that were put so before."""

    score: int
    said: str


def teach(case: Case, category: Category) -> None:
    """A correction: the words of a case belonged to this category. Words that say nothing teach nothing."""
    if _NO_WORDS.fullmatch(case.words):
        return
    names = [case.reporter.name] if case.reporter_id else []
    grams = sorted(set(_pairs(_bare(case.words, case.community, names))))[:MOST_GRAMS]
    if not grams:
        return
    Lesson.create(community=case.community, category=category, grams=grams)
    kept = Lesson.select(Lesson.id).where(Lesson.community == case.community).order_by(Lesson.id.desc())
    oldest = kept.offset(MOST - 1).limit(1).scalar()
    if oldest is not None:
        Lesson.delete().where(Lesson.community == case.community, Lesson.id < oldest).execute()


def learned(words: str, community: Place) -> dict[str, Learned]:
    """The kinds, by code, of which corrections say that words like these belong to them.

    Only whole ways of putting it count (three characters or more in a row), and only where they belonged to one kind.
    """
    owners = _owners(community)
    if not owners:
        return {}
    found: dict[str, Learned] = {}
    for run in _HAN.findall(unicodedata.normalize("NFKC", words[:LOOK_AT])):
        for code, said in _ways(run, owners):
            if len(said) >= SHORTEST and len(said) > (found[code].score if code in found else 0):
                found[code] = Learned(len(said), said.strip(_PARTICLES) or said)
    return found


def _ways(run: str, owners: dict[str, str]) -> Iterable[tuple[str, str]]:
    """The stretches of a run of characters whose every pair belongs to one kind."""
    start, owner = 0, ""
    for at in range(len(run) - 1):
        code = owners.get(run[at : at + 2], "")
        if code != owner:
            if owner:
                yield owner, run[start : at + 1]
            start, owner = at, code
    if owner:
        yield owner, run[start:]


def _owners(community: Place) -> dict[str, str]:
    """To which kind each known pair belongs, by its code; pairs of several kinds belong to none."""
    return keep(("lessons", community.id), lambda: _read(community))


def _read(community: Place) -> dict[str, str]:
    counted: dict[str, Counter[str]] = {}
    rows = Lesson.select(Lesson.grams, Category.code).join(Category).where(Lesson.community == community)
    for grams, code in rows.where(Category.active).order_by(Lesson.id.desc()).limit(MOST).tuples():
        for gram in grams:
            counted.setdefault(gram, Counter())[code] += 1
    owners = {}
    for gram, kinds in counted.items():
        code, times = kinds.most_common(1)[0]
        # A pair that was put right one way and another says nothing.
        if 3 * times > 2 * kinds.total():
            owners[gram] = code
    return owners


def _bare(words: str, community: Place, names: Iterable[str]) -> str:
    """Words without who, where and how many: what is left out becomes a gap, so that no new pair arises."""
    text = unicodedata.normalize("NFKC", words[:LOOK_AT])
    for name in sorted({*names, *_known_names(community)}, key=len, reverse=True):
        text = text.replace(name, " ") if len(name) > 1 else text
    return _NAMES.sub(" ", _DIGITS.sub(" ", place_words.without_places(text)))


def _known_names(community: Place) -> frozenset[str]:
    """The names of who is, or was, on duty here, and of the places."""
    return keep(("known names", community.id), lambda: _read_names(community))


def _read_names(community: Place) -> frozenset[str]:
    line = line_of(community)
    people = Person.select(Person.name).join(Role, on=(Role.person == Person.id)).where(Role.place.in_(line)).distinct()
    compounds = (Place.community == community) & (Place.kind == "compound")
    places = Place.select(Place.name).where(Place.id.in_(line) | compounds)
    return frozenset({row.name for rows in (people, places) for row in rows} - {""})


def _pairs(text: str) -> list[str]:
    runs = _HAN.findall(text)
    pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    return [pair for pair in pairs if pair not in _IDLE]
