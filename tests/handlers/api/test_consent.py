"""张兰 is asked in the mini-program before her number or the exact place is taken; a child asks its mother first."""

import pytest

from app.context import database_open
from app.rules import consent, delegation
from models.base import now, write
from models.case import Case
from models.consent import Consent
from models.delegation import Delegation

POINT = {"lat": 34.782, "lng": 114.361}


def given(kind, answer="given", version=1, **more):
    return {"kind": kind, "version": version, "answer": answer} | more


def test_the_texts_are_for_everybody(door):
    status, said = door().get("/consents/texts")
    assert status == 200
    assert [(one["kind"], one["version"], one["sensitive"]) for one in said["texts"]] == [
        ("privacy", 1, False), ("location", 1, True), ("phone", 1, False), ("child", 1, True)
    ]  # fmt: skip


def test_agree_refuse_and_take_back(door):
    zhanglan = door("zhanglan")
    fresh = zhanglan.get("/consents")[1]["consents"]
    assert {(one["kind"], one["state"], one["may_ask"]) for one in fresh} == {
        (kind, "not_asked", True) for kind in consent.KINDS
    }
    for answer in ("refused", "given", "withdrawn"):
        status, said = zhanglan.post("/consents", given("location", answer))
        found = {one["kind"]: one for one in said["consents"]}["location"]
        assert (status, found["state"], found["may_ask"], found["by_another"]) == (200, answer, False, False)


def test_an_old_version_is_refused(door):
    zhanglan = door("zhanglan")
    with database_open(), write():
        consent.publish(kind="location", version=2, title="新的说明", text="换了用处。", sensitive=True)
    assert zhanglan.refused(409, "POST", "/consents", given("location"))["code"] == "consent_outdated"
    assert zhanglan.post("/consents", given("location", version=2))[0] == 200
    for wrong in (given("shoes"), given("phone", "perhaps"), given("phone", version=0), given("phone") | {"x": 1}):
        assert zhanglan.refused(422, "POST", "/consents", wrong)["code"] == "invalid"


def test_an_exact_place_asks_first_and_the_report_itself_does_not(door):
    zhanglan = door("zhanglan")
    placed = {"words": "路灯不亮", "point": POINT}
    error = zhanglan.refused(422, "POST", "/cases", placed, once="report-1")
    assert (error["code"], error["fields"]) == ("consent_missing", {"kind": "location", "version": "1"})
    assert zhanglan.report("路灯不亮")["point"] is None
    zhanglan.agree("location")
    assert zhanglan.post("/cases", placed, once="report-1")[0] == 201
    zhanglan.post("/consents", given("location", "withdrawn"))
    assert zhanglan.refused(422, "POST", "/cases", placed)["code"] == "consent_missing"


def test_in_an_emergency_the_place_is_taken_at_once(door):
    assert door("zhanglan").report("楼道着火了", point=POINT)["category"]["emergency"] is True


def test_a_number_asks_first_and_goes_when_it_is_taken_back(door, client):
    chenjing = door("chenjing")
    error = chenjing.refused(422, "POST", "/me/phone", {"code": "x"})
    assert (error["code"], error["fields"]) == ("consent_missing", {"kind": "phone", "version": "1"})
    assert chenjing.get("/me")[1]["person"]["phone_masked"] == "138****0003"
    chenjing.post("/consents", given("phone", "withdrawn"))
    assert chenjing.get("/me")[1]["person"]["phone_masked"] == ""


def test_age_is_told_once_as_a_group(door):
    zhaoqiang = door("zhaoqiang")
    assert zhaoqiang.get("/me")[1]["age_group"] == ""
    assert zhaoqiang.post("/me/age", {"group": "adult"})[1]["age_group"] == "adult"
    assert zhaoqiang.refused(422, "POST", "/me/age", {"group": "1990-01-01"})["fields"] == {"group": "不在可选的范围里"}


@pytest.fixture
def child(client, door):
    """赵强's phone in the hands of a child under 14, whose mother 张兰 the community has confirmed."""
    zhaoqiang = door("zhaoqiang")
    assert zhaoqiang.post("/me/age", {"group": "child"})[0] == 200
    with database_open(), write():
        Delegation.create(
            kind="guardian", principal=client.town.person("zhaoqiang"), agent=client.town.person("zhanglan"),
            relation="parent", community=client.town.community(), state="confirmed", confirmed_at=now(),
        )  # fmt: skip
    return zhaoqiang


