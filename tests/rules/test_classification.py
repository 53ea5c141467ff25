"""陈静 says what a case really is: its limits are counted from its beginning, what the resident said stays."""

from datetime import timedelta

import pytest

from app.rules import city_class, questionnaire, reminder, zone
from app.rules.case import report as tell
from app.rules.classification import SAFE, answered, choices, classify, limits
from app.rules.clock import due
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.setting import calendar_of, forget
from models.audit import Audit
from models.base import now, write
from models.case import Case, Step
from models.extension import Extension
from models.subcase import Subcase
from models.task import Task
from tests.rules.cases import case_in, do, report, world


def say(town, case, who="chenjing", **more):
    with write():
        return classify(Case.get_by_id(case.id), actor=town.actor(who), **more)


def fresh(case):
    return Case.get_by_id(case.id)


def hours(case, count):
    return case.created_at + timedelta(hours=count)


def told(town, answers, category="missing_manhole_cover"):
    row = town.category(category)
    with write():
        case = tell(
            actor=town.actor("zhanglan"), community=town.community(), category=row, words="这里不对劲",
            channel="miniprogram", place=town.building(), told=questionnaire.read(row.questions, answers),
        )  # fmt: skip
    return fresh(case)


# -- a report ---------------------------------------------------------------------------------------------------------


def test_a_report_says_where_it_is_and_when_a_person_will_call(town):
    case = report(town)
    assert (case.zone, case.answers, case.condition) == ("compound_common", {}, None)
    assert case.contact_due == case.created_at + timedelta(minutes=30)
    assert case.first_resolve_due == case.resolve_due == hours(case, 24)


def test_an_answer_makes_a_lamp_a_danger(sqlite_town):
    """A lamp that is out can wait two days, a pole that lies on the ground cannot."""
    dark = told(sqlite_town, {"pole": False, "where": "road"}, "street_light")
    down = told(sqlite_town, {"pole": True, "where": "compound"}, "street_light")
    assert [(one.hazard, one.safe_due, one.zone) for one in (dark, down)] == [
        (False, None, "public_area"), (True, hours(down, 2), "compound_common"),
    ]  # fmt: skip
    assert down.resolve_due >= down.safe_due
    assert [row.kind for row in Subcase.select().where(Subcase.case == down)] == ["safety_action"]
    assert Task.select().where(Task.key.startswith(f"remind:{down.id}:0:make_safe")).exists()


# -- what it is -------------------------------------------------------------------------------------------------------


def test_another_category_and_its_limits_from_the_beginning(town):
    case = report(town, words="有个盖子坏了", category="facility")
    assert (case.hazard, case.safe_due) == (False, None)
    earlier = now() - timedelta(hours=1)
    Case.update(created_at=earlier).where(Case.id == case.id).execute()
    say(town, case, category="missing_manhole_cover", note="现场是井盖")
    after = fresh(case)
    assert (after.category.code, after.first_category.code, after.words) == (
        "missing_manhole_cover", "facility", "有个盖子坏了",
    )  # fmt: skip
    assert (after.hazard, after.safe_due, after.resolve_due) == (True, hours(after, 2), hours(after, 24))
    assert (after.accept_due, after.contact_due) == (earlier + timedelta(minutes=30),) * 2
    assert after.first_resolve_due == case.first_resolve_due
    assert after.zone == "compound_common"
    step = Step.select().order_by(Step.id.desc()).get()
    assert (step.verb, step.from_state, step.to_state, step.note) == (
        "classify", case.state, case.state, "公共设施损坏 → 窨井盖缺失破损；现场是井盖",
    )  # fmt: skip
    row = Audit.select().where(Audit.action == "case.classify").get()
    assert (row.before["category"], row.after["category"]) == ("facility", "missing_manhole_cover")
    # The safety action begins at once, and somebody is reminded of it.
    assert Subcase.get(Subcase.case == case).due_at == after.safe_due
    assert Task.select().where(Task.key.startswith(f"remind:{case.id}:0:make_safe")).exists()


def test_the_limit_of_a_condition_replaces_that_for_resolving(sqlite_town):
    case = report(sqlite_town, category="street_light", words="路灯不亮")
    say(sqlite_town, case, category="street_light", zone="public_area", condition="component:0137/1")
    after = fresh(case)
    calendar = calendar_of(after.community)
    assert (after.condition.words, after.zone, after.hazard) == ("单盏不亮", "public_area", False)
    assert after.resolve_due == due(after.created_at, 2, "work_day", calendar)
    assert "路灯：单盏不亮（2 个工作日，结案：恢复照明）" in Step.select().order_by(Step.id.desc()).get().note


