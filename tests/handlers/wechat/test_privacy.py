"""The own data in the chat: what is kept, taking a consent back, and what the platform tells of authorisations."""

import pytest

from app.context import database_open
from app.rules import age, consent
from app.rules.actor import actor_of
from app.rules.coordinates import to_gcj02
from models.base import write
from models.case import Case
from models.consent import Consent
from models.conversation import Line
from models.inbound import Inbound
from models.person import Identity, Person
from models.personal import DataRequest
from tests.handlers.wechat.phone import first
from tests.town import OPENIDS

GATE = to_gcj02((34.7821, 114.3611))
PUSHER = "oPlatformPusher"


def tells(phone, event, openid=None, **fields):
    """The platform tells our account of somebody; it is its pusher that speaks."""
    named = {"OpenID": openid or phone.openid, "AppID": phone.ours.appid} | fields
    pusher = type(phone)(phone.client, PUSHER, phone.account)
    return pusher.does(event, **named)


def person(key="zhanglan"):
    return Person.get(Person.unionid == f"demo-union-{key}")


# Asked for in the chat.


@pytest.mark.parametrize("words", ["隐私", "隐私政策", "隐私说明？", " 隐私 "])
def test_what_is_kept_in_short(take, words):
    reply = take("zhanglan").say(words)
    assert "要一份副本、要删除" in reply and "撤回同意 手机号" in reply
    assert Line.select().where(Line.author == "resident").count() == 0


def test_privacy_in_a_sentence_is_for_a_human(take):
    assert "副本" not in take("zhanglan").say("隐私被邻居偷看了怎么办")


@pytest.mark.parametrize(
    ("words", "kind"), [("撤回同意 手机号", "phone"), ("取消同意位置", "location"), ("撤销同意，电话", "phone")]
)
def test_taking_back_is_one_sentence(take, words, kind):
    zhanglan = take("zhanglan")
    assert zhanglan.say(words).startswith("已撤回，")
    assert [(row.text.kind, row.answer, row.channel) for row in Consent.select()] == [(kind, "withdrawn", "chat")]
    assert person().phone == (None if kind == "phone" else "13800000001")


def test_taking_back_nothing_in_particular_asks_what(take):
    assert "撤回哪一项" in take("zhanglan").say("撤回同意")
    assert Consent.select().count() == 0


def test_the_first_place_is_answered_with_what_it_is_for_the_second_is_not(take):
    zhanglan = take("zhanglan")
    zhanglan.say("3号楼门口井盖坏了")
    answers = [zhanglan.point(*GATE, "幸福家园南门") for _ in range(2)]
    assert answers == [f"位置已加到 #1001。\n{consent.NOTICES['location']}", "位置已加到 #1001。"]


def test_a_number_in_the_words_is_answered_with_what_it_is_for(take):
    zhanglan = take("zhanglan")
    assert consent.NOTICES["phone"] in zhanglan.say("3号楼门口井盖坏了，我电话 138-0000-0001")
    assert consent.NOTICES["phone"] not in (zhanglan.say("再说一次13800000001") or "")
    assert consent.NOTICES["phone"] not in take("sunmei").say("1号楼门口路灯不亮，编号13800000001234")


# A child.


@pytest.fixture
def child(take):
    with database_open(), write():
        age.tell(person("zhaoqiang"), "child", actor=actor_of(person("zhaoqiang")))
    return take("zhaoqiang")


def test_a_child_is_asked_for_its_guardian_and_nothing_is_kept(child):
    for reply in (
        child.say("路灯不亮"), child.point(*GATE, "南门"), child.say("我叫小宝"),
        child.say("绑定 ABCD-EFGH"), child.send("voice", MediaId="v1", Format="amr", Recognition="路灯不亮"),
    ):  # fmt: skip
        assert reply == consent.GUARDIAN_NEEDED
    assert (Case.select().count(), Line.select().where(Line.author == "resident").count()) == (0, 0)


