"""Who is acting, and what part the person plays towards a community, a place or a case."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from peewee import Value

from models.base import now
from models.case import Case
from models.delegation import Delegation
from models.lifecycle import CASE_OPEN
from models.person import Person, Residence, Veil, homes_of
from models.place import Place, grid_of, line_of
from models.role import Role, roles_of
from models.unit import Unit, UnitContact

STAFF = frozenset({"grid_worker", "community_admin", "subdistrict_admin", "district_admin"})
#: The parts to whom a case can be handed.
HANDLERS = frozenset({"grid_worker", "community_admin", "volunteer", "mediator"})
#: The parts that lie above communities.
WIDE = frozenset({"subdistrict_admin", "district_admin", "operator"})
OWNERS = frozenset({"owner", "co_owner"})
#: A part and how far it reaches here: ("grid_worker", "g"), see app.rules.matrix.
Reach = tuple[str, str]


@dataclass(frozen=True)
class Actor:
    """A person with the roles in force, the communities lived in and those acted for, read once a request."""

    person: Person
    roles: tuple[Role, ...] = ()
    #: The households lived in, the newest first.
    homes: tuple[Place, ...] = ()
    #: From where the person speaks, and through which door: api, console, chat, job or cli.
    address: str = field(default="", compare=False)
    door: str = field(default="", compare=False)
    #: Households of which the person is a verified owner.
    owned: frozenset[int] = frozenset()
    #: The aliases under which this person reported anonymously, and the people this person may act for: person ids.
    aliases: frozenset[int] = frozenset()
    principals: frozenset[int] = frozenset()
    #: The units this person answers for, and the communities these belong to.
    units: frozenset[int] = frozenset()
    served: frozenset[int] = frozenset()

    @property
    def selves(self) -> frozenset[int]:
        """Whose reports are this person's own: also those under an alias, and those of a father one acts for."""
        return self.aliases | self.principals | {self.person.id}

    def anywhere(self) -> frozenset[str]:
        """Every part held somewhere; everybody is at least a guest."""
        parts = {"guest"} | {role.kind for role in self.roles}
        parts |= ({"resident"} if self.homes else set()) | ({"owner"} if self.owned else set())
        return frozenset(parts | ({"unit_contact"} if self.units else set()))

    def parts_in(self, community: Place) -> frozenset[str]:
        """The parts played in a community."""
        return frozenset(part for part, _ in self.reach_in(community))

    def reach_in(self, community: Place, place: Place | None = None) -> frozenset[Reach]:
        """The parts in a community and how far each reaches: over all of it, or over a `place` in it."""
        found = {("guest", "c"), *self._living(community)}
        if community.id in self.served:
            found.add(("unit_contact", "c"))
        line = set(line_of(community))
        inside = set(line_of(place)) if place else set()
        for role in self.roles:
            if role.place_id in line:
                found.add((role.kind, "s" if role.kind in WIDE else "c"))
                if place and role.grid_id and role.grid_id == getattr(grid_of(place), "id", None):
                    found.add((role.kind, "g"))
            elif role.place.community_id == community.id:
                found.add((role.kind, "c"))
                if role.place_id in inside:
                    found.add((role.kind, "b"))
        return frozenset(found)

    def parts_over(self, place: Place) -> frozenset[str]:
        """The appointed parts that reach over a place, of whatever level: held there or anywhere above it."""
        line = set(line_of(place))
        return frozenset(role.kind for role in self.roles if role.place_id in line and not role.grid_id)

    def _living(self, community: Place) -> Iterator[Reach]:
        here = [home for home in self.homes if home.community_id == community.id]
        if here:
            yield "resident", "c"
        if any(home.id in self.owned for home in here):
            yield "owner", "c"

    def reach_of(self, case: Case) -> frozenset[Reach]:
        """The parts towards a case and how far each reaches: one's own, one's task, one's grid, the community.

        Whom a case is about has no part in it: nobody judges or reads a complaint about oneself. Once told by the
        community, that party has its own narrow part.
        """
        own = {("guest", "o")} if case.reporter_id in self.selves else set()
        if self.is_party(case):
            return frozenset(own | {("guest", "c")} | ({("party", "t")} if case.party_told_at else set()))
        heads = any(role.kind == "building_head" for role in self.roles)
        found = set(self.reach_in(case.community, case.place if heads else None)) | own
        for role in self.roles:
            if role.kind == "grid_worker" and role.grid_id and role.grid_id == case.grid_id:
                found.add((role.kind, "g"))
        parts = {part for part, _ in found}
        # A unit is let in as long as there is something to do.
        if case.unit_id is not None and case.unit_id in self.units and case.state in CASE_OPEN:
            found.add(("unit_contact", "t"))
        # Whoever was handed the case has it, also a worker of another grid.
        if case.handler_id == self.person.id or self._may_take(case):
            found |= {(part, "t") for part in HANDLERS & parts}
        return frozenset(found)

    def is_party(self, case: Case) -> bool:
        """Whether the case complains about this person, or a unit this person answers for."""
        return case.about_id == self.person.id or (case.about_unit_id is not None and case.about_unit_id in self.units)

    def parts_for(self, case: Case) -> frozenset[str]:
        """The parts towards a case as models.lifecycle names them: reporter, handler, and who answers for the place."""
        reach = self.reach_of(case)
        parts = {part for part, scope in reach if part not in ("grid_worker", "building_head") or scope in "gb"}
        if ("guest", "o") in reach:
            parts.add("reporter")
        if any(scope == "t" and part in HANDLERS for part, scope in reach):
            parts.add("handler")
        # Another pair of eyes: neither who did the work nor who asked for it.
        others = "reporter" not in parts and self.person.id != case.handler_id
        if case.state == "checking" and others and parts & {"grid_worker", "community_admin"}:
            parts.add("checker")
        return frozenset(parts)

    def _may_take(self, case: Case) -> bool:
        """A dispatched case may be taken by any worker of its grid: the first one may be asleep."""
        return case.state == "dispatched" and case.grid_id in self.grids()

    def facing(self, case: Case) -> "Actor":
        """The actor as this case may know its reporter: under the alias, when the report is an anonymous one.

        For what the reporter does as the reporter; what is done on duty is done under the own name.
        """
        return self.under(case.reporter) if case.reporter_id in self.aliases else self

    def under(self, alias: Person) -> "Actor":
        """The actor under an alias: nobody but the reporter, for a part, a home or the desk would tell who it is."""
        door = "" if self.door == "console" else self.door
        return Actor(alias, door=door, aliases=self.aliases | {alias.id})

    @property
    def home(self) -> Place | None:
        """The household lived in, the newest when there are several."""
        return self.homes[0] if self.homes else None

    def grids(self) -> frozenset[int]:
        return frozenset(role.grid_id for role in self.roles if role.kind == "grid_worker" and role.grid_id)

    def role_in(self, community: Place) -> str:
        """The most telling part in a community, for a history row: staff before resident before guest."""
        parts = self.parts_in(community)
        order = (
            "community_admin", "grid_worker", "mediator", "volunteer", "building_head", "subdistrict_admin",
            "district_admin", "operator", "owner", "resident",
        )  # fmt: skip
        return next((part for part in order if part in parts), "guest")


