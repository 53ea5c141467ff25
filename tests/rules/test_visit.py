"""What was heard at 张兰's door: it ends after a year, and with her; her copy says that somebody came, no more."""

from datetime import timedelta

import pytest

from app.jobs import retention as job
from app.rules import patrol, personal, personal_copy, personal_erasure, visit
from app.rules.personal_names import NUMBER
from models.base import new_key, now, write
from models.case import Photo
from models.patrol import Patrol, PatrolCheck, PatrolPhoto
from models.person import Residence, home_of
from models.place import Grid
from models.visit import Visit

NOTE = "她自己提过，电话 13912345678"


def visited(town, kind="care", days=0, note=NOTE) -> Visit:
    home = home_of(town.person("zhanglan"))
    with write():
        row = visit.make(
            home, actor=town.actor("wangdashan"), kind=kind, met=True, at=now(), note=note, needs=["想要助餐"]
        )
    Visit.update(at=now() - timedelta(days=days)).where(Visit.id == row.id).execute()
    return row


def let_go(town, who="zhanglan"):
    with write():
        request = personal.ask_erasure(town.person(who), actor=town.actor(who))
        personal_erasure.let_go(request)


def walked(town, days=0) -> Photo:
    """A patrol of 王大山 with one photo."""
    photo = Photo.create(key=new_key(), uploader=town.person("wangdashan"), sha256="0" * 64, width=1, height=1)
    for variant in ("", ".thumb"):
        town.context.files.put(f"photos/{photo.key}{variant}.jpg", b"x", "image/jpeg")
    found = patrol.Found("manhole", False, "松了", (photo.key,))
    with write():
        row = patrol.make(
            Grid.get(Grid.code == "huimin-1"), actor=town.actor("wangdashan"), started_at=now(), ended_at=now(),
            checks=[found],
        )  # fmt: skip
    old = now() - timedelta(days=days)
    Patrol.update(started_at=old, ended_at=old).where(Patrol.id == row.id).execute()
    Photo.update(created_at=old).where(Photo.id == photo.id).execute()
    return photo


@pytest.mark.parametrize(("days", "left"), [(364, 1), (366, 0)])
def test_a_visit_ends_after_a_year(town, days, left):
    visited(town, days=days)
    assert job.apply(town.context).get("visits", 0) == 1 - left
    assert Visit.select().count() == left


@pytest.mark.parametrize(("days", "left"), [(364, 1), (366, 0)])
def test_a_patrol_ends_after_a_year_with_its_photos(town, days, left):
    """Till then its photo is one that is used, though it stands in no case."""
    photo = walked(town, days)
    job.apply(town.context)
    counts = [table.select().count() for table in (Patrol, PatrolCheck, PatrolPhoto, Photo)]
    assert counts == [left] * 4
    kept = [key for key, _ in town.context.files.listed("photos") if photo.key in key]
    assert len(kept) == 2 * left


def test_nothing_heard_stays_of_somebody_who_lived_alone_and_is_gone(town):
    home = home_of(town.person("zhanglan"))
    Residence.delete().where(Residence.household == home, Residence.person != town.person("zhanglan")).execute()
    row = visited(town)
    let_go(town)
    row = Visit.get_by_id(row.id)
    assert (row.note, row.needs, row.kind) == ("", [], "care")


def test_of_a_household_that_goes_on_the_name_and_the_number_go(town):
    home = home_of(town.person("zhanglan"))
    Residence.create(person=town.person("zhaoqiang"), household=home, state="confirmed", confirmed_at=now())
    row = visited(town, note="张兰说灯坏了，电话 13912345678")
    let_go(town)
    row = Visit.get_by_id(row.id)
    assert (row.note, row.needs) == (f"{personal_erasure.NAME}说灯坏了，电话 {NUMBER}", ["想要助餐"])


def test_the_photos_of_a_patrol_outlive_the_worker_who_leaves(town):
    photo = walked(town)
    mine = personal_erasure.owners(town.person("wangdashan"))
    (photos,) = [step for step in personal_erasure.steps(mine) if step.kind == "photos"]
    assert photo not in list(photos.rows)


def test_the_copy_says_that_somebody_came_and_not_what_was_said_or_of_a_quarrel(town):
    visited(town), visited(town, kind="mediation")
    copy = personal_copy.copy_of(town.person("zhanglan"))
    assert copy.counts["visits"] == 1 and "日常走访" not in copy.json and "关爱走访" in copy.json
    assert "助餐" not in copy.json and "提过" not in copy.json and "矛盾" not in copy.json
    assert personal_copy.copy_of(town.person("wangdashan")).counts["visits"] == 0
