"""Every door of the house is in the table of rights: routes, chat commands, and nothing in the table is dead."""

import re
from pathlib import Path

import pytest

from app.rules.rights import RIGHTS
from handlers.wechat import staff
from handlers.wechat.routes import ROUTES

ROOT = Path(__file__).resolve().parent.parent
#: Actions asked for inside rules or by the data of a route rather than written on a view.
ASKED_INSIDE = {"case.see_reporter"}


@pytest.fixture
def doors(client):
    app = client.application
    return [(rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()]


def test_every_route_asks_for_a_right_of_the_table(doors):
    silent = sorted({rule.rule for rule, view in doors if getattr(view, "action", None) not in RIGHTS})
    assert silent == []


def test_every_unsafe_route_of_the_console_needs_a_session(doors):
    open_ones = {
        rule.rule: view.action
        for rule, view in doors
        if rule.rule.startswith("/console/")
        and rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        and "anyone" in RIGHTS[view.action]
    }
    assert set(open_ones.values()) <= {"desk.signin", "desk.setup", "signin.password"}


def test_what_needs_no_session_is_a_short_list(doors):
    free = sorted({view.action for _, view in doors if "anyone" in RIGHTS[view.action]})
    assert set(free) <= {
        "audit.head", "consent.text", "desk.setup", "desk.signin", "file.read", "health.read", "session.open",
        "signin.password", "spec.read", "static.read", "wechat.push",
    }  # fmt: skip


def test_every_chat_command_asks_for_a_right_of_the_table():
    assert {action for action in staff.COMMANDS.values() if action not in RIGHTS} == set()
    source = (ROOT / "handlers" / "wechat" / "staff.py").read_text(encoding="utf-8")
    asked = set(re.findall(r'"((?:case|conversation|task)\.[a-z_]+)"', source))
    assert asked - {"case.read"} == set(staff.COMMANDS.values())


def test_the_last_row_of_the_routing_table_always_fits():
    assert ROUTES[-1][0](None, None)


def test_no_right_of_the_table_is_dead():
    sources = "".join(
        path.read_text(encoding="utf-8") for floor in ("app", "handlers") for path in (ROOT / floor).rglob("*.py")
    ).replace((ROOT / "app" / "rules" / "rights.py").read_text(encoding="utf-8"), "")
    verbs = {
        f"case.{verb}" for verb in ("withdraw", "accept", "return_back", "make_safe", "handle", "confirm", "reopen")
    }
    unused = {action for action in RIGHTS if f'"{action}"' not in sources} - verbs - {"case.reject", "case.dispatch"}
    assert unused - ASKED_INSIDE == set()
