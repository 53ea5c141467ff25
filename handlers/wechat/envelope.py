"""The platform's envelope: prove that WeChat sent it, open it, and seal an answer the same way.

Safe mode is proved by `msg_signature`, which covers the body; plain mode by `signature`, which does not (platform page
消息推送). wechatpy does the AES; what it leaves out is here: constant-time comparison, a time window, exact shapes, two
live keys, JSON, and one kind of refusal instead of nine kinds of exception.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import xmltodict
from wechatpy.crypto import PrpCrypto

_TIMESTAMP = re.compile(r"[0-9]{10}", re.ASCII)
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


class Refused(Exception):
    """Not from WeChat, or not in the way this account is set up: answered 403. The reason is for our log only."""


class Unreadable(Exception):
    """From WeChat, but not to be understood: recorded and answered `success`, or WeChat would send it again."""


@dataclass(frozen=True, repr=False)
class Keys:
    """What an account's envelopes are checked with: the current and the previous token and AES key."""

    appid: str
    mode: str
    format: str
    tokens: tuple[str, ...]
    aes_keys: tuple[str, ...]
    window: int = 300


@dataclass(frozen=True)
class Opened:
    """The fields of a message, and the AES key that opened it (None when it came in plain)."""

    fields: dict
    aes_key: str | None


def signature(token: str, *parts: str) -> str:
    """SHA-1 over the sorted parts, as the platform signs (hex, lower case)."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode(), usedforsecurity=False).hexdigest()


def verify(keys: Keys, args: Mapping[str, str], now: float, *more: str, name: str = "signature") -> None:
    """Check shape, time window and signature of a request. Raises Refused.

    The signature is over an undelimited concatenation, so timestamp and nonce must have their exact shapes first.
    """
    timestamp, nonce, given = args.get("timestamp", ""), args.get("nonce", ""), args.get(name, "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise Refused("shape")
    if abs(now - int(timestamp)) > keys.window:
        raise Refused("window")
    expected = [signature(token, timestamp, nonce, *more) for token in keys.tokens]
    if not any([hmac.compare_digest(one.encode(), given.encode()) for one in expected]):
        raise Refused("signature")


def open_envelope(keys: Keys, args: Mapping[str, str], body: bytes, now: float) -> Opened:
    """Open a POST of the platform. Raises Refused when it is not proved, Unreadable when it is but makes no sense."""
    encrypted = args.get("encrypt_type", "raw") == "aes"
    if not encrypted:
        if keys.mode == "safe":
            raise Refused("plain body in safe mode")
        verify(keys, args, now)
        return Opened(parse(body), None)
    cipher = _cipher_of(body)
    verify(keys, args, now, cipher, name="msg_signature")
    content, aes_key = _decrypt(keys, cipher)
    return Opened(parse(content), aes_key)


def _cipher_of(body: bytes) -> str:
    try:
        cipher = parse(body).get("Encrypt")
    except Unreadable as error:
        raise Refused("envelope") from error
    if not isinstance(cipher, str) or not cipher.isascii():
        raise Refused("envelope")
    return cipher


def _decrypt(keys: Keys, cipher: str) -> tuple[bytes, str]:
    """The content and the key that fitted; during a rotation the previous key fits too."""
    for aes_key in keys.aes_keys:
        try:
            raw = base64.b64decode(cipher, validate=True)
            if not raw or len(raw) % 16:
                continue
            content = PrpCrypto(base64.b64decode(aes_key + "=")).decrypt(cipher, keys.appid)
        except Exception:  # noqa: S112 - wechatpy lets nine kinds of exception out of a wrong key or a broken block
            continue
        return content.encode(), aes_key
    raise Refused("decrypt")


def parse(body: bytes) -> dict:
    """The fields of a JSON or XML body, told apart by its first byte. Raises Unreadable."""
    try:
        text = body.decode("utf-8-sig").strip()
        found = (
            json.loads(text, parse_constant=_no_constant) if text.startswith("{") else xmltodict.parse(text).get("xml")
        )
    except Exception as error:  # every parser has its own ways to fail on hostile input
        raise Unreadable("not JSON or XML") from error
    if not isinstance(found, dict):
        raise Unreadable("no fields")
    return found


def _no_constant(name: str):
    raise ValueError(name)


def seal(keys: Keys, content: str, aes_key: str | None, timestamp: str, nonce: str) -> str:
    """A passive reply as the account expects it: encrypted with the key that opened the message, or plain."""
    if aes_key is None:
        return content
    cipher = PrpCrypto(base64.b64decode(aes_key + "=")).encrypt(content, keys.appid).decode()
    return wrap(keys, cipher, timestamp, nonce)


def wrap(keys: Keys, cipher: str, timestamp: str, nonce: str) -> str:
    """The signed envelope around a ciphertext, in the account's format."""
    signed = signature(keys.tokens[0], timestamp, nonce, cipher)
    if keys.format == "json":
        return json.dumps({"Encrypt": cipher, "MsgSignature": signed, "TimeStamp": int(timestamp), "Nonce": nonce})
    return (
        f"<xml>\n<Encrypt><![CDATA[{cipher}]]></Encrypt>\n<MsgSignature><![CDATA[{signed}]]></MsgSignature>\n"
        f"<TimeStamp>{timestamp}</TimeStamp>\n<Nonce><![CDATA[{nonce}]]></Nonce>\n</xml>"
    )


def text_reply(to: str, sender: str, text: str, created: int) -> str:
    """A passive text reply. `]]>` in the text is split, or it would end the CDATA and let elements be injected."""
    safe = text.replace("]]>", "]]]]><![CDATA[>")
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{safe}]]></Content></xml>"
    )
