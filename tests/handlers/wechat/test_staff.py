"""Staff at the chat: short commands with a number, each by the right person and by nobody else."""

from datetime import timedelta

import pytest

from app.rules.intake import TO_HUMAN
from app.rules.setting import forget
from models.case import Case, Step
from models.conversation import Conversation, Line
from models.letter import Letter, Subscription
from models.person import Identity
from models.place import Place
from models.setting import Setting
from tests.handlers.wechat.phone import back, finish, first, lines

MANHOLE, LAMP = "3号楼门口井盖坏了", "3号楼门口路灯不亮"
NOT_FOUND = "没有找到 #1001，或它不归您处理。"
FORBIDDEN = "您没有做这件事的权限。需要的话请联系社区管理员。"
LOOK_ALIKE = "没有看懂编号，请照“接单 1023”这样重新打一遍。"
COMMANDS = ("接单 1001", "围护 1001", "办好 1001 换了新井盖", "退回 1001 不是我的网格", "#1001 师傅已在路上")


@pytest.fixture
def reported(take):
    """张兰 has reported the manhole; 王大山 is asked to go."""
    take("zhanglan").say(MANHOLE)
    return take


def state() -> str:
    return Case.get(Case.number == 1001).state


def test_wang_da_shan_does_his_task(reported):
    wang = reported("wangdashan")
    assert wang.say("任务") == "#1001 窨井盖缺失破损，幸福家园 3号楼 门口：已派给网格员，等待接单"
    assert wang.say("接单 1001") == (
        "已接单 #1001：幸福家园 3号楼 门口。\n"
        "请先到现场围护，发一张处理前的照片，再回复“围护 1001”。办完发处理后的照片，再回复“办好 1001”。"
    )
    assert wang.show() == "已作为 #1001 处理前的照片。"
    assert wang.say("围护 1001 放了警示桩") == "#1001 已记为现场安全。修好后请发处理后的照片，再回复“办好 1001”。"
    assert wang.say("办好 1001") == "请先发一张处理后的照片，再说“办好”。"
    assert wang.show() == "已作为 #1001 处理后的照片。没有别的了就回复“办好 1001”。"
    assert wang.say("办好 1001，换了新井盖") == "#1001 已办好，正在请居民评价。"
    assert wang.say("任务") == "现在没有待办的任务。"
    assert state() == "handled"
    steps = [(step.verb, step.note) for step in Step.select().order_by(Step.id)]
    assert steps == [
        ("report", ""), ("dispatch", ""), ("accept", ""), ("make_safe", "放了警示桩"), ("handle", "换了新井盖")
    ]  # fmt: skip
    assert [line.shows for line in Line.select().where(Line.kind == "image").order_by(Line.id)] == ["before", "after"]


def test_where_nothing_is_dangerous_the_second_picture_shows_the_result(take):
    take("zhanglan").say(LAMP)
    wang = take("wangdashan")
    assert wang.say("接单 1001").endswith("到现场后请先发一张处理前的照片。办完发处理后的照片，再回复“办好 1001”。")
    shown = [wang.show().split("。")[0] for _ in range(3)]
    assert shown == ["已作为 #1001 处理前的照片", "已作为 #1001 处理后的照片", "已作为 #1001 处理后的照片"]


def test_as_long_as_it_is_dangerous_every_picture_shows_it_before(reported):
    wang = reported("wangdashan")
    wang.say("接单 1001")
    assert [wang.show(), wang.show()] == ["已作为 #1001 处理前的照片。"] * 2
    assert wang.say("办好 1001") == "请先发一张处理后的照片，再说“办好”。"


def test_after_reopening_old_pictures_prove_nothing(reported):
    wang, zhanglan = reported("wangdashan"), reported("zhanglan")
    finish(wang, 1001)
    zhanglan.say("4 盖子还在响")
    wang.say("接单 1001")
    assert wang.say("办好 1001") == "请先发一张处理后的照片，再说“办好”。"
    assert wang.show() == "已作为 #1001 处理前的照片。"


def test_a_worker_without_a_task_in_hand_sends_pictures_as_everybody_does(take):
    assert take("wangdashan").show() == "收到照片了。请说一句是什么问题，比如“3号楼门口井盖坏了”。"


def test_giving_back_needs_a_reason(reported):
    wang = reported("wangdashan")
    assert wang.say("退回 1001") == "请写明退回的原因。"
    assert (state(), Case.get().handler.name) == ("dispatched", "王大山")
    assert wang.say("退回1001 是供电公司的") == "#1001 已退回社区。"
    assert (state(), Case.get().handler) == ("reported", None)
    assert Step.get(Step.verb == "return_back").note == "是供电公司的"


def test_what_the_state_does_not_allow_is_said(reported):
    wang = reported("wangdashan")
    assert wang.say("围护 1001") == "#1001 现在是“已派给网格员，等待接单”，不能现场已安全。"
    wang.say("接单 1001")
    assert wang.say("接单 1001") == "#1001 现在是“网格员处理中”，不能接单。"


