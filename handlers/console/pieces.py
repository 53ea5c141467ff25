"""What the page of a case shows of its pieces and whistles: who was asked, by when, who is late, and the forms."""

from datetime import datetime
from typing import Any

from app.rules import crew, rights, subcase_ask, subcase_sight, unit, unit_duty, whistle_move
from app.rules import subcase_words as words
from app.rules.actor import Actor
from models.base import now
from models.case import Case
from models.lifecycle import SUBCASE_STATES, SUBCASE_VERBS, WHISTLE_STATES
from models.subcase import KINDS, Subcase
from models.whistle import KINDS as WHISTLES
from models.whistle import Whistle

#: What a state looks like: (tone, shape).
SIGNS = {
    "asked": ("wait", "quarter"), "accepted": ("act", "half"), "arrived": ("act", "most"),
    "refused": ("wait", "question"), "done": ("done", "tick"), "dropped": ("done", "cross"),
}  # fmt: skip
WHISTLE_SIGNS = {
    "wished": ("wait", "question"), "asked": ("wait", "quarter"), "blown": ("act", "half"), "closed": ("done", "tick"),
    "refused": ("done", "cross"), "cancelled": ("done", "cross"),
}  # fmt: skip
#: What the desk says for whom, in the order of its buttons.
SAID_HERE = ("accept", "finish", "plan", "insist", "redo", "rate", "drop")
#: Which of them need words, and what for.
NEEDS = {"redo": "哪里还没有办好", "finish": "办得怎么样", "plan": "打算怎么办", "drop": "为什么取消（对方会看到）"}


def of(case: Case, who: Actor) -> dict[str, Any]:
    """For the template of a case; nothing for somebody who may not read its pieces."""
    if not rights.may(who, "subcase.read", case=case):
        return {"pieces": [], "whistles": [], "may_blow": False, "may_split": False}
    moment = now()
    rows = [line(row, who, moment) for row in subcase_sight.rows().where(Subcase.case == case).order_by(Subcase.id)]
    blown = list(Whistle.select().where(Whistle.case == case).order_by(Whistle.id))
    for row in blown:
        row.case = case
    open_now = case.state in subcase_ask.ASKABLE
    may_blow = open_now and rights.may(who, "whistle.blow", case=case)
    may_split = open_now and rights.may(who, "case.split", case=case)
    return {
        "pieces": rows,
        "whistles": [
            {
                "row": row, "kind": WHISTLES[row.kind], "state": WHISTLE_STATES[row.state],
                "sign": WHISTLE_SIGNS[row.state], "words": whistle_move.WORDS,
                "verbs": [verb for verb in whistle_move.buttons(row, who) if verb != "blow"],
                "calls": [one for one in rows if one["row"].whistle_id == row.id],
            }
            for row in blown
        ],
        "may_blow": may_blow, "may_split": may_split, "whistle_kinds": WHISTLES, "split_kinds": subcase_ask.SPLITS,
        "kind_words": KINDS, "callable": _callable(case) if may_blow or may_split else [],
        "askable_workers": crew.sendable(case) if may_split else [],
        "wish": next((row for row in blown if may_blow and row.state == "wished"), None),
    }  # fmt: skip


def _callable(case: Case) -> list[dict[str, Any]]:
    """The units one may call, those that see to this category first; not the one complained about."""
    units = [one for one in unit.units_of(case.community) if one.id != case.about_unit_id]
    return [
        {
            "unit": one, "fits": case.category.code in (one.categories or []),
            "leads": not unit_duty.is_pushed(case.category, one),
        }
        for one in unit.suggested(case.category, units)
    ]  # fmt: skip


def line(row: Subcase, who: Actor, moment: datetime) -> dict[str, Any]:
    """One piece for a page: its words, its lateness, and what this person may say to it."""
    held = subcase_sight.buttons(row, who)
    admin = "community_admin" in subcase_sight.parts_for(row, who)
    return {
        "row": row, "party": words.party(row), "title": words.title(row), "state": SUBCASE_STATES[row.state],
        "sign": SIGNS[row.state], "near": words.countdown(row, moment), "late": subcase_sight.is_late(row, moment),
        "verbs": [verb for verb in SAID_HERE if verb in held], "words": SUBCASE_VERBS, "needs": NEEDS,
        "link": admin and row.unit_id is not None and subcase_sight.is_called(row) and row.state in subcase_sight.OPEN,
    }  # fmt: skip
