"""Notices: the community tells those who live in a place something, and takes back what was wrong.

What is published is never changed: a mistake is put right by another notice, which takes the first one back; a notice
that was taken back stays, with the reason, for whoever has read it.
"""

from datetime import timedelta
from functools import reduce
from operator import or_

import peewee

from app.rules import audit, rights
from app.rules.actor import Actor
from app.rules.refusal import Conflict, NotFound, Refusal
from app.rules.words import clean
from models.base import now
from models.lifecycle import NOTICE, find
from models.notice import KINDS, SCOPES, Notice, NoticeReading
from models.place import GridPlace, Place, line_of

TITLE, BODY, REASON = 60, 5000, 200
#: How much of the text stands in a list.
SUMMARY = 80
#: So long a notice that one has not read stands before newer ones at the door.
FRESH = timedelta(days=14)
CORRECTED = "内容有更正，请看新的公告。"


def compose(*, kind: str, title: str, body: str) -> tuple[str, str]:
    """Title and text as they would be published. Raises Refusal `notice_incomplete` with every field that is wrong."""
    title, body = " ".join(clean(title, TITLE + 1).split()), clean(body, BODY + 1).strip()
    wrong = {
        "kind": "请选择类型" if kind not in KINDS else "",
        "title": "请写标题" if len(title) < 2 else f"标题最多 {TITLE} 个字" if len(title) > TITLE else "",
        "body": "请写正文" if len(body) < 2 else f"正文最多 {BODY} 个字" if len(body) > BODY else "",
    }
    wrong = {name: words for name, words in wrong.items() if words}
    if wrong:
        raise Refusal("notice_incomplete", f"{'；'.join(wrong.values())}。", wrong)
    return title, body


def need_place(place: Place, *, actor: Actor) -> None:
    """Refuse unless one may send to everybody in a place: Forbidden, or Refusal `place_too_narrow` for a door."""
    if place.kind not in SCOPES or not place.active:
        raise Refusal("place_too_narrow", "公告发给整个社区、一个小区或一栋楼，请重新选择范围。", {"place": "请选择"})
    rights.need(actor, "notice.send", community=place.community, place=place)


def publish(
    *,
    actor: Actor,
    place: Place,
    kind: str,
    title: str,
    body: str,
    urgent: bool = False,
    corrects: Notice | None = None,
) -> Notice:
    """Publish a notice to a community, compound or building; `corrects` is the one whose place it takes.

    Whether a second person has to agree is asked by app.rules.approval. Raises what `compose` and `need_place` raise,
    Conflict when what it corrects was taken back meanwhile.
    """
    need_place(place, actor=actor)
    title, body = compose(kind=kind, title=title, body=body)
    if corrects is not None:
        if corrects.community_id != place.community_id:
            raise NotFound()
        withdraw(corrects, actor=actor, reason=CORRECTED)
    row = Notice.create(
        community=place.community, place=place, kind=kind, title=title, body=body, urgent=urgent,
        sent_by=actor.person, corrects=corrects,
    )  # fmt: skip
    audit.note(
        "notice.send", actor=actor, community=place.community, subject=row.key, after={"state": "published"},
        kind=kind, place=place.key, corrects=corrects.key if corrects else "",
    )  # fmt: skip
    audit.tell_screens(place.community, "notice", row.key)
    return row


def withdraw(notice: Notice, *, actor: Actor, reason: str) -> None:
    """Take a notice back; it stays as taken back, with the reason for everybody to read.

    One person does it also where sending takes two: a wrong notice does harm every minute. Raises Forbidden, Refusal
    `reason_missing`, Conflict when it was taken back before.
    """
    rights.need(actor, "notice.send", community=notice.community, place=notice.place)
    reason = " ".join(clean(reason, REASON).split())
    if len(reason) < 4:
        raise Refusal("reason_missing", "请写明为什么撤回（至少 4 个字，居民会看到）。", {"reason": "必填"})
    step = find(NOTICE, notice.state, "withdraw")
    values = {"withdrawn_by": actor.person, "withdrawn_at": now(), "withdrawn_reason": reason}
    moved = step is not None and (
        Notice.update(state=step.target, **values).where(Notice.id == notice.id, Notice.state == step.source).execute()
    )
    if not moved:
        raise Conflict("这条公告已经撤回了。")
    audit.note(
        "notice.withdraw", actor=actor, community=notice.community, subject=notice.key,
        before={"state": "published"}, after={"state": "withdrawn"},
    )  # fmt: skip
    audit.tell_screens(notice.community, "notice", notice.key)


def addressed_to(actor: Actor) -> peewee.Expression:
    """The condition on Notice that it concerns the actor: it is for a place lived in, or for a community one serves.

    Anybody may read the others too, as on a notice board or when a neighbour shares one; they just stand in no list.
    """
    lived_in = {one for home in actor.homes for one in line_of(home)}
    return Notice.place.in_(list(lived_in)) | Notice.community.in_(rights.communities_of(actor, "notice.read"))


def board_of(community: Place, actor: Actor) -> peewee.Expression:
    """The condition on Notice that it stands on a community's board: what is for all of it, and what concerns one."""
    return (Notice.community == community) & ((Notice.place == community) | addressed_to(actor))


def listed(actor: Actor, *conditions: peewee.Expression) -> peewee.ModelSelect:
    """Notices of these conditions with their places and, as `seen`, whether the actor has read them."""
    mine = (NoticeReading.notice == Notice.id) & (NoticeReading.person == actor.person)
    return (
        Notice.select(Notice, Place, NoticeReading.id.is_null(False).alias("seen"))
        .join(Place, on=(Notice.place == Place.id), attr="place")
        .switch(Notice)
        .join(NoticeReading, peewee.JOIN.LEFT_OUTER, on=mine)
        .where(*conditions)
    )


def newest(actor: Actor, *, most: int) -> list[Notice]:
    """What stands at the actor's door: what is unread of the last days, the urgent first, then the newest."""
    unread = NoticeReading.id.is_null() & (Notice.published_at > now() - FRESH)
    order = peewee.Case(None, [(unread & Notice.urgent, 0), (unread, 1)], 2)
    standing = listed(actor, addressed_to(actor), Notice.state == "published")
    return list(standing.order_by(order, Notice.id.desc()).limit(most))


def sendable(actor: Actor, communities: list[Place]) -> peewee.Expression:
    """The condition on Place that the actor can address a notice to it: all of a community, or what is in own grids."""
    whole = [place.id for place in communities if rights.may(actor, "notice.send", community=place)]
    links = GridPlace.select(GridPlace.place).where(GridPlace.grid.in_(list(actor.grids()))) if actor.grids() else []
    inside = [Place.community.in_(whole)]
    for one in links:
        inside += [Place.id == one.place_id, Place.above.contains(f"/{one.place_id}/")]
    there = Place.community.in_([place.id for place in communities])
    return reduce(or_, inside) & there & Place.kind.in_(list(SCOPES)) & Place.active


def read(notice: Notice, *, actor: Actor) -> None:
    """Write down that the actor has opened a notice, once."""
    NoticeReading.insert(notice=notice, person=actor.person, at=now()).on_conflict_ignore().execute()


def summary(notice: Notice) -> str:
    """The beginning of the text on one line, at most 80 characters."""
    words = " ".join(notice.body.split())
    return words if len(words) <= SUMMARY else f"{words[: SUMMARY - 1]}…"


def publisher(community: Place) -> str:
    """In whose name a notice is sent: "书香社区居委会"."""
    return f"{community.name}居委会"