def test_help_is_for_ones_own_work(take):
    def help_of(who: str) -> list[str]:
        return [line[:2] for line in take(who).say("帮助").split("\n")]

    assert help_of("wangdashan") == ["接单", "围护", "发照", "照片", "办好", "退回", "任务"]
    assert help_of("chenjing") == ["任务", "#1"]
    assert take("dengwei").say("？") == "您的工作请在电脑上的工作台办理；在这里可以像居民一样上报和查进度。"


def test_a_command_without_a_number_is_answered_with_the_words_to_say(reported):
    reported("zhanglan").say(LAMP)
    wang = reported("wangdashan")
    head, manhole, lamp = "请带上编号，照下面这样回复：", "窨井盖缺失破损", "路灯、楼道灯不亮"
    where = "，幸福家园 3号楼 门口）"
    assert wang.say("接单") == f"{head}\n接单 1001（{manhole}{where}\n接单 1002（{lamp}{where}"
    assert wang.say("办好。") == "现在没有可以“办好”的任务。回复“任务”看您手上的。"
    wang.say("接单 1002")
    assert wang.say("接单 #") == f"{head}\n接单 1001（{manhole}{where}"
    assert wang.say("完成") == f"{head}\n办好 1002（{lamp}{where}"
    assert wang.say("照片") == f"{head}\n照片 1002 前（{lamp}{where}"
    assert wang.say("退回") == f"{head}\n退回 1001 原因（{manhole}{where}\n退回 1002 原因（{lamp}{where}"
    assert [case.state for case in Case.select().order_by(Case.id)] == ["dispatched", "handling"]


@pytest.mark.parametrize("who", ["liuyang", "hefang", "guoliang", "dengwei"])
def test_a_command_without_a_number_tells_nobody_of_others_tasks(reported, who):
    assert reported(who).say("接单") == "现在没有可以“接单”的任务。回复“任务”看您手上的。"
    reported("zhanglan").say("接单")
    assert (lines()[-1], state()) == ("接单", "dispatched")


# Who may not.


@pytest.mark.parametrize("who", ["liuyang", "hefang", "guoliang", "dengwei"])
def test_for_whom_it_is_not_it_does_not_exist(reported, who):
    """Another grid's worker, the neighbour community's admin and worker, the subdistrict's admin."""
    assert [reported(who).say(command) for command in COMMANDS] == [NOT_FOUND] * 5
    assert reported(who).say("任务") == "现在没有待办的任务。"
    assert (state(), Step.select().count(), Case.get().contacted_at) == ("dispatched", 2, None)


def test_a_number_that_nobody_has_is_answered_the_same(reported):
    assert reported("wangdashan").say("接单 1002") == "没有找到 #1002，或它不归您处理。"


