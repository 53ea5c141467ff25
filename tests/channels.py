"""A town with one thing of every kind in two communities, and everything that somebody can try with them.

`tries` gives for a person each request at every door, with what the oracle (tests/oracle.py) says of it.
"""

import hashlib
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from app import guard
from app.factory import create_app
from app.rules import approval, session
from models import TABLES
from models.alert import Alert
from models.approval import Approval
from models.audit import Audit, AuditHead, AuditLink
from models.base import database, new_key, now, write
from models.case import Case, Photo, Step
from models.conversation import Conversation, Line
from models.delegation import Delegation
from models.event import Event
from models.export import Export
from models.glass import Glass
from models.improvement import Improvement
from models.letter import Letter
from models.notice import Notice
from models.patrol import Patrol
from models.person import Identity, Person, Residence
from models.personal import DataRequest
from models.place import Grid, Place, grid_of
from models.question import Question
from models.receipt import Receipt
from models.role import Role
from models.route import Route
from models.session import Session
from models.subcase import Subcase
from models.task_force import TaskForce, TaskForceMember
from models.topic import Topic
from models.unit import Unit, UnitContact
from models.visit import Visit
from models.voice import Voice
from models.whistle import Whistle
from tests.everybody import building_of, door
from tests.oracle import TABLE, Post, What, Who
from tests.town import Town

_numbers = itertools.count(1)
MANY = "100000/minute"
LIMITS = {
    f"DOORSTEP_LIMITS__{name}": MANY
    for name in (
        "REFUSALS", "CASES", "CASES_COMMUNITY", "LINES", "LINES_COMMUNITY", "EXPORTS", "PHOTOS", "SIGNIN", "LOGIN",
        "VOICES", "NEARBY", "INCIDENTS",
    )
}  # fmt: skip
EXCLUDED = {"reason": "withdrawn", "note": "本人电话要求撤回"}
#: What a refusal may leave behind.
TRACES = (Audit, AuditLink, AuditHead, Event, Session, Receipt)
HEAD_OF, DISTRICT, NEXT = "3号楼", "district_admin", "liuyin"
#: Who is there: the demo's people, and those appointed here, one for each column that the demo leaves out.
APPOINTED = {
    "building_head": "B", "volunteer": "V", "mediator": "M", "district_admin": "D", "operator": "X",
    "community_admin": "A",
}  # fmt: skip
PEOPLE = (
    "zhanglan", "zhaoqiang", "wangdashan", "liuyang", "chenjing", "hefang", "dengwei", *APPOINTED, "unit_contact",
    "party",
)  # fmt: skip


@dataclass
class Try:
    """One request that somebody makes, and whether the matrix allows it."""

    door: str
    method: str
    path: str
    allowed: bool
    body: dict | None = None
    #: What a form names wrongly is answered with this status and no row, as what never existed.
    unknown: int = 0


@dataclass
class World:
    """The town with one thing of every kind, here and elsewhere."""

    town: Town
    client: object
    people: dict[str, Who] = field(default_factory=dict)
    tokens: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    #: Cases by what they are, with their facts: "dispatched here", "handled own zhanglan".
    cases: dict[str, tuple[Case, What]] = field(default_factory=dict)
    things: dict[str, tuple[str, Place]] = field(default_factory=dict)
    path: str = ""
    pristine: sqlite3.Connection | None = None
    town_ids: dict[str, int] = field(default_factory=dict)
    doors: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    grids: dict[str, str] = field(default_factory=dict)
    guest: str = ""

    def keep(self) -> None:
        """Remember the database as it is."""
        self.pristine = sqlite3.connect(":memory:")
        with sqlite3.connect(self.path) as now_there:
            now_there.backup(self.pristine)
        now_there.close()

    def restore(self) -> None:
        """Let everything be as it was."""
        back = sqlite3.connect(self.path, timeout=20)
        self.pristine.backup(back)
        back.close()

    def digest(self) -> dict[str, str]:
        """What every table holds, apart from the traces of a refusal."""
        read = sqlite3.connect(self.path)
        found = {
            table._meta.table_name: hashlib.sha256(
                repr(read.execute(f'SELECT * FROM "{table._meta.table_name}"').fetchall()).encode()
            ).hexdigest()
            for table in TABLES if table not in TRACES
        }  # fmt: skip
        read.close()
        return found

    def written(self) -> list[tuple]:
        """(id, action, result) of the audit rows, without those of the chain."""
        read = sqlite3.connect(self.path)
        found = read.execute("SELECT id, action, result, subject FROM audit ORDER BY id").fetchall()
        read.close()
        return found

    def answer(self, name: str, method: str, path: str, body: dict | None = None):
        """The answer to a request of this person: a form at the desk, JSON at the API."""
        api, desk, form = self.tokens[name]
        if path.startswith("/console"):
            self.client.set_cookie("desk", desk, path="/console")
            data = {**(body or {}), "form_token": form} if method != "GET" else None
            return self.client.open(path, method=method, data=data)
        headers = {"Authorization": f"Bearer {api}", "Idempotency-Key": f"channel-{next(_numbers):08d}"}
        return self.client.open(path, method=method, json=body, headers=headers)

    def ask(self, name: str, one: Try) -> int:
        """The status of a try of this person."""
        answer = self.answer(name, one.method, one.path, one.body)
        answer.close()
        return answer.status_code


# -- the town ----------------------------------------------------------------------------------------------------------


