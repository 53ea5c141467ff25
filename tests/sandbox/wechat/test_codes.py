"""Codes on the door and links in a message: made, shown, scanned, expired."""

import pytest

CODE = "/wxa/getwxacodeunlimit"
PNG = b"\x89PNG\r\n\x1a\n"


def mini_code(street, **body):
    token = street.token()["access_token"]
    return street.raw("POST", CODE, params={"access_token": token}, json={"scene": "d=17", **body})


def scene_code(street, **body):
    return street.post("/cgi-bin/qrcode/create", body, app="official")


def test_a_code_for_a_door(street):
    answer = mini_code(street, page="pages/report/report")
    assert (answer.headers["Content-Type"], answer.content[:8]) == ("image/png", PNG)
    (code,) = street.control("GET", "codes")
    assert (code["kind"], code["app"], code["scene"], code["page"]) == (
        "wxacode", "mini", "d=17", "pages/report/report")
    opened = street.do("zhanglan", "scan", ticket=code["ticket"])
    assert (opened["app"], opened["page"], opened["scene"]) == ("mini", "pages/report/report", "d=17")


@pytest.mark.parametrize(("body", "code"), [
    ({"scene": ""}, 40129), ({"scene": "中"}, 40129), ({"scene": "a" * 33}, 40169), ({"scene": 5}, 40129),
    ({"page": "/pages/a"}, 41030), ({"page": "pages/a?b=1"}, 41030), ({"page": 5}, 41030),
    ({"env_version": "released"}, 40097), ({"width": 100}, 40097), ({"width": "430"}, 40097)])
def test_a_code_that_is_refused(street, body, code):
    assert mini_code(street, **body).json()["errcode"] == code


def test_a_page_must_have_been_released(config, request):
    config["apps"][0]["pages"] = ["pages/report/report"]
    street = request.getfixturevalue("street")
    assert mini_code(street, page="pages/new/new").json()["errcode"] == 41030
    assert mini_code(street, page="pages/new/new", check_path=False).content[:8] == PNG
    assert mini_code(street, page="pages/report/report").content[:8] == PNG


def test_the_older_codes(street):
    token = street.token()["access_token"]
    for path in ("/wxa/getwxacode", "/cgi-bin/wxaapp/createwxaqrcode"):
        answers = [street.raw("POST", path, params={"access_token": token}, json={"path": "p" * length})
                   for length in (100, 1025)]
        assert (answers[0].content[:8], answers[1].json()["errcode"]) == (PNG, 40159)


def test_a_scene_code_is_scanned_by_a_follower_and_by_a_stranger(street, backend):
    made = scene_code(street, action_name="QR_STR_SCENE", expire_seconds=600,
                      action_info={"scene": {"scene_str": "door=17"}})
    assert made["expire_seconds"] == 600
    picture = street.raw("GET", "/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
    assert picture.content[:8] == PNG
    street.do("zhanglan", "scan", ticket=made["ticket"])
    street.do("liwei", "scan", scene="door=17")
    street.do("liwei", "scan", scene="door=17")
    seen = [(message["Event"], message["EventKey"], message["Ticket"]) for message in backend.messages()]
    assert seen == [("SCAN", "door=17", made["ticket"]), ("subscribe", "qrscene_door=17", made["ticket"]),
                    ("SCAN", "door=17", made["ticket"])]
    street.ahead(601)
    assert street.control("GET", "codes") == []
    gone = street.control("POST", "phone/zhanglan/scan", {"ticket": made["ticket"]}, status=410)
    assert gone["error"]["message"] == "二维码已过期，请让对方重新生成。"


def test_permanent_codes_and_wrong_ones(street):
    made = scene_code(street, action_name="QR_LIMIT_SCENE", action_info={"scene": {"scene_id": 7}})
    assert set(made) == {"errcode", "errmsg", "ticket", "url"}
    wrong = [{"action_name": "QR"}, {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}},
             {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100001}}},
             {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "a" * 65}}},
             {"action_name": "QR_SCENE", "expire_seconds": -5, "action_info": {"scene": {"scene_id": 1}}},
             {"action_name": "QR_SCENE", "action_info": {"scene": "x"}}]
    assert [scene_code(street, **one)["errcode"] for one in wrong] == [40053] * 6
    assert street.raw("GET", "/cgi-bin/showqrcode", params={"ticket": "x"}).json()["errcode"] == 40066


def test_a_link_into_the_mini_program(street):
    link = street.post("/wxa/generate_urllink", {"path": "/pages/case/case", "query": "id=1", "expire_type": 1,
                                                 "expire_interval": 2})["url_link"]
    info = street.post("/wxa/query_urllink", {"url_link": link})["url_link_info"]
    assert (info["path"], info["query"], info["expire_time"] - info["create_time"]) == (
        "/pages/case/case", "id=1", 2 * 24 * 3600)
    assert street.post("/wxa/query_urllink", {"query_type": 1})["quota_info"] == {"remain_visit_quota": 3_000_000}
    street.ahead(2 * 24 * 3600 + 5)
    assert street.post("/wxa/query_urllink", {"url_link": link})["errcode"] == 85403
    wrong = [{"path": "a?b"}, {"query": "x" * 1025}, {"env_version": "x"}, {"expire_type": 1, "expire_interval": 31},
             {"expire_type": 0, "expire_time": 5}, {"expire_time": "soon"}]
    assert [street.post("/wxa/generate_urllink", one)["errcode"] for one in wrong] == [
        40165, 40212, 85402, 85401, 85401, 85401]
