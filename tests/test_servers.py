"""The servers of the tests are real, speak UTF-8, live in UTC, are not root, and leave nothing behind."""

import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import redis
from playhouse.db_url import connect

from tests.servers import can_ping, can_query, database, open_folder

ROOT = Path(__file__).parent.parent


def ask(url: str, question: str) -> object:
    """The one value a query answers with."""
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def owner(pid: int) -> int:
    """The user a process runs as, by number."""
    return psutil.Process(pid).uids().effective


def test_postgres_keeps_what_grandma_wang_said(postgres_url):
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE word (said text)")
        connection.execute("INSERT INTO word VALUES (%s)", ["三号楼门口的井盖坏了 🕳 𠮷"])
    assert ask(postgres_url, "SELECT said FROM word") == "三号楼门口的井盖坏了 🕳 𠮷"
    assert ask(postgres_url, "SELECT char_length(said) FROM word") == 14


def test_postgres_answers_peewee_through_psycopg_3(postgres_url):
    with connect(postgres_url, prefer_psycopg3=True) as db:
        assert db.execute_sql("SELECT 1 + 1").fetchone() == (2,)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_encoding", "UTF8"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("max_connections", "200"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", "127.0.0.1"),
    ],
)
def test_postgres_is_set_as_the_tests_rely_on(postgres_url, setting, value):
    assert ask(postgres_url, f"SHOW {setting}") == value


def test_postgres_wants_the_password(postgres_url):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres_url, password="guess")


def test_every_test_finds_an_empty_database(postgres_url):
    assert ask(postgres_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_a_database_can_be_copied_and_is_dropped_although_somebody_is_connected(servers, postgres_url):
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE door AS SELECT 3 AS number")
    with database(servers["postgres"], template=postgres_url.rsplit("/", 1)[1]) as copy:
        assert ask(copy, "SELECT number FROM door") == 3
        forgotten = psycopg.connect(copy)
    with pytest.raises(psycopg.OperationalError, match="terminating connection"):
        forgotten.execute("SELECT 1")
    forgotten.close()
    assert not can_query(copy)


def test_valkey_keeps_chinese_in_a_database_that_was_emptied(redis_url):
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        assert client.dbsize() == 0
        client.set("井盖", "坏了")
        assert client.get("井盖") == "坏了"


def test_valkey_wants_the_password_and_writes_nothing_to_disk(redis_url):
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        assert client.config_get("save", "appendonly") == {"save": "", "appendonly": "no"}
    stranger = redis.Connection(port=urlsplit(redis_url).port)
    with pytest.raises(redis.AuthenticationError):
        stranger.connect()


def test_neither_server_runs_as_root(postgres_url, redis_url):
    with psycopg.connect(postgres_url) as connection, redis.Redis.from_url(redis_url) as client:
        assert owner(connection.info.backend_pid) != 0
        assert owner(client.info("server")["process_id"]) != 0


def test_servers_started_by_hand_end_with_ctrl_c():
    command = [sys.executable, "-m", "tests.servers", "postgres", "valkey"]
    by_hand = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    postgres, valkey = (by_hand.stdout.readline().strip() for _ in range(2))
    data = Path(ask(postgres, "SHOW data_directory"))
    assert (data.exists(), can_ping(valkey)) == (True, True)
    by_hand.send_signal(signal.SIGINT)
    assert by_hand.communicate() == ("", "")
    assert (by_hand.returncode, can_query(postgres), can_ping(valkey)) == (0, False, False)
    assert not data.parent.parent.exists()


def test_servers_end_when_the_process_that_needed_them_is_killed():
    """Nobody says goodbye after kill -9: the keeper of the servers only sees its standard input end."""
    folder = open_folder()
    keeper = [sys.executable, "-m", "tests.servers", "valkey", "--held-in", str(folder)]
    holder = f"import subprocess; subprocess.Popen({keeper}, stdin=subprocess.PIPE).wait()"
    holding = subprocess.Popen([sys.executable, "-c", holder], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    url = holding.stdout.readline().strip()
    assert can_ping(url)
    holding.kill()
    holding.wait()
    holding.stdout.read()  # ends when the last one that could write, the keeper, has ended
    holding.stdout.close()
    assert (can_ping(url), folder.exists()) == (False, False)