def people_of(world: World) -> None:
    """Appoint whom the demo lacks, and write down what everybody is."""
    town = world.town
    huimin, other = town.community(), town.community(NEXT)
    street, far = town.community("huimin").parent, frozenset(
        town.community(code).id for code in ("huimin", "wenhua", "liuyin")
    )
    here, there = frozenset({huimin.id}), frozenset({other.id})
    grids = {code: Grid.get(Grid.code == code).id for code in ("huimin-1", "huimin-2", "liuyin-1")}
    unit = Unit.get(Unit.community == huimin, Unit.name == "安居物业")
    posts: dict[str, tuple[Post, ...]] = {
        "zhanglan": (Post("R", here), Post("O", here)), "sunmei": (Post("R", here), Post("O", here)),
        "masuhua": (Post("R", there), Post("O", there)), "zhaoqiang": (),
        "wangdashan": (Post("W", here, grid=grids["huimin-1"]),),
        "liuyang": (Post("W", here, grid=grids["huimin-2"]),),
        "guoliang": (Post("W", there, grid=grids["liuyin-1"]),),
        "chenjing": (Post("A", here),), "hefang": (Post("A", there),),
        "dengwei": (Post("S", frozenset({huimin.id, town.community("wenhua").id})),),
        "unit_contact": (Post("U", here, unit=unit.id),), "party": (),
    }  # fmt: skip
    for name in (*APPOINTED, "unit_contact", "party"):
        person = Person.create(name=f"某{name[:4]}", unionid=f"demo-union-{name}", phone="13700000000")
        for account, kind in (("official", "official"), ("mini", "miniprogram")):
            Identity.create(person=person, account=account, kind=kind, openid=f"o{account}-{name}")
    for kind, column in APPOINTED.items():
        place = {"building_head": town.building(HEAD_OF), "district_admin": street.parent, "operator": street.parent}
        seat = place.get(kind, huimin)
        Role.create(person=town.person(kind), place=seat, kind=kind)
        wide = kind in ("district_admin", "operator")
        posts[kind] = (
            Post(column, far if wide else here, building=seat.id if kind == "building_head" else None),
        )  # fmt: skip
    UnitContact.create(unit=unit, person=town.person("unit_contact"))
    for name in (*PEOPLE, "masuhua"):
        person = town.person(name)
        world.people[name] = Who(name, person.id, posts[name], frozenset({person.id}))
        api = session.open_session(person, door="api", lasts=timedelta(days=1))[1]
        opened, desk = session.open_session(person, door="console", lasts=timedelta(hours=9))
        with world.client.application.app_context():
            world.tokens[name] = (api, desk, guard.form_token(opened))
        spare = session.open_session(person, door="api", lasts=timedelta(days=1))[0]
        world.things[f"session {name}"] = (spare.key, huimin)


def case_of(world: World, title: str, code: str, state: str, reporter: str, place: Place, **more) -> Case:
    told = more.pop("told", False)
    community = world.town.community(code)
    row = Case.create(
        community=community, number=next(_numbers) + 3000, channel="chat", words="楼道灯不亮", state=state,
        category=world.town.category("street_light", code), first_category=world.town.category("street_light", code),
        place=place, grid=grid_of(place), reporter=world.town.person(reporter), version=1,
        handled_at=now() if state == "handled" else None, party_told_at=now() if told else None, **more,
    )  # fmt: skip
    world.cases[title] = row, What(
        row.id, community.id, state, row.reporter_id, building_of(place), row.grid_id, row.handler_id, row.unit_id,
        row.about_id, row.about_unit_id, told,
    )  # fmt: skip
    return row


def things_of(world: World) -> None:
    """One of everything, in 惠民社区 and in 柳荫社区; and for everybody an own case and a task."""
    town = world.town
    here, there = town.building("3号楼"), town.building("1号楼", "柳荫里")
    away = town.building("1号楼", "阳光花苑")
    unit = Unit.get(Unit.community == town.community(), Unit.name == "安居物业")
    for state in ("dispatched", "handling", "handled"):
        worker = {"handler": town.person("wangdashan")}, {"handler": town.person("guoliang")}
        case_of(world, f"{state} here", "huimin", state, "zhanglan", here, unit=unit, **worker[0])
        case_of(world, f"{state} there", NEXT, state, "masuhua", there, **worker[1])
    # Whose work is checked is nobody who tries: another pair of eyes is somebody else.
    case_of(world, "checking here", "huimin", "checking", "sunmei", here, handler=town.person("masuhua"))
    case_of(world, "checking there", NEXT, "checking", "masuhua", there, handler=town.person("guoliang"))
    case_of(world, "reported here", "huimin", "reported", "zhanglan", here)
    case_of(world, "reported there", NEXT, "reported", "masuhua", there)
    case_of(world, "told", "huimin", "handling", "zhanglan", here, about=town.person("party"), told=True)
    Step.create(
        case=world.cases["told"][0], verb="tell_party", from_state="handling", to_state="handling", note="请注意",
        actor_role="community_admin",
    )  # fmt: skip
    for name in PEOPLE:
        for state in ("dispatched", "handled"):
            case_of(world, f"{state} own {name}", NEXT, state, name, there)
        case_of(world, f"handling task {name}", "huimin", "handling", "sunmei", away, handler=town.person(name))
    for code, reporter, admin, compound in (
        ("huimin", "zhanglan", "chenjing", "幸福家园"), (NEXT, "masuhua", "hefang", "柳荫里"),
    ):  # fmt: skip
        _things_in(world, code, town.person(reporter), town.person(admin), compound)


