"""T19, P13: secrets and personal data are nowhere but in their place, whatever people do and whatever fails.

Canaries (tests/canary.py) are sent through every door and every fault there is; then everything that was logged,
printed or refused is searched for them, and so are command lines and temporary files of the real processes.
"""

import io
import json
import logging
import os
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from app import guard, logs
from app.context import database_open, make_context
from app.factory import create_app
from app.jobs import tasks, worker
from app.rules import founding, session
from models.base import database, now, write
from models.letter import Letter
from models.person import Identity, Person, home_of
from models.place import Grid
from models.task import Task
from tests import canary
from tests.canary import LAT, LNG, NAME, OPENID, PHONE, PLACE_WORDS, WORDS, found_in
from tests.gateway import stand_in as rude
from tests.gateway.stand_in import StandIn
from tests.handlers.api.conftest import jpeg
from tests.handlers.wechat.phone import Phone, envelope
from tests.rules import sounds
from tests.story import free_port
from tests.town import OPENIDS, settings_for

ROOT = Path(__file__).resolve().parent.parent
#: Our own records are searched before anything is cut: the redactor is the second wall, not the first.
OURS = ("app", "handlers", "models")
LOGGED_IN = {"openid": OPENID, "session_key": canary.SESSION_KEY, "unionid": canary.UNIONID}
SPOKEN = f"我叫{NAME}，{WORDS}，电话{PHONE}，身份证{canary.ID_CARD}"


class Ears(logging.Handler):
    """Hears every record there is, and what our handler would write of it."""

    def __init__(self, settings):
        super().__init__(logging.DEBUG)
        self.line, self.raw, self.written = logs.Line(logs.Redactor(logs.secrets_of(settings))), [], []

    def emit(self, record):
        if not logs.Fold().filter(record):
            return  # as the real one, which never writes a statement of the database
        self.written.append(self.line.format(record))
        if record.name.split(".")[0] in OURS:
            self.raw.append(record.getMessage())


class Scene:
    """An installation full of canaries, its platform, and what was heard and refused."""

    def __init__(self, settings, platform: StandIn, ears: Ears):
        self.settings, self.platform, self.ears = settings, platform, ears
        self.client = create_app(settings).test_client()
        self.client.town = self
        self.errors: list[str] = []
        self.tokens: list[str] = []

    @property
    def context(self):
        return self.client.application.extensions["doorstep"]

    def ask(self, method: str, path: str, **more):
        """One request; what is refused is kept."""
        headers = {"User-Agent": canary.AGENT} | more.pop("headers", {})
        answer = self.client.open(path, method=method, headers=headers, **more)
        if answer.status_code >= 400:
            self.errors.append(f"{answer.headers}{answer.text}")
        return answer

    def api(self, method: str, path: str, body: object = None, token: str = "", **more):
        once = {"Idempotency-Key": f"canary-{time.monotonic_ns()}"}
        headers = once | ({"Authorization": f"Bearer {token}"} if token else {})
        return self.ask(method, f"/api/v1{path}", json=body, headers=headers, **more)

    def log_in(self) -> str:
        self.platform.says("/sns/jscode2session", LOGGED_IN)
        answer = self.api("POST", "/login", {"code": canary.LOGIN_CODE})
        assert answer.status_code == 200, answer.text
        self.tokens.append(answer.get_json()["token"])
        return self.tokens[-1]

    def show(self, token: str):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg", "Idempotency-Key": "photo-canary"}
        return self.ask("POST", "/api/v1/photos", data=jpeg(), headers=headers)

    def phone(self, openid: str = OPENID) -> Phone:
        return Phone(self.client, openid)

    def check(self, captured=("", "")) -> None:
        """No canary in anything that was logged, printed or refused."""
        for told in (*self.ears.raw, *self.ears.written, *self.errors, *captured):
            assert found_in(told, self.tokens) == [], told[:2000]


