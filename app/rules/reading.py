"""Looking at people's data: every look is written down, a day holds so many households, and unmasking asks why."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import peewee

from app.rules import alert, audit, mask, veil
from app.rules.actor import Actor
from app.rules.clock import midnight
from app.rules.refusal import Forbidden, Refusal
from app.rules.rights import masked, may, need
from app.rules.setting import setting
from models.alert import Alert
from models.audit import Audit
from models.base import now
from models.case import Case
from models.conversation import Conversation
from models.person import Person, Residence, home_of
from models.place import Place

#: The readings that count for the day's budget.
READINGS = ("case.read", "conversation.read", "person.reveal", "person.search", "visit.read")
REASON = (4, 200)
#: A mobile number or an identity number, as people write them: a reason stays for ever, and names nobody.
NUMBER = re.compile(r"(?<!\d)(1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx])(?!\d)")


class BudgetSpent(Forbidden):
    """Somebody has looked at as many people today as the work of a day needs."""

    def __init__(self) -> None:
        super().__init__("您今天查看的住户已达上限，已提醒上级。确有需要，请联系街道管理员。")
        self.code = "budget_spent"


@dataclass(frozen=True)
class Known:
    """A person as somebody else may know this one; `phone` and `door` are masked unless they were revealed."""

    key: str
    name: str
    phone: str
    door: str = ""


def reporter_of(case: Case, *, actor: Actor) -> Known | None:
    """The reporter as the actor may know this person: by name where the right masks nothing, masked, or not at all."""
    if not may(actor, "case.see_reporter", case=case):
        return None
    if not masked(actor, "case.see_reporter", case=case):
        shown = case.reporter
        return Known(shown.key, shown.name, mask.phone(shown.phone))
    if case.anonymous and may(actor, "veil.lift", case=case):
        real = veil.behind(case.reporter)
        return Known(case.reporter.key, real.name, real.phone or "")
    return masked_person(case.reporter)


def masked_person(person: Person) -> Known:
    """A person as everybody on duty sees this one by default; an alias has no name to hide."""
    name = person.name if person.name == veil.NAME else mask.name(person.name)
    return Known(person.key, name, mask.phone(person.phone))


def look(case: Case, *, actor: Actor) -> bool:
    """Somebody opens a case: written down unless it is the own. False when the day's budget is spent; an alert is out.

    The caller refuses with BudgetSpent after the transaction, for the alert must stay.
    """
    if case.reporter_id in actor.selves:
        return True
    if not fits_today(actor, case.community, case.reporter):
        return False
    audit.read("case.read", actor=actor, community=case.community, subject=case.key, about=case.reporter)
    return True


def look_at_talk(conversation: Conversation, *, actor: Actor) -> bool:
    """Somebody opens a conversation at the desk: as `look`."""
    if not fits_today(actor, conversation.community, conversation.person):
        return False
    audit.read(
        "conversation.read", actor=actor, community=conversation.community, subject=conversation.key,
        about=conversation.person,
    )  # fmt: skip
    return True


def look_over(cases: Iterable[Case], *, actor: Actor) -> None:
    """Somebody leafs through a list, which shows the first words of each case: one row a person and hour, no budget."""
    foreign = next((case for case in cases if case.reporter_id not in actor.selves), None)
    if foreign is not None:
        audit.read("case.list", actor=actor, community=foreign.community, subject="")


def look_up(person: Person, *, actor: Actor, community: Place) -> bool:
    """Somebody finds a person by the whole name or number: as `look`; `community` is where the actor has a part."""
    if person.id in actor.selves:
        return True
    if not fits_today(actor, community, person):
        return False
    audit.read("person.search", actor=actor, community=community, subject=person.key, about=person)
    return True


def reveal_reporter(case: Case, *, actor: Actor, reason: str) -> Known | None:
    """Name, phone and door of a case's reporter, for a reason: told once, in this answer. None: the budget is spent.

    Never who stands behind an alias, see app.rules.glass for that. Raises Refusal `anonymous` or `reason_missing`.
    """
    need(actor, "person.reveal", case=case)
    if case.anonymous:
        raise Refusal("anonymous", "这是匿名上报，身份另行保管；确有必要，请写明理由申请“紧急查看”。")
    return reveal(case.reporter, actor=actor, community=case.community, subject=case.key, reason=reason)


def reveal_asker(residence: Residence, *, actor: Actor, reason: str) -> Known | None:
    """The same for whoever asks to be bound to a household, by whom may confirm it."""
    place = residence.household
    need(actor, "residence.confirm", community=place.community, place=place)
    return reveal(
        residence.person, actor=actor, community=place.community, subject=residence.key, reason=reason, home=place
    )


def reveal_speaker(conversation: Conversation, *, actor: Actor, reason: str) -> Known | None:
    """The same for whoever talks with the community, by whom may read that."""
    need(actor, "person.reveal", community=conversation.community)
    if conversation.person.name == veil.NAME and veil.behind(conversation.person) != conversation.person:
        raise Refusal("anonymous", "这是匿名上报，身份另行保管；确有必要，请在事项页写明理由申请“紧急查看”。")
    return reveal(
        conversation.person, actor=actor, community=conversation.community, subject=conversation.key, reason=reason
    )


def reveal(
    person: Person, *, actor: Actor, community: Place, subject: str, reason: str, home: Place | None = None
) -> Known | None:
    """Name, phone and door of a person, for a reason, written down; the caller has asked for the right.

    `subject` is the key of what it is for, `home` the household to tell, by default the one the person is bound to.
    None when the day's budget is spent. Raises as `need_reason`.
    """
    reason = need_reason(reason)
    if not fits_today(actor, community, person):
        return None
    audit.note("person.reveal", actor=actor, community=community, subject=subject, about=person, reason=reason)
    home = home or home_of(person)
    return Known(person.key, person.name, person.phone or "", home.label if home else "")


def need_reason(reason: str) -> str:
    """A reason of 4 to 200 characters without anybody's number. Raises Refusal `reason_missing` or `reason_number`."""
    clean = " ".join(reason.split())
    if not REASON[0] <= len(clean) <= REASON[1]:
        raise Refusal("reason_missing", "请写明查看的理由（4 到 200 字），居民能看到这条记录。", {"reason": "必填"})
    if NUMBER.search(unicodedata.normalize("NFKC", clean)):
        raise Refusal("reason_number", "理由会一直留在审计日志里，请不要写手机号、身份证号。", {"reason": "不要写号码"})
    return clean


def fits_today(actor: Actor, community: Place, about: Person) -> bool:
    """Whether this look fits into the day's budget; the first that does not puts out an alert, once a day."""
    today = (Audit.person == actor.person) & (Audit.at >= midnight(now())) & Audit.action.in_(READINGS)
    if Audit.select().where(today, Audit.about == about, Audit.result == "done").exists():
        return True
    seen = Audit.select(peewee.fn.COUNT(Audit.about.distinct())).where(today, Audit.result == "done").scalar()
    if seen < setting(community, "people_per_day"):
        return True
    told = Alert.select().where(
        Alert.kind == "budget_spent", Alert.person == actor.person, Alert.at >= midnight(now())
    )  # fmt: skip
    audit.note("person.reveal", actor=actor, community=community, result="refused", seen=seen)
    if not told.exists():
        who = _part(actor, community)
        words = f"一位{who}今天已查看 {seen} 位居民的信息，达到上限，已自动停止。请核实是否确有需要。"
        alert.give("budget_spent", place=community, words=words, person=actor.person)
    return False


def _part(actor: Actor, community: Place) -> str:
    return {"grid_worker": "网格员", "community_admin": "社区管理员"}.get(actor.role_in(community), "工作人员")
