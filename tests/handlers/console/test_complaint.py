"""Residents complain about 陈静, or about the property company she answers for: at her own desk she learns of neither.

赵强 is the second admin of the community: everything she does not see reaches him.
"""

import json
from datetime import timedelta

import pytest

from app.rules import alert, crew, glass, letter, miniprogram
from app.rules import conversation as talk
from app.rules.refusal import NotFound
from handlers.console import letter as letters
from handlers.console import reveal
from models.alert import Alert
from models.audit import Audit
from models.base import now, write
from models.case import Case
from models.conversation import Conversation, Line
from models.event import Event
from models.glass import Glass
from models.letter import Letter
from models.role import Role
from models.setting import Setting
from models.unit import Unit, UnitContact
from tests.handlers.console.conftest import ask, report, words_of
from tests.handlers.console.test_conversation import answer, said

WHY = "张兰家里有人受伤，要联系本人"


@pytest.fixture(params=["person", "unit"])
def complaint(request, hall) -> Case:
    """张兰 reports what complains about 陈静, as a person or as who answers for a unit."""
    case = report(hall)
    with write():
        Role.create(person=hall.person("zhaoqiang"), place=hall.community(), kind="community_admin")
        unit = Unit.get(Unit.community == hall.community())
        UnitContact.create(unit=unit, person=hall.person("chenjing"), starts_at=now() - timedelta(days=1))
        about = {"about": hall.person("chenjing")} if request.param == "person" else {"about_unit": unit}
        Case.update(about).where(Case.id == case.id).execute()
    return Case.get_by_id(case.id)


def test_an_answer_about_it_is_refused_like_one_about_no_case_at_all(desk, hall, complaint):
    conversation, foreign = ask(hall), report(hall, "sunmei")
    browser, told = desk("chenjing"), []
    for key in (complaint.key, foreign.key, "nothing"):
        sent = answer(browser, conversation, "好的", {"HX-Request": "true"}, case=key)
        told.append((sent.status_code, sent.text.replace(key, "").replace(conversation.key, "")))
    assert told[0] == told[1] == told[2]
    assert told[0][0] == 422
    assert Line.select().where(Line.author == "community").count() == 0
    assert Case.get_by_id(complaint.id).contacted_at is None
    assert answer(desk("zhaoqiang"), conversation, "好的", case=complaint.key).status_code == 303


def test_the_rule_itself_refuses_it_whoever_calls(hall, complaint):
    conversation = ask(hall)
    with pytest.raises(NotFound), write():
        talk.answer(conversation, actor=hall.actor("chenjing"), text="好的", case=complaint)
    assert Line.select().where(Line.author == "community").count() == 0


def test_a_voice_of_it_is_not_heard(desk, hall, complaint):
    conversation = ask(hall)
    hall.context.files.put("voices/abc.amr", b"#!AMR\n", "audio/amr")
    voice = {"kind": "voice", "text": "她骂人", "recording": "voices/abc.amr", "case": complaint}
    line = Line.create(conversation=conversation, author="resident", **voice)
    path = f"/inbox/{conversation.key}/lines/{line.key}/voice.amr"
    heard = [desk(who).get(path) for who in ("chenjing", "zhaoqiang")]
    assert [one.status_code for one in heard] == [404, 200]


@pytest.mark.parametrize("path", ["", "/fresh", "/lines/{}", "/lines/{}/voice.amr"])
def test_every_way_of_seeing_a_talk_is_written_down_and_counts(desk, hall, path):
    """One person a day: after 孙梅, 陈静 sees nothing of what 张兰 said."""
    Setting.create(community=hall.community(), name="people_per_day", value=1)
    hers, theirs, browser = ask(hall, "sunmei"), ask(hall), desk("chenjing")
    hall.context.files.put("voices/abc.amr", b"#!AMR\n", "audio/amr")
    Line.update(recording="voices/abc.amr").execute()
    asked = {talk: f"/inbox/{talk.key}{path.format(talk.lines.get().key)}" for talk in (hers, theirs)}
    assert browser.get(asked[hers]).status_code == 200
    assert Audit.get(Audit.action == "conversation.read").about == hall.person("sunmei")
    shut = browser.get(asked[theirs])
    assert (shut.status_code, "请问师傅什么时候来" in shut.text) == (403, False)


