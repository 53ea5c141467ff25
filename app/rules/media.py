"""Pictures and voices from the chat: their bytes are fetched later by a task, for the callback may not wait.

`fetch_later` writes the task with the line; app/jobs/fetch brings the bytes and calls `keep_photo` or
`keep_recording`; what could not be fetched is told to the person, for nothing that was sent may vanish silently.
"""

from datetime import datetime

from app.rules import audit, improvement, letter, rights, subcase_sight
from app.rules import conversation as talk
from app.rules.actor import Actor
from app.rules.photo_image import CleanPhoto
from app.rules.refusal import Refusal
from models.base import new_key
from models.case import Case, Photo
from models.conversation import Conversation, Line
from models.inbound import Inbound
from models.patrol import PatrolPhoto
from models.person import Person
from models.task import Task

LOST = "刚才那张照片没能收到，请重新发一次。"
LOST_VOICE = "刚才那段语音没能收到，请重新说一次或打字。"
VERDICTS = ("pass", "review", "risky")
#: Where the sizes of a photo are kept in the file store.
VARIANTS = {"full": "photos/{key}.jpg", "thumb": "photos/{key}.thumb.jpg"}


def file_of(photo: str, variant: str) -> str:
    """Where the bytes of a photo (its key) are kept in the file store; `variant` is one of VARIANTS."""
    return VARIANTS[variant].format(key=photo)


def files_of(key: str, image: CleanPhoto) -> dict[str, bytes]:
    """What is kept of a photo in the file store: where each size goes, and its bytes."""
    return {file_of(key, "full"): image.jpeg, file_of(key, "thumb"): image.thumb}


def fetch_later(line: Line, *, account: str, media_id: str) -> None:
    """Owe the fetching of a picture or voice of a line; the platform keeps it for three days."""
    Task.insert(
        key=f"fetch:{line.id}", kind="fetch", payload={"line": line.id, "account": account, "media": media_id}
    ).on_conflict_ignore().execute()


def keep_photo(line: Line, image: CleanPhoto, key: str) -> Photo:
    """Attach a fetched and cleaned picture (already in the file store under `key`) to its line and its case."""
    photo = Photo.create(
        key=key, uploader=line.speaker_id, kind=line.shows or "chat", sha256=image.sha256,
        width=image.width, height=image.height, size=image.size,
    )  # fmt: skip
    Line.update(photo=photo).where(Line.id == line.id).execute()
    # Read only now: the line may be filed or assigned at this very moment, and the UPDATE has waited for that.
    line = Line.get_by_id(line.id)
    Photo.update(case=line.case_id, kind=line.shows or "chat").where(Photo.id == photo.id).execute()
    check_later(photo)
    conversation = line.conversation
    audit.tell_screens(conversation.community, "conversation", conversation.key)
    if line.case_id:
        audit.tell_screens(conversation.community, "case", line.case.key)
    return photo


def assign_last(worker: Person, case: Case, shows: str, since: datetime) -> bool:
    """Let the picture a worker sent last, but not before `since`, show another task in hand, or another step of it.

    `shows` is "before" or "after". It must have been sent in the talk with the community of the case; a resident's
    report and what proves a task that is done stay where they are. False when there is none to move.
    """
    sent = Line.select().join(Conversation).where(
        Conversation.person == worker, Conversation.community == case.community_id, Line.speaker == worker,
        Line.kind == "image", Line.at >= since,
    )  # fmt: skip
    line = sent.order_by(Line.id.desc()).first()
    if line is None or line.draft_id or line.shows == "report" or (line.case and line.case.state != "handling"):
        return False
    touched = {case.key, line.case.key if line.case else case.key}
    Line.update(case=case, shows=shows).where(Line.id == line.id).execute()
    # Read again: the picture may just have been fetched, and the UPDATE has waited for that.
    Photo.update(case=case, kind=shows).where(Photo.id == Line.get_by_id(line.id).photo_id).execute()
    for key in touched:
        audit.tell_screens(case.community, "case", key)
    return True


def check_later(photo: Photo) -> None:
    """Owe the platform's opinion of a photo (app/jobs/check.py)."""
    Task.insert(key=f"check:{photo.id}", kind="check", payload={"photo": photo.id}).on_conflict_ignore().execute()


def traced(photo: Photo, trace: str) -> None:
    """The platform took the photo to judge under this trace; its opinion may have come even before we knew that."""
    Photo.update(trace=trace[:64]).where(Photo.id == photo.id).execute()
    early = Inbound.select().where(Inbound.kind == "wxa_media_check", Inbound.event_key.endswith(f":{trace}")).first()
    if early is not None:
        judged(early.payload)


