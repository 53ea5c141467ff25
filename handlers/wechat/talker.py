"""Who is talking in the chat: the identity, the person, and what the handlers need to know of both."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from peewee import Expression

from app.rules import conversation, judgement, question, question_words, reception, session, veil
from app.rules.actor import Actor
from app.rules.judgement_words import WHERE_BAD
from models.case import Case
from models.conversation import Conversation, Line
from models.person import Identity
from models.place import Place
from models.question import Question

#: For so long a question of the bot after a judgement waits for its answer.
ANSWER_WITHIN = timedelta(hours=24)


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

    def asked_why(self) -> Case | None:
        """The case of which the bot has just asked what was not good: the last thing it said, within a day."""
        return self._why

    @cached_property
    def _why(self) -> Case | None:
        own = Case.select().where(self._own(), Case.state == "closed", Case.satisfaction == "dissatisfied")
        for case in own.where(Case.closed_at > self.moment - ANSWER_WITHIN).order_by(Case.closed_at.desc()).limit(3):
            row = judgement.last_of(case)
            if row is not None and judgement.lacks_reason(case, row) and self._said_last(case, WHERE_BAD):
                return case
        return None

    def _said_last(self, case: Case, words: str) -> bool:
        """Whether the last line of the bot to whoever reported a case holds these words, within a day."""
        lines = Line.select(Line.text, Line.at).join(Conversation).where(
            Conversation.person == case.reporter, Conversation.community == case.community, Line.author == "bot"
        )  # fmt: skip
        last = lines.order_by(Line.id.desc()).first()
        return last is not None and words in last.text and last.at > self.moment - ANSWER_WITHIN

    def question(self) -> Question | None:
        """The one question that plain words can answer; none when several wait."""
        return self._questions[0] if len(self._questions) == 1 else None

    @cached_property
    def _questions(self) -> list[Question]:
        return question.waiting_for(self.actor)

    def asked_after_judging(self) -> bool:
        """Whether the one question was asked after all that waits for a judgement was called done."""
        row, waiting = self.question(), self.cases_to_judge()
        return row is not None and all(case.handled_at is None or case.handled_at < row.created_at for case in waiting)

    def shows_for_question(self) -> bool:
        """Whether a picture sent now belongs to a question: one that waits, or one answered a moment ago."""
        return self.question() is not None or question.answered_lately(self.actor, self.moment) is not None

    def question_of(self, number: int | None) -> Question | None:
        """The question that waits on the own case of that number, also on an anonymous one."""
        case = self.own_case(number)
        return question.open_of(case) if case is not None and case.state in question.IN_WORK else None

    def asked_whether(self) -> Question | None:
        """The question of which the bot has just asked whether the words before were its answer."""
        row = self.question()
        return row if row is not None and self._said_last(row.case, question_words.is_it(row)) else None

    def cases_to_judge(self) -> list[Case]:
        """The handled cases of this person that wait for a judgement, the newest first."""
        own = Case.select().where(self._own(), Case.state == "handled")
        return list(own.order_by(Case.handled_at.desc(), Case.id.desc()))

    def cases_to_reopen(self) -> list[Case]:
        """What "没解决" may be about: the cases that wait for a judgement, else the newest one, if that is closed."""
        newest = Case.select().where(self._own()).order_by(Case.id.desc()).first()
        closed = newest is not None and newest.state in ("closed", "closed_no_feedback")
        return self.cases_to_judge() or ([newest] if closed else [])
