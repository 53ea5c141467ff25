"""Every channel that reaches a cell: API, console, chat and file links let in exactly whom the matrix lets in.

For each person of the town, each route of the url map is asked for something of one's own, of one's community, and of
another one. The oracle (tests/oracle.py) says beforehand whether that is allowed. Refused means 403 or 404, nothing
changed, and one audit row; allowed means anything but these; a fault of ours (5xx) is never an answer.
"""

import itertools
import shutil
import sqlite3
from collections.abc import Iterator

import pytest

from app.context import database_open
from app.links import photo_links, voice_link
from app.rules import alert, approval, delegation, glass, role
from app.rules.matrix import OPEN
from app.rules.refusal import Refusal
from models.alert import Alert
from models.approval import Approval
from models.base import database, now, write
from models.case import Case, Photo
from models.delegation import Delegation
from models.glass import Glass
from models.person import Person, Residence
from models.place import Place
from models.role import Role
from models.voice import Voice
from tests.channels import LIMITS, NEXT, PEOPLE, Try, World, build, tries
from tests.handlers.wechat.phone import phone
from tests.oracle import TABLE
from tests.town import town_at


@pytest.fixture(scope="module")
def world(founded_sqlite, tmp_path_factory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("channels")
    path = folder / "doorstep.sqlite"
    shutil.copy(founded_sqlite, path)
    with town_at(folder, f"sqlite:///{path}", **LIMITS) as town:
        found = build(town, str(path))
        # Nothing here is about power cuts, and the database is put back a thousand times.
        database.obj.pragma("synchronous", "off", permanent=True)
        found.keep()
        yield found


# -- doors -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", PEOPLE)
def test_a_door_opens_to_whom_the_matrix_lets_in_and_to_nobody_else(world, name):
    """First what is refused, all of which leaves nothing behind but its audit rows; then what is allowed."""
    world.restore()
    every = list(tries(world, name))
    refused = [one for one in every if not one.allowed]
    before, rows = world.digest(), world.written()
    wrong = []
    for one in refused:
        status = world.ask(name, one)
        if status not in ((one.unknown,) if one.unknown else (403, 404)):
            wrong.append((one.door, one.path, status, "is refused by the table"))
    after = world.written()[len(rows):]
    noted = [one for one in refused if not one.unknown]
    if not wrong:
        assert world.digest() == before
        assert [row[2] for row in after] == ["refused"] * len(noted), [row for row in after if row[2] != "refused"]
    for one in every:
        if one.allowed:
            status = world.ask(name, one)
            if status in (403, 404) or status >= 500 or status == 401:
                wrong.append((one.door, one.path, status, "is allowed by the table"))
            if status < 400 and (one.method != "GET" or "/file" in one.path):
                world.restore()
    assert (wrong[:6], len(wrong)) == ([], 0)


def test_every_route_that_asks_for_a_right_was_tried_by_everybody(world):
    """No route of the url map is left out, whatever is added later."""
    app = world.client.application
    adapter = app.url_map.bind("localhost")
    tried = {adapter.match(one.path.partition("?")[0], one.method)[0] for one in tries(world, "zhanglan")}
    tried |= {adapter.match(one.path.partition("?")[0], one.method)[0] for one in tries(world, "chenjing")}
    asking = {
        rule.endpoint for rule in app.url_map.iter_rules() if app.view_functions[rule.endpoint].action not in OPEN
    }  # fmt: skip
    assert asking - tried == set()
    assert sum(len(list(tries(world, name))) for name in PEOPLE) >= 1500


# -- chat --------------------------------------------------------------------------------------------------------------

#: What staff say, the right it asks for, the state of the case, and how the answer begins when it is held.
CHAT = (
    ("接单 {}", "case.accept", "dispatched", ("已接单",)),
    ("抢单 {}", "case.grab", "reported", ("已接单",)),
    ("围护 {}", "case.make_safe", "handling", ("#{} 已记为现场安全",)),
    ("办好 {} 换了灯", "case.handle", "handling", ("请先发一张处理后的照片",)),
    ("退回 {} 不在我的网格", "case.return_back", "dispatched", ("#{} 已退回社区",)),
    ("照片 {} 后", "case.handle", "handling", ("好，", "#{} 不在您手上")),
    ("#{} 师傅在路上了", "conversation.answer", "handling", ("已回复", "已存下", "居民超过")),
)


@pytest.mark.parametrize("name", PEOPLE)
def test_in_the_chat_staff_do_what_the_matrix_lets_them_and_nobody_else_does(world, name):
    """A command is done in the community where one works, or nothing of that case moves."""
    world.restore()
    chat, who, wrong = phone(world.client, name), world.people[name], []
    for (words, action, state, begins), place in itertools.product(CHAT, ("here", "there", f"task {name}")):
        if state in ("reported", "dispatched") and place == f"task {name}":
            continue
        case, what = world.cases[f"{state} {place}"]
        works = any(post.column in "WAVM" and what.community in post.communities for post in who.posts)
        allowed = works and bool(TABLE.held(who, "case.read", what) and TABLE.held(who, action, what))
        before = case_bytes(world, case)
        said = chat.say(words.format(case.number)) or ""
        did = said.startswith(tuple(one.format(case.number) for one in begins))
        if did != allowed or (not allowed and case_bytes(world, case) != before):
            wrong.append((words, place, allowed, said))
        if allowed:
            world.restore()
    assert wrong == []


def case_bytes(world: World, case: Case) -> list[tuple]:
    """All that is kept of a case: its row, its steps, and what its reporter was answered."""
    read = sqlite3.connect(world.path)
    found = [
        read.execute(f'SELECT * FROM "{table}" WHERE {column} = ?', (case.id,)).fetchall()
        for table, column in (("case", "id"), ("step", "case_id"), ("letter", "case_id"))
    ]
    read.close()
    return found


# -- file links --------------------------------------------------------------------------------------------------------


@pytest.fixture
def anew(world):
    """The world as it was, with a connection."""
    world.restore()
    with database_open():
        yield world
    world.restore()


def link_for(world: World, name: str, photo: Photo) -> str:
    with world.client.application.app_context():
        return photo_links(photo, world.town.person(name))["full"]


def opens(world: World, link: str, name: str = "") -> int:
    headers = {"Authorization": f"Bearer {world.tokens[name][0]}"} if name else {}
    answer = world.client.get(link, headers=headers)
    database.connect(reuse_if_open=True)
    return answer.status_code


@pytest.mark.parametrize("code", ["huimin", NEXT])
def test_a_link_opens_for_whom_the_matrix_lets_see_the_photo(anew, code):
    """A link proves who made it, not that its viewer may look: that is asked when it is opened."""
    photo = Photo.get(Photo.key == anew.things[f"photo {code}"][0])
    what = anew.cases["handling here" if code == "huimin" else "handling there"][1]
    found = {name: opens(anew, link_for(anew, name, photo)) for name in PEOPLE}
    assert found == {
        name: 200 if TABLE.held(anew.people[name], "photo.read", what) else 404 for name in PEOPLE
    }  # fmt: skip


@pytest.mark.parametrize("title", ["handling here", "handling there", "told"])
def test_a_voice_is_heard_by_whom_the_matrix_lets_hear_it(anew, title):
    case, what = anew.cases[title]
    voice = Voice.create(uploader=Person.create(name="某人"), case=case, format="amr", seconds=1, size=6)
    anew.town.context.files.put(f"recordings/{voice.key}.amr", b"#!AMR\n", "audio/amr")
    found = {}
    for name in PEOPLE:
        with anew.client.application.app_context():
            link = voice_link(voice, anew.town.person(name))
        found[name] = opens(anew, link)
    assert found == {
        name: 200 if TABLE.held(anew.people[name], "recording.read", what) else 404 for name in PEOPLE
    }  # fmt: skip


def test_a_link_of_somebody_else_opens_nothing_with_ones_own_session(anew):
    photo = Photo.get(Photo.key == anew.things["photo huimin"][0])
    link = link_for(anew, "zhanglan", photo)
    assert {name: opens(anew, link, name) for name in PEOPLE} == {
        name: 200 if name == "zhanglan" else 404 for name in PEOPLE
    }


def test_a_link_is_worth_nothing_once_the_part_has_ended(anew):
    photo = Photo.get(Photo.key == anew.things["photo huimin"][0])
    link = link_for(anew, "chenjing", photo)
    assert opens(anew, link) == 200
    Role.update(ends_at=now()).where(Role.person == anew.town.person("chenjing")).execute()
    assert opens(anew, link) == 404


def test_a_link_is_worth_nothing_once_the_task_is_somebody_elses(anew):
    """王大山's task goes to the volunteer, and the volunteer's to him."""
    case = anew.cases["handling here"][0]
    photo = Photo.get(Photo.key == anew.things["photo huimin"][0])
    link = link_for(anew, "volunteer", photo)
    assert opens(anew, link) == 404
    Case.update(handler=anew.town.person("volunteer")).where(Case.id == case.id).execute()
    assert opens(anew, link) == 200
    Case.update(handler=anew.town.person("mediator")).where(Case.id == case.id).execute()
    assert opens(anew, link) == 404


# -- at once -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["wangdashan", "chenjing", "dengwei", "district_admin", "volunteer", "mediator"])
def test_a_part_taken_or_given_counts_at_the_very_next_request_of_every_door(anew, name):
    state = {"volunteer": "handling task volunteer", "mediator": "handling task mediator"}.get(name, "handling here")
    case = anew.cases[state][0]
    desk = name not in ("volunteer", "mediator")
    asks = [Try("api", "GET", f"/api/v1/cases/{case.key}", True)]
    asks += [Try("desk", "GET", f"/console/cases/{case.key}", True), Try("room", "GET", "/console/", True)] * desk
    mine = Role.person == anew.town.person(name)

    def answers() -> list[bool]:
        found = [anew.ask(name, one) for one in asks]
        database.connect(reuse_if_open=True)
        return [status == 200 for status in found]

    def speaks() -> bool:
        said = phone(anew.client, name).say("帮助") or ""
        database.connect(reuse_if_open=True)
        return "任务" in said or "工作台" in said

    assert (answers(), speaks()) == ([True] * len(asks), True)
    Role.update(ends_at=now()).where(mine).execute()
    assert (answers(), speaks()) == ([False] * len(asks), False)
    Role.update(ends_at=None).where(mine).execute()
    assert (answers(), speaks()) == ([True] * len(asks), True)


# -- nobody decides what is their own ----------------------------------------------------------------------------------


def own_acts(world: World) -> dict[str, tuple[str, object]]:
    """What each kind of decision says to whoever it is about: the code of its refusal, and the deed."""
    town = world.town
    admin, huimin = town.actor("chenjing"), town.community()
    me, guest = admin.person, town.person("zhaoqiang")
    house = Place.get(Place.key == world.things["household huimin"][0])
    found: dict[str, tuple[str, object]] = {}
    for action in approval.DEEDS:
        row = Approval.create(
            action=action, community=huimin, words="自己提的", asked_by=me, expires_at=now() + approval.LASTS
        )
        found[f"approval {action}"] = "own_request", lambda row=row: approval.decide(row, actor=admin, agreed=True)
    for relation in ("owner", "tenant"):
        own = Residence.create(person=me, household=house, relation=relation)
        found[f"residence {relation}"] = "own_request", lambda own=own: approval.decide_residence(
            own, actor=admin, confirmed=True
        )
    for side, pair in (("agent", (guest, me)), ("principal", (me, guest))):
        row = Delegation.create(
            kind="family", principal=pair[0], agent=pair[1], community=huimin, relation="son"
        )
        found[f"delegation {side}"] = "own_request", lambda row=row: delegation.decide(
            row, actor=admin, confirmed=True, both_present=True
        )
    told = Alert.create(place=huimin, kind="budget_spent", words="请核实", person=me)
    found["alert"] = "own_alert", lambda: alert.see(told, actor=admin)
    broken = Glass.create(
        person=me, case=world.cases["handling here"][0], action="veil.lift", reason="核实", ends_at=now()
    )
    found["glass"] = "own_glass", lambda: glass.review(broken, actor=admin)
    found["appoint"] = "own_role", lambda: role.appoint(actor=admin, person=me, place=huimin, kind="mediator")
    mine = Role.create(person=me, place=huimin, kind="volunteer")
    found["end"] = "own_role", lambda: role.end(mine, actor=admin)
    return found


def test_nobody_decides_approves_sees_off_or_ends_what_is_their_own(anew):
    with write():
        acts = own_acts(anew)
    before, found = anew.digest(), {}
    for what, (_, deed) in acts.items():
        with pytest.raises(Refusal) as refused, write():
            deed()
        found[what] = refused.value.code
    assert found == {what: code for what, (code, _) in acts.items()}
    assert anew.digest() == before and len(found) == len(approval.DEEDS) + 8
