"""The residents judge: aspects, standard answers, own words; and a person decides on what they ask for."""

from datetime import timedelta

import pytest

from app.rules import judgement
from app.rules.deed import buttons
from app.rules.refusal import Conflict, Forbidden, Refusal
from models.base import database, now
from models.case import Case, Step
from models.judgement import Judgement
from models.letter import Letter
from models.person import Person
from models.role import Role
from tests.rules.cases import add_photo, case_in, do, report


def judged(town, satisfaction="dissatisfied", **more):
    """张兰's case, judged by her."""
    return do(town, case_in(town, "handled"), "confirm", "zhanglan", satisfaction=satisfaction, **more)


def second_round(town):
    """张兰's case, reopened once and done again."""
    case = do(town, case_in(town, "closed"), "reopen", "zhanglan", note="还在响")
    do(town, case, "accept", "wangdashan")
    add_photo(town, case)
    return do(town, case, "handle", "wangdashan")


def last_to(town, who, kind):
    mine = Letter.select().where(Letter.person == town.person(who), Letter.kind == kind)
    row = mine.order_by(Letter.id.desc()).first()
    return row.content["text"] if row else ""


def test_everything_that_was_said_is_kept_beside_the_round(town):
    case = judged(
        town, "basically_satisfied", aspects={"speed": "dissatisfied", "result": "satisfied"}, answers=["slow"],
        note="第二天才来",
    )  # fmt: skip
    row = Judgement.get()
    assert (row.case, row.round, row.satisfaction, row.answers) == (case, 0, "basically_satisfied", ["slow"])
    assert (row.aspects, row.note) == ({"speed": "dissatisfied", "result": "satisfied"}, "第二天才来")
    assert (row.asks_reopen, case.solved, case.satisfaction) == (False, True, "basically_satisfied")
    note = "基本满意（来得太慢；快不快：不满意；效果怎么样：满意）：第二天才来"
    assert Step.get(Step.verb == "confirm").note == note


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"satisfaction": "great"}, "satisfaction_unknown"), ({"aspects": {"price": "satisfied"}}, "aspect_unknown"),
        ({"aspects": {"speed": "quick"}}, "aspect_unknown"), ({"answers": ["free_tea"]}, "answer_unknown"),
        ({"satisfaction": "satisfied", "answers": ["rude"]}, "answer_misfit"),
    ],
)  # fmt: skip
def test_what_is_not_among_the_choices_is_refused(sqlite_town, said, code):
    case = case_in(sqlite_town, "handled")
    with pytest.raises(Refusal) as refused:
        do(sqlite_town, case, "confirm", "zhanglan", **({"satisfaction": "dissatisfied"} | said))
    assert refused.value.code == code
    assert (Case.get_by_id(case.id).state, Judgement.select().count()) == ("handled", 0)


@pytest.mark.parametrize(
    ("said", "solved"),
    [({"answers": ["broke_again"]}, False), ({"note": "师傅一直不接电话"}, True)],
)
def test_an_answer_may_ask_for_reopening_and_a_person_decides(town, said, solved):
    case = judged(town, **said)
    assert (case.state, case.solved, judgement.asked(case)) == ("closed", solved, True)
    assert "请求重办" in last_to(town, "chenjing", "case_reminder")
    assert "keep" in buttons(case, town.actor("chenjing")) and "keep" not in buttons(case, town.actor("wangdashan"))
    again = do(town, case, "reopen", "chenjing")
    assert (again.state, again.reopened, Judgement.get().decision) == ("dispatched", 1, "reopened")
    assert Judgement.get().decided_by == town.person("chenjing")
    if "note" in said:
        assert "还没解决的是：居民说：师傅一直不接电话" in last_to(town, "wangdashan", "case_assigned")


def test_a_bare_dissatisfied_asks_for_nothing_until_it_says_why(sqlite_town):
    case = judged(sqlite_town)
    assert not judgement.asked(case) and judgement.lacks_reason(case, Judgement.get())
    judgement.add(case, actor=sqlite_town.actor("zhanglan"), answers=["slow"])
    assert not judgement.asked(Case.get_by_id(case.id)) and Judgement.get().answers == ["slow"]
    with pytest.raises(Conflict):
        judgement.add(case, actor=sqlite_town.actor("zhanglan"), note="又坏了")


def test_why_it_was_bad_may_ask_for_reopening_afterwards(sqlite_town):
    case = judged(sqlite_town)
    judgement.add(case, actor=sqlite_town.actor("zhanglan"), answers=["nobody_came"])
    case = Case.get_by_id(case.id)
    assert (case.solved, judgement.asked(case)) == (False, True)
    assert Step.select().where(Step.verb == "confirm").order_by(Step.id.desc()).get().note == "不满意（没有人来过）"


def test_the_first_not_solved_is_done_again_at_once_also_while_a_request_waits(sqlite_town):
    case = judged(sqlite_town, answers=["half_done"])
    again = do(sqlite_town, case, "reopen", "zhanglan")
    row = Judgement.get()
    assert (again.state, row.decision, row.decided_by) == ("dispatched", "reopened", None)


def test_not_solved_without_a_word_of_satisfaction_is_kept_as_that(sqlite_town):
    do(sqlite_town, case_in(sqlite_town, "handled"), "reopen", "zhanglan", note="没修")
    row = Judgement.get()
    assert (row.satisfaction, row.note, row.asks_reopen, row.decision) == ("", "没修", True, "reopened")


