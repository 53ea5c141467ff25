"""How often a path was called today, resetting that, and looking up a call by its rid.

Source: 开发/服务端/openApi管理.
"""

import json
import time

from app.sandbox.refusals import Refused
from app.sandbox.store import count_up
from app.sandbox.wechat.call import Call, Endpoint

CLEARED_PER_MONTH = 10
REMEMBERED = 7 * 24 * 3600


def day_slot(now: float) -> str:
    """The day in China's time; daily budgets start anew at midnight there."""
    return time.strftime("%Y-%m-%d", time.gmtime(now + 8 * 3600))


def month_slot(now: float) -> str:
    """The month in China's time."""
    return day_slot(now)[:7]


def limit_of(call: Call, endpoint: Endpoint, path: str) -> int:
    """Calls per day for a path: the configuration's `daily_limits`, else the documented number."""
    return call.world.options.get("daily_limits", {}).get(path, endpoint.limit)


def count(call: Call, endpoint: Endpoint) -> None:
    """Count this call; raises 45009 when today's budget is used up."""
    used = count_up(call.db, call.app.name, call.path, day_slot(call.now))
    if used > limit_of(call, endpoint, call.path):
        raise Refused(45009)


def get(call: Call, routes: dict[str, Endpoint]) -> dict:
    """POST /cgi-bin/openapi/quota/get."""
    path = call.text("cgi_path", Refused(76021))
    endpoint = routes.get(path)
    if endpoint is None:
        raise Refused(76021)
    row = call.db.execute(
        "SELECT used FROM counters WHERE app = ? AND name = ? AND slot = ?", (call.app.name, path, day_slot(call.now))
    ).fetchone()
    used, limit = (row["used"] if row else 0), limit_of(call, endpoint, path)
    return {"quota": {"daily_limit": limit, "used": min(used, limit), "remain": max(0, limit - used)}}


def clear_one(call: Call, routes: dict[str, Endpoint]) -> dict:
    """POST /cgi-bin/openapi/quota/clear."""
    path = call.body.get("cgi_path")
    if not isinstance(path, str) or path not in routes:
        raise Refused(76021)
    call.db.execute(
        "DELETE FROM counters WHERE app = ? AND name = ? AND slot = ?", (call.app.name, path, day_slot(call.now))
    )
    return {}


def clear_all(call: Call) -> dict:
    """POST /cgi-bin/clear_quota: ten times a month, shared with the form that takes the secret."""
    if call.body.get("appid") != call.app.appid:
        raise Refused(40013)
    if count_up(call.db, call.app.name, "clear_quota", month_slot(call.now)) > CLEARED_PER_MONTH:
        raise Refused(48006)
    call.db.execute(
        "DELETE FROM counters WHERE app = ? AND slot = ? AND name LIKE '/%'", (call.app.name, day_slot(call.now))
    )
    return {}


def rid(call: Call) -> dict:
    """POST /cgi-bin/openapi/rid/get: an own call of the last seven days."""
    wanted = call.body.get("rid")
    if not isinstance(wanted, str) or [len(part) for part in wanted.split("-")] != [8, 8, 8]:
        raise Refused(76002)
    row = call.db.execute("SELECT * FROM calls WHERE rid = ?", (wanted,)).fetchone()
    if row is None:
        raise Refused(76001)
    if row["app"] != call.app.name:
        raise Refused(76003)
    if call.now - row["at"] > REMEMBERED:
        raise Refused(76004)
    query = "&".join(f"{name}={value}" for name, value in json.loads(row["query"]).items())
    return {"request": {
        "invoke_time": int(row["at"]), "cost_in_ms": row["cost_ms"], "request_url": query,
        "request_body": row["body"], "response_body": row["answer"], "client_ip": row["client"],
    }}
