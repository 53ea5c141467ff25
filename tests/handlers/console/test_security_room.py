"""The room "登录与安全": a password is set up, changed and taken away; what one does not know is signed out."""

import re
from datetime import timedelta

import pyotp
import pytest

from app.context import database_open
from app.rules import session
from models.audit import Audit
from models.base import now, write
from models.credential import Credential
from models.role import Role
from models.session import Session
from tests.handlers.console.conftest import Browser, token_in, words_of
from tests.handlers.console.test_password import WORDS, enter, set_up

EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
NEW = "九月的石榴比八月的甜"


def open_more(hall, who: str = "chenjing", door: str = "console", **more) -> Session:
    more = {"agent": EDGE, "address": "203.0.113.9", "way": "qr"} | more
    with write():
        return session.open_session(hall.person(who), door=door, lasts=timedelta(hours=1), **more)[0]


def age(minutes: int) -> None:
    moment = now() - timedelta(minutes=minutes)
    Session.update(created_at=moment).execute()


def choose(browser: Browser, **more):
    fields = {"login": "chenjing", "password": WORDS, "again": WORDS} | more
    return browser.form("/security/password", page="/security", **fields)


def secret_on(page: str) -> str:
    """The secret one types into the app when one cannot scan."""
    return re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")


def test_a_password_from_the_first_click_to_the_first_sign_in(desk, hall):
    browser = desk("chenjing")
    assert choose(browser).status_code == 303
    page = browser.text("/security")
    secret = secret_on(page)
    picture = browser.get("/security/totp.svg")
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert picture.headers["Cache-Control"] == "no-store"
    wrong = browser.form("/security/confirm", page="/security", code="1")
    assert (wrong.status_code, "验证码不对。" in wrong.text) == (422, True)
    code = pyotp.TOTP(secret).now()
    assert browser.form("/security/confirm", page="/security", code=code).status_code == 303
    page = browser.text("/security")
    assert ("已启用" in page, secret in page.replace(" ", "")) == (True, False)
    assert browser.get("/security/totp.svg").status_code == 404
    assert secret not in repr(list(Credential.select().dicts()))
    Credential.update(totp_step=0).execute()
    stranger = desk()
    assert enter(stranger, typed=pyotp.TOTP(secret).now()).status_code == 303
    assert "陈静" in stranger.text("/")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"login": "陈静"}, "登录名用 3 到 32 个小写字母"),
        ({"again": WORDS + "？"}, "两次输入的密码不一样"),
        ({"password": "12345", "again": "12345"}, "密码要 10 到 128 个字"),
        ({"password": "chenjing123", "again": "chenjing123"}, "这个密码太容易猜到"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(desk, hall, fields, words):
    answer = choose(desk("chenjing"), **fields)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert 'aria-invalid="true"' in answer.text
    assert Credential.select().count() == 0


def test_a_desk_left_alone_gives_nobody_a_way_in(desk, hall):
    """The session is older than ten minutes: nothing about signing in can be changed, and the page says why."""
    set_up(hall)
    browser = desk("chenjing")
    token = token_in(browser.text("/"))
    age(11)
    page = browser.text("/security")
    assert (session.STALE in page, "改密码" in page, "停用" in words_of(page)) == (True, False, False)
    kept = list(Credential.select().dicts())
    for path in ("password", "confirm", "change", "remove"):
        fields = {"login": "chen2", "password": NEW, "again": NEW, "code": "1", "form_token": token}
        answer = browser.bare_form(f"/security/{path}", **fields)
        assert (answer.status_code, session.STALE in answer.text) == (403, True)
    assert browser.get("/security/totp.svg").status_code == 403
    assert list(Credential.select().dicts()) == kept


def test_another_password_and_none(desk, hall):
    set_up(hall)
    browser = desk("chenjing")
    elsewhere = open_more(hall, way="password")
    assert browser.form("/security/change", page="/security", password=NEW, again=NEW).status_code == 303
    assert Session.get_by_id(elsewhere.id).ended_at is not None
    assert enter(desk()).status_code == 422
    assert enter(desk(), password=NEW).status_code == 303
    assert browser.form("/security/remove", page="/security").status_code == 303
    assert Credential.select().count() == 0
    deeds = [row.detail["deed"] for row in Audit.select().where(Audit.action == "credential.write").order_by(Audit.id)]
    assert deeds == ["choose", "confirm", "change", "remove"]


def test_where_one_is_signed_in_is_told_in_words(desk, hall):
    browser = desk("chenjing")
    open_more(hall)
    open_more(hall, door="api", way="wechat", agent="", address="")
    open_more(hall, "hefang", address="192.0.2.77")
    words = words_of(browser.text("/security"))
    assert "工作台 Windows 上的 Edge 微信扫码，" in words and "地址 203.0.113.9" in words
    assert "小程序 没有说明的浏览器" in words
    assert (words.count("就是这里"), "192.0.2.77" in words) == (1, False)


def test_a_session_one_does_not_know_is_ended(desk, hall):
    browser, other = desk("chenjing"), desk("chenjing")
    unknown = session.find_session(other.token, door="console")
    answer = browser.form(f"/security/sessions/{unknown.key}", page="/security")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/security")
    assert (other.get("/").status_code, browser.get("/").status_code) == (302, 200)
    assert browser.form(f"/security/sessions/{unknown.key}", page="/security").status_code == 404


def test_nobody_ends_the_session_of_somebody_else(desk, hall):
    hers = session.find_session(desk("chenjing").token, door="console")
    assert desk("hefang").form(f"/security/sessions/{hers.key}", page="/security").status_code == 404
    assert Session.get_by_id(hers.id).ended_at is None


def test_ending_this_one_is_signing_out(desk, hall):
    browser = desk("chenjing")
    mine = session.find_session(browser.token, door="console")
    answer = browser.form(f"/security/sessions/{mine.key}", page="/security")
    assert (answer.headers["Location"], browser.cookie("desk")) == ("/console/signin", None)


def test_all_others_end_at_once(desk, hall):
    browser, screen = desk("chenjing"), desk("chenjing")
    phone, neighbour = open_more(hall, door="api"), desk("hefang")
    assert browser.form("/security/others", page="/security").status_code == 303
    statuses = [one.get("/").status_code for one in (browser, screen, neighbour)]
    assert (statuses, Session.get_by_id(phone.id).ended_at is None) == ([200, 302, 200], False)


def test_a_part_that_ended_opens_nothing_with_the_very_next_request(desk, hall, client):
    """Every room 陈静 sees is closed once her part has ended, in the same session, without waiting for anything."""
    browser = desk("chenjing")
    rules = client.application.url_map.iter_rules()
    rooms = [
        rule.rule.removeprefix("/console") for rule in rules
        if rule.endpoint.startswith("console.") and "GET" in rule.methods and not rule.arguments
    ]  # fmt: skip
    answers = {path: browser.get(path) for path in rooms if path != "/live"}
    open_ones = [path for path, answer in answers.items() if answer.status_code == 200 and "signin" not in path]
    assert len(set(open_ones) - {"/setup"}) >= 7
    Role.update(ends_at=now()).where(Role.person == hall.person("chenjing")).execute()
    assert {path: browser.get(path).status_code for path in open_ones if path != "/setup"} == {
        path: 403 for path in open_ones if path != "/setup"
    }


def test_a_new_token_in_the_middle_of_work_breaks_neither_form_nor_second_tab(desk, hall):
    """A page stands open since a while; another tab gets the new token; both go on, and the form is still good."""
    browser = desk("chenjing")
    form_token, first = token_in(browser.text("/security")), browser.token
    age(16)
    answer = browser.get("/")
    line = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("desk="))
    second = browser.cookie("desk").value
    assert second != first
    assert [part for part in line.split("; ")[3:]] == ["HttpOnly", "Path=/console", "SameSite=Lax"]
    late = Browser(browser.client.application, first)
    assert late.get("/security").status_code == 200
    assert late.cookie("desk").value == second
    assert browser.bare_form("/security/others", form_token=form_token).status_code == 303
    Session.update(rotated_at=now() - timedelta(seconds=61)).execute()
    assert Browser(browser.client.application, first).get("/").status_code == 302
    assert browser.get("/").status_code == 200
    assert "desk=" not in str(browser.get("/").headers.getlist("Set-Cookie"))


