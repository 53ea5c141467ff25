"""More time for a case: agreed to in time, kept in the ledger, told to the resident; and holds that end unasked."""

from datetime import timedelta

import pytest

from app.jobs import clocks, tasks
from app.rules import approval, clock, delay, extension, plan_note, reminder, setting
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.approval import Approval
from models.audit import Audit
from models.base import now, write
from models.case import Case, Step
from models.extension import Extension
from models.follow import Follow
from models.letter import Letter
from models.role import Role
from models.setting import Setting
from models.task import Task
from tests.rules.cases import do, report
from tests.rules.together import at_once

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
WHY = "要等厂家发配件"


def accepted(town, category="street_light", words="3号楼门口路灯不亮", **more) -> Case:
    """A case that 王大山 works on."""
    return do(town, report(town, category=category, words=words, **more), "accept", "wangdashan")


def fresh(case) -> Case:
    return Case.get_by_id(case.id)


def ask(town, case, who="chenjing", kind="extension", reason=WHY, days=None):
    with write():
        until = now() + days * DAY if days is not None else None
        return delay.ask(fresh(case), actor=town.actor(who), kind=kind, reason=reason, until=until)


def agree(town, row, who="dengwei", agreed=True):
    with write():
        approval.decide(Approval.get_by_id(row.id), actor=town.actor(who), agreed=agreed)


def agreed_to(town, case, **more) -> Case:
    agree(town, ask(town, case, **more))
    return fresh(case)


def refused(code, deed, kind=Refusal):
    with pytest.raises(kind) as said:
        deed()
    assert said.value.code == code
    return said.value.message


def due_in(case, after):
    Case.update(resolve_due=now() + after).where(Case.id == case.id).execute()


def told(case, kind="case_progress"):
    newest = Letter.select().where(Letter.case == case, Letter.kind == kind).order_by(Letter.id.desc()).first()
    return newest.person.name, newest.content["text"]


def test_the_community_asks_and_the_street_agrees(town):
    """陈静 asks, 邓伟 is told and agrees: two working days more, with both names in the ledger."""
    case = accepted(town)
    first = case.resolve_due
    row = ask(town, case)
    assert (row.state, row.subject, fresh(case).resolve_due) == ("asked", case.key, first)
    assert row.words == f"把 #{case.number} 路灯、楼道灯不亮办结时间延到 {then(case)}，原因：{WHY}"
    assert told(case, "case_reminder")[0] == "邓伟"
    agree(town, row)
    case = fresh(case)
    assert case.resolve_due == clock.due(first, 2, "work_day", setting.calendar_of(case.community))
    assert case.first_resolve_due == first
    held = Extension.get()
    assert (held.kind, held.reason, held.from_due, held.to_due) == ("extension", WHY, first, case.resolve_due)
    assert (held.asked_by.name, held.agreed_by.name) == ("陈静", "邓伟")
    assert told(case) == ("张兰", f"#{case.number} 办结时间延到 {said_now(case)}，原因：{WHY}。有进展会在这里告诉您。")
    step = Step.select().order_by(Step.id.desc()).get()
    assert (step.verb, step.from_state, step.to_state, step.actor.name) == ("extend", "handling", "handling", "陈静")
    noted = Audit.get(Audit.action == "case.extend", Audit.subject == case.key)
    assert (noted.before["resolve_due"], noted.after["resolve_due"]) == (
        first.isoformat(), case.resolve_due.isoformat(),
    )  # fmt: skip


def then(case):
    later = clock.due(case.resolve_due, 2, "work_day", setting.calendar_of(case.community))
    return clock.near(later, now())


def said_now(case):
    return clock.near(case.resolve_due, now())


def test_the_street_decides_alone(sqlite_town):
    case = accepted(sqlite_town)
    assert ask(sqlite_town, case, "dengwei") is None
    held = Extension.get()
    assert (held.asked_by.name, held.agreed_by) == ("邓伟", None)
    assert fresh(case).resolve_due > case.resolve_due


