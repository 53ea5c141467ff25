"""Patrols: a worker looks at the things on the list and says of each whether it is in order.

A patrol comes whole, when it is over: the phone may have been without network. No track is kept (domain §10.2).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import peewee

from app.rules import audit, rights
from app.rules.actor import Actor
from app.rules.refusal import Refusal
from app.rules.setting import setting
from app.rules.words import clean
from models.base import now
from models.case import Case, Photo
from models.conversation import Line
from models.patrol import Patrol, PatrolCheck, PatrolPhoto
from models.place import Grid, Place

LONGEST = timedelta(hours=12)
#: So far the clock of a phone may be ahead of ours.
AHEAD = timedelta(minutes=10)
#: So old may be what a phone sends after it was without network.
OLDEST = timedelta(days=31)
NOTE_LIMIT, CHECK_NOTE_LIMIT = 500, 200


class Item(NamedTuple):
    """Something to look at: its code, what it is called, and what is asked of it."""

    code: str
    name: str
    asks: str


class Found(NamedTuple):
    """What was found at an item: its code, whether it is in order, words, keys of photos, the key of a case."""

    item: str
    ok: bool
    note: str = ""
    photos: tuple[str, ...] = ()
    case: str | None = None


def items_of(community: Place) -> list[Item]:
    """What is looked at in a community, in its order."""
    return [Item(*row) for row in setting(community, "patrol_items")]


def make(
    grid: Grid | None, *, actor: Actor, started_at: datetime, ended_at: datetime, checks: list[Found], note: str = ""
) -> Patrol:
    """Write down a patrol that is over, with at least one check; `started_at` and `ended_at` are aware.

    Raises Refusal `grid_unknown` for one that is not the own, `time_wrong`, `item_unknown`, `item_twice`,
    `problem_unsaid`, `photo_taken` or `case_unknown`.
    """
    if grid is None or grid.id not in actor.grids():
        raise Refusal("grid_unknown", "只能登记自己网格的巡查，请重新选择网格。", {"grid": "不是您的网格"})
    check_span(started_at, ended_at)
    names = {item.code: item.name for item in items_of(grid.community)}
    _check_items([found.item for found in checks], names)
    patrol = Patrol.create(
        community=grid.community_id, grid=grid, worker=actor.person, started_at=started_at, ended_at=ended_at,
        note=clean(note, NOTE_LIMIT).strip(),
    )  # fmt: skip
    for found in checks:
        _keep(patrol, found, names[found.item], actor)
    audit.note(
        "patrol.make", actor=actor, community=grid.community, subject=patrol.key, checks=len(checks),
        problems=sum(not found.ok for found in checks),
    )  # fmt: skip
    return patrol


def listed(actor: Actor) -> peewee.Expression:
    """The patrols in one's list: the own ones where one works, and all of a community one administers."""
    held = rights.holders("patrol.read")
    here = [role.place_id for role in actor.roles if role.kind in held]
    admin_of = [role.place_id for role in actor.roles if role.kind in held - {"grid_worker"}]
    return (Patrol.worker == actor.person) & Patrol.community.in_(here) | Patrol.community.in_(admin_of)


def check_span(started_at: datetime, ended_at: datetime) -> None:
    """Raises Refusal `time_wrong` unless it is a time that a day of work can have had."""
    check_moment(ended_at, "ended_at")
    check_moment(started_at, "started_at")
    if ended_at < started_at:
        raise Refusal("time_wrong", "结束时间不能早于开始时间，请改正。", {"ended_at": "早于开始时间"})
    if ended_at - started_at > LONGEST:
        raise Refusal("time_wrong", "一次巡查最多 12 小时，请分开登记。", {"ended_at": "超过 12 小时"})


def check_moment(moment: datetime, field: str) -> None:
    """Raises Refusal `time_wrong` for a moment to come, or one longer ago than OLDEST."""
    if moment > now() + AHEAD:
        raise Refusal("time_wrong", "时间还没有到，请检查手机的日期和时间。", {field: "晚于现在"})
    if moment < now() - OLDEST:
        raise Refusal("time_wrong", "只能补登最近 31 天的，请检查日期。", {field: "太早了"})


def _check_items(codes: list[str], known: dict[str, str]) -> None:
    if not codes:
        raise Refusal("item_unknown", "请至少检查一项。", {"checks": "必填"})
    if set(codes) - set(known):
        raise Refusal("item_unknown", "检查项目变了，请刷新后再选。", {"checks": "不在列表里"})
    if len(set(codes)) != len(codes):
        raise Refusal("item_twice", "同一个项目只能填一次。", {"checks": "重复了"})


def _keep(patrol: Patrol, found: Found, name: str, actor: Actor) -> None:
    note = clean(found.note, CHECK_NOTE_LIMIT).strip()
    if not found.ok and not (note or found.photos or found.case):
        raise Refusal("problem_unsaid", f"“{name}”有问题，请写一句、拍张照片，或者直接上报。", {"checks": "没有说明"})
    case = _case(found.case, patrol, actor) if found.case else None
    check = PatrolCheck.create(patrol=patrol, item=found.item, name=name, ok=found.ok, note=note, case=case)
    for key in found.photos:
        _take(key, check, actor)


def _case(key: str, patrol: Patrol, actor: Actor) -> Case:
    """What was reported because of a check. Raises Refusal `case_unknown` for what the actor may not read."""
    case = Case.get_or_none(Case.key == key, Case.community == patrol.community_id)
    if case is None or not rights.may(actor, "case.read", case=case):
        raise Refusal("case_unknown", "没有找到这件上报的事，请重新选择。", {"checks": "没有这件事"})
    return case


def _take(key: str, check: PatrolCheck, actor: Actor) -> None:
    """Let an own upload that shows nothing else yet show this check. Raises Refusal `photo_taken`."""
    photo = Photo.get_or_none(Photo.key == key, Photo.uploader == actor.person)
    used = photo is not None and Line.select().where(Line.photo == photo).exists()
    unused = Photo.case.is_null() & Photo.kind.not_in(("patrol", "ledger"))
    free = (Photo.key == key) & (Photo.uploader == actor.person) & unused
    if photo is None or used or not Photo.update(kind="patrol").where(free).execute():
        raise Refusal("photo_taken", "这张照片已经用过了，请重新上传。", {"photos": "不可用"})
    PatrolPhoto.create(check=check, photo=photo)
