"""The categories: those of the seed are first-class, and an admin changes what is a fact of the place."""

import copy
import tomllib

import pytest

from app import demo_seed
from app.rules import category, founding
from app.rules.filing import guess_category
from app.rules.refusal import Conflict, Refusal
from app.rules.setting import categories_of, forget
from app.rules.suggestion import suggestions
from app.rules.zone import ZONES
from models.audit import Audit
from models.base import write
from models.category import Category

FILE = tomllib.loads((demo_seed.FOLDER / "categories.toml").read_text(encoding="utf-8"))
#: The seed's words for each kind, and where the city's standard and the law put it (domain §2.6).
SEED = {
    "乱搭乱建": ("illegal_construction", "event:0101"), "私自违建": ("illegal_construction", "event:0101"),
    "乱堆乱放": ("clutter", "event:0136"), "停车不规范": ("parking", "event:0410"),
    "楼道堆放杂物": ("corridor_clutter", "compound:0101"), "私拉电线": ("wire_pulling", "event:0108"),
    "飞线充电": ("wire_pulling", "event:0108"), "保洁不到位": ("cleaning", "event:0112"),
    "窨井盖破损": ("missing_manhole_cover", "component:0101"),
    "窨井盖坍塌": ("missing_manhole_cover", "component:0101"),
    "路面破损": ("road_damage", "event:0113"), "绿化缺失": ("greenery", "event:0117"),
    "公益广告牌": ("billboard", "event:0299"), "邻里纠纷": ("neighbour_dispute", "compound:0504"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "code", "city_class"), [(words, *rest) for words, rest in SEED.items()])
def test_what_the_seed_names_is_understood_in_its_own_words(sqlite_town, words, code, city_class):
    community = sqlite_town.community()
    row = sqlite_town.category(code)
    assert guess_category(f"我们院{words}", community).code == code
    assert suggestions(community=community, words=words)[0].category.code == code
    assert city_class in row.city_classes
    assert row.zone in ZONES and row.limits["resolve"] and row.active


def test_every_category_says_where_and_who(sqlite_town):
    for row in categories_of(sqlite_town.community()):
        assert (row.code, row.zone in ZONES, bool(row.answerable)) == (row.code, True, True)


def test_facts_of_some(sqlite_town):
    rows = {row.code: row for row in categories_of(sqlite_town.community())}
    near = {code: rows[code].near_metres for code in ("missing_manhole_cover", "street_light", "corridor_clutter")}
    assert near == {"missing_manhole_cover": 30, "street_light": 30, "corridor_clutter": 0}
    assert [rows[code].government for code in ("illegal_construction", "fire", "cleaning")] == [True, True, False]
    hidden = {code for code, row in rows.items() if not row.public}
    assert {"neighbour_dispute", "noise", "pets", "illegal_construction", "person_in_danger"} <= hidden
    assert hidden.isdisjoint({"missing_manhole_cover", "street_light", "cleaning", "parking"})


def test_what_a_release_before_had_is_completed_and_never_changed(town):
    """惠民社区 was founded before there were questions, and 柳荫社区 has changed its own since."""
    old = Category.community == town.community()
    new = Category.community == town.community("liuyin")
    before = {"city_classes": [], "questions": [], "answerable": [], "near_metres": 50, "public": True, "name": "旧名"}
    Category.update(**before).where(old).execute()
    Category.update(near_metres=9, keywords=["自家的词"]).where(new).execute()
    founding.load_categories(FILE)
    here, there = (town.category("missing_manhole_cover", code) for code in ("huimin", "liuyin"))
    assert (here.name, here.near_metres, len(here.questions)) == ("旧名", 30, 5)
    assert "component:0101" in here.city_classes
    assert (there.near_metres, there.keywords) == (9, ["自家的词"])


