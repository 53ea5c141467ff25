"""张兰 acts for her father 张国强, who has no WeChat; 陈静 confirms it with both before her."""

from datetime import timedelta

import pytest

from app.rules import age, delegation, miniprogram
from app.rules import case as cases
from app.rules.actor import actor_of
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import now, write
from models.delegation import Delegation
from models.letter import Letter
from models.lifecycle import DELEGATION
from models.person import Identity, Person, Residence, home_of, homes_of
from models.place import Place

FATHERS_DOOR = "幸福家园 3号楼 2单元 502"


def door(label=FATHERS_DOOR):
    return Place.get(Place.kind == "household", Place.label == label)


def settle(person, home):
    """Somebody lives there, as the community confirmed."""
    Residence.create(person=person, household=home, state="confirmed", confirmed_at=now())


def ask(town, who="zhanglan", **more):
    """张兰 asks; whom she names by the key on the phone and who lives nowhere yet lives with her father."""
    if more.get("person") is not None and not homes_of(more["person"]):
        settle(more["person"], door())
    asked = {"kind": "family", "relation": "daughter", "name": "张国强", "home": door()} | more
    with write():
        return delegation.ask(actor=town.actor(who), **asked)


def decide(town, row, yes=True, who="chenjing", both=True):
    with write():
        delegation.decide(row, actor=town.actor(who), confirmed=yes, both_present=both)
    return Delegation.get_by_id(row.id)


def test_a_father_without_wechat_is_settled_when_staff_confirm(town):
    row = ask(town)
    father = row.principal
    assert (father.name, home_of(father), delegation.principals_of(town.person("zhanglan"))) == ("张国强", None, [])
    confirmed = decide(town, row)
    assert (confirmed.state, confirmed.confirmed_by) == ("confirmed", town.person("chenjing"))
    assert home_of(father) == door() and not Identity.select().where(Identity.person == father).exists()
    assert delegation.principals_of(town.person("zhanglan")) == [father]
    assert delegation.agents_of(father) == [town.person("zhanglan")]
    assert delegation.guardians_of(father) == []


def test_whoever_lives_there_by_that_name_is_meant(town):
    row = ask(town, "zhaoqiang", name="张兰", home=door("幸福家园 3号楼 2单元 501"), relation="spouse")
    assert row.principal == town.person("zhanglan")
    assert Person.select().where(Person.name == "张兰").count() == 1
    residences = Residence.select().where(Residence.person == town.person("zhanglan"))
    assert [(one.state, one.household) for one in residences] == [("confirmed", door("幸福家园 3号楼 2单元 501"))]


def test_a_child_is_meant_by_the_key_on_its_phone(town):
    child = town.person("zhaoqiang")
    with write():
        age.tell(child, "child", actor=town.actor("zhaoqiang"))
        row = delegation.ask(actor=town.actor("zhanglan"), kind="guardian", relation="parent", person=child)
    assert (row.principal, row.community) == (child, town.community())
    decide(town, row)
    assert delegation.guardians_of(child) == [town.person("zhanglan")]


