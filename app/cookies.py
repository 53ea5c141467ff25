"""The cookies of the desk: the session, and the secret of a browser that is about to sign in.

On https they are called `__Host-…`: then a browser takes them only over https, from this very host and for no other,
so that a neighbouring subdomain or a page over http cannot slip in its own (RFC 6265bis §4.1.3.2). That prefix asks for
the path /; the API and the callback never read a cookie. On plain http (a laptop, the demo) a browser refuses the
prefix, so they have their bare names there and the path of the console.
"""

from flask import request
from werkzeug.wrappers import Response

from app.context import here

SESSION = "desk"
VISITOR = "visitor"
PATH = "/console"


def read(name: str) -> str:
    """A cookie of ours as the browser sent it, empty without one."""
    return request.cookies.get(called(name), "")


def keep(response: Response, name: str, value: str, seconds: int) -> None:
    """Let the browser keep a cookie, out of reach of scripts and of other sites."""
    response.set_cookie(called(name), value, max_age=seconds, **_where())


def forget(response: Response, name: str) -> None:
    """Let the browser throw a cookie away."""
    response.delete_cookie(called(name), **_where())


def _secure() -> bool:
    return here().settings.base_url.startswith("https://")


def called(name: str) -> str:
    """What a cookie of ours is called here."""
    return f"__Host-{name}" if _secure() else name


def _where() -> dict:
    secure = _secure()
    return {"path": "/" if secure else PATH, "httponly": True, "samesite": "Lax", "secure": secure}
