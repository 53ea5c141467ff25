"""张兰 reports without her name: her answers, words and receipts stay with the alias, and still reach her."""

import json

import pytest

from app.context import database_open
from app.rules import conversation as talk
from app.rules.intake import TO_HUMAN
from models.base import write
from models.case import Case, Photo
from models.conversation import Conversation, Line
from models.letter import Letter
from models.person import Identity, Person
from models.receipt import Receipt
from tests.handlers.wechat.phone import phone

WORDS = {"words": "邻居打牌太吵", "anonymous": True}


@pytest.fixture
def told(door) -> dict:
    """The anonymous report of 张兰, the only case of the town."""
    return door("zhanglan").report(**WORDS)


def answer(client, text="马上去看", who="chenjing") -> None:
    """陈静 answers the alias from the inbox, without choosing the case."""
    with database_open(), write():
        case = Case.get()
        talk.answer(talk.open_with(case.reporter, case.community), actor=client.town.actor(who), text=text)


def talks() -> dict[str, list[tuple[str, str]]]:
    """What has been said in each conversation, by the name of its person: (author, text)."""
    with database_open():
        rows = Line.select(Line, Conversation, Person).join(Conversation).join(Person).order_by(Line.id)
        found: dict[str, list[tuple[str, str]]] = {}
        for row in rows:
            found.setdefault(row.conversation.person.name, []).append((row.author, row.text))
        return found


# -- the talk ----------------------------------------------------------------------------------------------------------


def test_the_answer_stands_in_her_own_talk_beside_what_she_says_by_name(client, door, told):
    zhanglan = door("zhanglan")
    zhanglan.post("/conversation/lines", {"text": "今天有人上班吗"})
    answer(client)
    zhanglan.post("/conversation/lines", {"text": f"#{told['number']} 好的"})
    lines = zhanglan.get("/conversation")[1]["lines"]
    assert [(line["who"], line["text"], line["number"]) for line in lines] == [
        ("我", "今天有人上班吗", None), ("小助手", TO_HUMAN, None), ("社区", "马上去看", told["number"]),
        ("我", f"#{told['number']} 好的", told["number"]), ("小助手", TO_HUMAN, told["number"]),
    ]  # fmt: skip
    assert {line["case"] for line in lines} == {None, told["key"]}
    assert list(talks()["张兰"]) == [("resident", "今天有人上班吗"), ("bot", TO_HUMAN)]
    assert door("sunmei").get("/conversation")[1] == {"lines": [], "earlier": None}


def test_the_talk_of_two_aliases_goes_back_by_pages(client, door, told, monkeypatch):
    monkeypatch.setattr("handlers.api.conversation.PAGE", 2)
    zhanglan = door("zhanglan")
    zhanglan.post("/conversation/lines", {"text": "今天有人上班吗"})
    answer(client)
    page = zhanglan.get("/conversation")[1]
    assert [line["text"] for line in page["lines"]] == [TO_HUMAN, "马上去看"]
    before = zhanglan.get(f"/conversation?cursor={page['earlier']}")[1]
    assert [line["text"] for line in before["lines"]] == ["今天有人上班吗"] and before["earlier"] is None


@pytest.mark.parametrize("words", ["#{} 好的", "＃{}谢谢", "打牌的事 #{} 还没有人来"])
def test_in_the_chat_words_with_the_number_are_said_under_the_alias(client, door, told, words):
    answer(client)
    said = words.format(told["number"])
    assert phone(client, "zhanglan").say(said) == TO_HUMAN
    assert talks() == {"匿名居民": [("community", "马上去看"), ("resident", said), ("bot", TO_HUMAN)]}
    with database_open():
        line = Line.get(Line.author == "resident")
        assert (line.case, line.speaker_id) == (Case.get(), Case.get().reporter_id)
        assert line.conversation.waiting_since is not None


def test_spoken_words_with_the_number_as_well(client, told):
    said = f"#{told['number']} 今天又打牌了"
    assert phone(client, "zhanglan").send("voice", MediaId="m1", Format="amr", Recognition=said) == TO_HUMAN
    assert talks() == {"匿名居民": [("resident", said), ("bot", TO_HUMAN)]}


def test_asking_after_it_and_taking_it_back_are_said_under_the_alias(client, told):
    zhanglan, number = phone(client, "zhanglan"), told["number"]
    assert zhanglan.say(f"#{number}").startswith(f"#{number} ")
    assert zhanglan.say(f"撤回 #{number}").startswith(f"#{number} 已撤回")
    assert list(talks()) == ["匿名居民"]


