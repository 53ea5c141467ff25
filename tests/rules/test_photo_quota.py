"""So many photos a day and no more; the picture of a danger is always taken."""

from datetime import timedelta

import pytest

from app.rules import case as cases
from app.rules import media
from app.rules.photo_image import CleanPhoto
from app.rules.photo_quota import USED_UP, check_quota
from app.rules.refusal import Refusal
from models.base import database, new_key, now, write
from models.case import Case, Photo
from tests.rules.together import at_once

IMAGE = CleanPhoto(b"x" * 900, b"y" * 100, 4, 3, "0" * 64)


def add(town, who="zhanglan", case=None, photos=3, size=10_000):
    """One more photo of somebody, if there is room."""
    with write():
        check_quota(town.person(who), photos=photos, size=size, case=case)
        return media.add_photo(town.actor(who), IMAGE, new_key())


def refused(town, **more):
    with pytest.raises(Refusal) as caught:
        add(town, **more)
    return caught.value.code, caught.value.message


def hazard(town, code="missing_manhole_cover"):
    with write():
        case = cases.report(
            actor=town.actor("zhanglan"), community=town.community(), words="井盖没了", channel="chat",
            category=town.category(code), place=town.building(),
        )  # fmt: skip
    return Case.get_by_id(case.id)


def attach(photo, case):
    Photo.update(case=case).where(Photo.id == photo.id).execute()


def test_the_room_of_a_photo_is_known(town):
    assert Photo.get_by_id(add(town).id).size == 1000


def test_one_more_than_the_day_allows_waits_an_hour(town):
    """Three a day: the fourth may show a danger nobody knows of yet, the fifth is asked to wait."""
    for _ in range(4):
        last = add(town)

    assert refused(town) == ("photo_quota", USED_UP)
    Photo.update(created_at=now() - timedelta(minutes=61)).where(Photo.id == last.id).execute()
    assert add(town).size == 1000


def test_room_counts_as_well_as_number(town):
    for _ in range(3):
        add(town, photos=100, size=2000)

    assert refused(town, photos=100, size=2000)[0] == "photo_quota"


def test_everybody_has_a_day_of_the_own(town):
    for _ in range(4):
        add(town)

    assert refused(town)[0] == "photo_quota"
    assert add(town, who="sunmei").size == 1000


def test_tomorrow_is_another_day(town):
    for _ in range(4):
        add(town)
    Photo.update(created_at=now() - timedelta(days=1)).execute()

    assert add(town).size == 1000


def test_photos_of_the_chat_count_too(town):
    """Whichever way they came: what counts is the row."""
    for _ in range(4):
        Photo.create(uploader=town.person("zhanglan"), sha256="0" * 64, width=1, height=1, size=5, kind="chat")

    assert refused(town)[0] == "photo_quota"


def test_the_first_photo_of_a_danger_is_always_taken(town):
    for _ in range(4):
        add(town)
    case = hazard(town)

    attach(add(town, case=case), case)
    assert refused(town, case=case)[0] == "photo_quota"
    assert refused(town, case=hazard(town, "street_light"))[0] == "photo_quota"


def test_whoever_shows_dangers_may_go_on_showing_them(town):
    """A storm: 张兰 reports one danger after the other, each with the photo she uploaded before."""
    for _ in range(3):
        add(town)
    for _ in range(4):
        attach(add(town), hazard(town))

    add(town)
    assert refused(town)[0] == "photo_quota"


def test_two_at_the_same_moment_are_not_both_the_last(town):
    for _ in range(3):
        add(town)
    database.close()
    results = at_once(*[lambda: add(town)] * 4)
    database.connect()

    assert sorted(type(one).__name__ for one in results) == ["Photo", "Refusal", "Refusal", "Refusal"]
    assert Photo.select().count() == 4
