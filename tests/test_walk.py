"""A random walk that swaps ids: what lies where one has no right is not told apart from what never existed.

Every kind of id (in an address, a body, a form, a query, a cursor) is put in from another community, and beside it one
that never was: status, body and headers must be the same, for everybody, on either engine.
"""

import random
import re
import shutil
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from models.base import database, new_key, now
from models.case import Case
from models.conversation import Line
from models.person import Person
from models.unit import Unit
from tests.channels import LIMITS, NEXT, PEOPLE, REASON, World, build, tries
from tests.oracle import TABLE, Who
from tests.servers import database as postgres_copy
from tests.town import ENGINES, town_at

SEED = 20261123
#: So many on each engine.
SWAPS = 1000
#: What differs between any two answers.
OWN_OF_EACH = {"date", "set-cookie"}
_KEY = re.compile(r"[0-9a-z]{16}")
#: Things of one kind under several names: each fits where another does.
SAME = [
    {"appointment", "list"}, {"call", "objected"}, {"delegation", "standing"}, {"household", "community", "compound"},
]


class Swap(NamedTuple):
    """One request with a hole for an id, and an id of the right kind that lies elsewhere."""

    kind: str
    method: str
    path: str
    body: dict | None
    foreign: str


@pytest.fixture(scope="module", params=ENGINES)
def walked(request, tmp_path_factory) -> Iterator[World]:
    """The world of tests/channels.py on one engine."""
    folder = tmp_path_factory.mktemp(f"walk-{request.param}")
    if request.param == "sqlite":
        path = folder / "doorstep.sqlite"
        shutil.copy(request.getfixturevalue("founded_sqlite"), path)
        with town_at(folder, f"sqlite:///{path}", **LIMITS) as town:
            found = build(town)
            database.obj.pragma("synchronous", "off", permanent=True)
            yield found
        return
    template = request.getfixturevalue("founded_postgres")
    server = request.getfixturevalue("servers")["postgres"]
    with postgres_copy(server, template) as url, town_at(folder, url, **LIMITS) as town:
        yield build(town)


def is_foreign(who: Who, community: int) -> bool:
    """Whether somebody plays no part in a community."""
    return not any(community in post.communities for post in who.posts)


def in_addresses(world: World, name: str) -> Iterator[Swap]:
    """Every address with a key, of every door, towards what lies where this person has no part."""
    who = world.people[name]
    foreign = {case.key for case, what in world.cases.values() if is_foreign(who, what.community)
               and what.reporter not in who.selves and who.id not in (what.handler, what.about)}  # fmt: skip
    for code in ("huimin", NEXT):
        if is_foreign(who, world.town_ids[code]):
            foreign |= {key for title, (key, _) in world.things.items() if title.endswith(f" {code}")}
    if name == "zhaoqiang":  # who asks to live there and to act for somebody there
        mine = ("residence", "delegation")
        foreign -= {key for title, (key, _) in world.things.items() if title.startswith(mine)}
    public = {world.things[f"{thing} {code}"][0] for thing in ("household", "community") for code in ("huimin", NEXT)}
    for one in tries(world, name):
        for key in _KEY.findall(one.path):
            if key in foreign and (key not in public or "categories?" not in one.path) and not one.allowed:
                yield Swap(one.door, one.method, one.path.replace(key, "{}"), one.body, key)


