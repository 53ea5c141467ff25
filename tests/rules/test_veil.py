"""Whoever is on duty reports anonymously as well: history, log and tasks know 匿名居民 and nothing more."""

from dataclasses import replace

import pytest

from app.rules import case as cases
from app.rules import conversation as talk
from app.rules import miniprogram, veil
from app.rules.refusal import Refusal
from models.audit import Audit
from models.base import write
from models.case import Case, Photo, Step
from models.letter import Letter
from models.person import Person, Veil
from tests.rules.cases import add_photo, do


def report(town, who, words="3号楼楼道灯坏了", **more) -> Case:
    """Somebody reports with the form and without the name."""
    with write():
        case = miniprogram.report(
            actor=town.actor(who), words=words, code=None, community=town.community(), place=town.building(),
            place_words="", point=None, photos=[], per_case=9, anonymous=True, **more,
        )  # fmt: skip
    return Case.get_by_id(case.id)


def steps(case) -> list[tuple[str, str, str]]:
    """(verb, part, name) of every step that somebody did."""
    rows = Step.select().where(Step.case == case, Step.actor.is_null(False)).order_by(Step.id)
    return [(row.verb, row.actor_role, row.actor.name) for row in rows]


@pytest.mark.parametrize("who", ["zhanglan", "wangdashan", "chenjing"])
def test_whatever_part_the_reporter_holds_the_history_says_reporter(town, who):
    """业主 张兰, worker 王大山, admin 陈静: three rows that cannot be told apart."""
    case = report(town, who)
    with write():
        cases.add_note(case, actor=town.actor(who), note="晚上看不见路")
    do(town, case, "withdraw", who)
    assert steps(case) == [(verb, "reporter", veil.NAME) for verb in ("report", "note", "withdraw")]
    rows = list(Audit.select().where(Audit.subject == case.key, Audit.person.is_null(False)))
    assert {(row.action, row.role, row.person.name, row.address) for row in rows} == {
        (f"case.{verb}", "guest", veil.NAME, "") for verb in ("report", "note", "withdraw")
    }  # fmt: skip


def test_an_alias_holds_no_part_anywhere(sqlite_town):
    with write():
        worn = veil.put_on(sqlite_town.actor("wangdashan"))
    assert worn.anywhere() == {"guest"} and worn.role_in(sqlite_town.community()) == "guest"
    case = report(sqlite_town, "wangdashan")
    assert sqlite_town.actor("wangdashan").facing(case).anywhere() == {"guest"}


def test_nobody_at_the_desk_is_seen_there_as_the_reporter(sqlite_town):
    """What 陈静 adds at the desk to the own report is not known to have come from the desk."""
    case = report(sqlite_town, "chenjing")
    with write():
        cases.add_note(case, actor=replace(sqlite_town.actor("chenjing"), door="console"), note="还在响")
    assert Audit.get(Audit.action == "case.note").door == ""


def test_a_worker_is_not_sent_to_the_own_anonymous_report(town):
    """王大山 is the only one of the grid: it waits for 陈静 as any case without a worker does."""
    case = report(town, "wangdashan")
    assert (case.state, case.handler) == ("reported", None)
    assert town.person("chenjing") in [row.person for row in Letter.select().where(Letter.kind == "case_assigned")]
    assert report(town, "zhanglan").handler == town.person("wangdashan")


def test_whom_the_admin_sends_to_the_own_report_asks_a_colleague_to_go(town):
    """陈静 cannot know; for 王大山 himself it is no secret, and nothing that he may do binds his name to the alias."""
    case = do(town, report(town, "wangdashan"), "dispatch", "chenjing")
    with pytest.raises(Refusal) as refused:
        do(town, case, "accept", "wangdashan")
    assert (refused.value.code, refused.value.message) == ("own_case", "这是您自己上报的，请让同事处理。")
    case = do(town, case, "return_back", "wangdashan")
    case = do(town, case, "dispatch", "chenjing", worker="liuyang")
    assert do(town, case, "accept", "liuyang").handler == town.person("liuyang")
    assert (steps(case)[0][2], steps(case)[2][2]) == (veil.NAME, "王大山")


def test_an_admin_does_not_take_the_own_report_but_sends_somebody_under_the_own_name(town):
    case = report(town, "chenjing")
    with pytest.raises(Refusal, match="own_case"):
        do(town, case, "accept", "chenjing")
    do(town, case, "dispatch", "chenjing")
    case = do(town, case, "accept", "wangdashan")
    assert steps(case)[1:] == [("dispatch", "community_admin", "陈静"), ("accept", "handler", "王大山")]


def test_not_solved_is_said_by_the_reporter_also_by_one_who_could_say_it_on_duty(town):
    case = report(town, "chenjing")
    for verb in ("accept", "handle"):
        case = do(town, case, verb, "wangdashan")
        add_photo(town, case)
    case = do(town, case, "reopen", "chenjing")
    assert steps(case)[-1] == ("reopen", "reporter", veil.NAME)
    assert Audit.get(Audit.action == "case.reopen").person.name == veil.NAME


def test_photos_of_the_report_are_the_aliases_and_photos_of_the_work_the_workers(sqlite_town):
    case = report(sqlite_town, "chenjing")
    for kind in ("report", "before"):
        photo = add_photo(sqlite_town, None, "chenjing", kind)
        with write():
            cases.add_photos(case, actor=sqlite_town.actor("chenjing"), photos=[photo], kind=kind)
    assert [row.uploader.name for row in Photo.select().order_by(Photo.id)] == [veil.NAME, "陈静"]


def test_an_answer_to_an_alias_reaches_the_person_with_the_number_to_answer_by(town):
    """It is owed to the alias, goes to 张兰's WeChat, and after two days goes out when she speaks again."""
    case = report(town, "zhanglan")
    with write():
        conversation = talk.open_with(case.reporter, case.community)
        line = talk.answer(conversation, actor=town.actor("chenjing"), text="灯明天换好")
    letter = Letter.get(Letter.line == line)
    assert (letter.person, letter.identity.person, line.case) == (case.reporter, town.person("zhanglan"), case)
    assert letter.content["text"] == (
        f"【社区】#{case.number} 灯明天换好\n回复时请带上编号 #{case.number}，名字不会显示。"
    )
    with write():
        Letter.update(state="refused", channel="chat").where(Letter.id == letter.id).execute()
        assert talk.revive_answers(town.person("sunmei")) == 0
        assert talk.revive_answers(town.person("zhanglan")) == 1
    assert Letter.get_by_id(letter.id).state == "owed"


def test_words_with_the_number_are_known_as_the_own_case_and_only_as_the_own(sqlite_town):
    case = report(sqlite_town, "zhanglan")
    zhanglan, number = sqlite_town.actor("zhanglan"), case.number
    for words in (f"#{number} 好的", f"＃{number}谢谢", f"灯的事 #{number} 怎么样了", f"#{number}\u200b 好"):
        assert veil.named_in(words, zhanglan) == case
    for words in ("好的", f"#{number + 1} 好的", f"{number}号楼的灯"):
        assert veil.named_in(words, zhanglan) is None
    assert veil.named_in(f"#{number} 好的", sqlite_town.actor("sunmei")) is None


def test_two_reports_have_two_aliases(sqlite_town):
    first, second = report(sqlite_town, "zhanglan"), report(sqlite_town, "zhanglan")
    assert first.reporter != second.reporter
    assert Veil.select().where(Veil.person == sqlite_town.person("zhanglan")).count() == 2
    assert Person.select().where(Person.name == veil.NAME).count() == 2
