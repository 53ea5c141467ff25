"""What happens unasked: reminders up the chain, lapsing, introductions; and tasks that fail, or whose worker dies."""

from datetime import timedelta

import pytest

from app.jobs import tasks, worker
from app.rules import conversation as talk
from app.rules import person, reminder
from models.alert import Alert
from models.base import now, write
from models.case import Case
from models.conversation import Conversation, Draft, Line
from models.letter import Letter
from models.person import Identity, Person, Residence
from models.place import Place
from models.role import Role
from models.task import Task
from tests.jobs.post import who_is
from tests.rules.cases import add_photo, case_in, do, report
from tests.rules.together import at_once

HOUR = timedelta(hours=1)


def pass_by(kind="remind"):
    """Let every waiting task of a kind be due now."""
    Task.update(run_at=now() - timedelta(seconds=1)).where(Task.kind == kind, Task.state == "ready").execute()


def run(town):
    """Run everything that is due."""
    while tasks.next_task(town.context):
        pass


def reminded(town, limit=None):
    """Who was reminded of what, in order: (name, share of the limit, level)."""
    found = Letter.select().where(Letter.kind == "case_reminder").order_by(Letter.id)
    said = [(letter.person.name, *letter.event.split(":")[2:]) for letter in found]
    return [(name, int(percent), int(level)) for name, _, what, percent, level in said if what == limit]


def test_each_limit_is_planned_at_its_shares(sqlite_town):
    case = report(sqlite_town)
    planned = {task.key: task.run_at for task in Task.select().where(Task.kind == "remind")}
    dues = {
        "accept": case.accept_due, "contact": case.contact_due, "make_safe": case.safe_due, "resolve": case.resolve_due,
    }  # fmt: skip
    for limit, due in dues.items():
        for percent in (50, 80, 100):
            expected = case.created_at + (due - case.created_at) * percent / 100
            assert abs(planned[f"remind:{case.id}:0:{limit}:{percent}:0"] - expected) < timedelta(seconds=1)
    assert len(planned) == 12


def test_a_reminder_climbs_from_the_worker_to_the_subdistrict(town):
    """Nobody takes it: first 王大山, at the limit also 陈静, a day later 陈静 again, then 邓伟 of the subdistrict.

    Above 邓伟 there is nobody: he is told every day.
    """
    case = report(town)
    for percent in (50, 80, 100):
        Task.update(run_at=now() - HOUR).where(Task.key == f"remind:{case.id}:0:accept:{percent}:0").execute()
        run(town)
    assert reminded(town, "accept") == [("王大山", 50, 0), ("王大山", 80, 0), ("王大山", 100, 0), ("陈静", 100, 0)]
    for level, who in ((1, "陈静"), (2, "邓伟"), (3, "邓伟"), (4, "邓伟"), (5, "邓伟")):
        next_one = Task.get(Task.key == f"remind:{case.id}:0:accept:100:{level}")
        assert timedelta(hours=23) < next_one.run_at - now() <= timedelta(hours=24)
        Task.update(run_at=now() - HOUR).where(Task.id == next_one.id).execute()
        run(town)
        assert reminded(town, "accept")[-1] == (who, 100, level)


def test_a_reminder_says_what_is_missing_and_the_card_its_state(sqlite_town):
    case = report(sqlite_town)
    with write():
        assert reminder.remind(case, limit="make_safe", percent=50, level=0, reopened=0) is True
    letter = Letter.get(Letter.kind == "case_reminder")
    assert letter.content["text"].startswith("提醒 #1001：窨井盖缺失破损，幸福家园 3号楼，还没围护到位，还剩 ")
    assert (letter.content["state"], letter.content["due"]) == ("待接单", case.safe_due.isoformat())
    assert letter.urgent


def test_a_limit_that_was_met_reminds_nobody(sqlite_town):
    case = case_in(sqlite_town, "handling")
    pass_by()
    run(sqlite_town)
    assert reminded(sqlite_town, "accept") == []
    assert len(reminded(sqlite_town, "resolve")) == 4
    do(sqlite_town, case, "handle", "wangdashan")
    pass_by()
    run(sqlite_town)
    assert len(reminded(sqlite_town, "resolve")) == 4
    assert Task.select().where(Task.kind == "remind", Task.state != "done").count() == 0


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "closed"])
def test_a_case_that_is_over_reminds_nobody(sqlite_town, state):
    case_in(sqlite_town, state)
    pass_by()
    run(sqlite_town)
    assert Letter.select().where(Letter.event.startswith("remind:")).count() == 0


def test_the_old_round_of_a_reopened_case_reminds_nobody(sqlite_town):
    case = case_in(sqlite_town, "closed")
    do(sqlite_town, case, "reopen", "zhanglan")
    Task.update(run_at=now() - HOUR).where(Task.key.startswith(f"remind:{case.id}:0:")).execute()
    run(sqlite_town)
    assert reminded(sqlite_town, "accept") == []
    Task.update(run_at=now() - HOUR).where(Task.key == f"remind:{case.id}:1:accept:50:0").execute()
    run(sqlite_town)
    assert reminded(sqlite_town, "accept") == [("王大山", 50, 0)]


