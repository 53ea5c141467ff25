"""Who is told of a case: never whom it is about, always somebody while there is anybody, and who need not go."""

import pytest

from app.rules.refusal import Forbidden, Refusal
from models.audit import Audit
from models.base import now
from models.letter import Letter
from models.role import Role
from tests.rules.cases import do, owed, report
from tests.rules.test_case_walk import CALLED_OFF

COMPLAINT = "网格员王大山态度恶劣，不作为，我要投诉他"


def leave(town, *people):
    """Their parts end now."""
    Role.update(ends_at=now()).where(Role.person.in_([town.person(who) for who in people])).execute()


def letters_to(town, who):
    """Texts of the letters to a person with their states, the oldest first."""
    rows = Letter.select().where(Letter.person == town.person(who)).order_by(Letter.id)
    return [(row.kind, row.state, row.outcome) for row in rows]


def test_a_complaint_about_the_worker_goes_to_the_admin_instead(town):
    """张兰 lives in 王大山's grid and complains about him: he hears nothing, 陈静 decides, and may send 刘洋."""
    case = report(town, words=COMPLAINT, category="other")
    assert (case.state, case.handler, case.about) == ("reported", None, town.person("wangdashan"))
    assert (owed(1), Letter.select().count()) == ([("陈静", "case_assigned")], 1)
    with pytest.raises(Refusal) as said:
        do(town, case, "dispatch", "chenjing", worker="wangdashan")
    assert (said.value.code, said.value.message) == ("complained_about", "居民反映的就是这位同志，请另选一位处理。")
    sent = do(town, case, "dispatch", "chenjing", worker="liuyang")
    with pytest.raises(Forbidden):
        do(town, sent, "accept", "wangdashan")
    letter = Letter.get(Letter.person == town.person("liuyang"))
    assert letter.next_persons == [town.person(who).id for who in ("chenjing", "dengwei")]
    assert letters_to(town, "wangdashan") == []


def test_a_complaint_about_the_only_admin_goes_to_the_subdistrict(sqlite_town):
    case = report(sqlite_town, words="社区的陈 静不接电话", category="other")
    assert (case.about, owed(1)) == (sqlite_town.person("chenjing"), [("邓伟", "case_assigned")])
    assert do(sqlite_town, case, "dispatch", "dengwei").handler == sqlite_town.person("wangdashan")
    assert letters_to(sqlite_town, "chenjing") == []


def test_who_names_himself_or_somebody_of_elsewhere_complains_about_nobody(sqlite_town):
    assert report(sqlite_town, "wangdashan", words="我是王大山，3号楼井盖坏了").about is None
    assert report(sqlite_town, words="郭亮说3号楼井盖坏了").about is None
    assert report(sqlite_town, words="路灯不亮").handler == sqlite_town.person("wangdashan")


def test_a_name_alone_is_no_complaint_and_delays_nothing(sqlite_town):
    case = report(sqlite_town, words="王大山师傅，3号楼门口井盖不见了")
    assert (case.about, case.handler) == (None, sqlite_town.person("wangdashan"))


def test_where_nobody_works_the_level_above_is_told_and_can_act(town):
    """惠民社区 has lost its worker and its admin: 邓伟 of the subdistrict is told, and sends the new worker."""
    leave(town, "wangdashan", "chenjing")
    case = report(town)
    assert (case.state, owed(1), Letter.select().count()) == ("reported", [("邓伟", "case_assigned")], 1)
    assert do(town, case, "dispatch", "dengwei", worker="liuyang").handler == town.person("liuyang")
    assert do(town, report(town), "reject", "dengwei").state == "rejected"


def test_the_district_and_at_last_the_operator(sqlite_town):
    leave(sqlite_town, "wangdashan", "chenjing", "dengwei")
    district = sqlite_town.community().parent.parent
    Role.create(person=sqlite_town.person("sunmei"), place=district, kind="operator")
    report(sqlite_town)
    assert owed(1) == [("孙梅", "case_assigned")]
    Role.create(person=sqlite_town.person("zhaoqiang"), place=district, kind="district_admin")
    report(sqlite_town)
    assert owed(1) == [("赵强", "case_assigned")]


def test_an_admin_who_cannot_be_reached_is_followed_by_the_level_above(sqlite_town):
    report(sqlite_town, place=None)
    assert Letter.get().next_persons == [sqlite_town.person("dengwei").id]


def test_with_nobody_at_all_the_audit_says_so(sqlite_town):
    leave(sqlite_town, "wangdashan", "chenjing", "dengwei")
    case = report(sqlite_town)
    noted = Audit.get(Audit.action == "case.unheard")
    assert (case.state, noted.subject, noted.role, Letter.select().count()) == ("reported", case.key, "system", 0)


@pytest.mark.parametrize("verb, who", sorted(CALLED_OFF))
def test_who_was_sent_is_told_that_he_need_not_go(sqlite_town, verb, who):
    """The task that was not sent yet is not sent any more."""
    case = report(sqlite_town)
    do(sqlite_town, case, verb, who)
    assert letters_to(sqlite_town, "wangdashan") == [
        ("case_assigned", "expired", "called_off"), ("case_reminder", "owed", ""),
    ]  # fmt: skip
    said = Letter.get(Letter.kind == "case_reminder").content["text"]
    assert said == {
        "withdraw": "#1001 居民已撤回，您不用去了。", "reject": "#1001 社区已决定不予受理，您不用去了。",
        "accept": "#1001 已有别的同事接单，您不用去了。",
        "hand_over": "#1001 社区已转交其他单位，您不用去了。",
    }[verb]  # fmt: skip


def test_who_is_relieved_by_a_colleague_is_told_unless_he_left(sqlite_town):
    case = do(sqlite_town, report(sqlite_town), "dispatch", "chenjing", worker="liuyang")
    assert letters_to(sqlite_town, "wangdashan") == [
        ("case_assigned", "expired", "called_off"), ("case_reminder", "owed", ""),
    ]  # fmt: skip
    assert letters_to(sqlite_town, "liuyang") == [("case_assigned", "owed", "")]
    leave(sqlite_town, "liuyang")
    do(sqlite_town, case, "dispatch", "chenjing", worker="wangdashan")
    assert letters_to(sqlite_town, "liuyang") == [("case_assigned", "expired", "called_off")]


def test_a_case_that_is_sent_to_the_same_worker_again_calls_nobody_off(sqlite_town):
    do(sqlite_town, report(sqlite_town), "dispatch", "chenjing", worker="wangdashan")
    assert letters_to(sqlite_town, "wangdashan") == [
        ("case_assigned", "expired", "called_off"), ("case_assigned", "owed", ""),
    ]  # fmt: skip
