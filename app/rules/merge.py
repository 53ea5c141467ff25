"""One matter reported twice: staff put one case into another, and both keep their history.

What was merged is never called solved: its reporter follows the main one, hears the same news under the own number, and
may object there, which staff decide. A main one never lies in another: merging it takes along what was merged into it.
"""

from app.rules import audit, bundle, case_letters, crew, dispatch, hazard, letter, rights, same_words, whistle, wording
from app.rules.actor import Actor
from app.rules.case_move import WORDS_LIMIT, add_step, amend, move, need_note, part_of_reporter
from app.rules.refusal import Conflict, Forbidden, Refusal
from app.rules.setting import deadlines
from models.base import database, now
from models.case import Case, Step
from models.follow import Follow
from models.lifecycle import CASE, CASE_OPEN, CASE_STATES, find
from models.question import Question

#: How many at once: each is a case with its own history and letter.
MOST = 50


def named(said: str, case: Case, *, actor: Actor) -> Case | None:
    """The case that somebody names to merge into: its key or its "#number" in the same community; None for nothing.

    Raises Refusal `case_unknown`, the same for what is not there and for what this person may not read.
    """
    said = said.strip()
    if not said or not rights.may(actor, "case.merge", case=case):
        return None
    number = said.lstrip("#＃").strip()
    by_number = number.isascii() and number.isdecimal() and len(number) < 10
    which = (Case.number == int(number)) if by_number else (Case.key == said)
    found = Case.get_or_none(which, Case.community == case.community_id)
    if found is None or not rights.may(actor, "case.read", case=found):
        raise Refusal("case_unknown", "本社区没有这一件，请核对编号。", {"into": "没有这一件"})
    return found


def merge(case: Case, *, actor: Actor, into: Case | None, note: str = "") -> Case:
    """Put a case into another of its community, which is still open; into the main one of that, if it lies in one.

    Its reporter and followers follow the main one, its worker is called off, its open question and calls end.
    Raises Refusal `into_missing`, `same_case`, `other_community`, `complaint_stays`, `hazard_stays`; Conflict
    `main_over` or `state_forbids`; Forbidden.
    """
    step = find(CASE, case.state, "merge")
    if step is None:
        return move(case, "merge", actor, note)  # says what state it is in
    if not actor.parts_for(case) & step.who:
        raise Forbidden()
    main = _main(case, into, actor)
    before, others = case.handler, list(Case.select().where(Case.merged_into == case))
    case = move(case, "merge", actor, note, merged_into=main, same_as=None, closed_at=now())
    Question.update(state="withdrawn").where(Question.case == case, Question.state == "open").execute()
    case_letters.call_off(case, "merge", before, but=tuple(filter(None, (actor.person, main.handler))))
    whistle.end_with(case, f"已并入 #{main.number}")
    Case.update(merged_into=main).where(Case.merged_into == case).execute()
    Case.update(same_as=main).where(Case.same_as == case, Case.id != main.id).execute()
    _follow_main([case, *others], main)
    more = f"，连同并入它的 {len(others)} 件" if others else ""
    amend(main, "absorb", actor, f"#{case.number}{more}", **({"same_as": None} if main.same_as_id == case.id else {}))
    _tell_reporter(case, same_words.merged(case, main))
    return case


def _main(case: Case, into: Case | None, actor: Actor) -> Case:
    """The case it shall lie in, as it is now, both held until the end of the transaction."""
    if into is None:
        raise Refusal("into_missing", "请选择或填写要合并到哪一件。", {"into": "必填"})
    main = _held(case, into.merged_into if into.state == "merged" and into.merged_into_id else into)
    if main.id == case.id:
        raise Refusal("same_case", "不能把一件事合并到它自己，请另选一件。", {"into": "请另选一件"})
    if main.community_id != case.community_id:
        raise Refusal("other_community", "只能合并本社区的事项。", {"into": "请另选一件"})
    if any((case.about_id, case.about_unit_id, main.about_id, main.about_unit_id)):
        raise Refusal("complaint_stays", "投诉人或单位的事项要单独办理，不能合并。", {"into": "不能合并"})
    if not rights.may(actor, "case.read", case=main):
        raise Refusal("case_unknown", "本社区没有这一件，请核对编号。", {"into": "没有这一件"})
    if main.state not in CASE_OPEN:
        said = f"#{main.number} 现在是“{CASE_STATES[main.state]}”，不能再并入。请单独办理，或先重办那一件。"
        raise Conflict(said, "main_over")
    if case.hazard and not main.hazard:
        said = "这一件是安全隐患，不能并入一般事项；请反过来，把那一件合并到这一件。"
        raise Refusal("hazard_stays", said, {"into": "请反过来合并"})
    return main


def _held(case: Case, main: Case) -> Case:
    """The main case as it is now; on PostgreSQL both rows are locked, in one order, so that no two wait in a circle."""
    if not database.obj.is_sqlite:
        list(Case.select(Case.id).where(Case.id.in_([case.id, main.id])).order_by(Case.id).for_update())
    fresh = Case.get_by_id(main.id)
    return Case.get_by_id(fresh.merged_into_id) if fresh.merged_into_id and fresh.state == "merged" else fresh


