"""The queue behind the courier: one claims, others wait, a lost lease counts for nothing."""

import pytest

from app.sandbox.outbox import claim, enqueue, finish, next_due, pending, repeat
from app.sandbox.store import Store
from app.sandbox.world import World


@pytest.fixture
def world(config):
    """Nobody delivers here but the test."""
    return World(config, Store(config["state"]))


def owe(world, person, text):
    with world.store.transaction() as db:
        return enqueue(db, world.apps["official"], person, {"MsgType": "text", "Content": text})


def take(world, seconds=60):
    with world.store.transaction() as db:
        return claim(db, seconds)


def test_one_lane_one_at_a_time(world):
    for person, text in (("zhanglan", "一"), ("zhanglan", "二"), ("liwei", "三")):
        owe(world, person, text)
    taken = [take(world), take(world), take(world)]
    assert [one and one.message["Content"] for one in taken] == ["一", "三", None]
    with world.store.transaction() as db:
        assert finish(db, taken[0], "done", status="200", reply="") is True
    assert take(world).message["Content"] == "二"
    assert pending(world.store.connection()) == 2


def test_a_lease_that_ran_out_is_somebody_elses(world):
    owe(world, "zhanglan", "一")
    dead = take(world, seconds=-1)
    alive = take(world)
    assert (alive.id, alive.message) == (dead.id, dead.message)
    with world.store.transaction() as db:
        assert finish(db, dead, "failed", status="late", reply="") is False
        assert finish(db, alive, "done", status="200", reply="") is True
    assert pending(world.store.connection()) == 0


def test_a_row_waiting_for_its_next_try_holds_back_the_ones_behind_it(world):
    owe(world, "zhanglan", "一")
    owe(world, "zhanglan", "二")
    first = take(world)
    with world.store.transaction() as db:
        finish(db, first, "pending", status="503", reply="", due_at=2_000_000_000_0)
    assert take(world) is None
    assert next_due(world.store.connection(), 1.0) == 1.0


def test_copies_go_out_together_or_one_by_one(world):
    owe(world, "zhanglan", "一")
    with world.store.transaction() as db:
        finish(db, claim(db, 60), "done", status="200", reply="")
        assert repeat(db, 1, 3, parallel=True) == [2, 3, 4]
        assert [claim(db, 60).id for _ in range(3)] == [2, 3, 4]
        assert repeat(db, 1, 2, parallel=False) == [5, 6]
        assert [claim(db, 60).id, claim(db, 60)] == [5, None]
        assert repeat(db, 99, 1, parallel=False) is None


def test_who_was_born_once_stays_the_same(world, config):
    openids = "SELECT app, person, openid FROM accounts ORDER BY app, person"
    before = [tuple(row) for row in world.store.connection().execute(openids)]
    config["people"].append({"key": "zhaomin", "name": "赵敏"})
    again = World(config, Store(config["state"]))
    after = [tuple(row) for row in again.store.connection().execute(openids)]
    assert [row for row in after if row[1] != "zhaomin"] == before
    assert len(after) == len(before) + 2


@pytest.mark.parametrize("change", [{"kind": "website"}, {"mode": "secret"}, {"format": "yaml"}, {"aes_key": "short"}])
def test_an_app_that_cannot_work_is_refused_at_the_start(config, change):
    config["apps"][0] |= change
    with pytest.raises(ValueError, match="sandbox app mini"):
        World(config, Store(config["state"]))
