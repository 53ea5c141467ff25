"""社区吹哨、部门报到: a worker wishes, the community blows, the street confirms where so set, the units report in.

The community can request, not order: each called unit accepts or objects (app.rules.subcase). One of them leads. It is
closed with what was achieved together, and both sides are rated (北京 接诉即办 Art. 33; domain §3.2).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.rules import audit, crew, subcase, subcase_ask, subcase_letters, unit_duty, whistle_letters
from app.rules.actor import Actor
from app.rules.case_move import add_step, amend
from app.rules.clock import due
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.rights import may, need
from app.rules.setting import calendar_of, setting
from app.rules.subcase_sight import OPEN
from app.rules.whistle_move import calls_of, move
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.lifecycle import CASE_STATES, WHISTLE, WHISTLE_STATES, find
from models.person import Person
from models.subcase import Subcase
from models.unit import Unit
from models.whistle import KINDS, Whistle

NOTE_LIMIT = 500
RESULT_LIMIT = 1000
#: No whistle calls more units than this: it is for hard matters (domain §3.2).
MOST = 12
#: The states of a call in which nothing more comes.
OVER = ("done", "dropped")


@dataclass(frozen=True)
class Call:
    """One unit that is called: what is asked of it, and whether it leads."""

    unit: Unit
    lead: bool = False
    words: str = ""


def wish(case: Case, *, actor: Actor, unit: Unit | None = None, note: str) -> Whistle:
    """A worker asks the community to call a unit: a step with the reason, and a letter to its admins.

    The admin blows, or answers with `answer`. Raises Conflict while one waits for that answer or the case is over,
    Refusal `note_missing` or `unit_unknown`.
    """
    need(actor, "case.whistle", case=case)
    if unit is not None and (unit.community_id != case.community_id or unit.left_at is not None):
        raise Refusal("unit_unknown", "请从本社区的单位里选。", {"unit": "不在列表里"})
    said = clean(note, NOTE_LIMIT).strip()
    if not said:
        raise Refusal("note_missing", "请写明为什么要请单位来，比如“要断电才能修”。", {"note": "必填"})
    if case.state not in ("reported", "dispatched", "handling"):
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，不用再请单位了。", "state_forbids")
    if wished(case) is not None:
        raise Conflict("已经申请过了，请等社区答复。", "whistled")
    row = Whistle.create(case=case, kind="public_appeal", reason=said, raised_by=actor.person)
    amend(case, "whistle", actor, said, after={"unit": unit.key if unit else ""})
    whistle_letters.wish(case, unit, said)
    return row


def wished(case: Case) -> Whistle | None:
    """The wish that waits for the community's answer."""
    return Whistle.get_or_none(Whistle.case == case, Whistle.state == "wished")


def answer(case: Case, *, actor: Actor, unit: Unit | None, note: str, party: Person | None = None) -> None:
    """The community answers a wish without a whistle: it asks one unit to act, or none for now; the worker is told.

    Not when the worker is the `party` whom the case is found to be about.
    """
    row = wished(case)
    if row is None:
        return
    said = clean(note, NOTE_LIMIT).strip()
    if unit is not None:
        move(row, "close", actor, result=f"社区已请{unit.name}处理", closed_at=now(), decision=said)
    else:
        move(row, "refuse", actor, decision=said, decided_by=actor.person, decided_at=now())
    if party is None or row.raised_by != party:
        whistle_letters.answered(row, unit, said)


# -- blowing -----------------------------------------------------------------------------------------------------------


