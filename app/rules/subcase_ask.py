"""Asking somebody for a piece of a case: shares of the work, a decision, a repair; whom nobody may ask is refused."""

from datetime import datetime, timedelta

from app.rules import audit, crew, subcase_letters, unit_duty
from app.rules import subcase_words as said_so
from app.rules.actor import Actor
from app.rules.case_move import add_step
from app.rules.refusal import Conflict, Refusal
from app.rules.rights import need
from app.rules.subcase_move import NOTE_LIMIT, add_subcase_step
from app.rules.subcase_sight import OPEN
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.lifecycle import CASE_STATES
from models.person import Person
from models.subcase import Subcase
from models.unit import Unit
from models.whistle import Whistle

#: The states of a case in which something can be asked of others.
ASKABLE = ("reported", "dispatched", "handling", "checking", "planned")
#: What can be added by hand; a safety action comes with the hazard, a call with its whistle.
SPLITS = ("share", "decision", "repair_project")
LATEST = timedelta(days=365)


def split(
    case: Case, *, actor: Actor, kind: str, words: str, unit: Unit | None = None, worker: Person | None = None,
    lead: bool = False, due_at: datetime | None = None,
) -> Subcase:  # fmt: skip
    """Add a piece to a case: a share of the work (one of them leads), a decision that is needed, a repair.

    None of them delays a safety action. Raises Conflict, or Refusal: kind_unknown, words_missing, lead_taken, and
    those of `need_party`.
    """
    need(actor, "case.split", case=case)
    if kind not in SPLITS:
        raise Refusal("kind_unknown", "请选择：分办、商议决定或修复工程。", {"kind": "不在选项里"})
    need_askable(case)
    need_party(case, unit=unit, worker=worker)
    if unit is None and worker is None and kind == "share":
        raise Refusal("party_missing", "请选一个单位或一位同志来办。", {"unit": "必填"})
    if kind == "share":
        leads = _leaders(case, None)
        if lead and leads:
            whom = said_so.party(leads[0])
            raise Refusal("lead_taken", f"{whom}已经牵头，一件事只有一个牵头。", {"lead": "已有牵头"})
        lead = lead or not leads
    if lead and unit is not None:
        unit_duty.need_not_committee(case.category, unit)
    row = ask(
        case, actor=actor, kind=kind, words=words, unit=unit, worker=worker, lead=lead and kind == "share",
        due_at=due_at,
    )  # fmt: skip
    add_step(case, "split", case.state, case.state, actor, actor.role_in(case.community), said_so.step(row, "ask"))
    subcase_letters.request(row)
    subcase_letters.plan_reminders(row)
    return row


def ask(
    case: Case, *, actor: Actor | None, kind: str, words: str, unit: Unit | None = None, worker: Person | None = None,
    lead: bool = False, due_at: datetime | None = None, whistle: Whistle | None = None,
) -> Subcase:  # fmt: skip
    """Write down that somebody is asked; the letters are the caller's. Raises Refusal words_missing, due_wrong."""
    text = clean(words, NOTE_LIMIT).strip()
    if not text:
        raise Refusal("words_missing", "请写明请对方做什么。", {"words": "必填"})
    if due_at is not None and not now() < due_at <= now() + LATEST and kind != "safety_action":
        raise Refusal("due_wrong", "时限要在以后，最长一年。", {"due_at": "不对"})
    if unit is not None and unit.face_id is None:
        # Who will stand in the history for whoever holds its link: a person without any account.
        unit.face = Person.create(name=unit.name[:32])
        Unit.update(face=unit.face).where(Unit.id == unit.id).execute()
    row = Subcase.create(
        case=case, whistle=whistle, kind=kind, words=text, unit=unit, worker=worker, lead=lead, due_at=due_at,
        created_by=actor.person if actor else None,
    )  # fmt: skip
    add_subcase_step(row, "ask", row.state, actor, actor.role_in(case.community) if actor else "system")
    if kind != "safety_action":
        audit.note(
            "subcase.ask", actor=actor, community=case.community, subject=row.key,
            after={"kind": kind, "unit": unit.key if unit else ""},
        )  # fmt: skip
        audit.tell_screens(case.community, "case", case.key)
    return row


def need_askable(case: Case) -> None:
    """Raises Conflict when the case is over."""
    if case.state not in ASKABLE:
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，不能再请别人办了。", "state_forbids")


def need_party(case: Case, *, unit: Unit | None, worker: Person | None) -> None:
    """Refuse whom nobody may ask.

    Codes: unit_unknown, unit_left, complained_about, unit_asked, one_party, not_a_worker, worker_asked.
    """
    if unit is not None and worker is not None:
        raise Refusal("one_party", "一项请求只交给一个单位或一位同志。", {"worker": "请去掉"})
    if unit is not None:
        if unit.community_id != case.community_id:
            raise Refusal("unit_unknown", "请从本社区的单位里选。", {"unit": "不在列表里"})
        if unit.left_at is not None:
            raise Refusal("unit_left", f"{unit.name}已经退出，请另选单位。", {"unit": "已退出"})
        if unit.id == case.about_unit_id:
            raise Refusal("complained_about", f"居民反映的就是{unit.name}，请另选单位。", {"unit": "请另选一个"})
        if Subcase.select().where(Subcase.case == case, Subcase.unit == unit, Subcase.state.in_(OPEN)).exists():
            raise Refusal("unit_asked", f"已经请过{unit.name}了，请等答复。", {"unit": "已请过"})
    if worker is not None and worker not in crew.sendable(case):
        raise Refusal("not_a_worker", "请从本社区在岗的网格员里选一位。", {"worker": "不在岗"})
    mine = (Subcase.case == case) & (Subcase.worker == worker) & Subcase.state.in_(OPEN)
    if worker is not None and Subcase.select().where(mine).exists():
        raise Refusal("worker_asked", f"已经请{worker.name}办了，请等他办完。", {"worker": "已请过"})


def _leaders(case: Case, whistle: Whistle | None) -> list[Subcase]:
    kind = Subcase.whistle == whistle if whistle else (Subcase.kind == "share")
    rows = Subcase.select().where(Subcase.case == case, kind, Subcase.lead, Subcase.state != "dropped")
    return list(rows.order_by(Subcase.id))