@pytest.mark.parametrize("lapsed", [False, True])
def test_the_second_time_waits_for_a_person(town, lapsed):
    case = second_round(town)
    if lapsed:
        do(town, case, "lapse", None)
    case = do(town, case, "reopen", "zhanglan", note="盖子还在响")
    assert (case.state, case.solved, case.satisfaction) == ("closed", False, "dissatisfied")
    assert "盖子还在响" in last_to(town, "chenjing", "case_reminder")
    assert "reopen" not in buttons(case, town.actor("zhanglan"))
    with pytest.raises(Conflict), database.atomic():
        do(town, case, "reopen", "zhanglan", note="快点")
    assert do(town, case, "reopen", "dengwei").state == "dispatched"
    assert Judgement.select().where(Judgement.round == 1).get().decision == "reopened"


def test_a_no_has_its_reason_and_the_next_objection_goes_to_the_street(town):
    case = do(town, second_round(town), "reopen", "zhanglan", note="盖子还在响")
    case = do(town, case, "keep", "chenjing", note="现场测过，声音来自路面")
    assert (case.state, judgement.asked(case), Judgement.select().where(Judgement.round == 1).get().decision) == (
        "closed", False, "kept"
    )  # fmt: skip
    text = last_to(town, "zhanglan", "case_progress")
    assert "现场测过，声音来自路面" in text and "古台街道" in text and "#1001 没解决" in text
    case = do(town, case, "reopen", "zhanglan", note="不认可")
    assert "请街道决定" in last_to(town, "dengwei", "case_reminder")
    assert "keep" not in buttons(case, town.actor("chenjing")) and "keep" in buttons(case, town.actor("dengwei"))
    with pytest.raises(Forbidden), database.atomic():
        do(town, case, "keep", "chenjing", note="还是不办")
    case = do(town, case, "keep", "dengwei", note="街道看过，已修好")
    assert "12345" in last_to(town, "zhanglan", "case_progress")
    with pytest.raises(Refusal) as refused, database.atomic():
        do(town, case, "reopen", "zhanglan", note="再来")
    assert refused.value.code == "kept_final" and "reopen" not in buttons(case, town.actor("zhanglan"))


def test_after_a_no_even_the_first_objection_is_a_request(sqlite_town):
    case = do(sqlite_town, judged(sqlite_town, note="不满意"), "keep", "chenjing", note="已修好，有照片")
    case = do(sqlite_town, case, "reopen", "zhanglan", note="没修好")
    assert (case.state, judgement.asked(case)) == ("closed", True)


def test_nothing_is_decided_that_nobody_asked_nor_without_a_reason(sqlite_town):
    case = judged(sqlite_town)
    with pytest.raises(Conflict), database.atomic():
        do(sqlite_town, case, "keep", "chenjing")
    case = do(sqlite_town, case, "reopen", "zhanglan")  # the first time, at once
    case = judged(sqlite_town, note="没弄好")
    with pytest.raises(Refusal) as refused, database.atomic():
        do(sqlite_town, case, "keep", "chenjing", note=" ")
    assert refused.value.code == "note_missing"


def test_nobody_decides_about_the_own_report(sqlite_town):
    """陈静 reports herself and asks for it to be done again: 邓伟 decides."""
    case = report(sqlite_town, who="chenjing")
    do(sqlite_town, case, "accept", "wangdashan")
    add_photo(sqlite_town, case)
    do(sqlite_town, case, "handle", "wangdashan")
    case = do(sqlite_town, case, "confirm", "chenjing", satisfaction="dissatisfied", note="没修好")
    assert "请求重办" in last_to(sqlite_town, "dengwei", "case_reminder")
    assert "keep" not in buttons(case, sqlite_town.actor("chenjing"))
    assert "keep" in buttons(case, sqlite_town.actor("dengwei"))


def test_a_request_is_overdue_after_two_weeks_and_can_still_be_decided(sqlite_town):
    case = judged(sqlite_town, note="没修好")
    Judgement.update(at=now() - timedelta(days=15)).execute()
    Case.update(closed_at=now() - timedelta(days=15)).where(Case.id == case.id).execute()
    row = Judgement.get()
    assert judgement.overdue(row, now()) and not judgement.overdue(row, now() - timedelta(days=2))
    assert do(sqlite_town, case, "reopen", "chenjing").state == "dispatched"


def test_praise_of_the_own_side_is_known(town):
    assert not judgement.self_praise(judged(town, "satisfied"))
    colleague = Person.create(name="周敏", phone="13700000001")
    since = now() - timedelta(days=1)
    Role.create(person=colleague, place=town.community(), kind="community_admin", starts_at=since)
    case = judged(town, "satisfied")
    Case.update(reporter=colleague).where(Case.id == case.id).execute()
    assert judgement.self_praise(Case.get_by_id(case.id))
    found = {row.id for row in Case.select().where(judgement.praised_by_staff())}
    assert found == {case.id}


def test_the_workers_own_report_is_the_own_side_and_an_anonymous_one_is_not_looked_at(sqlite_town):
    case = judged(sqlite_town, "satisfied")
    Case.update(reporter=sqlite_town.person("wangdashan")).where(Case.id == case.id).execute()
    assert judgement.self_praise(Case.get_by_id(case.id))
    Case.update(anonymous=True).where(Case.id == case.id).execute()
    assert not judgement.self_praise(Case.get_by_id(case.id))
