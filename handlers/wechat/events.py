"""What the platform tells us beside messages: followed, scanned, subscribed, checked."""

import re

from app.rules import audit, authorization, letter, media, person, personal, subscription
from app.rules.intake import GREETING
from app.rules.refusal import Refusal
from handlers.wechat import desk, resident
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker

#: Why a push that was taken did not arrive (contract E), in the slugs of our letters.
LOST = {"user block": "user_block", "system failed": "system_failed", "43101": "not_subscribed"}
#: Any number but 0, which says that it arrived.
ERROR_CODE = re.compile(r"-?[1-9][0-9]{0,8}")
MENU_HELP = {
    "report": "请直接说一句哪里怎么了，比如“3号楼门口井盖坏了”，也可以先发照片。",
    "chat": "请直接打字，社区工作人员看到会回复您。",
}


def followed(message: Message, talker: Talker) -> str:
    """Followed the official account, perhaps by scanning a code."""
    person.follow(talker.identity, True)
    person.opened_window(talker.identity, talker.moment, messages=3, seconds=60)
    scene = message.event_key.removeprefix("qrscene_")
    return desk.scanned(scene, talker) if scene.startswith("signin-") else GREETING


def left(message: Message, talker: Talker) -> None:
    """Left the official account: nothing more is written there."""
    person.follow(talker.identity, False)


def scanned(message: Message, talker: Talker) -> str | None:
    """A follower scanned a code of ours."""
    person.opened_window(talker.identity, talker.moment, messages=3, seconds=60)
    return desk.scanned(message.event_key, talker) if message.event_key.startswith("signin-") else None


def clicked(message: Message, talker: Talker) -> str | None:
    """Tapped a menu button."""
    person.opened_window(talker.identity, talker.moment, messages=3, seconds=60)
    return resident.my_cases(message, talker) if message.event_key == "cases" else MENU_HELP.get(message.event_key)


def entered(message: Message, talker: Talker) -> None:
    """Opened the mini-program's chat: two messages within a minute (contract D)."""
    person.opened_window(talker.identity, talker.moment, messages=2, seconds=60)


def subscriptions_answered(message: Message, talker: Talker) -> None:
    """Answered a subscribe-message dialogue."""
    subscription.answered(talker.identity, message.raw, "SubscribeMsgPopupEvent", talker.kinds)


def subscriptions_changed(message: Message, talker: Talker) -> None:
    """Switched a subscription off in WeChat's settings."""
    subscription.switched_off(talker.identity, message.raw, "SubscribeMsgChangeEvent", talker.kinds)


def media_checked(message: Message, talker: Talker) -> None:
    """The platform's opinion of a picture came back."""
    media.judged(message.raw)


def template_ended(message: Message, talker: Talker) -> None:
    """How a template message ended: `success`, `failed:user block` or `failed: system failed`."""
    status, _, why = str(message.raw.get("Status")).partition(":")
    if status == "failed":
        reason = LOST.get(why.strip(), "push_failed")
        letter.bounced(talker.identity, "template", str(message.raw.get("MsgID")), reason)


def subscription_ended(message: Message, talker: Talker) -> None:
    """How subscribe messages ended: XML `SubscribeMsgSentEvent > List`, JSON `List`; one object or several."""
    inner = message.raw.get("SubscribeMsgSentEvent")
    rows = (inner if isinstance(inner, dict) else message.raw).get("List")
    for row in (rows if isinstance(rows, list) else [rows])[:20]:
        if isinstance(row, dict) and ERROR_CODE.fullmatch(code := str(row.get("ErrorCode"))):
            why = LOST.get(code, "push_failed")
            letter.bounced(talker.identity, "subscribe", str(row.get("MsgID")), why, int(code))


def profile_modified(message: Message, talker: Talker) -> None:
    """The platform cleaned a profile: a name that may come from it goes."""
    authorization.modified(talker.actor.person)


def authorization_revoked(message: Message, talker: Talker) -> None:
    """Somebody took authorisations back in WeChat: the consents end, what they gave us is deleted."""
    authorization.revoked(talker.actor.person, str(message.raw.get("RevokeInfo") or ""))


def account_closed(message: Message, talker: Talker) -> None:
    """Somebody closed the account at WeChat: everything of this person is erased, without waiting.

    Whoever is on duty stays in the list of the staff; the refusal stands in the audit log.
    """
    try:
        personal.ask_erasure(talker.actor.person, actor=None, at_once=True)
    except Refusal:
        who = talker.actor.person
        audit.note("person.erase", actor=None, community=None, subject=who.key, about=who, result="refused")


def noted(message: Message, talker: Talker) -> None:
    """Any other event is kept as it came (models.inbound) and needs no answer."""
