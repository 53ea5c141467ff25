"""Cases: the day of a manhole cover, its deadlines, and two people at once."""

from datetime import timedelta

import pytest

from app.rules import case as cases
from app.rules import party, rights
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import now, write
from models.case import Case, Photo, Step
from models.letter import Letter
from models.lifecycle import CASE_STATES, CASE_VERBS
from models.place import Grid, Place
from models.role import Role
from models.unit import Unit
from tests.rules.cases import add_photo, case_in, do, newest, report, say, world
from tests.rules.together import at_once, kinds


def test_a_refusal_says_in_chinese_what_is_and_what_cannot_be(sqlite_town):
    case = case_in(sqlite_town, "reported")
    with pytest.raises(Conflict) as said:
        do(sqlite_town, case, "accept", "wangdashan")
    assert (said.value.code, said.value.message) == (
        "state_forbids", f"#1001 现在是“{CASE_STATES['reported']}”，不能{CASE_VERBS['accept']}。",
    )  # fmt: skip


def test_a_report_reaches_the_worker_of_the_place(town):
    case = report(town)
    assert (case.number, case.state, case.hazard) == (1001, "dispatched", True)
    assert case.handler == town.person("wangdashan")
    letter = Letter.get(Letter.case == case)
    assert (letter.person, letter.kind, letter.urgent) == (town.person("wangdashan"), "case_assigned", True)
    assert letter.next_persons == [town.person(who).id for who in ("chenjing", "dengwei")]
    assert [step.verb for step in Step.select().order_by(Step.id)] == ["report", "dispatch"]


def test_the_day_of_a_manhole_cover(town):
    """张兰 reports, 王大山 goes, fences it, repairs it; 张兰 judges: that is what closes it."""
    case = report(town)
    do(town, case, "accept", "wangdashan")
    do(town, case, "make_safe", "wangdashan", note="已放围挡")
    with pytest.raises(Refusal) as said:
        do(town, case, "handle", "wangdashan")
    assert said.value.code == "after_photo_missing"
    add_photo(town, case)
    do(town, case, "handle", "wangdashan", note="换了新井盖")
    closed = do(town, case, "confirm", "zhanglan", satisfaction="basically_satisfied")
    assert (closed.state, closed.solved, closed.satisfaction) == ("closed", True, "basically_satisfied")
    steps = list(Step.select().where(Step.case == case).order_by(Step.id))
    assert [step.verb for step in steps] == ["report", "dispatch", "accept", "make_safe", "handle", "confirm"]
    assert [step.to_state for step in steps[:-1]] == [step.from_state for step in steps[1:]]
    assert [step.actor_role for step in steps] == ["reporter", "system", "handler", "handler", "handler", "reporter"]
    assert closed.created_at <= closed.accepted_at <= closed.safe_at <= closed.handled_at <= closed.closed_at


def test_the_first_time_of_safety_is_kept(sqlite_town):
    case = case_in(sqlite_town, "handling")
    first = do(sqlite_town, case, "make_safe", "wangdashan").safe_at
    assert do(sqlite_town, case, "make_safe", "wangdashan").safe_at == first
    assert do(sqlite_town, case, "handle", "wangdashan").safe_at == first


def test_a_hazard_has_two_hours_to_be_fenced_and_a_lamp_has_office_hours(sqlite_town):
    case = report(sqlite_town)
    assert case.accept_due - case.created_at == timedelta(minutes=30)
    assert case.safe_due - case.created_at == timedelta(hours=2)
    assert case.resolve_due - case.created_at == timedelta(hours=24)
    lamp = report(sqlite_town, category="street_light", words="路灯不亮")
    assert (lamp.hazard, lamp.safe_due) == (False, None)
    assert lamp.accept_due - lamp.created_at >= timedelta(hours=4)
    assert not Letter.get(Letter.case == lamp).urgent


@pytest.mark.parametrize(
    "words, code", [("", "words_missing"), (" \n", "words_missing"), ("井" * 2001, "words_too_long")]
)
def test_a_report_needs_words_and_not_a_novel(sqlite_town, words, code):
    with pytest.raises(Refusal) as said:
        report(sqlite_town, words=words)
    assert (said.value.code, Case.select().count(), Letter.select().count()) == (code, 0, 0)
    assert report(sqlite_town, words="井" * 2000).number == 1001


def test_without_a_worker_the_admin_is_told(sqlite_town):
    case = report(sqlite_town, place=None, place_words="小广场")
    assert (case.state, case.handler, case.grid) == ("reported", None, None)
    letter = Letter.get(Letter.case == case)
    assert (letter.person, letter.kind) == (sqlite_town.person("chenjing"), "case_assigned")


