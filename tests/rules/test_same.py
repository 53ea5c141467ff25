"""Are two cases the same thing? The scale, its reasons in words, and what becomes of ten thousand of one hole."""

from datetime import timedelta

import pytest

from app.rules import bundle, same, setting, wording
from app.rules import case as cases
from app.rules.refusal import Conflict, Forbidden, NotFound
from models.audit import Audit
from models.base import database, now, write
from models.case import Case
from models.category import Category
from models.letter import Letter
from models.task import Task
from tests.rules.cases import add_photo, do, report

HERE = (34.7965, 114.3654)


@pytest.fixture(autouse=True)
def fresh_settings():
    setting.forget()
    yield
    setting.forget()


def away(metres):
    return HERE[0] + metres / 111_132, HERE[1]


def alike(town, first, second, between=timedelta(hours=2), **more):
    """How likely two reports are one, the second so long after the first."""
    Category.update(near_metres=50).execute()
    one = report(town, "sunmei", **first)
    two = report(town, **second)
    Case.update(same_as=None, created_at=two.created_at - between).where(Case.id == one.id).execute()
    one, two = (same.with_places().where(Case.id == row.id).get() for row in (one, two))
    return same.likeness(two, one)


#: Two reports, how long between, the score, and why: each a case of the scale.
SCALE = {
    "the same door step, the same words": (
        {}, {}, 0.05, 95, "同一栋楼，都说到“井盖坏了”，相隔 1 小时",
    ),
    "the same entrance": (
        {"words": "3号楼2单元门口的井盖没了"}, {"words": "3号楼2单元井盖不见了，危险"}, 2 / 24, 82,
        "同一栋楼 2单元，都说到“井盖”，相隔 2 小时",
    ),
    "one says which entrance, the other does not": (
        {"words": "3号楼2单元井盖坏了"}, {"words": "3号楼井盖坏了"}, 0.5, 75,
        "同一栋楼，都说到“井盖坏了”，相隔 12 小时",
    ),
    "two entrances": ({"words": "3号楼1单元灯不亮"}, {"words": "3号楼2单元灯不亮"}, 0.5, 0, ""),
    "two floors": ({"words": "3号楼2楼灯不亮"}, {"words": "3号楼5楼灯不亮"}, 0.5, 0, ""),
    "two kinds": ({"words": "井盖坏了"}, {"words": "路灯不亮", "category": "street_light"}, 0.1, 0, ""),
    "a month ago": ({}, {}, 40, 85, "同一栋楼，都说到“井盖坏了”，相隔 40 天"),
    "other words": ({"words": "盖子翘起来了"}, {"words": "窨井破了"}, 3, 71, "同一栋楼，都是窨井盖缺失破损，相隔 3 天"),
    "the same spot on the map": (
        {"point": HERE, "place": None}, {"point": away(4), "place": None}, 0.1, 99,
        "就在同一处，都说到“井盖坏了”，相隔 2 小时",
    ),
    "thirty metres away": (
        {"point": HERE, "place": None}, {"point": away(30), "place": None}, 0.1, 94,
        "相距约 30 米，都说到“井盖坏了”，相隔 2 小时",
    ),
    "sixty metres away": ({"point": HERE, "place": None}, {"point": away(60), "place": None}, 0.1, 0, ""),
}


@pytest.mark.parametrize("what", SCALE)
def test_the_scale(sqlite_town, what):
    first, second, days, score, reasons = SCALE[what]
    found = alike(sqlite_town, first, second, timedelta(days=days))
    assert (found.score, found.reasons) == (score, reasons)


def counted(work):
    """How many statements a piece of work takes, and what it gives."""
    seen, execute = [], database.obj.execute_sql
    database.obj.execute_sql = lambda sql, *args, **more: (seen.append(sql), execute(sql, *args, **more))[1]
    try:
        given = work()
    finally:
        del database.obj.execute_sql
    return len(seen), given


