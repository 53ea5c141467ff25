"""The cases of 惠民社区 at the desk: found, read, and moved by exactly the buttons that the table gives."""

import re

import pytest

from app.rules import deed, dispatch, ending, setting
from models.alert import Alert
from models.audit import Audit
from models.base import write
from models.case import Case, Step
from models.follow import Follow
from models.letter import Letter
from models.lifecycle import CASE_STATES
from models.person import Person
from models.setting import Setting
from models.voice import Voice
from tests.handlers.console.conftest import make_late, queries, report, token_in, words_of


def numbers(page: str) -> list[int]:
    """The numbers of a list of cases, in its order."""
    return [int(number) for number in re.findall(r'href="/console/cases/\w{16}">#(\d+)', page)]


def buttons(page: str) -> list[str]:
    """The verbs of the buttons of a case's page, in their order."""
    return [one for one in doors_of(page) if one not in PRIVACY]


#: What stands beside the buttons: the reporter's name, broken glass, the units concerned, and what it is.
PRIVACY = ("reporter", "glass", "units", "party", "class", "questions", "subcases", "whistles", "exclusion")


def doors_of(page: str) -> list[str]:
    """Every form of a case's page."""
    return re.findall(r'action="/console/cases/\w{16}/(\w+)"', page)


def press(browser, case: Case, verb: str, **fields: str):
    """Press a button as the page of this moment shows it."""
    page = browser.text(f"/cases/{case.key}")
    version = re.search(r'name="version" value="(\d+)"', page)
    fields = {"version": version[1] if version else "0"} | fields
    return browser.bare_form(f"/cases/{case.key}/{verb}", form_token=token_in(page), **fields)


def again(case: Case) -> Case:
    return Case.get_by_id(case.id)


def test_the_list_shows_the_newest_first(desk, hall):
    report(hall), report(hall, "sunmei")
    assert numbers(desk("chenjing").text("/cases")) == [1002, 1001]


def test_the_list_is_narrowed_by_state_lateness_category_and_number(desk, hall):
    late = report(hall)
    make_late(late)
    gone = report(hall, code="other")
    with write():
        ending.reject(gone, actor=hall.actor("chenjing"), note="重复上报", disposition="no_new_facts")
    browser = desk("chenjing")
    assert numbers(browser.text("/cases")) == [1001]
    assert numbers(browser.text("/cases?state=all")) == [1002, 1001]
    assert numbers(browser.text("/cases?state=rejected")) == [1002]
    assert numbers(browser.text("/cases?late=1")) == [1001]
    assert numbers(browser.text("/cases?state=all&category=other")) == [1002]
    assert numbers(browser.text("/cases?number=%231002")) == [1002]
    assert numbers(browser.text("/cases?number=٣")) == []
    assert "没有符合的事项。" in browser.text("/cases?number=9999")


def test_the_list_goes_on_page_by_page(desk, hall):
    for _ in range(23):
        report(hall)
    browser = desk("chenjing")
    first = browser.text("/cases?state=open")
    older = re.search(r'href="/console(/cases\?[^"]*before=\w+)"', first)[1].replace("&amp;", "&")
    assert numbers(first) == list(range(1023, 1003, -1))
    assert numbers(browser.text(older)) == [1003, 1002, 1001]


def test_a_case_tells_its_whole_story(desk, hall):
    case = report(hall, words="3号楼门口路灯不亮，老人摔倒了")
    told = words_of(desk("chenjing").text(f"/cases/{case.key}"))
    for words in (
        "#1001 路灯、楼道灯不亮", "已派给网格员，等待接单", "3号楼门口路灯不亮，老人摔倒了", "幸福家园 3号楼",
        "张＊ 138****0001", "王大山 第一网格", "居民 上报", "系统 派单",
    ):  # fmt: skip
        assert words in told


def test_the_neighbours_admin_finds_no_such_case(desk, hall):
    case = report(hall)
    stranger = desk("hefang")
    assert stranger.get(f"/cases/{case.key}").status_code == 404
    assert numbers(stranger.text("/cases?state=all")) == []
    assert numbers(stranger.text("/cases?number=1001")) == []
    answer = stranger.form(f"/cases/{case.key}/reject", version="1", note="不归我们")
    assert (answer.status_code, again(case).state) == (404, "dispatched")


