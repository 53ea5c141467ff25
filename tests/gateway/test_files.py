"""Keeping files: in a folder of this machine, and in a bucket behind real HTTP."""

import http.server
import os
import subprocess
import sys
import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app.gateway.files import FileMissing, Files, FilesUnavailable

PHOTO = "photos/2026/4f0c.jpg"


class Bucket(http.server.BaseHTTPRequestHandler):
    """The calls of S3 that we make, on a dictionary: PUT, GET, HEAD and DELETE of one object, and the list of many."""

    protocol_version = "HTTP/1.1"
    kept: dict[str, tuple[bytes, str]]

    def answer(self, status, body=b"", kind="application/xml"):
        self.send_response(status)
        for name, value in (("Content-Length", len(body)), ("Content-Type", kind), ("ETag", '"1"')):
            self.send_header(name, str(value))
        self.send_header("Last-Modified", "Mon, 23 Nov 2026 08:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    @property
    def key(self):
        return urlsplit(self.path).path

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.kept[self.key] = (body, self.headers["Content-Type"])
        self.answer(200)

    def do_GET(self):
        asked = parse_qs(urlsplit(self.path).query)
        if "list-type" in asked:
            self.answer(200, self.listed(asked["prefix"][0]).encode())
            return
        found = self.kept.get(self.key)
        self.answer(200, *found) if found else self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET

    def listed(self, prefix):
        names = [key.removeprefix("/doorstep/") for key in sorted(self.kept)]
        rows = "".join(
            f"<Contents><Key>{name}</Key><LastModified>2026-11-23T08:00:00.000Z</LastModified><Size>1</Size>"
            '<ETag>"1"</ETag></Contents>'
            for name in names if name.startswith(prefix)
        )  # fmt: skip
        return f"<ListBucketResult><Name>doorstep</Name><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"

    def do_DELETE(self):
        self.kept.pop(self.key, None)
        self.answer(204)

    def log_message(self, *_):
        pass


@pytest.fixture
def bucket(monkeypatch):
    kept = {}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("OwnBucket", (Bucket,), {"kept": kept}))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "doorstep")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "only-for-this-test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "bucket"])
def files(request, tmp_path):
    if request.param == "folder":
        return Files((tmp_path / "社区 文件").as_uri())
    request.getfixturevalue("bucket")
    return Files("s3://doorstep/kept")


def test_it_works(files):
    files.put(PHOTO, b"a photo", "image/jpeg")

    assert files.get(PHOTO) == b"a photo"
    assert files.exists(PHOTO) is True


def test_what_was_not_put_is_missing(files):
    assert files.exists(PHOTO) is False
    with pytest.raises(FileMissing) as caught:
        files.get(PHOTO)
    assert caught.value.args == (PHOTO,)


def test_a_folder_of_files_is_not_a_file(files):
    files.put(PHOTO, b"a photo", "image/jpeg")

    assert files.exists("photos/2026") is False
    with pytest.raises(FileMissing):
        files.get("photos/2026")


def test_putting_again_replaces(files):
    files.put(PHOTO, b"the first", "image/jpeg")
    files.put(PHOTO, b"the second, longer", "image/jpeg")

    assert files.get(PHOTO) == b"the second, longer"


def test_a_deleted_file_is_gone_and_may_be_deleted_again(files):
    files.put(PHOTO, b"a photo", "image/jpeg")
    files.delete(PHOTO)
    files.delete(PHOTO)

    assert files.exists(PHOTO) is False


def test_any_bytes_are_kept_as_they_are(files):
    data = os.urandom(300_000)
    files.put("exports/large.bin", data, "application/octet-stream")
    files.put("exports/empty.bin", b"", "application/octet-stream")

    assert files.get("exports/large.bin") == data
    assert files.get("exports/empty.bin") == b""


