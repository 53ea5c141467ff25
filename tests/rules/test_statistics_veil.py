"""Sums for residents: nothing under five is told, and nobody finds it by subtracting, even who knows the rule."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import product

import pytest

from app.rules import statistics_words
from app.rules.refusal import NotFound, Refusal
from app.rules.statistics import Row, Statistics
from app.rules.statistics_period import Period, between, is_past_month, named
from app.rules.statistics_scope import sight
from app.rules.statistics_veil import APART, FEW, UNTOLD, veiled
from models.base import now
from models.case import Case
from models.role import Role
from tests.rules.test_statistics import EXPECTED, OCTOBER, at, case, done, judged, the_world

NONE = dict.fromkeys(EXPECTED, 0)


def table_of(*rows: tuple[int, ...]) -> Statistics:
    """A table of which each row has so many revisits, so many of them solved, and so many of these pleased."""
    lines = []
    for place, (valid, solved, *pleased) in enumerate(rows):
        counts = {"valid": valid, "solved": solved, "contacted": solved, "satisfied": pleased[0] if pleased else 0}
        lines.append(Row(str(place), f"网格{place}", NONE | counts))
    total = NONE | {name: sum(row.counts[name] for row in lines) for name in NONE}
    return Statistics(None, OCTOBER, "grid", Row("", "合计", total), lines, True)


def words_of(table: Statistics, code: str = "solve") -> list[tuple[str, str]]:
    """(numerator, denominator) of the total and of each row."""
    found = [next(one for one in told if one.code == code) for _, told in veiled(table)]
    return [(one.numerator.words, one.denominator.words) for one in found]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (((40, 20), (50, 25)), [("45", "90"), ("20", "40"), ("25", "50")]),
        # of 43 less 40 the three would be known
        (((40, 20), (3, 3)), [("23", "43"), (APART, APART), (APART, APART)]),
        # 48 of 50 solved: the two who were not are a small number as well
        (((50, 48), (40, 20)), [("68", "90"), (APART, "50"), (APART, "40")]),
        (((50, 48),), [("多于 45", "50"), ("多于 45", "50")]),
        (((20, 2), (20, 1)), [(FEW, "40"), (APART, "20"), (APART, "20")]),
        (((2, 1), (1, 0)), [(UNTOLD, FEW), (APART, APART), (APART, APART)]),
        (((5, 5), (4, 4)), [(UNTOLD, "9"), (APART, APART), (APART, APART)]),
    ],
)
def test_what_is_told_of_a_share(rows, words):
    assert words_of(table_of(*rows)) == words


def test_solved_and_still_not_pleased_is_a_number_too():
    assert words_of(table_of((50, 40, 38)), "pleased")[0] == (UNTOLD, "50")
    assert words_of(table_of((50, 40, 30)), "pleased")[0] == ("30", "50")


def found_out(worlds: dict, parts) -> list:
    """What can be told for certain from all that is told, though it is under five."""
    return [
        (words, name, values)
        for words, fitting in worlds.items()
        for name, part in parts.items()
        if len(values := {part(world) for world in fitting}) == 1 and min(values) < 5
    ]


def test_subtraction_tells_nothing_even_to_who_knows_the_rule():
    """Every table of three rows up to 18 in all: several numbers fit all that is told of each."""
    worlds = defaultdict(list)
    for rows in product(range(19), repeat=3):
        if sum(rows) <= 18:
            worlds[tuple(one for _, one in words_of(table_of(*((row, 0) for row in rows))))].append(rows)
    assert found_out(worlds, {place: lambda rows, place=place: rows[place] for place in range(3)}) == []


def test_shares_cannot_be_found_out_either():
    """Every table of two rows with up to 12 revisits each: solved, unsolved and revisits stay open."""
    worlds = defaultdict(list)
    shares = [(valid, solved) for valid in range(13) for solved in range(valid + 1)]
    for rows in product(shares, repeat=2):
        worlds[tuple(words_of(table_of(*rows)))].append(rows)
    parts = {"whole": lambda row: row[0], "part": lambda row: row[1], "rest": lambda row: row[0] - row[1]}
    named_parts = {
        (place, name): lambda rows, place=place, part=part: part(rows[place])
        for place in range(2) for name, part in parts.items()
    }  # fmt: skip
    named_parts |= {
        ("total", name): lambda rows, part=part: part(tuple(map(sum, zip(*rows, strict=True))))
        for name, part in parts.items()
    }
    assert found_out(worlds, named_parts) == []


# -- who sees what -----------------------------------------------------------------------------------------------------


def test_a_resident_sees_the_own_community_and_no_number_under_five(town):
    the_world(town)
    seen = sight(town.community(), actor=town.actor("zhanglan"))
    total, *rows = statistics_words.shown(seen.table(OCTOBER, "category"))
    assert seen.sums
    assert {one.code: (one.text, one.numerator, one.denominator) for one in total.lines} == {
        "received": ("9", "", ""), "response": (UNTOLD, UNTOLD, "5"), "solve": (UNTOLD, UNTOLD, "5"),
        "pleased": (UNTOLD, UNTOLD, "5"), "disposal_on_time": (UNTOLD, UNTOLD, "8"), "reopen": (UNTOLD, UNTOLD, "6"),
    }  # fmt: skip
    assert {one.text for row in rows for one in row.lines} <= {APART, UNTOLD}


def test_enough_of_everything_is_told(town):
    for number in range(20):
        row = done(case(town, 2, contacted_at=at(2) if number < 12 else None), 4)
        judged(row, 5, "satisfied" if number < 9 else "dissatisfied")
    total, *_ = statistics_words.shown(sight(town.community(), actor=town.actor("zhanglan")).table(OCTOBER, "grid"))
    assert [(one.code, one.text) for one in total.rates] == [
        ("response", "60.00%"), ("solve", UNTOLD), ("pleased", "45.00%"),
    ]  # fmt: skip


@pytest.mark.parametrize(("who", "place"), [("zhanglan", "liuyin"), ("zhaoqiang", "huimin"), ("hefang", "huimin")])
def test_of_another_community_there_is_nothing(sqlite_town, who, place):
    with pytest.raises(NotFound):
        sight(sqlite_town.community(place), actor=sqlite_town.actor(who))


def test_of_two_places_one_in_the_other_only_one_is_told(sqlite_town):
    town = sqlite_town
    for place in (town.building(), town.building().parent, town.community().parent):
        with pytest.raises(NotFound):
            sight(place, actor=town.actor("zhanglan"))
    assert [sight(place, actor=town.actor("chenjing")).sums for place in (town.building(), town.community())] == [
        False, False,
    ]  # fmt: skip
    assert sight(town.community().parent, actor=town.actor("dengwei")).sums is False
    with pytest.raises(NotFound):
        sight(town.community().parent.parent, actor=town.actor("dengwei"))


@pytest.mark.parametrize(
    ("first", "last"),
    [((2026, 10, 1), (2026, 10, 30)), ((2026, 10, 2), (2026, 10, 31)), ((2026, 9, 1), (2026, 10, 31))],
)
def test_only_whole_months_are_told_so_that_no_two_overlap(sqlite_town, first, last):
    seen = sight(sqlite_town.community(), actor=sqlite_town.actor("zhanglan"))
    with pytest.raises(Refusal) as refused:
        seen.table(Period(date(*first), date(*last)), "grid")
    assert refused.value.code == "period_not_public"


def test_the_month_that_runs_is_not_told(sqlite_town):
    assert [is_past_month(named(unit, now()), now()) for unit in ("month", "last_month", "quarter")] == [
        False, True, False,
    ]  # fmt: skip


def test_a_worker_sees_sums_of_the_own_grid(town):
    for number in range(12):
        case(town, 3, grid="huimin-1" if number < 7 else "huimin-2")
    table = sight(town.community(), actor=town.actor("wangdashan")).table(OCTOBER, "grid")
    assert (table.total.counts["received"], table.sums) == (7, True)


def test_an_operator_sees_sums_of_the_own_place_alone(town):
    district = town.community().parent.parent
    Role.create(person=town.person("zhaoqiang"), place=district, kind="operator")
    actor = town.actor("zhaoqiang")
    assert sight(district, actor=actor).sums
    for place in (town.community(), town.community().parent):
        with pytest.raises(NotFound):
            sight(place, actor=actor)


def test_whom_a_case_complains_about_finds_it_in_no_figure(town):
    case(town, 3)
    Case.update(about=town.person("chenjing")).where(Case.id == case(town, 4).id).execute()
    received = [
        sight(town.community(), actor=town.actor(who)).table(OCTOBER, "grid").total.counts["received"]
        for who in ("chenjing", "dengwei")
    ]
    assert received == [1, 2]


# -- spans -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        ("week", (2026, 11, 23), (2026, 11, 29)), ("month", (2026, 11, 1), (2026, 11, 30)),
        ("last_month", (2026, 10, 1), (2026, 10, 31)), ("quarter", (2026, 10, 1), (2026, 12, 31)),
        ("year", (2026, 1, 1), (2026, 12, 31)),
    ],
)  # fmt: skip
def test_named_spans(unit, first, last):
    # A quarter past midnight in Shanghai, the day before in UTC.
    moment = at(24, 0, month=11) + timedelta(minutes=15)
    assert named(unit, moment) == Period(date(*first), date(*last))


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 10, 2), date(2026, 10, 1), "to"), (date(2025, 1, 1), date(2026, 1, 2), "to"),
        (date(1, 1, 1), date(1, 1, 2), "from"), (date(2030, 1, 1), date(9999, 12, 31), "from"),
        (None, date(9999, 12, 31), "from"),
    ],
)  # fmt: skip
def test_a_span_out_of_bounds_is_refused(first, last, field):
    with pytest.raises(Refusal) as refused:
        between(first, last, at(24, month=11))
    assert (refused.value.code, list(refused.value.fields)) == ("period_invalid", [field])


def test_a_year_and_a_leap_day_is_the_longest():
    whole = between(date(2024, 1, 1), date(2024, 12, 31), at(24, month=11))
    assert (whole.stop - whole.start).days == 366
