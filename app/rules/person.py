"""Persons as WeChat tells of them: one person may reach us through several accounts, linked by unionid."""

from datetime import datetime, timedelta

import peewee

from app.rules import audit, veil
from app.rules.actor import Actor
from app.rules.refusal import Refusal
from models.base import now
from models.case import Case, Photo
from models.consent import Consent
from models.conversation import Conversation, Draft, Line
from models.delegation import Delegation
from models.follow import Follow
from models.letter import Letter, Subscription
from models.person import Identity, Person, Residence, Veil
from models.personal import DataRequest
from models.role import Role
from models.session import Session
from models.task import Task
from models.voice import Voice

#: What goes over to the known person when two turn out to be one. History (steps, audit) stays as it was written.
THEIRS = (
    Case.reporter, Case.handler, Case.about, Line.speaker, Photo.uploader, Letter.person, Residence.person,
    Role.person, Session.person, Consent.person, Delegation.principal, Delegation.agent,
    DataRequest.person, Veil.person, Voice.uploader,
)  # fmt: skip
#: The customer-service window after a person spoke, and the messages it holds (contract D).
WINDOW = timedelta(hours=48)
WINDOW_MESSAGES = 5


def meet(*, account: str, kind: str, openid: str, unionid: str | None = None) -> Identity:
    """The identity behind an openid, with its person; made on first sight.

    A unionid joins it to the person known by it.

    The chat does not tell the unionid, so for a new identity a task is owed that asks the platform for it.
    """
    identity = _behind(account, openid).first()
    if identity is None:
        person = _person(unionid)
        Identity.insert(person=person, account=account, kind=kind, openid=openid).on_conflict_ignore().execute()
        identity = _behind(account, openid).get()
        if unionid is None and identity.person_id != person.id:
            # Somebody's first two messages came at once, and the other one made the identity.
            Person.delete_by_id(person.id)
        if unionid is None and kind == "official":
            asked = {"key": f"introduce:{identity.id}", "kind": "introduce", "payload": {"identity": identity.id}}
            Task.insert(**asked).on_conflict_ignore().execute()
        return identity
    if unionid and identity.person.unionid is None:
        introduce(identity, unionid)
        return _behind(account, openid).get()
    return identity


def known(account: str, openid: str) -> Identity | None:
    """The identity behind an openid if there is one: nobody is made."""
    return _behind(account, openid).first()


def _person(unionid: str | None) -> Person:
    """The person known by a unionid, or somebody new. Two logins at the same moment agree on one."""
    if unionid is None:
        return Person.create()
    Person.insert(unionid=unionid).on_conflict_ignore().execute()
    return Person.get(Person.unionid == unionid)


def _behind(account: str, openid: str) -> peewee.ModelSelect:
    return (
        Identity.select(Identity, Person).join(Person).where(Identity.account == account, Identity.openid == openid)
    )


def introduce(identity: Identity, unionid: str) -> None:
    """The platform says who an identity is: either nobody we know yet, or a person known from another account.

    In the second case they become one person: what the newcomer said and reported is that person's.
    """
    newcomer, known = identity.person, Person.get_or_none(Person.unionid == unionid)
    if known is None:
        Person.update(unionid=unionid).where(Person.id == newcomer.id, Person.unionid.is_null()).execute()
        return
    if known.id == newcomer.id:
        return
    _join(newcomer, known)


def _join(gone: Person, stays: Person) -> None:
    """Two people turn out to be one: everything of the one becomes the other's."""
    Identity.update(person=stays).where(Identity.person == gone).execute()
    for mine in Conversation.select().where(Conversation.person == gone):
        _join_conversation(mine, stays)
    # What both follow is followed once, and nobody follows the own report.
    both = Follow.select(Follow.case).where(Follow.person == stays)
    Follow.delete().where(Follow.person == gone, Follow.case.in_(both)).execute()
    Follow.update(person=stays).where(Follow.person == gone).execute()
    for field in THEIRS:
        field.model.update({field: stays}).where(field == gone).execute()
    own = Case.select(Case.id).where(Case.reporter == stays)
    Follow.delete().where(Follow.person == stays, Follow.case.in_(own)).execute()
    Person.update(age_group=gone.age_group).where(Person.id == stays.id, Person.age_group == "").execute()
    Person.update(name=gone.name).where(Person.id == stays.id, Person.name == "").execute()
    Person.update(phone=gone.phone).where(Person.id == stays.id, Person.phone.is_null()).execute()
    # Nobody looks at this row again, so what it said would outlive the person's wish to be forgotten.
    Person.update(name="", phone=None, age_group="").where(Person.id == gone.id).execute()
    audit.note("person.join", actor=None, community=None, subject=stays.key, newcomer=gone.key)


