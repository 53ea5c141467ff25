"""张兰 asks in the chat for her copy, and to be forgotten: she is asked back, told when, and may think better of it."""

import pytest

from app.context import database_open
from handlers.wechat import personal
from models.personal import DataRequest


def states() -> list[str]:
    with database_open():
        return [row.state for row in DataRequest.select().order_by(DataRequest.id)]


@pytest.mark.parametrize("words", ["导出我的数据", "导出数据。", "导出我的资料"])
def test_where_the_copy_is(take, words):
    assert take("zhanglan").say(words) == personal.HOW_TO_COPY
    assert states() == []


@pytest.mark.parametrize(
    "words", ["注销", "我要注销", "注销账号。", "我要注销我的账号", "请帮我注销", "麻烦把我的账号注销掉"]
)
def test_nothing_happens_before_she_confirms(take, words):
    assert take("zhanglan").say(words) == personal.ASK
    assert states() == []


def test_confirmed_and_taken_back(take):
    zhanglan = take("zhanglan")
    said = zhanglan.say("确认注销")
    with database_open():
        key = DataRequest.get().key
    assert said.startswith(f"已受理，受理号 {key}。明天 ") and "前回复“取消注销”。" in said
    assert zhanglan.say("确认注销") == said, "asking twice is one wish"
    assert zhanglan.say("取消注销") == "已取消注销，您的资料都还在。"
    assert zhanglan.say("取消注销") == "没有可以取消的注销申请。"
    assert states() == ["withdrawn"]


def test_somebody_on_duty(take):
    assert "网格员" in take("wangdashan").say("确认注销")
    assert states() == []


@pytest.mark.parametrize("words", ["注销户口去哪里办", "请帮我注销营业执照", "楼上要注销公司", "我要导出发票"])
def test_what_only_sounds_like_it_is_for_a_human(take, words):
    assert take("zhanglan").say(words) not in (personal.ASK, personal.HOW_TO_COPY)
