"""What becomes of an owed push in every weather of the platform: refusals, quotas, hiccups, lost answers (P5)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.jobs import deliver
from app.rules import conversation as talk
from app.rules import person
from models.base import now
from models.event import Event
from models.letter import Letter, Quota
from tests.jobs.post import (
    CHAT,
    SUBSCRIBE,
    TEMPLATE,
    accept,
    arrived,
    calls,
    ends,
    left,
    owe,
    speak,
    wake,
    who_is,
    work,
)


def test_who_switched_it_off_gets_it_another_way_and_is_never_tried_again(sqlite_town, sqlite_platform):
    """Our count was wrong: 43101. Then the template fails too, and the chat brings it."""
    town, platform = sqlite_town, sqlite_platform
    person.remember_subscription(who_is(town, "wangdashan", "mini"), "case_assigned", True)
    platform.fault(TEMPLATE, "error", errcode=43004)
    speak(town, platform, "wangdashan")
    owe(town)
    work(town)
    assert ends() == [
        ("subscribe", "refused", "not_subscribed"), ("template", "refused", "not_following"), ("chat", "sent", "ok"),
    ]  # fmt: skip
    assert (calls(platform, SUBSCRIBE), left(town, "wangdashan")) == ([43101], 0)
    assert platform.chat("wangdashan") == ["新任务 #1001"]
    owe(town, event="task:1:2")
    work(town)
    assert calls(platform, SUBSCRIBE) == [43101]


def test_bad_data_is_refused_once_and_takes_the_next_way(sqlite_town, sqlite_platform):
    accept(sqlite_town, sqlite_platform, times=2)
    sqlite_platform.fault(SUBSCRIBE, "error", errcode=47003, errmsg="argument invalid! data.thing2.value invalid")
    owe(sqlite_town)
    work(sqlite_town)
    assert ends() == [("subscribe", "refused", "invalid_template_data"), ("template", "sent", "ok")]
    assert calls(sqlite_platform, SUBSCRIBE) == [47003]


def test_over_the_daily_quota_one_channel_rests_until_midnight_and_the_others_go_on(town, platform):
    accept(town, platform, times=3)
    speak(town, platform, "sunmei")
    platform.fault(SUBSCRIBE, "quota", times=-1)
    for number in range(3):
        owe(town, event=f"task:{number}:1")
    owe(town, "sunmei", "answer", "line:1")
    work(town)
    assert calls(platform, SUBSCRIBE) == [45009]
    assert [row[:2] for row in ends()] == [("subscribe", "owed")] * 3 + [("chat", "sent")]
    midnight = Quota.get().until.astimezone(ZoneInfo("Asia/Shanghai"))
    assert timedelta(0) < midnight - datetime.now(ZoneInfo("Asia/Shanghai")) <= timedelta(days=1)
    assert abs(midnight - midnight.replace(hour=0, minute=0, second=0, microsecond=0)) < timedelta(seconds=2)
    assert (Letter.get_by_id(1).attempts, left(town, "wangdashan")) == (0, 3)
    platform.control("DELETE", "faults")
    wake()
    assert work(town) == 0
    Quota.update(until=now() - timedelta(seconds=1)).execute()
    work(town)
    assert [row[:2] for row in ends()] == [("subscribe", "sent")] * 3 + [("chat", "sent")]


def test_a_danger_does_not_wait_for_midnight(sqlite_town, sqlite_platform):
    """The channel is over its quota: what is urgent goes round it, at once and without asking it again."""
    accept(sqlite_town, sqlite_platform, times=2)
    sqlite_platform.fault(SUBSCRIBE, "quota", times=-1)
    for number in range(2):
        owe(sqlite_town, event=f"task:{number}:1", urgent=True)
    work(sqlite_town)
    assert calls(sqlite_platform, SUBSCRIBE) == [45009]
    assert ends() == [
        ("subscribe", "failed", "daily_quota_spent"), ("subscribe", "failed", "channel_closed"),
        ("template", "sent", "ok"), ("template", "sent", "ok"),
    ]  # fmt: skip
    assert len(arrived(sqlite_platform, "wangdashan")) == 2


def test_an_urgent_letter_with_no_way_round_waits_without_a_busy_loop(sqlite_town, sqlite_platform):
    town = sqlite_town
    Quota.create(account="mini", channel="subscribe", until=now() + timedelta(hours=1))
    row = owe(town, urgent=True)
    Letter.update(next_channels=[]).where(Letter.id == row.id).execute()
    assert work(town) == 1
    waiting = Letter.get_by_id(row.id)
    assert (waiting.state, waiting.outcome, waiting.attempts) == ("owed", "channel_closed", 0)
    assert waiting.run_at == Quota.get().until


@pytest.mark.parametrize("fault, outcome", [({"fault": "busy"}, "system_busy"), ({"fault": "http_502"}, "http_502")])
def test_a_hiccup_is_tried_again_later_and_not_before(sqlite_town, sqlite_platform, fault, outcome):
    """王大山's task may arrive twice rather than never: after every kind of hiccup it is tried again."""
    town, platform = sqlite_town, sqlite_platform
    accept(town, platform, times=3)
    platform.fault(SUBSCRIBE, times=2, **fault)
    row = owe(town)
    for attempt in (1, 2):
        before = now()
        assert work(town) == 1
        waiting = Letter.get_by_id(row.id)
        assert (waiting.state, waiting.outcome, waiting.attempts) == ("owed", outcome, attempt)
        doubled = 30 * 2 ** (attempt - 1)
        assert timedelta(seconds=doubled / 2) <= waiting.run_at - before <= timedelta(seconds=doubled + 5)
        assert (work(town), left(town, "wangdashan")) == (0, 3)
        wake()
    work(town)
    assert (ends(), len(arrived(platform, "wangdashan"))) == ([("subscribe", "sent", "ok")], 1)


