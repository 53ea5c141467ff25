"""What people let us send: the answers to subscribe-message dialogues, counted by kind of letter.

The platform offers no call that tells the count, so we keep our own: +1 an accept, -1 a send (contract E).
"""

from app.rules.person import remember_subscription
from models.base import now
from models.letter import Subscription
from models.person import Identity


def answered(identity: Identity, fields: dict, tag: str, kinds: dict[str, str]) -> None:
    """The event subscribe_msg_popup_event. `kinds` maps template ids to kinds of letters; unknown ids are ignored."""
    for row in _rows(fields, tag):
        kind = kinds.get(str(row.get("TemplateId")))
        if kind:
            remember_subscription(identity, kind, row.get("SubscribeStatusString") == "accept")


def switched_off(identity: Identity, fields: dict, tag: str, kinds: dict[str, str]) -> None:
    """The event subscribe_msg_change_event: the person switched a template off, so nothing is left of it."""
    for row in _rows(fields, tag):
        kind = kinds.get(str(row.get("TemplateId")))
        if kind and row.get("SubscribeStatusString") == "reject":
            Subscription.update(remaining=0, refused_at=now()).where(
                Subscription.identity == identity, Subscription.kind == kind
            ).execute()


def _rows(fields: dict, tag: str) -> list[dict]:
    """The list in either layout: XML `tag > List`, JSON top-level `List`; one object or several."""
    inner = fields.get(tag)
    rows = (inner if isinstance(inner, dict) else fields).get("List") or []
    return [row for row in (rows if isinstance(rows, list) else [rows]) if isinstance(row, dict)][:20]
