"""Conditions for the routing table: each takes what it compares with and gives a test of (message, talker)."""

import re
from collections.abc import Callable

from handlers.wechat.message import Message
from handlers.wechat.talker import Talker

Condition = Callable[[Message, Talker], bool]
_NUMBER = re.compile(r"[0-9０-９]{4,9}")


def number_in(words: str) -> int | None:
    """The first number of a case in words that a row of the table has found to have one."""
    found = _NUMBER.search(words)
    return int(found[0]) if found else None


def event(*names: str) -> Condition:
    """An event of one of these names (the platform's own spelling)."""
    return lambda message, talker: message.type == "event" and message.event in names


def any_event() -> Condition:
    """Any other event."""
    return lambda message, talker: message.type == "event"


def text(pattern: str = "") -> Condition:
    """A text (or recognised speech) that begins as the pattern says; without a pattern any text."""
    compiled = re.compile(pattern, re.S)
    return lambda message, talker: bool(message.type == "text" and compiled.match(message.text.strip()))


def kind(name: str) -> Condition:
    """A message of this MsgType: image, voice, location, miniprogrampage."""
    return lambda message, talker: message.type == name


def staff(condition: Condition) -> Condition:
    """The condition, but only for somebody who holds a role."""
    return lambda message, talker: bool(talker.actor.roles) and condition(message, talker)


def owing_number(condition: Condition) -> Condition:
    """The condition, but only for somebody who has just scanned a sign-in code."""
    return lambda message, talker: condition(message, talker) and talker.owes_number()


def asked_to_judge(condition: Condition) -> Condition:
    """The condition, but only for somebody with a handled case that waits for a judgement."""
    return lambda message, talker: condition(message, talker) and bool(talker.cases_to_judge())


def asked_to_reopen(condition: Condition) -> Condition:
    """The condition, but only for somebody with a result to be unhappy about."""
    return lambda message, talker: condition(message, talker) and bool(talker.cases_to_reopen())


def asked_question(condition: Condition) -> Condition:
    """The condition, but only for somebody of whom one answer is waited for."""
    return lambda message, talker: condition(message, talker) and talker.question() is not None


def asked_question_last(condition: Condition) -> Condition:
    """The same, when that was asked after every result that waits for a judgement."""
    return lambda message, talker: asked_question(condition)(message, talker) and talker.asked_after_judging()


def asked_question_of(condition: Condition) -> Condition:
    """The condition, but only for the reporter of the case whose number stands in the words, if it waits for one."""
    return lambda message, talker: (
        condition(message, talker) and talker.question_of(number_in(message.text)) is not None
    )


def asked_whether(condition: Condition) -> Condition:
    """The condition, but only right after the bot asked whether something was an answer."""
    return lambda message, talker: condition(message, talker) and talker.asked_whether() is not None


def shows_for_question(condition: Condition) -> Condition:
    """The condition, but only for somebody whose answer is waited for or has just come."""
    return lambda message, talker: condition(message, talker) and talker.shows_for_question()


def asked_why(condition: Condition) -> Condition:
    """The condition, but only right after the bot asked what was not good."""
    return lambda message, talker: condition(message, talker) and talker.asked_why() is not None


def asked_why_of(condition: Condition) -> Condition:
    """The same, about the very case whose number stands in the words."""
    return lambda message, talker: (
        condition(message, talker) and talker.asked_why() is not None
        and talker.asked_why() == talker.own_case(number_in(message.text))
    )  # fmt: skip


def about_own(condition: Condition) -> Condition:
    """The condition, but only for the reporter of the case whose number stands in the words."""
    return lambda message, talker: condition(message, talker) and talker.own_case(number_in(message.text)) is not None


def about_veiled(condition: Condition) -> Condition:
    """The condition, but only for the reporter of an anonymous case whose number stands in the words."""
    return lambda message, talker: condition(message, talker) and talker.veiled(message.text) is not None


def anything() -> Condition:
    """Always."""
    return lambda message, talker: True
