"""Somebody says the own name in the chat, so that the desk finds whom to appoint; a report is never taken for one."""

import pytest

from models.audit import Audit
from models.case import Case
from models.person import Identity
from tests.handlers.wechat.phone import first


def name_of(phone) -> str:
    return Identity.get(Identity.openid == phone.openid).person.name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("我是 王大山", "王大山"), ("我是王大山。", "王大山"), ("我叫李响，", "李响"), ("我是欧阳小兰！", "欧阳小兰"),
        ("我叫 阿依古丽·买买提", "阿依古丽·买买提"), ("我叫Maria", "Maria"),
    ],
)  # fmt: skip
def test_a_new_follower_says_who_it_is(take, words, name):
    stranger, other = take("stranger"), take("guoliang")
    stranger.does("subscribe")
    assert stranger.say(words) == f"记下了，{name}。社区现在可以在工作台找到您。"
    assert (name_of(stranger), name_of(other), Case.select().count()) == (name, "郭亮", 0)
    assert Audit.get(Audit.action == "person.rename").person == Identity.get(Identity.openid == stranger.openid).person


@pytest.mark.parametrize("who", ["zhanglan", "masuhua", "hefang"])
def test_whoever_has_a_name_renames_nobody_but_oneself(take, who):
    """A resident, one of the next community and the admin there: each has only the own name to give."""
    phone, wang = take(who), take("wangdashan")
    assert phone.say("我是王大山") == "记下了，王大山。社区现在可以在工作台找到您。"
    take("zhanglan").say("3号楼门口井盖坏了")
    assert phone.say("接单 1001") != wang.say("接单 1001")  # a name grants nothing
    assert Case.get().handler == Identity.get(Identity.openid == wang.openid).person
    assert (name_of(phone), name_of(wang)) == ("王大山", "王大山")


@pytest.mark.parametrize(
    "words",
    ["我是业主", "我是居民", "我是3号楼的", "我是三号楼的", "我是本小区的", "我是网格员", "我是谁", "我是新来的",
     "我叫不醒他", "我叫了三次", "我是王大山，3楼的", "我是王\u200b大山", "我是", "我叫王", "我是投诉物业",
     "我是王大山王大山"],
)  # fmt: skip
def test_what_is_no_name_changes_none(take, words):
    zhanglan = take("zhanglan")
    zhanglan.say(words)
    assert name_of(zhanglan) == "张兰"


def test_a_report_that_begins_with_who_one_is_is_a_report(take):
    zhanglan = take("zhanglan")
    answer = first(zhanglan.say("我是3号楼的，3号楼门口井盖坏了"))
    assert (answer[:11], name_of(zhanglan)) == ("收到，编号 #1001", "张兰")


@pytest.mark.parametrize("words", ["我叫 <b>x</b>", "我叫 12345", "我叫 X", "我叫 ····", "我叫 abcdefghijklmnop"])
def test_what_cannot_be_a_name_is_refused_politely(take, words):
    zhanglan = take("zhanglan")
    assert zhanglan.say(words) == "没有看懂名字，请用 2 到 12 个汉字或字母，比如“我叫 王大山”。"
    assert name_of(zhanglan) == "张兰"