@pytest.mark.parametrize("others", [1, 3])
def test_staff_are_shown_what_it_may_be_and_why_in_so_many_queries(town, others):
    for turn in range(others):
        report(town, "sunmei", words=f"窨井盖破了 {turn}")
    report(town, "masuhua", category="street_light", words="3号楼路灯不亮")
    report(town, words="网格员王大山态度恶劣，不作为，我要投诉他，井盖也不修")
    Case.update(same_as=None).execute()
    case = same.with_places().where(Case.id == report(town).id).get()
    actor = town.actor("chenjing")
    same.candidates(same.with_places(), case, actor=actor)
    queries, found = counted(lambda: same.candidates(same.with_places(), case, actor=actor))
    assert [one.case.number for one in found] == [1001, 1002, 1003][:others]
    assert {one.reasons for one in found} == {"同一栋楼，都说到“井盖”，相隔 1 分钟"}
    assert {one.words for one in found} == {"可能是同一件"}
    # The doors of the building, one look at the building, and the rows; the building itself when it is not at hand.
    assert queries <= 5
    assert same.candidates(same.with_places(), case, actor=town.actor("hefang")) == []


def flood(town, times, words="3号楼门口井盖坏了"):
    """So many residents report the same hole, one after the other, in the real way."""
    return [report(town, words=f"{words}", who=("zhanglan", "sunmei", "masuhua")[turn % 3]) for turn in range(times)]


def tasks_of(case):
    return [row.person.name for row in Letter.select().where(Letter.case == case, Letter.kind == "case_assigned")]


def test_the_first_four_are_sent_out_with_a_line_and_from_the_fifth_on_nobody(town):
    """The first one and four that are probably the same: five tasks; the sixth and seventh wait with the first."""
    rows = flood(town, 7)
    assert [case.number for case in rows] == [1001, 1002, 1003, 1004, 1005, 1006, 1007]
    assert [case.same_as_id for case in rows] == [None] + [rows[0].id] * 6
    assert [tasks_of(case) for case in rows] == [["王大山"]] * 5 + [[], []]
    assert [case.state for case in rows] == ["dispatched"] * 5 + ["reported"] * 2
    texts = [Letter.get(Letter.case == case, Letter.kind == "case_assigned").content["text"] for case in rows[:5]]
    lines = [[line for line in text.splitlines() if "可能与" in line] for text in texts]
    assert lines == [
        [], ["可能与 #1001 是同一件（已有 2 件）"], ["可能与 #1001 是同一件（已有 3 件）"],
        ["可能与 #1001 是同一件（已有 4 件）"], ["可能与 #1001 是同一件（已有 5 件）"],
    ]  # fmt: skip
    assert Task.select().where(Task.kind == "remind", Task.payload["case"] == rows[5].id).count() == 0
    (bell,) = Letter.select().where(Letter.event.startswith("alike:"))
    assert (bell.person.name, bell.case_id) == ("陈静", rows[0].id)
    assert bell.content["text"] == "#1001 窨井盖缺失破损：另有 5 件很可能是同一件，请到工作台核对，可一次合并。"
    assert [bundle.kept(case) for case in rows] == [False] * 5 + [True] * 2
    assert Audit.select().where(Audit.action == "case.alike").count() == 6


def test_whoever_is_kept_hears_the_number_and_that_it_is_known(sqlite_town):
    case = flood(sqlite_town, 6)[-1]
    said = wording.received(case, now())
    assert said.splitlines()[0] == "收到，编号 #1006：窨井盖缺失破损，幸福家园 3号楼。"
    assert "很可能和 #1001 是同一件事，已经有人在办" in said and "接单" not in said
    assert "#1001" in wording.unplaced(case)


def copies(town, main, count):
    """So many rows that are probably the same as a case, without the way through the door."""
    facts = Case.select().where(Case.id == main.id).dicts().get()
    for name in ("id", "key"):
        del facts[name]
    moment = now()
    rows = [
        facts | {
            "key": f"copy{turn:012d}", "number": 5000 + turn, "state": "reported", "handler": None,
            "same_as": main.id, "created_at": moment, "updated_at": moment,
        }
        for turn in range(count)
    ]  # fmt: skip
    for start in range(0, count, 50):
        Case.insert_many(rows[start : start + 50]).execute()


