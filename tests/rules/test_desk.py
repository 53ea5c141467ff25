"""Coming in at the desk: 陈静 with her consented code, the first administrator with the setup code, each once."""

from datetime import timedelta

import pytest

from app.rules import desk, letter, session
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import now, write
from models.letter import Letter
from models.role import Role
from models.session import Session, SetupCode, Signin

MINE = "the secret of this browser"
WHO = {"lasts": timedelta(hours=1), "agent": "Firefox", "address": "198.51.100.7"}


def consented(town, who: str, purpose: str = "desk") -> Signin:
    """A code of this browser, scanned and consented to."""
    with write():
        signin = session.show_signin(
            browser=MINE, purpose=purpose, lasts=timedelta(minutes=2), agent="Firefox", address="198.51.100.7"
        )
        session.scan_signin(signin.scene, town.person(who))
        session.consent_signin(town.person(who), signin.number)
    return Signin.get_by_id(signin.id)


def enter(signin: Signin, browser: str = MINE):
    with write():
        return desk.enter(signin.scene, browser=browser, **WHO)


def test_the_consented_code_opens_one_session(town):
    signin = consented(town, "chenjing")
    opened, token = enter(signin)
    assert session.find_session(token, door="console") == opened
    with pytest.raises(Refusal) as refused:
        enter(signin)
    assert (refused.value.code, Session.select().count()) == ("signin_gone", 1)


def test_a_session_remembers_how_it_was_opened(town):
    assert enter(consented(town, "chenjing"))[0].way == "qr"
    code, signin = session.new_setup_code(), consented(town, "dengwei", "setup")
    with write():
        assert desk.enter_first(signin.scene, code, browser=MINE, **WHO)[0].way == "setup"


def test_approved_after_the_role_was_removed_opens_nothing(town):
    """陈静 consents; before her browser asks, her part ends."""
    signin = consented(town, "chenjing")
    Role.update(ends_at=now()).where(Role.person == town.person("chenjing")).execute()
    assert (enter(signin), Session.select().count()) == (None, 0)


def test_whoever_has_no_part_cannot_even_scan(town):
    signin = session.show_signin(browser=MINE, purpose="desk", lasts=timedelta(minutes=2), agent="", address="")
    with pytest.raises(Refusal) as said:
        desk.scan(signin.scene, actor=town.actor("zhanglan"))
    assert (said.value.code, Signin.get().state) == ("no_part", "shown")
    assert desk.scan(signin.scene, actor=town.actor("chenjing")) == signin
    with pytest.raises(Refusal) as said:
        desk.scan(signin.scene, actor=town.actor("hefang"))
    assert (said.value.code, Signin.get().person) == ("signin_gone", town.person("chenjing"))


def test_another_browser_is_not_let_in(town):
    signin = consented(town, "chenjing")
    with pytest.raises(Refusal):
        enter(signin, "another browser")
    assert enter(signin) is not None


def test_whoever_has_no_part_is_not_let_in_and_it_is_written_down(town):
    assert enter(consented(town, "zhanglan")) is None
    assert Session.select().count() == 0
    audit = Audit.get(Audit.action == "session.open")
    assert (audit.person, audit.result) == (town.person("zhanglan"), "refused")


def test_the_first_administrator_comes_in_once(town):
    code, signin = session.new_setup_code(), consented(town, "dengwei", "setup")
    with write():
        opened, _ = desk.enter_first(signin.scene, code, browser=MINE, **WHO)
    assert opened.person == town.person("dengwei")
    with pytest.raises(NotFound), write():
        desk.enter_first(consented(town, "zhaoqiang", "setup").scene, code, browser=MINE, **WHO)


def test_a_wrong_setup_code_leaves_everything_as_it_was(town):
    session.new_setup_code()
    signin = consented(town, "dengwei", "setup")
    with pytest.raises(Refusal) as refused, write():
        desk.enter_first(signin.scene, "000000000000", browser=MINE, **WHO)
    assert refused.value.code == "setup_code"
    assert (SetupCode.get().used_at, Signin.get_by_id(signin.id).state) == (None, "approved")


def lost_letter(town) -> Letter:
    with write():
        letter.owe(
            kind="answer", person=town.person("zhanglan"), community=town.community(), event="lost",
            content={"text": "明天来修"}, identity=town.identity("zhanglan"),
        )  # fmt: skip
    Letter.update(state="uncertain", outcome="sender_died").execute()
    return Letter.get()


def test_a_letter_is_sent_again_once_and_it_is_written_down(town):
    row = lost_letter(town)
    with write():
        desk.resend_letter(row, actor=town.actor("chenjing"))
    assert Letter.get().state == "owed"
    assert Audit.get(Audit.action == "letter.resend").detail == {"was": "uncertain"}
    with pytest.raises(Conflict), write():
        desk.resend_letter(row, actor=town.actor("chenjing"))


def test_the_neighbour_does_not_send_again(town):
    with pytest.raises(Forbidden):
        desk.resend_letter(lost_letter(town), actor=town.actor("hefang"))
