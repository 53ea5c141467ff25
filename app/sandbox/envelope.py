"""The sealed envelope of message push: SHA-1 signatures and AES-256-CBC, written from the platform's description.

Layout of the sealed text: 16 random bytes, the length as 4 bytes big-endian, the message, the appid; padded to blocks
of 32 bytes. The key is the 43-character EncodingAESKey plus "=", the initial vector its first 16 bytes.
Source: 开发/指南/基础能力/服务端能力/消息推送; checked against the values printed there.
"""

import base64
import binascii
import hashlib
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class BadEnvelope(ValueError):
    """The envelope cannot be opened: wrong key, wrong appid, cut or changed."""


def signature(*parts: str) -> str:
    """Hex SHA-1 over the parts, sorted and joined: (token, timestamp, nonce[, Encrypt])."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the platform's own choice


def _cipher(aes_key: str) -> Cipher:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def seal(message: bytes, *, aes_key: str, appid: str, random: bytes | None = None) -> str:
    """Encrypt one message; `random` (16 bytes) is only given to reproduce published values."""
    random = random or secrets.token_hex(8).encode()
    block = random + len(message).to_bytes(4, "big") + message + appid.encode()
    padding = BLOCK - len(block) % BLOCK
    encryptor = _cipher(aes_key).encryptor()
    return base64.b64encode(encryptor.update(block + bytes([padding]) * padding) + encryptor.finalize()).decode()


def unseal(sealed: str, *, aes_key: str, appid: str) -> bytes:
    """The message inside; raises BadEnvelope for anything that was not sealed with this key for this appid."""
    try:
        decryptor = _cipher(aes_key).decryptor()
        block = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
    except (ValueError, binascii.Error) as error:
        raise BadEnvelope("the envelope is not whole base64 blocks") from error
    padding = block[-1] if block else 0
    if not 1 <= padding <= BLOCK or block[-padding:] != bytes([padding]) * padding:
        raise BadEnvelope("the padding is wrong")
    content = block[16:-padding]
    length = int.from_bytes(content[:4], "big")
    if len(content) < 4 + length or content[4 + length:] != appid.encode():
        raise BadEnvelope("the length or the appid is wrong")
    return content[4:4 + length]
