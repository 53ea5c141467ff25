"""The units of a case: the one asked to act, and the one complained about, which is told when the community says so."""

from app.rules import crew, subcase, unit_duty, whistle
from app.rules.actor import Actor
from app.rules.case_move import amend
from app.rules.refusal import Refusal
from app.rules.rights import need
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.person import Person
from models.unit import Unit

NOTE_LIMIT = 500


def involve(
    case: Case, *, actor: Actor, unit: Unit | None = None, about_unit: Unit | None = None, about: Person | None = None,
    note: str = "",
) -> None:
    """Say which unit is asked to act, and which one, or which colleague, the report complains about; None: none.

    A unit asked to act is told the matter and the place, never the reporter. Whoever is complained about has no part
    in the case any more, also as its handler, and is told nothing until `tell_party`; what such a unit was asked is
    dropped. A unit that is only asked to act changes nothing for a party told before. It answers a worker's wish.
    Raises Refusal `unit_unknown` for one of another community, `unit_twice` for the same as both, `person_unknown` for
    somebody not on duty here, `not_committee_duty` for a residents' committee asked to do a duty of the government.
    """
    need(actor, "case.involve", case=case)
    if about is not None and about != case.about and about not in accusable(case, actor):
        raise Refusal("person_unknown", "请从本社区在岗的同志里选。", {"about": "不在列表里"})
    for one in (unit, about_unit):
        if one is not None and one.community_id != case.community_id:
            raise Refusal("unit_unknown", "请从本社区的单位里选。", {"unit": "不在列表里"})
    if unit is not None and unit == about_unit:
        raise Refusal("unit_twice", "被反映的单位不能同时办理这件事。", {"unit": "请另选一个"})
    if unit != case.unit:
        unit_duty.need_not_committee(case.category, unit)
    named = {"unit": unit, "about_unit": about_unit, "about": about}
    before = {name: getattr(getattr(case, name), "key", "") for name in named}
    after = {name: getattr(one, "key", "") for name, one in named.items()}
    same_party = (about_unit, about) == (case.about_unit, case.about)
    whistle.answer(case, actor=actor, unit=unit, note=note, party=about)
    amend(
        case, "involve", actor, clean(note, NOTE_LIMIT).strip(), before=before, after=after, unit=unit,
        about_unit=about_unit, about=about, party_told_at=case.party_told_at if same_party else None,
    )  # fmt: skip
    if about_unit is not None:
        subcase.drop_for(case, about_unit, note="社区调整了安排")


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
