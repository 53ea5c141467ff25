"""Looking at people: masked unless there is a reason, written down, so many a day; and breaking the glass."""

from datetime import timedelta

import pytest

from app.rules import alert, audit, glass, mask, reading, rights, veil
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.alert import Alert
from models.audit import Audit
from models.base import now, write
from models.case import Case
from models.glass import Glass
from models.letter import Letter
from models.role import Role
from models.setting import Setting
from tests.rules.cases import report

REASON = "电话回访是否修好"


def reveal(town, case, who="chenjing", reason=REASON):
    with write():
        return reading.reveal_reporter(case, actor=town.actor(who), reason=reason)


def break_glass(town, case, who="dengwei", action="photo.read"):
    with write():
        return glass.break_glass(case, action, actor=town.actor(who), reason="有人受伤，要联系本人")


def anonymous(town) -> Case:
    """孙梅 reports without her name."""
    actor = veil.put_on(town.actor("sunmei"))
    case = report(town)
    Case.update(reporter=actor.person, anonymous=True).where(Case.id == case.id).execute()
    return Case.get_by_id(case.id)


@pytest.mark.parametrize(
    ("name", "shown"), [("", ""), ("张", "＊"), ("张兰", "张＊"), ("王大四", "王＊四"), ("欧阳小明", "欧＊＊明")]
)
def test_names_keep_their_ends(name, shown):
    assert mask.name(name) == shown


def test_doors_and_phones_keep_what_says_nothing():
    assert (mask.door("幸福家园 3号楼 2单元 501"), mask.door("")) == ("幸福家园 3号楼 2单元 ＊", "")
    assert (mask.phone("13800000001"), mask.phone("110"), mask.phone(None)) == ("138****0001", "", "")


def test_staff_know_the_reporter_masked_and_the_district_not_at_all(town):
    case = report(town)
    Role.create(person=town.person("masuhua"), place=town.community().parent.parent, kind="district_admin")
    known = {
        who: reading.reporter_of(case, actor=town.actor(who))
        for who in ("zhanglan", "wangdashan", "chenjing", "dengwei", "masuhua", "hefang", "sunmei")
    }
    assert {who: one.name for who, one in known.items() if one} == {
        "zhanglan": "张兰", "wangdashan": "张＊", "chenjing": "张＊", "dengwei": "张＊"
    }  # fmt: skip


def test_a_reason_opens_name_phone_and_door_and_the_resident_can_read_why(town):
    case = report(town)
    known = reveal(town, case)
    assert (known.name, known.phone, known.door) == ("张兰", "13800000001", "幸福家园 3号楼 2单元 501")
    row = Audit.get(Audit.action == "person.reveal")
    assert (row.about, row.reason, row.subject) == (town.person("zhanglan"), REASON, case.key)
    assert "张兰" not in str(row.detail) + str(row.before) + str(row.after)


@pytest.mark.parametrize("reason", ["", "  ", "看看", "长" * 201])
def test_no_reason_no_name(town, reason):
    with pytest.raises(Refusal) as refused:
        reveal(town, report(town), reason=reason)
    assert (refused.value.code, Audit.select().where(Audit.action == "person.reveal").count()) == ("reason_missing", 0)


@pytest.mark.parametrize(
    ("who", "kind"), [("liuyang", NotFound), ("hefang", NotFound), ("sunmei", NotFound), ("dengwei", Forbidden)]
)
def test_whoever_does_not_handle_it_reveals_nothing(town, who, kind):
    with pytest.raises(kind):
        reveal(town, report(town), who)


def test_a_day_holds_so_many_people_and_then_an_alert(town):
    """Of three residents the worker looks at two; the third is refused, and the street is told once."""
    Setting.create(community=town.community(), name="people_per_day", value=2)
    found = [report(town, who) for who in ("zhanglan", "sunmei", "zhaoqiang", "masuhua")]
    worker = town.actor("wangdashan")
    with write():
        seen = [reading.look(case, actor=worker) for case in found]
    assert seen == [True, True, False, False]
    with write():
        assert reading.look(found[0], actor=worker)  # whom one has seen today one may see again
    told = Alert.get()
    assert (Alert.select().count(), told.kind, told.person) == (1, "budget_spent", town.person("wangdashan"))
    people = {letter.person for letter in Letter.select().where(Letter.kind == "alert")}
    assert people == {town.person("chenjing"), town.person("dengwei")}
    Audit.select().where(Audit.result == "refused").get()


@pytest.mark.parametrize(
    "reason",
    ["回访13800000001", "回访 138 0000 0001", "回访 2026-11-23 138-0000-0001", "１３８００００ ０００１ 的事",
     "查11010519491231002X"],
)  # fmt: skip
def test_a_reason_names_no_number_of_anybody(town, reason):
    with pytest.raises(Refusal) as refused:
        reveal(town, report(town), reason=reason)
    assert (refused.value.code, Audit.select().where(Audit.action == "person.reveal").count()) == ("reason_number", 0)


