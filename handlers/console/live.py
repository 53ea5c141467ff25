"""What changes while a page is open: server-sent events of the communities this person works in.

The page gets the kind and the public key of what changed, and asks again for what it shows.
"""

from collections.abc import Iterable, Iterator

from flask import Response, request

from app.context import here
from app.guard import actor, at_desk
from handlers.console import scope

RETRY = "retry: 3000\n\n"


@at_desk("desk.read")
def stream() -> Response:
    """The stream; 503 with Retry-After when this process has no place for another."""
    hub = here().hub
    seen = request.headers.get("Last-Event-ID", "")
    places = frozenset(place.id for place in scope.communities(actor(), "desk.read"))
    if not hub.enter():
        return Response(status=503, headers={"Retry-After": "10"})
    after = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 16 else None
    response = Response(_begun(hub.listen(places, after)), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    # Not in the generator's finally: one that was never begun would not give its place back.
    response.call_on_close(hub.leave)
    return response


def _begun(events: Iterable[str]) -> Iterator[str]:
    yield RETRY
    yield from events
