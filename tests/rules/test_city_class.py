"""The classes of city management: one number is another thing in another edition, and each says how soon it is due."""

import tomllib

import pytest

from app import demo_seed
from app.rules import city_class, founding
from app.rules.refusal import Refusal
from app.rules.setting import forget
from models.category import Category
from models.city_class import CityClass, FilingCondition
from models.setting import Setting

FILE = tomllib.loads((demo_seed.FOLDER / "classes.toml").read_text(encoding="utf-8"))
PIPES = ("0101", "0102", "0103", "0118", "0123")
DAY = ("0106", "0110", "0111", "0114")


def told(edition, kind, code):
    """(words, amount, clock, closing, hazard) of each condition of a class, in order."""
    row = CityClass.get(CityClass.edition == edition, CityClass.kind == kind, CityClass.code == code)
    found = FilingCondition.select().where(FilingCondition.city_class == row).order_by(FilingCondition.position)
    return [(one.words, one.amount, one.clock, one.closing, one.hazard) for one in found]


def limits(code, kind="event"):
    return ", ".join(f"{amount} {clock}" for _, amount, clock, _, _ in told("yc-2023", kind, code))


@pytest.fixture
def other_edition(sqlite_town):
    Setting.create(community=sqlite_town.community(), name="class_edition", value="sz-2015")
    forget()
    return sqlite_town


@pytest.mark.parametrize("code", [*PIPES, "0104", *DAY])
def test_a_missing_cover_is_due_in_two_running_hours(sqlite_town, code):
    _, amount, clock, closing, hazard = told("yc-2023", "component", code)[0]
    lamp = code == "0106"
    assert (amount, clock, closing, hazard) == (
        2, "urgent_hour", "围护、消除安全隐患" if lamp else "恢复", True,
    )  # fmt: skip


@pytest.mark.parametrize(("codes", "limit"), [((*PIPES, "0104"), (4, "work_hour")), (DAY, (1, "work_day"))])
def test_a_broken_cover_by_whose_it_is(sqlite_town, codes, limit):
    for code in codes:
        broken = [one for one in told("yc-2023", "component", code) if "破损超过 25 平方厘米" in one[0]]
        assert [(one[1], one[2], one[3]) for one in broken] == [(*limit, "更换或修复")]


@pytest.mark.parametrize(("code", "centimetres"), [("0101", 2), ("0110", 3), ("0111", 4), ("0114", 2)])
def test_how_far_a_cover_may_stand_out(sqlite_town, code, centimetres):
    words, amount, clock, closing, _ = told("yc-2023", "component", code)[-1]
    assert words.endswith(f"高差大于 {centimetres} 厘米")
    assert (amount, clock, closing) == (5, "work_day", "修复")


@pytest.mark.parametrize(("code", "kind", "expected"), [
    ("0101", "event", "2 natural_day, 15 natural_day"), ("0108", "event", "4 work_hour, 5 work_day"),
    ("0110", "event", "4 work_hour"), ("0112", "event", "2 work_hour"), ("0113", "event", "5 work_day"),
    ("0135", "event", "2 work_day"), ("0136", "event", "1 work_day"), ("0201", "event", "1 work_day"),
    ("0299", "event", "5 work_day"), ("0496", "event", "2 work_hour"), ("0501", "event", "1 urgent_hour"),
    ("0502", "event", "1 urgent_hour"), ("0504", "event", "1 urgent_hour"), ("0503", "event", ""),
    ("0505", "event", "2 urgent_hour"), ("0506", "event", "2 urgent_hour"), ("0507", "event", "4 work_hour"),
    ("0508", "event", "2 work_hour"), ("0596", "event", "2 urgent_hour"),
    ("0137", "component", "1 work_day, 2 work_day"), ("0146", "component", "5 work_day"),
    ("0305", "component", "3 work_day"),
])  # fmt: skip
def test_the_limits_are_those_of_the_standard(sqlite_town, code, kind, expected):
    assert limits(code, kind) == expected


def test_the_grate_and_the_septic_tank_have_one_condition_more(sqlite_town):
    assert (1, "work_day", "疏通") in [one[1:4] for one in told("yc-2023", "component", "0104")]
    assert ("沟槽盖板缺失、移位、开裂", 4, "urgent_hour", "更换或修复", True) in told("yc-2023", "component", "0104")
    assert ("化粪池盖板缺失", 4, "urgent_hour", "恢复", True) in told("yc-2023", "component", "0118")


def named(community):
    return {f"{one.row.kind}:{one.row.code}": one.row.name for one in city_class.classes_of(community)}


def test_the_same_code_is_another_thing_in_another_edition(town):
    """0114 is a garden's cover here and nobody's cover there; 0118 a septic tank and a lamp."""
    here, there = town.community(), town.community("liuyin")
    Setting.create(community=there, name="class_edition", value="sz-2015")
    forget()
    assert [named(one).get("component:0114") for one in (here, there)] == ["园林井盖", "无主井盖"]
    assert [named(one).get("component:0118") for one in (here, there)] == ["化粪池井盖", "路灯"]
    assert [named(one).get("component:0113") for one in (here, there)] == [None, "消防设施"]
    assert [named(one).get("event:0101") for one in (here, there)] == ["私搭乱建", None]
    # The compound's own hold beside either.
    assert [named(one).get("compound:0101") for one in (here, there)] == ["楼道堆物", "楼道堆物"]


