"""The register of personal data: it knows every column there is, and no other."""

import re

import pytest

from app.rules import purpose
from app.rules.retention import KEEP
from models import TABLES

COLUMNS = {(table.__name__, field.name) for table in TABLES for field in table._meta.sorted_fields}
REGISTERED = [(use.table, column) for use in purpose.register() for column in use.columns]
LEVEL_OF = {(use.table, column): use.level for use in purpose.register() for column in use.columns}


def test_every_column_of_every_table_is_registered_once():
    assert sorted(COLUMNS - set(REGISTERED)) == []
    assert sorted(one for one in REGISTERED if REGISTERED.count(one) > 1) == []


def test_nothing_is_registered_that_is_no_more():
    assert sorted(set(REGISTERED) - COLUMNS) == []


def test_personal_data_have_a_purpose_a_ground_and_an_end():
    for use in purpose.register():
        if use.level != "no":
            assert re.fullmatch(r"[^\x00-\x1f]{6,}。", use.purpose), use
            assert use.ground in purpose.GROUNDS


def test_every_end_is_one_that_comes():
    """What is said to be deleted after some days is a kind that retention deletes."""
    ends = {use.keep for use in purpose.register() if use.level != "no"}
    assert ends - set(purpose.ALWAYS) == set(purpose.SINCE)
    assert set(purpose.SINCE) - {kind.name for kind in KEEP} == set()


@pytest.mark.parametrize(
    ("days", "words"),
    [(1095, "办结后 3 年"), (365, "办结后 1 年"), (180, "办结后 6 个月"), (30, "办结后 1 个月"), (7, "办结后 7 天")],
)
def test_how_long_in_words(days, words):
    assert purpose.kept("cases", {"cases": days}) == words
    assert purpose.kept("person", {}) == "用到您注销为止"


@pytest.mark.parametrize(
    ("table", "column", "level"),
    [
        ("Person", "phone", "ordinary"), ("Person", "age_group", "sensitive"), ("Case", "lat", "sensitive"),
        ("Line", "lng", "sensitive"), ("Veil", "person", "sensitive"), ("Credential", "password_hash", "secret"),
        ("Session", "token_hash", "secret"), ("Place", "label", "no"),
    ],
)  # fmt: skip
def test_what_is_how_sensitive(table, column, level):
    assert LEVEL_OF[table, column] == level


def test_whoever_points_at_a_person_is_personal_data():
    """A foreign key to a person says something about that person."""
    people = {
        (table.__name__, field.name) for table in TABLES for field in table._meta.sorted_fields
        if getattr(field, "rel_model", None) is not None and field.rel_model.__name__ == "Person"
    }  # fmt: skip
    assert {one for one in people if LEVEL_OF[one] == "no"} == set()


def test_an_exact_place_and_a_phone_number_rest_on_consent():
    grounds = {use.ground for use in purpose.register() if use.table == "Case" and "lat" in use.columns}
    assert grounds == {"consent"}
    assert [use.ground for use in purpose.register() if use.table == "Person" and "phone" in use.columns] == ["consent"]
