"""The table of rights: who may do what. API, console, chat commands and file links all ask it.

A row reads: action, and the parts that hold it. Parts towards a case ("reporter", "handler") and parts in a
community ("resident", "grid_worker", …) come from app.rules.actor. "anyone" needs no session; "guest" is any
signed-in person. A route or command that names an action which is not here fails the build (tests/test_doors.py).
"""

import peewee

from app.rules.actor import STAFF, Actor
from app.rules.refusal import Forbidden, NotFound
from models.case import Case
from models.person import Person
from models.place import Place

_STAFF = " ".join(sorted(STAFF))
#: Where a community has no admin, the level above acts for it.
_ADMINS = "community_admin subdistrict_admin district_admin"
#: Who is told the reporter's name; a worker goes to the place and needs the surname only.
_FULL_NAME = frozenset({"reporter", "community_admin", "subdistrict_admin"})


def _row(parts: str) -> frozenset[str]:
    return frozenset(parts.split())


RIGHTS: dict[str, frozenset[str]] = {
    # open to the world, guarded by their own proof (a signature, a code, a token)
    "health.read": _row("anyone"),
    "wechat.push": _row("anyone"),
    "session.open": _row("anyone"),
    "desk.signin": _row("anyone"),
    "desk.setup": _row("anyone"),
    "static.read": _row("anyone"),
    "spec.read": _row("anyone"),
    "file.read": _row("anyone"),
    # one's own
    "me.read": _row("guest"),
    "me.write": _row("guest"),
    "session.end": _row("guest"),
    "session.list": _row("guest"),
    "household.bind": _row("guest"),
    "photo.add": _row("guest"),
    "photo.read": _row(f"reporter handler {_STAFF}"),
    # the picker
    "place.read": _row("guest"),
    "category.read": _row("guest"),
    # what the law gives everybody over the own data
    "consent.text": _row("anyone"),
    "consent.read": _row("guest"),
    "consent.write": _row("guest"),
    "delegation.list": _row("guest"),
    "delegation.ask": _row("guest"),
    "delegation.end": _row("guest"),
    "delegation.decide": _row("community_admin grid_worker"),
    "me.export": _row("guest"),
    "me.erase": _row("guest"),
    "me.readers": _row("guest"),
    # the audit log
    "audit.head": _row("anyone"),
    "audit.read": _row("community_admin subdistrict_admin district_admin operator"),
    "audit.export": _row("community_admin subdistrict_admin district_admin"),
    # how one comes in
    "signin.password": _row("anyone"),
    "credential.write": _row(f"{_STAFF} operator"),
    # cases; "case.visit" opens the doors of one case, where each deed then asks its own right towards that case
    "case.visit": _row("guest"),
    "case.report": _row(f"guest resident {_STAFF}"),
    "case.list": _row("guest"),
    "case.read": _row(f"reporter handler {_STAFF}"),
    "case.note": _row("reporter handler community_admin"),
    "case.dispatch": _row(_ADMINS),
    "case.reject": _row(_ADMINS),
    "case.withdraw": _row("reporter"),
    "case.accept": _row("handler community_admin"),
    "case.return_back": _row("handler"),
    "case.make_safe": _row("handler"),
    "case.handle": _row("handler"),
    "case.confirm": _row("reporter"),
    "case.reopen": _row("reporter community_admin"),
    "case.see_reporter": _row("reporter handler community_admin subdistrict_admin"),
    "task.list": _row("grid_worker community_admin"),
    "worker.list": _row(_ADMINS),
    # talk
    "conversation.read": _row("guest"),
    "conversation.speak": _row("guest"),
    "conversation.answer": _row("community_admin"),
    "inbox.read": _row("community_admin"),
    # the desk
    "desk.read": _row(f"{_STAFF} operator"),
    "letter.read": _row("community_admin subdistrict_admin"),
    "letter.resend": _row("community_admin"),
    "residence.list": _row("community_admin grid_worker"),
    "residence.confirm": _row("community_admin grid_worker"),
    "household.code": _row("community_admin grid_worker"),
    "role.appoint": _row("subdistrict_admin district_admin operator"),
}


def may(actor: Actor, action: str, *, community: Place | None = None, case: Case | None = None) -> bool:
    """Whether the actor holds the right, towards a case, in a community, or (neither given) anywhere at all."""
    wanted = RIGHTS[action]
    if case is not None:
        return bool(wanted & actor.parts_for(case))
    if community is not None:
        return bool(wanted & actor.parts_in(community))
    return bool(wanted & ({"anyone", "guest"} | {role.kind for role in actor.roles}))


def need(actor: Actor, action: str, *, community: Place | None = None, case: Case | None = None) -> None:
    """Refuse unless the right is held: Forbidden, or NotFound for what the actor may not even see."""
    if may(actor, action, community=community, case=case):
        return
    if case is not None and not may(actor, "case.read", case=case):
        raise NotFound()
    raise Forbidden()


def reporter_for(actor: Actor, case: Case) -> Person | None:
    """The reporter as the actor may know this person: whole, with the surname only (张＊), or not at all."""
    if not may(actor, "case.see_reporter", case=case):
        return None
    known = case.reporter
    if _FULL_NAME & actor.parts_for(case):
        return known
    return Person(id=known.id, key=known.key, name=known.name[:1] + "＊" * (len(known.name) - 1), phone=known.phone)


def readable_cases(actor: Actor) -> peewee.Expression:
    """`case.read` as a condition for lists: own reports and tasks, those of one's grids, all below a wider role.

    What is about oneself is not among them, but for one's own report.
    """
    on_duty = [role.place_id for role in actor.roles if role.kind in STAFF]
    wide = [role.place_id for role in actor.roles if role.kind in STAFF - {"grid_worker"}]
    own = Case.reporter == actor.person
    if not on_duty:
        return own
    there = (Case.handler == actor.person) & Case.community.in_(_communities_below(on_duty))
    there |= Case.grid.in_(list(actor.grids()))
    if wide:
        there |= Case.community.in_(_communities_below(wide))
    return own | there & (Case.about.is_null() | (Case.about != actor.person))


def _communities_below(places: list[int]) -> peewee.ModelSelect:
    """The communities that are, or lie in, these places."""
    parent = Place.alias()
    return (
        Place.select(Place.id)
        .join(parent, on=(Place.parent == parent.id))
        .where(Place.kind == "community", Place.id.in_(places) | parent.id.in_(places) | parent.parent.in_(places))
    )
