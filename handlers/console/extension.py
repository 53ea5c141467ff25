"""The ledger of extensions 延期 and holds 挂账: what was agreed to, by whom, how many of all cases, what is on hold."""

from datetime import timedelta

import peewee
from flask import render_template, request

from app.guard import actor, at_desk
from app.rules import plan_note
from app.rules.actor import Actor
from app.rules.refusal import NotFound
from handlers.console import scope
from models.base import now
from models.case import Case
from models.category import Category
from models.extension import KINDS, Extension
from models.person import Person
from models.place import Place

PAGE = 20
#: So many cases on hold are shown; the next to go on come first.
HELD = 50
#: The share is that of the cases reported in so many days.
DAYS = 90
Asker, Second, Community = Person.alias(), Person.alias(), Place.alias()


@at_desk("case.extend")
def index() -> str:
    """Who asked, who agreed, why and until when; the newest first."""
    who, places = actor(), scope.communities(actor(), "case.extend")
    picked = scope.chosen(places)
    kind = request.args.get("kind", "")
    rows = _rows(who, picked)
    if kind in KINDS:
        rows = rows.where(Extension.kind == kind)
    if request.args.get("before"):
        before = _rows(who, picked).where(Extension.key == request.args["before"][:32]).first()
        if before is None:
            raise NotFound()
        rows = rows.where(Extension.id < before.id)
    found = list(rows.order_by(Extension.id.desc()).limit(PAGE + 1))
    held = _held(who, picked)
    return render_template(
        "console/extensions.html", places=places, picked=picked, kinds=KINDS, kind=kind, rows=found[:PAGE],
        older=found[PAGE - 1] if found[PAGE:] else None, held=held, late=plan_note.overdue(held),
        told=plan_note.last_told(held), share=_share(who, picked), days=DAYS,
    )  # fmt: skip


def _rows(who: Actor, places: list[Place]) -> "peewee.ModelSelect[Extension]":
    """The ledger of the cases this person may read, with the case, its category and both people: one query."""
    return (
        Extension.select(Extension, Case, Category, Community, Asker, Second)
        .join(Case, on=(Extension.case == Case.id), attr="case")
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case)
        .join(Community, on=(Case.community == Community.id), attr="community")
        .switch(Extension)
        .join(Asker, on=(Extension.asked_by == Asker.id), attr="asked_by")
        .switch(Extension)
        .join(Second, peewee.JOIN.LEFT_OUTER, on=(Extension.agreed_by == Second.id), attr="agreed_by")
        .where(scope.cases_in(who, places))
    )


def _held(who: Actor, places: list[Place]) -> list[Case]:
    """What is on hold now, the next to go on first."""
    return list(
        Case.select(Case, Category, Community)
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case)
        .join(Community, on=(Case.community == Community.id), attr="community")
        .where(scope.cases_in(who, places), Case.state == "planned")
        .order_by(Case.planned_until, Case.id)
        .limit(HELD)
    )


def _share(who: Actor, places: list[Place]) -> dict[str, int]:
    """Of the cases of the last DAYS days: how many there are, and how many of them were extended or held."""
    recent = scope.cases_in(who, places) & (Case.created_at > now() - timedelta(days=DAYS))
    counted = (
        Extension.select(Extension.kind, peewee.fn.COUNT(Extension.case.distinct()))
        .join(Case)
        .where(recent)
        .group_by(Extension.kind)
    )
    return {"all": Case.select().where(recent).count(), **dict.fromkeys(KINDS, 0), **dict(counted.tuples())}
