"""How old somebody is, as far as the law makes a difference: asked once, in three groups, never a date of birth.

Under 14 every datum is sensitive and a guardian has to agree (PIPL 28, 31). Whoever once said "under 14" cannot take
that back alone: a confirmed guardian says when the child has grown, and what was a mistake is corrected by staff at
the counter (PIPL 46). A guardian makes nobody a child.
"""

from app.rules import audit, reading, rights
from app.rules.actor import Actor
from app.rules.refusal import NotFound, Refusal
from models.base import now
from models.conversation import Conversation
from models.delegation import Delegation, guardians_of
from models.person import Person, homes_of
from models.place import Place

GROUPS = {"adult": "18 岁以上", "teen": "14 到 17 岁", "child": "未满 14 岁"}


def tell(person: Person, group: str, *, actor: Actor) -> None:
    """Keep the group a person is in, said by the person or by a confirmed guardian.

    Raises Refusal `age_unknown` for another word, `guardian_needed` for a child that says to be older, `no_child` for a
    guardian who speaks of somebody grown, NotFound for somebody else's.
    """
    _need_group(group)
    guardian = actor.person.id in {one.id for one in guardians_of(person)}
    if actor.person.id != person.id and not guardian:
        raise NotFound()
    if actor.person.id != person.id and person.age_group != "child":
        said = "他已满 14 岁，年龄段由本人自己选；选错了可以一起到社区更正。"
        raise Refusal("no_child", said, {"group": "要由本人选"})
    if person.age_group == "child" and group != "child" and not guardian:
        raise Refusal("guardian_needed", "要改年龄段，请让社区确认过的监护人来改。", {"group": "要由监护人改"})
    _keep(person, group, actor=actor)


def correct(key: str, group: str, *, actor: Actor, community: Place, reason: str) -> Person:
    """Staff correct what was said by mistake, with the person before them, by the key that stands on the own phone.

    Only of somebody who lives in the community, or talks with it and lives nowhere yet. Nobody corrects the own.
    Raises Forbidden, Refusal `age_unknown`, `reason_missing`, `own_request` or `person_unknown`.
    """
    rights.need(actor, "delegation.decide", community=community)
    _need_group(group)
    reason = reading.need_reason(reason)
    person = Person.get_or_none(Person.key == key.strip(), Person.erased_at.is_null())
    if person is None or not _belongs(person, community):
        said = "本社区没有这个编号的居民，请核对对方手机小程序“我的”里的编号。"
        raise Refusal("person_unknown", said, {"person": "没有找到这个人"})
    if person.id == actor.person.id:
        raise Refusal("own_request", "不能更正自己的年龄段，请让另一位工作人员办。", {"person": "不能是自己"})
    _keep(person, group, actor=actor, community=community, reason=reason)
    return person


def _need_group(group: str) -> None:
    if group not in GROUPS:
        raise Refusal("age_unknown", "请从三个年龄段里选一个。", {"group": "不在选项里"})


def _belongs(person: Person, community: Place) -> bool:
    homes = homes_of(person)
    if homes:
        return community.id in {home.community_id for home in homes}
    return Conversation.select().where(Conversation.person == person, Conversation.community == community).exists()


def _keep(person: Person, group: str, *, actor: Actor, community: Place | None = None, reason: str = "") -> None:
    before = person.age_group
    if before == group:
        return
    Person.update(age_group=group).where(Person.id == person.id).execute()
    person.age_group = group
    audit.note(
        "person.age", actor=actor, community=community, subject=person.key, about=person, before={"group": before},
        after={"group": group}, reason=reason,
    )  # fmt: skip
    if group == "adult":
        _end_guardians(person, actor)


def _end_guardians(person: Person, actor: Actor) -> None:
    """Nobody is the guardian of a grown-up."""
    held = Delegation.select().where(
        Delegation.principal == person, Delegation.kind == "guardian", Delegation.state == "confirmed"
    )
    for row in list(held):
        Delegation.update(state="ended", ended_at=now()).where(Delegation.id == row.id).execute()
        audit.note(
            "delegation.end", actor=actor, community=row.community, subject=row.key, about=person,
            before={"state": "confirmed"}, after={"state": "ended"},
        )  # fmt: skip
