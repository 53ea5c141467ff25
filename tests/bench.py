"""How fast is it, as a ratio to bare Flask in the same run: `make bench`.

Product and references run under the same gunicorn on the same machine at the same time and are asked in turn, round by
round; a ratio is the median over the rounds, with its smallest and largest value behind it. Absolute numbers depend on
the machine, ratios hardly.
"""

import argparse
import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.factory import create_app
from app.rules import case as cases
from app.rules import session
from app.rules.actor import actor_of
from handlers.wechat.envelope import Keys, seal, signature
from models.base import database, write
from models.category import Category
from models.person import Person
from models.place import Place
from tests import bench_pages
from tests.servers import database as postgres_copy
from tests.servers import open_folder, running
from tests.story import ROOT, free_port
from tests.town import OPENIDS, Town, found, town_at

CONNECTIONS = 8
CASES = 60


@dataclass(frozen=True)
class Ask:
    """One kind of request: method, path, headers and, for the n-th request, its body and query."""

    method: str
    path: str
    headers: dict[str, str]
    body: Callable[[int], bytes] | None = None
    query: Callable[[int], str] | None = None
    #: Whether each request carries an Idempotency-Key of its own.
    keyed: bool = False

    def at(self, number: int) -> tuple[str, bytes | None, dict[str, str]]:
        """Path, body and headers of the n-th request."""
        path = self.path + (self.query(number) if self.query else "")
        headers = {**self.headers, "Idempotency-Key": f"bench-{number}"} if self.keyed else self.headers
        return path, self.body(number) if self.body else None, headers


