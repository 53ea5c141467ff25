"""The files a page of the desk loads: our own few, and htmx from its packages. What is not listed does not exist."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import request, url_for
from werkzeug.wrappers import Response

from app.guard import guarded
from app.rules.refusal import NotFound

HERE = Path(__file__).parent / "static"
PACKAGES = Path(__file__).parents[2] / "node_modules"
FILES = {path.name: path for path in sorted(HERE.iterdir()) if path.suffix in (".css", ".js", ".svg")} | {
    "htmx.js": PACKAGES / "htmx.org" / "dist" / "htmx.min.js",
    "sse.js": PACKAGES / "htmx-ext-sse" / "dist" / "sse.min.js",
}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
YEAR = 365 * 24 * 3600


@lru_cache(maxsize=64)
def _read(name: str) -> tuple[bytes, str]:
    """The bytes of a file and their print; read once a process."""
    content = FILES[name].read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file, with the print of its content in it: it may be kept for ever."""
    return url_for("console.asset", name=name, v=_read(name)[1])


@guarded("static.read")
def serve(name: str) -> Response:
    """One file of the list."""
    if name not in FILES:
        raise NotFound()
    content, print_of_it = _read(name)
    response = Response(content, mimetype=TYPES[FILES[name].suffix])
    response.set_etag(print_of_it)
    response.cache_control.max_age = YEAR if request.args.get("v") == print_of_it else 0
    return response.make_conditional(request)