def test_the_worker_of_the_other_grid_finds_no_such_case(desk, hall):
    case = report(hall)
    assert desk("liuyang").get(f"/cases/{case.key}").status_code == 404
    assert desk("wangdashan").get(f"/cases/{case.key}").status_code == 200


def test_the_district_does_not_learn_who_reported(desk, hall):
    case = report(hall)
    with write():
        hall.person("dengwei").roles.model.update(kind="district_admin").where(
            hall.person("dengwei").roles.model.person == hall.person("dengwei")
        ).execute()
    page = desk("dengwei").text(f"/cases/{case.key}")
    assert "张兰" not in page and "138****0001" not in page
    assert "上报人 已隐去" in words_of(page)


@pytest.mark.parametrize("who", ["chenjing", "wangdashan", "dengwei"])
def test_the_buttons_are_those_of_the_table_in_every_state(desk, hall, who):
    case, browser = report(hall), desk(who)
    for state in CASE_STATES:
        Case.update(state=state).where(Case.id == case.id).execute()
        parts = hall.actor(who).parts_for(again(case))
        noted = ["note"] if parts & {"reporter", "handler", "community_admin"} else []
        assert buttons(browser.text(f"/cases/{case.key}")) == deed.buttons(again(case), hall.actor(who)) + noted


def test_the_admin_gives_the_case_to_another_worker(desk, hall):
    case, liuyang = report(hall), hall.person("liuyang")
    answer = press(desk("chenjing"), case, "dispatch", worker=liuyang.key, note="王师傅今天休息")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/console/cases/{case.key}")
    assert (again(case).handler, again(case).state) == (liuyang, "dispatched")
    assert Letter.select().where(Letter.person == liuyang, Letter.kind == "case_assigned").count() == 1


