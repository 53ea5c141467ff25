"""Subscribe and template messages: what may be sent, how often, and what the backend hears of it afterwards."""

import pytest

from tests.sandbox.street import CASE, NOTICE, OFFICIAL_CASE

SEND = "/cgi-bin/message/subscribe/send"
TEMPLATE = "/cgi-bin/message/template/send"
DATA = {"thing1": {"value": "楼道灯"}, "time2": {"value": "2026年11月23日 17:30"}}


def body(street, **more):
    return {"touser": street.openid("zhanglan"), "template_id": CASE, "page": "pages/case/case?id=1",
            "miniprogram_state": "formal", "lang": "zh_CN", "data": DATA} | more


def agree(street, **answers):
    street.do("zhanglan", "subscribe", app="mini", answers=answers)


def test_one_tap_is_one_message(street, backend):
    assert street.post(SEND, body(street))["errcode"] == 43101
    agree(street, **{CASE: "accept"})
    agree(street, **{CASE: "accept"})
    assert street.phone("zhanglan")["subscriptions"] == {"mini": {CASE: 2}}
    codes = [street.post(SEND, body(street))["errcode"] for _ in range(3)]
    assert codes == [0, 0, 43101]
    shown = street.phone("zhanglan")["items"][-1]
    assert (shown["where"], shown["kind"], shown["title"], shown["page"]) == (
        "notifications", "subscribe", "事项进度通知", "pages/case/case?id=1")
    assert shown["fields"] == [{"label": "事项", "value": "楼道灯"}, {"label": "时间", "value": "2026年11月23日 17:30"}]


def test_a_refusal_and_a_long_term_template(street):
    agree(street, **{CASE: "reject", NOTICE: "accept"})
    assert street.post(SEND, body(street))["errcode"] == 43101
    for _ in range(3):
        assert street.post(SEND, body(street, template_id=NOTICE))["errcode"] == 0
    street.do("zhanglan", "event", app="mini", event="subscribe_msg_change_event", template_id=NOTICE)
    assert street.post(SEND, body(street, template_id=NOTICE))["errcode"] == 43101


def test_the_backend_hears_of_the_answers_and_of_the_result(street, backend):
    agree(street, **{CASE: "accept"})
    agree(street, **{CASE: "reject", NOTICE: "accept"})
    msg_id = street.post(SEND, body(street))["msgid"]
    street.drain()
    one, several, sent = backend.messages()
    assert one["List"] == {"TemplateId": CASE, "SubscribeStatusString": "accept", "PopupScene": "0"}
    assert [entry["SubscribeStatusString"] for entry in several["List"]] == ["reject", "accept"]
    assert sent["Event"] == "subscribe_msg_sent_event"
    assert sent["List"] == {"TemplateId": CASE, "MsgID": str(msg_id), "ErrorCode": "0", "ErrorStatus": "success"}


def test_the_same_in_xml(config, backend, request):
    config["apps"][0]["format"] = "xml"
    agree(request.getfixturevalue("street"), **{CASE: "accept", NOTICE: "reject"})
    entries = backend.messages()[0]["SubscribeMsgPopupEvent"]["List"]
    assert [entry["TemplateId"] for entry in entries] == [CASE, NOTICE]


@pytest.mark.parametrize(("more", "code", "text"), [
    ({"touser": "o123"}, 40003, "invalid openid"),
    ({"template_id": "no"}, 40037, "invalid template_id"),
    ({"template_id": []}, 40037, "invalid template_id"),
    ({"page": "/pages/case/case"}, 41030, "invalid page hint: [page]"),
    ({"miniprogram_state": "live"}, 47003, "argument invalid! miniprogram_state invalid"),
    ({"lang": "de_DE"}, 47003, "argument invalid! lang invalid"),
    ({"data": {}}, 47003, "argument invalid! data.thing1.value is empty"),
    ({"data": []}, 47003, "argument invalid! data invalid"),
    ({"data": DATA | {"thing1": {"value": "x" * 21}}}, 47003, "argument invalid! data.thing1.value invalid"),
    ({"data": DATA | {"time2": {"value": "马上"}}}, 47003, "argument invalid! data.time2.value invalid"),
    ({"data": DATA | {"time2": "15:00"}}, 47003, "argument invalid! data.time2.value is empty"),
])
def test_what_is_refused_costs_nothing(street, more, code, text):
    agree(street, **{CASE: "accept"})
    answer = street.post(SEND, body(street, **more))
    assert (answer["errcode"], answer["errmsg"].split(" rid: ")[0]) == (code, text)
    assert street.phone("zhanglan")["subscriptions"]["mini"] == {CASE: 1}


