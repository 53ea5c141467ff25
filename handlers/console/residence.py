"""Residence requests: who says to live where, and the staff's yes or no."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import household, rights
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
    mine = [place for place in places if rights.may(who, "residence.confirm", community=place)]
    return list(rows(mine).limit(PAGE)) if mine else None


@at_desk("residence.confirm")
def index() -> str:
    """The list."""
    places = scope.communities(actor(), "residence.confirm")
    picked = scope.chosen(places)
    found = list(rows(picked).limit(PAGE))
    return render_template(
        "console/residences.html", places=places, picked=picked, residences=found, relations=RELATIONS
    )


@at_desk("residence.confirm")
def decide(key: str) -> Response:
    """Yes or no."""
    places = [place.id for place in scope.communities(actor(), "residence.confirm")]
    residence = Residence.select(Residence, Place).join(Place).where(
        Residence.key == key, Place.community.in_(places)
    ).first()
    if residence is None or request.form.get("answer") not in ("yes", "no"):
        raise NotFound()
    with write():
        household.decide(residence, actor=actor(), confirmed=request.form["answer"] == "yes")
    return redirect(url_for("console.residences"), 303)
