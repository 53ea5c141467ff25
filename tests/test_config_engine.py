"""From the command line to the opened database: what would lose or spoil a report does not start, and says why.

Nothing that is refused repeats a value. What cannot be checked stands in docs/decisions/0006-config-not-checked.md.
"""

import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from app.config_engine import engine_mistakes
from app.serving import gunicorn_command
from models.base import SQLITE_PRAGMAS, SqlitePool, connect, database, now
from tests.install import ACCOUNT, CANARY, SECRETS, Home
from tests.servers import database as fresh_database

ROOT = Path(__file__).parent.parent


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.mark.parametrize("written", ["p%25w%2Fo%40r%3Ad", "密码", "%E5%AF%86%E7%A0%81%25"])
def test_a_password_with_odd_letters_opens_the_database(home, servers, written):
    """A user of its own with such a password: the address as it is configured must let it in."""
    host = servers["postgres"].partition("@")[2]
    with psycopg.connect(servers["postgres"], autocommit=True) as desk:
        plain = written.replace("%25", "%").replace("%2F", "/").replace("%40", "@").replace("%3A", ":")
        plain = plain.replace("%E5%AF%86%E7%A0%81", "密码")
        desk.execute("DROP ROLE IF EXISTS odd_letters")
        desk.execute(f"CREATE ROLE odd_letters LOGIN PASSWORD '{plain}'")
    home.write(ACCOUNT)
    settings = home.load(DOORSTEP_DATABASE__URL=f"postgresql://odd_letters:{written}@{host}")
    with opened(settings.database_url):
        assert database.execute_sql("SELECT current_user").fetchone() == ("odd_letters",)


@contextmanager
def opened(url):
    connect(url)
    try:
        with database.connection_context():
            yield
    finally:
        database.close_all()


def settings_at(home, url):
    home.write(ACCOUNT)
    return home.load(DOORSTEP_DATABASE__URL=url)


def test_a_good_database_is_taken(home, servers):
    settings = settings_at(home, "")
    with opened(settings.database_url):
        assert engine_mistakes(settings) == []
    with fresh_database(servers["postgres"]) as url:
        settings = settings_at(home, url)
        with opened(url):
            assert engine_mistakes(settings) == []


WEAK = {
    "no WAL": (":memory:", {}, "所在的磁盘不支持 SQLite 的 WAL 方式，请换到本机硬盘（ext4、xfs 等）"),
    "synchronous normal": (
        "weak.sqlite", {"synchronous": "normal"},
        "的数据库没有按 synchronous=full 打开，断电会丢失居民的上报，请不要改动程序里的 SQLite 选项",
    ),
    "synchronous off": (
        "weak.sqlite", {"synchronous": "off"},
        "的数据库没有按 synchronous=full 打开，断电会丢失居民的上报，请不要改动程序里的 SQLite 选项",
    ),
    "no foreign keys": ("weak.sqlite", {"foreign_keys": 0}, "的数据库没有打开外键检查，请换用带外键支持的 SQLite"),
}  # fmt: skip


@pytest.mark.parametrize("case", WEAK)
def test_a_sqlite_that_does_not_keep_its_promises(home, case, tmp_path):
    name, changed, remark = WEAK[case]
    settings = settings_at(home, "")
    file = name if name == ":memory:" else str(tmp_path / name)
    database.initialize(SqlitePool(file, pragmas=SQLITE_PRAGMAS | changed))
    with database.connection_context():
        assert engine_mistakes(settings) == [f"设置 database.url {remark}。"]
    database.close_all()


