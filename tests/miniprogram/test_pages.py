"""Every page, on a large and a small phone, as usual and in the senior mode: it opens, it can be read and hit.
What axe finds does not hang on the size, so it looks once in each mode, on the small phone.

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


@pytest.mark.parametrize("path", PAGES)
def test_a_page_lets_everybody_in(handset, town, path):
    person, query = PAGES[path]
    phone, said = handset(person), query(town)
    where = f"{path}?{said}" if said else path
    for size in _sizes(phone, where, path):
        assert phone.small_targets(44) == [], size
        assert not phone.sideways(), size
    assert phone.barriers() == []
    phone.senior()
    for size in _sizes(phone, where, f"{path}-senior"):
        assert phone.small_targets(60) == [], size
        assert not phone.sideways(), size
        texts = phone.text_sizes()
        assert {words: pixels for words, pixels in texts.items() if pixels < 18} == {}, size
        assert max(texts.values()) >= MAIN_TEXT, size
    assert phone.barriers() == []


def _sizes(phone: Handset, where: str, name: str):
    """The page opened on the large phone, then laid out anew on the small one; a picture of each is kept."""
    phone.page.set_viewport_size(dict(zip(("width", "height"), LARGE, strict=True)))
    phone.open(where)
    for size, (width, height) in SIZES.items():
        phone.page.set_viewport_size({"width": width, "height": height})
        phone.photograph(f"{name.replace('/', '-')}-{size}")
        yield size
