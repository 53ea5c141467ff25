"""The units of a case: the one asked to act, and the one complained about, which is told when the community says so."""

from app.rules import case_letters, crew
from app.rules.actor import Actor
from app.rules.case_move import amend
from app.rules.refusal import Conflict, Refusal
from app.rules.rights import need
from app.rules.words import clean
from models.base import now
from models.case import Case, Step
from models.lifecycle import CASE_STATES
from models.person import Person
from models.place import Place
from models.unit import Unit

NOTE_LIMIT = 500
#: The states in which a unit can still be of help.
ASKS_FOR_HELP = ("reported", "dispatched", "handling")


def involve(
    case: Case, *, actor: Actor, unit: Unit | None = None, about_unit: Unit | None = None, about: Person | None = None,
    note: str = "",
) -> None:
    """Say which unit is asked to act, and which one, or which colleague, the report complains about; None: none.

    A unit asked to act is told the matter and the place, never the reporter. Whoever is complained about has no part
    in the case any more, also as its handler, and is told nothing until `tell_party`; a unit that is only asked to act
    changes nothing for a party told before. A worker who whistled for a unit is told the answer.
    Raises Refusal `unit_unknown` for one of another community, `unit_twice` for the same as both, `person_unknown` for
    somebody not on duty here.
    """
    need(actor, "case.involve", case=case)
    if about is not None and about != case.about and about not in accusable(case, actor):
        raise Refusal("person_unknown", "请从本社区在岗的同志里选。", {"about": "不在列表里"})
    for one in (unit, about_unit):
        if one is not None and one.community_id != case.community_id:
            raise Refusal("unit_unknown", "请从本社区的单位里选。", {"unit": "不在列表里"})
    if unit is not None and unit == about_unit:
        raise Refusal("unit_twice", "被反映的单位不能同时办理这件事。", {"unit": "请另选一个"})
    named = {"unit": unit, "about_unit": about_unit, "about": about}
    before = {name: getattr(getattr(case, name), "key", "") for name in named}
    after = {name: getattr(one, "key", "") for name, one in named.items()}
    asked_by, same_party = _whistler(case), (about_unit, about) == (case.about_unit, case.about)
    amend(
        case, "involve", actor, clean(note, NOTE_LIMIT).strip(), before=before, after=after, unit=unit,
        about_unit=about_unit, about=about, party_told_at=case.party_told_at if same_party else None,
    )  # fmt: skip
    if asked_by is not None and asked_by != about:
        case_letters.whistle_answered(case, asked_by, unit, clean(note, NOTE_LIMIT).strip())


def whistle(case: Case, *, actor: Actor, unit: Unit | None = None, note: str) -> None:
    """A worker asks the community to call a unit (吹哨): a step with the reason, and a letter to its admins.

    The admin answers with `involve`, also with none. Raises Conflict while one waits for that answer or the case is
    over, Refusal `note_missing` or `unit_unknown`.
    """
    need(actor, "case.whistle", case=case)
    if unit is not None and (unit.community_id != case.community_id or unit.left_at is not None):
        raise Refusal("unit_unknown", "请从本社区的单位里选。", {"unit": "不在列表里"})
    said = clean(note, NOTE_LIMIT).strip()
    if not said:
        raise Refusal("note_missing", "请写明为什么要请单位来，比如“要断电才能修”。", {"note": "必填"})
    if case.state not in ASKS_FOR_HELP:
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，不用再请单位了。", "state_forbids")
    if _whistler(case) is not None:
        raise Conflict("已经申请过了，请等社区答复。", "whistled")
    amend(case, "whistle", actor, said, after={"unit": unit.key if unit else ""})
    case_letters.whistle(case, unit, said)


def _whistler(case: Case) -> Person | None:
    """Who whistled and waits for the community's answer."""
    asked = Step.select().where(Step.case == case, Step.verb.in_(("whistle", "involve"))).order_by(Step.id.desc())
    last = asked.first()
    return last.actor if last is not None and last.verb == "whistle" else None


def units_of(community: Place) -> list[Unit]:
    """The units of a community that may be asked to act, by name."""
    return list(Unit.select().where(Unit.community == community, Unit.left_at.is_null()).order_by(Unit.name))


def accusable(case: Case, actor: Actor) -> list[Person]:
    """The colleagues on duty in the community, but for the actor: nobody puts a case out of the own hands or eyes."""
    found = crew.holding(["grid_worker", "community_admin", "mediator", "volunteer"], case.community)
    return [one for one in found if one.id != actor.person.id]


def tell_party(case: Case, *, actor: Actor, note: str) -> None:
    """Let the party complained about read its own narrow view: the matter in the community's words, nothing else.

    `note` must not say who reported; whoever writes it is answerable. Raises Refusal `no_party` or `note_missing`.
    """
    need(actor, "case.involve", case=case)
    if case.about_id is None and case.about_unit_id is None:
        raise Refusal("no_party", "这件事没有被反映方，不用告知。")
    if not note.strip():
        raise Refusal("note_missing", "请用社区的话写明要告知什么，不要写上报人是谁。", {"note": "必填"})
    amend(case, "tell_party", actor, note, party_told_at=now())