def test_a_dangerous_condition_says_when_it_must_be_safe(sqlite_town):
    case = report(sqlite_town, category="street_light", words="路灯杆倒了")
    say(sqlite_town, case, category="street_light", condition="component:0137/0")
    after = fresh(case)
    assert (after.hazard, after.safe_due) == (
        True, due(after.created_at, 1, "work_day", calendar_of(after.community)),
    )  # fmt: skip
    say(sqlite_town, case, category="street_light")
    assert (fresh(case).hazard, fresh(case).safe_due, fresh(case).condition) == (False, None, None)


def test_what_was_answered_stays_a_danger_under_any_label(sqlite_town):
    case = told(sqlite_town, {"pole": True}, "street_light")
    say(sqlite_town, case, category="facility")
    assert (fresh(case).hazard, fresh(case).safe_due) == (True, hours(case, SAFE[0]))


def test_what_is_met_stays_as_it_was(sqlite_town):
    case = case_in(sqlite_town, "handling")
    do(sqlite_town, case, "make_safe", "wangdashan")
    before = fresh(case)
    say(sqlite_town, case, category="street_light")
    after = fresh(case)
    assert (after.accept_due, after.accepted_at, after.safe_due, after.safe_at, after.hazard) == (
        before.accept_due, before.accepted_at, before.safe_due, before.safe_at, True,
    )  # fmt: skip


def test_more_time_that_was_agreed_to_is_not_taken_back(sqlite_town):
    case = case_in(sqlite_town, "handling", category="road_damage", words="路面有坑")
    later = case.resolve_due + timedelta(days=9)
    Case.update(resolve_due=later).where(Case.id == case.id).execute()
    Extension.create(
        case=case, kind="extension", reason="等沥青", from_due=case.resolve_due, to_due=later,
        asked_by=sqlite_town.person("wangdashan"),
    )  # fmt: skip
    say(sqlite_town, case, category="facility")
    assert fresh(case).resolve_due == later


def test_whoever_found_it_on_duty_is_not_called_back_under_any_label(sqlite_town):
    case = report(sqlite_town, who="wangdashan")
    assert case.contact_due is None
    say(sqlite_town, case, category="street_light")
    assert fresh(case).contact_due is None


def test_the_round_after_reopening_begins_with_it(sqlite_town):
    case = case_in(sqlite_town, "handled", category="road_damage", words="路面有坑")
    Case.update(created_at=now() - timedelta(days=40)).where(Case.id == case.id).execute()
    do(sqlite_town, case, "reopen", "zhanglan")
    say(sqlite_town, case, category="facility")
    assert fresh(case).resolve_due > now()


def test_said_again_it_changes_nothing(sqlite_town):
    case = report(sqlite_town)
    say(sqlite_town, case, category="street_light", zone="public_area")
    before = world(case)
    say(sqlite_town, case, category="street_light", zone="public_area")
    assert world(case) == before


def test_two_at_once_and_only_one_is_heard(sqlite_town):
    case = report(sqlite_town)
    early = fresh(case)
    say(sqlite_town, case, category="street_light")
    with pytest.raises(Conflict), write():
        classify(early, actor=sqlite_town.actor("wangdashan"), category="parking")
    assert fresh(case).category.code == "street_light"


@pytest.mark.parametrize(("wrong", "field"), [
    ({"category": "unknown"}, "category"), ({"category": "parking", "zone": "moon"}, "zone"),
    ({"category": "missing_manhole_cover", "condition": "event:0101/0"}, "condition"),
    ({"category": "parking", "condition": "component:0101/0"}, "condition"),
    ({"category": "missing_manhole_cover", "condition": "component:0101/9"}, "condition"),
])  # fmt: skip
def test_what_is_not_in_the_lists_is_refused_by_its_field(sqlite_town, wrong, field):
    case = report(sqlite_town)
    before = world(case)
    with pytest.raises(Refusal) as refused:
        say(sqlite_town, case, **wrong)
    assert (refused.value.code, list(refused.value.fields)) == (f"{field}_unknown", [field])
    assert world(case) == before


def test_a_category_that_is_switched_off_is_chosen_no_more(sqlite_town):
    case = report(sqlite_town)
    off = sqlite_town.category("parking")
    off.active = False
    off.save()
    forget()
    with pytest.raises(Refusal):
        say(sqlite_town, case, category="parking")
    own = sqlite_town.category("missing_manhole_cover")
    own.active = False
    own.save()
    say(sqlite_town, case, category="missing_manhole_cover", zone="public_area")
    assert fresh(case).zone == "public_area"


