"""One phone in the hand: looking at it, writing, tapping, scanning, following, signing in."""

import base64
import binascii

from flask import Blueprint, Response, jsonify, url_for

from app.sandbox import acts
from app.sandbox.control import desk
from app.sandbox.feed import items_after
from app.sandbox.store import set_setting
from app.sandbox.wechat.login import new_code
from app.sandbox.wechat.media import LIMITS, kind_of
from app.sandbox.world import MINI, OFFICIAL, App, account_of

blueprint = Blueprint("phone_control", __name__, url_prefix="/control/phone/<person>")

MINI_TYPES = ("text", "image", "miniprogrampage")
TYPES = (*MINI_TYPES, "voice", "location", "link")
OFFICIAL_EVENTS = ("subscribe", "unsubscribe", "SCAN", "CLICK", "VIEW", "view_miniprogram", "LOCATION",
                   "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
                   "location_select")
MINI_EVENTS = ("user_enter_tempsession",)
AUTHORIZATION = {"modify": "user_info_modified", "revoke": "user_authorization_revoke",
                 "cancel": "user_authorization_cancellation"}
LARGEST_PHOTO = 9 * 1024 * 1024


@blueprint.get("")
def look(person: str) -> Response:
    """What is new on the phone since `?after=`."""
    person = desk.person_named(person).key
    world, after = desk.world(), desk.after()
    db = world.store.connection()
    items = [_linked(item) for item in items_after(db, person, after)]
    counts: dict[str, dict[str, int]] = {app.name: {} for app in world.apps.values() if app.kind == MINI}
    for row in db.execute("SELECT * FROM subscriptions WHERE person = ?", (person,)):
        counts.setdefault(row["app"], {})[row["template"]] = row["remaining"]
    now = world.now(db)
    typing = {app.name: account_of(db, app, person)["typing_until"] > now for app in world.apps.values()}
    return jsonify(seq=items[-1]["seq"] if items else after, items=items, subscriptions=counts, typing=typing)


def _linked(item: dict) -> dict:
    media_id = item.pop("media_id", None)
    return item | {"media_url": url_for("people.media", media_id=media_id)} if media_id else item


@blueprint.post("/send")
def send(person: str) -> Response:
    """Write something into a chat."""
    person, given = desk.person_named(person).key, desk.body()
    app, kind = desk.app_named(given), desk.text(given, "type")
    if kind not in TYPES:
        desk.refuse(400, "bad_type", "这种消息发不出去，请选文字、图片、语音、位置、链接或小程序卡片。")
    if app.kind == MINI and kind not in MINI_TYPES:
        desk.refuse(400, "not_in_mini", "小程序客服会话只能发文字、图片和小程序卡片。")
    content = READERS[kind](given, app)
    with desk.world().store.transaction() as db:
        if app.kind == OFFICIAL and not account_of(db, app, person)["follows"]:
            desk.refuse(400, "not_following", "还没有关注这个公众号，请先关注再发消息。")
        media_url = url_for("people.media", media_id="", _external=True)
        msg_id, seq = acts.say(desk.world(), db, app, person, kind, content, media_url)
    return jsonify(msg_id=str(msg_id), seq=seq)


def _text(given: dict, app: App) -> dict:
    content = desk.text(given, "content")
    if len(content.encode()) > acts.LONGEST_TEXT:
        desk.refuse(400, "too_long", "文字太长，请分几次发送。")
    return {"text": content, "menu_id": desk.text(given, "menu_id", "")}


def _image(given: dict, app: App) -> dict:
    data = _bytes(given)
    if not kind_of(data)[0].startswith("image/"):
        desk.refuse(400, "bad_media", "这不是图片，请换一张 JPG、PNG 或 GIF。")
    return {"media": data, "filename": desk.text(given, "filename", "")}


def _voice(given: dict, app: App) -> dict:
    data = _bytes(given)
    if len(data) > LIMITS["voice"]:
        desk.refuse(400, "too_long", "语音太大，最多 2 MB。")
    recognition = given.get("recognition")
    return {"media": data, "filename": desk.text(given, "filename", ""),
            "recognition": None if recognition is None else desk.text(given, "recognition", "")}


