"""陈静 writes to the people of 幸福家园; 王大山 to those of his grid; the street needs a second pair of eyes."""

import pytest

from app.rules import notice
from models.approval import Approval
from models.audit import Audit
from models.base import write
from models.notice import Notice, NoticeReading
from models.place import Place
from tests.handlers.console.conftest import queries, words_of

TEXT = "因更换阀门，明天 8:00 到 12:00 停水。\n请提前存水。"


def form(place: Place, **more: str) -> dict[str, str]:
    told = {"place": place.key, "kind": "water_power", "title": "明天上午停水", "body": TEXT}
    return told | {"once": "form-of-this-test"} | more


def compound(name: str = "幸福家园") -> Place:
    return Place.get(Place.kind == "compound", Place.name == name)


def publish(hall, who: str = "chenjing", place: Place | None = None, title: str = "明天上午停水", **more) -> Notice:
    with write():
        return notice.publish(
            actor=hall.actor(who), place=place or hall.community(), kind="water_power", title=title, body=TEXT, **more
        )


def test_without_notices_the_page_says_what_they_are_for(desk):
    assert "还没有发过公告。" in desk("chenjing").text("/notices")


def test_written_looked_at_and_published(desk, hall):
    browser, place = desk("chenjing"), compound()
    page = browser.text("/notices/new")
    assert ("整个惠民社区" in page, "幸福家园小区" in page, "幸福家园 3号楼<" in page) == (True, True, True)
    assert "柳荫" not in page
    seen = browser.form("/notices/preview", "/notices/new", **form(place, urgent="1"))
    assert (seen.status_code, Notice.select().count()) == (200, 0)
    assert "明天上午停水" in seen.text and "惠民社区居委会" in seen.text and "幸福家园的居民" in seen.text
    sent = browser.form("/notices", "/notices/new", **form(place, urgent="1"))
    assert (sent.status_code, sent.headers["Location"]) == (303, "/console/notices")
    row = Notice.get()
    assert (row.place, row.community, row.title, row.body, row.urgent, row.state, row.sent_by) == (
        place, hall.community(), "明天上午停水", TEXT, True, "published", hall.person("chenjing"),
    )  # fmt: skip
    listed = words_of(browser.text("/notices"))
    assert "明天上午停水" in listed and "0 人看过" in listed and "已发布" in listed
    assert TEXT in browser.text(f"/notices/{row.key}")
    written = Audit.select().where(Audit.action == "notice.send", Audit.result == "done").get()
    assert (written.subject, "阀门" in str(written.__data__)) == (row.key, False)


def test_pressed_twice_it_is_published_once(desk, hall):
    browser = desk("chenjing")
    sent = [browser.form("/notices", "/notices/new", **form(compound())).status_code for _ in range(2)]
    assert (sent, Notice.select().count()) == ([303, 303], 1)


