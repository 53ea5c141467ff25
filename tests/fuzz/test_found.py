"""Whatever a search has ever found, and all that it begins with, at the doors again: none of it breaks anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz import api, callback, upload, voice
from tests.fuzz.ground import Ground, ground
from tests.fuzz.keep import kept

TARGETS = {"callback": callback, "upload": upload, "voice": voice, "api": api}
SEEDS = [(name, seed, data) for name, target in TARGETS.items() for seed, data in target.seeds().items()]
FOUND = [(name, path) for name in TARGETS for path in kept(name)]


@pytest.fixture(scope="module")
def here(founded_sqlite: Path) -> Iterator[Ground]:
    with ground(founded=founded_sqlite) as one:
        yield one


@pytest.mark.parametrize(("name", "seed", "data"), SEEDS, ids=[f"{name}: {seed}" for name, seed, _ in SEEDS])
def test_where_the_search_begins(here, name, seed, data):
    TARGETS[name].check(here, data)


@pytest.mark.parametrize(("name", "path"), FOUND, ids=[f"{name}: {path.name}" for name, path in FOUND])
def test_what_was_found_stays_mended(here, name, path):
    TARGETS[name].check(here, path.read_bytes())
