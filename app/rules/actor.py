"""Who is acting, and what part the person plays towards a community or a case."""

from dataclasses import dataclass, field

from models.base import now
from models.case import Case
from models.person import Person, homes_of
from models.place import Place, line_of
from models.role import Role, roles_of

STAFF = frozenset({"grid_worker", "community_admin", "subdistrict_admin", "district_admin"})


@dataclass(frozen=True)
class Actor:
    """A person with the roles in force and the communities lived in, read once a request."""

    person: Person
    roles: tuple[Role, ...] = ()
    #: The households lived in, the newest first.
    homes: tuple[Place, ...] = ()
    #: From where the person speaks, and through which door: api, console, chat, job or cli.
    address: str = field(default="", compare=False)
    door: str = field(default="", compare=False)

    def parts_in(self, community: Place) -> frozenset[str]:
        """The parts played in a community; everybody is at least a guest."""
        line = set(line_of(community))
        parts = {role.kind for role in self.roles if role.place_id in line}
        if any(home.community_id == community.id for home in self.homes):
            parts.add("resident")
        return frozenset(parts | {"guest"})

    def parts_for(self, case: Case) -> frozenset[str]:
        """The parts towards a case: those in its community, and whether it is one's own report or one's own task.

        Whom a case is about has no part in it: nobody judges or reads a complaint about oneself.
        """
        if case.about_id == self.person.id:
            return frozenset({"guest", "reporter"} if case.reporter_id == self.person.id else {"guest"})
        parts = set(self.parts_in(case.community))
        on_duty = bool(parts & STAFF)
        if "grid_worker" in parts and case.grid_id not in self.grids():
            parts.discard("grid_worker")
        if case.reporter_id == self.person.id:
            parts.add("reporter")
        # Whoever was handed the case has it, also a worker of another grid.
        if on_duty and (case.handler_id == self.person.id or self._may_take(case, parts)):
            parts.add("handler")
        return frozenset(parts)

    def _may_take(self, case: Case, parts: set[str]) -> bool:
        """A dispatched case may be taken by any worker of its grid: the first one may be asleep."""
        return case.state == "dispatched" and "grid_worker" in parts

    @property
    def home(self) -> Place | None:
        """The household lived in, the newest when there are several."""
        return self.homes[0] if self.homes else None

    def grids(self) -> frozenset[int]:
        return frozenset(role.grid_id for role in self.roles if role.kind == "grid_worker" and role.grid_id)

    def role_in(self, community: Place) -> str:
        """The most telling part in a community, for a history row: staff before resident before guest."""
        parts = self.parts_in(community)
        order = ("community_admin", "grid_worker", "subdistrict_admin", "district_admin", "operator", "resident")
        return next((part for part in order if part in parts), "guest")


def actor_of(person: Person, address: str = "", door: str = "") -> Actor:
    """Read a person's roles in force and homes: two queries."""
    return Actor(person, tuple(roles_of(person, now())), tuple(homes_of(person)), address, door)
