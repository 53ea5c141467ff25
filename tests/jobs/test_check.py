"""The platform's opinion of a photo: asked for by a task, fetched by a link of ours, told by a callback."""

import io
import time
from datetime import timedelta

import pytest
from PIL import Image

from app.context import make_context
from app.factory import create_app
from app.jobs import tasks
from app.links import read_check_link
from app.rules import inbound, media, veil
from app.rules.photo_image import CleanPhoto
from models.base import database, new_key, now, write
from models.case import Photo
from models.task import Task
from tests.sandbox.backend import Served

#: What the sandbox takes for unfit, for doubtful and for harmless: a picture all of one colour.
MAGENTA, YELLOW, GREEN = (255, 0, 255), (255, 255, 0), (0, 128, 0)


@pytest.fixture
def served(sqlite_town, sqlite_platform):
    """The whole service over HTTP, so that the platform can fetch photos and tell its opinion."""
    app = Served(create_app(sqlite_town.settings))
    database.connect()
    server = sqlite_town.settings.server.model_copy(update={"base_url": app.url})
    sqlite_town.settings = sqlite_town.settings.model_copy(update={"server": server})
    sqlite_town.context = make_context(sqlite_town.settings)
    sqlite_platform.control("POST", "apps/mini", {"callback_url": f"{app.url}/wechat/mini"})
    yield app
    app.stop()


def add_photo(town, colour, who="zhanglan") -> Photo:
    """A photo in the file store and its row, as the API makes them."""
    target = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(target, "JPEG")
    key = new_key()
    town.context.files.put(f"photos/{key}.jpg", target.getvalue(), "image/jpeg")
    with write():
        return media.add_photo(town.actor(who), CleanPhoto(target.getvalue(), b"", 64, 64, "0" * 64), key)


def work(town) -> None:
    Task.update(run_at=now() - timedelta(seconds=1)).where(Task.kind == "check").execute()
    while tasks.next_task(town.context):
        pass


def verdict(photo: Photo) -> str:
    """What stands at the photo once the platform has told, at most after some seconds."""
    for _ in range(100):
        found = Photo.get_by_id(photo.id).verdict
        if found != "waiting":
            return found
        time.sleep(0.1)
    return "waiting"


@pytest.mark.parametrize(("colour", "expected"), [(MAGENTA, "risky"), (YELLOW, "review"), (GREEN, "pass")])
def test_a_photo_is_judged(sqlite_town, sqlite_platform, served, colour, expected):
    code = sqlite_platform.control("POST", "phone/zhanglan/login", {"app": "mini"})["code"]
    sqlite_town.context.wechat["mini"].code_to_session(code)
    photo = add_photo(sqlite_town, colour)
    work(sqlite_town)
    assert Photo.get_by_id(photo.id).trace is not None
    assert verdict(photo) == expected


def test_a_risky_photo_is_for_the_admin_and_its_uploader_only(sqlite_town):
    photo = add_photo(sqlite_town, GREEN)
    with write():
        Photo.update(verdict="risky").where(Photo.id == photo.id).execute()
    photo = Photo.get_by_id(photo.id)
    seen_by = {who for who in ("zhanglan", "wangdashan", "hefang") if media.may_see(sqlite_town.actor(who), photo)}
    assert seen_by == {"zhanglan"}


def test_nobody_is_asked_for_a_photo_of_somebody_the_platform_does_not_know_of_late(sqlite_town, sqlite_platform):
    sqlite_platform.control("POST", "clock", {"ahead": 3 * 3600})
    photo = add_photo(sqlite_town, GREEN)
    work(sqlite_town)
    assert (Task.get(Task.kind == "check").state, Photo.get_by_id(photo.id).verdict) == ("done", "waiting")


def test_an_opinion_that_comes_before_the_trace_is_known(sqlite_town):
    photo = add_photo(sqlite_town, GREEN)
    with write():
        told = {"trace_id": "early-1", "result": {"suggest": "review", "label": 100}}
        inbound.begin(
            account="mini", event_key="event:o:1:wxa_media_check:early-1", kind="wxa_media_check", payload=told
        )
        media.traced(photo, "early-1")
    assert Photo.get_by_id(photo.id).verdict == "review"


def test_a_forged_link_to_judge_is_none(client):
    with client.application.app_context():
        assert read_check_link("nonsense") is None
    assert client.get("/api/v1/checks/nonsense").status_code == 404


def test_a_photo_of_an_anonymous_report_is_judged_all_the_same(sqlite_town, sqlite_platform, served):
    """The alias has no WeChat of its own: the platform is asked by way of whoever stands behind it."""
    code = sqlite_platform.control("POST", "phone/zhanglan/login", {"app": "mini"})["code"]
    sqlite_town.context.wechat["mini"].code_to_session(code)
    photo = add_photo(sqlite_town, MAGENTA)
    with write():
        alias = veil.put_on(sqlite_town.actor("zhanglan")).person
        Photo.update(uploader=alias).where(Photo.id == photo.id).execute()
    work(sqlite_town)
    assert verdict(photo) == "risky"