def actor_of(person: Person, address: str = "", door: str = "") -> Actor:
    """Read a person's roles in force, homes, and whom and what the person stands for: three queries."""
    ties: dict[str, set[int]] = {"alias": set(), "principal": set(), "unit": set(), "served": set(), "owner": set()}
    for tie, one in _ties_of(person):
        ties[tie].add(one)
    return Actor(
        person, tuple(roles_of(person, now())), tuple(homes_of(person)), address, door,
        owned=frozenset(ties["owner"]), aliases=frozenset(ties["alias"]), principals=frozenset(ties["principal"]),
        units=frozenset(ties["unit"]), served=frozenset(ties["served"]),
    )  # fmt: skip


def _ties_of(person: Person) -> Iterator[tuple[str, int]]:
    """Everything else that gives a person a part, in one query: (what, id)."""
    moment = now()
    ends = UnitContact.ends_at
    aliases = Veil.select(Value("alias"), Veil.alias).where(Veil.person == person)
    principals = Delegation.select(Value("principal"), Delegation.principal).where(
        Delegation.agent == person, Delegation.state == "confirmed"
    )
    answers = (UnitContact.person == person) & (UnitContact.starts_at <= moment) & (ends.is_null() | (ends > moment))
    units = UnitContact.select(Value("unit"), UnitContact.unit).where(answers)
    served = UnitContact.select(Value("served"), Unit.community).join(Unit).where(answers)
    owned = Residence.select(Value("owner"), Residence.household).where(
        Residence.person == person, Residence.state == "confirmed", Residence.ended_at.is_null(),
        Residence.relation.in_(list(OWNERS)),
    )  # fmt: skip
    yield from aliases.union_all(principals).union_all(units).union_all(served).union_all(owned).tuples()
