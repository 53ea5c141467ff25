"""Found a place: load a district with its communities, categories, calendar and people from plain data.

The demo is loaded by it, and so is a real district's own file. Loading twice changes nothing that is there.
"""

from collections.abc import Mapping
from datetime import date

from models.base import write
from models.category import CalendarDay, Category
from models.person import Identity, Person, Residence
from models.place import Grid, GridPlace, Place
from models.role import Role
from models.unit import Unit


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
    compounds = {row["name"]: _load_compound(row, community) for row in data.get("compounds", [])}
    for row in data.get("grids", []):
        grid, _ = Grid.get_or_create(code=row["code"], defaults={"community": community, "name": row["name"]})
        for name in row.get("compounds", []):
            GridPlace.get_or_create(place=compounds[name], defaults={"grid": grid})
    for row in data.get("units", []):
        Unit.get_or_create(community=community, name=row["name"], defaults={"kind": row["kind"]})


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


def load_categories(data: dict) -> None:
    """Give every community the categories it does not have yet."""
    with write():
        for community in Place.select().where(Place.kind == "community"):
            rows = [_category(row, community, position) for position, row in enumerate(data["categories"])]
            Category.insert_many(rows).on_conflict_ignore().execute()


def _category(row: dict, community: Place, position: int) -> dict:
    return dict(
        community=community, code=row["code"], name=row["name"], zone=row.get("zone", ""),
        hazard=row.get("hazard", False), emergency=row.get("emergency", False), priority=row["priority"],
        keywords=row.get("keywords", []), negative=row.get("negative", []), limits=row.get("sla", {}),
        advice=row.get("advice", ""), position=position,
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


def load_people(data: dict, openids: Mapping[str, Mapping[str, str]], kinds: Mapping[str, str]) -> None:
    """The demo's people with homes and roles. `openids`: person key to account to openid; `kinds`: account to kind."""
    with write():
        for row in data["people"]:
            person, _ = Person.get_or_create(
                unionid=row["unionid"], defaults={"name": row["name"], "phone": row["phone"]}
            )
            for account, openid in openids.get(row["key"], {}).items():
                Identity.get_or_create(
                    account=account, openid=openid,
                    defaults={"person": person, "kind": kinds[account], "followed": row.get("follows", True)},
                )  # fmt: skip
            if "household" in row:
                _settle(person, row["household"])
            for role in row.get("roles", []):
                _appoint(person, role)


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
    place = Place.get(Place.code == role["place"])
    grid = Grid.get(Grid.code == role["grid"]) if "grid" in role else None
    Role.get_or_create(person=person, place=place, kind=role["kind"], grid=grid)
