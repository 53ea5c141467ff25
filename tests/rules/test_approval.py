"""Two persons: what 陈静 asks for, 邓伟 looks at; nobody agrees to the own request."""

from datetime import timedelta

import pytest

from app.rules import approval, household, role
from app.rules.refusal import Conflict, NotFound, Refusal
from models.alert import Alert
from models.approval import Approval
from models.audit import Audit
from models.base import now, write
from models.export import Export
from models.person import Residence
from models.place import Grid, Place
from models.role import Role, roles_of


def ask(town, action="case.export", who="chenjing", **payload):
    community = town.community()
    with write():
        return approval.do(
            action, actor=town.actor(who), community=community, words="导出 惠民社区 的事项清单",
            payload=payload or {"community": community.id},
        )  # fmt: skip


def decide(town, row, who, agreed=True):
    with write():
        approval.decide(row, actor=town.actor(who), agreed=agreed)


def worker(town) -> dict:
    grid = Grid.get(Grid.code == "huimin-1")
    return {
        "person": town.person("zhaoqiang").id, "place": town.community().id, "kind": "grid_worker", "grid": grid.id
    }  # fmt: skip


def test_a_list_leaves_only_when_two_have_agreed(town):
    row = ask(town)
    assert (row.state, Export.select().count()) == ("asked", 0)
    decide(town, row, "dengwei")
    made = Export.get()
    assert (made.asked_by, Approval.get().decided_by) == (town.person("chenjing"), town.person("dengwei"))
    actions = [(one.action, one.result) for one in Audit.select().order_by(Audit.id)]
    assert actions[-3:] == [("case.export", "asked"), ("approval.approve", "done"), ("case.export", "done")]


@pytest.mark.parametrize("who", ["chenjing", "wangdashan", "hefang", "zhanglan"])
def test_neither_the_asker_nor_somebody_without_a_part_agrees(town, who):
    row = ask(town)
    with pytest.raises(Refusal) as refused:
        decide(town, row, who)
    assert refused.value.code == ("own_request" if who == "chenjing" else "not_found")
    assert (Approval.get().state, Export.select().count()) == ("asked", 0)


def test_it_is_decided_once(town):
    row = ask(town)
    decide(town, row, "dengwei", agreed=False)
    with pytest.raises(Conflict):
        decide(town, row, "dengwei")
    assert Export.select().count() == 0


def test_the_same_is_asked_for_once_and_can_be_taken_back(town):
    row = ask(town)
    with pytest.raises(Conflict):
        ask(town)
    with pytest.raises(NotFound), write():
        approval.withdraw(row, actor=town.actor("dengwei"))
    with write():
        approval.withdraw(row, actor=town.actor("chenjing"))
    assert ask(town).state == "asked"


def test_after_three_days_it_is_too_late(town):
    row = ask(town)
    Approval.update(expires_at=now() - timedelta(seconds=1)).execute()
    with pytest.raises(Conflict):
        decide(town, row, "dengwei")


def test_whoever_lost_the_right_meanwhile_gets_nothing(town):
    row = ask(town, "role.appoint", **worker(town))
    Role.update(ends_at=now()).where(Role.person == town.person("chenjing")).execute()
    with pytest.raises(Refusal):
        decide(town, row, "dengwei")
    assert (roles_of(town.person("zhaoqiang")), Approval.get_by_id(row.id).state) == ([], "asked")


def test_a_worker_is_proposed_by_the_community_and_confirmed_by_the_street(town):
    row = ask(town, "role.appoint", **worker(town))
    decide(town, row, "dengwei")
    assert [role.kind for role in roles_of(town.person("zhaoqiang"))] == ["grid_worker"]


def test_while_there_is_nobody_else_one_appoints_alone_and_the_desk_says_so(town):
    Role.update(ends_at=now()).where(Role.person == town.person("dengwei")).execute()
    assert ask(town, "role.appoint", **worker(town)) is None
    assert [role.kind for role in roles_of(town.person("zhaoqiang"))] == ["grid_worker"]
    assert (Alert.get().kind, Alert.get().person) == ("alone", town.person("chenjing"))
    assert Audit.get(Audit.result == "alone").action == "role.appoint"


