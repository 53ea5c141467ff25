"""Who goes: a case is sent to a worker by rule, grid and mode, or offered to all; taken, passed on, given back.

One level of objection: a worker gives a case back with a reason, the community decides; if it sends the same worker
again, that is its decision and stands (北京 接诉即办 Art. 12, 潍坊 12345 Art. 22).
"""

from datetime import datetime

from app.rules import alert, audit, case_letters, crew, dispatch_letters, reminder, route, route_words, veil
from app.rules.actor import Actor
from app.rules.case_move import add_step, move, need_note
from app.rules.clock import midnight
from app.rules.refusal import Conflict, Forbidden, Refusal
from app.rules.route import Choice
from app.rules.setting import setting
from models.alert import Alert
from models.base import now
from models.case import Case, Step
from models.lifecycle import CASE, find
from models.person import Person
from models.place import Place
from models.route import Route

#: So often a case may be passed from colleague to colleague in one round; then the community decides.
TRANSFERS = 3
#: Who said one of these had the case.
HAD = ("transfer", "return_back", "accept", "grab")
#: Who may be told by name who took a case.
COLLEAGUES = frozenset({"grid_worker", "community_admin"})
FIXED = "社区已经裁定由您办理，不能再退回；确有困难请联系社区管理员。"


def send_out(case: Case, moment: datetime, first: tuple[Person, ...] = (), but: tuple[Person, ...] = ()) -> Case:
    """Dispatch a case that nobody has, or that whoever has it does not take: in the state reported or dispatched.

    It goes to `first`; else by the first routing rule that fits; else to the grid of its place, in the community's
    mode; else, where its place lies outside every grid, to the worker of the community who has least to do. With
    nobody to send the admins are told. `but` are those who are passed over. Where workers grab, it is offered to all
    of them as long as its time to accept has not passed at `moment`; after that it is assigned like any other.
    """
    named = _free(case, [*first], but)
    choice = Choice(people=tuple(named)) if named else _routed(case, moment, but)
    people = list(choice.people) or _free(case, _nearest(case), but)
    mode = "" if choice.people and not choice.mode else choice.mode or _mode(case)
    if choice.unit is not None:
        case = _ask(case, choice)
    if mode == "grab" and people and case.grid_id is not None and _in_time(case, moment):
        dispatch_letters.offer(case, people, moment, _by(choice, route_words.offered_by))
    elif people:
        worker = (crew.by_turns(people) if mode == "rotate" else people)[0]
        note = _by(choice, lambda name: route_words.sent_by(name, worker.name))
        case = move(case, "dispatch", None, note, handler=worker, accepted_at=None, fixed=False)
        case_letters.task(case, worker, moment)
        dispatch_letters.taken_over(case, worker)
    else:
        case_letters.undispatched(case)
    reminder.plan(case)
    return case


def _free(case: Case, people: list[Person], but: tuple[Person, ...] = ()) -> list[Person]:
    """Who of these may get a case: not whom it is about, not who stands behind it, nobody of `but`."""
    return [one for one in veil.others_than_behind(case, crew.but_parties(people, case)) if one not in but]


def _nearest(case: Case) -> list[Person]:
    """The workers of the grid; outside every grid all of the community. Nobody to a complaint about one of them, and
    nobody while it is not known where to go."""
    if case.about_id is None and case.grid_id is None and case.place_id is not None:
        return crew.workers_in(case.community)
    return crew.workers_for(case)


def _mode(case: Case) -> str:
    outside = case.grid_id is None and case.place_id is not None
    return "rotate" if outside else usual_mode(case.community)


def usual_mode(community: Place) -> str:
    """How a case finds its worker where no rule says it: assign, rotate or grab."""
    return setting(community, "dispatch_mode")


def _in_time(case: Case, moment: datetime) -> bool:
    """Whether there is time to wait who is quickest; without a limit nobody would notice the silence."""
    return case.state == "reported" and case.accept_due is not None and moment < case.accept_due


