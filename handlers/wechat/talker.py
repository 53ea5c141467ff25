"""Who is talking in the chat: the identity, the person, and what the handlers need to know of both."""

from dataclasses import dataclass
from datetime import datetime

from peewee import Expression

from app.rules import conversation, reception, session, veil
from app.rules.actor import Actor
from models.case import Case
from models.conversation import Conversation
from models.person import Identity
from models.place import Place


@dataclass
class Talker:
    """The one who sent the message. `account` is the name of ours it was sent to; `default` its reception community."""

    identity: Identity
    actor: Actor
    account: str
    kind: str
    default: str
    moment: datetime
    #: Which kind of letter each of the account's template ids is for.
    kinds: dict[str, str]

    #: Where this message was said, once that is known; the bot answers there.
    spoke_in: Conversation | None = None

    def conversation(self, text: str = "", point: tuple[float, float] | None = None) -> Conversation:
        """The conversation in which this message belongs (see app.rules.reception), found once a message."""
        if self.spoke_in is None:
            self.spoke_in = reception.conversation_for(
                self.identity, self.actor, default=self.default, text=text, point=point
            )
        return self.spoke_in

    def answered_by(self) -> Place:
        """The community in whose name the bot answers: where it was said, where the person works, else any."""
        if self.spoke_in is not None:
            return self.spoke_in.community
        works = [role.place for role in self.actor.roles if role.place.kind == "community"]
        return works[0] if works else Place.get(Place.kind == "community", Place.active)

    def owes_number(self) -> bool:
        return session.pending_signin(self.actor.person)

    def about(self, case: Case) -> Conversation:
        """The conversation of this person with the community of a case: what is said about it belongs there."""
        speaker = self.actor.facing(case).person
        identity = self.identity if speaker == self.actor.person else None
        self.spoke_in = conversation.open_with(speaker, case.community, identity)
        return self.spoke_in

    def veiled(self, text: str) -> Case | None:
        """The own anonymous case that the words name by its number; what is said of it is never said by name."""
        return veil.named_in(text, self.actor)

    def _own(self) -> Expression:
        return Case.reporter.in_(list(self.actor.selves))

    def own_case(self, number: int | None) -> Case | None:
        """The own report of that number; where two communities have the same one, that which waits for a judgement."""
        own = Case.select().where(self._own(), Case.number == number).order_by(Case.id.desc())
        rows = list(own) if number is not None else []
        return next((case for case in rows if case.state == "handled"), rows[0] if rows else None)

    def cases_to_judge(self) -> list[Case]:
        """The handled cases of this person that wait for a judgement, the newest first."""
        own = Case.select().where(self._own(), Case.state == "handled")
        return list(own.order_by(Case.handled_at.desc(), Case.id.desc()))

    def cases_to_reopen(self) -> list[Case]:
        """What "没解决" may be about: the cases that wait for a judgement, else the newest one, if that is closed."""
        newest = Case.select().where(self._own()).order_by(Case.id.desc()).first()
        closed = newest is not None and newest.state in ("closed", "closed_no_feedback")
        return self.cases_to_judge() or ([newest] if closed else [])
