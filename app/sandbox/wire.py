"""How one message looks on the way to the backend: XML or JSON, plain, sealed or both.

A message is a dict in the platform's field order. Real XML has one element per line, strings in CDATA, numbers bare.
The subscribe events differ by format: XML nests `List` under a tag of the event, JSON has `List` at the top, an object
when there is one and an array when there are several.
"""

import json
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from app.sandbox.envelope import seal, signature
from app.sandbox.world import App

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Push:
    """One HTTP request to the backend: the query string, the body and its type."""

    query: str
    body: bytes
    content_type: str


def _xml_value(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(_xml_elements(value))
    if isinstance(value, int | float):
        return str(value)
    text = NOT_XML.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


def _xml_elements(fields: dict) -> list[str]:
    elements = []
    for name, value in fields.items():
        values = value if isinstance(value, list) else [value]
        elements += [f"<{name}>{_xml_value(one)}</{name}>" for one in values]
    return elements


def to_xml(message: dict) -> str:
    """The message as the platform's XML."""
    return "<xml>" + "\n".join(_xml_elements(message)) + "\n</xml>"


def to_json(message: dict) -> str:
    """The message as the platform's JSON."""
    flat = {}
    for name, value in message.items():
        if name.startswith("SubscribeMsg"):
            entries = value["List"]
            flat["List"] = entries[0] if len(entries) == 1 else entries
        else:
            flat[name] = value
    return json.dumps(flat, ensure_ascii=False, separators=(",", ":"))


def render(app: App, message: dict) -> str:
    """The message in the format this app has chosen."""
    return to_json(message) if app.format == "json" else to_xml(message)


def new_push(app: App, message: dict, openid: str) -> Push:
    """The request for one try: fresh timestamp, nonce and, in safe and compatible mode, a fresh seal."""
    timestamp, nonce = str(int(time.time())), str(secrets.randbelow(2_000_000_000))
    query = {"signature": signature(app.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce,
             "openid": openid}
    plain = render(app, message)
    outer = message
    if app.mode != "plain":
        sealed = seal(plain.encode(), aes_key=app.aes_key, appid=app.appid)
        query |= {"encrypt_type": "aes", "msg_signature": signature(app.token, timestamp, nonce, sealed)}
        visible = message if app.mode == "compatible" else {"ToUserName": message["ToUserName"]}
        outer = visible | {"Encrypt": sealed}
    content_type = "application/json" if app.format == "json" else "text/xml"
    return Push(urlencode(query), render(app, outer).encode(), content_type)
