"""The classes of city management in force in a community: what may be filed, how soon it is due, what closes it.

A class is known by edition, kind and code, for codes differ between editions (domain §2.2). A category names the
classes it stands for as "component:0101"; which edition these are read in is the community's setting `class_edition`.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from app.rules import clock
from app.rules.refusal import Refusal
from app.rules.setting import keep, setting
from models.case import Case
from models.category import Category
from models.city_class import KINDS, CityClass, FilingCondition
from models.place import Place

#: The classes of a compound hold beside every edition of the city's standard, which leaves the compound out.
COMPOUND = "compound-1"
#: A time limit as one says it: "2 小时（昼夜连续）".
CLOCK_WORDS = {
    "urgent_minute": "{} 分钟（昼夜连续）", "urgent_hour": "{} 小时（昼夜连续）", "work_hour": "{} 个工作小时",
    "work_day": "{} 个工作日", "natural_day": "{} 天（含节假日）",
}  # fmt: skip
#: How long a code, a name, a class and the words of a condition may be: the columns of models.city_class.
LENGTHS = {"edition": 24, "code": 8, "major": 32, "name": 48, "words": 160, "closing": 160}


_REFERENCE = re.compile(rf"(?:{'|'.join(KINDS)}):[0-9]{{4}}(?:@[a-z0-9-]{{1,24}})?")


class Listed(NamedTuple):
    """A class with its conditions in their order."""

    row: CityClass
    conditions: tuple[FilingCondition, ...]


def classes_of(community: Place) -> list[Listed]:
    """The classes in force in a community, by kind and code."""
    return list(_table(setting(community, "class_edition")).values())


def classes_of_category(category: Category, community: Place) -> list[Listed]:
    """The classes that a category of a community stands for, in its edition; what that edition lacks is left out.

    "component:0118@yc-2023" is meant in that edition only: in another the code is something else.
    """
    edition = setting(community, "class_edition")
    table, meant = _table(edition), (name.partition("@") for name in category.city_classes or ())
    return [table[name] for name, _, only in meant if name in table and only in ("", edition)]


def conditions_of(category: Category, community: Place) -> list[FilingCondition]:
    """Every filing condition of a category, class by class; the class hangs on each as `city_class`."""
    return [one for listed in classes_of_category(category, community) for one in listed.conditions]


def conditions_for(case: Case) -> list[FilingCondition]:
    """The filing conditions that may be chosen for a case: those of its category."""
    return conditions_of(case.category, case.community)


def limit_words(amount: int, clock_name: str) -> str:
    """A limit as people read it."""
    return CLOCK_WORDS[clock_name].format(amount)


def reference(row: FilingCondition) -> str:
    """A condition as it is named from outside, within the edition in force: "component:0101/0"."""
    return f"{row.city_class.kind}:{row.city_class.code}/{row.position}"


def condition_words(row: FilingCondition) -> str:
    """A condition as one chooses it: what, and how soon."""
    return f"{row.city_class.name}：{row.words}（{limit_words(row.amount, row.clock)}，结案：{row.closing}）"


def check_rows(rows: Iterable[dict]) -> None:
    """Read the classes of a file as they will be kept. Raises Refusal `classes_wrong` with the first mistake."""
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        where = f"{row.get('edition', '')} {row.get('kind', '')}"
        _need(row.get("kind") in list(KINDS), f"{where}：kind 只能是 {'、'.join(KINDS)}")
        _texts(row, ("edition", "major"), where)
        minors = row.get("minors") or []
        _need(isinstance(minors, list) and bool(minors), f"{where}：缺少 minors")
        for minor in minors:
            _texts(minor, ("code", "name"), where)
            code = minor["code"]
            _need(len(code) == 4 and code.isascii() and code.isdigit(), f"{where} {code}：代码是四位数字")
            known = (row["edition"], row["kind"], code)
            _need(known not in seen, f"{where} {code}：写了两次")
            seen.add(known)
        conditions = row.get("conditions", [])
        _need(isinstance(conditions, list), f"{where}：conditions 应当是列表")
        for condition in conditions:
            _check_condition(condition, f"{where} {minors[0]['code']}")


def check_references(names: object, where: str) -> None:
    """The classes that a category says it stands for. Raises Refusal `classes_wrong`."""
    good = isinstance(names, list) and all(isinstance(one, str) and _REFERENCE.fullmatch(one) for one in names)
    _need(good, f"{where}：city_classes 写成 component:0101 或 component:0118@yc-2023")


def _check_condition(row: dict, where: str) -> None:
    _need(isinstance(row, dict), f"{where}：每个立案条件是一张表")
    _texts(row, ("words", "closing"), where)
    check_limit(row.get("amount"), row.get("clock"), where)
    _need(isinstance(row.get("hazard", False), bool), f"{where}：hazard 只能是 true 或 false")


def check_limit(amount: object, clock_name: object, where: str) -> None:
    """A limit is so many (1 to 3660) units of a known clock. Raises Refusal `classes_wrong`."""
    known = "、".join(CLOCK_WORDS)
    _need(clock_name in list(CLOCK_WORDS), f"{where}：不认识的时钟 {str(clock_name)[:20]}，只能是 {known}")
    whole = isinstance(amount, int) and not isinstance(amount, bool) and 1 <= amount <= clock.MAX_AMOUNT
    _need(whole, f"{where}：时限是 1 到 {clock.MAX_AMOUNT} 的整数")


def _texts(row: dict, names: tuple[str, ...], where: str) -> None:
    for name in names:
        text = row.get(name) if isinstance(row, dict) else None
        good = isinstance(text, str) and 0 < len(text.strip()) <= LENGTHS[name]
        _need(good, f"{where}：{name} 应当是 1 到 {LENGTHS[name]} 个字")


def _need(good: bool, said: str) -> None:
    if not good:
        raise Refusal("classes_wrong", f"{said}。请对照 app/demo/classes.toml。")


def _table(edition: str) -> dict[str, Listed]:
    """The classes of an edition and those of the compound, by "kind:code"; where both have one, the edition's."""
    return keep(("classes", edition), lambda: _read(edition))


def _read(edition: str) -> dict[str, Listed]:
    rows = CityClass.select().where(CityClass.edition.in_([edition, COMPOUND]))
    found = {row.id: row for row in rows.order_by(CityClass.kind, CityClass.code)}
    held: dict[int, list[FilingCondition]] = {one: [] for one in found}
    conditions = FilingCondition.select().where(FilingCondition.city_class.in_(list(found)))
    for condition in conditions.order_by(FilingCondition.city_class, FilingCondition.position):
        condition.city_class = found[condition.city_class_id]
        held[condition.city_class_id].append(condition)
    order = sorted(found.values(), key=lambda row: (list(KINDS).index(row.kind), row.code, row.edition == edition))
    return {f"{row.kind}:{row.code}": Listed(row, tuple(held[row.id])) for row in order}
