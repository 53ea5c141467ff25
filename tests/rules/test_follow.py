"""我也遇到了: 孙梅 meets what 张兰 reported; she counts, hears when it is done and when it ends; nobody learns who."""

import pytest

from app.rules import follow, party, person, personal_copy, personal_erasure, push
from app.rules.refusal import Conflict, NotFound, Refusal
from models.audit import Audit
from models.base import now, write
from models.case import Case
from models.follow import Follow
from models.letter import Letter
from models.person import Identity, Person, Residence
from models.personal import DataRequest
from models.unit import Unit
from tests.rules.cases import add_photo, case_in, do, report


def meets(town, case, who="sunmei"):
    with write():
        follow.follow(case, actor=town.actor(who))


def told(town, who="sunmei"):
    rows = Letter.select().where(Letter.person == town.person(who), Letter.event.startswith("followed:"))
    return [row.content["text"] for row in rows.order_by(Letter.id)]


def handled(town, case):
    do(town, case, "accept", "wangdashan")
    add_photo(town, case)
    return do(town, case, "handle", "wangdashan")


def test_said_twice_it_counts_once(town):
    case = report(town)
    meets(town, case)
    meets(town, case)
    assert (follow.followers([case]), Follow.select().count()) == ({case.id: 1}, 1)
    assert Audit.select().where(Audit.action == "case.follow").count() == 1


def test_the_own_report_is_followed_anyway(town):
    with pytest.raises(Refusal) as said:
        meets(town, report(town), "zhanglan")
    assert said.value.code == "own_case"


def test_the_stranger_the_guest_and_whoever_it_is_about_have_nothing_to_follow(sqlite_town):
    """何芳 works in the next community, 马素华 lives there, 赵强 lives nowhere yet."""
    town, case = sqlite_town, report(sqlite_town)
    for who in ("hefang", "masuhua", "zhaoqiang"):
        with pytest.raises(NotFound):
            meets(town, case, who)
    complaint = report(town, words="网格员王大山态度恶劣，不作为，我要投诉他", category="other")
    for who in ("sunmei", "wangdashan"):
        with pytest.raises(NotFound):
            meets(town, complaint, who)
    assert Follow.select().count() == 0


@pytest.mark.parametrize("state", ["closed", "closed_no_feedback"])
def test_what_is_over_is_reported_anew(sqlite_town, state):
    with pytest.raises(Conflict) as said:
        meets(sqlite_town, case_in(sqlite_town, state))
    assert said.value.code == "case_over"


def test_not_any_more(town):
    case = report(town)
    meets(town, case)
    with write():
        follow.unfollow(case, actor=town.actor("sunmei"))
        follow.unfollow(case, actor=town.actor("sunmei"))
    assert (follow.followers([case]), Audit.select().where(Audit.action == "case.unfollow").count()) == ({}, 1)
    with pytest.raises(NotFound):
        follow.unfollow(case, actor=town.actor("masuhua"))


def test_she_hears_that_it_is_done_and_that_it_ended_once_each_and_nothing_of_anybody(town):
    case = report(town, words="3号楼门口井盖坏了，我是张兰", place_words="东门第二棵树")
    meets(town, case)
    case = handled(town, case)
    assert told(town) == ["#1001（您说也遇到了的窨井盖缺失破损）已处理好。如果还有问题，请重新上报。"]
    do(town, case, "confirm", "zhanglan")
    assert told(town)[1:] == ["#1001（您说也遇到了的窨井盖缺失破损）已办结，谢谢您的反映。"]
    letters = Letter.select().where(Letter.person == town.person("sunmei"))
    contents = str([row.content for row in letters])
    assert [word for word in ("张兰", "3号楼", "东门", "单元") if word in contents] == []
    assert {row.content["place"] for row in letters} == {"幸福家园"}
    assert told(town, "zhanglan") == []


@pytest.mark.parametrize(
    ("verb", "who", "begins"),
    [("withdraw", "zhanglan", "已由上报人撤回"), ("reject", "chenjing", "社区没有受理")],
)
def test_she_hears_when_it_ends_otherwise_but_not_why(sqlite_town, verb, who, begins):
    case = report(sqlite_town)
    meets(sqlite_town, case)
    do(sqlite_town, case, verb, who, note="张兰家自己的事")
    (said,) = told(sqlite_town)
    assert begins in said and "张兰" not in said


def test_a_reopened_case_is_told_again_when_it_is_done_again(sqlite_town):
    case = report(sqlite_town)
    meets(sqlite_town, case)
    case = do(sqlite_town, handled(sqlite_town, case), "reopen", "zhanglan", note="还是坏的")
    assert len(told(sqlite_town)) == 1
    handled(sqlite_town, case)
    assert len(told(sqlite_town)) == 2


def allowed(town):
    return push.may_get(Letter.get(Letter.person == town.person("sunmei"), Letter.event.startswith("followed:")))


def test_a_letter_waits_for_the_right_of_the_moment_it_goes_out(sqlite_town):
    """She moves away, or no longer follows, or it turns out to be about a company: then it is not sent any more."""
    town, case = sqlite_town, report(sqlite_town)
    meets(town, case)
    handled(town, case)
    assert allowed(town)
    mine = Residence.person == town.person("sunmei")
    Residence.update(ended_at=now()).where(mine).execute()
    assert not allowed(town)
    Residence.update(ended_at=None).where(mine).execute()
    Follow.delete().execute()
    assert not allowed(town)
    Follow.create(case=case, person=town.person("sunmei"))
    assert allowed(town)
    case = Case.get_by_id(case.id)
    with write():
        party.involve(case, actor=town.actor("chenjing"), unit=None, about_unit=Unit.get(), about=None)
    assert not allowed(town)


def test_her_copy_says_which_and_with_her_it_is_forgotten(town):
    case = report(town)
    meets(town, case)
    sunmei = town.person("sunmei")
    assert '"number": 1001' in personal_copy.copy_of(sunmei).json
    assert personal_copy.copy_of(town.person("zhanglan")).counts["follows"] == 0
    request = DataRequest.create(person=sunmei, kind="erase", state="doing", due_at=now())
    with write():
        personal_erasure.let_go(request)
    assert Follow.select().count() == 0


def test_two_persons_who_turn_out_to_be_one_follow_once(town):
    case, other = report(town), report(town, words="路灯不亮", category="street_light")
    own = report(town, "sunmei", words="水管爆了", category="pipe_burst")
    newcomer = Person.create()
    identity = Identity.create(person=newcomer, account="official", kind="official", openid="o-new")
    meets(town, case)
    Follow.create(case=case, person=newcomer)
    Follow.create(case=other, person=newcomer)
    Follow.create(case=own, person=newcomer)
    with write():
        person.introduce(identity, "demo-union-sunmei")
    assert sorted(row.case_id for row in Follow.select().where(Follow.person == town.person("sunmei"))) == [
        case.id, other.id,
    ]  # fmt: skip
    assert Follow.select().count() == 2
