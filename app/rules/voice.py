"""Voices: what comes from the chat is only measured; what is recorded in the mini-program becomes part of a report.

A voice message of the chat is AMR of about a minute. One recorded in the mini-program (`add`) is MP3, AAC, M4A, AMR or
WAV; like a photo it belongs to nobody's case until a report names it (`attach`). A voice tells who speaks: it is for
those who handle the case, never for a unit or a party, and an anonymous report takes none.
"""

from collections.abc import Mapping

import peewee

from app.rules import audit, rights
from app.rules.actor import Actor
from app.rules.clock import midnight
from app.rules.refusal import Refusal
from app.rules.sound import AMR_FRAMES_A_SECOND, Sound, amr_frames, listen
from models.base import database, now
from models.case import Case
from models.person import Person
from models.voice import Voice

NOT_A_VOICE = "刚才那段语音打不开，请重新说一次或打字。"
TOO_LONG = "刚才那段语音太长了，请分成一分钟以内的几段再说，或打字。"
USED_UP = "今天发的语音已经够多了，请打字；急事请直接用文字说，社区照样马上处理。"
#: The platform takes a minute; some phones round up.
LONGEST_SECONDS = 90
#: What stands as the words of a report that was only spoken.
ONLY_SPOKEN = "（请听录音）"
#: Where each format is kept in the file store, and what it is called on the way out.
FILES = {
    "mp3": "recordings/{key}.mp3", "aac": "recordings/{key}.aac", "m4a": "recordings/{key}.m4a",
    "amr": "recordings/{key}.amr", "wav": "recordings/{key}.wav",
}  # fmt: skip
TYPES: Mapping[str, str] = {
    "mp3": "audio/mpeg", "aac": "audio/aac", "m4a": "audio/mp4", "amr": "audio/amr", "wav": "audio/wav",
}  # fmt: skip


def check_voice(data: bytes) -> None:
    """Of the chat. Raises Refusal `voice_kind` for what is no AMR, `voice_too_long` for one that goes on and on."""
    most = LONGEST_SECONDS * AMR_FRAMES_A_SECOND
    frames = amr_frames(data, most)
    if frames is None:
        raise Refusal("voice_kind", NOT_A_VOICE)
    if frames > most:
        raise Refusal("voice_too_long", TOO_LONG)


def measure(data: bytes, *, seconds: int) -> Sound:
    """A recording of at most so many seconds (recorders stop a moment late: one more is taken), fit to keep.

    Raises Refusal `voice_empty`, `voice_kind` or `voice_too_long`.
    """
    if not data:
        raise Refusal("voice_empty", "没有收到录音，请重新说一次。", {"voice": "必填"})
    sound = listen(data)
    if sound is None:
        raise Refusal("voice_kind", NOT_A_VOICE, {"voice": NOT_A_VOICE})
    if sound.seconds > seconds + 1:
        raise Refusal("voice_too_long", TOO_LONG, {"voice": TOO_LONG})
    return sound


def check_quota(uploader: Person, *, voices: int, size: int) -> None:
    """Raises Refusal `voice_quota` when today's `voices` (a number) or `size` (bytes) are used up.

    Today is the day in Asia/Shanghai. Called in the transaction that adds one, it lets nobody slip through with two.
    """
    if not database.obj.is_sqlite:
        Person.select(Person.id).where(Person.id == uploader).for_update().execute()
    today = (Voice.uploader == uploader) & (Voice.created_at >= midnight(now()))
    count, room = Voice.select(peewee.fn.COUNT(Voice.id), peewee.fn.SUM(Voice.size)).where(today).tuples().get()
    if count >= voices or (room or 0) >= size:
        raise Refusal("voice_quota", USED_UP, {"voice": USED_UP})


def file_of(voice: Voice) -> str:
    """Where its bytes lie in the file store."""
    return FILES[voice.format].format(key=voice.key)


def add(actor: Actor, sound: Sound, key: str) -> Voice:
    """A recording from the mini-program, already in the file store under `key` and in no case yet.

    As with a photo, the log says that there was one, not which.
    """
    voice = Voice.create(
        key=key, uploader=actor.person, format=sound.format, seconds=max(1, round(sound.seconds)), size=len(sound.data)
    )
    audit.note("voice.add", actor=actor, community=None)
    return voice


def attach(case: Case, *, actor: Actor, keys: list[str]) -> None:
    """Put one's own recordings, not used elsewhere yet, into a fresh report. Raises Refusal `voice_taken`.

    An anonymous one takes none (`anonymous_voice`): everybody who handles it would know the voice.
    """
    if keys and case.anonymous:
        said = "匿名上报不能带录音：听声音就知道是谁。请打字，或取消匿名。"
        raise Refusal("anonymous_voice", said, {"voices": "不能和匿名一起用"})
    mine = (Voice.uploader == actor.person) & Voice.case.is_null()
    if keys and Voice.update(case=case).where(Voice.key.in_(keys), mine).execute() != len(keys):
        raise Refusal("voice_taken", "这段录音用不了，请重新录一次。", {"voices": "不可用"})


def voices_of(case: Case, actor: Actor) -> list[Voice]:
    """The recordings of a case that the actor may hear, in their order."""
    if not rights.may(actor, "recording.read", case=case):
        return []
    return list(Voice.select().where(Voice.case == case).order_by(Voice.id))


def may_hear(actor: Actor, voice: Voice) -> bool:
    """Whether a person may listen now: the own one always, another by its case."""
    if voice.uploader_id == actor.person.id:
        return True
    return voice.case_id is not None and rights.may(actor, "recording.read", case=voice.case)
