"""The residents judge the result: how satisfied, each aspect, standard answers and own words, or no word in time.

A standard answer that asks for it, or free words with 不满意, are a wish to have it done again, on which a person
decides (app.rules.reopening). Silence is `lapse`, which is never satisfaction (domain §3.8).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import peewee

from app.rules import audit, crew, judgement_words, letter, veil, wording
from app.rules.actor import Actor
from app.rules.case_move import add_step, move, part_of_reporter
from app.rules.own_work import need_other_judge
from app.rules.refusal import Conflict, Refusal
from app.rules.setting import setting
from models.base import now
from models.case import Case, Step
from models.judgement import ASPECTS, Judgement
from models.lifecycle import SATISFACTION
from models.place import Place
from models.role import Role
from models.task import Task

#: A request that nobody decided on for so long is shown as overdue (peers: Signalen).
REQUEST_DAYS = 14


def answers_of(community: Place) -> dict[str, tuple[str, tuple[str, ...], bool]]:
    """The standard answers of a community: code to (words, the satisfactions they fit, whether they ask to reopen)."""
    return {
        code: (words, tuple(fits), asks) for code, words, fits, asks in setting(community, "judgement_answers")
    }  # fmt: skip


def confirm(
    case: Case, *, actor: Actor, satisfaction: str, note: str = "", aspects: Mapping[str, str] | None = None,
    answers: Iterable[str] = (),
) -> Case:  # fmt: skip
    """The reporter judges the round: how satisfied, each of ASPECTS, standard answers, own words.

    Only this closes a case as judged. An answer that asks for reopening says that it is not solved.
    Raises Refusal `satisfaction_unknown`, `aspect_unknown`, `answer_unknown`, `answer_misfit`, or `own_work`.
    """
    if satisfaction not in SATISFACTION:
        raise Refusal("satisfaction_unknown", "请选择：满意、基本满意或不满意。", {"satisfaction": "不在选项里"})
    need_other_judge(case, actor)
    told = _aspects(aspects or {})
    codes, words, asks = _answers(case, satisfaction, answers)
    said = judgement_words.said(satisfaction, told, words, note)
    case = move(case, "confirm", actor, said, solved=not asks, satisfaction=satisfaction, closed_at=now())
    wishes = asks or (satisfaction == "dissatisfied" and bool(note.strip()))
    row = write_row(case, satisfaction=satisfaction, aspects=told, answers=codes, note=note, asks_reopen=wishes)
    if wishes:
        ask_decision(case, row)
    return case


def add(case: Case, *, actor: Actor, answers: Iterable[str] = (), note: str = "") -> Judgement:
    """What was not good, said after a bare 不满意 of this round; it counts as if it had been said with it.

    Raises Conflict when there is nothing to add to, Refusal as `confirm`.
    """
    row = last_of(case)
    if row is None or not lacks_reason(case, row):
        raise Conflict("这件事已经有了变化，请回复“我的上报”看看。", "nothing_to_add")
    codes, words, asks = _answers(case, row.satisfaction, answers)
    said = judgement_words.said(row.satisfaction, {}, words, note)
    say_again(case, actor, said, solved=False if asks else case.solved)
    row = write_row(case, answers=codes, note=note, asks_reopen=asks or bool(note.strip()), at=now())
    if row.asks_reopen:
        ask_decision(case, row)
    return row


def lacks_reason(case: Case, row: Judgement) -> bool:
    """Whether a judgement is a bare 不满意 of the round that the case is in."""
    bare = row.satisfaction == "dissatisfied" and not (row.answers or row.note or row.asks_reopen)
    return bare and case.state == "closed" and row.round == case.reopened


def awaited(case: Case, version: int) -> bool:
    """Whether the judgement that a task was written for, at that version, is still the one waited for.

    What was noted on the case meanwhile changes nothing; work that was done anew has a later task of its own.
    """
    if case.state != "handled" or case.version == version:
        return case.state == "handled"
    later = Task.key.startswith(f"lapse:{case.id}:") & (Task.state == "ready") & (Task.run_at > now())
    return not Task.select().where(later).exists()


def lapse(case: Case) -> Case:
    """Nobody judged in time: closed without feedback, which never counts as satisfied."""
    return move(case, "lapse", None, closed_at=now())


# -- what is known of judgements --------------------------------------------------------------------------------------


def last_of(case: Case) -> Judgement | None:
    """The judgement of the newest round."""
    return Judgement.select().where(Judgement.case == case).order_by(Judgement.round.desc()).first()


def waits(row: Judgement) -> bool:
    """Whether a wish to reopen waits for a decision."""
    return row.asks_reopen and not row.decision


def asked(case: Case) -> bool:
    """Whether such a wish waits on this case."""
    row = last_of(case) if case.state == "closed" else None
    return row is not None and waits(row)


def requests() -> peewee.Expression:
    """The condition on Case and a joined Judgement of the wishes that wait."""
    return (Case.state == "closed") & Judgement.asks_reopen & (Judgement.decision == "")


def overdue(row: Judgement, moment: datetime) -> bool:
    """Whether a request has waited longer than a person should need."""
    return waits(row) and row.at < moment - timedelta(days=REQUEST_DAYS)


def kept(case: Case) -> int:
    """How often in this round it was decided not to do it again."""
    rounds = Step.select(peewee.fn.MAX(Step.id)).where(Step.case == case, Step.verb == "reopen")
    since = peewee.fn.COALESCE(rounds, 0)
    return Step.select().where(Step.case == case, Step.verb == "keep", Step.id > since).count()


def self_praise(case: Case) -> bool:
    """Whether who judges is on the side of who worked: the worker's own report, or one of staff of the community.

    Not known of an anonymous report, and not looked for there. app.rules.statistics shows it beside the rates.
    """
    if case.anonymous:
        return False
    people = {case.reporter_id, case.filed_by_id} - {None}
    if case.handler_id in people or case.checked_by_id in people:
        return True
    return Case.select().where(Case.id == case.id, praised_by_staff()).exists()


def praised_by_staff() -> peewee.Expression:
    """The same as a condition on Case, for lists."""
    judges = (Role.person == Case.reporter) | (Role.person == Case.filed_by)
    at = peewee.fn.COALESCE(Case.closed_at, Case.updated_at)
    in_force = (Role.starts_at <= at) & (Role.ends_at.is_null() | (Role.ends_at > at))
    staff = Role.select(Role.id).where(judges, in_force, Role.place == Case.community)
    own = (Case.handler == Case.reporter) | (Case.handler == Case.filed_by) | (Case.checked_by == Case.reporter)
    return ~Case.anonymous & (peewee.fn.COALESCE(own, False) | peewee.fn.EXISTS(staff))


# -- how it is written -------------------------------------------------------------------------------------------------


def _aspects(aspects: Mapping[str, str]) -> dict[str, str]:
    if set(aspects) - set(ASPECTS) or set(aspects.values()) - set(SATISFACTION):
        raise Refusal("aspect_unknown", "请从列出的方面里选择，每项选一个。", {"aspects": "不在选项里"})
    return {code: aspects[code] for code in ASPECTS if code in aspects}


def _answers(case: Case, satisfaction: str, answers: Iterable[str]) -> tuple[list[str], list[str], bool]:
    """(codes, words, whether any asks to reopen), in the order of the community's list."""
    known, chosen = answers_of(case.community), set(answers)
    if chosen - set(known):
        raise Refusal("answer_unknown", "请从列出的选项里选择。", {"answers": "不在选项里"})
    codes = [code for code in known if code in chosen]
    if any(satisfaction not in known[code][1] for code in codes):
        raise Refusal("answer_misfit", "选的说法和满意程度对不上，请重新选。", {"answers": "和满意程度对不上"})
    return codes, [known[code][0] for code in codes], any(known[code][2] for code in codes)


