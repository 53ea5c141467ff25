"""The browser of the tests is a real one, lives in Shanghai, and tells on every page that complains."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PAGES = {
    "/": "<title>家门口</title><p style='font-size: 20px'><span id=door>门</span>",
    "/broken": "<script>console.error('没有地图'); undefinedName()</script>",
    "/missing": "<img src=/none.png>",
    "/outside": "<img src=http://tracker.invalid/pixel.png>",
}


class Street(BaseHTTPRequestHandler):
    """A few pages, one house each."""

    def do_GET(self):
        found = PAGES.get(self.path)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((found or "").encode())

    def log_message(self, *_):
        """Stay quiet."""


@pytest.fixture
def street():
    """The address of a real web server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Street) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_a_page_is_chinese_and_in_shanghai(page, street):
    page.goto(street + "/")
    assert page.title() == "家门口"
    assert page.evaluate("navigator.language") == "zh-CN"
    assert page.evaluate("new Date(0).toLocaleString()") == "1970/1/1 08:00:00"


def test_chinese_is_drawn_as_whole_characters(page, street):
    """A character of a Chinese font is as wide as it is high; the box that stands for a missing one is not."""
    page.goto(street + "/")
    assert page.evaluate("door.getBoundingClientRect().width") == 20


def test_two_people_share_no_cookies(open_page, street):
    mr_li, mrs_zhou = open_page(), open_page(viewport={"width": 375, "height": 667})
    mr_li.goto(street + "/")
    mrs_zhou.goto(street + "/")
    mr_li.evaluate("document.cookie = 'session=li'")
    assert mrs_zhou.evaluate("[document.cookie, innerWidth]") == ["", 375]


def test_errors_on_the_console_and_exceptions_are_heard(page, street, complaints):
    page.goto(street + "/broken")
    assert complaints == [f"console: 没有地图 ({street}/broken)", "exception: undefinedName is not defined"]
    complaints.clear()


def test_a_missing_picture_is_heard(page, street, complaints):
    page.goto(street + "/missing")
    missing = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    assert complaints == [f"console: {missing} ({street}/none.png)"]
    complaints.clear()


def test_a_request_to_a_stranger_is_heard(page, street, complaints):
    page.goto(street + "/outside")
    assert complaints[0] == "outside: http://tracker.invalid/pixel.png"
    complaints.clear()