def test_a_child_in_danger_is_heard_at_once(child):
    assert first(child.say("着火了")).startswith("请马上离开")
    assert Case.get().category.emergency
    assert child.point(*GATE, "南门").startswith("位置已加到 #1001")


def test_a_child_that_cries_for_help_reaches_somebody(child):
    child.say("有电线掉在地上冒火花，快来人")
    child.point(*GATE, "3号楼门口")
    case = Case.get()
    assert (case.category.code, case.lat is not None) == ("exposed_wire", True)
    assert child.say("单元门玻璃碎了小孩在流血") != consent.GUARDIAN_NEEDED
    assert child.say("我叫小宝") == consent.GUARDIAN_NEEDED and child.say("路灯不亮") == consent.GUARDIAN_NEEDED


def test_a_childs_picture_and_a_voice_nobody_understood_go_to_a_human(child):
    assert "收到照片了" in child.show()
    assert "社区工作人员会听" in child.send("voice", MediaId="v1", Format="amr", Recognition="")
    assert sorted(row.kind for row in Line.select().where(Line.author == "resident")) == ["image", "voice"]


# What the platform tells.


@pytest.mark.parametrize("account", ["official", "mini"])
def test_an_authorisation_taken_back_in_wechat(take, account):
    zhanglan = take("zhanglan", account)
    assert tells(zhanglan, "user_authorization_revoke", RevokeInfo="8,13") is None
    assert person().phone is None
    assert sorted(row.text.kind for row in Consent.select() if row.answer == "withdrawn") == ["location", "phone"]
    assert {row.channel for row in Consent.select()} == {"wechat"}


def test_a_risky_profile(take):
    assert tells(take("zhanglan"), "user_info_modified") is None
    assert (person().name, person().phone) == ("", "13800000001")


def test_a_closed_account_is_erased_without_waiting(take_either):
    zhanglan = take_either("zhanglan", "mini")
    assert tells(zhanglan, "user_authorization_cancellation") is None
    request = DataRequest.get()
    assert (request.kind, request.person, request.state, request.asked_by) == ("erase", person(), "asked", None)
    assert tells(zhanglan, "user_authorization_cancellation") is None
    assert DataRequest.select().count() == 1


def test_somebody_on_duty_stays_in_the_list_of_the_staff(take):
    assert tells(take("wangdashan"), "user_authorization_cancellation") is None
    assert (DataRequest.select().count(), person("wangdashan").name) == (0, "王大山")


@pytest.mark.parametrize(
    "event", ["user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"]
)
def test_nobody_is_made_of_an_openid_that_we_do_not_know(take, event):
    before = (Person.select().count(), Identity.select().count())
    assert tells(take("zhanglan"), event, openid="oNobodyWeKnow", RevokeInfo="8") is None
    assert (Person.select().count(), Identity.select().count()) == before
    assert (person().phone, DataRequest.select().count(), Consent.select().count()) == ("13800000001", 0, 0)


def test_the_openid_of_another_account_is_nobody_here(take):
    tells(take("zhanglan"), "user_authorization_revoke", openid=OPENIDS["zhanglan"]["mini"], RevokeInfo="8")
    assert person().phone == "13800000001"


def test_an_event_that_names_nobody_is_kept_as_unreadable(take):
    phone = take("zhanglan")
    assert type(phone)(phone.client, PUSHER, phone.account).does("user_authorization_revoke", RevokeInfo="8") is None
    assert Inbound.get().state == "unreadable" and person().phone == "13800000001"


def test_the_same_event_twice_has_one_effect_and_two_people_in_one_second_two(take):
    zhanglan = take("zhanglan")
    for key in ("zhanglan", "sunmei"):
        openid = OPENIDS[key]["official"]
        for _ in range(2):
            tells(zhanglan, "user_authorization_revoke", openid=openid, RevokeInfo="8", CreateTime=1_700_000_000)
    assert Inbound.select().count() == 2
    assert (person().phone, person("sunmei").phone) == (None, None)
