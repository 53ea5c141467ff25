"""What recurs becomes a topic: the third heap in the stairwells of 幸福家园 is for the residents' meeting."""

from datetime import timedelta

import pytest

from app.jobs import tasks, tidy
from app.jobs import topic as jobs
from app.rules import setting, topic
from app.rules.refusal import Conflict, Forbidden, Refusal
from models.audit import Audit
from models.base import now, write
from models.case import Case
from models.letter import Letter
from models.setting import Setting
from models.task import Task
from models.topic import Topic
from tests.rules.cases import report
from tests.rules.test_same import counted

HEAP = "corridor_clutter"


@pytest.fixture(autouse=True)
def fresh_settings():
    setting.forget()
    yield
    setting.forget()


def heaps(town, count, days=1, code=HEAP, building="3号楼", **more):
    """So many reports of a kind, so many days ago."""
    for turn in range(count):
        case = report(town, category=code, words=f"第{turn}次楼道堆物", place=town.building(building), **more)
        Case.update(created_at=now() - timedelta(days=days), same_as=None).where(Case.id == case.id).execute()


def propose(town):
    with write():
        return topic.propose(town.community(), now())


def decide(town, row, verb, who="chenjing", **more):
    with write():
        return topic.decide(Topic.get_by_id(row.id), verb, actor=town.actor(who), **more)


def test_the_third_time_it_is_proposed_to_the_admin_once(town):
    heaps(town, 1, building="1号楼")
    heaps(town, 1)
    assert propose(town) == []
    heaps(town, 1, days=59, building="5号楼")
    (found,) = propose(town)
    assert (found.place.label, found.category.code, found.times, found.state) == ("幸福家园", HEAP, 3, "proposed")
    (letter,) = Letter.select().where(Letter.event == f"topic:{found.id}")
    assert letter.person.name == "陈静"
    assert letter.content["text"] == (
        f"幸福家园 60 天内第 3 次报“{found.category.name}”，建议列入家门口议事会议题。"
        "请到工作台“管理 → 频发问题”决定。"
    )
    assert propose(town) == []
    heaps(town, 1)
    assert (propose(town), Topic.get().times, Topic.select().count()) == ([], 4, 1)
    assert Audit.select().where(Audit.action == "topic.propose").count() == 1


def test_what_is_not_counted(town):
    """Long ago, merged, withdrawn, not taken, probably the same, a complaint, a question, elsewhere, nowhere."""
    heaps(town, 2)
    heaps(town, 1, days=61)
    for state in ("merged", "withdrawn", "rejected"):
        case = report(town, category=HEAP, words="楼道堆物")
        Case.update(state=state).where(Case.id == case.id).execute()
    case = report(town, category=HEAP, words="楼道堆物")
    Case.update(same_as=Case.get()).where(Case.id == case.id).execute()
    report(town, category=HEAP, words="网格员王大山态度恶劣，不作为，我要投诉他")
    heaps(town, 3, code="consult")
    heaps(town, 3, code="other")
    report(town, category=HEAP, words="楼道堆物", place=town.building("1号楼", "阳光花苑"))
    for _ in range(3):
        case = report(town, category=HEAP, words="楼道堆物", place=None)
        Case.update(same_as=None).where(Case.id == case.id).execute()
    assert propose(town) == []


def test_a_community_has_its_own_measure(sqlite_town):
    heaps(sqlite_town, 2)
    Setting.create(community=sqlite_town.community(), name="recurrent", value={"times": 2, "days": 7})
    setting.forget()
    (found,) = propose(sqlite_town)
    assert "幸福家园 7 天内第 2 次" in topic.words(found, 7)


def test_taken_up_and_settled_with_what_came_of_it(town):
    heaps(town, 3)
    (row,) = propose(town)
    row = decide(town, row, "take")
    assert (row.state, row.decided_by.name) == ("taken", "陈静")
    with pytest.raises(Refusal) as said:
        decide(town, row, "settle")
    assert said.value.fields == {"note": "必填"}
    row = decide(town, row, "settle", note="每月最后一个周六集中清理")
    assert (row.state, row.note) == ("settled", "每月最后一个周六集中清理")
    with pytest.raises(Conflict):
        decide(town, row, "take")
    assert [one.action for one in Audit.select().where(Audit.action.startswith("topic.")).order_by(Audit.id)] == [
        "topic.propose", "topic.take", "topic.settle",
    ]  # fmt: skip


def test_dismissed_it_comes_back_only_after_as_many_new_ones(town):
    heaps(town, 3)
    (row,) = propose(town)
    decide(town, row, "dismiss", note="已经装了监控")
    assert propose(town) == []
    heaps(town, 2, days=0)
    assert propose(town) == []
    heaps(town, 1, days=0)
    (again,) = propose(town)
    assert (again.times, again.id != row.id, Topic.select().count()) == (3, True, 2)


@pytest.mark.parametrize("who", ["zhanglan", "wangdashan", "hefang", "dengwei", "zhaoqiang"])
def test_only_the_community_decides(sqlite_town, who):
    heaps(sqlite_town, 3)
    (row,) = propose(sqlite_town)
    with pytest.raises(Forbidden):
        decide(sqlite_town, row, "take", who)
    assert Topic.get().state == "proposed"


def test_of_two_who_decide_at_once_the_second_is_told(sqlite_town):
    heaps(sqlite_town, 3)
    (row,) = propose(sqlite_town)
    seen = Topic.get_by_id(row.id)
    decide(sqlite_town, row, "take")
    with pytest.raises(Conflict), write():
        topic.decide(seen, "take", actor=sqlite_town.actor("chenjing"))


@pytest.mark.parametrize("kinds", [1, 3])
def test_so_many_statements_whatever_is_counted(town, kinds):
    for code in (HEAP, "cleaning", "street_light")[:kinds]:
        heaps(town, 3, code=code)
    community, since = town.community(), now() - timedelta(days=60)
    queries, found = counted(lambda: topic.counted(community, since))
    assert (queries, len(found)) == (3, kinds)
    propose(town)
    queries, rows = counted(lambda: [(row.place.label, row.category.name, row.decided_by_id) for row in topic.listed(
        [community.id]
    )])  # fmt: skip
    assert (queries, len(rows)) == (1, kinds)


def test_once_a_day_from_the_morning_on(sqlite_town):
    """Owed by the tidying of any hour from seven in the morning, and done for every community."""
    heaps(sqlite_town, 3)
    tidy.tidy(sqlite_town.context, {})
    jobs.plan(now())
    for hour in (22, 23):  # UTC; in Beijing six and seven o'clock of the next day
        jobs.plan(now().replace(year=2027, hour=hour))
    keys = [row.key for row in Task.select().where(Task.kind == "topics", Task.key.startswith("topics:2027"))]
    assert len(keys) == 1
    tasks.KINDS["topics"](sqlite_town.context, {})
    assert Topic.get().times == 3
