"""陈静 without her phone's WeChat: login name, password, code. Whoever guesses gets one answer, and then must wait."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest

from app import vault
from app.rules import credential, failure, session
from models.audit import Audit
from models.base import now, write
from models.credential import Credential, Failure
from models.role import Role
from models.session import Session
from tests.handlers.console.conftest import Browser, token_in

WORDS, SECRET = "槐树下第三张石凳很凉快", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "登录名、密码或验证码不对，请检查后再试。每个验证码只能用一次，用过了请等手机上换一个。"


def code(steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(now(), counter_offset=steps)


def set_up(hall, who: str = "chenjing") -> None:
    """A credential in force, none of whose codes of now is used."""
    key, person = hall.settings.secrets.key.get_secret_value(), hall.person(who)
    with write():
        sealed = vault.seal(SECRET, key=key, bound_to=str(person.id))
        credential.choose(actor=hall.actor(who), login=who, password=WORDS, sealed=sealed)
        credential.confirm(actor=hall.actor(who), code=code(), secret=SECRET)
    Credential.update(totp_step=0).execute()


@pytest.fixture
def owner(hall):
    set_up(hall)


def enter(browser: Browser, login: str = "chenjing", password: str = WORDS, typed: str | None = None, **more):
    fields = {"login": login, "password": password, "code": code() if typed is None else typed}
    return browser.form("/signin/password", page="/signin/password", **fields, **more)


def told(answer) -> str:
    """The page without what differs by itself: the form token and the login that was typed."""
    return re.sub(r'value="[^"]*"', "", answer.text)


def test_the_sign_in_page_leads_here_and_back(desk):
    assert 'href="/console/signin/password"' in desk().get("/signin").text
    assert 'href="/console/signin"' in desk().text("/signin/password")


def test_password_and_code_open_a_fresh_session(desk, hall, owner):
    browser = desk()
    answer = enter(browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/")
    assert "陈静" in browser.text("/")
    assert browser.cookie("visitor") is None
    opened = Session.get()
    assert (opened.way, opened.person, opened.door) == ("password", hall.person("chenjing"), "console")
    assert browser.get("/signin/password").status_code == 302


def test_whatever_is_wrong_the_answer_is_the_same(desk, owner):
    pages = {
        told(answer)
        for answer in (
            enter(desk(), login="nobody"), enter(desk(), password="槐树下第四张石凳很凉快"),
            enter(desk(), typed="000000"), enter(desk(), login="", password="", typed=""),
            enter(desk(), password="x" * 5000, typed="1" * 5000),
        )
    }  # fmt: skip
    assert len(pages) == 1
    assert WRONG in pages.pop()
    assert Session.select().count() == 0


def test_a_code_is_good_once_also_with_the_right_password(desk, owner):
    current = code()
    assert enter(desk(), typed=current).status_code == 303
    assert enter(desk(), typed=current).status_code == 422
    assert Session.select().count() == 1


def test_the_same_code_in_twenty_threads_is_one_session(desk, owner, client):
    """They come from twenty addresses, so that nothing but the code holds them back."""
    start, browsers = Barrier(20), [desk() for _ in range(20)]
    tokens = [token_in(browser.text("/signin/password")) for browser in browsers]
    current = code()

    def attempt(number: int) -> int:
        start.wait()
        fields = {"login": "chenjing", "password": WORDS, "code": current, "form_token": tokens[number]}
        return browsers[number].client.post(
            "/console/signin/password", data=fields, environ_overrides={"REMOTE_ADDR": f"198.51.100.{number}"}
        ).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(attempt, range(20)))
    assert sorted(answers) == [303] + [422] * 19
    assert Session.select().count() == 1


def test_after_five_failures_one_waits_here_and_comes_in_elsewhere(desk, owner):
    guesser = desk()
    assert [enter(guesser, password="猜一猜看看对不对呢").status_code for _ in range(5)] == [422] * 5
    answer = enter(guesser)
    assert (answer.status_code, 1 <= int(answer.headers["Retry-After"]) <= 2) == (429, True)
    assert "试错的次数多了，请过" in answer.text and "改用微信扫码登录" in answer.text
    assert Session.select().count() == 0
    fields = {"login": "chenjing", "password": WORDS, "code": code()}
    home = desk()
    fields["form_token"] = token_in(home.text("/signin/password"))
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert home.client.post("/console/signin/password", data=fields, environ_overrides=elsewhere).status_code == 303


def test_one_household_of_ipv6_has_one_try_less_each_time_whichever_address_it_takes(desk, owner):
    """A /64 holds 2^64 addresses, and all of them are one line of one guesser; the next /64 is somebody else."""

    def guess(address: str) -> int:
        browser = desk()
        fields = {"login": "chenjing", "password": "猜一猜看看对不对呢", "code": "1"}
        fields["form_token"] = token_in(browser.text("/signin/password"))
        sent = {"REMOTE_ADDR": address}
        return browser.client.post("/console/signin/password", data=fields, environ_overrides=sent).status_code

    assert [guess(f"2001:db8:0:1::{number:x}") for number in range(1, 7)] == [422] * 5 + [429]
    assert guess("2001:db8:0:2::1") == 422
    tried = {row.address for row in Audit.select().where(Audit.action == "signin.password")}
    assert tried == {*(f"2001:db8:0:1::{number:x}" for number in range(1, 6)), "2001:db8:0:2::1"}


def test_who_waited_comes_in_and_starts_anew(desk, owner):
    browser = desk()
    for _ in range(5):
        enter(browser, typed="1")
    Failure.update(again_at=now() - timedelta(seconds=1)).execute()
    assert enter(browser).status_code == 303
    assert Failure.select().where(Failure.key == failure._key("chenjing", "127.0.0.1")).count() == 0


def test_a_waiting_try_costs_no_hash_and_no_code(desk, owner):
    browser, current = desk(), code()
    for _ in range(5):
        enter(browser, typed="1")
    rows = Audit.select().count()
    assert enter(browser, typed=current).status_code == 429
    assert (Audit.select().count(), Credential.get().totp_step) == (rows, 0)


def test_whose_part_ended_is_told_plainly(desk, owner, hall):
    Role.update(ends_at=now()).where(Role.person == hall.person("chenjing")).execute()
    browser = desk()
    answer = enter(browser)
    assert answer.headers["Location"] == "/console/signin/no-part"
    assert (browser.get("/").status_code, Session.select().count()) == (302, 0)


def test_a_changed_key_of_the_installation_opens_nothing(desk, owner, hall):
    another = "another key of this installation, as long as the first"
    sealed = vault.seal(SECRET, key=another, bound_to=str(hall.person("chenjing").id))
    Credential.update(totp_secret=sealed).execute()
    assert enter(desk()).status_code == 422


def test_a_secret_of_somebody_else_opens_nothing(desk, owner, hall):
    """Somebody with the database alone puts the own sealed secret into 陈静's row."""
    key = hall.settings.secrets.key.get_secret_value()
    Credential.update(totp_secret=vault.seal(SECRET, key=key, bound_to=str(hall.person("hefang").id))).execute()
    assert enter(desk()).status_code == 422


