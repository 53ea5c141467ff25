"""The page of a unit on a phone: 老周 taps through it in a real Chromium, 390 px wide and without scripts."""

import threading
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from models.subcase import Subcase
from tests.handlers.unit.test_link import called, picture

__all__ = ["called"]


@contextmanager
def served(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()


@pytest.fixture
def phone(open_page):
    """A phone that runs no scripts: a link opened in an old WeChat."""
    return open_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)


def fits(page) -> bool:
    return page.locator("html").evaluate("one => one.scrollWidth <= one.clientWidth")


def test_from_the_link_to_the_result(called, phone):
    with served(called.application) as address:
        phone.goto(address + called.path)
        expect(phone.get_by_text("等待答复", exact=True)).to_be_visible()
        assert fits(phone) and float(
            phone.locator("body").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        ) >= 18
        for summary in phone.locator("summary").all():
            assert summary.bounding_box()["height"] >= 44
        phone.locator("summary", has_text="我已到场").click()
        form = phone.locator("details.arrive")
        form.get_by_label("您的姓名").fill("老周")
        form.get_by_label("看到了什么").fill("井口已围挡")
        shot = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture().read()}
        form.get_by_label("照片").set_input_files(shot)
        form.get_by_role("button", name="我已到场").click()
        expect(phone.get_by_text("已到场", exact=True)).to_be_visible()
        expect(phone.get_by_alt_text("现场照片 1")).to_be_visible()
        phone.locator("summary", has_text="办完了").click()
        form = phone.locator("details.finish")
        form.get_by_label("您的姓名").fill("老周")
        form.get_by_label("办得怎么样").fill("换好了新井盖")
        form.get_by_role("button", name="办完了").click()
        expect(phone.get_by_text("已办完", exact=True)).to_be_visible()
        assert fits(phone) and phone.context.cookies() == []
    row = Subcase.get_by_id(called.row.id)
    assert (row.state, row.arrived_who, row.result) == ("done", "老周", "换好了新井盖")
