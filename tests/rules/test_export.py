"""A list that leaves: made by the worker, fetched once by whoever asked, gone after a day."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from app.rules import export
from app.rules.refusal import NotFound
from models.audit import Audit
from models.base import now, write
from models.case import Case
from models.export import Export
from models.role import Role
from tests.rules.cases import report


def planned(town) -> Export:
    with write():
        return export.plan(town.community(), actor=town.actor("chenjing"))


def fetch(town, row, who="chenjing"):
    with write():
        return export.fetch(Export.get_by_id(row.id), actor=town.actor(who))


def lines(row) -> list[list[str]]:
    content, _ = export.sheet_of(row)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_it_says_who_took_it_and_holds_the_cases_of_one_community(town):
    report(town)
    mark, head, *rows = lines(planned(town))
    assert ("陈静" in mark[0], tuple(head)) == (True, export.HEAD)
    assert [(row[0], row[5], row[6]) for row in rows] == [("#1001", "张兰", "13800000001")]


def test_an_anonymous_reporter_and_a_complaint_about_the_taker_are_not_in_it(town):
    hidden, about = report(town), report(town)
    Case.update(anonymous=True).where(Case.id == hidden.id).execute()
    Case.update(about=town.person("chenjing")).where(Case.id == about.id).execute()
    text = str(lines(planned(town))[2:])
    assert ("#1001" in text, "#1002" in text, "张兰" in text, "13800000001" in text) == (True, False, False, False)


def test_nothing_in_it_is_a_formula(town):
    case = report(town)
    Case.update(place=None, place_words="=HYPERLINK(\"http://evil\")").where(Case.id == case.id).execute()
    assert lines(planned(town))[2][4].startswith("'=")


def test_it_is_fetched_once_by_whoever_asked_within_a_day(town):
    row = planned(town)
    with pytest.raises(NotFound):
        fetch(town, row)  # it is not made yet
    with write():
        export.keep(row, export.new_file(), 1)
    for who in ("hefang", "dengwei", "wangdashan"):
        with pytest.raises(NotFound):
            fetch(town, row, who)
    assert fetch(town, row).startswith("exports/")
    with pytest.raises(NotFound):
        fetch(town, row)


@pytest.mark.parametrize("why", ["late", "no admin any more"])
def test_later_or_without_the_part_there_is_nothing(town, why):
    row = planned(town)
    with write():
        export.keep(row, export.new_file(), 1)
    if why == "late":
        Export.update(until=now() - timedelta(seconds=1)).execute()
    else:
        Role.update(ends_at=now()).where(Role.person == town.person("chenjing")).execute()
    with pytest.raises(NotFound):
        fetch(town, row)


def test_everybody_in_it_can_read_that_it_was_taken(town):
    """One row about each reporter; about nobody whose case is not in it, and about oneself there is nothing to tell."""
    report(town), report(town)
    report(town, "sunmei")
    about = report(town, "zhaoqiang")
    Case.update(about=town.person("chenjing")).where(Case.id == about.id).execute()
    row = planned(town)
    with write():
        export.keep(row, export.new_file(), export.sheet_of(row)[1])
    report(town, "masuhua")  # too late to stand in it
    fetch(town, row)
    rows = list(Audit.select().where(Audit.action == "case.export", Audit.about.is_null(False)).order_by(Audit.about))
    assert {one.about.name for one in rows} == {"张兰", "孙梅"} and len(rows) == 2
    assert {(one.person.name, one.role, one.subject, one.result) for one in rows} == {
        ("陈静", "community_admin", row.key, "done")
    }


def test_a_long_list_takes_few_statements(town, monkeypatch):
    monkeypatch.setattr("app.rules.audit.MANY", 2)
    for who in ("zhanglan", "sunmei", "zhaoqiang"):
        report(town, who)
    row = planned(town)
    with write():
        export.keep(row, export.new_file(), 3)
    fetch(town, row)
    assert Audit.select().where(Audit.action == "case.export", Audit.about.is_null(False)).count() == 3