def _things_in(world: World, code: str, resident: Person, admin: Person, compound: str) -> None:
    town, community = world.town, world.town.community(code)
    house = door(town, compound, "3号楼", "1单元", "101")
    guest, worker = town.person("zhaoqiang"), town.person("wangdashan" if code == "huimin" else "guoliang")
    talk = Conversation.create(community=community, person=resident, waiting_since=now())
    line = Line.create(conversation=talk, author="resident", speaker=resident, kind="voice", text="请问几点开门")
    sound = f"voices/{new_key()}.amr"
    town.context.files.put(sound, b"#!AMR\n", "audio/amr")
    Line.update(recording=sound).where(Line.id == line.id).execute()
    case = world.cases["handling here" if code == "huimin" else "handling there"][0]
    photo = Photo.create(key=new_key(), uploader=resident, case=case, sha256="0" * 64, width=4, height=3)
    for variant in ("", ".thumb"):
        town.context.files.put(f"photos/{photo.key}{variant}.jpg", b"JPEG", "image/jpeg")
    letter = Letter.create(
        event="x", event_key=f"x:{code}", community=community, person=resident, kind="case_progress", channel="chat",
        identity=town.identity(resident.unionid.removeprefix("demo-union-")), state="failed", expires_at=now(),
        content={"text": "进度"}, outcome="user_block",
    )  # fmt: skip
    list_file = f"exports/{new_key()}.csv"
    town.context.files.put(list_file, b"csv", "text/csv")
    export = Export.create(
        kind="cases", community=community, asked_by=admin, file=list_file, until=now() + timedelta(hours=9)
    )
    copy_file = f"copies/{new_key()}.zip"
    town.context.files.put(copy_file, b"zip", "application/zip")
    copy = DataRequest.create(
        person=resident, kind="export", state="done", due_at=now(), file=copy_file,
        file_until=now() + timedelta(hours=9),
    )  # fmt: skip
    team = TaskForce.create(
        community=community, compound=Place.get(Place.community == community, Place.name == compound), name="创城专班",
        created_by=admin,
    )  # fmt: skip
    for thing, row in {
        "conversation": talk, "line": line, "photo": photo, "letter": letter, "export": export, "copy": copy,
        "household": house, "community": community,
        "residence": Residence.create(person=guest, household=house, relation="tenant"),
        "delegation": Delegation.create(
            kind="family", principal=resident, agent=guest, community=community, relation="son"
        ),
        "standing": Delegation.create(
            kind="family", principal=Person.create(name="某父亲"), agent=Person.create(name="某女儿"),
            community=community, relation="daughter", state="confirmed",
            confirmed_at=now(),
        ),
        "alert": Alert.create(place=community, kind="budget_spent", words="请核实", person=guest),
        "compound": Place.get(Place.community == community, Place.name == compound),
        "notice": Notice.create(
            community=community, place=Place.get(Place.community == community, Place.name == compound), kind="life",
            title="周六开门", body="大厅周六上午开门", sent_by=admin,
        ),
        "voice": Voice.create(uploader=resident, format="mp3", seconds=3, size=9),
        "route": Route.create(
            community=community, position=1, name="试用", target={"mode": "rotate"}, active=False, changed_by=admin
        ),
        "patrol": Patrol.create(
            community=community, grid=grid_of(house), worker=worker, started_at=now(), ended_at=now()
        ),
        "visit": Visit.create(
            community=community, household=house, visitor=worker, kind="care", met=True, at=now(), note="老人独居"
        ),
        "glass": Glass.create(
            person=town.person("dengwei"), case=case, action="photo.read", reason="核实", ends_at=now()
        ),
        "appointment": Approval.create(
            action="role.appoint", community=community, words="任命", asked_by=admin, expires_at=now() + approval.LASTS,
            payload={"person": guest.id, "place": community.id, "kind": "volunteer", "grid": None},
        ),
        "list": Approval.create(
            action="case.export", community=community, words="导出", asked_by=admin, expires_at=now() + approval.LASTS,
            payload={"community": community.id},
        ),
        "improvement": Improvement.create(
            community=community, compound=Place.get(Place.community == community, Place.name == compound),
            kind="public_board", quantity=12, unit="块", day=date(2026, 10, 12), recorded_by=admin,
        ),
        "question": Question.create(case=case, text="几号楼？", asked_by=admin, due_at=now()),
        "topic": Topic.create(
            community=community, place=case.place, category=case.category, times=3, first_at=now(), last_at=now()
        ),
        "team": team, "asked": TaskForceMember.create(task_force=team, kind="volunteer", person=guest),
        "role": Role.create(person=guest, place=community, kind="volunteer", starts_at=now() - timedelta(days=1)),
    }.items():  # fmt: skip
        world.things[f"{thing} {code}"] = (row.key, community)
    _whistle_in(world, code, case, admin)
    # The volunteer's part is only there to be ended: it is somebody else's.
    other = Person.create(name="某志愿者")
    Role.update(person=other).where(Role.key == world.things[f"role {code}"][0]).execute()


def _whistle_in(world: World, code: str, case: Case, admin: Person) -> None:
    """A whistle with a call that waits for an answer, and one to which its unit objected."""
    community = world.town.community(code)
    unit = case.unit or Unit.create(community=community, name="某物业", kind="property_company")
    other = Unit.create(community=community, name="某电信公司", kind="utility_company")
    row = Whistle.create(case=case, kind="key_work", state="blown", reason="抢修", raised_by=admin, due_at=now())
    asked = {"case": case, "whistle": row, "kind": "call", "words": "请带抽水泵", "due_at": now()}
    for thing, made in {
        "whistle": row, "unit": unit, "call": Subcase.create(unit=unit, lead=True, **asked),
        "objected": Subcase.create(unit=other, state="refused", **asked),
    }.items():  # fmt: skip
        world.things[f"{thing} {code}"] = (made.key, community)


def build(town: Town, path: str = "") -> World:
    """The town of this connection, full of things, with a client at all its doors."""
    database.close_all()
    found = World(town, create_app(town.settings).test_client(), path=path)
    found.client.town = town
    database.connect(reuse_if_open=True)
    with write():
        people_of(found)
        things_of(found)
    found.town_ids = {code: town.community(code).id for code in ("huimin", NEXT)}
    for code in ("huimin", NEXT):
        house = Place.get(Place.key == found.things[f"household {code}"][0])
        found.doors[code] = (building_of(house), grid_of(house).id)
        found.grids[code] = grid_of(house).key
    found.guest = town.person("zhaoqiang").key
    database.close()
    return found


# -- what everybody tries ----------------------------------------------------------------------------------------------

#: The verbs of a case, each towards a case whose state allows it.
VERBS = {
    "dispatch": "dispatched", "reject": "dispatched", "withdraw": "dispatched", "accept": "dispatched",
    "grab": "reported", "transfer": "dispatched",
    "return_back": "dispatched", "make_safe": "handling", "handle": "handling", "confirm": "handled",
    "reopen": "handled",
    "contact": "handling", "extend": "handling", "plan": "handling", "plan_note": "handling",
    "merge": "handling", "apart": "handling", "object": "handling",
    "hand_over": "dispatched", "pass_check": "checking", "rework": "checking", "keep": "handled",
}  # fmt: skip
REASON = "核实住户反映的情况"


