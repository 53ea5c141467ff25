"""创城专班: one for each compound; people join by asking, leave when they like, and the four rules tell what is so."""

from datetime import timedelta

import pytest

from app.rules import improvement, task_force, task_force_facts
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.statistics_period import named, today
from app.rules.task_force_facts import roughly
from models.base import now, write
from models.case import Case
from models.judgement import Judgement
from models.place import Place
from models.task_force import TaskForce, TaskForceMember
from models.unit import Unit
from tests.rules.cases import case_in, report
from tests.rules.together import at_once


def compound(name: str = "幸福家园") -> Place:
    return Place.get(Place.kind == "compound", Place.name == name)


def create(town, who="chenjing", place=None, name="") -> TaskForce:
    with write():
        return task_force.create(place or compound(), actor=town.actor(who), name=name)


def ask(town, row, who="zhanglan", kind="volunteer") -> TaskForceMember:
    with write():
        return task_force.ask(TaskForce.get_by_id(row.id), actor=town.actor(who), kind=kind)


def admit(town, member, who="chenjing", admitted=True):
    with write():
        task_force.decide(TaskForceMember.get_by_id(member.id), actor=town.actor(who), admitted=admitted)


def names(town, row, who) -> list[tuple[str, str, str]]:
    found = task_force_facts.members(row, actor=town.actor(who))
    return [(one.kind, one.state, name) for one, name in found]


def test_a_compound_has_one_team_at_a_time(town):
    row = create(town)
    assert (row.name, row.community, row.compound) == ("幸福家园创城专班", town.community(), compound())
    with pytest.raises(Conflict):
        create(town)
    assert create(town, place=compound("阳光花苑"), name=" 阳光 专班 ").name == "阳光 专班"
    with write():
        task_force.end(row, actor=town.actor("chenjing"))
    with pytest.raises(Conflict):
        task_force.end(row, actor=town.actor("chenjing"))
    assert create(town).id != row.id


def test_set_up_by_two_at_once_there_is_one(town):
    actor, place = town.actor("chenjing"), compound()

    def attempt() -> str:
        try:
            with write():
                task_force.create(place, actor=actor)
        except Conflict:
            return "late"
        return "done"

    assert sorted(at_once(attempt, attempt)) == ["done", "late"]
    assert TaskForce.select().count() == 1


@pytest.mark.parametrize(("who", "error"), [("wangdashan", Forbidden), ("zhanglan", Forbidden), ("hefang", NotFound)])
def test_only_the_community_sets_one_up(sqlite_town, who, error):
    with pytest.raises(error):
        create(sqlite_town, who)


def test_asked_admitted_left_and_asked_again(town):
    row = create(town)
    member = ask(town, row)
    with pytest.raises(Conflict):
        ask(town, row, kind="enthusiast")
    assert (names(town, row, "sunmei"), names(town, row, "zhanglan")) == ([], [("volunteer", "asked", "张兰")])
    admit(town, member)
    assert names(town, row, "sunmei") == [("volunteer", "joined", "张＊")]
    assert names(town, row, "chenjing") == [("volunteer", "joined", "张兰")]
    with pytest.raises(Conflict):
        admit(town, member, admitted=False)
    with write():
        task_force.leave(row, actor=town.actor("zhanglan"))
    with pytest.raises(Conflict):
        task_force.leave(row, actor=town.actor("zhanglan"))
    assert (names(town, row, "chenjing"), ask(town, row, kind="party_member").state) == ([], "asked")


def test_refused_one_may_ask_again(sqlite_town):
    town = sqlite_town
    row = create(town)
    admit(town, ask(town, row), admitted=False)
    assert [one.state for one in TaskForceMember.select()] == ["refused"]
    assert ask(town, row).state == "asked"


@pytest.mark.parametrize(
    ("who", "kind", "error"),
    [
        ("masuhua", "volunteer", Forbidden), ("zhaoqiang", "volunteer", Forbidden),
        ("wangdashan", "volunteer", Forbidden), ("zhanglan", "community", Refusal),
        ("zhanglan", "assigned_unit", Refusal), ("zhanglan", "boss", Refusal), ("chenjing", "volunteer", Forbidden),
    ],
)  # fmt: skip
def test_who_may_join_and_as_what(sqlite_town, who, kind, error):
    row = create(sqlite_town)
    with pytest.raises(error):
        ask(sqlite_town, row, who, kind)
    assert TaskForceMember.select().count() == 0


