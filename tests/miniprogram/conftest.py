"""One running installation for each file of tests, and phones on it."""

import tempfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.miniprogram.handset import LARGE, Handset
from tests.story import free_port, installation


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The service with its worker, its sandbox and the demo community, all state in a fresh folder."""
    with tempfile.TemporaryDirectory(prefix="doorstep-mini-") as folder, installation(free_port(), folder) as where:
        yield where


@pytest.fixture
def handset(address: str, open_page: Callable[..., Page]) -> Callable[..., Handset]:
    """Gives phones: `handset("zhanglan")`, `handset("zhanglan", size=SMALL)`; each call is a phone of its own."""

    def give(person: str, size: tuple[int, int] = LARGE) -> Handset:
        viewport = {"width": size[0], "height": size[1]}
        page = open_page(viewport=viewport, has_touch=True, is_mobile=True, device_scale_factor=2)
        return Handset(page, address, person)

    return give
