"""The copy of everything that is kept about a person (PIPL 45): what stands in it, and what it says in plain words.

Of other people there is nothing in it: staff appear by their part ("网格员"), also inside what they or the program
wrote; neighbours and family do not appear. What the person said stands there as it was said.

COPIED says for every column that names a person in which section its rows stand; a column without an entry fails the
build (tests/rules/test_personal.py).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from app.rules import blank, personal_said, visit
from app.rules.media import file_of
from app.rules.personal_erasure import owners
from app.rules.personal_names import OF_STAFF, Names
from models.audit import Audit
from models.base import Row
from models.case import Case, Photo, Step
from models.category import Category
from models.consent import Consent, ConsentText
from models.conversation import Conversation, Draft, Line
from models.credential import Credential
from models.inbound import Inbound
from models.letter import Letter, Subscription
from models.lifecycle import CASE_STATES, CASE_VERBS, LETTER_STATES
from models.notice import Notice, NoticeReading
from models.person import HouseholdCode, Identity, Person, Residence
from models.personal import DataRequest
from models.place import Place
from models.role import ROLES, Role
from models.session import Session, Signin
from models.unit import Unit, UnitContact

STAFF_WORK = "not copied: a deed of somebody on duty, about other people; audit rows about the person are copied"
COPIED = {
    "alert.person": STAFF_WORK, "alert.seen_by": STAFF_WORK, "approval.asked_by": STAFF_WORK,
    "approval.decided_by": STAFF_WORK, "audit.person": STAFF_WORK, "audit.about": "who_read", "case.reporter": "cases",
    "case.filed_by": "not copied: the report of somebody else", "case.handler": STAFF_WORK, "case.about": STAFF_WORK,
    "consent.person": "consents", "consent.answered_by": "not copied: the answer of somebody else",
    "conversation.person": "conversations", "credential.person": "credentials", "data_request.person": "requests",
    "data_request.asked_by": "not copied: the request of somebody else", "delegation.principal": "delegations",
    "delegation.agent": "delegations", "delegation.confirmed_by": STAFF_WORK, "export.asked_by": STAFF_WORK,
    "glass.person": STAFF_WORK, "glass.reviewed_by": STAFF_WORK, "household_code.issued_by": STAFF_WORK,
    "household_code.used_by": "household_codes", "identity.person": "identities", "letter.person": "letters",
    "line.speaker": "conversations", "notice.sent_by": STAFF_WORK, "notice.withdrawn_by": STAFF_WORK,
    "notice_reading.person": "notices", "photo.uploader": "photos", "receipt.person": "not copied: answers told before",
    "residence.person": "homes", "residence.confirmed_by": STAFF_WORK, "role.person": "roles",
    "role.appointed_by": STAFF_WORK, "session.person": "sessions", "setup_code.used_by": STAFF_WORK,
    "signin.person": "signins", "step.actor": "cases", "unit_contact.person": "units",
    "patrol.worker": STAFF_WORK, "visit.visitor": STAFF_WORK,
    "veil.alias": "cases", "veil.person": "cases",
    "follow.person": "follows", "voice.uploader": "voices", "task_force_member.person": "task_forces",
    "unit.face": "not copied: it stands for a unit and is nobody",
    **dict.fromkeys(OF_STAFF.split(), STAFF_WORK),
}  # fmt: skip


@dataclass(frozen=True)
class Copy:
    """One copy: the two texts, where its files lie (name in the copy: key in the file store), and how many of what."""

    json: str
    words: str
    files: dict[str, str]
    counts: dict[str, int]


def copy_of(person: Person) -> Copy:
    """Everything kept about a person, read now."""
    mine = owners(person)
    names = Names.around(mine)
    cases = _cases(mine, names)
    talks, voices = _conversations(mine, names)
    photos = _photos(mine)
    spoken, spoken_files = personal_said.voices(mine)
    told: dict[str, Any] = {
        "person": _row(person, "key name phone unionid age_group created_at"),
        "identities": _rows(Identity.select().where(Identity.person.in_(mine)), IDENTITY),
        "homes": _homes(mine),
        "household_codes": [
            {"household": row.household.label, "used_at": row.used_at}
            for row in HouseholdCode.select().where(HouseholdCode.used_by.in_(mine))
        ],
        "roles": [
            {"role": ROLES[row.kind], "place": row.place.label} | _row(row, "starts_at ends_at")
            for row in Role.select().where(Role.person.in_(mine)).order_by(Role.id)
        ],
        "units": [
            {"unit": row.unit.name} | _row(row, "starts_at ends_at")
            for row in UnitContact.select(UnitContact, Unit).join(Unit).where(UnitContact.person.in_(mine))
        ],
        "cases": cases,
        "conversations": talks,
        "photos": photos,
        "voices": spoken,
        "visits": visit.told_to(mine),
        "follows": personal_said.follows(mine),
        "task_forces": personal_said.task_forces(mine),
        "letters": _letters(mine, names),
        "subscriptions": _rows(
            Subscription.select().join(Identity).where(Identity.person.in_(mine)),
            "kind remaining refused_at updated_at",
        ),
        "deliveries": _deliveries(mine),
        "consents": [
            {"title": row.text.title, "version": row.text.version} | _row(row, "answer channel at")
            for row in Consent.select(Consent, ConsentText).join(ConsentText).where(Consent.person.in_(mine))
        ],
        "delegations": personal_said.delegations(mine),
        "notices": [
            {"title": row.notice.title, "read_at": row.at}
            for row in NoticeReading.select(NoticeReading, Notice).join(Notice).where(NoticeReading.person.in_(mine))
        ],
        "sessions": _rows(Session.select().where(Session.person.in_(mine)), SESSION),
        "signins": _rows(
            Signin.select().where(Signin.person.in_(mine)), "purpose agent address state created_at expires_at"
        ),
        "credentials": _rows(Credential.select().where(Credential.person.in_(mine)), "login confirmed_at changed_at"),
        "who_read": _who_read(mine),
        "requests": _rows(
            DataRequest.select().where(DataRequest.person.in_(mine)),
            "key kind state asked_at due_at done_at fetched_at",
        ),
    }
    counts = {name: len(rows) if isinstance(rows, list) else 1 for name, rows in told.items()}
    files = {one["file"]: file_of(one["key"], "full") for one in photos} | voices | spoken_files
    return Copy(json.dumps(told, ensure_ascii=False, indent=1, default=_plain), words(counts), files, counts)


#: Letters to somebody on duty: what they say is about other people's reports.
OF_DUTY = frozenset({"case_assigned", "case_reminder", "alert", "notice"})
IDENTITY = "account kind openid followed window_until replies_left created_at seen_at"
SESSION = "key door way agent address created_at seen_at expires_at ended_at"
CASE = (
    "key number anonymous channel words answers hazard place_words lat lng accept_due contact_due safe_due resolve_due "
    "contacted_at accepted_at safe_at handled_at closed_at solved satisfaction reopened handed_to planned_until "
    "created_at updated_at"
)

#: What each section is called for people.
SECTIONS = {
    "person": "称呼、手机号等基本资料", "identities": "微信账号（openid）和能不能给您发消息", "homes": "绑定的住处",
    "household_codes": "用过的绑定码", "roles": "担任过的职务", "units": "代表过的单位", "cases": "上报的事项和每一步",
    "conversations": "和社区的对话", "photos": "照片", "voices": "上报时的录音", "follows": "说过“我也遇到了”的事项",
    "visits": "上门走访的记录", "task_forces": "参加的创城专班",
    "letters": "发给您的通知", "subscriptions": "允许我们发的通知",
    "deliveries": "微信转来的原始消息", "consents": "同意和拒绝的记录", "delegations": "家人代办、监护",
    "notices": "看过的公告",
    "sessions": "登录记录", "signins": "扫码登录工作台的记录", "credentials": "工作台的登录名",
    "who_read": "谁看过您的资料", "requests": "导出和注销的申请",
}  # fmt: skip


def words(counts: dict[str, int]) -> str:
    """说明.txt: what lies in the copy and what the person can do."""
    listed = "\n".join(f"  · {SECTIONS[name]}（data.json 里的 {name}）：{count} 条" for name, count in counts.items())
    return (
        "这是“家门口”保存的、关于您本人的全部资料。\n\n"
        f"{listed}\n\n"
        "photos 文件夹里是照片，voices 文件夹里是语音。data.json 用记事本或浏览器就能打开，"
        "时间是世界时，加 8 小时是北京时间。\n"
        "工作人员只写职务，不写姓名；邻居和家人的资料不在里面。口令只存不能还原的摘要，所以没有放进来。\n"
        "这里面有您的隐私，请自己保管好，不要转发。\n"
        "发现写错了，可以在小程序“我的”里改，或者直接告诉社区；想全部删除，在小程序“我的”里注销，或在公众号回复“注销”。\n"
    )


def _cases(mine: list[int], names: "Names") -> list[dict]:
    place = Place.alias()
    rows = (
        Case.select(Case, Place, Category, place)
        .join(Place, on=(Case.community == Place.id), attr="community")
        .switch(Case)
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case)
        .join(place, peewee.JOIN.LEFT_OUTER, on=(Case.place == place.id), attr="place")
        .where(Case.reporter.in_(mine))
        .order_by(Case.id)
    )
    steps: dict[int, list[dict]] = {}
    found = Step.select().join(Case).where(Case.reporter.in_(mine)).order_by(Step.id)
    for step in found:
        own = step.actor_id in mine
        steps.setdefault(step.case_id, []).append({
            "at": step.at, "deed": CASE_VERBS.get(step.verb, step.verb),
            "by": "本人" if own else names.part(step.actor_role),
            "note": step.note if own else names.hide(step.note),
        })  # fmt: skip
    asked, judged = personal_said.questions(mine, names), personal_said.judgements(mine, names)
    return [
        _row(case, CASE)
        | {
            "community": case.community.name, "category": case.category.name,
            "place": case.place.label if case.place_id else "", "state": CASE_STATES[case.state],
            "told_by_family": case.filed_by_id is not None, "steps": steps.get(case.id, []),
            "questions": asked.get(case.id, []), "judgements": judged.get(case.id, []),
        }
        for case in rows
    ]  # fmt: skip


def _conversations(mine: list[int], names: "Names") -> tuple[list[dict], dict[str, str]]:
    talks, voices = [], {}
    for talk in Conversation.select(Conversation, Place).join(Place).where(Conversation.person.in_(mine)):
        told = []
        for line in Line.select().where(Line.conversation == talk).order_by(Line.id):
            own = line.author == "resident"
            by = "本人" if own else names.part(line.speaker_role) if line.speaker_id else "自动回复"
            row = _row(line, "kind lat lng at") | {"by": by, "text": line.text if own else names.hide(line.text)}
            if line.recording:
                row["file"] = line.recording
                voices[line.recording] = line.recording
            told.append(row)
        drafts = Draft.select().where(Draft.conversation == talk).order_by(Draft.id)
        talks.append({
            "community": talk.community.name, "last_at": talk.last_at, "lines": told,
            "drafts": _rows(drafts, "words place_words lat lng state created_at updated_at"),
        })  # fmt: skip
    return talks, voices


def _photos(mine: list[int]) -> list[dict]:
    own = Case.select(Case.id).where(Case.reporter.in_(mine))
    unused = Photo.case.is_null() & Photo.kind.not_in(blank.OF_PLACES)
    rows = Photo.select().where(Photo.uploader.in_(mine) & (unused | (Photo.kind == "report")) | Photo.case.in_(own))
    return [
        _row(photo, "key kind width height created_at") | {"file": f"photos/{photo.key}.jpg"}
        for photo in rows.order_by(Photo.id)
    ]


def _letters(mine: list[int], names: "Names") -> list[dict]:
    return [
        _row(row, "kind channel created_at ended_at")
        | {"state": LETTER_STATES[row.state], "content": _content(row, names)}
        for row in Letter.select().where(Letter.person.in_(mine)).order_by(Letter.id)
    ]


def _content(row: Letter, names: "Names") -> dict:
    """What a letter says; of one to somebody on duty only which case it was."""
    if row.kind in OF_DUTY:
        return {name: value for name, value in row.content.items() if name == "number"}
    return names.hide_in(row.content)


def _deliveries(mine: list[int]) -> list[dict]:
    """What the platform handed us of the person's own messages, as it came."""
    openids = [row.openid for row in Identity.select(Identity.openid).where(Identity.person.in_(mine))]
    text = Inbound.payload.cast("TEXT")
    return [
        _row(row, "account kind received_at payload")
        for openid in openids
        for row in Inbound.select().where(text.contains(openid)).order_by(Inbound.id)
        if row.payload.get("FromUserName") == openid
    ]


def _homes(mine: list[int]) -> list[dict]:
    rows = Residence.select(Residence, Place).join(Place).where(Residence.person.in_(mine)).order_by(Residence.id)
    return [
        {"household": row.household.label} | _row(row, "relation state asked_at confirmed_at ended_at") for row in rows
    ]


def _who_read(mine: list[int]) -> list[dict]:
    rows = Audit.select().where(Audit.about.in_(mine)).order_by(Audit.id)
    return [
        {"by": "本人" if row.person_id in mine else Names.part(row.role or "system")} | _row(row, "at action result")
        for row in rows
    ]


def _row(row: Row, columns: str) -> dict:
    return {name: getattr(row, name) for name in columns.split()}


def _rows(query: peewee.ModelSelect, columns: str) -> list[dict]:
    return [_row(row, columns) for row in query]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