def keep_recording(line: Line, key: str) -> None:
    """Attach a fetched voice (in the file store under `key`) to its line. The audio is always kept."""
    Line.update(recording=key).where(Line.id == line.id).execute()
    audit.tell_screens(line.conversation.community, "conversation", line.conversation.key)


def lost(line: Line, why: str = "") -> None:
    """It could not be fetched or read: say so (`why` is a sentence for the person), or ask to send it again."""
    text = why or (LOST if line.kind == "image" else LOST_VOICE)
    said = talk.say(line.conversation, text, case=line.case)
    letter.owe(
        kind="reply", person=line.conversation.person, community=line.conversation.community, line=said,
        identity=line.conversation.identity, event=f"line:{said.id}", content={"text": text},
    )  # fmt: skip


def add_photo(actor: Actor, image: CleanPhoto, key: str) -> Photo:
    """A photo uploaded through the API, not attached to a case yet.

    The log says that it was, not which and in no community: the photo may come to stand in an anonymous report.
    """
    photo = Photo.create(
        key=key, uploader=actor.person, kind="chat", sha256=image.sha256,
        width=image.width, height=image.height, size=image.size,
    )  # fmt: skip
    check_later(photo)
    audit.note("photo.add", actor=actor, community=None)
    return photo


def judged(fields: dict) -> bool:
    """The platform's opinion of a picture (event wxa_media_check, version 2). False for a trace we do not know."""
    result = fields.get("result")
    suggested = result.get("suggest") if isinstance(result, dict) else None
    verdict = suggested if suggested in VERDICTS else "review"
    trace = str(fields.get("trace_id") or "")[:64]
    return bool(trace and Photo.update(verdict=verdict).where(Photo.trace == trace).execute())


def new_photo_key() -> str:
    """The key under which a photo's bytes are put before its row is written."""
    return new_key()


def own_photos(keys: list[str], actor: Actor) -> list[Photo]:
    """The actor's uploads of these keys, in their order. Raises Refusal `photo_taken` for any other key."""
    own = (Photo.uploader == actor.person) & Photo.kind.not_in(("patrol", "ledger"))
    found = {row.key: row for row in Photo.select().where(Photo.key.in_(keys), own)}
    if len(found) != len(keys):
        raise Refusal("photo_taken", "这张照片用不了，请重新上传。", {"photos": "不可用"})
    return [found[key] for key in keys]


def send_photo(line: Line, photo: Photo) -> None:
    """Put an uploaded photo into the line that was kept for it, and into its case. Raises Refusal `photo_taken`."""
    line = Line.get_by_id(line.id)
    used = Line.select().where(Line.photo == photo).exists()
    moved = Photo.update(case=line.case_id, kind=line.shows if line.case_id else "chat").where(
        Photo.id == photo.id, Photo.case.is_null()
    )
    if used or not moved.execute():
        raise Refusal("photo_taken", "这张照片已经用过了，请重新上传。", {"photo": "不可用"})
    Line.update(photo=photo).where(Line.id == line.id).execute()
    audit.tell_screens(line.conversation.community, "conversation", line.conversation.key)


def may_see(actor: Actor, photo: Photo) -> bool:
    """Whether a person may look at a photo now: by its case, by the talk it was sent in, or as the own upload.

    One that the platform judges as not fit to be shown is for its uploader and the community's admins only; one of a
    complaint is nothing for the party complained about, whatever else that person is.
    """
    if photo.case_id is not None and actor.is_party(photo.case) and photo.uploader_id not in actor.selves:
        return False
    if photo.verdict == "risky" and photo.uploader_id not in actor.selves:
        return photo.case_id is not None and rights.may(actor, "inbox.read", community=photo.case.community)
    if photo.uploader_id in actor.selves and photo.case_id is None:
        return True
    if photo.case_id is not None and rights.may(actor, "photo.read", case=photo.case):
        return True
    if subcase_sight.shows(actor, photo) or improvement.shows(actor, photo):
        return True
    lines = Line.select().where(Line.photo == photo)
    return _is_of_patrol(actor, photo) or any(
        line.conversation.person_id == actor.person.id
        or rights.may(actor, "inbox.read", community=line.conversation.community)
        for line in lines
    )


def _is_of_patrol(actor: Actor, photo: Photo) -> bool:
    """Whether the photo was taken on a patrol that this person may read."""
    link = PatrolPhoto.get_or_none(PatrolPhoto.photo == photo) if photo.kind == "patrol" else None
    return link is not None and rights.may(actor, "patrol.read", community=link.check.patrol.community)
