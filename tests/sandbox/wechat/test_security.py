"""The platform's eyes on words and pictures, with marks that a tester can set."""

import io
import threading

import pytest
from flask import Flask
from PIL import Image

from tests.sandbox.backend import Served

TEXT, MEDIA = "/wxa/msg_sec_check", "/wxa/media_check_async"


def text(street, content="楼道灯不亮了", **more):
    asked = {"content": content, "version": 2, "scene": 2, "openid": street.openid("zhanglan")}
    return street.post(TEXT, asked | more)


def opened(street):
    street.do("zhanglan", "login", app="mini")


@pytest.mark.parametrize(("words", "suggest", "label"), [
    ("楼道灯不亮了", "pass", 100), ("这是违规测试", "risky", 20006), ("存疑测试一下", "review", 21000)])
def test_words(street, words, suggest, label):
    opened(street)
    for answer in (text(street, words), text(street, "好", nickname=words)):
        assert answer["result"] == {"suggest": suggest, "label": label}
        assert answer["detail"][0] == {"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label,
                                       "prob": 90}


def test_who_was_away_for_two_hours_cannot_be_checked(street):
    assert text(street)["errcode"] == 61010
    opened(street)
    assert text(street)["errcode"] == 0
    street.ahead(2 * 3600 + 5)
    assert text(street)["errcode"] == 61010


def test_a_wrong_question(street):
    opened(street)
    given = [{"version": 1}, {"scene": 9}, {"scene": True}, {"openid": "o1"}, {"content": ""}, {"content": "a" * 2501},
             {"openid": street.openid("zhanglan", "official")}]
    assert [text(street, **one)["errcode"] for one in given] == [40097, 40129, 40129, 40003, 44002, 47001, 43104]


@pytest.fixture
def gallery():
    """Pictures on a server of the backend: /plain, /magenta, /yellow, /words."""
    def picture(name):
        if name == "words":
            return "存疑测试".encode()
        colour = {"magenta": (255, 0, 255), "yellow": (255, 255, 0)}.get(name, (90, 120, 60))
        content = io.BytesIO()
        Image.new("RGB", (40, 30), colour).save(content, "JPEG", quality=80)
        return content.getvalue()

    app = Flask("gallery")
    app.add_url_rule("/<name>", "picture", picture)
    served = Served(app)
    yield served.url
    served.stop()


def test_pictures_are_judged_later(street, backend, gallery):
    opened(street)
    asked = {"media_type": 2, "version": 2, "scene": 1, "openid": street.openid("zhanglan")}
    names = ["plain", "magenta", "yellow", "words", "plain?n=违规测试", "a/missing"]
    traces = [street.post(MEDIA, asked | {"media_url": f"{gallery}/{name}"})["trace_id"] for name in names]
    street.drain()
    results = {message["trace_id"]: message for message in backend.messages()}
    assert [results[trace]["result"]["suggest"] for trace in traces] == [
        "pass", "risky", "review", "review", "risky", "pass"]
    assert [results[trace]["errcode"] for trace in traces] == [0, 0, 0, 0, 0, -1008]
    first = results[traces[0]]
    assert (first["Event"], first["version"], first["appid"]) == ("wxa_media_check", 2, "wx1111111111111111")
    assert first["detail"] == [
        {"strategy": "content_model", "errcode": 0, "suggest": "pass", "label": 100, "prob": 90}]


def test_the_other_shape_of_the_verdict(config, backend, gallery, request):
    config["media_check"] = {"labels": "string"}
    street = request.getfixturevalue("street")
    opened(street)
    street.post(MEDIA, {"media_type": 2, "version": 2, "scene": 1, "openid": street.openid("zhanglan"),
                        "media_url": f"{gallery}/plain"})
    street.drain()
    (message,) = backend.messages()
    assert (message["result"], "errcode" in message) == ({"suggest": "pass", "label": "100"}, False)


def test_a_verdict_is_found_once_and_told_again(street, backend, gallery):
    """The second try carries the same verdict, without a second download."""
    busy = threading.Event()

    def answer(received):
        first, _ = not busy.is_set(), busy.set()
        return "", 500 if first else 200

    backend.answer = answer
    opened(street)
    street.post(MEDIA, {"media_type": 2, "version": 2, "scene": 1, "openid": street.openid("zhanglan"),
                        "media_url": f"{gallery}/magenta"})
    street.drain()
    first, second = backend.messages()
    assert first == second


def test_a_wrong_question_about_a_picture(street):
    opened(street)
    asked = {"media_type": 2, "version": 2, "scene": 1, "openid": street.openid("zhanglan"), "media_url": "http://x/"}
    given = [{"media_url": ""}, {"media_type": 3}, {"openid": "o1"}]
    assert [street.post(MEDIA, asked | one)["errcode"] for one in given] == [40097, 40004, 40003]
