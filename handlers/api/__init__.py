"""The mini-program's door, JSON, under /api/v1."""

from apiflask import APIBlueprint

api = APIBlueprint("api", __name__, url_prefix="/api/v1")
