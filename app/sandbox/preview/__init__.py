"""The mini-program in a browser: what `build.mjs` made of it, served as files, under an address of the sandbox.

The page gets its person from the address (`?person=zhanglan`) and everything of the platform (login codes, dialogs)
from the control API. Inline styles are allowed here and nowhere else: WXML writes them.
"""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, send_from_directory

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; object-src 'none'"
)

blueprint = Blueprint("preview", __name__, url_prefix="/mini")


@blueprint.get("/", defaults={"filename": "index.html"})
@blueprint.get("/<path:filename>")
def file(filename: str) -> Response:
    """One file of the preview; 404 where none was built."""
    folder = current_app.config["PREVIEW"]
    if folder is None:
        abort(404)
    return send_from_directory(Path(folder).resolve(), filename, max_age=0)


@blueprint.after_request
def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
