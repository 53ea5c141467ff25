"""Temporary media: pictures and voices that live three days, uploaded by the backend or sent from a phone.

Source: 开发/服务端/小程序客服/客服消息/新增临时素材. One page says both 2 MB and 10 MB for pictures; here it is 2 MB.
"""

import sqlite3

from app.sandbox.refusals import Refused
from app.sandbox.wechat.call import Call, Picture
from app.sandbox.world import App, platform_id

KEPT_SECONDS = 3 * 24 * 3600
LIMITS = {"image": 2 * 1024 * 1024, "voice": 2 * 1024 * 1024, "video": 10 * 1024 * 1024, "thumb": 64 * 1024}
MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF8", "image/gif", "gif"),
    (b"BM", "image/bmp", "bmp"),
    (b"#!AMR", "audio/amr", "amr"),
    (b"ID3", "audio/mpeg", "mp3"),
    (b"\xff\xfb", "audio/mpeg", "mp3"),
)
FAMILY = {"image": "image/", "thumb": "image/", "voice": "audio/", "video": "video/"}


def kind_of(content: bytes) -> tuple[str, str]:
    """(MIME type, extension) by the first bytes."""
    for magic, mime, extension in MAGIC:
        if content.startswith(magic):
            return mime, extension
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", "webp"
    return ("video/mp4", "mp4") if content[4:8] == b"ftyp" else ("application/octet-stream", "bin")


def keep_media(db: sqlite3.Connection, app: App, kind: str, content: bytes, filename: str, now: float) -> str:
    """Store the bytes and return their media_id."""
    mime, extension = kind_of(content)
    media_id = platform_id("", 64)
    db.execute(
        "INSERT INTO media (id, app, kind, filename, mime, bytes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (media_id, app.name, kind, filename or f"{media_id[:16]}.{extension}", mime, content, now),
    )
    return media_id


def find_media(call: Call, media_id: object) -> sqlite3.Row:
    """The media of this app that has not expired, else 40007."""
    row = None
    if isinstance(media_id, str):
        row = call.db.execute("SELECT * FROM media WHERE id = ?", (media_id,)).fetchone()
    if row is None or row["app"] != call.app.name or call.now - row["created_at"] > KEPT_SECONDS:
        raise Refused(40007)
    return row


def upload(call: Call) -> dict:
    """POST /cgi-bin/media/upload?type=image with the field `media`."""
    kind = call.query.get("type")
    if kind not in LIMITS:
        raise Refused(40004)
    upload_file = call.files.get("media")
    if upload_file is None:
        raise Refused(41005)
    content = upload_file.read(LIMITS[kind] + 1)
    if not content:
        raise Refused(44001)
    if len(content) > LIMITS[kind]:
        raise Refused(40009, f"invalid {kind} size")
    if not kind_of(content)[0].startswith(FAMILY[kind]):
        raise Refused(40005)
    media_id = keep_media(call.db, call.app, kind, content, upload_file.filename or "", call.now)
    return {"type": kind, "media_id": media_id, "created_at": int(call.now)}


def download(call: Call) -> dict | Picture:
    """GET /cgi-bin/media/get: the bytes, or for a video the address of the bytes."""
    if not call.query.get("media_id"):
        raise Refused(41006)
    row = find_media(call, call.query["media_id"])
    if row["kind"] == "video":
        return {"video_url": f"{call.host}/control/media/{row['id']}"}
    return Picture(row["bytes"], row["mime"], row["filename"])
