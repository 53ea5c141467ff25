"""创城专班 at the desk: set one up, admit who asked to join, add units, look at the four rules with what is so now."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import rights, task_force, task_force_facts
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.task_force import READ, WRITE
from handlers.console import scope
from models.base import write
from models.place import Place
from models.task_force import KINDS, TaskForce, TaskForceMember
from models.unit import Unit

#: More teams than a community has compounds.
MOST = 200


@at_desk("task_force.read")
def index() -> str:
    """The teams of one's communities."""
    return _index()


def _index(problem: Refusal | None = None) -> str:
    places = scope.communities(actor(), READ)
    picked = scope.chosen(places)
    compound, community = Place.alias(), Place.alias()
    rows = (
        TaskForce.select(TaskForce, compound, community)
        .join(compound, on=(TaskForce.compound == compound.id), attr="compound")
        .switch(TaskForce)
        .join(community, on=(TaskForce.community == community.id), attr="community")
        .where(TaskForce.community.in_(picked))
        .order_by(TaskForce.ended_at.is_null(False), compound.id, TaskForce.id.desc())
        .limit(MOST)
    )
    found = list(rows)
    writable = [place for place in picked if rights.may(actor(), WRITE, community=place)]
    taken = [row.compound_id for row in found if row.ended_at is None]
    free = Place.select().where(
        Place.community.in_(writable), Place.kind == "compound", Place.active, Place.id.not_in(taken)
    )
    waiting = TaskForceMember.select(TaskForceMember.task_force).where(
        TaskForceMember.task_force.in_(found), TaskForceMember.state == "asked", TaskForceMember.left_at.is_null()
    )
    asked = [row.task_force_id for row in waiting]
    return render_template(
        "console/task_forces.html", places=places, picked=picked, rows=found, free=list(free.order_by(Place.id)),
        waiting={row.id: asked.count(row.id) for row in found}, writable=writable, problem=problem,
    )  # fmt: skip


@at_desk("task_force.read")
def show(key: str) -> str:
    """One team: its four rules with what is so now, and its members."""
    return _show(_find(key))


def _show(row: TaskForce, problem: Refusal | None = None) -> str:
    who = actor()
    facts = task_force_facts.facts(row, actor=who)
    people = task_force_facts.members(row, actor=who)
    may_write = row.ended_at is None and rights.may(who, WRITE, community=row.community)
    there = [member.unit_id for member, _ in people if member.unit_id]
    units = Unit.select().where(Unit.community == row.community, Unit.left_at.is_null(), Unit.id.not_in(there))
    return render_template(
        "console/task_force.html", row=row, facts=facts, rules=task_force_facts.RULES,
        texts=task_force_facts.texts(facts), people=people, kinds=KINDS, states=task_force.STATES, may_write=may_write,
        mine=any(member.person_id == who.person.id for member, _ in people), problem=problem,
        units=list(units.order_by(Unit.name)) if may_write else [],
        readable={case.id for case in (*facts.difficult, *facts.done_there)
                  if rights.may(who, "case.read", case=case)},
    )  # fmt: skip


def _find(key: str) -> TaskForce:
    row = TaskForce.get_or_none(TaskForce.key == key)
    if row is None or not rights.may(actor(), READ, community=row.community):
        raise NotFound()
    return row


@at_desk("task_force.write")
def create() -> Response | tuple[str, int]:
    """Set up the team of a compound."""
    compound = Place.get_or_none(Place.key == request.form.get("compound", "")[:32])
    try:
        with write():
            if compound is None:
                raise Refusal("compound_missing", "请选择小区。", {"compound": "请选择"})
            row = task_force.create(compound, actor=actor(), name=request.form.get("name", ""))
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return _index(refusal), 409 if isinstance(refusal, Conflict) else 422
    return redirect(url_for("console.task_force", key=row.key), 303)


@at_desk("task_force.write")
def end(key: str) -> Response | tuple[str, int]:
    """The work is done."""
    return _act(key, lambda row: task_force.end(row, actor=actor()))


@at_desk("task_force.write")
def join(key: str) -> Response | tuple[str, int]:
    """One of the community joins as the community, or leaves."""
    if request.form.get("leave"):
        return _act(key, lambda row: task_force.leave(row, actor=actor()))
    return _act(key, lambda row: task_force.ask(row, actor=actor(), kind="community"))


@at_desk("task_force.write")
def add_unit(key: str) -> Response | tuple[str, int]:
    """Add a unit as 分包单位."""
    unit = Unit.get_or_none(Unit.key == request.form.get("unit", "")[:32])
    if unit is None:
        raise NotFound()
    return _act(key, lambda row: task_force.add_unit(row, actor=actor(), unit=unit))


@at_desk("task_force.write")
def decide(key: str, member_key: str) -> Response | tuple[str, int]:
    """Admit or refuse who asked; let a unit go."""
    member = TaskForceMember.get_or_none(TaskForceMember.key == member_key)
    answer = request.form.get("answer")

    def deed(row: TaskForce) -> None:
        if member is None or member.task_force_id != row.id or answer not in ("yes", "no", "remove"):
            raise NotFound()
        if answer == "remove":
            task_force.remove_unit(member, actor=actor())
        else:
            task_force.decide(member, actor=actor(), admitted=answer == "yes")

    return _act(key, deed)


def _act(key: str, deed: Callable[[TaskForce], object]) -> Response | tuple[str, int]:
    row = _find(key)
    rights.need(actor(), WRITE, community=row.community)
    try:
        with write():
            deed(row)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return _show(_find(key), refusal), 409 if isinstance(refusal, Conflict) else 422
    return redirect(url_for("console.task_force", key=key), 303)
