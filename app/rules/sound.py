"""Sounds from strangers: which format the bytes are and how long they last, read from the content, or None.

Nothing is decoded, so nothing a decoder could stumble over is touched; each reader goes through the bytes once. What is
no sound goes: tags that say who recorded it, where and with what. The formats are those of WeChat's recorder
(wx.getRecorderManager: mp3, aac, wav; aac comes bare or in a container, by the phone) and of its chat (AMR).
"""

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

#: Bytes that follow the first byte of a frame, by its type: RFC 4867 §5.3 with 3GPP TS 26.101 and 26.201.
AMR = {
    b"#!AMR\n": (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0),
    b"#!AMR-WB\n": (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0),
}
#: One frame of AMR lasts 20 ms (RFC 4867 §3.1).
AMR_FRAMES_A_SECOND = 50
#: ISO/IEC 11172-3 §2.4.2.3 and 13818-3 §2.4.2.3: kbit/s of layer III by index, in MPEG-1 and in MPEG-2 (and 2.5).
_MP3_RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
#: Samples a second by version bits (0 is MPEG-2.5, 2 MPEG-2, 3 MPEG-1) and index.
_MP3_SAMPLES = {0: (11025, 12000, 8000), 2: (22050, 24000, 16000), 3: (44100, 48000, 32000)}
#: ISO/IEC 14496-3 table 1.18: samples a second of AAC by index.
_AAC_SAMPLES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
#: ISO/IEC 14496-12: the boxes that a plain sound track consists of; everything else is emptied.
_BRANDS = (b"M4A ", b"mp42", b"mp41", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"3gp4", b"3gp5", b"3gp6")
_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_NEEDED = frozenset({
    b"ftyp", b"mdat", b"mvhd", b"tkhd", b"edts", b"mdhd", b"hdlr", b"smhd", b"dinf", b"stsd", b"stts", b"stsc", b"stsz",
    b"stco", b"co64", b"sgpd", b"sbgp", b"iods",
})  # fmt: skip
#: More boxes than any recorder writes.
_MOST_BOXES = 200


class Sound(NamedTuple):
    """`format` is mp3, aac, m4a, amr or wav; `data` what is kept of it."""

    format: str
    seconds: float
    data: bytes


def listen(data: bytes) -> Sound | None:
    """What the bytes are; None for what is none of the formats, cut short in its head, or silent for lack of frames."""
    for read in _READERS:
        found = read(data)
        if found is not None:
            return found if found.seconds > 0 else None
    return None


def amr_frames(data: bytes, most: int) -> int | None:
    """How many frames follow the magic number, counted up to one more than `most`; None for what is no AMR."""
    magic = next((magic for magic in AMR if data.startswith(magic)), None)
    if magic is None or len(data) == len(magic):
        return None
    at, frames = len(magic), 0
    while at < len(data) and frames <= most:
        at += 1 + AMR[magic][data[at] >> 3 & 15]
        frames += 1
    return frames


def _amr(data: bytes) -> Sound | None:
    frames = amr_frames(data, len(data))
    return None if frames is None else Sound("amr", frames / AMR_FRAMES_A_SECOND, data)


def _mp3(data: bytes) -> Sound | None:
    """Frame after frame to the end; an ID3 tag before or behind them goes."""
    start = at = _after_id3(data)
    seconds, frames = 0.0, 0
    while at + 4 <= len(data) and data[at : at + 3] != b"TAG":
        frame = _mp3_frame(data[at : at + 4])
        if frame is None:
            break
        at, seconds, frames = at + frame[0], seconds + frame[1], frames + 1
    # One frame is any four bytes that happen to fit; of junk behind the last there may be a tag's worth.
    if frames < 3 or len(data) - at > 512:
        return None
    return Sound("mp3", seconds, data[start:at])


def _after_id3(data: bytes) -> int:
    """Where the sound begins: behind an ID3v2 tag, whose size has seven bits a byte (id3.org, ID3v2.4.0 §3.1)."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 127
    return min(10 + size, len(data))


def _mp3_frame(head: bytes) -> tuple[int, float] | None:
    """Bytes and seconds of the frame that begins so; None for what is no head of a frame of layer III."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, samples, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if head[0] != 0xFF or head[1] < 0xE0 or version == 1 or layer != 1 or rate in (0, 15) or samples == 3:
        return None
    first = version == 3
    kilobits, a_second = _MP3_RATES[not first][rate], _MP3_SAMPLES[version][samples]
    return (144 if first else 72) * kilobits * 1000 // a_second + padding, (1152 if first else 576) / a_second


