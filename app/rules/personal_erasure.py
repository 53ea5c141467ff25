"""To be forgotten: first the person is let go of in one stroke, then what was said is blanked, batch by batch.

`let_go` is one transaction: after it nothing leads from a WeChat account, a phone number or a home to this person, and
whoever logs in with that account is somebody new. Each of `steps` then takes what is left; every step selects what
still says something, so an erasure that was broken off goes on where it was. A case that is still open keeps what is
needed to mend it, without its reporter's identity, name and numbers, and says where only roughly unless it is a hazard;
it is blanked when it has ended, by `left_over`, once an hour.

TREATMENT says for every column that names a person what becomes of it; a column without an entry fails the build.
"""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

import peewee

from app.rules import audit, blank, letter, receipt, voice
from app.rules.inbound import kept_key
from app.rules.personal import move
from app.rules.personal_names import NUMBER, OF_STAFF
from models.base import database, now
from models.case import Case, Photo
from models.case import Step as CaseStep
from models.conversation import Conversation, Draft, Line
from models.credential import Credential, Failure
from models.delegation import Delegation
from models.follow import Follow
from models.inbound import Inbound
from models.letter import Letter, Subscription
from models.lifecycle import DELEGATION
from models.notice import NoticeReading
from models.person import HouseholdCode, Identity, Person, Residence, Veil
from models.personal import DataRequest, Deletion
from models.receipt import Receipt
from models.session import Session, Signin
from models.task_force import TaskForceMember
from models.unit import UnitContact
from models.visit import Visit
from models.voice import Voice

#: Rows of staff work and of the law's own records: they name a person whose row says nothing any more.
KEPT = "kept: the person's own row is blank"
TREATMENT = {
    "alert.person": KEPT, "alert.seen_by": KEPT, "approval.asked_by": KEPT, "approval.decided_by": KEPT,
    "audit.person": KEPT, "audit.about": KEPT, "case.reporter": KEPT, "case.filed_by": KEPT, "case.handler": KEPT,
    "case.about": KEPT, "consent.person": KEPT, "consent.answered_by": KEPT, "conversation.person": KEPT,
    "credential.person": "deleted", "data_request.person": KEPT, "data_request.asked_by": KEPT,
    "delegation.principal": "ended, without the relation", "delegation.agent": "ended, without the relation",
    "delegation.confirmed_by": KEPT, "export.asked_by": KEPT, "glass.person": KEPT, "glass.reviewed_by": KEPT,
    "household_code.issued_by": KEPT, "household_code.used_by": "emptied; the code stays used",
    "identity.person": "deleted", "letter.person": KEPT, "line.speaker": KEPT,
    "notice.sent_by": KEPT, "notice.withdrawn_by": KEPT, "notice_reading.person": "deleted", "photo.uploader": KEPT,
    "patrol.worker": KEPT, "visit.visitor": KEPT,
    "receipt.person": "deleted", "residence.person": "deleted", "residence.confirmed_by": KEPT, "role.person": KEPT,
    "role.appointed_by": KEPT, "session.person": "deleted", "setup_code.used_by": KEPT, "signin.person": "deleted",
    "step.actor": KEPT, "unit_contact.person": "ended", "veil.alias": "deleted", "veil.person": "deleted",
    **dict.fromkeys(OF_STAFF.split(), KEPT), "unit.face": "none: it stands for a unit",
    "task_force_member.person": "deleted",
    "follow.person": "deleted", "voice.uploader": "deleted; what is only spoken of an open case when that ends",
}  # fmt: skip


#: A mobile number as people write it, also with 86 before it.
MOBILE = r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
NAME = "（姓名略）"
#: Decimals of a degree that are left of where an open case is: about a hundred metres.
ROUGHLY = 3


class Step(NamedTuple):
    """One kind of what is left: which rows still say something, the files to delete first, and the deed."""

    kind: str
    rows: peewee.ModelSelect
    do: Callable[[list[int]], None]
    files: Callable[[list[int]], list[str]] = lambda ids: []