def cases_for(name: str) -> list[str]:
    """The cases that somebody asks for: here, elsewhere, one's own, one's task, and one that complains."""
    return [
        "reported here", "reported there", "checking here", "checking there",
        "dispatched here", "handling here", "handled here", "dispatched there", "handling there", "handled there",
        "told", f"dispatched own {name}", f"handled own {name}", f"handling task {name}",
    ]  # fmt: skip


def tries(world: World, name: str) -> Iterator[Try]:
    """Everything that this person tries, at every door."""
    who = world.people[name]
    yield from _plain(who, world)
    for title in cases_for(name):
        yield from _api_case(who, *world.cases[title])
        # Whoever has no part at the desk is sent away before anything is looked at: once a door is enough.
        if TABLE.anywhere(who, "desk.read") or title == "handling here":
            yield from _desk_case(who, *world.cases[title])
    for code in ("huimin", NEXT):
        yield from _api_things(world, who, code)
        yield from _figure_things(world, who, code)
        if TABLE.anywhere(who, "desk.read") or code == "huimin":
            yield from _desk_things(world, who, code)


def _plain(who: Who, world: World) -> Iterator[Try]:
    """The doors that name nothing: open to whoever holds their right somewhere."""
    own = TABLE.anywhere(who, "desk.read")
    for method, path, action, body in (
        ("GET", "/me", "me.read", None), ("PUT", "/me/name", "me.write", {"name": "新名"}),
        ("POST", "/me/phone", "me.write", {"code": "x"}), ("POST", "/me/age", "me.write", {"group": "adult"}),
        ("GET", "/me/households", "me.read", None), ("GET", "/me/requests", "me.read", None),
        ("POST", "/me/exports", "me.export", None), ("POST", "/me/erasure", "me.erase", None),
        ("DELETE", "/me/erasure", "me.erase", None), ("GET", "/me/readers", "me.readers", None),
        ("POST", "/me/households", "household.bind", {"code": "AAAA"}), ("GET", "/sessions", "session.list", None),
        ("POST", "/sessions/renew", "session.end", None), ("POST", "/logout", "session.end", None),
        ("GET", "/consents", "consent.read", None), ("GET", "/delegations", "delegation.list", None),
        ("POST", "/consents", "consent.write", {"kind": "privacy", "version": 1, "answer": "given"}),
        ("POST", "/delegations", "delegation.ask", {"kind": "family", "relation": "son"}),
        ("GET", "/places", "place.read", None), ("GET", "/subscriptions", "me.read", None),
        ("POST", "/cases", "case.report", {"words": "灯不亮", "community": world.things["community huimin"][0]}),
        ("GET", "/cases?mine=all", "case.list", None), ("GET", "/public/cases", "case.read_public", None),
        ("GET", "/unit/cases", "case.read_unit", None), ("GET", "/party/cases", "case.visit", None),
        ("POST", "/photos", "photo.add", {"no": "photo"}), ("POST", "/voices", "voice.add", {"no": "voice"}),
        ("POST", "/suggestions", "category.read", {"community": world.things["community huimin"][0], "words": "灯"}),
        ("POST", "/nearby", "case.report", {"community": world.things["community huimin"][0]}),
        ("GET", "/follows", "case.list", None), ("GET", "/conversation", "conversation.read", None),
        ("POST", "/conversation/lines", "conversation.speak", {"text": "你好"}),
        ("POST", "/conversation/photos", "conversation.speak", {"photo": "abc"}),
        ("GET", "/notices", "notice.read", None), ("GET", "/door", "me.read", None),
        ("GET", "/incidents/kinds", "incident.raise", None), ("POST", "/incidents", "incident.raise", {}),
        ("GET", "/me/grids", "grid.read", None), ("GET", "/patrols", "patrol.read", None),
        ("GET", "/visits", "visit.list", None),
        ("GET", "/subcases", "subcase.read", None), ("GET", "/whistles", "subcase.decide", None),
        ("GET", "/tasks", "task.list", None), ("GET", "/residences", "residence.list", None),
    ):  # fmt: skip
        right = "case.read_party" if action == "case.visit" else action
        allowed = True if right == "case.read_party" else TABLE.anywhere(who, action)
        yield Try(path, method, f"/api/v1{path}", allowed, body)
    for path, action in (
        ("/", "desk.read"), ("/rooms", "desk.read"), ("/inbox", "inbox.read"), ("/cases", "case.read"),
        ("/letters", "letter.read"),
        ("/residences", "residence.confirm"), ("/delegations", "delegation.decide"),
        ("/notices", "notice.send"), ("/notices/new", "notice.send"),
        ("/households", "household.code"), ("/place-codes", "place.code"),
        ("/people", "role.appoint"), ("/approvals", "approval.decide"),
        ("/whistles", "subcase.decide"), ("/units", "unit.write"),
        ("/alerts", "alert.read"), ("/exports", "case.export"), ("/audit", "audit.read"),
        ("/audit/export.jsonl", "audit.export"), ("/security", "credential.write"), ("/live", "desk.read"),
        ("/improvements", "improvement.read"), ("/improvements/table.csv", "improvement.read"),
        ("/task-forces", "task_force.read"),
        ("/categories", "category.write"), ("/classes", "category.write"), ("/topics", "topic.read"),
        ("/extensions", "case.extend"), ("/calendar", "calendar.read"),
    ):  # fmt: skip
        yield Try(path, "GET", f"/console{path}", own and TABLE.anywhere(who, action))
    for path, action in (
        ("/security/password", "credential.write"), ("/security/confirm", "credential.write"),
        ("/security/change", "credential.write"), ("/security/remove", "credential.write"),
    ):  # fmt: skip
        allowed = own and TABLE.anywhere(who, action)
        # Who has no password yet has none to confirm, change or remove either: 404 as for anything that is not there.
        if path == "/security/password" or not allowed:
            yield Try(path, "POST", f"/console{path}", allowed, {"login": "x"})
    if not TABLE.anywhere(who, "credential.write"):
        yield Try("/security/totp.svg", "GET", "/console/security/totp.svg", False)
    for path in ("/calendar/preview", "/calendar"):
        allowed = own and TABLE.anywhere(who, "calendar.write")
        yield Try(path, "POST", f"/console{path}", allowed, {"text": "明年放三天"})
    for path in ("/security/others", "/signout"):
        yield Try(path, "POST", f"/console{path}", True)


