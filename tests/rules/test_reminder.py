"""Who is reminded: who has the case and is still on duty, then level by level, and never whom it is about."""

from app.rules import reminder
from models.base import now, write
from models.letter import Letter
from models.role import Role
from tests.rules.cases import case_in, report


def reminded():
    """Who was reminded, in order: (name, share of the limit, level)."""
    found = Letter.select().where(Letter.kind == "case_reminder").order_by(Letter.id)
    return [(letter.person.name, *map(int, letter.event.split(":")[4:])) for letter in found]


def test_who_left_the_job_is_not_reminded(sqlite_town):
    """王大山 took it and left: the admin hears of the limit in his stead."""
    case = case_in(sqlite_town, "handling")
    Role.update(ends_at=now()).where(Role.person == case.handler).execute()
    with write():
        for percent in (50, 100):
            reminder.remind(case, limit="resolve", percent=percent, level=0, reopened=0)
    assert reminded() == [("陈静", 50, 0), ("陈静", 100, 0)]


def test_a_level_without_anybody_is_passed_over(sqlite_town):
    """Without an admin the subdistrict is told at once; without a subdistrict the admin is told again."""
    case, left = report(sqlite_town), {"chenjing": [0, 1, 2], "dengwei": [1, 2]}
    Role.update(ends_at=now()).where(Role.person == sqlite_town.person("chenjing")).execute()
    with write():
        for level in left["chenjing"]:
            reminder.remind(case, limit="accept", percent=100, level=level, reopened=0)
    told = [("王大山", 100, 0), ("邓伟", 100, 0), ("邓伟", 100, 1), ("邓伟", 100, 2)]
    assert reminded() == told
    Role.update(ends_at=None).where(Role.person == sqlite_town.person("chenjing")).execute()
    Role.update(ends_at=now()).where(Role.person == sqlite_town.person("dengwei")).execute()
    with write():
        for level in left["dengwei"]:
            reminder.remind(case, limit="accept", percent=100, level=level, reopened=0)
    assert reminded() == [*told, ("陈静", 100, 1), ("陈静", 100, 2)]


def test_nobody_is_reminded_of_a_complaint_about_himself(sqlite_town):
    case = report(sqlite_town, words="我要投诉社区的陈静，灯坏了不管")
    with write():
        for level in range(4):
            reminder.remind(case, limit="accept", percent=100, level=level, reopened=0)
    assert reminded() == [("邓伟", 100, level) for level in range(4)]