def test_twice_at_most_and_a_no_does_not_count(sqlite_town):
    town, case = sqlite_town, accepted(sqlite_town)
    agree(town, ask(town, case), agreed=False)
    assert (Extension.select().count(), fresh(case).resolve_due) == (0, case.resolve_due)
    agreed_to(town, case)
    case = agreed_to(town, case)
    words = refused("extended_twice", lambda: ask(town, case), Conflict)
    assert "可以申请挂账" in words
    assert Extension.select().count() == 2


def test_it_is_asked_for_once_at_a_time(sqlite_town):
    case = accepted(sqlite_town)
    ask(sqlite_town, case)
    refused("asked_before", lambda: ask(sqlite_town, case, reason="换一个说法再提一次"), Conflict)
    assert Approval.select().count() == 1


def test_not_when_it_is_overdue_neither_asking_nor_agreeing(town):
    case = accepted(town)
    row = ask(town, case)
    due_in(case, -SECOND)
    refused("overdue", lambda: ask(town, case), Conflict)
    refused("overdue", lambda: agree(town, row), Conflict)
    assert (Approval.get_by_id(row.id).state, Extension.select().count()) == ("asked", 0)
    agree(town, row, agreed=False)
    refused("overdue", lambda: ask(town, case, kind="hold", days=10), Conflict)
    refused("overdue", lambda: ask(town, case, "dengwei", kind="hold", days=10), Conflict)


def test_what_changed_meanwhile_is_not_agreed_to(sqlite_town):
    """王大山 gave it back while the request waited."""
    case = accepted(sqlite_town)
    row = ask(sqlite_town, case)
    do(sqlite_town, case, "return_back", "wangdashan")
    refused("state_forbids", lambda: agree(sqlite_town, row), Conflict)
    assert Extension.select().count() == 0


@pytest.mark.parametrize("reason", ["", "   ", "忙", "长" * 201])
def test_a_reason_is_mandatory(sqlite_town, reason):
    case = accepted(sqlite_town)
    refused("reason_missing", lambda: ask(sqlite_town, case, reason=reason))
    refused("reason_missing", lambda: ask(sqlite_town, case, reason=reason, kind="hold", days=9))


@pytest.mark.parametrize("who, error", [("zhanglan", Forbidden), ("wangdashan", Forbidden), ("hefang", NotFound)])
def test_who_may_not_ask(sqlite_town, who, error):
    case = accepted(sqlite_town)
    for kind in ("extension", "hold"):
        with pytest.raises(error):
            ask(sqlite_town, case, who, kind=kind, days=9)


def test_whom_it_is_about_does_not_agree(sqlite_town):
    """A complaint about 邓伟 of the street: he neither hears of the request nor decides on it."""
    town = sqlite_town
    case = report(town, category="street_light", words="路灯不亮，我要投诉街道的邓伟不管")
    assert case.about == town.person("dengwei")
    do(town, case, "dispatch", "chenjing")
    do(town, case, "accept", "wangdashan")
    refused("no_second", lambda: ask(town, case))
    Role.create(person=town.person("hefang"), place=town.community(), kind="community_admin")
    row = ask(town, case)
    assert [one.person.name for one in Letter.select().where(Letter.event == f"approval:{row.key}")] == ["何芳"]
    with pytest.raises(NotFound):
        agree(town, row)
    agree(town, row, "hefang")
    assert Extension.get().agreed_by.name == "何芳"


def test_the_reminders_are_those_of_the_new_deadline(sqlite_town):
    town, case = sqlite_town, accepted(sqlite_town)
    old = list(Task.select().where(Task.key.contains(":resolve:")))
    case = agreed_to(town, case)
    Task.update(run_at=now() - SECOND).where(Task.id.in_([task.id for task in old])).execute()
    before = Letter.select().where(Letter.event.startswith("remind:")).count()
    while tasks.next_task(town.context):
        pass
    assert Letter.select().where(Letter.event.startswith("remind:")).count() == before
    new = [task for task in Task.select().where(Task.key.contains(":resolve:")) if task.payload.get("moved")]
    assert [task.payload["percent"] for task in new] == [50, 80, 100]
    assert abs(new[-1].run_at - case.resolve_due) < SECOND
    Task.update(run_at=now() - SECOND).where(Task.id == new[0].id).execute()
    while tasks.next_task(town.context):
        pass
    assert Letter.select().where(Letter.event.startswith("remind:")).count() == before + 1


