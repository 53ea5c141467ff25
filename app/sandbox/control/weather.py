"""The weather and the log book: faults, the platform's clock, calls that came in, messages on their way out."""

import json
import time

from flask import Blueprint, Response, jsonify, request

from app.sandbox import faults as weather
from app.sandbox import outbox
from app.sandbox.control import desk
from app.sandbox.store import get_setting, set_setting

blueprint = Blueprint("weather", __name__, url_prefix="/control")
PAGE = 500


@blueprint.get("/faults")
def faults() -> Response:
    """Faults that still wait for a call."""
    rows = desk.world().store.connection().execute("SELECT * FROM faults WHERE remaining != 0 ORDER BY id")
    return jsonify([json.loads(row["body"]) | {"id": row["id"], "times": row["remaining"]} for row in rows])


@blueprint.post("/faults")
def order_fault() -> Response:
    """Order one fault, or a list of them."""
    given = request.get_json(force=True, silent=True)
    ordered = [_fault(one) for one in (given if isinstance(given, list) else [given])]
    with desk.world().store.transaction() as db:
        ids = [weather.add_fault(db, fault) for fault in ordered]
    return jsonify(ids=ids)


def _fault(given: object) -> dict:
    if not isinstance(given, dict):
        desk.refuse(400, "bad_json", "请求内容应当是一个 JSON 对象，或者对象的列表。")
    kind = desk.text(given, "fault")
    if kind not in weather.KINDS:
        desk.refuse(400, "bad_fault", "没有这种故障，可用的有：" + "、".join(weather.KINDS) + "。")
    fault = {"path": desk.text(given, "path", "*"), "fault": kind, "times": int(desk.number(given, "times", 1))}
    if "seconds" in given:
        fault["seconds"] = min(600, max(0, desk.number(given, "seconds")))
    if kind == "answer":
        status = int(desk.number(given, "status", 200))
        if not 200 <= status <= 599:
            desk.refuse(400, "bad_field", "status 应当在 200 到 599 之间。")
        fault |= {"body": given.get("body", ""), "status": status}
        if "location" in given:
            fault["location"] = desk.text(given, "location")
    if kind == "error":
        fault |= {"errcode": int(desk.number(given, "errcode")), "errmsg": desk.text(given, "errmsg", "system error")}
    return fault


@blueprint.delete("/faults")
def clear_faults() -> Response:
    """Good weather again."""
    with desk.world().store.transaction() as db:
        db.execute("DELETE FROM faults")
    return jsonify([])


@blueprint.post("/clock")
def clock() -> Response:
    """Move the platform's clock: {"ahead": seconds} from the real time, 0 sets it right again."""
    ahead = desk.number(desk.body(), "ahead", 0)
    with desk.world().store.transaction() as db:
        set_setting(db, "clock_ahead", ahead)
        now = desk.world().now(db)
    return jsonify(ahead=ahead, now=now)


@blueprint.get("/clock")
def what_time() -> Response:
    """The platform's time."""
    db = desk.world().store.connection()
    return jsonify(ahead=get_setting(db, "clock_ahead", 0), now=desk.world().now(db))


@blueprint.get("/calls")
def calls() -> Response:
    """Platform calls with a higher seq than `?after=`, optionally of one `?path=`; never a token or a secret."""
    rows = desk.world().store.connection().execute(
        "SELECT * FROM calls WHERE seq > ? AND (? = '' OR path = ?) ORDER BY seq LIMIT ?",
        (desk.after(), path := request.args.get("path", ""), path, PAGE)).fetchall()
    return jsonify([_call(row) for row in rows])


def _call(row) -> dict:
    app = desk.world().apps.get(row["app"])
    call = {name: row[name] for name in ("seq", "at", "path", "errcode", "errmsg", "rid")}
    call |= {"appid": app.appid if app else None, "query": json.loads(row["query"]), "body": json.loads(row["body"])}
    return call | ({"fault": row["fault"]} if row["fault"] else {})


@blueprint.get("/deliveries")
def deliveries() -> Response:
    """Messages to the backend with a higher id than `?after=`."""
    rows = desk.world().store.connection().execute(
        "SELECT id, app, person, msg_id, event, tries, state, last_status, last_reply FROM deliveries WHERE id > ?"
        " ORDER BY id LIMIT ?", (desk.after(), PAGE)).fetchall()
    return jsonify([dict(row) for row in rows])


@blueprint.post("/drain")
def drain() -> Response:
    """Wait until no message is pending, at most {"seconds": 10}; says how many still are."""
    deadline = time.monotonic() + min(120, max(0, desk.number(desk.body(), "seconds", 10)))
    db = desk.world().store.connection()
    while (waiting := outbox.pending(db)) and time.monotonic() < deadline:
        time.sleep(0.005)
    return jsonify(pending=waiting)


@blueprint.post("/redeliver")
def redeliver() -> Response:
    """Send one message again: {"id", "copies": 1, "parallel": false}."""
    given = desk.body()
    copies = int(desk.number(given, "copies", 1))
    if not 1 <= copies <= 100:
        desk.refuse(400, "bad_field", "copies 应当在 1 到 100 之间。")
    with desk.world().store.transaction() as db:
        ids = outbox.repeat(db, int(desk.number(given, "id")), copies, parallel=desk.flag(given, "parallel"))
    if ids is None:
        desk.refuse(404, "unknown_delivery", "没有这条推送，请检查 id。")
    return jsonify(ids=ids)
