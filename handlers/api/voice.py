"""Recordings come in here: measured by their content, kept, and not yet part of anything."""

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from app.context import TooLarge, here
from app.guard import actor, signed_in
from app.rules import voice
from app.rules.refusal import Refusal
from handlers.api.blueprint import api, named
from handlers.api.once import answer_once, known_answer
from handlers.api.reading import Once
from handlers.api.shapes import VoiceOut
from models.base import new_key


@api.post("/voices")
@named("addVoice")
@signed_in("voice.add")
@api.input(Once, location="headers", arg_name="once")
@api.output(VoiceOut, 201)
def add_voice(once: Once):
    """Upload one recording, as the field `voice` of a form

    MP3, AAC (bare or M4A), AMR or WAV, of a minute. Its key then goes into a report; until then only its uploader can
    hear it, and one that no report names is deleted after some days.
    """
    data = _sent()
    known = known_answer(once, data)
    if known is not None:
        return known.body, known.status
    here().limit("voices", actor().person.key)
    limits, key = here().settings.voices, new_key()
    sound = voice.measure(data, seconds=limits.seconds)
    file, added = voice.FILES[sound.format].format(key=key), []

    def deed() -> VoiceOut:
        voice.check_quota(actor().person, voices=limits.per_person_day, size=limits.bytes_per_person_day)
        added.append(voice.add(actor(), sound, key))
        return VoiceOut.of(added[0], actor().person)

    here().files.put(file, sound.data, voice.TYPES[sound.format])
    try:
        return answer_once(once, data, deed, 201)
    finally:
        if not added:
            here().files.discard([file])


def _sent() -> bytes:
    """The bytes of the recording, never more than one may have. Raises TooLarge, UnsupportedMediaType, Refusal."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType()
    sent = request.files.get("voice")
    if sent is None:
        raise Refusal("voice_empty", "没有收到录音，请重新说一次。", {"voice": "必填"})
    limit = here().settings.voices.max_bytes
    data = sent.stream.read(limit + 1)
    if len(data) > limit:
        raise TooLarge()
    return data
