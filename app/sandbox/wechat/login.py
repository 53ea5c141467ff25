"""Who is on the phone: wx.login codes, session keys and phone numbers.

Codes live five minutes and work once. The lifetime of a session key is not published; here it is three days idle and
a new login keeps the key, unless the fault `rotate_session_key` is in force.
Source: 开发/服务端/小程序登录, 用户信息/手机号.
"""

import base64
import hashlib
import hmac
import secrets
import sqlite3

from app.sandbox.refusals import Refused
from app.sandbox.wechat.call import Call
from app.sandbox.wechat.tokens import identify
from app.sandbox.world import MINI, App, account_of

CODE_SECONDS = 300
SESSION_SECONDS = 3 * 24 * 3600


def new_code(db: sqlite3.Connection, app: App, person: str, kind: str, now: float) -> str:
    """A one-time code as the phone gets it: `kind` is login or phone."""
    code = ("0" + secrets.token_urlsafe(32))[:32] if kind == "login" else secrets.token_hex(32)
    db.execute("INSERT INTO codes (code, kind, app, person, expires_at) VALUES (?, ?, ?, ?, ?)",
               (code, kind, app.name, person, now + CODE_SECONDS))
    return code


def take_code(call: Call, app: App, kind: str, code: object) -> sqlite3.Row:
    """Use a code up. A used one is 40163 (configurable: `reused_code_errcode`), any other bad one 40029."""
    row = None
    if isinstance(code, str):
        row = call.db.execute("SELECT * FROM codes WHERE code = ?", (code,)).fetchone()
    if row is None or row["kind"] != kind or row["app"] != app.name or row["expires_at"] <= call.now:
        raise Refused(40029)
    if row["used"]:
        raise Refused(call.world.options.get("reused_code_errcode", 40163) if kind == "login" else 40029)
    call.db.execute("UPDATE codes SET used = 1 WHERE code = ?", (code,))
    return row


def session(call: Call) -> dict:
    """GET /sns/jscode2session; everything is read from the query, so a POST misses its appid."""
    app = identify(call, call.query)
    if not call.query.get("js_code"):
        raise Refused(41008)
    if call.query.get("grant_type") != "authorization_code":
        raise Refused(40002)
    if app.kind != MINI:
        raise Refused(48001)
    person = take_code(call, app, "login", call.query["js_code"])["person"]
    account = account_of(call.db, app, person)
    key = account["session_key"]
    if call.fault == "rotate_session_key" or key is None or call.now - account["session_at"] > SESSION_SECONDS:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
    _keep(call, account, key)
    return {"session_key": key, "openid": account["openid"], "unionid": call.world.unionid(call.db, person)}


def _keep(call: Call, account: sqlite3.Row, key: str) -> None:
    call.db.execute("UPDATE accounts SET session_key = ?, session_at = ? WHERE openid = ?",
                    (key, call.now, account["openid"]))


def check(call: Call) -> dict:
    """GET /wxa/checksession: the signature is HMAC-SHA256 over nothing with the key's text."""
    _signed_account(call, 87009)
    return {}


def reset(call: Call) -> dict:
    """GET /wxa/resetusersessionkey: a new key that inherits the old expiry."""
    account = _signed_account(call, 87007)
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    call.db.execute("UPDATE accounts SET session_key = ? WHERE openid = ?", (key, account["openid"]))
    return {"openid": account["openid"], "session_key": key}


def _signed_account(call: Call, missing: int) -> sqlite3.Row:
    given = call.query | {name: value for name, value in call.body.items() if isinstance(value, str)}
    if given.get("sig_method") != "hmac_sha256":
        raise Refused(87008)
    account = call.account(given.get("openid"))
    key = account["session_key"]
    if key is None or call.now - account["session_at"] > SESSION_SECONDS:
        raise Refused(missing)
    expected = hmac.new(key.encode(), b"", hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), given.get("signature", "").encode()):
        raise Refused(87009)
    return account


def phone_number(call: Call) -> dict:
    """POST /wxa/business/getuserphonenumber."""
    row = take_code(call, call.app, "phone", call.body.get("code"))
    openid = call.body.get("openid")
    if openid is not None and call.account(openid)["person"] != row["person"]:
        raise Refused(40029)
    number = call.world.people[row["person"]].phone
    return {"phone_info": {
        "phoneNumber": number, "purePhoneNumber": number, "countryCode": "86",
        "watermark": {"timestamp": int(call.now), "appid": call.app.appid},
    }}
