"""Who is concerned by a case: 陈静 says whom it is about, and what that party is told."""

import pytest

from app.rules import party, rights
from app.rules.refusal import Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import write
from models.case import Case
from models.unit import Unit
from tests.rules.cases import report

WORDS = "王大山师傅拿了物业的红包，井盖一直不修"


def unit(town, name="安居物业", community="huimin") -> Unit:
    return Unit.get(Unit.community == town.community(community), Unit.name == name)


def involve(town, case, who="chenjing", **named):
    with write():
        party.involve(Case.get_by_id(case.id), actor=town.actor(who), **named)
    return Case.get_by_id(case.id)


def tell(town, case, note="有居民反映井盖维修不及时，请说明情况"):
    with write():
        party.tell_party(Case.get_by_id(case.id), actor=town.actor("chenjing"), note=note)
    return Case.get_by_id(case.id)


def test_whom_the_words_do_not_give_away_an_admin_names(town):
    """No list of words finds this complaint; named, the worker has no part in it, not even as its handler."""
    case, worker = report(town, words=WORDS), town.actor("wangdashan")
    assert (case.about, rights.may(worker, "case.read", case=case)) == (None, True)
    case = involve(town, case, about=town.person("wangdashan"))
    assert not rights.may(worker, "case.read", case=case)
    assert list(Case.select().where(rights.readable_cases(worker))) == []
    row = Audit.get(Audit.action == "case.involve")
    assert (row.before["about"], row.after["about"]) == ("", town.person("wangdashan").key)


@pytest.mark.parametrize("who", ["hefang", "zhanglan", "guoliang"])
def test_only_somebody_on_duty_here_is_named(town, who):
    with pytest.raises(Refusal) as refused:
        involve(town, report(town), about=town.person(who))
    assert refused.value.code == "person_unknown"


def test_nobody_names_oneself_and_a_named_one_stays_named(town):
    with pytest.raises(Refusal):
        involve(town, report(town), about=town.person("chenjing"))
    case = involve(town, report(town), who="dengwei", about=town.person("chenjing"))
    with pytest.raises(NotFound):
        involve(town, case)


@pytest.mark.parametrize(("who", "kind"), [("wangdashan", Forbidden), ("hefang", NotFound), ("sunmei", NotFound)])
def test_who_does_not_decide_names_nobody(town, who, kind):
    with pytest.raises(kind):
        involve(town, report(town), who=who, unit=unit(town))


def test_a_unit_of_another_community_or_on_both_sides_is_refused(town):
    other = Unit.create(community=town.community("liuyin"), name="别处物业", kind="property_company")
    both = {"unit": unit(town), "about_unit": unit(town)}
    for named, code in (({"unit": other}, "unit_unknown"), (both, "unit_twice")):
        with pytest.raises(Refusal) as refused:
            involve(town, report(town), **named)
        assert refused.value.code == code


def test_the_party_reads_nothing_until_it_is_told_and_then_its_own_side(town):
    case = involve(town, report(town, words=WORDS), about=town.person("wangdashan"))
    worker = town.actor("wangdashan")
    assert not rights.may(worker, "case.read_party", case=case)
    case = tell(town, case)
    assert rights.may(worker, "case.read_party", case=case) and not rights.may(worker, "case.read", case=case)
    assert list(Case.select().where(rights.cases_for(worker, "case.read_party"))) == [case]
    assert not rights.may(town.actor("liuyang"), "case.read_party", case=case)


def test_there_is_somebody_to_tell_and_something(town):
    case = report(town)
    with pytest.raises(Refusal) as refused:
        tell(town, case)
    assert refused.value.code == "no_party"
    case = involve(town, case, about_unit=unit(town))
    with pytest.raises(Refusal) as refused:
        tell(town, case, note=" ")
    assert refused.value.code == "note_missing"
