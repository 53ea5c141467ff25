"""Sounds for the tests, put together by hand: every frame is as its standard says, and none of them holds a sound."""

import struct

#: 26 ms of MPEG-1 layer III at 128 kbit/s and 44.1 kHz, as WeChat's recorder makes it: 417 bytes.
MP3_FRAME = b"\xff\xfb\x90\xc4" + bytes(413)
#: 64 ms of AAC at 16 kHz, mono, in an ADTS frame of 100 bytes.
ADTS_FRAME = b"\xff\xf1\x60\x40\x0c\x9f\xfc" + bytes(93)
AMR_FRAME = bytes([7 << 3]) + bytes(31)


def mp3(seconds: float = 3, before: bytes = b"", after: bytes = b"") -> bytes:
    """An MP3 of about so many seconds."""
    return before + MP3_FRAME * round(seconds * 44100 / 1152) + after


def id3(words: bytes = b"TPE1\0\0\0\x0b\0\0\0Zhang Lan ") -> bytes:
    """A tag that says who recorded it."""
    size = bytes((len(words) >> shift) & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + size + words


def adts(seconds: float = 3) -> bytes:
    """Bare AAC."""
    return ADTS_FRAME * round(seconds * 16000 / 1024)


def amr(seconds: float = 3) -> bytes:
    """AMR as of the chat."""
    return b"#!AMR\n" + AMR_FRAME * round(seconds * 50)


def wav(seconds: float = 3, more: bytes = b"") -> bytes:
    """PCM, 8 kHz, 8 bits, mono; `more` chunks stand before the sound."""
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    sound = b"data" + struct.pack("<I", round(8000 * seconds)) + bytes(round(8000 * seconds))
    body = b"WAVE" + form + more + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + name + body


def m4a(seconds: float = 3, *, tracks: int = 1, handler: bytes = b"soun", coding: bytes = b"mp4a", more: bytes = b""):
    """AAC in a container; `more` boxes stand in its head."""
    samples = round(seconds * 16000 / 1024)
    table = box(
        b"stbl", box(b"stsd", bytes(4), struct.pack(">I", 1), box(coding, bytes(28))),
        box(b"stts", bytes(4), struct.pack(">III", 1, samples, 1024)), box(b"stsc", bytes(8)),
        box(b"stsz", bytes(4), struct.pack(">II", 100, samples)), box(b"stco", bytes(8)),
    )  # fmt: skip
    clock = box(b"mdhd", bytes(12), struct.pack(">II", 16000, samples * 1024), bytes(4))
    media = box(b"mdia", clock, box(b"hdlr", bytes(8), handler, bytes(12)), box(b"minf", box(b"smhd", bytes(8)), table))
    head = box(b"moov", box(b"mvhd", bytes(100)), box(b"trak", box(b"tkhd", bytes(84)), media) * tracks, more)
    return box(b"ftyp", b"M4A \0\0\0\0mp42") + head + box(b"mdat", bytes(100 * samples))


ALL = {"mp3": mp3, "aac": adts, "amr": amr, "wav": wav, "m4a": m4a}
