"""Fuzzing what is uploaded as a recording: it is no sound, or measured and kept without what tells who and where.

One input in sixteen, chosen by its own bytes, goes through the whole door as well, and is heard again as it was kept.
"""

import hashlib
import io
import time

from app.context import database_open
from app.rules import sound, voice
from models.voice import Voice
from tests.fuzz.ground import SECONDS, Broken, Ground
from tests.rules import sounds

SUFFIX = "bin"
WORDS = (
    "ID3\x04", "TAG", "RIFF", "WAVE", "fmt ", "data", "LIST", "#!AMR\n", "#!AMR-WB\n", "ftyp", "M4A ", "mp42", "moov",
    "trak", "mdia", "minf", "stbl", "mdhd", "hdlr", "soun", "stsd", "mp4a", "stts", "mdat", "udta", "free",
)  # fmt: skip


def check(here: Ground, data: bytes) -> None:
    """Open one upload. Raises Broken when what comes out is neither a refusal nor a measured sound."""
    started = time.process_time()
    found = sound.listen(data)
    if time.process_time() - started > SECONDS:
        raise Broken(f"more than {SECONDS} seconds for a small recording")
    if found is not None:
        _is_kept(found, data)
    if hashlib.sha256(data).digest()[0] % 16 == 0:
        with here.one_input():
            _send(here, data)


def _is_kept(found: sound.Sound, data: bytes) -> None:
    """A known format, a length that is one, no more than was sent but for a head of our own, and the same again."""
    if found.format not in voice.FILES or not 0 < found.seconds < float("inf"):
        raise Broken("a sound of no format or no length")
    if len(found.data) > len(data) + 44:
        raise Broken("more is kept than was sent")
    again = sound.listen(found.data)
    if again is None or (again.format, again.data) != (found.format, found.data):
        raise Broken("what was kept is another sound when it is measured again")


def _send(here: Ground, data: bytes) -> None:
    """Through the whole door, as 张兰."""
    headers = here.bearer("zhanglan") | {"Idempotency-Key": "fuzz-voice-1"}
    form = {"voice": (io.BytesIO(data), "voice.mp3")}
    answer = here.ask("POST", "/api/v1/voices", data=form, content_type="multipart/form-data", headers=headers)
    said = answer.get_json(silent=True) or {}
    if answer.status_code == 201:
        return _is_heard(here, said)
    if answer.status_code not in (413, 422, 429) or sorted(said.get("error", {})) != ["code", "fields", "message"]:
        raise Broken(f"an upload answered {answer.status_code}")


def _is_heard(here: Ground, said: dict) -> None:
    with database_open():
        row = Voice.get(Voice.key == said["key"])
    answer = here.ask("GET", said["link"])
    if (answer.status_code, answer.mimetype) != (200, voice.TYPES[row.format]):
        raise Broken("a recording that cannot be heard")
    if row.seconds != said["seconds"] or not 0 < row.seconds <= here.town.settings.voices.seconds:
        raise Broken("a recording longer than one may be")


def seeds() -> dict[str, bytes]:
    """A short sound of every kind, with what recorders write beside it, and what only says that it is one."""
    place = sounds.box(b"udta", sounds.box(b"\xa9xyz", b"\0\x12\x15\xc7+34.7965+114.3654/"))
    found = {name: make(0.3) for name, make in sounds.ALL.items()}
    return found | {
        "a tag before": sounds.mp3(0.3, before=sounds.id3()), "a tag after": sounds.mp3(0.3, after=b"TAG" + bytes(125)),
        "a place": sounds.m4a(0.3, more=place), "words before": sounds.wav(0.1, more=b"LIST\x0c\0\0\0INFOIARTZhan"),
        "a film": sounds.m4a(0.3, handler=b"vide"), "two tracks": sounds.m4a(0.3, tracks=2), "nothing": b"",
        "boxes in boxes": sounds.box(b"ftyp", b"M4A ") + b"\0\0\0\x08moov" * 99, "a page": b"<html><script>",
        "a box of four gigabytes": sounds.box(b"ftyp", b"M4A ") + b"\xff\xff\xff\xffmoov", "wide": b"#!AMR-WB\n\x04",
        "a clock that stands": sounds.m4a(0.3).replace(b"\0\0\x3e\x80", bytes(4)), "half": sounds.mp3(0.3)[:999],
    }  # fmt: skip