def test_the_event_stream_carries_the_new_token_too(desk, hall):
    browser = desk("chenjing")
    age(16)
    stream = browser.get("/live")
    assert (stream.status_code, stream.mimetype) == (200, "text/event-stream")
    stream.close()
    second = browser.cookie("desk").value
    assert second != browser.token
    assert Browser(browser.client.application, second).get("/").status_code == 200


def test_signing_out_while_a_new_token_is_due_leaves_no_cookie(desk, hall):
    browser = desk("chenjing")
    token = token_in(browser.text("/"))
    age(16)
    assert browser.bare_form("/signout", form_token=token).status_code == 303
    assert browser.cookie("desk") is None


def test_nothing_of_the_desk_is_kept_by_the_browser(desk, hall):
    """The back button after signing out asks again, and is led to the sign-in page."""
    browser = desk("chenjing")
    for path in ("/", "/cases", "/security"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"
    browser.form("/signout")
    assert [browser.get(path).status_code for path in ("/", "/cases", "/security")] == [302] * 3


def test_a_resident_has_no_such_room(client, hall):
    with database_open(), write():
        lasts = timedelta(hours=1)
        token = session.open_session(hall.person("zhanglan"), door="console", lasts=lasts)[1]
    assert Browser(client.application, token).get("/security").status_code == 403