def test_an_admin_who_reported_does_not_answer_the_own_case_as_the_community(client, door, key_of):
    case = door("chenjing").report(**WORDS, community=key_of("community"))
    said = f"#{case['number']} 今晚又开始了"
    assert phone(client, "chenjing").say(said) == TO_HUMAN
    assert talks() == {"匿名居民": [("resident", said), ("bot", TO_HUMAN)]}


def test_in_the_mini_programs_chat_the_reply_is_owed_to_the_alias(client, told):
    """There is no passive reply: the letter names the alias, and goes to her all the same."""
    phone(client, "zhanglan", "mini").say(f"#{told['number']} 好的")
    with database_open():
        letter = Letter.get(Letter.kind == "reply")
        assert (letter.person, letter.identity) == (Case.get().reporter, client.town.identity("zhanglan", "mini"))


def test_the_question_which_of_two_is_judged_is_kept_in_no_talk(client, door, told):
    """Her own case and the anonymous one wait: their numbers side by side would say whose the second is."""
    zhanglan = door("zhanglan")
    zhanglan.report("3号楼楼道灯坏了")
    with database_open(), write():
        Case.update(state="handled").execute()
    asked = phone(client, "zhanglan").say("1")
    assert asked.startswith("有 2 件在等您评价：")
    assert talks() == {}


def test_the_desk_is_told_that_the_answer_arrives(client, door, told):
    """陈静 answers by the chat of her own; 张兰 follows the account, so it is no “收不到”."""
    said = phone(client, "chenjing").say(f"#{told['number']} 今晚去看")
    assert "收不到" not in said and "服务通知" in said
    phone(client, "zhanglan").say("你好")
    assert phone(client, "chenjing").say(f"#{told['number']} 已经去了").startswith("已回复居民")


# -- receipts ----------------------------------------------------------------------------------------------------------


def test_the_receipts_of_an_anonymous_case_are_the_aliases_and_hold_only_which(client, door):
    zhanglan = door("zhanglan")
    photo = zhanglan.add_photo()["key"]
    first = zhanglan.post("/cases", WORDS | {"photos": [photo]}, once="report-1")
    key = first[1]["key"]
    zhanglan.post(f"/cases/{key}/notes", {"note": "天天如此"}, once="note-0001")
    zhanglan.post(f"/cases/{key}/withdraw", {}, once="withdraw-1")
    zhanglan.post("/conversation/lines", {"text": f"#{first[1]['number']} 不用来了"}, once="line-0001")
    with database_open():
        zhanglan_row, case = client.town.person("zhanglan"), Case.get()
        rows = list(Receipt.select().order_by(Receipt.id))
        assert [row.person for row in rows] == [case.reporter] * 4
        assert [row.body for row in rows[:3]] == [{"veiled_case": key}] * 3
        kept = json.dumps([[row.key, row.body] for row in rows], default=str)
        assert not any(one in kept for one in (zhanglan_row.key, "report-1", "note-0001", photo, "张兰"))


def test_a_repeated_anonymous_report_gets_the_same_case(client, door):
    zhanglan = door("zhanglan")
    first = zhanglan.post("/cases", WORDS, once="report-1")
    again = zhanglan.post("/cases", WORDS, once="report-1")
    assert (first[0], again[0]) == (201, 201)
    assert {**again[1], "dues": []} == {**first[1], "dues": []}
    error = zhanglan.refused(409, "POST", "/cases", WORDS | {"words": "别的事"}, once="report-1")
    assert error["code"] == "idempotency_key_reused"
    line = {"text": f"#{first[1]['number']} 还在打"}
    assert zhanglan.post("/conversation/lines", line, once="line-0001") == zhanglan.post(
        "/conversation/lines", line, once="line-0001"
    )
    assert door("sunmei").post("/cases", WORDS, once="report-1")[1]["key"] != first[1]["key"]
    with database_open():
        assert (Case.select().count(), Line.select().where(Line.author == "resident").count()) == (2, 1)


def test_a_photo_of_an_anonymous_report_leaves_no_receipt_of_its_upload(client, door):
    zhanglan = door("zhanglan")
    used, other = zhanglan.add_photo()["key"], zhanglan.add_photo()["key"]
    zhanglan.report(**WORDS, photos=[used])
    with database_open():
        mine = Receipt.select().where(Receipt.person == client.town.person("zhanglan"))
        assert [row.body["key"] for row in mine] == [other]
        assert Photo.get(Photo.key == used).uploader == Case.get().reporter
        assert Identity.select().where(Identity.person == Case.get().reporter).count() == 0