def in_bodies_and_queries(world: World, name: str) -> Iterator[Swap]:
    """Bodies, forms, queries and cursors of doors that this person may use, with keys of elsewhere."""
    who, town = world.people[name], world.town
    code = NEXT if is_foreign(who, world.town_ids[NEXT]) else "huimin"
    if not is_foreign(who, world.town_ids[code]):
        return
    key = {thing: world.things[f"{thing} {code}"][0] for thing in ("photo", "line", "conversation", "letter",
                                                                    "community")}  # fmt: skip
    case = world.cases["handling there" if code == NEXT else "handling here"][0]
    stranger = town.person("masuhua" if code == NEXT else "sunmei")
    line = Line.get(Line.key == key["line"])
    assert line.conversation.key == key["conversation"]
    unit = _unit(world, code)
    own = world.cases[f"handled own {name}"][0].key
    api = "/api/v1"
    told = {"words": "楼道灯不亮", "community": world.things["community huimin"][0]}
    yield Swap("report photo", "POST", f"{api}/cases", told | {"photos": ["{}"]}, key["photo"])
    yield Swap("report behalf", "POST", f"{api}/cases", told | {"behalf_of": "{}"}, stranger.key)
    yield Swap("note photo", "POST", f"{api}/cases/{own}/notes", {"note": "补充", "photos": ["{}"]}, key["photo"])
    yield Swap("verb photo", "POST", f"{api}/cases/{own}/reopen", {"note": "没好", "photos": ["{}"]}, key["photo"])
    yield Swap("spot photo", "POST", f"{api}/cases/spot", told | {"after": ["{}"]}, key["photo"])
    yield Swap("report voice", "POST", f"{api}/cases", told | {"voices": ["{}"]}, world.things[f"voice {code}"][0])
    yield Swap("shown photo", "POST", f"{api}/conversation/photos", {"photo": "{}"}, key["photo"])
    yield Swap("consent of", "GET", f"{api}/consents?person={{}}", None, stranger.key)
    answer = {"kind": "privacy", "version": 1, "answer": "given", "person": "{}"}
    yield Swap("consent for", "POST", f"{api}/consents", answer, stranger.key)
    yield Swap("age of", "POST", f"{api}/me/age", {"group": "child", "person": "{}"}, stranger.key)
    yield Swap("cursor", "GET", f"{api}/cases?mine=all&cursor={{}}", None, case.key)
    yield Swap("reported cursor", "GET", f"{api}/cases?mine=reported&cursor={{}}", None, case.key)
    yield Swap("public cursor", "GET", f"{api}/public/cases?cursor={{}}", None, case.key)
    yield Swap("talk cursor", "GET", f"{api}/conversation?cursor={{}}", None, key["line"])
    yield Swap("readers of", "GET", f"{api}/me/readers?cursor={{}}", None, stranger.key)
    yield Swap("follow", "POST", f"{api}/cases/{{}}/follow", None, case.key)
    yield Swap("near what", "POST", f"{api}/nearby", {"place": "{}"}, case.key)
    yield Swap("notice cursor", "GET", f"{api}/notices?cursor={{}}", None, world.things[f"notice {code}"][0])
    yield Swap("place as case", "GET", f"{api}/places/{{}}", None, case.key)
    yield from _of_the_grid(world, who, code)
    yield Swap("parent as case", "GET", f"{api}/places?parent={{}}", None, case.key)
    if not TABLE.anywhere(who, "desk.read"):
        return
    desk = "/console"
    for room in ("", "cases", "inbox", "letters", "residences", "households", "delegations", "people", "alerts",
                 "categories", "classes"):  # fmt: skip
        yield Swap(f"room {room}", "GET", f"{desk}/{room}?community={{}}", None, key["community"])
    yield Swap("older cases", "GET", f"{desk}/cases?state=all&before={{}}", None, case.key)
    yield Swap("older talks", "GET", f"{desk}/inbox?before={{}}", None, key["conversation"])
    yield Swap("older letters", "GET", f"{desk}/letters?before={{}}", None, key["letter"])
    yield Swap("export of", "POST", f"{desk}/exports", {"community": "{}", "reason": REASON}, key["community"])
    yield Swap("post", "POST", f"{desk}/people", {"key": world.guest, "post": "mediator:{}"}, key["community"])
    mine = next((one for one, what in world.cases.values() if TABLE.held(who, "case.dispatch", what)), None)
    if mine is not None:
        form = {"version": str(mine.version), "worker": "{}"}
        worker = town.person("guoliang" if code == NEXT else "wangdashan")
        yield Swap("worker", "POST", f"{desk}/cases/{mine.key}/dispatch", form, worker.key)
        yield Swap("api worker", "POST", f"{api}/cases/{mine.key}/dispatch", {"worker": "{}"}, stranger.key)
        for field in ("unit", "about_unit"):
            yield Swap(f"{field}", "POST", f"{desk}/cases/{mine.key}/units", {field: "{}"}, unit.key)
    talk = world.things[f"conversation {'huimin' if code == NEXT else NEXT}"][0]
    yield Swap("line after", "GET", f"{desk}/inbox/{talk}/fresh?after={{}}", None, key["line"])
    yield Swap("older lines", "GET", f"{desk}/inbox/{talk}?older={{}}", None, key["line"])
    yield Swap("line", "GET", f"{desk}/inbox/{talk}/lines/{{}}", None, key["line"])
    yield Swap("voice", "GET", f"{desk}/inbox/{talk}/lines/{{}}/voice.amr", None, key["line"])
    yield Swap("answer about", "POST", f"{desk}/inbox/{talk}", {"text": "您好", "case": "{}"}, case.key)