def _bytes(given: dict) -> bytes:
    try:
        data = base64.b64decode(desk.text(given, "media"), validate=True)
    except (binascii.Error, ValueError):
        desk.refuse(400, "bad_media", "media 应当是 base64 编码的文件内容。")
    if not 1 <= len(data) <= LARGEST_PHOTO:
        desk.refuse(400, "bad_media", "文件是空的或者太大，最多 9 MB。")
    return data


def _location(given: dict, app: App) -> dict:
    lat, lng = desk.number(given, "lat"), desk.number(given, "lng")
    if abs(lat) > 90 or abs(lng) > 180:
        desk.refuse(400, "bad_field", "经纬度不对，请重新选择位置。")
    return {"lat": lat, "lng": lng, "label": desk.text(given, "label", ""),
            "scale": int(desk.number(given, "scale", 16))}


def _link(given: dict, app: App) -> dict:
    return {"title": desk.text(given, "title"), "text": desk.text(given, "content", ""),
            "url": desk.text(given, "url")}


def _card(given: dict, app: App) -> dict:
    own = app.appid if app.kind == MINI else next(iter(app.linked_appids), "")
    return {"title": desk.text(given, "title"), "page": desk.text(given, "pagepath"),
            "appid": desk.text(given, "appid", own)}


READERS = {"text": _text, "image": _image, "voice": _voice, "location": _location, "link": _link,
           "miniprogrampage": _card}


@blueprint.post("/event")
def event(person: str) -> Response:
    """Tap, enter, or anything else that the platform reports as an event."""
    person, given = desk.person_named(person).key, desk.body()
    app, name = desk.app_named(given), desk.text(given, "event")
    known = OFFICIAL_EVENTS if app.kind == OFFICIAL else MINI_EVENTS
    if name in OFFICIAL_EVENTS + MINI_EVENTS and name not in known:
        desk.refuse(400, "bad_event", "这里没有这种操作，请检查 app 和 event。")
    extra = given.get("fields", {})
    if not isinstance(extra, dict):
        desk.refuse(400, "bad_field", "fields 应当是一个 JSON 对象。")
    world = desk.world()
    with world.store.transaction() as db:
        if name == "subscribe_msg_change_event":
            seq = acts.switch_off(world, db, app, person, desk.text(given, "template_id"))
        else:
            seq = acts.happen(world, db, app, person, name, _event_fields(name, given) | extra)
    return jsonify(seq=seq)


def _event_fields(name: str, given: dict) -> dict:
    fields = {}
    if name == "user_enter_tempsession":
        fields["SessionFrom"] = desk.text(given, "session_from", "")
    elif name == "LOCATION":
        return {"Latitude": desk.number(given, "lat"), "Longitude": desk.number(given, "lng"),
                "Precision": desk.number(given, "precision", 20)}
    elif name in OFFICIAL_EVENTS or "event_key" in given:
        fields["EventKey"] = desk.text(given, "event_key", "")
    for field, key in (("Ticket", "ticket"), ("MenuId", "menu_id")):
        if key in given:
            fields[field] = desk.text(given, key)
    return fields


@blueprint.post("/follow")
def follow(person: str) -> Response:
    """Follow an official account."""
    return _change_follow(person, "subscribe")


@blueprint.post("/unfollow")
def unfollow(person: str) -> Response:
    """Stop following."""
    return _change_follow(person, "unsubscribe")


def _change_follow(person: str, name: str) -> Response:
    person, app = desk.person_named(person).key, desk.app_named(desk.body())
    if app.kind != OFFICIAL:
        desk.refuse(400, "bad_event", "小程序不能关注，请选公众号。")
    with desk.world().store.transaction() as db:
        if bool(account_of(db, app, person)["follows"]) == (name == "subscribe"):
            return jsonify(seq=0)  # nothing changes, so nothing is reported
        seq = acts.happen(desk.world(), db, app, person, name, {"EventKey": ""})
    return jsonify(seq=seq)


