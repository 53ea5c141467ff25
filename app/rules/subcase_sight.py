"""Who has a part in a subcase, who may read it, and which of them one finds in lists."""

from datetime import datetime

import peewee

from app.rules import crew, rights
from app.rules.actor import HANDLERS, Actor
from app.rules.refusal import NotFound
from app.rules.setting import keep
from models.base import now
from models.case import Case, Photo
from models.category import Category
from models.lifecycle import SUBCASE, verbs_for
from models.person import Person
from models.place import Place
from models.subcase import Subcase, SubcasePhoto
from models.unit import Unit, UnitContact
from models.whistle import Whistle

#: In which something is still to be done.
OPEN = ("asked", "accepted", "refused", "arrived")
#: Amendments: they change a subcase without moving it.
AMENDS = {"plan": ("accepted", "arrived")}
Community = Place.alias()


def rows() -> "peewee.ModelSelect[Subcase]":
    """Subcases with their case, category, place, community, unit, colleague and whistle: one query."""
    return (
        Subcase.select(Subcase, Case, Category, Place, Community, Unit, Person, Whistle)
        .join(Case)
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case)
        .join(Place, peewee.JOIN.LEFT_OUTER, on=(Case.place == Place.id), attr="place")
        .switch(Case)
        .join(Community, on=(Case.community == Community.id), attr="community")
        .switch(Subcase)
        .join(Unit, peewee.JOIN.LEFT_OUTER)
        .switch(Subcase)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(Subcase.worker == Person.id), attr="worker")
        .switch(Subcase)
        .join(Whistle, peewee.JOIN.LEFT_OUTER, on=(Subcase.whistle == Whistle.id), attr="whistle")
    )


def find(actor: Actor, key: str) -> Subcase:
    """The subcase of that key, if this person has a part in it or may read it. Raises NotFound."""
    found = rows().where(Subcase.key == key).first()
    if found is None or not may_read(found, actor):
        raise NotFound()
    return found


def is_called(subcase: Subcase) -> bool:
    """Whether whoever answers for it was told: a call has its deadline once its whistle is blown, and not before."""
    return subcase.whistle_id is None or subcase.due_at is not None


def parts_for(subcase: Subcase, actor: Actor) -> frozenset[str]:
    """The parts as models.lifecycle.SUBCASE names them: unit, worker, community_admin, arbiter.

    Whom the case complains about has none. The arbiter is the street; where it has nobody, the community.
    """
    case = subcase.case
    if actor.is_party(case):
        return frozenset()
    held, found = actor.parts_for(case), set()
    if subcase.unit_id is not None and subcase.unit_id in actor.units and is_called(subcase):
        found.add("unit")
    of_handler = subcase.kind == "safety_action" and subcase.worker_id is None and "handler" in held
    mine = subcase.worker_id == actor.person.id and bool(HANDLERS & actor.parts_in(case.community))
    if of_handler or mine:
        found.add("worker")
    if "community_admin" in held:
        found.add("community_admin")
    # Only an objection has an arbiter: for anything else nobody is looked up.
    if subcase.state == "refused" and (
        "subdistrict_admin" in held or ("community_admin" in held and not _has_street(case))
    ):
        found.add("arbiter")
    return frozenset(found)


def _street_of(case: Case) -> list[Person]:
    """Who decides for the street above a case."""
    parties = crew.parties_of(case)
    return [one for one in crew.holding(["subdistrict_admin"], case.community) if one.id not in parties]


def _has_street(case: Case) -> bool:
    """Whether anybody decides for the street; for lists a few seconds old, so that each row asks nothing."""
    here = keep(("street", case.community_id), lambda: [
        one.id for one in crew.holding(["subdistrict_admin"], case.community)
    ])  # fmt: skip
    return bool(here) and bool(set(here) - crew.parties_of(case))


def arbiters_of(subcase: Subcase) -> list[Person]:
    """Who decides about an objection: the street, or where it has nobody the community."""
    return _street_of(subcase.case) or crew.deciders_of(subcase.case)