def _join_conversation(mine: Conversation, known: Person) -> None:
    """A conversation of the newcomer becomes the known person's; where there is one already, its lines move over."""
    there = Conversation.get_or_none(Conversation.community == mine.community, Conversation.person == known)
    if there is None:
        Conversation.update(person=known).where(Conversation.id == mine.id).execute()
        return
    Line.update(conversation=there).where(Line.conversation == mine).execute()
    Draft.update(conversation=there).where(Draft.conversation == mine).execute()
    Conversation.update(
        waiting_since=there.waiting_since or mine.waiting_since, last_at=max(there.last_at, mine.last_at),
        identity=mine.identity,
    ).where(Conversation.id == there.id).execute()  # fmt: skip
    Conversation.delete().where(Conversation.id == mine.id).execute()


def heard_from(identity: Identity, moment: datetime) -> None:
    """The person spoke: the customer-service window starts anew at its full budget."""
    Identity.update(
        window_until=moment + WINDOW, replies_left=WINDOW_MESSAGES, seen_at=moment, followed=True
    ).where(Identity.id == identity.id).execute()  # fmt: skip


def opened_window(identity: Identity, moment: datetime, *, messages: int, seconds: int) -> None:
    """A smaller window, as after following, scanning or entering the chat; it never shortens a larger one."""
    larger = identity.window_until and identity.window_until > moment + timedelta(seconds=seconds)
    if larger and identity.replies_left > 0:
        return
    Identity.update(window_until=moment + timedelta(seconds=seconds), replies_left=messages, followed=True).where(
        Identity.id == identity.id
    ).execute()


def follow(identity: Identity, follows: bool) -> None:
    """The person followed or left the official account; who left is not written to any more."""
    closed = {} if follows else {"window_until": None, "replies_left": 0}
    Identity.update(followed=follows, **closed).where(Identity.id == identity.id).execute()


def remember_subscription(identity: Identity, kind: str, accepted: bool) -> None:
    """An answer to a subscribe-message dialogue: +1 when accepted, remembered when refused."""
    Subscription.insert(identity=identity, kind=kind).on_conflict_ignore().execute()
    row = (Subscription.identity == identity) & (Subscription.kind == kind)
    change = {"remaining": Subscription.remaining + 1, "refused_at": None} if accepted else {"refused_at": now()}
    Subscription.update(**change, updated_at=now()).where(row).execute()


def set_phone(person: Person, phone: str, actor: Actor) -> None:
    """Keep the number the platform vouched for.

    Whoever stands under this number in a staff list, without an identity of WeChat yet, was this person all along.
    """
    Person.update(phone=phone).where(Person.id == person.id).execute()
    audit.note("person.phone", actor=actor, community=None, subject=person.key)
    reached = Identity.select(Identity.person)
    others = Person.select().where(Person.phone == phone, Person.id != person.id, Person.id.not_in(reached))
    for listed in list(others):
        _join(listed, person)


def rename(person: Person, name: str, actor: Actor) -> None:
    """How the person wants to be called: 1 to 32 characters. Raises Refusal `name_invalid`."""
    name = name.strip()
    if not 1 <= len(name) <= 32:
        raise Refusal("name_invalid", "称呼请用 1 到 32 个字。", {"name": "长度不对"})
    Person.update(name=name).where(Person.id == person.id).execute()
    audit.note("person.rename", actor=actor, community=None, subject=person.key)


def reach(conversation: Conversation, moment: datetime, already: int = 0) -> dict:
    """By which way an answer can reach the person right now, before it is sent.

    Letters that are owed in the chat will take their share of the window and do not count as left; `already` of them
    are the very answer that is meant. Returns {"way": "chat" | "subscribe" | "template" | "none", "left": messages
    left in the window or subscriptions}.
    """
    identities = veil.identities_of(conversation.person)
    for identity in sorted(identities, key=lambda one: (one.id != conversation.identity_id, -one.id)):
        if identity.window_until and identity.window_until > moment:
            owed = Letter.select().where(
                Letter.identity == identity, Letter.channel == "chat", Letter.state == "owed"
            ).count()  # fmt: skip
            left = identity.replies_left - max(owed - already, 0)
            if left > 0:
                return {"way": "chat", "left": left, "until": identity.window_until}
    minis = [identity.id for identity in identities if identity.kind == "miniprogram"]
    held = Subscription.select().where(
        Subscription.identity.in_(minis), Subscription.kind == "answer_waiting", Subscription.remaining > 0
    )
    row = held.first() if minis else None
    if row:
        return {"way": "subscribe", "left": row.remaining}
    if any(identity.kind == "official" and identity.followed for identity in identities):
        return {"way": "template", "left": 1}
    return {"way": "none", "left": 0}


def mini_identity(person: Person) -> Identity:
    """The identity by which a person uses the mini-program, the newest of several. Raises Refusal `login_again`."""
    found = (
        Identity.select()
        .where(Identity.person == person, Identity.kind == "miniprogram")
        .order_by(Identity.id.desc())
        .first()
    )
    if found is None:
        raise Refusal("login_again", "登录信息已变，请关闭小程序后重新打开。")
    return found
