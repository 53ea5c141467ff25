"""What strangers upload as a photo: real photos come out upright and bare, what is no photo is refused."""

import hashlib
import io
import os
import struct
import subprocess
import sys
import threading
import zipfile

import pytest
from PIL import Image, ImageCms

from app.rules.photo_image import clean_photo, kind_of
from tests.rules.photos import LIMITS, colour, opened, refused, street, upload

GPS = "34.7871N-114.3541E"
TRACES = (b"anary", GPS.encode(), b"<script", b"PK\x03\x04", b"Exif", b"http", b"8BIM")


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


def test_a_strip_of_one_pixel_is_only_small():
    assert clean_photo(upload(Image.new("L", (65535, 1)), "PNG"), **LIMITS).width == 64
    assert clean_photo(upload(Image.new("L", (1, 65535)), "PNG"), **LIMITS).height == 64


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
