"""A whole installation at work for the console's tests: web server, worker, and the sandbox's phones beside it."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PATIENCE = 30.0


class WebDesk:
    """A browser without scripts at the console, with cookies."""

    def __init__(self, address: str):
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def text(self, path: str) -> str:
        with self.opener.open(f"{self.address}/console{path}", timeout=20) as answer:
            return answer.read().decode()


class Street:
    """The people's phones, and where the desk is."""

    def __init__(self, address: str):
        self.address = address
        #: The browser's cookies of those who signed in already, by person.
        self.cookies: dict[str, dict] = {}

    def phone(self, person: str, act: str, body: dict) -> dict:
        """One act on somebody's phone, by the sandbox's control calls."""
        request = urllib.request.Request(
            f"{self.address}/sandbox/control/phone/{person}/{act}", data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def say(self, person: str, text: str) -> None:
        self.phone(person, "send", {"app": "official", "type": "text", "content": text})

    def heard(self, person: str) -> list[str]:
        """What the phone shows of what came in."""
        with urllib.request.urlopen(f"{self.address}/sandbox/control/phone/{person}", timeout=20) as answer:
            items = json.load(answer)["items"]
        return [item["text"] for item in items if item.get("from") == "them" and item.get("text")]

    def consent(self, person: str, page: str) -> None:
        """Scan the code of a sign-in page and type its number."""
        self.phone(person, "scan", {"scene": re.search(r"/signin/qr/([\w-]+)\.svg", page)[1]})
        until(lambda: any("四位数字" in text for text in self.heard(person)[-1:]))
        self.say(person, re.search(r'signin-number"[^>]*>(\d{4})<', page)[1])
        until(lambda: "已确认" in self.heard(person)[-1])

    def signed_in(self, person: str) -> WebDesk:
        desk = WebDesk(self.address)
        self.consent(person, desk.text("/signin"))
        desk.text("/signin/state")
        return desk


def until(look) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """One installation for the tests of a worker, started and stopped as a person does it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")} | {
        "PORT": str(free_port()), "DATA": str(tmp_path_factory.mktemp("street")), "PYTHONUNBUFFERED": "1",
        # All of the tests' people sign in from one address, and every page of theirs is live.
        "DOORSTEP_LIMITS__SIGNIN": "1000/minute", "DOORSTEP_SERVER__EVENT_STREAMS": "24",
    }  # fmt: skip
    command = [sys.executable, "-m", "app.cli", "run"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as service:
        for line in service.stdout:
            if "Ctrl-C" in line:
                break
        yield Street(f"http://127.0.0.1:{environment['PORT']}")
        service.terminate()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
