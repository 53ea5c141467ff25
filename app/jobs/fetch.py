"""Bring what a person sent in the chat from the platform: a picture is cleaned, a voice is kept as it is."""

from app.context import Context
from app.rules import media, voice
from app.rules.photo_image import MESSAGES, PhotoRefused, clean_photo
from app.rules.photo_quota import USED_UP, check_quota
from app.rules.refusal import Refusal
from models.base import new_key, write
from models.conversation import Line

#: The largest voice the platform sends (contract D).
VOICE_BYTES = 2 * 1024 * 1024
#: What the person is told who sent it, by the code of what is wrong with it.
WORDS = MESSAGES | {
    "photo_quota": USED_UP, "voice_kind": voice.NOT_A_VOICE, "voice_too_long": voice.TOO_LONG,
}  # fmt: skip


def fetch(context: Context, payload: dict) -> None:
    """Fetch one picture or voice. Raises GatewayError, or Refusal when the bytes are not what they should be."""
    line = Line.get_by_id(payload["line"])
    if line.photo_id or line.recording:
        return
    account = context.account_of(payload["account"])
    if line.kind == "voice":
        sound = account.download_media(payload["media"], VOICE_BYTES)
        voice.check_voice(sound.data)
        key = f"voices/{new_key()}.amr"
        context.files.put(key, sound.data, sound.content_type)
        with write():
            media.keep_recording(line, key)
        return
    settings = context.settings.photos
    _check_quota(context, line)  # here to spare the work, below to be sure
    found = account.download_media(payload["media"], settings.max_bytes)
    try:
        image = clean_photo(
            found.data, max_bytes=settings.max_bytes, max_pixels=settings.max_pixels, edge=settings.edge,
            thumb_edge=settings.thumb_edge, seconds=settings.seconds,
        )  # fmt: skip
    except PhotoRefused as refused:
        if refused.code == "photo_busy":
            raise
        raise Refusal(refused.code, refused.message_zh) from None
    key = new_key()
    files = media.files_of(key, image)
    context.files.put_all(files, "image/jpeg")
    try:
        with write():
            _check_quota(context, line)
            media.keep_photo(line, image, key)
    except Refusal:
        context.files.discard(files)
        raise


def _check_quota(context: Context, line: Line) -> None:
    """Read anew: by now the line may belong to a report of a danger. Raises Refusal."""
    limits, line = context.settings.photos, Line.get_by_id(line.id)
    check_quota(line.speaker, photos=limits.per_person_day, size=limits.bytes_per_person_day, case=line.case)


def give_up(context: Context, payload: dict, error: Exception) -> None:
    """It will not come any more: tell the person what is wrong with the photo, or to send it again.

    Called inside a transaction.
    """
    media.lost(Line.get_by_id(payload["line"]), WORDS.get(getattr(error, "code", ""), ""))
