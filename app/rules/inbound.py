"""One event, one effect: a delivery of the platform is recorded under its key before anything else happens."""

import hashlib

from models.inbound import Inbound


def kept_key(event_key: str) -> str:
    """The key as it is kept: with the sha256 of the openid in an event's key, so that forgetting a person breaks none.

    `event_key` is of handlers.wechat.message: "msg:<MsgId>" or "event:<openid>:<CreateTime>:<Event>:<EventKey>".
    """
    kind, _, rest = event_key.partition(":")
    if kind != "event":
        return event_key
    openid, _, rest = rest.partition(":")
    return f"event:{hashlib.sha256(openid.encode()).hexdigest()[:40]}:{rest}"[:200]


def begin(*, account: str, event_key: str, kind: str, payload: dict) -> Inbound | None:
    """Record a delivery inside the transaction of its effect. None when it has been here before: see `earlier`.

    A second delivery at the same moment waits on the unique key until the first is committed or rolled back.
    """
    rows = (
        Inbound.insert(account=account, event_key=kept_key(event_key), kind=kind, payload=payload)
        .on_conflict_ignore()
        .returning(Inbound.id)
        .execute()
    )
    return next(iter(rows), None)


def earlier(account: str, event_key: str) -> Inbound:
    """The delivery already recorded under this key, after `begin` said so."""
    return Inbound.get(Inbound.account == account, Inbound.event_key == kept_key(event_key))


def answered(row: Inbound, reply: str) -> None:
    """Keep the passive reply, so that a repeated delivery gets the same one."""
    Inbound.update(reply=reply).where(Inbound.id == row.id).execute()


def unreadable(*, account: str, event_key: str, payload: dict, problem: str) -> None:
    """Record what could not be read, so that nobody's message is lost without a trace."""
    Inbound.insert(
        account=account,
        event_key=event_key,
        kind="unreadable",
        payload=payload,
        state="unreadable",
        problem=problem[:80],
    ).on_conflict_ignore().execute()