def _follow_main(cases: list[Case], main: Case, but: int | None = None) -> None:
    """Who reported or followed these follows the main one, each once, but a person; its own reporter knows anyhow."""
    ids = [case.id for case in cases]
    people = {case.reporter_id for case in cases}
    people |= {row.person_id for row in Follow.select(Follow.person).where(Follow.case.in_(ids))}
    rows = [{"case": main.id, "person": one, "at": now()} for one in sorted(people - {main.reporter_id, but})]
    for start in range(0, len(rows), 200):
        Follow.insert_many(rows[start : start + 200]).on_conflict_ignore().execute()


def merge_bundle(main: Case, *, actor: Actor, keys: list[str] | None = None) -> tuple[int, int]:
    """Put what is probably the same into a case, the oldest first, at most MOST at once; `keys` narrows it.

    Returns how many were merged, and how many are left. Raises as merge.
    """
    wanted = Case.select().where(
        Case.same_as == main, Case.state.in_(("reported", "dispatched", "handling")), rights.readable_cases(actor),
        *([Case.key.in_(keys)] if keys is not None else []),
    )  # fmt: skip
    rights.need(actor, "case.merge", case=main)
    found = list(wanted.order_by(Case.id).limit(MOST))
    for case in found:
        rights.need(actor, "case.merge", case=case)
        merge(case, actor=actor, into=main)
    return len(found), wanted.count() if len(found) == MOST else 0


def unmerge(case: Case, *, actor: Actor | None, note: str = "") -> Case:
    """It is not the same after all: reported anew with fresh limits, and sent out. Raises Conflict, Forbidden."""
    main = case.merged_into
    again = (case.handler,) if case.handler_id and crew.on_duty(case.handler, case.community) else ()
    moment = now()
    due = deadlines(case.category, case.community, moment)
    case = move(
        case, "unmerge", actor, note, merged_into=None, handler=None, closed_at=None, accepted_at=None,
        accept_due=due.get("accept"), contact_due=due.get("contact"), safe_due=due.get("make_safe"),
        resolve_due=due.get("resolve"),
    )  # fmt: skip
    if main is not None:
        _leave_main(case, main)
        if actor is not None:
            amend(main, "part", actor, f"#{case.number}")
    hazard.begin(case)
    case = dispatch.send_out(case, moment, again)
    _tell_reporter(case, same_words.parted(case))
    return case


def _leave_main(case: Case, main: Case) -> None:
    """Who came to follow the main one by this case, and by no other, does so no longer."""
    since = Step.select(Step.at).where(Step.case == case, Step.verb == "merge").order_by(Step.id.desc()).scalar()
    came = {case.reporter_id} | {row.person_id for row in Follow.select(Follow.person).where(Follow.case == case)}
    others = [row.id for row in Case.select(Case.id).where(Case.merged_into == main)]
    if others:
        came -= {row.reporter_id for row in Case.select(Case.reporter).where(Case.id.in_(others))}
        came -= {row.person_id for row in Follow.select(Follow.person).where(Follow.case.in_(others))}
    if since is not None:
        Follow.delete().where(Follow.case == main, Follow.person.in_(sorted(came)), Follow.at >= since).execute()


def object_to(case: Case, *, actor: Actor, note: str) -> Case:
    """The reporter of a merged case says that it is another, or not solved there: staff decide.

    Raises Refusal `note_missing`, Conflict `state_forbids`, Forbidden.
    """
    if case.state != "merged":
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，直接在这里留言即可。", "state_forbids")
    if case.reporter_id not in actor.selves:
        raise Forbidden()
    need_note(note, "请说一说为什么不是同一件，或者哪里还没解决。")
    note = note[:WORDS_LIMIT]
    part, speaker = part_of_reporter(case, actor), actor.facing(case)
    add_step(case, "object", case.state, case.state, speaker, part, note)
    audit.note("case.object", actor=speaker, community=case.community, subject=case.key)
    audit.tell_screens(case.community, "case", case.key)
    step = Step.select(Step.id).where(Step.case == case).order_by(Step.id.desc()).scalar()
    for admin in crew.deciders_of(case):
        letter.owe(
            kind="case_reminder", person=admin, community=case.community, case=case, urgent=case.hazard,
            event=f"objected:{case.id}:{step}",
            content=wording.facts(case) | {
                "due": now().isoformat(), "text": same_words.objected(case, case.merged_into, note),
                "hint": "居民不同意合并，请核对",
            },
        )  # fmt: skip
    return case


def outlive(main: Case) -> None:
    """The main one was taken back by its reporter; the others still have the hole: the oldest takes its place."""
    heirs = list(Case.select().where(Case.merged_into == main, Case.state == "merged").order_by(Case.id))
    if heirs:
        first = unmerge(heirs[0], actor=None)
        Case.update(merged_into=first).where(Case.merged_into == main).execute()
        _follow_main([*heirs[1:], main], first, but=main.reporter_id)
    else:
        oldest = Case.select().where(Case.same_as == main, Case.closed_at.is_null()).order_by(Case.id).first()
        if oldest is not None:
            bundle.take_place(main, oldest)


def merged_count(main: Case) -> int:
    """How many cases lie in this one."""
    return Case.select().where(Case.merged_into == main).count()


def _tell_reporter(case: Case, text: str) -> None:
    letter.owe(
        kind="case_progress", person=case.reporter, community=case.community, case=case,
        event=f"progress:{case.id}:{case.version}", next_persons=case_letters.family_of(case),
        content=wording.facts(case) | {"text": text},
    )  # fmt: skip

