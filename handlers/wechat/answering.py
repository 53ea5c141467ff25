"""The reporter answers what the community asked: in plain words, with the number, by voice, picture or place.

Plain words are the answer while exactly one question waits. What names another matter and a place might be a report of
its own: then the bot asks which it is, and nothing is lost meanwhile. An emergency is never held up by that.
"""

import re
from typing import cast

from app.rules import conversation as talk
from app.rules import filing, intake, media, question, question_words
from app.rules.coordinates import to_wgs84
from app.rules.locate import names_place
from app.rules.words import is_greeting, is_thanks
from handlers.wechat import resident, when
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker
from models.case import Case
from models.conversation import Conversation, Draft, Line
from models.question import Question

_NUMBER = re.compile(r"^\s*(?:[#＃]\s*)?[0-9０-９]{4,9}(?:\s*号)?[\s，,：:]*")
#: Words of somebody who tells of one more, although of the same kind.
_MORE = re.compile(r"也|另外|还有|又有|另一")
_NO = re.compile(r"^\s*([2２]|不)")


def named(message: Message, talker: Talker) -> str:
    """ "#1023 在东门": the answer to the question about this very case, also of an anonymous one."""
    row = cast(Question, talker.question_of(when.number_in(message.text)))  # the row of the table asked for it
    return _answer(row, message, talker, _NUMBER.sub("", message.text).strip())


def said(message: Message, talker: Talker) -> str | None:
    """Plain words, typed or recognised, while one question waits."""
    row = cast(Question, talker.question())
    text, case = message.text.strip(), row.case
    aside = is_greeting(text) or is_thanks(text) or _telling(row, talker)
    if not text or aside or tells_emergency(text, case):
        return resident.voice(message, talker) if message.type == "voice" else resident.said(message, talker)
    if tells_anew(text, case):
        # Kept where a human would see it, should the person say neither yes nor no.
        line = talk.hear(talker.about(case), kind=message.type, text=text, wants_answer=True, moment=talker.moment)
        _fetch(line, message, talker)
        return question_words.is_it(row)
    return _answer(row, message, talker, text)


def settled(message: Message, talker: Talker) -> str | None:
    """ "1" or "2" after the bot asked whether the words before were the answer."""
    row = cast(Question, talker.asked_whether())
    conversation = talker.about(row.case)
    parked = Line.select().where(Line.conversation == conversation, Line.author == "resident", Line.case.is_null())
    line = parked.order_by(Line.id.desc()).first()
    if line is None:
        return resident.said(message, talker)
    Conversation.update(waiting_since=None).where(
        Conversation.id == conversation.id, Conversation.waiting_since == line.at
    ).execute()
    if _NO.match(message.text):
        # Said again as what it is, in the same words: a report.
        Line.delete().where(Line.id == line.id).execute()
        talker.spoke_in = None
        return intake.hear_text(talker.conversation(text=line.text), talker.actor, line.text, talker.moment)[1]
    Line.update(case=row.case).where(Line.id == line.id).execute()
    talk.hear(conversation, text=message.text, case=row.case, moment=talker.moment)
    return question_words.thanks(question.answer(row, actor=talker.actor, text=line.text))


def picture(message: Message, talker: Talker) -> str | None:
    """A picture while a question waits, or soon after it was answered, belongs to that case."""
    row = talker.question() or question.answered_lately(talker.actor, talker.moment)
    if row is None or _telling(row, talker):
        return resident.picture(message, talker)
    line = talk.hear(talker.about(row.case), kind="image", case=row.case, shows="report", moment=talker.moment)
    media.fetch_later(line, account=talker.account, media_id=message.media_id)
    if row.state == "open":
        question.answer(row, actor=talker.actor, text=question.PICTURE)
    return f"照片已加到 #{row.case.number}。如果是另一件事，请说一句哪里怎么了，会另外登记。"


def location(message: Message, talker: Talker) -> str | None:
    """A place on the map while a question waits is its answer."""
    row = cast(Question, talker.question())
    if _telling(row, talker):
        return resident.location(message, talker)
    case, point = row.case, to_wgs84(cast(tuple[float, float], message.point))
    talk.hear(
        talker.about(case), kind="location", text=message.label, case=case, point=point, moment=talker.moment
    )
    Case.update(lat=point[0], lng=point[1]).where(Case.id == case.id, Case.lat.is_null()).execute()
    return question_words.thanks(question.answer(row, actor=talker.actor, text=f"（发来位置）{message.label}"))


def tells_anew(text: str, case: Case) -> bool:
    """Whether words may be a report of their own beside this case: another matter and a place, or one more of it."""
    guess = filing.guess_category(text, case.community)
    if guess is None or guess.priority in ("consult", "suggestion") or not names_place(text):
        return False
    return guess.id != case.category_id or bool(_MORE.search(text))


def tells_emergency(text: str, case: Case) -> bool:
    """Whether words tell of an emergency other than this case: it is filed at once, whatever was asked."""
    guess = filing.guess_category(text, case.community)
    return guess is not None and guess.emergency and guess.id != case.category_id


def _telling(row: Question, talker: Talker) -> bool:
    """Whether the person is in the middle of a report begun after the question: then words belong to that."""
    begun = Draft.select().join(Conversation).where(
        Conversation.person == talker.actor.person, Draft.state == "open", Draft.updated_at > row.created_at
    )  # fmt: skip
    return begun.exists()


def _answer(row: Question, message: Message, talker: Talker, text: str) -> str:
    line = talk.hear(
        talker.about(row.case), kind=message.type, text=message.text, case=row.case, moment=talker.moment
    )
    _fetch(line, message, talker)
    return question_words.thanks(question.answer(row, actor=talker.actor, text=text))


def _fetch(line: Line, message: Message, talker: Talker) -> None:
    if message.type == "voice":
        media.fetch_later(line, account=talker.account, media_id=message.media_id)
