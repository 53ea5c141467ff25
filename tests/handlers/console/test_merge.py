"""Merging at the desk: what may be the same stands on the page of a case with its reasons, to be ticked or typed."""

import pytest

from app.context import database_open
from app.rules import setting, topic
from models.base import now, write
from models.case import Case
from models.letter import Letter
from models.topic import Topic
from tests.handlers.console.conftest import words_of
from tests.rules import cases


@pytest.fixture
def two(client):
    """张兰's hole #1001 and 孙梅's #1002, which nobody took for the same yet."""
    setting.forget()
    with database_open():
        rows = [cases.report(client.town), cases.report(client.town, "sunmei", words="3号楼门前窨井盖没了")]
        Case.update(same_as=None).execute()
        return [row.key for row in rows]


def state_of(key):
    with database_open():
        case = Case.get(Case.key == key)
        return case.state, case.merged_into.number if case.merged_into_id else None


def test_ticked_and_merged_into_this_one(desk, two):
    main, other = two
    chenjing = desk("chenjing")
    page = words_of(chenjing.text(f"/cases/{main}"))
    assert "可能是同一件" in page and "同一栋楼，都说到“井盖”，相隔 1 分钟" in page
    answer = chenjing.form(f"/cases/{main}/same", f"/cases/{main}", what="these", same=other)
    assert (answer.status_code, state_of(other)) == (303, ("merged", 1001))
    assert "已并入这一件： #1002" in words_of(chenjing.text(f"/cases/{main}"))
    merged = words_of(chenjing.text(f"/cases/{other}"))
    assert "已并入 #1001 一起办理" in merged and "已解决" not in merged
    assert "与另一件合并办理" in words_of(chenjing.text("/cases?state=all"))


def test_nothing_ticked_says_so(desk, two):
    answer = desk("chenjing").form(f"/cases/{two[0]}/same", f"/cases/{two[0]}", what="these")
    assert answer.status_code == 422 and "请先勾选要合并过来的事项。" in answer.text
    assert state_of(two[1]) == ("dispatched", None)


def test_typed_by_its_number_among_the_deeds(desk, two):
    chenjing, page = desk("chenjing"), f"/cases/{two[1]}"
    with database_open():
        version = Case.get(Case.key == two[1]).version
    wrong = chenjing.form(f"{page}/merge", page, into="#9999", version=str(version))
    assert wrong.status_code == 422 and "本社区没有这一件" in wrong.text and 'value="#9999"' in wrong.text
    assert chenjing.form(f"{page}/merge", page, into="#1001", version=str(version)).status_code == 303
    assert state_of(two[1]) == ("merged", 1001)
    assert chenjing.form(f"{page}/unmerge", page, version=str(version + 1)).status_code == 303
    assert state_of(two[1]) == ("dispatched", None)


def test_a_bundle_by_one_press_and_what_is_kept_says_why_nobody_went(desk, client):
    with database_open():
        rows = [cases.report(client.town, who) for who in ("zhanglan", "sunmei", "masuhua") * 2]
    chenjing = desk("chenjing")
    assert "另有 5 件很可能是同一件" in words_of(chenjing.text(f"/cases/{rows[0].key}"))
    kept = words_of(chenjing.text(f"/cases/{rows[5].key}"))
    assert "很可能与 #1001 是同一件。 一小时内相似的上报太多，这一件还没有派人去。" in kept
    desk_page = words_of(chenjing.text("/"))
    assert "相似的上报，等核对合并 #1001 窨井盖缺失破损 另有 1 件相似，还没有派人，可一次合并" in desk_page
    assert "没有等待派单的事项。" in desk_page
    assert "可能重复" in words_of(chenjing.text("/cases"))
    assert chenjing.form(f"/cases/{rows[4].key}/same", f"/cases/{rows[4].key}", what="apart").status_code == 303
    assert chenjing.form(f"/cases/{rows[0].key}/same", f"/cases/{rows[0].key}", what="bundle").status_code == 303
    assert [state_of(row.key)[0] for row in rows] == ["dispatched", *["merged"] * 3, "dispatched", "merged"]


def test_who_may_not_merge_finds_no_button_and_no_way(desk, two):
    dengwei = desk("dengwei")
    assert "合并到这一件" not in dengwei.text(f"/cases/{two[0]}")
    assert dengwei.form(f"/cases/{two[0]}/same", "/", what="these", same=two[1]).status_code == 403
    assert desk("hefang").form(f"/cases/{two[0]}/same", "/", what="these", same=two[1]).status_code == 404
    assert desk("chenjing").form(f"/cases/{two[0]}/same", "/", what="explode").status_code == 404
    assert state_of(two[1]) == ("dispatched", None)


def test_a_frequent_problem_is_taken_up_and_settled(desk, client):
    town, chenjing = client.town, desk("chenjing")
    assert "现在没有反复发生的问题。" in words_of(chenjing.text("/topics"))
    with database_open():
        for _ in range(3):
            case = cases.report(town, category="corridor_clutter", words="楼道堆物")
            Case.update(same_as=None).where(Case.id == case.id).execute()
        with write():
            topic.propose(town.community(), now())
        key = Topic.get().key
        assert Letter.select().where(Letter.event.startswith("topic:")).count() == 1
    page = words_of(chenjing.text("/topics"))
    assert "幸福家园：" in page and "60 天内报了 3 次" in page and "建议专题研究" in page
    assert chenjing.form(f"/topics/{key}/take", "/topics").status_code == 303
    wrong = chenjing.form(f"/topics/{key}/settle", "/topics", note=" ")
    assert wrong.status_code == 422 and "请写明商量出了什么结果。" in wrong.text
    assert chenjing.form(f"/topics/{key}/settle", "/topics", note="每月清理一次").status_code == 303
    page = words_of(chenjing.text("/topics"))
    assert "已有结果" in page and "每月清理一次" in page
    assert chenjing.form(f"/topics/{key}/take", "/topics").status_code == 409
    wangdashan = desk("wangdashan")
    assert "列入议题</button>" not in wangdashan.text("/topics")
    assert wangdashan.form(f"/topics/{key}/take", "/topics").status_code == 403
    assert desk("hefang").form(f"/topics/{key}/take", "/").status_code == 404
