"""Frequent problems at the desk: what recurs, and what the community makes of it."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import rights, topic
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.setting import setting
from handlers.console import scope
from models.base import write
from models.lifecycle import TOPIC_STATES
from models.topic import Topic


@at_desk("topic.read")
def index() -> str:
    """What is proposed or taken up, and what was decided before."""
    return _page(actor())


def _page(who: Actor, problem: Refusal | None = None, at: str = "") -> str:
    places = scope.communities(who, "topic.read")
    picked = scope.chosen(places)
    rows = topic.listed([place.id for place in picked])
    rules = {place.id: setting(place, "recurrent") for place in picked}
    return render_template(
        "console/topics.html", places=places, picked=picked, problem=problem, at=at, rules=rules, given=request.form,
        now_open=[row for row in rows if row.state in topic.OPEN],
        decided=[row for row in rows if row.state not in topic.OPEN],
        verbs={row.key: topic.verbs_of(row, who) for row in rows}, words=topic.VERBS, states=TOPIC_STATES,
    )  # fmt: skip


@at_desk("topic.decide")
def decide(key: str, verb: str) -> Response | tuple[str, int]:
    """Take it up, dismiss it, or write down what came of it."""
    who = actor()
    places = [place.id for place in scope.communities(who, "topic.read")]
    row = Topic.get_or_none(Topic.key == key, Topic.community.in_(places))
    if row is None or verb not in topic.VERBS:
        raise NotFound()
    rights.need(who, "topic.decide", community=row.community)
    try:
        with write():
            topic.decide(row, verb, actor=who, note=request.form.get("note", ""))
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        return _page(who, refusal, row.key), 409 if isinstance(refusal, Conflict) else 422
    return redirect(url_for("console.topics"), 303)
