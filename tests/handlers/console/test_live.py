"""The stream of an open page: it tells what changed in one's communities, and gives its place back."""

import time
import urllib.parse
import urllib.request

from tests.handlers.console.conftest import token_in
from tests.handlers.console.street import Street, WebDesk


def events(desk: WebDesk, after: int = 0):
    """The events of a person's stream after an id, as (kind, key)."""
    request = urllib.request.Request(f"{desk.address}/console/live", headers={"Last-Event-ID": str(after)})
    with desk.opener.open(request, timeout=20) as stream:
        kind = ""
        for line in stream:
            name, _, value = line.decode().strip().partition(": ")
            kind = value if name == "event" else kind
            if name == "data":
                yield kind, value


def test_a_stranger_has_no_stream(desk):
    assert desk().get("/live").status_code == 302


def test_when_all_places_are_taken_the_page_is_told_when_to_come_back(desk, hall):
    browser, open_ones = desk("chenjing"), []
    for _ in range(hall.settings.server.event_streams):
        open_ones.append(browser.get("/live"))
    full = browser.get("/live")
    assert (full.status_code, full.headers["Retry-After"]) == (503, "10")
    open_ones.pop().close()
    again = browser.get("/live")
    assert again.status_code == 200
    for answer in (again, *open_ones):
        answer.close()


def test_each_admin_hears_of_the_own_community_only(street: Street):
    street.say("zhanglan", "3号楼门口路灯不亮")
    street.say("masuhua", "7号楼门口垃圾没人清")
    heard = {key: events(street.signed_in(key)) for key in ("chenjing", "hefang")}
    first = {key: next(stream) for key, stream in heard.items()}
    for stream in heard.values():
        stream.close()
    # Both asked from the very beginning: without the border between them the first event would be the same.
    assert first["chenjing"] != first["hefang"]


def signed_in_anew(street: Street, person: str) -> tuple[WebDesk, str]:
    """A browser with a session of its own, and its form token."""
    desk = street.signed_in(person)
    return desk, token_in(desk.text("/"))


def stream_of(desk: WebDesk):
    """The stream, once it has begun."""
    stream = desk.opener.open(f"{desk.address}/console/live", timeout=20)
    assert stream.readline() == b"retry: 3000\n"
    return stream


def test_after_signing_out_nobody_listens_on(street: Street):
    """Another tab signs out: the stream of this one ends by itself, with the next heartbeat at the latest."""
    desk, token = signed_in_anew(street, "chenjing")
    stream = stream_of(desk)
    body = urllib.parse.urlencode({"form_token": token}).encode()
    desk.opener.open(urllib.request.Request(f"{desk.address}/console/signout", data=body), timeout=20)
    begun = time.monotonic()
    rest = stream.read()
    assert (time.monotonic() - begun < 15, b"event:" in rest) == (True, False)


def test_a_stream_outlives_the_heartbeats_of_a_session_that_goes_on(street: Street):
    """The other side of the test above: the stream of somebody who stays is not ended."""
    desk, _ = signed_in_anew(street, "chenjing")
    stream = stream_of(desk)
    heartbeats = 0
    while heartbeats < 2:
        line = stream.readline()
        assert line
        heartbeats += line.startswith(b":")
    stream.close()
