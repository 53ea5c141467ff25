"""The link of a unit: who hands it on and renews it, and what has none."""

import pytest

from app.rules import setting as settings
from app.rules import subcase, subcase_ask, unit_link
from app.rules.refusal import Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import now, write
from models.case import Case
from models.setting import Setting
from models.subcase import Subcase, SubcaseStep
from tests.rules.cases import report
from tests.rules.pieces import LEAD, blow, call_of, holder, say, unit


def enter(row, renewed=0):
    row = Subcase.get_by_id(row.id)
    return unit_link.enter(row.key, row.unit.key, renewed, now())


def test_whoever_holds_it_is_the_unit_in_this_one_piece_and_nothing_else(town):
    row, other = call_of(blow(town), town), call_of(blow(town, names=(LEAD,)), town)
    found, who = enter(row)
    assert (found, who.person, who.units, who.door) == (row, row.unit.face, frozenset({row.unit_id}), "link")
    with pytest.raises(unit_link.LinkGone):
        unit_link.enter(other.key, "mzqxeyjtgrsw2l3c", 0, now())
    assert who.roles == () and who.person.identities.count() == 0


@pytest.mark.parametrize(("who", "kind"), [("hefang", NotFound), ("zhanglan", NotFound), ("wangdashan", NotFound)])
def test_only_the_community_hands_it_on_or_renews_it(sqlite_town, who, kind):
    row = call_of(blow(sqlite_town), sqlite_town)
    for deed in (unit_link.shown, unit_link.renew):
        with pytest.raises(kind), write():
            deed(Subcase.get_by_id(row.id), actor=sqlite_town.actor(who))
    with pytest.raises(Forbidden), write():
        unit_link.renew(Subcase.get_by_id(row.id), actor=holder(row))


def test_a_renewed_link_is_written_down_and_counted(sqlite_town):
    row = call_of(blow(sqlite_town), sqlite_town)
    for number in (1, 2):
        with write():
            assert unit_link.renew(Subcase.get_by_id(row.id), actor=sqlite_town.actor("chenjing")) == number
    assert SubcaseStep.select().where(SubcaseStep.verb == "renew").count() == 2
    assert Audit.select().where(Audit.action == "subcase.renew").count() == 2
    for old in (0, 1, 3):
        with pytest.raises(unit_link.LinkGone):
            enter(row, old)
    assert enter(row, 2)


def test_before_the_street_has_confirmed_there_is_none(sqlite_town):
    town = sqlite_town
    Setting.create(community=town.community(), name="whistle_confirm", value=True)
    settings.forget()
    row = call_of(blow(town), town)
    with pytest.raises(unit_link.LinkGone):
        enter(row)
    with pytest.raises(Refusal) as refused, write():
        unit_link.shown(Subcase.get_by_id(row.id), actor=town.actor("chenjing"))
    assert refused.value.code == "no_link"


def test_what_a_colleague_has_needs_none(sqlite_town):
    town, case = sqlite_town, report(sqlite_town)
    with write():
        row = subcase_ask.split(
            Case.get_by_id(case.id), actor=town.actor("chenjing"), kind="share", words="清淤",
            worker=town.person("liuyang"),
        )  # fmt: skip
    with pytest.raises(Refusal) as refused, write():
        unit_link.shown(row, actor=town.actor("chenjing"))
    assert refused.value.code == "no_link"
    say(row, subcase.accept, actor=town.actor("liuyang"))
    with pytest.raises(Refusal) as refused, write():
        subcase_ask.split(
            Case.get_by_id(case.id), actor=town.actor("chenjing"), kind="share", words="清淤",
            worker=town.person("liuyang"),
        )  # fmt: skip
    assert (refused.value.code, unit(town).face) == ("worker_asked", None)
