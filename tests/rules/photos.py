"""Photos for the tests: a street to look at, and a way to upload it."""

import io

import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from app.rules.photo_image import MESSAGES, PhotoRefused, clean_photo

register_heif_opener()

LIMITS = {"max_bytes": 1 << 20, "max_pixels": 30_000_000, "edge": 64, "thumb_edge": 16, "seconds": 10}


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
