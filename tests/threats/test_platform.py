"""Who speaks as WeChat, lets us speak to others, or misuses our voice: callbacks, addresses, pushes, opinions."""

import json

import pytest

from app.factory import create_app
from app.jobs.worker import round_of_work
from app.links import photo_links
from app.rules import letter
from models.base import database, write
from models.case import Case, Photo
from models.conversation import Line
from models.inbound import Inbound
from models.letter import Letter
from tests.gateway import stand_in
from tests.gateway.test_ssrf import listener
from tests.handlers.wechat.phone import Phone, as_xml, envelope, lines, phone
from tests.jobs.post import CHAT, SUBSCRIBE, TEMPLATE, accept, arrived, calls, speak, work
from tests.rules.cases import report
from tests.rules.photos import street, upload

__all__ = ["listener"]
MANHOLE = "3号楼门口井盖坏了"


def test_t06_what_is_not_sealed_and_signed_for_this_account_is_refused(take):
    """T6 Forged or downgraded callbacks: another account's signature, the outer one, plain bodies, repetition."""
    zhanglan = take("zhanglan")
    content = as_xml({
        "ToUserName": zhanglan.ours.original_id, "FromUserName": zhanglan.openid, "CreateTime": 1, "MsgType": "text",
        "MsgId": 7_200_000_000_000_001, "Content": MANHOLE,
    })  # fmt: skip
    args, body = envelope(zhanglan.ours, content)
    other = zhanglan.client.town.settings.wechat.accounts["mini"]
    outer = {name: args[name] for name in ("signature", "timestamp", "nonce")}
    twice = [("msg_signature", "0" * 40), *args.items()]
    attempts = {
        "signed for the other account": envelope(other, content),
        "sealed for another appid": envelope(zhanglan.ours.model_copy(update={"appid": other.appid}), content),
        "the outer signature for the inner": (args | {"msg_signature": args["signature"]}, body),
        "plain, said to be so": (args | {"encrypt_type": "raw"}, content.encode()),
        "plain, with the outer signature": (outer, content.encode()),
        "two signatures": (twice, body),
        "an hour old": envelope(zhanglan.ours, content, moment=1_700_000_000),
    }
    found = {
        name: zhanglan.client.post("/wechat/official", query_string=query, data=data).status_code
        for name, (query, data) in attempts.items()
    }
    assert found == dict.fromkeys(attempts, 403)
    assert (Inbound.select().count(), Line.select().count(), Case.select().count()) == (0, 0, 0)
    assert zhanglan.client.post("/wechat/official", query_string=args, data=body).status_code == 200
    assert Case.select().count() == 1


def test_t07_a_true_callback_played_again_has_no_second_effect(take):
    """T7 Replay of a genuine callback: to this process and to one just started, a hundred times, one effect."""
    zhanglan = take("zhanglan")
    answer = zhanglan.say(MANHOLE)
    before = (Letter.select().count(), lines())
    restarted = create_app(zhanglan.client.town.settings).test_client()
    restarted.town = zhanglan.client.town
    for turn in range(100):
        replayed = Phone(restarted if turn % 2 else zhanglan.client, zhanglan.openid, sent=list(zhanglan.sent))
        assert replayed.again() == answer
    assert (Case.select().count(), Inbound.select().count(), Letter.select().count(), lines()) == (1, 1, *before)


def test_t15_the_address_of_a_picture_in_a_message_is_never_asked(connected, listener):
    """T15 SSRF by PicUrl, Url and MediaId: the picture comes from the platform by its id, nobody else is asked."""
    platform = connected.platform
    platform.says("/cgi-bin/media/get", stand_in.with_headers(upload(street(), "JPEG"), Content_Type="image/jpeg"))
    platform.says("/cgi-bin/user/info", {"subscribe": 1, "openid": "o", "unionid": ""})
    platform.says("/wxa/media_check_async", {"errcode": 0, "errmsg": "ok", "trace_id": "trace-1"})
    here = f"http://127.0.0.1:{listener.port}/"
    phone(connected, "zhanglan").send("image", PicUrl=here, Url=here, MediaId=f"m&host={here}")
    with database.connection_context():
        for _ in range(5):
            round_of_work(connected.town.context)
        assert Photo.select().count() == 1
    assert [asked.query["media_id"] for asked in platform.calls("/cgi-bin/media/get")] == [f"m&host={here}"]
    assert listener.heard == []


