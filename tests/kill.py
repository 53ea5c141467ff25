"""Kill web and worker with SIGKILL at random moments of a story, then count: `make kill`.

The sandbox runs as a process of its own and behaves as the platform does: it tries a delivery three times and then
gives up. What it got an answer to is acknowledged; every acknowledged report must be there exactly once when the dust
settles.
"""

import argparse
import base64
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app import demo_seed, migrate
from app.config import load, make_demo_secrets
from app.context import database_open
from app.sandbox_settings import sandbox_config
from models.base import connect, database
from models.case import Case, Photo
from models.conversation import Line
from models.inbound import Inbound
from models.letter import Letter
from models.lifecycle import LETTER_STATES
from tests.story import ROOT, free_port, photograph

RETRY_SECONDS = 1.5
PLACES = ("1号楼门口", "2号楼门口", "3号楼东边", "4号楼2单元", "5号楼楼道", "6号楼后面")
TROUBLES = ("井盖坏了", "路灯不亮", "下水道堵了", "楼道堆放杂物", "有人飞线充电")


@dataclass
class Report:
    """What was counted. `lost` and `doubled` must be empty."""

    sent: int = 0
    acknowledged: int = 0
    kills: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    limbo: list[str] = field(default_factory=list)
    repeated_pushes: list[str] = field(default_factory=list)
    uncertain: int = 0
    letters: dict[str, int] = field(default_factory=dict)

    def broken(self) -> list[str]:
        found = []
        for name in ("lost", "doubled", "limbo", "repeated_pushes"):
            rows = getattr(self, name)
            found += [f"{name}: {len(rows)}, such as {rows[:3]}"] if rows else []
        if self.uncertain > self.kills:
            found.append(f"uncertain: {self.uncertain} of {self.kills} kills")
        return found


class Street:
    """One installation that is killed and started again: sandbox, web and worker, each a process of its own."""

    def __init__(self, folder: str, database_url: str):
        self.port, self.folder = free_port(), folder
        self.sandbox_port = free_port()
        self.env = {
            **os.environ, "PORT": str(self.port), "DATA": folder, "DOORSTEP_SANDBOX__ENABLED": "false",
            "DOORSTEP_DATABASE__URL": database_url, "DOORSTEP_LOG__LEVEL": "error",
            "DOORSTEP_WECHAT__API": f"http://127.0.0.1:{self.sandbox_port}/wechat",
            "DOORSTEP_LETTERS__LEASE_SECONDS": "10", "DOORSTEP_LETTERS__BACKOFF_SECONDS": "1",
        }  # fmt: skip
        make_demo_secrets(environ=self.env)
        self.settings = load(environ=self.env)
        self.processes: dict[str, subprocess.Popen] = {}

    def prepare(self) -> None:
        """Sandbox, database and people."""
        config = sandbox_config(self.settings) | {"retry_seconds": RETRY_SECONDS}
        path = Path(self.folder) / "sandbox.json"
        path.write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")
        self._start(
            "sandbox", [sys.executable, "-m", "app.sandbox", "--config", str(path), "--port", str(self.sandbox_port)]
        )
        self._wait(self.sandbox_port, "/control/people")
        connect(self.settings.database_url, self.settings.database.pool)
        migrate.up()
        with database_open():
            demo_seed.load_place()
            demo_seed.load_people(self.settings, f"http://127.0.0.1:{self.sandbox_port}")

    def start(self, name: str) -> None:
        command = {"web": "serve", "worker": "worker"}[name]
        self._start(name, [sys.executable, "-m", "app.cli", command])

    def _start(self, name: str, command: list[str]) -> None:
        self.processes[name] = subprocess.Popen(
            command, cwd=ROOT, env=self.env, start_new_session=True, stdout=subprocess.DEVNULL
        )

    def kill(self, name: str) -> None:
        """SIGKILL the whole group: master and children alike."""
        with suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def up(self) -> None:
        self._wait(self.port, "/healthz")

    def _wait(self, port: int, path: str) -> None:
        end = time.monotonic() + 40
        while time.monotonic() < end:
            with (
                suppress(OSError, urllib.error.URLError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2),
            ):
                return
            time.sleep(0.1)
        raise RuntimeError(f"port {port} does not answer")

    def sandbox(self, path: str, body: dict | None = None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.sandbox_port}/control/{path}",
            data=json.dumps(body).encode() if body is not None else None,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def stop(self) -> None:
        for name in self.processes:
            self.kill(name)


