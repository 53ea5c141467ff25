"""Letters: by which ways, to whom next, once an event, and always an end that somebody sees."""

from datetime import timedelta

import pytest

from app.rules import conversation as talk
from app.rules import letter
from app.rules.letter import LIFETIME, WAYS, bounced, fall_back, move, owe, resend
from models.base import now, write
from models.event import Event
from models.letter import Letter
from models.lifecycle import LETTER, LETTER_STATES, find
from models.person import Identity, Person
from tests.rules.together import at_once


def write_to(town, who="zhanglan", kind="case_progress", event="progress:1:1", **more):
    """Owe somebody a letter; the newest one."""
    with write():
        owe(kind=kind, person=town.person(who), community=town.community(), event=event, content={"text": "好"}, **more)
    return Letter.select().order_by(Letter.id.desc()).first()


def way(row):
    """What one letter is, to whom and by which way."""
    return row.person.name, row.kind, row.channel, row.identity.account if row.identity else None


def chain(town, row):
    """All letters that follow when none arrives, from this one on."""
    found = [way(row)]
    while row.state == "owed":
        with write():
            Letter.update(state="refused").where(Letter.id == row.id).execute()
            fall_back(Letter.get_by_id(row.id))
        following = Letter.get_or_none(Letter.follows == row)
        if following is None:
            return found
        found.append(way(following))
        row = following
    return found


def test_a_task_goes_to_the_mini_program_first_and_to_the_next_person_last(town):
    first = write_to(
        town, "wangdashan", "case_assigned", "task:1:1",
        next_persons=(town.person("liuyang"), town.person("chenjing")), urgent=True,
    )  # fmt: skip
    ways = [("subscribe", "mini"), ("template", "official"), ("chat", "official"), ("chat", "mini")]
    people = ("王大山", "刘洋", "陈静")
    expected = [(name, "case_assigned", *one) for name in people for one in ways]
    assert chain(town, first) == expected
    assert Letter.select().where(Letter.urgent).count() == 12
    assert Letter.select().where(Letter.state == "owed").count() == 0


def test_an_answer_goes_back_the_way_the_person_spoke_and_else_says_that_it_waits(sqlite_town):
    talk.open_with(
        sqlite_town.person("zhanglan"), sqlite_town.community(), sqlite_town.identity("zhanglan", "mini")
    )
    assert chain(sqlite_town, write_to(sqlite_town, kind="answer", event="line:1")) == [
        ("张兰", "answer", "chat", "mini"),
        ("张兰", "answer", "chat", "official"),
        ("张兰", "answer_waiting", "subscribe", "mini"),
        ("张兰", "answer_waiting", "template", "official"),
    ]


def test_who_left_the_official_account_is_not_written_to_there(sqlite_town):
    Identity.update(followed=False).where(Identity.id == sqlite_town.identity("zhanglan").id).execute()
    assert chain(sqlite_town, write_to(sqlite_town)) == [
        ("张兰", "case_progress", "chat", "mini"), ("张兰", "case_progress", "subscribe", "mini"),
    ]  # fmt: skip


def test_a_reply_goes_to_the_chat_it_answers_and_nowhere_else(sqlite_town):
    row = write_to(sqlite_town, kind="reply", event="line:2", identity=sqlite_town.identity("zhanglan"))
    assert chain(sqlite_town, row) == [("张兰", "reply", "chat", "official")]


def test_the_same_event_owes_the_same_person_once(town):
    write_to(town)
    write_to(town)
    assert Letter.select().count() == 1
    write_to(town, "sunmei")
    write_to(town, event="progress:1:2")
    assert Letter.select().count() == 3


def test_the_same_event_from_eight_hosts_at_once_is_one_letter(town):
    at_once(*[lambda: write_to(town)] * 8)
    assert Letter.select().count() == 1


def test_with_no_way_at_all_it_failed_where_the_desk_sees_it(sqlite_town):
    Identity.delete().where(Identity.person == sqlite_town.person("zhaoqiang")).execute()
    row = write_to(sqlite_town, "zhaoqiang")
    assert (row.state, row.outcome, row.channel, row.identity, row.ended_at is None) == (
        "failed", "no_way", "none", None, False,
    )  # fmt: skip


