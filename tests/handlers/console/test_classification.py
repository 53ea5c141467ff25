"""陈静 looks at the photo and says what it is; the page says who must see to it."""

import pytest

from models.case import Case
from models.unit import Unit
from tests.handlers.console.conftest import report, words_of


def send(browser, case: Case, **fields: str):
    version = str(Case.get_by_id(case.id).version)
    told = {"version": version, "category": case.category.code, "zone": "", "condition": ""}
    return browser.form(f"/cases/{case.key}/class", f"/cases/{case.key}", **told | fields)


def test_said_at_the_desk_and_read_there(desk, hall):
    case, browser = report(hall, code="street_light", words="路灯杆歪了"), desk("chenjing")
    page = browser.text(f"/cases/{case.key}")
    assert "定类别" in page and 'value="component:0137/0"' in page and 'value="event:0101/0"' not in page
    sent = send(browser, case, zone="public_area", condition="component:0137/0", note="去看过了")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/console/cases/{case.key}")
    after = Case.get_by_id(case.id)
    assert (after.zone, after.hazard, after.condition.words) == ("public_area", True, "路灯倒地、电线裸露")
    words = words_of(browser.text(f"/cases/{case.key}"))
    assert "立案条件 路灯：路灯倒地、电线裸露" in words and "在哪一种地方 公共区域" in words
    assert "由谁负责 街道办事处和主管部门" in words and "去看过了" in words


def test_another_category_leaves_the_old_conditions(desk, hall):
    case = report(hall, code="street_light", words="不是灯，是井盖")
    sent = send(desk("chenjing"), case, category="missing_manhole_cover", condition="component:0137/0")
    after = Case.get_by_id(case.id)
    assert (sent.status_code, after.category.code, after.condition_id) == (303, "missing_manhole_cover", None)


@pytest.mark.parametrize(("fields", "status", "said"), [
    ({"category": "moon"}, 422, "请从列表里选择问题类型。"), ({"zone": "moon"}, 422, "请选择：公共区域"),
    ({"condition": "moon"}, 422, "请选择这个类别的立案条件"), ({"version": "99"}, 409, "刚才有人先处理了"),
])  # fmt: skip
def test_what_cannot_be_opens_the_form_again(desk, hall, fields, status, said):
    case = report(hall)
    answer = send(desk("chenjing"), case, **fields)
    assert (answer.status_code, answer.text.count(said)) == (status, 1)
    assert '<details class="deed" open><summary class="button quiet">定类别' in answer.text
    assert Case.get_by_id(case.id).version == case.version


@pytest.mark.parametrize("who", ["hefang", "liuyang"])
def test_for_strangers_there_is_no_such_case(desk, hall, who):
    case, browser = report(hall), desk(who)
    token = browser.text("/").partition('name="form_token" value="')[2][:64]
    answer = browser.bare_form(f"/cases/{case.key}/class", form_token=token, category="parking", version="1")
    assert (answer.status_code, Case.get_by_id(case.id).category.code) == (404, "street_light")


def test_who_may_only_look_sees_no_form(desk, hall):
    case = report(hall)
    Case.update(state="withdrawn").where(Case.id == case.id).execute()
    assert "定类别" not in desk("chenjing").text(f"/cases/{case.key}")


def test_a_compound_without_a_manager_is_the_streets(desk, hall):
    Unit.delete().where(Unit.kind == "property_company").execute()
    case = report(hall, code="missing_manhole_cover")
    assert "街道办事处（没有物业的小区）" in words_of(desk("chenjing").text(f"/cases/{case.key}"))
