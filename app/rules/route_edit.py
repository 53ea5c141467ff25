"""Writing routing rules: what a rule may say is read strictly, and each change is one row of the audit."""

import re
from collections.abc import Callable
from typing import Any

from app.rules import audit, rights, unit_duty
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Refusal
from app.rules.route import CONDITIONS, routes_of
from app.rules.route_words import CHANNELS, HOURS, MODES, PRIORITIES, ROLES, ZONES
from app.rules.words import clean
from models.base import now
from models.category import Category
from models.person import Person
from models.place import Grid, Place
from models.role import Role, holds_at
from models.route import Route
from models.unit import Unit

NAME_LIMIT, MOST = 40, 60
#: How many codes, keys or words one condition lists, and how long a word is.
LISTED, WORD_LIMIT = 40, 20
TARGETS = frozenset({"worker", "grid", "role", "unit", "mode"})
_KEY = re.compile(r"[0-9A-Za-z_.-]{1,40}")


def add(community: Place, *, actor: Actor, name: object, conditions: object, target: object) -> Route:
    """Write a new rule, last in the order. Raises Refusal `route_invalid`, `too_many_routes`, `not_committee_duty`."""
    rights.need(actor, "route.write", community=community)
    there = routes_of(community)
    if len(there) >= MOST:
        raise Refusal("too_many_routes", f"一个社区最多 {MOST} 条分派规则，请先删掉不用的。")
    said = read(community, name, conditions, target)
    row = Route.create(
        community=community,
        position=max((one.position for one in there), default=0) + 1,
        changed_by=actor.person,
        **said,
    )
    _note(row, actor, "add", after=_facts(row))
    return row


def edit(route: Route, *, actor: Actor, name: object, conditions: object, target: object) -> Route:
    """Let a rule say something else. Raises Refusal as `add`, Conflict when somebody else changed it meanwhile."""
    rights.need(actor, "route.write", community=route.community)
    said = read(route.community, name, conditions, target)
    _change(route, actor, "edit", **said)
    return route


def switch(route: Route, *, actor: Actor, active: bool) -> Route:
    """Switch a rule on or off; saying it twice changes nothing. Raises Conflict."""
    rights.need(actor, "route.write", community=route.community)
    if route.active != active:
        _change(route, actor, "switch", active=active)
    return route


def move(route: Route, *, actor: Actor, up: bool) -> Route:
    """Let a rule change places with the one before it, or after it; at the end of the list nothing happens."""
    rights.need(actor, "route.write", community=route.community)
    there = routes_of(route.community)
    at = next((index for index, one in enumerate(there) if one.id == route.id), None)
    if at is None:
        raise Conflict("这条规则刚刚被删掉了，请刷新后再看。")
    other = at - 1 if up else at + 1
    if 0 <= other < len(there):
        before = {"position": at + 1}
        there[at], there[other] = there[other], there[at]
        for position, one in enumerate(there, 1):
            if one.position != position:
                Route.update(position=position).where(Route.id == one.id).execute()
        _note(route, actor, "move", before=before, after={"position": other + 1})
    return route


def delete(route: Route, *, actor: Actor) -> None:
    """Take a rule away; what it sent stays where it is."""
    rights.need(actor, "route.write", community=route.community)
    if Route.delete().where(Route.id == route.id).execute():
        _note(route, actor, "delete", before=_facts(route))


def _change(route: Route, actor: Actor, what: str, **values: Any) -> None:
    before, seen = _facts(route), route.updated_at
    values |= {"changed_by": actor.person, "updated_at": now()}
    if not Route.update(**values).where(Route.id == route.id, Route.updated_at == seen).execute():
        raise Conflict("刚才有人先改了这条规则，请刷新后再看。")
    for name, value in values.items():
        setattr(route, name, value)
    _note(route, actor, what, before=before, after=_facts(route))


def _note(route: Route, actor: Actor, what: str, before: dict | None = None, after: dict | None = None) -> None:
    audit.note(
        "route.write", actor=actor, community=route.community, subject=route.key, before=before, after=after, what=what
    )


def _facts(route: Route) -> dict:
    """What of a rule is written down: keys and codes; of its keywords, which are words, only how many."""
    conditions = {name: value for name, value in route.conditions.items() if name != "keywords"}
    words = {"keywords": len(route.conditions["keywords"])} if "keywords" in route.conditions else {}
    return {"conditions": conditions | words, "target": route.target, "active": route.active}


# -- reading what a rule says ------------------------------------------------------------------------------------------


def read(community: Place, name: object, conditions: object, target: object) -> dict[str, Any]:
    """A rule as it is kept. Raises Refusal `route_invalid` with every wrong field, or `not_committee_duty`."""
    wrong: dict[str, str] = {}
    said = " ".join(clean(name, NAME_LIMIT + 1).split()) if isinstance(name, str) else ""
    if not said or len(said) > NAME_LIMIT:
        wrong["name"] = f"请给规则起个名字，不超过 {NAME_LIMIT} 个字"
    kept = _conditions(community, conditions, wrong)
    whom = _read_target(community, target, wrong)
    if wrong:
        raise Refusal("route_invalid", "规则还没有写对：" + "；".join(list(wrong.values())[:3]) + "。", wrong)
    _need_no_committee(community, kept, whom)
    return {"name": said, "conditions": kept, "target": whom}


