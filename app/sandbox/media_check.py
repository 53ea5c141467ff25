"""What the platform's eyes see in a text or a file: pass, review or risky, decided by marks that a tester can set.

A text is judged by its words. A file is downloaded as the platform does and judged by the same words in its address or
in its bytes, or by being a picture of one plain colour (magenta: risky, yellow: review), which survives re-encoding.
Labels: 100 normal, 20006 crime, 21000 other. Source: 开发/服务端/小程序安全/内容安全.
"""

import http.client
import io
import json
from urllib.parse import quote, unquote, urlsplit

from PIL import Image

from app.sandbox.outbox import Delivery
from app.sandbox.store import Store

PASS, REVIEW, RISKY = ("pass", 100), ("review", 21000), ("risky", 20006)
MARKS = (("违规测试", RISKY), ("存疑测试", REVIEW))
COLOURS = (((255, 0, 255), RISKY), ((255, 255, 0), REVIEW))
SAFE = "%/:=&?~#+!$,;'@()*[]"
LARGEST = 10 * 1024 * 1024
DOWNLOAD_FAILED = -1008


def judge_text(text: str) -> tuple[str, int, str]:
    """(suggest, label, the word that was found or "")."""
    for mark, verdict in MARKS:
        if mark in text:
            return (*verdict, mark)
    return (*PASS, "")


def judge_file(address: str, content: bytes) -> tuple[str, int]:
    """(suggest, label) of a downloaded file."""
    for mark, verdict in MARKS:
        if mark in unquote(address) or mark.encode() in content:
            return verdict
    return _judge_colour(content)


def _judge_colour(content: bytes) -> tuple[str, int]:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.draft("RGB", (64, 64))
            pixels = picture.convert("RGB").resize((32, 32)).tobytes()
    except (OSError, ValueError, Image.DecompressionBombError):
        return PASS
    for colour, verdict in COLOURS:
        if all(abs(value - colour[index % 3]) <= 24 for index, value in enumerate(pixels)):
            return verdict
    return PASS


def download(address: str, timeout: float) -> bytes | None:
    """The file behind an http(s) address, at most 10 MB, or None when it cannot be had."""
    try:
        target = urlsplit(address)
        kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}[target.scheme]
        connection = kind(target.hostname or "", target.port, timeout=timeout)
    except (KeyError, ValueError, http.client.InvalidURL):
        return None
    try:
        path = quote(target.path or "/", safe=SAFE) + (f"?{quote(target.query, safe=SAFE)}" if target.query else "")
        connection.request("GET", path)
        response = connection.getresponse()
        content = response.read(LARGEST + 1)
        return content if response.status == 200 and len(content) <= LARGEST else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def new_result(appid: str, trace_id: str, address: str) -> dict:
    """The event that is owed for an asynchronous check, not yet looked at: `_address` is what `complete` downloads."""
    return {"MsgType": "event", "Event": "wxa_media_check", "appid": appid, "trace_id": trace_id, "version": 2,
            "_address": address}


def complete(store: Store, delivery: Delivery, options: dict, timeout: float) -> dict:
    """The message of a delivery; a media check is carried out first, once, and kept for the later tries.

    `options["labels"] = "string"` sends labels as strings and no top-level errcode, as one real sample had them.
    """
    message = dict(delivery.message)
    address = message.pop("_address", None)
    if address is None:
        return message
    content = download(address, timeout)
    errcode = 0 if content is not None else DOWNLOAD_FAILED
    suggest, label = judge_file(address, content or b"")
    shape = str if options.get("labels") == "string" else int
    detail = {"strategy": "content_model", "errcode": errcode, "suggest": suggest, "label": shape(label), "prob": 90}
    message["detail"] = [detail]
    if shape is int:
        message |= {"errcode": errcode, "errmsg": "ok" if errcode == 0 else "download failed"}
    message["result"] = {"suggest": suggest, "label": shape(label)}
    with store.transaction() as db:
        db.execute("UPDATE deliveries SET message = ? WHERE id = ? AND lease = ?",
                   (json.dumps(message, ensure_ascii=False), delivery.id, delivery.lease))
    return message