def test_a_token_that_is_never_accepted_fails_visibly_in_the_end(sqlite_town, sqlite_platform):
    town, platform = sqlite_town, sqlite_platform
    speak(town, platform, "sunmei")
    platform.fault(CHAT, "token", times=-1)
    row = owe(town, "sunmei", "reply", "line:1", identity=who_is(town, "sunmei", "official"))
    for _ in range(3):
        work(town)
        wake()
    assert (Letter.get_by_id(row.id).state, Letter.get_by_id(row.id).attempts, work(town)) == ("failed", 3, 0)
    assert who_is(town, "sunmei", "official").replies_left == 5
    assert Event.select().where(Event.kind == "letter", Event.subject == row.key).count() == 1


@pytest.mark.parametrize(
    "fault", ["timeout_after_accept", "accept_then_reset", "cut_off", "malformed_json", "html", "reset"]
)
def test_an_answer_that_may_have_arrived_is_never_sent_again_by_itself(sqlite_town, sqlite_platform, fault):
    town, platform = sqlite_town, sqlite_platform
    speak(town, platform, "sunmei")
    platform.fault(CHAT, fault, seconds=1.5)
    row = owe(town, "sunmei", "answer", "line:1")
    assert work(town) == 1
    wake()
    assert (work(town), deliver.sweep(), talk.revive_answers(town.person("sunmei"))) == (0, 0, 0)
    [(channel, state, outcome)] = ends()
    assert (channel, state, outcome != "") == ("chat", "uncertain", True)
    assert len(calls(platform, CHAT)) == 1
    assert len(platform.chat("sunmei")) == (0 if fault in ("html", "reset") else 1)
    assert Event.select().where(Event.kind == "letter", Event.subject == row.key).count() == 1


def test_a_task_that_may_have_arrived_is_sent_again(sqlite_town, sqlite_platform):
    """Better twice than never: a second push of a danger does no harm."""
    town, platform = sqlite_town, sqlite_platform
    accept(town, platform, times=2)
    platform.fault(SUBSCRIBE, "accept_then_reset")
    owe(town)
    work(town)
    wake()
    work(town)
    assert (ends(), len(arrived(platform, "wangdashan"))) == ([("subscribe", "sent", "ok")], 2)


def test_when_the_account_is_refused_everything_of_it_rests_and_nothing_is_lost(sqlite_town, sqlite_platform):
    """40164: our address is not on the list. A person has to mend that; the other account goes on."""
    accept(sqlite_town, sqlite_platform, times=2)
    sqlite_platform.fault(SUBSCRIBE, "error", errcode=40164, errmsg="invalid ip 192.0.2.1, not in whitelist")
    for number in range(2):
        owe(sqlite_town, event=f"task:{number}:1")
    owe(sqlite_town, "chenjing", "case_reminder", "remind:1")
    before = now()
    work(sqlite_town)
    assert ends() == [
        ("subscribe", "owed", "ip_not_whitelisted"), ("subscribe", "owed", ""),
        ("subscribe", "owed", ""),
    ]  # fmt: skip
    first = Letter.get_by_id(1)
    assert (first.attempts, left(sqlite_town, "wangdashan"), calls(sqlite_platform, SUBSCRIBE)) == (0, 2, [40164])
    assert timedelta(minutes=4) < first.run_at - before < timedelta(minutes=6)
    speak(sqlite_town, sqlite_platform, "sunmei")
    owe(sqlite_town, "sunmei", "answer", "line:1")
    work(sqlite_town)
    assert len(sqlite_platform.chat("sunmei")) == 1
    Quota.update(until=now() - timedelta(seconds=1)).execute()
    wake()
    work(sqlite_town)
    assert len(arrived(sqlite_platform, "wangdashan")) == 2
    assert [state for _, state, _ in ends()] == ["sent", "sent", "refused", "sent", "sent"]


def test_the_platform_closed_the_window_before_we_thought(sqlite_town, sqlite_platform):
    """45015: our own count of the window is corrected, and no further call is spent on it."""
    town, platform = sqlite_town, sqlite_platform
    person.heard_from(who_is(town, "sunmei", "official"), now())
    for number in range(2):
        owe(town, "sunmei", "answer", f"line:{number}")
    work(town)
    assert calls(platform, CHAT) == [45015]
    assert who_is(town, "sunmei", "official").replies_left == 0


def test_a_kind_without_a_template_takes_the_next_way(sqlite_town, sqlite_platform):
    town, platform = sqlite_town, sqlite_platform
    mini = town.settings.wechat.accounts["mini"]
    bare = mini.model_copy(update={"templates": mini.templates.model_copy(update={"case_assigned": None})})
    accept(town, platform)
    town.settings.wechat.accounts["mini"] = bare
    owe(town)
    work(town)
    assert ends()[0] == ("subscribe", "refused", "no_template")
    assert len(arrived(platform, "wangdashan")) == 1
