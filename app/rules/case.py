"""Cases: report, hand on, make safe, handle, judge. Every verb is one guarded move of models.lifecycle.CASE.

A verb writes, in the caller's one transaction (models.base.write): the case, one step, the audit row, the letters it
owes and the row for open screens. Nothing here talks to anybody.
"""

from datetime import datetime, timedelta

from app.rules import audit, case_letters, crew, follow, reminder, veil
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, Refusal
from app.rules.setting import deadlines, setting
from models.base import now
from models.case import Case, Photo, Step
from models.category import Category
from models.conversation import Line
from models.lifecycle import CASE, CASE_STATES, CASE_VERBS, SATISFACTION, find
from models.person import Person
from models.place import Counter, Place, grid_of

WORDS_LIMIT = 2000
#: Short numbers begin here, so that they are never mistaken for a house number.
FIRST_NUMBER = 1001


def report(
    *,
    actor: Actor,
    community: Place,
    category: Category,
    words: str,
    channel: str,
    place: Place | None = None,
    place_words: str = "",
    point: tuple[float, float] | None = None,
    behalf_of: Person | None = None,
) -> Case:
    """Take a report: give it a number, file it, and send it to the grid worker of its place.

    `words` are the resident's own (1 to 2,000 characters), `point` is (latitude, longitude) in degrees; the actor
    may tell it `behalf_of` somebody of the family. An actor under an alias (app.rules.veil) reports anonymously.
    Words that name somebody on duty may be a complaint: an admin other than that person then decides who goes.
    Raises Refusal `words_missing` or `words_too_long`.
    """
    if not words.strip():
        raise Refusal("words_missing", "请说一说是什么问题，一句话就行。", {"words": "必填"})
    if len(words) > WORDS_LIMIT:
        raise Refusal("words_too_long", f"内容太长了，请缩短到 {WORDS_LIMIT} 字以内。", {"words": "太长"})
    moment = now()
    due = deadlines(category, community, moment)
    case = Case.create(
        community=community, number=_next_number(community), reporter=behalf_of or actor.person, channel=channel,
        words=words, first_category=category, category=category, hazard=category.hazard, place=place,
        place_words=place_words[:120], lat=point[0] if point else None, lng=point[1] if point else None,
        grid=grid_of(place), about=crew.named_in(words, community, actor.person),
        anonymous=actor.person.id in actor.aliases, filed_by=actor.person if behalf_of else None,
        accept_due=due.get("accept"), safe_due=due.get("make_safe"), resolve_due=due.get("resolve"),
        created_at=moment, updated_at=moment,
    )  # fmt: skip
    _step(case, "report", "reported", "reported", actor, _part_of_reporter(case, actor))
    audit.note("case.report", actor=actor, community=community, subject=case.key, number=case.number)
    audit.tell_screens(community, "case", case.key)
    return _send_out(case, moment)


def _next_number(community: Place) -> int:
    """The next short number of the community, counted in one statement; a rolled-back report gives it back."""
    counted = (
        Counter.insert(community=community, last_number=FIRST_NUMBER)
        .on_conflict(conflict_target=[Counter.community], update={Counter.last_number: Counter.last_number + 1})
        .returning(Counter.last_number)
        .execute()
    )
    return next(iter(counted)).last_number


def _part_of_reporter(case: Case, actor: Actor) -> str:
    """Who acts on an own report: the reporter, or somebody of the family in the reporter's stead."""
    told_for = case.filed_by_id is not None and case.filed_by_id == actor.person.id
    return "agent" if told_for or case.reporter_id in actor.principals else "reporter"


def _step(case: Case, verb: str, source: str, target: str, actor: Actor | None, role: str, note: str = "") -> None:
    Step.insert(
        case=case, verb=verb, from_state=source, to_state=target, actor=actor.person if actor else None,
        actor_role=role, note=note,
    ).execute()  # fmt: skip


def _move(case: Case, verb: str, actor: Actor | None, note: str = "", **values) -> Case:
    """The one way a case changes state: by the table, guarded by state and version, with its step and audit row.

    Raises Forbidden when the table gives this verb to others, Conflict when the state does not allow it (any more).
    """
    step = find(CASE, case.state, verb)
    if step is None:
        raise Conflict(f"#{case.number} 现在是“{CASE_STATES[case.state]}”，不能{CASE_VERBS[verb]}。", "state_forbids")
    parts = actor.parts_for(case) if actor else frozenset({"system"})
    parts_held = step.who & parts
    if not parts_held:
        raise Forbidden()
    # Who may say it in two parts says it of an anonymous report as its reporter: the other would tell who that is.
    part = "reporter" if case.anonymous and "reporter" in parts_held else sorted(parts_held)[0]
    if actor and part == "reporter":
        part, actor = _part_of_reporter(case, actor), actor.facing(case)
    values |= {"state": step.target, "version": case.version + 1, "updated_at": now()}
    moved = (
        Case.update(**values)
        .where(Case.id == case.id, Case.state == case.state, Case.version == case.version)
        .execute()
    )
    if not moved:
        raise Conflict("刚才有人先处理了，请刷新后再看。")
    _step(case, verb, step.source, step.target, actor, part, note)
    audit.note(
        f"case.{verb}", actor=actor, community=case.community, subject=case.key, before={"state": step.source},
        after={"state": step.target} | ({"handler": values["handler"].key} if values.get("handler") else {}),
    )  # fmt: skip
    audit.tell_screens(case.community, "case", case.key)
    for name, value in values.items():
        setattr(case, name, value)
    follow.tell(case, verb)
    return case