def _api_case(who: Who, case: Case, what: What) -> Iterator[Try]:
    def held(action: str) -> bool:
        return bool(TABLE.held(who, action, what))

    base, read = f"/api/v1/cases/{case.key}", held("case.read")
    for verb, state in VERBS.items():
        if state == what.state:
            yield Try(f"/cases/<key>/{verb}", "POST", f"{base}/{verb}", read and held(f"case.{verb}"), {"note": "好"})
    if what.state != "handling" and what.reporter != who.id:
        return
    yield Try("/cases/<key>", "GET", base, read)
    yield Try("/cases/<key>/judgement", "GET", f"{base}/judgement", read)
    if what.state == "handling":
        asks = read and held("case.ask")
        yield Try("/cases/<key>/questions", "POST", f"{base}/questions", asks, {"text": "几号楼？"})
    labels = read and held("case.classify")
    yield Try("GET /cases/<key>/class", "GET", f"{base}/class", labels)
    yield Try("POST /cases/<key>/class", "POST", f"{base}/class", labels, {"category": "street_light"})
    yield Try("/cases/<key>/notes", "POST", f"{base}/notes", read and held("case.note"), {"note": "补充一句"})
    yield Try("/cases/<key>/reporter", "POST", f"{base}/reporter", read and held("person.reveal"), {"reason": REASON})
    yield Try("/cases/<key>/colleagues", "GET", f"{base}/colleagues", read and held("case.transfer"))
    yield Try("/cases/<key>/unit", "POST", f"{base}/unit", read and held("case.involve"), {"unit": None})
    yield Try("/cases/<key>/exclusion", "POST", f"{base}/exclusion", read and held("case.exclude"), EXCLUDED)
    yield Try("/cases/<key>/whistle", "POST", f"{base}/whistle", read and held("case.whistle"), {"note": "要断电"})
    yield Try("/cases/<key>/subcases", "POST", f"{base}/subcases", read and held("case.split"),
              {"kind": "decision", "words": "开业主会"})  # fmt: skip
    yield Try("/cases/<key>/whistles", "POST", f"{base}/whistles", read and held("whistle.blow"),
              {"kind": "key_work", "reason": "抢修", "units": [{"unit": "none", "lead": True}]})  # fmt: skip
    yield Try("/cases/<key>/evidence", "GET", f"{base}/evidence", read and held("subcase.read"))
    yield Try("/cases/<key>/extension", "POST", f"{base}/extension", read and held("case.extend"),
              {"kind": "extension", "reason": REASON})  # fmt: skip
    yield Try("/cases/<key>/extensions", "GET", f"{base}/extensions", read)
    merges = read and held("case.merge")
    yield Try("/cases/<key>/same", "GET", f"{base}/same", merges or (read and held("case.unmerge")))
    yield Try("/cases/<key>/bundle", "POST", f"{base}/bundle", merges)
    told = what.about is None and held("case.read_public")
    # Of the own one says that it is the own; of what one cannot see there is nothing to follow, or to give up.
    seen = what.about is None and held("case.follow")
    own = what.reporter == who.id and TABLE.anywhere(who, "case.follow")
    yield Try("/cases/<key>/follow", "POST", f"{base}/follow", seen or own)
    yield Try("/cases/<key>/follow", "DELETE", f"{base}/follow", seen)
    yield Try("/public/cases/<key>", "GET", f"/api/v1/public/cases/{case.key}", told)
    yield Try("/unit/cases/<key>", "GET", f"/api/v1/unit/cases/{case.key}", held("case.read_unit"))
    yield Try("/party/cases/<key>", "GET", f"/api/v1/party/cases/{case.key}", held("case.read_party"))


def _desk_case(who: Who, case: Case, what: What) -> Iterator[Try]:
    def held(action: str) -> bool:
        return bool(TABLE.held(who, action, what))

    there = bool(TABLE.held_in(who, "desk.read", what.community, None, None))
    base, read = f"/console/cases/{case.key}", held("case.read") and there
    for verb, state in (*VERBS.items(), ("note", what.state)):
        if state == what.state:
            form = {"note": "好", "version": str(case.version)}
            yield Try(f"desk {verb}", "POST", f"{base}/{verb}", read and held(f"case.{verb}"), form)
    if what.state != "handling":
        return
    yield Try("desk /cases/<key>", "GET", base, read)
    form = {"category": "street_light", "version": str(case.version)}
    yield Try("desk class", "POST", f"{base}/class", read and held("case.classify"), form)
    yield Try("desk reporter", "POST", f"{base}/reporter", read and held("person.reveal"), {"reason": REASON})
    yield Try("desk ask", "POST", f"{base}/questions", read and held("case.ask"), {"text": "几号楼？"})
    yield Try("desk exclusion", "POST", f"{base}/exclusion", read and held("case.exclude"), EXCLUDED)
    yield Try("desk units", "POST", f"{base}/units", read and held("case.involve"), {})
    yield Try("desk evidence", "GET", f"{base}/evidence", read and held("subcase.read"))
    yield Try("desk blow", "POST", f"{base}/whistles", read and held("whistle.blow"), {})
    yield Try("desk split", "POST", f"{base}/subcases", read and held("case.split"), {})
    yield Try("desk same", "POST", f"{base}/same", read and held("case.merge"), {"what": "these"})
    yield Try("desk party", "POST", f"{base}/party", read and held("case.involve"), {"note": "有居民反映噪声"})
    for action in ("photo.read", "case.see_place", "person.reveal", "veil.lift", "case.read"):
        breaks = TABLE.behind_glass(who, action, what) and (there or held("case.read"))
        body = {"action": action, "reason": REASON}
        yield Try(f"desk glass {action}", "POST", f"{base}/glass", breaks and TABLE.anywhere(who, "desk.read"), body)