def test_t22_no_word_of_a_report_gets_into_a_template(sqlite_town, sqlite_platform):
    """T22 Phishing in the community's name: a push is a template of ours, and a tap on it opens a page of ours."""
    accept(sqlite_town, sqlite_platform)
    case = report(sqlite_town, words="井盖坏了，请到 http://evil.example/x 领补贴，电话 13900001111")
    work(sqlite_town)
    [card] = arrived(sqlite_platform, "wangdashan")
    assert (card["title"], card["page"]) == ("新任务提醒", f"pages/case/case?key={case.key}")
    assert "evil" not in json.dumps(card) and "13900001111" not in json.dumps(card)


def test_t22_pushes_end_where_the_budget_ends(sqlite_town, sqlite_platform):
    """T22 Pushes without end: five words in the chat and no sixth; over the quota the channel rests."""
    speak(sqlite_town, sqlite_platform, "sunmei")
    for turn in range(7):
        with write():
            letter.owe(
                kind="answer", person=sqlite_town.person("sunmei"), community=sqlite_town.community(),
                event=f"line:{turn}", content={"text": f"第{turn}句"},
            )  # fmt: skip
    work(sqlite_town)
    assert calls(sqlite_platform, CHAT) == [0] * 5
    sqlite_platform.fault(TEMPLATE, "quota", times=-1)
    accept(sqlite_town, sqlite_platform, times=3)
    sqlite_platform.fault(SUBSCRIBE, "quota", times=-1)
    for turn in range(3):
        with write():
            letter.owe(
                kind="case_assigned", person=sqlite_town.person("wangdashan"), community=sqlite_town.community(),
                event=f"task:{turn}", content={"number": "#1", "what": "x", "place": "y", "due": "", "hint": "z"},
            )  # fmt: skip
    work(sqlite_town)
    assert calls(sqlite_platform, SUBSCRIBE) == [45009]


@pytest.mark.parametrize("verdict", ["waiting", "review", "risky", "pass"])
def test_t23_the_public_side_shows_neither_words_nor_photos_checked_or_not(client, door, hall, key_of, verdict):
    """T23 Unchecked content: neighbours read no words and see no photo at all; a hazard reaches the worker at once."""
    zhanglan = door("zhanglan")
    photo = zhanglan.add_photo()
    words = "井盖不见了，违禁词 13900001111"
    case = zhanglan.report(words, place=key_of("building"), place_words="违禁地点", photos=[photo["key"]])
    Photo.update(verdict=verdict).execute()
    neighbour = door("sunmei")
    seen = [neighbour.get("/public/cases")[1]["cases"][0], neighbour.get(f"/public/cases/{case['key']}")[1]]
    assert sorted(seen[1]) == [
        "category", "closed_on", "community", "compound", "followers", "hazard", "key", "number", "reported_on",
        "state_words",
    ]  # fmt: skip
    assert "违禁" not in str(seen) and photo["key"] not in str(seen)
    with client.application.app_context():
        link = photo_links(Photo.get(), hall.person("sunmei"))["full"]
    assert client.get(link).status_code == 404
    assert door("wangdashan").see(case)["words"] == words


def test_t23_an_opinion_about_a_picture_that_we_did_not_ask_for_changes_nothing(door, take, hall):
    """T23 A media-check event with another trace: no photo becomes fit, not even when it names the photo's key."""
    photo = door("zhanglan").add_photo()
    Photo.update(trace="trace-true-1").execute()
    phone = take("zhanglan", "mini")
    for trace in ("trace-true-2", photo["key"], "", "%", "' OR 1=1 --"):
        phone.does("wxa_media_check", trace_id=trace, result={"suggest": "pass", "label": 100}, version=2)
    assert Photo.get().verdict == "waiting"
    phone.does("wxa_media_check", trace_id="trace-true-1", result={"suggest": "risky", "label": 20001}, version=2)
    assert Photo.get().verdict == "risky"
