"""Everybody: for each column of the matrix people who play that part, played it, or will; and cases in each relation.

The rows are real (Role, Residence, UnitContact, Delegation, Veil); beside each stands what the oracle knows of it as
plain facts (tests/oracle.py). All of 惠民社区 unless something else is said; 文华社区 lies in the same street, 柳荫社区
in another one.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from app.rules.actor import Actor, actor_of
from models.base import now, write
from models.case import Case
from models.delegation import Delegation
from models.person import Person, Residence, Veil
from models.place import Grid, Place, grid_of
from models.role import Role
from models.unit import Unit, UnitContact
from tests.oracle import Post, What, Who

#: When a part began and ends, from now on: only the first is in force.
SPANS = {
    "active": (timedelta(days=-9), None), "expired": (timedelta(days=-9), timedelta(days=-1)),
    "revoked": (timedelta(days=-9), timedelta(seconds=-1)), "future": (timedelta(days=1), None),
}  # fmt: skip
ROLES = {
    "building_head": "B", "volunteer": "V", "grid_worker": "W", "mediator": "M", "community_admin": "A",
    "subdistrict_admin": "S", "district_admin": "D", "operator": "X",
}  # fmt: skip
STATES = ("handling", "closed", "withdrawn")


@dataclass
class Everybody:
    """Who is there and what was reported: rows, and the facts that the oracle judges by."""

    town: object
    people: dict[str, Who] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    facts: dict[str, What] = field(default_factory=dict)
    #: The cases that concern one person alone: own ones and tasks, by the person's name.
    theirs: dict[str, list[str]] = field(default_factory=dict)
    numbers: int = 5000

    def towards(self, who: str) -> list[str]:
        """The cases that are worth asking about for somebody: those of everybody, and the own ones."""
        private = {name for names in self.theirs.values() for name in names}
        return [name for name in self.cases if name not in private] + self.theirs.get(who, [])

    def person(self, name: str, *posts: Post) -> Person:
        found = Person.create(name=name)
        self.people[name] = Who(name, found.id, tuple(posts), frozenset({found.id}))
        return found

    def case(self, name: str, community: Place, **fields) -> Case:
        """One row, with its facts; the objects it points to stay loaded."""
        self.numbers += 1
        category = self.town.category("street_light", community.code)
        told = fields.pop("told", False)
        row = Case.create(
            community=community, number=self.numbers, channel="chat", words=f"楼道灯不亮 {name}", category=category,
            first_category=category, grid=grid_of(fields.get("place")), party_told_at=now() if told else None, **fields,
        )  # fmt: skip
        self.cases[name] = row
        self.facts[name] = What(
            row.id, community.id, row.state, row.reporter_id, building_of(row.place), row.grid_id, row.handler_id,
            row.unit_id, row.about_id, row.about_unit_id, told,
        )  # fmt: skip
        return row


def building_of(place: Place | None) -> int | None:
    """The id of the building in which a place lies."""
    while place is not None and place.kind != "building":
        place = place.parent
    return place.id if place else None


def door(town, compound: str, building: str, unit: str, number: str) -> Place:
    """A household by its address."""
    place = town.building(building, compound)
    for name in (unit, number):
        place = Place.get(Place.parent == place, Place.name == name)
    return place


def gather(town) -> Everybody:
    """Let them all move in and report."""
    all_of = Everybody(town)
    with write():
        _roles(all_of)
        _homes(all_of)
        _units(all_of)
        _relatives(all_of)
        _public_cases(all_of)
        _special_cases(all_of)
        for name in list(all_of.people):
            _own_cases(all_of, name)
    all_of.actors = {name: actor_of(Person.get_by_id(who.id)) for name, who in all_of.people.items()}
    return all_of


def _below(town, place: Place) -> frozenset[int]:
    if place.kind == "community":
        return frozenset({place.id})
    codes = ("huimin", "wenhua") if place.kind == "subdistrict" else ("huimin", "wenhua", "liuyin")
    return frozenset(town.community(code).id for code in codes)


def _roles(all_of: Everybody) -> None:
    town, moment = all_of.town, now()
    huimin, building = town.community(), town.building("3号楼")
    grid = Grid.get(Grid.code == "huimin-1")
    seats = {"building_head": building, "subdistrict_admin": huimin.parent} | dict.fromkeys(
        ("district_admin", "operator"), huimin.parent.parent
    )
    for kind, column in ROLES.items():
        place = seats.get(kind, huimin)
        for span, (begin, end) in SPANS.items():
            inside = frozenset({huimin.id}) if kind == "building_head" else _below(town, place)
            post = Post(
                column, inside, building=place.id if kind == "building_head" else None,
                grid=grid.id if kind == "grid_worker" else None,
            )  # fmt: skip
            person = all_of.person(f"{kind} {span}", *([post] if span == "active" else []))
            Role.create(
                person=person, place=place, kind=kind, grid=grid if kind == "grid_worker" else None,
                starts_at=moment + begin, ends_at=moment + end if end else None, rank=9,
            )  # fmt: skip
    other = town.community("liuyin")
    stranger = all_of.person("stranger", Post("A", frozenset({other.id})))
    Role.create(person=stranger, place=other, kind="community_admin")
    both = all_of.person(
        "worker and mediator", Post("W", frozenset({huimin.id}), grid=grid.id), Post("M", frozenset({huimin.id}))
    )
    Role.create(person=both, place=huimin, kind="grid_worker", grid=grid, rank=9)
    Role.create(person=both, place=huimin, kind="mediator")
    all_of.person("guest")


def _homes(all_of: Everybody) -> None:
    town = all_of.town
    home = door(town, "幸福家园", "3号楼", "2单元", "502")
    inside = frozenset({town.community().id})
    for name, relation, state, ended in (
        ("resident", "resident", "confirmed", None), ("resident asked", "resident", "asked", None),
        ("resident refused", "resident", "refused", now()), ("resident moved", "resident", "confirmed", now()),
        ("owner", "owner", "confirmed", None), ("owner asked", "owner", "asked", None),
        ("owner sold", "owner", "confirmed", now()),
    ):  # fmt: skip
        lives = state == "confirmed" and ended is None
        posts = [Post("R", inside)] + ([Post("O", inside)] if relation == "owner" else []) if lives else []
        Residence.create(
            person=all_of.person(name, *posts), household=home, relation=relation, state=state, ended_at=ended,
            confirmed_at=now() if state == "confirmed" else None,
        )  # fmt: skip


def _units(all_of: Everybody) -> None:
    town, moment = all_of.town, now()
    unit = Unit.get(Unit.community == town.community(), Unit.name == "安居物业")
    for span, (begin, end) in SPANS.items():
        post = Post("U", frozenset({town.community().id}), unit=unit.id)
        person = all_of.person(f"unit_contact {span}", *([post] if span == "active" else []))
        UnitContact.create(
            unit=unit, person=person, starts_at=moment + begin, ends_at=moment + end if end else None
        )


def _relatives(all_of: Everybody) -> None:
    """Fathers, for whom daughters act or do not; and somebody who reports under an alias."""
    for state in ("confirmed", "asked", "refused", "ended"):
        father, daughter = all_of.person(f"father {state}"), all_of.person(f"daughter {state}")
        Delegation.create(
            kind="family", principal=father, agent=daughter, community=all_of.town.community(), relation="daughter",
            state=state,
        )  # fmt: skip
        if state == "confirmed":
            all_of.people[daughter.name] = Who(daughter.name, daughter.id, (), frozenset({father.id, daughter.id}))
    veiled, alias = all_of.person("veiled"), Person.create(name="匿名居民")
    Veil.create(alias=alias, person=veiled)
    all_of.people["veiled"] = Who("veiled", veiled.id, (), frozenset({veiled.id, alias.id}))


def _public_cases(all_of: Everybody) -> None:
    """One case for each relation of place and each kind of state, reported by somebody else."""
    town = all_of.town
    reporter = Person.create(name="somebody else")
    for relation, community, place in (
        ("entrance", "huimin", door(town, "幸福家园", "3号楼", "2单元", "501")),
        ("building", "huimin", door(town, "幸福家园", "3号楼", "1单元", "101")),
        ("grid", "huimin", town.building("1号楼")),
        ("community", "huimin", town.building("1号楼", "阳光花苑")),
        ("nowhere", "huimin", None),
        ("street", "wenhua", town.building("1号楼", "文华苑")),
        ("elsewhere", "liuyin", town.building("1号楼", "柳荫里")),
    ):
        for state in ("dispatched", *STATES):
            all_of.case(f"{relation} {state}", town.community(community), place=place, state=state, reporter=reporter)


def _special_cases(all_of: Everybody) -> None:
    """Cases of units, and complaints, before and after the party was told."""
    town, huimin = all_of.town, all_of.town.community()
    reporter = Person.create(name="a neighbour")
    place = town.building("1号楼", "阳光花苑")
    ours, theirs = (Unit.get(Unit.community == huimin, Unit.name == name) for name in ("安居物业", "市政养护所"))
    for state in STATES:
        all_of.case(f"unit {state}", huimin, place=place, state=state, reporter=reporter, unit=ours)
    all_of.case("other unit", huimin, place=place, state="handling", reporter=reporter, unit=theirs)
    for told in (False, True):
        words = "told" if told else "untold"
        all_of.case(
            f"about unit {words}", huimin, place=place, state="handling", reporter=reporter, about_unit=ours, told=told,
            unit=theirs,
        )  # fmt: skip
        for name in ("grid_worker active", "community_admin active", "resident", "unit_contact active", "veiled"):
            accused = Person.get_by_id(all_of.people[name].id)
            all_of.case(
                f"about {name} {words}", huimin, place=town.building("3号楼"), state="handling", reporter=reporter,
                about=accused, told=told,
            )  # fmt: skip


def _own_cases(all_of: Everybody, name: str) -> None:
    """What somebody reported, here and elsewhere, and what somebody was given to do."""
    town, who = all_of.town, all_of.people[name]
    other = Person.get(Person.name == "somebody else")
    here, away = (town.community(), town.building("2号楼", "阳光花苑")), (town.community("liuyin"), None)
    mine = all_of.theirs[name] = []
    for reporter in sorted(who.selves):
        for state in STATES:
            mine.append(f"{name}: own {reporter} {state}")
            all_of.case(mine[-1], away[0], place=away[1], state=state, reporter=Person.get_by_id(reporter))
        mine.append(f"{name}: own {reporter} here")
        all_of.case(mine[-1], here[0], place=here[1], state="handled", reporter=Person.get_by_id(reporter))
    person = Person.get_by_id(who.id)
    for state in STATES:
        mine.append(f"{name}: task {state}")
        all_of.case(mine[-1], here[0], place=here[1], state=state, reporter=other, handler=person)
    mine.append(f"{name}: task elsewhere")
    all_of.case(mine[-1], away[0], place=away[1], state="handling", reporter=other, handler=person)
    mine.append(f"{name}: own and about oneself")
    all_of.case(mine[-1], here[0], place=here[1], state="handling", reporter=person, about=person)