SPOILED = {
    "fsync for commits is off": (
        "ALTER DATABASE {} SET synchronous_commit = off",
        "的数据库关掉了 fsync 或 synchronous_commit，断电会丢失居民的上报，请在 PostgreSQL 里改回 on",
    ),
    "read only": (
        "ALTER DATABASE {} SET default_transaction_read_only = on", "的数据库只能读不能写，请改成主库的地址",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILED)
def test_a_postgresql_that_does_not_keep_its_promises(home, servers, case):
    statement, remark = SPOILED[case]
    with fresh_database(servers["postgres"]) as url:
        with psycopg.connect(url, autocommit=True) as desk:
            desk.execute(statement.format(url.rpartition("/")[2]))
        settings = settings_at(home, url)
        with opened(url):
            assert engine_mistakes(settings) == [f"设置 database.url {remark}。"]


def test_a_postgresql_without_utf8(home, servers):
    with psycopg.connect(servers["postgres"], autocommit=True) as desk:
        desk.execute("DROP DATABASE IF EXISTS no_chinese")
        desk.execute("CREATE DATABASE no_chinese ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    url = servers["postgres"].rpartition("/")[0] + "/no_chinese"
    settings = settings_at(home, url)
    with opened(url):
        [sentence] = engine_mistakes(settings)

    assert sentence.startswith("设置 database.url 的数据库不是 UTF8 编码，存不下中文")


@pytest.mark.parametrize("minutes", [10, -10, 1.1])
def test_clocks_that_disagree(home, servers, minutes):
    with fresh_database(servers["postgres"]) as url:
        settings = settings_at(home, url)
        with opened(url):
            [sentence] = engine_mistakes(settings, now() + timedelta(minutes=minutes))

    assert sentence.startswith("设置 database.url 所在主机的时钟与本机相差超过 1 分钟")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu"])
def test_the_time_zone_of_the_database_does_not_matter(town, zone):
    """What was written is read as the same moment, whatever the server thinks the time is."""
    person, moment = town.person("zhanglan"), datetime(2026, 3, 8, 7, 30, 15, 250, UTC)
    if not database.obj.is_sqlite:
        database.execute_sql(f"SET TIME ZONE '{zone}'")
    type(person).update(created_at=moment).where(type(person).id == person.id).execute()

    assert type(person).get_by_id(person.id).created_at == moment


@pytest.mark.parametrize("zone", [None, "", "America/New_York", "Nowhere/Land"])
def test_the_time_zone_of_the_machine_does_not_matter(zone):
    script = (
        "from app.jobs.layout import moment; from app.rules.clock import ZONE; from models.base import now; "
        "print(moment('2026-11-23T09:30:00+00:00'), ZONE, now().utcoffset())"
    )
    environ = {"PATH": os.defpath, "PYTHONUTF8": "1"} | ({} if zone is None else {"TZ": zone})
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True)

    assert done.stdout == "2026年11月23日 17:30 Asia/Shanghai 0:00:00\n"


# The command line


def typed(home, *words, **environ):
    """What `python -m app.cli …` says over this folder: the exit code and every word."""
    environ = {"PATH": os.defpath, "PYTHONUTF8": "1", "DOORSTEP_CONFIG": str(home.config), **environ}
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("words", [("serve", f"--secret={CANARY}"), (f"--key={CANARY}", "run"), (CANARY,), ()])
def test_secrets_on_the_command_line_are_refused_and_not_repeated(home, words):
    home.write(ACCOUNT)
    code, said = typed(home, *words)

    assert (code, said.count("\n"), CANARY in said) == (2, 1, False)
    assert said.strip().endswith("设置和机密写进文件或环境变量，不写在命令后面。")


def test_our_own_command_line_shows_no_secret(home):
    home.write(ACCOUNT, SECRETS.replace("0f1e2d3c4b5a69788796a5b4c3d2e1f0", CANARY))
    settings = home.load(DOORSTEP_DATABASE__URL=f"postgresql://door:{CANARY}@db/doorstep")
    account = settings.wechat.accounts["mini"]
    hidden = [CANARY, settings.secrets.key.get_secret_value(), account.token.get_secret_value()]

    assert not [word for word in gunicorn_command(settings) for secret in hidden if secret in word]


@pytest.mark.parametrize("command", ["run", "serve", "worker", "migrate", "check", "setup-code", "menu"])
def test_no_command_starts_with_a_wrong_setting(home, command):
    home.write(ACCOUNT + "[server]\nprot = 1\n", SECRETS.replace("Zk4HqVt8WcYe1RbL", f"{CANARY} x"))
    code, said = typed(home, command)

    assert (code, CANARY in said) == (1, False)
    assert said.splitlines() == [
        "设置有误，没有启动：",
        "  · 设置 server.prot 不认识，是不是想写 server.port？请改正。",
        "  · 设置 wechat.accounts.mini.token（机密文件）里有空格或换行，请去掉后再启动。",
    ]


@pytest.mark.parametrize("command", ["run", "serve", "worker", "check"])
def test_a_database_that_is_not_there_is_one_sentence(home, command):
    home.write(ACCOUNT)
    code, said = typed(home, command, DOORSTEP_DATABASE__URL=f"postgresql://door:{CANARY}@127.0.0.1:1/doorstep")

    assert (code, CANARY in said) == (2, False)
    assert said == "数据库连不上或不能用，请检查 [database] url，以及数据库是否在运行。\n"


def test_a_good_database_is_no_complaint(home):
    """A fresh installation still lacks a district's own words, and is told so; of the database nothing is wrong."""
    home.write(ACCOUNT)
    typed(home, "migrate")

    assert "database.url" not in typed(home, "check")[1]


@pytest.mark.parametrize(("asked", "found"), [("full", 2), ("extra", 3)])
def test_the_database_is_opened_as_safely_as_the_settings_say(tmp_path, asked, found):
    connect(f"sqlite:///{tmp_path}/doorstep.sqlite", synchronous=asked)
    with database.connection_context():
        assert database.execute_sql("PRAGMA synchronous").fetchone()[0] == found
    database.close_all()
