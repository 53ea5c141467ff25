"""我也遇到了: a neighbour follows a case of somebody else, counts for it, and hears when it is done and when it ends.

Who follows is no neighbour's business, nor the reporter's: they are told how many. What a follower is told names
neither the reporter nor a place nearer than the compound.
"""

from collections.abc import Iterable

import peewee

from app.rules import audit, letter, rights, same_words, wording
from app.rules.actor import Actor
from app.rules.public import public_cases
from app.rules.refusal import Conflict, NotFound, Refusal
from models.case import Case
from models.category import Category
from models.follow import Follow
from models.lifecycle import CASE_OPEN
from models.person import Person
from models.place import Place
from models.task import Task

#: A list of one's own is never longer.
MOST = 100
#: So many letters are owed in the transaction of a verb; ten thousand who met the same hole are told by a task.
AT_ONCE = 100


def follow(case: Case, *, actor: Actor) -> None:
    """The actor met the same thing. Said twice it counts once.

    Raises NotFound for what this person may not see, Refusal `own_case`, Conflict `case_over` when it is done.
    """
    if case.reporter_id in actor.selves:
        raise Refusal("own_case", "这是您自己上报的，有进展会直接告诉您。")
    if not Case.select().where(Case.id == case.id, public_cases(actor, "case.follow")).exists():
        raise NotFound()
    if case.state not in CASE_OPEN:
        raise Conflict("这件事已经办结了。如果又出现了，请重新上报。", "case_over")
    if not counted(case, actor):
        Follow.insert(case=case, person=actor.person).on_conflict_ignore().execute()
        audit.note("case.follow", actor=actor, community=case.community, subject=case.key)
        audit.tell_screens(case.community, "case", case.key)


def counted(case: Case, actor: Actor) -> bool:
    """Whether this person follows a case."""
    return Follow.select().where(Follow.case == case, Follow.person == actor.person).exists()


def unfollow(case: Case, *, actor: Actor) -> None:
    """Not any more; also of a case that one may not see any more. Raises NotFound for one never seen nor followed."""
    gone = Follow.delete().where(Follow.case == case, Follow.person == actor.person).execute()
    if gone:
        audit.note("case.unfollow", actor=actor, community=case.community, subject=case.key)
        audit.tell_screens(case.community, "case", case.key)
    elif not Case.select().where(Case.id == case.id, public_cases(actor, "case.follow")).exists():
        raise NotFound()


def followers(cases: Iterable[Case]) -> dict[int, int]:
    """How many follow each of these cases, by its id; those with none are left out: one query."""
    rows = Follow.select(Follow.case, peewee.fn.COUNT(Follow.id)).where(Follow.case.in_([case.id for case in cases]))
    return dict(rows.group_by(Follow.case).tuples())


def followed(cases: Iterable[Case], actor: Actor) -> set[int]:
    """Which of these cases this person follows, by id: one query."""
    listed = [case.id for case in cases]
    rows = Follow.select(Follow.case).where(Follow.person == actor.person, Follow.case.in_(listed))
    return {row.case_id for row in rows}


def followed_by(actor: Actor) -> peewee.Expression:
    """The condition of the cases this person follows and may still see."""
    mine = Follow.select(Follow.case).where(Follow.person == actor.person)
    return Case.id.in_(mine) & public_cases(actor, "case.follow")


def tell(case: Case, verb: str) -> None:
    """After a verb: what its followers are told of it, once an event and person; most verbs are nothing to them.

    Whoever reported what was merged into it is told under the own number (app.rules.merge). The first AT_ONCE are owed
    their letters here; if there are more, a task owes the rest.
    """
    if wording.followed(case, verb) is None and same_words.news(case, case, verb) is None:
        return
    last = _tell_some(case, verb, case.version, 0)
    if last:
        Task.insert(
            key=f"follow:{case.id}:{case.version}", kind="follow",
            payload={"case": case.id, "verb": verb, "version": case.version, "after": last},
        ).on_conflict_ignore().execute()  # fmt: skip


def tell_on(case: Case, verb: str, version: int, after: int) -> int:
    """Go on telling from the follower `after` (an id of Follow). Returns where to go on again, 0 at the end."""
    return _tell_some(case, verb, version, after)


def _tell_some(case: Case, verb: str, version: int, after: int) -> int:
    rows = list(
        Follow.select(Follow.id, Person)
        .join(Person, on=(Follow.person == Person.id), attr="person")
        .where(Follow.case == case, Follow.id > after, Person.erased_at.is_null())
        .order_by(Follow.id)
        .limit(AT_ONCE)
    )
    own = _own_of([row.person.id for row in rows], case)
    text = wording.followed(case, verb)
    for row in rows:
        mine = own.get(row.person.id)
        said = same_words.news(mine, case, verb) if mine else text
        if said is not None:
            facts = wording.facts(mine) if mine else wording.facts(case) | {"place": wording.compound(case)}
            letter.owe(
                kind="case_progress", person=row.person, community=case.community, case=mine or case,
                content=facts | {"text": said}, event=f"followed:{case.id}:{version}",
                next_persons=(mine.filed_by,) if mine and mine.filed_by_id else (),
            )  # fmt: skip
    return rows[-1].id if len(rows) == AT_ONCE else 0


def _own_of(people: list[int], case: Case) -> dict[int, Case]:
    """What these people reported themselves and was merged into a case, by person: one query."""
    rows = Case.select(Case, Category, Place).join(Category, on=(Case.category == Category.id), attr="category")
    rows = rows.switch(Case).join(Place, peewee.JOIN.LEFT_OUTER, on=(Case.place == Place.id), attr="place")
    found = rows.where(Case.merged_into == case, Case.reporter.in_(people)).order_by(Case.id.desc())
    return {row.reporter_id: row for row in found}


def may_be_told(case: Case, actor: Actor) -> bool:
    """Whether a letter to a follower may go out now: still following, still allowed, and not about anybody."""
    about = case.about_id is not None or case.about_unit_id is not None
    return not about and counted(case, actor) and rights.may(actor, "case.follow", case=case)