def test_who_has_no_way_is_passed_over_for_the_next_person(sqlite_town):
    Identity.delete().where(Identity.person == sqlite_town.person("zhaoqiang")).execute()
    row = write_to(
        sqlite_town, "zhaoqiang", "case_assigned", "task:1:1", next_persons=(sqlite_town.person("wangdashan"),)
    )
    assert (way(row), row.next_persons) == (("王大山", "case_assigned", "subscribe", "mini"), [])


def test_when_the_next_person_has_no_way_either_the_chain_ends_visibly(sqlite_town):
    row = write_to(sqlite_town, "wangdashan", "case_assigned", "task:1:1", next_persons=(Person.create(name="新人"),))
    assert chain(sqlite_town, row)[-1] == ("新人", "case_assigned", "none", None)
    assert Letter.select().where(Letter.state == "failed", Letter.outcome == "no_way").count() == 1


def test_nothing_is_left_after_the_last_way(sqlite_town):
    row = write_to(sqlite_town, kind="reply", event="line:3", identity=sqlite_town.identity("zhanglan"))
    assert fall_back(row) is False


@pytest.mark.parametrize("state", LETTER_STATES)
def test_every_verb_of_a_letter_by_everybody_in_this_state(sqlite_town, state):
    row = write_to(sqlite_town)
    for verb in sorted({one.verb for one in LETTER}):
        for who in ("system", "community_admin", "reporter"):
            Letter.update(state=state).where(Letter.id == row.id).execute()
            step, letter_now = find(LETTER, state, verb), Letter.get_by_id(row.id)
            allowed = bool(step and who in step.who)
            assert (verb, who, move(letter_now, verb, who, outcome="moved")) == (verb, who, allowed)
            after = Letter.get_by_id(row.id)
            assert (verb, who, after.state) == (verb, who, step.target if allowed else state)
            assert after.outcome == ("moved" if allowed else "")
            Letter.update(outcome="").where(Letter.id == row.id).execute()


def test_two_workers_claim_one_letter_once(town):
    row = write_to(town)
    claims = [lambda fence=str(number): move(Letter.get_by_id(row.id), "claim", "system", fence=fence)
              for number in range(6)]  # fmt: skip
    assert sorted(at_once(*claims)) == [False] * 5 + [True]


def test_a_worker_whose_lease_was_taken_over_moves_nothing(sqlite_town):
    """The slow sender comes back after the letter has been given to another: its verdict does not count."""
    row = write_to(sqlite_town)
    move(row, "claim", "system", fence="slow")
    slow = Letter.get_by_id(row.id)
    Letter.update(fence="quick").where(Letter.id == row.id).execute()
    assert move(slow, "deliver", "system") is False
    assert move(Letter.get_by_id(row.id), "deliver", "system") is True


def test_every_kind_of_letter_is_of_use_only_for_some_time():
    assert set(LIFETIME) == {kind for ways in WAYS.values() for kind, _ in ways}


def test_the_desk_sends_again_with_a_fresh_life(sqlite_town):
    row = write_to(sqlite_town)
    for state in ("uncertain", "failed", "refused", "expired"):
        past = now() - timedelta(days=9)
        Letter.update(
            state=state, attempts=8, outcome="timed_out", outcome_code=-1, ended_at=past, expires_at=past, run_at=past
        ).where(Letter.id == row.id).execute()
        before = now()
        assert resend(Letter.get_by_id(row.id)) is True
        again = Letter.get_by_id(row.id)
        assert (again.state, again.attempts, again.outcome, again.outcome_code, again.ended_at, again.fence) == (
            "owed", 0, "", None, None, None,
        )  # fmt: skip
        assert before <= again.run_at
        assert again.expires_at == again.run_at + LIFETIME["case_progress"]


