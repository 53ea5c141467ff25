"""The one file the page of a unit loads."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, request, url_for

from app.guard import guarded
from app.rules.refusal import NotFound

HERE = Path(__file__).parent / "static"
NAME = "unit.css"
YEAR = 365 * 24 * 3600


@lru_cache(maxsize=1)
def _read() -> tuple[bytes, str]:
    content = (HERE / NAME).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


def address() -> str:
    """Where the file is, with the print of its content: it may be kept for ever."""
    return url_for("unit.style", name=NAME, v=_read()[1])


@guarded("static.read")
def serve(name: str) -> Response:
    """The style sheet."""
    if name != NAME:
        raise NotFound()
    content, print_of_it = _read()
    response = Response(content, mimetype="text/css")
    response.set_etag(print_of_it)
    response.cache_control.max_age = YEAR if request.args.get("v") == print_of_it else 0
    response.make_conditional(request)
    return response