def of_category(town, code):
    found = city_class.classes_of_category(town.category(code), town.community())
    return [f"{one.row.code} {one.row.name}" for one in found]


def test_a_category_stands_for_classes_of_its_edition(sqlite_town):
    covers = of_category(sqlite_town, "missing_manhole_cover")
    assert ("0118 化粪池井盖" in covers, "0123 不明井盖" in covers, "0105 电力井盖" in covers) == (True, True, False)
    assert of_category(sqlite_town, "street_light") == ["0137 路灯", "0301 楼道灯、院灯不亮"]


def test_in_another_edition_a_lamp_is_no_cover(other_edition):
    covers = of_category(other_edition, "missing_manhole_cover")
    assert ("0105 电力井盖" in covers, "0114 无主井盖" in covers, "0127 中水井盖" in covers) == (True, True, True)
    assert [one for one in covers if one.startswith(("0118", "0123"))] == []
    assert of_category(other_edition, "street_light") == ["0118 路灯", "0301 楼道灯、院灯不亮"]


def test_an_edition_that_nobody_loaded_leaves_the_compound(sqlite_town):
    Setting.create(community=sqlite_town.community(), name="class_edition", value="unknown-2099")
    forget()
    assert {name.split(":")[0] for name in named(sqlite_town.community())} == {"compound"}


def test_conditions_of_a_category_with_what_they_are_called(sqlite_town):
    found = city_class.conditions_of(sqlite_town.category("corridor_clutter"), sqlite_town.community())
    assert [(city_class.reference(one), one.hazard) for one in found] == [
        ("compound:0101/0", True), ("compound:0101/1", False),
    ]  # fmt: skip
    assert city_class.condition_words(found[1]) == "楼道堆物：楼道、门厅堆放杂物（1 个工作日，结案：清除）"


def test_every_category_names_classes_that_exist(sqlite_town):
    known = {f"{row.kind}:{row.code}" for row in CityClass.select()}
    at = {f"{row.kind}:{row.code}@{row.edition}" for row in CityClass.select()}
    for row in Category.select().where(Category.community == sqlite_town.community()):
        unknown = [name for name in row.city_classes if name not in known | at]
        # Covers that neither list we could read has in use are named for the editions that do.
        assert (row.code, unknown) == (row.code, [])


def test_loading_again_changes_nothing_and_a_class_that_is_there_keeps_its_own(sqlite_town):
    row = CityClass.get(CityClass.edition == "yc-2023", CityClass.kind == "event", CityClass.code == "0113")
    FilingCondition.update(amount=9).where(FilingCondition.city_class == row).execute()
    before = list(FilingCondition.select().order_by(FilingCondition.id).tuples())
    founding.load_classes(FILE)
    assert list(FilingCondition.select().order_by(FilingCondition.id).tuples()) == before


@pytest.mark.parametrize(("change", "said"), [
    ({"kind": "thing"}, "kind 只能是"), ({"edition": ""}, "edition 应当是"), ({"major": "长" * 33}, "major 应当是"),
    ({"minors": []}, "缺少 minors"), ({"minors": [{"code": "11", "name": "井盖"}]}, "四位数字"),
    ({"minors": [{"code": "٠١٠١", "name": "井盖"}]}, "四位数字"), ({"minors": [{"code": "0101"}]}, "name 应当是"),
    ({"minors": [{"code": "0101", "name": "甲"}, {"code": "0101", "name": "乙"}]}, "写了两次"),
    ({"conditions": {}}, "conditions 应当是列表"), ({"conditions": ["破损"]}, "立案条件是一张表"),
    *[
        ({"conditions": [{"words": "破", "amount": 1, "clock": "work_day", "closing": "修"} | wrong]}, said)
        for wrong, said in (
            ({"clock": "lunar_day"}, "不认识的时钟"), ({"clock": ["work_day"]}, "不认识的时钟"),
            ({"amount": 0}, "时限是"), ({"amount": True}, "时限是"), ({"amount": 1.5}, "时限是"),
            ({"amount": 3661}, "时限是"), ({"words": " "}, "words 应当是"), ({"closing": ""}, "closing 应当是"),
            ({"hazard": "yes"}, "hazard 只能是"),
        )
    ],
])  # fmt: skip
def test_a_class_that_is_written_wrongly_loads_nothing(sqlite_town, change, said):
    minors = [{"code": "0101", "name": "井盖"}]
    good = {"edition": "new-2030", "kind": "component", "major": "公用设施", "minors": minors}
    before = CityClass.select().count()
    with pytest.raises(Refusal) as refused:
        founding.load_classes({"classes": [good | {"edition": "new-2031"}, good | change]})
    assert (refused.value.code, said in refused.value.message) == ("classes_wrong", True)
    assert CityClass.select().count() == before


def test_a_limit_as_people_read_it():
    assert [city_class.limit_words(2, clock) for clock in city_class.CLOCK_WORDS] == [
        "2 分钟（昼夜连续）", "2 小时（昼夜连续）", "2 个工作小时", "2 个工作日", "2 天（含节假日）",
    ]  # fmt: skip


def test_the_file_says_nothing_that_nobody_reads():
    assert founding.unknown_words(FILE) == []
