"""Member units of a community: which there are, what each sees to, who answers for it, joining and leaving."""

from app.rules import alert, audit, subcase
from app.rules.actor import Actor
from app.rules.refusal import Conflict, NotFound, Refusal
from app.rules.rights import may, need
from app.rules.subcase_sight import OPEN
from app.rules.words import clean
from models.base import now
from models.category import Category
from models.person import Person
from models.place import Place
from models.subcase import Subcase
from models.unit import KINDS, Unit, UnitContact

NAME_LIMIT = 64


def units_of(community: Place) -> list[Unit]:
    """The units of a community that may be asked to act, by name."""
    return list(Unit.select().where(Unit.community == community, Unit.left_at.is_null()).order_by(Unit.name))


def suggested(category: Category, units: list[Unit]) -> list[Unit]:
    """The units in the order in which one would ask them for a matter of this category: those that see to it first."""
    return sorted(units, key=lambda one: category.code not in (one.categories or []))


def add(community: Place, *, actor: Actor, kind: str, name: str, categories: list[str]) -> Unit:
    """Add a unit; one of that name that had left joins again. Raises Refusal kind_unknown, name_wrong, name_taken."""
    need(actor, "unit.write", community=community)
    if kind not in KINDS:
        raise Refusal("kind_unknown", "请选择单位的种类。", {"kind": "不在选项里"})
    said = clean(name, NAME_LIMIT).strip()
    if not said:
        raise Refusal("name_wrong", f"请写单位的名称，最多 {NAME_LIMIT} 个字。", {"name": "必填"})
    known = Unit.get_or_none(Unit.community == community, Unit.name == said)
    if known is not None and known.left_at is None:
        raise Refusal("name_taken", "已经有这个单位了。", {"name": "重复"})
    codes = known_codes(community, categories)
    if known is None:
        row = Unit.create(community=community, kind=kind, name=said, categories=codes)
    else:
        row = known
        Unit.update(kind=kind, categories=codes, left_at=None, joined_at=now()).where(Unit.id == row.id).execute()
    audit.note("unit.join", actor=actor, community=community, subject=row.key, kind=kind)
    return Unit.get_by_id(row.id)


def serve(row: Unit, *, actor: Actor, categories: list[str]) -> Unit:
    """Say what it sees to. Raises Refusal `categories_unknown`."""
    need_here(row, actor)
    codes = known_codes(row.community, categories)
    Unit.update(categories=codes).where(Unit.id == row.id).execute()
    audit.note("unit.serve", actor=actor, community=row.community, subject=row.key, rows=len(codes))
    return Unit.get_by_id(row.id)


def leave(row: Unit, *, actor: Actor) -> Unit:
    """It leaves the alliance: nobody answers for it any more, what it was asked is dropped, and the desk is told."""
    need_here(row, actor)
    moment = now()
    if not Unit.update(left_at=moment).where(Unit.id == row.id, Unit.left_at.is_null()).execute():
        raise Conflict("这个单位已经退出了。", "state_forbids")
    waiting = list(Subcase.select().where(Subcase.unit == row, Subcase.state.in_(OPEN)))
    for one in waiting:
        one.unit = row
        subcase.drop(one, actor=None, note=f"{row.name}已经退出")
        case = one.case
        alert.give(
            "unit_left", place=row.community, case=case,
            words=f"{row.name}退出了，#{case.number} 请它办的一项已取消，请看是否另请单位。",
        )  # fmt: skip
    ends = UnitContact.ends_at
    UnitContact.update(ends_at=moment).where(UnitContact.unit == row, ends.is_null() | (ends > moment)).execute()
    audit.note("unit.leave", actor=actor, community=row.community, subject=row.key, rows=len(waiting))
    return Unit.get_by_id(row.id)


def add_contact(row: Unit, *, actor: Actor, person: Person) -> UnitContact:
    """Somebody answers for it from now on. Raises Refusal `contact_twice` or `unit_left`."""
    need_here(row, actor)
    if row.left_at is not None:
        raise Refusal("unit_left", "这个单位已经退出了。", {"unit": "已退出"})
    ends = UnitContact.ends_at
    in_force = ends.is_null() | (ends > now())
    if UnitContact.select().where(UnitContact.unit == row, UnitContact.person == person, in_force).exists():
        raise Refusal("contact_twice", "这个人已经是联系人了。", {"person": "重复"})
    found = UnitContact.create(unit=row, person=person)
    audit.note("unit.contact", actor=actor, community=row.community, subject=row.key, about=person)
    return found


def end_contact(row: Unit, *, actor: Actor, person: Person) -> None:
    """Somebody does not answer for it any more. Raises NotFound."""
    need_here(row, actor)
    ends = UnitContact.ends_at
    mine = (UnitContact.unit == row) & (UnitContact.person == person) & (ends.is_null() | (ends > now()))
    if not UnitContact.update(ends_at=now()).where(mine).execute():
        raise NotFound()
    audit.note("unit.contact_end", actor=actor, community=row.community, subject=row.key, about=person)


def known_codes(community: Place, categories: list[str]) -> list[str]:
    """The codes of categories, each once. Raises Refusal `categories_unknown`."""
    known = {code for (code,) in Category.select(Category.code).where(Category.community == community).tuples()}
    wanted = list(dict.fromkeys(categories))
    if not set(wanted) <= known:
        raise Refusal("categories_unknown", "请从本社区的类别里选。", {"categories": "不在列表里"})
    return wanted


def need_here(row: Unit, actor: Actor) -> None:
    """Raises NotFound for a unit that is not the actor's to look after."""
    if not may(actor, "unit.write", community=row.community):
        raise NotFound()
