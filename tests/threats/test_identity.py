"""Who pretends to be somebody else: by a field, a header, a code, a picture of a code, or a part that has ended."""

import re
from datetime import timedelta
from pathlib import Path

from app.rules import session
from models.approval import Approval
from models.base import now, write
from models.case import Case
from models.conversation import Line
from models.person import HouseholdCode, Person, Residence
from models.role import Role
from models.session import Session, SetupCode, Signin
from tests.handlers.api.conftest import Door
from tests.handlers.console.conftest import token_in
from tests.handlers.wechat.phone import as_xml, envelope
from tests.town import OPENIDS

MANHOLE = "3号楼门口井盖坏了"
SESSION_KEY = "Kq7bYt1w0aVnM3xZsP9rLg=="
#: How a client may say who it is; none of it is listened to.
CLAIMS = ("openid", "unionid", "user_id", "person", "role", "roles", "community_id", "is_admin", "reporter")


def login_says(client, **more) -> None:
    """Let the platform take every code, again and again, for 张兰."""
    openid = OPENIDS["zhanglan"]["mini"]
    client.platform.says("/sns/jscode2session", {"openid": openid, "session_key": SESSION_KEY} | more)


def test_t03_no_answer_and_no_shipped_file_bears_a_key(connected):
    """T3 session_key or AppSecret reach the client: not in answers, not in the database, not in the mini-program."""
    login_says(connected)
    answer = connected.post("/api/v1/login", json={"code": "code-1"})
    assert (answer.status_code, answer.json["person"]["name"]) == (200, "张兰")
    assert sorted(answer.json) == ["expires_at", "homes", "person", "roles", "token"]
    zhanglan = Door(connected, answer.json["token"])
    seen = [answer.text, str(answer.headers), *(str(zhanglan.get(path)) for path in ("/me", "/sessions", "/cases"))]
    settings = connected.town.settings
    secrets = [SESSION_KEY, OPENIDS["zhanglan"]["mini"], settings.secrets.key.get_secret_value()]
    for account in settings.wechat.accounts.values():
        secrets += [one.get_secret_value() for one in (account.secret, account.token, account.aes_key)]
    assert [secret for secret in secrets if any(secret in text for text in seen)] == []
    files = list(Path(settings.database_url.removeprefix("sqlite:///")).parent.glob("doorstep.sqlite*"))
    assert b"mini-zhanglan" in (kept := b"".join(path.read_bytes() for path in files))
    assert SESSION_KEY.encode() not in kept
    folders = [Path(__file__).parents[2] / name for name in ("handlers/console/static", "miniprogram")]
    shipped = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".ts", ".js", ".json")]
    words = re.compile(r"session_?key|app_?secret", re.ASCII | re.IGNORECASE)
    assert shipped and [str(path) for path in shipped if words.search(path.read_text("utf-8"))] == []


def test_t03_a_session_key_sent_by_a_client_is_refused(door):
    """T3 A client that sends a session_key (to decrypt a phone number, say) is refused, whatever the door."""
    zhanglan = door("zhanglan")
    for path, body in (("/login", {"code": "x"}), ("/me/phone", {"code": "x"}), ("/cases", {"words": MANHOLE})):
        error = zhanglan.refused(422, "POST", path, body | {"session_key": SESSION_KEY})
        assert list(error["fields"]) == ["session_key"]


def test_t04_who_one_is_comes_from_the_session_alone(client, door, hall):
    """T4 A client says who it is: openid, role and the like in body, query, header and cookie change nothing."""
    zhanglan, victim = door("zhanglan"), hall.person("chenjing")
    for name in CLAIMS:
        error = zhanglan.refused(422, "POST", "/cases", {"words": MANHOLE, name: victim.key})
        assert list(error["fields"]) == [name]
    assert Case.select().count() == 0
    headers = {f"X-WX-{name.upper()}": victim.key for name in ("openid", "unionid", "role", "from-openid")}
    client.set_cookie("openid", OPENIDS["chenjing"]["mini"])
    client.set_cookie("role", "community_admin")
    query = "?" + "&".join(f"{name}={victim.key}" for name in CLAIMS)
    status, said = zhanglan.ask("GET", f"/me{query}", headers=headers)
    assert status == 422 or (said["person"]["name"], said["roles"]) == ("张兰", [])
    status, said = zhanglan.ask("GET", "/me", headers=headers)
    assert (said["person"]["name"], said["roles"]) == ("张兰", [])
    assert Door(client).ask("GET", "/me", headers=headers)[0] == 401