@pytest.mark.parametrize("text", ["", "好的"])
def test_an_answer_shows_nothing_of_one_person_too_many_either(desk, hall, text):
    """An empty answer used to come back with the whole talk."""
    Setting.create(community=hall.community(), name="people_per_day", value=1)
    hers, theirs, browser = ask(hall, "sunmei"), ask(hall), desk("chenjing")
    browser.text(f"/inbox/{hers.key}")
    sent = browser.form(f"/inbox/{theirs.key}", f"/inbox/{hers.key}", text=text)
    assert (sent.status_code, "<li" in sent.text.partition('role="log"')[2]) == (403, False)
    assert Line.select().where(Line.author == "community").count() == 0


def stream_until(browser, key: str) -> list[str]:
    """The keys an open page hears of from the beginning, up to that one."""
    opened, heard = browser.get("/live", **{"Last-Event-ID": "0"}), []
    for piece in opened.iter_encoded():
        heard += [json.loads(line[6:])["key"] for line in piece.decode().splitlines() if line.startswith("data: ")]
        if key in heard:
            break
    opened.close()
    return heard


def test_an_open_page_does_not_hear_of_it(desk, hall, complaint):
    conversation = ask(hall)
    with write():
        talk.hear(conversation, text="她骂人", case=complaint)
        lost = owed(hall, complaint)
        Event.insert(community=hall.community(), kind="letter", subject=lost.key).execute()
    others, last = ask(hall, "sunmei"), report(hall, "sunmei")
    Event.update(at=now() - timedelta(minutes=1)).execute()
    heard = {who: set(stream_until(desk(who), last.key)) for who in ("chenjing", "zhaoqiang")}
    assert heard["chenjing"] & {complaint.key, conversation.key, lost.key} == set()
    assert {others.key, last.key} <= heard["chenjing"]
    assert {complaint.key, conversation.key, lost.key, others.key, last.key} <= heard["zhaoqiang"]


def owed(hall, case: Case | None, **more) -> Letter:
    """A letter of a case that ended without arriving."""
    letter.owe(
        kind="answer", person=hall.person("zhanglan"), community=hall.community(), event="lost:1",
        content={"text": "您反映陈静的事"}, identity=hall.identity("zhanglan"), case=case, **more,
    )  # fmt: skip
    Letter.update(state="refused", outcome="no_chat_budget", ended_at=now()).where(Letter.event == "lost:1").execute()
    return Letter.get(Letter.event == "lost:1")


@pytest.mark.parametrize("by", ["case", "line"])
def test_its_lost_letters_are_not_listed_counted_or_sent_again(desk, hall, complaint, by):
    with write():
        line = talk.say(talk.open_with(hall.person("zhanglan"), hall.community()), "没有收到照片", case=complaint)
        lost = owed(hall, complaint) if by == "case" else owed(hall, None, line=line)
    seen = {who: desk(who) for who in ("chenjing", "zhaoqiang")}
    assert ["您反映陈静的事" in one.text("/letters") for one in seen.values()] == [False, True]
    counts = [words_of(one.text("/")).partition(" 消息未送达")[0].split()[-1] for one in seen.values()]
    assert counts == ["0", "1"]
    of_case = [letters.of_case(complaint, hall.actor(who)) for who in seen]
    assert (of_case[0], len(of_case[1]) > 0) == ([], True)
    sent = [one.form(f"/letters/{lost.key}/resend").status_code for one in seen.values()]
    assert sent == [404, 303]


def broken(hall, case: Case) -> Glass:
    with write():
        return glass.break_glass(case, "photo.read", actor=hall.actor("dengwei"), reason=WHY)


def test_a_broken_glass_of_it_is_neither_told_nor_shown_nor_reviewed(desk, hall, complaint):
    made = broken(hall, complaint)
    row = Alert.get(Alert.kind == "glass_broken")
    told = {one.person for one in Letter.select().where(Letter.kind == "alert")}
    assert told == {hall.person("zhaoqiang")}
    chen, li = desk("chenjing"), desk("zhaoqiang")
    assert [reveal.unseen(hall.actor(who)) for who in ("chenjing", "zhaoqiang")] == [0, 2]
    assert [f"#{complaint.number}" in one.text("/alerts") for one in (chen, li)] == [False, True]
    assert [WHY in one.text("/alerts") for one in (chen, li)] == [False, True]
    assert [one.form(f"/alerts/{row.key}").status_code for one in (chen, li)] == [404, 303]
    assert [one.form(f"/glass/{made.key}").status_code for one in (chen, li)] == [404, 303]


