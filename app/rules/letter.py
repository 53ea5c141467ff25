"""Letters: every push that is owed is a row, written in the transaction of the deed that owes it.

Flow: `owe` plans the channels for one person and writes the first letter; app/jobs/deliver claims it, sends it and
settles it with `move`; when it did not arrive, `fall_back` writes the letter for the next channel, then person. What
the platform took and later says it could not hand over comes back through `bounced`.
"""

from datetime import datetime, timedelta
from typing import Any

from app.rules import audit, veil
from models.base import now
from models.case import Case
from models.conversation import Conversation, Line
from models.letter import Letter
from models.lifecycle import LETTER, find
from models.person import Identity, Person
from models.place import Place

#: By which ways a letter of a kind may go, the best first: (the kind it becomes, channel).
WAYS = {
    "case_assigned": (("case_assigned", "subscribe"), ("case_assigned", "template"), ("case_assigned", "chat")),
    "case_reminder": (("case_reminder", "subscribe"), ("case_reminder", "template"), ("case_reminder", "chat")),
    "case_progress": (("case_progress", "chat"), ("case_progress", "subscribe"), ("case_progress", "template")),
    "judge_please": (("judge_please", "chat"), ("judge_please", "subscribe"), ("judge_please", "template")),
    "answer": (("answer", "chat"), ("answer_waiting", "subscribe"), ("answer_waiting", "template")),
    "reply": (("reply", "chat"),),
    "alert": (("alert", "chat"),),
    "notice": (("notice", "chat"),),
}
#: The kind of account that each channel needs; None: either.
ACCOUNT_OF = {"subscribe": "miniprogram", "template": "official", "chat": None}
#: Kinds whose repetition does no harm: with an unknown outcome they are sent again, a task twice is better than none.
HARMLESS_TWICE = frozenset({"case_assigned", "case_reminder"})
#: After so long a letter is no use any more.
LIFETIME = {
    "case_assigned": timedelta(hours=24), "case_reminder": timedelta(hours=12), "case_progress": timedelta(days=2),
    "judge_please": timedelta(days=3), "answer": timedelta(days=3), "answer_waiting": timedelta(days=3),
    "reply": timedelta(hours=1), "alert": timedelta(days=1), "notice": timedelta(days=2),
}  # fmt: skip


def ways_to(kind: str, identities: list[Identity], last: int | None = None) -> list[list]:
    """The ways to a person as [kind, channel, identity id], best first. `last`: the identity spoken from last."""
    ordered = sorted(identities, key=lambda identity: (identity.id != last, -identity.id))
    return [
        [becomes, channel, identity.id]
        for becomes, channel in WAYS[kind]
        for identity in ordered
        if ACCOUNT_OF[channel] in (None, identity.kind) and (identity.followed or identity.kind != "official")
    ]


def owe(
    *,
    kind: str,
    person: Person,
    community: Place,
    event: str,
    content: dict,
    case: Case | None = None,
    line: Line | None = None,
    urgent: bool = False,
    next_persons: tuple[Person, ...] = (),
    identity: Identity | None = None,
) -> None:
    """Owe a person a letter of a kind. `event` names what it is about: the same event owes the same person once.

    `content` holds our field names (number, what, place, state, due, at, who, hint, text, and the public key) with
    plain values, moments as ISO 8601 UTC. `identity` pins the way back for a reply. With no way to anybody the letter
    is written as failed, so that the desk sees it.
    """
    last = None
    if identity is None and WAYS[kind][0][1] == "chat":
        conversation = Conversation.get_or_none(Conversation.community == community, Conversation.person == person)
        last = conversation.identity_id if conversation else None
    identities = [identity] if identity else veil.identities_of(person)
    _write(
        ways_to(kind, identities, last),
        dict(
            kind=kind, event=event, person=person.id, community=community, case=case, line=line, urgent=urgent,
            content=content, next_persons=[someone.id for someone in next_persons],
        ),
    )  # fmt: skip


