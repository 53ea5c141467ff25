"""The guard at every door: who is it, and may they? One table of rights (app.rules.rights) for all doors.

Each view wears exactly one of `guarded`, `signed_in` (API, bearer token) or `at_desk` (console, cookie and form
token). They write the action on the view, and a view without one fails the build (tests/test_doors.py).
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from flask import Response, abort, after_this_request, g, redirect, request, url_for
from flask.typing import ResponseReturnValue, RouteCallable
from werkzeug.exceptions import Unauthorized

from app import cookies
from app.context import here
from app.rules import reading, rights, session
from app.rules.actor import Actor, actor_of
from app.rules.refusal import Forbidden
from models.base import now, write
from models.case import Case
from models.session import Session

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
            found = _session_of(token, "api") if scheme.lower() == "bearer" else None
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
            token = cookies.read(cookies.SESSION)
            found = _session_of(token, "console")
            if found is None:
                return _to_signin()
            if request.method in UNSAFE:
                check_form_token(found)
            _rotate(found, token)
            _let_in(found, action)
            # Whose last part at the desk has run out has no business here, whatever everybody else may.
            if action != "session.end" and not rights.may(g.actor, "desk.read"):
                raise Forbidden()
            g.form_token = form_token(found)
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
    # Who may see sums alone comes in too: what is added up, and for whom, is asked of the rule.
    if not (rights.may(g.actor, action) or rights.sums(g.actor, action)):
        raise Forbidden()


def look_at(case: Case) -> None:
    """Write down that somebody opens a case that is not the own. Raises BudgetSpent when the day has had enough."""
    if case.reporter_id in g.actor.selves:
        return
    with write():
        allowed = reading.look(case, actor=g.actor)
    if not allowed:
        raise reading.BudgetSpent()


def actor_again() -> Actor:
    """Who is asking, read anew: after a deed that gave this person another part, as an anonymous report does."""
    g.actor = actor_of(g.actor.person, g.actor.address, g.actor.door)
    return g.actor


def idle_after() -> dict[str, timedelta]:
    """After how long without use a session ends, for each door."""
    sessions = here().settings.sessions
    return {"api": timedelta(days=sessions.api_idle_days), "console": timedelta(minutes=sessions.console_idle_minutes)}


def _session_of(token: str, door: str) -> Session | None:
    return session.find_session(token, door=door, idle=idle_after()[door]) if token else None


def desk_session() -> Session | None:
    """The session of this browser at the desk, if it has one."""
    return _session_of(cookies.read(cookies.SESSION), "console")


def _rotate(found: Session, token: str) -> None:
    """Give the browser its next token when it is time. Made from the last one by our key: see `session.rotate`."""
    if not session.rotation_due(found, token=token):
        return
    made = hmac.new(_key(), b"next:" + token.encode(), "sha256").digest()
    successor = base64.urlsafe_b64encode(made).decode().rstrip("=")
    with write():
        changed = session.rotate(found, token=token, successor=successor)
    if changed:
        seconds = max(1, int((found.expires_at - now()).total_seconds()))

        @after_this_request
        def tell(response: Response) -> Response:
            # A view that ended the session has said so already, with the same cookie.
            named = cookies.called(cookies.SESSION) + "="
            if not any(line.startswith(named) for line in response.headers.getlist("Set-Cookie")):
                cookies.keep(response, cookies.SESSION, successor, seconds)
            return response


def _to_signin() -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("console.signin")})
    if request.method != "GET":
        abort(401)
    return redirect(url_for("console.signin"))


def actor() -> Actor:
    """Who is asking in this request."""
    return g.actor


def _key() -> bytes:
    return here().settings.secrets.key.get_secret_value().encode()


def form_token(holder: Session | str) -> str:
    """The token a form must carry: made by our key for a session, or for the cookie of a visitor (a string).

    Made from the session and not from its token, it outlives a rotation: a form may stay open for an hour.
    """
    kind, name = ("session", holder.key) if isinstance(holder, Session) else ("visitor", holder)
    return hmac.new(_key(), f"form:{kind}:".encode() + hashlib.sha256(name.encode()).digest(), "sha256").hexdigest()


def check_form_token(holder: Session | str) -> None:
    """Refuse an unsafe request that does not come from our own page. Raises Forbidden.

    `Origin: null` is foreign as well. Sec-Fetch-Site is what the browser itself says of where a request comes from
    (Fetch Metadata): a page of another site or of a neighbouring subdomain sends nothing here.
    """
    origin = request.headers.get("Origin")
    fetched_from = request.headers.get("Sec-Fetch-Site", "same-origin")
    if origin is not None and urlsplit(origin).netloc != request.host or fetched_from not in ("same-origin", "none"):
        raise Forbidden("这个请求不是从本站页面发出的，已拒绝。")
    given = request.headers.get("X-Form-Token") or request.form.get("form_token", "")
    if not holder or not hmac.compare_digest(given.encode(), form_token(holder).encode()):
        raise Forbidden("页面已过期，请刷新后再试。")
