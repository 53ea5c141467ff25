"""Who goes: assigned, by turns or by who is quickest; passed on, given back, decided; and two at the same moment."""

from datetime import timedelta

import pytest

from app.rules import crew, deed, dispatch
from app.rules.refusal import Conflict, Forbidden, Refusal
from app.rules.setting import forget
from models.base import now, write
from models.case import Case, Step
from models.letter import Letter
from models.person import Identity, Person
from models.place import Grid, GridPlace
from models.role import Role
from models.setting import Setting
from tests.rules.cases import case_in, do, report
from tests.rules.together import at_once, kinds


def set_mode(town, mode: str) -> None:
    Setting.create(community=town.community(), name="dispatch_mode", value=mode)
    forget()


def another_worker(town, name: str = "李强", grid: str = "huimin-1", rank: int = 1) -> Person:
    """One more worker, asked after those of a smaller rank."""
    person = Person.create(name=name, unionid=f"demo-union-{name}")
    place = Grid.get(Grid.code == grid)
    Role.create(person=person, place=town.community(), grid=place, kind="grid_worker", rank=rank)
    Identity.create(person=person, account="official", kind="official", openid=f"o-{name}")
    return person


def lamp(town, words: str = "路灯不亮", **more) -> Case:
    """A lamp that is out: each time at another building of 幸福家园, so that none is the same thing again."""
    more = {"place": town.building(f"{Case.select().count() % 6 + 1}号楼")} | more
    return report(town, category="street_light", words=words, **more)


def refused(town, case, verb, who, **more) -> Refusal:
    with pytest.raises(Refusal) as said:
        do(town, case, verb, who, **more)
    return said.value


# -- modes -------------------------------------------------------------------------------------------------------------


def test_assigned_the_first_of_the_grid_goes_each_time(sqlite_town):
    another_worker(sqlite_town)
    assert [lamp(sqlite_town).handler.name for _ in range(3)] == ["王大山"] * 3


def test_by_turns_who_has_least_goes_then_whose_last_is_oldest(town):
    set_mode(town, "rotate")
    another_worker(town)
    first, second, third = (lamp(town) for _ in range(3))
    assert [one.handler.name for one in (first, second, third)] == ["王大山", "李强", "王大山"]
    # 王大山 has two in hand, 李强 one: what is done does not count.
    assert lamp(town).handler.name == "李强"
    for case in (first, third):
        Case.update(state="handled").where(Case.id == case.id).execute()
    assert lamp(town).handler.name == "王大山"
    people = crew.workers_of(first.grid)
    assert {one.name: crew.loads(people)[one.id].open_cases for one in people} == {"王大山": 1, "李强": 2}


def test_whoever_is_quickest_has_it_and_the_others_are_told_who(town):
    set_mode(town, "grab")
    liqiang = another_worker(town)
    case = lamp(town)
    assert (case.state, case.handler) == ("reported", None)
    offers = list(Letter.select().where(Letter.case == case).order_by(Letter.id))
    assert [(one.person.name, one.kind) for one in offers] == [("王大山", "case_assigned"), ("李强", "case_assigned")]
    assert all("谁先接谁办" in one.content["text"] for one in offers)
    assert Step.select().where(Step.case == case, Step.verb == "offer").count() == 1
    taken = do(town, case, "grab", "wangdashan")
    assert (taken.state, taken.handler.name, taken.accepted_at is not None) == ("handling", "王大山", True)
    told = Letter.get(Letter.person == liqiang, Letter.kind == "case_reminder")
    assert told.content["text"] == "#1001 王大山已接单，您不用去了。"
    # The offers that had not gone out stay where they are; the reporter hears that somebody is on the way.
    assert {one.state for one in Letter.select().where(Letter.kind == "case_assigned")} == {"expired"}
    assert Letter.get(Letter.kind == "case_progress").person == town.person("zhanglan")


def test_two_grab_at_once_one_has_it_the_other_learns_who(town):
    set_mode(town, "grab")
    another_worker(town)
    case = lamp(town)
    results = at_once(*[lambda who=who: do(town, case, "grab", who) for who in ("wangdashan", "李强")])
    assert kinds(results) == ["Case", "Conflict"]
    winner, loser = sorted(results, key=lambda one: isinstance(one, Conflict))
    assert (loser.code, loser.message) == ("taken", f"#1001 {winner.handler.name}已接单，您不用去了。")
    assert Step.select().where(Step.verb == "grab").count() == 1


