"""What the platform tells of somebody's authorisations: changed, taken back, account closed. We obey at once.

Codes of RevokeInfo: https://developers.weixin.qq.com/miniprogram/dev/server/event_push/platform/authorized_user_information_changes
and, from 201 on, https://developers.weixin.qq.com/doc/service/guide/h5/authorization_change.html; 301 is everything.
Number plates, invoices, microphone, steps and the like are never asked for by us, so nothing is kept of them.
"""

import re

from app.rules import audit, consent
from models.base import now
from models.case import Case
from models.conversation import Conversation, Draft, Line
from models.lifecycle import CASE_OPEN
from models.person import Person
from models.personal import Deletion
from models.role import Role, holds_at

#: What each code is about, in our own kinds.
CODES = {
    "6": "name", "19": "name", "20": "name", "205": "name",
    "8": "phone",
    "13": "location", "18": "location", "206": "location",
    "301": "name phone location",
}  # fmt: skip


def kinds_of(codes: str) -> list[str]:
    """The kinds of data that "8" or "8,13" is about, each once; codes of what we do not keep say nothing."""
    found = " ".join(CODES.get(code, "") for code in re.findall(r"[0-9]{1,4}", codes[:200])).split()
    return sorted(set(found))


def revoked(person: Person, codes: str) -> None:
    """Authorisations taken back in WeChat: the consents end and what they gave us is deleted."""
    kinds = kinds_of(codes)
    for kind in kinds:
        # Counted before the consent ends: that takes the number away as well, and the record would miss it.
        count = _DELETE[kind](person)
        if count:
            Deletion.create(kind=f"revoked.{kind}", count=count)
        if kind in consent.KINDS:
            consent.withdraw(person, kind, actor=None, channel="wechat")
    audit.note("person.revoke", actor=None, community=None, subject=person.key, about=person, kinds=kinds)


def modified(person: Person) -> None:
    """WeChat cleaned the person's profile because it was a risk: a name that may come from it goes."""
    count = _delete_name(person)
    if count:
        Deletion.create(kind="revoked.name", count=count)
    audit.note("person.modified", actor=None, community=None, subject=person.key, about=person)


def _delete_name(person: Person) -> int:
    """The name one gave oneself; that of somebody on duty is kept with the part (a statutory duty)."""
    if Role.select().where(Role.person == person, holds_at(now())).exists():
        return 0
    return Person.update(name="").where(Person.id == person.id, Person.name != "").execute()


def _delete_phone(person: Person) -> int:
    return Person.update(phone=None).where(Person.id == person.id, Person.phone.is_null(False)).execute()


def _delete_location(person: Person) -> int:
    """Exact places: of drafts, of lines and of cases that are over. What is still being handled keeps its place."""
    talks = Conversation.select(Conversation.id).where(Conversation.person == person)
    handled = Case.select(Case.id).where(Case.state.in_(CASE_OPEN))
    gone = {"lat": None, "lng": None}
    drafts = Draft.update(gone).where(Draft.conversation.in_(talks), Draft.lat.is_null(False))
    lines = Line.update(gone).where(
        Line.conversation.in_(talks), Line.lat.is_null(False), Line.case.is_null() | Line.case.not_in(handled)
    )
    cases = Case.update(gone).where(Case.reporter == person, Case.lat.is_null(False), Case.state.not_in(CASE_OPEN))
    return drafts.execute() + lines.execute() + cases.execute()


_DELETE = {"name": _delete_name, "phone": _delete_phone, "location": _delete_location}
