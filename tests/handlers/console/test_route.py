"""陈静 writes rules for who gets what, puts them in order and tries them; 邓伟 of the street may read them."""

import re

import pytest

from app.rules import route
from models.case import Case
from models.category import Category
from models.place import Place
from models.role import Role
from models.route import Route
from models.unit import Unit
from tests.handlers.console.conftest import report, words_of


def written(hall) -> list[str]:
    return [one.name for one in route.routes_of(hall.community())]


def add(browser, hall, name="夜间电线", to="", **more):
    to = to or f"worker:{hall.person('liuyang').key}"
    return browser.form("/routes", "/routes/new", community=hall.community().key, name=name, to=to, **more)


def test_without_rules_the_page_says_what_happens_and_what_to_do(desk, hall):
    page = words_of(desk("chenjing").text("/routes"))
    assert "还没有分派规则。" in page and "派给排在第一的网格员" in page and "加一条规则" in page


def test_a_rule_is_written_read_changed_and_deleted(desk, hall):
    chenjing = desk("chenjing")
    answer = add(
        chenjing,
        hall,
        categories=["exposed_wire"],
        hours="night",
        weekdays=["6", "7"],
        hazard="yes",
        keywords="电线、漏电 火花",
    )
    assert answer.status_code == 303
    row = Route.get()
    assert row.conditions == {
        "categories": ["exposed_wire"], "hours": "night", "weekdays": [6, 7], "hazard": True,
        "keywords": ["电线", "漏电", "火花"],
    }  # fmt: skip
    page = words_of(chenjing.text("/routes"))
    assert "1. 夜间电线" in page and "提到“电线”或“漏电”或“火花” → 派给刘洋" in page and "周六、周日" in page
    form = chenjing.text(f"/routes/{row.key}")
    assert re.search(r'value="exposed_wire" checked', form) and 'value="电线、漏电、火花"' in form
    assert re.search(r'value="worker:\w+" selected>刘洋', form)
    changed = chenjing.form(
        f"/routes/{row.key}", f"/routes/{row.key}", community=hall.community().key, name="电线", to="mode:grab"
    )
    row = Route.get()
    assert (changed.status_code, row.name, row.conditions, row.target) == (303, "电线", {}, {"mode": "grab"})
    assert chenjing.form(f"/routes/{row.key}/off", "/routes").status_code == 303
    assert "已停用" in chenjing.text("/routes") and not Route.get().active
    assert chenjing.form(f"/routes/{row.key}/delete", "/routes").status_code == 303
    assert written(hall) == []


def test_up_and_down(desk, hall):
    chenjing = desk("chenjing")
    for name in ("一", "二", "三"):
        add(chenjing, hall, name)
    last = Route.get(Route.name == "三").key
    chenjing.form(f"/routes/{last}/up", "/routes")
    assert written(hall) == ["一", "三", "二"]
    chenjing.form(f"/routes/{last}/down", "/routes")
    assert written(hall) == ["一", "二", "三"]


def test_what_is_wrong_stands_in_the_form_with_what_was_typed(desk, hall):
    chenjing = desk("chenjing")
    answer = add(chenjing, hall, " ", keywords="字" * 21, hours="night")
    page = answer.text
    assert answer.status_code == 422 and "请给规则起个名字" in page and "关键词每个不超过 20 个字" in page
    assert "字" * 21 in page and 'value="night" selected' in page and not Route.select().exists()
    assert add(chenjing, hall, to="worker:none").status_code == 422
    assert add(chenjing, hall, to="nonsense").status_code == 422


def test_a_government_duty_is_not_the_committees(desk, hall):
    unit = Unit.create(community=hall.community(), kind="residents_committee", name="惠民居委会")
    Category.update(government=True).where(Category.code == "exposed_wire").execute()
    answer = add(desk("chenjing"), hall, to=f"unit:{unit.key}", categories=["exposed_wire"])
    assert answer.status_code == 422 and "居民委员会只能协助" in answer.text


def test_tried_on_past_cases(desk, hall):
    report(hall, words="路灯不亮")
    chenjing = desk("chenjing")
    assert "没有对上规则，按网格 → 王大山" in words_of(chenjing.text("/routes/trial"))
    add(chenjing, hall, "路灯归刘洋", categories=["street_light"])
    page = words_of(chenjing.text("/routes/trial"))
    assert "1 件里有 1 件会派给别人" in page and "规则“路灯归刘洋” → 刘洋" in page and "当时在王大山手上" in page
    assert Case.get().handler == hall.person("wangdashan")


def test_the_street_reads_and_does_not_write(desk, hall):
    add(desk("chenjing"), hall)
    dengwei = desk("dengwei")
    page = dengwei.text(f"/routes?community={hall.community().key}")
    assert "夜间电线" in page and "删除" not in page and "加一条规则" not in page
    assert dengwei.get(f"/routes/trial?community={hall.community().key}").status_code == 200
    row = Route.get().key
    assert dengwei.get(f"/routes/{row}").status_code == 403
    assert dengwei.form(f"/routes/{row}/delete", "/").status_code == 403


def test_nobody_else_sees_them(desk, hall):
    add(desk("chenjing"), hall)
    row, hefang = Route.get().key, desk("hefang")
    assert "夜间电线" not in hefang.text("/routes")
    assert hefang.get(f"/routes/{row}").status_code == hefang.get("/routes/none").status_code == 404
    assert hefang.form(f"/routes/{row}/delete", "/routes").status_code == 404
    assert (
        hefang.form("/routes", "/routes/new", community=hall.community().key, name="x", to="mode:grab").status_code
        == 404
    )
    assert hefang.get(f"/routes?community={hall.community().key}").status_code == 404
    assert desk("wangdashan").get("/routes").status_code == 403
    assert written(hall) == ["夜间电线"]


@pytest.mark.parametrize("deed", ["sideways", "up ", "__class__"])
def test_a_button_that_is_none(desk, hall, deed):
    chenjing = desk("chenjing")
    add(chenjing, hall)
    assert chenjing.form(f"/routes/{Route.get().key}/{deed}", "/routes").status_code == 404


def test_who_left_is_shown_as_such(desk, hall):
    add(desk("chenjing"), hall)
    Role.delete().where(Role.person == hall.person("liuyang")).execute()
    place = Place.get(Place.name == "幸福家园")
    Route.update(conditions={"compounds": [place.key, "gone"]}).execute()
    page = words_of(desk("chenjing").text("/routes"))
    assert "在幸福家园、（已停用）" in page


def test_a_case_passes_to_a_colleague_at_the_desk(desk, hall):
    case = report(hall)
    wangdashan = desk("wangdashan")
    page = wangdashan.text(f"/cases/{case.key}")
    assert "转给哪位同事" in page and "惠民社区首先接到" in page
    fields = {"version": str(case.version), "worker": hall.person("liuyang").key}
    refused = wangdashan.form(f"/cases/{case.key}/transfer", f"/cases/{case.key}", **fields)
    assert refused.status_code == 422 and "请写明为什么转给同事" in refused.text
    done = wangdashan.form(f"/cases/{case.key}/transfer", f"/cases/{case.key}", note="离他近", **fields)
    assert done.status_code == 303
    assert Case.get().handler == hall.person("liuyang")
