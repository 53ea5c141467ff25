"""The backend writes to 张兰: five messages in 48 hours, three after a tap, and what they may contain."""

import base64

from tests.sandbox.street import PHOTO

SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/business/typing"


def write(street, app="official", person="zhanglan", **message):
    message = message or {"msgtype": "text", "text": {"content": "已派给网格员"}}
    return street.post(SEND, {"touser": street.openid(person, app), **message}, app=app)["errcode"]


def upload(street, app="official", kind="image"):
    token = street.token(app)["access_token"]
    answer = street.raw("POST", "/cgi-bin/media/upload", params={"access_token": token, "type": kind},
                        files={"media": ("a.gif", base64.b64decode(PHOTO))})
    return answer.json()["media_id"]


def test_five_answers_within_48_hours(street):
    assert write(street) == 45015
    street.say("zhanglan", "楼道灯不亮了")
    assert [write(street) for _ in range(6)] == [0] * 5 + [45047]
    street.say("zhanglan", "还在吗")
    assert [write(street) for _ in range(6)] == [0] * 5 + [45047], "a new message fills the budget, nothing adds up"
    street.say("zhanglan", "再见")
    street.ahead(48 * 3600 - 60)
    assert write(street) == 0
    street.ahead(48 * 3600 + 1)
    assert write(street) == 45015
    assert street.chat("zhanglan") == ["已派给网格员"] * 11


def test_a_tap_a_scan_and_a_follow_open_a_minute(street):
    taps = [("zhanglan", {"event": "CLICK", "event_key": "report"}), ("liwei", {"event": "subscribe"}),
            ("wangfang", {"event": "SCAN", "event_key": "door=1"})]
    for person, event in taps:
        street.do(person, "event", app="official", **event)
        assert [write(street, person=person) for _ in range(4)] == [0, 0, 0, 45047]
    street.ahead(61)
    assert write(street) == 45015


def test_entering_the_mini_programs_chat_opens_two(street):
    street.do("zhanglan", "event", app="mini", event="user_enter_tempsession", session_from="case=1")
    assert [write(street, "mini") for _ in range(3)] == [0, 0, 45047]
    assert write(street, "official") == 45015


def test_who_unfollows_is_not_written_to(street):
    street.say("zhanglan", "你好")
    street.do("zhanglan", "unfollow", app="official")
    assert write(street) == 45015


def test_every_kind_of_message_is_shown(street):
    street.say("zhanglan", "你好")
    media_id = upload(street)
    card = {"title": "事项", "appid": "wx1111111111111111", "pagepath": "pages/case/case", "thumb_media_id": media_id}
    menu = {"head_content": "满意吗", "list": [{"id": "1", "content": "满意"}], "tail_content": "谢谢"}
    link = {"title": "公告", "description": "停水", "url": "https://example.org", "thumb_url": ""}
    for kind, part in (("image", {"media_id": media_id}), ("miniprogrampage", card), ("msgmenu", menu),
                       ("link", link), ("news", {"articles": [link | {"picurl": ""}]})):
        assert write(street, msgtype=kind, **{kind: part}) == 0
    shown = [item for item in street.phone("zhanglan")["items"] if item["from"] == "them"]
    assert [item["kind"] for item in shown] == ["image", "miniprogrampage", "msgmenu", "link", "news"]
    assert shown[0]["media_url"] == f"/control/media/{media_id}"
    assert (shown[1]["title"], shown[1]["page"]) == ("事项", "pages/case/case")
    assert shown[2]["choices"] == [{"id": "1", "text": "满意"}]


def test_what_cannot_be_written(street):
    street.say("zhanglan", "你好")
    street.say("zhanglan", "你好", app="mini")
    link = '<a href="https://e.org" data-miniprogram-appid="{}" data-miniprogram-path="pages/a">看</a>'
    theirs, own = link.format("wx9"), link.format("wx1111111111111111")
    cases = [
        ("official", "text", {"content": ""}, 44004), ("official", "text", {"content": 7}, 47001),
        ("official", "text", {"content": "字" * 683}, 45002), ("official", "text", {"content": "字" * 682}, 0),
        ("official", "image", {"media_id": "no"}, 40007), ("official", "poem", {}, 40008),
        ("official", "miniprogrampage", {"title": "a", "appid": "wx9", "pagepath": "a"}, 40013),
        ("official", "news", {"articles": []}, 45008), ("official", "msgmenu", {"list": "x"}, 47001),
        ("mini", "news", {"articles": []}, 40008), ("mini", "text", {"content": theirs}, 40013),
        ("mini", "text", {"content": own}, 0), ("mini", "image", {"media_id": upload(street)}, 40007),
    ]
    assert [write(street, app, msgtype=kind, **{kind: part}) for app, kind, part, _ in cases] == [
        code for *_, code in cases]
    assert write(street, msgtype="text") == 47001
    assert write(street, msgtype=["text"]) == 40008


def test_typing_lasts_fifteen_seconds_and_ends_with_a_message(street):
    openid = street.openid("zhanglan")

    def typing(command="Typing"):
        return street.post(TYPING, {"touser": openid, "command": command})["errcode"]

    assert typing() == 45080
    street.say("zhanglan", "你好", app="mini")
    assert [typing(), typing(), typing("CancelTyping"), typing(), typing("Dance")] == [0, 45081, 0, 0, 45072]
    assert street.phone("zhanglan")["typing"] == {"mini": True, "official": False}
    write(street, "mini")
    assert street.phone("zhanglan")["typing"] == {"mini": False, "official": False}
    assert typing() == 0
    street.ahead(16)
    assert street.phone("zhanglan")["typing"]["mini"] is False
    street.ahead(31)
    assert typing() == 45080
    assert street.post("/cgi-bin/message/custom/typing", {"touser": openid, "command": "Typing"})["errcode"] == 40200
