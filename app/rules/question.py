"""The community asks the reporter for more: one question at a time, with days to answer, and it ends by itself.

It stops no clock: who asks goes on working, and a reporter who does not answer holds nothing up (peers: Signalen's
reaction request). The answer, from the chat or the mini-program, is a step of the case; unanswered the question lapses
and the case goes on as it is. An anonymous reporter is asked and answers under the alias.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import peewee

from app.rules import audit, case_letters, crew, deed, letter, question_words, rights, wording
from app.rules import conversation as talk
from app.rules.actor import Actor
from app.rules.case_move import WORDS_LIMIT, add_step, part_of_reporter
from app.rules.refusal import Conflict, NotFound, Refusal
from app.rules.setting import setting
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.conversation import Line
from models.lifecycle import QUESTION, QUESTION_STATES, find
from models.person import Person
from models.place import Place
from models.question import Question
from models.task import Task

TEXT_LIMIT = 300
MOST_DAYS = 30
#: States in which an answer can still change what is done.
IN_WORK = ("reported", "dispatched", "handling", "checking", "planned")
#: What an answer is when only a picture was sent.
PICTURE = "（发来照片）"


def ask(case: Case, *, actor: Actor, text: str, days: int | None = None) -> Question:
    """Ask the reporter. `text` 1 to 300 characters, `days` 1 to 30 (the community's "question_days" when not said).

    Raises Forbidden or NotFound, Refusal `text_missing`, `text_too_long`, `days_out_of_range`, Conflict
    `state_forbids` when nothing is being done any more, `question_open` while another waits.
    """
    rights.need(actor, "case.ask", case=case)
    text = clean(text, 2 * TEXT_LIMIT).strip()
    if not text:
        raise Refusal("text_missing", "请写明要请居民补充什么。", {"text": "必填"})
    if len(text) > TEXT_LIMIT:
        raise Refusal("text_too_long", f"问题请在 {TEXT_LIMIT} 字以内，一次问一件事。", {"text": "太长"})
    days = setting(case.community, "question_days") if days is None else days
    if not 1 <= days <= MOST_DAYS:
        raise Refusal("days_out_of_range", f"请给居民 1 到 {MOST_DAYS} 天回答。", {"days": "不在范围里"})
    # Held until the end of the transaction: of two who ask at once the second meets the first one's question.
    Case.update(updated_at=now()).where(Case.id == case.id).execute()
    case = Case.get_by_id(case.id)
    if case.state not in IN_WORK:
        raise Conflict(f"#{case.number} 现在不在办理中，不用再问了。", "state_forbids")
    if open_of(case) is not None:
        raise Conflict("上一个问题还在等居民回答，回答之后再问，或先取消它。", "question_open")
    moment = now()
    row = Question.create(case=case, text=text, asked_by=actor.person, due_at=moment + timedelta(days=days))
    part = actor.role_in(case.community)
    add_step(case, "ask", case.state, case.state, actor, part, text)
    # It is read again in the talk, under the alias when the report is an anonymous one.
    conversation = talk.open_with(case.reporter, case.community)
    Line.create(
        conversation=conversation, author="community", speaker=actor.person, speaker_role=part, text=text, case=case
    )
    Task.insert(
        key=f"question:{row.id}", kind="question", run_at=row.due_at, payload={"question": row.id}
    ).on_conflict_ignore().execute()
    _note(row, "case.ask", actor)
    _tell_reporter(row, question_words.asked(row, moment))
    return row


def answer(row: Question, *, actor: Actor, text: str, photos: Iterable[str] = (), per_case: int = 9) -> Question:
    """The reporter answers, with the keys of uploaded photos; who asked and who is on it are told.

    Raises NotFound for somebody else's, Conflict `question_over`, Refusal `text_missing` or what deed.attach refuses.
    """
    case, photos = row.case, tuple(photos)
    if case.reporter_id not in actor.selves:
        raise NotFound()
    rights.need(actor, "case.answer", case=case)
    text = clean(text, WORDS_LIMIT).strip() or (PICTURE if photos else "")
    if not text:
        raise Refusal("text_missing", "请写点什么再发送。", {"text": "必填"})
    if case.state not in IN_WORK:
        raise Conflict(f"#{case.number} 已经办完，不用再回答了。有新情况请重新上报。", "question_over")
    deed.attach(case, actor, photos, "report", per_case)
    moment = now()
    row = _move(row, "answer", answer=text, answered_at=moment)
    part, speaker = part_of_reporter(case, actor), actor.facing(case)
    add_step(case, "answer", case.state, case.state, speaker, part, text)
    _note(row, "case.answer", speaker)
    _tell_staff(row, question_words.answered(row), "居民补充了情况")
    return row


def withdraw(row: Question, *, actor: Actor) -> Question:
    """It need not be answered any more; the reporter is told. Raises Forbidden, NotFound, Conflict `question_over`."""
    rights.need(actor, "case.ask", case=row.case)
    row = _move(row, "withdraw")
    _note(row, "question.withdraw", actor)
    _tell_reporter(row, question_words.withdrawn(row))
    return row


def lapse(row: Question) -> None:
    """Its days are over (a task calls this): who asked is told, unless the case is over too; nothing else changes."""
    if row.state != "open":
        return
    row = _move(row, "lapse")
    _note(row, "question.lapse", None)
    if row.case.state in IN_WORK:
        _tell_staff(row, question_words.lapsed(row), "居民没有回答")


# -- what is known of questions ---------------------------------------------------------------------------------------


def open_of(case: Case) -> Question | None:
    """The question of a case that waits for its answer."""
    return Question.get_or_none(Question.case == case, Question.state == "open")


def of_case(case: Case) -> list[Question]:
    """The questions of a case, the oldest first, each with who asked; the newest fifty."""
    rows = Question.select(Question, Person).join(Person, on=(Question.asked_by == Person.id), attr="asked_by")
    return list(rows.where(Question.case == case).order_by(Question.id.desc()).limit(50))[::-1]


def waiting_for(actor: Actor) -> list[Question]:
    """The questions that this person can answer now, without those of anonymous reports, the newest first."""
    own = Case.reporter.in_(list(actor.selves)) & ~Case.anonymous & Case.state.in_(IN_WORK)
    rows = Question.select(Question, Case).join(Case, on=(Question.case == Case.id), attr="case")
    return list(rows.where(own, Question.state == "open").order_by(Question.id.desc()).limit(9))


def answered_lately(actor: Actor, moment: datetime) -> Question | None:
    """The question this person answered last, as long as pictures sent now still belong to it."""
    own = Case.reporter.in_(list(actor.selves)) & ~Case.anonymous & Case.state.in_(IN_WORK)
    rows = Question.select(Question, Case).join(Case, on=(Question.case == Case.id), attr="case")
    row = rows.where(own, Question.state == "answered").order_by(Question.answered_at.desc()).first()
    if row is None:
        return None
    minutes = timedelta(minutes=setting(row.case.community, "attach_minutes"))
    return row if row.answered_at >= moment - minutes else None


def open_in(communities: Iterable[Place]) -> peewee.Expression:
    """The condition on Question and a joined Case of those that wait, in these communities."""
    places = [place.id for place in communities]
    return (Question.state == "open") & Case.community.in_(places) & Case.state.in_(IN_WORK)


def may_answer(row: Question, actor: Actor) -> bool:
    """Whether this person's answer would be taken now."""
    return row.state == "open" and row.case.state in IN_WORK and row.case.reporter_id in actor.selves


def state_words(row: Question) -> str:
    """How it stands, in Chinese."""
    return QUESTION_STATES[row.state]


# -- how it is written -------------------------------------------------------------------------------------------------


def _move(row: Question, verb: str, **values) -> Question:
    step = find(QUESTION, row.state, verb)
    done = step and Question.update(state=step.target, **values).where(
        Question.id == row.id, Question.state == row.state
    ).execute()  # fmt: skip
    if not done:
        state = QUESTION_STATES[Question.get_by_id(row.id).state]
        raise Conflict(f"这个问题现在是“{state}”，不用再答了。", "question_over")
    return Question.get_by_id(row.id)


def _note(row: Question, action: str, actor: Actor | None) -> None:
    case = row.case
    audit.note(action, actor=actor, community=case.community, subject=case.key, after={"state": row.state})
    audit.tell_screens(case.community, "case", case.key)


def _tell_reporter(row: Question, text: str) -> None:
    case = row.case
    letter.owe(
        kind="case_progress", person=case.reporter, community=case.community, case=case,
        event=f"question:{row.id}:{row.state}", next_persons=case_letters.family_of(case),
        content=wording.facts(case) | {"text": text, "due": row.due_at.isoformat(), "hint": "请您补充情况"},
    )  # fmt: skip


def _tell_staff(row: Question, text: str, hint: str) -> None:
    """To who asked and who has the case; to the nearest level that decides, where neither is on duty any more."""
    case = row.case
    shut = crew.parties_of(case)
    people = [one for one in (row.asked_by, case.handler) if one is not None and one.id not in shut]
    told = [one for one in dict.fromkeys(people) if crew.on_duty(one, case.community)] or crew.deciders_of(case)
    for person in told:
        letter.owe(
            kind="case_reminder", person=person, community=case.community, case=case, urgent=case.hazard,
            event=f"question:{row.id}:{row.state}",
            content=wording.facts(case) | {"due": now().isoformat(), "text": text, "hint": hint},
        )  # fmt: skip
