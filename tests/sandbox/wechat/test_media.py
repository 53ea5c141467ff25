"""Pictures both ways: what 张兰 sends can be fetched, what the backend uploads can be shown, for three days."""

import base64

import requests

from tests.sandbox.street import PHOTO

UPLOAD = "/cgi-bin/media/upload"
BYTES = base64.b64decode(PHOTO)


def fetch(street, media_id, app="official"):
    token = street.token(app)["access_token"]
    return street.raw("GET", "/cgi-bin/media/get", params={"access_token": token, "media_id": media_id})


def upload(street, content, kind="image", name="门口.gif"):
    token = street.token("official")["access_token"]
    return street.raw("POST", UPLOAD, params={"access_token": token, "type": kind},
                      files={"media": (name, content)}).json()


def test_a_photo_from_the_phone(street, backend):
    street.do("zhanglan", "send", app="official", type="image", media=PHOTO, filename="门口.gif")
    (message,) = backend.messages()
    answer = fetch(street, message["MediaId"])
    assert (answer.content, answer.headers["Content-Type"]) == (BYTES, "image/gif")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="__.gif"'
    assert requests.get(message["PicUrl"], timeout=5).content == BYTES
    assert fetch(street, message["MediaId"], "mini").json()["errcode"] == 40007
    street.ahead(3 * 24 * 3600 + 1)
    assert fetch(street, message["MediaId"]).json()["errcode"] == 40007


def test_an_upload(street):
    answer = upload(street, BYTES)
    assert (answer["errcode"], answer["type"], set(answer)) == (
        0, "image", {"errcode", "errmsg", "type", "media_id", "created_at"})
    assert fetch(street, answer["media_id"]).content == BYTES


def test_uploads_that_are_refused(street):
    big = BYTES + b"\0" * (2 * 1024 * 1024)
    answers = [upload(street, BYTES, "poem"), upload(street, b""), upload(street, big), upload(street, b"plain text"),
               upload(street, BYTES, "voice"), upload(street, b"#!AMR\n" + b"\0" * 20, "voice")]
    assert [answer.get("errcode") for answer in answers] == [40004, 44001, 40009, 40005, 40005, 0]
    token = street.token("official")["access_token"]
    empty = street.raw("POST", UPLOAD, params={"access_token": token, "type": "image"}, data={"other": "x"})
    assert empty.json()["errcode"] == 41005
    assert [fetch(street, media_id).json()["errcode"] for media_id in ("", "no")] == [41006, 40007]


def test_a_video_comes_as_an_address(street):
    media_id = upload(street, b"\0\0\0\x18ftypmp42" + b"\0" * 20, "video")["media_id"]
    assert fetch(street, media_id).json()["video_url"] == f"{street.url}/control/media/{media_id}"
