"""Logging in over real HTTP against the sandbox, and out again."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import requests

from app.context import database_open
from app.factory import create_app
from app.rules import founding, session
from app.sandbox.server import create_sandbox
from app.sandbox_settings import sandbox_config
from models.base import database, now, write
from models.letter import Subscription
from models.person import Identity, Person
from models.role import Role
from models.session import Session
from tests.handlers.api.conftest import Door
from tests.sandbox.backend import Served
from tests.town import KINDS, PEOPLE, settings_for


class Phone:
    """One person's phone: codes from the sandbox, everything else from our API."""

    def __init__(self, sandbox: str, api: str, person: str):
        self.phone, self.api = f"{sandbox}/control/phone/{person}", api

    def code(self, kind: str = "login") -> str:
        return requests.post(f"{self.phone}/{kind}", json={"app": "mini"}, timeout=10).json()["code"]

    def post(self, path: str, body: dict, token: str = "", **headers: str) -> tuple[int, dict]:
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.post(f"{self.api}/api/v1{path}", json=body, headers=headers, timeout=20)
        return answer.status_code, answer.json()


@pytest.fixture
def town_with_phones(request, founded_sqlite, sqlite_town, tmp_path):
    """The sandbox and our service, each on a port of its own; the people of the demo have their openids.

    Its parameter is how often one address may log in.
    """
    database.close()
    sandbox_app = create_sandbox(sandbox_config(sqlite_town.settings))
    sandbox = Served(sandbox_app)
    settings = settings_for(
        tmp_path, sqlite_town.settings.database_url, DOORSTEP_WECHAT__API=f"{sandbox.url}/wechat",
        DOORSTEP_LIMITS__LOGIN=getattr(request, "param", "5/minute"),
    )  # fmt: skip
    served = Served(create_app(settings))
    people = requests.get(f"{sandbox.url}/control/people", timeout=10).json()["people"]
    with database_open():
        founding.load_people(PEOPLE, {one["key"]: one["openids"] for one in people}, KINDS)
    yield lambda person: Phone(sandbox.url, served.url, person)
    served.stop()
    sandbox_app.extensions["sandbox"].courier.stop()
    sandbox.stop()


def test_a_login_over_the_wire(town_with_phones):
    zhanglan = town_with_phones("zhanglan")
    status, said = zhanglan.post("/login", {"code": zhanglan.code()})
    assert (status, sorted(said)) == (200, ["expires_at", "homes", "person", "roles", "token"])
    assert (said["person"]["name"], said["person"]["phone_masked"], said["roles"]) == ("张兰", "138****0001", [])
    assert said["homes"][0]["household"]["label"] == "幸福家园 3号楼 2单元 501"
    status, case = zhanglan.post("/cases", {"words": "井盖坏了"}, said["token"], **{"Idempotency-Key": "report-1"})
    assert (status, case["number"]) == (201, 1001)
    with database_open():
        opened = Session.get()
        assert opened.way == "wechat"
        assert opened.token_hash == hashlib.sha256(said["token"].encode()).hexdigest()
        assert said["token"] not in str(list(Session.select().dicts()))


def test_a_code_is_good_once(town_with_phones):
    wangdashan = town_with_phones("wangdashan")
    code = wangdashan.code()
    status, said = wangdashan.post("/login", {"code": code})
    assert [(role["name"], role["place"]["name"]) for role in said["roles"]] == [("网格员", "惠民社区")]
    for spent in (code, "nonsense", wangdashan.code("phone-code")):
        status, error = wangdashan.post("/login", {"code": spent})
        assert (status, error["error"]["code"]) == (422, "code_invalid")
    status, error = wangdashan.post("/login", {"code": "x", "account": "official"})
    assert (status, error["error"]["fields"]) == (422, {"account": "没有这个小程序"})
    assert wangdashan.post("/login", {"code": wangdashan.code()})[0] == 429


@pytest.mark.parametrize("town_with_phones", ["100/minute"], indirect=True)
def test_one_code_in_twenty_threads_is_one_session(town_with_phones):
    zhanglan, start = town_with_phones("zhanglan"), Barrier(20)
    code = zhanglan.code()

    def login(_):
        start.wait()
        return zhanglan.post("/login", {"code": code})[0]

    with ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(login, range(20))) == [200] + [422] * 19
    with database_open():
        assert Session.select().count() == 1


def test_a_number_for_a_tap(town_with_phones):
    chenjing = town_with_phones("chenjing")
    token = chenjing.post("/login", {"code": chenjing.code()})[1]["token"]
    with database_open():
        Person.update(phone=None).where(Person.name == "陈静").execute()
    agreed = {"kind": "phone", "version": 1, "answer": "given"}
    assert chenjing.post("/consents", agreed, token)[0] == 200
    status, said = chenjing.post("/me/phone", {"code": chenjing.code("phone-code")}, token)
    assert (status, said["person"]["phone_masked"]) == (200, "138****0003")
    status, error = chenjing.post("/me/phone", {"code": "spent"}, token)
    assert (status, error["error"]["code"]) == (422, "code_invalid")


