"""What one can say to a case, whatever the door: one table from the verb to its rule, with all that may come along.

The phone, the desk and the chat say verbs through `do`, so that none of them has a way of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.rules import (
    bundle,
    contact,
    delay,
    dispatch,
    ending,
    extension,
    handling,
    judgement,
    media,
    merge,
    own_work,
    plan_note,
    reopening,
    rights,
)
from app.rules import case as cases
from app.rules.actor import Actor
from app.rules.case_move import WORDS_LIMIT
from app.rules.refusal import NotFound, Refusal
from app.rules.words import clean
from models.case import Case, Photo
from models.lifecycle import CASE, find, verbs_for
from models.person import Person

#: What a photo shows that comes with a verb; with any other verb it adds to the report.
SHOWS = {"accept": "before", "grab": "before", "make_safe": "safe", "handle": "after", "rework": "check",
         "pass_check": "check"}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """All that may come with a verb; each takes what it needs."""

    note: str = ""
    #: Keys of uploaded photos.
    photos: tuple[str, ...] = ()
    worker: Person | None = None
    satisfaction: str = ""
    #: How each aspect was, and the standard answers chosen (models.judgement).
    aspects: dict[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    #: A code of models.lifecycle.DISPOSITIONS; to whom a matter is handed over.
    disposition: str = ""
    to: str = ""
    #: The case it is the same as.
    into: Case | None = None
    until: datetime | None = None


def _dispatch(case: Case, actor: Actor, said: Said) -> Case:
    if said.worker is None:
        raise Refusal("not_a_worker", "请从本社区在岗的网格员里选一位。", {"worker": "不在岗"})
    return dispatch.dispatch(case, actor=actor, worker=said.worker, note=said.note)


def _transfer(case: Case, actor: Actor, said: Said) -> Case:
    if said.worker is None:
        raise Refusal("not_a_worker", "请从本社区在岗的网格员里选一位。", {"worker": "不在岗"})
    return dispatch.transfer(case, actor=actor, worker=said.worker, note=said.note)


def _confirm(case: Case, actor: Actor, said: Said) -> Case:
    return judgement.confirm(
        case, actor=actor, satisfaction=said.satisfaction, note=said.note, aspects=said.aspects, answers=said.answers
    )


def _extend(case: Case, actor: Actor, said: Said) -> Case:
    delay.ask(case, actor=actor, kind="extension", reason=said.note)
    return Case.get_by_id(case.id)


def _plan(case: Case, actor: Actor, said: Said) -> Case:
    delay.ask(case, actor=actor, kind="hold", reason=said.note, until=said.until)
    return Case.get_by_id(case.id)


#: Every verb that a person says to a case, with its rule.
DEEDS: dict[str, Callable[[Case, Actor, Said], Case]] = {
    "dispatch": _dispatch,
    "accept": lambda case, actor, said: dispatch.accept(case, actor=actor),
    "grab": lambda case, actor, said: dispatch.grab(case, actor=actor),
    "transfer": _transfer,
    "return_back": lambda case, actor, said: dispatch.return_back(case, actor=actor, note=said.note),
    "make_safe": lambda case, actor, said: handling.make_safe(case, actor=actor, note=said.note),
    "handle": lambda case, actor, said: handling.handle(case, actor=actor, note=said.note),
    "pass_check": lambda case, actor, said: handling.pass_check(case, actor=actor, note=said.note),
    "rework": lambda case, actor, said: handling.rework(case, actor=actor, note=said.note),
    "reject": lambda case, actor, said: ending.reject(
        case, actor=actor, note=said.note, disposition=said.disposition
    ),
    "hand_over": lambda case, actor, said: ending.hand_over(case, actor=actor, to=said.to, note=said.note),
    "withdraw": lambda case, actor, said: ending.withdraw(case, actor=actor, note=said.note),
    "confirm": _confirm,
    "reopen": lambda case, actor, said: reopening.reopen(case, actor=actor, note=said.note),
    "keep": lambda case, actor, said: reopening.keep(case, actor=actor, note=said.note),
    "merge": lambda case, actor, said: merge.merge(case, actor=actor, into=said.into, note=said.note),
    "unmerge": lambda case, actor, said: merge.unmerge(case, actor=actor, note=said.note),
    "apart": lambda case, actor, said: bundle.apart(case, actor=actor),
    "object": lambda case, actor, said: merge.object_to(case, actor=actor, note=said.note),
    "contact": lambda case, actor, said: contact.contact(case, actor=actor, note=said.note),
    "plan": _plan,
    "resume": lambda case, actor, said: extension.resume(case, actor=actor, note=said.note),
    "extend": _extend,
    "plan_note": lambda case, actor, said: plan_note.write_note(case, actor=actor, note=said.note),
}  # fmt: skip
#: Those that leave the case in its state: when there is something to say them to.
STILL: dict[str, Callable[[Case, Actor], bool]] = {
    "apart": lambda case, actor: case.same_as_id is not None and case.closed_at is None,
    "object": lambda case, actor: case.state == "merged",
    "keep": lambda case, actor: judgement.asked(case) and reopening.may_keep(case, actor),
    "contact": lambda case, actor: contact.open_to(case) and case.reporter_id not in actor.aliases,
    "plan_note": lambda case, actor: case.state == "planned",
    "extend": lambda case, actor: delay.offered(case, actor, "extension"),
}


def do(case: Case, verb: str, *, actor: Actor, said: Said, per_case: int) -> Case:
    """Say one of DEEDS to a case; photos that come with it (at most `per_case`) are attached first, as its evidence.

    Raises NotFound for a case the actor may not read, Conflict when its state forbids the verb, Forbidden, Refusal.
    """
    if verb not in DEEDS or not rights.may(actor, "case.read", case=case):
        raise NotFound()
    if verb in STILL or find(CASE, case.state, verb) is not None:
        rights.need(actor, f"case.{verb}", case=case)
        attach(case, actor, said.photos, SHOWS.get(verb, "report"), per_case)
    return DEEDS[verb](case, actor, said)


def buttons(case: Case, actor: Actor) -> list[str]:
    """The verbs this actor may say to a case now, in the order of the table: what a screen offers."""
    held = verbs_for(CASE, case.state, set(actor.parts_for(case)))
    moves = [
        verb for verb in held
        if verb in DEEDS and (verb != "make_safe" or (case.hazard and case.safe_at is None))
        and (verb != "reopen" or reopening.may_reopen(case, actor)) and dispatch.sayable(verb, case, actor)
        and (verb != "confirm" or not own_work.is_own(case))
        and (verb != "plan" or delay.offered(case, actor, "hold"))
    ]  # fmt: skip
    return moves + [
        verb for verb, fits in STILL.items() if rights.may(actor, f"case.{verb}", case=case) and fits(case, actor)
    ]


def words(note: str) -> str:
    """A note as it is kept."""
    return clean(note, WORDS_LIMIT).strip()


def attach(case: Case, actor: Actor, keys: tuple[str, ...] | list[str], kind: str, per_case: int) -> None:
    """Attach uploaded photos by their keys. Raises Refusal `too_many_photos` or `photo_taken`."""
    if not keys:
        return
    held = Photo.select().where(Photo.case == case, Photo.kind == kind).count()
    if held + len(keys) > per_case:
        raise Refusal("too_many_photos", f"每一步最多 {per_case} 张照片。", {"photos": "太多了"})
    cases.add_photos(case, actor=actor, photos=media.own_photos(list(keys), actor), kind=kind)
