"""The community asks, the reporter answers in the chat: plainly, by number, by picture; no report is swallowed."""

import pytest

from app.rules import question
from models.base import write
from models.case import Case, Step
from models.conversation import Line
from models.judgement import Judgement
from models.question import Question
from tests.handlers.wechat.phone import finish, first

MANHOLE = "3号楼门口井盖坏了"
ASK = "哪里没做好？1 来得太慢 2 态度不好 3 只办了一半 4 又坏了 5 没有人来过，或直接说。"


def ask(phone, number=1001, text="是东门还是西门？"):
    """陈静 asks about the case of that number."""
    town = phone.client.town
    with write():
        return question.ask(Case.get(Case.number == number), actor=town.actor("chenjing"), text=text)


@pytest.fixture
def zhanglan(take):
    """张兰, asked about the manhole cover she reported."""
    phone = take("zhanglan")
    phone.say(MANHOLE)
    ask(phone)
    return phone


@pytest.mark.parametrize("words", ["东门，靠超市", "#1001 东门，靠超市", "＃１００１，东门，靠超市"])
def test_the_next_sentence_or_one_with_the_number_is_the_answer(zhanglan, words):
    assert zhanglan.say(words) == "收到，已补充到 #1001，办理的同志会看到。谢谢您！"
    row = Question.get()
    assert (row.state, row.answer) == ("answered", "东门，靠超市")
    assert Step.get(Step.verb == "answer").note == "东门，靠超市"
    assert Line.get(Line.text == words).case.number == 1001
    assert Case.select().count() == 1


def test_greetings_commands_and_withdrawing_are_no_answers(zhanglan):
    for words in ("你好", "谢谢", "我的上报", "#1001"):
        zhanglan.say(words)
    assert Question.get().state == "open"
    assert zhanglan.say("撤回 #1001").startswith("#1001 已撤回")
    assert Question.get().state == "open"  # nobody is asked any more: the case is over


@pytest.mark.parametrize("reply", ["1", "2"])
def test_what_may_be_another_matter_is_asked_about_and_not_swallowed(zhanglan, reply):
    words = "5号楼楼道灯不亮"
    assert first(zhanglan.say(words)) == "这是在回答 #1001 的问题吗？"
    assert Case.select().count() == 1 and Question.get().state == "open"
    answer = zhanglan.say(reply)
    if reply == "1":
        assert answer.startswith("收到，已补充到 #1001") and Question.get().answer == words
        assert Case.select().count() == 1
    else:
        assert first(answer).startswith("收到，编号 #1002") and Question.get().state == "open"
        assert Case.get(Case.number == 1002).words == words


def test_an_emergency_never_waits_for_that_question(zhanglan):
    assert "#1002" in zhanglan.say("5号楼有煤气味")
    assert (Case.select().count(), Question.get().state) == (2, "open")


def test_a_picture_is_an_answer_and_the_next_one_belongs_there_too(zhanglan):
    for media in ("media-1", "media-2"):
        assert zhanglan.show(media).startswith("照片已加到 #1001。")
    assert Question.get().answer == question.PICTURE
    assert {line.case.number for line in Line.select().where(Line.kind == "image")} == {1001}


def test_with_two_questions_the_number_is_needed(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE), zhanglan.say("5号楼楼道灯不亮")
    ask(zhanglan), ask(zhanglan, 1002, "几单元？")
    zhanglan.say("东边那个")
    assert Question.select().where(Question.state == "open").count() == 2
    zhanglan.say("#1002 2单元")
    assert Question.get(Question.state == "answered").case.number == 1002


def test_nobody_answers_for_another(zhanglan, take):
    take("sunmei").say("#1001 西门")
    assert Question.get().state == "open"


def test_a_number_goes_to_what_was_asked_last(take):
    """The lamp waits for a judgement, then 陈静 asks about the cover: "3" answers her and judges nothing."""
    zhanglan = take("zhanglan")
    zhanglan.say("3号楼楼道灯不亮")
    finish(take("wangdashan"), 1001)
    zhanglan.say("5号楼门口井盖坏了")
    ask(zhanglan, 1002, "几单元门口？")
    zhanglan.say("3")
    assert Question.get().answer == "3" and Case.get(Case.number == 1001).state == "handled"


@pytest.mark.parametrize(
    ("words", "answers", "note", "asks"),
    [
        ("1", ["slow"], "", False), ("４", ["broke_again"], "", True), ("2，一直不理人", ["rude"], "一直不理人", True),
        ("师傅没清理现场", [], "师傅没清理现场", True),
    ],
)  # fmt: skip
def test_after_dissatisfied_it_is_asked_once_what_was_bad(take, words, answers, note, asks):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    finish(take("wangdashan"), 1001)
    assert zhanglan.say("3") == f"#1001 记下了：已解决，不满意。\n{ASK}"
    assert zhanglan.say(words).startswith("#1001 记下了")
    row = Judgement.get()
    assert (row.answers, row.note, row.asks_reopen) == (answers, note, asks)
    zhanglan.say("2")  # once: what is said later is for a human
    assert Judgement.get().answers == answers and Case.get().state == "closed"


def test_another_report_is_no_reason(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    finish(take("wangdashan"), 1001)
    zhanglan.say("3")
    assert "#1002" in zhanglan.say("5号楼楼道灯不亮")
    assert (Judgement.get().note, Case.select().count()) == ("", 2)
