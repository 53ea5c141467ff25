"""王大山 stands before it and says what it is; the resident's own words and first choice stay."""

import pytest

from app.context import database_open
from models.base import now
from models.case import Case
from models.unit import Unit, UnitContact


@pytest.fixture
def lamp(door, key_of):
    return door("zhanglan").report("灯杆倒了", category="facility", place=key_of("building"))


def test_what_may_be_said_and_what_is(door, lamp):
    worker = door("wangdashan")
    status, offered = worker.get(f"/cases/{lamp['key']}/class")
    assert (status, offered["category"], offered["zone"], offered["condition"]) == (
        200, "facility", "compound_common", "",
    )  # fmt: skip
    assert [one["zone"] for one in offered["zones"]] == ["public_area", "compound_common", "private_exclusive"]
    light = next(row for row in offered["categories"] if row["code"] == "street_light")
    assert light["conditions"][0] == {
        "condition": "component:0137/0", "city_class": "路灯", "kind": "部件", "words": "路灯倒地、电线裸露",
        "limit_words": "1 个工作日", "closing": "围护、修复", "hazard": True,
    }  # fmt: skip

    body = {"category": "street_light", "zone": "public_area", "condition": "component:0137/0", "note": " 灯杆\u202e "}
    status, case = worker.post(f"/cases/{lamp['key']}/class", body)
    said = (status, case["category"]["code"], case["zone"], case["hazard"])
    assert said == (200, "street_light", "public_area", True)
    assert (case["condition"]["condition"], case["answerable"]["unit_kind"]) == ("component:0137/0", "department")
    assert "make_safe" in [due["limit"] for due in case["dues"]]
    assert (case["words"], case["steps"][-1]["verb_words"]) == ("灯杆倒了", "定类别")
    assert case["steps"][-1]["note"] == (
        "公共设施损坏 → 路灯、楼道灯不亮；公共区域；路灯：路灯倒地、电线裸露（1 个工作日，结案：围护、修复）；灯杆"
    )  # fmt: skip
    told = door("zhanglan").see(lamp)
    assert (told["category"]["code"], told["zone_words"], told["answerable"]) == ("street_light", "公共区域", None)


def test_said_twice_it_has_one_effect(door, lamp):
    worker, body = door("chenjing"), {"category": "street_light"}
    first = worker.post(f"/cases/{lamp['key']}/class", body)[1]
    assert worker.post(f"/cases/{lamp['key']}/class", body)[1]["version"] == first["version"]
    assert [step["verb"] for step in first["steps"]].count("classify") == 1


@pytest.mark.parametrize(("who", "status"), [("zhanglan", 403), ("sunmei", 404), ("hefang", 404), ("liuyang", 404)])
def test_nobody_else_says_or_asks_it(door, lamp, who, status):
    path = f"/cases/{lamp['key']}/class"
    door(who).refused(status, "GET", path)
    door(who).refused(status, "POST", path, {"category": "parking"})
    assert door("chenjing").see(lamp)["category"]["code"] == "facility"


def test_for_whom_it_is_about_there_is_no_such_case(door, lamp, client):
    with database_open():
        unit = Unit.get(Unit.name == "安居物业")
        UnitContact.create(unit=unit, person=client.town.person("wangdashan"), starts_at=now())
        Case.update(about_unit=unit).where(Case.key == lamp["key"]).execute()
    door("wangdashan").refused(404, "GET", f"/cases/{lamp['key']}/class")
    door("wangdashan").refused(404, "POST", f"/cases/{lamp['key']}/class", {"category": "parking"})


@pytest.mark.parametrize(("body", "code", "field"), [
    ({}, "invalid", "category"), ({"category": ""}, "invalid", "category"),
    ({"category": "moon"}, "category_unknown", "category"),
    ({"category": "parking", "zone": "moon"}, "invalid", "zone"),
    ({"category": "parking", "condition": "moon"}, "invalid", "condition"),
    ({"category": "parking", "condition": "component:0137/0"}, "condition_unknown", "condition"),
    ({"category": "parking", "note": "长" * 201}, "invalid", "note"),
    ({"category": "parking", "limits": {}}, "invalid", "limits"),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field(door, lamp, body, code, field):
    said = door("chenjing").refused(422, "POST", f"/cases/{lamp['key']}/class", body)
    assert (said["code"], list(said["fields"])) == (code, [field])


def test_who_may_say_it_is_told_so(door, lamp):
    asked = {who: door(who).see(lamp)["may_classify"] for who in ("zhanglan", "wangdashan", "chenjing", "dengwei")}
    assert asked == {"zhanglan": False, "wangdashan": True, "chenjing": True, "dengwei": True}
    door("zhanglan").act(lamp, "withdraw")
    assert door("chenjing").see(lamp)["may_classify"] is False


def test_a_case_that_is_over_is_not_relabelled(door, lamp):
    door("zhanglan").act(lamp, "withdraw")
    said = door("chenjing").refused(409, "POST", f"/cases/{lamp['key']}/class", {"category": "parking"})
    assert (said["code"], said["message"]) == ("state_forbids", f"#{lamp['number']} 现在是“已撤回”，不再改类别。")


def test_a_correction_is_offered_to_the_next_who_says_it_so(door, key_of):
    words = {"community": key_of("community"), "words": "那边一闪一闪的晃眼睛"}
    zhanglan = door("zhanglan")
    case = zhanglan.report("院里一闪一闪的", category="other", place=key_of("building"))
    assert door("chenjing").post(f"/cases/{case['key']}/class", {"category": "street_light"})[0] == 200
    from_now = zhanglan.post("/suggestions", words)[1]["suggestions"]
    assert [(one["category"]["code"], one["because"]) for one in from_now] == [
        ("street_light", "社区以前把“一闪一闪”这样的说法归为路灯、楼道灯不亮"),
    ]  # fmt: skip