def owners(person: Person) -> list[int]:
    """The person and the aliases of the person's anonymous reports."""
    return [person.id, *(row.alias_id for row in Veil.select(Veil.alias).where(Veil.person == person))]


def let_go(request: DataRequest) -> None:
    """Part the person from every account, number, home and session. Once done, it can be repeated without effect."""
    _wait_for_callbacks()
    mine = owners(request.person)
    identities = list(Identity.select().where(Identity.person.in_(mine)))
    counts = {
        "open_cases": _cut_open_cases(request.person, mine),
        "inbound": forget_openids([identity.openid for identity in identities]),
        "letters_owed": _stop_letters(mine),
        "identities": _forget_identities([identity.id for identity in identities]),
        "credentials": _forget_credentials(mine),
        "sessions": _count(Session.delete().where(Session.person.in_(mine))),
        "signins": _count(Signin.delete().where(Signin.person.in_(mine))),
        "follows": _count(Follow.delete().where(Follow.person.in_(mine))),
        "receipts": _count(Receipt.delete().where(Receipt.person.in_(mine))),
        "visits": _forget_visits(request.person, mine),
        "residences": _count(Residence.delete().where(Residence.person.in_(mine))),
        "delegations": _end_delegations(mine),
        "task_forces": _count(TaskForceMember.delete().where(TaskForceMember.person.in_(mine))),
        "notice_readings": _count(NoticeReading.delete().where(NoticeReading.person.in_(mine))),
    }
    HouseholdCode.update(used_by=None).where(HouseholdCode.used_by.in_(mine)).execute()
    UnitContact.update(ends_at=now()).where(UnitContact.person.in_(mine), UnitContact.ends_at.is_null()).execute()
    counts["persons"] = _count(
        Person.update(name="", phone=None, unionid=None, age_group="", erased_at=now())
        .where(Person.id.in_(mine), Person.erased_at.is_null())
    )  # fmt: skip
    for kind, count in counts.items():
        note(kind, count, request)


def steps(mine: list[int] | peewee.ModelSelect) -> list[Step]:
    """What is left of these persons, in the order in which it goes: pictures before the lines that show them."""
    talks = Conversation.select(Conversation.id).where(Conversation.person.in_(mine))
    over = Case.select(Case.id).where(Case.reporter.in_(mine), blank.case_over())
    spoken = (Line.text.not_in(("", *blank.GONE))) | Line.photo.is_null(False) | Line.recording.is_null(False)
    # What others were told of an open case goes round by other ways until it arrives; it ends with the case.
    told = Letter.person.in_(mine) | Letter.case.in_(over)
    copies = DataRequest.select().where(DataRequest.person.in_(mine), DataRequest.file.is_null(False))
    return [
        Step(
            # What shows a place on behalf of the community says nothing of who photographed it.
            "photos", Photo.select().where(
                (Photo.uploader.in_(mine) & Photo.case.is_null() & Photo.kind.not_in(blank.OF_PLACES))
                | Photo.case.in_(over)
            ),
            blank.delete_photos, blank.photo_files,
        ),
        Step("voices", _voices(mine, over), blank.delete_voices, blank.voice_files),
        Step(
            "lines", Line.select().where(Line.conversation.in_(talks), spoken | Line.lat.is_null(False)),
            lambda ids: blank.lines(ids, blank.ERASED), blank.recordings,
        ),
        Step("drafts", Draft.select().where(Draft.conversation.in_(talks)), blank.delete_drafts),
        Step(
            "cases", Case.select().where(Case.id.in_(over), Case.words.not_in(blank.GONE)),
            lambda ids: blank.cases(ids, blank.ERASED),
        ),
        Step("letters", Letter.select().where(told, Letter.state.not_in(blank.UNSENT), blank.has_content()),
             blank.letters),
        Step("copies", copies, forget_copies, copy_files),
    ]  # fmt: skip


