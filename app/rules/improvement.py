"""整治成果台账: what was planted, mended or put up in a compound, counted exactly, with photos before and after (M12).

A line is never edited: a mistake is taken back with the reason, and stays in the records. Residents read the ledger;
a photo in it is shown to them once the platform has found nothing wrong with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import peewee

from app.rules import audit, rights
from app.rules.actor import Actor
from app.rules.refusal import Conflict, NotFound, Refusal
from app.rules.statistics_period import today
from app.rules.words import clean
from models.base import now
from models.case import Case, Photo
from models.conversation import Line
from models.improvement import KINDS, Improvement
from models.person import Person
from models.place import Place

MOST = 1_000_000
NOTE, REASON = 300, 200
FIRST_DAY = date(2010, 1, 1)
READ, WRITE = "improvement.read", "improvement.write"


@dataclass(frozen=True)
class Entry:
    """One line as it is to be written. `before` and `after` are keys of the own uploads, `case` the key of a case."""

    kind: str
    quantity: int | None
    day: date | None
    note: str = ""
    before: str = ""
    after: str = ""
    case: str = ""


@dataclass(frozen=True)
class Sum:
    """So much of a kind, in so many lines; of one compound, or of all."""

    kind: str
    quantity: int
    lines: int

    @property
    def words(self) -> str:
        """ "公益广告牌 2512 块"."""
        name, unit = KINDS[self.kind]
        return f"{name} {self.quantity} {unit}"


@dataclass
class Ledger:
    """The sums of what was asked for: of all compounds together, and of each."""

    total: list[Sum] = field(default_factory=list)
    compounds: list[tuple[Place, list[Sum]]] = field(default_factory=list)


def record(compound: Place, entry: Entry, *, actor: Actor) -> Improvement:
    """Write a line. Raises NotFound for no compound of one's own, Refusal `improvement_incomplete`, `photo_taken`."""
    if compound.kind != "compound" or not rights.may(actor, READ, community=compound.community):
        raise NotFound()
    rights.need(actor, WRITE, community=compound.community)
    note = clean(entry.note, NOTE + 1).strip()
    _check(entry, note)
    case = _case(entry.case, compound, actor)
    row = Improvement.create(
        community=compound.community, compound=compound, kind=entry.kind, quantity=entry.quantity,
        unit=KINDS[entry.kind][1], note=note, day=entry.day, case=case, recorded_by=actor.person,
        before=_take(entry.before, "before", actor), after=_take(entry.after, "after", actor),
    )  # fmt: skip
    audit.note(
        "improvement.record", actor=actor, community=compound.community, subject=row.key, kind=entry.kind,
        quantity=entry.quantity, compound=compound.key,
    )  # fmt: skip
    return row


def _check(entry: Entry, note: str) -> None:
    wrong = {
        "kind": "" if entry.kind in KINDS else "请选择做了什么",
        "quantity": "" if entry.quantity is not None and 1 <= entry.quantity <= MOST
        else f"数量请填 1 到 {MOST} 的整数",
        "day": "请选择日期" if entry.day is None else "日期不能晚于今天" if entry.day > today(now())
        else "日期太早了" if entry.day < FIRST_DAY else "",
        "note": f"说明最多 {NOTE} 个字" if len(note) > NOTE else
        "请写一句做了什么" if entry.kind == "other" and not note else "",
    }  # fmt: skip
    wrong = {name: words for name, words in wrong.items() if words}
    if wrong:
        raise Refusal("improvement_incomplete", f"{'；'.join(wrong.values())}。", wrong)


def _case(key: str, compound: Place, actor: Actor) -> Case | None:
    if not key:
        return None
    case = Case.get_or_none(Case.key == key, Case.community == compound.community_id)
    if case is None or not rights.may(actor, "case.read", case=case):
        raise Refusal("case_unknown", "没有找到这件事，请重新选择。", {"case": "没有这件事"})
    return case


def _take(key: str, name: str, actor: Actor) -> Photo | None:
    """Let an own upload that shows nothing else yet belong to the ledger. Raises Refusal `photo_taken`."""
    if not key:
        return None
    photo = Photo.get_or_none(Photo.key == key, Photo.uploader == actor.person)
    free = (Photo.key == key) & (Photo.uploader == actor.person) & Photo.case.is_null() & Photo.kind.not_in(
        ("patrol", "ledger")
    )  # fmt: skip
    used = photo is not None and Line.select().where(Line.photo == photo).exists()
    if photo is None or used or not Photo.update(kind="ledger").where(free).execute():
        raise Refusal("photo_taken", "这张照片用不了，请重新上传。", {name: "不可用"})
    photo.kind = "ledger"
    return photo