def _routed(case: Case, moment: datetime, but: tuple[Person, ...]) -> Choice:
    """What the community's rules say, with an alert on the desk for those that do not work any more."""
    board = route.board_of(case.community, moment)
    choice = route.choose(board, case, case.created_at, lambda people: _free(case, people, but))
    for one in choice.gone:
        _warn(one, moment)
    return choice


def _warn(one: Route, moment: datetime) -> None:
    """Once a day it is said on the desk that the target of a rule has left."""
    today = Alert.select().where(
        Alert.place == one.community_id, Alert.kind == "route_gone", Alert.subject == one.key,
        Alert.at >= midnight(moment),
    )  # fmt: skip
    if not today.exists():
        alert.give("route_gone", place=one.community, words=route_words.gone(one.name), subject=one.key)


def _by(choice: Choice, words) -> str:
    return words(choice.route.name) if choice.route else ""


def _ask(case: Case, choice: Choice) -> Case:
    """Ask the unit of a rule to act, as party.involve does: it is told the matter and the place, never the reporter."""
    assert choice.unit is not None
    values = {"unit": choice.unit, "version": case.version + 1, "updated_at": now()}
    if not Case.update(**values).where(Case.id == case.id, Case.version == case.version).execute():
        raise Conflict("刚才有人先处理了，请刷新后再看。")
    note = _by(choice, lambda name: route_words.unit_by(name, choice.unit.name))
    add_step(case, "involve", case.state, case.state, None, "system", note)
    audit.note("case.involve", actor=None, community=case.community, subject=case.key, after={"unit": choice.unit.key})
    for name, value in values.items():
        setattr(case, name, value)
    return case


def dispatch(case: Case, *, actor: Actor, worker: Person, note: str = "") -> Case:
    """An admin hands the case to a worker of the community. Raises Refusal `not_a_worker` or `complained_about`.

    To send the worker who gave it back is the community's decision: then it cannot be given back again.
    """
    _need_sendable(case, worker)
    before = case.handler
    fixed = worker.id in _actors(case, ("return_back",))
    case = move(case, "dispatch", actor, note, handler=worker, accepted_at=None, fixed=fixed)
    case_letters.call_off(case, "dispatch", before, but=(worker, actor.person))
    case_letters.task(case, worker, now())
    dispatch_letters.taken_over(case, worker, but=(actor.person, *([before] if before else [])))
    case_letters.progress(case, "dispatch")
    reminder.watch(case)
    return case


def _need_sendable(case: Case, worker: Person) -> None:
    if worker.id in crew.parties_of(case):
        raise Refusal("complained_about", "居民反映的就是这位同志，请另选一位处理。", {"worker": "请另选一位"})
    if worker not in crew.workers_in(case.community):
        raise Refusal("not_a_worker", "请从本社区在岗的网格员里选一位。", {"worker": "不在岗"})


def accept(case: Case, *, actor: Actor) -> Case:
    """The worker takes the case; it is now the worker's own.

    Raises Refusal `own_case` to its anonymous reporter, Conflict `taken` when a colleague was quicker.
    """
    veil.need_other(case, actor)
    before = case.handler
    case = _take(case, "accept", actor)
    case_letters.call_off(case, "accept", before, but=(actor.person,))
    case_letters.progress(case, "accept")
    return case


def grab(case: Case, *, actor: Actor) -> Case:
    """A worker of the grid takes a case that nobody has yet; the others to whom it was offered are told who has it.

    Raises Refusal `own_case`, `not_offered` for a complaint about a colleague, Conflict `taken`.
    """
    veil.need_other(case, actor)
    if case.about_id is not None and find(CASE, case.state, "grab") is not None:
        raise Refusal("not_offered", "这件事由社区安排人办理，不能自己接单。")
    case = _take(case, "grab", actor)
    case_letters.call_off(case, "accept", None, but=())
    dispatch_letters.taken(case, actor.person)
    case_letters.progress(case, "accept")
    return case


def _take(case: Case, verb: str, actor: Actor) -> Case:
    """Let the case be the actor's. Who comes second is told who was first: Conflict `taken`."""
    try:
        return move(case, verb, actor, handler=actor.person, accepted_at=now())
    except Conflict as conflict:
        there = Case.get_by_id(case.id)
        quicker = there.handler if there.state in ("handling", "checking") and there.accepted_at else None
        if quicker is None or quicker == actor.person or not COLLEAGUES & actor.parts_for(there):
            raise
        raise Conflict(f"#{there.number} {quicker.name}已接单，您不用去了。", "taken") from conflict


