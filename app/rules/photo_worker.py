"""The cell in which one uploaded photo is opened: a process of its own, started by photo_image for one picture.

It bounds its own memory and time before it reads a byte, opens the picture with the one decoder the content asks for,
reads the size from the header before decoding, draws the pixels on a new canvas and writes two JPEGs. Whatever else the
upload carried (EXIF, GPS, comments, profiles, hidden thumbnails, appended files) stays behind in this process.

Input: one JSON line of limits, then the upload. Output: one JSON line, then the photo and the thumbnail.
"""

import io
import json
import resource
import sys
import warnings

MEMORY_BYTES = 1 << 30
MAX_FRAMES = 100


def confine(seconds: int) -> None:
    """No more than 1 GB of addresses and so many seconds of processor time, no files, no core dump."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    limits = json.loads(sys.stdin.buffer.readline())
    confine(limits["seconds"])

from PIL import Image, ImageCms  # noqa: E402 - nothing of an image library runs before the limits stand
from pillow_heif import register_heif_opener  # noqa: E402

SRGB = ImageCms.createProfile("sRGB")
ORIENTATION = 0x0112  # the TIFF tag, values 1 to 8
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refused(Exception):
    """The picture is understood and not accepted; the argument is the code of photo_image.MESSAGES."""


def clean(data: bytes, *, format: str, max_pixels: int, edge: int, thumb_edge: int, **_: object) -> dict:
    """The two JPEGs of an upload as {"photo", "thumb", "width", "height"}; raises Refused."""
    with Image.open(io.BytesIO(data), formats=[format]) as image:
        if image.width * image.height > max_pixels:
            raise Refused("photo_too_many_pixels")
        if getattr(image, "n_frames", 1) > MAX_FRAMES:
            raise Refused("photo_too_many_frames")
        image.seek(0)
        image.draft(None, (edge, edge))  # lets the JPEG decoder skip what would be thrown away
        photo = canvas(image, edge)
    small = photo.copy()
    small.thumbnail((thumb_edge, thumb_edge))
    return {"photo": jpeg(photo, 85), "thumb": jpeg(small, 80), "width": photo.width, "height": photo.height}


def canvas(image: Image.Image, edge: int) -> Image.Image:
    """The upright pixels in sRGB on a fresh white canvas, shrunk first so that only one full-size copy ever exists."""
    turn, profile = turn_of(image), image.info.get("icc_profile")
    shrunk = plain(image)
    shrunk.thumbnail((edge, edge), reducing_gap=2.0)
    upright = srgb(shrunk if turn is None else shrunk.transpose(turn), profile)
    fresh = Image.new("RGB", upright.size, "white")
    if upright.mode == "RGBA":
        fresh.paste(upright, mask=upright.getchannel("A"))
    else:
        fresh.paste(upright.convert("RGB"))
    return fresh


def turn_of(image: Image.Image) -> Image.Transpose | None:
    """What the camera's note says must be done to see the picture upright; a broken note says nothing."""
    try:
        return TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:
        return None


def plain(image: Image.Image) -> Image.Image:
    """A mode that can be scaled: 8 bits a channel, palettes resolved, transparency as a channel of its own."""
    image.load()
    if image.mode.startswith(("I", "F")):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as they were meant; a profile that is broken or of another colour space is as good as none."""
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, meant, SRGB, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image
    return image


def jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def main() -> None:
    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # our own limit is tighter and comes before decoding
    warnings.simplefilter("ignore")
    try:
        made = clean(sys.stdin.buffer.read(), **limits)
    except Refused as refusal:
        made = {"refused": str(refusal)}
    except MemoryError:
        made = {"refused": "photo_too_heavy"}
    except Exception:  # a decoder fed with garbage may raise anything; the process ends here either way
        made = {"refused": "photo_damaged"}
    photo, thumb = made.pop("photo", b""), made.pop("thumb", b"")
    head = json.dumps({**made, "photo_bytes": len(photo)}).encode()
    sys.stdout.buffer.write(head + b"\n" + photo + thumb)


if __name__ == "__main__":
    main()
