"""Appointing: who gets a part in a community, subdistrict or district, and when that ends.

Somebody of the level above appoints; the first operator comes with the setup code (app.rules.session).
"""

from app.rules import audit, rights
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.base import now
from models.person import Person
from models.place import Grid, Place
from models.role import Role, holds_at

#: The part that goes with the desk of each kind of place.
ADMINS = {
    "community": "community_admin", "subdistrict": "subdistrict_admin", "township": "subdistrict_admin",
    "district": "district_admin",
}  # fmt: skip
_TOP = frozenset({"district_admin", "operator"})
#: What the desk appoints, and the parts above that may.
APPOINTED = {
    "grid_worker": _TOP | {"subdistrict_admin"}, "community_admin": _TOP | {"subdistrict_admin"},
    "subdistrict_admin": _TOP, "district_admin": _TOP,
}  # fmt: skip


def may_appoint(actor: Actor, kind: str, place: Place) -> bool:
    """Whether the actor may give and end this part in this place."""
    return rights.may(actor, "role.appoint", community=place) and bool(APPOINTED[kind] & actor.parts_in(place))


def appoint(*, actor: Actor, person: Person, place: Place, kind: str, grid: Grid | None = None) -> Role:
    """Give somebody a part in a place from now on; a grid worker gets a grid of that community.

    Raises Refusal `role_unknown`, `own_role` or `grid_missing`, Forbidden, Conflict when the person holds it already.
    """
    rights.need(actor, "role.appoint", community=place)
    if kind not in (ADMINS.get(place.kind), "grid_worker"):
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
    role = Role.create(person=person, place=place, kind=kind, grid=grid, appointed_by=actor.person)
    audit.note("role.appoint", actor=actor, community=place, subject=role.key, person=person.key, kind=kind)
    return role


def end(role: Role, *, actor: Actor) -> None:
    """End a part at once; the person's next request no longer has it.

    Raises Refusal `own_role`, Forbidden, Conflict when it has ended already.
    """
    rights.need(actor, "role.appoint", community=role.place)
    if role.kind not in APPOINTED:
        raise NotFound()
    if not may_appoint(actor, role.kind, role.place):
        raise Forbidden()
    if role.person_id == actor.person.id:
        raise Refusal("own_role", "不能免去自己的岗位，请由另一位上级管理员办理。")
    moment = now()
    if not Role.update(ends_at=moment).where(Role.id == role.id, holds_at(moment)).execute():
        raise Conflict("这个岗位已经结束了。")
    audit.note("role.end", actor=actor, community=role.place, subject=role.key, person=role.person.key, kind=role.kind)
