"""A report is taken back by whoever made it, as long as nobody is on the way; for others there is no such number."""

import pytest

from models.case import Case, Step
from models.conversation import Line
from tests.handlers.wechat.phone import first, lines

MANHOLE, LAMP = "3号楼门口井盖坏了", "3号楼门口路灯不亮"
AGAIN = "要重新上报，直接再说一遍哪里怎么了，会有新的编号。"
NOT_YOURS = "没有找到您的这个编号。回复“我的上报”可以看全部。"


def state(number: int = 1001) -> str:
    return Case.get(Case.number == number).state


@pytest.mark.parametrize(
    "words", ["撤回 #1001", "撤回1001", "#1001 撤回", "＃１００１撤回。", "撤销 1001 号，弄错了", " 1001 撤回 "]
)
def test_zhang_lan_takes_her_report_back_and_may_report_again(take, words):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    zhanglan.say(LAMP)
    assert zhanglan.say(words) == f"#1001 已撤回，不用再办了。如果撤错了：{AGAIN}"
    assert (state(), state(1002)) == ("withdrawn", "dispatched")
    assert Step.get(Step.verb == "withdraw").actor.name == "张兰"
    assert Line.get(Line.text == words.strip(), Line.author == "resident").case.number == 1001
    assert zhanglan.say(words) == f"#1001 已经撤回过了。{AGAIN}"
    assert first(zhanglan.say(MANHOLE)) == "收到，编号 #1003：窨井盖缺失破损，幸福家园 3号楼 门口。"


def test_once_the_worker_is_on_it_it_is_too_late(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    take("wangdashan").say("接单 1001")
    answer = "#1001 现在是“网格员处理中”，不能撤回。有变化请直接打字告诉我们，社区会看到。"
    assert zhanglan.say("撤回 1001") == answer
    assert (state(), lines()[-1]) == ("handling", "撤回 1001")


@pytest.mark.parametrize("who", ["sunmei", "masuhua", "zhaoqiang", "wangdashan", "chenjing", "hefang", "guoliang"])
def test_nobody_else_takes_it_back(take, who):
    """A neighbour, a resident of the next community, a stranger, her worker, her admin, and both of the next one."""
    take("zhanglan").say(MANHOLE)
    assert take(who).say("撤回 #1001") == NOT_YOURS
    take(who).say("#1001 撤回")
    assert state() == "dispatched"


def test_two_communities_have_the_same_number_and_each_takes_back_its_own(take):
    take("zhanglan").say(MANHOLE)
    take("masuhua").say("7号楼门口路灯不亮")
    assert first(take("masuhua").say("撤回 1001")).startswith("#1001 已撤回")
    assert [(case.community.code, case.state) for case in Case.select().order_by(Case.id)] == [
        ("huimin", "dispatched"), ("liuyin", "withdrawn")
    ]  # fmt: skip


def test_a_worker_who_reported_takes_the_own_report_back_too(take):
    wang = take("wangdashan")
    wang.say(f"幸福家园{MANHOLE}")
    assert wang.say("#1001 撤回") == f"#1001 已撤回，不用再办了。如果撤错了：{AGAIN}"