@pytest.fixture
def platform():
    found = StandIn()
    found.says(rude.TOKEN_PATH, {"access_token": canary.ACCESS_TOKEN, "expires_in": 7200})
    yield found
    found.close()


@pytest.fixture
def scene(sqlite_town, tmp_path, platform):
    database.close()
    settings = settings_for(
        tmp_path, sqlite_town.settings.database_url, DOORSTEP_WECHAT__API=platform.url,
        DOORSTEP_WECHAT__READ_TIMEOUT="0.4", DOORSTEP_WECHAT__CONNECT_TIMEOUT="0.3", **canary.SETTINGS,
    )  # fmt: skip
    ears, root = Ears(settings), logging.getLogger()
    before = root.level
    root.addHandler(ears)
    root.setLevel(logging.DEBUG)
    yield Scene(settings, platform, ears)
    root.removeHandler(ears)
    root.setLevel(before)


def everyday(scene: Scene) -> None:
    """What people do on a day, at every door, with canaries in every field they can fill."""
    token = scene.log_in()
    for kind in ("privacy", "location", "phone"):
        assert scene.api("POST", "/consents", {"kind": kind, "version": 1, "answer": "given"}, token).status_code < 300
    assert scene.api("PUT", "/me/name", {"name": NAME}, token).status_code == 200
    told = {
        "words": SPOKEN, "place_words": PLACE_WORDS, "point": {"lat": LAT, "lng": LNG}, "community": key_of("huimin")
    }
    case = scene.api("POST", "/cases", told, token)
    assert case.status_code == 201, case.text
    key = case.get_json()["key"]
    scene.api("POST", f"/cases/{key}/notes", {"note": SPOKEN}, token)
    scene.api("POST", "/conversation/lines", {"text": SPOKEN}, token)
    photo = scene.show(token)
    assert photo.status_code == 201, photo.text
    scene.ask("GET", photo.get_json()["links"]["full"])
    scene.ask("GET", photo.get_json()["links"]["full"] + "x")
    scene.api("POST", "/me/phone", {"code": canary.PHONE_CODE}, token)
    around = {"community": key_of("huimin"), "point": {"lat": LAT, "lng": LNG}}
    assert scene.api("POST", "/nearby", around, token).status_code == 200
    typed = {"community": key_of("huimin"), "words": SPOKEN, "picture_words": NAME}
    assert scene.api("POST", "/suggestions", typed, token).status_code == 200
    speak(scene, token)
    for path in ("/me", "/cases", f"/cases/{key}", "/cases?mine=all", "/conversation", "/sessions", "/door", "/notices",
                 "/follows"):  # fmt: skip
        scene.api("GET", path, None, token)
    scene.api("GET", f"/cases/{'a' * 16}", None, token)
    scene.api("GET", f"/cases?cursor={PHONE}&secret={canary.ACCESS_TOKEN}", None, token)
    scene.api("POST", "/cases", told | {"openid": OPENID, "role": NAME}, token)
    scene.api("POST", "/cases", {"words": WORDS, "point": {"lat": "x" + str(LAT), "lng": PHONE}}, token)
    scene.api("POST", "/login", {"code": canary.LOGIN_CODE, "session_key": canary.SESSION_KEY})


def speak(scene: Scene, token: str) -> None:
    """A recording with a tag that names its owner: kept, heard, asked for with a wrong link, and one that is none."""
    tagged = sounds.mp3(1, before=sounds.id3(f"{NAME} {PHONE} {LAT}".encode()))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "voice-canary"}
    for sound, status in ((tagged, 201), (SPOKEN.encode(), 422)):
        form = {"voice": (io.BytesIO(sound), f"{NAME}.mp3")}
        told = scene.ask("POST", "/api/v1/voices", data=form, headers=headers)
        assert told.status_code == status, told.text
        headers["Idempotency-Key"] += "-again"
        if status == 201:
            assert scene.ask("GET", told.get_json()["link"]).status_code == 200
            scene.ask("GET", told.get_json()["link"] + "x")


