"""The bot that takes reports: words, picture and place in any order, at most two questions, then a number.

A half-told report is a Draft. `hear_text`, `hear_picture` and `hear_point` add to it; as soon as it can be filed,
`_advance` files it, otherwise it asks for the one thing that is missing. Each gives the line and the bot's sentence, or
None when a human is better placed to answer.
"""

from datetime import datetime, timedelta

from app.rules import case as cases
from app.rules import conversation as talk
from app.rules import wording
from app.rules.actor import Actor
from app.rules.locate import compounds_of, learn_place, nearest_compound
from app.rules.setting import categories_of, setting
from app.rules.words import asks_human, is_greeting, is_thanks, suggest
from models.case import Case, Photo
from models.category import Category
from models.conversation import Conversation, Draft, Line
from models.place import Place, ancestor

GREETING = (
    "您好，这里是家门口。哪里坏了、有什么要反映的，直接说一句就行，比如“3号楼门口井盖坏了”，也可以发照片和位置。\n"
    "有人受伤或正在发生危险，请先打 110 / 119 / 120。"
)
ASK_WORDS = "收到照片了。请说一句是什么问题，比如“3号楼门口井盖坏了”。"
ASK_WORDS_POINT = "收到位置了。请说一句那里有什么问题。"
ASK_PLACE = "在哪里？请说几号楼、哪个门口，或者点“+”发个位置。"
WELCOME = "不客气，有事随时说。"
ASK_COMPOUND = "是哪个小区？请回复小区名字，比如：{}。"
TO_HUMAN = "已转给社区工作人员，看到会尽快回复您。"


def hear_text(
    conversation: Conversation, actor: Actor, text: str, moment: datetime, kind: str = "text"
) -> tuple[Line, str | None]:
    """A sentence of a resident, typed or (kind "voice") recognised from speech."""
    draft = _open_draft(conversation, moment)
    guess = guess_category(text, conversation.community)
    # A question or a proposal is for a human and needs no place.
    matter = guess is not None and guess.priority not in ("consult", "suggestion") and not asks_human(text)
    if draft is None and not matter:
        return _small_talk(conversation, text, moment, kind, about_case=guess is None)
    draft = draft or _new_draft(conversation, moment)
    if draft.asked == "place" and not matter:
        learn_place(draft, conversation, actor, text, whole=True)
    else:
        draft.words = f"{draft.words}\n{text}".strip()[: cases.WORDS_LIMIT]
        learn_place(draft, conversation, actor, text)
    return _advance(draft, conversation, actor, moment, kind=kind, text=text)


def hear_picture(conversation: Conversation, actor: Actor, moment: datetime) -> tuple[Line, str]:
    """A picture (its bytes are fetched later): to the draft, to the case just reported, or the start of a report."""
    draft = _open_draft(conversation, moment)
    recent = None if draft else _recent_case(conversation, moment)
    if recent is not None:
        line = talk.hear(conversation, kind="image", case=recent, shows="report", moment=moment)
        return line, f"照片已加到 #{recent.number}。"
    draft = draft or _new_draft(conversation, moment)
    return _advance(draft, conversation, actor, moment, kind="image", shows="report")


def hear_point(
    conversation: Conversation, actor: Actor, point: tuple[float, float], label: str, moment: datetime
) -> tuple[Line, str]:
    """A place on the map: (latitude, longitude) in degrees, with the words of the map."""
    draft = _open_draft(conversation, moment)
    recent = None if draft else _recent_case(conversation, moment)
    if recent is not None:
        line = talk.hear(conversation, kind="location", text=label, case=recent, point=point, moment=moment)
        Case.update(lat=point[0], lng=point[1]).where(Case.id == recent.id, Case.lat.is_null()).execute()
        return line, f"位置已加到 #{recent.number}。"
    draft = draft or _new_draft(conversation, moment)
    draft.lat, draft.lng = point
    draft.place_words = draft.place_words or label[:120]
    if draft.place_id is None:
        draft.place = nearest_compound(point, conversation.community)
    return _advance(draft, conversation, actor, moment, kind="location", text=label, point=point)


