"""Photos from strangers: from whatever was uploaded to a clean JPEG and its thumbnail, or a refusal.

The kind is read from the content, never from a name. The picture itself is opened in a short-lived process with limits
on memory and time (photo_worker), because a decoder is the one place where a stranger's bytes meet megabytes of C code.
This process never loads an image library; the worker starts in about 60 ms and inherits nothing: no settings, no
environment, no connection, so it is safe after a fork and among threads.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

WORKER = Path(__file__).with_name("photo_worker.py")
AT_ONCE = 2

MESSAGES = {
    "photo_empty": "没有收到照片内容，请重新选择照片。",
    "photo_too_large": "照片太大，请在相册里压缩后再发，或重新拍一张。",
    "photo_kind": "这个文件不是照片，请发 JPG、PNG、HEIC 或 WebP 格式的照片。",
    "photo_too_many_pixels": "照片的尺寸太大，请在相册里缩小后再发，或重新拍一张。",
    "photo_too_many_frames": "这是一张动图，请发普通照片。",
    "photo_damaged": "照片打不开，可能没有传完整，请重新选择或重新拍一张。",
    "photo_too_heavy": "照片太复杂，无法处理，请用手机重新拍一张。",
    "photo_busy": "现在传照片的人较多，请过一会儿再发。",
}

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OTHER_BRANDS = {b"avif", b"avis"}
_places = threading.BoundedSemaphore(AT_ONCE)


def _fresh_places() -> None:
    global _places
    _places = threading.BoundedSemaphore(AT_ONCE)


os.register_at_fork(after_in_child=_fresh_places)  # a place taken in the parent would never be given back here


@dataclass(frozen=True)
class CleanPhoto:
    """A photo fit to keep: jpeg and thumb are JPEG bytes without metadata; sha256 (hex) and the size are of jpeg."""

    jpeg: bytes
    thumb: bytes
    width: int
    height: int
    sha256: str

    @property
    def size(self) -> int:
        """How many bytes are kept of it."""
        return len(self.jpeg) + len(self.thumb)


class PhotoRefused(Exception):
    """code: a key of MESSAGES; message_zh: what to tell the person who sent it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message_zh = MESSAGES[code]


def clean_photo(
    data: bytes, *, max_bytes: int, max_pixels: int, edge: int, thumb_edge: int, seconds: int
) -> CleanPhoto:
    """Turn an upload into a clean JPEG whose longer side is at most edge pixels, and a thumbnail.

    max_bytes limits the upload, max_pixels width times height as its header says, seconds the time spent on it.
    Upright (EXIF orientation applied), sRGB, first frame only, on white. Raises PhotoRefused.
    """
    if not data:
        raise PhotoRefused("photo_empty")
    if len(data) > max_bytes:
        raise PhotoRefused("photo_too_large")
    limits = {"max_pixels": max_pixels, "edge": edge, "thumb_edge": thumb_edge, "seconds": seconds}
    format = kind_of(data)
    places = _places
    if not places.acquire(timeout=seconds):
        raise PhotoRefused("photo_busy")
    try:
        answer = _run({**limits, "format": format}, data, seconds)
    finally:
        places.release()
    return _unpacked(answer)


def kind_of(data: bytes) -> str:
    """The decoder for these bytes: JPEG, PNG, WEBP or HEIF, by the signature each format's standard prescribes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":  # ISO/IEC 23008-12: a list of four-letter brands, as long as the box says
        box = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
        brands = {box[start : start + 4] for start in range(0, len(box), 4)}
        if box[:4] in _HEIC_BRANDS and not brands & _OTHER_BRANDS:
            return "HEIF"
    raise PhotoRefused("photo_kind")


def _run(limits: dict, data: bytes, seconds: int) -> bytes:
    """What the worker wrote; raises PhotoRefused when it had to be stopped."""
    worker = subprocess.Popen(
        [sys.executable, "-I", str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath},
    )
    with worker:
        try:
            answer, _ = worker.communicate(json.dumps(limits).encode() + b"\n" + data, timeout=seconds)
        except subprocess.TimeoutExpired:
            worker.kill()
            raise PhotoRefused("photo_too_heavy") from None
    if worker.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise PhotoRefused("photo_too_heavy")
    if worker.returncode:
        raise PhotoRefused("photo_damaged")
    return answer


def _unpacked(answer: bytes) -> CleanPhoto:
    head, _, body = answer.partition(b"\n")
    fields = json.loads(head)
    if "refused" in fields:
        raise PhotoRefused(fields["refused"])
    jpeg, thumb = body[: fields["photo_bytes"]], body[fields["photo_bytes"] :]
    return CleanPhoto(jpeg, thumb, fields["width"], fields["height"], hashlib.sha256(jpeg).hexdigest())
