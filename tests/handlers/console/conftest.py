"""People at the desk: `desk("chenjing")` is 陈静's browser, `desk()` one without a session; and what they look at."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from app.context import database_open
from app.rules import case as cases
from app.rules import conversation as talk
from app.rules import session
from models.base import now, write
from models.case import Case
from models.conversation import Conversation
from tests.handlers.console.street import street

__all__ = ["street"]


class Browser:
    """A browser at the console: an answer is Flask's response, `form` sends what a form of a page would."""

    def __init__(self, app, token: str = ""):
        self.client = app.test_client()
        self.token = token
        if token:
            self.client.set_cookie("desk", token, path="/console")

    def get(self, path: str, **headers: str):
        return self.client.get(f"/console{path}", headers=headers)

    def text(self, path: str) -> str:
        """The page, which must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def form(self, path: str, page: str = "/", headers: dict[str, str] | None = None, **fields: str):
        """Send a form with the token that stands in a page."""
        return self.bare_form(path, headers, form_token=token_in(self.text(page)), **fields)

    def bare_form(self, path: str, headers: dict[str, str] | None = None, **fields: str):
        """Send a form as it is, without a token unless one is given."""
        return self.client.post(f"/console{path}", data=fields, headers=headers)

    def cookie(self, name: str):
        return self.client.get_cookie(name, path="/console")


def token_in(page: str) -> str:
    """The form token of a page."""
    return re.search(r'name="form_token" value="([0-9a-f]{64})"', page)[1]


def words_of(page: str) -> str:
    """What one reads on a page: without tags, with single spaces."""
    body = page.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def desk(client) -> Callable[..., Browser]:
    """Opens browsers, each as another person; each has a session of its own."""

    def open_browser(key: str = "") -> Browser:
        if not key:
            return Browser(client.application)
        with database_open(), write():
            person = client.town.person(key)
            token = session.open_session(person, door="console", lasts=timedelta(hours=1))[1]
        return Browser(client.application, token)

    return open_browser


@pytest.fixture
def hall(client) -> Iterator:
    """The town of the client, with a connection to look and act in it by the rules."""
    with database_open():
        yield client.town


def report(hall, who: str = "zhanglan", words: str = "3号楼门口井盖坏了", code: str = "street_light", **more) -> Case:
    """A case of somebody in 惠民社区."""
    more = {"place": hall.building(), "community": hall.community()} | more
    with write():
        category = hall.category(code, more["community"].code)
        case = cases.report(actor=hall.actor(who), category=category, words=words, channel="mini", **more)
    return Case.get_by_id(case.id)


def ask(hall, who: str = "zhanglan", text: str = "请问师傅什么时候来？", community: str = "huimin") -> Conversation:
    """A question of somebody that waits for an answer."""
    with write():
        conversation = talk.open_with(hall.person(who), hall.community(community), hall.identity(who))
        talk.hear(conversation, text=text, wants_answer=True)
    return Conversation.get_by_id(conversation.id)


def make_late(case: Case, minutes: int = 15) -> None:
    """Let a case's time to accept be over."""
    Case.update(accept_due=now() - timedelta(minutes=minutes)).where(Case.id == case.id).execute()


@contextmanager
def queries() -> Iterator[list[str]]:
    """The statements that read rows, as they are made."""
    seen: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            statement = str(record.msg[0])
            if statement.startswith("SELECT"):
                seen.append(statement)

    ear, log = Ear(), logging.getLogger("peewee")
    level = log.level
    log.addHandler(ear)
    log.setLevel(logging.DEBUG)
    try:
        yield seen
    finally:
        log.removeHandler(ear)
        log.setLevel(level)