def write_row(case: Case, **values) -> Judgement:
    """The judgement of this round, made or changed."""
    where = (Judgement.case == case) & (Judgement.round == case.reopened)
    if not Judgement.update(**values).where(where).execute():
        Judgement.create(case=case, round=case.reopened, **({"satisfaction": ""} | values))
    return Judgement.get(where)


def say_again(case: Case, actor: Actor, said: str, **values) -> None:
    """More of a judgement, on a case that is closed already: guarded by its version, with its step and audit row."""
    part, actor = part_of_reporter(case, actor), actor.facing(case)
    values |= {"version": case.version + 1, "updated_at": now()}
    if not Case.update(**values).where(Case.id == case.id, Case.version == case.version).execute():
        raise Conflict("刚才有人先处理了，请刷新后再看。")
    add_step(case, "confirm", case.state, case.state, actor, part, said)
    audit.note("case.confirm", actor=actor, community=case.community, subject=case.key)
    audit.tell_screens(case.community, "case", case.key)
    for name, value in values.items():
        setattr(case, name, value)


def ask_decision(case: Case, row: Judgement) -> None:
    """To who decides: the community, after its "no" the street; nobody about the own report."""
    again = kept(case) > 0
    shut = {case.reporter_id, case.filed_by_id}
    deciders: list = []
    for above in (again, True):
        found = [one for one in crew.deciders_of(case, above=above) if one.id not in shut]
        deciders = deciders or veil.others_than_behind(case, found)
    for person in deciders:
        letter.owe(
            kind="case_reminder", person=person, community=case.community, case=case,
            event=f"reopen_asked:{case.id}:{case.version}",
            content=wording.facts(case) | {
                "due": (now() + timedelta(days=REQUEST_DAYS)).isoformat(), "hint": "居民请求重办，请决定",
                "text": judgement_words.asked(case, row.note, again),
            },
        )  # fmt: skip
