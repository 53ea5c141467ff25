"""The picker: places level by level, and the categories of a community."""

from pydantic import BaseModel, Field

from app.guard import signed_in
from app.rules.refusal import NotFound
from app.rules.setting import categories_of
from handlers.api.blueprint import api, named, the
from handlers.api.category_shapes import CategoryFormOut, CategoryFormsOut
from handlers.api.reading import Query
from handlers.api.shapes import PlaceOut, PlacesOut
from models.place import Place, line_of

#: More children than any real place has; a list is never longer.
MOST = 500


class PlacesIn(Query):
    parent: str = Field(default="none", max_length=64, description="A place's key; none: the communities.")


class PlaceWayOut(BaseModel):
    place: PlaceOut
    community: PlaceOut
    path: list[PlaceOut] = Field(description="From the compound down to the place itself; empty for a community.")


class CategoriesIn(Query):
    community: str = Field(min_length=1, max_length=64, description="A community's key.")


@api.get("/places")
@named("listPlaces")
@signed_in("place.read")
@api.input(PlacesIn, location="query", arg_name="query")
@api.output(PlacesOut)
def list_places(query: PlacesIn):
    """What lies in a place, in its natural order; without a place all communities"""
    inside = Place.kind == "community" if query.parent == "none" else Place.parent == the(Place, query.parent)
    rows = Place.select().where(inside, Place.active).order_by(Place.id).limit(MOST)
    return {"places": [PlaceOut.of(row) for row in rows]}


@api.get("/places/<key>")
@named("readPlace")
@signed_in("place.read")
@api.output(PlaceWayOut)
def read_place(key: str):
    """One place of a community with the way down to it: what a scanned code or a link means"""
    place = the(Place, key)
    if not place.active or place.community_id is None:
        raise NotFound()
    line = line_of(place)
    rows = {row.id: row for row in Place.select().where(Place.id.in_(line))}
    way = [rows[one] for one in reversed(line) if rows[one].community_id is not None and rows[one].kind != "community"]
    return {
        "place": PlaceOut.of(place), "community": PlaceOut.of(rows[place.community_id]),
        "path": [PlaceOut.of(row) for row in way],
    }  # fmt: skip


@api.get("/categories")
@named("listCategories")
@signed_in("category.read")
@api.input(CategoriesIn, location="query", arg_name="query")
@api.output(CategoryFormsOut)
def list_categories(query: CategoriesIn):
    """What can be reported in a community, and what may be asked about it"""
    community = the(Place, query.community)
    if community.kind != "community":
        raise NotFound()
    return {"categories": [CategoryFormOut.form(row) for row in categories_of(community)]}
