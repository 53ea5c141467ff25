"""The matrix, walked: every cell by everybody, towards every relation, in every state of a part and of a case.

The expectation comes from an oracle that reads the table's text itself and judges by plain facts (tests/oracle.py).
"""

import shutil
from datetime import timedelta

import pytest

from app.rules import glass
from app.rules.matrix import AHEAD, COLUMNS, MATRIX, OPEN, RIGHTS
from app.rules.rights import cases_for, masked, may, may_break, needs_second, plainly
from models.base import now, write
from models.case import Case
from models.glass import Glass
from models.lifecycle import CASE, CASE_VERBS
from models.place import grid_of
from models.role import ROLES
from tests.everybody import building_of, door, gather
from tests.oracle import Table
from tests.servers import database as postgres_copy
from tests.town import ENGINES, town_at

ALL = Table.read(MATRIX, AHEAD)
ACTIONS = sorted(ALL.cells)
#: What lists are made of: the same question, asked of the database at once.
LISTED = ("case.read", "case.read_public", "case.read_unit", "case.read_party", "case.see_place", "photo.read")
#: Whoever has one of these words behind the name plays no part now.
OVER = ("expired", "revoked", "future")
#: One action of each kind of row: others with the very same cells are asked about cases in work alone.
KINDS = {str(ALL.cells[action]): action for action in reversed(ACTIONS)}.values()
#: How many answers were compared in this file.
compared: list[int] = []


def all_of_them(request, tmp_path_factory, engine):
    """Everybody on one engine, gathered once."""
    folder = tmp_path_factory.mktemp(f"everybody-{engine}")
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("founded_sqlite"), folder / "doorstep.sqlite")
        with town_at(folder, f"sqlite:///{folder / 'doorstep.sqlite'}") as town:
            yield gather(town)
        return
    template = request.getfixturevalue("founded_postgres")
    with postgres_copy(request.getfixturevalue("servers")["postgres"], template) as url, town_at(folder, url) as town:
        yield gather(town)


@pytest.fixture(scope="module")
def everybody(request, tmp_path_factory):
    """Everybody on SQLite: what is asked of plain rows is the same on every engine."""
    yield from all_of_them(request, tmp_path_factory, "sqlite")


@pytest.fixture(scope="module", params=ENGINES)
def listed(request, tmp_path_factory):
    """Everybody on either engine, for what the database is asked."""
    yield from all_of_them(request, tmp_path_factory, request.param)


# -- every cell --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ACTIONS)
def test_every_cell_towards_every_case(everybody, action):
    """Held or not, masked or not, with glass or without: as the table's text says."""
    wrong, checks = [], 0
    for name, who in everybody.people.items():
        actor = everybody.actors[name]
        every_state = action in KINDS and name.split()[-1] not in OVER
        if action not in KINDS and name.split()[-1] in OVER:
            continue
        for title in everybody.towards(name):
            if not every_state and everybody.facts[title].state != "handling":
                continue
            case, what = everybody.cases[title], everybody.facts[title]
            held = ALL.held(who, action, what)
            expected = (
                bool(held), all("m" in one for one in held), bool(held), ALL.behind_glass(who, action, what),
            )  # fmt: skip
            told = (
                may(actor, action, case=case), masked(actor, action, case=case), plainly(actor, action, case),
                may_break(actor, action, case),
            )  # fmt: skip
            checks += len(told)
            if told != expected:
                wrong.append((name, title, told, expected))
    compared.append(checks)
    assert (wrong[:5], len(wrong)) == ([], 0)


@pytest.mark.parametrize("action", ACTIONS)
def test_every_cell_in_every_community_and_over_every_door(everybody, action):
    town, wrong, checks = everybody.town, [], 0
    doors = [
        door(town, "幸福家园", "3号楼", "2单元", "501"), door(town, "幸福家园", "3号楼", "1单元", "101"),
        town.building("1号楼"), town.building("1号楼", "阳光花苑"), town.building("1号楼", "文华苑"),
        town.building("1号楼", "柳荫里"),
    ]  # fmt: skip
    spots = [(town.community(code), None) for code in ("huimin", "wenhua", "liuyin")]
    spots += [(place.community, place) for place in doors]
    for name, who in everybody.people.items():
        actor = everybody.actors[name]
        for community, place in spots if action in KINDS else spots[:3]:
            inside = (building_of(place), getattr(grid_of(place), "id", None)) if place else (None, None)
            held = ALL.held_in(who, action, community.id, *inside)
            second = bool(held) and all("2" in one for one in held)
            told = may(actor, action, community=community, place=place)
            checks += 2 + (place is None)
            if (told, masked(actor, action, community=community, place=place)) != (
                bool(held), all("m" in one for one in held)
            ):  # fmt: skip
                wrong.append((name, community.name, place and place.label, told, held))
            if place is None and needs_second(actor, action, community=community) != second:
                wrong.append((name, community.name, "second", held))
        if may(actor, action) != ALL.anywhere(who, action):
            wrong.append((name, "anywhere", may(actor, action)))
    compared.append(checks + len(everybody.people))
    assert (wrong[:5], len(wrong)) == ([], 0)


