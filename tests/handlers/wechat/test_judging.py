"""The residents judge the result: with a number, in words, or by saying that it is not solved."""

from datetime import timedelta

import pytest

from app.rules import case as cases
from app.rules.intake import TO_HUMAN
from models.case import Case, Step
from models.letter import Letter
from tests.handlers.wechat.phone import back, finish, first, lines

MANHOLE = "3号楼门口井盖坏了"


def only_case() -> Case:
    assert Case.select().count() == 1
    return Case.get()


@pytest.mark.parametrize(
    ("words", "satisfaction", "note", "answer"),
    [
        ("1", "satisfied", "满意", "#1001 记下了：已解决，满意。谢谢您！"),
        ("１", "satisfied", "满意", "#1001 记下了：已解决，满意。谢谢您！"),
        ("1 解决了，满意", "satisfied", "满意：解决了，满意", "#1001 记下了：已解决，满意。谢谢您！"),
        ("2，还行", "basically_satisfied", "基本满意：还行", "#1001 记下了：已解决，基本满意。谢谢您！"),
        ("3\n等了两天\n才来", "dissatisfied", "不满意：等了两天\n才来",
         "#1001 记下了：已解决，不满意。哪里没做好，请直接告诉我们，社区会看到。"),
        ("满意", "satisfied", "满意", "#1001 记下了：已解决，满意。谢谢您！"),
        ("非常满意，谢谢师傅", "satisfied", "满意", "#1001 记下了：已解决，满意。谢谢您！"),
        ("满意！谢谢\n王师傅", "satisfied", "满意", "#1001 记下了：已解决，满意。谢谢您！"),
        ("解决了，基本满意", "basically_satisfied", "基本满意", "#1001 记下了：已解决，基本满意。谢谢您！"),
    ],
)  # fmt: skip
def test_zhang_lan_judges_the_result(take, words, satisfaction, note, answer):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    finish(take("wangdashan"), 1001)
    assert zhanglan.say(words) == answer
    case = only_case()
    assert (case.state, case.solved, case.satisfaction) == ("closed", True, satisfaction)
    assert Step.get(Step.verb == "confirm").note == note
    assert lines()[-1] == words


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("4", ""), ("4 盖子还在响", "盖子还在响"), ("4没有解决", "没有解决"), ("未解决", ""),
        ("没解决，盖子还响", "盖子还响"),
    ],
)  # fmt: skip
def test_not_solved_means_again(take, words, note):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    finish(take("wangdashan"), 1001)
    assert zhanglan.say(words) == "知道了，#1001 马上重新办理，网格员会再到现场。"
    case = only_case()
    assert (case.state, case.reopened, case.handler.name, case.solved) == ("dispatched", 1, "王大山", False)
    assert Step.get(Step.verb == "reopen").note == note
    assert Letter.select().where(Letter.kind == "case_assigned").count() == 2


def test_the_second_time_a_reason_is_asked_for(take):
    zhanglan, wang = take("zhanglan"), take("wangdashan")
    zhanglan.say(MANHOLE)
    finish(wang, 1001)
    zhanglan.say("4")
    finish(wang, 1001)
    for without in ("4", "没解决", "没有解决。"):
        assert zhanglan.say(without) == "请说一说哪里还没有解决。比如“没解决，盖子还在响”。"
        assert lines()[-1] == without  # refused, and kept all the same
    assert only_case().state == "handled"
    assert zhanglan.say("没解决，盖子还在响") == "知道了，#1001 马上重新办理，网格员会再到现场。"
    assert only_case().reopened == 2


def test_whoever_was_satisfied_may_change_the_mind_for_a_week(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    finish(take("wangdashan"), 1001)
    zhanglan.say("1")
    back(only_case(), closed_at=timedelta(days=8))
    assert zhanglan.say("没解决，又响了") == "办结已超过 7 天，请重新上报，我们马上处理。"
    assert (only_case().state, lines()[-1]) == ("closed", "没解决，又响了")
    back(only_case(), closed_at=timedelta(days=-2))
    assert zhanglan.say("没解决，又响了") == "知道了，#1001 马上重新办理，网格员会再到现场。"


def test_a_result_that_lapsed_can_still_be_called_not_solved(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    finish(take("wangdashan"), 1001)
    cases.lapse(only_case())
    assert zhanglan.say("1") == TO_HUMAN
    assert zhanglan.say("没解决") == "知道了，#1001 马上重新办理，网格员会再到现场。"


@pytest.mark.parametrize(
    "words", ["3号楼门口路灯不亮", "3 号楼门口路灯不亮", "2 个路灯不亮，在3号楼门口", "4#楼下路灯不亮"]
)
def test_a_new_report_is_not_taken_for_a_judgement(take, words):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    finish(take("wangdashan"), 1001)
    assert first(zhanglan.say(words)).startswith("收到，编号 #1002：路灯、楼道灯不亮，幸福家园")
    assert Case.get(Case.number == 1001).state == "handled"


@pytest.mark.parametrize("words", ["不满意", "不太满意", "满意什么呀，还在响", "5", "12", "110"])
def test_what_may_mean_either_is_left_to_a_human(take, words):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    finish(take("wangdashan"), 1001)
    assert zhanglan.say(words) == TO_HUMAN
    assert only_case().state == "handled"


def test_a_number_without_a_question_is_no_judgement(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    assert [zhanglan.say("1"), zhanglan.say("满意"), zhanglan.say("没解决")] == [TO_HUMAN, None, None]
    assert only_case().state == "dispatched"