def _aac(data: bytes) -> Sound | None:
    """Bare AAC: ADTS frames (ISO/IEC 14496-3 §1.A.2.2) to the end; the last one may be cut off."""
    at, seconds, frames = 0, 0.0, 0
    while at + 7 <= len(data):
        samples = data[at + 2] >> 2 & 15
        size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        if data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0 or samples >= len(_AAC_SAMPLES) or size < 7:
            return None
        # Four more blocks of 1024 samples may lie in one frame.
        seconds += 1024 * ((data[at + 6] & 3) + 1) / _AAC_SAMPLES[samples]
        at, frames = at + size, frames + 1
    return Sound("aac", seconds, data) if frames >= 3 else None


def _wav(data: bytes) -> Sound | None:
    """Plain PCM of one or two channels (Microsoft, Multimedia Programming Interface, RIFF WAVE); only fmt and data."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    at, form, sound = 12, b"", b""
    while at + 8 <= len(data) and not sound:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        form, sound = (body[:16], sound) if name == b"fmt " else (form, body if name == b"data" else sound)
        at += 8 + size + size % 2
    if len(form) < 16:
        return None
    coding, channels, a_second, _, _, bits = struct.unpack("<HHIIHH", form)
    if coding != 1 or channels not in (1, 2) or not 8000 <= a_second <= 48000 or bits not in (8, 16):
        return None
    block = channels * bits // 8
    sound = sound[: len(sound) // block * block]
    form = struct.pack("<HHIIHH", 1, channels, a_second, a_second * block, block, bits)
    head = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(sound))
    whole = b"RIFF" + struct.pack("<I", len(head) + len(sound)) + head + sound
    return Sound("wav", len(sound) / block / a_second, whole)


def _m4a(data: bytes) -> Sound | None:
    """A container with one sound track of AAC and nothing else; boxes with words (title, place) are emptied."""
    if data[4:8] != b"ftyp" or data[8:12] not in _BRANDS:
        return None
    kept, found = bytearray(data), {}
    for count, (name, start, end) in enumerate(_boxes(data, 0, len(data))):
        # A second track, or a box inside its own kind, ends it here: nothing is read deeper than the holders go.
        if name in found or count > _MOST_BOXES:
            return None
        if name in _HOLDERS or name in _NEEDED:
            found[name] = data[start:end]
        else:
            kept[start - 4 : end] = b"free" + bytes(end - start)
    return _track(found, bytes(kept)) if b"mdat" in found else None


def _boxes(data: bytes, at: int, until: int) -> Iterator[tuple[bytes, int, int]]:
    """Every box with where its content begins and ends, those inside of others too; broken ones end the tale."""
    while at + 8 <= until:
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        size = until - at if size == 0 else size
        if size < 8 or at + size > until:
            return
        yield name, at + 8, at + size
        if name in _HOLDERS:
            yield from _boxes(data, at + 8, at + size)
        at += size


def _track(boxes: dict[bytes, bytes], kept: bytes) -> Sound | None:
    """The length of the track, by its table of times (stts) and its clock (mdhd)."""
    times, clock, kind = boxes.get(b"stts", b""), boxes.get(b"mdhd", b""), boxes.get(b"hdlr", b"")
    if kind[8:12] != b"soun" or boxes.get(b"stsd", b"")[12:16] != b"mp4a" or len(clock) < 24 or len(times) < 8:
        return None
    a_second = int.from_bytes(clock[20:24] if clock[0] else clock[12:16], "big")
    rows = times[8 : 8 + len(times[8:]) // 8 * 8]
    total = sum(count * length for count, length in struct.iter_unpack(">II", rows))
    return Sound("m4a", total / a_second, kept) if a_second else None


_READERS: tuple[Callable[[bytes], Sound | None], ...] = (_amr, _wav, _m4a, _aac, _mp3)
