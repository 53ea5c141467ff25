"""Who lives where: by a code from the community, good once, or asked for and confirmed by somebody else."""

from datetime import timedelta

import pytest

from app.rules import household
from app.rules.refusal import Conflict, Forbidden, Refusal
from models.audit import Audit
from models.base import now, write
from models.event import Event
from models.person import HouseholdCode, Residence, home_of
from models.place import Place
from models.role import Role
from tests.rules.together import at_once, kinds


def door(label="幸福家园 1号楼 1单元 101"):
    return Place.get(Place.kind == "household", Place.label == label)


def bind(town, code, who="zhaoqiang"):
    with write():
        return household.bind_by_code(code, actor=town.actor(who))


def test_a_code_from_the_community_opens_a_home(town):
    code = household.issue_code(door(), actor=town.actor("chenjing"))
    residence = bind(town, code)
    assert (residence.state, residence.household) == ("confirmed", door())
    assert residence.confirmed_by == town.person("chenjing")
    assert home_of(town.person("zhaoqiang")) == door()
    assert town.actor("zhaoqiang").parts_in(town.community()) == {"guest", "resident"}


def test_old_eyes_and_thick_fingers_can_type_it(sqlite_town):
    code = household.issue_code(door(), actor=sqlite_town.actor("chenjing"))
    assert (len(code), set(code) - set("23456789ABCDEFGHJKMNPQRSTUVWXYZ")) == (8, set())
    bind(sqlite_town, f" {code[:4].lower()}-{code[4:]} ")
    assert home_of(sqlite_town.person("zhaoqiang")) == door()


def test_a_code_is_good_once(town):
    code = household.issue_code(door(), actor=town.actor("chenjing"))
    users = [lambda who=who: bind(town, code, who) for who in ("zhaoqiang", "sunmei", "liuyang")]
    assert kinds(at_once(*users)) == ["Refusal", "Refusal", "Residence"]
    assert Residence.select().where(Residence.household == door()).count() == 1


@pytest.mark.parametrize("problem", ["wrong", "used", "old"])
def test_what_is_wrong_with_a_code_is_not_told(sqlite_town, problem):
    code = household.issue_code(door(), actor=sqlite_town.actor("chenjing"))
    if problem == "wrong":
        code = "22222222"
    elif problem == "used":
        bind(sqlite_town, code, "sunmei")
    else:
        HouseholdCode.update(expires_at=now() - timedelta(seconds=1)).execute()
    with pytest.raises(Refusal) as said:
        bind(sqlite_town, code)
    assert (said.value.code, said.value.message) == ("code_unknown", "绑定码不对或已失效，请向社区要一个新的。")
    assert home_of(sqlite_town.person("zhaoqiang")) is None


def test_the_code_itself_is_kept_nowhere(sqlite_town):
    code = household.issue_code(door(), actor=sqlite_town.actor("chenjing"))
    assert code not in repr([*HouseholdCode.select().dicts(), *Audit.select().dicts()])


def test_only_staff_of_the_community_hands_out_codes(sqlite_town):
    for nobody in ("hefang", "zhanglan", "dengwei"):
        with pytest.raises(Forbidden):
            household.issue_code(door(), actor=sqlite_town.actor(nobody))
    assert HouseholdCode.select().count() == 0


def test_asking_and_being_confirmed(sqlite_town):
    with write():
        asked = household.ask(door(), actor=sqlite_town.actor("zhaoqiang"), relation="tenant")
    assert (asked.state, asked.relation, home_of(sqlite_town.person("zhaoqiang"))) == ("asked", "tenant", None)
    assert sqlite_town.actor("zhaoqiang").parts_in(sqlite_town.community()) == {"guest"}
    assert Event.get(Event.kind == "residence").subject == asked.key
    household.decide(asked, actor=sqlite_town.actor("wangdashan"), confirmed=True)
    assert home_of(sqlite_town.person("zhaoqiang")) == door()
    with pytest.raises(Conflict):
        household.decide(asked, actor=sqlite_town.actor("chenjing"), confirmed=False)


def test_asking_twice_is_one_request(sqlite_town):
    household.ask(door(), actor=sqlite_town.actor("zhaoqiang"), relation="owner")
    with pytest.raises(Conflict) as said:
        household.ask(door(), actor=sqlite_town.actor("zhaoqiang"), relation="owner")
    assert said.value.message == "您已经申请过了，请等社区确认。"
    assert Residence.select().where(Residence.household == door()).count() == 1


def test_who_was_refused_may_ask_again(sqlite_town):
    first = household.ask(door(), actor=sqlite_town.actor("zhaoqiang"), relation="owner")
    household.decide(first, actor=sqlite_town.actor("chenjing"), confirmed=False)
    assert Residence.get_by_id(first.id).state == "refused"
    assert home_of(sqlite_town.person("zhaoqiang")) is None
    assert household.ask(door(), actor=sqlite_town.actor("zhaoqiang"), relation="owner").state == "asked"


def test_a_code_settles_what_was_asked_for(sqlite_town):
    asked = household.ask(door(), actor=sqlite_town.actor("zhaoqiang"), relation="tenant")
    bound = bind(sqlite_town, household.issue_code(door(), actor=sqlite_town.actor("chenjing")))
    assert (bound.id, bound.state, bound.relation) == (asked.id, "confirmed", "tenant")


def test_nobody_confirms_the_own_request(sqlite_town):
    asked = household.ask(door(), actor=sqlite_town.actor("chenjing"), relation="owner")
    with pytest.raises(Refusal) as said:
        household.decide(asked, actor=sqlite_town.actor("chenjing"), confirmed=True)
    assert (said.value.code, Residence.get_by_id(asked.id).state) == ("own_request", "asked")


def test_the_admin_of_the_next_community_decides_nothing_here(sqlite_town):
    asked = household.ask(door(), actor=sqlite_town.actor("zhaoqiang"), relation="owner")
    for nobody in ("hefang", "zhanglan", "dengwei"):
        with pytest.raises(Forbidden):
            household.decide(asked, actor=sqlite_town.actor(nobody), confirmed=True)
    assert Residence.get_by_id(asked.id).state == "asked"


def test_two_decide_at_once_and_one_counts(town):
    asked = household.ask(door(), actor=town.actor("zhaoqiang"), relation="owner")
    deciders = [("chenjing", True), ("wangdashan", False)]
    decided = at_once(*[lambda who=who, yes=yes: household.decide(asked, actor=town.actor(who), confirmed=yes)
                        for who, yes in deciders])  # fmt: skip
    assert kinds(decided) == ["Conflict", "NoneType"]


def test_an_ended_part_hands_out_no_code(sqlite_town):
    Role.update(ends_at=now()).where(Role.person == sqlite_town.person("chenjing")).execute()
    with pytest.raises(Forbidden):
        household.issue_code(door(), actor=sqlite_town.actor("chenjing"))
