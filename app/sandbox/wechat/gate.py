"""The way in for every platform call: fault, token, kind, body, budget, answer, record.

A call is carried out in one transaction; a refusal leaves nothing behind but its record. Failures are HTTP 200 with
`errcode` and an `errmsg` that ends in a rid, by which the call can be looked up for seven days.
"""

import json
import secrets
import sqlite3
import time

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from app.sandbox import faults
from app.sandbox.refusals import Refused
from app.sandbox.wechat import quota, tokens
from app.sandbox.wechat.call import Call, Endpoint, Picture
from app.sandbox.wechat.routes import ROUTES
from app.sandbox.world import World

SECRET_NAMES = ("access_token", "secret", "appsecret", "js_code")
BARE = ("/cgi-bin/token", "/cgi-bin/stable_token", "/sns/jscode2session")
KEPT_BODY = 64 * 1024

blueprint = Blueprint("wechat", __name__)


@blueprint.route("/wechat/<path:path>", methods=["GET", "POST"])
def platform(path: str) -> Response:
    """Answer one call as the platform host would."""
    world: World = current_app.extensions["sandbox"].world
    path, started, rid = f"/{path}", time.time(), new_rid()
    with world.store.transaction() as db:
        fault = faults.take_fault(db, path)
        call = _new_call(world, db, path, fault)
    prevented = faults.instead(fault)
    if prevented is not None:
        _record(call, rid, started, fault, None, b"")
        return prevented
    payload = _carry_out(call, fault)
    answer = _response(path, payload, rid)
    _record(call, rid, started, fault, payload, answer.get_data())
    return faults.spoil(fault, answer)


def new_rid() -> str:
    """A request id as the platform writes it: the time and two random words, in hex."""
    return f"{int(time.time()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"


def _new_call(world: World, db: sqlite3.Connection, path: str, fault: dict) -> Call:
    root = url_for("wechat.platform", path="x", _external=True).removesuffix("/wechat/x")
    return Call(world=world, db=db, now=world.now(db), path=path, client=request.remote_addr or "", host=root,
                query=request.args.to_dict(), body={}, fault=fault.get("fault", ""))


def _carry_out(call: Call, fault: dict) -> dict | Picture:
    try:
        ordered = faults.refusal(fault)
        if ordered:
            raise Refused(*ordered)
        with call.world.store.transaction() as call.db:
            endpoint = _admitted(call)
            return endpoint.answer(call)
    except Refused as refused:
        return {"errcode": refused.errcode, "errmsg": refused.errmsg}


def _admitted(call: Call) -> Endpoint:
    endpoint = ROUTES.get(call.path)
    if endpoint is None:
        raise Refused(40066)
    if endpoint.needs_token:
        call.caller = tokens.owner(call.world, call.db, call.query.get("access_token"), call.now)
        if endpoint.kinds and call.app.kind not in endpoint.kinds:
            raise Refused(48001)
    if endpoint.body != "none" and request.method != "POST":
        raise Refused(43002)
    if endpoint.body == "files":
        call.files = _files()
    else:
        call.body = _body(required=endpoint.body == "json")
    if endpoint.needs_token:
        quota.count(call, endpoint)
    return endpoint


def _files() -> dict:
    try:
        return request.files.to_dict()
    except RequestEntityTooLarge as error:
        raise Refused(40009) from error


def _body(*, required: bool) -> dict:
    """The JSON object in the body, whatever the Content-Type says (one SDK sends none)."""
    raw = request.get_data()
    if not raw.strip():
        if required:
            raise Refused(44002)
        return {}
    try:
        body = json.loads(raw)
        json.dumps(body, ensure_ascii=False).encode()  # lone surrogates are no text
    except (ValueError, RecursionError) as error:
        raise Refused(47001, "data format error hint: [not json]") from error
    if not isinstance(body, dict):
        raise Refused(47001, "data format error hint: [not an object]")
    return body


def _response(path: str, payload: dict | Picture, rid: str) -> Response:
    if isinstance(payload, Picture):
        response = Response(payload.content, mimetype=payload.mime)
        if payload.filename:
            response.headers["Content-Disposition"] = f'attachment; filename="{_plain(payload.filename)}"'
        return response
    if payload.get("errcode"):
        payload["errmsg"] = f"{payload['errmsg']} rid: {rid}"
    elif path not in BARE:
        payload = {"errcode": 0, "errmsg": "ok"} | payload
    content = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return Response(content, content_type="application/json; encoding=utf-8")


def _plain(filename: str) -> str:
    return "".join(letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_"
                   for letter in filename)


def _record(call: Call, rid: str, started: float, fault: dict, payload: dict | Picture | None, answer: bytes) -> None:
    """Remember the call, without its secrets, for rid/get and for whoever looks at the weather."""
    query = {name: value for name, value in call.query.items() if name not in SECRET_NAMES}
    body = {name: value for name, value in call.body.items() if name not in SECRET_NAMES}
    if call.files:
        body = {name: one.filename for name, one in call.files.items()}
    result = payload if isinstance(payload, dict) else {}
    hidden = result.get("access_token") or result.get("session_key")
    kept = json.dumps(body, ensure_ascii=False)
    kept = kept if len(kept) <= KEPT_BODY else json.dumps({"truncated": len(kept)})
    shown = "" if hidden or isinstance(payload, Picture) else answer[:KEPT_BODY].decode("utf-8", "replace")
    with call.world.store.transaction() as db:
        db.execute(
            "INSERT INTO calls (at, path, app, query, body, errcode, errmsg, rid, fault, answer, cost_ms, client)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (call.now, call.path, _owner(call), json.dumps(query, ensure_ascii=False), kept,
             None if payload is None else result.get("errcode", 0), result.get("errmsg", "ok"), rid,
             fault.get("fault"), shown, int((time.time() - started) * 1000), call.client),
        )


def _owner(call: Call) -> str | None:
    if call.caller:
        return call.caller.name
    named = call.world.app_by_id(call.query.get("appid") or call.body.get("appid"))
    return named.name if named else None
