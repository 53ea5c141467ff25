"""创城专班: the team of a compound, its four rules with what is so now, and how to join and leave."""

from typing import Literal

import peewee
from pydantic import Field

from app.guard import actor, signed_in
from app.rules import rights, task_force
from app.rules.refusal import NotFound
from handlers.api import task_force_shapes as shapes
from handlers.api.blueprint import api, named, the
from handlers.api.often import often
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, MaybeOnce, Once
from handlers.api.shapes import PlaceOut
from models.place import Place
from models.task_force import TaskForce, TaskForceMember
from models.unit import Unit

#: More teams than a community has compounds.
MOST = 200
As = Literal[*task_force.ASKED_AS, "community"]  # type: ignore[valid-type]  # known at run time, from the table


class ForceIn(Body):
    compound: Key
    name: str = Field(default="", max_length=task_force.NAME, description="Else that of the compound.")


class JoinIn(Body):
    kind: As = Field(description="party_member, enthusiast or volunteer for residents; community for its admins.")


class UnitIn(Body):
    unit: Key = Field(description="A key of GET /communities/{key}/units.")


class DecideIn(Body):
    admitted: bool


@api.get("/communities/<key>/task_forces")
@named("listTaskForces")
@signed_in("task_force.read")
@api.output(shapes.TaskForcesOut)
def list_task_forces(key: str):
    """The teams of a community, by compound"""
    community, who = _community(key), actor()
    admin = rights.may(who, task_force.WRITE, community=community)
    rows = TaskForce.select(TaskForce, Place).join(Place, on=(TaskForce.compound == Place.id), attr="compound").where(
        TaskForce.community == community, *([] if admin else [TaskForce.ended_at.is_null()])
    )  # fmt: skip
    found = list(rows.order_by(TaskForce.ended_at.is_null(False), Place.id, TaskForce.id.desc()).limit(MOST))
    for row in found:
        row.community = community
    there = TaskForceMember.task_force.in_(found) & TaskForceMember.left_at.is_null()
    count = peewee.fn.COUNT(TaskForceMember.id)
    many = TaskForceMember.select(TaskForceMember.task_force, count).where(there, TaskForceMember.state == "joined")
    members = dict(many.group_by(TaskForceMember.task_force).tuples())
    mine = {one.task_force_id: one
            for one in TaskForceMember.select().where(there, TaskForceMember.person == who.person)}  # fmt: skip
    return {
        "task_forces": [
            shapes.TaskForceBrief(**shapes.brief(row, int(members.get(row.id, 0)), mine.get(row.id), who))
            for row in found
        ],
        "free": [PlaceOut.of(place) for place in _free(community, found)] if admin else [],
    }


def _free(community: Place, teams: list[TaskForce]) -> list[Place]:
    taken = [row.compound_id for row in teams if row.ended_at is None]
    rows = Place.select().where(Place.community == community, Place.kind == "compound", Place.active)
    return list(rows.where(Place.id.not_in(taken)).order_by(Place.id).limit(MOST))


@api.get("/task_forces/<key>")
@named("readTaskForce")
@signed_in("task_force.read")
@api.output(shapes.TaskForceOut)
def read_task_force(key: str):
    """One team: the four working rules with live facts, its members, and what one may do"""
    return shapes.whole(_team(key), actor())


@api.post("/communities/<key>/task_forces")
@named("createTaskForce")
@signed_in("task_force.write")
@api.input(Once, location="headers", arg_name="once")
@api.input(ForceIn, arg_name="body")
@api.output(shapes.TaskForceOut, 201)
def create_task_force(key: str, once: Once, body: ForceIn):
    """Set up the team of a compound that has none"""

    def deed() -> shapes.TaskForceOut:
        community, compound = _community(key), the(Place, body.compound)
        if compound.community_id != community.id:
            raise NotFound()
        return shapes.whole(task_force.create(compound, actor=actor(), name=body.name), actor())

    return answer_once(once, body, deed, 201, limit=lambda: often("lines", None))


@api.post("/task_forces/<key>/end")
@named("endTaskForce")
@signed_in("task_force.write")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.output(shapes.TaskForceOut)
def end_task_force(key: str, once: MaybeOnce):
    """The team's work is done; it stays in the records"""
    return _act(key, once, b"", lambda row: task_force.end(row, actor=actor()))


@api.post("/task_forces/<key>/join")
@named("joinTaskForce")
@signed_in("task_force.read")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(JoinIn, arg_name="body")
@api.output(shapes.TaskForceOut)
def join_task_force(key: str, once: MaybeOnce, body: JoinIn):
    """Ask to join; the community says yes or no

    For residents of the community; one of its admins joins at once, as the community.
    """
    return _act(key, once, body, lambda row: task_force.ask(row, actor=actor(), kind=body.kind))


@api.post("/task_forces/<key>/leave")
@named("leaveTaskForce")
@signed_in("task_force.read")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.output(shapes.TaskForceOut)
def leave_task_force(key: str, once: MaybeOnce):
    """Leave, or take the own request back; at any time"""
    return _act(key, once, b"", lambda row: task_force.leave(row, actor=actor()))


@api.post("/task_forces/<key>/units")
@named("addUnitToTaskForce")
@signed_in("task_force.write")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(UnitIn, arg_name="body")
@api.output(shapes.TaskForceOut)
def add_unit(key: str, once: MaybeOnce, body: UnitIn):
    """Add a unit of the community as 分包单位"""
    return _act(key, once, body, lambda row: task_force.add_unit(row, actor=actor(), unit=the(Unit, body.unit)))


@api.post("/task_forces/<key>/members/<member_key>")
@named("decideOnTaskForceMember")
@signed_in("task_force.write")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(DecideIn, arg_name="body")
@api.output(shapes.TaskForceOut)
def decide_on_member(key: str, member_key: str, once: MaybeOnce, body: DecideIn):
    """Admit or refuse who asked to join; `admitted` false also lets a unit go"""

    def deed(row: TaskForce) -> None:
        member = the(TaskForceMember, member_key)
        if member.task_force_id != row.id:
            raise NotFound()
        if member.unit_id is not None and not body.admitted:
            task_force.remove_unit(member, actor=actor())
        else:
            task_force.decide(member, actor=actor(), admitted=body.admitted)

    return _act(key, once, body, deed)


def _act(key: str, once: MaybeOnce, body: Body | bytes, deed):
    def act() -> shapes.TaskForceOut:
        row = _team(key)
        deed(row)
        return shapes.whole(_team(key), actor())

    return answer_once(once, body, act, limit=lambda: often("lines", None))


def _team(key: str) -> TaskForce:
    """The team of that key, if it is of a community of one's own. Raises NotFound."""
    row = the(TaskForce, key)
    if not rights.may(actor(), task_force.READ, community=row.community):
        raise NotFound()
    return row


def _community(key: str) -> Place:
    community = the(Place, key)
    if community.kind != "community" or not rights.may(actor(), task_force.READ, community=community):
        raise NotFound()
    return community


