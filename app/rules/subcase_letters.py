"""Letters of subcases: the request, answers, reminders. A unit is told the matter and the place, never the reporter.

The content names the subcase (`subcase`, its key): who may still be told is asked of it when the letter is sent, and
for a unit the sender adds the address of its link (app/jobs/deliver.py), which stands in no row.
"""

from datetime import datetime, timedelta

from app.rules import crew, letter, rights, wording
from app.rules import subcase_words as words
from app.rules.actor import Actor
from app.rules.setting import setting, share
from app.rules.subcase_sight import OPEN, arbiters_of, contacts_of, is_called, may_read, parts_for
from models.base import now
from models.case import Case
from models.letter import Letter
from models.lifecycle import SUBCASE_STATES
from models.person import Person
from models.subcase import Subcase
from models.task import Task


def people_of(subcase: Subcase) -> list[Person]:
    """Who answers for it and has a way to be told: contacts of the unit, or the colleague; nobody of a complaint."""
    colleague = [subcase.worker] if subcase.worker_id is not None else []
    found = contacts_of(subcase.unit) if subcase.unit_id is not None else colleague
    parties = crew.parties_of(subcase.case)
    return [one for one in found if one.id not in parties]


def request(subcase: Subcase) -> None:
    """The request, to whoever answers for it; a unit nobody of which is in WeChat gets its link from the community."""
    for person in people_of(subcase):
        _owe("case_assigned", subcase, person, f"subcase:{subcase.id}:{subcase.version}", words.asked(subcase, now()))


def answered(subcase: Subcase, verb: str, note: str) -> None:
    """A verb of one side, to the other: an objection to the arbiter, a result to the community, a decision back."""
    text = words.moved(subcase, verb, words.plain(note))
    to_them = verb in ("insist", "drop", "redo")
    people = people_of(subcase) if to_them else arbiters_of(subcase) if verb == "refuse" else _community(subcase.case)
    for person in people:
        _owe("case_reminder", subcase, person, f"subcase:{subcase.id}:{verb}:{subcase.version}", text)


def reopened(case: Case) -> None:
    """The resident says that it is not solved: to each unit that had done its piece. Never in the resident's words."""
    done = Subcase.select().where(Subcase.case == case, Subcase.state == "done", Subcase.unit.is_null(False))
    newest = {subcase.unit_id: subcase for subcase in done.order_by(Subcase.id).limit(50)}
    for subcase in newest.values():
        text = f"{words.title(subcase)}：居民反映 #{case.number} 还没有解决，社区正在重新办理，需要时会再请贵单位到场。"
        for person in people_of(subcase):
            _owe("case_reminder", subcase, person, f"subcase:{subcase.id}:reopened:{case.reopened}", text)


def remind(subcase: Subcase, people: list[Person], event: str) -> None:
    """A reminder of its deadline."""
    text = words.reminded(subcase, now())
    for person in dict.fromkeys(people):
        _owe("case_reminder", subcase, person, event, text)


def late_for(subcase: Subcase, percent: int, level: int) -> list[Person]:
    """Whom a reminder goes to: the unit and the community, from the deadline on the street, a day later the district.

    While an objection waits it is the arbiter's to move.
    """
    near = [] if subcase.state == "refused" else people_of(subcase)
    found = [*near, *_community(subcase.case)]
    if subcase.state == "refused" or percent >= 100:
        found += arbiters_of(subcase)
    if level:
        parties = crew.parties_of(subcase.case)
        above = crew.holding(["subdistrict_admin", "district_admin"], subcase.case.community)
        found += [one for one in above if one.id not in parties]
    return found


def _community(case: Case) -> list[Person]:
    return crew.deciders_of(case)


def _owe(kind: str, subcase: Subcase, person: Person, event: str, text: str) -> None:
    case = subcase.case
    # What it is due, and its state, are those of the subcase: the case has its own.
    content = wording.facts(case) | {
        "place": words.where(case), "state": SUBCASE_STATES[subcase.state].split("，")[0], "subcase": subcase.key,
        "due": (subcase.due_at or now()).isoformat(), "text": text, "hint": f"{words.title(subcase)}，请答复",
    }  # fmt: skip
    letter.owe(
        kind=kind, person=person, community=case.community, case=case, event=event, content=content,
        urgent=case.hazard or (subcase.whistle_id is not None and subcase.whistle.kind == "emergency"),
    )  # fmt: skip


def may_be_told(sent: Letter, actor: Actor) -> bool:
    """Whether a letter about a subcase may still go to this person: while there is a part in it, or the desk is theirs.

    A request is of no use any more once it is over; nothing goes to whom the case is about.
    """
    found = Subcase.get_or_none(Subcase.key == sent.content["subcase"])
    if found is None or actor.is_party(found.case):
        return False
    if sent.kind == "case_assigned":
        return bool(parts_for(found, actor)) and found.state in OPEN
    return may_read(found, actor) or rights.may(actor, "desk.read", community=sent.community)


# -- deadlines ---------------------------------------------------------------------------------------------------------

#: After the deadline once a day, so many days.
AGAIN = timedelta(days=1)
DAYS = 7


def call_due(subcase: Subcase, *, percent: int, level: int, due: str) -> bool:
    """A share of its time has passed: whoever answers for it and the community are told, past it the street as well.

    Nothing when it was met or called off, or when the deadline was moved. Returns whether anybody was reminded.
    """
    met = subcase.arrived_at if subcase.kind == "call" else subcase.done_at
    moved = subcase.due_at is None or subcase.due_at.isoformat() != due
    if met is not None or moved or subcase.state not in OPEN:
        return False
    event = f"call_due:{subcase.id}:{int(subcase.due_at.timestamp())}:{percent}:{level}"
    remind(subcase, late_for(subcase, percent, level), event)
    Subcase.update(reminded=Subcase.reminded + 1).where(Subcase.id == subcase.id).execute()
    if percent >= 100 and level < DAYS:
        Task.insert(row(subcase, percent, level + 1, now() + AGAIN)).on_conflict_ignore().execute()
    return True


def plan_reminders(subcase: Subcase) -> None:
    """Write the reminders of its deadline, in one statement; a safety action is reminded of by its case."""
    if subcase.due_at is None or subcase.kind == "safety_action" or not is_called(subcase):
        return
    start = now()
    rows = [
        row(subcase, percent, 0, share(start, subcase.due_at, percent))
        for percent in setting(subcase.case.community, "remind_at")
    ]
    if rows:
        Task.insert_many(rows).on_conflict_ignore().execute()


def row(subcase: Subcase, percent: int, level: int, at: datetime) -> dict:
    """The task of one reminder; a deadline that was moved has other tasks."""
    due = subcase.due_at.isoformat()
    return dict(
        key=f"call_due:{subcase.id}:{int(subcase.due_at.timestamp())}:{percent}:{level}", kind="call_due", run_at=at,
        payload={"subcase": subcase.id, "percent": percent, "level": level, "due": due},
    )  # fmt: skip
