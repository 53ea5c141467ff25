"""One day at the platform, against the sandbox over real HTTP: every call once as it should be, and as it fails."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.gateway.errors import GatewayError
from app.gateway.wechat import Account, PhoneNumber, Quota, User, Verdict, Wechat

from .token_stores import MemoryTokens
from .town import NEWS, TEMPLATE, Town, standing_town

JPEG = b"\xff\xd8\xff\xe0" + b"the corridor lamp of building 3" * 20


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with standing_town(tmp_path) as place:
        yield place


def no(call: Any, *given: Any, **named: Any) -> tuple[str, str, int | None]:
    with pytest.raises(GatewayError) as info:
        call(*given, **named)
    return info.value.reason, info.value.outcome.value, info.value.code


def test_wang_signs_in_once_per_code(town: Town) -> None:
    code = town.hand("phone/wang/login", app="mini")["code"]
    session = town.mini.code_to_session(code)
    assert session.openid == town.openid("wang")
    assert session.unionid == town.see("people")["people"][0]["unionid"]
    assert len(base64.b64decode(session.session_key)) == 16
    assert no(town.mini.code_to_session, code) == ("code_used", "permanent", 40163)
    assert no(town.mini.code_to_session, "made-up") == ("invalid_code", "permanent", 40029)
    assert "stable_token" not in json.dumps(town.see("calls"))  # signing in needs no access token
    assert session.openid not in repr(session) and session.session_key not in repr(session)


def test_wang_gives_her_phone_number(town: Town) -> None:
    code = town.hand("phone/wang/phone-code", app="mini")["code"]
    assert town.mini.phone_number(code, town.openid("wang")) == PhoneNumber("13800000001", "86")
    assert no(town.mini.phone_number, code) == ("invalid_code", "permanent", 40029)


def test_one_accepted_tap_is_one_subscribe_message(town: Town) -> None:
    wang = town.openid("wang")
    town.hand("phone/wang/subscribe", app="mini", answers={TEMPLATE["id"]: "accept"})
    msgid = town.mini.send_subscribe(wang, TEMPLATE["id"], NEWS, page="pages/case/case?id=1023", state="trial")
    shown = town.last_item("wang")
    assert msgid and msgid.isdecimal()
    assert (shown["title"], [field["value"] for field in shown["fields"]]) == ("处理进度提醒", list(NEWS.values()))
    assert shown["page"] == "pages/case/case?id=1023"
    assert no(town.mini.send_subscribe, wang, TEMPLATE["id"], NEWS) == ("not_subscribed", "permanent", 43101)
    assert no(town.mini.send_subscribe, "oNobody", TEMPLATE["id"], NEWS) == ("invalid_openid", "permanent", 40003)
    assert no(town.mini.send_subscribe, wang, "TPL-none", NEWS) == ("invalid_template_id", "permanent", 40037)
    assert no(town.mini.send_subscribe, wang, TEMPLATE["id"], NEWS, page="/x") == ("invalid_page", "permanent", 41030)
    too_long = NEWS | {"thing1": "灯" * 21}
    assert no(town.mini.send_subscribe, wang, TEMPLATE["id"], too_long) == ("invalid_template_data", "permanent", 47003)


def test_a_follower_gets_template_messages_and_a_stranger_does_not(town: Town) -> None:
    wang, li = town.openid("wang", "official"), town.openid("li", "official")
    mini = town.mini.account.appid
    msgid = town.official.send_template(
        wang, TEMPLATE["id"], NEWS, page="pages/case/case", mini_appid=mini, url="https://a.example", client_msg_id="l1"
    )
    shown = town.last_item("wang")
    assert msgid.isdecimal()
    assert (shown["page"], shown["appid"]) == ("pages/case/case", mini)
    assert town.see("calls?path=/cgi-bin/message/template/send")[-1]["body"]["client_msg_id"] == "l1"
    assert no(town.official.send_template, li, TEMPLATE["id"], NEWS) == ("not_following", "permanent", 43004)
    assert no(town.mini.send_template, wang, TEMPLATE["id"], NEWS) == ("api_not_granted", "permanent", 48001)
    with pytest.raises(ValueError, match="mini-program"):
        town.official.send_template(wang, TEMPLATE["id"], NEWS, page="pages/case/case")


def test_the_chat_of_the_mini_program(town: Town) -> None:
    wang = town.openid("wang")
    assert no(town.mini.say_text, wang, "您好") == ("reply_window_closed", "permanent", 45015)
    town.hand("phone/wang/send", app="mini", type="text", content="楼道灯不亮了")
    picture = town.mini.upload_media("image", JPEG, "灯.jpg", "image/jpeg")
    town.mini.typing(wang)
    assert no(town.mini.typing, wang) == ("already_typing", "permanent", 45081)
    town.mini.typing(wang, on=False)
    town.mini.say_text(wang, "收到，正在联系物业。😊")
    assert town.last_item("wang")["text"] == "收到，正在联系物业。😊"
    town.mini.say_image(wang, picture)
    assert town.last_item("wang")["kind"] == "image"
    town.mini.say_link(wang, "怎么报修", "三步就好", "https://a.example/how", "https://a.example/how.png")
    assert (town.last_item("wang")["kind"], town.last_item("wang")["title"]) == ("link", "怎么报修")
    town.mini.say_page(wang, "您的报修 #1023", "pages/case/case", picture)
    assert (town.last_item("wang")["kind"], town.last_item("wang")["page"]) == ("miniprogrampage", "pages/case/case")
    town.mini.say_menu(wang, "修好了吗？", [("yes", "修好了"), ("no", "还没有")], "谢谢")
    assert [choice["id"] for choice in town.last_item("wang")["choices"]] == ["yes", "no"]
    assert no(town.mini.say_text, wang, "还有一句") == ("replies_used_up", "permanent", 45047)


def test_the_chat_of_the_official_account(town: Town) -> None:
    wang = town.openid("wang", "official")
    town.hand("phone/wang/send", app="official", type="text", content="你好")
    picture = town.official.upload_media("image", JPEG, "lamp.jpg", "image/jpeg")
    town.official.typing(wang)
    town.official.say_link(wang, "怎么报修", "三步就好", "https://a.example/how", "https://a.example/how.png")
    assert town.last_item("wang")["kind"] == "news"
    town.official.say_page(wang, "报修", "pages/case/case", picture, appid=town.mini.account.appid)
    assert town.last_item("wang")["appid"] == town.mini.account.appid
    with pytest.raises(ValueError, match="mini-program"):
        town.official.say_page(wang, "报修", "pages/case/case", picture)
    assert no(town.official.say_image, wang, "no-such-media") == ("invalid_media_id", "permanent", 40007)


def test_a_photo_goes_up_and_comes_down(town: Town) -> None:
    media_id = town.mini.upload_media("image", JPEG, "../../etc/门 口\r\n.jpg", "image/jpeg")
    media = town.mini.download_media(media_id, 10_000)
    assert (media.data, media.content_type) == (JPEG, "image/jpeg")
    assert "/" not in media.filename and media.filename.endswith(".jpg")
    assert no(town.mini.download_media, media_id, 100) == ("too_large", "permanent", None)
    assert no(town.mini.download_media, "gone", 10_000) == ("invalid_media_id", "permanent", 40007)
    assert no(town.mini.upload_media, "image", b"text", "a.jpg", "image/jpeg") == (
        "invalid_file_type",
        "permanent",
        40005,
    )
    film = town.official.upload_media("video", b"\0\0\0\x18ftypmp42" + b"\0" * 50, "a.mp4", "video/mp4")
    assert no(town.official.download_media, film, 10_000) == ("media_elsewhere", "permanent", None)


def test_words_and_pictures_are_checked(town: Town) -> None:
    wang = town.openid("wang")
    assert no(town.mini.check_text, wang, "楼道灯不亮", 2) == ("visit_too_old", "permanent", 61010)
    town.hand("phone/wang/login", app="mini")
    verdict = town.mini.check_text(wang, "楼道灯不亮", 2, title="报修", nickname="王桂珍")
    assert verdict == Verdict("pass", 100, verdict.trace_id)
    trace_id = town.mini.check_media(wang, "https://a.example/lamp.jpg", 2, 1)
    assert len(trace_id) == 26
    foreign = town.openid("wang", "official")
    assert no(town.mini.check_text, foreign, "你好", 2) == ("openid_of_another_app", "permanent", 43104)
    assert no(town.mini.check_media, wang, "https://a.example/x", 9, 1) == ("invalid_media_type", "permanent", 40004)


def test_codes_and_links(town: Town) -> None:
    assert town.mini.mini_code("u=7", page="pages/case/case", env="trial", width=280).startswith(b"\x89PNG")
    assert town.mini.mini_code("u=8", page="pages/new", check_path=False).startswith(b"\x89PNG")
    assert no(town.mini.mini_code, "u=7", page="pages/new") == ("invalid_page", "permanent", 41030)
    assert no(town.mini.mini_code, "门口") == ("invalid_scene", "permanent", 40129)
    assert town.mini.url_link("/pages/case/case", "id=1023", 30).startswith("https://wxaurl.cn/")
    assert no(town.mini.url_link, "/pages/case/case", "", 31) == ("invalid_lifetime", "permanent", 85401)


def test_codes_followers_and_menu_of_the_official_account(town: Town) -> None:
    qr = town.official.create_qr("building-3", 600)
    assert (qr.expires_in, qr.url[:24]) == (600, "http://weixin.qq.com/q/0")
    assert town.official.create_qr("gate", None).expires_in is None
    assert no(town.official.create_qr, "x" * 65, 600) == ("invalid_scene", "permanent", 40053)
    people = {one["key"]: one["unionid"] for one in town.see("people")["people"]}
    assert town.official.user_info(town.openid("wang", "official")) == User(True, people["wang"])
    assert town.official.user_info(town.openid("li", "official")) == User(False, people["li"])
    assert no(town.official.user_info, "oNobody") == ("invalid_openid", "permanent", 40003)
    buttons = [{"type": "click", "name": "报修", "key": "report"}]
    town.official.set_menu(buttons)
    assert town.see("apps")["apps"][1]["menu"] == buttons
    assert no(town.official.set_menu, []) == ("invalid_menu", "permanent", 40016)


def test_an_operator_asks_what_is_left_and_what_went_wrong(town: Town) -> None:
    with pytest.raises(GatewayError) as info:
        town.mini.send_subscribe("oNobody", TEMPLATE["id"], NEWS)
    told = town.mini.explain_rid(info.value.rid or "")
    assert (told["errcode"], told["client_ip"], "oNobody" in json.dumps(told)) == (40003, "127.0.0.1", False)
    assert set(told) == {"invoke_time", "cost_in_ms", "client_ip", "errcode", "errmsg"}
    assert no(town.mini.explain_rid, "0" * 8) == ("invalid_rid", "permanent", 76002)
    path = "/wxa/generate_urllink"
    before = town.mini.quota(path)
    town.mini.url_link("pages/case/case", "", 1)
    assert town.mini.quota(path) == Quota(before.limit, before.used + 1, before.remain - 1)
    town.mini.clear_quota()
    assert town.mini.quota(path).used == 0
    assert no(town.mini.quota, "/no/such/path") == ("unknown_api_path", "permanent", 76021)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("busy", ("system_busy", "retryable", -1)),
        ("quota", ("daily_quota_spent", "budget", 45009)),
        ("html", ("malformed_answer", "unknown", None)),
        ("empty", ("malformed_answer", "unknown", None)),
        ("http_502", ("http_502", "unknown", None)),
        ("wrong_types", ("malformed_answer", "unknown", None)),
        ("malformed_json", ("malformed_answer", "unknown", None)),
        ("big", ("malformed_answer", "unknown", None)),
    ],
)
def test_bad_weather(fault: str, expected: tuple[str, str, int | None], town: Town) -> None:
    town.hand("phone/wang/subscribe", app="mini", answers={TEMPLATE["id"]: "accept"})
    town.hand("faults", path="/cgi-bin/message/subscribe/send", fault=fault)
    assert no(town.mini.send_subscribe, town.openid("wang"), TEMPLATE["id"], NEWS) == expected
    assert len(town.see("calls?path=/cgi-bin/message/subscribe/send")) == 1


def test_an_unknown_push_may_well_have_arrived(town: Town) -> None:
    hurried = Wechat(town.mini.account, MemoryTokens(), api=town.url + "/wechat", read_timeout=2)
    town.hand("phone/wang/subscribe", app="mini", answers={TEMPLATE["id"]: "accept"})
    town.hand("faults", path="/cgi-bin/message/subscribe/send", fault="timeout_after_accept", seconds=4)
    wang = town.openid("wang")
    assert no(hurried.send_subscribe, wang, TEMPLATE["id"], NEWS) == ("timed_out", "unknown", None)
    assert town.last_item("wang")["title"] == "处理进度提醒"
    hurried.close()


def test_weather_that_does_no_harm(town: Town) -> None:
    town.hand("phone/wang/subscribe", app="mini", answers={TEMPLATE["id"]: "accept"})
    town.hand("phone/wang/subscribe", app="mini", answers={TEMPLATE["id"]: "accept"})
    wang = town.openid("wang")
    for fault in ("token", "errcode_string"):
        town.hand("faults", path="/cgi-bin/message/subscribe/send", fault=fault)
        assert (town.mini.send_subscribe(wang, TEMPLATE["id"], NEWS) or "").isdecimal()


def test_a_token_that_timed_out_at_the_platform_is_replaced(town: Town) -> None:
    first = town.mini.token()
    town.hand("clock", ahead=7300)
    assert town.mini.url_link("pages/case/case", "", 1)
    assert town.mini.token() != first


def test_an_account_is_of_one_of_two_kinds_and_hides_its_secret() -> None:
    with pytest.raises(ValueError, match="kind"):
        Account("mini", "mini", "wx1", "SECRET")
    assert "SECRET" not in repr(Account("mini", "miniprogram", "wx1", "SECRET"))
