"""Founding a place: what a district's own file says is there, and loading it twice changes nothing."""

import tomllib
from datetime import date

import pytest

from app import demo_seed
from app.rules import founding
from app.rules.actor import actor_of
from app.rules.person import meet, set_phone
from models import TABLES
from models.base import connect, database, write
from models.category import CalendarDay, Category
from models.city_class import CityClass, FilingCondition
from models.person import Identity, Person, Residence, home_of
from models.place import Grid, Place, grid_of
from models.role import Role, roles_of
from models.unit import Unit
from tests.town import KINDS, OPENIDS, PEOPLE


def everything():
    """Every row of every table."""
    return {table.__name__: sorted(table.select().tuples(), key=repr) for table in TABLES}


def test_loading_the_demo_twice_changes_nothing(town):
    before = everything()
    demo_seed.load_place()
    founding.load_people(PEOPLE, OPENIDS, KINDS)
    assert everything() == before


def test_the_tree_is_as_the_file_says(sqlite_town):
    assert [place.name for place in Place.select().where(Place.kind == "community").order_by(Place.id)] == [
        "惠民社区", "文华社区", "柳荫社区",
    ]  # fmt: skip
    compound = Place.get(Place.name == "幸福家园")
    assert (compound.community, compound.parent) == (sqlite_town.community(), sqlite_town.community())
    assert compound.children.count() == 6
    doors = Place.select().where(Place.kind == "household", Place.label.startswith("幸福家园 3号楼 2单元"))
    assert sorted(door.name for door in doors) == [f"{floor}0{door}" for floor in range(1, 7) for door in (1, 2)]
    assert {door.community_id for door in doors} == {sqlite_town.community().id}
    assert grid_of(doors[0]) == Grid.get(Grid.code == "huimin-1")
    assert Unit.get(Unit.name == "安居物业").kind == "property_company"


def test_the_people_are_where_the_file_says(sqlite_town):
    assert home_of(sqlite_town.person("zhanglan")).label == "幸福家园 3号楼 2单元 501"
    role = Role.get(Role.person == sqlite_town.person("wangdashan"))
    assert (role.kind, role.place, role.grid.code) == ("grid_worker", sqlite_town.community(), "huimin-1")
    assert (Person.select().count(), Identity.select().count()) == (len(PEOPLE["people"]), 2 * len(PEOPLE["people"]))


def test_what_a_community_changed_is_not_overwritten(sqlite_town):
    cover = sqlite_town.category("missing_manhole_cover")
    Category.update(name="井盖", hazard=False).where(Category.id == cover.id).execute()
    Residence.update(state="ended").where(Residence.person == sqlite_town.person("zhanglan")).execute()
    Place.update(name="惠民新社区").where(Place.code == "huimin").execute()
    before = everything()
    founding.load_categories(tomllib.loads((demo_seed.FOLDER / "categories.toml").read_text(encoding="utf-8")))
    founding.load_people(PEOPLE, {}, KINDS)
    assert everything() == before


def test_a_new_compound_in_the_file_is_added_and_the_rest_left_alone(sqlite_town):
    data = tomllib.loads((demo_seed.FOLDER / "places.toml").read_text(encoding="utf-8"))
    before = Place.select().count()
    data["districts"][0]["subdistricts"][0]["communities"][0]["compounds"].append({"name": "新苑", "buildings": 2})
    founding.load_places(data)
    assert Place.select().count() - before == 3
    assert [place.label for place in Place.get(Place.name == "新苑").children] == ["新苑 1号楼", "新苑 2号楼"]


def test_a_file_with_a_mistake_loads_nothing_at_all(town):
    """The grid names a compound that is not there: the whole file is taken back."""
    before = everything()
    community = {
        "code": "xin", "name": "新社区", "compounds": [{"name": "新苑"}],
        "grids": [{"code": "xin-1", "name": "第一网格", "compounds": ["旧苑"]}],
    }  # fmt: skip
    sub = {"code": "sub", "name": "新街道", "communities": [community]}
    with pytest.raises(KeyError):
        founding.load_places({"districts": [{"code": "yutai", "name": "示范区", "subdistricts": [sub]}]})
    assert everything() == before


def test_the_calendar_takes_dates_as_words_or_dates(sqlite_town):
    CalendarDay.delete().execute()
    for _ in range(2):
        founding.load_calendar({
            "rest": [{"day": date(2027, 1, 1), "name": "元旦"}], "work": [{"day": "2027-01-03", "name": "元旦调休"}],
        })  # fmt: skip
    days = CalendarDay.select().order_by(CalendarDay.day)
    assert [(row.day, row.kind, row.name) for row in days] == [
        (date(2027, 1, 1), "rest", "元旦"), (date(2027, 1, 3), "work", "元旦调休"),
    ]  # fmt: skip