def test_back_to_writing_nothing_is_lost(desk, hall):
    page = desk("chenjing").form("/notices", "/notices/new", **form(compound(), answer="edit"))
    assert (page.status_code, TEXT in page.text, Notice.select().count()) == (200, True, 0)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"place": ""}, "请选择发给谁"), ({"kind": "gossip"}, "请选择类型"), ({"title": " 停 "}, "请写标题"),
        ({"title": "停" * 61}, "标题最多 60 个字"), ({"body": "\n"}, "请写正文"),
        ({"body": "水" * 5001}, "正文最多 5000 个字"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_the_rest_is_kept(desk, hall, wrong, words):
    told = form(compound(), title="明天停水通知") | wrong
    browser = desk("chenjing")
    for path in ("/notices/preview", "/notices"):
        page = browser.form(path, "/notices/new", **told)
        assert (page.status_code, words in page.text, 'value="water_power" selected' in page.text) == (
            422, True, "kind" not in wrong,
        )  # fmt: skip
    assert Notice.select().count() == 0


def test_taken_back_with_a_reason_it_stays(desk, hall):
    row, browser = publish(hall), desk("chenjing")
    short = browser.form(f"/notices/{row.key}/withdraw", "/notices", reason="错")
    assert (short.status_code, "请写明为什么撤回" in short.text) == (422, True)
    taken = browser.form(f"/notices/{row.key}/withdraw", "/notices", reason="施工改期，另行通知")
    assert (taken.status_code, Notice.get().state, Notice.get().body) == (303, "withdrawn", TEXT)
    page = words_of(browser.text(f"/notices/{row.key}"))
    assert "施工改期，另行通知" in page and "确定撤回" not in page
    assert browser.form(f"/notices/{row.key}/withdraw", "/notices", reason="施工改期，另行通知").status_code == 409


def test_put_right_by_another_one(desk, hall):
    row, browser = publish(hall, place=compound()), desk("chenjing")
    page = browser.text(f"/notices/new?corrects={row.key}")
    assert TEXT in page and "更正公告" in page
    sent = browser.form("/notices", "/notices/new", **form(compound(), title="改到后天停水", corrects=row.key))
    assert (sent.status_code, Notice.get_by_id(row.id).state) == (303, "withdrawn")
    later = Notice.get(Notice.corrects == row)
    assert f'href="/console/notices/{later.key}">看新的公告' in browser.text(f"/notices/{row.key}")
    again = browser.form("/notices", "/notices/new", **form(compound(), corrects=row.key, once="another-form"))
    assert (again.status_code, Notice.select().count()) == (409, 2)


def test_a_worker_writes_to_the_own_grid_alone(desk, hall):
    browser = desk("wangdashan")
    page = browser.text("/notices/new")
    assert ("幸福家园 3号楼<" in page, "阳光花苑" in page, "整个惠民社区" in page) == (True, False, False)
    for place, status in ((hall.building(), 303), (compound("阳光花苑"), 403), (hall.community(), 403)):
        assert browser.form("/notices", "/notices/new", **form(place, once=place.key)).status_code == status
    assert [row.place for row in Notice.select()] == [hall.building()]
    whole = publish(hall)
    assert "确定撤回" not in browser.text(f"/notices/{whole.key}")
    assert browser.form(f"/notices/{whole.key}/withdraw", "/notices", reason="施工改期").status_code == 403


def test_what_the_street_writes_another_one_reads_first(desk, hall):
    browser = desk("dengwei")
    seen = browser.form("/notices/preview", "/notices/new", **form(compound()))
    assert "提交，等另一位同志复核" in seen.text
    asked = browser.form("/notices", "/notices/new", **form(compound()))
    assert (asked.headers["Location"], Notice.select().count()) == ("/console/approvals", 0)
    page = desk("chenjing").text("/approvals")
    assert "给幸福家园发公告《明天上午停水》：" in page and "请提前存水。" in page
    row = Approval.get()
    assert desk("chenjing").form(f"/approvals/{row.key}", "/approvals", answer="yes").status_code == 303
    assert (Notice.get().title, Notice.get().sent_by) == ("明天上午停水", hall.person("dengwei"))


def test_what_is_too_long_for_the_second_reader_is_not_asked_for(desk, hall):
    page = desk("dengwei").form("/notices", "/notices/new", **form(compound(), body="水" * 300))
    assert (page.status_code, "请写短些" in page.text, Approval.select().count()) == (422, True, 0)


def test_the_next_community_has_nothing_to_do_with_it(desk, hall):
    row, stranger = publish(hall), desk("hefang")
    assert "明天上午停水" not in stranger.text("/notices")
    assert stranger.get(f"/notices/{row.key}").status_code == 404
    assert stranger.get(f"/notices/new?corrects={row.key}").status_code == 404
    assert stranger.get(f"/notices?community={hall.community().key}").status_code == 404
    assert stranger.form(f"/notices/{row.key}/withdraw", "/notices", reason="施工改期").status_code == 404
    for path in ("/notices", "/notices/preview"):
        assert stranger.form(path, "/notices/new", **form(compound())).status_code == 404
    own = form(Place.get(Place.name == "柳荫里"), corrects=row.key)
    assert stranger.form("/notices", "/notices/new", **own).status_code == 404
    assert (Notice.select().count(), Notice.get().state) == (1, "published")


def test_no_notice_is_for_a_single_door(desk, hall):
    home = Place.get(Place.label == "幸福家园 3号楼 2单元 501")
    assert desk("chenjing").form("/notices", "/notices/new", **form(home)).status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(desk, hall):
    browser, counts = desk("chenjing"), []
    for number in range(3):
        row = publish(hall, title=f"公告 {number}")
        with write():
            NoticeReading.create(notice=row, person=hall.person("zhanglan"))
        with queries() as asked:
            assert "1 人看过" in browser.text("/notices")
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_older_ones_are_on_the_next_page(desk, hall):
    for number in range(21):
        publish(hall, title=f"公告之 {number}号")
    browser = desk("chenjing")
    page = browser.text("/notices")
    assert ("公告之 20号" in page, "公告之 0号" in page) == (True, False)
    assert "公告之 0号" in browser.text(f"/notices?before={Notice.get(Notice.title == '公告之 1号').key}")
    assert browser.get("/notices?before=none").status_code == 404
