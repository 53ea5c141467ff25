"""What a notice may do: published it stands as it is, taken back it stays, and each reaches those it is for."""

import pytest

from app import demo_seed
from app.rules import founding, notice, retention
from app.rules.personal_copy import copy_of
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import now, write
from models.event import Event
from models.notice import KINDS, Notice, NoticeReading
from models.place import Place
from tests.rules.together import at_once


def publish(town, who="chenjing", place=None, **more) -> Notice:
    told = {"kind": "life", "title": "周六开门", "body": "大厅周六上午开门。"} | more
    with write():
        return notice.publish(actor=town.actor(who), place=place or town.community(), **told)


def withdraw(town, row, who="chenjing", reason="时间写错了"):
    with write():
        notice.withdraw(row, actor=town.actor(who), reason=reason)


def newest(town, who) -> list[str]:
    return [row.title for row in notice.newest(town.actor(who), most=3)]


def test_published_it_is_written_down_and_screens_are_told(town):
    row = publish(town, title="  周六 \n 开门 ", body="\n第一行\r\n第二行\u202e\n")
    assert (row.title, row.body, row.state, row.community) == ("周六 开门", "第一行\n第二行", "published", row.place)
    done = Audit.select().where(Audit.action == "notice.send").get()
    assert (done.person, done.subject, done.result) == (town.person("chenjing"), row.key, "done")
    assert [(one.kind, one.subject) for one in Event.select()] == [("notice", row.key)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_can_be_sent(sqlite_town, kind):
    assert publish(sqlite_town, kind=kind).kind == kind


@pytest.mark.parametrize("who", ["zhanglan", "zhaoqiang", "hefang", "guoliang", "liuyang"])
def test_who_has_no_right_over_the_place_sends_nothing(sqlite_town, who):
    with pytest.raises(Forbidden):
        publish(sqlite_town, who, sqlite_town.building())
    assert Notice.select().count() == 0


@pytest.mark.parametrize("kind", ["entrance_unit", "household", "subdistrict", "district"])
def test_it_is_for_a_community_a_compound_or_a_building(sqlite_town, kind):
    with pytest.raises(Refusal) as refused:
        publish(sqlite_town, place=Place.select().where(Place.kind == kind).first())
    assert refused.value.code == "place_too_narrow"


def test_everything_that_is_wrong_is_said_at_once(sqlite_town):
    with pytest.raises(Refusal) as refused:
        publish(sqlite_town, kind="", title="", body="")
    assert sorted(refused.value.fields) == ["body", "kind", "title"]
    assert refused.value.message == "请选择类型；请写标题；请写正文。"


def test_taken_back_it_stays_with_its_words_and_the_reason(town):
    row = publish(town)
    withdraw(town, row)
    found = Notice.get_by_id(row.id)
    assert (found.state, found.body, found.withdrawn_reason) == ("withdrawn", "大厅周六上午开门。", "时间写错了")
    assert (found.withdrawn_by, found.withdrawn_at is None) == (town.person("chenjing"), False)
    with pytest.raises(Conflict):
        withdraw(town, found)
    done = Audit.select().where(Audit.action == "notice.withdraw").get()
    assert (done.before, done.after, done.reason) == ({"state": "published"}, {"state": "withdrawn"}, "")


def test_taken_back_by_two_at_once_it_is_taken_back_once(town):
    row, actor = publish(town), town.actor("chenjing")

    def take(reason: str) -> str:
        try:
            with write():
                notice.withdraw(row, actor=actor, reason=reason)
        except Conflict:
            return "late"
        return "done"

    assert sorted(at_once(lambda: take("时间写错了"), lambda: take("地点写错了"))) == ["done", "late"]


@pytest.mark.parametrize("who", ["zhanglan", "hefang", "liuyang", "wangdashan"])
def test_only_who_could_send_it_takes_it_back(sqlite_town, who):
    row = publish(sqlite_town)
    with pytest.raises(Forbidden):
        withdraw(sqlite_town, row, who)
    assert Notice.get().state == "published"


@pytest.mark.parametrize("reason", ["", "错", "   \n", "\u200b" * 9])
def test_without_a_reason_nothing_is_taken_back(sqlite_town, reason):
    row = publish(sqlite_town)
    with pytest.raises(Refusal) as refused:
        withdraw(sqlite_town, row, reason=reason)
    assert (refused.value.code, Notice.get().state) == ("reason_missing", "published")


def test_the_street_takes_a_wrong_one_back_alone(sqlite_town):
    withdraw(sqlite_town, publish(sqlite_town), "dengwei")
    assert Notice.get().state == "withdrawn"


def test_a_correction_takes_the_first_one_back_and_only_once(town):
    first = publish(town, title="周六")
    second = publish(town, title="周日", corrects=first)
    old = Notice.get_by_id(first.id)
    assert (old.state, old.title, old.withdrawn_reason) == ("withdrawn", "周六", notice.CORRECTED)
    with pytest.raises(Conflict):
        publish(town, title="周一", corrects=old)
    assert [row.title for row in Notice.select().order_by(Notice.id)] == ["周六", second.title]


def test_what_is_elsewhere_cannot_be_corrected(sqlite_town):
    there = publish(sqlite_town, "hefang", sqlite_town.community("liuyin"))
    with pytest.raises(NotFound):
        publish(sqlite_town, corrects=there)
    assert Notice.get().state == "published"


def test_to_whom_it_stands_at_the_door(town):
    publish(town, title="全社区")
    publish(town, title="3号楼", place=town.building())
    publish(town, "hefang", town.community("liuyin"), title="柳荫")
    doors = {who: newest(town, who) for who in ("zhanglan", "sunmei", "masuhua", "wangdashan", "dengwei", "zhaoqiang")}
    assert doors == {
        "zhanglan": ["3号楼", "全社区"], "sunmei": ["全社区"], "masuhua": ["柳荫"],
        "wangdashan": ["3号楼", "全社区"], "dengwei": ["3号楼", "全社区"], "zhaoqiang": [],
    }  # fmt: skip


def test_opened_twice_it_is_read_once(town):
    row = publish(town)
    for _ in range(2):
        with write():
            notice.read(row, actor=town.actor("zhanglan"))
    assert [one.person for one in NoticeReading.select()] == [town.person("zhanglan")]
    found = {who: bool(next(iter(notice.newest(town.actor(who), most=3))).seen) for who in ("zhanglan", "sunmei")}
    assert found == {"zhanglan": True, "sunmei": False}


def test_the_beginning_of_a_text_is_one_line_of_eighty_characters():
    assert notice.summary(Notice(body="一\n\n二　三")) == "一 二 三"
    assert notice.summary(Notice(body="水" * 80)) == "水" * 80
    assert notice.summary(Notice(body="水" * 81)) == "水" * 79 + "…"


def test_what_one_has_read_stands_in_ones_copy_and_is_forgotten_after_a_year(sqlite_town):
    row, zhanglan = publish(sqlite_town), sqlite_town.person("zhanglan")
    with write():
        notice.read(row, actor=sqlite_town.actor("zhanglan"))
    assert (copy_of(zhanglan).counts["notices"], "周六开门" in copy_of(zhanglan).json) == (1, True)
    [kind] = [one for one in retention.KEEP if one.name == "notice_readings"]
    assert (kind.rows(now()).count(), kind.words) == (1, "谁看过哪条公告")


def test_the_demo_has_notices_sent_by_the_admins_and_loading_twice_sends_nothing_again(sqlite_town):
    for _ in range(2):
        founding.load_notices(demo_seed._read("notices.toml"))
    assert Notice.select().count() == 5
    assert newest(sqlite_town, "zhanglan")[0] == "幸福家园明天上午停水 4 小时"
    assert newest(sqlite_town, "masuhua") == ["柳荫社区邻里议事会，周五晚上七点"]
    assert {row.sent_by.name for row in Notice.select()} == {"陈静", "何芳"}
