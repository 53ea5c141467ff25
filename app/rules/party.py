"""The units of a case: the one asked to act, and the one complained about, which is told when the community says so."""

from app.rules.actor import Actor
from app.rules.case import amend
from app.rules.refusal import Refusal
from app.rules.rights import need
from models.base import now
from models.case import Case
from models.unit import Unit


def involve(case: Case, *, actor: Actor, unit: Unit | None, about_unit: Unit | None) -> None:
    """Say which unit is asked to act, and which one the report complains about; None: none.

    A unit asked to act is told the matter and the place, never the reporter; one complained about nothing, until
    `tell_party`. Raises Refusal `unit_unknown` for one of another community, `unit_twice` for the same as both.
    """
    need(actor, "case.involve", case=case)
    for one in (unit, about_unit):
        if one is not None and one.community_id != case.community_id:
            raise Refusal("unit_unknown", "请从本社区的单位里选。", {"unit": "不在列表里"})
    if unit is not None and unit == about_unit:
        raise Refusal("unit_twice", "被反映的单位不能同时办理这件事。", {"unit": "请另选一个"})
    amend(case, "involve", actor, unit=unit, about_unit=about_unit, party_told_at=None)


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
