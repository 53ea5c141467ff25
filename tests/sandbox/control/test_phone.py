"""The hand that moves the phones: every kind of message and event as the backend receives it."""

import pytest

from tests.sandbox.street import PHOTO

VOICE = "IyFBTVIKAAAA"


def test_everybody_and_their_accounts(street):
    people = {person["key"]: person for person in street.control("GET", "people")["people"]}
    assert list(people) == ["zhanglan", "liwei", "wangfang"]
    assert (people["liwei"]["unionid"], people["liwei"]["follows"]) == ("oUNIONliwei", {"official": False})
    openids = [openid for person in people.values() for openid in person["openids"].values()]
    assert (len(set(openids)), {(len(openid), openid[0]) for openid in openids}) == (6, {(28, "o")})
    apps = street.control("GET", "apps")
    assert [app["name"] for app in apps["apps"]] == ["mini", "official"]
    assert [secret for app in street.apps.values() for secret in (app["secret"], app["token"] + '"', app["aes_key"])
            if secret in str(apps)] == []


def test_what_can_be_said_to_the_official_account(street, backend):
    for body in (
        {"type": "image", "media": PHOTO},
        {"type": "voice", "media": VOICE, "recognition": "楼道灯不亮了"},
        {"type": "voice", "media": VOICE},
        {"type": "location", "lat": 34.7801, "lng": 114.3502, "label": "幸福家园3号楼", "scale": 15},
        {"type": "link", "title": "看这个", "content": "说明", "url": "https://example.org"},
        {"type": "text", "content": "满意", "menu_id": "101"},
    ):
        street.do("zhanglan", "send", app="official", **body)
    image, voice, silent, place, link, choice = backend.messages()
    assert image["PicUrl"] == f"{street.url}/control/media/{image['MediaId']}"
    assert (voice["Format"], voice["Recognition"], "Recognition" in silent) == ("amr", "楼道灯不亮了", False)
    assert (place["Location_X"], place["Location_Y"], place["Scale"], place["Label"]) == (
        "34.7801", "114.3502", "15", "幸福家园3号楼")
    assert (link["Title"], link["Description"], link["Url"]) == ("看这个", "说明", "https://example.org")
    assert (choice["Content"], choice["bizmsgmenuid"]) == ("满意", "101")
    items = street.phone("zhanglan")["items"]
    assert [item["kind"] for item in items] == ["image", "voice", "voice", "location", "link", "text"]
    assert items[0]["media_url"] == f"/control/media/{image['MediaId']}"
    assert street.phone("zhanglan", after=items[3]["seq"])["items"] == items[4:]
    assert street.phone("wangfang")["items"] == []


def test_a_mini_program_takes_words_pictures_and_cards(street, backend):
    street.do("zhanglan", "send", app="mini", type="miniprogrampage", title="我的事项", pagepath="pages/case/case?id=1")
    (card,) = backend.messages()
    assert (card["MsgType"], card["Title"], card["AppId"], card["PagePath"]) == (
        "miniprogrampage", "我的事项", "wx1111111111111111", "pages/case/case?id=1")
    refused = street.control("POST", "phone/zhanglan/send", {"app": "mini", "type": "voice", "media": VOICE}, 400)
    assert refused == {"error": {"code": "not_in_mini", "message": "小程序客服会话只能发文字、图片和小程序卡片。"}}


def test_events_as_the_backend_hears_them(street, backend):
    street.do("zhanglan", "event", app="official", event="CLICK", event_key="report")
    street.do("zhanglan", "event", app="official", event="VIEW", event_key="https://example.org", menu_id="7")
    street.do("zhanglan", "event", app="official", event="LOCATION", lat=34.5, lng=114.25)
    street.do("zhanglan", "event", app="official", event="scancode_waitmsg", event_key="scan",
              fields={"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"}})
    street.do("zhanglan", "event", app="mini", event="user_enter_tempsession", session_from="case=1")
    click, view, place, scan, enter = backend.messages()
    assert list(click)[3:] == ["MsgType", "Event", "EventKey"]
    assert (view["EventKey"], view["MenuId"]) == ("https://example.org", "7")
    assert (place["Latitude"], place["Longitude"], place["Precision"]) == ("34.5", "114.25", "20")
    assert scan["ScanCodeInfo"] == {"ScanType": "qrcode", "ScanResult": "1"}
    assert enter["SessionFrom"] == "case=1"


def test_following_and_leaving(street, backend):
    street.control("POST", "phone/liwei/send", {"app": "official", "type": "text", "content": "在吗"}, 400)
    for what in ("follow", "follow", "unfollow", "unfollow"):
        street.do("liwei", what, app="official")
    assert [(message["Event"], message["EventKey"]) for message in backend.messages()] == [
        ("subscribe", None), ("unsubscribe", None)]