def test_nobody_judged_in_a_week_so_it_lapses_without_counting_as_satisfied(sqlite_town):
    case = case_in(sqlite_town, "handled")
    task = Task.get(Task.kind == "lapse")
    assert abs(task.run_at - case.handled_at - timedelta(days=7)) < timedelta(seconds=1)
    run(sqlite_town)
    assert Case.get_by_id(case.id).state == "handled"
    pass_by("lapse")
    run(sqlite_town)
    lapsed = Case.get_by_id(case.id)
    assert (lapsed.state, lapsed.satisfaction, lapsed.solved) == ("closed_no_feedback", None, None)
    assert Task.get_by_id(task.id).state == "done"


def test_the_lapse_of_an_older_round_leaves_the_new_one_alone(sqlite_town):
    """Reopened and handled again: only the newest week counts."""
    case = case_in(sqlite_town, "handled")
    do(sqlite_town, case, "reopen", "zhanglan")
    do(sqlite_town, case, "accept", "wangdashan")
    add_photo(sqlite_town, case)
    again = do(sqlite_town, case, "handle", "wangdashan")
    old, new = Task.select().where(Task.kind == "lapse").order_by(Task.id)
    Task.update(run_at=now() - HOUR).where(Task.id == old.id).execute()
    run(sqlite_town)
    assert (Case.get_by_id(case.id).state, Task.get_by_id(old.id).state) == ("handled", "done")
    assert new.payload["version"] == again.version


def newcomer_in(town, platform, who="zhanglan"):
    """Somebody we know from the mini-program writes to the official account, where nobody knows the person yet."""
    openid = platform.openid(who, "official")
    Identity.delete().where(Identity.account == "official", Identity.openid == openid).execute()
    with write():
        return person.meet(account="official", kind="official", openid=openid)


def test_two_accounts_of_one_person_become_one(town, platform):
    """What 张兰 reported, said and asked for in the chat belongs to the 张兰 of the mini-program."""
    known = town.person("zhanglan")
    Conversation.delete().execute()
    identity = newcomer_in(town, platform)
    newcomer = identity.person
    with write():
        here = talk.open_with(newcomer, town.community(), identity)
        case = Case.get_by_id(report(town).id)
        Case.update(reporter=newcomer).where(Case.id == case.id).execute()
        said = talk.hear(here, text="有人吗", wants_answer=True)
        photo = add_photo(town, case)
        type(photo).update(uploader=newcomer).where(type(photo).id == photo.id).execute()
        talk.answer(here, actor=town.actor("chenjing"), text="在的")
        home = Place.get(Place.kind == "household", Place.community == town.community("liuyin"))
        Residence.create(person=newcomer, household=home)
        Role.create(person=newcomer, place=town.community(), kind="community_admin")
    there = talk.open_with(known, town.community(), who_is(town, "zhanglan", "mini"))
    run(town)
    assert Task.get(Task.kind == "introduce").state == "done"
    assert Identity.get_by_id(identity.id).person == known
    assert [row.person for row in Conversation.select()] == [known]
    assert (Conversation.get().id, Conversation.get().identity) == (there.id, identity)
    assert (Line.get_by_id(said.id).conversation, Line.get_by_id(said.id).speaker) == (there, known)
    assert Case.get_by_id(case.id).reporter == known
    assert Letter.get(Letter.kind == "answer").person == known
    for table, field in ((Residence, Residence.person), (Role, Role.person), (type(photo), type(photo).uploader)):
        assert table.select().where(field == newcomer).count() == 0
    assert Person.get_by_id(newcomer.id).unionid is None


def test_a_waiting_question_still_waits_after_the_join(sqlite_town, sqlite_platform):
    town = sqlite_town
    identity = newcomer_in(town, sqlite_platform)
    here = talk.open_with(identity.person, town.community(), identity)
    talk.hear(here, text="有人吗", wants_answer=True)
    Draft.create(conversation=here, words="井盖")
    talk.open_with(town.person("zhanglan"), town.community())
    asked = Conversation.get_by_id(here.id).waiting_since
    run(town)
    [joined] = Conversation.select().where(Conversation.person == town.person("zhanglan"))
    assert (joined.waiting_since, Draft.get().conversation) == (asked, joined)


def test_somebody_nobody_knows_yet_is_only_given_the_name(sqlite_town, sqlite_platform):
    town = sqlite_town
    identity = newcomer_in(town, sqlite_platform, "zhaoqiang")
    Person.update(unionid=None).where(Person.unionid == "demo-union-zhaoqiang").execute()
    run(town)
    assert Identity.get_by_id(identity.id).person == identity.person
    assert Person.get_by_id(identity.person_id).unionid == "demo-union-zhaoqiang"


