"""Endings other than by work done: not taken, not ours and handed to whom, taken back.

None of them says "solved" (domain §3.1): a refusal names its reason, a hand-over names who has it now, and the
community stays the convener until that side has taken it (首接负责制, 北京 接诉即办 Art. 14).
"""

from app.rules import case_letters, ending_words, letter, merge, whistle, wording
from app.rules.actor import Actor
from app.rules.case_move import move, need_note
from app.rules.refusal import Refusal
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.lifecycle import DISPOSITIONS
from models.unit import Unit

TO_LIMIT = 80


def reject(case: Case, *, actor: Actor, note: str, disposition: str = "") -> Case:
    """An admin does not take the case: a reason of DISPOSITIONS and words the resident gets to read.

    Raises Refusal `note_missing`, or `disposition_unknown` for none or another reason.
    """
    need_note(note, "请写明不予受理的原因，居民会看到。")
    if disposition not in DISPOSITIONS:
        raise Refusal("disposition_unknown", "请选择不予受理的原因。", {"disposition": "请选择"})
    case = move(case, "reject", actor, note, closed_at=now(), disposition=disposition)
    case_letters.call_off(case, "reject", case.handler, but=(actor.person,))
    whistle.end_with(case)
    _tell(case, ending_words.refused(case, note))
    return case


def hand_over(case: Case, *, actor: Actor, to: str, note: str) -> Case:
    """Not ours: the reporter is told to whom it goes (`to`: the key of a unit here, or words) and how to come back.

    The unit the report complains about is never handed the matter. Raises Refusal `note_missing`, `to_missing`,
    `to_too_long` or `complained_about`.
    """
    need_note(note, "请写明为什么不归社区管，居民会看到。")
    to = clean(to, 2 * TO_LIMIT).strip()
    unit = Unit.get_or_none(Unit.key == to, Unit.community == case.community, Unit.left_at.is_null()) if to else None
    whom = unit.name if unit else to
    if not whom:
        raise Refusal("to_missing", "请写明转交给哪个单位，居民会看到。", {"to": "必填"})
    if len(whom) > TO_LIMIT:
        raise Refusal("to_too_long", f"单位名称请在 {TO_LIMIT} 字以内。", {"to": "太长"})
    if case.about_unit_id is not None and whom in (case.about_unit.name, case.about_unit.key):
        raise Refusal("complained_about", "居民反映的就是这个单位，不能转交给它。", {"to": "请另选一个"})
    case = move(case, "hand_over", actor, f"{whom}：{note}", closed_at=now(), handed_to=whom)
    case_letters.call_off(case, "hand_over", case.handler, but=(actor.person,))
    whistle.end_with(case)
    _tell(case, ending_words.handed_over(case, note))
    return case


def withdraw(case: Case, *, actor: Actor, note: str = "") -> Case:
    """The reporter takes the report back; the worker already sent is told."""
    case = move(case, "withdraw", actor, note, closed_at=now())
    case_letters.call_off(case, "withdraw", case.handler, but=(actor.person,))
    whistle.end_with(case)
    merge.outlive(case)
    return case


def _tell(case: Case, text: str) -> None:
    """How it ended, to the reporter."""
    letter.owe(
        kind="case_progress", person=case.reporter, community=case.community, case=case,
        event=f"ending:{case.id}:{case.version}", next_persons=case_letters.family_of(case),
        content=wording.facts(case) | {"text": text},
    )  # fmt: skip
