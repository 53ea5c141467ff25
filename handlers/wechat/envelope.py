"""The platform's envelope: prove that WeChat sent it, open it, and seal an answer the same way.

Safe mode is proved by `msg_signature`, which covers the body; plain mode by `signature`, which does not (platform page
消息推送). wechatpy does the AES; what it leaves out is here: constant-time comparison, a time window, exact shapes and
padding, two live keys, JSON, and one kind of refusal instead of nine kinds of exception.
"""

import base64
import hashlib
import hmac
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import xmltodict
from wechatpy.crypto import PrpCrypto
from wechatpy.crypto.base import WeChatCipher

_TIMESTAMP = re.compile(r"[0-9]{10}", re.ASCII)
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
#: Fields within fields: what the platform sends has three levels.
DEEPEST = 8


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
    """What was proved to come from the platform, and the keys that fitted: an answer is sealed with the same."""

    content: bytes
    keys: Keys

    @property
    def aes_key(self) -> str | None:
        """None when it came in plain."""
        return self.keys.aes_keys[0] if self.keys.aes_keys else None


def signature(token: str, *parts: str) -> str:
    """SHA-1 over the sorted parts, as the platform signs (hex, lower case)."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode(), usedforsecurity=False).hexdigest()


def verify(keys: Keys, args: Mapping[str, str], now: float, *more: str, name: str = "signature") -> str:
    """Check shape, time window and signature of a request; the token that fits. Raises Refused.

    The signature is over an undelimited concatenation, so timestamp and nonce must have their exact shapes first.
    """
    timestamp, nonce, given = args.get("timestamp", ""), args.get("nonce", ""), args.get(name, "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise Refused("shape")
    if abs(now - int(timestamp)) > keys.window:
        raise Refused("window")
    expected = {token: signature(token, timestamp, nonce, *more) for token in keys.tokens}
    fitting = [token for token, one in expected.items() if hmac.compare_digest(one.encode(), given.encode())]
    if not fitting:
        raise Refused("signature")
    return fitting[0]


def open_envelope(keys: Keys, args: Mapping[str, str], body: bytes, now: float) -> Opened:
    """Open a POST of the platform. Raises Refused when it is not proved to come from there."""
    encrypted = args.get("encrypt_type", "raw") == "aes"
    if not encrypted:
        if keys.mode == "safe":
            raise Refused("plain body in safe mode")
        return Opened(body, replace(keys, tokens=(verify(keys, args, now),), aes_keys=()))
    cipher = _cipher_of(body)
    token = verify(keys, args, now, cipher, name="msg_signature")
    content, aes_key = _decrypt(keys, cipher)
    return Opened(content, replace(keys, tokens=(token,), aes_keys=(aes_key,)))


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
    try:
        sealed = base64.b64decode(cipher, validate=True)
    except ValueError as error:
        raise Refused("base64") from error
    if not sealed or len(sealed) % 16:
        raise Refused("blocks")
    for aes_key in keys.aes_keys:
        content = _content(WeChatCipher(base64.b64decode(aes_key + "=")).decrypt(sealed), keys.appid)
        if content is not None:
            return content, aes_key
    raise Refused("decrypt")


def _content(block: bytes, appid: str) -> bytes | None:
    """What lies in a decrypted block: 16 random bytes, the length, the content, the appid, 1 to 32 bytes of padding
    (contract C1). None when it is not exactly so: another key, another appid, a changed block."""
    length, padding = int.from_bytes(block[16:20], "big"), block[-1]
    content, rest = block[20 : 20 + length], block[20 + length :]
    return content if 1 <= padding <= 32 and rest == appid.encode() + bytes([padding] * padding) else None


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
    return _keepable(found)


def _keepable(value, depth: int = 0):
    """The value as both databases can keep it: no NUL, no half characters, finite, not nested without end."""
    if depth > DEEPEST or (isinstance(value, float) and not math.isfinite(value)):
        raise Unreadable("not to be kept")
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="replace").decode()
    if isinstance(value, dict):
        return {_keepable(name): _keepable(one, depth + 1) for name, one in value.items()}
    return [_keepable(one, depth + 1) for one in value] if isinstance(value, list) else value


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
    """A passive text reply."""
    return (
        f"<xml><ToUserName>{_cdata(to)}</ToUserName><FromUserName>{_cdata(sender)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType>{_cdata('text')}</MsgType><Content>{_cdata(text)}</Content></xml>"
    )


def _cdata(text: str) -> str:
    """`]]>` in the text is split, or it would end the CDATA and let elements be injected."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
