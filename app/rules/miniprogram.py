"""What a person does in the mini-program: report with a form, act on a case, talk. Each is one verb for its handler.

The chat collects a report word by word (intake.py); a form brings all at once, so here it is only placed and filed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.rules import (
    audit,
    consent,
    deed,
    delegation_letter,
    intake,
    media,
    questionnaire,
    reception,
    rights,
    veil,
    veil_talk,
    voice,
)
from app.rules import case as cases
from app.rules import conversation as talk
from app.rules.actor import Actor
from app.rules.case_move import WORDS_LIMIT
from app.rules.locate import nearest_compound, place_named
from app.rules.questionnaire import Answer
from app.rules.refusal import Refusal
from app.rules.setting import categories_of
from app.rules.words import clean
from models.case import Case
from models.category import Category
from models.conversation import Conversation, Line
from models.person import Identity, Person
from models.place import Place

Point = tuple[float, float]


def report(
    *,
    actor: Actor,
    words: str,
    code: str | None,
    community: Place | None,
    place: Place | None,
    place_words: str,
    point: Point | None,
    photos: list[str],
    per_case: int,
    voices: Sequence[str] = (),
    anonymous: bool = False,
    behalf_of: str | None = None,
    channel: str = "miniprogram",
    worker: Person | None = None,
    answers: Mapping[str, Answer] | None = None,
) -> Case:
    """File a report from the form, with the keys of its photos (at most `per_case`) and of what was said to it.

    `anonymous` puts an alias before the reporter; `behalf_of` is the key of somebody of the family one acts for.
    The category is the one chosen by its `code`, else what the words suggest, else "other". `answers` to its questions
    may tell of an emergency: then it is filed as that at once. Raises Refusal `answers_wrong`, `diverted`,
    `place_unknown`, `category_unknown`, `photo_taken`, `voice_taken`, `anonymous_voice`, what consent.need_to_report or
    what case.report refuses.
    """
    community = community_for(actor, community, place, point)
    words = clean(words, WORDS_LIMIT).strip()
    spoken = bool(voices) and not words
    words = voice.ONLY_SPOKEN if spoken else words
    if place is None:
        near = nearest_compound(point, community) if point else None
        place = place_named(f"{place_words} {words}", actor, community) or near
    category = _category(community, code, words)
    told = questionnaire.read(category.questions or (), answers)
    if told.file_as:
        # Whoever tells of somebody in danger is not sent back for want of words.
        category, words = _category(community, told.file_as, words), words or told.stop_words
    principal = _principal(actor, behalf_of)
    # What a child only says may be a cry for help: as in the chat it is taken, and somebody listens.
    if not (spoken and consent.is_child(actor.person)):
        consent.need_to_report(
            actor.person, category=category, point=point, words=words, principal=principal, danger=told.hazard
        )
    if anonymous and principal:
        raise Refusal("anonymous_agent", "代家人上报时不能匿名。", {"anonymous": "不能和代办一起用"})
    speaker = veil.put_on(actor) if anonymous else actor
    case = cases.report(
        actor=speaker, community=community, category=category, words=words, point=point, channel=channel,
        place=place, place_words=clean(place_words, 120).strip(), behalf_of=principal, worker=worker, told=told,
    )  # fmt: skip
    actor = replace(actor, aliases=speaker.aliases)
    deed.attach(case, actor, photos, "report", per_case)
    voice.attach(case, actor=actor, keys=list(voices))
    delegation_letter.reported(case, actor=actor)
    return Case.get_by_id(case.id)


def _principal(actor: Actor, key: str | None) -> Person | None:
    """Whom the actor speaks for, of those who are known to have agreed. Raises Refusal `not_delegated`."""
    if key is None:
        return None
    found = Person.get_or_none(Person.key == key, Person.id.in_(list(actor.principals)))
    if found is None:
        said = "还没有登记为这位家人的代办人，请先申请，由社区确认。"
        raise Refusal("not_delegated", said, {"behalf_of": "没有登记"})
    return found


def community_for(actor: Actor, community: Place | None, place: Place | None, point: Point | None) -> Place:
    """Where a report belongs: the place named, the community chosen, the home, or the nearest compound.

    Raises Refusal `place_unknown`.
    """
    if place is not None:
        if place.community is None or community not in (None, place.community):
            raise Refusal("place_unknown", "请选择社区里的具体地点。", {"place": "不在这个社区"})
        return place.community
    if community is None:
        near = actor.home or (nearest_compound(point) if point else None)
        community = near.community if near else None
    if community is None:
        raise Refusal("place_unknown", "不知道是哪个社区，请选择地点，或先在“我的”里绑定住址。", {"place": "请选择"})
    return community


def _category(community: Place, code: str | None, words: str) -> Category:
    if code is None:
        guessed = intake.guess_category(words, community)
        if guessed is not None:
            return guessed
        code = "other"
    chosen = next((row for row in categories_of(community) if row.code == code), None)
    if chosen is None:
        raise Refusal("category_unknown", "请从列表里选择问题类型。", {"category": "不在列表里"})
    return chosen


def endangers(community: Place | None, code: str | None, answers: Mapping[str, Answer]) -> bool:
    """Whether the answers to a chosen category's questions tell of an emergency or a danger."""
    rows = categories_of(community) if community and code and answers else ()
    chosen = next((row for row in rows if row.code == code), None)
    return chosen is not None and questionnaire.tells_of_emergency(chosen.questions or (), answers)


def add_note(case: Case, *, actor: Actor, note: str, photos: list[str], per_case: int) -> None:
    """Words (and photos) added to a case without moving it."""
    rights.need(actor, "case.note", case=case)
    deed.attach(case, actor, photos, "report", per_case)
    cases.add_note(case, actor=actor, note=clean(note, WORDS_LIMIT).strip())


def speak(identity: Identity, *, actor: Actor, text: str, default: str, moment: datetime) -> tuple[Line, Line | None]:
    """A sentence typed in the mini-program's own talk page: heard as in the chat. Returns it and the bot's answer.

    `default` is the code of the reception community. Raises Refusal `text_missing` or `no_reception`.
    """
    text = clean(text, talk.TEXT_LIMIT).strip()
    if not text:
        raise Refusal("text_missing", "请写点什么再发送。", {"text": "必填"})
    veiled = veil.named_in(text, actor)
    if veiled is not None:
        consent.need_guardian_to_say(actor.person, text, veiled.community)
        line, reply = veil_talk.hear(veiled, text=text, moment=moment)
        return line, talk.say(line.conversation, reply, case=veiled) if reply else None
    conversation = reception.conversation_for(identity, actor, default=default, text=text)
    consent.need_guardian_to_say(actor.person, text, conversation.community)
    line, reply = intake.hear_text(conversation, actor, text, moment)
    _note(conversation, actor)
    return line, talk.say(conversation, reply, to=line) if reply else None


def show(
    identity: Identity, *, actor: Actor, photo: str, default: str, moment: datetime
) -> tuple[Line, Line | None]:
    """An uploaded photo, sent in the talk page. Returns its line and the bot's answer; raises Refusal `photo_taken`."""
    (row,) = media.own_photos([photo], actor)
    conversation = reception.conversation_for(identity, actor, default=default)
    line, reply = intake.hear_picture(conversation, actor, moment)
    media.send_photo(line, row)
    _note(conversation, actor)
    return line, talk.say(conversation, reply, to=line) if reply else None


def _note(conversation: Conversation, actor: Actor) -> None:
    audit.note("conversation.speak", actor=actor, community=conversation.community, subject=conversation.key)
