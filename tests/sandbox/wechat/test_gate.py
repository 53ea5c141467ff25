"""What holds for every call: methods, bodies, accounts, budgets, request ids, and the weather."""

import pytest
import requests

SEND = "/cgi-bin/message/custom/send"


def send(street, **options):
    return street.raw("POST", SEND, params={"access_token": street.token()["access_token"]}, **options)


@pytest.mark.parametrize(("body", "code"), [
    (b"", 44002), (b"  ", 44002), (b"{", 47001), (b"[]", 47001), (b'"text"', 47001), (b"\xff\xfe", 47001),
    (b"[" * 100_000, 47001), (b'{"touser": "\\ud800"}', 47001), (b'{"touser": 7}', 40003), (b'{"touser": {}}', 40003)])
def test_a_body_is_read_by_its_content(street, body, code):
    answer = send(street, data=body)
    assert (answer.status_code, answer.json()["errcode"]) == (200, code)
    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"


def test_get_on_a_post_an_unknown_path_and_the_wrong_kind_of_account(street):
    assert street.get(SEND)["errcode"] == 43002
    assert street.post("/cgi-bin/no/such", {})["errcode"] == 40066
    assert street.post("/wxa/msg_sec_check", {"content": "a"}, app="official")["errcode"] == 48001
    assert street.get("/cgi-bin/user/info", app="mini")["errcode"] == 48001


def test_a_failed_call_can_be_looked_up_by_its_rid(street):
    failed = street.post(SEND, {"touser": "nobody", "msgtype": "text"})
    rid = failed["errmsg"].split("rid: ")[1]
    found = street.post("/cgi-bin/openapi/rid/get", {"rid": rid})["request"]
    assert (found["request_body"], found["client_ip"]) == ('{"touser": "nobody", "msgtype": "text"}', "127.0.0.1")
    assert rid in found["response_body"]
    for app, asked, code in (("mini", "0-0-0", 76002), ("mini", "00000000-00000000-00000000", 76001),
                             ("official", rid, 76003)):
        assert street.post("/cgi-bin/openapi/rid/get", {"rid": asked}, app=app)["errcode"] == code
    street.ahead(8 * 24 * 3600)
    assert street.post("/cgi-bin/openapi/rid/get", {"rid": rid})["errcode"] == 76004


def test_a_daily_budget_runs_out_and_is_cleared(config, request):
    config["daily_limits"] = {"/cgi-bin/getcallbackip": 2}
    street = request.getfixturevalue("street")
    assert [street.get("/cgi-bin/getcallbackip")["errcode"] for _ in range(3)] == [0, 0, 45009]
    asked = {"cgi_path": "/cgi-bin/getcallbackip"}
    quota = {"daily_limit": 2, "used": 2, "remain": 0}
    assert street.post("/cgi-bin/openapi/quota/get", asked)["quota"] == quota
    assert street.post("/cgi-bin/openapi/quota/clear", asked)["errcode"] == 0
    assert street.get("/cgi-bin/getcallbackip")["errcode"] == 0
    assert street.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/no"})["errcode"] == 76021
    appid = street.apps["mini"]["appid"]
    codes = [street.post("/cgi-bin/clear_quota", {"appid": appid})["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [48006]


def test_the_log_book_never_holds_a_secret(street):
    street.token()
    send(street, json={"touser": "x"})
    calls = street.control("GET", "calls")
    assert [call["path"] for call in calls] == ["/cgi-bin/stable_token", "/cgi-bin/stable_token", SEND]
    text = str(calls)
    assert "mini-secret" not in text
    assert "access_token" not in text.replace("access_token is invalid", "")
    assert street.control("GET", f"calls?after={calls[1]['seq']}&path={SEND}") == calls[2:]


@pytest.mark.parametrize(("fault", "code"), [("busy", -1), ("quota", 45009), ("token", 40001)])
def test_faults_that_refuse(street, fault, code):
    street.fault("/cgi-bin/getcallbackip", fault)
    assert [street.get("/cgi-bin/getcallbackip")["errcode"] for _ in range(2)] == [code, 0]


def test_an_ordered_error_lasts_as_long_as_ordered(street):
    street.fault("*", "error", errcode=43101, errmsg="user refuse to accept the msg", times=-1)
    for _ in range(3):
        assert street.token()["errcode"] == 43101
    street.control("DELETE", "faults")
    assert "access_token" in street.token()


def test_faults_that_garble_the_answer(street):
    def ask(fault):
        token = street.token()["access_token"]
        street.fault("/cgi-bin/getcallbackip", fault)
        return street.raw("GET", "/cgi-bin/getcallbackip", params={"access_token": token})

    assert ask("html").text.startswith("<!DOCTYPE html>")
    assert ask("http_502").status_code == 502
    assert ask("empty").content == b""
    assert ask("errcode_string").json()["errcode"] == "0"
    assert ask("wrong_types").json() == {"errcode": [0], "errmsg": 2, "ip_list": "soon"}
    assert len(ask("big").content) > 10 * 1024 * 1024
    with pytest.raises(requests.exceptions.JSONDecodeError):
        ask("malformed_json").json()


def test_an_accepted_call_whose_answer_is_lost(street):
    street.say("zhanglan", "你好", app="mini")
    body = {"touser": street.openid("zhanglan"), "msgtype": "text", "text": {"content": "您好"}}
    for fault, more in (("accept_then_reset", {}), ("timeout_after_accept", {"seconds": 0.2}), ("reset", {})):
        street.fault(SEND, fault, **more)
        with pytest.raises(requests.ConnectionError):
            send(street, json=body)
    assert street.chat("zhanglan") == ["您好", "您好"], "what was reset before acceptance was never sent"
    assert [call["fault"] for call in street.control("GET", f"calls?path={SEND}")] == [
        "accept_then_reset", "timeout_after_accept", "reset"]


def test_any_answer_can_be_ordered(street):
    odd = {"access_token": "a" * 600, "expires_in": "7200"}
    street.fault("/cgi-bin/stable_token", "answer", body=odd)
    assert street.token() == odd
    street.fault("/cgi-bin/stable_token", "answer", status=301, location="http://127.0.0.1:9/elsewhere")
    moved = street.raw("POST", "/cgi-bin/stable_token", json={}, allow_redirects=False)
    assert (moved.status_code, moved.headers["Location"], moved.text) == (301, "http://127.0.0.1:9/elsewhere", "")
    assert "access_token" in street.token()


def test_an_answer_that_breaks_off(street):
    street.fault("/cgi-bin/stable_token", "cut_off")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        street.token()
    assert [call["errcode"] for call in street.control("GET", "calls")] == [0]


def test_a_late_and_a_slow_answer_do_arrive(street):
    for fault, seconds in (("latency", 0.3), ("slow", 1)):
        street.fault("/cgi-bin/getcallbackip", fault, seconds=seconds)
        answer = street.get("/cgi-bin/getcallbackip")
        assert answer == {"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1"]}
