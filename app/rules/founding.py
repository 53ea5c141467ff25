"""Found a place: load a district with its communities, categories, calendar and people from plain data.

The demo is loaded by it, and so is a real district's own file. Loading twice changes nothing that is there.
"""

from collections.abc import Mapping
from datetime import date

from app.rules import category, city_class, notice
from app.rules.actor import actor_of
from app.rules.consent import publish
from app.rules.role import ADMINS
from app.rules.setting import DEFAULTS
from models.base import write
from models.category import CalendarDay, Category
from models.city_class import CityClass, FilingCondition
from models.notice import Notice
from models.person import Identity, Person, Residence
from models.place import Grid, GridPlace, Place
from models.role import Role
from models.setting import Setting
from models.unit import Unit

#: What a row of each list in a file may say; a word that is not here is a mistake, not a silence.
KEYS = {
    "districts": "code name subdistricts",
    "subdistricts": "code name kind communities",
    "communities": "code name hotline settings units grids compounds",
    "units": "kind name categories",
    "grids": "code name compounds",
    "compounds": "name lat lng buildings units floors doors",
    "categories": "code name zone priority hazard emergency keywords negative advice sla city_classes near_metres "
    "public government questions answerable",
    "answerable": "zone thing without who unit_kind words source",
    "classes": "edition kind major minors conditions",
    "minors": "code name",
    "conditions": "words amount clock closing hazard",
    "rest": "day name",
    "work": "day name",
    "people": "key name about phone unionid follows household roles",
    "roles": "kind place grid",
    "consents": "kind version title text sensitive",
    "notices": "community place kind title body urgent",
}
#: The lists of a file; "answerable" outside any category holds for all of them.
LISTS = ["districts", "categories", "answerable", "classes", "rest", "work", "people", "consents", "notices"]
#: What a category of the release before did not have: filled in where nothing of it is there.
_ADDED = ("city_classes", "questions", "answerable", "government", "public", "near_metres")


def unknown_words(data: dict, at: str = "") -> list[str]:
    """The words of a file that nothing here reads, each with the list it stands in."""
    known = KEYS[at].split() if at else LISTS
    found = [f"{at}.{key}" if at else key for key in data if key not in known]
    for key, rows in data.items():
        if key in known and key in KEYS and isinstance(rows, list):
            for row in rows:
                found += unknown_words(row, key) if isinstance(row, dict) else []
    return sorted(set(found))


def load_places(data: dict) -> None:
    """Districts with subdistricts, communities, compounds, grids and units (see app/demo/places.toml for the shape)."""
    with write():
        for district in data["districts"]:
            above = _place("district", district["name"], None, code=district["code"])
            for sub in district.get("subdistricts", []):
                parent = _place(sub.get("kind", "subdistrict"), sub["name"], above, code=sub["code"])
                for community in sub.get("communities", []):
                    _load_community(community, parent)


def _load_community(data: dict, parent: Place) -> None:
    community = _place("community", data["name"], parent, code=data["code"])
    if community.community_id is None:
        community.community = community
        community.save()
    if "hotline" in data:
        defaults = {"value": {"name": data["hotline"]["name"], "phone": data["hotline"]["phone"]}}
        Setting.get_or_create(community=community, name="hotline", defaults=defaults)
    for name, value in data.get("settings", {}).items():
        if name not in DEFAULTS:
            raise KeyError(name)
        Setting.get_or_create(community=community, name=name, defaults={"value": value})
    compounds = {row["name"]: _load_compound(row, community) for row in data.get("compounds", [])}
    for row in data.get("grids", []):
        grid, _ = Grid.get_or_create(code=row["code"], defaults={"community": community, "name": row["name"]})
        for name in row.get("compounds", []):
            GridPlace.get_or_create(place=compounds[name], defaults={"grid": grid})
    for row in data.get("units", []):
        defaults = {"kind": row["kind"], "categories": row.get("categories", [])}
        Unit.get_or_create(community=community, name=row["name"], defaults=defaults)


