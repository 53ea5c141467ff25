"""What changes while a page is open: server-sent events of the communities this person works in.

The page gets the kind and the public key of what changed, and asks again for what it shows. A stream ends with the
session it was opened by, and when the person's communities have changed; the page then comes again, or is led out.
"""

from collections.abc import Callable, Iterable, Iterator

from flask import Response, g, request

from app.context import database_open, here
from app.guard import actor, at_desk
from app.rules.actor import actor_of
from handlers.console import scope
from models.base import now
from models.session import Session

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
    response = Response(_begun(hub.listen(places, after), _watch(g.session, places)), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    # Not in the generator's finally: one that was never begun would not give its place back.
    response.call_on_close(hub.leave)
    return response


def _begun(events: Iterable[str], goes_on: Callable[[], bool]) -> Iterator[str]:
    yield RETRY
    for frame in events:
        if not goes_on():
            return
        yield frame


def _watch(session: Session, places: frozenset[int]) -> Callable[[], bool]:
    """Asks whether a stream may go on, with every event and every heartbeat: nobody listens on after signing out."""

    def goes_on() -> bool:
        with database_open():
            live = (Session.id == session.id) & Session.ended_at.is_null() & (Session.expires_at > now())
            if not Session.select().where(live).exists():
                return False
            still = scope.communities(actor_of(session.person), "desk.read")
            return places == frozenset(place.id for place in still)

    return goes_on
