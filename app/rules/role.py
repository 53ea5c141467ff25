"""Appointing: who becomes grid worker or community admin of a community, and when that ends."""

from app.rules import audit, rights
from app.rules.actor import Actor
from app.rules.refusal import Conflict, NotFound, Refusal
from models.base import now
from models.person import Person
from models.place import Grid, Place
from models.role import Role, holds_at

#: What the desk appoints; the levels above are appointed at founding.
APPOINTED = ("community_admin", "grid_worker")


def appoint(*, actor: Actor, person: Person, community: Place, kind: str, grid: Grid | None = None) -> Role:
    """Give somebody a part in a community from now on; a grid worker gets a grid of that community.

    Raises Refusal `role_unknown`, `own_role` or `grid_missing`, Conflict when the person holds it already.
    """
    rights.need(actor, "role.appoint", community=community)
    if kind not in APPOINTED:
        raise Refusal("role_unknown", "请选择社区管理员或网格员。", {"kind": "不在选项里"})
    if person.id == actor.person.id:
        raise Refusal("own_role", "不能任命自己，请由另一位上级管理员办理。", {"person": "不能是自己"})
    if kind == "grid_worker" and (grid is None or grid.community_id != community.id):
        raise Refusal("grid_missing", "请选择这位网格员负责的网格。", {"grid": "必选"})
    grid = grid if kind == "grid_worker" else None
    held = Role.select().where(
        Role.person == person, Role.place == community, Role.kind == kind, Role.grid == grid, holds_at(now())
    )
    if held.exists():
        raise Conflict("这位已经在这个岗位上了。")
    role = Role.create(person=person, place=community, kind=kind, grid=grid, appointed_by=actor.person)
    audit.note("role.appoint", actor=actor, community=community, subject=role.key, person=person.key, kind=kind)
    return role


def end(role: Role, *, actor: Actor) -> None:
    """End a part at once; the person's next request no longer has it.

    Raises Refusal `own_role`, Conflict when it has ended already.
    """
    rights.need(actor, "role.appoint", community=role.place)
    if role.kind not in APPOINTED:
        raise NotFound()
    if role.person_id == actor.person.id:
        raise Refusal("own_role", "不能免去自己的岗位，请由另一位上级管理员办理。")
    moment = now()
    if not Role.update(ends_at=moment).where(Role.id == role.id, holds_at(moment)).execute():
        raise Conflict("这个岗位已经结束了。")
    audit.note("role.end", actor=actor, community=role.place, subject=role.key, person=role.person.key, kind=role.kind)
