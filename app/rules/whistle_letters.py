"""Letters of whistles: the wish and its answer, the street's confirmation, and its decision back to the community."""

from app.rules import case_letters, crew, letter, wording
from app.rules import subcase_words as words
from app.rules.clock import near
from models.base import now
from models.case import Case
from models.person import Person
from models.unit import Unit
from models.whistle import KINDS, Whistle


def wish(case: Case, unit: Unit | None, note: str) -> None:
    """A worker asks for a unit, to the nearest level that decides."""
    case_letters.whistle(case, unit, note)


def answered(row: Whistle, unit: Unit | None, note: str) -> None:
    """The community's answer, to the worker who wished; not to whom the case is about."""
    if row.raised_by_id not in crew.parties_of(row.case):
        case_letters.whistle_answered(row.case, row.raised_by, unit, note)


def granted(row: Whistle, names: str) -> None:
    """The community blew, to the worker who wished for it."""
    case, worker = row.case, row.raised_by
    if worker.id in crew.parties_of(case) or not crew.on_duty(worker, case.community):
        return
    _owe(row, worker, "granted", f"#{case.number} {case.category.name}：社区已经吹哨，请了{names}。", "社区已经吹哨")


def to_confirm(row: Whistle, names: str) -> None:
    """The street is asked to confirm; without anybody there the nearest level above."""
    case, parties = row.case, crew.parties_of(row.case)
    street = [one for one in crew.holding(["subdistrict_admin"], case.community) if one.id not in parties]
    text = (
        f"【请确认吹哨】{case.community.name} #{case.number} {case.category.name}，{words.where(case)}："
        f"{KINDS[row.kind]}，请{names}。{words.plain(row.reason)}"
    )
    for person in street or crew.deciders_of(case, above=True):
        _owe(row, person, "to_confirm", text, "请确认吹哨")


def decided(row: Whistle, verb: str, note: str) -> None:
    """What the street decided, to the community."""
    case = row.case
    until = f"，{near(row.due_at, now())}前报到" if verb == "confirm" and row.due_at else ""
    said = f"街道已确认吹哨{until}。{note}" if verb == "confirm" else f"街道没有同意这次吹哨：{note}"
    for person in crew.deciders_of(case):
        _owe(row, person, verb, f"#{case.number} {case.category.name}：{said}", "街道已答复")


def _owe(row: Whistle, person: Person, event: str, text: str, hint: str) -> None:
    case = row.case
    letter.owe(
        kind="case_reminder", person=person, community=case.community, case=case,
        urgent=case.hazard or row.kind == "emergency", event=f"whistle:{row.id}:{event}:{row.version}",
        content=wording.facts(case) | {"due": (row.due_at or now()).isoformat(), "text": text, "hint": hint},
    )  # fmt: skip