def test_all_files_of_a_folder_with_the_moment_they_were_put(files):
    for key in ("photos/a.jpg", "photos/2026/b.jpg", "voices/c.amr", "photosofmine/d.jpg"):
        files.put(key, b"x", "image/jpeg")

    found = dict(files.listed("photos"))
    assert sorted(found) == ["photos/2026/b.jpg", "photos/a.jpg"]
    assert all(moment.utcoffset() == timedelta(0) for moment in found.values())
    assert list(files.listed("nothing")) == []


def test_a_storage_that_is_away_lists_nothing(tmp_path):
    files = Files((tmp_path / "kept").as_uri())
    (tmp_path / "kept").rmdir()
    (tmp_path / "kept").write_text("not a folder")
    with pytest.raises(FilesUnavailable):
        list(files.listed("photos"))


BAD_KEYS = ["", "/", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.hidden", "a b", "a\\b", "a\nb",
            "a%2fb", "照片.jpg", "-rf", "a?b", "a#1", "x" * 201, "a\x00b"]  # fmt: skip


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_could_lead_elsewhere_is_refused(files, key):
    for ask in (files.get, files.exists, files.delete):
        with pytest.raises(ValueError, match="not a key"):
            ask(key)
    with pytest.raises(ValueError, match="not a key"):
        files.put(key, b"", "image/jpeg")


def test_a_storage_that_works_is_healthy(files):
    assert files.healthy() is True


def test_a_bucket_learns_the_content_type(bucket):
    Files("s3://doorstep/kept").put(PHOTO, b"a photo", "image/jpeg")

    assert bucket == {f"/doorstep/kept/{PHOTO}": (b"a photo", "image/jpeg")}


def test_a_folder_that_broke_is_unavailable_and_says_nothing_of_itself(tmp_path):
    files = Files((tmp_path / "files").as_uri())
    (tmp_path / "files").rmdir()
    (tmp_path / "files").write_text("not a folder any more")

    assert files.healthy() is False
    with pytest.raises(FilesUnavailable) as caught:
        files.put(PHOTO, b"a photo", "image/jpeg")
    assert str(tmp_path) not in str(caught.value)


def test_only_the_finished_file_is_left_in_the_folder(tmp_path):
    files = Files(tmp_path.as_uri())
    files.put(PHOTO, b"a photo", "image/jpeg")
    files.put(PHOTO, b"another", "image/jpeg")

    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()] == [PHOTO]


@pytest.mark.parametrize("url", ["", "/var/files", "http://host/files", "memory:///", "gs://bucket"])
def test_other_addresses_are_refused(url):
    with pytest.raises(ValueError, match="files are kept under"):
        Files(url)


def test_a_child_of_a_process_that_used_the_store_is_refused_instead_of_waiting_for_ever(tmp_path):
    script = f"""
import os, sys
from app.gateway.files import Files
files = Files({tmp_path.as_uri()!r})
files.put("a", b"1", "text/plain")
child = os.fork()
if not child:
    try:
        files.get("a")
    except RuntimeError:
        os._exit(7)
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))

    assert subprocess.run([sys.executable, "-c", script], cwd=root, timeout=20).returncode == 7


def test_several_files_are_kept_together_or_not_at_all(tmp_path):
    """The second finds a folder in its place: the first one is taken back."""
    files = Files((tmp_path / "files").as_uri())
    files.put("photos/b.jpg/in-the-way", b"x", "text/plain")
    with pytest.raises(FilesUnavailable):
        files.put_all({"photos/a.jpg": b"a", "photos/b.jpg": b"b"}, "image/jpeg")
    assert not files.exists("photos/a.jpg")

    files.put_all({"photos/a.jpg": b"a", "photos/c.jpg": b"c"}, "image/jpeg")
    assert (files.get("photos/a.jpg"), files.get("photos/c.jpg")) == (b"a", b"c")
    files.discard(["photos/a.jpg", "photos/c.jpg", "photos/never.jpg"])
    assert not files.exists("photos/a.jpg") and not files.exists("photos/c.jpg")
