"""The tables of life cycles themselves: every state can be left or is an end, and screens get the right buttons."""

import pytest

from app.rules.letter import WAYS
from app.rules.personal_erasure import left_over
from app.rules.retention import KEEP
from app.rules.rights import RIGHTS
from models.audit import Audit
from models.case import Case, Step
from models.letter import Letter, Subscription
from models.lifecycle import (
    CASE,
    CASE_OPEN,
    CASE_STATES,
    CASE_STATES_SHORT,
    CASE_VERBS,
    DATA_REQUEST,
    DATA_REQUEST_STATES,
    LETTER,
    LETTER_STATES,
    NOTICE,
    NOTICE_STATES,
    SATISFACTION,
    SIGNIN,
    SUBCASE,
    SUBCASE_STATES,
    SUBCASE_VERBS,
    WHISTLE,
    WHISTLE_STATES,
    find,
    verbs_for,
)
from models.notice import KINDS as NOTICE_KINDS
from models.notice import Notice
from models.personal import DataRequest, Deletion
from models.place import LEVELS, Place
from models.role import ROLES, Role
from models.session import Signin
from models.unit import KINDS, Unit

TABLES = {
    "case": (CASE, "reported"), "letter": (LETTER, "owed"), "signin": (SIGNIN, "shown"),
    "data request": (DATA_REQUEST, "asked"), "notice": (NOTICE, "published"), "subcase": (SUBCASE, "asked"),
    "whistle": (WHISTLE, "wished"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_verb_leads_from_a_state_to_one_place_only(name):
    moves, _ = TABLES[name]
    pairs = [(move.source, move.verb) for move in moves]
    assert sorted(set(pairs)) == sorted(pairs)


@pytest.mark.parametrize("name", TABLES)
def test_every_state_is_reached_from_the_beginning(name):
    moves, beginning = TABLES[name]
    reached = {beginning}
    while more := {move.target for move in moves if move.source in reached} - reached:
        reached |= more
    assert reached == {move.source for move in moves} | {move.target for move in moves}


def test_every_state_and_verb_of_a_piece_and_a_whistle_has_its_chinese_word():
    for moves, states in ((SUBCASE, SUBCASE_STATES), (WHISTLE, WHISTLE_STATES)):
        assert {move.source for move in moves} | {move.target for move in moves} == set(states)
    assert {move.verb for move in SUBCASE} <= set(SUBCASE_VERBS)


def test_every_state_and_verb_has_its_chinese_word():
    assert {move.source for move in CASE} | {move.target for move in CASE} == set(CASE_STATES)
    said = {
        "report", "note", "contact", "involve", "tell_party", "whistle", "offer", "absorb", "plan_note", "extend",
        "classify", "split", "ask", "answer", "keep", "blow", "subcase", "exclude",
        "apart", "object", "part",
    }  # fmt: skip
    assert {move.verb for move in CASE} | said == set(CASE_VERBS)
    assert {move.source for move in LETTER} | {move.target for move in LETTER} == set(LETTER_STATES)
    assert words_of(NOTICE, "source") | words_of(NOTICE, "target") == set(NOTICE_STATES)
    assert words_of(DATA_REQUEST, "source") | words_of(DATA_REQUEST, "target") == set(DATA_REQUEST_STATES)


def test_an_open_case_can_go_on_without_its_reporter_coming_back():
    """From every open state somebody other than the reporter can move it: no case waits for a resident for ever."""
    for state in CASE_OPEN:
        movers = set().union(*(move.who for move in CASE if move.source == state))
        assert movers - {"reporter"} != set()


def test_who_withdrew_cannot_go_on_and_a_refusal_is_taken_back_by_staff_alone():
    assert [move for move in CASE if move.source == "withdrawn"] == []
    refused = [move for move in CASE if move.source == "rejected"]
    assert [(move.verb, move.who) for move in refused] == [("reopen", {"community_admin", "subdistrict_admin"})]


def test_no_ending_that_says_nothing_of_the_work_can_be_judged():
    for state in ("rejected", "handed_over", "merged", "withdrawn", "checking"):
        assert find(CASE, state, "confirm") is None and find(CASE, state, "lapse") is None


def test_nobody_but_another_pair_of_eyes_says_that_a_check_is_passed():
    assert find(CASE, "checking", "pass_check").who == find(CASE, "checking", "rework").who == {"checker"}
    assert find(CASE, "checking", "skip_check").who == {"system"}


def test_a_sent_letter_is_never_sent_again():
    """Unless the platform itself reports that it did not arrive after all."""
    assert [(move.verb, move.target, move.who) for move in LETTER if move.source == "sent"] == [
        ("bounce", "refused", frozenset({"system"}))
    ]
    assert find(LETTER, "uncertain", "revive") is None  # nothing uncertain goes out by itself


def test_the_buttons_of_a_screen_come_from_the_table():
    assert verbs_for(CASE, "dispatched", {"handler"}) == ["accept", "transfer", "return_back"]
    assert verbs_for(CASE, "handling", {"handler"}) == ["make_safe", "transfer", "return_back", "handle", "hand_in"]
    assert verbs_for(CASE, "reported", {"grid_worker"}) == ["grab", "merge"]
    assert verbs_for(CASE, "handled", {"reporter"}) == ["confirm", "reopen"]
    assert verbs_for(CASE, "dispatched", {"community_admin"}) == ["dispatch", "accept", "reject", "hand_over", "merge"]
    assert verbs_for(CASE, "closed", {"resident"}) == []


def test_a_verb_that_the_table_does_not_have_is_not_found():
    assert find(CASE, "reported", "handle") is None
    assert find(CASE, "reported", "dispatch").target == "dispatched"


def words_of(moves, part):
    return {getattr(move, part) for move in moves}


#: SQLite takes any length, PostgreSQL refuses a word that is too long for its column.
FITS = [
    (Case.state, set(CASE_STATES)),
    (Case.satisfaction, set(SATISFACTION)),
    (Step.verb, set(CASE_VERBS)),
    (Step.actor_role, set().union(*words_of(CASE, "who")) | set(ROLES)),
    (Letter.state, set(LETTER_STATES)),
    (Letter.kind, {kind for ways in WAYS.values() for kind, _ in ways}),
    (Letter.channel, {channel for ways in WAYS.values() for _, channel in ways}),
    (Subscription.kind, {kind for ways in WAYS.values() for kind, _ in ways}),
    (Signin.state, words_of(SIGNIN, "source") | words_of(SIGNIN, "target")),
    (DataRequest.state, set(DATA_REQUEST_STATES)),
    (Deletion.kind, {kind.name for kind in KEEP} | {f"erased_{step.kind}" for step in left_over()}),
    (Role.kind, set(ROLES)),
    (Place.kind, set(LEVELS)),
    (Unit.kind, set(KINDS)),
    (Notice.state, set(NOTICE_STATES)),
    (Notice.kind, set(NOTICE_KINDS)),
    (Audit.action, set(RIGHTS)),
    (Audit.role, set(ROLES)),
]


@pytest.mark.parametrize("column, words", FITS, ids=lambda one: getattr(one, "name", ""))
def test_every_word_fits_its_column(column, words):
    assert [word for word in sorted(words) if len(word) > column.max_length] == []


def test_a_state_on_a_card_is_at_most_five_characters():
    assert set(CASE_STATES_SHORT) == set(CASE_STATES)
    assert [word for word in CASE_STATES_SHORT.values() if len(word) > 5] == []
