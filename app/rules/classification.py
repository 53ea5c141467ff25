"""Somebody on duty says what a case is: its category, its zone and the filing condition of the city standard.

The reporter's words, first category and first times stay as they were. The limits are counted anew from the beginning
of the round, for a wrong label must not give more time than the right one; what was agreed to besides (an extension, a
hold) and what was already met stays. A moved category teaches the suggestion (app.rules.lesson).
"""

from datetime import datetime
from typing import NamedTuple

from app.rules import hazard, lesson, questionnaire, reminder, rights
from app.rules.actor import Actor
from app.rules.case_move import amend
from app.rules.city_class import condition_words, conditions_of, reference
from app.rules.clock import due
from app.rules.refusal import Conflict, Refusal
from app.rules.setting import calendar_of, categories_of, deadlines
from app.rules.zone import ZONES, need_zone
from models.base import now
from models.case import Case, Step
from models.category import Category
from models.city_class import FilingCondition
from models.extension import Extension
from models.lifecycle import CASE_OPEN, CASE_STATES
from models.place import Place

#: A danger whose category has no limit for it is made safe in two running hours (domain §2.7, §3.4).
SAFE = (2, "urgent_hour")
#: The limits in which something has still to happen: the field, and what meets it.
_MEETS = {
    "accept": ("accept_due", "accepted_at"), "contact": ("contact_due", "contacted_at"),
    "make_safe": ("safe_due", "safe_at"), "resolve": ("resolve_due", "handled_at"),
}  # fmt: skip


def limits(
    category: Category, community: Place, start: datetime, *, danger: bool, condition: FilingCondition | None = None
) -> dict[str, datetime]:
    """The deadlines, in UTC, of a case that begins at a moment: of its category, and of the condition where it says so.

    The limit of a condition replaces that for resolving; of a dangerous condition it is the one for making it safe.
    """
    found = deadlines(category, community, start)
    if condition is not None:
        name = "make_safe" if condition.hazard else "resolve"
        found[name] = due(start, condition.amount, condition.clock, calendar_of(community))
    if danger and "make_safe" not in found:
        found["make_safe"] = due(start, *SAFE, calendar_of(community))  # type: ignore[arg-type]
    if not danger:
        found.pop("make_safe", None)
    if "make_safe" in found and "resolve" in found:
        found["resolve"] = max(found["resolve"], found["make_safe"])
    return found


def classify(
    case: Case, *, actor: Actor, category: str, zone: str = "", condition: str = "", note: str = ""
) -> Case:
    """Say what a case is: a `category` by its code, a zone (empty: as it is, or that of a new category), a condition.

    `condition` is the reference of one of city_class.conditions_of the category, empty for none; `note` is for the
    history. Said again it changes nothing.
    Raises NotFound or Forbidden by the matrix, Refusal `category_unknown`, `zone_unknown` or `condition_unknown`,
    Conflict for a case that is over or was changed meanwhile.
    """
    rights.need(actor, "case.classify", case=case)
    if case.state not in CASE_OPEN:
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，不再改类别。", "state_forbids")
    wanted = _category(case, category)
    moved = wanted.id != case.category_id
    zone = zone or (wanted.zone if moved or not case.zone else case.zone)
    need_zone(zone)
    chosen = _condition(case, wanted, condition)
    if not moved and zone == case.zone and (chosen.id if chosen else None) == case.condition_id:
        return case
    danger = wanted.hazard or bool(chosen and chosen.hazard) or _told_of_danger(case)
    values = {"category": wanted, "zone": zone, "condition": chosen, "hazard": danger or case.safe_at is not None}
    amend(
        case, "classify", actor, _words(case, wanted, zone, chosen, note),
        before={"category": case.category.code, "zone": case.zone, "condition": _named(case.condition)},
        after={"category": wanted.code, "zone": zone, "condition": _named(chosen)},
        **values, **_dues(case, wanted, danger, chosen),
    )  # fmt: skip
    if moved:
        lesson.teach(case, wanted)
    hazard.begin(case)
    reminder.plan(case)
    return case


