"""`GET /audit/head`: the head of the audit chain as it was published, for whoever wants to keep it. Open to all."""

from flask import Blueprint, jsonify

from app.guard import guarded
from app.rules import chain
from models.audit import AuditHead

blueprint = Blueprint("audit", __name__)
#: Heads told besides the newest: two days of them.
EARLIER = 48


@blueprint.get("/audit/head")
@guarded("audit.head")
def head():
    """The newest published head, and those before it.

    `position` is how many rows it stands for, `hash` the sha256 over all of them (app.rules.chain), `published_at` in
    UTC. Nothing of a row can be learned from it.
    """
    rows = list(AuditHead.select().order_by(AuditHead.position.desc()).limit(1 + EARLIER))
    told = [
        {"position": row.position, "hash": row.hash, "published_at": row.published_at.isoformat(timespec="seconds")}
        for row in rows
    ]
    newest = told[0] if told else {"position": 0, "hash": chain.START, "published_at": None}
    return jsonify({**newest, "earlier": told[1:]})
