"""整治台账, 创城专班 and the red line of emergencies at the desk."""

import pytest

from app.rules import incident
from models.base import write
from models.case import Case
from models.improvement import Improvement
from models.place import Place
from models.task_force import TaskForce, TaskForceMember
from models.unit import Unit
from tests.handlers.console.conftest import queries, words_of


def compound(name: str = "幸福家园") -> str:
    return Place.get(Place.kind == "compound", Place.name == name).key


def form(**more: str) -> dict[str, str]:
    told = {"compound": compound(), "kind": "public_board", "quantity": "2512", "day": "2026-10-12"}
    return told | {"once": "form-of-this-test"} | more


def test_an_empty_ledger_says_what_it_is_for(desk):
    assert "还没有登记过。" in desk("chenjing").text("/improvements")


def test_a_line_once_and_taken_back(desk):
    browser = desk("chenjing")
    sent = [browser.form("/improvements", "/improvements", **form()).status_code for _ in range(2)]
    row = Improvement.get()
    assert (sent, Improvement.select().count(), row.quantity) == ([303, 303], 1, 2512)
    assert "公益广告牌 2512 块" in words_of(browser.text("/improvements"))
    back = f"/improvements/{row.key}/withdraw"
    assert browser.form(back, "/improvements", reason="错").status_code == 422
    assert browser.form(back, "/improvements", reason="多写了一位").status_code == 303
    page = words_of(browser.text("/improvements"))
    assert "已撤销" in page and "撤销原因：多写了一位" in page and "合计" not in page
    assert browser.form(back, "/improvements", reason="多写了一位").status_code == 409


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quantity": "2500余"}, "数量请填 1 到 1000000 的整数"), ({"quantity": "-1"}, "数量请填"),
        ({"day": "x"}, "请选择日期"), ({"compound": ""}, "请选择小区"), ({"kind": ""}, "请选择做了什么"),
        ({"kind": "other"}, "请写一句做了什么"),
        ({"day": "2099-01-01"}, "日期不能晚于今天"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_rest_is_kept(desk, wrong, words):
    answer = desk("chenjing").form("/improvements", "/improvements", **form(**wrong))
    assert (answer.status_code, words in answer.text, Improvement.select().count()) == (422, True, 0)


def test_the_file_holds_what_counts(desk):
    browser = desk("wangdashan")
    browser.form("/improvements", "/improvements", **form(note="=1+1"))
    lines = browser.get("/improvements/table.csv").data.decode("utf-8-sig").split("\r\n")
    assert lines[1:3] == [
        '"日期","小区","做了什么","数量","单位","说明","来自哪件事"',
        '"2026-10-12","幸福家园","公益广告牌","2512","块","\'=1+1",""',
    ]  # fmt: skip


def test_the_street_reads_it_and_the_stranger_writes_nothing(desk):
    desk("chenjing").form("/improvements", "/improvements", **form())
    page = desk("dengwei").text("/improvements")
    assert "2512" in page and "登记一条" not in page
    assert desk("hefang").form("/improvements", "/improvements", **form(once="another-form")).status_code == 404
    assert "2512" not in desk("hefang").text("/improvements")


def test_a_team_from_its_beginning_to_its_end(desk, hall):
    browser = desk("chenjing")
    assert "还没有专班。" in browser.text("/task-forces")
    made = browser.form("/task-forces", "/task-forces", compound=compound())
    row = TaskForce.get()
    page = f"/task-forces/{row.key}"
    assert (made.status_code, made.headers["Location"]) == (303, f"/console{page}")
    assert browser.form("/task-forces", "/task-forces", compound=compound()).status_code == 409
    assert browser.form("/task-forces", "/task-forces", compound="").status_code == 422
    for words in ("围着问题转", "现场即时办", "带领居民干", "成效群众判", "现在有 0 件没办完", "还没有成员"):
        assert words in browser.text(page)
    member = TaskForceMember.create(task_force=row, kind="volunteer", person=hall.person("zhanglan"))
    assert "1 人等确认" in browser.text("/task-forces")
    browser.form(f"{page}/members/{member.key}", page, answer="yes")
    unit = Unit.get(Unit.community == hall.community(), Unit.name == "安居物业")
    browser.form(f"{page}/units", page, unit=unit.key)
    browser.form(f"{page}/join", page)
    shown = words_of(browser.text(page))
    assert "安居物业" in shown and "张兰" in shown and "成员 3 个" in shown
    browser.form(f"{page}/join", page, leave="1")
    added = TaskForceMember.get(TaskForceMember.unit == unit)
    browser.form(f"{page}/members/{added.key}", page, answer="remove")
    assert "成员 1 个" in browser.text(page)
    assert browser.form(f"{page}/members/{member.key}", page, answer="nonsense").status_code == 404
    assert browser.form(f"{page}/end", page).status_code == 303
    assert "已结束" in browser.text(page) and browser.form(f"{page}/end", page).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("wangdashan", 403), ("dengwei", 403), ("hefang", 404)])
def test_only_the_community_has_a_say_in_its_team(desk, hall, who, status):
    with write():
        place = Place.get(Place.kind == "compound", Place.name == "幸福家园")
        row = TaskForce.create(
            community=hall.community(), compound=place, name="专班", created_by=hall.person("chenjing")
        )
    assert desk(who).form(f"/task-forces/{row.key}/end", "/").status_code == status
    assert desk(who).get(f"/task-forces/{row.key}").status_code == (404 if who == "hefang" else 200)


def test_an_emergency_stands_in_red_until_somebody_takes_it(desk, hall):
    browser = desk("chenjing")
    with queries() as before:
        assert "突发事件，还没有人接单" not in browser.text("/")
    with write():
        case = incident.raise_(actor=hall.actor("zhanglan"), kind="fire").case
    with queries() as after:
        page = browser.text("/")
    assert "突发事件，还没有人接单" in page and f"#{case.number} 起火冒烟 · 幸福家园 3号楼 2单元 501" in page
    assert len(after) - len(before) <= 2
    assert "突发事件，还没有人接单" not in desk("hefang").text("/")
    Case.update(state="handling").where(Case.id == case.id).execute()
    assert "突发事件，还没有人接单" not in browser.text("/")
