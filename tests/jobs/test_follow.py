"""Who met the same thing reads on the phone that it is done; who moved away meanwhile does not."""

from app.rules import follow
from models.base import now, write
from models.letter import Letter
from models.person import Residence
from tests.jobs.post import accept, arrived, speak, work
from tests.rules.cases import add_photo, do, report


def done_for(town, who="sunmei"):
    """A case of 张兰 that somebody follows, handled by 王大山."""
    case = report(town)
    with write():
        follow.follow(case, actor=town.actor(who))
    do(town, case, "accept", "wangdashan")
    add_photo(town, case)
    return do(town, case, "handle", "wangdashan")


def test_it_arrives_in_the_chat_that_is_open(town, platform):
    speak(town, platform, "sunmei")
    done_for(town)
    work(town)
    said = [item["text"] for item in arrived(platform, "sunmei", "chat")]
    assert said == ["#1001（您说也遇到了的窨井盖缺失破损）已处理好。如果还有问题，请重新上报。"]


def test_it_arrives_as_a_card_that_says_no_more_than_the_compound(sqlite_town, sqlite_platform):
    accept(sqlite_town, sqlite_platform, "sunmei", "case_progress")
    case = done_for(sqlite_town)
    work(sqlite_town)
    [card] = arrived(sqlite_platform, "sunmei", "notifications")
    values = [field["value"] for field in card["fields"]]
    assert card["page"] == f"pages/case/case?key={case.key}"
    assert [value for value in values if "3号楼" in value or "张兰" in value] == []


def test_who_moved_away_is_told_nothing_any_more(sqlite_town, sqlite_platform):
    speak(sqlite_town, sqlite_platform, "sunmei")
    done_for(sqlite_town)
    Residence.update(ended_at=now()).where(Residence.person == sqlite_town.person("sunmei")).execute()
    work(sqlite_town)
    assert arrived(sqlite_platform, "sunmei") == []
    letters = Letter.select().where(Letter.person == sqlite_town.person("sunmei"))
    assert {(row.state, row.outcome) for row in letters} == {("refused", "no_right")}
