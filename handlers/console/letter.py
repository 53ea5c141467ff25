"""Letters that did not arrive: to whom, why in plain words, and the way to send them once more."""

import peewee
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import desk, rights
from app.rules.actor import Actor
from app.rules.refusal import NotFound
from handlers.console import scope
from models.base import write
from models.case import Case
from models.conversation import Line
from models.letter import Letter
from models.person import Person
from models.place import Place

PAGE = 20
LOST = ("refused", "expired", "failed", "uncertain")


def rows(who: Actor, places: list[Place]) -> "peewee.ModelSelect[Letter]":
    """Letters that ended without arriving and were not followed by another try: one query with person and case.

    Without those of complaints about who looks.
    """
    later = Letter.alias()
    followed = later.select(later.id).where(later.follows == Letter.id)
    inside = [place.id for place in places]
    return (
        Letter.select(Letter, Person, Case, Place)
        .join(Person)
        .switch(Letter)
        .join(Case, peewee.JOIN.LEFT_OUTER)
        .switch(Letter)
        .join(Place, on=(Letter.community == Place.id), attr="community")
        .where(Letter.community.in_(inside), Letter.state.in_(LOST), ~peewee.fn.EXISTS(followed))
        .where(Letter.outcome.not_in(("called_off", "erased")), not_about(who))
    )


def not_about(who: Actor) -> peewee.Expression:
    """The condition on a letter, joined with its case if it has one, that it is of no complaint about this person.

    The case may be that of the letter, or that of the line it carries.
    """
    said = Line.select(Line.id).join(Case).where(~rights.not_about(who))
    return rights.not_about(who) & (Letter.line.is_null() | Letter.line.not_in(said))


def count(who: Actor, places: list[Place]) -> int | None:
    """How many there are, None for somebody who may not see them."""
    mine = [place for place in places if rights.may(who, "letter.read", community=place)]
    return rows(who, mine).count() if mine else None


def of_case(case: Case, who: Actor) -> list[Letter]:
    """The letters of a case, newest first, for whoever may read letters there."""
    if who.is_party(case) or not rights.may(who, "letter.read", community=case.community):
        return []
    query = Letter.select(Letter, Person).join(Person).where(Letter.case == case)
    return list(query.order_by(Letter.id.desc()).limit(30))


@at_desk("letter.read")
def index() -> str:
    """The list, newest first."""
    who = actor()
    places = scope.communities(who, "letter.read")
    picked = scope.chosen(places)
    query = rows(who, picked)
    if request.args.get("before"):
        before = (Letter.key == request.args["before"]) & Letter.community.in_([place.id for place in picked])
        query = query.where(Letter.id < Letter.select(Letter.id).where(before))
    found = list(query.order_by(Letter.id.desc()).limit(PAGE + 1))
    resendable = {place.id for place in picked if rights.may(who, "letter.resend", community=place)}
    return render_template(
        "console/letters.html", places=places, picked=picked, letters=found[:PAGE], resendable=resendable,
        more=found[PAGE - 1] if found[PAGE:] else None,
    )  # fmt: skip


@at_desk("letter.resend")
def resend(key: str) -> Response:
    """Once more."""
    places = scope.communities(actor(), "letter.read")
    inside = Letter.community.in_([place.id for place in places])
    letters = Letter.select(Letter).join(Case, peewee.JOIN.LEFT_OUTER)
    letter = letters.where(Letter.key == key, inside, not_about(actor())).first()
    if letter is None:
        raise NotFound()
    with write():
        desk.resend_letter(letter, actor=actor())
    return redirect(url_for("console.letters"), 303)
