"""What the platform tells us beside messages: followed, scanned, subscribed, checked."""

from app.rules import media, person, subscription
from app.rules.intake import GREETING
from handlers.wechat import desk, resident
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker

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


def noted(message: Message, talker: Talker) -> None:
    """Any other event is kept as it came (models.inbound) and needs no answer."""