def test_failures_stand_in_the_audit_log_without_what_was_typed(desk, owner, hall):
    enter(desk(), password="mistyped-words-here")
    row = Audit.get(Audit.action == "signin.password")
    assert (row.result, row.about, row.address) == ("refused", hall.person("chenjing"), "127.0.0.1")
    assert "mistyped" not in repr(list(Audit.select().dicts()))


def test_the_form_works_only_from_our_own_page(desk, owner):
    browser = desk()
    fields = {"login": "chenjing", "password": WORDS, "code": code()}
    assert browser.bare_form("/signin/password", **fields).status_code == 403
    token = token_in(desk().text("/signin/password"))
    assert browser.bare_form("/signin/password", form_token=token, **fields).status_code == 403
    assert Session.select().count() == 0


def test_a_session_that_was_known_before_is_not_taken_over(desk, owner):
    """Fixation: a cookie that somebody has put into the browser is not what becomes the session."""
    browser = desk()
    browser.client.set_cookie("desk", "known-to-somebody-else", path="/console")
    assert enter(browser).status_code == 303
    assert browser.cookie("desk").value != "known-to-somebody-else"
    assert session.find_session("known-to-somebody-else", door="console") is None


def test_the_page_hides_what_was_typed(desk, owner):
    page = enter(desk(), password="secret-words-here", typed="123123").text
    assert ("secret-words-here" in page, "123123" in page, 'value="chenjing"' in page) == (False, False, True)
