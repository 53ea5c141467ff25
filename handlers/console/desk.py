"""The desk: what waits for me, what is late, and how many of each. The late and the dangerous stand first."""

from datetime import datetime

import peewee
from flask import render_template

from app.guard import actor, at_desk
from app.rules import bundle, incident, rights
from app.rules.actor import Actor
from handlers.console import case, conversation, judgement, letter, residence, room, scope, speech
from models.base import now
from models.case import Case
from models.place import Place

FEW = 6


@at_desk("desk.read")
def show() -> str:
    """The desk of the communities chosen."""
    who, moment = actor(), now()
    places = scope.communities(who, "desk.read")
    picked = scope.chosen(places)
    waiting = conversation.waiting(who, picked, FEW)
    alarms = list(incident.untaken(who, picked).limit(FEW)) if rights.may(who, "case.read") else []
    return render_template(
        "console/desk.html", alarms=alarms, places=places, picked=picked, moment=moment, few=FEW,
        counts=_counts(who, picked, moment), late=_late(who, picked, moment),
        undispatched=_newest(who, picked, (Case.state == "reported") & bundle.BY_ITSELF),
        bundles=bundle.bundles(scope.cases_in(who, picked), FEW) if rights.may(who, "case.merge") else [],
        handled=_newest(who, picked, Case.state == "handled"), checking=_checking(who, picked),
        requests=judgement.requests(who, picked, moment, FEW), asked_back=judgement.questions(who, picked, FEW),
        waiting=waiting, said=conversation.last_lines(waiting), asked=residence.asked(who, picked),
        undelivered=letter.count(who, picked), waits=room.waits(who),
    )  # fmt: skip


def _counts(who: Actor, places: list[Place], moment: datetime) -> dict[str, int]:
    """How many cases are in each state that still wants somebody, and how many are late: one query."""
    def many(condition) -> peewee.Function:
        return peewee.fn.COALESCE(peewee.fn.SUM(peewee.Case(None, ((condition, 1),), 0)), 0)

    row = (
        Case.select(
            many((Case.state == "reported") & bundle.BY_ITSELF), many(Case.state == "dispatched"),
            many(Case.state == "handling"), many(Case.state == "handled"),
            many(speech.overdue_in_database(moment) & bundle.BY_ITSELF),
        )
        .where(scope.cases_in(who, places))
        .tuples()
        .get()
    )  # fmt: skip
    return dict(zip(("reported", "dispatched", "handling", "handled", "late"), row, strict=True))


def _late(who: Actor, places: list[Place], moment: datetime) -> list[Case]:
    condition = speech.overdue_in_database(moment) & bundle.BY_ITSELF
    return list(case.rows(who, places).where(condition).order_by(Case.hazard.desc(), Case.id).limit(FEW))


def _checking(who: Actor, places: list[Place]) -> list[Case] | None:
    """What waits to be checked by this person's eyes; None for somebody who checks nowhere."""
    if not rights.may(who, "case.pass_check"):
        return None
    able = rights.cases_for(who, "case.pass_check")
    others = Case.handler.is_null() | (Case.handler != who.person)
    mine = Case.reporter.in_(list(who.selves))
    rows = case.rows(who, places).where(Case.state == "checking", able, others, ~mine)
    return list(rows.order_by(Case.hazard.desc(), Case.id).limit(FEW))


def _newest(who: Actor, places: list[Place], condition) -> list[Case]:
    if not rights.may(who, "case.dispatch"):
        return []
    return list(case.rows(who, places).where(condition).order_by(Case.hazard.desc(), Case.id).limit(FEW))
