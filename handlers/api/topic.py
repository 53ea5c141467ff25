"""Frequent problems: what recurs in a community, and what the community made of it."""

from datetime import datetime
from functools import partial
from typing import Literal

from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import rights, topic
from app.rules.actor import Actor
from app.rules.clock import near
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named, the
from handlers.api.once import answer_once
from handlers.api.reading import Body, MaybeOnce, Query
from handlers.api.shapes import PlaceOut
from models.base import now
from models.lifecycle import TOPIC_STATES
from models.place import Place
from models.topic import Topic

State = Literal[*TOPIC_STATES]  # type: ignore[valid-type]  # known at run time, from the table


class TopicsIn(Query):
    state: State | None = Field(default=None, description="One state; without it all.")


class TopicVerbOut(BaseModel):
    verb: str
    words: str


class TopicOut(BaseModel):
    key: str
    place: PlaceOut
    category: str
    category_code: str
    state: str
    state_words: str
    words: str = Field(description="“幸福家园 第 3 次报“楼道堆物””")
    times: int
    first_at: datetime
    last_at: datetime
    near: str = Field(description="When last, in words.")
    note: str
    decided_by: str = Field(description="The name on duty; empty as long as nobody decided.")
    decided_at: datetime | None
    verbs: list[TopicVerbOut] = Field(description="What this viewer may say now: the buttons.")

    @classmethod
    def of(cls, row: Topic, who: Actor, moment: datetime) -> "TopicOut":
        return cls(
            key=row.key, place=PlaceOut.of(row.place), category=row.category.name, category_code=row.category.code,
            state=row.state, state_words=TOPIC_STATES[row.state],
            words=f"{row.place.label} 第 {row.times} 次报“{row.category.name}”", times=row.times,
            first_at=row.first_at, last_at=row.last_at, near=near(row.last_at, moment), note=row.note,
            decided_by=row.decided_by.name if row.decided_by_id else "", decided_at=row.decided_at,
            verbs=[TopicVerbOut(verb=verb, words=topic.VERBS[verb]) for verb in topic.verbs_of(row, who)],
        )  # fmt: skip


class TopicsOut(BaseModel):
    topics: list[TopicOut]


class TopicDeedIn(Body):
    """dismiss and settle need a note."""

    note: str = Field(default="", max_length=topic.NOTE_LIMIT)


@api.get("/communities/<key>/topics")
@named("listTopics")
@signed_in("topic.read")
@api.input(TopicsIn, location="query", arg_name="query")
@api.output(TopicsOut)
def list_topics(key: str, query: TopicsIn):
    """What recurs in a community, the latest first, at most fifty"""
    community, who, moment = the(Place, key), actor(), now()
    if community.kind != "community" or not rights.may(who, "topic.read", community=community):
        raise NotFound()
    rows = topic.listed([community.id], *([query.state] if query.state else []))
    return {"topics": [TopicOut.of(row, who, moment) for row in rows]}


@api.post("/topics/<key>/<verb>")
@named("decideTopic")
@signed_in("topic.decide")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.input(TopicDeedIn, arg_name="body")
@api.output(TopicOut)
def decide_topic(key: str, verb: str, once: MaybeOnce, body: TopicDeedIn):
    """Take it up as a topic (take), not (dismiss), or write down what came of it (settle)

    409 when it was decided meanwhile.
    """
    return answer_once(once, body, partial(_decide, key, verb, body))


def _decide(key: str, verb: str, body: TopicDeedIn) -> TopicOut:
    row, who = the(Topic, key), actor()
    if verb not in topic.VERBS or not rights.may(who, "topic.read", community=row.community):
        raise NotFound()
    row = topic.decide(row, verb, actor=who, note=body.note)
    return TopicOut.of(row, who, now())
