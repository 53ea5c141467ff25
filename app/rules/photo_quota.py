"""How many photos one person may send on a day, and how much room they may take.

Counted from the rows of the photos themselves, whichever door they came through, so that a restart forgets nothing. A
quota never stands between a danger and its picture: see `check_quota`.
"""

from datetime import datetime, timedelta

import peewee

from app.rules.clock import midnight
from app.rules.refusal import Refusal
from models.base import database, now
from models.case import Case, Photo
from models.person import Person, Veil

USED_UP = "今天发的照片已经够多了，请明天再发；急事请直接用文字说，社区照样马上处理。"
#: How long a photo beyond the quota that shows no danger keeps the next one out.
PAUSE = timedelta(hours=1)


def check_quota(uploader: Person, *, photos: int, size: int, case: Case | None = None) -> None:
    """Raises Refusal `photo_quota` when today's `photos` (a number) or `size` (bytes) are used up.

    Today is the day in Asia/Shanghai. Beyond the quota the first photo of a hazard `case` is still taken, and, since a
    photo is uploaded before the report that it shows, one more photo: the next when that one is in a hazard case or an
    hour old. Called in the transaction that adds the photo, this lets nobody slip through with two at once.
    """
    if not database.obj.is_sqlite:
        Person.select(Person.id).where(Person.id == uploader).for_update().execute()
    aliases = Veil.select(Veil.alias).where(Veil.person == uploader)
    today = ((Photo.uploader == uploader) | Photo.uploader.in_(aliases)) & (Photo.created_at >= midnight(now()))
    count, room = Photo.select(peewee.fn.COUNT(Photo.id), peewee.fn.SUM(Photo.size)).where(today).tuples().get()
    if count < photos and (room or 0) < size:
        return
    if case is not None and case.hazard and not Photo.select().where(Photo.case == case).exists():
        return
    if any(beyond > now() - PAUSE for beyond in _beyond(today, photos, size)):
        raise Refusal("photo_quota", USED_UP, {"photo": USED_UP})


def _beyond(today: peewee.Expression, photos: int, size: int) -> list[datetime]:
    """When those photos were taken in that came after the quota was used up and show no danger."""
    count, room, beyond = 0, 0, []
    rows = Photo.select(Photo.size, Photo.created_at, Case.hazard).join(Case, peewee.JOIN.LEFT_OUTER)
    for taken, at, hazard in rows.where(today).order_by(Photo.id).tuples():
        if (count >= photos or room >= size) and not hazard:
            beyond.append(at)
        count, room = count + 1, room + taken
    return beyond