def test_numbers_have_no_gap_and_no_double(town):
    reports = [lambda who=who: [report(town, who).number for _ in range(3)] for who in ("zhanglan", "sunmei") * 4]
    given = [number for numbers in at_once(*reports) for number in numbers]
    assert sorted(given) == list(range(1001, 1025))
    assert report(town, "masuhua", community=town.community("liuyin"), place=None).number == 1001


def test_a_report_that_was_rolled_back_uses_up_no_number(town):
    with pytest.raises(RuntimeError), write():
        report(town)
        raise RuntimeError
    assert (report(town).number, Case.select().count()) == (1001, 1)


def test_two_people_at_once_exactly_one_takes_it(town):
    case = report(town)
    takers = [lambda who=who: do(town, case, "accept", who) for who in ("wangdashan", "chenjing")]
    assert kinds(at_once(*takers)) == ["Case", "Conflict"]
    accepted = Case.get_by_id(case.id)
    assert (accepted.state, accepted.version) == ("handling", 2)
    assert Step.select().where(Step.verb == "accept").count() == 1
    assert Letter.select().where(Letter.kind == "case_progress").count() == 1


def test_a_slow_screen_cannot_overwrite_a_quick_one(town):
    """Both look at the same page; 陈静 gives it to 刘洋 while 王大山 still reads."""
    seen = report(town)
    do(town, seen, "dispatch", "chenjing", worker="liuyang")
    before = world(seen)
    with pytest.raises(Conflict) as said, write():
        say(seen, "accept", town, "wangdashan")
    assert (said.value.code, world(seen)) == ("conflict", before)


def test_a_worker_of_another_grid_cannot_take_it(sqlite_town):
    case = report(sqlite_town)
    with pytest.raises(Forbidden):
        do(sqlite_town, case, "accept", "liuyang")
    assert not rights.may(sqlite_town.actor("liuyang"), "case.read", case=case)


def test_who_was_handed_the_case_by_the_admin_can_take_it_wherever_it_lies(sqlite_town):
    """刘洋 works in the next grid, but today it is his; what lies in no grid can be handed to anybody."""
    case = do(sqlite_town, report(sqlite_town), "dispatch", "chenjing", worker="liuyang")
    assert do(sqlite_town, case, "accept", "liuyang").handler == sqlite_town.person("liuyang")
    nowhere = report(sqlite_town, place=None, place_words="小广场")
    nowhere = do(sqlite_town, nowhere, "dispatch", "chenjing", worker="wangdashan")
    assert do(sqlite_town, nowhere, "accept", "wangdashan").state == "handling"


def test_only_who_may_take_it_is_asked_next(sqlite_town):
    """When 刘洋's push fails, the worker of the grid is asked, then who may send somebody else, level by level."""
    case = do(sqlite_town, report(sqlite_town), "dispatch", "chenjing", worker="liuyang")
    letter = Letter.get(Letter.case == case, Letter.person == sqlite_town.person("liuyang"))
    assert letter.next_persons == [sqlite_town.person(who).id for who in ("wangdashan", "chenjing", "dengwei")]


def test_a_colleague_of_the_same_grid_can_take_it(sqlite_town):
    grid = Grid.get(Grid.code == "huimin-1")
    Role.create(person=sqlite_town.person("zhaoqiang"), place=grid.community, grid=grid, kind="grid_worker", rank=1)
    case = report(sqlite_town)
    assert case.handler == sqlite_town.person("wangdashan")
    assert do(sqlite_town, case, "accept", "zhaoqiang").handler == sqlite_town.person("zhaoqiang")
    add_photo(sqlite_town, case)
    with pytest.raises(Forbidden):
        do(sqlite_town, case, "handle", "wangdashan")


def test_a_worker_whose_part_has_ended_cannot_go_on(sqlite_town):
    case = case_in(sqlite_town, "handling")
    Role.update(ends_at=now()).where(Role.person == sqlite_town.person("wangdashan")).execute()
    with pytest.raises(Forbidden):
        do(sqlite_town, case, "handle", "wangdashan")


def test_the_stranger_does_not_even_learn_that_it_exists(sqlite_town):
    case = report(sqlite_town)
    for action in ("case.read", "case.accept", "case.dispatch", "case.reopen"):
        with pytest.raises(NotFound):
            rights.need(sqlite_town.actor("hefang"), action, case=case)
    with pytest.raises(Forbidden):
        rights.need(sqlite_town.actor("zhanglan"), "case.dispatch", case=case)


def test_giving_back_keeps_everything(sqlite_town):
    case = case_in(sqlite_town, "handling")
    safe = do(sqlite_town, case, "make_safe", "wangdashan")
    back = do(sqlite_town, case, "return_back", "wangdashan", note="要请电力公司")
    assert (back.state, back.handler, back.safe_at, back.accepted_at) == (
        "reported", None, safe.safe_at, safe.accepted_at,
    )  # fmt: skip
    assert Photo.select().where(Photo.case == case).count() == 1
    [step] = newest(Step, 1)
    assert (step.note, step.actor) == ("要请电力公司", sqlite_town.person("wangdashan"))


