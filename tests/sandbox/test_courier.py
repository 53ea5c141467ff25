"""张兰 writes, the backend listens: what is sent, in which order, how often, and what she sees of the answer."""

import json
import time

import pytest
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto

from tests.sandbox.street import PHOTO

OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试"


TEXT = "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[好的，已收到]]></Content>"
NEWS = ("<MsgType>news</MsgType><ArticleCount>{count}</ArticleCount><Articles><item><Title>停水通知</Title>"
        "<Description>周三上午</Description><PicUrl></PicUrl><Url>https://example.org/1</Url></item></Articles>")


def reply_to(message, inner=TEXT):
    """A passive reply in plain XML, addressed as the platform wants it."""
    return (f"<xml><ToUserName><![CDATA[{message['FromUserName']}]]></ToUserName>"
            f"<FromUserName><![CDATA[{message['ToUserName']}]]></FromUserName>"
            f"<CreateTime>1795400000</CreateTime>{inner}</xml>")


def sealed(app, text):
    """The same, sealed with wechatpy."""
    return WeChatCrypto(app["token"], app["aes_key"], app["appid"]).encrypt_message(text, "1320562132")


def test_a_text_to_the_official_account(street, backend):
    sent = street.say("zhanglan", "楼道灯不亮了")
    (received,) = backend.received
    assert list(received.message.items()) == [
        ("ToUserName", "gh_official0001"), ("FromUserName", street.openid("zhanglan", "official")),
        ("CreateTime", received.message["CreateTime"]), ("MsgType", "text"), ("Content", "楼道灯不亮了"),
        ("MsgId", sent["msg_id"]),
    ]
    assert set(received.query) == {"signature", "timestamp", "nonce", "openid", "encrypt_type", "msg_signature"}
    assert received.query["openid"] == street.openid("zhanglan", "official")
    assert "楼道灯" not in received.raw
    (item,) = street.phone("zhanglan")["items"]
    assert (item["from"], item["text"], item["status"], item["tries"]) == ("me", "楼道灯不亮了", "delivered", 1)


def test_a_text_to_the_mini_program_is_json_with_numbers(street, backend):
    sent = street.say("zhanglan", "你好", app="mini")
    (message,) = backend.messages()
    assert (message["MsgId"], message["Content"]) == (int(sent["msg_id"]), "你好")
    assert isinstance(message["CreateTime"], int)
    assert set(json.loads(backend.received[0].raw)) == {"ToUserName", "Encrypt"}


@pytest.mark.parametrize(("mode", "format", "outer"), [
    ("plain", "xml", False), ("plain", "json", False), ("compatible", "xml", True), ("compatible", "json", True)])
def test_plain_and_compatible_mode(config, mode, format, outer, backend, request):
    config["apps"][1] |= {"mode": mode, "format": format}
    street = request.getfixturevalue("street")
    street.say("zhanglan", "]]> & <b>换行\n好")
    (received,) = backend.received
    assert received.message["Content"] == "]]> & <b>换行\n好"
    assert ("Encrypt" in received.raw, "Content" in received.raw) == (outer, True)
    assert ("encrypt_type" in received.query) is outer


def test_a_sealed_reply_appears_in_the_chat(street, backend):
    backend.answer = lambda received: (sealed(street.apps["official"], reply_to(received.message)), 200)
    street.say("zhanglan", "在吗")
    assert street.chat("zhanglan") == ["好的，已收到"]


def test_an_article_as_reply(street, backend):
    backend.answer = lambda received: (
        sealed(street.apps["official"], reply_to(received.message, NEWS.format(count=1))), 200)
    street.say("zhanglan", "公告")
    shown = street.phone("zhanglan")["items"][-1]
    assert (shown["kind"], shown["title"], shown["text"], shown["url"]) == (
        "news", "停水通知", "周三上午", "https://example.org/1")


def test_a_reply_from_wechatpy(config, backend, request):
    config["apps"][1]["mode"] = "plain"
    street = request.getfixturevalue("street")
    backend.answer = lambda received: (create_reply("欢迎", message=parse_message(received.raw)).render(), 200)
    street.say("zhanglan", "你好")
    assert street.chat("zhanglan") == ["欢迎"]


def test_a_picture_as_reply_must_be_one_that_was_uploaded(street, backend):
    street.do("zhanglan", "send", app="official", type="image", media=PHOTO)
    media_id = backend.messages()[0]["MediaId"]
    for named in (media_id, "nobody-uploaded-this"):
        inner = f"<MsgType>image</MsgType><Image><MediaId>{named}</MediaId></Image>"
        backend.answer = lambda received, inner=inner: (
            sealed(street.apps["official"], reply_to(received.message, inner)), 200)
        street.say("zhanglan", "再发给我看看")
    kinds = [(item["kind"], item["where"]) for item in street.phone("zhanglan")["items"] if item["from"] == "them"]
    assert kinds == [("image", "chat"), ("system", "system")]


