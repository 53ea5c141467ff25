"""The link of a unit: whoever holds it acts for the unit, in one subcase and nothing else, without any account.

It is signed and carries the time it was made (app/links.py). Good for the community's `link_days`, only for the unit it
was made for, until the community renews it, the unit leaves, or some days after the subcase ended. How often it was
renewed is counted from the history: no row holds a link.
"""

from datetime import datetime, timedelta

from app.rules import audit
from app.rules.actor import Actor
from app.rules.refusal import Forbidden, NotFound, Refusal
from app.rules.setting import setting
from app.rules.subcase_move import amend
from app.rules.subcase_sight import OPEN, is_called, parts_for, rows
from models.base import now
from models.place import Place
from models.subcase import Subcase, SubcaseStep

#: So long after its subcase ended a link still shows what became of it.
AFTER = timedelta(days=7)
DOOR = "link"
GONE = "这个链接已失效，请联系社区重新发送。"


class LinkGone(Refusal):
    """The link was good once, or is not any more; why is told to nobody."""

    def __init__(self) -> None:
        super().__init__("link_gone", GONE)


def renewals(subcase: Subcase) -> int:
    """How often the community has replaced its link."""
    return SubcaseStep.select().where(SubcaseStep.subcase == subcase, SubcaseStep.verb == "renew").count()


def enter(
    key: str, unit: str, renewed: int, made_at: datetime, *, address: str = ""
) -> tuple[Subcase, Actor]:  # fmt: skip
    """What a link opens, and who acts by it: the face of the unit, with that unit as its only part.

    Takes what the link says. Raises LinkGone.
    """
    found = rows().where(Subcase.key == key).first()
    if found is None or found.unit_id is None or found.unit.key != unit or found.unit.left_at is not None:
        raise LinkGone()
    if found.unit.face_id is None or not is_called(found) or renewals(found) != renewed:
        raise LinkGone()
    if made_at + timedelta(days=setting(found.case.community, "link_days")) < now() or _over(found):
        raise LinkGone()
    who = Actor(
        found.unit.face, address=address, door=DOOR, units=frozenset({found.unit_id}),
        served=frozenset({found.case.community_id}),
    )  # fmt: skip
    if "unit" not in parts_for(found, who):  # the case turned out to complain about this unit
        raise LinkGone()
    return found, who


def _over(subcase: Subcase) -> bool:
    return subcase.state not in OPEN and (subcase.done_at or subcase.updated_at) + AFTER < now()


def shown(subcase: Subcase, *, actor: Actor) -> int:
    """The community looks at the link, to hand it on: written down. Returns how often it was renewed.

    Raises Refusal no_link.
    """
    _need(subcase, actor)
    audit.note("subcase.link", actor=actor, community=subcase.case.community, subject=subcase.key)
    return renewals(subcase)


def renew(subcase: Subcase, *, actor: Actor) -> int:
    """Make every link given out so far useless. Returns how often it was renewed. Raises Refusal no_link."""
    _need(subcase, actor)
    amend(subcase, "renew", actor, "community_admin", "", "")
    return renewals(subcase)


def _need(subcase: Subcase, actor: Actor) -> None:
    parts = parts_for(subcase, actor)
    if not parts:
        raise NotFound()
    if "community_admin" not in parts:
        raise Forbidden()
    if subcase.unit_id is None or not is_called(subcase) or subcase.unit.left_at is not None or _over(subcase):
        raise Refusal("no_link", "这一项没有可用的链接：还没有确认、单位已退出，或已经结束。")


def days_of(community: Place) -> int:
    """How many days a link is good for here."""
    return setting(community, "link_days")
