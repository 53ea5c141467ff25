"""The link of a unit, /u/<token>: a page on a phone, without an account, a cookie or a script.

Whoever holds the link acts for the unit in one subcase (app/rules/unit_link.py). Looking changes nothing: WeChat
fetches a link to preview it. The page names no resident; photos are shown by links of minutes.
"""

from flask import Blueprint, Response, request

from handlers.unit import link, style

unit = Blueprint("unit", __name__, url_prefix="/u", template_folder="templates")

unit.add_url_rule("/static/<name>", "style", style.serve, methods=["GET"])
unit.add_url_rule("/<token>", "show", link.show, methods=["GET"])
unit.add_url_rule("/<token>/<verb>", "act", link.act, methods=["POST"])

#: As at the desk; and no site is told the address, for the address is the key. Forms therefore say `Origin: null`.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@unit.after_app_request
def _harden(response: Response) -> Response:
    """The headers of this door, on its refusals too."""
    if request.path.startswith("/u/"):
        for name, value in HEADERS.items():
            response.headers[name] = value
        if request.endpoint != "unit.style":
            response.headers["Cache-Control"] = "no-store"
    return response
