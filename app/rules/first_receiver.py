"""首接负责: who received a matter first stays answerable until a competent unit has accepted it.

北京市接诉即办工作条例 Art. 14: the first receiver may not shuffle off; it leads, others co-operate and report to it.
Nothing is stored for it: the community convenes as long as no unit that leads has accepted. What a unit refuses, or
what is handed over and not accepted, is therefore the community's again at once, with nobody having to give it back.
"""

from typing import NamedTuple

from models.case import Case, Step
from models.person import Person
from models.place import Place
from models.subcase import Subcase
from models.unit import Unit

#: The states of a subcase in which its unit has taken it on.
TAKEN_ON = ("accepted", "arrived", "done")
#: Who takes a case takes it by one of these verbs.
TAKES = ("accept", "grab")


class Convener(NamedTuple):
    """Who answers for a case as a whole: the community and its worker, or the unit that accepted to lead."""

    community: Place
    worker: Person | None
    unit: Unit | None
    words: str


def convener_of(case: Case) -> Convener:
    """Who convenes a case now: two queries at most, and one more without a worker in charge."""
    lead = (
        Subcase.select(Subcase, Unit)
        .join(Unit)
        .where(Subcase.case == case, Subcase.lead, Subcase.state.in_(TAKEN_ON))
        .order_by(Subcase.id.desc())
        .first()
    )
    community, worker = case.community, case.handler if case.handler_id else first_worker(case)
    if lead is not None:
        return Convener(community, worker, lead.unit, f"“{lead.unit.name}”已接受主办，{community.name}继续跟进。")
    if case.state == "handed_over":
        whom = f"“{case.handed_to}”" if case.handed_to else "有关单位"
        return Convener(
            community, worker, None, f"已转交{whom}；对方受理之前，由首接的{community.name}负责跟进和答复。"
        )
    return Convener(community, worker, None, f"{community.name}首先接到，牵头负责到底。")


def first_worker(case: Case) -> Person | None:
    """Who took the case first, ever; None when nobody did."""
    taken = Step.select(Step, Person).join(Person).where(Step.case == case, Step.verb.in_(TAKES))
    first = taken.order_by(Step.id).first()
    return first.actor if first else None
