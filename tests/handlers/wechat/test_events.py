"""What the platform tells us beside messages: followed, left, entered, subscribed, checked."""

from datetime import UTC, datetime

import pytest

from app.context import database_open
from app.rules.intake import GREETING
from models.case import Photo
from models.inbound import Inbound
from models.letter import Letter, Subscription
from models.person import Identity
from models.place import Place
from tests.handlers.wechat.phone import Phone


def identity(phone: Phone) -> Identity:
    return Identity.get(Identity.account == phone.account, Identity.openid == phone.openid)


def window(phone: Phone) -> tuple[int, int]:
    """Messages left, and for about how many seconds."""
    row = identity(phone)
    return row.replies_left, round((row.window_until - datetime.now(UTC)).total_seconds() / 10) * 10


def test_a_newcomer_follows_is_greeted_leaves_and_comes_back(take):
    new = take("new")
    assert new.does("subscribe", EventKey="") == GREETING
    assert (identity(new).followed, window(new)) == (True, (3, 60))
    assert new.does("unsubscribe", EventKey="") is None
    left = identity(new)
    assert (left.followed, left.window_until, left.replies_left) == (False, None, 0)
    assert new.does("subscribe", EventKey="") == GREETING
    assert (identity(new).followed, identity(new).person) == (True, left.person)


def test_a_small_window_never_shortens_the_large_one(take):
    zhanglan, mini = take("zhanglan"), take("zhanglan", "mini")
    assert mini.does("user_enter_tempsession", SessionFrom="") is None
    assert window(mini) == (2, 60)
    zhanglan.say("您好")
    for event in ("SCAN", "CLICK", "subscribe"):
        zhanglan.does(event, EventKey="x")
    assert window(zhanglan) == (5, 48 * 3600)


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("report", "请直接说一句哪里怎么了，比如“3号楼门口井盖坏了”，也可以先发照片。"),
        ("chat", "请直接打字，社区工作人员看到会回复您。"),
        ("cases", "您还没有上报过。直接说一句哪里怎么了就行。"),
        ("of-an-old-menu", None),
    ],
)
def test_the_menu(take, key, answer):
    assert take("zhanglan").does("CLICK", EventKey=key) == answer


@pytest.mark.parametrize(
    "event",
    ["VIEW", "LOCATION", "view_miniprogram", "TEMPLATESENDJOBFINISH", "subscribe_msg_sent_event", "wxa_punish_event",
     "an_event_of_tomorrow"],
)  # fmt: skip
def test_any_other_event_is_kept_as_it_came(take, event):
    zhanglan = take("zhanglan")
    assert zhanglan.does(event, EventKey="https://example.org", MsgID=7, Status="success") is None
    row = Inbound.get()
    assert (row.kind, row.state, row.payload["Status"]) == (event, "handled", "success")


# Pushes that the platform took and then did not hand over.


def pushed(phone: Phone, channel: str, *numbers: str) -> None:
    """Letters to this identity that went out by a channel, under these numbers of the platform."""
    row = identity(phone)
    with database_open():
        place = Place.get(Place.code == "huimin")
        for number in numbers:
            Letter.create(
                event=f"progress:{number}", event_key=number, community=place, person=row.person, identity=row,
                kind="case_progress", channel=channel, state="sent", platform_id=number,
                expires_at=datetime.now(UTC),
            )  # fmt: skip


def fates() -> list[tuple[str, str, int | None]]:
    return list(Letter.select(Letter.state, Letter.outcome, Letter.outcome_code).order_by(Letter.id).tuples())


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("failed:user block", "user_block"), ("failed: user block", "user_block"),
     ("failed: system failed", "system_failed"), ("failed:of tomorrow", "push_failed"), ("failed", "push_failed")],
)  # fmt: skip
def test_a_template_message_that_failed_afterwards(take, status, outcome):
    zhanglan = take("zhanglan")
    pushed(zhanglan, "template", "200163836", "200163837")
    assert zhanglan.does("TEMPLATESENDJOBFINISH", MsgID=200163836, Status=status) is None
    assert fates() == [("refused", outcome, None), ("sent", "", None)]
    zhanglan.again()
    zhanglan.again(CreateTime=zhanglan.sent[-1]["CreateTime"] + 1)
    assert fates() == [("refused", outcome, None), ("sent", "", None)]


