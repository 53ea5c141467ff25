"""Ending one's own sessions from the room "登录与安全": one of them, or all but this."""

from flask import g, redirect, url_for
from werkzeug.wrappers import Response

from app import cookies
from app.guard import actor, at_desk, idle_after
from app.rules import session
from app.rules.refusal import NotFound
from handlers.console.signin import go
from models.base import write
from models.session import Session


@at_desk("session.end")
def end(key: str) -> Response:
    """End one; ending this one signs out. Raises NotFound for what is not one's own or is over."""
    row = session.live_of(actor().person, idle_after()).where(Session.key == key).first()
    if row is None:
        raise NotFound()
    with write():
        session.end_session(row, actor=actor())
    if row.id != g.session.id:
        return redirect(url_for("console.security"), 303)
    response = go(url_for("console.signin"))
    cookies.forget(response, cookies.SESSION)
    return response


@at_desk("session.end")
def end_others() -> Response:
    """End all others, also those of the mini-program."""
    with write():
        session.end_others(g.session, actor=actor())
    return redirect(url_for("console.security"), 303)