def _send_out(case: Case, moment: datetime, first: tuple[Person, ...] = ()) -> Case:
    """Dispatch a case that nobody has: to `first`, else to the first worker of its grid, else the admins are told."""
    workers = veil.others_than_behind(case, [*first, *crew.workers_for(case)])
    if workers:
        case = _move(case, "dispatch", None, handler=workers[0])
        case_letters.task(case, workers[0], moment)
    else:
        case_letters.undispatched(case)
    reminder.plan(case)
    return case


def dispatch(case: Case, *, actor: Actor, worker: Person, note: str = "") -> Case:
    """An admin hands the case to a worker of the community. Raises Refusal `not_a_worker` or `complained_about`."""
    if worker.id in crew.parties_of(case):
        raise Refusal("complained_about", "居民反映的就是这位同志，请另选一位处理。", {"worker": "请另选一位"})
    if worker not in crew.workers_in(case.community):
        raise Refusal("not_a_worker", "请从本社区在岗的网格员里选一位。", {"worker": "不在岗"})
    before = case.handler
    case = _move(case, "dispatch", actor, note, handler=worker, accepted_at=None)
    case_letters.call_off(case, "dispatch", before, but=(worker, actor.person))
    case_letters.task(case, worker, now())
    case_letters.progress(case, "dispatch")
    return case


def accept(case: Case, *, actor: Actor) -> Case:
    """The worker takes the case; it is now the worker's own. Raises Refusal `own_case` to its anonymous reporter."""
    veil.need_other(case, actor)
    before = case.handler
    case = _move(case, "accept", actor, handler=actor.person, accepted_at=now())
    case_letters.call_off(case, "accept", before, but=(actor.person,))
    case_letters.progress(case, "accept")
    return case


def return_back(case: Case, *, actor: Actor, note: str) -> Case:
    """The worker gives the case back with a reason; the admins are told. Nothing that was done is erased."""
    _need_note(note, "请写明退回的原因。")
    case = _move(case, "return_back", actor, note, handler=None)
    case_letters.undispatched(case)
    case_letters.progress(case, "return_back")
    return case


def reject(case: Case, *, actor: Actor, note: str) -> Case:
    """An admin does not take the case, with a reason the resident gets to read."""
    _need_note(note, "请写明不予受理的原因，居民会看到。")
    case = _move(case, "reject", actor, note, closed_at=now())
    case_letters.call_off(case, "reject", case.handler, but=(actor.person,))
    case_letters.progress(case, "reject", note)
    return case


def withdraw(case: Case, *, actor: Actor, note: str = "") -> Case:
    """The reporter takes the report back; the worker already sent is told."""
    case = _move(case, "withdraw", actor, note, closed_at=now())
    case_letters.call_off(case, "withdraw", case.handler, but=(actor.person,))
    return case


def make_safe(case: Case, *, actor: Actor, note: str = "") -> Case:
    """The place is fenced or otherwise safe for now; the first time is kept (it stops the two-hour clock)."""
    case = _move(case, "make_safe", actor, note, safe_at=case.safe_at or now())
    case_letters.progress(case, "make_safe", note)
    return case


def handle(case: Case, *, actor: Actor, note: str = "") -> Case:
    """The work is done. Raises Refusal `after_photo_missing` without a photo of the result (domain M10: evidence)."""
    if not has_photo(case, "after"):
        raise Refusal("after_photo_missing", "请先发一张处理后的照片，再说“办好”。", {"photos": "缺少处理后的照片"})
    moment = now()
    safe = {"safe_at": case.safe_at or moment} if case.hazard else {}
    case = _move(case, "handle", actor, note, handled_at=moment, **safe)
    until = moment + timedelta(days=setting(case.community, "judge_days"))
    case_letters.judge(case, note, until)
    reminder.plan_lapse(case, until)
    return case


