"""Residence requests: who says to live where, and the staff's yes or no."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import approval, household, rights
from app.rules.actor import Actor
from app.rules.refusal import NotFound
from handlers.console import scope
from models.base import write
from models.person import Person, Residence
from models.place import Place

PAGE = 50
RELATIONS = {"owner": "产权人", "co_owner": "共有人", "family": "家属", "tenant": "租户", "resident": "居住人"}


def rows(places: list[Place]):
    """Open requests of these communities with person and household, the oldest first: one query."""
    asker = Person.alias()
    return (
        Residence.select(Residence, asker, Place)
        .join(asker, on=(Residence.person == asker.id), attr="person")
        .switch(Residence)
        .join(Place)
        .where(Residence.state == "asked", Place.community.in_([place.id for place in places]))
        .order_by(Residence.id)
    )


def asked(who: Actor, places: list[Place]) -> list[Residence] | None:
    """The open requests this person may decide; None for somebody who may not."""
    if not rights.may(who, "residence.confirm"):
        return None
    return list(rows(places).where(household.households_for(who, "residence.confirm", places)).limit(PAGE))


def find(who: Actor, key: str) -> Residence:
    """The request of that key, if this person may decide it. Raises NotFound."""
    places = scope.communities(who, "residence.confirm")
    inside = household.households_for(who, "residence.confirm", places)
    found = Residence.select(Residence, Place).join(Place).where(Residence.key == key, inside).first()
    if found is None:
        raise NotFound()
    return found


@at_desk("residence.confirm")
def index() -> str:
    """The list."""
    places = scope.communities(actor(), "residence.confirm")
    picked = scope.chosen(places)
    found = asked(actor(), picked)
    return render_template(
        "console/residences.html", places=places, picked=picked, residences=found, relations=RELATIONS
    )


@at_desk("residence.confirm")
def decide(key: str) -> Response:
    """Yes or no."""
    residence = find(actor(), key)
    if request.form.get("answer") not in ("yes", "no"):
        raise NotFound()
    with write():
        approval.decide_residence(residence, actor=actor(), confirmed=request.form["answer"] == "yes")
    return redirect(url_for("console.residences"), 303)