def test_but_personal_data_never_leave_on_the_word_of_one(town):
    Role.update(ends_at=now()).where(Role.person == town.person("dengwei")).execute()
    with pytest.raises(Refusal) as refused:
        ask(town)
    assert (refused.value.code, Export.select().count()) == ("no_second", 0)


def asked_home(town, relation: str) -> Residence:
    home = Place.get(Place.label == "幸福家园 3号楼 1单元 101")
    with write():
        return household.ask(home, actor=town.actor("zhaoqiang"), relation=relation)


def test_an_owner_is_verified_by_two_a_tenant_by_one(town):
    tenant = asked_home(town, "tenant")
    with write():
        assert approval.decide_residence(tenant, actor=town.actor("wangdashan"), confirmed=True) is None
    assert Residence.get_by_id(tenant.id).state == "confirmed"
    Residence.update(ended_at=now()).execute()
    owner = asked_home(town, "owner")
    with write():
        row = approval.decide_residence(owner, actor=town.actor("chenjing"), confirmed=True)
    assert Residence.get_by_id(owner.id).state == "asked"
    assert "赵强" not in row.words and "101" not in row.words
    decide(town, row, "dengwei")
    found = Residence.get_by_id(owner.id)
    assert (found.state, found.confirmed_by) == ("confirmed", town.person("chenjing"))
    assert town.actor("zhaoqiang").parts_in(town.community()) == {"guest", "resident", "owner"}


def test_a_worker_proposes_no_owner_and_one_may_refuse_one(town):
    owner = asked_home(town, "owner")
    with pytest.raises(Refusal), write():
        approval.decide_residence(owner, actor=town.actor("wangdashan"), confirmed=True)
    with write():
        approval.decide_residence(owner, actor=town.actor("wangdashan"), confirmed=False)
    assert Residence.get_by_id(owner.id).state == "refused"


def test_nobody_agrees_to_what_is_about_oneself(town):
    """刘洋, by now an admin too, asks to be known as an owner; 陈静 proposes it; 邓伟 agrees to no part of his own."""
    liuyang, dengwei = town.person("liuyang"), town.person("dengwei")
    Role.create(person=liuyang, place=town.community(), kind="community_admin")
    home = Place.get(Place.label == "幸福家园 3号楼 1单元 101")
    with write():
        owner = household.ask(home, actor=town.actor("liuyang"), relation="owner")
        row = approval.decide_residence(owner, actor=town.actor("chenjing"), confirmed=True)
    own_part = ask(town, "role.appoint", person=dengwei.id, place=town.community().id, kind="volunteer", grid=None)
    assert own_part is None  # 邓伟 alone could have agreed, and may not: nobody else is there, and the desk says so
    with pytest.raises(Refusal) as refused:
        decide(town, row, "liuyang")
    assert (refused.value.code, Residence.get_by_id(owner.id).state) == ("own_request", "asked")
    assert (approval.may_decide(row, town.actor("liuyang")), approval.may_decide(row, town.actor("dengwei"))) == (
        False, True
    )  # fmt: skip


def test_a_code_shows_who_lives_there_not_who_owns_it(town):
    asked = asked_home(town, "owner")
    with write():
        code = household.issue_code(asked.household, actor=town.actor("wangdashan"))
        bound = household.bind_by_code(code, actor=town.actor("zhaoqiang"))
    assert (bound.relation, bound.state, Residence.get_by_id(asked.id).state) == ("resident", "confirmed", "asked")
    with write():
        row = approval.decide_residence(Residence.get_by_id(asked.id), actor=town.actor("chenjing"), confirmed=True)
    decide(town, row, "dengwei")
    living = Residence.select().where(Residence.person == town.person("zhaoqiang"), Residence.ended_at.is_null())
    assert [one.relation for one in living] == ["owner"]


def test_who_ends_a_part_is_not_the_only_one_who_knows(town):
    held = Role.get(Role.person == town.person("wangdashan"))
    with write():
        role.end(held, actor=town.actor("chenjing"))
    told = Alert.get()
    assert (told.kind, told.person, roles_of(town.person("wangdashan"))) == ("role_ended", town.person("chenjing"), [])
