"""Every door of the house is in the matrix: routes, commands, kinds of files; and nothing in the matrix is dead."""

import re
from pathlib import Path

import pytest

from app.rules import approval, glass, rights
from app.rules.matrix import AHEAD, FILES, MATRIX, OPEN, RIGHTS
from handlers.console import ROOMS
from handlers.console import ROUTES as CONSOLE
from handlers.wechat import staff
from handlers.wechat.routes import ROUTES
from models.lifecycle import CASE
from tests.oracle import Table

ROOT = Path(__file__).resolve().parent.parent
#: What the answers of the chat's routing table ask for: each row of it is one command, or one kind of message.
COMMANDS = {
    # what the platform tells of somebody, or a hand on the menu: about oneself alone
    "events.followed": "conversation.speak", "events.left": "me.write", "events.scanned": "desk.signin",
    "events.clicked": "conversation.speak", "events.entered": "conversation.speak",
    "events.subscriptions_answered": "me.write", "events.subscriptions_changed": "me.write",
    "events.media_checked": "wechat.push", "events.template_ended": "wechat.push",
    "events.subscription_ended": "wechat.push", "events.profile_modified": "wechat.push",
    "events.authorization_revoked": "consent.write", "events.account_closed": "me.erase",
    "events.noted": "wechat.push", "desk.number_typed": "desk.signin", "desk.cancelled": "desk.signin",
    # everybody
    "incident.report": "incident.raise",
    # staff
    "staff.accept": "case.accept", "staff.make_safe": "case.make_safe", "staff.handle": "case.handle",
    "staff.return_back": "case.return_back", "staff.tasks": "task.list", "staff.help_text": "task.list",
    "staff.assign_picture": "case.handle", "staff.choose": "task.list", "staff.answer": "conversation.answer",
    "staff.picture": "case.handle",
    # residents, about what is their own
    "answering.named": "case.answer", "answering.said": "case.answer", "answering.settled": "case.answer",
    "answering.picture": "case.answer", "answering.location": "case.answer", "judging.reason": "case.confirm",
    "judging.reason_in_words": "case.confirm", "judging.named": "case.confirm",
    "judging.solved": "case.confirm", "judging.not_solved": "case.reopen",
    "resident.withdraw": "case.withdraw", "resident.introduce": "me.write", "resident.show_case": "case.read",
    "resident.my_cases": "case.list", "resident.bind_household": "household.bind",
    "resident.said": "conversation.speak", "resident.said_unnamed": "conversation.speak",
    "resident.picture": "conversation.speak",
    "resident.voice": "conversation.speak", "resident.location": "conversation.speak",
    "resident.other": "conversation.speak", "privacy.show": "consent.text", "privacy.withdraw": "consent.write",
    "personal.export": "me.export", "personal.ask": "me.erase", "personal.confirm": "me.erase",
    "personal.withdraw": "me.erase",
}  # fmt: skip


def sources() -> dict[str, str]:
    """Every module of the product but the matrix itself, by its path."""
    found = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for floor in ("app", "handlers") for path in (ROOT / floor).rglob("*.py")
    }  # fmt: skip
    found.pop("app/rules/matrix.py")
    return found


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


def test_what_needs_no_session_is_a_short_list_and_exactly_what_is_declared_open(doors):
    free = {view.action for _, view in doors if "anyone" in RIGHTS[view.action]}
    assert free == OPEN == {
        "audit.head", "consent.text", "desk.setup", "desk.signin", "file.read", "health.read", "session.open",
        "signin.password", "spec.read", "static.read", "unit.link", "wechat.push",
    }  # fmt: skip


def test_every_address_of_the_console_and_every_room_of_its_menu_asks_for_a_right():
    assert {name for name, _, _, view in CONSOLE if getattr(view, "action", None) not in RIGHTS} == set()
    views = {name: view.action for name, _, _, view in CONSOLE}
    assert {name: action for name, _, action, _ in ROOMS} == {name: views[name] for name, *_ in ROOMS}


def test_every_row_of_the_chats_routing_table_stands_for_a_right():
    """A new command is written into COMMANDS with its right, or the build fails."""
    handlers = [f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}" for _, handler in ROUTES]
    assert set(handlers) == set(COMMANDS)
    assert {action for action in COMMANDS.values() if action not in RIGHTS} == set()


def test_every_chat_command_asks_for_a_right_of_the_table():
    assert {action for action in staff.COMMANDS.values() if action not in RIGHTS} == set()
    source = (ROOT / "handlers" / "wechat" / "staff.py").read_text(encoding="utf-8")
    asked = set(re.findall(r'"((?:case|conversation|task)\.[a-z_]+)"', source))
    assert asked - {"case.read"} == set(staff.COMMANDS.values())


def test_the_last_row_of_the_routing_table_always_fits():
    assert ROUTES[-1][0](None, None)


def test_every_folder_that_files_are_put_into_asks_for_a_right():
    """Whatever goes into the file store lies in a folder of FILES; a new folder without a right fails the build."""
    kept = re.compile(r"""["'](\w+)/\{[^"']*\.(?:jpg|png|amr|mp3|csv|xlsx|pdf|zip|jsonl?)["']""")
    folders = {folder for text in sources().values() for folder in kept.findall(text)}
    assert folders == set(FILES)
    assert set(FILES.values()) <= set(Table.read(MATRIX).cells)
    puts = {path for path, text in sources().items() if re.search(r"files\.put(_all)?\(", text)}
    assert puts == {
        "app/jobs/export.py", "app/jobs/fetch.py", "app/jobs/personal.py", "handlers/api/photo.py",
        "handlers/api/voice.py", "handlers/unit/photo.py",
    }  # fmt: skip


def test_second_persons_and_broken_glass_are_cells_of_the_matrix():
    """What two persons do stands with a 2, what is done with broken glass with a !, and nothing else does."""
    table = Table.read(MATRIX).cells
    flagged = {
        sign: {action for action, row in table.items() if any(sign in one for cell in row.values() for one in cell)}
        for sign in "2!"
    }
    assert flagged == {"2": set(approval.DEEDS), "!": set(glass.WORDS)}


def asked_anywhere() -> set[str]:
    """Every action that some module names, and the verbs of a case, which are asked for by their name."""
    text = "".join(sources().values())
    return {action for action in RIGHTS if f'"{action}"' in text} | {f"case.{move.verb}" for move in CASE}


def test_no_right_of_the_table_is_dead():
    assert (set(Table.read(MATRIX).cells) | OPEN) - asked_anywhere() == set()


def test_what_is_laid_down_ahead_has_no_door_yet_and_the_rest_has():
    """A row moves from AHEAD to MATRIX with its first door; then tests/test_channels.py tries it."""
    ahead, built = set(Table.read(AHEAD).cells), set(Table.read(MATRIX).cells)
    assert ahead & built == set() and ahead | built | OPEN == set(RIGHTS) and not OPEN & (ahead | built)
    assert ahead & asked_anywhere() == set()
    assert ahead == set(RIGHTS) - asked_anywhere()


def test_nobody_reads_the_table_but_its_own_questions():
    """Handlers ask `may`, `need`, `masked`; only the rules that list holders look into the rows themselves."""
    readers = {path for path, text in sources().items() if re.search(r"\bRIGHTS\[|\bRIGHTS\.get", text)}
    assert readers == {
        "app/rules/rights.py", "app/rules/approval.py", "app/rules/household.py",
    }  # fmt: skip
    assert all(callable(getattr(rights, name)) for name in ("may", "need", "masked", "needs_second", "plainly"))
