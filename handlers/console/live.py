"""What changes while a page is open: server-sent events of the communities this person works in.

The page gets the kind and the public key of what changed, and asks again for what it shows. A stream ends with the
session it was opened by, and when the person's communities have changed; the page then comes again, or is led out.

Nothing is told of a complaint about the listener: no event of such a case or of its letters, and none of a conversation
in which something was said of one up to a week before. A picture may come days after its line, and then tells of the
conversation again; so all of that time's events are left out, also those of other lines: these stand on the page when
it is loaded again.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import peewee
from flask import Response, g, request

from app.context import database_open, here
from app.guard import actor, at_desk
from app.rules import rights
from app.rules.actor import Actor, actor_of
from handlers.console import letter, scope
from models.base import now
from models.case import Case
from models.conversation import Conversation, Line
from models.event import Event
from models.letter import Letter
from models.session import Session

RETRY = "retry: 3000\n\n"
#: For how long after a line its conversation may be told of because of it: pictures are fetched for three days.
QUIET = timedelta(days=7)


@at_desk("desk.read")
def stream() -> Response:
    """The stream; 503 with Retry-After when this process has no place for another."""
    hub = here().hub
    seen = request.headers.get("Last-Event-ID", "")
    places = frozenset(place.id for place in scope.communities(actor(), "desk.read"))
    if not hub.enter():
        return Response(status=503, headers={"Retry-After": "10"})
    after = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 16 else None
    events = hub.listen(places, after, _hears(g.session))
    response = Response(_begun(events, _watch(g.session, places)), mimetype="text/event-stream")
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


def _hears(session: Session) -> Callable[[list[Event]], list[Event]]:
    """Leaves out the events of complaints about whoever listens, as this person's parts are by then."""

    def hears(events: list[Event]) -> list[Event]:
        with database_open():
            who = actor_of(session.person)
            found = Event.select(Event.id).where(Event.id.in_([event.id for event in events]))
            told = {event.id for event in found.where(_of_no_complaint(who, min(event.at for event in events)))}
        return [event for event in events if event.id in told]

    return hears


def _of_no_complaint(who: Actor, moment: datetime) -> peewee.Expression:
    """The condition on Event that it tells nothing of a complaint about this person; for events since a moment."""
    complaint = ~rights.not_about(who)
    cases = Case.select(Case.key).where(complaint)
    letters = Letter.select(Letter.key).join(Case, peewee.JOIN.LEFT_OUTER).where(~letter.not_about(who))
    talks = Conversation.select(Conversation.key).join(Line).join(Case).where(complaint, Line.at > moment - QUIET)
    return Event.subject.not_in(cases) & Event.subject.not_in(letters) & Event.subject.not_in(talks)


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
