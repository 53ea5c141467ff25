"""Acting for one's family: staff confirm with both people before them, refuse, and end what stands."""

import peewee
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import age, delegation, reading
from app.rules.actor import Actor
from app.rules.refusal import NotFound, Refusal
from handlers.console import scope
from models.base import write
from models.delegation import Delegation
from models.person import Person, Residence
from models.place import Place

PAGE = 50


def rows(places: list[Place], *states: str) -> peewee.ModelSelect:
    """Delegations of these communities with both people and the community, the oldest first: one query."""
    agent, principal = Person.alias(), Person.alias()
    return (
        Delegation.select(Delegation, agent, principal, Place)
        .join(agent, on=(Delegation.agent == agent.id), attr="agent")
        .switch(Delegation)
        .join(principal, on=(Delegation.principal == principal.id), attr="principal")
        .switch(Delegation)
        .join(Place)
        .where(Delegation.state.in_(states), Delegation.community.in_([place.id for place in places]))
        .order_by(Delegation.id)
        .limit(PAGE)
    )


@at_desk("delegation.decide")
def index() -> str:
    """Who asks to act for whom, and who may."""
    return _page(actor())


def _page(who: Actor, problem: Refusal | None = None, at: str = "") -> str:
    places = scope.communities(who, "delegation.decide")
    picked = scope.chosen(places)
    asked, held = list(rows(picked, "asked")), list(rows(picked, "confirmed"))
    return render_template(
        "console/delegations.html", places=places, picked=picked, asked=asked, held=held, problem=problem, at=at,
        homes=_homes([row.principal_id for row in asked + held]), me=who.person, kinds=delegation.KINDS,
        relations=delegation.RELATIONS, ages=age.GROUPS,
    )  # fmt: skip


def _homes(people: list[int]) -> dict[int, str]:
    """Where the people live, or are said to live, by their ids: one query."""
    found = (
        Residence.select(Residence.person, Place.label)
        .join(Place)
        .where(Residence.person.in_(people), Residence.ended_at.is_null())
        .order_by(Residence.id)
    )
    return {row.person_id: row.household.label for row in found}


@at_desk("delegation.decide")
def decide(key: str) -> Response | tuple[str, int]:
    """Yes, with both present, or no."""
    row, answer = _find(key), request.form.get("answer")
    if answer not in ("yes", "no"):
        raise NotFound()
    try:
        with write():
            delegation.decide(
                row, actor=actor(), confirmed=answer == "yes", both_present=request.form.get("both_present") == "1"
            )
    except Refusal as refusal:
        if refusal.code not in ("own_request", "both_present_missing", "no_child", "lives_elsewhere"):
            raise
        return _page(actor(), refusal, row.key), 422
    return redirect(url_for("console.delegations"), 303)


@at_desk("delegation.decide")
def end(key: str) -> Response:
    """End it at once."""
    row = _find(key)
    with write():
        delegation.end(row, actor=actor())
    return redirect(url_for("console.delegations"), 303)


@at_desk("delegation.decide")
def reveal(key: str) -> str:
    """Both people with their names, numbers and doors, for a reason, shown in this answer and nowhere else."""
    row = _find(key)
    with write():
        both = delegation.reveal(row, actor=actor(), reason=request.form.get("reason", "")[:400])
    if both is None:
        raise reading.BudgetSpent()
    return render_template("console/delegation_people.html", both=both)


@at_desk("delegation.decide")
def correct_age() -> Response | tuple[str, int]:
    """Put right the age that somebody chose by mistake, with the person at the counter."""
    places = scope.communities(actor(), "delegation.decide")
    community = next((place for place in places if place.key == request.form.get("community")), None)
    if community is None:
        raise NotFound()
    try:
        with write():
            age.correct(
                request.form.get("person", "")[:32], request.form.get("group", ""), actor=actor(),
                community=community, reason=request.form.get("reason", "")[:400],
            )
    except Refusal as refusal:
        if refusal.code not in ("own_request", "person_unknown", "reason_missing", "age_unknown"):
            raise
        return _page(actor(), refusal, "age"), 422
    return redirect(url_for("console.delegations"), 303)


def _find(key: str) -> Delegation:
    """A delegation of one's communities. Raises NotFound for any other."""
    places = [place.id for place in scope.communities(actor(), "delegation.decide")]
    row = Delegation.get_or_none(Delegation.key == key, Delegation.community.in_(places))
    if row is None:
        raise NotFound()
    return row