def test_t04_in_the_chat_the_sender_is_who_stands_in_the_sealed_message(take, hall):
    """T4 The query of a callback names an openid outside the seal: nobody listens to it."""
    phone = take("zhanglan")
    phone.say(MANHOLE)
    fields = phone.sent[-1] | {"MsgId": 7_100_000_000_000_001, "Content": "5号楼路灯不亮"}
    args, body = envelope(phone.ours, as_xml(fields))
    args |= {"openid": OPENIDS["chenjing"]["official"], "FromUserName": OPENIDS["chenjing"]["official"]}
    assert phone.client.post("/wechat/official", query_string=args, data=body).status_code == 200
    assert {line.speaker.name for line in Line.select().where(Line.author == "resident")} == {"张兰"}


def test_t05_no_column_is_written_by_naming_it(door, hall):
    """T5 Mass assignment: each column of a case and of a person that is no field is refused, and nothing changes."""
    zhanglan = door("zhanglan")
    schema = {"words", "category", "community", "place", "place_words", "point", "photos", "anonymous", "behalf_of"}
    for name in sorted(set(Case._meta.columns) | set(Case._meta.fields)):
        if name not in schema:
            assert list(zhanglan.refused(422, "POST", "/cases", {"words": MANHOLE, name: 1})["fields"]) == [name]
    assert Case.select().count() == 0
    before = Person.select().where(Person.id == hall.person("zhanglan").id).dicts().get()
    for name in sorted(set(Person._meta.columns) - {"name"}):
        assert list(zhanglan.refused(422, "PUT", "/me/name", {"name": "张三", name: 1})["fields"]) == [name]
    assert Person.select().where(Person.id == before["id"]).dicts().get() == before


def test_t05_every_body_of_the_api_is_closed(client):
    """T5 Every JSON body that the API takes says that it takes no other field than its own."""
    spec = client.get("/openapi.json").json
    bodies = {
        f"{method} {path}": content["schema"]["$ref"].rpartition("/")[2]
        for path, deeds in spec["paths"].items()
        for method, deed in deeds.items() if isinstance(deed, dict)
        for kind, content in deed.get("requestBody", {}).get("content", {}).items()
        if kind == "application/json"
    }  # fmt: skip
    assert len(bodies) >= 14
    schemas = spec["components"]["schemas"]
    assert [door for door, name in bodies.items() if schemas[name].get("additionalProperties") is not False] == []


def test_t08_a_command_is_worth_what_its_speaker_may_at_this_moment(take, hall):
    """T8 Commands in the chat: not by the admin next door, and not by a worker whose part ended a second ago."""
    take("zhanglan").say(MANHOLE)
    for who in ("hefang", "liuyang"):
        take(who).say("接单 1001")
        take(who).say("#1001 已经修好了")
    assert (Case.get().state, Line.select().where(Line.author == "community").count()) == ("dispatched", 0)
    Role.update(ends_at=now()).where(Role.person == hall.person("wangdashan")).execute()
    take("wangdashan").say("接单 1001")
    assert Case.get().state == "dispatched"
    Role.update(ends_at=None).where(Role.person == hall.person("wangdashan")).execute()
    take("wangdashan").say("接单 1001")
    assert (Case.get().state, Case.get().handler.name) == ("handling", "王大山")


def test_t16_a_fresh_installation_lets_nobody_in_without_the_code(desk, hall):
    """T16 A default administrator: without the setup code, or with one that is used or old, there is no session."""
    for path in ("/", "/people", "/audit", "/security"):
        assert desk().get(path).headers["Location"] == "/console/signin"
    stranger = desk()
    stranger.client.set_cookie("visitor", "x" * 43, path="/console")
    for code in ("", "admin", "000000000000", "A" * 5000):
        assert stranger.form("/setup", page="/setup", code=code).status_code == 422
    old, good = session.new_setup_code(lasts=timedelta(seconds=-1)), session.new_setup_code()
    assert (session.setup_code_valid(old), session.setup_code_valid(good)) == (False, True)
    with write():
        session.use_setup_code(good, hall.person("dengwei"))
    assert session.setup_code_valid(good) is False
    assert SetupCode.select().where(SetupCode.used_at.is_null(False)).count() == 1
    assert desk().get("/setup").status_code == 404
    assert Session.select().count() == 0


