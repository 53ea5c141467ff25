"""First human contact: 王大山 phoned 张兰 and says so; the machine's answers stop no clock."""

import pytest

from app.rules import case as cases
from app.rules import contact, reminder, veil
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.base import write
from models.case import Case, Step
from models.letter import Letter
from tests.rules.cases import case_in, do, report


def say(town, case, who="wangdashan", note="电话联系过，约好下午去"):
    with write():
        return contact.contact(Case.get_by_id(case.id), actor=town.actor(who), note=note)


def remind(case):
    with write():
        return reminder.remind(Case.get_by_id(case.id), limit="contact", percent=100, level=0, reopened=0)


def test_until_somebody_has_called_it_is_asked_for(town):
    case = report(town)
    assert case.contact_due == case.accept_due
    assert remind(case) is True
    assert "还没联系居民" in Letter.select().order_by(Letter.id.desc()).get().content["text"]
    do(town, case, "accept", "wangdashan")
    case = say(town, case)
    assert case.contacted_at is not None and remind(case) is False
    step = Step.select().order_by(Step.id.desc()).get()
    assert (step.verb, step.actor_role, step.note) == ("contact", "grid_worker", "电话联系过，约好下午去")


def test_the_first_time_counts(sqlite_town):
    case = say(sqlite_town, report(sqlite_town))
    with pytest.raises(Conflict) as said:
        say(sqlite_town, case, "chenjing")
    assert said.value.code == "contacted_before"
    assert Case.get_by_id(case.id).contacted_at == case.contacted_at


def test_not_of_what_is_over(sqlite_town):
    with pytest.raises(Conflict) as said:
        say(sqlite_town, case_in(sqlite_town, "withdrawn"))
    assert said.value.code == "state_forbids"


def test_who_found_it_on_duty_calls_nobody(sqlite_town):
    """王大山 finds it himself; for old 张兰 who told him on the stairs the word is owed all the same."""
    town = sqlite_town
    assert report(town, "wangdashan", words="巡查发现井盖坏了").contact_due is None
    assert report(town, "wangdashan", words="张兰说井盖坏了", behalf_of=town.person("zhanglan")).contact_due


@pytest.mark.parametrize("who, error", [("zhanglan", Forbidden), ("liuyang", NotFound), ("hefang", NotFound)])
def test_who_may_not_say_so(sqlite_town, who, error):
    with pytest.raises(error):
        say(sqlite_town, report(sqlite_town), who)


def test_the_anonymous_reporter_does_not_answer_for_the_crew(sqlite_town):
    town = sqlite_town
    with write():
        case = cases.report(
            actor=veil.put_on(town.actor("wangdashan")), community=town.community(), place=town.building(),
            category=town.category("street_light"), words="路灯不亮", channel="api",
        )  # fmt: skip
    assert case.contact_due is not None
    do(town, case, "dispatch", "chenjing", worker="liuyang")
    with pytest.raises(Refusal) as said:
        say(town, case)
    assert said.value.code == "own_case"