def test_two_accept_at_once_the_other_learns_who_was_quicker(town):
    another_worker(town)
    case = lamp(town)
    results = at_once(*[lambda who=who: do(town, case, "accept", who) for who in ("wangdashan", "李强")])
    assert kinds(results) == ["Case", "Conflict"]
    winner, loser = sorted(results, key=lambda one: isinstance(one, Conflict))
    assert (loser.code, winner.handler.name in loser.message) == ("taken", True)


def test_only_colleagues_learn_by_name_who_took_it(sqlite_town):
    case = case_in(sqlite_town, "handling")
    for who, code in (("chenjing", "taken"), ("zhanglan", "state_forbids"), ("wangdashan", "state_forbids")):
        said = refused(sqlite_town, case, "accept", who)
        assert (who, said.code, "王大山" in said.message) == (who, code, code == "taken")


def test_where_nobody_grabs_in_time_it_is_assigned_by_rank(sqlite_town):
    set_mode(sqlite_town, "grab")
    another_worker(sqlite_town)
    case = lamp(sqlite_town)
    with write():
        again = dispatch.send_out(Case.get_by_id(case.id), case.accept_due + timedelta(seconds=1))
    assert (again.state, again.handler.name) == ("dispatched", "王大山")
    told = Letter.get(Letter.kind == "case_reminder")
    assert (told.person.name, told.content["text"]) == ("李强", "#1001 已派给王大山，您不用接了。")


def test_who_is_passed_over_is_not_sent(sqlite_town):
    another_worker(sqlite_town)
    case = case_in(sqlite_town, "reported")
    with write():
        again = dispatch.send_out(Case.get_by_id(case.id), now(), but=(sqlite_town.person("wangdashan"),))
    assert again.handler.name == "李强"


def test_a_complaint_about_a_colleague_cannot_be_grabbed(sqlite_town):
    set_mode(sqlite_town, "grab")
    another_worker(sqlite_town)
    case = lamp(sqlite_town)
    Case.update(about=sqlite_town.person("liuyang")).where(Case.id == case.id).execute()
    assert refused(sqlite_town, case, "grab", "wangdashan").code == "not_offered"
    case = Case.get_by_id(case.id)
    assert "grab" not in deed.buttons(case, sqlite_town.actor("wangdashan"))


# -- outside every grid ------------------------------------------------------------------------------------------------


def outside(town) -> None:
    """幸福家园 lies in no grid any more."""
    GridPlace.delete().where(GridPlace.grid == Grid.get(Grid.code == "huimin-1")).execute()


def test_a_place_outside_every_grid_goes_to_all_workers_by_turns(sqlite_town):
    outside(sqlite_town)
    cases = [lamp(sqlite_town) for _ in range(3)]
    assert [(one.grid, one.state) for one in cases] == [(None, "dispatched")] * 3
    assert [one.handler.name for one in cases] == ["王大山", "刘洋", "王大山"]
    assert do(sqlite_town, cases[1], "accept", "liuyang").state == "handling"


def test_outside_every_grid_and_without_any_worker_the_admins_are_told(sqlite_town):
    outside(sqlite_town)
    Role.update(ends_at=now()).where(Role.kind == "grid_worker").execute()
    case = lamp(sqlite_town)
    assert (case.state, Letter.get(Letter.case == case).person.name) == ("reported", "陈静")


# -- passing on --------------------------------------------------------------------------------------------------------


def test_passed_on_both_are_told_and_the_reporter_when_it_had_been_accepted(sqlite_town):
    town = sqlite_town
    case = case_in(town, "handling")
    passed = do(town, case, "transfer", "wangdashan", worker="liuyang", note="井盖在他那边")
    assert (passed.state, passed.handler.name, passed.accepted_at) == ("dispatched", "刘洋", None)
    texts = {one.person.name: one.content["text"] for one in Letter.select().order_by(Letter.id.desc()).limit(3)}
    assert texts == {
        "刘洋": "#1001 王大山把这件事转给了您。说明：井盖在他那边", "王大山": "#1001 已转给刘洋，您不用去了。",
        "张兰": "#1001 已转给另一位网格员，接着为您处理。",
    }  # fmt: skip
    assert do(town, case, "accept", "liuyang").handler.name == "刘洋"


