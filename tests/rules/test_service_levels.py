"""The time limits of every category are those of its priority, or stricter by the standard of its class."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from app import demo_seed
from app.rules.clock import ZONE, Calendar, due

ROOT = Path(__file__).parents[1]
TABLE = tomllib.loads((ROOT / "data" / "service_levels.toml").read_text(encoding="utf-8"))
STRICTER = TABLE.pop("stricter")
CATEGORIES = tomllib.loads((demo_seed.FOLDER / "categories.toml").read_text(encoding="utf-8"))["categories"]
OFFICE = Calendar.from_days([date(2026, 10, 1)], [], [(time(8, 30), time(12)), (time(14, 30), time(17, 30))])


def said(limit):
    return f"{limit['amount']} {limit['clock']}"


def ends(words, start):
    amount, clock = words.split()
    return due(start, int(amount), clock, OFFICE)


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda one: one["code"])
def test_a_category_has_the_limits_of_its_priority_or_stricter_ones(category):
    row, limits = TABLE[category["priority"]], {name: said(one) for name, one in category["sla"].items()}
    assert set(limits) == set(row)
    different = {f"{category['code']} {name}" for name in row if limits[name] != row[name]}
    assert different == {name for name in STRICTER if name.split()[0] == category["code"]}
    first = datetime(2026, 9, 28, tzinfo=ZONE)
    for hours in range(0, 14 * 24, 5):
        for name in row:
            start = first + timedelta(hours=hours)
            assert ends(limits[name], start) <= ends(row[name], start), (name, start)


def test_only_what_is_dangerous_is_made_safe_and_an_emergency_within_half_an_hour():
    assert {one["code"] for one in CATEGORIES if "make_safe" in one["sla"]} == {
        one["code"] for one in CATEGORIES if one.get("hazard")
    }
    emergencies = [one for one in CATEGORIES if one.get("emergency")]
    assert {one["priority"] for one in emergencies} == {"p0"}
    assert {said(one["sla"]["make_safe"]) for one in emergencies} == {"30 urgent_minute"}