def confirm(case: Case, *, actor: Actor, satisfaction: str, note: str = "") -> Case:
    """The reporter says it is solved, and how satisfied. Only this closes a case as judged."""
    if satisfaction not in SATISFACTION:
        raise Refusal("satisfaction_unknown", "请选择：满意、基本满意或不满意。", {"satisfaction": "不在选项里"})
    said = SATISFACTION[satisfaction] + (f"：{note}" if note else "")
    return _move(case, "confirm", actor, said, solved=True, satisfaction=satisfaction, closed_at=now())


def reopen(case: Case, *, actor: Actor, note: str = "") -> Case:
    """Not solved: reported anew; the same worker, if still on duty, goes again (domain §3.8).

    After closing only for some days, the second time with a reason. Raises Refusal `reopen_too_late`, `note_missing`.
    """
    days = setting(case.community, "reopen_days")
    if case.closed_at and now() > case.closed_at + timedelta(days=days):
        raise Refusal("reopen_too_late", f"办结已超过 {days} 天，请重新上报，我们马上处理。")
    if case.reopened:
        _need_note(note, "请说一说哪里还没有解决。")
    moment = now()
    due = deadlines(case.category, case.community, moment)
    again = (case.handler,) if case.handler_id and crew.on_duty(case.handler, case.community) else ()
    case = _move(
        case, "reopen", actor, note, handler=None, solved=False, satisfaction=None,
        closed_at=None, handled_at=None, accepted_at=None, safe_at=None, reopened=case.reopened + 1,
        accept_due=due.get("accept"), safe_due=due.get("make_safe"), resolve_due=due.get("resolve"),
    )  # fmt: skip
    case = _send_out(case, moment, again)
    case_letters.progress(case, "reopen")
    return case


def amend(case: Case, verb: str, actor: Actor, note: str = "", *, before=None, after=None, **values) -> None:
    """Change a case without moving it: guarded by its version, one step, one audit row (`before` and `after` for it).

    Raises Conflict.
    """
    values |= {"version": case.version + 1, "updated_at": now()}
    if not Case.update(**values).where(Case.id == case.id, Case.version == case.version).execute():
        raise Conflict("刚才有人先处理了，请刷新后再看。")
    _step(case, verb, case.state, case.state, actor, actor.role_in(case.community), note)
    audit.note(f"case.{verb}", actor=actor, community=case.community, subject=case.key, before=before, after=after)
    audit.tell_screens(case.community, "case", case.key)
    for name, value in values.items():
        setattr(case, name, value)


def lapse(case: Case) -> Case:
    """Nobody judged in time: closed without feedback, which never counts as satisfied."""
    return _move(case, "lapse", None, closed_at=now())


def add_note(case: Case, *, actor: Actor, note: str) -> None:
    """Add words to a case without moving it: the reporter's supplement or a remark of the community."""
    _need_note(note, "请写点什么再发送。")
    own = case.reporter_id in actor.selves
    part = _part_of_reporter(case, actor) if own else actor.role_in(case.community)
    actor = actor.facing(case)
    _step(case, "note", case.state, case.state, actor, part, note[:WORDS_LIMIT])
    audit.note("case.note", actor=actor, community=case.community, subject=case.key)
    audit.tell_screens(case.community, "case", case.key)


def note_contact(case: Case, *, actor: Actor) -> None:
    """A human spoke to the reporter: the first time counts as first contact (domain §3.8)."""
    if case.contacted_at is None:
        Case.update(contacted_at=now()).where(Case.id == case.id, Case.contacted_at.is_null()).execute()
        _step(case, "contact", case.state, case.state, actor, actor.role_in(case.community))


def add_photos(case: Case, *, actor: Actor, photos: list[Photo], kind: str) -> None:
    """Attach uploaded photos (one's own, not yet attached elsewhere) to a case. Raises Refusal `photo_taken`."""
    uploader = actor.facing(case).person if kind == "report" else actor.person
    for photo in photos:
        done = Photo.update(case=case, kind=kind, uploader=uploader).where(
            Photo.id == photo.id, Photo.uploader == actor.person, Photo.case.is_null()
        )
        if not done.execute():
            raise Refusal("photo_taken", "这张照片已经用过了，请重新上传。", {"photos": "不可用"})
    if photos:
        audit.tell_screens(case.community, "case", case.key)


def has_photo(case: Case, kind: str) -> bool:
    """Whether a photo of this kind, taken since the case was accepted, is there or on its way from the chat."""
    since = case.accepted_at or case.created_at
    if Photo.select().where(Photo.case == case, Photo.kind == kind, Photo.created_at >= since).exists():
        return True
    sent = Line.select().where(Line.case == case, Line.kind == "image", Line.shows == kind, Line.at >= since)
    return sent.exists()


def _need_note(note: str, message: str) -> None:
    if not note.strip():
        raise Refusal("note_missing", message, {"note": "必填"})
