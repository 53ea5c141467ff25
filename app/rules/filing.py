"""From a half-told report to a case: guess what it is about, file it once, and let none be lost that was left.

A draft that was saved with a question owes a task (`plan_left`); when that is due and nobody has said more, the draft
is filed as it is, or what has no words is put into the inbox.
"""

import re
from datetime import datetime, timedelta

import peewee

from app.rules import audit, letter, wording
from app.rules import case as cases
from app.rules import conversation as talk
from app.rules.actor import Actor, actor_of
from app.rules.locate import may_mean, names_place, same_place
from app.rules.setting import categories_of, setting
from app.rules.words import suggest
from models.base import database
from models.case import Case, Photo
from models.category import Category
from models.conversation import Conversation, Draft, Line
from models.lifecycle import CASE_OPEN
from models.place import Place, ancestor
from models.task import Task

#: Words of somebody who waits: not a new report, if there is an open one of the kind.
_CHASING = re.compile(r"还没|还不|怎么还|没人来|没来|多久|什么时候|啥时候|几时|催")


def guess_category(text: str, community: Place) -> Category | None:
    """The category that the words suggest most, None when they suggest none."""
    rows = categories_of(community)
    found = suggest(
        text,
        [{"code": row.code, "name": row.name, "keywords": row.keywords, "negative": row.negative} for row in rows],
    )
    return next((row for row in rows if row.code == found[0].code), None) if found else None


def endangers(words: str, community: Place, code: str | None = None) -> bool:
    """Whether a report is of an emergency or a hazard, by the code of the category that was chosen, else by words."""
    rows = categories_of(community)
    chosen = next((row for row in rows if row.code == code), None) if code else guess_category(words, community)
    return chosen is not None and (chosen.emergency or chosen.hazard)


def new_draft(conversation: Conversation, moment: datetime) -> Draft:
    """A draft that is only kept when a question has to be asked: most reports are told in one sentence."""
    return Draft(conversation=conversation, created_at=moment, updated_at=moment)


def open_draft(conversation: Conversation, moment: datetime) -> Draft | None:
    """The report that is being told right now; one that was left lying is filed first, and what is said now is new."""
    draft = _locked(Draft.select().where(Draft.conversation == conversation, Draft.state == "open"))
    if draft is None:
        return None
    if _left_at(draft) < moment:
        draft.conversation = conversation
        file_left(draft, moment)
        return None
    return draft


def file_draft(draft: Draft, conversation: Conversation, actor: Actor, kind: str, moment: datetime) -> Case:
    """Make a case of a draft; its pictures and lines go with it."""
    words = draft.words or ("（只发了位置）" if kind == "location" else "（只发了照片）")
    others = (one for one in categories_of(conversation.community) if one.code == "other")
    category = guess_category(words, conversation.community) or next(others)
    point = (draft.lat, draft.lng) if draft.lat is not None else None
    home = actor.home if category.emergency else ancestor(actor.home, "compound")
    place = home if category.emergency and not names_place(words, point) and home else draft.place or home
    case = cases.report(
        actor=actor, community=conversation.community, category=category, words=words, channel="chat",
        place=place, place_words=draft.place_words, point=point,
    )  # fmt: skip
    close_draft(draft, case, moment)
    return case


def close_draft(draft: Draft, case: Case, moment: datetime) -> None:
    """The draft has become a case, or turned out to be about one: its pictures and lines go there."""
    if draft.id is None:
        return
    draft.state, draft.case, draft.updated_at = "filed", case, moment
    draft.save()
    Line.update(case=case).where(Line.draft == draft).execute()
    photos = Line.select(Line.photo).where(Line.draft == draft, Line.photo.is_null(False))
    Photo.update(case=case, kind="report").where(Photo.id.in_(photos), Photo.case.is_null()).execute()


def told_before(draft: Draft, category: Category, actor: Actor, moment: datetime) -> Case | None:
    """The open case of the same person that this tells of again, or asks after."""
    minutes = timedelta(minutes=setting(category.community, "attach_minutes"))
    mine = Case.select().where(
        Case.reporter == actor.person, Case.community == category.community,
        Case.category == category, Case.state.in_(CASE_OPEN),
    )  # fmt: skip
    for case in mine.order_by(Case.id.desc()).limit(5):
        age = moment - case.created_at
        if draft.words == case.words and age <= minutes:
            return case
        # The next emergency is never taken for the last one.
        if not category.emergency and age <= 24 * minutes and same_place(draft, case):
            return case
        if not category.emergency and _CHASING.search(draft.words) and may_mean(draft, case):
            return case
    return None


def plan_left(draft: Draft) -> None:
    """Owe the filing of a draft for when nothing more is said (app/jobs/drafts.py)."""
    due = _left_at(draft)
    Task.insert(
        key=f"draft:{draft.id}:{due:%Y%m%dT%H%M%S}", kind="draft", payload={"draft": draft.id}, run_at=due
    ).on_conflict_ignore().execute()


def look_left(draft_id: int, moment: datetime) -> None:
    """The time of a draft has come: file it if it is still open; if it was touched meanwhile, plan anew."""
    draft = _locked(Draft.select().where(Draft.id == draft_id, Draft.state == "open"))
    if draft is None:
        return
    if _left_at(draft) > moment:
        plan_left(draft)
    else:
        file_left(draft, moment)


def file_left(draft: Draft, moment: datetime) -> None:
    """What was left at a question is filed as it is and the person told; without words it goes to the inbox."""
    conversation = draft.conversation
    if draft.words:
        case = file_draft(draft, conversation, actor_of(conversation.person), "text", moment)
        text = wording.received(case, moment) if case.handler_id else wording.unplaced(case)
        talk.say(conversation, text, case=case)
        letter.owe(
            kind="case_progress", person=conversation.person, community=conversation.community, case=case,
            event=f"draft:{draft.id}", content=wording.facts(case) | {"text": text},
        )  # fmt: skip
        return
    Draft.update(state="left").where(Draft.id == draft.id).execute()
    conversation.waiting_since = conversation.waiting_since or moment
    since = peewee.fn.COALESCE(Conversation.waiting_since, moment)
    Conversation.update(waiting_since=since).where(Conversation.id == conversation.id).execute()
    audit.tell_screens(conversation.community, "conversation", conversation.key)


def _left_at(draft: Draft) -> datetime:
    return draft.updated_at + timedelta(minutes=setting(draft.conversation.community, "draft_minutes"))


def _locked(query: peewee.ModelSelect) -> Draft | None:
    """The first row, held until the end of the transaction: the worker and the person may come at once."""
    return (query if database.obj.is_sqlite else query.for_update()).first()


def kept(draft: Draft) -> Draft | None:
    """The draft as a line may point to it: only when it was saved."""
    return draft if draft.id else None
