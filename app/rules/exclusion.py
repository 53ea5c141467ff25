"""不予考核: leave a case out of the indicators, with a reason that is one of a list and a second person's consent.

The case itself, its times and its judgement stay as they are: only the counting leaves it out, and the figures say
beside themselves how many were left out, why, and who agreed (domain §3.3). The same two steps put it back.
"""

import peewee

from app.rules import audit
from app.rules.actor import Actor
from app.rules.case_move import add_step
from app.rules.refusal import Conflict, NotFound
from app.rules.rights import may
from models.case import Case
from models.exclusion import REASONS, Exclusion
from models.person import Person

ACTION = "case.exclude"
#: Only what is over can be left out: nobody polishes a figure by taking away what is still open.
ENDED = ("closed", "closed_no_feedback", "rejected", "handed_over", "merged", "withdrawn")


def decide(actor: Actor, payload: dict) -> None:
    """Do what the second person agreed to, in the name of who asked (app.rules.approval.DEEDS).

    Raises NotFound for a case the asker may not exclude any more, Conflict when it was reopened meanwhile.
    """
    case = Case.get_by_id(payload["case"])
    if not may(actor, ACTION, case=case):
        raise NotFound()
    second = Person.get_by_id(payload["agreed_by"])
    if payload.get("back"):
        if not Exclusion.delete().where(Exclusion.case == case).execute():
            raise Conflict(f"#{case.number} 本来就参加考核。")
        told = "恢复考核"
    else:
        need_ended(case)
        row = Exclusion.insert(
            case=case, reason=payload["reason"], note=payload["note"], asked_by=actor.person, agreed_by=second
        )
        try:
            row.execute()
        except peewee.IntegrityError:
            raise Conflict(f"#{case.number} 已经不予考核了。") from None
        # The reporter reads this step: the reason stands there, the words of the desk do not.
        told = REASONS[payload["reason"]]
    add_step(case, "exclude", case.state, case.state, actor, actor.role_in(case.community), told)
    audit.note(
        ACTION, actor=actor, community=case.community, subject=case.key,
        after={"excluded": not payload.get("back")}, why=payload.get("reason", ""), second=second.key,
    )  # fmt: skip
    audit.tell_screens(case.community, "case", case.key)


def excluded(case: Case) -> Exclusion | None:
    """Why a case is left out, None when it counts."""
    return Exclusion.get_or_none(Exclusion.case == case)


def listed(scope: peewee.Expression, start, stop) -> peewee.ModelSelect:
    """What was left out in a span, with its case and the two people, the newest first."""
    asked, agreed = Person.alias(), Person.alias()
    return (
        Exclusion.select(Exclusion, Case, asked, agreed)
        .join(Case, on=(Exclusion.case == Case.id))
        .switch(Exclusion)
        .join(asked, on=(Exclusion.asked_by == asked.id), attr="asked_by")
        .switch(Exclusion)
        .join(agreed, peewee.JOIN.LEFT_OUTER, on=(Exclusion.agreed_by == agreed.id), attr="agreed_by")
        .where(scope, Exclusion.at >= start, Exclusion.at < stop)
        .order_by(Exclusion.id.desc())
    )


def by_reason(scope: peewee.Expression, start, stop) -> list[tuple[str, int]]:
    """How many were left out in a span for each reason, in the order of REASONS. One query."""
    rows = Exclusion.select(Exclusion.reason, peewee.fn.COUNT(Exclusion.id)).join(Case)
    found = dict(
        rows.where(scope, Exclusion.at >= start, Exclusion.at < stop).group_by(Exclusion.reason).tuples()
    )
    return [(reason, int(found[reason])) for reason in REASONS if reason in found]


def need_ended(case: Case) -> None:
    """Refuse with a Conflict unless a case is over."""
    if case.state not in ENDED:
        raise Conflict(f"#{case.number} 还没有办结，办结以后才能申请不予考核。", "state_forbids")
