"""Only WeChat can speak as WeChat: the published values in both directions, and what only looks like them."""

import base64
import hmac
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechatpy.crypto import PrpCrypto
from werkzeug.datastructures import MultiDict

from app.sandbox.envelope import seal, signature
from handlers.wechat import envelope
from handlers.wechat.envelope import Keys, Refused

VECTORS = {
    one["id"]: one
    for one in json.loads((Path(__file__).parents[2] / "data" / "wechat-vectors.json").read_text("utf-8"))["vectors"]
}
TOKEN, AES_KEY, APPID, NOW = "oldtown3", "x9" * 21 + "Q", "wx00000000000000a1", 1_700_000_000
KEYS = Keys(APPID, "safe", "xml", (TOKEN,), (AES_KEY,))
BLOCK = b"0123456789abcdef"


def keys_of(vector: dict, mode: str = "safe") -> Keys:
    aes_keys = tuple(filter(None, [vector.get("encoding_aes_key")]))
    return Keys(vector.get("appid", APPID), mode, vector.get("format", "json"), (vector["token"],), aes_keys)


def signed(timestamp: str = str(NOW), nonce: str = "n", token: str = TOKEN) -> dict[str, str]:
    return {"timestamp": timestamp, "nonce": nonce, "signature": signature(token, timestamp, nonce)}


def asked(cipher: str, token: str = TOKEN) -> dict[str, str]:
    timestamp, nonce = str(NOW), "n"
    given = {"encrypt_type": "aes", "msg_signature": signature(token, timestamp, nonce, cipher)}
    return {"timestamp": timestamp, "nonce": nonce, **given}


def whole(cipher) -> bytes:
    return json.dumps({"ToUserName": "gh_1", "Encrypt": cipher}).encode()


def sealed(block: bytes, aes_key: str = AES_KEY) -> str:
    """Encrypt a block as it is, well padded or not."""
    key = base64.b64decode(aes_key + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(block) + encryptor.finalize()).decode()


def opens(cipher, keys: Keys = KEYS, token: str = TOKEN) -> envelope.Opened:
    return envelope.open_envelope(keys, asked(cipher, token), whole(cipher), NOW)


# The published values.


@pytest.mark.parametrize("name", ["push-url-verify", "push-plain-json"])
def test_the_published_signatures_of_plain_mode_are_right(name):
    vector = VECTORS[name]
    assert envelope.signature(vector["token"], vector["timestamp"], vector["nonce"]) == vector["signature"]
    assert envelope.verify(keys_of(vector), vector, int(vector["timestamp"])) == vector["token"]


def test_the_published_plain_delivery_is_opened():
    vector = VECTORS["push-plain-json"]
    opened = envelope.open_envelope(keys_of(vector, "plain"), vector, vector["body"].encode(), int(vector["timestamp"]))
    assert envelope.parse(opened.content) == json.loads(vector["body"])
    assert envelope.seal(opened.keys, "<xml/>", opened.aes_key, "1", "n") == "<xml/>"


@pytest.mark.parametrize("name", ["push-safe-json", "push-safe-xml"])
def test_the_published_sealed_deliveries_are_opened(name):
    vector = VECTORS[name]
    moment = int(vector["query"]["timestamp"])
    opened = envelope.open_envelope(keys_of(vector), vector["query"], whole(vector["encrypt"]), moment)
    assert opened.content.decode() == (vector["plaintext"] or vector["plaintext_computed"])
    assert opened.aes_key == vector["encoding_aes_key"]
    assert envelope.parse(opened.content)["debug_str"] == "hello world"


@pytest.mark.parametrize("name", ["push-safe-json-reply", "push-safe-xml-reply"])
def test_the_published_replies_are_sealed_byte_by_byte(name, monkeypatch):
    vector = VECTORS[name]
    monkeypatch.setattr(PrpCrypto, "get_random_string", lambda self: vector["random"])
    answer = envelope.seal(
        keys_of(vector), vector["plaintext"], vector["encoding_aes_key"], vector["timestamp"], vector["nonce"]
    )
    assert envelope.parse(answer.encode()) == {
        "Encrypt": vector["encrypt"], "MsgSignature": vector["msg_signature"], "Nonce": vector["nonce"],
        "TimeStamp": int(vector["timestamp"]) if vector["format"] == "json" else vector["timestamp"],
    }  # fmt: skip


# The proof.


def test_every_live_token_is_compared_in_constant_time(monkeypatch):
    compared, real = [], hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    both = Keys(APPID, "safe", "xml", (TOKEN, "before3"), (AES_KEY,))
    given = signed()["signature"].encode()
    assert envelope.verify(both, signed(), NOW) == TOKEN
    assert compared == [(given, given), (signature("before3", str(NOW), "n").encode(), given)]


