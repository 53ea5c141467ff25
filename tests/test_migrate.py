"""Migrations on both engines: the schema is that of the models, up and down, killed in the middle, by two at once."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playhouse.schema_diff import diff_models

from app import migrate
from models import TABLES
from models.base import connect, database
from tests.rules.together import at_once
from tests.town import ENGINES

ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted(path.stem for path in migrate.SCRIPTS.glob("0*.py"))
#: What somebody runs on a server: all scripts, on the database given.
COMMAND = """
import sys
from app import migrate
from models.base import connect
connect(sys.argv[1])
print("ready", flush=True)
print(*migrate.up())
"""


@pytest.fixture(params=ENGINES)
def url(request, tmp_path):
    """An empty database, on either engine."""
    if request.param == "postgres":
        yield request.getfixturevalue("postgres_url")
    else:
        yield f"sqlite:///{tmp_path}/doorstep.sqlite"
    database.close_all()


def start(url):
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, url], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def differences():
    """Tables, columns and indexes that the database has more or less than the models."""
    with database.connection_context():
        return str(diff_models(database.obj, TABLES)) if diff_models(database.obj, TABLES) else ""


def columns():
    """Every column with its type, length, default, and what it points to, by table."""
    with database.connection_context():
        return {
            table: (sorted(map(str, database.get_columns(table))), lengths(table), sorted(foreign_keys(table)))
            for table in database.get_tables()
            if table != "schema_migration"
        }


def foreign_keys(table):
    return [(key.column, key.dest_table, key.dest_column) for key in database.get_foreign_keys(table)]


def lengths(table):
    """What get_columns does not tell on PostgreSQL: the lengths, and what happens when a parent is deleted."""
    if database.obj.is_sqlite:
        return sorted(row[3:] for row in database.execute_sql(f'PRAGMA foreign_key_list("{table}")'))
    length = "SELECT column_name, character_maximum_length FROM information_schema.columns WHERE table_name = %s"
    rules = "SELECT conname, confdeltype FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass"
    return sorted(map(str, [*database.execute_sql(length, (table,)), *database.execute_sql(rules, (f'"{table}"',))]))


def drop_all():
    with database.connection_context():
        database.drop_tables(TABLES)
        database.execute_sql("DROP TABLE schema_migration")


def test_the_scripts_make_what_the_models_say(url):
    connect(url)
    assert (migrate.pending(), migrate.up(), migrate.pending()) == (NAMES, NAMES, [])
    assert differences() == ""
    by_scripts = columns()
    drop_all()
    with database.connection_context():
        database.create_tables(TABLES)
    assert by_scripts == columns()


def test_up_again_does_nothing(url):
    connect(url)
    migrate.up()
    assert migrate.up() == []


def test_down_and_up_again_step_by_step(url):
    connect(url)
    migrate.up()
    whole = columns()
    assert [migrate.down() for _ in NAMES] == [[name] for name in reversed(NAMES)]
    assert (columns(), migrate.down()) == ({}, [])
    assert [migrate.up(name) for name in NAMES] == [[name] for name in NAMES]
    assert (columns(), differences()) == (whole, "")
    assert migrate.down(NAMES[0]) == NAMES[::-1]


def test_what_is_missing_or_too_much_would_be_seen(url):
    """The comparison itself can fail: a column and an index are taken away."""
    connect(url)
    migrate.up()
    with database.connection_context():
        database.execute_sql("DROP INDEX case_reporter_id_id")
        database.execute_sql('ALTER TABLE "letter" DROP COLUMN "outcome"')
    assert ("outcome" in differences(), "reporter" in differences()) == (True, True)


def test_killed_in_the_middle_it_begins_again_where_it_stopped(url):
    """kill -9 at random moments; every time what is there is a whole number of steps, and in the end it is done."""
    connect(url)
    dice, whole, seen = random.Random(20261123), time_of_all(url), set()
    for kills in range(20):
        process = start(url)
        process.stdout.readline()
        time.sleep(dice.uniform(0, whole))
        process.kill()
        process.communicate()
        seen.add(steps_done())
        if kills >= 3 and len(seen) > 1:  # a slow machine may die at the same step for a while
            break
    migrate.up()
    assert (differences(), migrate.pending()) == ("", [])


def time_of_all(url):
    """How many seconds all scripts take here, on an empty database that is empty again afterwards."""
    with start(url) as process:
        process.stdout.readline()
        begun = time.monotonic()
        assert process.communicate()[0].split() == NAMES
    migrate.down(NAMES[0])
    return time.monotonic() - begun


def steps_done():
    """How many scripts are done; a finished run is taken back. The lock is only free when the killed one is gone."""
    with database.connection_context(), migrate._alone():
        done = [name for name in NAMES if name not in migrate.pending()]
        tables = len(set(database.get_tables()) - {"schema_migration"})
    assert (done, tables) == (NAMES[: len(done)], TABLES_AFTER[len(done)])
    if done == NAMES:
        migrate.down(NAMES[0])
    return len(done)


TABLES_AFTER = dict(enumerate((0, 17, 23, 32, 34, 39, 46, 48, 50, 54, 58, 62, 66, len(TABLES))))


def test_two_hosts_at_once_apply_each_script_once(url):
    connect(url)
    hosts = [start(url), start(url)]
    said = [host.communicate() for host in hosts]
    assert [error for _, error in said] == ["", ""]
    assert sorted(name for names, _ in said for name in names.split()[1:]) == NAMES
    assert differences() == ""


def test_two_threads_at_once_apply_each_script_once(url):
    connect(url)
    applied = at_once(migrate.up, migrate.up)
    assert sorted(applied) == [[], NAMES]
    assert differences() == ""
