"""张兰 takes authorisations back in WeChat; what they gave us is deleted, and a record says how much."""

import pytest

from app.rules import authorization, consent
from app.rules import case as cases
from app.rules import conversation as talk
from models.audit import Audit
from models.base import write
from models.case import Case
from models.conversation import Draft, Line
from models.personal import Deletion

HERE = (34.7821, 114.3611)


@pytest.mark.parametrize(
    ("codes", "kinds"),
    [
        ("8", ["phone"]), ("8,13", ["location", "phone"]), ("13，18", ["location"]), ("206", ["location"]),
        ("6", ["name"]), ("205 19", ["name"]), ("301", ["location", "name", "phone"]), ("1", []), ("14,15,201", []),
        ("", []), ("eight", []), ("８", []), ("88,813", []),
    ],
)  # fmt: skip
def test_the_codes_of_the_platform(codes, kinds):
    assert authorization.kinds_of(codes) == kinds


def revoke(town, codes, who="zhanglan"):
    with write():
        authorization.revoked(town.person(who), codes)


def spoken(town):
    """A case that is over, one in hand, a line about each, one about none, and a draft: all with a place."""
    zhanglan = town.actor("zhanglan")
    with write():
        over, open_one = (
            cases.report(
                actor=zhanglan, community=town.community(), category=town.category("street_light"), words=words,
                channel="chat", place=town.building(), point=HERE,
            )
            for words in ("路灯不亮", "灯又不亮")
        )  # fmt: skip
        Case.update(state="closed").where(Case.id == over.id).execute()
        conversation = talk.open_with(zhanglan.person, town.community())
        for case in (over, open_one, None):
            talk.hear(conversation, kind="location", text="这里", case=case, point=HERE)
        Draft.create(conversation=conversation, lat=HERE[0], lng=HERE[1])
    return over, open_one


def test_places_go_but_not_of_what_is_still_in_hand(town):
    over, open_one = spoken(town)
    revoke(town, "13")
    assert [case.lat for case in Case.select().order_by(Case.id)] == [None, HERE[0]]
    assert [(line.case_id, line.lat) for line in Line.select().where(Line.kind == "location").order_by(Line.id)] == [
        (over.id, None), (open_one.id, HERE[0]), (None, None)
    ]  # fmt: skip
    assert (Draft.get().lat, Draft.get().lng) == (None, None)
    assert [(row.kind, row.count) for row in Deletion.select()] == [("revoked.location", 4)]
    assert consent.answers_of(town.person("zhanglan"))["location"].answer == "withdrawn"


def test_the_place_of_a_neighbour_stays(town):
    spoken(town)
    revoke(town, "13", who="sunmei")
    assert Case.select().where(Case.lat.is_null()).count() == 0


def test_a_number_goes(town):
    revoke(town, "8")
    assert town.person("zhanglan").phone is None and town.person("sunmei").phone == "13800000005"
    assert not consent.has(town.person("zhanglan"), "phone")
    assert [(row.kind, row.count) for row in Deletion.select()] == [("revoked.phone", 1)]


def test_a_name_goes_unless_it_stands_in_the_list_of_the_staff(town):
    revoke(town, "6")
    revoke(town, "6", who="wangdashan")
    with write():
        authorization.modified(town.person("sunmei"))
    assert [town.person(key).name for key in ("zhanglan", "wangdashan", "sunmei")] == ["", "王大山", ""]


def test_what_we_do_not_keep_changes_nothing_but_is_written_down(sqlite_town):
    revoke(sqlite_town, "1,2,3")
    assert Deletion.select().count() == 0 and sqlite_town.person("zhanglan").phone == "13800000001"
    row = Audit.select().where(Audit.action == "person.revoke").get()
    assert (row.person, row.about, row.detail) == (None, sqlite_town.person("zhanglan"), {"kinds": []})
