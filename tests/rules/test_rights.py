"""The table of rights, walked: every action by everybody, in a community, towards a case, and anywhere."""

import pytest

from app.rules.refusal import Forbidden, NotFound
from app.rules.rights import RIGHTS, may, need, readable_cases, reporter_for
from models.base import now
from models.case import Case
from models.lifecycle import CASE, CASE_VERBS
from models.role import ROLES, Role
from tests.rules.cases import do, report

#: Everybody's parts in 惠民社区, then towards 张兰's case there, which 王大山 handles; then what they are anywhere.
PEOPLE = {
    "zhanglan": ("resident guest", "resident guest reporter", ""),
    "wangdashan": ("grid_worker guest", "grid_worker guest handler", "grid_worker"),
    "chenjing": ("community_admin guest", "community_admin guest", "community_admin"),
    "liuyang": ("grid_worker guest", "guest", "grid_worker"),
    "sunmei": ("resident guest", "resident guest", ""),
    "zhaoqiang": ("guest", "guest", ""),
    "dengwei": ("subdistrict_admin guest", "subdistrict_admin guest", "subdistrict_admin"),
    "hefang": ("guest", "guest", "community_admin"),
    "guoliang": ("guest", "guest", "grid_worker"),
    "masuhua": ("guest", "guest", ""),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_action_of_one_person(sqlite_town, who):
    """Also: who may not even read the case does not learn from a refusal that it exists."""
    case, community, actor = report(sqlite_town), sqlite_town.community(), sqlite_town.actor(who)
    here, towards, anywhere = (frozenset(parts.split()) for parts in PEOPLE[who])
    assert (actor.parts_in(community), actor.parts_for(case)) == (here, towards)
    hidden = NotFound if not RIGHTS["case.read"] & towards else Forbidden
    for action, parts in RIGHTS.items():
        assert (action, may(actor, action, community=community)) == (action, bool(parts & here))
        assert (action, may(actor, action, case=case)) == (action, bool(parts & towards))
        assert (action, may(actor, action)) == (action, bool(parts & (anywhere | {"guest", "anyone"})))
        assert (action, refusal_of(actor, action, case=case)) == (action, None if parts & towards else hidden)
        assert (action, refusal_of(actor, action, community=community)) == (action, None if parts & here else Forbidden)


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
    known = {"anyone", "guest", "resident", "reporter", "handler", *ROLES}
    assert {part for parts in RIGHTS.values() for part in parts} - known == set()


@pytest.mark.parametrize("verb", sorted({move.verb for move in CASE} - {"lapse"}))
def test_the_rights_of_a_case_are_those_of_its_life_cycle(verb):
    who = frozenset().union(*(move.who for move in CASE if move.verb == verb)) - {"system"}
    assert (verb in CASE_VERBS, RIGHTS[f"case.{verb}"]) == (True, who)


def test_a_part_that_has_ended_or_not_begun_is_no_part(sqlite_town):
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
    assert held == {"case.visit", "case.report", "case.list", "case.read", "case.dispatch", "case.reject"}


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
    assert list(Case.select().where(readable_cases(liuyang))) == [other]
    assert set(Case.select().where(readable_cases(chenjing))) == {case, other}
    Case.update(reporter=liuyang.person).where(Case.id == case.id).execute()
    assert liuyang.parts_for(Case.get_by_id(case.id)) == {"guest", "reporter"}
    assert set(Case.select().where(readable_cases(liuyang))) == {case, other}


def test_a_worker_knows_the_reporter_by_surname_only(sqlite_town):
    case = report(sqlite_town)
    known = {who: reporter_for(sqlite_town.actor(who), case) for who in PEOPLE}
    assert {who: one.name for who, one in known.items() if one} == {
        "zhanglan": "张兰", "wangdashan": "张＊", "chenjing": "张兰", "dengwei": "张兰",
    }  # fmt: skip
