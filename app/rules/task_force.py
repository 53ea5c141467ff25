"""创城专班: one team for each compound, of five kinds of members, and the four rules it works by (M09, M10).

A resident asks to join and the community says yes or no; whoever joined leaves at any time. A team is never a list of
people put down by somebody else: only a unit is added by the community, as its 分包单位.
"""

from app.rules import audit, rights
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.words import clean
from models.base import database, now
from models.place import Place
from models.task_force import KINDS, TaskForce, TaskForceMember
from models.unit import Unit

READ, JOIN, WRITE = "task_force.read", "task_force.join", "task_force.write"
NAME = 40
#: As what a resident may ask to join.
ASKED_AS = ("party_member", "enthusiast", "volunteer")
#: A member's states, with the words for them.
STATES = {"asked": "等社区确认", "joined": "成员", "refused": "社区没有同意", "left": "已退出"}


def create(compound: Place, *, actor: Actor, name: str = "") -> TaskForce:
    """Set up the team of a compound. Raises NotFound, Forbidden, Refusal `name_invalid`, Conflict when it has one."""
    if compound.kind != "compound" or not compound.active or not rights.may(actor, READ, community=compound.community):
        raise NotFound()
    rights.need(actor, WRITE, community=compound.community)
    name = " ".join(clean(name, NAME + 1).split()) or f"{compound.name}创城专班"
    if len(name) > NAME:
        raise Refusal("name_invalid", f"名称最多 {NAME} 个字。", {"name": "太长了"})
    _hold(compound)
    if active_of(compound) is not None:
        raise Conflict(f"{compound.name}已经有专班了。")
    row = TaskForce.create(community=compound.community, compound=compound, name=name, created_by=actor.person)
    audit.note("task_force.create", actor=actor, community=row.community, subject=row.key, compound=compound.key)
    return row


def _hold(compound: Place) -> None:
    """Let nobody else set up a team of this compound until the end of the transaction; SQLite has one writer anyway."""
    if not database.obj.is_sqlite:
        Place.select(Place.id).where(Place.id == compound.id).for_update().get()


def active_of(compound: Place) -> TaskForce | None:
    """The team of a compound that is at work."""
    return TaskForce.get_or_none(TaskForce.compound == compound, TaskForce.ended_at.is_null())


def end(row: TaskForce, *, actor: Actor) -> None:
    """The work is done; the team stays in the records. Raises Forbidden, Conflict when it has ended."""
    rights.need(actor, WRITE, community=row.community)
    ended = TaskForce.update(ended_at=now()).where(TaskForce.id == row.id, TaskForce.ended_at.is_null())
    if not ended.execute():
        raise Conflict("这个专班已经结束了。")
    audit.note("task_force.end", actor=actor, community=row.community, subject=row.key)


def ask(row: TaskForce, *, actor: Actor, kind: str) -> TaskForceMember:
    """A resident asks to join, as one of ASKED_AS; an admin joins at once as the community.

    Raises Forbidden for who does not live there, Refusal `kind_unknown`, Conflict when one has asked or joined already,
    or the team has ended.
    """
    admin = rights.may(actor, WRITE, community=row.community)
    if not admin:
        rights.need(actor, JOIN, community=row.community)
    if kind not in ASKED_AS and not (admin and kind == "community"):
        raise Refusal("kind_unknown", "请选择以什么身份参加。", {"kind": "不在可选的范围里"})
    if kind in ASKED_AS and not rights.may(actor, JOIN, community=row.community):
        raise Forbidden("住在本社区的居民才能这样参加。")
    _need_at_work(row)
    if membership(row, actor) is not None:
        raise Conflict("您已经报过名了。")
    joined = {"state": "joined", "joined_at": now()} if kind == "community" else {}
    member = TaskForceMember.create(task_force=row, kind=kind, person=actor.person, **joined)
    audit.note("task_force.join", actor=actor, community=row.community, subject=row.key, kind=kind)
    return member


def add_unit(row: TaskForce, *, actor: Actor, unit: Unit) -> TaskForceMember:
    """Add a unit of the community as 分包单位. Raises Forbidden, NotFound for another's unit, Conflict, as `ask`."""
    rights.need(actor, WRITE, community=row.community)
    if unit.community_id != row.community_id or unit.left_at is not None:
        raise NotFound()
    _need_at_work(row)
    there = TaskForceMember.task_force == row, TaskForceMember.unit == unit, TaskForceMember.left_at.is_null()
    if TaskForceMember.select().where(*there).exists():
        raise Conflict(f"“{unit.name}”已经在专班里了。")
    member = TaskForceMember.create(
        task_force=row, kind="assigned_unit", unit=unit, state="joined", joined_at=now()
    )
    audit.note("task_force.add_unit", actor=actor, community=row.community, subject=row.key, unit=unit.key)
    return member


def decide(member: TaskForceMember, *, actor: Actor, admitted: bool) -> None:
    """The community says yes or no to who asked. Raises Forbidden, Conflict when that was done or taken back."""
    row = member.task_force
    rights.need(actor, WRITE, community=row.community)
    if member.person_id == actor.person.id:
        raise Refusal("own_request", "不能确认自己的申请，请让另一位工作人员确认。")
    moment = now()
    values = {"state": "joined", "joined_at": moment} if admitted else {"state": "refused", "left_at": moment}
    waits = (TaskForceMember.id == member.id) & (TaskForceMember.state == "asked") & TaskForceMember.left_at.is_null()
    if not TaskForceMember.update(**values).where(waits).execute():
        raise Conflict("这份申请已经处理过，或已撤回。")
    audit.note(
        "task_force.decide", actor=actor, community=row.community, subject=row.key, about=member.person,
        after={"state": values["state"]},
    )  # fmt: skip


def leave(row: TaskForce, *, actor: Actor) -> None:
    """Leave, or take the own request back; at any time. Raises Conflict for who is no member."""
    gone = TaskForceMember.update(state="left", left_at=now()).where(
        TaskForceMember.task_force == row, TaskForceMember.person == actor.person, TaskForceMember.left_at.is_null()
    )
    if not gone.execute():
        raise Conflict("您不在这个专班里。")
    audit.note("task_force.leave", actor=actor, community=row.community, subject=row.key)


def remove_unit(member: TaskForceMember, *, actor: Actor) -> None:
    """A unit does not take part any more. Raises Forbidden, NotFound for a person, who leaves by oneself, Conflict."""
    rights.need(actor, WRITE, community=member.task_force.community)
    if member.unit_id is None:
        raise NotFound()
    gone = TaskForceMember.update(state="left", left_at=now()).where(
        TaskForceMember.id == member.id, TaskForceMember.left_at.is_null()
    )
    if not gone.execute():
        raise Conflict("它已经不在专班里了。")
    audit.note(
        "task_force.remove_unit", actor=actor, community=member.task_force.community, subject=member.task_force.key
    )


def membership(row: TaskForce, actor: Actor) -> TaskForceMember | None:
    """The actor's own place in a team, asked for or joined."""
    return TaskForceMember.get_or_none(
        TaskForceMember.task_force == row, TaskForceMember.person == actor.person, TaskForceMember.left_at.is_null()
    )


def _need_at_work(row: TaskForce) -> None:
    if row.ended_at is not None:
        raise Conflict("这个专班已经结束了。")


__all__ = [
    "ASKED_AS", "KINDS", "STATES", "active_of", "add_unit", "ask", "create", "decide", "end", "leave", "membership",
    "remove_unit",
]  # fmt: skip
