"""Access tokens: the old way (every call a new one) and the stable way (the same one until shortly before its end).

Source: 开发/服务端/接口调用凭证. A token of the old way stays good about five minutes after its successor was issued; a
stable one that was replaced near its end lives on to that end; a forced refresh kills the one before at once.
"""

import re
import secrets
import sqlite3
import time

from app.sandbox.refusals import Refused
from app.sandbox.store import count_up, get_setting, set_setting
from app.sandbox.wechat.call import Call
from app.sandbox.wechat.quota import day_slot
from app.sandbox.world import App, World

LIFETIME = 7200
OVERLAP = 300
FORCED_PER_DAY = 20
FORCED_APART = 30
OVER_QUOTA = (
    "reach max api daily quota limit, could get access_token by getStableAccessToken,"
    " more details at https://mmbizurl.cn/s/JtxxFh33r"
)
SHAPE = re.compile(r"[A-Za-z0-9_-]{32,512}")


def issue(call: Call) -> dict:
    """GET /cgi-bin/token."""
    app = _identified(call, call.query)
    if count_up(call.db, app.name, call.path, day_slot(call.now)) > _daily(call.world):
        raise Refused(45009, OVER_QUOTA)
    call.db.execute(
        "UPDATE tokens SET superseded_at = MIN(COALESCE(superseded_at, :end), :end)"
        " WHERE app = :app AND kind = 'plain'",
        {"end": call.now + OVERLAP, "app": app.name},
    )
    return _answer(_new(call, app, "plain"), LIFETIME)


def _daily(world: World) -> int:
    return world.options.get("daily_limits", {}).get("/cgi-bin/token", 2000)


def stable(call: Call) -> dict:
    """POST /cgi-bin/stable_token."""
    app = _identified(call, call.body)
    current = call.db.execute(
        "SELECT * FROM tokens WHERE app = ? AND kind = 'stable' AND expires_at > ? AND superseded_at IS NULL"
        " ORDER BY expires_at DESC LIMIT 1", (app.name, call.now),
    ).fetchone()
    if call.body.get("force_refresh") is True and _may_force(call, app):
        call.db.execute("UPDATE tokens SET superseded_at = ? WHERE app = ? AND kind = 'stable'", (call.now, app.name))
        return _answer(_new(call, app, "stable"), LIFETIME)
    if current and current["expires_at"] - call.now > OVERLAP:
        return _answer(current["token"], int(current["expires_at"] - call.now))
    return _answer(_new(call, app, "stable"), LIFETIME)


def _may_force(call: Call, app: App) -> bool:
    last = get_setting(call.db, f"forced_at:{app.name}", 0)
    if call.now - last < FORCED_APART:
        return False
    if count_up(call.db, app.name, "force_refresh", day_slot(call.now)) > FORCED_PER_DAY:
        return False
    set_setting(call.db, f"forced_at:{app.name}", call.now)
    return True


def _identified(call: Call, given: dict) -> App:
    """The app that says its appid and secret, in the platform's order of complaints."""
    if given.get("grant_type") != "client_credential":
        raise Refused(40002)
    return identify(call, given)


def identify(call: Call, given: dict, secret_name: str = "secret") -> App:  # noqa: S107 - the name of a field
    """The app of this appid and secret, called from an allowed address; raises the platform's refusals."""
    if not given.get("appid"):
        raise Refused(41002)
    if not given.get(secret_name):
        raise Refused(41004)
    app = call.world.app_by_id(given["appid"])
    if app is None:
        raise Refused(40013)
    if not secrets.compare_digest(str(given[secret_name]).encode(), app.secret.encode()):
        raise Refused(40125)
    if app.ip_whitelist and call.client not in app.ip_whitelist:
        raise Refused(40164, f"invalid ip {call.client} ipv6 ::ffff:{call.client}, not in whitelist")
    return app


def _new(call: Call, app: App, kind: str) -> str:
    token = f"{int(time.time()) % 100}_{secrets.token_urlsafe(96)}"
    call.db.execute(
        "INSERT INTO tokens (token, app, kind, issued_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        (token, app.name, kind, call.now, call.now + LIFETIME),
    )
    return token


def _answer(token: str, seconds: int) -> dict:
    return {"access_token": token, "expires_in": seconds}


def owner(world: World, db: sqlite3.Connection, token: str | None, now: float) -> App:
    """Whose access token this is; 41001 missing, 40014 wrong shape, 40001 unknown or replaced, 42001 too old."""
    if not token:
        raise Refused(41001)
    if not SHAPE.fullmatch(token):
        raise Refused(40014)
    row = db.execute("SELECT * FROM tokens WHERE token = ?", (token,)).fetchone()
    if row is None or row["app"] not in world.apps:
        raise Refused(40001)
    if row["expires_at"] <= now:
        raise Refused(42001)
    if row["superseded_at"] is not None and row["superseded_at"] <= now:
        raise Refused(40001)
    return world.apps[row["app"]]