@pytest.mark.parametrize(("path", "body", "status", "code"), [
    ("phone/nobody/send", {}, 404, "unknown_person"),
    ("phone/zhanglan/send", {"app": "other", "type": "text"}, 404, "unknown_app"),
    ("phone/zhanglan/send", {"type": "text"}, 400, "bad_field"),
    ("phone/zhanglan/send", {"app": "official", "type": "poem"}, 400, "bad_type"),
    ("phone/zhanglan/send", {"app": "official", "type": "text", "content": ""}, 400, "bad_field"),
    ("phone/zhanglan/send", {"app": "official", "type": "text", "content": "\ud800"}, 400, "bad_field"),
    ("phone/zhanglan/send", {"app": "official", "type": "text", "content": "a" * 20001}, 400, "too_long"),
    ("phone/zhanglan/send", {"app": "official", "type": "image", "media": "%"}, 400, "bad_media"),
    ("phone/zhanglan/send", {"app": "official", "type": "image", "media": VOICE}, 400, "bad_media"),
    ("phone/zhanglan/send", {"app": "official", "type": "location", "lat": 91, "lng": 0}, 400, "bad_field"),
    ("phone/zhanglan/send", {"app": "official", "type": "location", "lat": "1", "lng": 0}, 400, "bad_field"),
    ("phone/zhanglan/event", {"app": "mini", "event": "CLICK"}, 400, "bad_event"),
    ("phone/zhanglan/event", {"app": "official", "event": "CLICK", "fields": []}, 400, "bad_field"),
    ("phone/zhanglan/login", {"app": "official"}, 400, "bad_app"),
    ("phone/wangfang/phone-code", {"app": "mini"}, 400, "no_phone"),
    ("phone/zhanglan/subscribe", {"app": "mini", "answers": {"no": "accept"}}, 400, "bad_field"),
    ("phone/zhanglan/subscribe", {"app": "mini", "answers": {}}, 400, "bad_field"),
    ("phone/zhanglan/scan", {"ticket": "no"}, 404, "unknown_code"),
    ("phone/zhanglan/follow", {"app": "mini"}, 400, "bad_event"),
    ("faults", {"fault": "earthquake"}, 400, "bad_fault"),
    ("faults", {"path": "*"}, 400, "bad_field"),
    ("redeliver", {"id": 99}, 404, "unknown_delivery"),
    ("redeliver", {"id": 1, "copies": 1000}, 400, "bad_field"),
    ("apps/mini", {"callback_url": "ftp://x"}, 400, "bad_field"),
    ("clock", {"ahead": "x"}, 400, "bad_field"),
    ("nowhere", {}, 404, "not_found"),
])
def test_what_cannot_be_done_is_said_in_chinese(street, path, body, status, code):
    error = street.control("POST", path, body, status)["error"]
    assert error["code"] == code
    assert error["message"].endswith("。")
    assert street.control("GET", "deliveries") == []


def test_a_body_that_is_too_large(street):
    error = street.control("POST", "phone/zhanglan/send", {"media": "a" * (12 * 1024 * 1024)}, 413)["error"]
    assert error["message"] == "内容太大，最多 12 MB。"


def test_messages_can_be_sent_to_another_address(street, backend):
    street.control("POST", "apps/official", {"callback_url": "http://127.0.0.1:9/wechat"})
    street.say("zhanglan", "有人吗")
    assert backend.received == []
    assert street.control("GET", "deliveries")[0]["last_status"] == "ConnectionRefusedError"
    street.control("POST", "apps/official", {"callback_url": ""})
    street.say("zhanglan", "现在呢")
    assert [message["Content"] for message in backend.messages()] == ["现在呢"]


def test_what_the_platform_tells_of_authorisations(street, backend):
    """The platform's pusher speaks; the person is named in OpenID."""
    mine = {person["key"]: person for person in street.control("GET", "people")["people"]}["zhanglan"]["openids"]
    street.do("zhanglan", "authorization", app="mini", change="revoke", codes="8,13")
    street.do("zhanglan", "authorization", app="official", change="cancel")
    street.do("zhanglan", "authorization", app="mini", change="modify")
    revoked, cancelled, modified = backend.messages()
    assert (revoked["Event"], revoked["OpenID"], str(revoked["RevokeInfo"])) == (
        "user_authorization_revoke", mine["mini"], "8,13")
    assert (cancelled["Event"], cancelled["OpenID"]) == ("user_authorization_cancellation", mine["official"])
    assert (modified["Event"], modified["OpenID"]) == ("user_info_modified", mine["mini"])
    assert {one["FromUserName"] for one in (revoked, cancelled, modified)} & set(mine.values()) == set()
    for wrong in ({"change": "revoke"}, {"change": "cancel", "codes": "8"}, {"change": "x"}):
        refused = street.control("POST", "phone/zhanglan/authorization", {"app": "mini"} | wrong, 400)
        assert refused["error"]["code"] == "bad_event"