def test_keys_too_many_do_no_harm_and_another_apps_openid_does(street):
    agree(street, **{CASE: "accept"})
    assert street.post(SEND, body(street, touser=street.openid("zhanglan", "official")))["errcode"] == 40003
    assert street.post(SEND, body(street, data=DATA | {"thing9": {"value": "多余"}}))["errcode"] == 0


def template(street, person="zhanglan", **more):
    return {"touser": street.openid(person, "official"), "template_id": OFFICIAL_CASE, "data": DATA,
            "url": "https://example.org/u/1"} | more


def test_a_template_message_to_a_follower(street, backend):
    link = {"miniprogram": {"appid": "wx1111111111111111", "pagepath": "pages/case/case?id=1"}}
    msg_id = street.post(TEMPLATE, template(street, **link), app="official")["msgid"]
    street.drain()
    shown = street.phone("zhanglan")["items"][-1]
    assert (shown["kind"], shown["where"], shown["page"], shown["url"]) == (
        "template", "chat", "pages/case/case?id=1", "https://example.org/u/1")
    (event,) = backend.messages()
    assert (event["Event"], event["MsgID"], event["Status"]) == ("TEMPLATESENDJOBFINISH", str(msg_id), "success")


@pytest.mark.parametrize(("person", "more", "code"), [
    ("liwei", {}, 43004), ("zhanglan", {"template_id": "no"}, 40037), ("zhanglan", {"template_id": ""}, 40036),
    ("zhanglan", {"miniprogram": {"appid": "wx9", "pagepath": "a"}}, 40013), ("zhanglan", {"touser": "o1"}, 40003),
    ("zhanglan", {"data": "x"}, 47001)])
def test_a_template_message_that_is_refused(street, person, more, code):
    assert street.post(TEMPLATE, template(street, person, **more), app="official")["errcode"] == code


def test_the_list_of_templates(street):
    first = street.get("/wxaapi/newtmpl/gettemplate")["data"][0]
    assert (first["priTmplId"], first["type"], first["content"]) == (
        CASE, 2, "事项:{{thing1.DATA}}\n时间:{{time2.DATA}}\n")


def test_who_blocks_an_app_is_told_of_only_afterwards(street, backend):
    """The call is accepted with errcode 0, the phone shows nothing, and the event says that it failed."""
    agree(street, **{CASE: "accept", NOTICE: "accept"})
    for app in ("official", "mini"):
        assert street.do("zhanglan", "block", app=app, blocked=True) == {"app": app, "blocked": True}
    assert street.post(TEMPLATE, template(street), app="official")["errcode"] == 0
    answer = street.post(SEND, body(street))
    assert answer["errcode"] == 0
    street.drain()
    assert [item for item in street.phone("zhanglan")["items"] if item["from"] == "them"] == []
    finished, sent = backend.messages()[-2:]
    assert (finished["Event"], finished["Status"]) == ("TEMPLATESENDJOBFINISH", "failed:user block")
    assert sent["List"] == {"TemplateId": CASE, "MsgID": str(answer["msgid"]), "ErrorCode": "43101",
                            "ErrorStatus": "user refuse to accept the msg"}


def test_a_block_is_one_persons_at_one_app_and_can_be_lifted(street, backend):
    street.do("zhanglan", "block", app="mini", blocked=True)
    street.do("wangfang", "block", app="official", blocked=True)
    street.do("zhanglan", "block", app="official", blocked=True)
    street.do("zhanglan", "block", app="official", blocked=False)
    for person in ("zhanglan", "wangfang"):
        street.post(TEMPLATE, template(street, person), app="official")
    street.drain()
    assert sorted(message["Status"] for message in backend.messages()) == ["failed:user block", "success"]
    street.control("POST", "phone/zhanglan/block", {"app": "official", "blocked": "ja"}, status=400)
    street.control("POST", "phone/zhanglan/block", {"app": "nowhere", "blocked": True}, status=404)
