"""No other site can make a browser do something here: asked of every unsafe route there is, so also of tomorrow's.

And the two doors do not take each other's proof: no cookie at the API, no bearer token at the console.
"""

from datetime import timedelta

import pytest

from app.context import database_open
from app.factory import create_app
from app.guard import UNSAFE
from app.rules import session
from handlers.console import console
from models.base import database, write
from models.session import Session
from tests.handlers.console.conftest import Browser, token_in
from tests.handlers.console.test_signin import SECRET

FOREIGN = "这个请求不是从本站页面发出的，已拒绝。"
NO_TOKEN = "页面已过期，请刷新后再试。"
STRANGERS = (
    {"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Origin": ""}, {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost@evil.example"}, {"Origin": "http://localhost:81"}, {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none of these"},
)  # fmt: skip
BODIES = (
    ("application/x-www-form-urlencoded", b"a=1"),
    ("text/plain", b'{"form_token": "x"}'),
    ("application/json", b'{"form_token": "x"}'),
    ("multipart/form-data; boundary=x", b"--x--"),
    ("", b""),
)


@pytest.fixture
def unsafe(client) -> list[tuple[str, str, str]]:
    """Every unsafe route of the console: endpoint, method, an address of it."""
    found = []
    for rule in client.application.url_map.iter_rules():
        if rule.endpoint.startswith(f"{console.name}."):
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<{name}>", "accept" if name == "verb" else "a" * 16)
            found += [(rule.endpoint, method, path) for method in rule.methods & UNSAFE]
    assert len(found) >= 18
    return found


@pytest.fixture
def two(desk) -> tuple[tuple[Browser, str], tuple[Browser, str]]:
    """A browser at the desk and one that is about to sign in, each with a form token that fits it."""
    inside, outside = desk("dengwei"), desk()
    outside.client.set_cookie("visitor", SECRET, path="/console")
    return (inside, token_in(inside.text("/"))), (outside, token_in(outside.text("/signin/password")))


def send(browser: Browser, method: str, path: str, **more):
    return browser.client.open(path, method=method, **more)


def holder(two, endpoint: str) -> tuple[Browser, str]:
    """Who may send this at all: a visitor, or somebody who is signed in."""
    return two[1] if endpoint in ("console.setup_code", "console.enter_first", "console.enter_by_password") else two[0]


def test_without_the_token_of_the_form_nothing_happens(unsafe, two):
    for endpoint, method, path in unsafe:
        browser, _ = holder(two, endpoint)
        for kind, body in BODIES:
            answer = send(browser, method, path, data=body, content_type=kind)
            assert (answer.status_code, NO_TOKEN in answer.text) == (403, True), (endpoint, kind)
    assert Session.select().where(Session.ended_at.is_null()).count() == 1


def test_the_token_of_another_browser_does_not_fit(unsafe, two):
    for endpoint, method, path in unsafe:
        browser, _ = holder(two, endpoint)
        for token in (two[0][1], two[1][1], "0" * 64, "不是", ""):
            if token != holder(two, endpoint)[1]:
                answer = send(browser, method, path, data={"form_token": token})
                assert (answer.status_code, NO_TOKEN in answer.text) == (403, True), (endpoint, token)


def test_with_the_right_token_a_page_of_another_site_is_refused_all_the_same(unsafe, two):
    for endpoint, method, path in unsafe:
        browser, token = holder(two, endpoint)
        for headers in STRANGERS:
            answer = send(browser, method, path, data={"form_token": token}, headers=headers)
            assert (answer.status_code, FOREIGN in answer.text) == (403, True), (endpoint, headers)
    assert Session.select().where(Session.ended_at.is_null()).count() == 1


def test_our_own_page_is_not_refused_for_this(unsafe, two):
    """The other side of the tests above: what they hold back is let through when it comes from us."""
    for endpoint, method, path in unsafe:
        if endpoint == "console.signout":
            continue
        browser, token = holder(two, endpoint)
        headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        answer = send(browser, method, path, data={"form_token": token}, headers=headers)
        assert (FOREIGN in answer.text, NO_TOKEN in answer.text) == (False, False), endpoint


def test_a_visitor_without_a_cookie_has_no_token_that_fits(client, unsafe):
    for endpoint, method, path in unsafe:
        answer = send(Browser(client.application), method, path, data={"form_token": "0" * 64})
        assert answer.status_code in (401, 403), endpoint


def tokens(town) -> dict[str, str]:
    """陈静's token for each door."""
    with database_open(), write():
        return {
            door: session.open_session(town.person("chenjing"), door=door, lasts=timedelta(hours=1))[1]
            for door in ("api", "console")
        }


def test_the_console_takes_no_bearer_and_no_token_of_the_api(client):
    known = tokens(client.town)
    paths = [
        rule.rule for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "GET" in rule.methods and not rule.arguments
    ]  # fmt: skip
    closed = [path for path in paths if Browser(client.application).client.get(path).status_code == 302]
    assert len(closed) >= 9
    for path in closed:
        for token in known.values():
            bearer = client.application.test_client().get(path, headers={"Authorization": f"Bearer {token}"})
            assert bearer.status_code == 302, path
        assert Browser(client.application, known["api"]).client.get(path).status_code == 302, path
    assert Browser(client.application, known["console"]).get("/").status_code == 200


def test_the_api_takes_no_cookie_and_no_token_of_the_console(client):
    known = tokens(client.town)
    routes = [
        (method, rule.rule.replace("<int:", "<").replace("<path:", "<"))
        for rule in client.application.url_map.iter_rules() if rule.rule.startswith("/api/")
        for method in rule.methods & (UNSAFE | {"GET"})
    ]  # fmt: skip
    closed = [one for one in routes if client.open(one[1], method=one[0]).status_code == 401]
    assert len(closed) >= 25
    browser = client.application.test_client()
    for name in ("desk", "__Host-desk", "session", "token"):
        browser.set_cookie(name, known["api"], path="/")
    for method, path in closed:
        assert browser.open(path, method=method).status_code == 401, path
        bearer = {"Authorization": f"Bearer {known['console']}"}
        assert client.open(path, method=method, headers=bearer).status_code == 401, path


def lines(answer, name: str) -> list[str]:
    """A cookie as it is set, without value and dates."""
    found = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}=")]
    return [part for line in found for part in line.split("; ")[1:] if not part.startswith(("Expires", "Max-Age"))]


def test_the_cookies_on_http_and_on_https(sqlite_town):
    database.close()
    server = sqlite_town.settings.server.model_copy(update={"base_url": "https://jiamenkou.example"})
    for settings, name, wanted in (
        (sqlite_town.settings, "visitor", ["HttpOnly", "Path=/console", "SameSite=Lax"]),
        (
            sqlite_town.settings.model_copy(update={"server": server}), "__Host-visitor",
            ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"],
        ),
    ):  # fmt: skip
        answer = create_app(settings).test_client().get("/console/signin/password")
        assert lines(answer, name) == wanted


def test_on_https_only_the_prefixed_cookie_opens_the_desk(sqlite_town):
    known = tokens(sqlite_town)["console"]
    server = sqlite_town.settings.server.model_copy(update={"base_url": "https://jiamenkou.example"})
    app = create_app(sqlite_town.settings.model_copy(update={"server": server}))
    for name, status in (("desk", 302), ("__Secure-desk", 302), ("__Host-desk", 200)):
        browser = app.test_client()
        browser.set_cookie(name, known, domain="jiamenkou.example", path="/", secure=True)
        assert browser.get("/console/", base_url="https://jiamenkou.example").status_code == status
