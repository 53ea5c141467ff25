"""The talk between a resident and the community: lines in, answers out, and what the bot says between."""

from datetime import datetime

from app.rules import audit, letter, rights, wording
from app.rules import case as cases
from app.rules.actor import Actor
from app.rules.refusal import Refusal
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.conversation import Conversation, Draft, Line
from models.letter import Letter
from models.lifecycle import CASE_OPEN
from models.person import Identity, Person, Veil
from models.place import Place

TEXT_LIMIT = 2000


def open_with(person: Person, community: Place, identity: Identity | None = None) -> Conversation:
    """The one conversation of a person with a community, made on first use."""
    between = (Conversation.person == person) & (Conversation.community == community)
    found = Conversation.get_or_none(between)
    if found is None:
        Conversation.insert(person=person, community=community, identity=identity).on_conflict_ignore().execute()
        found = Conversation.get(between)
    found.person, found.community = person, community
    if identity is not None and found.identity_id != identity.id:
        Conversation.update(identity=identity).where(Conversation.id == found.id).execute()
        found.identity = identity
    return found


def hear(
    conversation: Conversation,
    *,
    kind: str = "text",
    text: str = "",
    case: Case | None = None,
    draft: Draft | None = None,
    point: tuple[float, float] | None = None,
    shows: str = "",
    wants_answer: bool = False,
    moment: datetime | None = None,
) -> Line:
    """Keep what the person said. `wants_answer` puts the conversation into the inbox until a human has answered."""
    moment = moment or now()
    line = Line.create(
        conversation=conversation, author="resident", speaker=conversation.person_id, kind=kind,
        text=clean(text, TEXT_LIMIT), case=case, draft=draft, lat=point[0] if point else None,
        lng=point[1] if point else None, shows=shows, at=moment,
    )  # fmt: skip
    waiting = {"waiting_since": conversation.waiting_since or moment} if wants_answer else {}
    Conversation.update(last_at=moment, **waiting).where(Conversation.id == conversation.id).execute()
    audit.tell_screens(conversation.community, "conversation", conversation.key)
    return line


def heard_at(conversation: Conversation, moment: datetime) -> Line | None:
    """The line the person said at that very moment; None when what was said then was not kept."""
    said = (Line.conversation == conversation) & (Line.author == "resident") & (Line.at == moment)
    return Line.select().where(said).order_by(Line.id.desc()).first()


def say(conversation: Conversation, text: str, *, case: Case | None = None, to: Line | None = None) -> Line:
    """Keep what the bot said, `to` a line or of a case. Auto-answers stop no clock (domain §3.8).

    The answer to a line belongs to the line's case or draft: whoever may not read the one does not read the other.
    """
    about = case or (to.case_id if to else None)
    draft = to.draft_id if to else None
    return Line.create(conversation=conversation, author="bot", text=text, case=about, draft=draft)


def answer(conversation: Conversation, *, actor: Actor, text: str, case: Case | None = None) -> Line:
    """A human answers for the community: kept as a line, owed as a letter, counted as first contact.

    `text` is 1 to 2,000 characters. Raises Refusal `text_missing`, and NotFound or Forbidden for a case about which the
    actor may not answer, such as one that complains about the actor.
    """
    # An alias has the one case it was put on for, and its reporter must learn by which number to answer.
    case = case or Case.get_or_none(Case.reporter == conversation.person, Case.anonymous)
    if case is not None:
        rights.need(actor, "conversation.answer", case=case)
    text = clean(text, TEXT_LIMIT).strip()
    if not text:
        raise Refusal("text_missing", "请写点什么再发送。", {"text": "必填"})
    line = Line.create(
        conversation=conversation, author="community", speaker=actor.person, text=text, case=case,
        speaker_role=actor.role_in(conversation.community),
    )  # fmt: skip
    Conversation.update(waiting_since=None, last_at=now()).where(Conversation.id == conversation.id).execute()
    if case is not None:
        cases.note_contact(case, actor=actor)
    letter.owe(
        kind="answer", person=conversation.person, community=conversation.community, case=case, line=line,
        event=f"line:{line.id}",
        content={
            "number": f"#{case.number}" if case else "", "who": "社区", "at": line.at.isoformat(),
            "what": "社区答复了您", "hint": "点开查看答复", "key": conversation.key,
            "text": wording.answer(text, case),
        },
    )  # fmt: skip
    audit.note("conversation.answer", actor=actor, community=conversation.community, subject=conversation.key)
    audit.tell_screens(conversation.community, "conversation", conversation.key)
    return line


def revive_answers(person: Person) -> int:
    """The person spoke again: answers that could not be delivered go out now, also to an alias. Returns how many."""
    worn = Veil.select(Veil.alias).where(Veil.person == person)
    held = Letter.select().where(
        (Letter.person == person) | Letter.person.in_(worn),
        Letter.kind == "answer",
        Letter.state.in_(("refused", "failed")),
        Letter.channel == "chat",
    )
    return sum(letter.resend(row, who="system") for row in held.order_by(Letter.id).limit(5))


def newest_case(person: Person, community: Place, since: datetime | None = None) -> Case | None:
    """The newest case a person reported and that is not over, optionally only since a moment."""
    query = Case.select(Case.id, Case.key, Case.number).where(
        Case.reporter == person,
        Case.community == community,
        Case.state.in_(CASE_OPEN),
    )
    if since is not None:
        query = query.where(Case.created_at >= since)
    return query.order_by(Case.id.desc()).first()
