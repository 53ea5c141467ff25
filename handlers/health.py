"""Is it well? `/healthz` for the process, `/readyz` for what it stands on."""

import shutil

import peewee
from flask import Blueprint, jsonify

from app.context import here
from app.guard import guarded
from models.base import database

blueprint = Blueprint("health", __name__)
#: With less than this an upload could fill the disk and stop the database.
FREE_BYTES = 200 * 1024 * 1024


@blueprint.get("/healthz")
@guarded("health.read")
def healthz():
    """The process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@guarded("health.read")
def readyz():
    """Database, file store and disk, each with its word; 503 when one of them fails."""
    found = {"database": _database(), "files": here().files.healthy(), "disk": _disk()}
    words = {name: "ok" if well else "failing" for name, well in found.items()}
    return jsonify({"status": "ok" if all(found.values()) else "failing", **words}), 200 if all(found.values()) else 503


def _database() -> bool:
    try:
        database.execute_sql("SELECT 1").fetchone()
    except peewee.PeeweeException:
        return False
    return True


def _disk() -> bool:
    return shutil.disk_usage(here().settings.folder).free > FREE_BYTES