@pytest.mark.parametrize(
    "verb, state, who", [("return_back", "handling", "wangdashan"), ("reject", "dispatched", "chenjing")]
)
def test_some_verbs_need_a_reason(sqlite_town, verb, state, who):
    case = case_in(sqlite_town, state)
    before = world(case)
    with pytest.raises(Refusal) as said:
        do(sqlite_town, case, verb, who, note="  ")
    assert (said.value.code, world(case)) == ("note_missing", before)


def test_only_a_worker_of_the_community_can_be_sent(sqlite_town):
    case = report(sqlite_town)
    for nobody in ("zhanglan", "guoliang", "chenjing"):
        with pytest.raises(Refusal) as said:
            do(sqlite_town, case, "dispatch", "chenjing", worker=nobody)
        assert said.value.code == "not_a_worker"


def test_only_the_three_answers_count(sqlite_town):
    case = case_in(sqlite_town, "handled")
    with pytest.raises(Refusal) as said:
        do(sqlite_town, case, "confirm", "zhanglan", satisfaction="很满意")
    assert (said.value.code, Case.get_by_id(case.id).state) == ("satisfaction_unknown", "handled")


def test_what_the_cards_say_of_a_case(sqlite_town):
    """The judge's card names the last day to judge, the progress card the state and the moment of the step."""
    case = case_in(sqlite_town, "handled")
    judge = Letter.get(Letter.kind == "judge_please").content
    assert judge["due"] == (case.handled_at + timedelta(days=7)).isoformat()
    assert (judge["who"], judge["number"]) == ("惠民社区", "#1001")
    progress = Letter.get(Letter.kind == "case_progress").content
    assert (progress["state"], progress["at"] > case.created_at.isoformat()) == ("处理中", True)


def test_a_remark_moves_nothing(sqlite_town):
    case = case_in(sqlite_town, "handling")
    with write():
        cases.add_note(case, actor=sqlite_town.actor("zhanglan"), note="晚上特别危险")
    [step] = newest(Step, 1)
    assert (step.verb, step.from_state, step.to_state, step.note) == ("note", "handling", "handling", "晚上特别危险")
    assert (step.actor_role, Case.get_by_id(case.id).version) == ("reporter", case.version)


def test_only_the_first_human_word_is_first_contact(sqlite_town):
    case = case_in(sqlite_town, "handling")
    for who in ("chenjing", "wangdashan"):
        with write():
            cases.note_contact(Case.get_by_id(case.id), actor=sqlite_town.actor(who))
    contacts = list(Step.select().where(Step.verb == "contact"))
    assert [(step.actor, step.actor_role) for step in contacts] == [(sqlite_town.person("chenjing"), "community_admin")]


def test_a_photo_belongs_to_one_case_and_to_who_took_it(sqlite_town):
    town, case = sqlite_town, report(sqlite_town)
    mine = add_photo(town, None, "zhanglan", "chat")
    with write():
        cases.add_photos(case, actor=town.actor("zhanglan"), photos=[mine], kind="report")
    assert (Photo.get_by_id(mine.id).case, Photo.get_by_id(mine.id).kind) == (case, "report")
    other = report(town)
    for photo in (mine, add_photo(town, None, "sunmei", "chat")):
        with pytest.raises(Refusal) as said, write():
            cases.add_photos(other, actor=town.actor("zhanglan"), photos=[photo], kind="report")
        assert said.value.code == "photo_taken"
    assert Photo.select().where(Photo.case == other).count() == 0


def test_a_door_is_in_the_grid_of_its_compound(sqlite_town):
    door = Place.get(Place.kind == "household", Place.label.startswith("幸福家园 3号楼"))
    assert report(sqlite_town, place=door).grid.code == "huimin-1"


def test_the_log_says_to_whom_a_case_was_handed_and_which_units_it_names(town):
    case = do(town, report(town), "dispatch", "chenjing", worker="liuyang")
    row = Audit.select().where(Audit.action == "case.dispatch").order_by(Audit.id.desc()).first()
    assert row.after == {"state": "dispatched", "handler": town.person("liuyang").key}
    unit = Unit.create(community=town.community(), name="幸福物业", kind="property_company")
    with write():
        party.involve(case, actor=town.actor("chenjing"), unit=unit, about_unit=None)
    row = Audit.get(Audit.action == "case.involve")
    named = [(one["unit"], one["about_unit"]) for one in (row.before, row.after)]
    assert named == [("", ""), (unit.key, "")]