def on_duty(scene: Scene) -> None:
    """王大山 writes down what he saw and heard; wrongly as well."""
    with database_open(), write():
        worker = Identity.get(Identity.openid == OPENIDS["wangdashan"]["official"]).person
        _, token = session.open_session(worker, door="api", lasts=timedelta(hours=1))
        grid = Grid.get(Grid.code == "huimin-1").key
        home = home_of(Person.get(Person.unionid == "demo-union-zhanglan")).key
    scene.tokens.append(token)
    at = now().isoformat()
    walk = {"grid": grid, "started_at": at, "ended_at": at, "note": SPOKEN}
    checks = [{"item": "manhole", "ok": False, "note": f"{NAME} {PHONE}"}]
    assert scene.api("POST", "/patrols", walk | {"checks": checks}, token).status_code == 201
    assert scene.api("POST", "/patrols", walk | {"checks": [{"item": NAME, "ok": True}]}, token).status_code == 422
    heard = {"household": home, "kind": "care", "met": True, "at": at, "note": SPOKEN, "needs": [WORDS]}
    assert scene.api("POST", "/visits", heard, token).status_code == 201
    assert scene.api("POST", "/visits", heard | {"household": "a" * 16}, token).status_code == 422
    assert scene.api("POST", "/visits", heard | {"at": PHONE}, token).status_code == 422
    case = scene.api("POST", "/cases", {"words": SPOKEN, "place": home}, token).get_json()["key"]
    assert scene.api("POST", f"/cases/{case}/whistle", {"note": SPOKEN}, token).status_code == 200
    doors = (f"/me/grids/{grid}/households", f"/visits?household={home}")
    for path in ("/tasks", "/patrols", "/visits", "/me/grids", *doors):
        assert scene.api("GET", path, None, token).status_code == 200


def at_the_desk(scene: Scene) -> None:
    """The community admin looks, searches, and tries what does not exist."""
    with database_open(), write():
        person = Identity.get(Identity.openid == OPENIDS["chenjing"]["official"]).person
        opened, token = session.open_session(person, door="console", lasts=timedelta(hours=1))
    with scene.client.application.app_context():
        form_token = guard.form_token(opened)
    scene.tokens.append(token)
    scene.client.set_cookie("desk", token, path="/console")
    told = {"place": key_of("huimin"), "kind": "life", "title": WORDS, "body": SPOKEN, "form_token": form_token}
    for address, sent, status in (("/preview", told, 200), ("", told, 303), ("", told | {"place": PHONE}, 404)):
        assert scene.ask("POST", f"/console/notices{address}", data=sent).status_code == status
    # A form that is refused comes back with what was written in it: nothing of it is in the log.
    assert scene.client.post("/console/notices", data=told | {"kind": NAME}).status_code == 422
    for path in ("", "inbox", "people", f"people?q={PHONE}", f"cases/{'a' * 16}", f"no/{NAME}?code=618033"):
        scene.ask("GET", f"/console/{path}")
    scene.ask("POST", "/console/setup", data={"code": canary.ONE_TIME_CODE, "form_token": token})
    scene.ask("POST", f"/console/letters/{'a' * 16}/resend", data={"form_token": token, "note": WORDS})
    scene.client.delete_cookie("desk", path="/console")
    scene.ask("GET", "/console/signin")
    scene.ask("GET", f"/u/{canary.ACCESS_TOKEN}")


def in_the_chat(scene: Scene) -> None:
    """What the platform delivers, and what somebody else does."""
    phone, ours = scene.phone(), scene.settings.wechat.accounts["official"]
    phone.say(SPOKEN)
    phone.say(f"我是 {NAME}")
    phone.point(LAT, LNG, PLACE_WORDS)
    phone.show()
    phone.does("subscribe", EventKey="")
    phone.say(canary.ONE_TIME_CODE)
    for content in ("<xml>" + SPOKEN, "{" + SPOKEN, f"<xml><FromUserName>{OPENID}</FromUserName></xml>", "\0" * 20):
        args, body = envelope(ours, content)
        scene.ask("POST", "/wechat/official", query_string=args, data=body)
        scene.ask("POST", "/wechat/official", query_string=args | {"msg_signature": OPENID}, data=body)
        scene.ask("POST", "/wechat/official", query_string=args, data=body[:-30] + SPOKEN.encode())
    scene.ask("GET", f"/wechat/official?signature={OPENID}&echostr={PHONE}&timestamp=1&nonce={NAME}")
    scene.ask("POST", f"/wechat/{NAME}?openid={OPENID}", data=SPOKEN.encode())