def test_somebody_new_is_met_once(town_with_phones):
    zhaoqiang = town_with_phones("zhaoqiang")
    with database_open():
        Subscription.delete().execute()
        Identity.delete().where(Identity.person == Person.get(Person.name == "赵强")).execute()
        Person.delete().where(Person.name == "赵强").execute()
    first, second = (zhaoqiang.post("/login", {"code": zhaoqiang.code()})[1]["person"] for _ in range(2))
    assert (first, first["name"]) == (second, "")


def test_without_the_platform_nobody_is_let_in(door):
    assert door().refused(502, "POST", "/login", {"code": "x"})["code"] == "wechat_unavailable"


def test_logged_out_is_out_at_once(door):
    zhanglan = door("zhanglan")
    assert zhanglan.get("/me")[0] == 200
    assert zhanglan.ask("POST", "/logout") == (204, None)
    assert zhanglan.refused(401, "GET", "/me")["code"] == "unauthorized"


def test_the_lost_phone(door):
    zhanglan, lost = door("zhanglan"), door("zhanglan")
    sessions = zhanglan.get("/sessions")[1]["sessions"]
    assert [one["current"] for one in sessions] == [False, True]
    assert door("sunmei").refused(404, "DELETE", f"/sessions/{sessions[0]['key']}")["code"] == "not_found"
    assert zhanglan.ask("DELETE", f"/sessions/{sessions[0]['key']}") == (204, None)
    lost.refused(401, "GET", "/me")
    zhanglan.refused(404, "DELETE", f"/sessions/{sessions[0]['key']}")
    assert len(zhanglan.get("/sessions")[1]["sessions"]) == 1


def test_a_renewed_token_replaces_the_old_one(door):
    zhanglan = door("zhanglan")
    end = zhanglan.get("/sessions")[1]["sessions"][0]
    status, said = zhanglan.post("/sessions/renew")
    assert (status, sorted(said)) == (200, ["expires_at", "token"])
    zhanglan.refused(401, "GET", "/me")
    renewed = Door(zhanglan.client, said["token"])
    assert renewed.get("/me")[0] == 200
    assert [one["key"] for one in renewed.get("/sessions")[1]["sessions"]] == [end["key"]]


def test_fourteen_days_without_use_end_it_and_thirty_in_any_case(door):
    for values, status in (
        ({"seen_at": now() - timedelta(days=13, hours=23)}, 200),
        ({"seen_at": now() - timedelta(days=14, seconds=1)}, 401),
        ({"expires_at": now() - timedelta(seconds=1)}, 401),
    ):
        zhanglan = door("zhanglan")
        with database_open():
            Session.update(**values).execute()
        assert zhanglan.get("/me")[0] == status
        with database_open():
            Session.delete().execute()


def test_how_and_from_where_each_session_was_opened(door, client):
    zhanglan = door("zhanglan")
    with database_open(), write():
        session.open_session(
            client.town.person("zhanglan"), door="console", way="qr", lasts=timedelta(hours=1), agent="Firefox",
            address="203.0.113.9",
        )  # fmt: skip
    shown = [
        {name: one[name] for name in ("door", "way", "agent", "address", "current")}
        for one in zhanglan.get("/sessions")[1]["sessions"]
    ]
    assert shown == [
        {"door": "console", "way": "qr", "agent": "Firefox", "address": "203.0.113.9", "current": False},
        {"door": "api", "way": "", "agent": "", "address": "", "current": True},
    ]


def test_a_part_that_ended_is_gone_with_the_next_request(door, client):
    wangdashan = door("wangdashan")
    assert wangdashan.get("/tasks")[0] == 200
    with database_open():
        Role.update(ends_at=now()).where(Role.person == client.town.person("wangdashan")).execute()
    assert wangdashan.refused(403, "GET", "/tasks")["code"] == "forbidden"
    assert wangdashan.get("/me")[1]["roles"] == []


def test_tokens_that_open_nothing(door, client):
    zhanglan = door("zhanglan")
    for header in ("", "Bearer", "Bearer ", f"Basic {zhanglan.token}", f"Bearer {zhanglan.token}x", zhanglan.token):
        answer = client.get("/api/v1/me", headers={"Authorization": header})
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "unauthorized")
    with database_open():
        Session.update(expires_at=now() - timedelta(seconds=1)).execute()
    zhanglan.refused(401, "GET", "/me")
    with database_open():
        Session.update(expires_at=now() + timedelta(days=1), door="console").execute()
    zhanglan.refused(401, "GET", "/me")
