"""Content security, version 2: a text is judged at once, a file later by an event.

Source: 开发/服务端/小程序安全/内容安全. The user must have opened the mini-program within two hours, else 61010.
"""

import secrets
import sqlite3
import time

from app.sandbox.media_check import judge_text, new_result
from app.sandbox.outbox import enqueue
from app.sandbox.refusals import Refused
from app.sandbox.wechat.call import Call

OPENED_WITHIN = 2 * 3600
LONGEST = 2500


def _number(call: Call, name: str) -> object:
    value = call.body.get(name)
    return None if isinstance(value, bool) else value


def _recent_user(call: Call) -> sqlite3.Row:
    if _number(call, "version") != 2:
        raise Refused(40097)
    if _number(call, "scene") not in (1, 2, 3, 4):
        raise Refused(40129)
    account = call.account(call.body.get("openid"), foreign=43104)
    if call.now - account["opened_at"] > OPENED_WITHIN:
        raise Refused(61010)
    return account


def _trace_id() -> str:
    return f"{int(time.time()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"


def text(call: Call) -> dict:
    """POST /wxa/msg_sec_check."""
    content = call.body.get("content")
    if not isinstance(content, str) or not content:
        raise Refused(44002)
    if len(content) > LONGEST:
        raise Refused(47001)
    _recent_user(call)
    others = [value for name in ("title", "nickname", "signature") if isinstance(value := call.body.get(name), str)]
    suggest, label, word = judge_text("\n".join([content, *others]))
    detail = [{"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90}]
    if word:
        detail.append({"strategy": "keyword", "errcode": 0, "suggest": suggest, "label": label, "level": 90,
                       "keyword": word})
    return {"result": {"suggest": suggest, "label": label}, "detail": detail, "trace_id": _trace_id()}


def media(call: Call) -> dict:
    """POST /wxa/media_check_async: the verdict comes as the event wxa_media_check."""
    address = call.text("media_url", Refused(40097))
    if _number(call, "media_type") not in (1, 2):
        raise Refused(40004)
    account = _recent_user(call)
    trace_id = _trace_id()
    enqueue(call.db, call.app, account["person"], new_result(call.app.appid, trace_id, address))
    return {"trace_id": trace_id}