def _advance(draft: Draft, conversation: Conversation, actor: Actor, moment: datetime, **said) -> tuple[Line, str]:
    """File the draft when enough is known, else ask for what is missing; after the last question file it as it is.

    `said` is the line that brought us here (see app.rules.conversation.hear).
    """
    question = _missing(draft, said["kind"], conversation)
    if question is None:
        case = _file(draft, conversation, actor, said["kind"], moment)
        line = talk.hear(conversation, case=case, draft=draft if draft.id else None, moment=moment, **said)
        return line, wording.received(case, moment) if case.handler_id else wording.unplaced(case)
    draft.asked, sentence = question
    draft.questions, draft.updated_at = draft.questions + 1, moment
    draft.save()
    return talk.hear(conversation, draft=draft, moment=moment, **said), sentence


def _missing(draft: Draft, kind: str, conversation: Conversation) -> tuple[str, str] | None:
    """What to ask next, as (what, sentence); None when there is nothing to ask or no question left."""
    if draft.questions >= setting(conversation.community, "questions"):
        return None
    if not draft.words:
        return "words", ASK_WORDS_POINT if kind == "location" else ASK_WORDS
    if draft.lat is None and draft.place_id is None and draft.place_words:
        names = "、".join(compound.name for compound in compounds_of(conversation.community)[:6])
        return "place", ASK_COMPOUND.format(names)
    if draft.lat is None and not draft.place_words and (draft.place_id is None or draft.place.kind == "compound"):
        return "place", ASK_PLACE
    return None


def _file(draft: Draft, conversation: Conversation, actor: Actor, kind: str, moment: datetime) -> Case:
    """Make a case of a draft; its pictures and lines go with it."""
    words = draft.words or ("（只发了位置）" if kind == "location" else "（只发了照片）")
    others = (one for one in categories_of(conversation.community) if one.code == "other")
    category = guess_category(words, conversation.community) or next(others)
    point = (draft.lat, draft.lng) if draft.lat is not None else None
    case = cases.report(
        actor=actor, community=conversation.community, category=category, words=words, channel="chat",
        place=draft.place or ancestor(actor.home, "compound"), place_words=draft.place_words, point=point,
    )  # fmt: skip
    if draft.id is not None:
        draft.state, draft.case, draft.updated_at = "filed", case, moment
        draft.save()
        Line.update(case=case).where(Line.draft == draft).execute()
        photos = Line.select(Line.photo).where(Line.draft == draft, Line.photo.is_null(False))
        Photo.update(case=case, kind="report").where(Photo.id.in_(photos), Photo.case.is_null()).execute()
    return case


def guess_category(text: str, community: Place) -> Category | None:
    """The category that the words suggest most, None when they suggest none."""
    rows = categories_of(community)
    found = suggest(
        text,
        [{"code": row.code, "name": row.name, "keywords": row.keywords, "negative": row.negative} for row in rows],
    )
    return next((row for row in rows if row.code == found[0].code), None) if found else None


def _new_draft(conversation: Conversation, moment: datetime) -> Draft:
    """A draft that is only kept when a question has to be asked: most reports are told in one sentence."""
    return Draft(conversation=conversation, created_at=moment, updated_at=moment)


def _small_talk(
    conversation: Conversation, text: str, moment: datetime, kind: str, about_case: bool
) -> tuple[Line, str | None]:
    """Not a report: greet, or let it run into the inbox, where a human answers.

    `about_case`: it may belong to the case in hand, which a question of its own does not.
    """
    if is_greeting(text) or is_thanks(text):
        line = talk.hear(conversation, kind=kind, text=text, moment=moment)
        return line, GREETING if is_greeting(text) else WELCOME
    case = talk.newest_case(conversation.person, conversation.community) if about_case else None
    already_waiting = conversation.waiting_since is not None
    line = talk.hear(conversation, kind=kind, text=text, case=case, wants_answer=True, moment=moment)
    # Said once, not after every line: a bot that repeats itself is worse than silence.
    return line, None if already_waiting else TO_HUMAN


def _open_draft(conversation: Conversation, moment: datetime) -> Draft | None:
    """The report that is being told right now; one that was left lying is closed (its lines stay)."""
    draft = Draft.get_or_none(Draft.conversation == conversation, Draft.state == "open")
    if draft is None:
        return None
    minutes = setting(conversation.community, "draft_minutes")
    if draft.updated_at < moment - timedelta(minutes=minutes):
        Draft.update(state="left").where(Draft.id == draft.id).execute()
        return None
    return draft


def _recent_case(conversation: Conversation, moment: datetime) -> Case | None:
    minutes = setting(conversation.community, "attach_minutes")
    return talk.newest_case(conversation.person, conversation.community, moment - timedelta(minutes=minutes))
