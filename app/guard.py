"""The guard at every door: who is it, and may they? One table of rights (app.rules.rights) for all doors.

Each view wears exactly one of `guarded`, `signed_in` (API, bearer token) or `at_desk` (console, cookie and form
token). They write the action on the view, and a view without one fails the build (tests/test_doors.py).
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from flask import Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue, RouteCallable
from werkzeug.exceptions import Unauthorized

from app.context import here
from app.rules import rights, session
from app.rules.actor import Actor, actor_of
from app.rules.refusal import Forbidden
from models.base import now

COOKIE = "desk"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Door(Protocol):
    """A view with the action it is guarded by."""

    action: str

    def __call__(self, *args: Any, **kwargs: Any) -> ResponseReturnValue: ...


def guarded(action: str) -> Callable[[RouteCallable], Door]:
    """A door without a session: it is guarded by its own proof, or open to all on purpose."""
    _check(action)
    return lambda view: _door(view, action)


def signed_in(action: str) -> Callable[[RouteCallable], Door]:
    """A door of the API: `Authorization: Bearer <token>`; the action must be allowed somewhere. Sets `g.actor`."""
    _check(action)

    def wrap(view: RouteCallable) -> Door:
        @wraps(view)
        def guarded_view(*args, **kwargs):
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            found = session.find_session(token, door="api") if scheme.lower() == "bearer" and token else None
            if found is None:
                raise Unauthorized()
            _let_in(found, action)
            return view(*args, **kwargs)

        return _door(guarded_view, action)

    return wrap


def at_desk(action: str) -> Callable[[RouteCallable], Door]:
    """A door of the console: the session cookie; unsafe methods need the form token and our own Origin."""
    _check(action)

    def wrap(view: RouteCallable) -> Door:
        @wraps(view)
        def guarded_view(*args, **kwargs):
            token = request.cookies.get(COOKIE, "")
            idle = timedelta(minutes=here().settings.sessions.console_idle_minutes)
            found = session.find_session(token, door="console", idle=idle) if token else None
            if found is None:
                return _to_signin()
            if request.method in UNSAFE:
                check_form_token(token)
            _let_in(found, action)
            g.form_token = form_token(token)
            return view(*args, **kwargs)

        return _door(guarded_view, action)

    return wrap


def _door(view: RouteCallable, action: str) -> Door:
    door = cast(Door, view)
    door.action = action
    return door


def _check(action: str) -> None:
    if action not in rights.RIGHTS:
        raise KeyError(f"{action} is not in the table of rights (app/rules/rights.py)")


def _let_in(found, action: str) -> None:
    session.touch(found, now())
    g.session, g.actor = found, actor_of(found.person, request.remote_addr or "", found.door)
    if not rights.may(g.actor, action):
        raise Forbidden()


def _to_signin() -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("console.signin")})
    if request.method != "GET":
        abort(401)
    return redirect(url_for("console.signin"))


def actor() -> Actor:
    """Who is asking in this request."""
    return g.actor


def form_token(bearer: str) -> str:
    """The token a form of this browser must carry: bound to its cookie by our key, so that no other site knows it."""
    key = here().settings.secrets.key.get_secret_value().encode()
    return hmac.new(key, b"form:" + hashlib.sha256(bearer.encode()).digest(), "sha256").hexdigest()


def check_form_token(bearer: str) -> None:
    """Refuse an unsafe request that does not come from our own page. Raises Forbidden."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise Forbidden("这个请求不是从本站页面发出的，已拒绝。")
    given = request.headers.get("X-Form-Token") or request.form.get("form_token", "")
    if not hmac.compare_digest(given.encode(), form_token(bearer).encode()):
        raise Forbidden("页面已过期，请刷新后再试。")