def is_late(subcase: Subcase, moment: datetime) -> bool:
    """Whether it was not met by its deadline: a call by reporting in, anything else by being done.

    An objection stops its time, and so does its end.
    """
    met = subcase.arrived_at or subcase.done_at if subcase.kind == "call" else subcase.done_at
    if met is None and subcase.state in ("refused", "dropped"):
        met = subcase.updated_at
    return is_called(subcase) and subcase.due_at is not None and (met or moment) > subcase.due_at


def may_read(subcase: Subcase, actor: Actor) -> bool:
    """Whether somebody has a part in it, or the right in its case."""
    return bool(parts_for(subcase, actor)) or rights.may(actor, "subcase.read", case=subcase.case)


def buttons(subcase: Subcase, actor: Actor) -> list[str]:
    """What this person may say to it now, in the order of the table; what was decided is not refused again.

    A safety action is met by the case itself ("现场已安全"): it has no buttons of its own.
    """
    if subcase.kind == "safety_action":
        return []
    parts = parts_for(subcase, actor)
    if not is_called(subcase):
        return []
    found = [one for one in verbs_for(SUBCASE, subcase.state, set(parts)) if one != "refuse" or not subcase.fixed]
    if subcase.state in AMENDS["plan"] and parts & {"unit", "worker", "community_admin"}:
        found.append("plan")
    if rateable(subcase, parts):
        found.append("rate")
    return found


def rateable(subcase: Subcase, parts: frozenset[str]) -> bool:
    """Whether one of these parts may rate the other side: what a unit did, or how a call was."""
    if subcase.unit_id is None or not (subcase.done_at or subcase.arrived_at or subcase.state == "dropped"):
        return False
    if "unit" in parts:
        return subcase.call_rating is None and subcase.state != "dropped"
    return "community_admin" in parts and subcase.unit_rating is None


def mine(actor: Actor) -> peewee.Expression:
    """The condition on `rows()` that the actor answers for it, as a contact of the unit or as the colleague."""
    called = Subcase.whistle.is_null() | Subcase.due_at.is_null(False)
    own = Subcase.worker == actor.person
    if actor.units:
        own |= Subcase.unit.in_(list(actor.units)) & called
    return own & rights.not_about(actor)


def contacts_of(unit: Unit) -> list[Person]:
    """Who answers for a unit now."""
    ends = UnitContact.ends_at
    in_force = (UnitContact.starts_at <= now()) & (ends.is_null() | (ends > now()))
    query = Person.select().join(UnitContact, on=(UnitContact.person == Person.id))
    return list(query.where(UnitContact.unit == unit, in_force, Person.erased_at.is_null()).order_by(UnitContact.id))


def shows(actor: Actor, photo: Photo) -> bool:
    """Whether a photo of a case may be looked at by whoever answers for one of its subcases, or took it for one.

    Not what the platform found unfit, and nothing of a subcase that was called off or ended long ago.
    """
    if photo.case_id is None or photo.verdict == "risky" or actor.is_party(photo.case):
        return False
    units = list(actor.units) or [0]
    own = (Subcase.worker == actor.person) | Subcase.unit.in_(units) | (Unit.face == actor.person)
    query = (
        Subcase.select().join(Unit, peewee.JOIN.LEFT_OUTER)
        .where(Subcase.case == photo.case_id, Subcase.state.in_((*OPEN, "done")), own)
        .where(Subcase.whistle.is_null() | Subcase.due_at.is_null(False))
    )  # fmt: skip
    if photo.case.about_unit_id is not None:
        query = query.where(Subcase.unit.is_null() | (Subcase.unit != photo.case.about_unit_id))
    return query.exists()


def photos_of(subcase: Subcase) -> list[Photo]:
    """The photos that were added in a subcase."""
    query = Photo.select().join(SubcasePhoto).where(SubcasePhoto.subcase == subcase)
    return list(query.order_by(Photo.id))
