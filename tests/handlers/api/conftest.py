"""People with their mini-program open: `door("zhanglan")` asks as 张兰, `door()` as somebody without a session."""

import io
import itertools
import json
import logging
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta

import pytest
from PIL import Image

from app.context import database_open
from app.rules import session
from models.base import write

_numbers = itertools.count(1)


def jpeg(colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    """A photo."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


class Door:
    """The API as one person meets it: every answer is (status, what it says)."""

    def __init__(self, client, token: str = ""):
        self.client, self.token = client, token

    def ask(self, method: str, path: str, body: object = None, once: str | None = "", **more):
        """One request, with a fresh Idempotency-Key unless one is given or None."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if once is not None and method != "GET":
            headers["Idempotency-Key"] = once or f"key-{next(_numbers):08d}"
        headers |= more.pop("headers", {})
        if body is not None:
            more |= {"data": body if isinstance(body, bytes) else json.dumps(body)}
            headers.setdefault("Content-Type", "application/json")
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)
        return answer.status_code, answer.get_json(silent=True) if answer.data else None

    def get(self, path: str):
        return self.ask("GET", path)

    def post(self, path: str, body: object = None, **more):
        return self.ask("POST", path, {} if body is None else body, **more)

    def refused(self, status: int, method: str, path: str, body: object = None, **more) -> dict:
        """The error of a request that is refused with this status; its shape is always the same."""
        found, said = self.ask(method, path, body, **more)
        assert found == status, said
        assert list(said) == ["error"] and sorted(said["error"]) == ["code", "fields", "message"]
        return said["error"]

    def add_photo(self, data: bytes | None = None, **more) -> dict:
        """An uploaded photo."""
        status, said = self.ask("POST", "/photos", data or jpeg(), headers={"Content-Type": "image/jpeg"}, **more)
        assert status == 201, said
        return said

    def agree(self, *kinds: str) -> "Door":
        """This person, having agreed to these texts in force."""
        for text in self.get("/consents/texts")[1]["texts"]:
            if text["kind"] in kinds:
                answer = {"kind": text["kind"], "version": text["version"], "answer": "given"}
                assert self.post("/consents", answer)[0] == 200
        return self

    def report(self, words: str = "3号楼门口井盖坏了", **more) -> dict:
        """A case just reported."""
        status, said = self.post("/cases", {"words": words} | more)
        assert status == 201, said
        return said

    def act(self, case: dict, verb: str, **more) -> dict:
        """The case after a verb that must succeed."""
        status, said = self.post(f"/cases/{case['key']}/{verb}", more)
        assert status == 200, said
        return said

    def see(self, case: dict) -> dict:
        """The case as this person sees it now."""
        status, said = self.get(f"/cases/{case['key']}")
        assert status == 200, said
        return said


@pytest.fixture
def door(client) -> Callable[[str | None], Door]:
    """Opens the door for a person of the demo, or for nobody."""

    def open_for(key: str | None = None) -> Door:
        if key is None:
            return Door(client)
        with database_open(), write():
            _, token = session.open_session(client.town.person(key), door="api", lasts=timedelta(days=1))
        return Door(client, token)

    return open_for


@pytest.fixture
def key_of(client) -> Callable[..., str]:
    """The public key of a place, or of the town's other things, by what they are called."""

    def find(what: str, *names: str) -> str:
        with database_open():
            return getattr(client.town, what)(*names).key

    return find


@pytest.fixture
def count_queries():
    """Collects the statements of a block: `with count_queries() as statements`."""

    class Collector(logging.Handler):
        def __init__(self):
            super().__init__(logging.DEBUG)
            self.statements = []

        def emit(self, record):
            if isinstance(record.msg, tuple):
                self.statements.append(record.msg[0])

    @contextmanager
    def counting():
        collector, logger = Collector(), logging.getLogger("peewee")
        before = logger.level
        logger.addHandler(collector)
        logger.setLevel(logging.DEBUG)
        try:
            yield collector.statements
        finally:
            logger.removeHandler(collector)
            logger.setLevel(before)

    return counting