def blow(
    case: Case, *, actor: Actor, kind: str, reason: str, calls: list[Call], within: int | None = None
) -> Whistle:  # fmt: skip
    """The community calls units. `within`: hours to report in, fewer than the usual limit of the kind.

    Where the setting whistle_confirm says so, and the street has somebody, nobody is told before it has confirmed.
    A wish of a worker is answered by it. Raises Conflict, or Refusal: kind_unknown, reason_missing, units_missing,
    units_many, lead_wrong, within_wrong, unit_twice, and those of subcase_ask.need_party and unit_duty.
    """
    need(actor, "whistle.blow", case=case)
    if kind not in KINDS:
        raise Refusal("kind_unknown", "请选择为什么吹哨。", {"kind": "不在选项里"})
    subcase_ask.need_askable(case)
    why = clean(reason, NOTE_LIMIT).strip()
    if not why:
        raise Refusal("reason_missing", "请写明为什么要请这些单位来。", {"reason": "必填"})
    _check_calls(case, calls)
    moment = now()
    _deadline(case, kind, within, moment)
    row = _begun(case, actor, kind, why, within, moment)
    for call in calls:
        subcase_ask.ask(
            case, actor=actor, kind="call", words=call.words.strip() or why, unit=call.unit, lead=call.lead,
            whistle=row,
        )  # fmt: skip
    names = "、".join(call.unit.name + ("（牵头）" if call.lead else "") for call in calls)
    add_step(case, "blow", case.state, case.state, actor, actor.role_in(case.community), f"{names}：{why}")
    audit.note(
        "whistle.blow", actor=actor, community=case.community, subject=row.key, rows=len(calls), kind=kind,
        after={"state": "asked"},
    )  # fmt: skip
    if row.raised_by_id != actor.person.id:
        whistle_letters.granted(row, names)
    if setting(case.community, "whistle_confirm") and crew.holding(["subdistrict_admin"], case.community):
        whistle_letters.to_confirm(row, names)
        return row
    return _sound(move(row, "confirm", None, due_at=_deadline(case, kind, within, moment)))


def _begun(case: Case, actor: Actor, kind: str, why: str, within: int | None, moment: datetime) -> Whistle:
    """The row, as asked for: a wish that is granted, or a new one. Until it is confirmed it is due in `within`."""
    row = wished(case)
    until = moment + timedelta(hours=within) if within else None
    if row is None:
        return Whistle.create(
            case=case, kind=kind, state="asked", reason=why, raised_by=actor.person, due_at=until
        )  # fmt: skip
    return move(row, "blow", actor, kind=kind, due_at=until)


def _check_calls(case: Case, calls: list[Call]) -> None:
    if not calls:
        raise Refusal("units_missing", "请至少选一个单位。", {"units": "必填"})
    if len(calls) > MOST:
        raise Refusal("units_many", f"一次最多请 {MOST} 个单位。", {"units": "太多了"})
    if len({call.unit.id for call in calls}) != len(calls):
        raise Refusal("unit_twice", "同一个单位只请一次。", {"units": "重复"})
    if sum(call.lead for call in calls) != 1:
        raise Refusal("lead_wrong", "请指定一个牵头单位，而且只能有一个。", {"lead": "要正好一个"})
    for call in calls:
        subcase_ask.need_party(case, unit=call.unit, worker=None)
        if call.lead:
            unit_duty.need_not_committee(case.category, call.unit)


def _deadline(case: Case, kind: str, within: int | None, moment: datetime) -> datetime:
    """By when the units report in: the limit of the kind in the community's calendar, or sooner if so asked."""
    limit = setting(case.community, "whistle_limits")[kind]
    usual = due(moment, limit["amount"], limit["clock"], calendar_of(case.community))
    if within is None:
        return usual
    asked = moment + timedelta(hours=within)
    if within < 1 or asked > usual:
        raise Refusal("within_wrong", "报到时限只能比规定的更早，不能更晚。", {"within": "太长了"})
    return asked


def _sound(row: Whistle) -> Whistle:
    """It is blown: every called unit has its deadline and its letter."""
    for one in calls_of(row):
        one.whistle, one.case, one.due_at = row, row.case, row.due_at
        Subcase.update(due_at=row.due_at, updated_at=now()).where(Subcase.id == one.id).execute()
        subcase_letters.request(one)
        subcase_letters.plan_reminders(one)
    return row


# -- what becomes of it ------------------------------------------------------------------------------------------------


def confirm(row: Whistle, *, actor: Actor, note: str = "") -> Whistle:
    """The street confirms: the deadlines run from now."""
    _need(row, actor, "whistle.confirm")
    moment, within = now(), _within(row)
    units = [one.unit for one in calls_of(row) if one.state in OPEN]
    left = next((unit for unit in units if unit.left_at is not None), None)
    if left is not None:
        raise Refusal("unit_left", f"{left.name}已经退出，请社区取消后重新吹哨。", {"unit": "已退出"})
    until = _deadline(row.case, row.kind, None, moment)
    row = move(
        row, "confirm", actor, decided_by=actor.person, decided_at=moment, decision=clean(note, NOTE_LIMIT).strip(),
        due_at=min(until, moment + within) if within else until,
    )  # fmt: skip
    whistle_letters.decided(row, "confirm", note)
    return _sound(row)


def _within(row: Whistle) -> timedelta | None:
    """How soon the community wanted them, of a whistle that waits for the street."""
    return row.due_at - row.updated_at if row.due_at else None


