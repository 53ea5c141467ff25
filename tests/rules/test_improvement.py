"""整治台账: exact counts, photos before and after, and a mistake that is taken back instead of edited."""

from datetime import date, timedelta

import pytest

from app.rules import improvement, media
from app.rules.improvement import Entry
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.statistics_period import today
from models.audit import Audit
from models.base import new_key, now, write
from models.case import Photo
from models.improvement import Improvement
from models.place import Place
from tests.rules.cases import report

DAY = date(2026, 10, 12)


def compound(name: str = "幸福家园") -> Place:
    return Place.get(Place.kind == "compound", Place.name == name)


def record(town, who="wangdashan", place=None, **more) -> Improvement:
    entry = Entry(**{"kind": "public_board", "quantity": 12, "day": DAY, **more})
    with write():
        return improvement.record(place or compound(), entry, actor=town.actor(who))


def ledger(town, who="zhanglan", **more):
    wanted = improvement.listed(town.community(), actor=town.actor(who), **more)
    return [row.quantity for row in improvement.rows(wanted)], [one.words for one in improvement.sums(wanted).total]


def photo(town, who="wangdashan", **more) -> Photo:
    return Photo.create(key=new_key(), uploader=town.person(who), sha256="0" * 64, width=4, height=3, **more)


def test_what_was_done_adds_up_exactly(town):
    record(town, quantity=2500)
    record(town, quantity=12, place=compound("阳光花苑"), day=DAY + timedelta(days=1))
    record(town, kind="greening", quantity=300, day=DAY - timedelta(days=40))
    assert ledger(town) == ([12, 2500, 300], ["绿化补植 300 平方米", "公益广告牌 2512 块"])
    assert ledger(town, compound=compound()) == ([2500, 300], ["绿化补植 300 平方米", "公益广告牌 2500 块"])
    assert ledger(town, kind="greening") == ([300], ["绿化补植 300 平方米"])
    assert ledger(town, first=DAY, last=DAY) == ([2500], ["公益广告牌 2500 块"])
    found = improvement.sums(improvement.listed(town.community(), actor=town.actor("dengwei")))
    assert {place.name: [one.words for one in sums] for place, sums in found.compounds} == {
        "幸福家园": ["绿化补植 300 平方米", "公益广告牌 2500 块"], "阳光花苑": ["公益广告牌 12 块"],
    }  # fmt: skip


def test_a_mistake_is_taken_back_and_stays_for_those_who_write(town):
    row = record(town, quantity=999_999)
    with write():
        improvement.withdraw(row, actor=town.actor("chenjing"), reason="多写了两位数")
    assert ledger(town) == ([], [])
    assert ledger(town, "wangdashan") == ([999_999], [])
    found = Improvement.get_by_id(row.id)
    assert (found.quantity, found.withdrawn_note) == (999_999, "多写了两位数")
    with pytest.raises(Conflict):
        improvement.withdraw(found, actor=town.actor("chenjing"), reason="再撤一次看看")
    assert [one.action for one in Audit.select().where(Audit.action.startswith("improvement."))] == [
        "improvement.record", "improvement.withdraw",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "gold"}, "kind"), ({"quantity": 0}, "quantity"), ({"quantity": -3}, "quantity"),
        ({"quantity": 1_000_001}, "quantity"), ({"quantity": None}, "quantity"), ({"day": None}, "day"),
        ({"day": today(now()) + timedelta(days=1)}, "day"), ({"day": date(1999, 1, 1)}, "day"),
        ({"note": "长" * 301}, "note"), ({"kind": "other"}, "note"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(sqlite_town, wrong, field):
    with pytest.raises(Refusal) as refused:
        record(sqlite_town, **wrong)
    assert (refused.value.code, list(refused.value.fields)) == ("improvement_incomplete", [field])


def test_today_and_a_million_are_taken(sqlite_town):
    assert record(sqlite_town, quantity=1_000_000, day=today(now())).quantity == 1_000_000


@pytest.mark.parametrize(
    ("who", "error"), [("zhanglan", Forbidden), ("dengwei", Forbidden), ("hefang", NotFound), ("zhaoqiang", NotFound)]
)
def test_only_who_works_there_writes(sqlite_town, who, error):
    with pytest.raises(error):
        record(sqlite_town, who)


def test_it_is_of_a_compound(sqlite_town):
    for place in (sqlite_town.building(), sqlite_town.community()):
        with pytest.raises(NotFound):
            record(sqlite_town, place=place)


@pytest.mark.parametrize("who", ["hefang", "guoliang", "zhaoqiang", "masuhua"])
def test_of_another_community_there_is_no_ledger(sqlite_town, who):
    with pytest.raises(NotFound):
        improvement.listed(sqlite_town.community(), actor=sqlite_town.actor(who))


def test_a_photo_is_shown_to_residents_once_it_was_found_fit(town):
    before, after = photo(town), photo(town)
    row = record(town, before=before.key, after=after.key)
    assert (row.before, row.after) == (before, after)

    def may_see(who: str) -> list[bool]:
        return [media.may_see(town.actor(who), Photo.get_by_id(one.id)) for one in (before, after)]

    assert [may_see(who) for who in ("wangdashan", "liuyang", "zhanglan", "hefang")] == [
        [True, True], [True, True], [False, False], [False, False],
    ]  # fmt: skip
    Photo.update(verdict="pass").where(Photo.id == before.id).execute()
    assert [may_see(who) for who in ("zhanglan", "masuhua")] == [[True, False], [False, False]]
    with write():
        improvement.withdraw(row, actor=town.actor("wangdashan"), reason="拍错了地方")
    assert may_see("zhanglan") == [False, False]


def test_a_photo_is_used_once_and_must_be_the_own(sqlite_town):
    town = sqlite_town
    mine = photo(town)
    record(town, before=mine.key)
    used = photo(town, case=report(town))
    for key in (mine.key, used.key, photo(town, "zhanglan").key, photo(town, kind="patrol").key, "nothing"):
        with pytest.raises(Refusal) as refused:
            record(town, after=key)
        assert refused.value.code == "photo_taken"


def test_the_case_it_comes_from_must_be_one_that_one_may_read(sqlite_town):
    town = sqlite_town
    case = report(town)
    assert record(town, "chenjing", case=case.key).case == case
    away = report(town, "masuhua", community=town.community("liuyin"), place=None)
    for who, key in (("chenjing", away.key), ("chenjing", "nothing"), ("liuyang", case.key)):
        with pytest.raises(Refusal) as refused:
            record(town, who, case=key)
        assert refused.value.code == "case_unknown"
