"""Frequent problems: what recurs at one compound is proposed for a meeting instead of being mended once more.

北京 接诉即办 Art. 24–26: what is reported often and by many is taken up as a topic. Once a day the cases of the last
days are counted by place and category; the community decides what becomes of a proposal. Staff see places, kinds and
numbers of cases, never who reported them.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import peewee

from app.rules import audit, crew, letter, rights
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, Refusal
from app.rules.setting import setting
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.category import Category
from models.lifecycle import TOPIC, TOPIC_STATES, find, verbs_for
from models.person import Person
from models.place import Place, line_of
from models.topic import Topic

VERBS = {"take": "列入议题", "dismiss": "不列入", "settle": "写下结果"}
#: Neither a problem of a place, nor the same problem twice.
NO_TOPIC = ("consult", "suggestion")
OPEN = ("proposed", "taken")
NOTE_LIMIT = 300
MOST = 50
#: What was the same thing, taken back or not taken, happened no second time.
_UNCOUNTED = ("merged", "withdrawn", "rejected")


class Often(NamedTuple):
    """That a category was reported so often at a place, and when first and last."""

    place: int
    category: int
    times: int
    first_at: datetime
    last_at: datetime


def propose(community: Place, moment: datetime) -> list[Topic]:
    """Bring the topics of a community up to date; those that are new are told to its admins and returned.

    A place and category has one open topic at most. One that was decided comes back when it happened so often again.
    """
    rule = setting(community, "recurrent")
    times, days = rule["times"], rule["days"]
    known = _newest_of(community)
    fresh = []
    for often in counted(community, moment - timedelta(days=days)):
        topic = known.get((often.place, often.category))
        if topic is not None and topic.state in OPEN:
            _bring_up_to_date(topic, often)
            continue
        if topic is not None:
            since = max(moment - timedelta(days=days), topic.decided_at or topic.updated_at)
            again = next((one for one in counted(community, since) if one[:2] == often[:2]), None)
            if again is None:
                continue
            often = again
        if often.times >= times:
            fresh.append(_proposed(community, often, days, moment))
    return fresh


def counted(community: Place, since: datetime) -> list[Often]:
    """How often each category was reported at each compound since a moment: three statements, whatever the number.

    What is not in a compound counts for its building. Without complaints about anybody, and without what is merged or
    probably the same as another.
    """
    counts = (
        Case.select(
            Case.place, Case.category, peewee.fn.COUNT(Case.id), peewee.fn.MIN(Case.created_at),
            peewee.fn.MAX(Case.created_at),
        )
        .join(Category)
        .where(
            Case.community == community, Case.created_at >= since, Case.place.is_null(False),
            Case.state.not_in(_UNCOUNTED), Case.same_as.is_null(), Case.about.is_null(), Case.about_unit.is_null(),
            Category.priority.not_in(NO_TOPIC), Category.code != "other",
        )
        .group_by(Case.place, Case.category)
    )  # fmt: skip
    rows = list(counts.tuples())
    where = _compounds({row[0] for row in rows})
    sums: dict[tuple[int, int], list] = defaultdict(list)
    for place, category, count, first, last in rows:
        if place in where:
            sums[where[place], category].append((count, _aware(first), _aware(last)))
    return [
        Often(place, category, sum(one[0] for one in parts), min(one[1] for one in parts), max(one[2] for one in parts))
        for (place, category), parts in sorted(sums.items())
    ]


def _aware(value: datetime | str) -> datetime:
    """A moment as it comes out of MIN and MAX."""
    return Case.created_at.python_value(value)


def _compounds(places: Iterable[int]) -> dict[int, int]:
    """The compound in which each of these places lies, else its building; by id, two statements."""
    rows = list(Place.select().where(Place.id.in_(list(places))))
    lines = {row.id: line_of(row) for row in rows}
    above = {one for line in lines.values() for one in line}
    kinds = dict(
        Place.select(Place.id, Place.kind).where(Place.id.in_(above), Place.kind.in_(("compound", "building"))).tuples()
    )
    found = {}
    for place, line in lines.items():
        levels = {kinds[one]: one for one in line if one in kinds}
        if levels:
            found[place] = levels.get("compound") or levels["building"]
    return found


def _newest_of(community: Place) -> dict[tuple[int, int], Topic]:
    rows = Topic.select().where(Topic.community == community).order_by(Topic.id)
    return {(row.place_id, row.category_id): row for row in rows}


def _bring_up_to_date(topic: Topic, often: Often) -> None:
    if (topic.times, topic.last_at) != (often.times, often.last_at):
        Topic.update(times=often.times, last_at=often.last_at, updated_at=now()).where(
            Topic.id == topic.id, Topic.version == topic.version
        ).execute()  # fmt: skip


def _proposed(community: Place, often: Often, days: int, moment: datetime) -> Topic:
    topic = Topic.create(
        community=community, place=often.place, category=often.category, times=often.times, first_at=often.first_at,
        last_at=often.last_at, created_at=moment, updated_at=moment,
    )  # fmt: skip
    audit.note("topic.propose", actor=None, community=community, subject=topic.key, times=often.times)
    audit.tell_screens(community, "topic", topic.key)
    for admin in crew.holding(["community_admin"], community) or crew.answering_for(community):
        letter.owe(
            kind="alert", person=admin, community=community, event=f"topic:{topic.id}",
            content={"what": "频发问题", "at": moment.isoformat(), "text": words(topic, days)},
        )  # fmt: skip
    return topic


def words(topic: Topic, days: int) -> str:
    """“幸福家园 60 天内第 3 次报“楼道堆物”，建议列入家门口议事会议题。”"""
    return (
        f"{topic.place.label} {days} 天内第 {topic.times} 次报“{topic.category.name}”，建议列入家门口议事会议题。"
        "请到工作台“管理 → 频发问题”决定。"
    )


def decide(topic: Topic, verb: str, *, actor: Actor, note: str = "") -> Topic:
    """Take a proposal up, dismiss it, or write down what came of it; the last two with a note.

    Raises NotFound or Forbidden, Conflict when its state does not allow it (any more), Refusal `note_missing`,
    `note_too_long`.
    """
    rights.need(actor, "topic.decide", community=topic.community)
    step = find(TOPIC, topic.state, verb)
    if step is None:
        raise Conflict(f"这个议题现在是“{TOPIC_STATES[topic.state]}”，不能{VERBS[verb]}。", "state_forbids")
    if not step.who & actor.parts_in(topic.community):
        raise Forbidden()
    note = clean(note, 2 * NOTE_LIMIT).strip()
    if not note and verb != "take":
        said = "请写明为什么不列入。" if verb == "dismiss" else "请写明商量出了什么结果。"
        raise Refusal("note_missing", said, {"note": "必填"})
    if len(note) > NOTE_LIMIT:
        raise Refusal("note_too_long", f"说明请在 {NOTE_LIMIT} 字以内。", {"note": "太长"})
    values = {
        "state": step.target, "note": note or topic.note, "decided_by": actor.person, "decided_at": now(),
        "version": topic.version + 1, "updated_at": now(),
    }  # fmt: skip
    moved = Topic.update(**values).where(
        Topic.id == topic.id, Topic.state == topic.state, Topic.version == topic.version
    )
    if not moved.execute():
        raise Conflict("刚才有人先决定了，请刷新后再看。")
    audit.note(
        f"topic.{verb}", actor=actor, community=topic.community, subject=topic.key, before={"state": step.source},
        after={"state": step.target},
    )  # fmt: skip
    audit.tell_screens(topic.community, "topic", topic.key)
    return Topic.get_by_id(topic.id)


def listed(communities: Iterable[int] | peewee.ModelSelect, *states: str) -> list[Topic]:
    """Topics of these communities with place, category, community and who decided, the newest first: one query."""
    community = Place.alias()
    query = (
        Topic.select(Topic, Place, Category, community, Person)
        .join(Place, on=(Topic.place == Place.id), attr="place")
        .switch(Topic)
        .join(Category, on=(Topic.category == Category.id), attr="category")
        .switch(Topic)
        .join(community, on=(Topic.community == community.id), attr="community")
        .switch(Topic)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(Topic.decided_by == Person.id), attr="decided_by")
        .where(Topic.community.in_(communities), Topic.state.in_(states or tuple(TOPIC_STATES)))
    )
    return list(query.order_by(Topic.last_at.desc(), Topic.id.desc()).limit(MOST))


def verbs_of(topic: Topic, actor: Actor) -> list[str]:
    """What this person may say to it now."""
    if not rights.may(actor, "topic.decide", community=topic.community):
        return []
    return verbs_for(TOPIC, topic.state, set(actor.parts_in(topic.community)))