@pytest.mark.parametrize("late", [-300, 0, 300])
def test_five_minutes_early_or_late_is_in_time(late):
    assert envelope.verify(KEYS, signed(), NOW + late) == TOKEN


@pytest.mark.parametrize("late", [-301, -300.5, 300.5, 301, 86_400])
def test_later_than_that_is_a_replay(late):
    with pytest.raises(Refused, match="window"):
        envelope.verify(KEYS, signed(), NOW + late)


@pytest.mark.parametrize(
    "timestamp",
    ["", "170000000", "17000000000", " 1700000000", "1700000000 ", "1700000000\n", "170000000０",
     "１７００００００００", "١٧٠٠٠٠٠٠٠٠", "-170000000", "+170000000", "-1", "0", "9223372036854775808", "17e8"],
)  # fmt: skip
def test_a_timestamp_is_ten_ascii_digits(timestamp):
    with pytest.raises(Refused, match="shape"):
        envelope.verify(KEYS, signed(timestamp), NOW)


@pytest.mark.parametrize("nonce", ["", " ", "一", "ｎ", "a b", "a\n", "\0", "n" * 65])
def test_a_nonce_is_plain_and_not_empty(nonce):
    with pytest.raises(Refused, match="shape"):
        envelope.verify(KEYS, signed(nonce=nonce), NOW)


def test_two_requests_of_one_signature_are_told_apart_by_their_shape():
    genuine = signed("1700000000", "99")
    forged = genuine | {"timestamp": "170000000099", "nonce": ""}
    assert signature(TOKEN, "170000000099", "") == genuine["signature"]
    assert envelope.verify(KEYS, genuine, NOW) == TOKEN
    with pytest.raises(Refused, match="shape"):
        envelope.verify(KEYS, forged, NOW)


@pytest.mark.parametrize(
    "wrong", [str.upper, lambda s: s[:-1], lambda s: s + "0", lambda s: "", lambda s: " " + s, lambda s: "é" * 40]
)
def test_a_signature_is_forty_small_hex_digits(wrong):
    given = signed()
    with pytest.raises(Refused, match="signature"):
        envelope.verify(KEYS, given | {"signature": wrong(given["signature"])}, NOW)


def test_of_a_repeated_key_the_first_counts_and_no_other():
    good = signed()
    twice = MultiDict([*good.items(), ("signature", "0" * 40), ("timestamp", "1"), ("nonce", "other")])
    assert envelope.verify(KEYS, twice, NOW) == TOKEN
    with pytest.raises(Refused, match="signature"):
        envelope.verify(KEYS, MultiDict([("signature", "0" * 40), *good.items()]), NOW)


def test_without_tokens_nobody_is_believed():
    with pytest.raises(Refused, match="signature"):
        envelope.verify(Keys(APPID, "safe", "xml", (), ()), signed(token=""), NOW)


# Downgrade.


@pytest.mark.parametrize("kind", [{}, {"encrypt_type": "raw"}, {"encrypt_type": "AES"}, {"encrypt_type": ""}])
def test_in_safe_mode_a_plain_body_is_refused_however_well_signed(kind):
    with pytest.raises(Refused, match="plain body in safe mode"):
        envelope.open_envelope(KEYS, signed() | kind, b"<xml><MsgType>text</MsgType></xml>", NOW)


def test_in_safe_mode_the_plain_signature_proves_nothing():
    cipher = seal(b"<xml/>", aes_key=AES_KEY, appid=APPID)
    with pytest.raises(Refused, match="signature"):
        envelope.open_envelope(KEYS, signed() | {"encrypt_type": "aes"}, whole(cipher), NOW)


def test_a_signature_of_one_body_does_not_carry_another():
    ours, theirs = (seal(text, aes_key=AES_KEY, appid=APPID) for text in (b'{"a":1}', b'{"a":2}'))
    with pytest.raises(Refused, match="signature"):
        envelope.open_envelope(KEYS, asked(ours), whole(theirs), NOW)


def test_compatible_mode_takes_both_and_of_a_sealed_body_only_what_is_sealed():
    keys = Keys(APPID, "compatible", "xml", (TOKEN,), (AES_KEY,))
    plain = envelope.open_envelope(keys, signed(), b"<xml><Content>hello</Content></xml>", NOW)
    assert (envelope.parse(plain.content), plain.aes_key) == ({"Content": "hello"}, None)
    cipher = seal(b"<xml><Content>hello</Content></xml>", aes_key=AES_KEY, appid=APPID)
    body = f"<xml><Content>forged</Content><Encrypt>{cipher}</Encrypt></xml>".encode()
    both = envelope.open_envelope(keys, asked(cipher), body, NOW)
    assert (envelope.parse(both.content), both.aes_key) == ({"Content": "hello"}, AES_KEY)


