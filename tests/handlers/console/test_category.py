"""管理 → 类别: 陈静 sets what is a fact of her place; the city's classes are there to read."""

import pytest

from app.rules.setting import forget
from models.audit import Audit
from models.category import Category
from models.setting import Setting
from tests.handlers.console.conftest import queries, words_of


def path(hall, code: str = "street_light", community: str = "huimin") -> str:
    return f"/categories/{hall.community(community).key}/{code}"


def form(row: Category, **changed: str) -> dict[str, str]:
    """What the form of a category holds, with what somebody changed in it."""
    given = {
        "name": row.name, "keywords": "\n".join(row.keywords), "negative": "\n".join(row.negative), "active": "1",
        "near_metres": str(row.near_metres), "public": "1",
    }  # fmt: skip
    for name, limit in row.limits.items():
        given |= {f"{name}_amount": str(limit["amount"]), f"{name}_clock": limit["clock"]}
    return {name: value for name, value in (given | changed).items() if value != "(off)"}


def test_the_list_says_what_each_asks_for(desk, hall):
    browser = desk("chenjing")
    words = words_of(browser.text("/categories"))
    assert "路灯、楼道灯不亮 公共区域 · 接单 4 个工作小时 · 联系居民 1 个工作日 · 办结 2 个工作日" in words
    assert "30 米内算同一处" in words and "同一栋楼算同一处" in words and "政府部门职责" in words
    assert "类别" in words_of(browser.text("/rooms"))


def test_the_list_costs_the_same_however_long(desk, hall):
    browser = desk("chenjing")
    browser.text("/categories")
    with queries() as some:
        browser.text("/categories")
    Category.delete().where(Category.code.in_(["pets", "noise", "facility"])).execute()
    with queries() as fewer:
        browser.text("/categories")
    assert len(some) == len(fewer)


def test_one_category_with_all_that_comes_with_it(desk, hall):
    words = words_of(desk("chenjing").text(path(hall, "missing_manhole_cover")))
    assert "有人掉下去或受伤了吗？ 是或否" in words
    assert "按紧急情况收 答“是”时告诉居民：请马上拨打 120" in words and "（120、119）" in words
    assert "只在“井盖现在怎样？”答“整个没有了、敞着口、移开了、翘起来了、塌下去了”时问。" in words
    assert "街道办事处（没有物业的小区）" in words and "没有物业公司时" in words
    assert "0123" in words and "不明井盖" in words and "2 小时（昼夜连续）" in words and "围护、消除安全隐患" in words
    gas = words_of(desk("chenjing").text(path(hall, "gas_outage")))
    assert "不收，告诉去处 答“是”时告诉居民" in gas
    assert "不在城市管理标准里" in words_of(desk("chenjing").text(path(hall, "consult")))
    assert "1 到 500 厘米" in words_of(desk("chenjing").text(path(hall, "flooding")))


def test_what_is_saved_holds_from_now_on(desk, hall):
    browser, row = desk("chenjing"), hall.category("street_light")
    sent = browser.form(path(hall), path(hall), **form(
        row, name="灯不亮", keywords="路灯\n黢黑\n\n", near_metres="0", public="(off)", resolve_amount="3",
        contact_amount="",
    ))  # fmt: skip
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/console{path(hall)}?saved=1")
    now_ = hall.category("street_light")
    assert (now_.name, now_.keywords, now_.near_metres) == ("灯不亮", ["路灯", "黢黑"], 0)
    assert (now_.public, now_.active) == (False, True)
    assert now_.limits == {
        "accept": {"amount": 4, "clock": "work_hour"}, "resolve": {"amount": 3, "clock": "work_day"},
    }  # fmt: skip
    assert (now_.questions, now_.zone, now_.answerable) == (row.questions, row.zone, row.answerable)
    assert "已保存" in words_of(browser.text(f"{path(hall)}?saved=1"))
    told = Audit.select().where(Audit.action == "category.write").get()
    assert (told.person, told.subject, told.after["keywords"]) == (hall.person("chenjing"), "street_light", 2)
    assert "黢黑" not in str(told.__data__)
    assert hall.category("street_light", "liuyin").name == row.name


def test_switched_off_it_is_offered_no_more(desk, hall):
    browser = desk("chenjing")
    browser.form(path(hall), path(hall), **form(hall.category("street_light"), active="(off)"))
    assert not hall.category("street_light").active
    assert "已停用" in words_of(browser.text("/categories"))


@pytest.mark.parametrize(("changed", "status", "said"), [
    ({"near_metres": "很近"}, 422, "请写整数。"), ({"near_metres": "٣"}, 422, "请写整数。"),
    ({"near_metres": "9999"}, 422, "写 0 到 1000 的整数"), ({"name": ""}, 422, "名称写 1 到 32 个字。"),
    ({"keywords": "长" * 21}, 422, "每个词最多 20 个字"), ({"resolve_amount": "-1"}, 422, "请写整数。"),
    ({"resolve_amount": "0"}, 422, "“办结”的时限写 1 到"), ({"resolve_clock": "moon"}, 422, "“办结”的时限写 1 到"),
])  # fmt: skip
def test_what_cannot_be_is_said_and_what_was_typed_stays(desk, hall, changed, status, said):
    browser, row = desk("chenjing"), hall.category("street_light")
    answer = browser.form(path(hall), path(hall), **form(row, negative="手电", **changed))
    assert (answer.status_code, said in answer.text, ">手电</textarea>" in answer.text) == (status, True, True)
    assert hall.category("street_light").negative == row.negative


def test_other_and_emergencies_cannot_be_switched_off(desk, hall):
    fields, address = form(hall.category("fire"), active="(off)"), path(hall, "fire")
    answer = desk("chenjing").form(address, address, **fields)
    assert (answer.status_code, "不能停用" in answer.text) == (409, True)
    assert hall.category("fire").active


def test_the_classes_in_force(desk, hall):
    words = words_of(desk("chenjing").text("/classes"))
    assert "现在用的是 yc-2023 版。" in words and "0114 园林井盖" in words and "小区内事项" in words
    assert "标准没有写明，按类别的时限" in words
    Setting.create(community=hall.community(), name="class_edition", value="sz-2015")
    forget()
    words = words_of(desk("chenjing").text("/classes"))
    assert "0114 无主井盖" in words and "0113 消防设施" in words and "园林井盖" not in words


@pytest.mark.parametrize(("who", "status"), [("hefang", 404), ("wangdashan", 403), ("dengwei", 403), ("zhanglan", 403)])
def test_whose_it_is_not(desk, hall, who, status):
    browser = desk(who)
    assert browser.get(path(hall)).status_code == status
    page = browser.get("/").text if who != "zhanglan" else ""
    token = page.partition('name="form_token" value="')[2][:64]
    answer = browser.bare_form(path(hall), form_token=token, **form(hall.category("street_light"), name="别人的"))
    assert (answer.status_code >= 400, hall.category("street_light").name) == (True, "路灯、楼道灯不亮")


def test_a_category_that_is_not_there(desk, hall):
    assert desk("chenjing").get(path(hall, "moon")).status_code == 404
    assert desk("chenjing").get("/categories/nowhere/street_light").status_code == 404