def test_a_part_that_has_ended_or_not_begun_is_no_part(everybody):
    """Expired, revoked a second ago, or only to begin: all of these people are guests and nothing else."""
    over = [name for name in everybody.people if name.split()[-1] in OVER]
    assert len(over) == 3 * (len(ROLES) + 1)
    assert {everybody.actors[name].anywhere() for name in over} == {frozenset({"guest"})}


@pytest.mark.parametrize("action", sorted(OPEN))
def test_what_is_open_to_the_world_asks_nobody(everybody, action):
    assert RIGHTS[action].keys() == {"anyone"}
    assert all(may(actor, action) for actor in everybody.actors.values())


def test_nobody_holds_a_right_that_the_table_does_not_give(everybody):
    """Each of these cells is read off the table by eye, not by a program."""
    def holders(action, case=None):
        return {
            name for name, actor in everybody.actors.items() if may(actor, action, case=case and everybody.cases[case])
        }  # fmt: skip

    assert holders("case.export") == {"community_admin active", "stranger"}
    assert holders("veil.lift") == holders("veil.lift", "grid handling") == set()
    assert holders("case.dispatch", "grid handling") == {
        "community_admin active", "subdistrict_admin active", "district_admin active"
    }  # fmt: skip
    assert holders("case.read_unit", "unit handling") == {"unit_contact active"}
    assert holders("case.read_unit", "other unit") == set()
    assert holders("case.read_party", "about resident told") == {"resident"}
    assert holders("case.read_party", "about resident untold") == set()
    assert holders("person.reveal", "grid handling") == {"community_admin active"}


# -- lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", LISTED)
def test_a_list_holds_what_one_may_see_one_by_one(listed, action):
    """Nothing more and nothing less, over all cases there are, on either engine."""
    wrong = []
    for name, who in listed.people.items():
        shown = {row.id for row in Case.select(Case.id).where(cases_for(listed.actors[name], action))}
        expected = {what.id for what in listed.facts.values() if ALL.held(who, action, what)}
        if shown != expected:
            titles = [title for title, what in listed.facts.items() if what.id in shown ^ expected]
            wrong.append((name, titles[:3]))
        compared.append(len(listed.facts))
    assert wrong == []


# -- broken glass ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", sorted(glass.WORDS))
def test_broken_glass_opens_that_right_of_that_case_to_that_person_for_that_time(listed, action):
    """A row of Glass gives a right only where the table has "!"; lists and single questions agree."""
    wrong = []
    broken = ("grid handling", "elsewhere handling", "about community_admin active told")
    moment = now()
    rows = [
        dict(person=who.id, case=listed.facts[title].id, action=one, reason="紧急", ends_at=moment + lasts)
        for who in listed.people.values()
        for title, one, lasts in (
            *((title, action, timedelta(minutes=30)) for title in broken),
            ("community handling", action, timedelta(seconds=-1)),
            ("street handling", "alert.read", timedelta(minutes=30)),
        )
    ]  # fmt: skip
    with write():
        Glass.delete().execute()
        Glass.insert_many(rows).execute()
    try:
        for name, who in listed.people.items():
            actor = listed.actors[name]
            for title in (*broken, "community handling", "street handling", "entrance handling"):
                what = listed.facts[title]
                expected = bool(ALL.held(who, action, what)) or (
                    title in broken and ALL.behind_glass(who, action, what)
                )
                found = Case.select().where(Case.id == what.id, cases_for(actor, action)).exists()
                one = may(actor, action, case=listed.cases[title])
                compared.append(2)
                if one != expected or (action in LISTED and found != expected):
                    wrong.append((name, title, one, found, expected))
    finally:
        with write():
            Glass.delete().execute()
    assert wrong == []


# -- the life cycle ----------------------------------------------------------------------------------------------------


#: "hand_in" is what "handle" comes to where another pair of eyes checks.
SAID = {move.verb for move in CASE if move.who != {"system"}} - {"hand_in"}


@pytest.mark.parametrize("verb", sorted(SAID))
def test_the_rights_of_a_case_are_those_of_its_life_cycle(verb):
    """Who may say a verb in some state is who holds its row: o reports, t handles, c and s are the part itself."""
    who = frozenset().union(*(move.who for move in CASE if move.verb == verb)) - {"system"}
    if "checker" in who:
        # Whoever works in the grid or runs the community, but for who did the work (app.rules.actor).
        who = who - {"checker"} | {"grid_worker", "community_admin"}
    parts = set()
    for column, grants in ALL.cells[f"case.{verb}"].items():
        for one in grants:
            parts.add({"o": "reporter", "t": "handler"}.get(one[0], COLUMNS[column]))
    assert (verb in CASE_VERBS, parts) == (True, who)


def test_all_of_it_was_really_compared(everybody):
    """Runs last in this file: what the issue asks for is ten thousand checks."""
    assert (len(everybody.people), len(everybody.cases)) >= (55, 500)
    assert sum(compared) >= 10_000, sum(compared)
