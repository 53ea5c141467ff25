"""Acting for somebody: a daughter for her father, a mother for her child. Asked for, then confirmed by the community.

Staff confirm with both people before them, nobody the own; either side or the community ends it at once. Whom one acts
for is somebody of the household with that very name, else somebody new without WeChat, who becomes a resident of the
household when staff confirm. The asker is never told which of the two it was. A guardian is only for a child: nobody is
made a child by somebody else's request.
"""

from datetime import timedelta

from app.rules import audit, consent, delegation_letter, household, reading, rights
from app.rules.actor import Actor
from app.rules.delegation_letter import has_wechat
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.delegation import Delegation, agents_of, guardians_of, principals_of
from models.lifecycle import DELEGATION, find
from models.person import Person, Residence, homes_of
from models.place import Place

__all__ = [
    "agents_of", "ask", "decide", "end", "guardians_of", "may_see", "nobody", "parts_for", "principals_of", "reveal",
]  # fmt: skip

KINDS = {"family": "家人代办", "guardian": "监护人"}
RELATIONS = {
    "daughter": "女儿", "son": "儿子", "spouse": "配偶", "parent": "父亲或母亲", "guardian": "其他监护人",
    "other": "其他家人",
}  # fmt: skip
STATES = {"asked": "等社区确认", "confirmed": "已确认", "refused": "社区没有同意", "ended": "已结束"}
#: Requests of one person that may wait at the same time.
MOST_OPEN = 5
#: One answer for a wrong key, for somebody who lives elsewhere, and for a grown-up one wants to be the guardian of.
NOBODY = (
    "没有找到这个人。请核对对方手机上的编号和住在哪一户；要做监护人，请先在孩子自己的手机上选“未满 14 岁”。"
)
#: Somebody who was written down for a request is as old as the request.
_TOGETHER = timedelta(minutes=1)


def ask(
    *,
    actor: Actor,
    kind: str,
    relation: str,
    person: Person | None = None,
    name: str = "",
    home: Place | None = None,
) -> Delegation:
    """Ask to act for somebody: `person`, whose key stands on the own phone, or the one called `name` in a household.

    A `person` has to live in that household (by default the person's own). Raises Refusal `kind_unknown`,
    `relation_unknown`, `principal_missing`, `own_self`, `too_many`, `guardian_needed` for a child, Conflict when it was
    asked already, whether somebody of that name lives there or not.
    """
    consent.need_guardian(actor.person)
    if kind not in KINDS:
        raise Refusal("kind_unknown", "请选择家人代办或监护人。", {"kind": "不在选项里"})
    if relation not in RELATIONS:
        raise Refusal("relation_unknown", "请选择您是他的什么人。", {"relation": "不在选项里"})
    waiting = Delegation.select().where(Delegation.agent == actor.person, Delegation.state == "asked").count()
    if waiting >= MOST_OPEN:
        raise Refusal("too_many", "您还有几个申请在等社区确认，请等确认以后再申请。")
    name = clean(name, 32).strip()
    if person is not None:
        home = _shared_home(person, home, actor, kind)
    if home is None or (person is None and not name):
        wrong = {"household": "必选"} if home is None else {"name": "必填"}
        raise Refusal("principal_missing", "请写明替谁办：他的姓名，以及住在哪一户。", wrong)
    _refuse_same_words(actor.person, kind, name, home)
    child = kind == "guardian"
    principal = person or _known(name, home, child) or _newcomer(name, home, child)
    if principal.id == actor.person.id:
        raise Refusal("own_self", "自己的事不用代办，直接办就行。", {"name": "不能是自己"})
    _refuse_second(actor.person, principal, kind)
    row = Delegation.create(
        kind=kind, principal=principal, agent=actor.person, community=home.community, relation=relation
    )
    _note(row, "ask", actor, None, "asked")
    return row