def _api_things(world: World, who: Who, code: str) -> Iterator[Try]:
    def key(thing: str) -> str:
        return world.things[f"{thing} {code}"][0]

    community = world.town_ids[code]
    building, grid = world.doors[code]

    def held(action: str, over_door: bool = False) -> bool:
        return bool(TABLE.held_in(who, action, community, *((building, grid) if over_door else (None, None))))

    resident = "zhanglan" if code == "huimin" else "masuhua"
    api = "/api/v1"
    yield Try("/households/<key>/codes", "POST", f"{api}/households/{key('household')}/codes",
              held("household.code", True))  # fmt: skip
    yield Try("/communities/<key>/workers", "GET", f"{api}/communities/{key('community')}/workers", held("worker.list"))
    yield Try("/communities/<key>/topics", "GET", f"{api}/communities/{key('community')}/topics", held("topic.read"))
    yield Try("/topics/<key>/take", "POST", f"{api}/topics/{key('topic')}/take", held("topic.decide"), {})
    yield Try("/communities/<key>/routes", "GET", f"{api}/communities/{key('community')}/routes", held("route.read"))
    works = any(post.column == "W" and community in post.communities for post in who.posts)
    yield Try("/cases/spot", "POST", f"{api}/cases/spot", works,
              {"words": "井盖已盖好", "community": key("community"), "after": ["abcdefgh"]})  # fmt: skip
    yield from _grid_things(world, who, code, held)
    yield from _pieces(world, who, code)
    confirm = held("residence.confirm", True)
    for decision in ("confirm", "refuse"):
        path = f"{api}/residences/{key('residence')}/{decision}"
        yield Try("/residences/<key>/<decision>", "POST", path, confirm)
    yield Try("/residences/<key>/reveal", "POST", f"{api}/residences/{key('residence')}/reveal", confirm,
              {"reason": REASON})  # fmt: skip
    mine = f"{api}/me/households/{key('residence')}"
    yield Try("/me/households/<key>", "DELETE", mine, who.name == "zhaoqiang")
    yield Try("/me/exports/<key>/file", "GET", f"{api}/me/exports/{key('copy')}/file", who.name == resident)
    of_it = who.name in (resident, "zhaoqiang")
    yield Try("/delegations/<key>/end", "POST", f"{api}/delegations/{key('delegation')}/end", of_it)
    spare = world.things[f"session {resident}"][0]
    yield Try("/sessions/<key>", "DELETE", f"{api}/sessions/{spare}", who.name == resident)
    yield Try("/notices/<key>", "GET", f"{api}/notices/{key('notice')}", held("notice.read"))
    board = f"{api}/notices?community={key('community')}"
    yield Try("/notices?community", "GET", board, held("notice.read"))
    yield Try("/categories", "GET", f"{api}/categories?community={key('community')}", True)


def _pieces(world: World, who: Who, code: str) -> Iterator[Try]:
    """A whistle and its calls: only the unit called, or the community for it, answers; the street decides."""
    what = world.cases["handling here" if code == "huimin" else "handling there"][1]
    call, objected, whistle = (world.things[f"{thing} {code}"][0] for thing in ("call", "objected", "whistle"))

    def held(action: str) -> bool:
        return bool(TABLE.held(who, action, what))

    api, called = "/api/v1", bool(set("UA") & set(who.columns()))
    asked, read = f"{api}/questions/{world.things[f'question {code}'][0]}", held("case.read")
    yield Try("/questions/<key>/answer", "POST", f"{asked}/answer", read and held("case.answer"), {"text": "三号楼"})
    yield Try("/questions/<key>/withdraw", "POST", f"{asked}/withdraw", read and held("case.ask"))
    yield Try("/subcases/<key>", "GET", f"{api}/subcases/{call}", held("subcase.read"))
    yield Try("/subcases/<key>/accept", "POST", f"{api}/subcases/{call}/accept", held("subcase.act") and called, {})
    yield Try("/subcases/<key>/drop", "POST", f"{api}/subcases/{objected}/drop", held("subcase.decide"), {"note": "x"})
    base = f"{api}/whistles/{whistle}"
    yield Try("/whistles/<key>/cancel", "POST", f"{base}/cancel", held("whistle.blow"), {"note": "不用了"})
    yield Try("/whistles/<key>/confirm", "POST", f"{base}/confirm", held("whistle.confirm"), {})


def _desk_pieces(world: World, who: Who, code: str, held_there: Callable[..., bool]) -> Iterator[Try]:
    what = world.cases["handling here" if code == "huimin" else "handling there"][1]
    call, objected, whistle, unit = (
        world.things[f"{thing} {code}"][0] for thing in ("call", "objected", "whistle", "unit")
    )

    def held(action: str) -> bool:
        read, there = TABLE.held(who, "case.read", what), held_there("desk.read")
        return there and bool(read and TABLE.held(who, action, what))

    asked = f"/console/questions/{world.things[f'question {code}'][0]}/withdraw"
    yield Try("desk question", "POST", asked, held("case.ask"), {})
    yield Try("desk piece", "POST", f"/console/subcases/{objected}/drop", held("subcase.decide"), {"note": "不用了"})
    yield Try("desk link", "POST", f"/console/subcases/{call}/link", held("whistle.blow"), {})
    yield Try("desk whistle", "POST", f"/console/whistles/{whistle}/cancel", held("whistle.blow"), {"note": "不用了"})
    writes, community = held_there("unit.write"), world.things[f"community {code}"][0]
    unknown = 404 if TABLE.anywhere(who, "desk.read") and TABLE.anywhere(who, "unit.write") and not writes else 0
    yield Try("desk add unit", "POST", "/console/units", writes, {"community": community, "kind": "co_unit"}, unknown)
    yield Try("desk unit", "POST", f"/console/units/{unit}/serve", writes, {})


