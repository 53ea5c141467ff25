"""首接负责: the community that heard first answers for it until a competent unit has accepted, and again if not."""

from app.rules import first_receiver
from models.base import now
from models.case import Case
from models.subcase import Subcase
from models.unit import Unit
from tests.rules.cases import case_in, do


def lead(town, case, state: str) -> Subcase:
    unit = Unit.get(Unit.community == town.community(), Unit.name == "安居物业")
    return Subcase.create(case=case, kind="call", words="请修", unit=unit, lead=True, state=state)


def convener(case) -> first_receiver.Convener:
    return first_receiver.convener_of(Case.get_by_id(case.id))


def test_the_community_and_its_worker(sqlite_town):
    case = case_in(sqlite_town, "handling")
    found = convener(case)
    assert (found.community.name, found.worker.name, found.unit) == ("惠民社区", "王大山", None)
    assert found.words == "惠民社区首先接到，牵头负责到底。"


def test_given_back_who_took_it_first_is_still_known(sqlite_town):
    case = case_in(sqlite_town, "handling")
    do(sqlite_town, case, "return_back", "wangdashan")
    assert convener(case).worker.name == "王大山"
    assert convener(case_in(sqlite_town, "reported")).worker is None


def test_a_unit_that_accepts_leads_and_one_that_refuses_does_not(town):
    case = case_in(town, "handling")
    piece = lead(town, case, "asked")
    for state, unit in (
        ("asked", None), ("refused", None), ("accepted", "安居物业"), ("arrived", "安居物业"), ("done", "安居物业"),
        ("dropped", None),
    ):  # fmt: skip
        Subcase.update(state=state).where(Subcase.id == piece.id).execute()
        found = convener(case)
        assert (state, found.unit.name if found.unit else None) == (state, unit)
        assert found.community.name == "惠民社区"


def test_who_only_assists_does_not_lead(sqlite_town):
    case = case_in(sqlite_town, "handling")
    piece = lead(sqlite_town, case, "accepted")
    Subcase.update(lead=False).where(Subcase.id == piece.id).execute()
    assert convener(case).unit is None


def test_handed_over_the_community_follows_up_and_reopened_it_is_the_communitys_again(sqlite_town):
    case = case_in(sqlite_town, "handling")
    Case.update(state="handed_over", handed_to="市水务公司", closed_at=now()).where(Case.id == case.id).execute()
    found = convener(case)
    assert found.words == "已转交“市水务公司”；对方受理之前，由首接的惠民社区负责跟进和答复。"
    assert (found.community.name, found.worker.name) == ("惠民社区", "王大山")
    again = do(sqlite_town, case, "reopen", "zhanglan", note="对方说不归他们管")
    assert (again.state, convener(case).words) == ("dispatched", "惠民社区首先接到，牵头负责到底。")
