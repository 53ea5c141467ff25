"""The bot that takes reports: words, picture and place in any order, at most two questions, then a number.

A half-told report is a Draft. `hear_text`, `hear_picture` and `hear_point` add to it; as soon as it can be filed,
`_advance` files it, otherwise it asks for the one thing that is missing. Each gives the line and the bot's sentence, or
None when a human is better placed to answer. An emergency is filed at once, and its place is asked for afterwards; a
draft becomes a case in app.rules.filing, also when it is left at a question.
"""

import re
from datetime import datetime, timedelta

from app.rules import conversation as talk
from app.rules import wording
from app.rules.actor import Actor
from app.rules.case_move import WORDS_LIMIT
from app.rules.filing import (
    close_draft,
    file_draft,
    file_left,
    guess_category,
    kept,
    new_draft,
    open_draft,
    plan_left,
    told_before,
)
from app.rules.locate import compounds_of, find_case, learn_place, names_place, nearest_compound, unsure_where
from app.rules.setting import setting
from app.rules.words import asks_human, case_number, is_greeting, is_thanks
from models.case import Case
from models.category import Category
from models.conversation import Conversation, Draft, Line
from models.lifecycle import CASE_OPEN

GREETING = (
    "您好，这里是家门口。哪里坏了、有什么要反映的，直接说一句就行，比如“3号楼门口井盖坏了”，也可以发照片和位置。\n"
    "有人受伤或正在发生危险，请先打 110 / 119 / 120。"
)
ASK_WORDS = "收到照片了。请说一句是什么问题，比如“3号楼门口井盖坏了”。"
ASK_WORDS_POINT = "收到位置了。请说一句那里有什么问题。"
ASK_PLACE = "在哪里？请说几号楼、哪个门口，或者点“+”发个位置。"
WELCOME = "不客气，有事随时说。"
ASK_COMPOUND = "是哪个小区？请回复小区名字，比如：{}。"
ASK_EXACT = "请说几号楼几单元，或发个位置。"
TO_HUMAN = "已转给社区工作人员，看到会尽快回复您。"
STILL_WHERE = "这条已转给社区工作人员。刚才要报的事在哪里？请说几号楼，或点“+”发个位置。"
FOUND = "位置已加到 #{}：{}，已告诉去现场的人。"
#: The bot says again that a human will answer when it last spoke so long ago.
SILENCE = timedelta(hours=2)
#: A longer sentence without a place in it does not answer "where".
PLACE_LENGTH = 12
#: An addition to an emergency is short; anything longer is a report of its own.
FINDING_LENGTH = 20
_ASKING = re.compile(r"[?？]|[吗呢谁]|什么|怎么|咋|为何|几点|多久|多少|哪|请问|何时|是不是|能不能|有没有")


def hear_text(
    conversation: Conversation, actor: Actor, text: str, moment: datetime, kind: str = "text"
) -> tuple[Line, str | None]:
    """A sentence of a resident, typed or (kind "voice") recognised from speech."""
    draft = open_draft(conversation, moment)
    guess = guess_category(text, conversation.community)
    # A question or a proposal is for a human and needs no place.
    matter = guess is not None and guess.priority not in ("consult", "suggestion") and not asks_human(text)
    if draft is None and len(text) <= FINDING_LENGTH and not (guess and guess.hazard) and names_place(text):
        found = _unfound_emergency(conversation, moment)
        if found is not None:
            return _find(found, conversation, actor, moment, kind=kind, text=text)
    if draft is None and not matter:
        return _small_talk(conversation, text, moment, kind, about_case=guess is None)
    if draft is not None and not matter and (is_greeting(text) or is_thanks(text)):
        return _aside(draft, conversation, text, moment, kind)
    if draft is not None and draft.asked == "place" and not matter and not _says_where(text, guess):
        return _other_matter(draft, conversation, text, moment, kind)
    if draft is not None and draft.words and matter and guess and guess.emergency:
        # What is being told can wait, and must not be mixed into it.
        file_left(draft, moment)
        draft = None
    draft = draft or new_draft(conversation, moment)
    if draft.asked == "place" and not matter:
        learn_place(draft, conversation, actor, text, whole=True)
    else:
        draft.words = f"{draft.words}\n{text}".strip()[: WORDS_LIMIT]
        learn_place(draft, conversation, actor, text)
    return _advance(draft, conversation, actor, moment, kind=kind, text=text)


def hear_picture(conversation: Conversation, actor: Actor, moment: datetime) -> tuple[Line, str]:
    """A picture (its bytes are fetched later): to the draft, to the case just reported, or the start of a report."""
    draft = open_draft(conversation, moment)
    recent = None if draft else _recent_case(conversation, moment)
    if recent is not None:
        line = talk.hear(conversation, kind="image", case=recent, shows="report", moment=moment)
        return line, f"照片已加到 #{recent.number}。"
    draft = draft or new_draft(conversation, moment)
    return _advance(draft, conversation, actor, moment, kind="image", shows="report")