# -- holds -------------------------------------------------------------------------------------------------------------


def test_a_hold_keeps_what_was_left_and_ends_by_itself(town):
    """陈静 asks, 邓伟 agrees; a month later the case is 王大山's again with the working days that were left."""
    case = accepted(town)
    first, calendar = case.resolve_due, setting.calendar_of(town.community())
    left = clock.used(now(), first, "work_day", calendar)
    case = agreed_to(town, case, kind="hold", days=30)
    held = Extension.get()
    assert (case.state, held.kind, held.agreed_by.name) == ("planned", "hold", "邓伟")
    assert (held.left_seconds, held.from_due, case.first_resolve_due) == (int(left.total_seconds()), first, first)
    assert case.planned_until == held.until
    assert case.resolve_due == clock.due_in(held.until, left, "work_day", calendar)
    name, text = told(case)
    assert (name, f"{clock.day(held.until)}起继续办理，原因：{WHY}" in text) == ("张兰", True)
    task = Task.get(Task.kind == "resume")
    assert task.run_at == held.until

    clocks.resume(town.context, task.payload)  # too early: the clock was set forward and back
    assert fresh(case).state == "planned"
    Extension.update(until=now() - SECOND).execute()
    clocks.resume(town.context, task.payload)
    case = fresh(case)
    assert (case.state, case.planned_until, case.handler.name) == ("handling", None, "王大山")
    assert abs(case.resolve_due - clock.due_in(now(), left, "work_day", calendar)) < SECOND
    assert told(case)[1].startswith(f"#{case.number} 已恢复办理，")
    assert Step.select().order_by(Step.id.desc()).get().actor_role == "system"
    assert Extension.get().resumed_at is not None
    clocks.resume(town.context, task.payload)
    assert Step.select().where(Step.verb == "resume").count() == 1


def test_working_hours_stand_still_like_c6(sqlite_town):
    """Of four working hours what is left at the hold is left on resuming, however long it lasts."""
    case = accepted(sqlite_town, category="cleaning", words="垃圾没人扫")
    calendar = setting.calendar_of(case.community)
    left = clock.remaining(case.created_at, 4, "work_hour", now(), calendar)
    case = agreed_to(sqlite_town, case, kind="hold", days=10)
    assert abs(Extension.get().left_seconds - left.total_seconds()) <= 2
    do(sqlite_town, case, "resume", "chenjing", note="配件提前到了")
    expected = clock.due_in(now(), timedelta(seconds=Extension.get().left_seconds), "work_hour", calendar)
    assert abs(fresh(case).resolve_due - expected) < SECOND


def test_nobody_is_reminded_while_it_is_held(sqlite_town):
    town = sqlite_town
    case = agreed_to(town, accepted(town), kind="hold", days=30)
    with write():
        for limit in reminder.LIMITS:
            assert reminder.remind(case, limit=limit, percent=100, level=0, reopened=0) is False


def test_once_and_at_most_a_year(sqlite_town):
    town, case = sqlite_town, accepted(sqlite_town)
    for days in (None, -1, 0, 366, 4000):
        refused("until_wrong", lambda days=days: ask(town, case, kind="hold", days=days))
    case = agreed_to(town, case, kind="hold", days=364)
    do(town, case, "resume", "chenjing")
    refused("held_before", lambda: ask(town, case, kind="hold", days=9), Conflict)


def test_a_danger_is_made_safe_first(sqlite_town):
    town = sqlite_town
    case = accepted(town, category="missing_manhole_cover", words="井盖没了")
    words = refused("not_safe_yet", lambda: ask(town, case, kind="hold", days=9), Conflict)
    assert "请先围护" in words
    do(town, case, "make_safe", "wangdashan")
    assert agreed_to(town, case, kind="hold", days=9).state == "planned"


def test_what_nobody_works_on_is_not_held(sqlite_town):
    case = report(sqlite_town, category="street_light", words="路灯不亮")
    refused("state_forbids", lambda: ask(sqlite_town, case, kind="hold", days=9), Conflict)
    refused("state_forbids", lambda: ask(sqlite_town, case), Conflict)