def _of_the_grid(world: World, who: Who, code: str) -> Iterator[Swap]:
    """Patrols, visits and whistles of those who make them, with keys of elsewhere."""
    api, home = "/api/v1", NEXT if code == "huimin" else "huimin"
    there = {name: world.things[f"{name} {code}"][0] for name in ("household", "photo", "patrol", "visit")}
    case, unit = world.cases["handling there" if code == NEXT else "handling here"][0], _unit(world, code)
    at, grid = now().isoformat(), world.grids[home]
    if TABLE.anywhere(who, "visit.make"):
        visited = {"kind": "care", "met": True, "at": at}
        yield Swap("visited door", "POST", f"{api}/visits", visited | {"household": "{}"}, there["household"])
        yield Swap("visits of", "GET", f"{api}/visits?household={{}}", None, there["household"])
        yield Swap("visit cursor", "GET", f"{api}/visits?cursor={{}}", None, there["visit"])
        yield Swap("patrol cursor", "GET", f"{api}/patrols?cursor={{}}", None, there["patrol"])
        yield Swap("patrol items", "GET", f"{api}/patrols/items?community={{}}", None, case.key)
        doors = f"{api}/me/grids/{grid}/households"
        yield Swap("door cursor", "GET", f"{doors}?cursor={{}}", None, there["household"])
        yield Swap("doors of a building", "GET", f"{doors}?building={{}}", None, world.things[f"compound {code}"][0])
    if TABLE.anywhere(who, "patrol.make"):
        walk = {"grid": grid, "started_at": at, "ended_at": at}
        found = {"item": "manhole", "ok": False, "note": "盖子裂了"}
        yield Swap("patrolled grid", "POST", f"{api}/patrols", walk | {"grid": "{}", "checks": [found]},
                   world.grids[code])  # fmt: skip
        for field, value, key in (("photos", ["{}"], there["photo"]), ("case", "{}", case.key)):
            checked = walk | {"checks": [found | {field: value}]}
            yield Swap(f"patrol {field}", "POST", f"{api}/patrols", checked, key)
    for action, part in (("case.involve", "unit"), ("case.whistle", "whistle")):
        mine = next((one for one, what in world.cases.values() if TABLE.held(who, action, what)), None)
        if mine is not None:
            body = {"unit": "{}", "note": "要断电才能修"}
            yield Swap(f"{part} of elsewhere", "POST", f"{api}/cases/{mine.key}/{part}", body, unit.key)


def _unit(world: World, code: str) -> Unit:
    return Unit.get(Unit.community == world.town.community(code))


def filled(body: object, key: str) -> object:
    """A body with the id in its hole, however deep that lies."""
    if isinstance(body, dict):
        return {name: filled(value, key) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(value, key) for value in body]
    return body.replace("{}", key) if isinstance(body, str) else body


def seen(world: World, name: str, swap: Swap, key: str) -> tuple:
    """What somebody sees of an answer, without the id that was sent."""
    answer = world.answer(name, swap.method, swap.path.replace("{}", key), filled(swap.body, key))
    headers = sorted((one.lower(), value) for one, value in answer.headers if one.lower() not in OWN_OF_EACH)
    body = answer.get_data(as_text=True)
    answer.close()
    return answer.status_code, body.replace(key, "?"), [(one, value.replace(key, "?")) for one, value in headers]


def test_what_is_elsewhere_is_not_told_apart_from_what_never_was(walked):
    """Every swap of another kind, person or door, in an order drawn with a fixed seed."""
    database.connect(reuse_if_open=True)
    every = [(name, swap) for name in PEOPLE for swap in in_addresses(walked, name)]
    certain = [(name, swap) for name in PEOPLE for swap in in_bodies_and_queries(walked, name)]
    assert Person.select().count() and Case.select().count() > 50
    database.close()
    draw = random.Random(SEED)
    drawn = certain + draw.sample(every, SWAPS - len(certain))
    draw.shuffle(drawn)
    told: list[tuple] = []
    refusals: dict[str, tuple] = {}
    for name, swap in drawn:
        hole = str((name, swap.method, swap.path, swap.body))
        there, never = seen(walked, name, swap, swap.foreign), refusals.get(hole) or seen(walked, name, swap, new_key())
        if never[0] in (403, 404):
            # The same hole need not be asked twice for what never was; a page may change with the clock, a no does not.
            refusals[hole] = never
        if there != never:
            told.append((name, swap.kind, swap.path, there[0], never[0]))
    assert (told[:8], len(told)) == ([], 0)
    assert len(drawn) == SWAPS and len({swap.kind for _, swap in drawn}) >= 60


def test_an_id_of_another_kind_is_no_id_either(walked):
    """A photo's key where a case's belongs, a person's where a session's does: the same as one that never was."""
    database.connect(reuse_if_open=True)
    names = ("zhanglan", "chenjing", "hefang", "operator")
    there = {title.split()[0]: key for title, (key, _) in sorted(walked.things.items()) if title.endswith(NEXT)}
    thing_of = {key: title.split()[0] for title, (key, _) in walked.things.items()}
    draw = random.Random(SEED)
    holes = {name: [swap for swap in in_addresses(walked, name)] for name in names}
    database.close()
    told = []
    for name in names:
        for swap in draw.sample(holes[name], min(40, len(holes[name]))):
            fits = thing_of.get(swap.foreign, "case")
            same = next((one for one in SAME if fits in one), {fits})
            other = draw.choice([key for thing, key in there.items() if thing not in same])
            if seen(walked, name, swap, other) != seen(walked, name, swap, new_key()):
                told.append((name, swap.kind, swap.path))
    assert told == []
