"""People and their parts: who is on duty where, appointing somebody and ending it, by the level above.

Somebody is found by name or phone. Followers of the official account have no phone with us, so whoever has told the
chat a name of late (“我是 王大山”) is offered as well.
"""

import peewee
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import role
from app.rules.actor import Actor
from app.rules.refusal import NotFound, Refusal
from handlers.console import scope
from models.base import now, write
from models.person import Identity, Person
from models.place import Grid, Place
from models.role import Role, holds_at

FEW = 10
NEWCOMERS = 20


@at_desk("role.appoint")
def index() -> str:
    """The roles in force of the communities chosen, and the search for a person."""
    return _page(actor())


def _page(who: Actor, problem: Refusal | None = None) -> str:
    posts = _posts(who)
    communities = [place for place in posts if place.kind == "community"]
    picked = scope.chosen(communities)
    if picked == communities:
        picked = posts
    inside = [place.id for place in picked]
    holders = (
        Role.select(Role, Person, Place, Grid)
        .join(Person, on=(Role.person == Person.id))
        .switch(Role)
        .join(Place)
        .switch(Role)
        .join(Grid, peewee.JOIN.LEFT_OUTER)
        .where(Role.place.in_(inside), Role.kind.in_(list(role.APPOINTED)), holds_at(now()))
        .order_by(Place.id, Role.kind, Grid.code, Role.rank, Role.id)
    )
    asked = request.values.get("person", "").strip()[:32]
    return render_template(
        "console/roles.html", places=communities, picked=picked, roles=list(holders), asked=asked,
        people=_people(asked), newcomers=_newcomers(), admins=role.ADMINS, me=who.person, problem=problem,
        grids=list(Grid.select(Grid, Place).join(Place).where(Grid.community.in_(inside)).order_by(Grid.code)),
    )  # fmt: skip


def _posts(who: Actor) -> list[Place]:
    """The places whose admin the actor appoints, the widest first: one query."""
    every = Place.select().where(Place.kind.in_(list(role.ADMINS)), Place.active).order_by(Place.id)
    return [place for place in every if role.may_appoint(who, role.ADMINS[place.kind], place)]


def _people(asked: str) -> list[Person]:
    """Whoever has exactly this phone number or name: nobody leafs through people one does not know."""
    if not asked:
        return []
    return list(Person.select().where((Person.phone == asked) | (Person.name == asked)).order_by(Person.id).limit(FEW))


def _newcomers() -> list[Person]:
    """The newest followers who have given a name and have no part yet."""
    follows = Identity.select(Identity.person).where(Identity.kind == "official", Identity.followed)
    placed = Role.select(Role.person).where(holds_at(now()))
    found = Person.select().where(Person.name != "", Person.id.in_(follows), Person.id.not_in(placed))
    return list(found.order_by(Person.id.desc()).limit(NEWCOMERS))


@at_desk("role.appoint")
def appoint() -> Response | tuple[str, int]:
    """Give somebody a part: `post` is the key of a place (its admin) or of a grid (its worker)."""
    who, post = actor(), request.form.get("post", "")
    posts = {place.id: place for place in _posts(who)}
    person = Person.get_or_none(Person.key == request.form.get("key", ""))
    grid = Grid.get_or_none(Grid.key == post, Grid.community.in_(list(posts)))
    place = posts[grid.community_id] if grid else next((one for one in posts.values() if one.key == post), None)
    if person is None or place is None:
        return _page(who, Refusal("post_unknown", "请选好人和岗位再任命。", {"post": "必选"})), 422
    kind = "grid_worker" if grid else role.ADMINS[place.kind]
    try:
        with write():
            role.appoint(actor=who, person=person, place=place, kind=kind, grid=grid)
    except Refusal as refusal:
        return _page(who, refusal), 422
    return redirect(url_for("console.roles"), 303)


@at_desk("role.appoint")
def end(key: str) -> Response:
    """End a part."""
    posts = [place.id for place in _posts(actor())]
    held = Role.select(Role, Place).join(Place).where(Role.key == key, Role.place.in_(posts)).first()
    if held is None:
        raise NotFound()
    with write():
        role.end(held, actor=actor())
    return redirect(url_for("console.roles"), 303)