@pytest.mark.parametrize("who", ["zhanglan", "sunmei", "zhaoqiang"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_residents_command_is_only_words(reported, who, command):
    letters = Letter.select().count()
    reported(who).say(command)
    assert lines()[-1] == command
    assert (state(), Case.get().contacted_at, Letter.select().count()) == ("dispatched", None, letters)


def test_the_admin_may_take_a_case_but_not_do_the_workers_deeds_on_his(reported):
    chenjing = reported("chenjing")
    reported("wangdashan").say("接单 1001")
    assert [chenjing.say(command) for command in COMMANDS[1:4]] == [FORBIDDEN] * 3
    reported("zhanglan").say(LAMP)
    assert first(chenjing.say("接单 1002")) == "已接单 #1002：幸福家园 3号楼 门口。"
    assert Case.get(Case.number == 1002).handler.name == "陈静"


def test_two_communities_have_the_same_number_and_each_its_own(reported):
    reported("masuhua").say("7号楼门口路灯不亮")
    assert [case.number for case in Case.select()] == [1001, 1001]
    assert first(reported("guoliang").say("接单 1001")) == "已接单 #1001：柳荫里 7号楼 门口。"
    assert [(case.community.code, case.state) for case in Case.select().order_by(Case.id)] == [
        ("huimin", "dispatched"), ("liuyin", "handling")
    ]  # fmt: skip


# Numbers.


@pytest.mark.parametrize(
    "words",
    ["接单 1001", "接单1001", "接1001", "接单 #1001", "接单＃１００１", " 接单　１００１号 ", "接单 1001，马上到",
     "接单 1001\n马上到"],
)  # fmt: skip
def test_however_the_number_is_written(reported, words):
    assert first(reported("wangdashan").say(words)) == "已接单 #1001：幸福家园 3号楼 门口。"
    assert state() == "handling"


@pytest.mark.parametrize(
    "words",
    ["接单 1001\u200b5", "接单 10\u200b01", "接单 1001\u202e5", "接单 1001О", "接单 1001o", "接单 1001٣", "接单 1001Ｏ",
     "接单 10010000000", "接单 " + "9" * 3000, "围护 1001\u2060", "#1001\u200b 师傅已在路上", "#1001О 师傅已在路上"],
)  # fmt: skip
def test_what_only_looks_like_a_number_does_nothing(reported, words):
    wang = reported("chenjing" if words[0] == "#" else "wangdashan")
    assert wang.say(words) == LOOK_ALIKE
    assert (state(), Letter.select().where(Letter.kind == "answer").count()) == ("dispatched", 0)


@pytest.mark.parametrize("words", ["接单 \u200b1001", "接单 ١٠٠١", "接单 一千零一", "接单 ⅠOOⅠ", "接单 吧"])
def test_what_does_not_even_look_like_one_is_for_a_human(reported, words):
    assert reported("wangdashan").say(words) == TO_HUMAN
    assert state() == "dispatched"


# Answering as the community.


def test_the_answer_comes_from_the_community_and_names_nobody(reported):
    chenjing = reported("chenjing")
    reported("zhanglan").say("大概什么时候能修好？")
    assert Conversation.get().waiting_since is not None
    assert chenjing.say("#1001 师傅已在路上") == "已回复居民（这个窗口还能再回 4 条）。"
    letter = Letter.get(Letter.kind == "answer")
    assert (letter.person.name, letter.channel) == ("张兰", "chat")
    assert letter.content["text"] == "【社区】#1001 师傅已在路上"
    assert "陈静" not in str(letter.content)
    line = Line.get(Line.author == "community")
    assert (line.text, line.speaker.name, line.speaker_role, line.case.number) == (
        "师傅已在路上", "陈静", "community_admin", 1001
    )  # fmt: skip
    assert (Conversation.get().waiting_since, Case.get().contacted_at is not None) == (None, True)


def test_an_empty_answer_is_not_sent(reported):
    assert reported("chenjing").say("#1001 ，") == "请写点什么再发送。"
    assert Letter.select().where(Letter.kind == "answer").count() == 0


def test_a_worker_does_not_speak_for_the_community(reported):
    assert reported("wangdashan").say("#1001 师傅已在路上") == FORBIDDEN
    assert Letter.select().where(Letter.kind == "answer").count() == 0


def test_the_admin_is_told_whether_and_how_it_will_arrive(reported):
    chenjing, town = reported("chenjing"), reported("chenjing").client.town
    official, mini = (town.identity("zhanglan", account) for account in ("official", "mini"))
    back(official, window_until=timedelta(hours=49))
    template = "居民超过48小时没有说话，已改发服务通知，提醒对方点开看您的答复。"
    assert chenjing.say("#1001 请看") == template
    Subscription.create(identity=mini, kind="answer_waiting", remaining=1)
    subscribe = "居民超过48小时没有说话，已改发订阅消息，提醒对方点开看您的答复。"
    assert chenjing.say("#1001 请看") == subscribe
    Subscription.update(remaining=0).execute()
    Identity.update(followed=False).where(Identity.id == official.id).execute()
    none = "已存下。对方现在收不到微信消息，等对方下次开口就会送达；急事请打电话。"
    assert chenjing.say("#1001 请看") == none
    reported("zhanglan").say("我在")
    assert Letter.update(state="sent").where(Letter.state == "owed").execute() > 0
    assert chenjing.say("#1001 请看") == "已回复居民（这个窗口还能再回 4 条）。"
    assert chenjing.say("#1001 请再看") == "已回复居民（这个窗口还能再回 3 条）。"
    Letter.update(state="sent").where(Letter.state == "owed").execute()
    Identity.update(replies_left=1).where(Identity.id == official.id).execute()
    assert chenjing.say("#1001 最后一条") == "已回复居民（这个窗口还能再回 0 条）。"


def test_an_answer_that_could_not_be_sent_goes_out_when_she_speaks_again(reported):
    chenjing, zhanglan = reported("chenjing"), reported("zhanglan")
    chenjing.say("#1001 师傅已在路上")
    back(chenjing.client.town.identity("zhanglan"), window_until=timedelta(hours=49))
    Letter.update(state="refused", outcome="window").where(Letter.kind == "answer").execute()
    zhanglan.say("在吗")
    assert Letter.get(Letter.kind == "answer").state == "owed"


@pytest.mark.parametrize("words", ["接单 1001", "抢单 1001"])
def test_what_is_offered_to_all_is_taken_by_the_same_words(take, words):
    """Where workers grab: the task stands in the list, and the first who says so has it."""
    Setting.create(community=Place.get(Place.code == "huimin"), name="dispatch_mode", value="grab")
    forget()
    take("zhanglan").say(LAMP)
    wang = take("wangdashan")
    assert wang.say("任务").startswith("#1001 ")
    assert "接单 1001" in wang.say("接单")
    assert wang.say(words).startswith("已接单 #1001：")
    assert state() == "handling"
