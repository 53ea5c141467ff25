"""T14, uploads made to do harm: each gets a sentence or comes out as a bare picture, and nothing else stays."""

import io
import json
import os
import re
import resource
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from PIL.ExifTags import IFD

from app.context import database_open
from app.rules.photo_image import MESSAGES
from models.case import Photo
from tests.handlers.api import uploads
from tests.handlers.api.conftest import Door
from tests.handlers.api.uploads import NAMES, PHOTO, REFUSED, TAKEN, made, runs_of, saved
from tests.sandbox.backend import Served

ROOT = Path(__file__).parents[3]
IMAGE = {"Content-Type": "image/jpeg"}
FORM = {"Content-Type": "multipart/form-data; boundary=x"}


def kept(client) -> list[str]:
    """The names of all files in the store."""
    folder = Path(urlsplit(client.town.settings.files_url).path)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def form(name: str, data: bytes = PHOTO) -> bytes:
    """The form of a browser with a photo of this name."""
    head = f'--x\r\nContent-Disposition: form-data; name="photo"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head.encode() + data + b"\r\n--x--\r\n"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_or_a_trap_is_refused_with_a_sentence(door, client, name):
    data, code = REFUSED[name]
    error = door("zhanglan").refused(422, "POST", "/photos", form("IMG_2031.jpg", made(data)), headers=FORM)

    assert (error["code"], error["message"]) == (code, MESSAGES[code])
    assert kept(client) == []
    with database_open():
        assert Photo.select().count() == 0


@pytest.mark.parametrize("name", TAKEN)
def test_of_what_is_taken_only_the_picture_stays(door, client, name):
    data, note = TAKEN[name]
    photo = door("zhanglan").add_photo(data)

    assert kept(client) == [f"photos/{photo['key']}.jpg", f"photos/{photo['key']}.thumb.jpg"]
    size = 0
    for file in kept(client):
        out = client.town.context.files.get(file)
        size += len(out)
        assert (Image.open(io.BytesIO(out)).format, out[-2:], runs_of(out, note)) == ("JPEG", b"\xff\xd9", [])
        assert set(re.findall(rb"\xff[\xe0-\xef\xfe](?=..)", out[:-2][: out.index(b"\xff\xda")])) == {b"\xff\xe0"}
    with database_open():
        assert Photo.get().size == size


def test_a_note_left_in_would_be_found():
    """The search itself: a picture saved again by the library alone still carries the comment."""
    data, note = TAKEN["jpeg with a script in its comment"]
    assert runs_of(saved(Image.open(io.BytesIO(data)), "JPEG"), note) != []


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_the_file_means_nothing(door, client, name):
    status, said = door("zhanglan").ask("POST", "/photos", form(NAMES[name]), headers=FORM)

    if status == 422:  # a name that breaks the form leaves no field at all
        assert (said["error"]["code"], name, kept(client)) == ("photo_empty", "new line", [])
        return
    assert status == 201
    assert re.fullmatch(r"[a-z2-7]{16}", said["key"])
    assert kept(client) == [f"photos/{said['key']}.jpg", f"photos/{said['key']}.thumb.jpg"]


@pytest.fixture
def served(door, client):
    """The app on a real socket, and 张兰's session there."""
    serving = Served(client.application)
    yield serving.url, door("zhanglan").token
    serving.stop()


def raw_upload(url: str, token: str, *, declared: int, sent: bytes) -> bytes:
    """Upload with a length of one's own choice, hang up when all is sent; what was answered."""
    parts = urlsplit(url)
    head = (
        f"POST /api/v1/photos HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: raw-upload-01\r\nContent-Type: image/jpeg\r\nContent-Length: {declared}\r\n"
        "Connection: close\r\n\r\n"
    )
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as line:
        line.sendall(head.encode() + sent)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return answer


