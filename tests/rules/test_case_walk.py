"""Every state, verb and person of the life cycle of a case, generated from its table."""

import pytest

from app.rules.refusal import Conflict, Forbidden, Refusal
from models.audit import Audit
from models.base import database
from models.case import Case, Step
from models.lifecycle import CASE, CASE_STATES, find
from tests.rules.cases import case_in, main_of, newest, owed, say, world

#: What each of them is to 张兰's case: 刘洋 works in the next grid, 孙梅 lives in it, 何芳 runs the next community.
PARTS = {
    None: {"system"},
    "zhanglan": {"reporter"},
    "wangdashan": {"handler", "grid_worker"},
    "chenjing": {"community_admin", "checker"},
    "liuyang": set(),
    "sunmei": set(),
    "hefang": set(),
    "dengwei": {"subdistrict_admin"},
}
VERBS = sorted({move.verb for move in CASE})
#: Who is owed which letter after a verb that somebody said.
OWED = {
    "dispatch": [("王大山", "case_assigned"), ("张兰", "case_progress")],
    "accept": [("张兰", "case_progress")],
    "grab": [("张兰", "case_progress")],
    # A word to both, and the task; 张兰 is told when 王大山 had accepted it, see the_move_is_made.
    "transfer": [("刘洋", "case_assigned"), ("刘洋", "case_reminder"), ("王大山", "case_reminder")],
    "return_back": [("陈静", "case_assigned"), ("张兰", "case_progress")],
    "reject": [("张兰", "case_progress")],
    "hand_over": [("张兰", "case_progress")],
    "hand_in": [("陈静", "case_reminder")],
    "pass_check": [("张兰", "judge_please")],
    "rework": [("王大山", "case_reminder")],
    "skip_check": [],
    "plan": [("王大山", "case_reminder"), ("张兰", "case_progress")],
    "resume": [("王大山", "case_reminder"), ("张兰", "case_progress")],
    "withdraw": [],
    "make_safe": [("张兰", "case_progress")],
    "handle": [("张兰", "judge_please")],
    "confirm": [],
    "reopen": [("王大山", "case_assigned"), ("张兰", "case_progress")],
    "lapse": [],
    "escalate": [],
    "merge": [("张兰", "case_progress")],
    "unmerge": [("王大山", "case_assigned"), ("张兰", "case_progress")],
}
#: What a verb leaves besides its own step, the newest first: there, or at the case it was merged into.
BESIDES = {"merge": ["absorb"], "unmerge": ["part"]}
#: Who takes the case out of 王大山's hands, by which verb; he is told that he need not go.
CALLED_OFF = {
    ("withdraw", "zhanglan"), ("reject", "chenjing"), ("reject", "dengwei"), ("accept", "chenjing"),
    ("hand_over", "chenjing"), ("hand_over", "dengwei"),
}  # fmt: skip


@pytest.mark.parametrize("state", CASE_STATES)
def test_every_verb_by_everybody_in_this_state(sqlite_town, state):
    town, known = sqlite_town, case_in(sqlite_town, state)
    main_of(town, known)
    for verb in VERBS:
        for who, parts in PARTS.items():
            case, step = Case.get_by_id(known.id), find(CASE, state, verb)
            with database.atomic() as deed:
                if step and step.who & parts:
                    the_move_is_made(town, case, step, who)
                else:
                    nothing_happens(town, case, verb, who, Forbidden if step else Conflict)
                deed.rollback()


def the_move_is_made(town, case, step, who):
    before, counts = world(case)
    had_worker = case.handler is not None
    moved = say(case, step.verb, town, who)
    after, counts_now = world(case)
    steps, audits, letters, events, _ = (new - old for old, new in zip(counts, counts_now, strict=True))
    # What is reported anew goes to its worker at once, as the first time.
    anew = step.verb == "reopen" or (step.verb == "unmerge" and who)
    unasked = [find(CASE, "reported", "dispatch")] if anew else []
    besides = BESIDES.get(step.verb, []) if who else []
    target = unasked[-1].target if unasked else step.target
    version = before["version"] + 1 + len(unasked)
    assert (step.verb, who, moved.state, after["version"]) == (step.verb, who, target, version)
    told = OWED[step.verb] + [("王大山", "case_reminder")] * (had_worker and (step.verb, who) in CALLED_OFF)
    told += [("张兰", "case_progress")] * (step.verb == "transfer" and step.source == "handling")
    assert (step.verb, who, owed(letters)) == (step.verb, who, sorted(told) if who else [])
    *more, written = newest(Step, steps)
    assert [row.verb for row in more] == [*(move.verb for move in unasked), *besides]
    assert [row.actor for row in more] == [None] * len(unasked) + [written.actor] * len(besides)
    assert (written.verb, written.from_state, written.to_state) == (step.verb, step.source, step.target)
    assert written.actor == (town.person(who) if who else None)
    *_, noted = newest(Audit, audits)
    assert (noted.action, noted.subject, noted.person) == (f"case.{step.verb}", case.key, written.actor)
    assert (audits, events) == (steps, 1 + len(unasked) + len(besides))
    for own in ("words", "first_category", "created_at", "reporter", "number", "community"):
        assert after[own] == before[own]


def nothing_happens(town, case, verb, who, refusal):
    before = world(case)
    with pytest.raises(Refusal) as said, database.atomic():
        say(case, verb, town, who)
    assert (verb, who, type(said.value)) == (verb, who, refusal)
    assert world(case) == before
