"""What the codes and keys in routing rules are called."""

from models.category import Category
from models.person import Person
from models.place import Grid, Place
from models.route import Route
from models.unit import Unit


def of(rows: list[Route]) -> dict[str, str]:
    """The names of all categories, grids, places, people and units that these rules of a community name.

    At most five queries, however many rules; what is not there any more has no name.
    """
    if not rows:
        return {}
    codes, places = _listed(rows, "categories"), _listed(rows, "compounds")
    grids = _listed(rows, "grids") | _targets(rows, "grid")
    names: dict[str, str] = {}
    if codes:
        known = Category.select(Category.code, Category.name)
        names |= dict(known.where(Category.community == rows[0].community_id, Category.code.in_(codes)).tuples())
    for table, keys, column in (
        (Grid, grids, Grid.name), (Place, places, Place.label), (Person, _targets(rows, "worker"), Person.name),
        (Unit, _targets(rows, "unit"), Unit.name),
    ):  # fmt: skip
        if keys:
            names |= dict(table.select(table.key, column).where(table.key.in_(keys)).tuples())
    return names


def _listed(rows: list[Route], condition: str) -> set[str]:
    return {key for one in rows for key in one.conditions.get(condition, ())}


def _targets(rows: list[Route], name: str) -> set[str]:
    return {one.target[name] for one in rows if name in one.target}
