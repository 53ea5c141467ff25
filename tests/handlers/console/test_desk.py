"""What waits stands on the desk: 陈静 sees 惠民社区, 邓伟 all below his subdistrict, 何芳 next door nothing of it."""

import re

import pytest

from app.factory import create_app
from app.rules import dispatch, household
from models.base import database, write
from models.place import Place
from tests.handlers.console.conftest import ask, make_late, queries, report, words_of
from tests.town import settings_for


def tiles(page: str) -> dict[str, int]:
    """The counters of the desk."""
    rows = re.findall(r"<b>(\d+)</b><span><svg.*?</svg>(.*?)</span>", page, re.S)
    return {words: int(number) for number, words in rows}


def test_an_empty_desk_says_so(desk, hall):
    page = desk("chenjing").text("/")
    assert set(tiles(page).values()) == {0}
    assert "没有人在等答复。" in page and "没有等待派单的事项。" in page


def test_the_counters_say_how_many_wait_for_what(desk, hall):
    report(hall)
    report(hall, place=None)
    make_late(report(hall))
    assert tiles(desk("chenjing").text("/")) == {
        "已超时": 1, "等待派单": 1, "等待接单": 2, "处理中": 0, "等居民评价": 0, "消息未送达": 0,
    }  # fmt: skip


def test_the_late_ones_stand_first_with_word_and_shape(desk, hall):
    case = report(hall)
    make_late(case)
    told = words_of(desk("chenjing").text("/"))
    assert told.index("已超时，请先处理") < told.index("等我答复")
    assert f"#{case.number} 路灯、楼道灯不亮" in told
    assert "接单已超时 15 分钟" in told


def test_a_case_that_came_back_waits_for_a_new_worker(desk, hall):
    case = report(hall)
    with write():
        dispatch.return_back(case, actor=hall.actor("wangdashan"), note="不在我的网格")
    told = words_of(desk("chenjing").text("/"))
    assert told.index("等我派单") < told.index(f"#{case.number}") < told.index("等居民评价", told.index("等我派单"))


def test_who_waits_for_an_answer_is_named_with_the_wait(desk, hall):
    ask(hall)
    told = words_of(desk("chenjing").text("/"))
    assert re.search("等我答复 张＊ 请问师傅什么时候来？ 刚刚来信", told)


def test_residence_requests_are_counted(desk, hall):
    with write():
        home = Place.get(Place.label == "幸福家园 3号楼 1单元 101")
        household.ask(home, actor=hall.actor("zhaoqiang"), relation="tenant")
    assert "有 1 条申请等您确认，最早的是赵＊（幸福家园 3号楼 1单元 ＊）。" in words_of(desk("chenjing").text("/"))


def test_the_neighbour_sees_nothing_of_it(desk, hall):
    report(hall, place=None)
    make_late(report(hall))
    ask(hall)
    page = desk("hefang").text("/")
    assert set(tiles(page).values()) == {0}
    assert "张兰" not in page


def test_the_subdistrict_sees_its_communities_and_can_choose_one(desk, hall):
    report(hall)
    browser = desk("dengwei")
    page = browser.text("/")
    assert re.findall(r'<option value="\w{16}">(.*?)</option>', page) == ["惠民社区", "文华社区"]
    assert tiles(page)["等待接单"] == 1
    assert tiles(browser.text(f"/?community={hall.community('wenhua').key}"))["等待接单"] == 0
    assert browser.get(f"/?community={hall.community('liuyin').key}").status_code == 404


def test_a_worker_sees_the_own_grid_only(desk, hall):
    report(hall)
    assert tiles(desk("wangdashan").text("/"))["等待接单"] == 1
    assert tiles(desk("liuyang").text("/"))["等待接单"] == 0


def test_a_resident_has_no_desk(desk, hall):
    answer = desk("zhanglan").get("/")
    assert answer.status_code == 403


def test_the_desk_asks_the_same_number_of_questions_for_one_and_for_three(desk, hall):
    browser, counts = desk("chenjing"), []
    for who in ("zhanglan", "sunmei", "zhaoqiang"):
        make_late(report(hall, who))
        report(hall, who, place=None)
        ask(hall, who)
        with queries() as asked:
            browser.text("/")
        counts.append(len(asked))
    assert (counts[0], counts[2]) == (25, 25)


def test_every_page_carries_the_strict_headers(desk, hall):
    headers = desk("chenjing").get("/").headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("url", "said"), [("https://doorstep.example", "max-age=31536000"), ("", None)])
def test_a_browser_that_came_by_https_stays_with_it(sqlite_town, url, said):
    settings = settings_for(
        sqlite_town.settings.folder, sqlite_town.settings.database_url, DOORSTEP_SERVER__BASE_URL=url
    )
    database.close()
    client = create_app(settings).test_client()
    for path in ("/console/signin", "/console/nothing-here", "/api/v1/me", "/api/v1/nothing-here"):
        assert client.get(path).headers.get("Strict-Transport-Security") == said


def test_an_unknown_page_is_refused_plainly_to_a_stranger_too(desk):
    answer = desk().get("/nothing-here")
    assert answer.status_code == 404
    assert "没有找到这个页面或内容。" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
