"""A message of the platform as one plain value, whatever account, mode or format it came by."""

import math
import re
from dataclasses import dataclass, field

from handlers.wechat.envelope import Unreadable

_OPENID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
TEXT_LIMIT = 4000
#: What the platform itself tells of somebody: FromUserName is its own pusher, the person stands in OpenID.
ABOUT_SOMEBODY = frozenset({"user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"})


@dataclass(frozen=True)
class Message:
    """What came in. `type` is the MsgType, or for events "event" with `event` set; `raw` holds every field."""

    openid: str
    type: str
    event: str
    created: int
    key: str
    receiver: str
    text: str = ""
    media_id: str = ""
    event_key: str = ""
    label: str = ""
    point: tuple[float, float] | None = None
    raw: dict = field(default_factory=dict, repr=False)

    @property
    def about_somebody(self) -> bool:
        """Whether the platform tells of a person instead of the person speaking."""
        return self.event in ABOUT_SOMEBODY


def read(fields: dict) -> Message:
    """Make a Message of the fields of an envelope. Raises Unreadable for what the platform would never send."""
    # One more than an openid may have: a name that is cut off would be another's.
    openid, kind = _text(fields, "FromUserName", 65), _text(fields, "MsgType", 32)
    if not _OPENID.fullmatch(openid) or not kind:
        raise Unreadable("no sender or type")
    event = _text(fields, "Event", 40) if kind == "event" else ""
    if event in ABOUT_SOMEBODY:
        openid = _text(fields, "OpenID", 65)
        if not _OPENID.fullmatch(openid):
            raise Unreadable("nobody is named")
    event_key = _text(fields, "EventKey", 256)
    created = _whole(fields, "CreateTime")
    return Message(
        openid=openid, type=kind, event=event, created=created, event_key=event_key,
        key=_key(fields, openid, kind, event, event_key, created), receiver=_text(fields, "ToUserName", 64),
        text=_text(fields, "Recognition" if kind == "voice" else "Content", TEXT_LIMIT),
        media_id=_text(fields, "MediaId", 256), label=_text(fields, "Label", 200),
        point=_point(fields) if kind == "location" else None, raw=fields,
    )  # fmt: skip


def _key(fields: dict, openid: str, kind: str, event: str, event_key: str, created: int) -> str:
    """One event, one key: MsgId for messages; sender, time, event and its key for events (contract C1)."""
    if kind != "event":
        number = str(fields.get("MsgId") or "")
        if not _DIGITS.fullmatch(number):
            raise Unreadable("no MsgId")
        return f"msg:{number}"
    trace = _text(fields, "trace_id", 64) or _text(fields, "MsgID", 32) or _sent_ids(fields)
    trace = trace or _text(fields, "RevokeInfo", 64)
    return f"event:{openid}:{created}:{event}:{event_key or trace}"[:200]


def _sent_ids(fields: dict) -> str:
    """The message ids of a subscribe_msg_sent_event, in either layout: two may end within one second."""
    inner = fields.get("SubscribeMsgSentEvent")
    rows = (inner if isinstance(inner, dict) else fields).get("List")
    listed = rows if isinstance(rows, list) else [rows]
    return "+".join(str(row.get("MsgID") or "")[:32] for row in listed[:5] if isinstance(row, dict))


def _text(fields: dict, name: str, limit: int) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable(f"{name} is not text")
    return str(value)[:limit]


def _whole(fields: dict, name: str) -> int:
    text = str(fields.get(name, ""))
    if not _DIGITS.fullmatch(text):
        raise Unreadable(f"{name} is not a whole number")
    return int(text)


def _point(fields: dict) -> tuple[float, float]:
    try:
        lat, lng = float(fields["Location_X"]), float(fields["Location_Y"])
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("no location") from error
    if not (math.isfinite(lat) and math.isfinite(lng) and -90 <= lat <= 90 and -180 <= lng <= 180):
        raise Unreadable("no such location")
    return lat, lng
