"""Rights as stories: the demo's people, what they hold in 惠民社区 and towards one case of 张兰."""

import pytest

from app.rules.matrix import FILES, RIGHTS
from app.rules.refusal import Forbidden, NotFound
from app.rules.rights import cases_for, masked, may, need
from models.base import now
from models.case import Case
from models.person import homes_of
from models.role import ROLES, Role
from tests.rules.cases import do, report

#: Everybody's parts in 惠民社区, then towards 张兰's case there, which 王大山 handles.
PEOPLE = {
    "zhanglan": ("resident owner guest", "resident owner guest reporter"),
    "wangdashan": ("grid_worker guest", "grid_worker guest handler"),
    "chenjing": ("community_admin guest", "community_admin guest"),
    "liuyang": ("grid_worker guest", "guest"),
    "sunmei": ("resident owner guest", "resident owner guest"),
    "zhaoqiang": ("guest", "guest"),
    "dengwei": ("subdistrict_admin guest", "subdistrict_admin guest"),
    "hefang": ("guest", "guest"),
    "guoliang": ("guest", "guest"),
    "masuhua": ("guest", "guest"),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_not_read_a_case_does_not_learn_that_it_exists(sqlite_town, who):
    case, community, actor = report(sqlite_town), sqlite_town.community(), sqlite_town.actor(who)
    here, towards = (frozenset(parts.split()) for parts in PEOPLE[who])
    assert (actor.parts_in(community), actor.parts_for(case)) == (here, towards)
    hidden = Forbidden if may(actor, "case.read", case=case) else NotFound
    for action in RIGHTS:
        held, there = may(actor, action, case=case), may(actor, action, community=community)
        assert (action, refusal_of(actor, action, case=case)) == (action, None if held else hidden)
        assert (action, refusal_of(actor, action, community=community)) == (action, None if there else Forbidden)


def refusal_of(actor, action, **where):
    try:
        need(actor, action, **where)
    except (NotFound, Forbidden) as refusal:
        return type(refusal)
    return None


def test_an_action_that_is_not_in_the_table_is_a_mistake_of_ours(sqlite_town):
    with pytest.raises(KeyError):
        may(sqlite_town.actor("chenjing"), "case.burn")


def test_the_table_knows_only_parts_that_somebody_can_have():
    known = {"anyone", "guest", "resident", "owner", "unit_contact", "party", *ROLES}
    assert {part for parts in RIGHTS.values() for part in parts} - known == set()
    assert set(FILES.values()) <= set(RIGHTS)


def test_a_part_given_and_taken_counts_at_the_next_look(sqlite_town):
    chenjing, later = sqlite_town.person("chenjing"), now().replace(year=now().year + 1)
    Role.update(ends_at=now()).where(Role.person == chenjing).execute()
    assert sqlite_town.actor("chenjing").parts_in(sqlite_town.community()) == {"guest"}
    Role.update(starts_at=later, ends_at=None).where(Role.person == chenjing).execute()
    assert not may(sqlite_town.actor("chenjing"), "desk.read")
    Role.update(starts_at=now(), ends_at=later).where(Role.person == chenjing).execute()
    assert may(sqlite_town.actor("chenjing"), "inbox.read", community=sqlite_town.community())


def test_the_district_sees_all_its_communities_and_may_send_somebody_in_each(sqlite_town):
    district = sqlite_town.community().parent.parent
    Role.create(person=sqlite_town.person("zhaoqiang"), place=district, kind="district_admin")
    actor, case = sqlite_town.actor("zhaoqiang"), report(sqlite_town)
    for code in ("huimin", "liuyin"):
        assert may(actor, "desk.read", community=sqlite_town.community(code))
    held = {action for action in RIGHTS if action.startswith("case.") and may(actor, action, case=case)}
    assert held == {
        "case.visit", "case.report", "case.hide_name", "case.list", "case.read_public", "case.read", "case.dispatch",
        "case.reject",
    }  # fmt: skip


def test_whom_a_case_is_about_has_no_part_in_it(sqlite_town):
    """张兰 complains about 刘洋, who works here: for him it does not exist; what he reports himself is his own."""
    town = sqlite_town
    case, other = report(town, words="网格员刘洋态度恶劣，不作为，我要投诉他"), report(town)
    for one in (case, other):
        do(town, one, "dispatch", "chenjing", worker="wangdashan")
    liuyang, chenjing = town.actor("liuyang"), town.actor("chenjing")
    Role.update(grid=case.grid).where(Role.person == liuyang.person).execute()
    liuyang = town.actor("liuyang")
    assert (case.about, liuyang.parts_for(case)) == (liuyang.person, {"guest"})
    assert refusal_of(liuyang, "case.read", case=case) is NotFound
    assert list(Case.select().where(cases_for(liuyang, "case.read"))) == [other]
    assert set(Case.select().where(cases_for(chenjing, "case.read"))) == {case, other}
    Case.update(reporter=liuyang.person).where(Case.id == case.id).execute()
    assert liuyang.parts_for(Case.get_by_id(case.id)) == {"guest", "reporter"}
    assert set(Case.select().where(cases_for(liuyang, "case.read"))) == {case, other}


def test_who_lives_in_two_communities_has_two_separate_parts(sqlite_town):
    town = sqlite_town
    masuhua = town.person("masuhua")
    Role.create(person=masuhua, place=town.community("huimin"), kind="volunteer")
    actor = town.actor("masuhua")
    assert [home.community_id for home in homes_of(masuhua)] == [town.community("liuyin").id]
    assert actor.parts_in(town.community("liuyin")) == {"guest", "resident", "owner"}
    assert actor.parts_in(town.community("huimin")) == {"guest", "volunteer"}
    assert actor.parts_in(town.community("wenhua")) == {"guest"}


def test_a_worker_knows_the_reporter_masked_and_others_not_at_all(sqlite_town):
    from_all = {}
    case = report(sqlite_town)
    for who in PEOPLE:
        actor = sqlite_town.actor(who)
        if may(actor, "case.see_reporter", case=case):
            from_all[who] = masked(actor, "case.see_reporter", case=case)
    assert from_all == {"zhanglan": False, "wangdashan": True, "chenjing": True, "dengwei": True}
