"""What people let us send: which templates to ask for, how many messages are left, and what they answered."""

from typing import Literal

from pydantic import BaseModel, Field

from app.context import here
from app.guard import actor, signed_in
from app.rules import subscription
from app.rules.person import mini_identity
from app.rules.refusal import Refusal
from handlers.api.blueprint import api, named
from handlers.api.once import answer_once
from handlers.api.reading import Body, Once
from models.letter import Subscription
from models.person import Identity


class AnswersIn(Body):
    answers: dict[str, Literal["accept", "reject", "ban", "filter", "acceptWithAudio", "acceptWithAlert"]] = Field(
        min_length=1, max_length=5, description="By kind of letter or template id, as WeChat gave them."
    )


class LeftOut(BaseModel):
    kind: str
    template_id: str
    remaining: int = Field(description="How many messages the person still lets us send.")
    refused: bool


class SubscriptionsOut(BaseModel):
    subscriptions: list[LeftOut]


@api.get("/subscriptions")
@named("listSubscriptions")
@signed_in("me.read")
@api.output(SubscriptionsOut)
def list_subscriptions():
    """The templates one can be asked for, and what is left of each"""
    return _left(mini_identity(actor().person))


@api.post("/subscriptions")
@named("answerSubscriptions")
@signed_in("subscription.write")
@api.input(Once, location="headers", arg_name="once")
@api.input(AnswersIn, arg_name="body")
@api.output(SubscriptionsOut)
def answer_subscriptions(once: Once, body: AnswersIn):
    """Tell what the person answered in WeChat's dialogue"""
    return answer_once(once, body, lambda: _answered(body))


def _answered(body: AnswersIn) -> SubscriptionsOut:
    identity = mini_identity(actor().person)
    kinds = here().kinds_of(identity.account)
    by_name = kinds | {kind: kind for kind in kinds.values()}
    unknown = [name for name in body.answers if name not in by_name]
    if unknown:
        raise Refusal("template_unknown", "没有这个订阅消息。", {f"answers.{unknown[0][:64]}": "没有这个模板"})
    subscription.told(identity, {by_name[name]: answer for name, answer in body.answers.items()})
    return _left(identity)


def _left(identity: Identity) -> SubscriptionsOut:
    rows = {row.kind: row for row in Subscription.select().where(Subscription.identity == identity)}
    found = []
    for template_id, kind in here().kinds_of(identity.account).items():
        row = rows.get(kind)
        found.append(
            LeftOut(
                kind=kind, template_id=template_id, remaining=row.remaining if row else 0,
                refused=bool(row and row.refused_at),
            )
        )  # fmt: skip
    return SubscriptionsOut(subscriptions=found)
