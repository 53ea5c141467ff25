"""Who is talking in the chat: the identity, the person, and what the handlers need to know of both."""

from dataclasses import dataclass
from datetime import datetime

from app.rules import reception, session
from app.rules.actor import Actor
from models.case import Case
from models.conversation import Conversation
from models.person import Identity


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
            self.spoke_in = reception.conversation_for(self.identity, default=self.default, text=text, point=point)
        return self.spoke_in

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