def _grid_things(world: World, who: Who, code: str, held: Callable[..., bool]) -> Iterator[Try]:
    """The grid, its patrols and visits; a patrol is for its workers alone."""
    api, community = "/api/v1", world.things[f"community {code}"][0]
    house, grid = world.things[f"household {code}"][0], world.grids[code]
    at = now().isoformat()
    yield Try("/places/<key>", "GET", f"{api}/places/{house}", True)
    yield Try("/communities/<key>/units", "GET", f"{api}/communities/{community}/units", held("unit.list"))
    yield Try("/patrols/items", "GET", f"{api}/patrols/items?community={community}", held("patrol.item"))
    doors = f"{api}/me/grids/{grid}/households"
    yield Try("/me/grids/<key>/households", "GET", doors, held("grid.read", True))
    checks = [{"item": "manhole", "ok": True}]
    yield Try("POST /patrols", "POST", f"{api}/patrols", held("patrol.make", True),
              {"grid": grid, "started_at": at, "ended_at": at, "checks": checks},
              422 if TABLE.anywhere(who, "patrol.make") else 0)  # fmt: skip
    yield Try("POST /visits", "POST", f"{api}/visits", held("visit.make", True),
              {"household": house, "kind": "care", "met": True, "at": at},
              422 if TABLE.anywhere(who, "visit.make") else 0)  # fmt: skip
    yield Try("/visits?household", "GET", f"{api}/visits?household={house}", held("visit.read", True))


def _routes(key: Callable[[str], str], held: Callable[..., bool], elsewhere: bool) -> Iterator[Try]:
    """The routing rules of a community at the desk."""
    there, row = f"?community={key('community')}", f"/console/routes/{key('route')}"
    read, write_them = held("route.read"), held("route.write")
    yield Try("desk routes", "GET", f"/console/routes{there}", read)
    yield Try("desk try routes", "GET", f"/console/routes/trial{there}", read)
    yield Try("desk new route", "GET", f"/console/routes/new{there}", write_them)
    form = {"community": key("community"), "name": "新规则", "to": "mode:rotate"}
    yield Try("desk add route", "POST", "/console/routes", write_them, form, 404 if elsewhere else 0)
    yield Try("desk route", "GET", row, write_them)
    yield Try("desk edit route", "POST", row, write_them, form)
    yield Try("desk press route", "POST", f"{row}/off", write_them)


def _figure_things(world: World, who: Who, code: str) -> Iterator[Try]:
    """Figures, the ledger and the teams, at the API and at the desk."""
    api, console, desk = "/api/v1", "/console", TABLE.anywhere(who, "desk.read")
    community = world.town_ids[code]
    key = {thing: world.things[f"{thing} {code}"][0] for thing in ("community", "compound", "improvement", "team",
                                                                    "asked")}  # fmt: skip
    unit = Unit.select().where(Unit.community == community).first()

    def held(action: str) -> bool:
        return bool(TABLE.held_in(who, action, community, None, None))

    # Sums are given of the own place alone: to an operator of the district, not of a community in it.
    cells = TABLE.cells["statistics.read"]
    adds = [post for post in who.posts if "Σ" in "".join(cells.get(post.column, ())) and community in post.communities]
    figures = held("statistics.read") or any(post.column != "X" for post in adds)
    yield Try("/statistics", "GET", f"{api}/statistics?place={key['community']}", figures)
    if desk:
        yield Try("desk /statistics", "GET", f"{console}/statistics?place={key['community']}", figures)
        yield Try("desk figures", "GET", f"{console}/statistics/table.csv?place={key['community']}", figures)
    ledger, line = f"{api}/communities/{key['community']}/improvements", f"improvements/{key['improvement']}/withdraw"
    body = {"compound": key["compound"], "kind": "road_repair", "quantity": 3, "day": "2026-10-12"}
    yield Try("GET ledger", "GET", ledger, held("improvement.read"))
    yield Try("POST ledger", "POST", ledger, held("improvement.write"), body)
    yield Try("withdraw line", "POST", f"{api}/{line}", held("improvement.write"), {"reason": REASON})
    teams, team = f"{api}/communities/{key['community']}/task_forces", f"{api}/task_forces/{key['team']}"
    reads, writes = held("task_force.read"), held("task_force.write")
    kind = "community" if writes else "volunteer"
    yield Try("GET teams", "GET", teams, reads)
    yield Try("POST teams", "POST", teams, writes, {"compound": key["compound"]})
    yield Try("GET team", "GET", team, reads)
    yield Try("POST join", "POST", f"{team}/join", reads and (writes or held("task_force.join")), {"kind": kind})
    yield Try("POST leave", "POST", f"{team}/leave", reads, {})
    yield Try("POST end", "POST", f"{team}/end", writes, {})
    yield Try("POST unit", "POST", f"{team}/units", writes, {"unit": unit.key})
    yield Try("POST member", "POST", f"{team}/members/{key['asked']}", writes, {"admitted": True})
    if not desk and code != "huimin":
        return
    mine, page = desk and writes, f"{console}/task-forces/{key['team']}"
    yield Try("desk team", "GET", page, desk and reads)
    for path, form in (("end", {}), ("join", {}), ("units", {"unit": unit.key})):
        yield Try(f"desk {path} team", "POST", f"{page}/{path}", mine, form)
    yield Try("desk member", "POST", f"{page}/members/{key['asked']}", mine, {"answer": "yes"})
    yield Try("desk line", "POST", f"{console}/{line}", desk and held("improvement.write"), {"reason": REASON})
    for words, path, action, form in (
        ("line", "improvements", "improvement.write", body),
        ("team", "task-forces", "task_force.write", {"compound": key["compound"]}),
    ):
        # A compound of elsewhere, named in a form, is answered as one that never was.
        unknown = 404 if desk and TABLE.anywhere(who, action) and not held(action) else 0
        yield Try(f"desk add {words}", "POST", f"{console}/{path}", desk and held(action), form, unknown)


