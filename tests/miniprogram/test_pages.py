"""Every page, on a large and a small phone, as usual and in the senior mode: it opens, it can be read and hit.

The senior mode keeps MIIT《移动互联网应用（APP）适老化通用设计规范》: main text of 18 pt or more, targets of 60 × 60.
"""

import pytest

from tests.miniprogram.handset import LARGE, SMALL, Handset
from tests.miniprogram.pages import PAGES, Town, pages_of_app, told

SIZES = {"large": LARGE, "small": SMALL}
#: 18 pt in CSS pixels, 96 to the inch.
MAIN_TEXT = 24


@pytest.fixture(scope="module")
def town(address: str) -> Town:
    return told(address)


def test_every_page_of_the_app_is_in_the_table():
    assert sorted(PAGES) == sorted(pages_of_app())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_lets_everybody_in(handset, town, path, size):
    phone = _opened(handset, town, path, size, senior=False)
    phone.photograph(f"{path.replace('/', '-')}-{size}")
    assert phone.barriers() == []
    assert phone.small_targets(44) == []
    assert not phone.sideways()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_the_senior_mode_is_large(handset, town, path, size):
    phone = _opened(handset, town, path, size, senior=True)
    phone.photograph(f"{path.replace('/', '-')}-{size}-senior")
    assert phone.barriers() == []
    assert phone.small_targets(60) == []
    assert not phone.sideways()
    sizes = phone.text_sizes()
    assert {words: size for words, size in sizes.items() if size < 18} == {}
    assert max(sizes.values()) >= MAIN_TEXT


def _opened(handset, town: Town, path: str, size: str, senior: bool) -> Handset:
    person, query = PAGES[path]
    phone = handset(person, size=SIZES[size])
    if senior:
        phone.senior()
    said = query(town)
    return phone.open(f"{path}?{said}" if said else path)