def _shared_home(person: Person, home: Place | None, actor: Actor, kind: str) -> Place:
    """Where somebody known by key lives. Raises Refusal `principal_missing` as for a key that is nobody's.

    A child whom nobody has bound yet cannot do that alone: for the guardian it lives where the guardian does.
    """
    if person.id == actor.person.id:
        raise Refusal("own_self", "自己的事不用代办，直接办就行。", {"person": "不能是自己"})
    homes = homes_of(person)
    if kind == "guardian" and not homes and consent.is_child(person):
        homes = list(actor.homes)
    found = next((one for one in homes if home is None or one.id == home.id), None)
    if found is None or (kind == "guardian" and not consent.is_child(person)):
        raise nobody()
    return found


def nobody() -> Refusal:
    """The one answer for a key that is nobody's, or not of whom may be acted for."""
    return Refusal("principal_missing", NOBODY, {"person": "没有找到这个人"})


def _refuse_same_words(agent: Person, kind: str, name: str, home: Place) -> None:
    """The same request in the same words is refused alike for somebody who lives there and for somebody unknown."""
    if not name:
        return
    same = (
        Delegation.select()
        .join(Person, on=(Delegation.principal == Person.id))
        .join(Residence, on=(Residence.person == Person.id))
        .where(
            Delegation.agent == agent, Delegation.kind == kind, Delegation.state == "asked", Person.name == name,
            Residence.household == home, Residence.ended_at.is_null(),
        )
    )  # fmt: skip
    if same.exists():
        raise Conflict("您已经申请过了，请等社区确认。")


def _known(name: str, home: Place, child: bool) -> Person | None:
    """Whoever of that name is bound to the household; nobody when there are two of them, or no `child` for a guardian.
    """
    rows = Person.select().join(Residence, on=(Residence.person == Person.id)).where(
        Person.name == name, Residence.household == home, Residence.state == "confirmed", Residence.ended_at.is_null()
    )  # fmt: skip
    if child:
        rows = rows.where(Person.age_group == "child")
    found = list(rows.distinct().limit(2))
    return found[0] if len(found) == 1 else None


def _newcomer(name: str, home: Place, child: bool) -> Person:
    """Somebody without WeChat, whose home is confirmed together with the delegation."""
    person = Person.create(name=name, age_group="child" if child else "")
    Residence.create(person=person, household=home, relation="family")
    return person


def _refuse_second(agent: Person, principal: Person, kind: str) -> None:
    known = Delegation.get_or_none(
        Delegation.agent == agent, Delegation.principal == principal, Delegation.kind == kind,
        Delegation.state.in_(("asked", "confirmed")),
    )  # fmt: skip
    if known is not None:
        raise Conflict("您已经申请过了，请等社区确认。" if known.state == "asked" else "您已经可以替他办事了。")


def decide(row: Delegation, *, actor: Actor, confirmed: bool, both_present: bool = False) -> None:
    """Staff of the community confirm, with both people before them, or refuse.

    Raises Forbidden, Refusal `own_request`, `both_present_missing`, `no_child` or `lives_elsewhere`, Conflict when it
    was decided or ended already.
    """
    rights.need(actor, "delegation.decide", community=row.community)
    if actor.person.id in (row.agent_id, row.principal_id):
        raise Refusal("own_request", "不能确认自己的代办，请让另一位工作人员确认。")
    if confirmed and not both_present:
        raise Refusal(
            "both_present_missing", "请两个人都到场、当面问过本人愿意，再勾选确认。", {"both_present": "必选"}
        )
    if confirmed and row.state == "asked":
        _need_as_asked(row)
    _move(row, "confirm" if confirmed else "refuse", actor)
    waiting = Residence.get_or_none(Residence.person == row.principal, Residence.state == "asked")
    if waiting is not None and confirmed and not has_wechat(row.principal):
        household.decide(waiting, actor=actor, confirmed=True)
    if confirmed:
        delegation_letter.confirmed(row)
    else:
        _forget_newcomer(row.principal)


def _need_as_asked(row: Delegation) -> None:
    """Whoever has grown or moved since it was asked is not confirmed any more."""
    if row.kind == "guardian" and not consent.is_child(row.principal):
        raise Refusal("no_child", "对方不是未满 14 岁的孩子，不能设监护人，请选“不同意”。")
    homes = homes_of(row.principal)
    if homes and row.community_id not in {home.community_id for home in homes}:
        raise Refusal("lives_elsewhere", "对方已经不住在本社区，请选“不同意”，让他们到现在的社区申请。")


