"""The files a page of the desk loads: our own few, and htmx from its packages. What is not listed does not exist."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, request, send_file, url_for

from app.guard import guarded
from app.rules.refusal import NotFound

HERE = Path(__file__).parent / "static"
PACKAGES = Path(__file__).parents[2] / "node_modules"
FILES = {path.name: path for path in sorted(HERE.iterdir()) if path.suffix in (".css", ".js", ".svg")} | {
    "htmx.js": PACKAGES / "htmx.org" / "dist" / "htmx.min.js",
    "sse.js": PACKAGES / "htmx-ext-sse" / "dist" / "sse.min.js",
}
YEAR = 365 * 24 * 3600


@lru_cache(maxsize=64)
def _print_of(name: str) -> str:
    return hashlib.sha256(FILES[name].read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file, with the print of its content in it: it may be kept for ever."""
    return url_for("console.asset", name=name, v=_print_of(name))


@guarded("static.read")
def serve(name: str) -> Response:
    """One file of the list."""
    if name not in FILES or not FILES[name].is_file():
        raise NotFound()
    response = send_file(FILES[name], conditional=True, max_age=YEAR if request.args.get("v") else 0)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