@pytest.mark.parametrize(("who", "refusal"), [
    ("zhanglan", Forbidden), ("sunmei", NotFound), ("hefang", NotFound), ("guoliang", NotFound), ("liuyang", NotFound),
])  # fmt: skip
def test_nobody_else_says_what_a_case_is(sqlite_town, who, refusal):
    case = report(sqlite_town)
    with pytest.raises(refusal):
        say(sqlite_town, case, who, category="parking")
    assert choices(fresh(case), sqlite_town.actor(who)) is None


@pytest.mark.parametrize("who", ["wangdashan", "chenjing", "dengwei"])
def test_who_is_on_duty_may(sqlite_town, who):
    case = report(sqlite_town)
    say(sqlite_town, case, who, category="parking")
    assert fresh(case).category.code == "parking"


@pytest.mark.parametrize("state", ["closed", "closed_no_feedback", "rejected", "withdrawn"])
def test_a_case_that_is_over_keeps_its_label(sqlite_town, state):
    case = case_in(sqlite_town, state)
    with pytest.raises(Conflict) as refused:
        say(sqlite_town, case, category="parking")
    assert refused.value.code == "state_forbids"
    assert choices(case, sqlite_town.actor("chenjing")) is None


def test_what_may_be_chosen(sqlite_town):
    case = report(sqlite_town, category="corridor_clutter", words="楼道堆了纸箱")
    found = choices(case, sqlite_town.actor("chenjing"))
    assert [name for name, _ in found.conditions] == ["compound:0101/0", "compound:0101/1"]
    assert (found.condition, "parking" in [row.code for row in found.categories]) == ("", True)
    say(sqlite_town, case, category="corridor_clutter", condition="compound:0101/1")
    assert choices(fresh(case), sqlite_town.actor("chenjing")).condition == "compound:0101/1"


# -- the parts --------------------------------------------------------------------------------------------------------


def test_limits_put_together(sqlite_town):
    start, community = now(), sqlite_town.community()
    cover, parking = (sqlite_town.category(code) for code in ("missing_manhole_cover", "parking"))
    assert sorted(limits(cover, community, start, danger=True)) == ["accept", "contact", "make_safe", "resolve"]
    assert sorted(limits(parking, community, start, danger=False)) == ["accept", "contact", "resolve"]
    assert limits(parking, community, start, danger=True)["make_safe"] == start + timedelta(hours=2)
    for row in city_class.conditions_of(cover, community):
        name = "make_safe" if row.hazard else "resolve"
        found = limits(cover, community, start, danger=True, condition=row)
        expected = due(start, row.amount, row.clock, calendar_of(community))
        assert found[name] == max(expected, found["make_safe"])


def test_answers_are_read_with_the_questions_they_were_given_to(sqlite_town):
    case = told(sqlite_town, {"state": "shifted", "where": "road", "guarded": False})
    say(sqlite_town, case, category="road_damage")
    assert answered(fresh(case)) == [
        ("井盖现在怎样？", "移开了、翘起来了"), ("旁边有围挡或警示吗？", "否"), ("在哪里？", "小区外的马路、人行道"),
    ]  # fmt: skip
    assert answered(report(sqlite_town, words="路灯不亮", category="street_light")) == []


def test_the_answers_to_an_emergency_are_read_too(sqlite_town):
    row = sqlite_town.category("missing_manhole_cover")
    outcome = questionnaire.read(row.questions, {"fell": True})
    with write():
        case = tell(
            actor=sqlite_town.actor("zhanglan"), community=sqlite_town.community(), words="有人掉下去了",
            category=sqlite_town.category(outcome.file_as), place=sqlite_town.building(), told=outcome,
            channel="miniprogram",
        )  # fmt: skip
    assert (case.category.code, case.hazard) == ("person_in_danger", True)
    assert answered(case) == [("有人掉下去或受伤了吗？", "是")]
    # Once everybody is out it is a cover again, and who answers for it must prove that it was kept.
    say(sqlite_town, case, category="missing_manhole_cover")
    assert zone.answerable(fresh(case)).source == "《民法典》第一千二百五十八条第二款"


def test_reminders_of_the_old_limit_say_nothing_any_more(sqlite_town):
    case = report(sqlite_town)
    old = Task.get(Task.key == f"remind:{case.id}:0:resolve:100:0")
    say(sqlite_town, case, category="street_light", condition="component:0137/1")
    payload = {name: value for name, value in old.payload.items() if name != "case"}
    assert reminder.remind(fresh(case), **payload) is False
