"""Seeing more than usual at the desk: names for a reason, broken glass, and what others should look at afterwards."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import alert, glass, reading, rights
from app.rules.actor import Actor
from app.rules.reading import Known
from app.rules.refusal import NotFound
from handlers.console import case as cases
from handlers.console import conversation as talks
from handlers.console import residence as residences
from handlers.console import scope
from models.alert import Alert
from models.base import write
from models.case import Case
from models.glass import Glass
from models.person import Person
from models.place import Place

PAGE = 50


def _reason() -> str:
    return request.form.get("reason", "")[:400]


@at_desk("case.read")
def reporter(key: str) -> str:
    """Name, phone and door of a case's reporter, shown in this answer and nowhere else."""
    case = cases.find(actor(), key)
    with write():
        known = reading.reveal_reporter(case, actor=actor(), reason=_reason())
    return _shown(known, url_for("console.case", key=key))


@at_desk("inbox.read")
def speaker(key: str) -> str:
    """The same for whoever talks with the community."""
    found = talks.find(actor(), key)
    with write():
        known = reading.reveal_speaker(found, actor=actor(), reason=_reason())
    return _shown(known, url_for("console.conversation", key=key))


@at_desk("residence.confirm")
def asker(key: str) -> str:
    """The same for whoever asks to be bound to a household."""
    found = residences.find(actor(), key)
    with write():
        known = reading.reveal_asker(found, actor=actor(), reason=_reason())
    return _shown(known, url_for("console.residences"))


def _shown(known: Known | None, back: str) -> str:
    if known is None:
        raise reading.BudgetSpent()
    return render_template("console/revealed.html", known=known, back=back)


@at_desk("desk.read")
def break_glass(key: str) -> Response:
    """Open for half an hour what is usually shut, for a reason; others are told at once."""
    case = Case.get_or_none(Case.key == key, scope.seen(actor()))
    if case is None:
        raise NotFound()
    with write():
        glass.break_glass(case, request.form.get("action", ""), actor=actor(), reason=_reason())
    return redirect(url_for("console.case" if rights.may(actor(), "case.read", case=case) else "console.desk", key=key))


@at_desk("alert.read")
def alerts() -> str:
    """What to look at in the communities of this person: what nobody has seen first, then the newest."""
    places = scope.communities(actor(), "alert.read")
    picked = scope.chosen(places)
    return render_template(
        "console/alerts.html", places=places, picked=picked, alerts=_alerts(picked), broken=_broken(picked),
        words=glass.WORDS, me=actor().person,
    )  # fmt: skip


def _posts(who: Actor) -> list[int]:
    """The places whose alerts this person looks at: the communities, and the own street or district itself."""
    above = [role.place_id for role in who.roles if role.kind in rights.holders("alert.read")]
    return [*above, *(place.id for place in scope.communities(who, "alert.read"))]


def _alerts(places: list[Place]) -> list[Alert]:
    whole = len(places) == len(scope.communities(actor(), "alert.read"))
    inside = Alert.place.in_(_posts(actor()) if whole else [place.id for place in places])
    query = Alert.select(Alert, Place).join(Place).where(inside, alert.readable(actor()))
    return list(query.order_by(Alert.seen_at.is_null(False), Alert.id.desc()).limit(PAGE))


def unseen(who: Actor) -> int:
    """How many alerts and broken glasses somebody else than their cause has to look at, and may."""
    inside = [place.id for place in scope.communities(who, "alert.read")]
    alerts = Alert.select().where(Alert.place.in_(_posts(who)), Alert.seen_at.is_null(), alert.readable(who)).count()
    broken = Glass.select().join(Case).where(
        Case.community.in_(inside), Glass.reviewed_at.is_null(), Glass.person != who.person, rights.not_about(who)
    )
    return alerts + broken.count()


def _broken(places: list[Place]) -> list[Glass]:
    """Broken glass that nobody has looked at yet."""
    return list(
        Glass.select(Glass, Case, Person)
        .join(Case)
        .switch(Glass)
        .join(Person, on=(Glass.person == Person.id))
        .where(Case.community.in_([place.id for place in places]), Glass.reviewed_at.is_null())
        .where(rights.not_about(actor()))
        .order_by(Glass.id.desc())
        .limit(PAGE)
    )


def _inside() -> list[int]:
    return [place.id for place in scope.communities(actor(), "alert.read")]


@at_desk("alert.read")
def see(key: str) -> Response:
    """Somebody looked at it."""
    found = Alert.get_or_none(Alert.key == key, Alert.place.in_(_posts(actor())), alert.readable(actor()))
    if found is None:
        raise NotFound()
    with write():
        alert.see(found, actor=actor())
    return redirect(url_for("console.alerts"), 303)


@at_desk("glass.review")
def review(key: str) -> Response:
    """Somebody else looked at a broken glass."""
    visible = Case.community.in_(_inside()) & rights.not_about(actor())
    found = Glass.select().join(Case).where(Glass.key == key, visible).first()
    if found is None:
        raise NotFound()
    with write():
        glass.review(found, actor=actor())
    return redirect(url_for("console.alerts"), 303)