def test_a_double_click_moves_once(desk, hall):
    case, browser = report(hall), desk("chenjing")
    page = browser.text(f"/cases/{case.key}")
    fields = {"version": str(case.version), "worker": hall.person("liuyang").key, "form_token": token_in(page)}
    answers = [browser.bare_form(f"/cases/{case.key}/dispatch", **fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "刚才有人先处理了，下面已是最新情况，请看过再决定。" in answers[1].text
    assert Step.select().where(Step.case == case, Step.verb == "dispatch", Step.actor.is_null(False)).count() == 1


def test_a_stranger_to_the_community_is_no_worker(desk, hall):
    case = report(hall)
    answer = press(desk("chenjing"), case, "dispatch", worker=hall.person("guoliang").key)
    assert answer.status_code == 422
    assert "请从本社区在岗的网格员里选一位。" in answer.text
    assert again(case).handler == hall.person("wangdashan")


def test_a_refusal_opens_the_form_again_with_the_sentence(desk, hall):
    case = report(hall)
    answer = press(desk("chenjing"), case, "reject", note=" ")
    assert answer.status_code == 422
    form = re.search(r'<details class="deed reject" name="deed" open>.*?</details>', answer.text, re.S)[0]
    assert "请写明不予受理的原因，居民会看到。" in form
    assert again(case).state == "dispatched"


def test_too_long_a_note_is_kept_in_the_form(desk, hall):
    case = report(hall)
    answer = press(desk("chenjing"), case, "reject", note="长" * 501)
    assert answer.status_code == 422
    assert "说明请在 500 字以内。" in answer.text and "长" * 501 in answer.text


def test_done_without_a_photo_is_refused_in_plain_words(desk, hall):
    case = report(hall)
    with write():
        dispatch.accept(case, actor=hall.actor("wangdashan"))
    answer = press(desk("wangdashan"), case, "handle", note="换好了")
    assert (answer.status_code, again(case).state) == (422, "handling")
    assert "处理后的照片" in answer.text


def test_a_note_joins_the_story(desk, hall):
    case = report(hall)
    assert press(desk("chenjing"), case, "note", note="已联系电工").status_code == 303
    told = words_of(desk("chenjing").text(f"/cases/{case.key}"))
    assert "社区管理员 补充" in told and "已联系电工" in told


def test_a_verb_of_others_is_forbidden(desk, hall):
    case = report(hall)
    answer = desk("wangdashan").form(f"/cases/{case.key}/reject", page=f"/cases/{case.key}", version="1", note="不办")
    assert (answer.status_code, again(case).state) == (403, "dispatched")


@pytest.mark.parametrize("verb", ["lapse", "report", "constructor"])
def test_what_is_no_button_does_not_exist(desk, hall, verb):
    case = report(hall)
    assert desk("chenjing").form(f"/cases/{case.key}/{verb}", version="1").status_code == 404


def test_a_press_without_the_token_moves_nothing(desk, hall):
    case = report(hall)
    answer = desk("chenjing").bare_form(f"/cases/{case.key}/reject", version="1", note="不办")
    assert (answer.status_code, again(case).state) == (403, "dispatched")


def test_words_of_residents_are_never_taken_for_html(desk, hall):
    Person.update(name="<b>甲</b>").where(Person.id == hall.person("zhanglan").id).execute()
    case = report(hall, words="<script>alert(1)</script>")
    page = desk("chenjing").text(f"/cases/{case.key}")
    assert "<script>alert" not in page and "<b>甲" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_lists_and_pages_ask_the_same_number_of_questions_for_one_and_for_three(desk, hall):
    browser, lists, pages = desk("chenjing"), [], []
    for _ in range(3):
        case = report(hall)
        make_late(case)
        with queries() as asked:
            browser.text("/cases")
        lists.append(len(asked))
        with queries() as asked:
            browser.text(f"/cases/{case.key}")
        pages.append(len(asked))
    # One of them is whether this hour has its row of the log.
    assert (lists[0], lists[2]) == (8, 8)
    # The first look at somebody counts how many people one has looked at today.
    assert pages == [40, 39, 39]


def test_leafing_through_the_words_of_others_leaves_one_row_an_hour(desk, hall):
    report(hall), report(hall, "sunmei")
    browser = desk("chenjing")
    for path in ("/cases", "/cases?state=all", "/cases?number=1001"):
        browser.text(path)
    (row,) = Audit.select().where(Audit.action == "case.list")
    assert (row.person.name, row.community.code, row.about) == ("陈静", "huimin", None)
    desk("hefang").text("/cases")
    assert Audit.select().where(Audit.action == "case.list").count() == 1


def test_a_refused_form_shows_nobody_beyond_the_days_number(desk, hall):
    first, second = report(hall), report(hall, "sunmei")
    Setting.create(community=hall.community(), name="people_per_day", value=1)
    setting.forget()
    browser = desk("chenjing")
    token = token_in(browser.text(f"/cases/{first.key}"))
    refused = browser.bare_form(f"/cases/{second.key}/reject", form_token=token, note="", version="0")
    assert (refused.status_code, "3号楼门口井盖坏了" in refused.text) == (403, False)
    assert Alert.get().kind == "budget_spent"
    refused = browser.bare_form(f"/cases/{first.key}/reject", form_token=token, note="", version="0")
    assert "3号楼门口井盖坏了" in refused.text


def test_the_desk_hears_what_was_said_and_counts_who_met_it_too(desk, hall):
    case = report(hall)
    Voice.create(uploader=case.reporter, case=case, format="mp3", seconds=12, size=9)
    page = desk("chenjing").text(f"/cases/{case.key}")
    assert len(re.findall(r'<audio controls preload="none" src="/api/v1/files/[^"]+"', page)) == 1
    assert ("下载录音（12 秒）" in page, "也遇到的居民" in page) == (True, False)
    Follow.create(case=case, person=hall.person("sunmei"))
    assert "也遇到的居民 1 位" in words_of(desk("chenjing").text(f"/cases/{case.key}"))
    street = desk("dengwei").text(f"/cases/{case.key}")
    assert "<audio" not in street