@blueprint.post("/authorization")
def authorization(person: str) -> Response:
    """WeChat's settings: {"app", "change": revoke | cancel | modify, "codes": "8,13"}; only revoke has codes."""
    person, given = desk.person_named(person).key, desk.body()
    app, change, codes = desk.app_named(given), desk.text(given, "change"), desk.text(given, "codes", "")
    if change not in AUTHORIZATION or (change == "revoke") != bool(codes):
        desk.refuse(400, "bad_event", "请写明 change 是 revoke（并写 codes）、cancel 还是 modify。")
    with desk.world().store.transaction() as db:
        seq = acts.change_authorization(desk.world(), db, app, person, AUTHORIZATION[change], codes)
    return jsonify(seq=seq)


@blueprint.post("/block")
def block(person: str) -> Response:
    """Block what an app pushes, or let it through again: {"app", "blocked"}. The app hears of it only by a push."""
    person, given = desk.person_named(person).key, desk.body()
    app, blocked = desk.app_named(given), desk.flag(given, "blocked")
    with desk.world().store.transaction() as db:
        set_setting(db, f"blocks:{app.name}:{person}", blocked)
    return jsonify(app=app.name, blocked=blocked)


@blueprint.post("/scan")
def scan(person: str) -> Response:
    """Hold the phone over a code: by its ticket, or by the newest live code with that scene."""
    person, given = desk.person_named(person).key, desk.body()
    column = "ticket" if "ticket" in given else "scene"
    world = desk.world()
    with world.store.transaction() as db:
        row = db.execute(f"SELECT * FROM scan_codes WHERE {column} = ? ORDER BY created_at DESC, rowid DESC LIMIT 1",  # noqa: S608
                         (desk.text(given, column),)).fetchone()
        if row is None or row["app"] not in world.apps:
            desk.refuse(404, "unknown_code", "没有这个二维码，请换一个扫。")
        if row["expires_at"] is not None and row["expires_at"] <= world.now(db):
            desk.refuse(410, "code_expired", "二维码已过期，请让对方重新生成。")
        app = world.apps[row["app"]]
        if app.kind == MINI:
            acts.open_mini(world, db, app, person)
            return jsonify(app=app.name, page=row["page"], scene=row["scene"], seq=0)
        seq, name = acts.scan_scene(world, db, app, person, row["scene"], row["ticket"])
    return jsonify(app=app.name, event=name, scene=row["scene"], seq=seq)


def _code(person: str, kind: str) -> Response:
    who, app = desk.person_named(person), desk.app_named(desk.body())
    if app.kind != MINI:
        desk.refuse(400, "bad_app", "只有小程序里才能登录和授权手机号。")
    if kind == "phone" and not who.phone:
        desk.refuse(400, "no_phone", "这个人没有绑定手机号，请换一位。")
    world = desk.world()
    with world.store.transaction() as db:
        acts.open_mini(world, db, app, who.key)
        code = new_code(db, app, who.key, kind, world.now(db))
    return jsonify(code=code)


@blueprint.post("/login")
def login(person: str) -> Response:
    """wx.login: a one-time code, five minutes."""
    return _code(person, "login")


@blueprint.post("/phone-code")
def phone_code(person: str) -> Response:
    """The getPhoneNumber button: a one-time code, five minutes."""
    return _code(person, "phone")


@blueprint.post("/subscribe")
def subscribe(person: str) -> Response:
    """The subscribe dialog: {"answers": {template_id: accept|reject}}, one to five templates."""
    person, given = desk.person_named(person).key, desk.body()
    app, answers = desk.app_named(given), given.get("answers")
    if app.kind != MINI:
        desk.refuse(400, "bad_app", "请在小程序里订阅消息。")
    if not isinstance(answers, dict) or not 1 <= len(answers) <= 5:
        desk.refuse(400, "bad_field", "一次可以回答一到五个模板。")
    if not all(app.template(one) and choice in ("accept", "reject") for one, choice in answers.items()):
        desk.refuse(400, "bad_field", "模板不存在，或者回答不是 accept、reject。")
    with desk.world().store.transaction() as db:
        acts.answer_popup(desk.world(), db, app, person, answers)
    return jsonify(answers=answers)
