"""Appointing: who gets a part in a building, community, subdistrict or district, and when that ends.

Whoever may appoint stands in the matrix; which acts ask for a second person, too (app.rules.approval calls `appoint`
then). The first operator comes with the setup code (app.rules.session).
"""

from app.rules import alert, audit, rights
from app.rules import session as sessions
from app.rules.actor import Actor, actor_of
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.base import now
from models.person import Person
from models.place import Grid, Place
from models.role import ROLES, Role, holds_at

#: The part that goes with the desk of each kind of place.
ADMINS = {
    "community": "community_admin", "subdistrict": "subdistrict_admin", "township": "subdistrict_admin",
    "district": "district_admin",
}  # fmt: skip
#: What is appointed inside a community, and in which kind of place.
INSIDE = {"grid_worker": "community", "building_head": "building", "volunteer": "community", "mediator": "community"}
_TOP = frozenset({"district_admin", "operator"})
#: Who appoints an administrator: somebody above, never an equal.
ABOVE = {
    "community_admin": _TOP | {"subdistrict_admin"}, "subdistrict_admin": _TOP, "district_admin": _TOP,
}  # fmt: skip
APPOINTED = (*INSIDE, *ABOVE)


def action_of(kind: str) -> str:
    """The row of the matrix that appointing and ending a part asks for."""
    return "role.appoint" if kind in INSIDE else "role.appoint_admin"


def may_appoint(actor: Actor, kind: str, place: Place) -> bool:
    """Whether the actor may give (perhaps with a second person) and end this part in this place."""
    parts = actor.parts_over(place)
    above = kind in INSIDE or bool(ABOVE[kind] & parts)
    return above and bool(parts & rights.holders(action_of(kind)))


def check(*, actor: Actor, person: Person, place: Place, kind: str, grid: Grid | None = None) -> Grid | None:
    """Whether somebody can be given a part; the grid of a worker, None for every other part.

    Raises Refusal `role_unknown`, `own_role` or `grid_missing`, Forbidden, Conflict when the person holds it already.
    """
    if kind not in (ADMINS.get(place.kind), *(one for one, there in INSIDE.items() if there == place.kind)):
        raise Refusal("role_unknown", "请选择这个地方有的岗位。", {"kind": "不在选项里"})
    if not may_appoint(actor, kind, place):
        raise Forbidden()
    if person.id == actor.person.id:
        raise Refusal("own_role", "不能任命自己，请由另一位上级管理员办理。", {"person": "不能是自己"})
    if kind == "grid_worker" and (grid is None or grid.community_id != place.id):
        raise Refusal("grid_missing", "请选择这位网格员负责的网格。", {"grid": "必选"})
    grid = grid if kind == "grid_worker" else None
    held = Role.select().where(
        Role.person == person, Role.place == place, Role.kind == kind, Role.grid == grid, holds_at(now())
    )
    if held.exists():
        raise Conflict("这位已经在这个岗位上了。")
    return grid


def appoint(*, actor: Actor, person: Person, place: Place, kind: str, grid: Grid | None = None) -> Role:
    """Give somebody a part in a place from now on; a grid worker gets a grid of that community. Raises as `check`."""
    grid = check(actor=actor, person=person, place=place, kind=kind, grid=grid)
    role = Role.create(person=person, place=place, kind=kind, grid=grid, appointed_by=actor.person)
    sessions.rotate_desk_sessions(person)
    audit.note(
        "role.appoint", actor=actor, community=place, subject=role.key, about=person, after={"kind": kind},
        person=person.key,
    )  # fmt: skip
    return role


def end(role: Role, *, actor: Actor) -> None:
    """End a part at once; the person's next request no longer has it, and without any part the desk is shut.

    One person does it, for a part that is misused must end now; those who answer for the place are alerted.

    Raises Refusal `own_role`, Forbidden, NotFound, Conflict when it has ended already.
    """
    if role.kind not in APPOINTED:
        raise NotFound()
    if not may_appoint(actor, role.kind, role.place):
        raise Forbidden()
    if role.person_id == actor.person.id:
        raise Refusal("own_role", "不能免去自己的岗位，请由另一位上级管理员办理。")
    moment = now()
    if not Role.update(ends_at=moment).where(Role.id == role.id, holds_at(moment)).execute():
        raise Conflict("这个岗位已经结束了。")
    if not rights.may(actor_of(role.person), "desk.read"):
        sessions.end_desk_sessions(role.person, actor=actor)
    audit.note(
        "role.end", actor=actor, community=role.place, subject=role.key, about=role.person,
        before={"kind": role.kind}, person=role.person.key,
    )  # fmt: skip
    words = f"{role.person.name or '一位同志'} 不再是{role.place.name}的{ROLES[role.kind]}，请核实是否应当。"
    alert.give("role_ended", place=role.place.community or role.place, words=words, person=actor.person)