def test_an_admin_joins_as_the_community_and_adds_a_unit(town):
    row = create(town)
    assert ask(town, row, "chenjing", "community").state == "joined"
    unit = Unit.get(Unit.community == town.community(), Unit.name == "安居物业")
    with write():
        member = task_force.add_unit(row, actor=town.actor("chenjing"), unit=unit)
    with pytest.raises(Conflict):
        task_force.add_unit(row, actor=town.actor("chenjing"), unit=unit)
    assert names(town, row, "zhanglan") == [
        ("assigned_unit", "joined", "安居物业"), ("community", "joined", "陈＊"),
    ]  # fmt: skip
    with write():
        task_force.remove_unit(member, actor=town.actor("chenjing"))
    assert names(town, row, "zhanglan") == [("community", "joined", "陈＊")]


def test_a_unit_that_left_or_is_elsewhere_is_not_added(sqlite_town):
    town = sqlite_town
    row, unit = create(town), Unit.get(Unit.community == town.community(), Unit.name == "安居物业")
    Unit.update(left_at=now()).where(Unit.id == unit.id).execute()
    away = Unit.create(community=town.community("liuyin"), kind="property_company", name="柳荫物业")
    for one in (Unit.get_by_id(unit.id), away):
        with pytest.raises(NotFound):
            task_force.add_unit(row, actor=town.actor("chenjing"), unit=one)


def test_nothing_happens_to_a_team_that_has_ended(sqlite_town):
    town = sqlite_town
    row = create(town)
    with write():
        task_force.end(row, actor=town.actor("chenjing"))
    with pytest.raises(Conflict):
        ask(town, row)


def test_the_four_rules_with_what_is_so(town):
    row = create(town)
    late = report(town)
    Case.update(resolve_due=now() - timedelta(hours=1)).where(Case.id == late.id).execute()
    report(town, words="楼道灯不亮", category="street_light")
    spot = case_in(town, "closed", words="楼道堆物", category="corridor_clutter")
    Case.update(on_the_spot=True).where(Case.id == spot.id).execute()
    Judgement.get_or_create(case=spot, round=0, defaults={"satisfaction": "satisfied"})
    with write():
        entry = improvement.Entry("clutter", 3, today(now()))
        improvement.record(compound(), entry, actor=town.actor("wangdashan"))
    admit(town, ask(town, row))
    found = task_force_facts.facts(row, actor=town.actor("chenjing"))
    assert task_force_facts.texts(found) == {
        "problems": "现在有 2 件没办完，其中超时 1 件，挂账 0 件。", "on_the_spot": "本月现场即时办好 1 件。",
        "together": "成员 1 个。整治成果：楼道清理 3 处。",
        "judged": f"{named('month', now()).words}：满意 1 件，基本满意 0 件，不满意 0 件。",
    }  # fmt: skip
    assert ([one.id for one in found.difficult], found.photos) == ([late.id], {spot.id: 1})


def test_residents_see_no_complaint_and_no_small_number(sqlite_town):
    town = sqlite_town
    row = create(town)
    late = report(town, words="楼道灯不亮", category="street_light")
    about = report(town, words="楼道灯坏了", category="street_light")
    Case.update(about=town.person("liuyang")).where(Case.id == about.id).execute()
    Case.update(resolve_due=now() - timedelta(hours=1)).where(Case.id.in_((late.id, about.id))).execute()
    mine = task_force_facts.facts(row, actor=town.actor("sunmei"))
    assert (mine.open, [one.id for one in mine.difficult], mine.staff) == (1, [late.id], False)
    assert [number for _, _, number in mine.judged] == ["少于 5"] * 3
    assert (mine.period, mine.period == named("last_month", now())) == (named("last_month", now()), True)
    assert task_force_facts.facts(row, actor=town.actor("chenjing")).open == 2


@pytest.mark.parametrize(("number", "words"), [(0, "少于 5"), (4, "少于 5"), (5, "5 余"), (9, "5 余"), (23, "20 余")])
def test_in_fives(number, words):
    assert roughly(number) == words
