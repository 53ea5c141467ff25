"""Cases at the desk: the list with its filters, one case with everything that happened, and its buttons."""

from datetime import datetime

import peewee
from flask import render_template, request

from app.guard import actor, at_desk, look_at
from app.links import photo_links, voice_link
from app.rules import (
    classification,
    crew,
    deed,
    delay,
    dispatch,
    exclusion_ask,
    first_receiver,
    follow,
    glass,
    holiday,
    party,
    reading,
    rights,
    voice,
    wording,
    zone,
)
from app.rules.actor import Actor
from app.rules.refusal import NotFound, Refusal
from app.rules.reminder import LIMITS
from handlers.console import alike, judged, letter, pieces, scope, speech
from models.base import now, write
from models.case import Case, Photo, Step
from models.category import Category
from models.conversation import Conversation, Line
from models.exclusion import REASONS
from models.lifecycle import CASE_OPEN, SATISFACTION
from models.person import Person
from models.place import Grid, Place
from models.unit import Unit

PAGE = 20
#: How many of a case's chat lines its page shows; the rest is in the conversation.
LINES = 30
Community = Place.alias()
Handler = Person.alias()


def rows(who: Actor, places: list[Place]) -> "peewee.ModelSelect[Case]":
    """Cases this person may read, each with its category, place, community and handler: one query."""
    return (
        Case.select(Case, Category, Place, Community, Handler)
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case)
        .join(Place, peewee.JOIN.LEFT_OUTER, on=(Case.place == Place.id), attr="place")
        .switch(Case)
        .join(Community, on=(Case.community == Community.id), attr="community")
        .switch(Case)
        .join(Handler, peewee.JOIN.LEFT_OUTER, on=(Case.handler == Handler.id), attr="handler")
        .where(scope.cases_in(who, places))
    )


@at_desk("case.read")
def index() -> str:
    """The list, newest first, narrowed by state, category, lateness and number."""
    who = actor()
    places = scope.communities(who, "case.read")
    picked = scope.chosen(places)
    found = list(_filtered(rows(who, picked)).order_by(Case.id.desc()).limit(PAGE + 1))
    if found:
        with write():
            reading.look_over(found, actor=who)
    return render_template(
        "console/cases.html", places=places, picked=picked, moment=now(), asked=request.args,
        cases=found[:PAGE], more=found[PAGE - 1] if found[PAGE:] else None, categories=_categories(picked),
    )  # fmt: skip


def _filtered(query: "peewee.ModelSelect[Case]") -> "peewee.ModelSelect[Case]":
    asked = request.args
    number = asked.get("number", "").strip().lstrip("#＃").strip()
    if number:
        known = number.isascii() and number.isdecimal() and len(number) < 10
        return query.where(Case.number == (int(number) if known else 0))
    state = asked.get("state", "open")
    if state == "open":
        query = query.where(Case.state.in_(CASE_OPEN))
    elif state != "all":
        query = query.where(Case.state == state)
    if asked.get("category"):
        query = query.where(Category.code == asked["category"])
    if asked.get("late"):
        query = query.where(speech.overdue_in_database(now()))
    if asked.get("before"):
        mine = rights.readable_cases(actor())
        query = query.where(Case.id < Case.select(Case.id).where(Case.key == asked["before"], mine))
    return query


def _categories(places: list[Place]) -> list[tuple[str, str]]:
    query = Category.select(Category.code, Category.name).where(Category.community.in_([place.id for place in places]))
    return list(query.group_by(Category.code, Category.name).order_by(peewee.fn.MIN(Category.position)).tuples())


def find(who: Actor, key: str) -> Case:
    """The case of that key, if this person may read it. Raises NotFound."""
    case = rows(who, scope.communities(who, "desk.read")).where(Case.key == key).first()
    if case is None or not rights.may(who, "case.read", case=case):
        raise NotFound()
    return case


@at_desk("case.read")
def show(key: str) -> str:
    """One case; that somebody looked is written down."""
    case = find(actor(), key)
    look_at(case)
    return page(case)


