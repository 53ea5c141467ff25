"""Where: the administrative tree from district to household, and the governance grids over it."""

import peewee

from models.base import MomentField, Row, new_key, now

#: The levels of the tree, from the widest to the narrowest. A township stands where a subdistrict stands.
LEVELS = ("district", "subdistrict", "township", "community", "compound", "building", "entrance_unit", "household")


class Place(Row):
    """One node of the tree. `community` is the node's own community, None above that level."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    kind = peewee.CharField(16)
    name = peewee.CharField(64)
    code = peewee.CharField(32, unique=True, null=True)
    parent = peewee.ForeignKeyField("self", backref="children", null=True, on_delete="RESTRICT")
    community = peewee.ForeignKeyField("self", backref="inside", null=True, on_delete="RESTRICT")
    #: The ids of everything above, the widest first: "1/2/5/"; so that a whole line of places is one look.
    above = peewee.CharField(80, default="")
    #: The whole way down, for people: "幸福家园 3号楼 2单元 501".
    label = peewee.CharField(160)
    lat = peewee.DoubleField(null=True)
    lng = peewee.DoubleField(null=True)
    active = peewee.BooleanField(default=True)
    created_at = MomentField(default=now)

    class Meta:
        indexes = ((("parent", "kind", "name"), True), (("community", "kind"), False))


class Counter(Row):
    """The last short case number given out in a community; people say "#1023"."""

    community = peewee.ForeignKeyField(Place, primary_key=True, on_delete="RESTRICT")
    last_number = peewee.IntegerField()


class Grid(Row):
    """A governance grid 网格 of a community (not the city-management unit grid)."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, backref="grids", on_delete="RESTRICT")
    parent = peewee.ForeignKeyField("self", null=True, on_delete="RESTRICT")
    code = peewee.CharField(32, unique=True)
    name = peewee.CharField(64)


class GridPlace(Row):
    """A compound or building that lies in a grid; the narrowest one wins."""

    id = peewee.AutoField()
    grid = peewee.ForeignKeyField(Grid, backref="places", on_delete="RESTRICT")
    place = peewee.ForeignKeyField(Place, unique=True, on_delete="RESTRICT")


def line_of(place: Place) -> list[int]:
    """The ids of the place itself and of everything above it, the narrowest first."""
    return [place.id, *reversed([int(part) for part in place.above.split("/") if part])]


def grid_of(place: Place | None) -> Grid | None:
    """The grid in which a place lies, by its narrowest ancestor that is in one."""
    if place is None:
        return None
    order = {one: depth for depth, one in enumerate(line_of(place))}
    links = list(GridPlace.select(GridPlace, Grid).join(Grid).where(GridPlace.place.in_(list(order))))
    return min(links, key=lambda link: order[link.place_id]).grid if links else None


def ancestor(place: Place | None, kind: str) -> Place | None:
    """The place itself or the one above it of a level, None when there is none."""
    if place is None or place.kind == kind:
        return place
    return Place.get_or_none(Place.id.in_(line_of(place)), Place.kind == kind)
