"""A report left at a question is lost to nobody: filed when its time has come, or put before a human."""

from datetime import timedelta

from app.jobs import tasks
from app.rules import conversation as talk
from app.rules import intake
from models.base import now, write
from models.case import Case
from models.conversation import Conversation, Draft, Line
from models.letter import Letter
from models.task import Task
from tests.rules.together import at_once

LEFT = timedelta(minutes=121)


def left_at_a_question(town, words="路灯不亮了", ago=LEFT):
    """张兰 said something some time ago, was asked, and says no more; the task is due."""
    conversation = talk.open_with(town.person("zhanglan"), town.community(), town.identity("zhanglan"))
    with write():
        if words:
            intake.hear_text(conversation, town.actor("zhanglan"), words, now() - ago)
        else:
            intake.hear_picture(conversation, town.actor("zhanglan"), now() - ago)
    return Draft.get()


def run(town):
    while tasks.next_task(town.context):
        pass


def test_what_has_words_is_filed_as_it_is_and_the_person_told(town):
    draft = left_at_a_question(town)
    run(town)
    case = Case.get()
    assert (case.words, case.place.name, case.reporter.name) == ("路灯不亮了", "幸福家园", "张兰")
    assert (Draft.get_by_id(draft.id).state, Line.get(Line.author == "resident").case) == ("filed", case)
    told = Letter.get(Letter.kind == "case_progress")
    assert (told.person.name, told.content["number"]) == ("张兰", "#1001")
    assert told.content["text"].startswith("收到，编号 #1001：路灯、楼道灯不亮，幸福家园。")
    assert Line.get(Line.author == "bot").text == told.content["text"]
    assert Task.get(Task.kind == "draft").state == "done"


def test_pictures_alone_wait_for_a_human(town):
    draft = left_at_a_question(town, words="")
    assert Conversation.get().waiting_since is None
    run(town)
    assert (Draft.get_by_id(draft.id).state, Case.select().count()) == ("left", 0)
    assert Conversation.get().waiting_since is not None


def test_nothing_happens_before_its_time_and_what_was_touched_gets_more_of_it(sqlite_town):
    draft = left_at_a_question(sqlite_town, ago=timedelta(minutes=60))
    run(sqlite_town)
    task = Task.get(Task.kind == "draft")
    assert (task.state, abs(task.run_at - draft.updated_at - timedelta(minutes=120)) < timedelta(seconds=1)) == (
        "ready", True
    )  # fmt: skip
    Task.update(run_at=now()).where(Task.id == task.id).execute()
    Draft.update(updated_at=now()).execute()
    run(sqlite_town)
    first, second = Task.select().where(Task.kind == "draft").order_by(Task.id)
    assert (first.state, second.state, Case.select().count()) == ("done", "ready", 0)
    assert timedelta(minutes=119) < second.run_at - now() <= timedelta(minutes=120)


def test_who_speaks_again_too_late_has_both_reports_filed(sqlite_town):
    left_at_a_question(sqlite_town)
    conversation = Conversation.get()
    with write():
        intake.hear_text(conversation, sqlite_town.actor("zhanglan"), "3号楼门口井盖坏了", now())
    run(sqlite_town)
    assert [case.words for case in Case.select().order_by(Case.id)] == ["路灯不亮了", "3号楼门口井盖坏了"]


def test_the_worker_and_the_person_at_once_make_one_case_of_it(town):
    left_at_a_question(town)

    def answer():
        with write():
            conversation = talk.open_with(town.person("zhanglan"), town.community())
            intake.hear_text(conversation, town.actor("zhanglan"), "谢谢", now())

    at_once(lambda: run(town), answer)
    assert [case.words for case in Case.select()] == ["路灯不亮了"]
