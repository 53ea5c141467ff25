"""Short secrets at rest: sealed with a key of our own, so that a copy of the database alone opens none of them.

AES-256-GCM under a key derived from [secrets] key (HKDF-SHA256, RFC 5869). A seal is bound to whom it belongs: moved to
another row it does not open. A changed [secrets] key opens nothing that was sealed before.
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


def seal(text: str, *, key: str, bound_to: str) -> str:
    """The text sealed, as letters and digits: 38 more than the text has, and a third on top."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.urlsafe_b64encode(nonce + _cipher(key).encrypt(nonce, text.encode(), bound_to.encode())).decode()


def unseal(sealed: str, *, key: str, bound_to: str) -> str | None:
    """The text, or None when it was sealed with another key, for somebody else, or was touched."""
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
        return _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"doorstep vault 1").derive(key.encode()))
