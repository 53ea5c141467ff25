"""Fuzzing what is uploaded as a photo: it is refused with a reason, or becomes a JPEG of the picture and no more.

The decoder runs in this process so that its branches guide the search; one input in sixteen, chosen by its own bytes,
goes through the whole door, with the decoder in its cell.
"""

import hashlib
import io
import struct
import time
import zlib

from PIL import Image
from pillow_heif import register_heif_opener

from app.context import database_open
from app.rules import photo_worker
from app.rules.photo_image import MESSAGES, PhotoRefused, kind_of
from models.case import Photo
from tests.fuzz.ground import SECONDS, Broken, Ground

register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # as in the cell, where our own limit comes first

SUFFIX = "bin"
WORDS = (
    "Exif\0\0", "II*\0", "MM\0*", "JFIF\0", "ICC_PROFILE\0", "MPF\0", "http://ns.adobe.com/xap/1.0/\0", "Adobe\0",
    "IHDR", "IDAT", "IEND", "PLTE", "tRNS", "iCCP", "eXIf", "acTL", "fcTL", "zTXt", "iTXt", "RIFF", "WEBP", "VP8 ",
    "VP8L", "VP8X", "ANIM", "ANMF", "ALPH", "ftyp", "heic", "mif1", "avif", "meta", "iloc", "ipco",
)  # fmt: skip
LIMITS = {"max_pixels": 250_000, "edge": 128, "thumb_edge": 32, "seconds": 5}
#: The marker segments of a JPEG that say how to draw it: tables, frame, scan, restart interval.
DRAWING = frozenset({0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDD})


def check(here: Ground, data: bytes) -> None:
    """Open one upload. Raises Broken when what comes out is neither a refusal nor a clean picture."""
    started = time.process_time()
    _decode(data)
    if time.process_time() - started > SECONDS:
        raise Broken(f"more than {SECONDS} seconds for a small picture")
    if hashlib.sha256(data).digest()[0] % 16 == 0:
        with here.one_input():
            _send(here, data)


def _decode(data: bytes) -> None:
    try:
        kind = kind_of(data)
    except PhotoRefused:
        return
    try:
        made = photo_worker.clean(data, format=kind, **LIMITS)
    except photo_worker.Refused as refused:
        if str(refused) not in MESSAGES:
            raise Broken("a refusal without words") from refused
        return
    except Exception:  # in its cell every other failure of a decoder is "photo_damaged"
        return
    _is_clean(made["photo"], made["width"], made["height"], LIMITS["edge"])
    _is_clean(made["thumb"], None, None, LIMITS["thumb_edge"])


def _send(here: Ground, data: bytes) -> None:
    """Through the whole door, as 张兰."""
    headers = here.bearer("zhanglan") | {"Idempotency-Key": "fuzz-upload-1"}
    answer = here.ask("POST", "/api/v1/photos", data=data, content_type="image/jpeg", headers=headers)
    said = answer.get_json(silent=True) or {}
    if answer.status_code == 201:
        return _kept_clean(here, said["key"])
    if answer.status_code not in (413, 422, 429) or sorted(said.get("error", {})) != ["code", "fields", "message"]:
        raise Broken(f"an upload answered {answer.status_code}")
    if answer.status_code == 422 and said["error"]["message"] != MESSAGES.get(said["error"]["code"]):
        raise Broken("a refusal without words")


def _kept_clean(here: Ground, key: str) -> None:
    with database_open():
        row = Photo.get(Photo.key == key)
    said = here.ask("GET", f"/api/v1/cases/{here.known['reported']}", headers=here.bearer("zhanglan"))
    headers = here.bearer("zhanglan") | {"Idempotency-Key": "fuzz-upload-2"}
    path, body = f"/api/v1/cases/{here.known['reported']}/notes", {"note": "照片", "photos": [key]}
    said = here.ask("POST", path, headers=headers, json=body).get_json()
    links = next(one["links"] for one in said["photos"] if one["key"] == key)
    for link in links.values():
        kept = here.ask("GET", link).data
        _is_clean(kept, *((row.width, row.height) if link == links["full"] else (None, None)), edge=1 << 16)


