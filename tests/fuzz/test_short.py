"""A short search at every door in every run of the tests, always the same; and the search itself can find something."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.base import database
from tests.fuzz import api, callback, hat, upload
from tests.fuzz.__main__ import NO_GUIDE
from tests.fuzz.ground import Broken, Ground, ground
from tests.fuzz.keep import keep, kept, problem_of, smallest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def here(founded_sqlite: Path) -> Iterator[Ground]:
    with ground(founded=founded_sqlite) as one:
        yield one


def fuzzed(folder: Path, *asked: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "tests.fuzz", *asked, "--keep", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)


@pytest.mark.parametrize("name", ["callback", "upload", "voice", "api"])
def test_a_short_search_finds_nothing(name, tmp_path):
    ended = fuzzed(tmp_path, name, "--seconds", "8")
    assert (ended.returncode, kept(name, tmp_path)) == (0, []), ended.stdout + ended.stderr
    assert ended.stdout.endswith("没有找到问题。\n")
    assert (NO_GUIDE in ended.stdout) == (name != "api" and find_spec("atheris") is None)


@pytest.mark.parametrize("name", ["callback", "upload", "voice"])
def test_so_does_one_without_coverage(name, tmp_path):
    ended = fuzzed(tmp_path, name, "--seconds", "2", "--unguided")
    assert (ended.returncode, kept(name, tmp_path)) == (0, []), ended.stdout + ended.stderr


@pytest.mark.parametrize("town", ["postgres"], indirect=True)
def test_nor_does_one_on_the_other_database(town):
    """What one database takes, the other may choke on."""
    database.close_all()
    here, found = Ground(town), {}
    try:
        assert api.search(api, here, seconds=8, first=2, tell=found.__setitem__) > 20
    finally:
        here.close()
    assert found == {}


def test_a_target_there_is_not(tmp_path):
    ended = fuzzed(tmp_path, "phone")
    assert (ended.returncode, "没有 phone，可选：callback、upload、voice、api" in ended.stderr) == (2, True)


# The search itself.


def broken_by(word: bytes):
    """A target that breaks on a word."""

    def check(here: Ground, data: bytes) -> None:
        if word in data:
            raise Broken("the word")

    return SimpleNamespace(check=check, seeds=lambda: {"one": b"abc", "other": b"defdef"}, WORDS=("xyz",), SUFFIX="bin")


def test_what_breaks_is_found_made_small_and_kept(here, tmp_path):
    target, found = broken_by(b"yz"), {}
    hat.search(target, here, seconds=2, first=1, tell=lambda problem, data: found.update({problem: data}))
    assert list(found) == ["the word"]
    small = smallest(found["the word"], lambda data: problem_of(target, here, data) == "the word")
    path = keep("callback", target, small, tmp_path)
    assert (small, kept("callback", tmp_path), path.read_bytes()) == (b"yz", [path], b"yz")


def test_a_failure_inside_is_named_by_its_line(here, monkeypatch):
    monkeypatch.setattr("handlers.wechat.callback.read", lambda fields: 1 / 0)
    problem = problem_of(callback, here, callback.seeds()["official 您好"])
    assert problem.startswith("500: ZeroDivisionError at wechat/callback.py:")


def test_a_forged_delivery_that_changes_something_is_noticed(here, monkeypatch):
    monkeypatch.setattr("handlers.wechat.envelope.hmac.compare_digest", lambda one, other: True)
    assert problem_of(callback, here, callback.seeds()["query swapped"]) is None
    forged = bytes([list(callback.WAYS).index("forged")]) + b"<xml><Encrypt>AAAA</Encrypt></xml>"
    assert problem_of(callback, here, forged) is None  # it still does not open
    plain = bytes([list(callback.WAYS).index("echo")]) + b"timestamp=@T&nonce=1&signature=0&echostr=1"
    assert problem_of(callback, here, plain) is None


def test_a_secret_in_an_answer_is_noticed(here):
    here.canaries.append("王大山".encode())
    asked = {"who": "wangdashan", "operation": "readMe", "method": "GET", "path": "/api/v1/me"}
    data = json.dumps([asked | {"query": "", "headers": []}]).encode()
    assert problem_of(api, here, data) == "readMe: an answer with a secret in it"


def test_a_lawful_reveal_tells_one_person_and_nobody_else(here):
    """王大山 asks for the reporter of his own task: her number is no secret in that answer, any other one is."""
    asked = api.seeds()["the reporter of the own task"]
    assert problem_of(api, here, asked) is None
    here.canaries.append("单元".encode())
    assert problem_of(api, here, asked) == "revealReporter: an answer with a secret in it"


def test_metadata_in_a_picture_is_noticed(here, monkeypatch):
    monkeypatch.setattr("app.rules.photo_worker.jpeg", lambda image, quality: upload.seeds()["jpeg with everything"])
    assert problem_of(upload, here, upload.seeds()["png"]) == "something in the JPEG that is no drawing"


def test_after_each_input_the_town_is_as_it_was(here):
    before = {table: here.count(table) for table in ("inbound", "line", "person", "\"case\"")}
    for data in list(callback.seeds().values())[:40]:
        callback.check(here, data)
    assert {table: here.count(table) for table in before} == before