class Choices(NamedTuple):
    """What may be said of a case: its categories, and the filing conditions of the one it has."""

    categories: list[Category]
    conditions: list[tuple[str, str]]
    condition: str


def may_classify(case: Case, actor: Actor) -> bool:
    """Whether this person may say now what a case is."""
    return case.state in CASE_OPEN and rights.may(actor, "case.classify", case=case)


def choices(case: Case, actor: Actor) -> Choices | None:
    """What this person may say a case is; None for whom may not, and of a case that is over."""
    if not may_classify(case, actor):
        return None
    conditions = [(reference(row), condition_words(row)) for row in conditions_of(case.category, case.community)]
    return Choices(categories_of(case.community), conditions, _named(case.condition))


def answered(case: Case) -> list[tuple[str, str]]:
    """Questions and answers of a case as people read them.

    They were asked about the category it was first; what was filed as an emergency was asked about another.
    """
    answers = case.answers or {}
    if not answers:
        return []
    others = [row for row in categories_of(case.community) if _led_to(row, answers, case.first_category)]
    asked = next((row for row in (case.first_category, *others) if _asks_all(row, answers)), case.category)
    return questionnaire.said(asked.questions or (), answers)


def _asks_all(row: Category, answers: dict) -> bool:
    return set(answers) <= {one["code"] for one in row.questions or ()}


def _led_to(row: Category, answers: dict, first: Category) -> bool:
    return _asks_all(row, answers) and any(
        stop.get("file_as") == first.code and answers.get(one["code"]) in stop["any"]
        for one in row.questions for stop in one.get("stops", ())
    )  # fmt: skip


def _named(condition: FilingCondition | None) -> str:
    return reference(condition) if condition else ""


def _category(case: Case, code: str) -> Category:
    if code == case.category.code:
        return case.category
    found = next((row for row in categories_of(case.community) if row.code == code), None)
    if found is None:
        raise Refusal("category_unknown", "请从列表里选择问题类型。", {"category": "不在列表里"})
    return found


def _condition(case: Case, category: Category, wanted: str) -> FilingCondition | None:
    if not wanted:
        return None
    found = next((row for row in conditions_of(category, case.community) if reference(row) == wanted), None)
    if found is None:
        raise Refusal("condition_unknown", "请选择这个类别的立案条件，或者不选。", {"condition": "不是这个类别的"})
    return found


def _told_of_danger(case: Case) -> bool:
    """Whether the case is a danger for what was answered, and not for its category or condition alone."""
    by_label = case.category.hazard or bool(case.condition_id and case.condition.hazard)
    return case.hazard and not by_label


def _dues(case: Case, category: Category, danger: bool, condition: FilingCondition | None) -> dict:
    """What is not met yet, counted from the beginning of this round; more time that was agreed to is kept."""
    start = _began(case)
    found = limits(category, case.community, start, danger=danger, condition=condition)
    if case.contact_due is None and "contact" in (case.category.limits or {}):
        found.pop("contact", None)  # found by who works there: nobody has to be called back
    values = {due: found.get(name) for name, (due, met) in _MEETS.items() if getattr(case, met) is None}
    agreed = Extension.select().where(Extension.case == case, Extension.created_at >= start).exists()
    if agreed and "resolve_due" in values:
        kept = case.resolve_due
        values["resolve_due"] = max(kept, values["resolve_due"]) if kept and values["resolve_due"] else kept
    return values


def _began(case: Case) -> datetime:
    """When this round began: with the report, or when it was last opened again."""
    if not case.reopened:
        return case.created_at
    again = Step.select(Step.at).where(Step.case == case, Step.verb == "reopen").order_by(Step.id.desc()).first()
    return again.at if again else min(case.created_at, now())


def _words(case: Case, category: Category, zone: str, condition: FilingCondition | None, note: str) -> str:
    """What the history says: only what changed."""
    said = []
    if category.id != case.category_id:
        said.append(f"{case.category.name} → {category.name}")
    if zone != case.zone:
        said.append(ZONES[zone])
    if condition is not None and condition.id != case.condition_id:
        said.append(condition_words(condition))
    if condition is None and case.condition_id is not None:
        said.append("不再按立案条件")
    return "；".join([*said, note] if note else said)
