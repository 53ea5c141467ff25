"""The desk of the community, HTML, under /console/."""

from flask import Blueprint

console = Blueprint("console", __name__, url_prefix="/console")


@console.get("/signin")
def signin():
    return ""
