"""Photos that come with the form of a unit: cleaned as at every door, within the quota of the unit's face."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import request

from app.context import TooLarge, here
from app.rules import media, photo_quota
from app.rules.actor import Actor
from app.rules.photo_image import CleanPhoto, PhotoRefused, clean_photo
from app.rules.refusal import Refusal
from models.case import Photo

#: Photos in one form.
MOST = 3


@contextmanager
def taken(who: Actor, wanted: bool) -> Iterator[Callable[[], tuple[Photo, ...]]]:
    """Clean and store what was sent as `photo`; what it gives, called inside the transaction, writes their rows.

    When the deed fails the stored files are thrown away. Raises Refusal, TooLarge.
    """
    sent = [one for one in request.files.getlist("photo") if one.filename] if wanted else []
    if len(sent) > MOST:
        raise Refusal("too_many_photos", f"一次最多 {MOST} 张照片。", {"photo": "太多了"})
    limits, images = here().settings.photos, []
    if sent:
        here().limit("photos", who.person.key)
        _check(who)
    for one in sent:
        data = one.stream.read(limits.max_bytes + 1)
        if len(data) > limits.max_bytes:
            raise TooLarge()
        images.append((media.new_photo_key(), _cleaned(data)))
    files = {name: data for key, image in images for name, data in media.files_of(key, image).items()}
    if files:
        here().files.put_all(files, "image/jpeg")
    kept = False

    def rows() -> tuple[Photo, ...]:
        if images:
            _check(who)
        return tuple(media.add_photo(who, image, key) for key, image in images)

    try:
        yield rows
        kept = True
    finally:
        if files and not kept:
            here().files.discard(files)


def _check(who: Actor) -> None:
    limits = here().settings.photos
    photo_quota.check_quota(who.person, photos=limits.per_person_day, size=limits.bytes_per_person_day)


def _cleaned(data: bytes) -> CleanPhoto:
    limits = here().settings.photos
    try:
        return clean_photo(
            data, max_bytes=limits.max_bytes, max_pixels=limits.max_pixels, edge=limits.edge,
            thumb_edge=limits.thumb_edge, seconds=limits.seconds,
        )  # fmt: skip
    except PhotoRefused as refused:
        raise Refusal(refused.code, refused.message_zh, {"photo": refused.message_zh}) from None