def _is_clean(jpeg: bytes, width: int | None, height: int | None, edge: int) -> None:
    """A whole JPEG of that size with a plain JFIF head, drawing segments, and not a byte before or behind."""
    if jpeg[:4] != b"\xff\xd8\xff\xe0" or jpeg[4:11] != b"\x00\x10JFIF\x00" or jpeg[18:20] != b"\x00\x00":
        raise Broken("a head that is not plain JFIF")
    at, frame = 20, None
    while at < len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] in DRAWING:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker in (0xC0, 0xC1, 0xC2):
            frame = struct.unpack(">HH", jpeg[at + 5 : at + 9])
        at += 2 + length
        if marker == 0xDA:
            while at + 1 < len(jpeg) and not (jpeg[at] == 0xFF and jpeg[at + 1] not in (0, *range(0xD0, 0xD8))):
                at += 1
    if jpeg[at:] != b"\xff\xd9":
        raise Broken("something in the JPEG that is no drawing")
    if frame is None or max(frame) > edge or (width and frame != (height, width)):
        raise Broken("a JPEG of another size than was said")
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        image.load()
        if dict(image.getexif()) or set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}:
            raise Broken("a JPEG with metadata")


def seeds() -> dict[str, bytes]:
    """Small pictures of every kind with everything a stranger hides in them, and what only says that it is one."""
    street = Image.effect_noise((24, 16), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif.get_ifd(0x8825)[29] = 6, "CanaryPhone", "2024:01:01"
    found = {
        "jpeg": _saved(street, "JPEG"), "jpeg with everything": _saved(street, "JPEG", exif=exif, comment=b"<script>"),
        "progressive jpeg": _saved(street, "JPEG", progressive=True), "ink": _saved(street.convert("CMYK"), "JPEG"),
        "grey": _saved(street.convert("L"), "JPEG"), "png": _saved(street, "PNG"),
        "png with exif": _saved(street, "PNG", exif=exif), "palette": _saved(street.convert("P"), "PNG"),
        "16 bits": _saved(Image.new("I;16", (9, 9), 999), "PNG"), "webp": _saved(street, "WEBP", exif=exif),
        "see-through": _saved(street.convert("RGBA"), "WEBP", lossless=True), "heic": _saved(street, "HEIF"),
        "moving webp": _saved(street, "WEBP", save_all=True, append_images=[street.rotate(90)] * 3),
        "moving png": _saved(street, "PNG", save_all=True, append_images=[street.rotate(90)] * 3),
        "gif": _saved(street, "GIF"), "tiff": _saved(street, "TIFF"), "svg": b"<svg onload=alert(1)/>", "nothing": b"",
        "a bomb": _png(9_000, 9_000), "wide": _png(65_535, 1), "no size": _png(0, 0), "pdf": b"%PDF-1.4",
    }  # fmt: skip
    whole = found["jpeg"]
    note = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0\x08\0\0\0"
    return found | {
        "half a jpeg": whole[:300], "a zip behind": whole + b"PK\3\4canary.php",
        "many comments": whole[:2] + _segment(0xFE, b"x") * 999 + whole[2:], "an avif": b"\0\0\0\x1cftypavif",
        "an exif that turns round": whole[:2] + _segment(0xE1, note) + whole[2:],
        "two pictures": whole + found["progressive jpeg"], "gif and html": b"GIF89a<script>",
        "a list of brands": b"\0\0\1\0ftypheic" + b"mif1" * 99, "a box of nothing": b"\0\0\0\0ftypheic",
        "a text that swells": _png(8, 8, _chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(1 << 22)))),
    }  # fmt: skip


def _saved(image: Image.Image, format: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, more: bytes = b"") -> bytes:
    """A PNG of that size by its header; the pixels are black and packed."""
    packed = zlib.compress(bytes(min((width + 1) * height, 1 << 16)), 9)
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")
