"""Who is on duty: the grid workers of a grid or community and the admins of a community, the first to ask first."""

from models.base import now
from models.person import Person
from models.place import Grid, Place
from models.role import Role, holds_at


def _people(*conditions) -> list[Person]:
    query = (
        Person.select(Person)
        .join(Role, on=(Role.person == Person.id))
        .where(holds_at(now()), *conditions)
        .order_by(Role.rank, Role.id)
    )
    return list(dict.fromkeys(query))


def workers_of(grid: Grid | None) -> list[Person]:
    """The workers of a grid by rank; none without a grid."""
    return _people(Role.kind == "grid_worker", Role.grid == grid) if grid else []


def workers_in(community: Place) -> list[Person]:
    """All grid workers of a community."""
    return _people(Role.kind == "grid_worker", Role.place == community)


def admins_of(community: Place) -> list[Person]:
    """The admins of a community."""
    return _people(Role.kind == "community_admin", Role.place == community)


def supervisors_of(community: Place) -> list[Person]:
    """The admins of the subdistrict above a community: where an overdue case goes next."""
    return _people(Role.kind == "subdistrict_admin", Role.place == community.parent_id)
