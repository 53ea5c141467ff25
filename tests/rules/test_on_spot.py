"""现场即时办: 王大山 sees a lamp hang down, screws it tight and writes it down: done, and judged by nobody."""

import pytest

from app.rules import deed, on_spot
from app.rules.refusal import Forbidden, Refusal
from models.base import new_key, write
from models.case import Case, Photo, Step
from models.letter import Letter
from models.task import Task
from tests.rules.cases import do
from tests.rules.test_dispatch import set_mode


def taken(town, who="wangdashan") -> str:
    """The key of a photo that somebody has just uploaded."""
    return Photo.create(key=new_key(), uploader=town.person(who), sha256="0" * 64, width=4, height=3).key


def spot(town, who="wangdashan", **more) -> Case:
    given = {
        "words": "路灯掉下来一半，已拧紧", "code": "street_light", "community": None, "place": town.building(),
        "place_words": "", "point": None, "before": [taken(town, who)], "after": [taken(town, who)], "note": "拧紧了",
        "per_case": 9,
    }  # fmt: skip
    with write():
        return on_spot.handle(actor=town.actor(who), **given | more)


def test_found_and_put_right_in_one_go(town):
    case = spot(town)
    assert (case.state, case.on_the_spot, case.channel) == ("handled", True, "on_the_spot")
    assert (case.reporter, case.handler) == (town.person("wangdashan"), town.person("wangdashan"))
    steps = Step.select().where(Step.case == case).order_by(Step.id)
    assert [one.verb for one in steps] == ["report", "dispatch", "accept", "handle"]
    assert [one.kind for one in Photo.select().where(Photo.case == case).order_by(Photo.id)] == ["before", "after"]
    assert not Letter.select().where(Letter.case == case).exists()
    assert Task.select().where(Task.kind == "lapse").count() == 1


def test_a_danger_is_made_safe_first(sqlite_town):
    case = spot(sqlite_town, code="missing_manhole_cover", words="井盖翘起来，已盖好")
    assert (case.hazard, case.safe_at is not None, case.state) == (True, True, "handled")
    verbs = [one.verb for one in Step.select().where(Step.case == case).order_by(Step.id)]
    assert verbs.index("make_safe") < verbs.index("handle")


def test_nobody_is_satisfied_with_oneself(sqlite_town):
    case = spot(sqlite_town)
    assert "confirm" not in deed.buttons(case, sqlite_town.actor("wangdashan"))
    with pytest.raises(Refusal) as said:
        do(sqlite_town, case, "confirm", "wangdashan")
    assert (said.value.code, Case.get_by_id(case.id).satisfaction) == ("own_work", None)
    lapsed = do(sqlite_town, case, "lapse", None)
    assert (lapsed.state, lapsed.solved, lapsed.satisfaction) == ("closed_no_feedback", None, None)


def test_also_where_workers_grab_or_a_rule_sends_others(sqlite_town):
    set_mode(sqlite_town, "grab")
    assert spot(sqlite_town).handler.name == "王大山"


@pytest.mark.parametrize("who", ["zhanglan", "chenjing", "guoliang"])
def test_only_a_grid_worker_of_the_community(sqlite_town, who):
    with pytest.raises(Forbidden):
        spot(sqlite_town, who)
    assert Case.select().count() == 0


@pytest.mark.parametrize(
    "more, code",
    [({"after": []}, "after_photo_missing"), ({"after": ["none"]}, "photo_taken"), ({"words": " "}, "words_missing"),
     ({"code": "none"}, "category_unknown")],
)  # fmt: skip
def test_without_proof_or_words_nothing_is_written(sqlite_town, more, code):
    with pytest.raises(Refusal) as said:
        spot(sqlite_town, **more)
    assert (said.value.code, Case.select().count()) == (code, 0)