@pytest.mark.parametrize(("change", "code"), [
    ({"zone": "moon"}, "category_wrong"), ({"priority": "p9"}, "category_wrong"),
    ({"priority": ["p1"]}, "category_wrong"), ({"sla": {"resolve": {"amount": 1}}}, "limit_wrong"),
    ({"sla": {"lunch": {"amount": 1, "clock": "work_day"}}}, "limit_wrong"),
    ({"sla": {"resolve": {"amount": 1, "clock": "moon"}}}, "limit_wrong"), ({"sla": []}, "limit_wrong"),
    ({"city_classes": ["0101"]}, "classes_wrong"), ({"city_classes": "event:0101"}, "classes_wrong"),
    ({"questions": [{"code": "x"}]}, "questions_wrong"), ({"answerable": [{"who": "x"}]}, "answerable_wrong"),
])  # fmt: skip
def test_a_file_with_a_mistake_in_one_category_changes_none(sqlite_town, change, code):
    data = copy.deepcopy(FILE)
    Category.update(active=False).where(Category.code == "other").execute()
    data["categories"][0] |= {"code": "brand_new"}
    data["categories"][-1] |= change
    with pytest.raises(Refusal) as refused:
        founding.load_categories(data)
    assert refused.value.code == code
    assert not Category.select().where(Category.code == "brand_new").exists()


# -- at the desk -------------------------------------------------------------------------------------------------------


def edit(town, code="street_light", **values):
    with write():
        return category.edit(town.category(code), actor=town.actor("chenjing"), **values)


def test_an_admin_teaches_new_words_and_they_are_heard_at_once(town):
    assert [one.category.code for one in suggestions(community=town.community(), words="黢黑一片")] == []
    row = town.category("street_light")
    edit(town, keywords=[*row.keywords, " 黢黑 ", "黢黑", ""])
    assert [one.category.code for one in suggestions(community=town.community(), words="黢黑一片")] == ["street_light"]
    assert suggestions(community=town.community("liuyin"), words="黢黑一片") == []
    told = Audit.select().where(Audit.action == "category.write").get()
    assert (told.subject, told.before, told.after) == (
        "street_light", {"keywords": len(row.keywords)}, {"keywords": len(row.keywords) + 1},
    )  # fmt: skip


def test_everything_that_may_be_set(sqlite_town):
    limits = {"resolve": {"amount": 3, "clock": "work_day"}}
    edit(sqlite_town, name="灯", negative=["手电筒"], limits=limits, near_metres=0, public=False, active=False)
    row = sqlite_town.category("street_light")
    assert (row.name, row.negative, row.limits, row.near_metres, row.public, row.active) == (
        "灯", ["手电筒"], limits, 0, False, False,
    )  # fmt: skip
    assert "street_light" not in [one.code for one in categories_of(sqlite_town.community())]


def test_what_is_the_same_leaves_no_trace(sqlite_town):
    row = sqlite_town.category("street_light")
    edit(sqlite_town, name=row.name, limits=row.limits, public=True)
    assert not Audit.select().where(Audit.action == "category.write").exists()


@pytest.mark.parametrize(("values", "field"), [
    ({"name": " "}, "name"), ({"name": "长" * 33}, "name"), ({"keywords": ["长" * 21]}, "keywords"),
    ({"negative": [f"词{n}" for n in range(121)]}, "negative"), ({"near_metres": -1}, "near_metres"),
    ({"near_metres": 1001}, "near_metres"), ({"near_metres": True}, "near_metres"),
    ({"limits": {"resolve": {"amount": 0, "clock": "work_day"}}}, "resolve_amount"),
    ({"limits": {"accept": {"amount": 1, "clock": "moon"}}}, "accept_amount"), ({"limits": {"lunch": {}}}, "limits"),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field_and_changes_nothing(sqlite_town, values, field):
    before = Category.select().dicts().where(Category.code == "street_light").get()
    with pytest.raises(Refusal) as refused:
        edit(sqlite_town, public=False, **values)
    assert list(refused.value.fields) == [field]
    assert Category.select().dicts().where(Category.code == "street_light").get() == before


@pytest.mark.parametrize("code", ["other", "fire", "person_in_danger"])
def test_what_must_always_be_there_is_not_switched_off(sqlite_town, code):
    with pytest.raises(Conflict) as refused:
        edit(sqlite_town, code, active=False)
    assert refused.value.code == "category_needed"
    assert sqlite_town.category(code).active


def test_what_comes_with_the_file_is_not_for_the_desk(sqlite_town):
    with pytest.raises(ValueError, match="questions"):
        edit(sqlite_town, questions=[])
    forget()