def test_not_accepted_yet_the_reporter_is_not_bothered(sqlite_town):
    case = case_in(sqlite_town, "dispatched")
    do(sqlite_town, case, "transfer", "wangdashan")
    assert not Letter.select().where(Letter.kind == "case_progress").exists()


def test_round_in_circles_it_does_not_go(sqlite_town):
    town = sqlite_town
    case = case_in(town, "handling")
    do(town, case, "transfer", "wangdashan")
    said = refused(town, case, "transfer", "liuyang", worker="wangdashan")
    assert (said.code, "王大山" in said.message, "退回社区" in said.message) == ("been_there", True, True)
    assert dispatch.colleagues(Case.get_by_id(case.id), town.actor("liuyang")) == []
    # The community may decide it.
    do(town, case, "return_back", "liuyang")
    assert do(town, case, "dispatch", "chenjing", worker="wangdashan").handler.name == "王大山"


def test_the_fourth_time_the_community_decides(sqlite_town):
    town, case = sqlite_town, case_in(sqlite_town, "dispatched")
    for name in ("一号", "二号", "三号", "四号"):
        another_worker(town, name)
    for giver, receiver in (("wangdashan", "一号"), ("一号", "二号"), ("二号", "三号")):
        do(town, case, "transfer", giver, worker=receiver)
    assert refused(town, case, "transfer", "三号", worker="四号").code == "transfers_spent"


@pytest.mark.parametrize(
    "more, code",
    [({"note": " "}, "note_missing"), ({"worker": "zhanglan"}, "not_a_worker"),
     ({"worker": "guoliang"}, "not_a_worker"),
     ({"worker": "wangdashan"}, "same_worker"), ({"worker": "chenjing"}, "not_a_worker")],
)  # fmt: skip
def test_to_whom_it_cannot_be_passed(sqlite_town, more, code):
    case = case_in(sqlite_town, "handling")
    assert refused(sqlite_town, case, "transfer", "wangdashan", **more).code == code
    assert Case.get_by_id(case.id).handler.name == "王大山"


def test_not_to_whom_it_is_about_nor_by_whoever_does_not_have_it(sqlite_town):
    town, case = sqlite_town, case_in(sqlite_town, "dispatched")
    another_worker(town)
    with pytest.raises(Forbidden):
        do(town, case, "transfer", "李强")
    assert "transfer" not in deed.buttons(case, town.actor("李强"))
    Case.update(about=town.person("liuyang")).where(Case.id == case.id).execute()
    assert refused(town, case, "transfer", "wangdashan").code == "complained_about"


# -- given back, and decided -------------------------------------------------------------------------------------------


def test_one_objection_then_the_community_has_decided(sqlite_town):
    town = sqlite_town
    case = case_in(town, "reported")
    decided = do(town, case, "dispatch", "chenjing")
    assert (decided.fixed, decided.handler.name) == (True, "王大山")
    said = refused(town, case, "return_back", "wangdashan")
    assert (said.code, said.message) == (
        "fixed", "社区已经裁定由您办理，不能再退回；确有困难请联系社区管理员。",
    )  # fmt: skip
    assert refused(town, case, "transfer", "wangdashan").code == "fixed"
    offered = deed.buttons(Case.get_by_id(case.id), town.actor("wangdashan"))
    assert ("accept" in offered, "return_back" in offered, "transfer" in offered) == (True, False, False)
    do(town, case, "accept", "wangdashan")
    assert refused(town, case, "return_back", "wangdashan").code == "fixed"


def test_to_another_worker_nothing_is_decided_and_a_new_round_begins_anew(sqlite_town):
    town, case = sqlite_town, case_in(sqlite_town, "reported")
    assert not do(town, case, "dispatch", "chenjing", worker="liuyang").fixed
    case = case_in(town, "reported")
    do(town, case, "dispatch", "chenjing")
    Case.update(state="handled", handled_at=now()).where(Case.id == case.id).execute()
    assert not do(town, case, "reopen", "zhanglan").fixed
    assert do(town, case, "return_back", "wangdashan").state == "reported"


def test_the_first_dispatch_of_a_case_decides_nothing(sqlite_town):
    case = case_in(sqlite_town, "dispatched")
    assert not do(sqlite_town, case, "dispatch", "chenjing").fixed
