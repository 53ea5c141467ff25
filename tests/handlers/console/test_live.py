"""The stream of an open page: it tells what changed in one's communities, and gives its place back."""

import urllib.request

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
