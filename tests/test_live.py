"""Open screens: every change of one's own communities once and in order, whoever commits first, however often away."""

import threading
import time
from datetime import timedelta

import pytest

from app import live
from app.live import Hub
from app.rules import audit
from models.base import database, now, write
from models.event import Event
from tests.rules.together import at_once
from tests.servers import database as postgres_copy
from tests.town import town_at

#: What a test has opened, to be closed after it.
STREAMS = []


@pytest.fixture
def hub(monkeypatch):
    """A hub whose thread looks often."""
    monkeypatch.setattr(live, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    hub = Hub(3)
    yield hub
    for stream in STREAMS:
        stream.close()
    STREAMS.clear()
    while hub._thread:
        time.sleep(0.005)


@pytest.fixture
def postgres_town(servers, founded_postgres, tmp_path):
    """A fresh town on PostgreSQL."""
    with postgres_copy(servers["postgres"], founded_postgres) as url, town_at(tmp_path, url) as town:
        yield town


def happen(town, *subjects, community="huimin", kind="case"):
    """Something changed in a community; the ids under which it is told."""
    with write():
        for subject in subjects:
            audit.tell_screens(town.community(community), kind, subject)
    return [row.id for row in Event.select().order_by(Event.id.desc()).limit(len(subjects))][::-1]


def screen(hub, town, after=None, *communities):
    """An open stream, already listening: what is read of it next."""
    places = frozenset(town.community(code).id for code in communities or ("huimin",))
    STREAMS.append(hub.listen(places, after))
    if after is None:
        read(STREAMS[-1], 0)
    return STREAMS[-1]


def read(stream, count, patience=400):
    """The next so many events as (id, kind, data); heartbeats are passed over. At least one piece is read."""
    found = []
    for _ in range(patience):
        found += [tuple(line.partition(": ")[2] for line in frame.split("\n"))
                  for frame in next(stream).split("\n\n") if frame and not frame.startswith(":")]  # fmt: skip
        if len(found) >= count:
            break
    return found


def subjects(frames):
    return [data for _, _, data in frames]


def test_a_change_is_told_as_it_is_kept(town, hub):
    stream = screen(hub, town)
    [number] = happen(town, "abc")
    assert read(stream, 1) == [(str(number), "case", '{"key": "abc"}')]


def test_every_change_once_and_in_order(town, hub):
    stream, other = screen(hub, town), screen(hub, town)
    writers = [lambda name=name: [happen(town, f"{name}{turn}") for turn in range(10)] for name in "abcd"]
    at_once(*writers)
    wanted = [(str(row.id), "case", f'{{"key": "{row.subject}"}}') for row in Event.select().order_by(Event.id)]
    assert (len(wanted), read(stream, 40), read(other, 40)) == (40, wanted, wanted)
    assert read(stream, 0) == []


def test_the_next_community_is_not_heard(sqlite_town, hub):
    stream, both = screen(hub, sqlite_town), screen(hub, sqlite_town, None, "huimin", "liuyin")
    happen(sqlite_town, "theirs", community="liuyin")
    happen(sqlite_town, "ours")
    assert subjects(read(stream, 1)) == ['{"key": "ours"}']
    assert subjects(read(both, 2)) == ['{"key": "theirs"}', '{"key": "ours"}']


def test_who_was_away_gets_what_was_missed_and_nothing_twice(sqlite_town, hub):
    first = happen(sqlite_town, *"abcde")
    Event.update(at=now() - timedelta(hours=1)).execute()
    stream = screen(hub, sqlite_town, first[1])
    assert subjects(read(stream, 3)) == ['{"key": "c"}', '{"key": "d"}', '{"key": "e"}']
    happen(sqlite_town, "f")
    assert subjects(read(stream, 1)) == ['{"key": "f"}']


def test_a_whole_night_of_changes_is_caught_up(sqlite_town, hub):
    """More than fits one batch, with the neighbours' changes between."""
    [start] = happen(sqlite_town, "evening")
    for round_of in range(4):
        happen(sqlite_town, *[f"n{round_of}-{number}" for number in range(live.BATCH // 2)])
        happen(sqlite_town, "theirs", community="liuyin")
    Event.update(at=now() - timedelta(hours=1)).execute()
    stream = screen(hub, sqlite_town, start)
    missed = read(stream, 2 * live.BATCH)
    numbers = [int(number) for number, _, _ in missed]
    assert (len(missed), numbers) == (2 * live.BATCH, sorted(set(numbers)))


def test_a_new_screen_hears_only_what_comes(sqlite_town, hub):
    happen(sqlite_town, "yesterday")
    Event.update(at=now() - timedelta(days=1)).execute()
    stream = screen(hub, sqlite_town)
    happen(sqlite_town, "today")
    assert subjects(read(stream, 1)) == ['{"key": "today"}']


def slow_writer(town, ends, begun):
    """Somebody whose transaction takes a while: it has its id long before it commits or rolls back."""

    def work():
        with write() as _, database.atomic() as deed:
            audit.tell_screens(town.community(), "case", "slow")
            begun.set()
            ends.wait()
            if ends.rolls_back:
                deed.rollback()

    return work


@pytest.mark.parametrize("rolls_back", [False, True])
def test_who_got_the_earlier_number_and_commits_later_is_not_skipped(postgres_town, hub, monkeypatch, rolls_back):
    """On PostgreSQL the second may be kept before the first: the second waits, and both are told in order."""
    town = postgres_town
    monkeypatch.setattr(live, "GAP", timedelta(seconds=0.5))
    begun, ends = threading.Event(), threading.Event()
    ends.rolls_back = rolls_back
    stream = screen(hub, town)
    slow = threading.Thread(target=lambda: at_once(slow_writer(town, ends, begun)))
    slow.start()
    begun.wait()
    happen(town, "quick")
    early = [read(stream, 0) for _ in range(4)]
    ends.set()
    slow.join()
    assert early == [[]] * 4
    wanted = ['{"key": "quick"}'] if rolls_back else ['{"key": "slow"}', '{"key": "quick"}']
    assert subjects(read(stream, len(wanted))) == wanted


def test_the_database_may_go_away_for_a_while(sqlite_town, hub, monkeypatch):
    """The thread survives an error of the database: what happened meanwhile is told afterwards."""
    stream = screen(hub, sqlite_town)
    happen(sqlite_town, "before")
    assert len(read(stream, 1)) == 1
    database.execute_sql("ALTER TABLE event RENAME TO hidden")
    time.sleep(0.2)
    database.execute_sql("ALTER TABLE hidden RENAME TO event")
    happen(sqlite_town, "after")
    assert subjects(read(stream, 1)) == ['{"key": "after"}']


def test_an_idle_stream_gives_signs_of_life(sqlite_town, hub):
    stream = screen(hub, sqlite_town)
    assert [next(stream) for _ in range(3)] == [": still here\n\n"] * 3


def test_a_waiting_stream_holds_no_connection(sqlite_town, hub):
    """Three screens wait; the pool lends none of its connections to them."""
    streams = [screen(hub, sqlite_town) for _ in range(3)]
    readers = [threading.Thread(target=next, args=(stream,)) for stream in streams]
    for reader in readers:
        reader.start()
    held = [len(database.obj._in_use) for _ in range(20) if not time.sleep(0.002)]
    for reader in readers:
        reader.join()
    assert min(held) == 0


def test_there_are_only_so_many_streams():
    hub = Hub(2)
    assert [hub.enter() for _ in range(4)] == [True, True, False, False]
    hub.leave()
    assert [hub.enter(), hub.enter()] == [True, False]
    assert Hub(0).enter() is False


def test_a_place_is_not_given_back_twice():
    hub = Hub(1)
    hub.enter()
    hub.leave()
    with pytest.raises(ValueError):
        hub.leave()