def test_while_keys_are_changed_both_fit_and_the_answer_is_sealed_with_those_that_did():
    both = Keys(APPID, "safe", "xml", ("after3", TOKEN), ("k" * 43, AES_KEY))
    cipher = seal(b"<xml><a>1</a></xml>", aes_key=AES_KEY, appid=APPID)
    before = opens(cipher, both)
    assert (before.keys.tokens, before.keys.aes_keys) == ((TOKEN,), (AES_KEY,))
    after = opens(seal(b"<xml><a>1</a></xml>", aes_key="k" * 43, appid=APPID), both, "after3")
    assert (after.keys.tokens, after.keys.aes_keys) == (("after3",), ("k" * 43,))
    answer = envelope.parse(envelope.seal(before.keys, "good", before.aes_key, str(NOW), "n").encode())
    assert opens(answer["Encrypt"]).content == b"good"
    assert answer["MsgSignature"] == signature(TOKEN, str(NOW), "n", answer["Encrypt"])


# The sealed block.


def block(message=b"<xml/>", appid=APPID, length: int | None = None, padding: int | None = None) -> bytes:
    content = BLOCK + (len(message) if length is None else length).to_bytes(4, "big") + message + appid.encode()
    fill = 32 - len(content) % 32 if padding is None else padding
    padded = content + bytes([fill]) * max(fill, 1)
    return padded + bytes([fill]) * (-len(padded) % 16)


def test_the_block_as_the_contract_has_it_opens():
    assert opens(sealed(block())).content == b"<xml/>"
    assert opens(sealed(block(b""))).content == b""
    assert opens(sealed(block(b"\xff\xfe"))).content == b"\xff\xfe"


@pytest.mark.parametrize(
    "broken",
    [
        block(length=2**32 - 1), block(length=7), block(length=5), block(length=0), block(b"", length=2**31),
        block(appid="wx00000000000000a2"), block(appid=APPID + "0"), block(appid=APPID[:-1]), block(appid=""),
        block(padding=0), block(b"x" * 9, padding=33), block(b"x" * 11, padding=255),
        block()[:-1] + b"\x05", b"\x20" * 32, b"\0" * 16,
    ],
)  # fmt: skip
def test_a_block_that_is_not_exactly_so_is_refused(broken):
    with pytest.raises(Refused, match="decrypt"):
        opens(sealed(broken))


def test_a_block_of_another_key_is_refused():
    with pytest.raises(Refused, match="decrypt"):
        opens(sealed(block(), "z" * 43))


@pytest.mark.parametrize(
    ("cipher", "why"),
    [("", "blocks"), ("AAAA", "blocks"), (base64.b64encode(b"0" * 17).decode(), "blocks"), ("A", "base64"),
     ("&&&&", "base64"), ("AA AA", "base64"), ("A" * 40_001, "base64")],
)  # fmt: skip
def test_what_is_no_ciphertext_is_refused(cipher, why):
    with pytest.raises(Refused, match=why):
        opens(cipher)


@pytest.mark.parametrize("cipher", [None, 1, True, {}, [], {"Encrypt": "AAAA"}, ["AAAA", "BBBB"], "密文", 1e308])
def test_a_cipher_that_is_not_text_is_refused(cipher):
    with pytest.raises(Refused, match="envelope"):
        envelope.open_envelope(KEYS, asked("AAAA"), whole(cipher), NOW)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"<xml>", b"<xml/>", b"<other><Encrypt>AAAA</Encrypt></other>", b"\xff\xfe<\0x\0",
     b"<xml><Encrypt>AAAA</Encrypt><Encrypt>BBBB</Encrypt></xml>", b"<xml><Encrypt><a>AAAA</a></Encrypt></xml>",
     b"\x1f\x8b\x08\0\0\0\0\0", b"[" * 65_000, b'{"Encrypt":' * 5_000, b"<a>" * 20_000],
)  # fmt: skip
def test_a_body_without_one_cipher_is_refused(body):
    with pytest.raises(Refused, match="envelope"):
        envelope.open_envelope(KEYS, asked("AAAA"), body, NOW)


def test_keys_do_not_show_themselves():
    assert TOKEN not in repr(KEYS) and AES_KEY not in repr(opens(sealed(block())))
