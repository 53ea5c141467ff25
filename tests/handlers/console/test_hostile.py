"""Addresses made to do harm at the desk: to lead elsewhere, to be framed, to be too long to answer."""

import re
from urllib.parse import urlsplit

import pytest

from app.context import database_open
from handlers.console import POLICY, ROUTES
from models.base import new_key
from models.case import Case
from tests.handlers.console.conftest import report

ELSEWHERE = ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "https:evil.example",
             "javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", " //evil.example", "/%09/evil.example",
             "http:/\\evil.example", "//evil.example/console/", "https://evil.example@localhost"]  # fmt: skip
#: Names under which services take an address to go on to, and the words of our own framework for building one.
NAMES = ["next", "url", "to", "return", "return_to", "redirect", "redirect_uri", "continue", "goto", "back", "target",
         "before", "seen", "_scheme", "_external", "_anchor", "_method", "endpoint", "self", "values"]  # fmt: skip
PLAIN = [address for _, method, address, _ in ROUTES if method == "GET" and "<" not in address and address != "/live"]


@pytest.fixture
def many(hall):
    """More cases than one page holds, so that it leads on to older ones."""
    case = report(hall)
    fields = {name: value for name, value in case.__data__.items() if name not in ("id", "key", "number")}
    Case.insert_many([fields | {"number": 100 + number, "key": new_key()} for number in range(30)]).execute()
    return case


def leads_to(answer) -> list[str]:
    """Every address a browser could go to from an answer."""
    heads = ("Location", "HX-Redirect", "HX-Location", "Refresh")
    links = re.findall(r'\b(?:href|src|action|formaction|hx-get|hx-post)="([^"]*)"', answer.text)
    return [answer.headers[name] for name in heads if name in answer.headers] + links


def outside(addresses: list[str]) -> list[str]:
    """Those that do not lead to this desk. A browser reads a backslash as a slash, and skips tabs."""
    found = []
    for one in addresses:
        at = urlsplit(re.sub(r"[\t\r\n]", "", one.replace("\\", "/")).strip())
        if at.scheme or at.netloc or (at.path and not at.path.startswith(("/console/", "/api/v1/files/"))):
            found.append(one)
    return found


def test_the_measure_knows_what_is_outside():
    ours = ["/console/", "/console/cases?before=x", "?before=//evil.example", "#room"]
    assert outside(ours + ELSEWHERE) == ELSEWHERE


@pytest.mark.parametrize("address", PLAIN)
def test_no_page_leads_elsewhere(desk, many, address):
    """陈静 follows a link with an address of somebody else in it: wherever the page sends her, it is this desk."""
    browsers = [desk("chenjing"), desk()]
    for value in ELSEWHERE:
        for query in ({name: value for name in NAMES}, {"_external": "1", "_scheme": value}, {"_anchor": value}):
            for browser in browsers:
                answer = browser.client.get(f"/console{address}", query_string=query, headers={"Referer": value})
                assert answer.status_code not in (500, 503), query
                assert outside(leads_to(answer)) == [], query


def test_the_way_to_older_rows_keeps_the_question_and_nothing_else_of_it(desk, many):
    text = desk("chenjing").text("/cases?category=street_light&_scheme=javascript&_external=1&_anchor=x&endpoint=y")
    [older] = re.findall(r'<p class="older"><a class="button quiet" href="([^"]*)"', text)

    assert older.startswith("/console/cases?category=street_light&amp;_scheme=javascript")
    assert desk("chenjing").get(older.replace("&amp;", "&").removeprefix("/console")).status_code == 200


def test_no_answer_of_the_desk_can_be_framed(client, desk, hall):
    """Every route, for 陈静 and for nobody, by every method, found or not."""
    case = report(hall)
    browsers, asked = [desk("chenjing"), desk()], 0
    for _, method, address, _ in ROUTES:
        for browser in browsers:
            if address == "/live" and browser is browsers[0]:
                continue  # a stream that stays open; its head is made by the same hook
            path = "/console" + re.sub(r"<[^>]*>", case.key, address)
            for verb in {method, "POST", "DELETE"}:
                if path.endswith("/signout") and verb == "POST":
                    continue
                answer = browser.client.open(path, method=verb)
                found = {name: answer.headers.get(name) for name in ("X-Frame-Options", "Content-Security-Policy")}
                assert found == {"X-Frame-Options": "DENY", "Content-Security-Policy": POLICY}, (verb, path)
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                asked += 1
    assert "frame-ancestors 'none'" in POLICY and asked > 100


def test_the_page_is_asked_for_with_a_huge_address(desk):
    browser = desk("chenjing")
    for address in ("/cases?number=" + "1" * 100_000, "/cases?" + "&".join(f"a{n}=1" for n in range(5000)),
                    "/people?" + "person=" * 10_000, "/" + "a/" * 5000):  # fmt: skip
        assert browser.client.get(f"/console{address}").status_code in (200, 404)


def test_the_desk_of_nobody_is_still_the_sign_in(desk):
    """With whatever in the address: whoever is not signed in is sent to sign in, by an address of ours."""
    for value in ELSEWHERE:
        answer = desk().client.get("/console/cases", query_string={"next": value})
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/console/signin")
    with database_open():
        assert Case.select().count() == 0