@pytest.mark.parametrize("rows", [10, 400])
def test_one_more_costs_the_same_however_many_there_are(town, rows):
    """No letter at all, one hour's look in all, and as many statements for the eleventh as for the four hundred and
    first."""
    main = report(town)
    copies(town, main, rows)
    flood(town, 1)  # what is kept some seconds is read
    letters, looks = Letter.select().count(), Task.select().where(Task.kind == "bundle").count()
    reporter, category, place = town.actor("sunmei"), town.category("missing_manhole_cover"), town.building()

    def one_more():
        with write():
            return cases.report(
                actor=reporter, community=town.community(), category=category, words="3号楼门口井盖坏了",
                channel="chat", place=place,
            )  # fmt: skip

    queries, case = counted(one_more)
    assert (case.same_as_id, case.state, Letter.select().count() - letters) == (main.id, "reported", 0)
    assert (looks, Task.select().where(Task.kind == "bundle").count()) == (1, 1)
    assert queries == REPORT_QUERIES


#: Statements of a report that is kept with the first of its like.
REPORT_QUERIES = 15


def test_what_is_not_surely_the_same_is_not_put_together(sqlite_town):
    """Another entrance, another kind, a quarrel, what is being judged, what was reported about somebody's home."""
    town = sqlite_town
    report(town, words="3号楼1单元门口井盖坏了")
    alone = [
        report(town, words="3号楼2单元门口井盖坏了"),
        report(town, words="3号楼路灯不亮", category="street_light"),
        report(town, words="楼上太吵", category="noise"), report(town, "sunmei", words="楼上太吵", category="noise"),
        report(town, place=town.building("5号楼"), words="5号楼门口井盖坏了"),
    ]
    assert [case.same_as_id for case in alone] == [None] * 5
    first = report(town, place=town.building("1号楼"), words="1号楼门口井盖坏了")
    do(town, first, "accept", "wangdashan")
    add_photo(town, first)
    do(town, first, "handle", "wangdashan")
    assert report(town, "sunmei", place=town.building("1号楼"), words="1号楼门口井盖坏了").same_as is None


def test_an_emergency_of_a_worker_on_the_spot_is_never_kept(sqlite_town):
    flood(sqlite_town, 6)
    case = report(sqlite_town, "wangdashan", worker=sqlite_town.person("wangdashan"))
    assert (case.same_as_id, case.state) == (None, "dispatched")


def test_staff_say_that_it_is_another_and_it_goes_on_by_itself(town):
    first, *_, kept = flood(town, 6)
    with write():
        case = bundle.apart(kept, actor=town.actor("chenjing"))
    assert (case.state, case.same_as_id, tasks_of(case)) == ("dispatched", None, ["王大山"])
    with pytest.raises(Conflict), write():
        bundle.apart(Case.get_by_id(kept.id), actor=town.actor("chenjing"))
    for who, refusal in (("masuhua", Forbidden), ("zhanglan", NotFound)):
        with pytest.raises(refusal), write():
            bundle.apart(kept, actor=town.actor(who))


def test_nothing_is_forgotten_in_a_bundle(town):
    """The first one is done and judged, nobody merged the others: the oldest of them takes its place."""
    first, *_, kept, last = flood(town, 7)
    do(town, first, "accept", "wangdashan")
    add_photo(town, first)
    do(town, first, "handle", "wangdashan")
    do(town, first, "confirm", "zhanglan")
    with write():
        bundle.look(Case.get_by_id(first.id), now())
    kept, last = Case.get_by_id(kept.id), Case.get_by_id(last.id)
    assert (kept.state, kept.same_as_id, tasks_of(kept)) == ("dispatched", None, ["王大山"])
    assert (last.state, last.same_as_id) == ("reported", kept.id)
    said = [row.content["text"] for row in Letter.select().where(Letter.event == f"alike:{first.id}:over")]
    assert said == ["#1001 已经办结，还有 6 件相似的没有合并，已改为单独办理。"]


def test_the_desk_is_reminded_of_a_bundle_once_a_day(town):
    first = flood(town, 6)[0]
    Case.update(created_at=now() - timedelta(days=2)).where(Case.id == first.id).execute()
    for _ in range(3):
        with write():
            bundle.look(Case.get_by_id(first.id), now())
    assert Letter.select().where(Letter.event.startswith(f"alike:{first.id}:20")).count() == 1
