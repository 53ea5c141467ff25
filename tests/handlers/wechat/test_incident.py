"""「突发事件」 in the chat: the same as the one tap, and told to everybody from the grid to the street at once."""

import pytest

from models.case import Case
from models.conversation import Line
from models.letter import Letter
from tests.handlers.wechat.phone import phone


@pytest.mark.parametrize(
    ("words", "code", "kept"),
    [
        ("突发事件", "emergency_incident", "（上报突发事件：突发事件）"), ("紧急 3号楼着火了", "fire", "3号楼着火了"),
        ("上报突发事件：围墙塌了", "emergency_incident", "围墙塌了"),
        ("紧急！", "emergency_incident", "（上报突发事件：突发事件）"),
    ],
)  # fmt: skip
def test_one_word_is_enough(client, words, code, kept):
    said = phone(client, "zhanglan").say(words)
    case = Case.get()
    assert said.startswith("请先拨打 110/119/120/122。本平台不能代替报警电话。") and f"#{case.number}" in said
    assert (case.category.code, case.words, case.channel) == (code, kept, "chat")
    told = {letter.person.name for letter in Letter.select().where(Letter.kind == "case_assigned")}
    assert told == {"王大山", "陈静", "邓伟"}
    assert Line.select().where(Line.case == case, Line.author == "resident").count() == 1


@pytest.mark.parametrize("words", ["紧急联系人怎么改", "你们的紧急出口在哪"])
def test_other_words_that_begin_so_are_none(client, words):
    phone(client, "zhanglan").say(words)
    assert not Letter.select().where(Letter.event.startswith("incident:")).exists()