def test_a_task_that_fails_comes_back_later_and_ends_where_one_sees_it(sqlite_town):
    """A mistake of ours, eight times: 2, 4, 8 … seconds apart, then the task stays visible as dead."""
    Task.create(key="remind:lost", kind="remind", payload={"case": 404})
    for attempt in range(1, 9):
        assert tasks.next_task(sqlite_town.context) is True
        row = Task.get()
        if attempt < 8:
            assert (row.state, row.attempts) == ("ready", attempt)
            assert timedelta(seconds=2**attempt - 1) < row.run_at - now() <= timedelta(seconds=2**attempt)
        assert tasks.next_task(sqlite_town.context) is False
        pass_by()
    assert (row.state, row.attempts, row.problem, row.fence) == ("dead", 8, "CaseDoesNotExist", None)
    assert row.ended_at is not None


def test_the_platform_is_asked_again_later(sqlite_town, sqlite_platform):
    sqlite_platform.fault("/cgi-bin/user/info", "busy")
    newcomer_in(sqlite_town, sqlite_platform)
    run(sqlite_town)
    row = Task.get()
    assert (row.state, row.attempts, row.problem.startswith("system_busy (retryable)")) == ("ready", 1, True)
    pass_by("introduce")
    run(sqlite_town)
    assert Task.get().state == "done"


def test_the_task_of_a_dead_worker_is_taken_over_when_its_lease_ends(town):
    case = report(town)
    Task.delete().where(Task.key != f"remind:{case.id}:0:accept:50:0").execute()
    pass_by()
    with write():
        dead = tasks._claim()
    assert tasks.next_task(town.context) is False
    assert timedelta(seconds=110) < Task.get().run_at - now() <= tasks.LEASE
    pass_by()
    run(town)
    assert (Task.get().state, Task.get().attempts) == ("done", 2)
    assert tasks._finish(dead, state="dead") is False
    assert (Task.get().state, len(reminded(town, "accept"))) == ("done", 1)


def test_a_task_that_kills_every_worker_is_given_up(sqlite_town):
    """Eight workers died of it: the ninth does not even try, it is shown as dead."""
    case = report(sqlite_town)
    Task.delete().where(Task.key != f"remind:{case.id}:0:accept:50:0").execute()
    Task.update(attempts=tasks.ATTEMPTS, run_at=now() - HOUR).execute()
    assert tasks.next_task(sqlite_town.context) is True
    assert (Task.get().state, Task.get().problem) == ("dead", "worker_died")
    assert reminded(sqlite_town, "accept") == []


def test_six_workers_run_thirty_tasks_once_each(town):
    case = report(town)
    Task.delete().execute()
    rows = [
        dict(key=f"remind:{number}", kind="remind",
             payload={"case": case.id, "limit": "resolve", "percent": 50, "level": number, "reopened": 0})
        for number in range(30)
    ]  # fmt: skip
    Task.insert_many(rows).execute()
    at_once(*[lambda: run(town)] * 6)
    assert Task.select().where(Task.state == "done", Task.attempts == 1).count() == 30
    assert Letter.select().where(Letter.kind == "case_reminder").count() == 30


def test_a_round_of_work_does_letters_tasks_and_the_sweep(sqlite_town, sqlite_platform):
    report(sqlite_town)
    pass_by()
    assert worker.round_of_work(sqlite_town.context) is True
    assert Letter.select().where(Letter.state == "sent").count() == 1
    assert Task.select().where(Task.state == "done").count() == 12
    while worker.round_of_work(sqlite_town.context):
        pass
    assert Letter.select().where(Letter.state.in_(("owed", "sending"))).count() == 0


def lost(count: int) -> None:
    """Tasks that can never be done, on their last try."""
    for number in range(count):
        Task.create(key=f"remind:lost{number}", kind="remind", payload={"case": 404}, attempts=tasks.ATTEMPTS - 1)


def test_those_who_run_the_service_hear_of_a_task_that_died_once_an_hour(town):
    lost(3)
    run(town)
    found = list(Alert.select())
    assert [(one.kind, one.subject, one.place.kind, one.person) for one in found] == [
        ("task_dead", "remind", "district", None)
    ]
    assert found[0].words.startswith("后台有一件事没有做成，也不再重试：催办提醒。")
    assert set(tasks.WORDS) == set(tasks.KINDS)
    Task.create(key="lapse:lost", kind="lapse", payload={"case": 404}, attempts=tasks.ATTEMPTS - 1)
    run(town)
    assert Alert.select().where(Alert.subject == "lapse").count() == 1, "another kind is another alert"
    Alert.update(at=now() - HOUR - timedelta(seconds=1)).execute()
    Task.update(state="ready", attempts=tasks.ATTEMPTS - 1, run_at=now()).where(Task.key == "remind:lost0").execute()
    run(town)
    assert Alert.select().where(Alert.subject == "remind").count() == 2


def test_the_alert_reaches_the_people_of_the_district(town):
    district = Place.get(Place.kind == "district")
    Role.create(person=town.person("sunmei"), place=district, kind="operator")
    lost(1)
    run(town)
    told = [letter.person.name for letter in Letter.select().where(Letter.event == f"alert:{Alert.get().id}")]
    assert told == ["孙梅"]
