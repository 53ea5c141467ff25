"""Photos come in here: cleaned of everything but the picture, kept, and not yet part of anything."""

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from app.context import TooLarge, TooMany, here
from app.guard import actor, signed_in
from app.rules import media, photo_quota
from app.rules.photo_image import MESSAGES, CleanPhoto, PhotoRefused, clean_photo
from app.rules.refusal import Refusal
from handlers.api.blueprint import api, named
from handlers.api.once import answer_once, known_answer
from handlers.api.reading import Once
from handlers.api.shapes import PhotoOut


class PhotoBusy(TooMany):
    """All places for cleaning photos are taken right now."""

    def __init__(self) -> None:
        Refusal.__init__(self, "photo_busy", MESSAGES["photo_busy"])


@api.post("/photos")
@named("addPhoto")
@signed_in("photo.add")
@api.input(Once, location="headers", arg_name="once")
@api.output(PhotoOut, 201)
def add_photo(once: Once):
    """Upload one photo, as the field `photo` of a form or as the body itself

    JPEG, PNG, WebP or HEIC. It is turned upright, made smaller and loses its metadata. Its key then goes into a report,
    a verb or a talk; until then only its uploader sees it.
    """
    # Also from a child without a guardian's consent: it may come before the words that tell of a danger, and one that
    # is in no report is deleted after some days.
    data = _sent()
    known = known_answer(once, data)
    if known is not None:
        return known.body, known.status
    here().limit("photos", actor().person.key)
    _check_quota()  # here to spare the work, below to be sure
    image, key = _cleaned(data), media.new_photo_key()
    files, added = media.files_of(key, image), []
    here().files.put_all(files, "image/jpeg")

    def deed() -> PhotoOut:
        _check_quota()
        added.append(media.add_photo(actor(), image, key))
        return PhotoOut.of(added[0], actor().person)

    try:
        return answer_once(once, data, deed, 201)
    finally:
        if not added:
            here().files.discard(files)


def _check_quota() -> None:
    limits = here().settings.photos
    photo_quota.check_quota(actor().person, photos=limits.per_person_day, size=limits.bytes_per_person_day)


def _sent() -> bytes:
    """The bytes of the photo, never more than one photo may have. Raises TooLarge, UnsupportedMediaType, Refusal."""
    limit = here().settings.photos.max_bytes
    if request.mimetype.startswith("image/"):
        data = here().read_body(limit)
        if len(data) < (request.content_length or 0):  # the line broke, and the rest of the picture may be missing
            raise Refusal("photo_damaged", MESSAGES["photo_damaged"], {"photo": MESSAGES["photo_damaged"]})
        return data
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType()
    sent = request.files.get("photo")
    if sent is None:
        raise Refusal("photo_empty", MESSAGES["photo_empty"], {"photo": "必填"})
    data = sent.stream.read(limit + 1)
    if len(data) > limit:
        raise TooLarge()
    return data


def _cleaned(data: bytes) -> CleanPhoto:
    limits = here().settings.photos
    try:
        return clean_photo(
            data, max_bytes=limits.max_bytes, max_pixels=limits.max_pixels, edge=limits.edge,
            thumb_edge=limits.thumb_edge, seconds=limits.seconds,
        )  # fmt: skip
    except PhotoRefused as refused:
        if refused.code == "photo_busy":
            raise PhotoBusy() from None
        raise Refusal(refused.code, refused.message_zh, {"photo": refused.message_zh}) from None
