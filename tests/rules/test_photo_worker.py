"""Uploads made to break the decoder: bombs, fragments, garbage, endless ones. Each gets its answer in bounded time."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from app.rules.photo_image import MESSAGES, PhotoRefused, clean_photo, kind_of
from tests.rules.photos import LIMITS, refused, street, upload


def png_header(width, height):
    """A PNG that claims a size and has no pixels."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((body, 13), (b"IDAT", 0))
    packed = (struct.pack(">I", size) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk, size in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def test_a_bomb_is_refused_by_its_header():
    assert refused(upload(Image.new("1", (9000, 9000)), "PNG")) == "photo_too_many_pixels"
    assert refused(upload(Image.new("1", (13000, 13000)), "PNG")) == "photo_too_many_pixels"
    assert refused(png_header(2**31 - 1, 2**31 - 1)) == "photo_too_many_pixels"
    assert refused(upload(street(), "HEIF"), max_pixels=96 * 48 - 1) == "photo_too_many_pixels"
    assert clean_photo(upload(street(), "HEIF"), **{**LIMITS, "max_pixels": 96 * 48}).width == 64


DAMAGED = {
    "no pixels": png_header(10, 10),
    "no size": png_header(0, 0),
    "half a jpeg": upload(street((400, 400)), "JPEG")[:1500],
    "half a png": upload(Image.effect_noise((64, 64), 90), "PNG")[:1500],
    "half a webp": upload(Image.effect_noise((64, 64), 90), "WEBP")[:900],
    "half a heic": upload(Image.effect_noise((64, 64), 90), "HEIF")[:900],
    "only a jpeg's first bytes": b"\xff\xd8\xff\xe0",
    "a heic of one box": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_photo_that_did_not_arrive_whole_is_refused(name):
    assert refused(DAMAGED[name]) == "photo_damaged"


def test_a_text_that_swells_inside_a_png_is_refused():
    note = PngImagePlugin.PngInfo()
    note.add_text("bomb", "0" * 80_000_000, zip=True)

    assert refused(upload(street(), "PNG", pnginfo=note)) == "photo_damaged"


def test_a_photo_that_takes_too_long_is_stopped():
    """A progressive JPEG whose last scan is repeated tens of thousands of times is small and endless to decode."""
    data = upload(street((2000, 2000)), "JPEG", progressive=True)
    last_scan = data[data.rindex(b"\xff\xda") : -2]
    endless = data[:-2] + last_scan * ((900_000 - len(data)) // len(last_scan)) + b"\xff\xd9"

    assert refused(endless, seconds=1) == "photo_too_heavy"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 600), st.binary(min_size=1, max_size=40), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_garbage_in_a_photo_gives_a_photo_or_a_refusal(at, garbage, format):
    data = upload(street(), format)
    spoiled = data[:at] + garbage + data[at + len(garbage) :]
    try:
        assert kind_of(clean_photo(spoiled, **LIMITS).jpeg) == "JPEG"
    except PhotoRefused as refusal:
        assert refusal.message_zh == MESSAGES[refusal.code]
