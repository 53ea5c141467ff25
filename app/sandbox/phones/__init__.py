"""The phones of the sandbox: a person with a laptop and no WeChat account plays everybody.

Three pages and nothing behind them: the list of phones, one phone, and several side by side. They are empty shells;
the ES modules in static/ fill them from the sandbox's control API, at addresses relative to where this blueprint is
mounted, so that the sandbox may live under any prefix. Nothing here imports the product or the platform.
"""

import re
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, request

#: The pages run with no inline script or style, and may be framed only by themselves (the side-by-side view).
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'; object-src 'none'"
)
#: Side by side is for a screen; more columns than this are no longer phones.
COLUMNS = 4
PERSON_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")

FILES = {path.name: path for path in (Path(__file__).parent / "static").iterdir()}
#: Said here and not asked of the machine: some take .js for plain text, and a browser then runs no module.
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

blueprint = Blueprint("phones", __name__, template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """The list of phones, the five-minute guide and the weather."""
    return render_template("phones/index.html")


@blueprint.get("/phone/<person>")
def phone(person: str) -> str:
    """One phone. Whether the person exists is the control API's answer; a key no person can have is 404 here."""
    return render_template("phones/phone.html", person=_key(person))


@blueprint.get("/side")
def side() -> str:
    """Up to four phones next to each other: `people` is their keys, joined by commas."""
    keys = [_key(key) for key in request.args.get("people", "").split(",") if key]
    if not keys:
        abort(404)
    return render_template("phones/side.html", people=list(dict.fromkeys(keys))[:COLUMNS])


@blueprint.get("/phones/static/<filename>")
def static(filename: str) -> Response:
    """One of the small files, whole: a browser that leaves half-way leaves no file open behind it."""
    path = FILES.get(filename)
    if path is None:
        abort(404)
    response = Response(path.read_bytes(), mimetype=TYPES[path.suffix])
    response.cache_control.no_cache = True  # kept, and asked about again
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.after_request
def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _key(text: str) -> str:
    if not PERSON_KEY.match(text):
        abort(404)
    return text