def test_a_small_child_without_wechat_is_known_as_one(town):
    row = ask(town, kind="guardian", relation="parent", name="小宝")
    assert row.principal.age_group == "child"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "friend"}, "kind_unknown"), ({"relation": "boss"}, "relation_unknown"),
        ({"name": " \u200b"}, "principal_missing"), ({"home": None}, "principal_missing"),
        ({"name": "张兰", "home": "幸福家园 3号楼 2单元 501"}, "own_self"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(sqlite_town, wrong, code):
    if wrong.get("home"):
        wrong = wrong | {"home": door(wrong["home"])}
    with pytest.raises(Refusal) as said:
        ask(sqlite_town, **wrong)
    assert (said.value.code, Delegation.select().count()) == (code, 0)


def test_asking_twice_and_asking_without_end(sqlite_town):
    child = sqlite_town.person("zhaoqiang")
    ask(sqlite_town, person=child, home=None)
    with pytest.raises(Conflict):
        ask(sqlite_town, person=child, home=None)
    for name in ("甲某", "乙某", "丙某", "丁某"):
        ask(sqlite_town, name=name)
    with pytest.raises(Refusal) as said:
        ask(sqlite_town, name="戊某")
    assert said.value.code == "too_many"


@pytest.mark.parametrize("kind", ["family", "guardian"])
@pytest.mark.parametrize("where", [None, "幸福家园 3号楼 2单元 501", FATHERS_DOOR])
def test_nobody_of_another_household_is_asked_for(town, where, kind):
    """郭亮 lives in 柳荫社区: 陈静 of 惠民社区 must never get to confirm that 张兰 acts for him."""
    guoliang = town.person("guoliang")
    if where is not None:
        settle(guoliang, Place.get(Place.kind == "household", Place.community == town.community("liuyin")))
    with pytest.raises(Refusal) as said, write():
        delegation.ask(
            actor=town.actor("zhanglan"), kind=kind, relation="spouse", person=guoliang,
            home=door(where) if where else None,
        )  # fmt: skip
    assert (said.value.code, said.value.message) == (delegation.nobody().code, delegation.nobody().message)
    assert Delegation.select().count() == 0


def test_whoever_moved_away_meanwhile_is_not_confirmed(town):
    row = ask(town, person=town.person("zhaoqiang"), home=None)
    with write():
        Residence.update(ended_at=now()).where(Residence.person == town.person("zhaoqiang")).execute()
        settle(
            town.person("zhaoqiang"), Place.get(Place.kind == "household", Place.community == town.community("liuyin"))
        )
    with pytest.raises(Refusal) as said:
        decide(town, row)
    assert (said.value.code, Delegation.get_by_id(row.id).state) == ("lives_elsewhere", "asked")


def test_nobody_is_made_a_child_by_a_guardian(town):
    """赵强 is grown up; 张兰 is told no more than of somebody unknown, by key and by name."""
    grown = town.person("zhaoqiang")
    settle(grown, door())
    with pytest.raises(Refusal) as said:
        ask(town, kind="guardian", relation="parent", person=grown, home=None)
    assert said.value.message == delegation.NOBODY
    by_name = ask(town, kind="guardian", relation="parent", name="赵强")
    assert by_name.principal != grown and (by_name.principal.age_group, grown.age_group) == ("child", "")


def test_who_has_grown_up_meanwhile_gets_no_guardian(town):
    row = ask(town, kind="guardian", relation="parent", name="小宝")
    Person.update(age_group="adult").where(Person.id == row.principal_id).execute()
    with pytest.raises(Refusal) as said:
        decide(town, Delegation.get_by_id(row.id))
    assert said.value.code == "no_child"


def test_the_second_request_does_not_tell_who_lives_there(town):
    """The same words twice: 409 for the 张兰 who lives there and for a name nobody knows."""
    home = door("幸福家园 3号楼 2单元 501")
    for name in ("张兰", "李四"):
        ask(town, "zhaoqiang", name=name, home=home)
    said = []
    for name in ("张兰", "李四"):
        with pytest.raises(Conflict) as refused:
            ask(town, "zhaoqiang", name=name, home=home)
        said.append((refused.value.code, refused.value.message))
    assert said[0] == said[1] and Delegation.select().count() == 2


def test_whoever_is_acted_for_is_told_on_the_own_phone(town):
    row = decide(town, ask(town, person=town.person("zhaoqiang"), home=None))
    (told,) = Letter.select()
    assert (told.person, told.kind) == (town.person("zhaoqiang"), "reply")
    assert "张兰可以替您办事" in told.content["text"] and row.state == "confirmed"
    decide(town, ask(town))
    assert Letter.select().count() == 1, "who has no phone is told at the counter"


def test_whoever_is_reported_for_is_told_on_the_own_phone(town):
    decide(town, ask(town, person=town.person("zhaoqiang"), home=None))
    with write():
        case = miniprogram.report(
            actor=town.actor("zhanglan"), words="3号楼门口路灯不亮", code=None, community=town.community(), place=None,
            place_words="", point=None, photos=[], per_case=9, behalf_of=town.person("zhaoqiang").key,
        )  # fmt: skip
    told = Letter.get(Letter.case == case, Letter.person == town.person("zhaoqiang"))
    assert (told.kind, told.state) == ("case_progress", "owed")
    assert f"张兰替您报了 #{case.number}" in told.content["text"]


def test_whom_nobody_knew_before_is_forgotten_when_it_ends(town):
    row = decide(town, ask(town))
    father = row.principal
    with write():
        delegation.end(row, actor=town.actor("zhanglan"))
    assert (Person.get_by_id(father.id).name, home_of(father)) == ("", None)


@pytest.mark.parametrize("held", ["case", "home", "another agent", "older"])
def test_of_whom_more_is_known_stays(town, held):
    row = decide(town, ask(town))
    father = row.principal
    with write():
        if held == "case":
            cases.report(
                actor=town.actor("zhanglan"), community=town.community(), category=town.category("street_light"),
                words="路灯不亮", channel="miniprogram", behalf_of=father,
            )  # fmt: skip
        elif held == "home":
            settle(father, door("幸福家园 3号楼 2单元 501"))
        elif held == "another agent":
            delegation.ask(actor=town.actor("zhaoqiang"), kind="family", relation="son", name="张国强", home=door())
        else:
            Person.update(created_at=now() - timedelta(days=9)).where(Person.id == father.id).execute()
        delegation.end(Delegation.get_by_id(row.id), actor=town.actor("zhanglan"))
    assert Person.get_by_id(father.id).name == "张国强" and home_of(father) is not None


def test_both_are_shown_for_a_reason_and_it_is_written_about_both(town):
    row = ask(town)
    with pytest.raises(Refusal):
        delegation.reveal(row, actor=town.actor("chenjing"), reason="看")
    with pytest.raises(Forbidden):
        delegation.reveal(row, actor=town.actor("hefang"), reason="核对代办申请")
    with write():
        shown = delegation.reveal(row, actor=town.actor("chenjing"), reason="核对代办申请")
    assert [(one.name, one.door) for one in shown] == [("张兰", "幸福家园 3号楼 2单元 501"), ("张国强", FATHERS_DOOR)]
    noted = Audit.select().where(Audit.action == "person.reveal").order_by(Audit.id)
    assert [(one.about_id, one.reason) for one in noted] == [
        (row.agent_id, "核对代办申请"), (row.principal_id, "核对代办申请")
    ]  # fmt: skip


def test_both_have_to_be_present(town):
    row = ask(town)
    with pytest.raises(Refusal) as said:
        decide(town, row, both=False)
    assert (said.value.code, Delegation.get_by_id(row.id).state) == ("both_present_missing", "asked")


@pytest.mark.parametrize("who", ["hefang", "zhanglan", "sunmei", "dengwei"])
def test_only_the_communitys_own_staff_decide(town, who):
    row = ask(town)
    with pytest.raises(Forbidden):
        decide(town, row, who=who)
    assert Delegation.get_by_id(row.id).state == "asked"


def test_nobody_confirms_the_own(town):
    for row in (ask(town, "chenjing"), ask(town, person=town.person("chenjing"), home=None)):
        with pytest.raises(Refusal) as said:
            decide(town, row)
        assert said.value.code == "own_request"


def test_a_refused_newcomer_is_forgotten(town):
    row = decide(town, ask(town), yes=False)
    father = Person.get_by_id(row.principal_id)
    assert (row.state, father.name, home_of(father)) == ("refused", "", None)
    assert [one.state for one in Residence.select().where(Residence.person == father)] == ["refused"]
    known = decide(town, ask(town, person=town.person("sunmei"), home=None), yes=False)
    assert known.principal.name == "孙梅"


@pytest.mark.parametrize("who", ["zhanglan", "zhaoqiang", "chenjing"])
def test_either_side_or_the_community_ends_it_at_once(town, who):
    row = decide(town, ask(town, person=town.person("zhaoqiang"), home=None))
    with write():
        delegation.end(row, actor=town.actor(who))
    row = Delegation.get_by_id(row.id)
    assert row.state == "ended" and row.ended_at is not None
    assert delegation.principals_of(town.person("zhanglan")) == []
    with pytest.raises(Conflict):
        delegation.end(row, actor=town.actor(who))


@pytest.mark.parametrize("who", ["hefang", "sunmei"])
def test_for_a_stranger_there_is_nothing_to_end(town, who):
    row = decide(town, ask(town))
    with pytest.raises(NotFound):
        delegation.end(row, actor=town.actor(who))
    assert Delegation.get_by_id(row.id).state == "confirmed"


def test_every_pair_of_the_table_and_no_other(sqlite_town):
    """Every state and verb, said by the two people and by staff."""
    verbs = {"confirm", "refuse", "end"}
    for state in ("asked", "confirmed", "refused", "ended"):
        for verb in sorted(verbs):
            for who, part in (("zhanglan", "agent"), ("zhaoqiang", "principal"), ("chenjing", "staff")):
                allowed = any((one.source, one.verb) == (state, verb) and part in one.who for one in DELEGATION)
                Delegation.delete().execute()
                row = ask(sqlite_town, person=sqlite_town.person("zhaoqiang"), home=None)
                Delegation.update(state=state).where(Delegation.id == row.id).execute()
                row = Delegation.get_by_id(row.id)
                try:
                    if verb == "end":
                        delegation.end(row, actor=sqlite_town.actor(who))
                    else:
                        decide(sqlite_town, row, yes=verb == "confirm", who=who)
                    moved = True
                except (Conflict, Forbidden):
                    moved = False
                assert (state, verb, part, moved) == (state, verb, part, allowed)
                assert (Delegation.get_by_id(row.id).state != state) is allowed


def test_two_staff_at_once_decide_it_once(town):
    row, stale = ask(town), None
    stale = Delegation.get_by_id(row.id)
    decide(town, row)
    with pytest.raises(Conflict):
        decide(town, stale, yes=False)


def test_every_step_is_written_down_about_the_principal(town):
    row = decide(town, ask(town))
    with write():
        delegation.end(row, actor=actor_of(town.person("zhanglan")))
    rows = Audit.select().where(Audit.subject == row.key).order_by(Audit.id)
    assert [(one.action, one.after["state"], one.about_id) for one in rows] == [
        ("delegation.ask", "asked", row.principal_id), ("delegation.decide", "confirmed", row.principal_id),
        ("delegation.end", "ended", row.principal_id),
    ]  # fmt: skip
    assert "张国强" not in str(list(rows.dicts()))
