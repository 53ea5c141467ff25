"""The figures at the desk: 陈静 reads them and takes them along, 邓伟 sees the street, and 何芳 nothing of 惠民社区."""

import pytest

from models.approval import Approval
from models.base import write
from models.exclusion import Exclusion
from models.setting import Setting
from tests.handlers.console.conftest import queries, words_of
from tests.rules.cases import case_in
from tests.rules.test_statistics import case, the_world

OCTOBER = "from=2026-10-01&to=2026-10-31"


def test_the_figures_stand_with_their_denominators(desk, hall):
    with write():
        the_world(hall)
    page = words_of(desk("chenjing").text(f"/statistics?{OCTOBER}"))
    for words in ("惠民社区 · 2026 年 10 月 1 日至 31 日", "60.00% 3 / 5", "38.00% 1.9 / 5", "55.20", "33.33% 2 / 6",
                  "满意 1 件，基本满意 1 件，每件算 0.9", "路灯", "本人拒绝配合，经复核属实： 1 件",
                  "陈静 提出， 邓伟 同意"):  # fmt: skip
        assert words.replace(" ", "") in page.replace(" ", ""), words


def test_without_anything_it_says_so(desk, hall):
    page = desk("chenjing").text("/statistics?from=2026-03-01&to=2026-03-31")
    assert "没有数据" in page and "0.00%" not in page and "这段时间没有不予考核的事" in page


def test_a_row_leads_to_its_cases(desk, hall):
    with write():
        case(hall, 3)
    page = desk("chenjing").text(f"/statistics?{OCTOBER}&by=category")
    assert f"/console/cases?state=all&amp;community={hall.community().key}&amp;category=street_light" in page


@pytest.mark.parametrize("by", ["grid", "category", "unit", "community", "nonsense"])
def test_set_out_by(desk, hall, by):
    assert desk("chenjing").get(f"/statistics?{OCTOBER}&by={by}").status_code == 200


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ("from=2026-10-31&to=2026-10-01", "结束日期不能早于开始日期"), ("from=tomorrow", "日期看不懂"),
        ("from=2024-01-01&to=2026-10-01", "一次最多看 366 天"), ("from=0001-01-01&to=0001-01-02", "日期超出了范围"),
    ],
)
def test_a_wrong_span_is_said_and_this_month_stands_instead(desk, span, words):
    answer = desk("chenjing").get(f"/statistics?{span}")
    assert (answer.status_code, words in answer.text, "三率" in answer.text) == (422, True, True)


def test_the_street_sees_its_communities_in_their_order_and_the_stranger_nothing(desk, hall):
    with write():
        the_world(hall)
    street = hall.community().parent.key
    page = desk("dengwei").text(f"/statistics?{OCTOBER}&by=community&place={street}")
    assert page.index("惠民社区</a>") < page.index("文华社区</a>")
    for who, place in (("hefang", hall.community().key), ("chenjing", street), ("dengwei", "nothing")):
        assert desk(who).get(f"/statistics?place={place}").status_code == 404


def test_a_worker_sees_sums_of_the_own_grid_alone(desk, hall):
    for number in range(9):
        with write():
            case(hall, 3, grid="huimin-1" if number < 6 else "huimin-2")
    page = words_of(desk("wangdashan").text(f"/statistics?{OCTOBER}&by=community"))
    assert "合计 6 不公布 少于 5 / 少于 5" not in page and "合计 6 不公布" in page and "惠民社区 6 不公布" in page
    assert "不予考核的事" not in page and "少于 5" in page
    assert desk("wangdashan").get("/statistics?from=2026-10-02&to=2026-10-31").status_code == 422


def test_the_file_is_the_table(desk, hall):
    with write():
        the_world(hall)
    answer = desk("chenjing").get(f"/statistics/table.csv?{OCTOBER}&by=grid")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="statistics-2026-10-01-2026-10-31-grid.csv"'
    )  # fmt: skip
    lines = answer.data.decode("utf-8-sig").split("\r\n")
    assert lines[0] == '"惠民社区 2026 年 10 月 1 日至 31 日 按网格"'
    assert lines[1].startswith('"名称","受理","应办结","办好","有效回访","遗留超期未处置","响应率","响应率（分子）"')
    assert lines[2].startswith('"合计","9","8","6","5","3","100.00%","5","5","60.00%","3","5","38.00%","1.9","5"')
    assert [line.partition(",")[0] for line in lines[3:6]] == ['"第一网格"', '"第二网格"', '"不在网格里"']


def test_as_many_queries_for_many_as_for_one(desk, hall):
    browser = desk("chenjing")
    with write():
        case(hall, 2)
    browser.text(f"/statistics?{OCTOBER}")
    with queries() as few:
        browser.text(f"/statistics?{OCTOBER}")
    with write():
        the_world(hall)
        Setting.create(community=hall.community(), name="rate_weights", value=[30, 35, 35])
    with queries() as many:
        browser.text(f"/statistics?{OCTOBER}")
    assert len(few) == len(many)


# -- left out of them --------------------------------------------------------------------------------------------------


def test_asked_for_on_the_page_of_a_case_and_agreed_to(desk, hall):
    row = case_in(hall, "closed")
    browser, page = desk("chenjing"), f"/cases/{row.key}"
    assert "这件事计入三率" in browser.text(page)
    answer = browser.form(f"{page}/exclusion", page, reason="withdrawn", note="本人电话要求撤回")
    assert (answer.status_code, "待复核" in browser.text(page)) == (303, True)
    asked = Approval.get()
    second = desk("dengwei")
    assert "不予考核：本人撤回" in second.text("/approvals")
    second.form(f"/approvals/{asked.key}", "/approvals", answer="yes")
    assert (Exclusion.get().case, "申请恢复考核" in browser.text(page)) == (row, True)


def test_what_is_missing_stands_beside_its_field(desk, hall):
    row = case_in(hall, "closed")
    answer = desk("chenjing").form(f"/cases/{row.key}/exclusion", f"/cases/{row.key}", reason="", note="本人要求")
    assert (answer.status_code, "请选择理由" in answer.text, "本人要求" in answer.text) == (422, True, True)


def test_an_open_case_has_no_such_button_and_takes_no_such_form(desk, hall):
    row = case_in(hall, "handling")
    browser = desk("chenjing")
    assert "申请不予考核" not in browser.text(f"/cases/{row.key}")
    form = {"reason": "withdrawn", "note": "本人电话要求撤回"}
    assert browser.form(f"/cases/{row.key}/exclusion", f"/cases/{row.key}", **form).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("wangdashan", 403), ("hefang", 404)])
def test_for_others_there_is_nothing_to_ask(desk, hall, who, status):
    row = case_in(hall, "closed")
    form = {"reason": "withdrawn", "note": "本人电话要求撤回"}
    assert desk(who).form(f"/cases/{row.key}/exclusion", "/", **form).status_code == status