@pytest.mark.parametrize("told", [{"Status": "success"}, {"Status": "a word of tomorrow"}, {}, {"Status": {"a": "b"}}])
def test_a_template_message_that_did_not_fail_stays_sent(take, told):
    zhanglan = take("zhanglan")
    pushed(zhanglan, "template", "7")
    assert zhanglan.does("TEMPLATESENDJOBFINISH", MsgID=7, **told) is None
    assert (fates(), Inbound.get().state) == ([("sent", "", None)], "handled")


def result(number: str, code, status: str = "x") -> dict:
    return {"TemplateId": "t", "MsgID": number, "ErrorCode": code, "ErrorStatus": status}


@pytest.mark.parametrize("layout", ["XML", "JSON as in XML", "JSON", "JSON, always an array"])
def test_subscribe_messages_that_failed_afterwards_in_every_layout(take, layout):
    zhanglan = take("zhanglan", "official" if layout == "XML" else "mini")
    pushed(zhanglan, "subscribe", "1", "2", "3")
    for rows in ([result("1", "43101")], [result("2", "0", "success"), result("3", 43107), result("4", "43101")]):
        told = layouts(rows)[layout]
        inner = told.pop("SubscribeMsgPopupEvent", None)
        zhanglan.does("subscribe_msg_sent_event", **(told if inner is None else {"SubscribeMsgSentEvent": inner}))
    assert fates() == [("refused", "not_subscribed", 43101), ("sent", "", None), ("refused", "push_failed", 43107)]


@pytest.mark.parametrize(
    "odd", [{}, {"List": "x"}, {"List": [[], 1]}, {"List": result("1", "")}, {"List": result("1", {})},
            {"List": result("1", "9" * 5000)}, {"List": result({}, "43101")}],
)  # fmt: skip
def test_a_result_without_sense_moves_nothing(take, odd):
    zhanglan = take("zhanglan", "mini")
    pushed(zhanglan, "subscribe", "1")
    assert zhanglan.does("subscribe_msg_sent_event", **odd) is None
    assert (fates(), Inbound.get().state) == ([("sent", "", None)], "handled")


def test_a_report_about_somebody_elses_push_moves_nothing(take):
    pushed(take("sunmei"), "template", "7")
    take("zhanglan").does("TEMPLATESENDJOBFINISH", MsgID=7, Status="failed:user block")
    assert fates() == [("sent", "", None)]


# Subscriptions.


def answered(template: str, word: str = "accept") -> dict:
    return {"TemplateId": template, "SubscribeStatusString": word, "PopupScene": "0"}


def counts(phone: Phone) -> dict[str, int]:
    rows = Subscription.select().where(Subscription.identity == identity(phone))
    return {row.kind: row.remaining for row in rows}


def layouts(rows: list[dict]) -> dict[str, dict]:
    """One answer to the dialogue, in each layout that is known."""
    one = rows[0] if len(rows) == 1 else rows
    return {
        "XML": {"SubscribeMsgPopupEvent": {"List": rows}},
        "JSON as in XML": {"SubscribeMsgPopupEvent": {"List": one}},
        "JSON": {"List": one},
        "JSON, always an array": {"List": rows},
    }