def _voices(mine: list[int] | peewee.ModelSelect, over: peewee.ModelSelect) -> peewee.ModelSelect:
    """A voice tells who spoke, so it goes at once; but for the only telling of what is still to be mended."""
    needed = Case.select(Case.id).where(Case.words == voice.ONLY_SPOKEN, ~blank.case_over())
    own = Voice.uploader.in_(mine) & (Voice.case.is_null() | Voice.case.not_in(needed))
    return Voice.select().where(own | Voice.case.in_(over))


def left_over() -> list[Step]:
    """What has come to be over since an erasure, as a case that was still open then."""
    return steps(Person.select(Person.id).where(Person.erased_at.is_null(False), Person.key != blank.NOBODY))


def finish(request: DataRequest) -> None:
    """Everything is gone: the aliases as well, and the request says how many of what."""
    open_cases = Case.select().where(Case.reporter.in_(owners(request.person)), ~blank.case_over()).count()
    note("veils", _count(Veil.delete().where(Veil.person == request.person)), request)
    total = peewee.fn.SUM(Deletion.count)
    rows = Deletion.select(Deletion.kind, total).where(Deletion.request == request).group_by(Deletion.kind)
    proof = {"deleted": dict(rows.order_by(Deletion.kind).tuples()), "open_cases": open_cases}
    if move(request, "finish", "system", done_at=now(), proof=proof):
        audit.note(
            "person.erase", actor=None, community=None, subject=request.key, about=request.person,
            before={"state": "doing"}, after={"state": "done"}, rows=sum(proof["deleted"].values()),
        )  # fmt: skip


def note(kind: str, count: int, request: DataRequest | None) -> None:
    """One row of the record of deletions, in the transaction of the deletion itself."""
    if count:
        Deletion.create(kind=kind, count=count, request=request)


def forget_openids(openids: list[str]) -> int:
    """Blank every delivery of the platform that names one of these, whatever field it stands in."""
    count = 0
    for openid in openids:
        named = Inbound.payload.cast("TEXT").contains(openid) | Inbound.event_key.contains(openid)
        for row in list(Inbound.select().where(named)):
            if openid in row.event_key or openid in json.dumps(row.payload):
                key = kept_key(row.event_key) if openid in row.event_key else row.event_key
                Inbound.update(payload={}, reply="", event_key=key).where(Inbound.id == row.id).execute()
                count += 1
    return count


def copy_files(ids: list[int]) -> list[str]:
    """Where the copies lie that were made at these requests."""
    return [row.file for row in DataRequest.select(DataRequest.file).where(DataRequest.id.in_(ids)) if row.file]


def forget_copies(ids: list[int]) -> None:
    """The copies are gone; that they were made stays."""
    DataRequest.update(file=None).where(DataRequest.id.in_(ids)).execute()


def _wait_for_callbacks() -> None:
    """Let deliveries that are being handled end, and new ones wait: each begins with a row of Inbound.

    Otherwise what somebody says at this very moment would be kept under an identity that is gone. SQLite has one
    writer at a time anyway.
    """
    if not database.obj.is_sqlite:
        database.execute_sql('LOCK TABLE "inbound" IN SHARE ROW EXCLUSIVE MODE')


def _cut_open_cases(person: Person, mine: list[int]) -> int:
    """Who mends it needs what is wrong and where, but neither the name, nor a number, nor the exact point of who told.

    A hazard keeps its point: somebody must find the hole tonight.
    """
    count = 0
    for case in list(Case.select().where(Case.reporter.in_(mine), ~blank.case_over())):
        words, place_words = _cut(case.words, person.name), _cut(case.place_words, person.name)[:120]
        lat, lng = (one if one is None or case.hazard else round(one, ROUGHLY) for one in (case.lat, case.lng))
        notes = [(step, _cut(step.note, person.name)) for step in CaseStep.select().where(CaseStep.case == case)]
        changed = (words, place_words, lat, lng) != (case.words, case.place_words, case.lat, case.lng)
        count += changed or any(step.note != note for step, note in notes)
        Case.update(words=words, place_words=place_words, lat=lat, lng=lng).where(Case.id == case.id).execute()
        for step, note in notes:
            CaseStep.update(note=note).where(CaseStep.id == step.id, CaseStep.note != note).execute()
        _cut_written(case, person.name)
    return count