def test_t16_a_code_sent_on_lets_its_sender_in_nowhere(desk, take, hall):
    """T16 A sign-in code shown by a thief and scanned by 陈静: it says as whom and from where, and asks the number."""
    with write():
        signin = session.show_signin(
            browser="the thief's cookie", purpose="desk", lasts=timedelta(seconds=120), agent="", address="203.0.113.9"
        )
    said = take("chenjing").does("SCAN", EventKey=signin.scene, Ticket="t")
    assert "惠民社区 社区管理员 陈静" in said and "地址 203.0.113.9" in said
    wrong = "0000" if signin.number != "0000" else "1111"
    assert "数字不对" in take("chenjing").say(wrong)
    assert take("chenjing").say(signin.number) == "已确认，请看电脑屏幕。"
    other, thief = desk(), desk()
    other.client.set_cookie("visitor", "another cookie", path="/console")
    thief.client.set_cookie("visitor", "the thief's cookie", path="/console")
    assert "二维码已过期" in other.text("/signin/state")
    with write():
        assert session.use_signin(signin.scene, "another cookie") is None
    assert (Session.select().count(), Signin.get().state) == (0, "approved")
    assert thief.get("/signin/state").headers["Location"] == "/console/"
    thief.client.set_cookie("visitor", "the thief's cookie", path="/console")
    thief.get("/signin/state")
    assert (Session.select().count(), Signin.get().state) == (1, "used")


def test_t16_a_form_of_another_site_does_nothing_at_the_desk(desk, hall):
    """T16 CSRF: without the form token, with that of another session, or from another site, no deed is done."""
    chenjing, hefang = desk("chenjing"), desk("hefang")
    form = {"community": hall.community().key, "reason": "年度走访核对"}
    mine, strange = token_in(chenjing.text("/exports")), token_in(hefang.text("/"))
    attempts = (
        ({}, {}), ({}, {"form_token": strange}), ({"Origin": "https://evil.example"}, {"form_token": mine}),
        ({"Sec-Fetch-Site": "cross-site"}, {"form_token": mine}),
    )  # fmt: skip
    codes = [chenjing.bare_form("/exports", headers, **form, **more).status_code for headers, more in attempts]
    assert (codes, Approval.select().count()) == ([403] * 4, 0)
    assert chenjing.bare_form("/exports", **form, form_token=mine).status_code == 303
    assert Approval.select().count() == 1


def test_t20_a_guessed_or_foreign_code_binds_nobody(door, hall):
    """T20 Codes on stickers and letters: guesses hit nothing, a code is good once, for its own household, and dated."""
    admin, zhaoqiang, household = door("chenjing"), door("zhaoqiang"), Residence.get().household
    code = admin.post(f"/households/{household.key}/codes")[1]["code"].replace("-", "")
    other = code[:-1] + ("A" if code[-1] != "A" else "B")
    for guess in ("AAAAAAAA", "22222222", other, household.key, "%"):
        assert zhaoqiang.refused(422, "POST", "/me/households", {"code": guess})["code"] == "code_unknown"
    assert zhaoqiang.refused(429, "POST", "/me/households", {"code": code})["code"] == "too_many_requests"
    sunmei = door("sunmei")
    HouseholdCode.update(expires_at=now() - timedelta(seconds=1)).execute()
    assert sunmei.refused(422, "POST", "/me/households", {"code": code})["code"] == "code_unknown"
    HouseholdCode.update(expires_at=now() + timedelta(days=1)).execute()
    assert door("liuyang").post("/me/households", {"code": code})[0] == 201
    bound = Residence.get(Residence.person == hall.person("liuyang"))
    assert (bound.household, bound.state) == (household, "confirmed")
    assert sunmei.refused(422, "POST", "/me/households", {"code": code})["code"] == "code_unknown"


def test_t20_scanning_a_code_that_is_none_of_ours_grants_nothing(take, hall):
    """T20 A replaced sticker: an unknown scene is only greeted; it binds, signs in and appoints nobody."""
    before = (Residence.select().count(), Role.select().count(), Person.select().count())
    for scene in ("signin-" + "0" * 24, "huimin-3-501", "operator", "' OR 1=1"):
        take("zhaoqiang").does("SCAN", EventKey=scene, Ticket="t")
        take("zhaoqiang").does("subscribe", EventKey=f"qrscene_{scene}", Ticket="t")
    assert (Residence.select().count(), Role.select().count(), Person.select().count()) == before
    assert (Session.select().count(), Signin.select().count()) == (0, 0)


def test_t21_a_code_opens_one_session_even_if_the_platform_takes_it_twice(connected):
    """T21 A login code used again: one session, though the platform says each time that the code is good."""
    login_says(connected)
    answers = [connected.post("/api/v1/login", json={"code": "code-1"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 422, 422]
    assert answers[1].json["error"]["code"] == "code_invalid"
    assert Session.select().count() == 1
    assert len(connected.platform.calls("/sns/jscode2session")) == 3