def _load_compound(data: dict, community: Place) -> Place:
    """A compound with as many buildings, entrance units, floors and doors as the data says (all counted from 1)."""
    compound = _place("compound", data["name"], community, lat=data.get("lat"), lng=data.get("lng"))
    if compound.children.exists():
        return compound
    for number in range(1, data.get("buildings", 0) + 1):
        building = _place("building", f"{number}号楼", compound)
        for unit_number in range(1, data.get("units", 0) + 1):
            unit = _place("entrance_unit", f"{unit_number}单元", building)
            doors = [
                f"{floor}{door:02d}"
                for floor in range(1, data.get("floors", 0) + 1)
                for door in range(1, data.get("doors", 0) + 1)
            ]
            rows = [
                dict(
                    kind="household",
                    name=door,
                    parent=unit,
                    community=community,
                    above=f"{unit.above}{unit.id}/",
                    label=f"{unit.label} {door}",
                )
                for door in doors
            ]
            if rows:
                Place.insert_many(rows).execute()
    return compound


def _place(kind: str, name: str, parent: Place | None, **values) -> Place:
    community = parent.community_id if parent else None
    label = f"{parent.label} {name}" if parent and kind in ("building", "entrance_unit") else name
    above = f"{parent.above}{parent.id}/" if parent else ""
    place, _ = Place.get_or_create(
        kind=kind, name=name, parent=parent, defaults={"label": label, "community": community, "above": above, **values}
    )
    return place


def load_classes(data: dict) -> None:
    """The classes of city management with their filing conditions; a class that is there keeps its own.

    Raises Refusal `classes_wrong` for an unknown kind or clock, a code that is none or stands twice, missing words.
    """
    city_class.check_rows(data["classes"])
    with write():
        known = set(CityClass.select(CityClass.edition, CityClass.kind, CityClass.code).tuples())
        for row in data["classes"]:
            for minor in row["minors"]:
                if (row["edition"], row["kind"], minor["code"]) not in known:
                    _load_class(row, minor)


def _load_class(row: dict, minor: dict) -> None:
    found = CityClass.create(
        edition=row["edition"], kind=row["kind"], code=minor["code"], major=row["major"], name=minor["name"]
    )
    conditions = [
        {"city_class": found, "position": position, "hazard": False, **one}
        for position, one in enumerate(row.get("conditions", []))
    ]
    if conditions:
        FilingCondition.insert_many(conditions).execute()


def load_categories(data: dict) -> None:
    """Give every community the categories it does not have yet, and those of an earlier release what is new.

    Raises Refusal for limits, questions, classes or rows of who is answerable that are not well formed.
    """
    listed, general = data["categories"], data.get("answerable", [])
    urgent = {row.get("code") for row in listed if row.get("emergency")}
    urgent |= {row.code for row in Category.select(Category.code).where(Category.emergency).distinct()}
    for row in listed:
        category.check_row(row, emergencies=sorted(map(str, urgent)), general=general)
    with write():
        for community in Place.select().where(Place.kind == "community"):
            rows = [_category(row, community, position, general) for position, row in enumerate(listed)]
            _complete(community, {row["code"]: row for row in rows})
            Category.insert_many(rows).on_conflict_ignore().execute()


def _complete(community: Place, rows: dict[str, dict]) -> None:
    """What a community has from before is completed, never changed."""
    for old in Category.select().where(Category.community == community, Category.code.in_(list(rows))):
        if not (old.city_classes or old.questions or old.answerable):
            new = {name: rows[old.code][name] for name in _ADDED}
            if any(new[name] != getattr(old, name) for name in _ADDED):
                Category.update(**new).where(Category.id == old.id).execute()


def _category(row: dict, community: Place, position: int, general: list[dict]) -> dict:
    return dict(
        community=community, code=row["code"], name=row["name"], zone=row.get("zone", ""),
        hazard=row.get("hazard", False), emergency=row.get("emergency", False), priority=row["priority"],
        keywords=row.get("keywords", []), negative=row.get("negative", []), limits=row.get("sla", {}),
        advice=row.get("advice", ""), position=position, city_classes=row.get("city_classes", []),
        questions=row.get("questions", []), answerable=[*row.get("answerable", []), *general],
        government=row.get("government", False), public=row.get("public", True), near_metres=row.get("near_metres", 50),
    )  # fmt: skip