def _cut_written(case: Case, name: str) -> None:
    """The same for what was answered, and for every text that hangs on the case."""
    answers = {code: _cut(one, name) if isinstance(one, str) else one for code, one in case.answers.items()}
    Case.update(answers=answers).where(Case.id == case.id).execute()
    for column, rows in blank.written([case.id]):
        for row in list(column.model.select(column.model.id, column).where(rows, column != "")):
            said = _cut(getattr(row, column.name), name)[: getattr(column, "max_length", None)]
            column.model.update({column: said}).where(column.model.id == row.id).execute()


def _forget_visits(person: Person, mine: list[int]) -> int:
    """What was heard at the person's doors: nothing of it stays when nobody else lives there, else not the name."""
    doors = [row.household_id for row in Residence.select(Residence.household).where(Residence.person.in_(mine))]
    still = Residence.select(Residence.household).where(
        Residence.household.in_(doors), Residence.person.not_in(mine), Residence.state == "confirmed",
        Residence.ended_at.is_null(),
    )  # fmt: skip
    shared, count = {row.household_id for row in still}, 0
    for visit in list(Visit.select().where(Visit.household.in_(doors))):
        kept = visit.household_id in shared
        note = _cut(visit.note, person.name)[:500] if kept else ""
        needs = [_cut(one, person.name) for one in visit.needs] if kept else []
        if (note, needs) != (visit.note, visit.needs):
            count += Visit.update(note=note, needs=needs).where(Visit.id == visit.id).execute()
            receipt.amend(visit.visitor, visit.key, note=note, needs=needs)
    return count


def _cut(text: str, name: str) -> str:
    """A text without this name and without mobile numbers."""
    text = re.sub(MOBILE, NUMBER, text, flags=re.ASCII)
    return text.replace(name, NAME) if len(name) > 1 else text


def _stop_letters(mine: list[int]) -> int:
    """What was still to be sent to the person is not sent any more."""
    owed = list(Letter.select().where(Letter.person.in_(mine), Letter.state == "owed"))
    return sum(letter.move(row, "expire", "system", outcome="erased", ended_at=now()) for row in owed)


def _forget_identities(ids: list[int]) -> int:
    Conversation.update(identity=None, waiting_since=None).where(Conversation.identity.in_(ids)).execute()
    Letter.update(identity=None, next_channels=[]).where(Letter.identity.in_(ids)).execute()
    Subscription.delete().where(Subscription.identity.in_(ids)).execute()
    blank.drop_tasks("introduce", ids)
    return _count(Identity.delete().where(Identity.id.in_(ids)))


def _forget_credentials(mine: list[int]) -> int:
    for credential in list(Credential.select(Credential.login).where(Credential.person.in_(mine))):
        Failure.delete().where(Failure.key.contains(credential.login)).execute()
    return _count(Credential.delete().where(Credential.person.in_(mine)))


def _end_delegations(mine: list[int]) -> int:
    """Nobody acts for the person any more, nor the person for anybody; what they are to each other is forgotten."""
    theirs = Delegation.principal.in_(mine) | Delegation.agent.in_(mine)
    living = [step.source for step in DELEGATION if step.verb == "end"]
    Delegation.update(state="ended", ended_at=now()).where(theirs, Delegation.state.in_(living)).execute()
    return _count(Delegation.update(relation="").where(theirs, Delegation.relation != ""))


def _count(query: peewee.Query) -> int:
    return query.execute()