def transfer(case: Case, *, actor: Actor, worker: Person, note: str) -> Case:
    """Who has the case passes it to a colleague on duty in the community, with a reason.

    Raises Refusal `note_missing`, `not_a_worker`, `complained_about`, `same_worker`, `been_there` for somebody who had
    it before in this round, `transfers_spent` after the third, `fixed` when the community decided that it stays;
    Forbidden when a colleague has it.
    """
    need_note(note, "请写明为什么转给同事，方便接着办。")
    if find(CASE, case.state, "transfer") is not None:
        if case.handler_id != actor.person.id:
            raise Forbidden("这件事不在您手上，不能转给别人。")
        if case.fixed:
            raise Refusal("fixed", FIXED)
        _need_new_hands(case, actor, worker)
    accepted, before = case.accepted_at is not None, actor.person
    case = move(case, "transfer", actor, note, handler=worker, accepted_at=None)
    dispatch_letters.passed_on(case, before, worker, note, now())
    if accepted:
        dispatch_letters.new_hands(case)
    reminder.watch(case)
    return case


def colleagues(case: Case, actor: Actor) -> list[Person]:
    """To whom whoever has the case may pass it: three queries. Nobody when it may not be passed on any more."""
    if not sayable("transfer", case, actor) or _round(case).where(Step.verb == "transfer").count() >= TRANSFERS:
        return []
    been = _actors(case, HAD) | {actor.person.id}
    return [one for one in crew.sendable(case) if one.id not in been]


def _need_new_hands(case: Case, actor: Actor, worker: Person) -> None:
    """A case goes on, not round: to nobody who had it in this round, and not for ever."""
    _need_sendable(case, worker)
    if worker == actor.person:
        raise Refusal("same_worker", "这件事就在您手上，请另选一位同事。", {"worker": "请另选一位"})
    if worker.id in _actors(case, HAD):
        said = f"{worker.name}这一轮已经办过这件事，不能再转回去。请退回社区，由社区决定谁来办。"
        raise Refusal("been_there", said, {"worker": "已经办过"})
    if _round(case).where(Step.verb == "transfer").count() >= TRANSFERS:
        raise Refusal("transfers_spent", f"这件事已经转了 {TRANSFERS} 次，不能再转。请退回社区，由社区决定谁来办。")


def _round(case: Case):
    """The steps since the case was reported, or reopened for the last time."""
    begun = Step.select(Step.id).where(Step.case == case, Step.verb == "reopen").order_by(Step.id.desc()).limit(1)
    last = begun.scalar() or 0
    return Step.select().where(Step.case == case, Step.id > last)


def _actors(case: Case, verbs: tuple[str, ...]) -> set[int]:
    """Who said one of these verbs in this round, as person ids."""
    return {step.actor_id for step in _round(case).where(Step.verb.in_(verbs), Step.actor.is_null(False))}


def return_back(case: Case, *, actor: Actor, note: str) -> Case:
    """The worker gives the case back with a reason; the admins are told. Nothing that was done is erased.

    Raises Refusal `fixed` when the community has decided, after an objection, that this worker does it.
    """
    need_note(note, "请写明退回的原因。")
    if case.fixed and find(CASE, case.state, "return_back") is not None:
        raise Refusal("fixed", FIXED)
    case = move(case, "return_back", actor, note, handler=None)
    case_letters.undispatched(case)
    case_letters.progress(case, "return_back")
    reminder.watch(case)
    return case


def sayable(verb: str, case: Case, actor: Actor) -> bool:
    """Whether a screen should offer a verb of this file that the life cycle allows; it asks the database nothing."""
    if verb == "grab":
        return case.about_id is None and case.reporter_id not in actor.aliases
    if verb == "transfer":
        return case.handler_id == actor.person.id and not case.fixed
    return verb != "return_back" or not case.fixed
