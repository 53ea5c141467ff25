"""Every owed push arrives on a phone or ends in one visible state, and the urgent first (P5, P6)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from app.jobs import deliver
from app.rules import conversation as talk
from models.base import now, write
from models.letter import Letter
from models.person import Identity
from tests.jobs.post import (
    CHAT,
    SUBSCRIBE,
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
from tests.rules.cases import report
from tests.rules.together import at_once


def talk_with(town, who="sunmei"):
    return talk.open_with(town.person(who), town.community(), who_is(town, who, "official"))


def test_a_task_arrives_on_the_phone_of_the_worker(town, platform):
    """张兰's report, as 王大山 reads it on the locked screen of the phone."""
    accept(town, platform)
    case = report(town)
    assert work(town) == 1
    [card] = arrived(platform, "wangdashan")
    assert (card["app"], card["where"], card["title"]) == ("mini", "notifications", "新任务提醒")
    due = case.safe_due.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y年%m月%d日 %H:%M")
    assert [(field["label"], field["value"]) for field in card["fields"]] == [
        ("事项编号", "#1001"), ("事项内容", "窨井盖缺失破损"), ("地点", "幸福家园 3号楼"), ("完成时限", due),
        ("温馨提示", "请马上接单，先到现场围护"),
    ]  # fmt: skip
    assert card["page"] == f"pages/case/case?key={case.key}"
    row = Letter.get()
    assert (row.state, row.outcome, row.attempts, row.fence) == ("sent", "ok", 1, None)
    assert row.platform_id.isdecimal()
    assert left(town, "wangdashan") == 0


def test_without_a_subscription_it_comes_from_the_official_account(sqlite_town, sqlite_platform):
    report(sqlite_town)
    assert work(sqlite_town) == 2
    [card] = arrived(sqlite_platform, "wangdashan")
    assert (card["app"], card["fields"][0]) == ("official", {"label": "事项编号", "value": "#1001"})
    assert ends() == [("subscribe", "refused", "no_subscribe_budget"), ("template", "sent", "ok")]
    assert calls(sqlite_platform, SUBSCRIBE) == []


def test_an_answer_comes_into_the_chat_the_person_wrote_in(sqlite_town, sqlite_platform):
    speak(sqlite_town, sqlite_platform, "sunmei")
    with write():
        talk.answer(talk_with(sqlite_town), actor=sqlite_town.actor("chenjing"), text="今天下午有人上门。")
    assert work(sqlite_town) == 1
    assert sqlite_platform.chat("sunmei") == ["【社区】今天下午有人上门。"]
    assert who_is(sqlite_town, "sunmei", "official").replies_left == 4


def test_a_long_answer_says_where_the_rest_stands(sqlite_town, sqlite_platform):
    town, platform = sqlite_town, sqlite_platform
    speak(town, platform, "sunmei")
    owe(town, "sunmei", "answer", "line:1", content={"text": "好" * 2000})
    work(town)
    [said] = platform.chat("sunmei")
    assert len(said.encode()) <= 2048
    assert said == "好" * said.count("好") + "……\n（内容较长，全文请在小程序里看）"


def test_the_urgent_goes_before_the_old(sqlite_town, sqlite_platform):
    town, platform = sqlite_town, sqlite_platform
    for number in range(5):
        owe(town, "sunmei", "case_progress", f"progress:{number}:1")
    Letter.update(run_at=now() - timedelta(hours=1)).execute()
    accept(town, platform)
    urgent = owe(town, urgent=True)
    deliver.next_letter(town.context)
    assert Letter.get_by_id(urgent.id).state == "sent"


