"""张兰 signs in: codes that work once, session keys, her number."""

import hashlib
import hmac

import pytest


def exchange(street, code, app="mini", **more):
    known = {name: street.apps[app][name] for name in ("appid", "secret")}
    return street.raw("GET", "/sns/jscode2session",
                      params={"js_code": code, "grant_type": "authorization_code", **known, **more}).json()


def login(street, person="zhanglan"):
    return exchange(street, street.do(person, "login", app="mini")["code"])


def test_a_code_becomes_a_session(street):
    session = login(street, "liwei")
    assert session["openid"] == street.openid("liwei")
    assert (len(session["openid"]), len(session["session_key"]), session["unionid"]) == (28, 24, "oUNIONliwei")
    assert set(session) == {"openid", "session_key", "unionid"}


def test_a_code_works_once_and_for_five_minutes(street):
    code = street.do("zhanglan", "login", app="mini")["code"]
    assert "openid" in exchange(street, code)
    again = exchange(street, code)
    assert (again["errcode"], again["errmsg"].split(" rid")[0]) == (40163, "code been used,")
    late = street.do("zhanglan", "login", app="mini")["code"]
    street.ahead(301)
    assert exchange(street, late)["errcode"] == 40029


def test_the_other_answer_to_a_used_code(config, request):
    config["reused_code_errcode"] = 40029
    street = request.getfixturevalue("street")
    code = street.do("zhanglan", "login", app="mini")["code"]
    assert [exchange(street, code).get("errcode", 0) for _ in range(2)] == [0, 40029]


@pytest.mark.parametrize(("more", "code"), [({"js_code": ""}, 41008), ({"js_code": "x"}, 40029), ({"appid": ""}, 41002),
                                            ({"secret": "no"}, 40125), ({"grant_type": "x"}, 40002)])
def test_a_wrong_exchange(street, more, code):
    assert exchange(street, "0abc", **more)["errcode"] == code


def test_a_post_misses_its_appid(street):
    assert street.raw("POST", "/sns/jscode2session", json={"appid": "wx1"}).json()["errcode"] == 41002


def test_a_phone_code_is_no_login_code(street):
    assert exchange(street, street.do("zhanglan", "phone-code", app="mini")["code"])["errcode"] == 40029


def test_the_session_key_stays_unless_the_weather_turns_it(street):
    first, second = login(street), login(street)
    assert first["session_key"] == second["session_key"]
    street.fault("/sns/jscode2session", "rotate_session_key")
    assert login(street)["session_key"] != first["session_key"]


def test_a_session_is_checked_with_the_text_of_its_key(street):
    session = login(street)
    signed = hmac.new(session["session_key"].encode(), b"", hashlib.sha256).hexdigest()
    asked = {"openid": session["openid"], "signature": signed, "sig_method": "hmac_sha256"}
    assert street.get("/wxa/checksession", **asked) == {"errcode": 0, "errmsg": "ok"}
    assert street.get("/wxa/checksession", **asked | {"signature": "0" * 64})["errcode"] == 87009
    renewed = street.get("/wxa/resetusersessionkey", **asked)
    assert renewed["session_key"] != session["session_key"]
    assert street.get("/wxa/checksession", **asked)["errcode"] == 87009
    street.ahead(4 * 24 * 3600)
    assert street.get("/wxa/resetusersessionkey", **asked)["errcode"] == 87007


def test_a_number_for_a_tap(street):
    code = street.do("zhanglan", "phone-code", app="mini")["code"]
    info = street.post("/wxa/business/getuserphonenumber", {"code": code})["phone_info"]
    assert (info["purePhoneNumber"], info["countryCode"]) == ("13800000001", "86")
    assert info["watermark"]["appid"] == "wx1111111111111111"
    for given in (code, "x", None, 7):
        assert street.post("/wxa/business/getuserphonenumber", {"code": given})["errcode"] == 40029


def test_a_tap_of_somebody_else(street):
    code = street.do("zhanglan", "phone-code", app="mini")["code"]
    body = {"code": code, "openid": street.openid("liwei")}
    assert street.post("/wxa/business/getuserphonenumber", body)["errcode"] == 40029
