"""What strangers upload as a photo: real photos come out upright and bare, all else is refused in bounded time."""

import hashlib
import io
import os
import struct
import subprocess
import sys
import threading
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from pillow_heif import register_heif_opener

from app.rules.photo_image import MESSAGES, PhotoRefused, clean_photo, kind_of

register_heif_opener()

LIMITS = {"max_bytes": 1 << 20, "max_pixels": 30_000_000, "edge": 64, "thumb_edge": 16, "seconds": 10}
GPS = "34.7871N-114.3541E"
TRACES = (b"anary", GPS.encode(), b"<script", b"PK\x03\x04", b"Exif", b"http", b"8BIM")


def upload(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def street(size=(96, 48)):
    """Red on the left, blue on the right: whoever turns or mirrors it can be caught."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return image


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def colour(image, x, y):
    """The nearest of the plain colours at a point given as shares of width and height."""
    red, green, blue = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    return {(1, 0, 0): "red", (0, 0, 1): "blue", (1, 1, 1): "white"}.get((red // 129, green // 129, blue // 129))


def refused(data, **limits):
    with pytest.raises(PhotoRefused) as caught:
        clean_photo(data, **{**LIMITS, **limits})
    assert caught.value.message_zh == MESSAGES[caught.value.code]
    return caught.value.code


def test_it_works():
    clean = clean_photo(upload(street(), "JPEG"), **LIMITS)

    assert (clean.width, clean.height) == (64, 32) == opened(clean.jpeg).size
    assert opened(clean.thumb).size == (16, 8)
    assert clean.sha256 == hashlib.sha256(clean.jpeg).hexdigest()
    assert colour(opened(clean.jpeg), 0.1, 0.5) == "red"
    assert colour(opened(clean.jpeg), 0.9, 0.5) == "blue"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "HEIF", "WEBP"])
def test_the_four_kinds_of_photo_come_out_as_jpeg(format):
    clean = clean_photo(upload(street(), format), **LIMITS)

    assert kind_of(clean.jpeg) == kind_of(clean.thumb) == "JPEG"
    assert [colour(opened(clean.jpeg), x, 0.5) for x in (0.1, 0.9)] == ["red", "blue"]


def test_a_small_photo_is_not_blown_up():
    clean = clean_photo(upload(street((10, 6)), "PNG"), **LIMITS)

    assert opened(clean.jpeg).size == opened(clean.thumb).size == (10, 6)


RED_SIDE = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom",
            0: "left", 9: "left"}  # fmt: skip
WHERE = {"left": (0, 0.5), "right": (1, 0.5), "top": (0.5, 0), "bottom": (0.5, 1)}


@pytest.mark.parametrize("orientation", RED_SIDE)
def test_the_picture_is_upright_however_the_phone_was_held(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = opened(clean_photo(upload(street(), "JPEG", exif=exif), **LIMITS).jpeg)
    side = RED_SIDE[orientation]

    assert image.size == ((64, 32) if side in ("left", "right") else (32, 64))
    assert colour(image, *WHERE[side]) == "red"
    assert colour(image, *(1 - share for share in WHERE[side])) == "blue"


HIDDEN = upload(Image.effect_noise((80, 60), 90), "JPEG")  # the thumbnail of another picture


def photo_with_everything():
    """EXIF with GPS, a thumbnail of another picture, XMP, IPTC, a script in a comment, a profile, a ZIP behind it."""
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "CanaryPhone", "CanaryUserComment"
    exif.get_ifd(0x8825)[29] = GPS
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = upload(street(), "JPEG", exif=exif, icc_profile=profile, comment=b"<script>canary()</script>")
    segments = b"".join(
        marker + struct.pack(">H", len(body) + 2) + body
        for marker, body in (
            (b"\xff\xe1", b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>CanaryXmp</x:xmpmeta>"),
            (b"\xff\xed", b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0bCanaryIptc\x00"),
            (b"\xff\xe2", b"MPF\x00CanaryMakerNote" + HIDDEN),
        )
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("canary.php", "<?php canary();")
    return plain[:2] + segments + plain[2:] + archive.getvalue()


def test_nothing_but_the_picture_is_left():
    clean = clean_photo(photo_with_everything(), **LIMITS)

    for made in (clean.jpeg, clean.thumb):
        image = opened(made)
        assert dict(image.getexif()) == {}
        assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert made.endswith(b"\xff\xd9")
        assert [word for word in (*TRACES, HIDDEN[-200:]) if word in made] == []


def test_a_broken_note_of_the_camera_does_not_lose_the_photo():
    plain = upload(street(), "JPEG")
    broken = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\x01\x12" * 40  # a directory that points nowhere
    data = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken + plain[2:]

    assert clean_photo(data, **LIMITS).width == 64


def test_colours_are_converted_and_a_broken_profile_is_ignored():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"no profile at all", lab):
        clean = clean_photo(upload(street(), "JPEG", icc_profile=profile), **LIMITS)
        assert colour(opened(clean.jpeg), 0.1, 0.5) == "red"


def test_transparency_becomes_white_paper():
    image = street().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 96, 24))
    for format in ("PNG", "WEBP"):
        clean = opened(clean_photo(upload(image, format), **LIMITS).jpeg)
        assert [colour(clean, 0.1, 0.1), colour(clean, 0.1, 0.9)] == ["white", "red"]


@pytest.mark.parametrize(("mode", "fill", "grey"), [("I;16", 40000, 156), ("L", 156, 156), ("1", 1, 255), ("P", 0, 0)])
def test_unusual_pixels_keep_their_brightness(mode, fill, grey):
    clean = opened(clean_photo(upload(Image.new(mode, (20, 20), fill), "PNG"), **LIMITS).jpeg)

    assert clean.getpixel((10, 10)) == (grey, grey, grey)


def test_ink_colours_of_a_scanner_are_accepted():
    clean = opened(clean_photo(upload(street().convert("CMYK"), "JPEG"), **LIMITS).jpeg)

    assert colour(clean, 0.1, 0.5) == "red"


def test_a_moving_picture_gives_its_first_frame():
    frames = [Image.new("RGB", (20, 20), name) for name in ("red", "blue", "lime")]
    for format in ("PNG", "WEBP"):
        data = upload(frames[0], format, save_all=True, append_images=frames[1:], lossless=True)
        assert colour(opened(clean_photo(data, **LIMITS).jpeg), 0.5, 0.5) == "red"


def test_a_film_is_refused():
    frames = [Image.new("L", (2, 2), shade) for shade in range(101)]
    for format in ("PNG", "WEBP"):
        data = upload(frames[0], format, save_all=True, append_images=frames[1:], lossless=True)
        assert refused(data) == "photo_too_many_frames"


NOT_PHOTOS = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "pdf": b"%PDF-1.7\n1 0 obj<<>>endobj",
    "html": b"<!doctype html><script>alert(1)</script>",
    "gif": upload(street(), "GIF"),
    "gif with html": upload(street(), "GIF") + b"<script>alert(1)</script>",
    "tiff": upload(street(), "TIFF"),
    "bmp": upload(street(), "BMP"),
    "ico": upload(street(), "ICO"),
    "avif": upload(street(), "AVIF"),
    "psd": b"8BPS\x00\x01" + bytes(40),
    "zip": b"PK\x03\x04" + bytes(40),
    "mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
    "avif under a general brand": b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf",
    "zeros": bytes(100),
    "one byte": b"\xff",
}


@pytest.mark.parametrize("name", NOT_PHOTOS)
def test_what_is_no_photo_is_refused_whatever_its_name(name):
    assert refused(NOT_PHOTOS[name]) == "photo_kind"


def test_nothing_and_too_much_are_refused():
    assert refused(b"") == "photo_empty"
    assert refused(upload(street(), "JPEG"), max_bytes=100) == "photo_too_large"


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


def test_a_strip_of_one_pixel_is_only_small():
    assert clean_photo(upload(Image.new("L", (65535, 1)), "PNG"), **LIMITS).width == 64
    assert clean_photo(upload(Image.new("L", (1, 65535)), "PNG"), **LIMITS).height == 64


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


def test_two_at_once_and_the_third_waits_its_turn():
    """Five neighbours send a photo in the same moment; all are served, and nobody's place is lost."""
    made = []
    data = upload(street(), "JPEG")
    threads = [threading.Thread(target=lambda: made.append(clean_photo(data, **LIMITS).sha256)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 5
    assert len(set(made)) == 1


def test_whoever_waits_too_long_is_told_to_come_back():
    slow = upload(street((2000, 2000)), "JPEG", progressive=True)
    slow = slow[:-2] + slow[slow.rindex(b"\xff\xda") : -2] * 2000 + b"\xff\xd9"
    threads = [threading.Thread(target=refused, args=(slow[:900_000],), kwargs={"seconds": 4}) for _ in range(2)]
    for thread in threads:
        thread.start()
    code = refused(upload(street(), "JPEG"), seconds=1)
    for thread in threads:
        thread.join()

    assert code == "photo_busy"


def test_it_works_in_a_child_process_forked_while_others_were_busy():
    script = f"""
import os, sys, threading
from app.rules.photo_image import _places, clean_photo
_places.acquire(); _places.acquire()
data = sys.stdin.buffer.read()
child = os.fork()
if not child:
    os._exit(0 if clean_photo(data, **{LIMITS!r}).width == 64 else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    done = subprocess.run([sys.executable, "-c", script], input=upload(street(), "JPEG"), cwd=root)

    assert done.returncode == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 600), st.binary(min_size=1, max_size=40), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_garbage_in_a_photo_gives_a_photo_or_a_refusal(at, garbage, format):
    data = upload(street(), format)
    spoiled = data[:at] + garbage + data[at + len(garbage) :]
    try:
        assert kind_of(clean_photo(spoiled, **LIMITS).jpeg) == "JPEG"
    except PhotoRefused as refusal:
        assert refusal.message_zh == MESSAGES[refusal.code]