@pytest.mark.parametrize("declared", [len(PHOTO) * 100, len(PHOTO) + 1, len(PHOTO) // 2, 10**12, -1])
def test_a_length_that_is_not_true_keeps_nothing(served, client, declared):
    answer = raw_upload(*served, declared=declared, sent=PHOTO)

    assert re.match(rb"HTTP/1\.[01] 4\d\d ", answer)
    assert kept(client) == []


def test_hanging_up_at_99_per_cent_keeps_nothing(served, client):
    answer = raw_upload(*served, declared=len(PHOTO), sent=PHOTO[: len(PHOTO) * 99 // 100])

    assert re.match(rb"HTTP/1\.[01] 4\d\d ", answer)
    assert kept(client) == []


def test_two_of_one_name_at_once_are_two_photos(served, client):
    url, token = served
    doors = [Door(client.application.test_client(), token) for _ in range(2)]
    found = []
    threads = [
        threading.Thread(target=lambda one=one: found.append(one.ask("POST", "/photos", form("a.jpg"), headers=FORM)))
        for one in doors
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [status for status, _ in found] == [201, 201]
    assert len({said["key"] for _, said in found}) == 2
    assert len(kept(client)) == 4


def test_a_disk_that_is_full_at_half_keeps_nothing_and_says_so(door, client):
    """The system takes no more than so many bytes in one file, which breaks off the photo in the middle."""
    zhanglan, big = door("zhanglan"), saved(Image.effect_noise((2048, 2048), 120), "JPEG", quality=95)
    half = (resource.getrlimit(resource.RLIMIT_FSIZE), len(big) // 4)
    resource.setrlimit(resource.RLIMIT_FSIZE, (half[1], half[0][1]))
    try:
        error = zhanglan.refused(503, "POST", "/photos", big, headers=IMAGE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, half[0])

    assert error["code"] == "files_unavailable"
    assert kept(client) == []
    with database_open():
        assert Photo.select().count() == 0
    assert zhanglan.add_photo(big)["width"] == 2048


MEASURE = """
import json, resource, sys
from app.rules.photo_image import PhotoRefused, clean_photo
data, limits = sys.stdin.buffer.read(), json.loads(sys.argv[1])
try:
    said = str(clean_photo(data, **limits).width)
except PhotoRefused as refused:
    said = refused.code
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([said, used.ru_maxrss // 1024, used.ru_utime + used.ru_stime]))
"""
LIMITS = {"max_bytes": 10485760, "max_pixels": 30_000_000, "edge": 2048, "thumb_edge": 320, "seconds": 10}


def measured(data: bytes, **limits: int) -> tuple[str, int, float]:
    """What came of it, the most memory the cell had (MB) and the processor time it took (seconds)."""
    command = [sys.executable, "-c", MEASURE, json.dumps({**LIMITS, **limits})]
    done = subprocess.run(command, input=data, capture_output=True, cwd=ROOT, check=True, env={"PATH": os.defpath})
    return tuple(json.loads(done.stdout))


LARGEST = {
    "png": lambda: saved(Image.new("RGBA", (6000, 5000), "red"), "PNG"),
    "jpeg in ink colours": lambda: saved(Image.new("CMYK", (6000, 5000)), "JPEG"),
    "progressive jpeg": lambda: saved(Image.new("RGB", (6000, 5000), "red"), "JPEG", progressive=True),
    "webp": lambda: saved(Image.new("RGB", (6000, 5000), "red"), "WEBP", quality=1, method=0),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_photo_fits_into_the_cell(name):
    said, megabytes, _ = measured(LARGEST[name]())

    assert said == "2048"
    assert megabytes < 600


def test_a_bomb_takes_no_memory():
    said, megabytes, _ = measured(made(REFUSED["png 13000 x 13000"][0]))

    assert said == "photo_too_many_pixels"
    assert megabytes < 150


def test_an_endless_photo_gets_no_more_time_than_the_limit_says():
    large = saved(Image.new("RGB", (2000, 2000), "red"), "JPEG", progressive=True)
    scan = large[large.rindex(b"\xff\xda") : -2]
    endless = large[:-2] + scan * ((9_000_000 - len(large)) // len(scan)) + b"\xff\xd9"
    said, _, seconds = measured(endless, seconds=1)

    assert said == "photo_too_heavy"
    assert seconds < 3


def test_the_corpus_is_what_it_says():
    """The traps are real ones: the library that opens photos recognises those that are meant to be understood."""
    assert Image.open(io.BytesIO(uploads.gps()[0])).getexif().get_ifd(0x8825)[1] == "N"
    assert Image.open(io.BytesIO(TAKEN["thumbnail of another picture"][0])).getexif().get_ifd(IFD.IFD1)[0x0202] > 100
    assert Image.open(io.BytesIO(REFUSED["apng of 10000 frames"][0])).n_frames >= 10_000
    assert Image.open(io.BytesIO(REFUSED["gif of 10000 frames"][0])).n_frames == 10_000
