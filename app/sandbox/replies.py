"""The passive reply: what the backend answers to a message within the five seconds, opened, checked and understood.

`success` or nothing means: no answer here. Anything else must be a reply as the platform describes it, sealed in safe
mode; whatever is not makes the user see that the service is out of order.
Source: 开发/指南/基础能力/服务端能力/消息推送 and the official-account page of passive replies.
"""

import hmac
import json
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

import xmltodict

from app.sandbox.envelope import BadEnvelope, signature, unseal
from app.sandbox.world import MINI, App


class Malformed(ValueError):
    """Not a reply the platform can show."""


@dataclass(frozen=True)
class Reply:
    """A reply ready to be shown: an item kind and what it carries; kind None means it goes to the staff's tool."""

    kind: str | None
    body: dict


def read_reply(app: App, message: dict, raw: bytes) -> Reply | None:
    """What the backend said; None for `success` and for an empty body. Raises Malformed with the reason."""
    text = raw.decode("utf-8", "replace").strip()
    if text in ("", "success"):
        return None
    fields = _fields(text)
    if "Encrypt" in fields:
        fields = _fields(_opened(app, fields))
    elif app.mode == "safe":
        raise Malformed("a plain reply in safe mode")
    _check_addresses(message, fields)
    return _understood(app, message, fields)


def _fields(text: str) -> dict:
    try:
        fields = json.loads(text) if text.startswith("{") else xmltodict.parse(text).get("xml")
    except (ValueError, ExpatError, RecursionError) as error:
        raise Malformed("neither XML nor JSON") from error
    if not isinstance(fields, dict):
        raise Malformed("no fields")
    return fields


def _opened(app: App, fields: dict) -> str:
    given = [str(fields.get(name, "")) for name in ("TimeStamp", "Nonce", "Encrypt", "MsgSignature")]
    if app.mode == "plain":
        raise Malformed("a sealed reply in plain mode")
    if not hmac.compare_digest(signature(app.token, *given[:3]).encode(), given[3].encode()):
        raise Malformed("the signature of the reply is wrong")
    try:
        return unseal(given[2], aes_key=app.aes_key, appid=app.appid).decode()
    except (BadEnvelope, UnicodeDecodeError) as error:
        raise Malformed("the reply cannot be opened") from error


def _check_addresses(message: dict, fields: dict) -> None:
    if fields.get("ToUserName") != message["FromUserName"] or fields.get("FromUserName") != message["ToUserName"]:
        raise Malformed("the reply is addressed to somebody else")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise Malformed("CreateTime is missing")


def _understood(app: App, message: dict, fields: dict) -> Reply:
    kind = fields.get("MsgType")
    if kind == "transfer_customer_service":
        if message["MsgType"] == "event":
            raise Malformed("an event cannot be handed to the staff")
        return Reply(None, {})
    if app.kind == MINI:
        raise Malformed("a mini-program answers through custom/send")
    readers = {"text": _text, "image": _media, "voice": _media, "news": _news}
    if kind not in readers:
        raise Malformed("unknown MsgType")
    return Reply(kind, readers[kind](fields))


def _text(fields: dict) -> dict:
    content = fields.get("Content")
    if not isinstance(content, str) or len(content.encode()) > 2048:
        raise Malformed("Content is missing or longer than 2048 bytes")
    return {"text": content}


def _media(fields: dict) -> dict:
    inner = fields.get("Image" if fields["MsgType"] == "image" else "Voice")
    if not isinstance(inner, dict) or not isinstance(inner.get("MediaId"), str):
        raise Malformed("MediaId is missing")
    return {"media_id": inner["MediaId"]}


def _news(fields: dict) -> dict:
    """Only the first article is shown to a user who wrote something (since 2018)."""
    articles = fields.get("Articles")
    entries = articles.get("item") if isinstance(articles, dict) else None
    entries = entries if isinstance(entries, list) else [entries]
    if str(fields.get("ArticleCount", "")) != str(len(entries)) or not all(isinstance(one, dict) for one in entries):
        raise Malformed("ArticleCount and Articles do not agree")
    first = entries[0]
    if not first.get("Title") and not first.get("Description"):
        raise Malformed("the article has no title")
    return {"title": first.get("Title") or "", "text": first.get("Description") or "", "url": first.get("Url") or "",
            "media_url": first.get("PicUrl") or ""}
