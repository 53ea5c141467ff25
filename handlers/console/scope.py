"""Where somebody at the desk may look. Every query of the console starts here: what lies outside does not exist."""

from flask import request

from app.rules import rights
from app.rules.actor import Actor
from app.rules.refusal import NotFound
from models.case import Case
from models.place import Place, line_of


def communities(actor: Actor, action: str) -> list[Place]:
    """The communities in which the actor holds an action by a role: one query, or none."""
    held = rights.holders(action)
    roots = {role.place_id for role in actor.roles if role.kind in held}
    every = Place.select().where(Place.kind == "community", Place.active).order_by(Place.id) if roots else []
    return [place for place in every if roots & set(line_of(place))]


def chosen(places: list[Place]) -> list[Place]:
    """The one community picked by `?community=`, else all of them. Raises NotFound for one that is not among them."""
    key = request.args.get("community", "")
    picked = [place for place in places if place.key == key] if key else places
    if key and not picked:
        raise NotFound()
    return picked


def seen(actor: Actor):
    """The condition on Case for what lies below any of the actor's parts: there the glass may be broken, if at all."""
    inside = [place.id for place in communities(actor, "desk.read")]
    return Case.community.in_(inside) | rights.readable_cases(actor)


def cases_in(actor: Actor, places: list[Place]):
    """The condition on Case for what the actor may read in these communities; a task is one's own wherever it lies."""
    return Case.community.in_([place.id for place in places]) & rights.readable_cases(actor)