def test_the_day_comes_while_somebody_resumes_by_hand(town):
    case = agreed_to(town, accepted(town), kind="hold", days=9)
    Extension.update(until=now() - SECOND).execute()
    payload = Task.get(Task.kind == "resume").payload
    results = at_once(
        lambda: clocks.resume(town.context, payload), lambda: clocks.resume(town.context, payload),
        lambda: do(town, case, "resume", "chenjing") and None,
    )  # fmt: skip
    assert {type(one) for one in results} <= {type(None), Conflict}
    assert Step.select().where(Step.verb == "resume").count() == 1
    assert fresh(case).state == "handling"


def test_whose_worker_has_left_the_community_hears_that_it_goes_on(sqlite_town):
    town = sqlite_town
    case = agreed_to(town, accepted(town), kind="hold", days=9)
    Role.update(ends_at=now()).where(Role.person == town.person("wangdashan")).execute()
    with write():
        extension.resume(fresh(case))
    assert told(case, "case_reminder")[0] == "陈静"


# -- progress notes ----------------------------------------------------------------------------------------------------


def test_every_thirty_days_a_word_is_asked_for(sqlite_town):
    town = sqlite_town
    case = agreed_to(town, accepted(town), kind="hold", days=90)
    hold, task = Extension.get(), Task.get(Task.kind == "plan_note")
    assert abs(task.run_at - now() - 30 * DAY) < 5 * SECOND
    Step.update(at=now() - 31 * DAY).where(Step.verb == "plan").execute()
    Task.delete().where(Task.id == task.id).execute()
    clocks.note(town.context, task.payload)
    asked = Letter.select().where(Letter.event.startswith(f"plan_note:{case.id}:")).order_by(Letter.id)
    assert [row.person.name for row in asked] == ["王大山", "陈静"]
    assert "已经 31 天没有写进展" in asked[0].content["text"]
    assert plan_note.overdue([case]) == {case.id}
    assert abs(Task.get(Task.kind == "plan_note").run_at - now() - 30 * DAY) < 5 * SECOND

    do_note(town, case, "wangdashan", "配件已经发货")
    assert plan_note.overdue([fresh(case)]) == set()
    with write():
        assert plan_note.remind(hold) is False  # told a moment ago: it is asked again in thirty days


def do_note(town, case, who, note):
    with write():
        return plan_note.write_note(fresh(case), actor=town.actor(who), note=note)


def test_reporter_and_followers_hear_each_note(sqlite_town):
    town = sqlite_town
    case = accepted(town)
    Follow.create(case=case, person=town.person("sunmei"))
    case = agreed_to(town, case, kind="hold", days=60)
    do_note(town, case, "chenjing", "维修资金已报批")
    said = {row.person.name: row.content for row in Letter.select().where(Letter.kind == "case_progress")}
    assert said["张兰"]["text"].startswith(f"#{case.number} 进展：维修资金已报批（计划 ")
    assert said["孙梅"]["text"] == f"#{case.number}（您说也遇到了的路灯、楼道灯不亮）进展：维修资金已报批"
    assert said["孙梅"]["place"] == "幸福家园"


def test_who_writes_a_note_and_when(sqlite_town):
    town, case = sqlite_town, accepted(sqlite_town)
    refused("state_forbids", lambda: do_note(town, case, "chenjing", "还在等"), Conflict)
    case = agreed_to(town, case, kind="hold", days=60)
    for who, error in (("zhanglan", Forbidden), ("hefang", NotFound)):
        with pytest.raises(error):
            do_note(town, case, who, "还在等")
    refused("note_missing", lambda: do_note(town, case, "chenjing", "  "))
    refused("note_too_long", lambda: do_note(town, case, "chenjing", "长" * 301))


def test_a_short_hold_asks_for_no_note(sqlite_town):
    agreed_to(sqlite_town, accepted(sqlite_town), kind="hold", days=9)
    assert Task.select().where(Task.kind == "plan_note").count() == 0
    Setting.create(community=sqlite_town.community(), name="plan_note_days", value=7)
    setting.forget()
    agreed_to(sqlite_town, accepted(sqlite_town, words="另一盏路灯也不亮"), kind="hold", days=9)
    assert Task.select().where(Task.kind == "plan_note").count() == 1
