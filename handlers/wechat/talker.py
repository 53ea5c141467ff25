"""Who is talking in the chat: the identity, the person, and what the handlers need to know of both."""

from dataclasses import dataclass
from datetime import datetime

from app.rules import reception, session
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

    def case_to_judge(self) -> Case | None:
        """The newest handled case of this person that waits for a judgement."""
        return (
            Case.select()
            .where(Case.reporter == self.actor.person, Case.state == "handled")
            .order_by(Case.handled_at.desc())
            .first()
        )

    def case_to_reopen(self) -> Case | None:
        """What "没解决" is about: the case that waits for a judgement, else the newest one, if that is closed."""
        newest = Case.select().where(Case.reporter == self.actor.person).order_by(Case.id.desc()).first()
        closed = newest is not None and newest.state in ("closed", "closed_no_feedback")
        return self.case_to_judge() or (newest if closed else None)
