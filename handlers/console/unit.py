"""Units of a community: which there are, what each sees to, who answers for it; adding one, and letting one go."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import reading, unit
from app.rules.refusal import Forbidden, NotFound, Refusal
from app.rules.setting import categories_of
from handlers.console import scope
from models.base import now, write
from models.person import Person
from models.place import Place
from models.unit import KINDS, Unit, UnitContact

PAGE = 100


@at_desk("unit.write")
def index() -> str:
    """The units of the community chosen, with their contacts; those that left at the end."""
    return _page()


def _page(problem: Refusal | None = None, tried: str = "") -> str:
    places = scope.communities(actor(), "unit.write")
    picked = scope.chosen(places)
    inside = [place.id for place in picked]
    rows = list(
        Unit.select(Unit, Place).join(Place).where(Unit.community.in_(inside))
        .order_by(Unit.left_at.is_null(False), Unit.community, Unit.name).limit(PAGE)
    )  # fmt: skip
    ends = UnitContact.ends_at
    contacts: dict[int, list[Person]] = {row.id: [] for row in rows}
    in_force = UnitContact.unit.in_(list(contacts)) & (ends.is_null() | (ends > now()))
    for one in UnitContact.select(UnitContact, Person).join(Person).where(in_force) if rows else []:
        contacts[one.unit_id].append(one.person)
    return render_template(
        "console/units.html", places=places, picked=picked, rows=rows, contacts=contacts, kinds=KINDS,
        categories={place.id: categories_of(place) for place in picked}, problem=problem, tried=tried,
        given=request.form,
    )  # fmt: skip


@at_desk("unit.write")
def add() -> Response | tuple[str, int]:
    """Add a unit to a community."""
    places = scope.communities(actor(), "unit.write")
    place = next((one for one in places if one.key == request.form.get("community", "")), None)
    if place is None:
        raise NotFound()
    form = request.form
    return _done("add", lambda: unit.add(
        place, actor=actor(), kind=form.get("kind", ""), name=form.get("name", ""),
        categories=form.getlist("categories"),
    ))  # fmt: skip


@at_desk("unit.write")
def press(key: str, deed: str) -> Response | tuple[str, int]:
    """Say what it sees to, who answers for it, or that it left."""
    row = Unit.get_or_none(Unit.key == key)
    if row is None:
        raise NotFound()
    unit.need_here(row, actor())
    deeds = {
        "serve": lambda: unit.serve(row, actor=actor(), categories=request.form.getlist("categories")),
        "leave": lambda: unit.leave(row, actor=actor()),
        "contact": lambda: unit.add_contact(row, actor=actor(), person=_by_phone(row)),
        "end_contact": lambda: unit.end_contact(row, actor=actor(), person=_by_key()),
    }
    if deed not in deeds:
        raise NotFound()
    return _done(f"{deed}-{row.key}", deeds[deed])


def _by_phone(row: Unit) -> Person:
    """Whoever has exactly this number; that somebody looked is written down and counted. Raises Refusal."""
    number = request.form.get("phone", "").strip()[:20]
    found = Person.get_or_none(Person.phone == number, Person.erased_at.is_null()) if number else None
    if found is None:
        raise Refusal("person_unknown", "没有找到这个手机号。请对方先打开小程序，留下手机号。", {"phone": "没有找到"})
    if not reading.look_up(found, actor=actor(), community=row.community):
        raise reading.BudgetSpent()
    return found


def _by_key() -> Person:
    found = Person.get_or_none(Person.key == request.form.get("person", ""))
    if found is None:
        raise NotFound()
    return found


def _done(tried: str, deed) -> Response | tuple[str, int]:
    try:
        with write():
            deed()
    except (Forbidden, NotFound):
        raise
    except Refusal as problem:
        return _page(problem, tried), 422
    return redirect(url_for("console.units"), 303)