def key_of(code: str) -> str:
    with database_open():
        return founding.Place.get(founding.Place.code == code).key


def work_off(scene: Scene, rounds: int = 3) -> None:
    """The worker does everything that is owed, at once."""
    for _ in range(rounds):
        with database_open():
            moment = now() - timedelta(seconds=1)
            Letter.update(run_at=moment).where(Letter.state == "owed").execute()
            Task.update(run_at=moment).where(Task.state == "ready").execute()
            worker.round_of_work(scene.context)


def test_t19_a_day_without_any_fault(scene, capfd):
    scene.platform.says("/cgi-bin/message/custom/send", {"errcode": 0})
    scene.platform.says("/cgi-bin/message/template/send", {"errcode": 0, "msgid": 1})
    scene.platform.says("/cgi-bin/message/subscribe/send", {"errcode": 0})
    scene.platform.says("/cgi-bin/user/info", {"subscribe": 1, "openid": OPENID, "unionid": canary.UNIONID})
    scene.platform.says("/wxa/business/getuserphonenumber", {"errcode": 0, "phone_info": {"purePhoneNumber": PHONE}})
    scene.platform.says("/cgi-bin/qrcode/create", {"ticket": canary.ACCESS_TOKEN, "url": "http://weixin.qq.com/q/x"})
    everyday(scene)
    on_duty(scene)
    in_the_chat(scene)
    at_the_desk(scene)
    work_off(scene)
    assert any(asked.query.get("access_token") == canary.ACCESS_TOKEN for asked in scene.platform.asked)
    scene.check(capfd.readouterr())