@pytest.mark.parametrize("state", ["owed", "sending", "sent"])
def test_what_is_on_its_way_or_arrived_is_not_sent_again(sqlite_town, state):
    row = write_to(sqlite_town)
    Letter.update(state=state).where(Letter.id == row.id).execute()
    assert resend(Letter.get_by_id(row.id)) is False


def test_by_itself_only_what_surely_did_not_arrive_goes_out_again(sqlite_town):
    row = write_to(sqlite_town)
    for state, goes in (("refused", True), ("failed", True), ("uncertain", False), ("expired", False)):
        Letter.update(state=state).where(Letter.id == row.id).execute()
        assert (state, letter.resend(Letter.get_by_id(row.id), who="system")) == (state, goes)


def on_the_way(town, state, platform_id, **more):
    """A task of 王大山, by subscribe message, as far as that."""
    row = write_to(town, "wangdashan", "case_assigned", "task:1:1", **more)
    Letter.update(state=state, platform_id=platform_id).where(Letter.id == row.id).execute()
    return row


def refuse_later(town, platform_id="9001", account="mini", channel="subscribe"):
    with write():
        return bounced(town.identity("wangdashan", account), channel, platform_id, "not_subscribed", 43101)


def test_what_the_platform_took_and_did_not_hand_over_goes_the_next_way_once(town):
    row = on_the_way(town, "sent", "9001")
    seen = Event.select().count()
    assert [refuse_later(town) for _ in range(3)] == [True, False, False]
    after = Letter.get_by_id(row.id)
    assert (after.state, after.outcome, after.outcome_code, after.ended_at is None) == (
        "refused", "not_subscribed", 43101, False,
    )  # fmt: skip
    following = Letter.get(Letter.follows == row)
    assert (way(following), following.state) == (("王大山", "case_assigned", "template", "official"), "owed")
    assert [(told.kind, told.subject) for told in Event.select().order_by(Event.id).offset(seen)] == [
        ("letter", row.key)
    ]


def test_the_same_report_from_eight_hosts_at_once_is_one_fall_back(town):
    on_the_way(town, "sent", "9001")
    assert sorted(at_once(*[lambda: refuse_later(town)] * 8)) == [False] * 7 + [True]
    assert Letter.select().count() == 2


@pytest.mark.parametrize("report", [{"platform_id": "9002"}, {"account": "official", "channel": "template"}])
def test_a_report_about_another_id_or_another_identity_moves_nothing(sqlite_town, report):
    on_the_way(sqlite_town, "sent", "9001")
    assert refuse_later(sqlite_town, **report) is False
    assert (Letter.get().state, Letter.select().count()) == ("sent", 1)


def test_a_report_that_overtakes_our_own_note_is_about_the_letter_being_sent(sqlite_town):
    row = on_the_way(sqlite_town, "sending", None)
    Letter.update(fence="sender").where(Letter.id == row.id).execute()
    sender = Letter.get_by_id(row.id)
    assert refuse_later(sqlite_town) is True
    assert move(sender, "deliver", "system", platform_id="9001") is False
    assert (Letter.get_by_id(row.id).state, Letter.get_by_id(row.id).platform_id) == ("refused", "9001")
    assert refuse_later(sqlite_town) is False


def test_of_two_letters_being_sent_nobody_can_say_which_it_was(sqlite_town):
    on_the_way(sqlite_town, "sending", None)
    write_to(sqlite_town, "wangdashan", "case_assigned", "task:2:1")
    Letter.update(state="sending").execute()
    assert refuse_later(sqlite_town) is False
    assert {row.state for row in Letter.select()} == {"sending"}


def test_an_old_report_does_not_end_a_letter_that_the_desk_sends_again(sqlite_town):
    row = on_the_way(sqlite_town, "sent", "9001")
    refuse_later(sqlite_town)
    resend(Letter.get_by_id(row.id))
    for state in ("owed", "sending"):
        Letter.update(state=state).where(Letter.id == row.id).execute()
        assert (refuse_later(sqlite_town), Letter.get_by_id(row.id).state) == (False, state)
