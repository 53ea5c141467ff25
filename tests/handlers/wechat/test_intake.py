"""The hard moments of a report: somebody in danger, an answer that is none, the same told twice, a long silence."""

from datetime import timedelta

import pytest

from app.rules.coordinates import to_gcj02
from app.rules.intake import ASK_EXACT, ASK_PLACE, GREETING, STILL_WHERE, TO_HUMAN
from models.case import Case
from models.conversation import Conversation, Draft, Line
from models.letter import Letter
from tests.handlers.wechat.phone import back, first, lines

MANHOLE = "3号楼门口井盖坏了"


def told(kind: str = "case_assigned") -> list[tuple[str, str]]:
    """Who was told what (the first line), oldest first."""
    found = Letter.select().where(Letter.kind == kind).order_by(Letter.id)
    return [(letter.person.name, first(letter.content["text"])) for letter in found]


# Emergencies.


@pytest.mark.parametrize("words", ["我妈晕倒了", "救命", "有人跳楼"])
def test_in_an_emergency_help_comes_first_and_the_place_is_asked_for_afterwards(take, words):
    zhanglan = take("zhanglan")
    home = zhanglan.client.town.actor("zhanglan").home.label
    advice, number, coming, where = zhanglan.say(words).split("\n")
    assert advice.startswith("请先拨打 120（受伤、生病）、110")
    assert number == f"收到，编号 #1001：有人遇险受伤，{home}。"
    assert (coming, where) == ("网格员会马上到现场。", ASK_EXACT)
    assert told() == [("王大山", "【危险】新任务 #1001：有人遇险受伤")]


def test_the_place_of_an_emergency_follows_it_and_the_worker_is_told(take):
    zhanglan = take("zhanglan")
    zhanglan.say("有人跳楼")
    assert zhanglan.say("5号楼2单元") == "位置已加到 #1001：幸福家园 5号楼 2单元，已告诉去现场的人。"
    assert (Case.get().place.label, Case.get().place_words) == ("幸福家园 5号楼", "2单元")
    assert told()[1] == ("王大山", "【危险】#1001 有人遇险受伤，地点更正为：幸福家园 5号楼 2单元。")
    assert Line.select().where(Line.author == "resident", Line.case == Case.get()).count() == 2


def test_a_stranger_in_danger_is_heard_without_a_place_and_then_sends_it(take):
    zhaoqiang = take("zhaoqiang")
    advice, number, coming, where = zhaoqiang.say("着火了").split("\n")
    assert advice.startswith("请马上离开，不要乘电梯")
    assert (number, coming) == ("收到，编号 #1001：起火冒烟，惠民社区。", "已通知社区，马上安排人到现场。")
    assert where == ASK_EXACT
    answer = zhaoqiang.point(*to_gcj02((34.7821, 114.3611)), "幸福家园南门")
    assert answer == "位置已加到 #1001：幸福家园 幸福家园南门，已告诉去现场的人。"
    assert (Case.get().place.name, round(Case.get().lat, 4)) == ("幸福家园", 34.7821)


def test_an_emergency_in_the_middle_of_a_report_is_not_mixed_into_it(take):
    zhanglan = take("zhanglan")
    assert zhanglan.say("路灯不亮了") == ASK_PLACE
    assert zhanglan.say("我妈晕倒了").startswith("请先拨打 120")
    assert [(case.category.code, case.words) for case in Case.select().order_by(Case.id)] == [
        ("street_light", "路灯不亮了"), ("person_in_danger", "我妈晕倒了")
    ]  # fmt: skip


def test_a_second_emergency_is_a_case_of_its_own_and_the_same_cry_is_not(take):
    zhanglan = take("zhanglan")
    zhanglan.say("我妈晕倒了")
    assert "#1001 已派给网格员，等待接单：有人遇险受伤" in zhanglan.say("我妈晕倒了").split("\n")[1]
    zhanglan.say("有人跳楼")
    assert [case.number for case in Case.select().order_by(Case.id)] == [1001, 1002]


# What is no answer.


@pytest.mark.parametrize("words", ["请问社区几点上班", "#1001 怎么还没人来", "你们什么破社区,没人管吗"])
def test_what_does_not_say_where_goes_to_a_human_and_the_question_stands(take, words):
    zhanglan = take("zhanglan")
    zhanglan.say("路灯不亮了")
    assert zhanglan.say(words) == STILL_WHERE
    assert zhanglan.say(words) is None
    assert (Conversation.get().waiting_since is not None, Draft.get().state) == (True, "open")
    assert first(zhanglan.say("南门旁边")) == "收到，编号 #1001：路灯、楼道灯不亮，幸福家园 南门旁边。"
    assert Case.get().words == "路灯不亮了"


def test_a_greeting_instead_of_the_place_is_asked_again_and_short_words_are_a_place(take):
    zhanglan = take("zhanglan")
    zhanglan.say("路灯不亮了")
    assert zhanglan.say("您好") == ASK_PLACE
    assert first(zhanglan.say("小卖部边上")) == "收到，编号 #1001：路灯、楼道灯不亮，幸福家园 小卖部边上。"
    assert zhanglan.say("您好") == GREETING


# Twice.


def test_the_same_sentence_twice_is_one_case_and_a_human_sees_it(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    take("wangdashan").say("接单 1001")
    answer = zhanglan.say(MANHOLE)
    assert answer.startswith("#1001 网格员处理中：窨井盖缺失破损，幸福家园 3号楼 门口，")
    assert answer.endswith("。已把这条转给社区。")
    assert (Case.select().count(), Conversation.get().waiting_since is not None) == (1, True)
    assert [line.case for line in Line.select().where(Line.author == "resident", Line.kind == "text")][:2] == [
        Case.get(), Case.get()
    ]  # fmt: skip


def test_asking_after_a_case_starts_no_new_one(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    back(Case.get(), created_at=timedelta(days=3))
    assert zhanglan.say("井盖还没人来修啊").startswith("#1001 已派给网格员，等待接单：窨井盖缺失破损")
    assert Case.select().count() == 1


def test_the_same_kind_of_thing_elsewhere_or_on_another_day_is_a_new_case(take):
    zhanglan = take("zhanglan")
    zhanglan.say("3号楼2单元楼道灯不亮")
    assert zhanglan.say("3号楼2单元楼道灯坏了").startswith("#1001 ")
    assert first(zhanglan.say("3号楼1单元楼道灯不亮")).startswith("收到，编号 #1002：")
    Case.update(created_at=Case.get(Case.number == 1001).created_at - timedelta(hours=25)).execute()
    assert first(zhanglan.say("3号楼2单元楼道灯又坏了")).startswith("收到，编号 #1003：")


# Silence.


def test_after_two_hours_the_bot_says_again_that_a_human_will_answer(take):
    zhanglan = take("zhanglan")
    assert [zhanglan.say("我想找社区的书记"), zhanglan.say("下午在吗我过来")] == [TO_HUMAN, None]
    back(Line.get(Line.author == "bot"), at=timedelta(minutes=121))
    assert [zhanglan.say("书记在不在呀"), zhanglan.say("回个话")] == [TO_HUMAN, None]
    assert lines("bot") == [TO_HUMAN, TO_HUMAN]


def test_a_place_nobody_works_at_is_still_named(take):
    zhaoqiang = take("zhaoqiang")
    zhaoqiang.say("路灯不亮了")
    zhaoqiang.say("小卖部边上")
    assert zhaoqiang.say("说不清楚") == (
        "收到，编号 #1001：路灯、楼道灯不亮，惠民社区 小卖部边上。社区会安排人处理，请留意这里的消息。"
    )