def hear_point(
    conversation: Conversation, actor: Actor, point: tuple[float, float], label: str, moment: datetime
) -> tuple[Line, str]:
    """A place on the map: (latitude, longitude) in degrees, with the words of the map."""
    draft = open_draft(conversation, moment)
    emergency = None if draft else _unfound_emergency(conversation, moment)
    if emergency is not None:
        return _find(emergency, conversation, actor, moment, kind="location", text=label, point=point)
    recent = None if draft else _recent_case(conversation, moment)
    if recent is not None:
        line = talk.hear(conversation, kind="location", text=label, case=recent, point=point, moment=moment)
        Case.update(lat=point[0], lng=point[1]).where(Case.id == recent.id, Case.lat.is_null()).execute()
        return line, f"位置已加到 #{recent.number}。"
    draft = draft or new_draft(conversation, moment)
    draft.lat, draft.lng = point
    draft.place_words = draft.place_words or label[:120]
    if draft.place_id is None:
        draft.place = nearest_compound(point, conversation.community)
    return _advance(draft, conversation, actor, moment, kind="location", text=label, point=point)


def _advance(draft: Draft, conversation: Conversation, actor: Actor, moment: datetime, **said) -> tuple[Line, str]:
    """File the draft when enough is known, else ask for what is missing; after the last question file it as it is.

    `said` is the line that brought us here (see app.rules.conversation.hear).
    """
    guess = guess_category(draft.words, conversation.community)
    known = told_before(draft, guess, actor, moment) if guess else None
    if known is not None:
        close_draft(draft, known, moment)
        line = talk.hear(conversation, case=known, draft=kept(draft), wants_answer=True, moment=moment, **said)
        return line, wording.told_before(known, moment)
    emergency = guess is not None and guess.emergency
    question = None if emergency else _missing(draft, said["kind"], conversation)
    if question is None:
        case = file_draft(draft, conversation, actor, said["kind"], moment)
        line = talk.hear(conversation, case=case, draft=kept(draft), moment=moment, **said)
        placed = case.handler_id or case.category.emergency
        reply = wording.received(case, moment) if placed else wording.unplaced(case)
        return line, f"{reply}\n{ASK_EXACT}" if emergency and unsure_where(case) else reply
    draft.asked, sentence = question
    draft.questions, draft.updated_at = draft.questions + 1, moment
    draft.save()
    plan_left(draft)
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
    # Said once, not after every line: a bot that repeats itself is worse than silence, and so is one that is mute.
    silent = conversation.waiting_since is not None and _spoke_lately(conversation, moment)
    line = talk.hear(conversation, kind=kind, text=text, case=case, wants_answer=True, moment=moment)
    return line, None if silent else TO_HUMAN


def _spoke_lately(conversation: Conversation, moment: datetime, text: str = "") -> bool:
    """Whether the bot's last line, if a text is given that very text, is younger than SILENCE."""
    bot = Line.select(Line.text, Line.at).where(Line.conversation == conversation, Line.author == "bot")
    last = bot.order_by(Line.id.desc()).first()
    return last is not None and last.at > moment - SILENCE and text in ("", last.text)


def _aside(draft: Draft, conversation: Conversation, text: str, moment: datetime, kind: str) -> tuple[Line, str]:
    """A greeting or thanks in the middle of a report: the question still stands."""
    return talk.hear(conversation, kind=kind, text=text, moment=moment), (
        ASK_PLACE if draft.asked == "place" else ASK_WORDS
    )


def _other_matter(
    draft: Draft, conversation: Conversation, text: str, moment: datetime, kind: str
) -> tuple[Line, str | None]:
    """Not the answer to "where": for a human, while the report waits for its place."""
    draft.updated_at = moment
    draft.save(only=[Draft.updated_at])
    said = _spoke_lately(conversation, moment, STILL_WHERE)
    number = case_number(text)
    mine = Case.get_or_none(
        Case.reporter == conversation.person, Case.community == conversation.community, Case.number == number
    ) if number else None  # fmt: skip
    line = talk.hear(conversation, kind=kind, text=text, case=mine, wants_answer=True, moment=moment)
    return line, None if said else STILL_WHERE


def _says_where(text: str, guess: Category | None) -> bool:
    """Whether a sentence answers "where": it names a place, or is short, no question and speaks of nothing else."""
    if case_number(text) is not None or asks_human(text):
        return False
    if names_place(text):
        return True
    return len(text.strip()) <= PLACE_LENGTH and guess is None and not _ASKING.search(text)


def _unfound_emergency(conversation: Conversation, moment: datetime) -> Case | None:
    """The emergency just reported of which nobody has said where it is."""
    since = moment - timedelta(minutes=setting(conversation.community, "attach_minutes"))
    mine = Case.select(Case, Category).join(Category, on=(Case.category == Category.id)).where(
        Case.reporter == conversation.person, Case.created_at >= since, Case.state.in_(CASE_OPEN), Category.emergency
    )  # fmt: skip
    case = mine.order_by(Case.id.desc()).first()
    return case if case is not None and unsure_where(case) else None


def _find(case: Case, conversation: Conversation, actor: Actor, moment: datetime, **said) -> tuple[Line, str]:
    """The place of an emergency: to the case and to whoever is on the way."""
    case = find_case(case, actor=actor, text=said["text"], point=said.get("point"))
    line = talk.hear(conversation, case=case, moment=moment, **said)
    return line, FOUND.format(case.number, wording.where(case))


def _recent_case(conversation: Conversation, moment: datetime) -> Case | None:
    minutes = setting(conversation.community, "attach_minutes")
    return talk.newest_case(conversation.person, conversation.community, moment - timedelta(minutes=minutes))
