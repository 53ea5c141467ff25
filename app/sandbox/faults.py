"""Bad weather on purpose: how platform calls go wrong when a tester asks for it.

A fault waits for calls to its path (or `*`) and is used up after `times` calls (-1: never). The oldest one that matches
applies. Before the call is carried out, so that nothing happens on the platform: `busy` (-1), `quota` (45009), `token`
(40001), `error` (any errcode), `html`, `empty`, `http_502`, `reset`, `answer` (any `body`, `status` and `location`, for
everything the others do not say: a redirect, an odd expires_in, no errcode). The call is carried out, but the answer
suffers: `latency` (comes `seconds` late), `timeout_after_accept` (never comes, the line is held for `seconds`),
`accept_then_reset`, `cut_off` (in the middle), `wrong_types`, `errcode_string`, `malformed_json`, `big` (10 MB), `slow`
(one byte a second for at most `seconds`). `rotate_session_key` makes a login change the session key.
"""

import errno
import json
import socket
import sqlite3
import time
from collections.abc import Iterator

from flask import Response, request

from app.sandbox.store import insert

REFUSALS = {"busy": (-1, "system error"), "quota": (45009, "reach max api daily quota limit"),
            "token": (40001, "invalid credential, access_token is invalid or not latest")}
INSTEAD = ("html", "empty", "http_502", "reset", "answer")
AFTERWARDS = ("latency", "timeout_after_accept", "accept_then_reset", "cut_off", "wrong_types", "errcode_string",
              "malformed_json", "big", "slow")
KINDS = (*REFUSALS, "error", *INSTEAD, *AFTERWARDS, "rotate_session_key")
SOCKET = "werkzeug.socket"
BIG = 10 * 1024 * 1024
HTML = "<!DOCTYPE html><html><head><title>502</title></head><body>upstream is tired</body></html>"


def add_fault(db: sqlite3.Connection, fault: dict) -> int:
    """Order a fault; returns its id. `fault` is as the control API takes it."""
    return insert(db, "INSERT INTO faults (path, remaining, body) VALUES (?, ?, ?)",
                  (fault["path"], fault.get("times", 1), json.dumps(fault, ensure_ascii=False)))


def take_fault(db: sqlite3.Connection, path: str) -> dict:
    """The fault that applies to this call, counted as used; an empty dict in good weather."""
    row = db.execute("SELECT * FROM faults WHERE path IN (?, '*') AND remaining != 0 ORDER BY id LIMIT 1",
                     (path,)).fetchone()
    if row is None:
        return {}
    if row["remaining"] > 0:
        db.execute("UPDATE faults SET remaining = remaining - 1 WHERE id = ?", (row["id"],))
    return json.loads(row["body"])


def refusal(fault: dict) -> tuple[int, str] | None:
    """The errcode and errmsg a fault answers with instead of carrying the call out, if it is of that sort."""
    if fault.get("fault") == "error":
        return fault["errcode"], fault.get("errmsg", "system error")
    return REFUSALS.get(fault.get("fault", ""))


def instead(fault: dict) -> Response | None:
    """The answer of a fault that keeps the call from ever reaching the platform."""
    match fault.get("fault"):
        case "html":
            return Response(HTML, mimetype="text/html")
        case "http_502":
            return Response(HTML, 502, mimetype="text/html")
        case "empty":
            return Response(b"")
        case "reset":
            return _cut()
        case "answer":
            return _ordered(fault)
    return None


def _ordered(fault: dict) -> Response:
    body = fault.get("body", "")
    content = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    answer = Response(content, fault.get("status", 200), content_type="application/json; encoding=utf-8")
    if "location" in fault:
        answer.headers["Location"] = fault["location"]
    return answer


def spoil(fault: dict, answer: Response) -> Response:
    """What becomes of the right answer under a fault that strikes afterwards."""
    seconds = fault.get("seconds", 10)
    match fault.get("fault"):
        case "latency":
            time.sleep(fault.get("seconds", 1))
        case "timeout_after_accept":
            time.sleep(seconds)
            return _cut()
        case "accept_then_reset":
            return _cut()
        case "cut_off":
            return Response(_half(answer.get_data(), request.environ.get(SOCKET)), 
                            headers={"Content-Length": str(len(answer.get_data()))})
        case "slow":
            return Response(_drip(answer.get_data(), seconds), mimetype="application/json")
        case "wrong_types" | "errcode_string" | "malformed_json" | "big" as kind:
            return _rewritten(kind, answer)
    return answer


def _rewritten(kind: str, answer: Response) -> Response:
    content = answer.get_data()
    fields = answer.get_json(silent=True)
    if kind == "malformed_json":
        return Response(content[:-1] or b"{", mimetype="application/json")
    fields = fields if isinstance(fields, dict) else {"errcode": 0, "errmsg": "ok"}
    if kind == "big":
        fields["padding"] = "x" * BIG
    elif kind == "errcode_string":
        fields["errcode"] = str(fields.get("errcode", 0))
    else:
        fields = {name: _other_type(value) for name, value in fields.items()}
    return Response(json.dumps(fields, ensure_ascii=False), mimetype="application/json")


def _other_type(value: object) -> object:
    if isinstance(value, str):
        return len(value)
    return [value] if isinstance(value, int | float) else "soon"


def _drip(content: bytes, seconds: float) -> Iterator[bytes]:
    """One byte a second, for at most `seconds`; the rest then comes at once."""
    for index in range(min(len(content), int(seconds))):
        yield content[index:index + 1]
        time.sleep(1)
    yield content[int(seconds):]


def _half(content: bytes, held: socket.socket | None) -> Iterator[bytes]:
    yield content[: len(content) // 2]
    yield from _hang_up(held)


def _cut() -> Response:
    """An answer that never begins: the server meets a broken connection before the first header.

    werkzeug would keep such a connection open for the next request, so its socket is shut down as well.
    """
    return Response(_hang_up(request.environ.get(SOCKET)))


def _hang_up(held: socket.socket | None) -> Iterator[bytes]:
    if held is not None:
        held.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError(errno.ECONNRESET, "the sandbox hangs up")
    yield b""
