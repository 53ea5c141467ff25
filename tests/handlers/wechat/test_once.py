"""One event, one effect, however often, whenever and in however many copies at once the platform delivers it."""

import threading
import time
from datetime import timedelta

from models.case import Case
from models.inbound import Inbound
from models.letter import Letter, Subscription
from models.person import Identity, Person
from tests.handlers.wechat.phone import Phone, back, lines, opened

MANHOLE = "3号楼门口井盖坏了"


def at_once(*deeds) -> list:
    """Do all of these at the same moment, each on a thread of its own."""
    gate, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed) -> None:
        gate.wait()
        found[place] = deed()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_four_copies_at_once_have_one_effect_and_one_answer(take_either):
    zhanglan = take_either("zhanglan")
    fields = {
        "ToUserName": zhanglan.ours.original_id, "FromUserName": zhanglan.openid, "CreateTime": int(time.time()),
        "MsgType": "text", "MsgId": 1, "Content": MANHOLE,
    }  # fmt: skip

    def deliver() -> str:
        answer = Phone(open_thread_client(zhanglan), zhanglan.openid).deliver(fields)
        return opened(zhanglan.ours, answer)["Content"]

    answers = at_once(deliver, deliver, deliver, deliver)
    assert answers[0].startswith("收到，编号 #1001：窨井盖缺失破损，幸福家园 3号楼 门口。")
    assert answers == [answers[0]] * 4
    assert (Inbound.select().count(), Case.select().count(), lines()) == (1, 1, [MANHOLE])
    assert Letter.select().where(Letter.kind == "case_assigned").count() == 1


def test_the_first_messages_of_somebody_new_at_once_make_one_person(take_either):
    somebody = take_either("zhanglan")
    known = Person.select().count()

    def deliver(number: int) -> int:
        fields = {
            "ToUserName": somebody.ours.original_id, "FromUserName": "onewcomer", "CreateTime": int(time.time()),
            "MsgType": "text", "MsgId": number, "Content": f"您好{number}",
        }  # fmt: skip
        return Phone(open_thread_client(somebody), "onewcomer").deliver(fields).status_code

    assert at_once(*(lambda number=number: deliver(number) for number in range(1, 5))) == [200] * 4
    assert Identity.select().where(Identity.openid == "onewcomer").count() == 1
    assert Person.select().count() == known + 1
    assert Inbound.select().count() == 4


def open_thread_client(phone: Phone):
    """A client of the same app for another thread."""
    client = phone.client.application.test_client()
    client.town = phone.client.town
    return client


def test_a_copy_is_recognised_whenever_it_comes_and_whatever_it_says(take):
    zhanglan = take("zhanglan")
    answer = zhanglan.say(MANHOLE)
    assert zhanglan.again() == answer
    back(Inbound.get(), received_at=timedelta(hours=24))
    assert zhanglan.again() == answer
    assert zhanglan.again(Content="5号楼停电了") == answer
    assert (Case.select().count(), lines()) == (1, [MANHOLE])


def test_the_same_number_at_another_account_is_another_message(take):
    for one in (take("zhanglan"), take("zhanglan", "mini")):
        fields = {"FromUserName": one.openid, "CreateTime": 1, "MsgType": "text", "MsgId": 5, "Content": "您好"}
        assert one.deliver(fields).status_code == 200
    assert (Inbound.select().count(), lines()) == (2, ["您好", "您好"])


def test_two_events_of_one_second_both_count(take):
    zhanglan = take("zhanglan")
    zhanglan.does("CLICK", EventKey="report")
    first = zhanglan.sent[-1]
    assert zhanglan.again(EventKey="chat") == "请直接打字，社区工作人员看到会回复您。"
    assert zhanglan.again(**first) == "请直接说一句哪里怎么了，比如“3号楼门口井盖坏了”，也可以先发照片。"
    assert Inbound.select().count() == 2


def test_a_repeated_subscription_counts_once(take):
    zhanglan = take("zhanglan", "mini")
    template = zhanglan.ours.templates.case_progress.id
    one = {"TemplateId": template, "SubscribeStatusString": "accept", "PopupScene": "0"}
    zhanglan.does("subscribe_msg_popup_event", List=one)
    zhanglan.again()
    assert Subscription.get().remaining == 1
