"""People and their parts: who is on duty where, appointing somebody and ending it, by the level above.

Somebody is found by name or phone. Followers of the official account have no phone with us, so whoever has told the
chat a name of late (“我是 王大山”) is offered as well.
"""

import peewee
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import approval, reading, role
from app.rules.actor import Actor
from app.rules.refusal import Forbidden, NotFound, Refusal
from app.rules.refused import parts_of
from handlers.console import scope
from models.base import now, write
from models.conversation import Conversation
from models.person import Identity, Person, Residence, Veil
from models.place import Grid, Place
from models.role import ROLES, Role, holds_at
from models.unit import Unit

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
        .where(Role.place.in_(inside) | Place.community.in_(inside), Role.kind.in_(role.APPOINTED), holds_at(now()))
        .order_by(Place.id, Role.kind, Grid.code, Role.rank, Role.id)
    )
    asked = request.values.get("person", "").strip()[:32]
    people = _people(who, asked)
    return render_template(
        "console/roles.html", places=communities, picked=picked, asked=asked, people=people,
        whole=_known(people, posts),
        roles=[one for one in holders if role.may_appoint(who, one.kind, one.place)], me=who.person, problem=problem,
        newcomers=_newcomers(posts), choices=_choices(who, picked),
    )  # fmt: skip


def _posts(who: Actor) -> list[Place]:
    """The places in which the actor appoints somebody, the widest first: one query."""
    every = Place.select().where(Place.kind.in_(list(role.ADMINS)), Place.active).order_by(Place.id)
    return [place for place in every if any(role.may_appoint(who, kind, place) for kind in _kinds(place))]


def _kinds(place: Place) -> list[str]:
    """What is appointed in a place itself."""
    admin = [role.ADMINS[place.kind]] if place.kind in role.ADMINS else []
    return admin + [kind for kind, there in role.INSIDE.items() if there == place.kind]


def _choices(who: Actor, picked: list[Place]) -> list[tuple[str, str]]:
    """The posts to be given, as (value, words): "kind:key", the key of a grid for its worker, else that of a place."""
    found = []
    for place in picked:
        kinds = [kind for kind in _kinds(place) if kind != "grid_worker" and role.may_appoint(who, kind, place)]
        found += [(f"{kind}:{place.key}", f"{place.name} {ROLES[kind]}") for kind in kinds]
    served = [place for place in picked if role.may_appoint(who, "grid_worker", place)]
    grids = Grid.select(Grid, Place).join(Place).where(Grid.community.in_(served)).order_by(Grid.code)
    found += [(f"grid_worker:{one.key}", f"{one.community.name} {one.name} 网格员") for one in grids]
    if len(served) == 1:
        buildings = Place.select().where(Place.kind == "building", Place.community == served[0]).order_by(Place.id)
        found += [(f"building_head:{one.key}", f"{one.label} 楼栋长") for one in buildings]
    return found


def _people(who: Actor, asked: str) -> list[Person]:
    """Whoever has exactly this phone number or name: nobody leafs through people one does not know.

    Each found is a look at this person, written down and counted. Raises BudgetSpent.
    """
    if not asked:
        return []
    named = (Person.phone == asked) | (Person.name == asked)
    found = list(Person.select().where(named, _somebody()).order_by(Person.id).limit(FEW))
    if found:
        with write():
            allowed = [reading.look_up(one, actor=who, community=parts_of(who)[0]) for one in found]
        if not all(allowed):
            raise reading.BudgetSpent()
    return found


def _somebody() -> peewee.Expression:
    """No alias of an anonymous report, no face of a unit, nobody who wanted to be forgotten."""
    faces = Unit.select(Unit.face).where(Unit.face.is_null(False))
    return Person.erased_at.is_null() & Person.id.not_in(Veil.select(Veil.alias)) & Person.id.not_in(faces)


def _known(people: list[Person], posts: list[Place]) -> set[int]:
    """Whose whole name one may read: who has a part, has talked with us or lives in a place of one's own."""
    if not people:
        return set()
    inside = Place.select(Place.id).where(Place.id.in_([place.id for place in posts]))
    inside = inside.orwhere(Place.community.in_([place.id for place in posts]))
    works = Role.select(Role.person).where(Role.place.in_(inside), holds_at(now()))
    talks = Conversation.select(Conversation.person).where(Conversation.community.in_(inside))
    lives = Residence.select(Residence.person).where(
        Residence.household.in_(inside), Residence.state == "confirmed", Residence.ended_at.is_null()
    )
    near = Person.id.in_(works) | Person.id.in_(talks) | Person.id.in_(lives)
    return {row.id for row in Person.select(Person.id).where(Person.id.in_([one.id for one in people]), near)}


def _newcomers(places: list[Place]) -> list[Person]:
    """The newest followers who have told one of these communities a name and have no part yet."""
    below = Place.select(Place.id).where((Place.id.in_(places)) | Place.parent.in_(places))
    talked = Conversation.select(Conversation.person).where(Conversation.community.in_(below))
    follows = Identity.select(Identity.person).where(Identity.kind == "official", Identity.followed)
    placed = Role.select(Role.person).where(holds_at(now()))
    found = Person.select().where(
        Person.name != "", Person.id.in_(follows), Person.id.in_(talked), Person.id.not_in(placed)
    )
    return list(found.order_by(Person.id.desc()).limit(NEWCOMERS))


@at_desk("role.appoint")
def appoint() -> Response | tuple[str, int]:
    """Give somebody a part: `post` is "kind:key" as `_choices` offers it."""
    who = actor()
    person = Person.get_or_none(Person.key == request.form.get("key", ""), _somebody())
    found = _post(who, request.form.get("post", ""))
    if person is None or found is None:
        return _page(who, Refusal("post_unknown", "请选好人和岗位再任命。", {"post": "必选"})), 422
    try:
        with write():
            _appoint(who, person, *found)
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        return _page(who, refusal), 422
    return redirect(url_for("console.roles"), 303)


def _post(who: Actor, value: str) -> tuple[Place, str, Grid | None] | None:
    """The place, part and grid that a choice names, if the actor may give it."""
    kind, _, key = value.partition(":")
    if kind not in role.APPOINTED:
        return None
    grid = Grid.get_or_none(Grid.key == key) if kind == "grid_worker" else None
    place = grid.community if grid else Place.get_or_none(Place.key == key)
    return (place, kind, grid) if place is not None and role.may_appoint(who, kind, place) else None


def _appoint(who: Actor, person: Person, place: Place, kind: str, grid: Grid | None) -> None:
    """Appoint, or ask for the second person that the matrix wants."""
    role.check(actor=who, person=person, place=place, kind=kind, grid=grid)
    where = f"{place.name} {grid.name}" if grid else place.label
    approval.do(
        role.action_of(kind), actor=who, community=place.community or place,
        payload={"person": person.id, "place": place.id, "kind": kind, "grid": grid.id if grid else None},
        words=f"任命 {person.name or '没有留名的微信用户'} 为{where}的{ROLES[kind]}",
    )  # fmt: skip


@at_desk("role.appoint")
def end(key: str) -> Response:
    """End a part."""
    held = Role.select(Role, Place).join(Place).where(Role.key == key).first()
    if held is None or held.kind not in role.APPOINTED or not role.may_appoint(actor(), held.kind, held.place):
        raise NotFound()
    with write():
        role.end(held, actor=actor())
    return redirect(url_for("console.roles"), 303)