def test_the_rules_of_alerts_and_glass_refuse_it_too(hall, complaint):
    made = broken(hall, complaint)
    with pytest.raises(NotFound), write():
        alert.see(Alert.get(), actor=hall.actor("chenjing"))
    with pytest.raises(NotFound), write():
        glass.review(made, actor=hall.actor("chenjing"))


def test_the_words_of_an_alert_do_not_repeat_the_reason(hall, complaint):
    broken(hall, complaint)
    pushed = [Alert.get().words, *(one.content["text"] for one in Letter.select().where(Letter.kind == "alert"))]
    assert len(pushed) == 2
    assert all(f"#{complaint.number}" in words and "张兰" not in words for words in pushed)


def test_an_alert_kept_under_the_key_of_its_glass_is_hidden_as_well(desk, hall, complaint):
    made = broken(hall, complaint)
    Alert.update(subject=made.key).execute()
    assert [f"#{complaint.number}" in desk(who).text("/alerts") for who in ("chenjing", "zhaoqiang")] == [False, True]


def test_a_talk_of_nothing_else_is_not_in_the_inbox(desk, hall, complaint):
    conversation = talk.open_with(hall.person("zhanglan"), hall.community())
    with write():
        talk.hear(conversation, text="她骂人", case=complaint, wants_answer=True)
    for shown in (False, True):
        for path in ("/inbox", "/"):
            assert (conversation.key in desk("chenjing").text(path)) == shown
            assert conversation.key in desk("zhaoqiang").text(path)
        assert desk("chenjing").get(f"/inbox/{conversation.key}").status_code == (200 if shown else 404)
        with write():
            talk.hear(conversation, text="路灯也坏了", wants_answer=True)


def test_what_the_bot_answered_to_it_is_read_by_the_others(desk, hall, client):
    """张兰 names 陈静 in the talk of the mini-program: the number that the bot gave is hers and 赵强's to read."""
    from_chat(hall, "陈静态度太差，我要投诉，3号楼门口路灯不亮没人管")
    case, conversation = Case.get(), Conversation.get()
    assert case.about == hall.person("chenjing")
    with write():
        talk.hear(conversation, text="谢谢")
    Role.create(person=hall.person("zhaoqiang"), place=hall.community(), kind="community_admin")
    told = {who: said(desk(who).text(f"/inbox/{conversation.key}")) for who in ("chenjing", "zhaoqiang")}
    assert told["chenjing"] == ["谢谢"]
    assert any(f"#{case.number}" in one for one in told["zhaoqiang"])


def from_chat(hall, text: str) -> None:
    """张兰 says it in the mini-program."""
    from_page = hall.identity("zhanglan", "mini")
    with write():
        miniprogram.speak(from_page, actor=hall.actor("zhanglan"), text=text, default="huimin", moment=now())


def test_nobody_it_is_about_is_asked_to_decide_or_go(hall, complaint):
    asked = {one.id for one in crew.deciders_of(complaint)} | {one.id for one in crew.chain_of(complaint)}
    assert hall.person("chenjing").id not in asked
    assert hall.person("zhaoqiang").id in asked


def test_a_worker_who_answers_for_the_unit_is_not_sent(hall):
    case, worker = report(hall), hall.person("wangdashan")
    unit = Unit.get(Unit.community == hall.community())
    Case.update(about_unit=unit).where(Case.id == case.id).execute()
    case = Case.get_by_id(case.id)
    assert worker in crew.sendable(case) and worker in crew.workers_for(case)
    row = UnitContact.create(unit=unit, person=worker, starts_at=now() - timedelta(days=1))
    assert worker not in crew.sendable(case) and worker not in crew.workers_for(case)
    UnitContact.update(ends_at=now() - timedelta(hours=1)).where(UnitContact.id == row.id).execute()
    assert worker in crew.sendable(case)
