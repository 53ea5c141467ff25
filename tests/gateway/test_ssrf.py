"""T15: nothing is ever fetched from an address that a stranger gave. A listener on this machine hears who comes."""

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from app.context import database_open, make_context
from app.gateway.errors import GatewayError, Outcome
from app.gateway.http import GuardedSession
from app.gateway.wechat import Wechat
from app.jobs.worker import round_of_work
from models.case import Photo
from tests.gateway import stand_in as s
from tests.gateway.stand_in import StandIn
from tests.handlers.wechat.phone import phone
from tests.rules.photos import street, upload


class Listener:
    """Sockets on every address of this machine, on one port; `heard` says who connected."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        first = socket.create_server(("127.0.0.1", 0))
        self.port = first.getsockname()[1]
        self._sockets = [first]
        for family, host in ((socket.AF_INET, "127.0.0.2"), (socket.AF_INET6, "::1")):
            try:
                self._sockets.append(socket.create_server((host, self.port), family=family))
            except OSError:  # a machine without this address cannot be reached there either
                continue
        for one in self._sockets:
            threading.Thread(target=self._listen, args=(one,), daemon=True).start()

    def _listen(self, door: socket.socket) -> None:
        while True:
            try:
                line, whom = door.accept()
            except OSError:
                return
            self.heard.append(whom[0])
            line.close()

    def close(self) -> None:
        for one in self._sockets:
            one.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


#: What a forged or careless message may name as the place of its picture.
ADDRESSES = {
    "this machine": "http://127.0.0.1:{port}/a.jpg",
    "this machine by another number": "http://127.0.0.2:{port}/a.jpg",
    "this machine by name": "http://localhost:{port}/a.jpg",
    "IPv6": "http://[::1]:{port}/a.jpg",
    "IPv4 in IPv6": "http://[::ffff:127.0.0.1]:{port}/a.jpg",
    "one number": "http://2130706433:{port}/a.jpg",
    "octal": "http://0177.0.0.1:{port}/a.jpg",
    "short": "http://127.1:{port}/a.jpg",
    "nothing": "http://0.0.0.0:{port}/a.jpg",
    "with a name before it": "http://api.weixin.qq.com@127.0.0.1:{port}/a.jpg",
    "the cloud's own": "http://169.254.169.254/latest/meta-data/",
    "a file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1:{port}/_x",
}


def test_the_listener_hears(listener):
    """The measure itself: whoever does connect is heard."""
    with socket.create_connection(("127.0.0.1", listener.port), timeout=5) as line:
        assert line.recv(1) == b""
    assert listener.heard == ["127.0.0.1"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_address_in_a_message_is_never_asked(name, client, sqlite_town, listener, platform: StandIn) -> None:
    """张兰's picture message names a place of the sender's choice: the picture still comes from the platform alone."""
    platform.says("/cgi-bin/media/get", s.with_headers(upload(street(), "JPEG"), Content_Type="image/jpeg"))
    platform.says("/cgi-bin/user/info", {"subscribe": 1, "openid": "o", "unionid": ""})
    platform.says("/wxa/media_check_async", {"errcode": 0, "errmsg": "ok", "trace_id": "trace-1"})
    wechat = sqlite_town.settings.wechat.model_copy(update={"api": platform.url})
    context = make_context(sqlite_town.settings.model_copy(update={"wechat": wechat}))
    zhanglan = phone(client, "zhanglan")
    zhanglan.send("image", PicUrl=ADDRESSES[name].format(port=listener.port), MediaId="media-1", Url="http://127.0.0.1")
    with database_open():
        for _ in range(5):
            round_of_work(context)
        assert Photo.select().count() == 1

    assert [asked.query["media_id"] for asked in platform.calls("/cgi-bin/media/get")] == ["media-1"]
    assert listener.heard == []


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_of_the_platform_is_not_followed(code: int, platform: StandIn, mini: Wechat, listener) -> None:
    to = f"http://127.0.0.1:{listener.port}/elsewhere"
    platform.says("/cgi-bin/media/get", lambda handler: s.give(handler, b"", code, Location=to))
    with pytest.raises(GatewayError) as caught:
        mini.download_media("media-of-somebody", 1000)

    assert caught.value.reason == "redirected"
    assert listener.heard == []


def test_a_video_elsewhere_is_left_there(platform: StandIn, mini: Wechat, listener) -> None:
    platform.says("/cgi-bin/media/get", {"video_url": f"http://127.0.0.1:{listener.port}/film.mp4"})
    with pytest.raises(GatewayError) as caught:
        mini.download_media("media-of-somebody", 1000)

    assert (caught.value.reason, caught.value.outcome) == ("media_elsewhere", Outcome.PERMANENT)
    assert listener.heard == []


MEDIA = ["http://127.0.0.1:{port}/x", "//127.0.0.1:{port}/x", "../../x?a=b#c", "a&access_token=b"]


@pytest.mark.parametrize("media", MEDIA)
def test_a_media_id_is_a_value_and_no_address(media: str, platform: StandIn, mini: Wechat, listener) -> None:
    media = media.format(port=listener.port)
    platform.says("/cgi-bin/media/get", s.with_headers(b"bytes", Content_Type="image/jpeg"))
    mini.download_media(media, 1000)

    [asked] = platform.calls("/cgi-bin/media/get")
    assert (asked.query["media_id"], asked.query["access_token"]) == (media, "token-1")
    assert listener.heard == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_not_asked(name, platform: StandIn, mini: Wechat, listener, monkeypatch) -> None:
    monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    monkeypatch.setenv("NO_PROXY", "")
    platform.says("/cgi-bin/media/get", s.with_headers(b"bytes", Content_Type="image/jpeg"))

    assert mini.download_media("media-of-somebody", 1000).data == b"bytes"
    assert listener.heard == []


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_one_socket_goes_nowhere_else(name, platform: StandIn, listener) -> None:
    session = GuardedSession(platform.url, connect_timeout=1, read_timeout=1)
    with pytest.raises(GatewayError) as caught:
        session.get(ADDRESSES[name].format(port=listener.port))

    assert (caught.value.reason, platform.asked, listener.heard) == ("host_refused", [], [])
    assert urlsplit(platform.url).port != listener.port
