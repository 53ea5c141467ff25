"""Cases: the day of a manhole cover, and every pair of the life cycle."""


from app.rules import case as cases
from models.base import write
from models.case import Case, Step
from models.letter import Letter


def report(town, who="zhanglan", category="missing_manhole_cover", **more):
    with write():
        case = cases.report(
            actor=town.actor(who), community=town.community(), category=town.category(category), words="3号楼门口井盖坏了",
            channel="chat", place=town.building(), **more,
        )  # fmt: skip
    return Case.get_by_id(case.id)


def test_a_report_reaches_the_worker_of_the_place(town):
    case = report(town)
    assert (case.number, case.state, case.hazard) == (1001, "dispatched", True)
    assert case.handler == town.person("wangdashan")
    letter = Letter.get(Letter.case == case)
    assert (letter.person, letter.kind, letter.urgent) == (town.person("wangdashan"), "case_assigned", True)
    assert [step.verb for step in Step.select().order_by(Step.id)] == ["report", "dispatch"]