FAULTS = {
    "html": b"<html>" + SPOKEN.encode() + b"</html>",
    "500": rude.status(500),
    "502": rude.status(502),
    "redirect": rude.redirect(f"http://127.0.0.1:9/?access_token={canary.ACCESS_TOKEN}"),
    "reset": rude.reset,
    "slow": rude.hang,
    "cut off": rude.cut_off,
    "not http": rude.not_http,
    "broken header": rude.broken_header,
    "refusal that repeats what we sent": {
        "errcode": 40001, "errmsg": f"invalid credential {canary.ACCESS_TOKEN} {OPENID} {WORDS} rid: {PHONE}"
    },
    "refusal for good": {"errcode": 40003, "errmsg": f"invalid openid {OPENID} {WORDS}"},
    "odd types": {"errcode": WORDS, "openid": [OPENID], "session_key": {"a": canary.SESSION_KEY}},
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_t19_the_platform_fails(scene, capfd, name):
    token = scene.log_in()
    in_the_chat(scene)
    scene.api("POST", "/cases", {"words": SPOKEN, "community": key_of("huimin")}, token)
    for path in (
        "/sns/jscode2session", "/cgi-bin/message/custom/send", "/cgi-bin/message/template/send", "/cgi-bin/user/info",
        "/cgi-bin/message/subscribe/send", "/wxa/business/getuserphonenumber", "/cgi-bin/qrcode/create",
        "/cgi-bin/media/get", "/wxa/msg_sec_check", "/wxa/media_check_async",
    ):  # fmt: skip
        if name == "slow" and "media" in path:
            continue  # photos may take half a minute
        scene.platform.says(path, FAULTS[name])
    assert scene.api("POST", "/login", {"code": canary.LOGIN_CODE}).status_code >= 400
    scene.api("POST", "/me/phone", {"code": canary.PHONE_CODE}, token)
    scene.ask("GET", "/console/signin")
    work_off(scene, rounds=1)
    scene.check(capfd.readouterr())


@pytest.mark.parametrize("name", FAULTS)
def test_t19_the_platform_gives_no_access_token(scene, capfd, name):
    in_the_chat(scene)
    scene.platform.says(rude.TOKEN_PATH, FAULTS[name])
    scene.ask("GET", "/console/signin")
    work_off(scene, rounds=1)
    assert scene.platform.calls(rude.TOKEN_PATH)
    scene.check(capfd.readouterr())


@pytest.mark.parametrize("api", ["http://127.0.0.1:{port}", "https://127.0.0.1:{plain}", "http://no-such-host.invalid"])
def test_t19_the_platform_is_not_there(scene, capfd, api):
    """Refused connection, TLS with somebody who does not speak it, and no such name."""
    address = api.format(port=free_port(), plain=scene.platform.url.rpartition(":")[2])
    wechat = scene.settings.wechat.model_copy(update={"api": address})
    scene.client.application.extensions["doorstep"] = make_context(scene.settings.model_copy(update={"wechat": wechat}))
    answer = scene.api("POST", "/login", {"code": canary.LOGIN_CODE})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (502, "wechat_unavailable")
    in_the_chat(scene)
    work_off(scene, rounds=1)
    scene.check(capfd.readouterr())


def test_t19_the_database_is_locked(scene, capfd):
    token, community = scene.log_in(), key_of("huimin")
    holder = sqlite3.connect(scene.settings.sqlite_path)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        answer = scene.api("POST", "/cases", {"words": SPOKEN, "community": community}, token)
        assert answer.status_code == 503
        stop = threading.Event()
        threading.Timer(0.5, stop.set).start()
        worker.work(scene.context, stop)
    finally:
        holder.rollback()
        holder.close()
    scene.check(capfd.readouterr())


def test_t19_photos_cannot_be_stored(scene, capfd):
    token, folder = scene.log_in(), scene.settings.folder / "files"
    if folder.exists():
        folder.rename(folder.with_name("files-away"))
    folder.write_text("in the way")
    answer = scene.show(token)
    assert answer.status_code == 503, answer.text
    scene.ask("GET", "/readyz")
    scene.check(capfd.readouterr())


class Odd(Exception):
    """Something nobody foresaw, with everything in its text."""

    def __init__(self):
        super().__init__(f"{SPOKEN} {OPENID} {canary.ACCESS_TOKEN} {LAT}")


def fall(*args, **kwargs):
    held = f"{SPOKEN} {OPENID} {canary.ACCESS_TOKEN}"  # a local that must not be told
    try:
        json.loads(held)
    except ValueError as error:
        raise Odd from error


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/cases", "/console/signin", "/wechat/official"])
def test_t19_nobody_foresaw_it(scene, capfd, path):
    """The person gets a reference, the log the place where it happened, and nobody the words."""
    app = scene.client.application
    for name in app.view_functions:
        if any(str(rule) in (path, path.replace("official", "<account>")) for rule in app.url_map.iter_rules(name)):
            app.view_functions[name] = fall
    answer = scene.ask("GET", f"{path}?access_token={canary.ACCESS_TOKEN}")
    assert answer.status_code == 500
    told = "\n".join(scene.ears.written)
    assert "tests.test_canaries.Odd at tests/test_canaries.py:" in told and "JSONDecodeError at json/" in told
    scene.check(capfd.readouterr())


def test_t19_a_job_nobody_foresaw(scene, capfd, monkeypatch):
    """A task that holds personal data falls eight times; it ends visible, and says its kind of error only."""
    monkeypatch.setitem(tasks.KINDS, "introduce", fall)
    with database_open():
        Task.insert(key="poison", kind="introduce", payload={"words": SPOKEN}, run_at=now()).execute()
    work_off(scene, rounds=10)
    with database_open():
        row = Task.get(Task.key == "poison")
    assert (row.state, row.attempts, row.problem) == ("dead", 8, "Odd")
    scene.check(capfd.readouterr())


def test_t25_one_poisoned_task_among_many_stops_none_of_them(scene, monkeypatch):
    """Two hundred do their work while one falls every time; that one is dead after eight attempts, and visible."""
    done = []
    monkeypatch.setitem(tasks.KINDS, "introduce", fall)
    monkeypatch.setitem(tasks.KINDS, "tidy", lambda context, payload: done.append(payload["turn"]))
    with database_open():
        moment = now() - timedelta(seconds=5)
        Task.insert(key="poison", kind="introduce", payload={}, run_at=moment - timedelta(hours=1)).execute()
        for turn in range(200):
            Task.insert(key=f"good:{turn}", kind="tidy", payload={"turn": turn}, run_at=moment).execute()
    work_off(scene, rounds=20)
    assert sorted(done) == list(range(200))
    with database_open():
        dead = list(Task.select(Task.key, Task.attempts, Task.problem).where(Task.state == "dead").tuples())
        left = Task.select().where(Task.state == "ready", Task.kind == "tidy").count()
    assert (dead, left) == ([("poison", 8, "Odd")], 0)


# --- the real processes -----------------------------------------------------------------------------------------------


@pytest.fixture
def installation(founded_sqlite, tmp_path, platform):
    """Web server and worker as they run in earnest, at the most talkative level, with access lines."""
    data, temporary = tmp_path / "data", tmp_path / "tmp"
    data.mkdir()
    temporary.mkdir()
    (data / "doorstep.sqlite").write_bytes(founded_sqlite.read_bytes())
    port = free_port()
    environ = {
        **os.environ, "DATA": str(data), "PORT": str(port), "TMPDIR": str(temporary), "DOORSTEP_LOG__LEVEL": "debug",
        "DOORSTEP_LOG__ACCESS": "true", "DOORSTEP_SANDBOX__ENABLED": "false", "DOORSTEP_WECHAT__API": platform.url,
        "DOORSTEP_REDIS__URL": "", **canary.SETTINGS,
    }  # fmt: skip
    told = tmp_path / "told"
    with told.open("wb") as out:
        running = [
            subprocess.Popen([sys.executable, "-m", "app.cli", command], cwd=ROOT, env=environ, stdout=out, stderr=out)
            for command in ("serve", "worker")
        ]
        try:
            yield f"http://127.0.0.1:{port}", running, told, temporary, environ
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)


