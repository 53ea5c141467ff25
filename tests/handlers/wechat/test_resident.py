"""Residents at the chat: report in whatever order, judge the result, ask how it stands, bind the household."""

from datetime import timedelta

import pytest

from app.rules import household
from app.rules.consent import NOTICES
from app.rules.coordinates import to_gcj02
from app.rules.intake import ASK_PLACE, ASK_WORDS, ASK_WORDS_POINT, GREETING, TO_HUMAN, WELCOME
from models.case import Case
from models.conversation import Conversation, Draft, Line
from models.inbound import Inbound
from models.letter import Letter
from models.person import HouseholdCode, Residence
from models.place import Place
from models.task import Task
from tests.handlers.wechat.conftest import open_client
from tests.handlers.wechat.phone import back, first, lines, phone
from tests.town import town_at

MANHOLE = "3号楼门口井盖坏了"
TAKEN = "收到，编号 #1001：窨井盖缺失破损，幸福家园 3号楼 门口。"


def only_case() -> Case:
    assert Case.select().count() == 1
    return Case.get()


# Reporting.


def test_one_sentence_is_enough_and_the_picture_and_the_point_follow(take):
    zhanglan = take("zhanglan")
    assert first(zhanglan.say(MANHOLE)) == TAKEN
    assert zhanglan.show("picture-1") == "照片已加到 #1001。"
    answer = zhanglan.point(*to_gcj02((34.7821, 114.3611)), "幸福家园南门")
    assert answer == f"位置已加到 #1001。\n{NOTICES['location']}"
    case = only_case()
    assert (case.words, case.channel, case.reporter.name) == (MANHOLE, "chat", "张兰")
    assert (round(case.lat, 6), round(case.lng, 6)) == (34.7821, 114.3611)
    assert [(line.kind, line.case_id) for line in Line.select().where(Line.author == "resident")] == [
        ("text", case.id), ("image", case.id), ("location", case.id)
    ]  # fmt: skip
    fetch = Task.get(Task.kind == "fetch")
    assert fetch.payload == {"line": Line.get(Line.kind == "image").id, "account": "official", "media": "picture-1"}


def test_words_then_the_place(take):
    zhanglan = take("zhanglan")
    assert zhanglan.say("路灯不亮了") == ASK_PLACE
    assert first(zhanglan.say("南门旁边")) == "收到，编号 #1001：路灯、楼道灯不亮，幸福家园 南门旁边。"
    assert (only_case().words, only_case().place_words) == ("路灯不亮了", "南门旁边")


def test_a_stranger_is_asked_which_compound(take):
    zhaoqiang = take("zhaoqiang")
    assert zhaoqiang.say(MANHOLE) == "是哪个小区？请回复小区名字，比如：幸福家园、阳光花苑。"
    assert first(zhaoqiang.say("幸福家园")) == "收到，编号 #1001：窨井盖缺失破损，幸福家园 3号楼 门口。"
    assert (only_case().handler.name, only_case().words) == ("王大山", MANHOLE)


def test_the_picture_first_then_the_words(take):
    zhanglan = take("zhanglan")
    assert zhanglan.show() == ASK_WORDS
    assert first(zhanglan.say(MANHOLE)) == TAKEN
    assert [(line.kind, line.shows, line.case_id) for line in Line.select().where(Line.author == "resident")] == [
        ("image", "report", only_case().id), ("text", "", only_case().id)
    ]  # fmt: skip


def test_the_place_first_then_the_words(take):
    masuhua = take("masuhua")
    answer = masuhua.point(*to_gcj02((34.7705, 114.3722)), "柳荫里")
    assert answer == f"{ASK_WORDS_POINT}\n{NOTICES['location']}"
    assert first(masuhua.say("路灯不亮")) == "收到，编号 #1001：路灯、楼道灯不亮，柳荫里。"
    case = only_case()
    assert (round(case.lat, 6), round(case.lng, 6)) == (34.7705, 114.3722)
    assert (case.community.code, case.handler.name) == ("liuyin", "郭亮")


def test_nothing_but_pictures_two_questions_and_then_it_is_filed_all_the_same(take):
    zhanglan = take("zhanglan")
    assert [zhanglan.show(), zhanglan.show()] == [ASK_WORDS, ASK_WORDS]
    assert first(zhanglan.show()).startswith("收到，编号 #1001：其他")
    assert (only_case().words, only_case().category.code) == ("（只发了照片）", "other")
    assert Line.select().where(Line.kind == "image", Line.case == only_case()).count() == 3


def test_a_report_left_lying_is_not_mixed_into_the_next(take):
    zhanglan = take("zhanglan")
    zhanglan.show()
    back(Draft.get(), updated_at=timedelta(minutes=121))
    assert first(zhanglan.say(MANHOLE)) == TAKEN
    assert [draft.state for draft in Draft.select()] == ["left"]
    assert Conversation.get().waiting_since is not None
    assert Line.get(Line.kind == "image").case is None


