"""Breaking the glass: holding for half an hour a right one usually has not, for a reason, with an alert to others.

The cells of the matrix marked "!" allow it. Whoever answers for the community is told at once and looks at it
afterwards; nobody reviews the own.
"""

from datetime import timedelta

from app.rules import alert, audit
from app.rules.actor import Actor
from app.rules.reading import need_reason
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.rights import may, may_break, need
from models.base import now
from models.case import Case
from models.glass import Glass

LASTS = timedelta(minutes=30)
#: What can be opened by breaking the glass, in words.
WORDS = {
    "veil.lift": "匿名上报人的身份",
    "photo.read": "原始照片",
    "case.see_place": "确切地点",
    "person.reveal": "上报人的联系方式",
    "case.read": "事项的办理内容",
}


def break_glass(case: Case, action: str, *, actor: Actor, reason: str) -> Glass:
    """Hold `action` towards a case for half an hour. Raises Refusal `glass_unknown`, `reason_missing`, Forbidden.

    NotFound for a case that the actor may neither read nor open this way.
    """
    if action not in WORDS:
        raise Refusal("glass_unknown", "请选择要查看的内容。", {"action": "不在选项里"})
    if not may_break(actor, action, case):
        raise Forbidden() if may(actor, "case.read", case=case) else NotFound()
    reason = need_reason(reason)
    glass = Glass.create(person=actor.person, case=case, action=action, reason=reason, ends_at=now() + LASTS)
    audit.note(
        "glass.break", actor=actor, community=case.community, subject=case.key, about=case.reporter, reason=reason,
        opened=action,
    )  # fmt: skip
    words = f"有人紧急查看了 #{case.number} 的{WORDS[action]}。理由和核实请到工作台。"
    alert.give("glass_broken", place=case.community, words=words, person=actor.person, case=case)
    return glass


def review(glass: Glass, *, actor: Actor) -> None:
    """Somebody else who answers for the community looked at it. Raises Refusal `own_glass`, Conflict, Forbidden.

    NotFound for whom the case is about.
    """
    community = glass.case.community
    need(actor, "glass.review", community=community)
    if actor.is_party(glass.case):
        raise NotFound()
    if glass.person_id == actor.person.id:
        raise Refusal("own_glass", "不能核实自己的紧急查看，请由另一位同志核实。")
    done = Glass.update(reviewed_by=actor.person, reviewed_at=now()).where(
        Glass.id == glass.id, Glass.reviewed_at.is_null()
    )
    if not done.execute():
        raise Conflict("这次紧急查看已经核实过了。")
    audit.note("glass.review", actor=actor, community=community, subject=glass.key, about=glass.person)