@pytest.mark.parametrize("layout", ["XML", "JSON as in XML", "JSON", "JSON, always an array"])
def test_what_was_allowed_is_counted_in_every_layout(take, layout):
    zhanglan = take("zhanglan", "official" if layout == "XML" else "mini")
    progress, judge = (getattr(zhanglan.ours.templates, kind).id for kind in ("case_progress", "judge_please"))
    zhanglan.does("subscribe_msg_popup_event", **layouts([answered(progress)])[layout])
    zhanglan.sent[-1]["CreateTime"] += 1
    rows = [answered(progress), answered(judge, "reject"), answered("of-another-account"), answered(judge, "ban")]
    zhanglan.again(**layouts(rows)[layout])
    assert counts(zhanglan) == {"case_progress": 2, "judge_please": 0}
    assert Subscription.get(Subscription.kind == "judge_please").refused_at is not None
    assert Subscription.get(Subscription.kind == "case_progress").refused_at is None


@pytest.mark.parametrize("layout", ["XML", "JSON"])
def test_what_was_switched_off_is_nothing(take, layout):
    zhanglan = take("zhanglan", "official" if layout == "XML" else "mini")
    progress, judge = (getattr(zhanglan.ours.templates, kind).id for kind in ("case_progress", "judge_please"))
    for kind in ("case_progress", "judge_please"):
        Subscription.create(identity=identity(zhanglan), kind=kind, remaining=3)
    rows = [answered(progress, "reject"), answered(judge, "accept")]
    off = {"SubscribeMsgChangeEvent": {"List": rows}} if layout == "XML" else {"List": rows}
    zhanglan.does("subscribe_msg_change_event", **off)
    assert counts(zhanglan) == {"case_progress": 0, "judge_please": 3}


@pytest.mark.parametrize("odd", [{}, {"List": None}, {"List": "x"}, {"List": [[], 1]}, {"List": {"TemplateId": {}}}])
def test_an_answer_without_sense_counts_nothing(take, odd):
    zhanglan = take("zhanglan", "mini")
    assert zhanglan.does("subscribe_msg_popup_event", **odd) is None
    assert (counts(zhanglan), Inbound.get().state) == ({}, "handled")


# Pictures.


@pytest.fixture
def photo(client) -> Photo:
    uploader = client.town.person("zhanglan")
    return Photo.create(uploader=uploader, sha256="0" * 64, width=8, height=8, trace="60f96f1d-3845297a-1976a3ae")


CHECKED = {
    "as published": (
        {"version": 2, "errcode": 0, "errmsg": "ok", "result": {"suggest": "pass", "label": 100},
         "detail": [{"strategy": "content_model", "errcode": 0, "suggest": "pass", "label": 100, "prob": 90}]}, "pass"),
    "label as text, no errcode": ({"version": 2, "result": {"suggest": "risky", "label": "20006"}}, "risky"),
    "to be looked at": ({"version": 2, "errcode": 0, "result": {"suggest": "review", "label": 21000}}, "review"),
    "not downloaded": ({"version": 2, "errcode": -1008, "errmsg": "download failed"}, "review"),
    "a word of tomorrow": ({"version": 3, "result": {"suggest": "maybe", "label": 1}}, "review"),
    "no sense": ({"version": 2, "result": ["pass"]}, "review"),
    "version 1": ({"isrisky": 0, "extra_info_json": "", "status_code": 0}, "review"),
    "version 1, not downloaded": ({"isrisky": 0, "extra_info_json": "", "status_code": 4294966288}, "review"),
}  # fmt: skip


@pytest.mark.parametrize("layout", CHECKED)
@pytest.mark.parametrize("account", ["mini", "official"])
def test_the_opinion_of_a_picture_in_every_layout(take, photo, layout, account):
    fields, verdict = CHECKED[layout]
    assert photo.verdict == "waiting"
    assert take("zhanglan", account).does("wxa_media_check", appid="wx1", trace_id=photo.trace, **fields) is None
    assert Photo.get().verdict == verdict


@pytest.mark.parametrize("trace", ["another", "", "60f96f1d", 7])
def test_an_opinion_of_an_unknown_picture_changes_nothing(take, photo, trace):
    fields, _ = CHECKED["label as text, no errcode"]
    assert take("zhanglan", "mini").does("wxa_media_check", appid="wx1", trace_id=trace, **fields) is None
    assert (Photo.get().verdict, Inbound.get().state) == ("waiting", "handled")