def test_zhao_qiang_lives_nowhere_yet_and_names_a_compound_of_another_community(take):
    zhaoqiang = take("zhaoqiang")
    assert zhaoqiang.say("您好") == GREETING
    assert first(zhaoqiang.say("柳荫里7号楼路灯不亮")) == "收到，编号 #1001：路灯、楼道灯不亮，柳荫里 7号楼。"
    case = only_case()
    assert (case.community.code, case.handler.name) == ("liuyin", "郭亮")
    spoken = [(talk.community.code, talk.lines.count()) for talk in Conversation.select().order_by(Conversation.id)]
    assert spoken == [("huimin", 2), ("liuyin", 2)]


def test_a_report_moves_along_when_only_then_the_compound_is_named(take):
    zhaoqiang = take("zhaoqiang")
    assert zhaoqiang.say("路灯不亮了") == ASK_PLACE
    answer = first(zhaoqiang.say("在柳荫里的2号楼"))
    assert answer == "收到，编号 #1001：路灯、楼道灯不亮，柳荫里 2号楼 在柳荫里的2号楼。"
    assert (only_case().community.code, only_case().words) == ("liuyin", "路灯不亮了")
    assert {line.conversation.community.code for line in Line.select().where(Line.author == "resident")} == {"liuyin"}


# Talking.


def test_a_greeting_and_thanks_are_answered_and_wait_for_nobody(take):
    zhanglan = take("zhanglan")
    assert [zhanglan.say(text) for text in ("您好", "在吗？", "谢谢", "好的，辛苦了")] == [
        GREETING, GREETING, WELCOME, WELCOME
    ]  # fmt: skip
    assert (Conversation.get().waiting_since, Case.select().count()) == (None, 0)


def test_a_question_goes_to_the_inbox_and_the_bot_says_so_once(take):
    zhanglan = take("zhanglan")
    assert zhanglan.say("我想找社区的书记") == TO_HUMAN
    waiting = Conversation.get().waiting_since
    assert [zhanglan.say("下午在吗我过来"), zhanglan.say("有空回我电话")] == [None, None]
    assert Conversation.get().waiting_since == waiting
    assert lines() == ["我想找社区的书记", "下午在吗我过来", "有空回我电话"]
    assert lines("bot") == [TO_HUMAN]


