"""The copy of one's data, continued: what the person recorded, met as well, was asked, judged, and joined."""

from app.rules import voice
from app.rules.personal_names import Names
from models.case import Case
from models.delegation import Delegation
from models.follow import Follow
from models.judgement import Judgement
from models.lifecycle import QUESTION_STATES
from models.question import Question
from models.task_force import KINDS, TaskForce, TaskForceMember
from models.voice import Voice


def voices(mine: list[int]) -> tuple[list[dict], dict[str, str]]:
    """The person's own recordings, also for a father whose report it is; and their files (name in the copy: key)."""
    told, files = [], {}
    for row in Voice.select().where(Voice.uploader.in_(mine)).order_by(Voice.id):
        name = f"voices/{row.key}.{row.format}"
        told.append({"key": row.key, "seconds": row.seconds, "created_at": row.created_at, "file": name})
        files[name] = voice.file_of(row)
    return told, files


def follows(mine: list[int]) -> list[dict]:
    """The cases of others that the person follows: their numbers, and since when."""
    rows = Follow.select(Follow, Case).join(Case).where(Follow.person.in_(mine)).order_by(Follow.id)
    return [{"number": row.case.number, "at": row.at} for row in rows]


def questions(mine: list[int], names: Names) -> dict[int, list[dict]]:
    """What the person was asked about the own cases, and answered, by case id."""
    told: dict[int, list[dict]] = {}
    for row in Question.select().join(Case).where(Case.reporter.in_(mine)).order_by(Question.id):
        told.setdefault(row.case_id, []).append({
            "asked": names.hide(row.text), "at": row.created_at, "state": QUESTION_STATES[row.state],
            "answer": row.answer, "answered_at": row.answered_at,
        })  # fmt: skip
    return told


def judgements(mine: list[int], names: Names) -> dict[int, list[dict]]:
    """How the person judged the own cases, and what was decided on it, by case id."""
    told: dict[int, list[dict]] = {}
    for row in Judgement.select().join(Case).where(Case.reporter.in_(mine)).order_by(Judgement.id):
        told.setdefault(row.case_id, []).append({
            "satisfaction": row.satisfaction, "aspects": row.aspects, "answers": row.answers, "note": row.note,
            "asks_reopen": row.asks_reopen, "decision": row.decision, "at": row.at,
            "decision_note": names.hide(row.decision_note),
        })  # fmt: skip
    return told


def task_forces(mine: list[int]) -> list[dict]:
    """The teams the person asked to join."""
    rows = TaskForceMember.select(TaskForceMember, TaskForce).join(TaskForce).where(TaskForceMember.person.in_(mine))
    return [
        {"name": row.task_force.name, "as": KINDS[row.kind], "joined_at": row.joined_at, "left_at": row.left_at}
        for row in rows.order_by(TaskForceMember.id)
    ]


def delegations(mine: list[int]) -> list[dict]:
    """Who of the family acts for whom."""
    rows = Delegation.select().where(Delegation.principal.in_(mine) | Delegation.agent.in_(mine))
    return [
        {
            "mine": "家人替我办" if row.principal_id in mine else "我替家人办", "kind": row.kind,
            "relation": row.relation, "state": row.state, "asked_at": row.asked_at, "confirmed_at": row.confirmed_at,
            "ended_at": row.ended_at,
        }
        for row in rows.order_by(Delegation.id)
    ]  # fmt: skip