def doors_of_a_child(child, key_of):
    here = {"community": key_of("community")}
    return (
        ("POST", "/cases", {"words": "路灯不亮"} | here), ("POST", "/me/phone", {"code": "x"}),
        ("PUT", "/me/name", {"name": "小宝"}), ("POST", "/me/households", {"code": "22222222"}),
        ("POST", "/conversation/lines", {"text": "你好"}),
        ("POST", "/consents", given("location")),
        ("POST", "/delegations", {"kind": "family", "relation": "son", "person": key_of("person", "sunmei")}),
    )  # fmt: skip


def test_a_child_stores_nothing_before_the_guardian_agrees(child, key_of, client):
    for method, path, body in doors_of_a_child(child, key_of):
        assert child.refused(422, method, path, body)["code"] == "guardian_needed", path
    with database_open():
        assert Case.select().count() == 0 and Consent.select().count() == 0


def test_the_guardian_agrees_and_takes_it_back(child, door, key_of):
    zhanglan, whose = door("zhanglan"), child.get("/me")[1]["person"]["key"]
    status, said = zhanglan.post("/consents", given("child", person=whose))
    found = {one["kind"]: one for one in said["consents"]}["child"]
    assert (status, found["state"], found["by_another"]) == (200, "given", True)
    assert zhanglan.get(f"/consents?person={whose}")[1] == said
    assert child.report("路灯不亮", community=key_of("community"))["number"] == 1001
    zhanglan.post("/consents", given("child", "withdrawn", person=whose))
    assert child.refused(422, "PUT", "/me/name", {"name": "小宝"})["code"] == "guardian_needed"


def test_the_guardian_who_reports_for_the_child_agrees_first(child, door):
    zhanglan, whose = door("zhanglan"), child.get("/me")[1]["person"]["key"]
    body = {"words": "路灯不亮", "behalf_of": whose}
    error = zhanglan.refused(422, "POST", "/cases", body)
    assert (error["code"], error["fields"]) == ("consent_missing", {"kind": "child", "version": "1"})
    assert zhanglan.report("着火了", behalf_of=whose)["category"]["emergency"] is True
    zhanglan.post("/consents", given("child", person=whose))
    assert zhanglan.post("/cases", body)[0] == 201


def test_an_emergency_of_a_child_goes_through(child, key_of):
    case = child.report("着火了", community=key_of("community"), point=POINT)
    assert case["category"]["emergency"] is True
    assert child.refused(422, "PUT", "/me/name", {"name": "小宝"})["code"] == "guardian_needed"
    lamp = {"words": "路灯不亮", "community": key_of("community")}
    assert child.refused(422, "POST", "/cases", lamp)["code"] == "guardian_needed"


def test_a_child_that_cries_for_help_is_taken_with_picture_and_place(child, key_of):
    photo, community = child.add_photo()["key"], key_of("community")
    case = child.report("井盖没了有人掉下去受伤了", community=community, point=POINT, photos=[photo])
    assert [one["key"] for one in case["photos"]] == [photo]
    assert child.report("单元门玻璃碎了小孩在流血", community=community)["number"] == 1002
    assert child.post("/conversation/lines", {"text": "有电线掉在地上冒火花，快来人"})[0] == 201
    here = {"words": "路灯不亮", "community": community}
    assert "110" in child.refused(422, "POST", "/cases", here)["message"]


def test_nobody_else_answers_for_the_child_or_reads_its_answers(child, door):
    whose = child.get("/me")[1]["person"]["key"]
    for stranger in (door("hefang"), door("sunmei")):
        assert stranger.refused(404, "POST", "/consents", given("child", person=whose))["code"] == "not_found"
        assert stranger.refused(404, "GET", f"/consents?person={whose}")["code"] == "not_found"
        assert stranger.refused(404, "POST", "/me/age", {"group": "adult", "person": whose})["code"] == "not_found"
    assert child.refused(422, "POST", "/consents", given("child"))["code"] == "guardian_needed"
    assert child.refused(422, "POST", "/me/age", {"group": "adult"})["code"] == "guardian_needed"


def test_what_is_kept_and_why_is_for_everybody(door):
    status, said = door().get("/privacy")
    assert (status, said["controller"]) == (200, "（演示）示范区古台街道办事处")
    place = next(one for one in said["uses"] if one["what"] == "精确位置")
    assert (place["sensitive"], place["ground"], place["kept"]) == (True, "您的同意", "办结后 3 年")
    assert all(one["purpose"] and one["kept"] and one["ground"] for one in said["uses"])
    assert len(said["recipients"]) == 3 and len(said["rights"]) == 7
    assert "unionid" not in str(said) and delegation.KINDS["family"] in str(said)