def test_what_is_said_about_a_case_in_hand_is_kept_with_it(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    assert zhanglan.say("大概什么时候能修好？") == TO_HUMAN
    assert [line.case for line in Line.select().where(Line.author == "resident")] == [only_case(), only_case()]


def test_a_voice_that_was_recognised_is_a_report_and_the_audio_is_fetched(take):
    zhanglan = take("zhanglan")
    assert first(zhanglan.send("voice", MediaId="voice-1", Format="amr", Recognition=MANHOLE)) == TAKEN
    line = Line.get(Line.kind == "voice")
    assert (line.text, line.case) == (MANHOLE, only_case())
    assert Task.get(Task.kind == "fetch").payload == {"line": line.id, "account": "official", "media": "voice-1"}


def test_a_voice_that_was_not_recognised_waits_for_human_ears(take):
    zhanglan = take("zhanglan")
    answer = "收到语音，社区工作人员会听。急的话请再打一句字。"
    assert zhanglan.send("voice", MediaId="voice-1", Format="amr", Recognition="") == answer
    assert (Line.get(Line.kind == "voice").text, Case.select().count()) == ("", 0)
    assert Conversation.get().waiting_since is not None
    assert Task.select().where(Task.kind == "fetch").count() == 1


@pytest.mark.parametrize("kind", ["video", "shortvideo", "link", "miniprogrampage", "sticker-of-tomorrow"])
def test_what_cannot_be_shown_is_said_so_and_waits_for_a_human(take, kind):
    answer = take("zhanglan").send(kind, MediaId="m", Title="t", Url="https://example.org")
    assert answer == "这种消息暂时看不了，请打一句字或发照片，社区工作人员会看到。"
    assert (Line.get(Line.author == "resident").kind, Inbound.get().kind) == (kind[:12], kind)
    assert Conversation.get().waiting_since is not None


# Asking.


def test_how_it_stands_is_told_to_the_reporter_and_to_nobody_else(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    take("wangdashan").say("接单 1001")
    for words in ("#1001", "＃１００１", "# 1001 "):
        head, *steps = zhanglan.say(words).split("\n")
        assert head == "#1001 窨井盖缺失破损：网格员处理中"
        assert [step.split(" ")[-1] for step in steps] == ["上报", "派单", "接单"]
    nothing = "没有找到您的这个编号。回复“我的上报”可以看全部。"
    assert [take(other).say("#1001") for other in ("sunmei", "masuhua", "zhaoqiang")] == [nothing] * 3
    assert zhanglan.say("#1002") == nothing
    assert zhanglan.say("#" + "9" * 30) == nothing


def test_my_reports(take):
    zhanglan = take("zhanglan")
    assert zhanglan.say("我的上报") == "您还没有上报过。直接说一句哪里怎么了就行。"
    zhanglan.say(MANHOLE)
    zhanglan.say("3号楼旁边垃圾桶满了")
    mine = zhanglan.say("进度")
    assert [line.split(" ")[0] for line in mine.split("\n")] == ["#1002", "#1001"]
    assert zhanglan.does("CLICK", EventKey="cases") == mine
    assert take("sunmei").say("我的上报") == "您还没有上报过。直接说一句哪里怎么了就行。"


# Binding.


def code_of(client, worker: str = "wangdashan") -> tuple[str, Place]:
    """A fresh code for the household 幸福家园 3号楼 2单元 502."""
    home = Place.get(Place.label == "幸福家园 3号楼 2单元 502")
    return household.issue_code(home, actor=client.town.actor(worker)), home


def test_zhao_qiang_binds_his_household_by_the_code_on_his_letter(take):
    zhaoqiang = take("zhaoqiang")
    code, home = code_of(zhaoqiang.client)
    answer = "已绑定 幸福家园 3号楼 2单元 502。以后说“楼门口”“3号楼”，我们就知道是哪里。"
    assert zhaoqiang.say(f" 绑定 {code[:4].lower()}-{code[4:]} ") == answer
    residence = Residence.get(Residence.person == zhaoqiang.client.town.person("zhaoqiang"))
    assert (residence.household, residence.state, residence.confirmed_by.name) == (home, "confirmed", "王大山")
    assert first(zhaoqiang.say(MANHOLE)) == TAKEN


def test_a_code_is_good_once_for_thirty_days_and_only_if_it_is_right(take):
    zhaoqiang, sunmei = take("zhaoqiang"), take("sunmei")
    no = "绑定码不对或已失效，请向社区要一个新的。"
    assert [zhaoqiang.say("绑定 ABCD-EFGH"), zhaoqiang.say("绑定码"), zhaoqiang.say("绑定 " + "9" * 3000)] == [no] * 3
    code, _ = code_of(zhaoqiang.client)
    back(HouseholdCode.get(), expires_at=timedelta(days=31))
    assert zhaoqiang.say(f"绑定 {code}") == no
    code, _ = code_of(zhaoqiang.client)
    assert sunmei.say(f"绑定 {code}").startswith("已绑定 幸福家园 3号楼 2单元 502。")
    assert zhaoqiang.say(f"绑定{code}") == no
    assert Residence.select().where(Residence.person == zhaoqiang.client.town.person("zhaoqiang")).count() == 0
    assert lines() == []


# Two accounts.


def test_whoever_left_gets_no_more_letters_there(take):
    zhanglan = take("zhanglan")
    zhanglan.say(MANHOLE)
    assert zhanglan.does("unsubscribe") is None
    take("wangdashan").say("接单 1001")
    gone, still = (zhanglan.client.town.identity("zhanglan", account) for account in ("official", "mini"))
    assert (gone.followed, gone.window_until, gone.replies_left) == (False, None, 0)
    letters = list(Letter.select().where(Letter.person == gone.person))
    assert [letter.kind for letter in letters] == ["case_progress"]
    assert {letters[0].identity_id} | {way[2] for way in letters[0].next_channels} == {still.id}


def test_in_the_chat_of_the_mini_program_the_answer_is_a_letter(take):
    zhanglan = take("zhanglan", "mini")
    assert zhanglan.say(MANHOLE) is None
    assert zhanglan.again() is None
    (letter,) = Letter.select().where(Letter.kind == "reply")
    assert (letter.channel, letter.state, letter.identity.openid) == ("chat", "owed", zhanglan.openid)
    assert first(letter.content["text"]) == TAKEN
    assert (letter.next_channels, letter.next_persons, letter.community.code) == ([], [], "huimin")
    assert Inbound.get().reply == ""
    assert [first(line) for line in lines("bot")] == [TAKEN]


def test_without_a_reception_desk_whoever_cannot_be_placed_is_told_what_to_do(founded_sqlite, tmp_path):
    (tmp_path / "town.sqlite").write_bytes(founded_sqlite.read_bytes())
    nobody = {f"DOORSTEP_WECHAT__ACCOUNTS__{name}__COMMUNITY": "" for name in ("MINI", "OFFICIAL")}
    with town_at(tmp_path, f"sqlite:///{tmp_path}/town.sqlite", **nobody) as town:
        client = open_client(town)
        official, mini, wang = (phone(client, *who) for who in [("zhaoqiang",), ("zhaoqiang", "mini"), ("wangdashan",)])
        answer = "暂时无法确定您所在的社区，请在小程序“我的”里绑定住址后再试。"
        assert (official.say("路灯不亮"), mini.say("路灯不亮"), mini.letters()) == (answer, None, [answer])
        assert [row.payload["Content"] for row in Inbound.select()] == ["路灯不亮", "路灯不亮"]
        assert first(official.say("幸福家园3号楼门口路灯不亮")).startswith("收到，编号 #1001：")
        assert first(wang.say("接单 1001")) == "已接单 #1001：幸福家园 3号楼 门口。"


def test_a_worker_and_a_stranger_are_answered_in_the_mini_program_too(take):
    wang, stranger = take("wangdashan", "mini"), take("stranger", "mini")
    assert (wang.say("任务"), stranger.say("进度")) == (None, None)
    assert wang.letters() == ["现在没有待办的任务。"]
    assert stranger.letters() == ["您还没有上报过。直接说一句哪里怎么了就行。"]
