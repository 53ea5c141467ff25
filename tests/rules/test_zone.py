"""Who must see to it: the table of the manholes (domain §2.7), row by row, and the rule for everything else."""

import pytest

from app.rules import zone
from app.rules.refusal import Refusal
from app.rules.setting import forget
from app.rules.zone import answerable, check_rows
from models.base import now
from models.case import Case
from models.unit import Unit
from tests.rules.cases import report

ROAD = "《城市道路管理条例》第二十三条；《开封市城市市容和环境卫生管理条例》第十二条"
OWNERS = "《河南省物业管理条例》（2017）第九十一条第六项、第三十七条第五项"


def answers_for(town, zone_code, answers=None, category="missing_manhole_cover", **more):
    case = report(town, category=category, **more)
    Case.update(zone=zone_code, answers=answers or {}).where(Case.id == case.id).execute()
    return answerable(Case.get_by_id(case.id))


def nobody_manages(town):
    Unit.update(left_at=now()).where(Unit.kind == "property_company").execute()
    forget()


@pytest.mark.parametrize(("where", "answers", "unit_kind", "source"), [
    ("public_area", {}, "utility_company", ROAD),
    ("public_area", {"mark": "gas"}, "utility_company", ROAD),
    ("public_area", {"mark": "unknown"}, "street_section", "数字化城管：所属街办"),
    ("compound_common", {}, "property_company", OWNERS),
    ("compound_common", {"mark": "rain"}, "property_company", OWNERS),
    ("compound_common", {"mark": "unknown"}, "property_company", OWNERS),
    ("compound_common", {"mark": "gas"}, "utility_company", "《河南省物业管理条例》（2017）第十三条、第七十一条"),
    ("compound_common", {"mark": "heat", "state": "collapsed"}, "utility_company",
     "《河南省物业管理条例》（2017）第十三条、第七十一条"),
    ("compound_common", {"state": "collapsed"}, "property_company",
     "《河南省物业管理条例》（2017）第七十条第四项；《民法典》第二百八十一条第二款"),
    ("compound_common", {"state": "blocked", "mark": "sewage"}, "property_company",
     "《河南省物业管理条例》（2017）第七十条第四项；《民法典》第二百八十一条第二款"),
    ("compound_common", {"fell": True}, "", "《民法典》第一千二百五十八条第二款"),
    ("compound_common", {"fell": False}, "property_company", OWNERS),
])  # fmt: skip
def test_who_must_fix_a_manhole(sqlite_town, where, answers, unit_kind, source):
    found = answers_for(sqlite_town, where, answers)
    assert (found.unit_kind, found.source) == (unit_kind, source)


def test_a_compound_that_nobody_manages_is_the_streets(town):
    nobody_manages(town)
    found = answers_for(town, "compound_common")
    law = "《开封市城市市容和环境卫生管理条例》第八条第三项；《河南省物业管理条例》（2017）第五十三条"
    assert (found.unit_kind, found.source) == ("street_section", law)
    # The gas company's pipe stays the gas company's.
    assert answers_for(town, "compound_common", {"mark": "gas"}).unit_kind == "utility_company"


@pytest.mark.parametrize(("category", "where", "unit_kind"), [
    ("street_light", "public_area", "department"), ("street_light", "compound_common", "property_company"),
    ("water_leak", "private_exclusive", ""), ("illegal_construction", "private_exclusive", "department"),
    ("illegal_construction", "compound_common", "department"),
    ("corridor_clutter", "compound_common", "property_company"),
    ("neighbour_dispute", "private_exclusive", ""), ("cleaning", "compound_common", "property_company"),
])  # fmt: skip
def test_everything_else_goes_by_where_it_is(sqlite_town, category, where, unit_kind):
    assert answers_for(sqlite_town, where, category=category).unit_kind == unit_kind


def test_an_old_case_without_a_zone_goes_by_its_category(sqlite_town):
    assert answers_for(sqlite_town, "").unit_kind == "property_company"


def test_a_category_that_says_nothing_says_nobody(sqlite_town):
    category = sqlite_town.category("missing_manhole_cover")
    category.answerable = []
    category.save()
    assert answers_for(sqlite_town, "public_area") is None


ROW = {"who": "物业", "words": "去修", "source": "某条例"}
ASKED = [{"code": "mark", "kind": "choice", "options": [{"code": "gas"}]}, {"code": "fell", "kind": "yes_no"}]


@pytest.mark.parametrize(("rows", "word"), [
    ({}, "列表"), ([1], "一张表"), ([ROW | {"colour": "red"}], "colour"), ([ROW | {"zone": "moon"}], "zone"),
    ([ROW | {"zone": ["public_area"]}], "zone"), ([ROW | {"unit_kind": "army"}], "unit_kind"),
    ([ROW | {"without": "army"}], "without"), ([ROW | {"thing": "mark:gas"}], "列表"),
    ([ROW | {"thing": ["mark:gold"]}], "回答"), ([ROW | {"thing": ["fell:true"]}], "回答"),
    ([ROW | {"who": ""}], "who"), ([ROW | {"words": "长" * 201}], "words"),
    ([{"who": "物业", "words": "去修"}], "source"),
    ([ROW] * 21, "最多"),
])  # fmt: skip
def test_a_row_that_is_written_wrongly_is_refused_when_it_is_loaded(rows, word):
    check_rows([ROW | {"thing": ["mark:gas", "fell:yes"], "zone": "public_area", "without": "department"}], ASKED)
    with pytest.raises(Refusal) as refused:
        check_rows(rows, ASKED)
    assert (refused.value.code, word in refused.value.message) == ("answerable_wrong", True), refused.value.message


def test_a_zone_is_one_of_three():
    for one in zone.ZONES:
        zone.need_zone(one)
    with pytest.raises(Refusal) as refused:
        zone.need_zone("moon")
    assert refused.value.fields == {"zone": "不在选项里"}
