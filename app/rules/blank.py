"""Take out of rows what they say about somebody, for an erasure (personal_erasure) and when time is up (retention).

Each takes the ids of one batch, inside the caller's transaction, and can be repeated. History is otherwise never
edited; here the law is (PIPL 47: delete or make anonymous when the purpose is done or the person asks for it).
"""

import peewee

from app.rules import voice
from app.rules.media import VARIANTS, file_of
from models.base import now
from models.case import Case, Photo, Step
from models.conversation import Conversation, Draft, Line
from models.exclusion import Exclusion
from models.extension import Extension
from models.follow import Follow
from models.improvement import Improvement
from models.judgement import Judgement
from models.letter import Letter
from models.lifecycle import CASE_OPEN
from models.patrol import PatrolPhoto
from models.person import Person
from models.place import Place, ancestor
from models.question import Question
from models.subcase import Subcase, SubcasePhoto, SubcaseStep
from models.task import Task
from models.voice import Voice
from models.whistle import Whistle

#: What stands in the place of words that are gone.
ERASED = "［已按本人要求删除］"
EXPIRED = "［已过保存期限，内容已删除］"
GONE = (ERASED, EXPIRED)
#: Levels of places that say who lives there.
TOO_NARROW = ("entrance_unit", "household")
#: Letters in these states still have to go out, or are on their way.
UNSENT = ("owed", "sending")
#: Photos of these kinds show a place on behalf of the community: they end with their record, not with their uploader.
OF_PLACES = ("patrol", "ledger")
#: The key of the person who stands for all who reported something so long ago that it is nobody's business any more.
NOBODY = "nobody"


def nobody() -> Person:
    """Who stands as the reporter of cases that were made anonymous."""
    Person.insert(key=NOBODY, erased_at=now()).on_conflict_ignore().execute()
    return Person.get(Person.key == NOBODY)


def case_over() -> peewee.Expression:
    """The condition that nobody has anything to do about a case any more."""
    return Case.state.not_in(CASE_OPEN)


def cases(ids: list[int], said: str) -> None:
    """Words, place, point and every note go; category, times and result stay: nobody is known by them."""
    for case in list(Case.select(Case, Place).join(Place, peewee.JOIN.LEFT_OUTER).where(Case.id.in_(ids))):
        wide = ancestor(case.place, "building") if case.place_id and case.place.kind in TOO_NARROW else case.place_id
        Case.update(
            words=said, place_words="", lat=None, lng=None, place=wide, answers={}, handed_to=""
        ).where(Case.id == case.id).execute()
    Step.update(note=said).where(Step.case.in_(ids), Step.note != "").execute()
    for column, rows in written(ids):
        limit = getattr(column, "max_length", None)
        column.model.update({column: said[:limit]}).where(rows, column != "").execute()
    letters([row.id for row in Letter.select(Letter.id).where(Letter.case.in_(ids), Letter.state.not_in(UNSENT))])


def written(ids: list[int]) -> list[tuple[peewee.Field, peewee.Expression]]:
    """The columns of texts that hang on these cases, each with the condition of its rows."""
    own = [
        Question.text, Question.answer, Judgement.note, Judgement.decision_note, Extension.reason, Exclusion.note,
        Whistle.reason, Whistle.decision, Whistle.result, Subcase.words, Subcase.plan, Subcase.result,
        Subcase.call_rating_note, Subcase.arrived_who,
    ]  # fmt: skip
    of = Subcase.select(Subcase.id).where(Subcase.case.in_(ids))
    steps = [(column, SubcaseStep.subcase.in_(of)) for column in (SubcaseStep.note, SubcaseStep.who)]
    return [*((column, column.model.case.in_(ids)) for column in own), *steps]


def lines(ids: list[int], said: str) -> None:
    """What was said goes; that something was said stays."""
    Line.update(text=said).where(Line.id.in_(ids), Line.text != "").execute()
    Line.update(photo=None, recording=None, lat=None, lng=None).where(Line.id.in_(ids)).execute()
    drop_tasks("fetch", ids)


def delete_lines(ids: list[int]) -> None:
    """Whole lines, with what hangs on them."""
    Letter.update(line=None).where(Letter.line.in_(ids)).execute()
    Line.delete().where(Line.id.in_(ids)).execute()
    drop_tasks("fetch", ids)


def delete_drafts(ids: list[int]) -> None:
    """Reports that were being told."""
    Line.update(draft=None).where(Line.draft.in_(ids)).execute()
    Draft.delete().where(Draft.id.in_(ids)).execute()


def delete_conversations(ids: list[int]) -> None:
    """Conversations in which nothing is left."""
    Conversation.delete().where(Conversation.id.in_(ids)).execute()


def letters(ids: list[int]) -> None:
    """What a letter said; it can then neither be sent again nor go round by another way."""
    Letter.update(content={}, next_channels=[], next_persons=[]).where(Letter.id.in_(ids)).execute()


def has_content() -> peewee.Expression:
    """The condition that a letter still says something."""
    return Letter.content.cast("TEXT") != "{}"


def delete_photos(ids: list[int]) -> None:
    """Rows of photos whose files are gone already."""
    Line.update(photo=None).where(Line.photo.in_(ids)).execute()
    PatrolPhoto.delete().where(PatrolPhoto.photo.in_(ids)).execute()
    SubcasePhoto.delete().where(SubcasePhoto.photo.in_(ids)).execute()
    Improvement.update(before=None).where(Improvement.before.in_(ids)).execute()
    Improvement.update(after=None).where(Improvement.after.in_(ids)).execute()
    Photo.delete().where(Photo.id.in_(ids)).execute()
    drop_tasks("check", ids)


def photo_files(ids: list[int]) -> list[str]:
    """Where the bytes of photos lie in the file store."""
    keys = [row.key for row in Photo.select(Photo.key).where(Photo.id.in_(ids))]
    return [file_of(key, variant) for key in keys for variant in VARIANTS]


def delete_voices(ids: list[int]) -> None:
    """Rows of recordings whose files are gone already."""
    Voice.delete().where(Voice.id.in_(ids)).execute()


def voice_files(ids: list[int]) -> list[str]:
    """Where the bytes of recordings lie in the file store."""
    return [voice.file_of(row) for row in Voice.select().where(Voice.id.in_(ids))]


def follows(ids: list[int]) -> None:
    """Who met the same thing, of cases that are past their time."""
    Follow.delete().where(Follow.case.in_(ids)).execute()


def recordings(ids: list[int]) -> list[str]:
    """Where the voices of lines lie in the file store."""
    rows = Line.select(Line.recording).where(Line.id.in_(ids), Line.recording.is_null(False))
    return [row.recording for row in rows]


def drop_tasks(kind: str, ids: list[int]) -> None:
    """Work that is planned for rows that are gone: nothing more is fetched or judged."""
    Task.delete().where(Task.kind == kind, Task.key.in_([f"{kind}:{one}" for one in ids])).execute()