def reveal(row: Delegation, *, actor: Actor, reason: str) -> list[reading.Known] | None:
    """Both people of a delegation with name, phone and door, for a reason: by whom may confirm it, written about both.

    None when the day's budget is spent, as in app.rules.reading. Raises Forbidden, Refusal `reason_missing`.
    """
    rights.need(actor, "delegation.decide", community=row.community)
    both = []
    for person in (row.agent, row.principal):
        living = Residence.get_or_none(Residence.person == person, Residence.ended_at.is_null())
        found = reading.reveal(
            person, actor=actor, community=row.community, subject=row.key, reason=reason,
            home=living and living.household,
        )  # fmt: skip
        if found is None:
            return None
        both.append(found)
    return both


def end(row: Delegation, *, actor: Actor) -> None:
    """Either of the two or the community ends it, with effect at once.

    Raises NotFound for a stranger, Forbidden, Conflict when it is over already.
    """
    if not may_see(row, actor):
        raise NotFound()
    was_open = row.state == "asked"
    _move(row, "end", actor)
    if was_open:
        _forget_newcomer(row.principal)
    else:
        _forget_only_known_here(row)


def parts_for(row: Delegation, actor: Actor) -> set[str]:
    """The parts a person plays in a delegation: principal, agent, staff of its community."""
    parts = {name for name, one in (("principal", row.principal_id), ("agent", row.agent_id)) if one == actor.person.id}
    return parts | ({"staff"} if rights.may(actor, "delegation.decide", community=row.community) else set())


def may_see(row: Delegation, actor: Actor) -> bool:
    """Whether the delegation exists for this person."""
    return bool(parts_for(row, actor))


def _move(row: Delegation, verb: str, actor: Actor) -> None:
    move = find(DELEGATION, row.state, verb)
    if move is None:
        raise Conflict("这个申请已经处理过了。")
    if not move.who & parts_for(row, actor):
        raise Forbidden()
    moment = now()
    values = {"confirmed_by": actor.person, "confirmed_at": moment} if verb == "confirm" else {"ended_at": moment}
    moved = Delegation.update(state=move.target, **values).where(Delegation.id == row.id, Delegation.state == row.state)
    if not moved.execute():
        raise Conflict("刚才有人先处理了，请刷新后再看。")
    before, row.state = row.state, move.target
    _note(row, verb, actor, before, move.target)


def _note(row: Delegation, verb: str, actor: Actor, before: str | None, after: str) -> None:
    action = "delegation.decide" if verb in ("confirm", "refuse") else f"delegation.{verb}"
    audit.note(
        action, actor=actor, community=row.community, subject=row.key, about=row.principal,
        before={"state": before} if before else None, after={"state": after}, agent=row.agent.key, kind=row.kind,
    )  # fmt: skip
    audit.tell_screens(row.community, "delegation", row.key)


def _forget_only_known_here(row: Delegation) -> None:
    """Somebody without WeChat who was written down for this, and of whom nothing else is kept, is blanked."""
    person = row.principal
    others = Delegation.select().where(Delegation.principal == person, Delegation.state.in_(("asked", "confirmed")))
    if has_wechat(person) or others.exists() or person.created_at < row.asked_at - _TOGETHER:
        return
    homes = Residence.select().where(Residence.person == person).count()
    if homes > 1 or Case.select().where(Case.reporter == person).exists():
        return
    Residence.update(ended_at=now()).where(Residence.person == person, Residence.ended_at.is_null()).execute()
    _blank(person)


def _blank(person: Person) -> None:
    Person.update(name="", phone=None, age_group="").where(Person.id == person.id).execute()


def _forget_newcomer(person: Person) -> None:
    """Somebody who was only written down for a request that came to nothing: the name goes, the home is not asked."""
    others = Delegation.select().where(Delegation.principal == person, Delegation.state.in_(("asked", "confirmed")))
    settled = Residence.select().where(Residence.person == person, Residence.state == "confirmed")
    if has_wechat(person) or others.exists() or settled.exists():
        return
    Residence.update(state="refused", ended_at=now()).where(
        Residence.person == person, Residence.state == "asked"
    ).execute()
    _blank(person)
