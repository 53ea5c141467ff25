"""Where somebody at the desk may look. Every query of the console starts here: what lies outside does not exist."""

from flask import request

from app.rules import rights
from app.rules.actor import STAFF, Actor
from app.rules.refusal import NotFound
from models.case import Case
from models.place import Place


def communities(actor: Actor, action: str) -> list[Place]:
    """The communities in which the actor holds an action by a role, with the places above them: one query, or none."""
    roots = {role.place_id for role in actor.roles if role.kind in rights.RIGHTS[action]}
    if not roots:
        return []
    above = Place.alias()
    inside = Place.id.in_(roots) | Place.parent.in_(roots) | above.parent.in_(roots)
    query = Place.select(Place, above).join(above, on=(Place.parent == above.id), attr="parent")
    return list(query.where(Place.kind == "community", Place.active, inside).order_by(Place.id))


def chosen(places: list[Place]) -> list[Place]:
    """The one community picked by `?community=`, else all of them. Raises NotFound for one that is not among them."""
    key = request.args.get("community", "")
    picked = [place for place in places if place.key == key] if key else places
    if key and not picked:
        raise NotFound()
    return picked


def cases_in(actor: Actor, places: list[Place]):
    """The condition on Case for what the actor may read there: all for admins, a worker's grids and tasks for a worker."""
    whole = [place.id for place in places if actor.parts_in(place) & (STAFF - {"grid_worker"})]
    own = (Case.handler == actor.person) | Case.grid.in_(list(actor.grids()))
    return Case.community.in_(whole) | (Case.community.in_([place.id for place in places]) & own)