def _write(ways: list[list], values: dict, follows: Letter | None = None) -> None:
    """Write the letter for the first way; the rest of the plan goes with it. Nothing happens when it exists already."""
    while not ways and values["next_persons"]:
        following, *rest = values["next_persons"]
        identities = list(Identity.select().where(Identity.person == following))
        ways = ways_to(values["kind"], identities)
        values = {**values, "person": following, "next_persons": rest}
    moment = now()
    state: dict[str, Any]
    if ways:
        (kind, channel, identity), rest = ways[0], ways[1:]
        state = {"state": "owed"}
    else:
        kind, channel, identity, rest = values["kind"], "none", None, []
        state = {"state": "failed", "outcome": "no_way", "ended_at": moment}
    Letter.insert(
        **{**values, "kind": kind}, **state, channel=channel, identity=identity, next_channels=rest, follows=follows,
        event_key=f"{values['event']}:{values['person']}:{kind}:{channel}:{identity or 0}",
        run_at=moment, expires_at=moment + LIFETIME[kind],
    ).on_conflict_ignore().execute()  # fmt: skip


def fall_back(letter: Letter) -> bool:
    """After a letter that did not arrive: the next channel, then the next person. False when nothing is left."""
    if not letter.next_channels and not letter.next_persons:
        return False
    values = dict(
        kind=letter.kind, event=letter.event, person=letter.person_id, community=letter.community_id,
        case=letter.case_id, line=letter.line_id, urgent=letter.urgent, content=letter.content,
        next_persons=letter.next_persons,
    )  # fmt: skip
    _write(letter.next_channels, values, letter)
    return True


def move(letter: Letter, verb: str, who: str, **values) -> bool:
    """One guarded change of a letter's state by the table LETTER. False when somebody else moved it first."""
    step = find(LETTER, letter.state, verb)
    if step is None or who not in step.who:
        return False
    condition = (Letter.id == letter.id) & (Letter.state == letter.state)
    if letter.fence is not None:
        condition &= Letter.fence == letter.fence
    return bool(Letter.update(state=step.target, **values).where(condition).execute())


def bounced(identity: Identity, channel: str, platform_id: str, outcome: str, code: int | None = None) -> bool:
    """The platform took a push and now says that this identity did not get it: the next way is tried, the desk sees it.

    `outcome` is a slug for the reason, `code` the platform's number. The report may overtake our own note that the
    letter is sent: then it is about the one letter that is being sent there. False when no letter moved: the id is
    unknown, or this was said before.
    """
    found, verb = Letter.get_or_none(Letter.identity == identity, Letter.platform_id == platform_id), "bounce"
    if found is None:
        found, verb = _being_sent(identity, channel), "refuse"
    said = {"outcome": outcome, "outcome_code": code, "platform_id": platform_id, "fence": None, "ended_at": now()}
    if found is None or not move(found, verb, "system", **said):
        return False
    fall_back(found)
    audit.tell_screens(found.community, "letter", found.key)
    return True


def _being_sent(identity: Identity, channel: str) -> Letter | None:
    """The letter that is on its way there, when it is the only one; two cannot be told apart."""
    where = (Letter.identity == identity) & (Letter.channel == channel) & (Letter.state == "sending")
    found = list(Letter.select().where(where).limit(2))
    return found[0] if len(found) == 1 else None


def resend(letter: Letter, who: str = "community_admin", moment: datetime | None = None) -> bool:
    """Put an ended letter back on the way, with a fresh lifetime."""
    if not letter.content:
        return False  # what it said was deleted when its time was up, or with the person
    moment = moment or now()
    verb = "resend" if who == "community_admin" else "revive"
    return move(
        letter, verb, who, run_at=moment, attempts=0, fence=None, ended_at=None, outcome="", outcome_code=None,
        expires_at=moment + LIFETIME[letter.kind],
    )  # fmt: skip
