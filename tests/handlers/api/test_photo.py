"""Photos in and out: cleaned on the way in, by a link of one's own on the way out."""

import io

from itsdangerous import URLSafeTimedSerializer
from PIL import Image

from app.context import database_open
from app.rules.photo_quota import USED_UP
from models.case import Photo
from tests.handlers.api.conftest import jpeg


def opened(door, link, headers=None):
    return door.client.get(link, headers=headers or {})


def bearer(door):
    return {"Authorization": f"Bearer {door.token}"}


def test_a_photo_loses_what_is_not_picture(door):
    zhanglan = door("zhanglan")
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Camera of 张兰"
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif)
    photo = zhanglan.add_photo(out.getvalue())
    answer = opened(zhanglan, photo["links"]["full"])
    assert (photo["width"], photo["height"], answer.status_code, answer.mimetype) == (64, 48, 200, "image/jpeg")
    assert b"Camera" not in answer.data
    expected = {
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=600",
        "Content-Disposition": f'inline; filename="{photo["key"]}.jpg"',
    }  # fmt: skip
    assert {name: answer.headers[name] for name in expected} == expected
    assert Image.open(io.BytesIO(opened(zhanglan, photo["links"]["thumb"]).data)).format == "JPEG"


def test_a_form_brings_the_same(door):
    zhanglan = door("zhanglan")
    form = {"photo": (io.BytesIO(jpeg()), "../../x.php", "text/html")}
    status, said = zhanglan.ask("POST", "/photos", content_type="multipart/form-data", data=form)
    assert (status, said["kind"], sorted(said)) == (201, "chat", ["height", "key", "kind", "links", "width"])
    error = zhanglan.refused(422, "POST", "/photos", content_type="multipart/form-data", data={"other": "x"})
    assert error["fields"] == {"photo": "必填"}


def test_the_same_upload_is_one_photo(door):
    zhanglan = door("zhanglan")
    first = zhanglan.add_photo(once="photo-01")
    assert zhanglan.add_photo(once="photo-01") == first
    blue, image = jpeg("blue"), {"Content-Type": "image/jpeg"}
    error = zhanglan.refused(409, "POST", "/photos", blue, once="photo-01", headers=image)
    assert error["code"] == "idempotency_key_reused"
    with database_open():
        assert Photo.select().count() == 1


def test_what_is_no_photo(door):
    zhanglan, image = door("zhanglan"), {"Content-Type": "image/jpeg"}
    for data, status, code in (
        (b"", 422, "photo_empty"), (b"<svg/>", 422, "photo_kind"), (jpeg()[:300], 422, "photo_damaged"),
        (b"\xff\xd8\xff" + bytes(10_485_760), 413, "too_large"),
    ):  # fmt: skip
        assert zhanglan.refused(status, "POST", "/photos", data, headers=image)["code"] == code
    assert zhanglan.refused(415, "POST", "/photos", {"photo": "x"})["code"] == "unsupported_media_type"
    assert zhanglan.refused(413, "POST", "/photos", bytes(12_582_913), headers=image)["code"] == "too_large"
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\n\r\n'
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    zhanglan.refused(413, "POST", "/photos", head + bytes(10_485_761) + b"\r\n--x--\r\n", headers=form)


def test_the_day_has_an_end(door):
    """A hundred photos today: one more may show a danger, the next waits; dangers are reported all the same."""
    zhanglan, image = door("zhanglan"), {"Content-Type": "image/jpeg"}
    with database_open():
        uploader = zhanglan.client.town.person("zhanglan")
        for _ in range(100):
            Photo.create(uploader=uploader, sha256="0" * 64, width=1, height=1, size=9, kind="chat")
    last = zhanglan.add_photo()
    error = zhanglan.refused(422, "POST", "/photos", jpeg(), headers=image)
    assert (error["code"], error["message"]) == ("photo_quota", USED_UP)
    assert zhanglan.report("3号楼门口井盖不见了", photos=[last["key"]])["photos"][0]["key"] == last["key"]
    zhanglan.report("井盖还是没有人来")


def test_a_link_is_of_one_viewer(door):
    zhanglan, sunmei = door("zhanglan"), door("sunmei")
    link = zhanglan.add_photo()["links"]["full"]
    found = [opened(zhanglan, link, headers).status_code for headers in (None, bearer(zhanglan), bearer(sunmei))]
    assert found == [200, 200, 404]
    for wrong in ("Bearer nonsense", "Basic eDp5", "Bearer ", "x"):
        assert opened(zhanglan, link, {"Authorization": wrong}).status_code == 404


def test_a_link_opens_only_what_is_allowed_now(door, key_of):
    zhanglan, wangdashan, chenjing = door("zhanglan"), door("wangdashan"), door("chenjing")
    case = zhanglan.report(place=key_of("building"), photos=[zhanglan.add_photo()["key"]])
    link = wangdashan.see(case)["photos"][0]["links"]["full"]
    assert opened(wangdashan, link).status_code == 200
    with database_open():
        Photo.update(case=None).execute()
    assert opened(wangdashan, link).status_code == 404
    assert opened(chenjing, link).status_code == 404


def test_a_link_that_is_not_ours(door, client):
    zhanglan = door("zhanglan")
    photo = zhanglan.add_photo()
    link = photo["links"]["full"]
    forged = URLSafeTimedSerializer("another key", salt="photo link").dumps([photo["key"], "full", "x"])
    for token in (forged, "x", "%00", "." * 3000, link.rpartition("/")[2][:-1] + "!"):
        assert zhanglan.refused(404, "GET", f"/files/{token}")["code"] == "not_found"
    assert client.get(link[:-3]).status_code == 404


def test_a_link_grows_old(door, monkeypatch):
    zhanglan = door("zhanglan")
    link = zhanglan.add_photo()["links"]["full"]
    real = URLSafeTimedSerializer.default_signer.get_timestamp
    monkeypatch.setattr(URLSafeTimedSerializer.default_signer, "get_timestamp", lambda self: real(self) + 600)
    assert opened(zhanglan, link).status_code == 200
    monkeypatch.setattr(URLSafeTimedSerializer.default_signer, "get_timestamp", lambda self: real(self) + 602)
    assert opened(zhanglan, link).status_code == 404