class Load:
    """Some connections that ask as fast as they are answered."""

    def __init__(self) -> None:
        self._number, self._lock = 0, threading.Lock()

    def numbers(self, count: int) -> range:
        with self._lock:
            self._number += count
            return range(self._number - count, self._number)

    def run(self, port: int, ask: Ask, requests: int) -> float:
        """Requests a second over so many requests. Raises RuntimeError on any answer but 2xx."""
        prepared = [ask.at(number) for number in self.numbers(requests)]
        queue, lock, problems = iter(prepared), threading.Lock(), []

        def work() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            while not problems:
                with lock:
                    wanted = next(queue, None)
                if wanted is None:
                    return
                path, body, headers = wanted
                connection.request(ask.method, path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
                if answer.status >= 300:
                    problems.append(f"{ask.path}: {answer.status} {content[:200]!r}")

        threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if problems:
            raise RuntimeError(problems[0])
        return requests / (time.perf_counter() - start)


def callback_ask(town: Town, text: str) -> Ask:
    """Signed and encrypted texts of 张兰 to the official account, each with its own MsgId; {} in it is the number."""
    one = town.settings.wechat.accounts["official"]
    aes_key, token = one.aes_key.get_secret_value(), one.token.get_secret_value()
    keys = Keys(one.appid, "safe", "xml", (token,), (aes_key,))
    start = int(time.time() * 1000)
    sealed: dict[int, tuple[str, str]] = {}

    def letter(number: int) -> tuple[str, str]:
        if number not in sealed:
            now, openid = str(int(time.time())), OPENIDS["zhanglan"]["official"]
            xml = (
                f"<xml><ToUserName><![CDATA[{one.original_id}]]></ToUserName><FromUserName><![CDATA[{openid}]]>"
                f"</FromUserName><CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
                f"<Content><![CDATA[{text.format(number)}]]></Content><MsgId>{start}{number:06d}</MsgId></xml>"
            )
            cipher = re.search(r"<Encrypt><!\[CDATA\[(.+?)\]\]>", seal(keys, xml, aes_key, now, "bench"))[1]
            body = (
                f"<xml><ToUserName><![CDATA[{one.original_id}]]></ToUserName>"
                f"<Encrypt><![CDATA[{cipher}]]></Encrypt></xml>"
            )
            signed = signature(token, now, "bench", cipher)
            sealed[number] = (f"?timestamp={now}&nonce=bench&encrypt_type=aes&msg_signature={signed}", body)
        return sealed[number]

    return Ask(
        "POST",
        "/wechat/official",
        {"Content-Type": "text/xml"},
        lambda n: letter(n)[1].encode(),
        lambda n: letter(n)[0],
    )


def bearer(person: Person) -> dict[str, str]:
    """Headers of a signed-in person."""
    with write():
        token = session.open_session(person, door="api", lasts=timedelta(days=1))[1]
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def report_ask(headers: dict[str, str]) -> Ask:
    def body(number: int) -> bytes:
        return json.dumps({"words": f"3号楼门口井盖坏了 {number}", "category": "missing_manhole_cover"}).encode()

    return Ask("POST", "/api/v1/cases", headers, body, keyed=True)


def prepare(town: Town) -> tuple[Person, dict[str, str]]:
    """A reporter with a page of cases to list, and the reference's own table."""
    person, community = town.person("zhanglan"), Place.get(Place.code == "huimin")
    category = Category.get(Category.community == community, Category.code == "missing_manhole_cover")
    for number in range(CASES):
        with write():
            cases.report(
                actor=actor_of(person), community=community, category=category, words=f"第{number}件", channel="chat",
                place=town.building(),
            )  # fmt: skip
    kind = "INTEGER PRIMARY KEY" if database.obj.is_sqlite else "SERIAL PRIMARY KEY"
    database.execute_sql(f"CREATE TABLE reference_note (id {kind}, body TEXT NOT NULL)")
    return person, bearer(person)


@contextmanager
def served(command: list[str], port: int, env: dict[str, str]) -> Iterator[subprocess.Popen]:
    """A gunicorn with one process and 32 threads on a port, until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *command, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
         "--workers", "1", "--threads", "32", "--no-control-socket", "--log-level", "error", "--keep-alive", "30"],
        cwd=ROOT, env={**os.environ, **env}, start_new_session=True,
    )  # fmt: skip
    try:
        await_port(port)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def await_port(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/hello")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not start")


def memory_of(process: subprocess.Popen) -> str:
    """Resident memory of the workers under a gunicorn, in MB."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    sizes = [int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) // 1024 for pid in children]
    return "、".join(f"{size} MB" for size in sizes)


def queries_of(town: Town, asks: dict[str, Ask]) -> dict[str, int]:
    """Statements to the database for one request of each kind, begin and commit not counted."""
    app = create_app(town.settings)
    counts = {}
    for number, (name, ask) in enumerate(asks.items(), 10**6):
        seen: list[str] = []
        execute = database.obj.execute_sql
        database.obj.execute_sql = lambda sql, *args, seen=seen, run=execute, **more: (
            seen.append(sql),
            run(sql, *args, **more),
        )[1]
        path, body, headers = ask.at(number)
        answer = app.test_client().open(path, method=ask.method, headers=headers, data=body)
        database.obj.execute_sql = execute
        assert answer.status_code < 300, answer.get_data(as_text=True)
        counts[name] = len(seen)
    return counts


def measure(town: Town, folder: Path, url: str, rounds: int, requests: int) -> None:
    """One engine: product against references, in turn."""
    person, headers = prepare(town)
    talk, report = callback_ask(town, "大概什么时候能修好呢"), callback_ask(town, "3号楼2单元{}室门口井盖坏了")
    api_report = report_ask(headers)
    listing = Ask("GET", "/api/v1/cases?mine=reported&limit=20", headers)
    counts = queries_of(town, {"callback": talk, "callback report": report, "api report": api_report, "list": listing})
    database.close()
    port, reference = free_port(), free_port()
    env = {
        "DATA": str(folder), "PORT": str(port), "DOORSTEP_DATABASE__URL": url, "DOORSTEP_SANDBOX__ENABLED": "false",
        "DOORSTEP_WECHAT__API": "http://127.0.0.1:9/wechat", "DOORSTEP_LOG__LEVEL": "error",
        "DOORSTEP_LIMITS__CASES": "1000000/hour", "REFERENCE_URL": url,
    }  # fmt: skip
    insert = Ask("POST", "/insert", {"Content-Type": "text/xml"}, lambda n: b"3" * 200)
    pairs = {
        "callback, a sentence": (talk, insert, "one durable insert"),
        "callback, a report": (report, insert, "one durable insert"),
        "report by API": (api_report, insert, "one durable insert"),
        "list of 20 cases": (listing, Ask("GET", f"/list/{person.id}", {}), "hand-written query"),
        "health": (Ask("GET", "/healthz", {}), Ask("GET", "/hello", {}), "bare hello"),
    }
    with served(["wsgi:app"], port, env) as product, served(["tests.bench_reference:app"], reference, env):
        load, results = Load(), {name: [] for name in pairs}
        for round_number in range(rounds + 1):
            for name, (ours, theirs, _) in pairs.items():
                speeds = load.run(port, ours, requests), load.run(reference, theirs, requests)
                if round_number:  # the first round warms up
                    results[name].append(speeds)
        memory = memory_of(product)
    engine = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    print(f"\n{engine}, {CONNECTIONS} connections, {rounds} rounds of {requests} requests")
    for name, (_, _, against) in pairs.items():
        ratios = [ours / theirs for ours, theirs in results[name]]
        ours, theirs = (statistics.median(column) for column in zip(*results[name], strict=True))
        print(
            f"  {name:<22} {statistics.median(ratios):.2f} of {against} ({min(ratios):.2f}–{max(ratios):.2f});"
            f" {ours:.0f}/s against {theirs:.0f}/s"
        )
    print("  queries per request: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    print(f"  memory of the web process: {memory}")


def main() -> None:
    """Both engines, one after the other, then the mini-program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=400)
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-bench-")))
        sqlite_url = f"sqlite:///{folder / 'bench.sqlite'}"
        found(sqlite_url)
        with town_at(folder, sqlite_url) as town:
            measure(town, folder, sqlite_url, args.rounds, args.requests)
        servers = stack.enter_context(running(["postgres"], open_folder()))
        url = stack.enter_context(postgres_copy(servers["postgres"]))
        found(url)
        with town_at(folder, url) as town:
            measure(town, folder, url, args.rounds, args.requests)
    bench_pages.show()


if __name__ == "__main__":
    main()