def test_every_community_has_every_category(sqlite_town):
    counts = {place.code: Category.select().where(Category.community == place).count()
              for place in Place.select().where(Place.kind == "community")}  # fmt: skip
    assert len(set(counts.values())) == 1
    assert counts["huimin"] > 30


def test_every_community_has_what_comes_with_a_category(sqlite_town):
    rows = [sqlite_town.category("missing_manhole_cover", code) for code in ("huimin", "wenhua", "liuyin")]
    assert len({repr((row.city_classes, row.questions, row.answerable, row.near_metres)) for row in rows}) == 1
    assert (len(rows[0].questions), rows[0].near_metres, rows[0].answerable[-1]["zone"]) == (5, 30, "public_area")


def test_classes_belong_to_no_community_and_are_loaded_once(sqlite_town):
    editions = {row.edition for row in CityClass.select()}
    assert editions == {"yc-2023", "sz-2015", "compound-1"}
    codes = [(row.edition, row.kind, row.code) for row in CityClass.select()]
    assert len(codes) == len(set(codes))
    assert FilingCondition.select().count() > 60


def test_an_empty_installation_is_not_an_error(tmp_path):
    """Loading categories before any place: there is nobody to give them to yet."""
    connect(f"sqlite:///{tmp_path}/empty.sqlite")
    with database.connection_context():
        database.create_tables(TABLES)
        founding.load_categories({"categories": [{"code": "other", "name": "其他", "priority": "p3"}]})
        assert Category.select().count() == 0
    database.close_all()


STAFF = {
    "people": [
        {
            "name": "吴新", "phone": "13800000088",
            "roles": [{"kind": "grid_worker", "place": "huimin", "grid": "huimin-1"}],
        },
        {"name": "郑新", "phone": "13800000089", "roles": [{"kind": "subdistrict_admin", "place": "liutang"}]},
    ]
}  # fmt: skip


def test_a_staff_list_waits_for_its_people(town):
    """吴新 is listed by the community; by WeChat she shows her phone and has her part; again is nothing."""
    founding.load_people(STAFF)
    comes = meet(account="mini", kind="miniprogram", openid="o-wuxin", unionid="u-wuxin").person
    assert roles_of(comes) == []
    with write():
        set_phone(comes, "13800000088", actor_of(comes))
    assert [(role.kind, role.grid.code) for role in roles_of(comes)] == [("grid_worker", "huimin-1")]
    assert Person.get_by_id(comes.id).name == "吴新"
    assert Person.select().where((Person.phone == "13800000088") | (Person.name == "吴新")).count() == 1
    before = everything()
    founding.load_people(STAFF)
    assert everything() == before


def test_a_number_of_somebody_with_wechat_takes_nothing(sqlite_town):
    """A number that changed hands: 张兰 has 陈静's old number vouched for, and does not become an admin by it."""
    zhanglan = sqlite_town.person("zhanglan")
    with write():
        set_phone(zhanglan, sqlite_town.person("chenjing").phone, sqlite_town.actor("zhanglan"))
    assert roles_of(zhanglan) == []
    assert [role.kind for role in roles_of(sqlite_town.person("chenjing"))] == ["community_admin"]


@pytest.mark.parametrize("role", [
    {"kind": "community_admin", "place": "nowhere"}, {"kind": "grid_worker", "place": "huimin"},
    {"kind": "grid_worker", "place": "huimin", "grid": "liuyin-1"}, {"kind": "king", "place": "huimin"},
    {"kind": "district_admin", "place": "huimin"},
])  # fmt: skip
def test_a_part_that_does_not_exist_is_refused(sqlite_town, role):
    before = everything()
    with pytest.raises(KeyError):
        founding.load_people({"people": [{"name": "吴新", "phone": "13800000088", "roles": [role]}]})
    assert everything() == before


def test_words_that_nothing_reads_are_found_at_every_depth():
    compound = {"name": "新苑", "bildings": 2}
    community = {"code": "xin", "name": "新社区", "compounds": [compound], "colour": "red"}
    sub = {"code": "sub", "name": "新街道", "communities": [community]}
    data = {"districts": [{"code": "yu", "name": "区", "subdistricts": [sub]}], "peeple": []}
    assert founding.unknown_words(data) == ["communities.colour", "compounds.bildings", "peeple"]
    classes = {"classes": [{"minor": [], "conditions": [{"word": "破"}], "minors": [{"code": "0101", "nam": "井"}]}]}
    assert founding.unknown_words(classes) == ["classes.minor", "conditions.word", "minors.nam"]
    rules = {"categories": [{"answerable": [{"how": 1}], "sla": {"x": 1}}], "answerable": [{"whom": "x"}]}
    assert founding.unknown_words(rules) == ["answerable.how", "answerable.whom"]
    for name in ("places", "classes", "categories", "holidays", "people", "notices"):
        path = demo_seed.FOLDER / f"{name}.toml"
        assert founding.unknown_words(tomllib.loads(path.read_text(encoding="utf-8"))) == []