@pytest.mark.parametrize("answer", ["hello", "<xml></xml>", "<html>", "{}", "<xml><Encrypt>AAAA</Encrypt></xml>",
                                    "<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>"])
def test_a_malformed_reply_is_an_outage_to_the_user(street, backend, answer):
    backend.answer = lambda received: (answer, 200)
    street.say("zhanglan", "在吗")
    assert street.chat("zhanglan", "system") == [OUT_OF_ORDER]
    assert len(backend.received) == 1


@pytest.mark.parametrize("spoil", [
    lambda app, message: reply_to(message),
    lambda app, message: sealed(app, reply_to(message | {"FromUserName": "somebody"})),
    lambda app, message: sealed(app, reply_to(message, "<MsgType>text</MsgType>")),
    lambda app, message: sealed(app, reply_to(message, "<MsgType>poem</MsgType>")),
    lambda app, message: sealed(app, reply_to(message, NEWS.format(count=3))),
    lambda app, message: sealed(app | {"token": "anothertoken"}, reply_to(message)),
    lambda app, message: sealed(app | {"appid": "wxanother"}, reply_to(message)),
], ids=["plain", "addressee", "no content", "type", "article count", "token", "appid"])
def test_a_reply_that_is_almost_right_is_not_shown(street, backend, spoil):
    backend.answer = lambda received: (spoil(street.apps["official"], received.message), 200)
    street.say("zhanglan", "在吗")
    assert (street.chat("zhanglan"), street.chat("zhanglan", "system")) == ([], [OUT_OF_ORDER])


def test_the_mini_program_only_hands_over_to_the_staff(street, backend):
    for inner in ("<MsgType>transfer_customer_service</MsgType>", TEXT):
        backend.answer = lambda received, inner=inner: (
            sealed(street.apps["mini"], reply_to(received.message, inner)), 200)
        street.say("zhanglan", "在吗", app="mini")
    assert [one["state"] for one in street.control("GET", "deliveries")] == ["done", "failed"]
    assert street.chat("zhanglan", "system") == ["该小程序提供的服务出现故障，请稍后再试"]


def test_three_tries_with_the_same_message_and_a_fresh_envelope(street, backend):
    backend.answer = lambda received: ("busy", 503)
    street.say("zhanglan", "有人吗")
    assert [one.message["MsgId"] for one in backend.received] == [backend.received[0].message["MsgId"]] * 3
    assert len({one.query["nonce"] for one in backend.received}) == 3
    assert len({one.raw for one in backend.received}) == 3
    gaps = [later.at - earlier.at for earlier, later in zip(backend.received, backend.received[1:], strict=False)]
    assert min(gaps) >= 0.25
    (delivery,) = street.control("GET", "deliveries")
    assert (delivery["state"], delivery["tries"], delivery["last_status"]) == ("failed", 3, "503")
    assert street.chat("zhanglan", "system") == [OUT_OF_ORDER]


def test_the_second_try_may_succeed(street, backend):
    backend.answer = lambda received: ("success", 200 if len(backend.received) > 1 else 500)
    street.say("zhanglan", "有人吗")
    (item,) = street.phone("zhanglan")["items"]
    assert (item["status"], item["tries"]) == ("delivered", 2)


def test_a_backend_that_sleeps_is_asked_again(street, backend):
    def sleepy(received):
        if len(backend.received) == 1:
            time.sleep(1.4)
        return "success", 200

    backend.answer = sleepy
    street.say("zhanglan", "醒醒")
    first, second = backend.received
    assert first.message == second.message
    assert street.control("GET", "deliveries")[0]["state"] == "done"


def test_one_person_keeps_the_order_while_others_are_served(street, backend):
    def stubborn(received):
        first = received.message.get("Content") == "一" and len(
            [one for one in backend.received if one.message.get("Content") == "一"]) < 3
        return ("", 500) if first else ("", 200)

    backend.answer = stubborn
    for person, text in (("zhanglan", "一"), ("zhanglan", "二"), ("wangfang", "三"), ("zhanglan", "四")):
        street.control("POST", f"phone/{person}/send", {"app": "official", "type": "text", "content": text})
    assert street.drain() == 0
    contents = [message["Content"] for message in backend.messages()]
    assert [one for one in contents if one != "三"] == ["一", "一", "一", "二", "四"]
    assert contents.index("三") < contents.index("二")


def test_redelivery_repeats_the_message(street, backend):
    sent = street.say("zhanglan", "只说一次")
    (delivery,) = street.control("GET", "deliveries")
    copies = street.control("POST", "redeliver", {"id": delivery["id"], "copies": 4, "parallel": True})["ids"]
    assert len(copies) == 4
    street.drain()
    assert [message["MsgId"] for message in backend.messages()] == [sent["msg_id"]] * 5