def test_a_reason_may_name_a_case_a_day_and_a_door(town):
    assert reveal(town, report(town), reason="2026-11-23 回访 #1001，3号楼 2 501").name == "张兰"


def test_another_refusal_of_the_day_keeps_no_alert_back(town):
    """王大山 was refused a look for another reason in the morning; the street still hears of the spent budget."""
    Setting.create(community=town.community(), name="people_per_day", value=1)
    first, second = report(town), report(town, "sunmei")
    with write():
        worker = town.actor("wangdashan")
        audit.note("case.read", actor=worker, community=town.community(), result="refused")
        assert (reading.look(first, actor=worker), reading.look(second, actor=worker)) == (True, False)
    assert [alert.kind for alert in Alert.select()] == ["budget_spent"]


def test_an_alert_is_seen_by_somebody_else_than_its_cause_once(town):
    with write():
        row = alert.give("alone", place=town.community(), words="由一人办理", person=town.person("chenjing"))
    with pytest.raises(Refusal) as refused, write():
        alert.see(row, actor=town.actor("chenjing"))
    assert refused.value.code == "own_alert"
    for stranger in ("hefang", "zhanglan", "wangdashan"):
        with pytest.raises(Forbidden), write():
            alert.see(row, actor=town.actor(stranger))
    with write():
        alert.see(row, actor=town.actor("dengwei"))
    with pytest.raises(Conflict), write():
        alert.see(row, actor=town.actor("dengwei"))


def test_broken_glass_opens_for_half_an_hour_one_thing_and_others_are_told(town):
    case, dengwei = report(town), town.actor("dengwei")
    assert not rights.may(dengwei, "photo.read", case=case)
    made = break_glass(town, case)
    assert rights.may(dengwei, "photo.read", case=case)
    assert not rights.may(dengwei, "case.see_place", case=case)
    assert not rights.may(dengwei, "photo.read", case=report(town))
    assert {one.person for one in Letter.select().where(Letter.kind == "alert")} == {town.person("chenjing")}
    row = Audit.get(Audit.action == "glass.break")
    assert (row.about, row.detail["opened"]) == (town.person("zhanglan"), "photo.read")
    Glass.update(ends_at=now() - timedelta(seconds=1)).where(Glass.id == made.id).execute()
    assert not rights.may(dengwei, "photo.read", case=case)


def test_somebody_else_looks_at_it_afterwards(town):
    made = break_glass(town, report(town))
    with pytest.raises(Refusal) as refused, write():
        glass.review(made, actor=town.actor("dengwei"))
    assert refused.value.code == "own_glass"
    with pytest.raises(Forbidden), write():
        glass.review(made, actor=town.actor("hefang"))
    with write():
        glass.review(made, actor=town.actor("chenjing"))
    assert Glass.get().reviewed_by == town.person("chenjing")


@pytest.mark.parametrize(
    ("who", "action", "kind"),
    [("hefang", "photo.read", NotFound), ("zhanglan", "photo.read", Forbidden), ("wangdashan", "veil.lift", Forbidden),
     ("chenjing", "photo.read", Forbidden), ("dengwei", "case.dispatch", Refusal)],
)  # fmt: skip
def test_the_glass_is_there_for_few_and_for_few_things(town, who, action, kind):
    with pytest.raises(kind):
        break_glass(town, report(town), who, action)
    assert Glass.select().count() == 0


def test_an_operator_reads_a_case_by_breaking_the_glass_only(town):
    Role.create(person=town.person("masuhua"), place=town.community().parent.parent, kind="operator")
    case = report(town)
    assert not rights.may(town.actor("masuhua"), "case.read", case=case)
    break_glass(town, case, "masuhua", "case.read")
    assert rights.may(town.actor("masuhua"), "case.read", case=case)
    assert list(Case.select().where(rights.readable_cases(town.actor("masuhua")))) == [case]


def test_an_anonymous_reporter_is_nobody_until_the_glass_is_broken(town):
    case = anonymous(town)
    for who in ("chenjing", "wangdashan", "dengwei"):
        assert reading.reporter_of(case, actor=town.actor(who)).name == veil.NAME
    with pytest.raises(Refusal) as refused:
        reveal(town, case)
    assert refused.value.code == "anonymous"
    break_glass(town, case, "chenjing", "veil.lift")
    assert reading.reporter_of(case, actor=town.actor("chenjing")).name == "孙梅"
    assert reading.reporter_of(case, actor=town.actor("wangdashan")).name == veil.NAME


def test_two_anonymous_reports_are_of_two_nobodies_and_both_her_own(town):
    first, second = anonymous(town), anonymous(town)
    sunmei = town.actor("sunmei")
    assert first.reporter != second.reporter
    assert all(rights.may(sunmei, "case.confirm", case=case) for case in (first, second))
    assert set(Case.select().where(rights.readable_cases(sunmei))) == {first, second}
    assert (first.reporter.name, second.reporter.name) == (veil.NAME, veil.NAME)