def page(case: Case, problem: Refusal | None = None, verb: str = "", given: dict | None = None) -> str:
    """The page of a case; a refused form stands open again with what was typed and what is wrong."""
    who = actor()
    conversation = None
    if rights.may(who, "inbox.read", community=case.community):
        conversation = Conversation.get_or_none(
            Conversation.community == case.community, Conversation.person == case.reporter_id
        )
    verbs = deed.buttons(case, who)
    return render_template(
        "console/case.html", case=case, moment=now(), limits=_limits(case), verbs=verbs, satisfaction=SATISFACTION,
        reporter=reading.reporter_of(case, actor=who), where=_where(case, who), openable=openable(case, who),
        may_reveal=_may_reveal(case, who), units=_units(case, who), colleagues=_colleagues(case, who),
        steps=list(Step.select().where(Step.case == case).order_by(Step.id)), photos=_photos(case, who),
        voices=[(voice_link(row, who.person), row.seconds) for row in voice.voices_of(case, who)],
        followers=follow.followers([case]).get(case.id, 0), alike=alike.alike(case, who),
        grid=Grid.get_or_none(Grid.id == case.grid_id), conversation=conversation, lines=_lines(case, who),
        exclusion=exclusion_ask.standing(case, actor=who), exclusion_reasons=REASONS,
        letters=letter.of_case(case, who), workers=crew.sendable(case) if "dispatch" in verbs else [],
        colleagues_of=dispatch.colleagues(case, who) if "transfer" in verbs else [],
        convener=first_receiver.convener_of(case),
        choices=classification.choices(case, who), answered=classification.answered(case), zones=zone.ZONES,
        answerable=zone.answerable(case),
        asked_time=delay.pending(case, who), guessed=holiday.guessed(case),
        **judged.of_case(case, who, verbs, now()),
        may_note=rights.may(who, "case.note", case=case), problem=problem, tried=verb, given=given or {},
        **pieces.of(case, who),
    )  # fmt: skip


def _limits(case: Case) -> list[tuple[str, datetime, datetime | None]]:
    """(what, due, when met) for each time limit the case has."""
    pairs = [(name, getattr(case, due), getattr(case, met)) for name, (due, met) in LIMITS.items()]
    return [(name, due, met) for name, due, met in pairs if due]


def _where(case: Case, who: Actor) -> str:
    return wording.where(case) if rights.may(who, "case.see_place", case=case) else wording.compound(case)


def openable(case: Case, who: Actor) -> dict[str, str]:
    """What this person could open of a case by breaking the glass, and does not hold already: action → words."""
    wanted = {one: words for one, words in glass.WORDS.items() if one != "veil.lift" or case.anonymous}
    return {
        one: words
        for one, words in wanted.items()
        if rights.may_break(who, one, case) and not rights.may(who, one, case=case)
    }


def _may_reveal(case: Case, who: Actor) -> bool:
    return not case.anonymous and case.reporter_id not in who.selves and rights.may(who, "person.reveal", case=case)


def _colleagues(case: Case, who: Actor) -> list[Person]:
    return party.accusable(case, who) if rights.may(who, "case.involve", case=case) else []


def _units(case: Case, who: Actor) -> list[Unit] | None:
    """The units that can be named for a case; None for somebody who may not."""
    if not rights.may(who, "case.involve", case=case):
        return None
    return list(Unit.select().where(Unit.community == case.community, Unit.left_at.is_null()).order_by(Unit.name))


def _photos(case: Case, who: Actor) -> dict[str, list[dict]]:
    """The photos as links, in two piles: what it was like, and what it is like now."""
    piles: dict[str, list[dict]] = {"before": [], "after": []}
    if not rights.may(who, "photo.read", case=case):
        return piles
    for photo in Photo.select().where(Photo.case == case).order_by(Photo.id):
        pile = "after" if photo.kind in ("after", "safe", "check") else "before"
        piles[pile].append(photo_links(photo, who.person) | {"kind": photo.kind, "risky": photo.verdict == "risky"})
    return piles


def _lines(case: Case, who: Actor) -> list[Line]:
    if not rights.may(who, "case.see_reporter", case=case):
        return []
    return list(Line.select().where(Line.case == case).order_by(Line.id.desc()).limit(LINES))[::-1]