def withdraw(row: Improvement, *, actor: Actor, reason: str) -> None:
    """Take a line back; it stays in the records. Raises Forbidden, Refusal `reason_missing`, Conflict."""
    rights.need(actor, WRITE, community=row.community)
    reason = " ".join(clean(reason, REASON).split())
    if len(reason) < 4:
        raise Refusal("reason_missing", "请写明哪里错了（至少 4 个字）。", {"reason": "必填"})
    done = Improvement.update(withdrawn_at=now(), withdrawn_note=reason).where(
        Improvement.id == row.id, Improvement.withdrawn_at.is_null()
    )
    if not done.execute():
        raise Conflict("这一条已经撤销了。")
    audit.note("improvement.withdraw", actor=actor, community=row.community, subject=row.key)


def listed(
    community: Place, *, actor: Actor, compound: Place | None = None, kind: str = "", first: date | None = None,
    last: date | None = None,
) -> peewee.Expression:  # fmt: skip
    """The condition on Improvement of what was asked for. Raises NotFound for whom the ledger is not open.

    Only who writes it sees what was taken back.
    """
    if not rights.may(actor, READ, community=community):
        raise NotFound()
    wanted = Improvement.community == community
    if compound is not None:
        wanted &= Improvement.compound == compound
    if kind:
        wanted &= Improvement.kind == kind
    if first:
        wanted &= Improvement.day >= first
    if last:
        wanted &= Improvement.day <= last
    if not rights.may(actor, WRITE, community=community):
        wanted &= Improvement.withdrawn_at.is_null()
    return wanted


def rows(wanted: peewee.Expression) -> peewee.ModelSelect:
    """Lines with their compounds, cases, photos and who wrote them, the newest day first: one query."""
    before, after = Photo.alias(), Photo.alias()
    return (
        Improvement.select(Improvement, Place, Case, before, after, Person)
        .join(Place, on=(Improvement.compound == Place.id), attr="compound")
        .switch(Improvement)
        .join(Case, peewee.JOIN.LEFT_OUTER, on=(Improvement.case == Case.id), attr="case")
        .switch(Improvement)
        .join(before, peewee.JOIN.LEFT_OUTER, on=(Improvement.before == before.id), attr="before")
        .switch(Improvement)
        .join(after, peewee.JOIN.LEFT_OUTER, on=(Improvement.after == after.id), attr="after")
        .switch(Improvement)
        .join(Person, on=(Improvement.recorded_by == Person.id), attr="recorded_by")
        .where(wanted)
        .order_by(Improvement.day.desc(), Improvement.id.desc())
    )


def sums(wanted: peewee.Expression) -> Ledger:
    """What adds up of these lines, without what was taken back: in all, and by compound in their order. One query."""
    found = (
        Improvement.select(
            Place, Improvement.kind, peewee.fn.SUM(Improvement.quantity).alias("quantity"),
            peewee.fn.COUNT(Improvement.id).alias("lines"),
        )
        .join(Place, on=(Improvement.compound == Place.id), attr="compound")
        .where(wanted, Improvement.withdrawn_at.is_null())
        .group_by(*Place._meta.sorted_fields, Improvement.kind)
        .order_by(Place.id)
    )  # fmt: skip
    ledger = Ledger()
    of_kind: dict[str, Sum] = {}
    places: dict[int, tuple[Place, list[Sum]]] = {}
    for row in found:
        one = Sum(row.kind, int(row.quantity), int(row.lines))
        places.setdefault(row.compound.id, (row.compound, []))[1].append(one)
        known = of_kind.get(row.kind, Sum(row.kind, 0, 0))
        of_kind[row.kind] = Sum(row.kind, known.quantity + one.quantity, known.lines + one.lines)
    ledger.total = _in_order(of_kind.values())
    ledger.compounds = [(place, _in_order(lines)) for place, lines in places.values()]
    return ledger


def _in_order(found: Iterable[Sum]) -> list[Sum]:
    return sorted(found, key=lambda one: list(KINDS).index(one.kind))


def shows(actor: Actor, photo: Photo) -> bool:
    """Whether a photo stands in a ledger that this person may read: for residents, one that was found to be fit."""
    if photo.kind != "ledger":
        return False
    row = Improvement.get_or_none((Improvement.before == photo) | (Improvement.after == photo))
    if row is None:
        return False
    if rights.may(actor, WRITE, community=row.community):
        return True
    fit = photo.verdict == "pass" and row.withdrawn_at is None
    return fit and rights.may(actor, READ, community=row.community)
