"""How long each kind of data is kept, and what becomes of it then: one table, KEEP, read from above.

The days of each kind are settings ([retention] in config.toml), with a minimum where the law has one. A row says which
rows are past their time before a cutoff, by which moment that is counted, and what is done with a batch of them.
The audit log is not in the table: the program never deletes from it (网络安全法 21: at least six months).

Whatever belongs to a case that is open, or that the residents can still have reopened, is never touched.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import peewee

from app.rules import blank
from app.rules.personal_erasure import Step, copy_files, forget_copies
from app.rules.setting import DEFAULTS
from models.alert import Alert
from models.approval import Approval
from models.base import MomentField, now
from models.case import Case, Photo
from models.consent import Consent
from models.conversation import Conversation, Draft, Line
from models.credential import Failure
from models.delegation import Delegation
from models.event import Event
from models.export import Export
from models.glass import Glass
from models.inbound import Inbound
from models.letter import Letter
from models.notice import NoticeReading
from models.patrol import Patrol, PatrolCheck, PatrolPhoto
from models.person import HouseholdCode, Person, Residence, Veil
from models.personal import DataRequest
from models.receipt import Receipt
from models.session import Session, Signin
from models.setting import Setting
from models.task import Task
from models.visit import Visit
from models.voice import Voice


class Kind(NamedTuple):
    """One kind of data. `name` is its setting and its name in the record of deletions, `words` what people call it."""

    name: str
    words: str
    rows: Callable[[datetime], peewee.ModelSelect]
    since: MomentField
    do: Callable[[list[int]], None]
    files: Callable[[list[int]], list[str]] = lambda ids: []


class Overdue(NamedTuple):
    """What a dry run tells of one kind."""

    kind: Kind
    days: int
    rows: int
    oldest: datetime | None


def _delete(table: type[peewee.Model]) -> Callable[[list], None]:
    """Whole rows."""
    key = table._meta.primary_key
    return lambda ids: table.delete().where(key.in_(ids)).execute() and None


def _before(field: MomentField, *conditions: peewee.Expression) -> Callable[[datetime], peewee.ModelSelect]:
    """Rows whose moment lies before the cutoff."""
    return lambda cutoff: field.model.select().where(field < cutoff, *conditions)


def _events(cutoff: datetime) -> peewee.ModelSelect:
    """Never the newest: on SQLite the ids of an emptied table begin anew, and open screens wait for higher ones."""
    return Event.select().where(Event.at < cutoff, Event.id < Event.select(peewee.fn.MAX(Event.id)))


def _cases(cutoff: datetime) -> peewee.ModelSelect:
    """Cases that nobody can reopen any more, of which it is still known who reported them."""
    over = (Case.closed_at < min(cutoff, _reopened_until())) & blank.case_over()
    nobody = Person.select(Person.id).where(Person.key == blank.NOBODY)
    return Case.select().where(over, (Case.words != blank.EXPIRED) | Case.reporter.not_in(nobody))


def _reopened_until() -> datetime:
    """Before this moment no community lets a closed case be reopened."""
    own = [row.value for row in Setting.select(Setting.value).where(Setting.name == "reopen_days")]
    return now() - timedelta(days=max([DEFAULTS["reopen_days"], *own]))


def _held() -> peewee.ModelSelect:
    """Cases that are open or can be reopened: nothing of theirs is touched."""
    over = blank.case_over() & (Case.closed_at < _reopened_until())
    return Case.select(Case.id).where(~over | Case.closed_at.is_null())


def _anonymise(ids: list[int]) -> None:
    """A case becomes a line of statistics: what, where (the building), when and how it ended; nobody reported it."""
    aliases = [row.reporter_id for row in Case.select(Case.reporter).where(Case.id.in_(ids), Case.anonymous)]
    blank.cases(ids, blank.EXPIRED)
    blank.follows(ids)
    Case.update(reporter=blank.nobody(), filed_by=None).where(Case.id.in_(ids)).execute()
    left = Case.select(Case.reporter).where(Case.reporter.in_(aliases))
    Veil.delete().where(Veil.alias.in_(aliases), Veil.alias.not_in(left)).execute()


def _case_photos(cutoff: datetime) -> peewee.ModelSelect:
    over = Case.select(Case.id).where(Case.closed_at < min(cutoff, _reopened_until()), blank.case_over())
    return Photo.select().join(Case).where(Photo.case.in_(over))


def _case_voices(cutoff: datetime) -> peewee.ModelSelect:
    over = Case.select(Case.id).where(Case.closed_at < min(cutoff, _reopened_until()), blank.case_over())
    return Voice.select().join(Case).where(Voice.case.in_(over))


def _lines(cutoff: datetime) -> peewee.ModelSelect:
    return Line.select().where(Line.at < cutoff, Line.case.is_null() | Line.case.not_in(_held()))


def _forget_lines(ids: list[int]) -> None:
    """Lines, with the pictures that only they show (their files are gone already)."""
    photos = [row.id for row in _only_in(ids)]
    blank.delete_photos(photos)
    blank.delete_lines(ids)


def _line_files(ids: list[int]) -> list[str]:
    return blank.recordings(ids) + blank.photo_files([row.id for row in _only_in(ids)])


def _only_in(ids: list[int]) -> peewee.ModelSelect:
    """The pictures of these lines that belong to no case."""
    shown = Line.select(Line.photo).where(Line.id.in_(ids), Line.photo.is_null(False))
    return Photo.select(Photo.id).where(Photo.id.in_(shown), Photo.case.is_null())


def _conversations(cutoff: datetime) -> peewee.ModelSelect:
    told = Line.select(Line.conversation).union_all(Draft.select(Draft.conversation))
    return Conversation.select().where(Conversation.last_at < cutoff, Conversation.id.not_in(told))


def _letters(cutoff: datetime) -> peewee.ModelSelect:
    free = Letter.case.is_null() | Letter.case.not_in(_held())
    return Letter.select().where(
        Letter.ended_at < cutoff, Letter.state.not_in(blank.UNSENT), blank.has_content(), free
    )  # fmt: skip


def _unattached(cutoff: datetime) -> peewee.ModelSelect:
    shown = Line.select(Line.photo).where(Line.photo.is_null(False))
    return Photo.select().where(
        Photo.created_at < cutoff, Photo.case.is_null(), Photo.kind.not_in(blank.OF_PLACES), Photo.id.not_in(shown)
    )  # fmt: skip


def _photos_of(patrols: list[int]) -> list[int]:
    links = PatrolPhoto.select(PatrolPhoto.photo).join(PatrolCheck).where(PatrolCheck.patrol.in_(patrols))
    return [link.photo_id for link in links]


def _forget_patrols(ids: list[int]) -> None:
    blank.delete_photos(_photos_of(ids))
    PatrolCheck.delete().where(PatrolCheck.patrol.in_(ids)).execute()
    Patrol.delete().where(Patrol.id.in_(ids)).execute()


def _drafts(cutoff: datetime) -> peewee.ModelSelect:
    return Draft.select().where(Draft.updated_at < cutoff, Draft.state != "open")


def _consents(cutoff: datetime) -> peewee.ModelSelect:
    """Answers that a newer one of the same kind has taken the place of, or of somebody who is gone, since the cutoff.

    PIPL 55, 56 and domain §10: proof of consent is kept for three years after it has ended.
    """
    newer, text, own = Consent.alias(), Consent.text.rel_model.alias(), Consent.text.rel_model
    replaced = peewee.fn.EXISTS(
        newer.select(peewee.SQL("1")).join(text, on=(newer.text == text.id)).where(
            newer.person == Consent.person, newer.id > Consent.id, newer.at < cutoff, text.kind == own.kind
        )
    )  # fmt: skip
    return Consent.select().join(own).switch(Consent).join(Person, on=(Consent.person == Person.id)).where(
        Consent.at < cutoff, replaced | (Person.erased_at < cutoff)
    )  # fmt: skip


def _export_files(ids: list[int]) -> list[str]:
    return [row.file for row in Export.select(Export.file).where(Export.id.in_(ids)) if row.file]


def _forget_exports(ids: list[int]) -> None:
    Export.update(file=None).where(Export.id.in_(ids)).execute()


KEEP = (
    # setting          what people call it          which rows, counted from     what is done
    Kind("receipts", "防重复提交的回执", _before(Receipt.at), Receipt.at, _delete(Receipt)),
    Kind("events", "页面实时更新的记号", _events, Event.at, _delete(Event)),
    Kind("tasks", "做完的后台任务", _before(Task.ended_at, Task.state == "done"), Task.ended_at, _delete(Task)),
    Kind("failures", "登录失败的计数", _before(Failure.last_at), Failure.last_at, _delete(Failure)),
    Kind("signins", "扫码登录的记录", _before(Signin.expires_at), Signin.expires_at, _delete(Signin)),
    Kind("sessions", "登录记录", _before(Session.expires_at), Session.expires_at, _delete(Session)),
    Kind("household_codes", "过期的绑定码", _before(HouseholdCode.expires_at), HouseholdCode.expires_at,
         _delete(HouseholdCode)),
    Kind("inbound", "微信转来的原始消息", _before(Inbound.received_at), Inbound.received_at, _delete(Inbound)),
    Kind("copies", "个人资料的副本文件", _before(DataRequest.file_until, DataRequest.file.is_null(False)),
         DataRequest.file_until, forget_copies, copy_files),
    Kind("exports", "导出的名单文件", _before(Export.until, Export.file.is_null(False)), Export.until,
         _forget_exports, _export_files),
    Kind("photos_unattached", "没有用上的照片", _unattached, Photo.created_at, blank.delete_photos, blank.photo_files),
    Kind("voices_unattached", "没有用上的录音", _before(Voice.created_at, Voice.case.is_null()), Voice.created_at,
         blank.delete_voices, blank.voice_files),
    Kind("drafts", "没有说完的上报", _drafts, Draft.updated_at, blank.delete_drafts),
    Kind("letters", "通知的内容", _letters, Letter.ended_at, blank.letters),
    Kind("residences", "结束的住处绑定", _before(Residence.ended_at), Residence.ended_at, _delete(Residence)),
    Kind("case_photos", "办结事项的照片", _case_photos, Case.closed_at, blank.delete_photos, blank.photo_files),
    Kind("case_voices", "办结事项的录音", _case_voices, Case.closed_at, blank.delete_voices, blank.voice_files),
    Kind("cases", "办结事项的内容", _cases, Case.closed_at, _anonymise),
    Kind("lines", "对话", _lines, Line.at, _forget_lines, _line_files),
    Kind("conversations", "空了的对话", _conversations, Conversation.last_at, blank.delete_conversations),
    Kind("consents", "失效的同意记录", _consents, Consent.at, _delete(Consent)),
    Kind("delegations", "结束的家人代办", _before(Delegation.ended_at), Delegation.ended_at, _delete(Delegation)),
    Kind("patrols", "巡查记录", _before(Patrol.ended_at), Patrol.ended_at, _forget_patrols,
         lambda ids: blank.photo_files(_photos_of(ids))),
    Kind("visits", "走访记录", _before(Visit.at), Visit.at, _delete(Visit)),
    Kind("notice_readings", "谁看过哪条公告", _before(NoticeReading.at), NoticeReading.at, _delete(NoticeReading)),
    Kind("glass", "破窗查看的记录", _before(Glass.ends_at), Glass.ends_at, _delete(Glass)),
    Kind("alerts", "看过的警报", _before(Alert.seen_at), Alert.seen_at, _delete(Alert)),
    Kind("approvals", "双人审批的记录",
         lambda cutoff: Approval.select().where(
             Approval.expires_at < cutoff,
             Approval.id.not_in(Export.select(Export.approval).where(Export.approval.is_null(False))),
         ), Approval.expires_at, _delete(Approval)),
)  # fmt: skip
#: Kinds that say nothing about anybody: their deletion is recorded, but is no matter for the audit log.
TECHNICAL = frozenset({"receipts", "events", "tasks", "failures", "household_codes"})


def step_of(kind: Kind, days: int, moment: datetime) -> tuple[Step, datetime]:
    """What is to be done about a kind now, and the cutoff: what is older than that goes."""
    cutoff = moment - timedelta(days=days)
    return Step(kind.name, kind.rows(cutoff), kind.do, kind.files), cutoff


def survey(days: dict[str, int], moment: datetime) -> list[Overdue]:
    """What a run would delete or blank now, by kind; nothing is changed."""
    told = []
    for kind in KEEP:
        rows = kind.rows(moment - timedelta(days=days[kind.name]))
        count = rows.count()
        told.append(Overdue(kind, days[kind.name], count, rows.select(peewee.fn.MIN(kind.since)).scalar()))
    return told




#: The folders of the file store, with how a file there is known: the column, and what of the file's name it holds.
FOLDERS: dict[str, tuple[peewee.Field, Callable[[str], str]]] = {
    "photos": (Photo.key, lambda file: file.partition("/")[2].partition(".")[0]),
    "voices": (Line.recording, str),
    "recordings": (Voice.key, lambda file: file.partition("/")[2].partition(".")[0]),
    "copies": (DataRequest.file, str),
    "exports": (Export.file, str),
}


def orphans(folder: str, files: list[str]) -> list[str]:
    """Those of these files of a folder that no row knows (any more)."""
    column, held = FOLDERS[folder]
    named = {held(file) for file in files}
    known = {value for (value,) in column.model.select(column).where(column.in_(named)).tuples()}
    return [file for file in files if held(file) not in known]
