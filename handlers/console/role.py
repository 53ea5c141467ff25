"""People and their parts: who is on duty where, appointing somebody and ending it, by the level above."""

import peewee
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import role
from app.rules.actor import Actor
from app.rules.refusal import NotFound, Refusal
from handlers.console import scope
from models.base import now, write
from models.person import Person
from models.place import Grid, Place
from models.role import Role, holds_at

FEW = 10


@at_desk("role.appoint")
def index() -> str:
    """The roles in force of the communities chosen, and the search for a person."""
    return _page(actor())


def _page(who: Actor, problem: Refusal | None = None) -> str:
    places = scope.communities(who, "role.appoint")
    picked = scope.chosen(places)
    inside = [place.id for place in picked]
    holders = (
        Role.select(Role, Person, Place, Grid)
        .join(Person, on=(Role.person == Person.id))
        .switch(Role)
        .join(Place)
        .switch(Role)
        .join(Grid, peewee.JOIN.LEFT_OUTER)
        .where(Role.place.in_(inside), Role.kind.in_(role.APPOINTED), holds_at(now()))
        .order_by(Place.id, Role.kind, Grid.code, Role.rank, Role.id)
    )
    asked = request.values.get("person", "").strip()[:32]
    return render_template(
        "console/roles.html", places=places, picked=picked, roles=list(holders), asked=asked, people=_people(asked),
        grids=list(Grid.select(Grid, Place).join(Place).where(Grid.community.in_(inside)).order_by(Grid.code)),
        me=who.person, problem=problem, given=request.form,
    )  # fmt: skip


def _people(asked: str) -> list[Person]:
    """Whoever has exactly this phone number or name: nobody leafs through people one does not know."""
    if not asked:
        return []
    return list(Person.select().where((Person.phone == asked) | (Person.name == asked)).order_by(Person.id).limit(FEW))


@at_desk("role.appoint")
def appoint() -> Response | tuple[str, int]:
    """Give somebody a part: `post` is a community's key (its admin) or a grid's key (its worker)."""
    who, post = actor(), request.form.get("post", "")
    places = {place.id: place for place in scope.communities(who, "role.appoint")}
    person = Person.get_or_none(Person.key == request.form.get("key", ""))
    grid = Grid.get_or_none(Grid.key == post, Grid.community.in_(list(places)))
    community = places[grid.community_id] if grid else next((one for one in places.values() if one.key == post), None)
    if person is None or community is None:
        return _page(who, Refusal("post_unknown", "请选好人和岗位再任命。", {"post": "必选"})), 422
    kind = "grid_worker" if grid else "community_admin"
    try:
        with write():
            role.appoint(actor=who, person=person, community=community, kind=kind, grid=grid)
    except Refusal as refusal:
        return _page(who, refusal), 422
    return redirect(url_for("console.roles"), 303)


@at_desk("role.appoint")
def end(key: str) -> Response:
    """End a part."""
    places = [place.id for place in scope.communities(actor(), "role.appoint")]
    held = Role.select(Role, Place).join(Place).where(Role.key == key, Role.place.in_(places)).first()
    if held is None:
        raise NotFound()
    with write():
        role.end(held, actor=actor())
    return redirect(url_for("console.roles"), 303)
