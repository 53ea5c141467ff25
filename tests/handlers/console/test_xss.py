"""T12: whatever strangers write is shown at the desk as the words it is: nothing runs, nothing is fetched.

Every one of the polyglots stands in every stored field that the desk shows; a real Chromium opens the pages with our
policy in force and reports whatever ran, was blocked by the policy, or became an element it should not be.
"""

import html
import re
from collections.abc import Iterator

import pytest

from app.context import database_open
from handlers.console import ROUTES
from models.alert import Alert
from models.approval import Approval
from models.audit import Audit
from models.base import database, new_key, now
from models.case import Case, Step
from models.conversation import Conversation, Line
from models.delegation import Delegation
from models.letter import Letter
from models.notice import Notice
from models.person import Person, Residence
from models.place import Grid, Place
from models.role import Role
from models.session import Session
from models.unit import Unit
from tests.handlers.console.conftest import report
from tests.handlers.console.xss import POLYGLOTS
from tests.sandbox.backend import Served

WATCH = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => window.ran.push(name);
addEventListener("securitypolicyviolation", (event) => window.ran.push(`policy: ${event.violatedDirective}`));
"""
#: One page after the other would leave more live streams behind than the desk keeps open at once.
NO_STREAM = "window.EventSource = class extends EventTarget { close() {} };"
#: Addresses of single things, of files, and of those who are not signed in.
NO_PAGE = re.compile(r"<|\.|/live|/signin|/setup")
#: What a page has that it should not: what ran, elements that can run or fetch, attributes with a stranger's words.
FOUND = """() => {
  const found = [...window.ran];
  const bad = /^(script|iframe|object|embed|base|meta|link|style|math|video|marquee|template|noscript|xmp|plaintext)$/;
  const theirs = /evil[.]|(alert|confirm|prompt|print) ?[(`]|script:/;
  const harmless = /^(value|title|alt|placeholder|aria-label|content)$/;
  for (const one of document.body.querySelectorAll("*")) {
    if (bad.test(one.localName)) found.push(one.outerHTML.slice(0, 80));
    for (const {name, value} of one.attributes) {
      if (/^(on|hx-on|data-hx-on|srcdoc)/.test(name)) found.push(`${one.localName} ${name}`);
      if (!harmless.test(name) && theirs.test(value)) found.push(`${name}=${value}`);
    }
  }
  return found;
}"""


@pytest.fixture
def town_of_strangers(client) -> Iterator:
    """Every polyglot in every stored field of 惠民社区, each in a row of its own."""
    with database_open(), database.atomic():
        hall = client.town
        case = report(hall)
        fill(hall, case)
    yield case


def fill(hall, case: Case) -> None:
    community, words = hall.community(), POLYGLOTS
    Person.insert_many([{"name": one, "key": new_key(), "phone": "13800001111"} for one in words]).execute()
    people = list(Person.select().order_by(Person.id.desc()).limit(len(words)))[::-1]
    home = Place.select().where(Place.kind == "household").first()
    Place.insert_many([
        {"kind": "household", "name": one, "parent": home.parent, "community": community, "above": home.above,
         "label": one} for one in words
    ]).execute()  # fmt: skip
    homes = list(Place.select().order_by(Place.id.desc()).limit(len(words)))[::-1]
    Unit.insert_many([{"community": community, "kind": "property", "name": one} for one in words]).execute()
    units = list(Unit.select().order_by(Unit.id.desc()).limit(len(words)))[::-1]
    grid = Grid.get(Grid.community == community)
    base = {name: case.__data__[name] for name in ("community", "channel", "first_category", "category", "state")}
    for number, (one, person, place, unit) in enumerate(zip(words, people, homes, units, strict=True)):
        Case.create(
            **base, number=5000 + number, reporter=person, words=one, place_words=one,
            place=place if number % 2 else None, handler=person, unit=unit, about_unit=unit,
        )  # fmt: skip
        Residence.create(person=person, household=place, state="asked")
        Role.create(person=person, place=community, kind="grid_worker", grid=grid)
        talk = Conversation.create(community=community, person=person)
        Line.create(conversation=talk, author="resident", speaker=person, text=one)
        Letter.create(
            event="x", event_key=f"x:{number}", community=community, person=person, kind="reply", channel="chat",
            content={"text": one}, state="failed", outcome=one, expires_at=now(), ended_at=now(),
        )  # fmt: skip
        Notice.create(
            community=community, place=place if number % 2 else community, kind="life", title=one[:60], body=one,
            sent_by=person, state="withdrawn" if number % 3 else "published", withdrawn_reason=one[:200],
            withdrawn_by=person if number % 3 else None, withdrawn_at=now() if number % 3 else None,
        )  # fmt: skip
    Unit.update(kind="property").execute()
    zhanglan = hall.person("zhanglan")
    first = Conversation.create(community=community, person=zhanglan, waiting_since=now())
    Line.insert_many([
        {"conversation": first, "author": "resident", "speaker": zhanglan, "text": one, "case": case.id,
         "key": new_key(), "kind": "location" if number % 5 == 0 else "text"} for number, one in enumerate(words)
    ]).execute()  # fmt: skip
    Step.insert_many([
        {"case": case, "verb": one[:20], "from_state": "reported", "to_state": "reported", "actor_role": one[:24],
         "note": one} for one in words
    ]).execute()  # fmt: skip
    admin = hall.person("chenjing")
    Session.insert_many([
        {"person": admin, "door": "console", "token_hash": f"{number:064}", "agent": one[:200], "address": one[:64],
         "key": new_key(), "expires_at": now().replace(year=2099)} for number, one in enumerate(words)
    ]).execute()  # fmt: skip
    for one, person in zip(words, people, strict=True):
        Alert.create(place=community, kind="glass", person=person, words=one)
        Approval.create(
            action="owner.verify", community=community, words=one, reason=one[:200], asked_by=person,
            expires_at=now().replace(year=2099),
        )  # fmt: skip
        Delegation.create(kind="family", principal=person, agent=zhanglan, community=community, relation="child")
        Audit.insert(
            person=person, role=one[:24], community=community, action=one[:40], subject=one[:40], result="done",
            reason=one[:200], detail={one: one}, address=one[:64], door="api", about=person,
        ).execute()  # fmt: skip


def next_page(page) -> str | None:
    """Where "看更早的" leads."""
    link = page.query_selector(".older a[href*='before='], .older a[href*='older=']")
    return link.get_attribute("href") if link else None


def test_nothing_a_stranger_wrote_runs_or_asks_for_anything(town_of_strangers, desk, client, open_page):
    """陈静 opens every room, and goes on to the last of the older rows."""
    case, served = town_of_strangers, Served(client.application)
    try:
        page = open_page()
        page.context.add_init_script(WATCH + NO_STREAM)
        for one in desk("chenjing").client._cookies.values():
            page.context.add_cookies([{"name": one.key, "value": one.value, "url": f"{served.url}/console/"}])
        seen, read = [], ""
        for start in rooms(case):
            address = f"/console{start}"
            while address:
                answer = page.goto(served.url + address, wait_until="load")
                assert (answer.status, answer.headers["content-security-policy"].count("unsafe")) == (200, 0), address
                assert page.evaluate(FOUND) == [], address
                seen.append(start)
                read += page.evaluate("() => document.body.textContent")
                address = next_page(page)
    finally:
        served.stop()

    assert len(POLYGLOTS) >= 300
    assert seen.count("/cases") > 10 and seen.count("/letters") > 10
    missing = [one for one in POLYGLOTS if " ".join(one.replace("\0", "").split()) not in " ".join(read.split())]
    assert missing == []


def rooms(case: Case) -> list[str]:
    """The pages on which the stored fields stand."""
    with database_open():
        talk = Conversation.get(Conversation.waiting_since.is_null(False)).key
        notices = [row.key for row in Notice.select().order_by(Notice.id)]
    every = [address for _, method, address, _ in ROUTES if method == "GET" and not NO_PAGE.search(address)]
    return [*every, f"/cases/{case.key}", f"/inbox/{talk}", *(f"/notices/{key}" for key in notices[::9])]


def test_the_watch_sees_what_runs(desk, client, open_page, complaints):
    """The measure itself: were a page to let words through, the policy would report it and the watch would see it."""
    served = Served(client.application)
    try:
        page = open_page()
        page.context.add_init_script(WATCH)
        page.goto(served.url + "/console/signin/no-part")
        page.evaluate("() => { document.body.innerHTML += '<img src=data:image/png;base64,none onerror=alert(1)>' }")
        page.wait_for_function("() => window.ran.length > 0")
        assert page.evaluate(FOUND)[0].startswith("policy: script-src")
        assert "img onerror" in page.evaluate(FOUND)
        page.close()  # what it still had to say has been heard by now
    finally:
        served.stop()
    assert complaints
    complaints.clear()


@pytest.mark.parametrize("address", ["/people?person={}", "/cases?number={}", "/cases?community=&category={}"])
def test_what_stands_in_an_address_is_shown_as_words(desk, address):
    """A link with a script in it, sent to 陈静: the page repeats it, if at all, as words."""
    browser = desk("chenjing")
    for one in POLYGLOTS[:: 1 if "person" in address else 5]:
        page = browser.client.get("/console" + address.partition("?")[0], query_string={
            pair.partition("=")[0]: one if pair.endswith("{}") else "" for pair in address.partition("?")[2].split("&")
        })  # fmt: skip
        assert page.status_code in (200, 400, 404, 422)
        if one != html.escape(one):
            assert one not in page.text