def test_a_sender_that_died_leaves_a_task_to_others_and_an_answer_to_the_desk(town, platform):
    accept(town, platform)
    speak(town, platform, "sunmei")
    rows = [owe(town), owe(town, "sunmei", "answer", "line:1")]
    for _ in rows:
        with write():
            deliver._claim(town.context)
    assert ends() == [("subscribe", "sending", ""), ("chat", "sending", "")]
    assert (deliver.sweep(), work(town)) == (0, 0)
    Letter.update(run_at=now() - timedelta(seconds=1)).execute()
    assert deliver.sweep() == 2
    assert ends() == [("subscribe", "owed", "sender_died"), ("chat", "uncertain", "sender_died")]
    work(town)
    assert [state for _, state, _ in ends()][:2] == ["refused", "uncertain"]
    assert len(arrived(platform, "wangdashan")) == 1
    assert platform.chat("sunmei") == []


def test_a_sender_that_was_only_slow_cannot_settle_what_another_has(sqlite_town, sqlite_platform):
    town = sqlite_town
    owe(town, "wangdashan", "case_assigned")
    Letter.update(channel="template", identity=who_is(town, "wangdashan", "official")).execute()
    with write():
        slow = deliver._claim(town.context)
    Letter.update(run_at=now() - timedelta(seconds=1)).execute()
    deliver.sweep()
    with write():
        quick = deliver._claim(town.context)
    assert deliver._end(slow, "deliver", outcome="slow") is False
    assert deliver._end(quick, "deliver", outcome="quick") is True
    assert ends() == [("template", "sent", "quick")]


def test_four_workers_deliver_sixty_letters_once_each(town, platform):
    for number in range(60):
        owe(town, "wangdashan", "case_assigned", f"task:{number}:1", content={"number": f"#{2000 + number}"})
    Letter.update(
        channel="template", identity=who_is(town, "wangdashan", "official"), next_channels=[]
    ).execute()
    taken = at_once(*[lambda: work(town)] * 4)
    assert sum(taken) == 60
    numbers = [card["fields"][0]["value"] for card in arrived(platform, "wangdashan")]
    assert sorted(numbers) == [f"#{2000 + number}" for number in range(60)]
    assert ends() == [("template", "sent", "ok")] * 60


def test_too_late_is_said_and_the_next_way_is_tried(sqlite_town, sqlite_platform):
    town, platform = sqlite_town, sqlite_platform
    accept(town, platform)
    owe(town)
    owe(town, "sunmei", "reply", "line:1", identity=who_is(town, "sunmei", "official"))
    wake(expires_at=now() - timedelta(seconds=1))
    work(town)
    assert ends() == [("subscribe", "expired", "expired"), ("chat", "expired", "expired"), ("template", "sent", "ok")]
    assert (calls(platform, SUBSCRIBE), calls(platform, CHAT), left(town, "wangdashan")) == ([], [], 1)


def test_after_the_window_has_closed_a_card_says_that_an_answer_waits(sqlite_town, sqlite_platform):
    """孙梅 wrote three days ago; the answer waits on the page until she speaks again, then it comes into the chat."""
    speak(sqlite_town, sqlite_platform, "sunmei", "什么时候来修？")
    accept(sqlite_town, sqlite_platform, "sunmei", "answer_waiting")
    Identity.update(window_until=now() - timedelta(hours=1)).where(
        Identity.person == sqlite_town.person("sunmei"), Identity.account == "official"
    ).execute()
    with write():
        talk.answer(talk_with(sqlite_town), actor=sqlite_town.actor("chenjing"), text="明天上午。")
    work(sqlite_town)
    assert ends() == [("chat", "refused", "no_chat_budget")] * 2 + [("subscribe", "sent", "ok")]
    [card] = arrived(sqlite_platform, "sunmei", "notifications")
    assert (card["title"], card["fields"][2]) == ("回复提醒", {"label": "办理单位", "value": "社区"})
    speak(sqlite_town, sqlite_platform, "sunmei", "好的")
    with write():
        talk.revive_answers(sqlite_town.person("sunmei"))
    work(sqlite_town)
    assert sqlite_platform.chat("sunmei") == ["【社区】明天上午。"]
