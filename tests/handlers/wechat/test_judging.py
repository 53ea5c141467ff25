"""The residents judge the result: with a number, in words, or by saying that it is not solved."""

from datetime import timedelta

import pytest

from app.rules import judgement
from app.rules.intake import TO_HUMAN
from models.case import Case, Step
from models.conversation import Conversation, Line
from models.letter import Letter
from tests.handlers.wechat.phone import back, finish, first, lines

MANHOLE, LAMP = "3号楼门口井盖坏了", "3号楼门口路灯不亮"
NOT_YOURS = "没有找到您的这个编号。回复“我的上报”可以看全部。"
WAITING = (
    "有 2 件在等您评价：\n#1002 路灯、楼道灯不亮，幸福家园 3号楼 门口\n#1001 窨井盖缺失破损，幸福家园 3号楼 门口\n"
)


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
         "#1001 记下了：已解决，不满意。已转给社区，是否重新办理由工作人员决定，结果会在这里告诉您。"),
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
    # The first time her word is enough; the second time a person decides.
    asked = "#1001 记下了。已转给社区，是否重新办理由工作人员决定，结果会在这里告诉您。"
    assert zhanglan.say("没解决，盖子还在响") == asked
    assert (only_case().state, only_case().solved, only_case().reopened) == ("closed", False, 1)
    assert zhanglan.say("没解决，真的还在响") == "已经提交过重办申请了，请等工作人员决定。"


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
    judgement.lapse(only_case())
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


# Several at once.


@pytest.fixture
def two(take):
    """张兰 has reported the manhole and the lamp; 王大山 has handled both."""
    zhanglan = take("zhanglan")
    for number, words in ((1001, MANHOLE), (1002, LAMP)):
        zhanglan.say(words)
        finish(take("wangdashan"), number)
    return take


def states() -> dict[int, tuple[str, str | None]]:
    return {case.number: (case.state, case.satisfaction) for case in Case.select().order_by(Case.id)}


BOTH_WAIT = {1001: ("handled", None), 1002: ("handled", None)}


@pytest.mark.parametrize(
    ("words", "example"),
    [("1", "1"), ("4 还在响", "1"), ("满意，谢谢师傅", "1"), ("没解决", "没解决"), ("没有解决，还在响", "没解决")],
)
def test_when_two_wait_none_is_guessed(two, words, example):
    zhanglan = two("zhanglan")
    assert zhanglan.say(words) == f"{WAITING}请带上编号，比如“#1002 {example}”。"
    assert (states(), lines()[-1]) == (BOTH_WAIT, words)


def test_each_is_judged_by_its_number_and_then_the_last_one_without(two):
    zhanglan = two("zhanglan")
    assert zhanglan.say("#1001 没有解决，盖子还在响") == "知道了，#1001 马上重新办理，网格员会再到现场。"
    assert Step.get(Step.verb == "reopen").note == "盖子还在响"
    assert zhanglan.say("满意，谢谢师傅") == "#1002 记下了：已解决，满意。谢谢您！"
    assert states() == {1001: ("dispatched", None), 1002: ("closed", "satisfied")}
    assert Line.get(Line.text == "满意，谢谢师傅").case.number == 1002


@pytest.mark.parametrize(
    ("words", "satisfaction", "note"),
    [
        ("#1001 1", "satisfied", "满意"), ("＃１００１ ２", "basically_satisfied", "基本满意"),
        ("1001 3，等了两天", "dissatisfied", "不满意：等了两天"), ("#1001 满意", "satisfied", "满意"),
        ("#1001号，非常满意，谢谢", "satisfied", "满意"), ("#1001基本满意", "basically_satisfied", "基本满意"),
        ("#1001 不满意，等了两天", "dissatisfied", "不满意：等了两天"), ("#1001 不满意", "dissatisfied", "不满意"),
    ],
)  # fmt: skip
def test_by_its_number_the_older_one_is_judged(two, words, satisfaction, note):
    answer = two("zhanglan").say(words)
    assert answer.startswith("#1001 记下了：已解决，")
    assert answer.endswith("如果其实没有解决，请回复“#1001 没解决”。") == (" 不满意" in words)
    assert states() == {1001: ("closed", satisfaction), 1002: ("handled", None)}
    assert Step.get(Step.verb == "confirm").note == note


@pytest.mark.parametrize("words", ["#1001 4", "#1001 没解决", "#1001没有解决", "１００１ 未解决", "#1001 4 还在响"])
def test_by_its_number_the_older_one_is_not_solved(two, words):
    assert two("zhanglan").say(words) == "知道了，#1001 马上重新办理，网格员会再到现场。"
    assert states() == {1001: ("dispatched", None), 1002: ("handled", None)}


def test_what_was_closed_by_mistake_is_reopened_by_its_number_and_the_second_time_with_a_reason(two):
    zhanglan = two("zhanglan")
    zhanglan.say("#1001 1")
    assert zhanglan.say("#1001 满意") == "#1001 现在是“已办结”，不能评价。"
    assert zhanglan.say("#1001 没解决") == "知道了，#1001 马上重新办理，网格员会再到现场。"
    finish(two("wangdashan"), 1001)
    assert zhanglan.say("#1001 没解决") == "请说一说哪里还没有解决。比如“#1001 没解决，盖子还在响”。"
    assert states() == BOTH_WAIT
    Case.update(state="closed", closed_at=Case.get().handled_at - timedelta(days=8)).execute()
    assert zhanglan.say("#1001 没解决，还在响") == "办结已超过 7 天，请重新上报，我们马上处理。"


@pytest.mark.parametrize("words", ["#1001 满意什么呀，还在响", "#1001 12", "#1001 3号楼也坏了", "#1001 不太满意"])
def test_by_its_number_too_what_may_mean_either_is_left_to_a_human(two, words):
    two("zhanglan").say(words)
    assert states() == BOTH_WAIT
    assert Conversation.get(Conversation.person == two("zhanglan").client.town.person("zhanglan")).waiting_since


@pytest.mark.parametrize("who", ["sunmei", "masuhua", "zhaoqiang"])
def test_nobody_else_judges(two, who):
    """A neighbour, a resident of the next community and a stranger: for them there is no such number."""
    for words in ("#1001 1", "#1001 满意", "#1001 没解决"):
        assert two(who).say(words) == NOT_YOURS
    assert states() == BOTH_WAIT


@pytest.mark.parametrize("who", ["wangdashan", "chenjing", "hefang", "guoliang"])
def test_staff_do_not_judge_either(two, who):
    two(who).say("#1001 1")
    assert states() == BOTH_WAIT


def test_two_communities_have_the_same_number_and_each_judges_its_own(two):
    masuhua = two("masuhua")
    masuhua.say("7号楼门口路灯不亮")
    guoliang = two("guoliang")
    for words in ("接单 1001", "", "", "办好 1001"):
        guoliang.say(words) if words else guoliang.show()
    assert masuhua.say("#1001 1") == "#1001 记下了：已解决，满意。谢谢您！"
    assert [(case.community.code, case.state) for case in Case.select().where(Case.number == 1001)] == [
        ("huimin", "handled"), ("liuyin", "closed")
    ]  # fmt: skip


def test_a_worker_who_reported_judges_the_own_report(take):
    wang = take("wangdashan")
    wang.say(f"幸福家园{MANHOLE}")
    finish(wang, 1001)
    assert wang.say("#1001 基本满意") == "#1001 记下了：已解决，基本满意。谢谢您！"
