"""How old somebody is, as far as the law makes a difference: asked once, in three groups, never a date of birth.

Under 14 every datum is sensitive and a guardian has to agree (PIPL 28, 31). Whoever once said "under 14" cannot take
that back alone: a confirmed guardian says when the child has grown.
"""

from app.rules import audit
from app.rules.actor import Actor
from app.rules.refusal import NotFound, Refusal
from models.delegation import guardians_of
from models.person import Person

GROUPS = {"adult": "18 岁以上", "teen": "14 到 17 岁", "child": "未满 14 岁"}


def tell(person: Person, group: str, *, actor: Actor) -> None:
    """Keep the group a person is in, said by the person or by a confirmed guardian.

    Raises Refusal `age_unknown` for another word, `guardian_needed` for a child that says to be older, NotFound for
    somebody else's.
    """
    if group not in GROUPS:
        raise Refusal("age_unknown", "请从三个年龄段里选一个。", {"group": "不在选项里"})
    guardian = actor.person.id in {one.id for one in guardians_of(person)}
    if actor.person.id != person.id and not guardian:
        raise NotFound()
    if person.age_group == "child" and group != "child" and not guardian:
        raise Refusal("guardian_needed", "要改年龄段，请让社区确认过的监护人来改。", {"group": "要由监护人改"})
    if person.age_group == group:
        return
    before = person.age_group
    Person.update(age_group=group).where(Person.id == person.id).execute()
    person.age_group = group
    audit.note(
        "person.age", actor=actor, community=None, subject=person.key, about=person, before={"group": before},
        after={"group": group},
    )  # fmt: skip
