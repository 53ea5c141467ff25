"""Short words for letters and phones: owe, deliver, look what arrived and what the platform was asked."""

from datetime import timedelta

from app.jobs import deliver
from app.rules import letter, person
from models.base import now, write
from models.letter import Letter, Subscription
from models.person import Identity

SUBSCRIBE = "/cgi-bin/message/subscribe/send"
TEMPLATE = "/cgi-bin/message/template/send"
CHAT = "/cgi-bin/message/custom/send"
CONTENT = {
    "number": "#1001", "what": "窨井盖缺失破损", "place": "幸福家园 3号楼", "state": "待接单", "who": "惠民社区",
    "at": "2026-03-02T01:05:00+00:00", "due": "2026-03-02T02:05:00+00:00", "hint": "请马上接单，先到现场围护",
    "key": "abc", "text": "新任务 #1001",
}  # fmt: skip


def who_is(town, key, account):
    """The identity behind a person's phone."""
    return Identity.get(Identity.person == town.person(key), Identity.account == account)


def owe(town, who="wangdashan", kind="case_assigned", event="task:1:1", **more) -> Letter:
    """Owe somebody a letter; returns it."""
    content = CONTENT | more.pop("content", {})
    with write():
        letter.owe(kind=kind, person=town.person(who), community=town.community(), event=event, content=content, **more)
    return Letter.select().order_by(Letter.id.desc()).first()


def accept(town, street, who="wangdashan", kind="case_assigned", times=1):
    """Let a person accept subscribe messages on the phone, and let us know of it."""
    template = getattr(town.settings.wechat.accounts["mini"].templates, kind).id
    for _ in range(times):
        street.do(who, "subscribe", app="mini", answers={template: "accept"})
        person.remember_subscription(who_is(town, who, "mini"), kind, True)


def speak(town, street, who, text="你好", app="official"):
    """Let a person write in the chat, which opens the window on both sides."""
    street.say(who, text, app)
    person.heard_from(who_is(town, who, app), now())


def work(town) -> int:
    """Deliver until nothing is due; how many letters that took."""
    done = 0
    while deliver.next_letter(town.context):
        done += 1
    return done


def wake(**values):
    """Let the waiting time of every owed letter be over."""
    Letter.update(run_at=now() - timedelta(seconds=1), **values).where(Letter.state == "owed").execute()


def ends() -> list[tuple[str, str, str]]:
    """Every letter's channel, state and outcome, in the order they were written."""
    return list(Letter.select(Letter.channel, Letter.state, Letter.outcome).order_by(Letter.id).tuples())


def arrived(street, who, where=None) -> list[dict]:
    """What the apps put on a phone."""
    items = [item for item in street.phone(who)["items"] if item["from"] == "them"]
    return [item for item in items if where in (None, item["where"])]


def calls(street, path) -> list[int]:
    """The error codes the platform answered to calls of a path, in order; None: no answer was given."""
    return [call["errcode"] for call in street.control("GET", f"calls?path={path}")]


def left(town, who, kind="case_assigned") -> int:
    """How many subscribe messages we believe we may still send."""
    row = Subscription.get(Subscription.identity == who_is(town, who, "mini"), Subscription.kind == kind)
    return row.remaining