def _conditions(community: Place, given: object, wrong: dict[str, str]) -> dict[str, Any]:
    if not isinstance(given, dict) or len(given) > len(CONDITIONS) or not set(given) <= CONDITIONS:
        wrong["conditions"] = "有不认识的条件"
        return {}
    kept = {}
    for name, value in given.items():
        found = _READERS[name](community, value)
        if found is None:
            wrong[name] = _WRONG[name]
        else:
            kept[name] = found
    return kept


def _read_target(community: Place, given: object, wrong: dict[str, str]) -> dict[str, str]:
    """Exactly one of TARGETS; a grid may come with "rotate": only the own grid of a case can grab it."""
    known = isinstance(given, dict) and set(given) <= TARGETS and all(isinstance(one, str) for one in given.values())
    names = set(given) if isinstance(given, dict) and known else set()
    if len(names) != 1 and names != {"grid", "mode"}:
        wrong["target"] = "请选择一个去处"
        return {}
    assert isinstance(given, dict)
    for name, value in given.items():
        far = name == "mode" and "grid" in names and value != "rotate"
        if far or not _KEY.fullmatch(value) or not _there(name, value, community):
            wrong[name] = "这个去处不在选项里，请重新选择"
    return dict(given)


def _there(name: str, value: str, community: Place) -> bool:
    if name in ("mode", "role"):
        return value in (MODES if name == "mode" else ROLES)
    if name == "grid":
        return Grid.select().where(Grid.community == community, Grid.key == value).exists()
    if name == "unit":
        return Unit.select().where(Unit.community == community, Unit.key == value, Unit.left_at.is_null()).exists()
    held = Role.select().join(Person, on=(Role.person == Person.id)).where(
        Role.kind == "grid_worker", Role.place == community, holds_at(now()), Person.key == value
    )  # fmt: skip
    return held.exists()


def _need_no_committee(community: Place, conditions: dict, target: dict) -> None:
    """A committee may be asked only by a rule whose categories are none of the government's."""
    unit = Unit.get_or_none(Unit.key == target["unit"]) if "unit" in target else None
    if unit is None or unit.kind != unit_duty.COMMITTEE:
        return
    rows = Category.select().where(Category.community == community, Category.government)
    if "categories" in conditions:
        rows = rows.where(Category.code.in_(conditions["categories"]))
    pushed = rows.order_by(Category.position).first()
    if pushed is not None:
        unit_duty.need_not_committee(pushed, unit)


def _listed(value: object, kind: type) -> list | None:
    """A list of different things of a kind, neither empty nor long."""
    if not isinstance(value, list) or not 1 <= len(value) <= LISTED or any(type(one) is not kind for one in value):
        return None
    return list(dict.fromkeys(value))


def _keys(table: type[Category] | type[Grid] | type[Place], column: str) -> Callable[[Place, object], list[str] | None]:
    def reader(community: Place, value: object) -> list[str] | None:
        keys = _listed(value, str)
        if keys is None or any(not _KEY.fullmatch(one) for one in keys):
            return None
        field = getattr(table, column)
        known = table.select().where(table.community == community, field.in_(keys)).count()
        return keys if known == len(keys) else None

    return reader


def _one_of(words: dict[str, str]) -> Callable[[Place, object], str | None]:
    return lambda community, value: value if isinstance(value, str) and value in words else None


def _days(community: Place, value: object) -> list[int] | None:
    days = _listed(value, int)
    return sorted(days) if days is not None and all(1 <= day <= 7 for day in days) else None


def _words(community: Place, value: object) -> list[str] | None:
    words = _listed(value, str)
    if words is None or any(len(one) > WORD_LIMIT for one in words):
        return None
    cleaned = list(dict.fromkeys(clean(one, WORD_LIMIT).strip() for one in words))
    return cleaned if all(cleaned) else None


_READERS: dict[str, Callable[[Place, object], Any]] = {
    "categories": _keys(Category, "code"), "zone": _one_of(ZONES), "grids": _keys(Grid, "key"),
    "compounds": _keys(Place, "key"), "hours": _one_of(HOURS), "weekdays": _days,
    "hazard": lambda community, value: value if isinstance(value, bool) else None,
    "priority": _one_of(PRIORITIES), "channel": _one_of(CHANNELS), "keywords": _words,
}  # fmt: skip
_WRONG = {
    "categories": "类别不在本社区的列表里", "zone": "区域不在选项里", "grids": "网格不在本社区",
    "compounds": "地点不在本社区",
    "hours": "时间段不在选项里", "weekdays": "星期要从周一到周日里选", "hazard": "安全隐患只能选是或不是",
    "priority": "紧急程度不在选项里", "channel": "来源不在选项里",
    "keywords": f"关键词每个不超过 {WORD_LIMIT} 个字，最多 {LISTED} 个，不能为空",
}  # fmt: skip