def load_calendar(data: dict) -> None:
    """Holidays ("rest") and make-up workdays ("work"), each a list of {day, name}."""
    rows = [
        dict(
            day=row["day"] if isinstance(row["day"], date) else date.fromisoformat(row["day"]),
            kind=kind,
            name=row["name"],
        )
        for kind in ("rest", "work")
        for row in data.get(kind, [])
    ]
    with write():
        CalendarDay.insert_many(rows).on_conflict_ignore().execute()


def load_consents(data: dict) -> None:
    """The texts people are asked to agree to. Raises Conflict for a published version with other words."""
    with write():
        for row in data["consents"]:
            publish(**row)


def load_notices(data: dict) -> None:
    """Notices by an administrator of each community; one of a title that is there already is not sent again.

    `place` is the way down from the community, empty for all of it. Raises Refusal as app.rules.notice.publish does.
    """
    with write():
        for row in data["notices"]:
            community = Place.get(Place.code == row["community"], Place.kind == "community")
            place = community
            for name in row["place"]:
                place = Place.get(Place.parent == place, Place.name == name)
            sender = Role.get(Role.place == community, Role.kind == "community_admin").person
            if not Notice.select().where(Notice.community == community, Notice.title == row["title"]).exists():
                notice.publish(
                    actor=actor_of(sender, door="cli"), place=place, kind=row["kind"], title=row["title"],
                    body=row["body"], urgent=row.get("urgent", False),
                )  # fmt: skip


def load_people(
    data: dict, openids: Mapping[str, Mapping[str, str]] | None = None, kinds: Mapping[str, str] | None = None
) -> None:
    """People with homes and roles. A staff list says name, phone and roles; the demo's people have a unionid as well.

    `openids`: person key to account to openid; `kinds`: account to kind. Whoever is listed by phone alone is joined
    by app.rules.person.set_phone when WeChat vouches for that phone. Raises KeyError with the word that is missing,
    or the place, grid or kind of role that does not exist.
    """
    with write():
        for row in data["people"]:
            person = _person(row)
            for account, openid in (openids or {}).get(row.get("key", ""), {}).items():
                Identity.get_or_create(
                    account=account, openid=openid,
                    defaults={"person": person, "kind": (kinds or {})[account], "followed": row.get("follows", True)},
                )  # fmt: skip
            if "household" in row:
                _settle(person, row["household"])
            for role in row.get("roles", []):
                _appoint(person, role)


def _person(row: dict) -> Person:
    told = {"name": row["name"], "phone": row["phone"]}
    if "unionid" in row:
        return Person.get_or_create(unionid=row["unionid"], defaults=told)[0]
    known = Person.select().where(Person.phone == row["phone"]).order_by(Person.id).first()
    return known or Person.create(**told)


def _settle(person: Person, path: list[str]) -> None:
    place = Place.get(Place.kind == "compound", Place.name == path[0])
    for name in path[1:]:
        place = Place.get(Place.parent == place, Place.name == name)
    Residence.get_or_create(
        person=person,
        household=place,
        defaults={"state": "confirmed", "relation": "owner", "confirmed_at": person.created_at},
    )


def _appoint(person: Person, role: dict) -> None:
    place = Place.get_or_none(Place.code == role["place"])
    grid = Grid.get_or_none(Grid.code == role["grid"]) if "grid" in role else None
    if place is None:
        raise KeyError(role["place"])
    if (role["kind"] == "grid_worker" or "grid" in role) and (grid is None or grid.community_id != place.id):
        raise KeyError(role.get("grid", "grid"))
    if role["kind"] not in (ADMINS.get(place.kind), "grid_worker"):
        raise KeyError(role["kind"])
    Role.get_or_create(person=person, place=place, kind=role["kind"], grid=grid)
