"""张兰 talks in the mini-program; the same bot listens as in the chat."""

import pytest

from app.context import database_open
from app.rules import conversation as talk
from models.audit import Audit
from models.base import write
from models.case import Photo
from models.conversation import Conversation, Line


def said(answer):
    """(status, what the bot said)"""
    status, body = answer
    return status, body["reply"] and body["reply"]["text"].splitlines()[0]


def test_a_sentence_becomes_a_case(door):
    zhanglan = door("zhanglan")
    status, body = zhanglan.post("/conversation/lines", {"text": "3号楼门口井盖坏了"})
    assert (status, body["line"]["author"], body["line"]["number"]) == (201, "resident", 1001)
    assert body["reply"]["text"].startswith("收到，编号 #1001")
    lines = zhanglan.get("/conversation")[1]["lines"]
    assert [(line["who"], line["text"]) for line in lines] == [
        ("我", "3号楼门口井盖坏了"), ("小助手", body["reply"]["text"]),
    ]  # fmt: skip
    assert zhanglan.get("/cases")[1]["cases"][0]["key"] == body["line"]["case"]


def test_a_human_answers_without_a_name(door, client):
    zhanglan = door("zhanglan")
    status, body = zhanglan.post("/conversation/lines", {"text": "今天有人上班吗"})
    assert (status, body["line"]["case"]) == (201, None)
    with database_open(), write():
        talk.answer(Conversation.get(), actor=client.town.actor("chenjing"), text="有的，随时来")
    last = zhanglan.get("/conversation")[1]["lines"][-1]
    assert (last["author"], last["who"], last["text"]) == ("community", "社区", "有的，随时来")
    assert "陈静" not in str(last)


def test_a_photo_with_the_words(door):
    zhanglan = door("zhanglan")
    photo = zhanglan.add_photo()["key"]
    zhanglan.post("/conversation/lines", {"text": "3号楼门口井盖坏了"})
    status, body = zhanglan.post("/conversation/photos", {"photo": photo})
    assert (status, body["line"]["photo"]["key"], body["line"]["number"]) == (201, photo, 1001)
    assert [one["key"] for one in zhanglan.see({"key": body["line"]["case"]})["photos"]] == [photo]
    error = zhanglan.refused(422, "POST", "/conversation/photos", {"photo": photo})
    assert (error["code"], error["fields"]) == ("photo_taken", {"photo": "不可用"})


def test_a_photo_before_the_words(door):
    zhanglan = door("zhanglan")
    photo = zhanglan.add_photo()["key"]
    status, body = zhanglan.post("/conversation/photos", {"photo": photo})
    assert (status, body["line"]["case"], body["line"]["photo"]["key"]) == (201, None, photo)
    case = zhanglan.post("/conversation/lines", {"text": "3号楼门口井盖坏了"})[1]["line"]["case"]
    assert [one["kind"] for one in zhanglan.see({"key": case})["photos"]] == ["report"]


def test_a_photo_of_the_talk_is_seen_by_the_two_sides_only(door):
    zhanglan = door("zhanglan")
    zhanglan.post("/conversation/photos", {"photo": zhanglan.add_photo()["key"]})
    link = zhanglan.get("/conversation")[1]["lines"][0]["photo"]["links"]["thumb"]
    assert zhanglan.client.get(link).status_code == 200
    with database_open():
        Photo.update(uploader=zhanglan.client.town.person("wangdashan")).execute()
    assert zhanglan.client.get(link).status_code == 200
    with database_open():
        Line.update(photo=None).execute()
    assert zhanglan.client.get(link).status_code == 404


def test_somebody_elses_photo(door):
    foreign = door("sunmei").add_photo()["key"]
    assert door("zhanglan").refused(422, "POST", "/conversation/photos", {"photo": foreign})["code"] == "photo_taken"


def test_the_same_line_is_said_once(door):
    zhanglan = door("zhanglan")
    first = zhanglan.post("/conversation/lines", {"text": "井盖坏了"}, once="line-001")
    assert zhanglan.post("/conversation/lines", {"text": "井盖坏了"}, once="line-001") == first
    with database_open():
        assert Line.select().where(Line.author == "resident").count() == 1


def test_everybody_has_a_talk_of_their_own(door):
    door("zhanglan").post("/conversation/lines", {"text": "井盖坏了"})
    assert door("sunmei").get("/conversation") == (200, {"lines": [], "earlier": None})
    with database_open():
        key = Line.select().first().key
    door("sunmei").post("/conversation/lines", {"text": "你好"})
    assert door("sunmei").refused(422, "GET", f"/conversation?cursor={key}")["fields"] == {"cursor": "没有这一页"}


def test_long_talks_come_in_pages(door, client):
    zhanglan = door("zhanglan")
    zhanglan.post("/conversation/lines", {"text": "你好"})
    with database_open(), write():
        for number in range(60):
            talk.say(Conversation.get(), f"第{number}句")
    newest = zhanglan.get("/conversation")[1]
    older = zhanglan.get(f"/conversation?cursor={newest['earlier']}")[1]
    assert (len(newest["lines"]), newest["lines"][-1]["text"], len(older["lines"])) == (50, "第59句", 12)
    assert (older["lines"][0]["text"], older["lines"][-1]["text"], older["earlier"]) == ("你好", "第9句", None)


@pytest.mark.parametrize("text", [" \u200b", "\x00"])
def test_nothing_is_not_said(door, text):
    assert door("zhanglan").refused(422, "POST", "/conversation/lines", {"text": text})["code"] == "text_missing"


def test_a_talk_costs_the_same_for_one_and_for_three(door, count_queries):
    zhanglan, found = door("zhanglan"), []
    for new in (["井盖坏了"], ["路灯不亮", "电梯坏了"]):
        for text in new:
            zhanglan.post("/conversation/lines", {"text": text})
            zhanglan.post("/conversation/photos", {"photo": zhanglan.add_photo()["key"]})
        with count_queries() as statements:
            zhanglan.get("/conversation")
        found.append(len(statements))
    assert found == [6, 6]


def test_each_thing_said_or_uploaded_is_in_the_log_and_not_what_it_was(door):
    zhanglan = door("zhanglan")
    photo = zhanglan.add_photo()["key"]
    assert zhanglan.post("/conversation/lines", {"text": "请问几点下班"})[0] == 201
    assert zhanglan.post("/conversation/photos", {"photo": photo})[0] == 201
    with database_open():
        rows = list(Audit.select().where(Audit.action.in_(("photo.add", "conversation.speak"))).order_by(Audit.id))
        key = Conversation.get().key
        assert [(row.action, row.subject, row.community_id is None) for row in rows] == [
            ("photo.add", "", True), ("conversation.speak", key, False), ("conversation.speak", key, False)
        ]  # fmt: skip
        # The key of a photo may come to stand in an anonymous report: it would say whose that is.
        assert photo not in str([(row.subject, row.detail) for row in rows])