def refuse(row: Whistle, *, actor: Actor, note: str) -> Whistle:
    """The street does not agree, or the community does not grant a wish; with a reason. Nobody is called."""
    _need(row, actor, "whistle.confirm" if row.state == "asked" else "case.involve")
    reason = _reason(note)
    wish_only = row.state == "wished"
    row = move(row, "refuse", actor, decided_by=actor.person, decided_at=now(), decision=reason)
    _drop_calls(row, actor, "街道没有同意这次吹哨")
    if wish_only:
        whistle_letters.answered(row, None, reason)
    else:
        whistle_letters.decided(row, "refuse", reason)
    return row


def cancel(row: Whistle, *, actor: Actor, note: str) -> Whistle:
    """The community takes it back, with a reason the units are told."""
    _need(row, actor, "whistle.blow")
    reason = _reason(note)
    calls = [one for one in calls_of(row) if one.state in OPEN]
    row = move(row, "cancel", actor, result=reason, closed_at=now())
    _drop_calls(row, actor, reason, calls)
    return row


def close(
    row: Whistle, *, actor: Actor, result: str, ratings: dict[str, int] | None = None
) -> Whistle:  # fmt: skip
    """It is over: what was done together, and how each unit did (`ratings`: 1 to 5 by the key of its subcase).

    Raises Refusal result_missing, lead_open, nobody_came (then it is cancelled), rating_missing.
    """
    _need(row, actor, "whistle.blow")
    if find(WHISTLE, row.state, "close") is None or row.state == "wished":
        raise Conflict(f"这次吹哨现在是“{WHISTLE_STATES[row.state]}”，不能办结。", "state_forbids")
    said = clean(result, RESULT_LIMIT).strip()
    if not said:
        raise Refusal("result_missing", "请写明大家一起办成了什么。", {"result": "必填"})
    calls = calls_of(row)
    if all(one.state == "dropped" for one in calls):
        raise Refusal("nobody_came", "请的单位都取消了，请取消这次吹哨。")
    if any(one.lead and one.state not in OVER for one in calls):
        lead = next(one for one in calls if one.lead)
        raise Refusal("lead_open", f"牵头的{lead.unit.name}还没有办完，不能办结。")
    _rate(row, calls, actor, ratings or {})
    row = move(row, "close", actor, result=said, closed_at=now())
    _drop_calls(row, actor, "这次吹哨已经办结", [one for one in calls if one.state in OPEN])
    case = row.case
    add_step(case, "blow", case.state, case.state, actor, actor.role_in(case.community), f"办结：{said}")
    return row


def _rate(row: Whistle, calls: list[Subcase], actor: Actor, ratings: dict[str, int]) -> None:
    """Every unit that was called to the end is rated, also one that never came."""
    for one in calls:
        one.whistle, one.case = row, row.case
        if one.state == "dropped" or one.unit_rating is not None:
            continue
        rating = ratings.get(one.key)
        if rating is None or isinstance(rating, bool) or rating not in range(1, 6):
            raise Refusal("rating_missing", f"请给{one.unit.name}评 1 到 5 分。", {"ratings": "每个单位都要评"})
        subcase.rate_unit(one, actor=actor, rating=rating)


def end_with(case: Case, note: str = "") -> None:
    """The case ended: its whistles are over, and nobody need come."""
    for row in Whistle.select().where(Whistle.case == case, Whistle.state.in_(("wished", "asked", "blown"))):
        row.case = case
        move(row, "cancel", None, result=note or "这件事已经结束", closed_at=now())
    subcase.end_with(case, note)


def _drop_calls(row: Whistle, actor: Actor, note: str, calls: list[Subcase] | None = None) -> None:
    for one in calls_of(row) if calls is None else calls:
        if one.state in OPEN:
            one.whistle, one.case = row, row.case
            # The street refuses a whistle, the community drops its calls: the system does so for it.
            subcase.drop(one, actor=None, note=note)


def _need(row: Whistle, actor: Actor, action: str) -> None:
    """Raises NotFound for whom the whistle does not exist, Forbidden for whose it is not to say."""
    if not may(actor, action, case=row.case):
        if not may(actor, "subcase.read", case=row.case):
            raise NotFound()
        raise Forbidden()


def _reason(note: str) -> str:
    found = clean(note, NOTE_LIMIT).strip()
    if not found:
        raise Refusal("note_missing", "请写明原因。", {"note": "必填"})
    return found
