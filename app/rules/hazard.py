"""Hazard first: a report of a danger becomes a safety action at once, which never waits for anything (domain §2.7).

A decision (a meeting, the owners) and a repair may be added beside it (app.rules.subcase_ask.split); they have no
hand in its clock. What was done when, with its photos and the warning put up, is the evidence of proper care (Civil
Code Art. 1258).
"""

from dataclasses import dataclass
from datetime import datetime

from app.rules import subcase_ask
from app.rules import subcase_words as words
from app.rules.actor import Actor
from app.rules.subcase_move import move
from app.rules.subcase_sight import OPEN
from models.base import now
from models.case import Case, Photo
from models.lifecycle import CASE_VERBS, SUBCASE_VERBS
from models.subcase import Subcase, SubcaseStep

WORDS = "先到现场围护、放警示标志，防止有人受伤"


def begin(case: Case) -> Subcase | None:
    """The safety action of a danger, due when the case says so: for whoever handles the case. None for no danger.

    Called again (a case that was reopened, or became one of danger) it adds one only when none is open.
    """
    if not case.hazard or _open_one(case) is not None:
        return None
    return subcase_ask.ask(case, actor=None, kind="safety_action", words=WORDS, due_at=case.safe_due)


def _open_one(case: Case) -> Subcase | None:
    rows = Subcase.select().where(Subcase.case == case, Subcase.kind == "safety_action", Subcase.state.in_(OPEN))
    return rows.order_by(Subcase.id.desc()).first()


def made_safe(case: Case, *, actor: Actor | None) -> None:
    """The place is safe for now, as its handler said of the case: the safety action is done, with what shows it."""
    row = _open_one(case)
    if row is None:
        return
    row.case = case
    if row.state == "asked":
        move(row, "accept", actor, accepted_at=case.accepted_at or now())
    move(row, "finish", actor, result="现场已安全", done_at=case.safe_at or now(), warned_at=_warned_at(case))


def _warned_at(case: Case) -> datetime | None:
    """When the sign or fence was first seen on a photo."""
    photos = Photo.select().where(Photo.case == case, Photo.kind == "safe").order_by(Photo.id)
    first = photos.first()
    return first.created_at if first else None


@dataclass(frozen=True)
class Moment:
    """One line of the evidence."""

    at: datetime
    words: str
    photos: tuple[str, ...] = ()


def evidence(case: Case) -> list[Moment]:
    """What was known and done when, in order: the report, the steps of the case, of its safety action, and photos."""
    found = [
        Moment(step.at, CASE_VERBS[step.verb]) for step in case.steps.order_by("id")
        if step.verb in ("report", "dispatch", "accept", "make_safe", "handle")
    ]  # fmt: skip
    query = SubcaseStep.select(SubcaseStep, Subcase).join(Subcase).where(Subcase.case == case)
    for step in query.order_by(SubcaseStep.id):
        row = step.subcase
        row.case = case
        found.append(Moment(step.at, f"{words.title(row)}：{SUBCASE_VERBS[step.verb]}"))
    for photo in Photo.select().where(Photo.case == case, Photo.kind.in_(("report", "before", "safe", "after"))):
        what = {"report": "上报时的照片", "before": "处理前的照片", "safe": "围护、警示的照片", "after": "处理后的照片"}
        found.append(Moment(photo.created_at, what[photo.kind], (photo.key,)))
    return sorted(found, key=lambda one: one.at)