def _desk_things(world: World, who: Who, code: str) -> Iterator[Try]:
    def key(thing: str) -> str:
        return world.things[f"{thing} {code}"][0]

    community = world.town_ids[code]
    building, grid = world.doors[code]
    desk = TABLE.anywhere(who, "desk.read")

    def held(action: str, over_door: bool = False) -> bool:
        inside = (building, grid) if over_door else (None, None)
        return desk and bool(TABLE.held_in(who, action, community, *inside))

    yield from _desk_pieces(world, who, code, held)
    yield from _routes(key, held, desk and TABLE.anywhere(who, "route.write"))
    talk, line = f"/console/inbox/{key('conversation')}", key("line")
    for path in ("", "/fresh", f"/lines/{line}", f"/lines/{line}/voice.amr"):
        yield Try(f"desk inbox {path[:6]}", "GET", f"{talk}{path}", held("inbox.read"))
    yield Try("desk answer", "POST", talk, held("conversation.answer"), {"text": "师傅在路上"})
    reveal = held("inbox.read") and held("person.reveal")
    yield Try("desk speaker", "POST", f"{talk}/person", reveal, {"reason": REASON})
    asked = f"/console/residences/{key('residence')}"
    yield Try("desk residence", "POST", asked, held("residence.confirm", True), {"answer": "yes"})
    yield Try("desk asker", "POST", f"{asked}/person", held("residence.confirm", True), {"reason": REASON})
    yield Try("desk alert", "POST", f"/console/alerts/{key('alert')}", held("alert.read"))
    yield Try("desk review", "POST", f"/console/glass/{key('glass')}", held("glass.review") and held("alert.read"))
    above = any(post.column in "SDX" and community in post.communities for post in who.posts)
    asker = who.name == ("chenjing" if code == "huimin" else "hefang")
    equal = any(post.column in "ASD" and community in post.communities for post in who.posts)
    for thing, second in (("appointment", above), ("list", equal)):
        for answer in ("yes", "no", "withdraw"):
            # Who asked is told that one cannot decide the own request; taking back is for nobody else.
            allowed = asker if answer == "withdraw" else asker or (second and held("approval.decide"))
            path = f"/console/approvals/{key(thing)}"
            yield Try(f"desk approve {thing} {answer}", "POST", path, allowed, {"answer": answer})
    yield Try("desk export", "GET", f"/console/exports/{key('export')}/file", asker)
    body = {"community": key("community"), "reason": REASON}
    unknown = 404 if desk and TABLE.anywhere(who, "case.export") else 0
    yield Try("desk ask export", "POST", "/console/exports", held("case.export"), body, unknown)
    again = held("letter.resend") and held("letter.read")
    yield Try("desk resend", "POST", f"/console/letters/{key('letter')}/resend", again)
    decide = held("delegation.decide")
    form = {"answer": "yes", "both_present": "1"}
    yield Try("desk delegation", "POST", f"/console/delegations/{key('delegation')}", decide, form)
    yield Try("desk reveal delegation", "POST", f"/console/delegations/{key('delegation')}/person", decide,
              {"reason": REASON})  # fmt: skip
    body = {"community": key("community"), "person": "x", "group": "adult", "reason": REASON}
    yield Try("desk age", "POST", "/console/ages", decide, body,
              404 if desk and TABLE.anywhere(who, "delegation.decide") else 0)  # fmt: skip
    yield Try("desk end delegation", "POST", f"/console/delegations/{key('standing')}/end", decide)
    # A notice is for everybody in its compound, which lies in the grid of the door.
    sends, told = held("notice.send", True), f"/console/notices/{key('notice')}"
    cells = TABLE.cells["notice.send"]
    seen = desk and any(cells.get(post.column) and community in post.communities for post in who.posts)
    yield Try("desk notice", "GET", told, seen)
    yield Try("desk withdraw notice", "POST", f"{told}/withdraw", sends, {"reason": "施工改期，另行通知"})
    body = {"place": key("compound"), "kind": "life", "title": "便民服务", "body": "周六上午开门", "once": new_key()}
    unknown = 404 if desk and TABLE.anywhere(who, "notice.send") and not seen else 0
    yield Try("desk preview notice", "POST", "/console/notices/preview", sends, body, unknown)
    yield Try("desk publish notice", "POST", "/console/notices", sends, body, unknown)
    yield Try("desk place code", "GET", f"/console/place-codes/{key('compound')}", held("place.code", True))
    yield Try("desk code", "POST", f"/console/households/{key('household')}", held("household.code", True))
    kind = f"/console/categories/{key('community')}/street_light"
    yield Try("GET desk category", "GET", kind, held("category.write"))
    yield Try("POST desk category", "POST", kind, held("category.write"), {"name": ""})
    yield Try("desk end role", "POST", f"/console/people/{key('role')}/end", held("role.appoint"))
    post = {"key": world.guest, "post": f"mediator:{key('community')}"}
    yield Try("desk appoint", "POST", "/console/people", held("role.appoint"), post,
              unknown=422 if desk and TABLE.anywhere(who, "role.appoint") else 0)  # fmt: skip
    resident = "chenjing" if code == "huimin" else "hefang"
    spare = world.things[f"session {resident}"][0]
    yield Try("desk topic", "POST", f"/console/topics/{key('topic')}/dismiss", held("topic.decide"),
              {"note": "已有办法"})  # fmt: skip
    yield Try("desk session", "POST", f"/console/security/sessions/{spare}", who.name == resident)
    for room in ("inbox", "cases", "letters", "residences", "alerts"):
        action = {"cases": "case.read", "alerts": "alert.read", "residences": "residence.confirm"}.get(
            room, f"{room.rstrip('s')}.read"
        )
        part = any(TABLE.cells[action].get(post.column) and community in post.communities for post in who.posts
                   if "!" not in "".join(TABLE.cells[action].get(post.column, ())))  # fmt: skip
        path = f"/console/{room}?community={key('community')}"
        yield Try(f"desk room {room}", "GET", path, desk and part)