def play(messages: int, kills: int, database_url: str = "", seed: int = 1) -> Report:
    """A story of so many messages with so many kills, on SQLite or the PostgreSQL of `database_url`."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="doorstep-kill-") as folder:
        street = Street(folder, database_url)
        try:
            street.prepare()
            street.start("web")
            street.start("worker")
            street.up()
            sent = _tell(street, chance, messages, kills)
            _settle(street)
            return _count(street, sent, kills)
        finally:
            street.stop()
            if not database.is_closed():
                database.close()
            database.close_all()


def _tell(street: Street, chance: random.Random, messages: int, kills: int) -> int:
    """Residents speak; now and then a process dies in the middle and is started again."""
    deadly = sorted(chance.sample(range(2, messages), kills))
    picture = base64.b64encode(photograph("kill", (50, 50, 50))).decode()
    for number in range(messages):
        person = chance.choice(("zhanglan", "sunmei", "masuhua"))
        if number % 10 == 9:
            body = {"app": "official", "type": "image", "media": picture, "filename": "p.jpg"}
        else:
            words = f"{chance.choice(PLACES)}{chance.choice(TROUBLES)}，第{number}件"
            body = {"app": "official", "type": "text", "content": words}
        street.sandbox(f"phone/{person}/send", body)
        time.sleep(chance.uniform(0, 0.06))
        if number in deadly:
            victim = chance.choice(("web", "worker", "web"))
            time.sleep(chance.uniform(0, 0.15))
            street.kill(victim)
            street.start(victim)
    return messages


def _settle(street: Street) -> None:
    """Until the platform has nothing more to deliver and we have nothing more to send."""
    street.up()
    end = time.monotonic() + 240
    while time.monotonic() < end:
        pending = street.sandbox("drain", {"seconds": 5})["pending"]
        with database_open():
            open_letters = (
                Letter.select().where(Letter.state.in_(("owed", "sending")), Letter.kind != "case_reminder").count()
            )
        if not pending and not open_letters:
            return
        time.sleep(0.5)


def _count(street: Street, sent: int, kills: int) -> Report:
    report = Report(sent=sent, kills=kills)
    deliveries, after = [], 0
    while rows := street.sandbox(f"deliveries?after={after}"):
        rows = rows["deliveries"] if isinstance(rows, dict) else rows
        if not rows:
            break
        deliveries += rows
        after = rows[-1]["id"]
    acknowledged = [row for row in deliveries if row["state"] == "done" and row.get("msg_id")]
    report.acknowledged = len(acknowledged)
    with database_open():
        heard = Counter(Inbound.select(Inbound.event_key).where(Inbound.event_key.startswith("msg:")).tuples())
        heard = Counter({key[0]: count for key, count in heard.items()})
        report.lost = [str(row["msg_id"]) for row in acknowledged if heard[f"msg:{row['msg_id']}"] == 0]
        report.doubled = [key for key, count in heard.items() if count > 1]
        texts = Counter(
            row[0] for row in Line.select(Line.text).where(Line.author == "resident", Line.kind == "text").tuples()
        )
        report.doubled += [text for text, count in texts.items() if count > 1 and "第" in text]
        words = Counter(row[0] for row in Case.select(Case.words).tuples())
        report.doubled += [text for text, count in words.items() if count > 1 and "第" in text]
        states = Counter(row[0] for row in Letter.select(Letter.state).tuples())
        report.letters = dict(states)
        report.uncertain = states["uncertain"]
        unended = ("owed", "sending")
        report.limbo = [
            row.key for row in Letter.select().where(Letter.state.in_(unended), Letter.kind != "case_reminder")
        ]
        report.limbo += [state for state in states if state not in LETTER_STATES]
        report.repeated_pushes = _repeated(street)
        unlinked = Photo.select().where(Photo.case.is_null()).count()
        report.limbo += [f"photo without case: {unlinked}"] if unlinked else []
    return report


def _repeated(street: Street) -> list[str]:
    """Customer-service texts that the platform accepted more than once: only harmless kinds may repeat."""
    accepted: Counter = Counter()
    after = 0
    while rows := street.sandbox(f"calls?path=/cgi-bin/message/custom/send&after={after}"):
        rows = rows["calls"] if isinstance(rows, dict) else rows
        if not rows:
            break
        after = rows[-1]["seq"]
        accepted.update(
            json.dumps(row["body"], sort_keys=True, ensure_ascii=False) for row in rows if row.get("errcode") == 0
        )
    return [body for body, count in accepted.items() if count > 1 and "新任务" not in body and "提醒" not in body]


def main() -> None:
    """Play it large and say what was counted; ends with 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--database", default="")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    report = play(args.messages, args.kills, args.database, args.seed)
    print(report)
    sys.exit("\n".join(report.broken()) or 0)


if __name__ == "__main__":
    main()
