"""上报突发事件: one tap reaches everybody from the grid to the district, and nothing that is missing loses it."""

from datetime import timedelta

import pytest

from app.rules import conversation as talk
from app.rules import incident
from app.rules.refusal import Refusal
from models.base import new_key, now, write
from models.case import Case, Photo, Step
from models.letter import Letter
from models.person import Person
from models.place import Place
from models.role import Role


def raise_(town, who="zhanglan", **more) -> incident.Raised:
    with write():
        return incident.raise_(actor=town.actor(who), **more)


def told(case: Case) -> list[str]:
    """Who was written to, by name."""
    letters = Letter.select().where(Letter.case == case, Letter.kind == "case_assigned")
    return sorted({letter.person.name for letter in letters})


@pytest.fixture
def district(town):
    """周宁 answers for the district."""
    person = Person.create(name="周宁")
    Role.create(person=person, place=town.community().parent.parent, kind="district_admin")
    return person


def test_one_tap_and_the_whole_chain_knows(town, district):
    raised = raise_(town)
    case = raised.case
    assert (case.community, case.category.code, case.category.emergency, case.hazard, case.channel) == (
        town.community(), "emergency_incident", True, True, "incident"
    )  # fmt: skip
    # Nobody said where: the home is better than nothing.
    assert (case.place.label, case.state, case.handler.name) == ("幸福家园 3号楼 2单元 501", "dispatched", "王大山")
    assert told(case) == ["周宁", "王大山", "邓伟", "陈静"]
    assert (raised.told, raised.again) == (4, False)
    urgent = {letter.urgent for letter in Letter.select().where(Letter.case == case)}
    assert urgent == {True}
    answer = incident.answer(raised)
    assert answer.startswith("请先拨打 110/119/120/122。本平台不能代替报警电话。") and f"#{case.number}" in answer


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        ("fire", "", "fire"), ("gas", "", "gas_leak"), ("person", "", "person_in_danger"),
        ("collapse", "", "emergency_incident"), ("water_power", "", "emergency_incident"),
        ("", "3号楼着火了", "fire"), ("other", "有人晕倒了", "person_in_danger"),
        ("", "楼道灯不亮", "emergency_incident"),
        ("fire", "有煤气味", "fire"), ("", "", "emergency_incident"),
    ],
)  # fmt: skip
def test_the_kind_becomes_an_emergency_of_the_community(sqlite_town, kind, words, code):
    case = raise_(sqlite_town, kind=kind, words=words).case
    assert (case.category.code, case.category.emergency) == (code, True)


def test_without_a_category_of_its_own_it_is_some_emergency(sqlite_town):
    town = sqlite_town
    row = town.category("emergency_incident")
    type(row).update(active=False).where(type(row).id == row.id).execute()
    assert raise_(town).case.category.emergency


def test_the_place_decides_then_the_point_then_the_home(sqlite_town):
    town = sqlite_town
    elsewhere = town.building("1号楼", "柳荫里")
    assert raise_(town, place=elsewhere).case.place == elsewhere
    compound = Place.get(Place.kind == "compound", Place.name == "柳荫里")
    found = raise_(town, kind="fire", point=(compound.lat, compound.lng)).case
    assert (found.community.code, found.place) == ("liuyin", compound)
    assert raise_(town, kind="gas").case.community == town.community()


def test_somebody_of_whom_nothing_is_known_reaches_the_reception(sqlite_town):
    town = sqlite_town
    with pytest.raises(Refusal) as refused:
        raise_(town, "zhaoqiang")
    assert (refused.value.code, refused.value.message.startswith(incident.WARNING)) == ("place_unknown", True)
    assert raise_(town, "zhaoqiang", default="huimin").case.community == town.community()
    with write():
        talk.open_with(town.person("zhaoqiang"), town.community("wenhua"), town.identity("zhaoqiang"))
    assert raise_(town, "zhaoqiang", kind="fire", default="huimin").case.community == town.community("wenhua")


def test_workers_report_as_well_and_are_not_written_to_themselves(sqlite_town):
    case = raise_(sqlite_town, "wangdashan", words="河边围墙塌了").case
    assert (case.community, told(case)) == (sqlite_town.community(), ["刘洋", "邓伟", "陈静"])


def test_a_child_is_not_asked_for_anything(sqlite_town):
    town = sqlite_town
    Person.update(age_group="child").where(Person.id == town.person("zhanglan").id).execute()
    home = Place.get(Place.kind == "compound", Place.name == "幸福家园")
    assert raise_(town, words="着火了", point=(home.lat, home.lng)).case.state == "dispatched"


def test_a_point_far_from_every_compound_is_kept_and_all_workers_are_told(sqlite_town):
    case = raise_(sqlite_town, point=(34.9, 114.5)).case
    assert ((case.lat, case.lng), case.place, case.state) == ((34.9, 114.5), None, "reported")
    assert told(case) == ["刘洋", "王大山", "邓伟", "陈静"]


def test_a_hand_that_shakes_taps_twice_and_it_is_one(town):
    first = raise_(town, kind="fire").case
    again = raise_(town, kind="fire", words="火很大，三楼")
    assert (again.case, again.again, Case.select().count()) == (first, True, 1)
    assert [step.note for step in Step.select().where(Step.case == first, Step.verb == "note")] == ["火很大，三楼"]
    # Another kind, somebody else, or a while later: that is another one.
    assert raise_(town, kind="gas").again is False
    assert raise_(town, "sunmei", kind="fire").again is False
    Case.update(created_at=now() - timedelta(minutes=3)).where(Case.id == first.id).execute()
    assert raise_(town, kind="fire").again is False


def test_photos_that_cannot_be_used_do_not_lose_it(sqlite_town):
    town = sqlite_town
    mine = Photo.create(key=new_key(), uploader=town.person("zhanglan"), sha256="0" * 64, width=4, height=3)
    theirs = Photo.create(key=new_key(), uploader=town.person("sunmei"), sha256="0" * 64, width=4, height=3)
    case = raise_(town, photos=[theirs.key, mine.key, "gone"]).case
    assert [photo.key for photo in Photo.select().where(Photo.case == case)] == [mine.key]


def test_whom_it_complains_about_is_not_told(sqlite_town):
    """The words name 王大山 and complain: then everybody else knows, and the admins decide who goes."""
    case = raise_(sqlite_town, words="投诉王大山，他把消防通道堵死了，有人受伤").case
    assert case.about == sqlite_town.person("wangdashan")
    assert told(case) == ["邓伟", "陈静"]


def test_what_nobody_took_on_stands_on_the_desk(town):
    case = raise_(town, kind="fire").case
    seen = lambda who: [one.id for one in incident.untaken(town.actor(who), [town.community()])]  # noqa: E731
    assert (seen("chenjing"), seen("hefang")) == ([case.id], [])
    Case.update(state="handling").where(Case.id == case.id).execute()
    assert seen("chenjing") == []
