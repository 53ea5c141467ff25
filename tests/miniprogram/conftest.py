"""One running installation for each file of tests, and phones on it."""

import re
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that fails leaves a picture of each of its phones."""
    report = yield
    if report.when == "call" and report.failed:
        for phone in getattr(item, "phones", []):
            phone.photograph(f"failed-{re.sub(r'[^A-Za-z0-9]+', '-', item.name)}-{phone.person}")
    return report


@pytest.fixture
def handset(
    address: str, open_page: Callable[..., Page], request: pytest.FixtureRequest
) -> Callable[..., Handset]:
    """Gives phones: `handset("zhanglan")`, `handset("zhanglan", size=SMALL)`; each call is a phone of its own."""
    phones = request.node.phones = []

    def give(person: str, size: tuple[int, int] = LARGE) -> Handset:
        viewport = {"width": size[0], "height": size[1]}
        page = open_page(viewport=viewport, has_touch=True, is_mobile=True, device_scale_factor=2)
        phones.append(Handset(page, address, person))
        return phones[-1]

    return give
