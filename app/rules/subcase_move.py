"""The one way a subcase changes: by the table models.lifecycle.SUBCASE, guarded by state and version.

Each change writes, in the caller's one transaction, its step, its audit row, a step on the case for staff, and the row
for open screens; the letters are owed by the verb (app.rules.subcase).
"""

from app.rules import audit
from app.rules import subcase_words as said_so
from app.rules.actor import Actor
from app.rules.case_move import add_step
from app.rules.refusal import Conflict, Forbidden, Refusal
from app.rules.subcase_sight import parts_for
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.lifecycle import SUBCASE, SUBCASE_STATES, SUBCASE_VERBS, find
from models.subcase import Subcase, SubcaseStep

NOTE_LIMIT = 500
WHO_LIMIT = 32
#: Who says a verb that several parts may say.
ORDER = ("unit", "worker", "community_admin", "arbiter", "system")


def move(subcase: Subcase, verb: str, actor: Actor | None, note: str = "", who: str = "", **values) -> Subcase:
    """The one way a subcase changes state. `who` is the name given by whoever holds the unit's link.

    Raises Forbidden when the table gives this verb to others, Conflict when the state does not allow it (any more).
    """
    step = find(SUBCASE, subcase.state, verb)
    if step is None:
        raise Conflict(
            f"{said_so.party(subcase)}现在是“{SUBCASE_STATES[subcase.state]}”，不能再{SUBCASE_VERBS[verb]}。",
            "state_forbids",
        )
    held = step.who & (parts_for(subcase, actor) if actor else frozenset({"system"}))
    if not held:
        raise Forbidden()
    _keep(subcase, verb, actor, next(part for part in ORDER if part in held), note, who, state=step.target, **values)
    return subcase


def amend(subcase: Subcase, verb: str, actor: Actor, part: str, note: str, who: str, **values) -> Subcase:
    """Change a subcase without moving it, said in this part. Raises Conflict."""
    _keep(subcase, verb, actor, part, note, who, **values)
    return subcase


def _keep(subcase: Subcase, verb: str, actor: Actor | None, part: str, note: str, who: str, **values) -> None:
    """Write a change with all that goes with it. Raises Conflict when somebody was faster."""
    case, before = subcase.case, subcase.state
    values = {"state": before, **values, "version": subcase.version + 1, "updated_at": now()}
    mine = (Subcase.id == subcase.id) & (Subcase.state == before) & (Subcase.version == subcase.version)
    if not Subcase.update(**values).where(mine).execute():
        raise Conflict("刚才有人先办了，请刷新后再看。")
    for name, value in values.items():
        setattr(subcase, name, value)
    role = _role(part, actor, case)
    add_subcase_step(subcase, verb, before, actor, role, note, who)
    if subcase.kind == "safety_action":
        return  # its case says so itself: "现场已安全", "办好了", or how it ended
    add_step(case, "subcase", case.state, case.state, actor, role, said_so.step(subcase, verb, note, who))
    audit.note(
        f"subcase.{verb}", actor=actor, community=case.community, subject=subcase.key, before={"state": before},
        after={"state": subcase.state},
    )  # fmt: skip
    audit.tell_screens(case.community, "case", case.key)


def _role(part: str, actor: Actor | None, case: Case) -> str:
    if part == "unit":
        return "unit_contact"
    return actor.role_in(case.community) if actor else "system"


def add_subcase_step(
    subcase: Subcase, verb: str, before: str, actor: Actor | None, role: str, note: str = "", who: str = ""
) -> None:
    """Write down what happened to a subcase, which is now in its new state."""
    SubcaseStep.insert(
        subcase=subcase, verb=verb, from_state=before, to_state=subcase.state, actor=actor.person if actor else None,
        actor_role=role, who=who, note=note,
    ).execute()  # fmt: skip


def need_words(text: str, message: str, field: str = "note") -> str:
    """Words as they are kept. Raises Refusal words_missing."""
    found = words_of(text)
    if not found:
        raise Refusal("words_missing", message, {field: "必填"})
    return found


def words_of(text: str) -> str:
    """A note as it is kept."""
    return clean(text, NOTE_LIMIT).strip()


def name_of(text: str) -> str:
    """The name that somebody gives, as it is kept."""
    return clean(text, WHO_LIMIT).strip()
