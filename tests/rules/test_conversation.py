"""One talk between a person and a community: nothing said is lost, and what waits for a human is seen."""

from datetime import timedelta

import pytest

from app.rules import conversation as talk
from app.rules.refusal import Refusal
from models.audit import Audit
from models.base import now, write
from models.case import Case, Step
from models.conversation import Conversation, Line
from models.event import Event
from models.letter import Letter
from tests.rules.cases import case_in, report
from tests.rules.together import at_once


def open_talk(town, who="zhanglan"):
    return talk.open_with(town.person(who), town.community(), town.identity(who))


def again(conversation):
    return Conversation.get_by_id(conversation.id)


def answer(town, text="明天上午来修。", who="chenjing", case=None):
    with write():
        return talk.answer(open_talk(town), actor=town.actor(who), text=text, case=case)


def test_there_is_one_talk_however_often_it_is_opened(town):
    assert len({row.id for row in at_once(*[lambda: open_talk(town)] * 6)}) == 1
    assert Conversation.select().count() == 1


def test_a_question_waits_until_a_human_has_answered(sqlite_town):
    conversation = open_talk(sqlite_town)
    talk.hear(conversation, text="停水到几点？", wants_answer=True, moment=now() - timedelta(hours=2))
    talk.hear(again(conversation), text="有人吗", wants_answer=True)
    waiting = again(conversation).waiting_since
    assert waiting == Line.select().order_by(Line.id).first().at
    talk.say(again(conversation), "已转给社区工作人员。")
    assert again(conversation).waiting_since == waiting
    answer(sqlite_town)
    assert again(conversation).waiting_since is None


def test_an_answer_is_a_line_a_letter_and_an_audit_row(town):
    line = answer(town)
    assert (line.author, line.speaker, line.speaker_role) == ("community", town.person("chenjing"), "community_admin")
    letter = Letter.get()
    assert (letter.kind, letter.line, letter.channel) == ("answer", line, "chat")
    assert letter.person == town.person("zhanglan")
    assert letter.content["text"] == "【社区】明天上午来修。"
    assert "陈静" not in repr(letter.content)
    assert Audit.get(Audit.action == "conversation.answer").person == town.person("chenjing")
    assert Event.select().where(Event.kind == "conversation").count() == 1


def test_an_answer_about_a_case_is_first_contact_a_bots_is_not(sqlite_town):
    case = report(sqlite_town)
    talk.say(open_talk(sqlite_town), "收到。", case=case)
    assert Case.get_by_id(case.id).contacted_at is None
    answer(sqlite_town, case=case)
    first = Case.get_by_id(case.id).contacted_at
    assert (first is None, Letter.get(Letter.kind == "answer").content["number"]) == (False, "#1001")
    answer(sqlite_town, case=Case.get_by_id(case.id))
    assert Case.get_by_id(case.id).contacted_at == first
    assert Step.select().where(Step.verb == "contact").count() == 1


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u202e"])
def test_an_answer_says_something(sqlite_town, text):
    with pytest.raises(Refusal) as said:
        answer(sqlite_town, text)
    assert (said.value.code, Line.select().count(), Letter.select().count()) == ("text_missing", 0, 0)


def test_words_are_kept_without_what_would_forge_a_screen(town):
    line = talk.hear(open_talk(town), text="井盖\u202e坏了\x00\r\n请看" + "好" * 3000)
    assert Line.get_by_id(line.id).text.startswith("井盖坏了\n请看好")
    assert len(Line.get_by_id(line.id).text) == 2000


def test_who_speaks_again_gets_what_could_not_be_delivered_in_its_order(town):
    for text in ("一", "二", "三"):
        answer(town, text)
    for row, state in zip(Letter.select().order_by(Letter.id), ("refused", "failed", "uncertain"), strict=True):
        Letter.update(state=state).where(Letter.id == row.id).execute()
    assert talk.revive_answers(town.person("zhanglan")) == 2
    assert [row.state for row in Letter.select().order_by(Letter.id)] == ["owed", "owed", "uncertain"]
    first, second, _ = Letter.select().order_by(Letter.id)
    assert first.run_at <= second.run_at
    assert talk.revive_answers(town.person("zhanglan")) == 0


def test_at_most_five_go_out_at_once_for_so_many_fit_the_window(sqlite_town):
    for number in range(7):
        answer(sqlite_town, str(number))
    Letter.update(state="refused").execute()
    assert talk.revive_answers(sqlite_town.person("zhanglan")) == 5


@pytest.mark.parametrize(
    "state, found", [("dispatched", True), ("handled", True), ("closed", False), ("withdrawn", False)]
)
def test_what_is_said_belongs_to_the_newest_case_that_is_not_over(sqlite_town, state, found):
    case = case_in(sqlite_town, state)
    newest = talk.newest_case(sqlite_town.person("zhanglan"), sqlite_town.community())
    assert newest == (case if found else None)
    assert talk.newest_case(sqlite_town.person("sunmei"), sqlite_town.community()) is None
    assert talk.newest_case(sqlite_town.person("zhanglan"), sqlite_town.community("liuyin")) is None
    assert talk.newest_case(sqlite_town.person("zhanglan"), sqlite_town.community(), now()) is None