def send(address: str, path: str, data: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(address + path, data=data, headers={"User-Agent": canary.AGENT, **headers})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def wait_for(look, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def is_up(address: str) -> bool:
    try:
        return send(address, "/healthz")[0] == 200
    except OSError:
        return False


def test_t19_the_real_processes_tell_nothing(installation, platform):
    """gunicorn and its access lines, the worker, their command lines and their temporary files."""
    address, running, told, temporary, environ = installation
    wait_for(lambda: is_up(address))
    platform.says("/sns/jscode2session", LOGGED_IN)
    status, body = send(
        address, "/api/v1/login?code=" + canary.LOGIN_CODE, json.dumps({"code": canary.LOGIN_CODE}).encode(),
        **{"Content-Type": "application/json"},
    )  # fmt: skip
    assert status == 200, body
    token = json.loads(body)["token"]
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": "canary-0001"}
    told_us = {"words": SPOKEN, "place_words": PLACE_WORDS}
    status, body = send(address, "/api/v1/cases", json.dumps(told_us).encode(), **bearer)
    assert status in (201, 422), body
    paths = ("/u/{}", "/api/v1/files/{}", f"/nowhere/{PHONE}?name={{}}", f"/wechat/official?openid={OPENID}&nonce={{}}")
    errors = [send(address, path.format(token))[1] for path in paths]
    settings = settings_for(Path(environ["DATA"]), "", **canary.SETTINGS)
    args, body = envelope(settings.wechat.accounts["official"], f"<xml>{SPOKEN}")
    query = urllib.parse.urlencode(args)
    assert send(address, f"/wechat/official?{query}", body) == (200, b"success")
    assert send(address, f"/api/v1/checks/{token}")[0] == 404
    raw_line(address, f"GET /{PHONE}?secret={token} HTTP/9.9\r\nCookie: desk={token}\r\n\r\n")
    raw_line(address, f"{OPENID} {PHONE}\r\n\r\n")
    lines = [" ".join(one.cmdline()) for process in running for one in _family(process.pid)]
    assert any("gunicorn" in line for line in lines) and any("app.cli worker" in line for line in lines)
    wait_for(lambda: b"POST /api/v1/login 200" in told.read_bytes())
    kept = [path.read_bytes() for path in temporary.rglob("*") if path.is_file()]
    for text in (told.read_bytes(), *errors, *lines, *kept):
        assert found_in(text, [token]) == [], text[:3000]
    assert not list(ROOT.glob("core*"))


def raw_line(address: str, request: str) -> None:
    """Bytes that no HTTP library would send."""
    host, port = address.removeprefix("http://").split(":")
    with rude.socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(request.encode())
        wire.recv(4096)


def _family(pid: int) -> list[psutil.Process]:
    whole = psutil.Process(pid)
    return [whole, *whole.children(recursive=True)]


def test_t19_no_memory_is_written_to_a_core_file(installation):
    address, running, *_ = installation
    wait_for(lambda: is_up(address))
    for process in running:
        for one in _family(process.pid):
            assert one.rlimit(psutil.RLIMIT_CORE) == (0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"DOORSTEP_WECHAT__ACCOUNTS__MINI__AES_KEY": canary.ACCESS_TOKEN},
        {"DOORSTEP_WECHAT__ACCOUNTS__MINI__TOKEN": canary.ACCESS_TOKEN + " x"},
        {"DOORSTEP_SECRETS__KEY": canary.LOGIN_CODE},
        {"DOORSTEP_DATABASE__URL": f"postgresql://{canary.LOGIN_CODE}:{canary.ACCESS_TOKEN}@127.0.0.1:1/doorstep"},
        {"DOORSTEP_REDIS__URL": f"http://:{canary.ACCESS_TOKEN}@127.0.0.1:1/0"},
        {"DOORSTEP_WECHAT__ACCOUNTS__MINI__APPID": canary.ACCESS_TOKEN},
        {"DOORSTEP_SERVER__PORT": canary.ACCESS_TOKEN},
    ],
    ids=lambda wrong: next(iter(wrong)).removeprefix("DOORSTEP_"),
)
@pytest.mark.parametrize("command", ["check", "worker"])
def test_t19_wrong_settings_are_told_without_their_values(tmp_path, wrong, command):
    environ = {**os.environ, "DATA": str(tmp_path), "PORT": str(free_port()), **canary.SETTINGS, **wrong}
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", command], cwd=ROOT, env=environ, capture_output=True, timeout=60, check=False
    )
    assert ended.returncode in (1, 2), ended.stdout + ended.stderr
    assert ended.stderr + ended.stdout
    assert found_in(ended.stdout + ended.stderr) == []


def test_t19_what_nobody_catches_is_told_in_one_line_without_its_text(tmp_path):
    """Also in threads: where Python itself would print the whole of it."""
    program = (
        "import threading, sys\nfrom app import logs\nfrom tests.canary import SETTINGS, PHONE\n"
        "from tests.town import settings_for\nfrom pathlib import Path\n"
        f"logs.set_up(settings_for(Path({str(tmp_path)!r}), '', **SETTINGS))\nlogs.own_process()\n"
        "def fall(): raise ValueError(PHONE)\n"
        "one = threading.Thread(target=fall)\none.start()\none.join()\nfall()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.count("CRITICAL app.logs [-] uncaught | ValueError at ") == len(ended.stderr.splitlines()) == 2
    assert found_in(ended.stdout + ended.stderr) == []
