"""What people let us send: which templates to ask for, and how many messages of each are left.

The answers themselves come from the platform (event subscribe_msg_popup_event): one source, so that none counts twice.
"""

from pydantic import BaseModel, Field

from app.context import here
from app.guard import actor, signed_in
from app.rules.person import mini_identity
from handlers.api.blueprint import api, named
from models.letter import Subscription


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
    identity = mini_identity(actor().person)
    rows = {row.kind: row for row in Subscription.select().where(Subscription.identity == identity)}
    found = []
    for template_id, kind in here().kinds_of(identity.account).items():
        row = rows.get(kind)
        left, refused = (row.remaining, bool(row.refused_at)) if row else (0, False)
        found.append(LeftOut(kind=kind, template_id=template_id, remaining=left, refused=refused))
    return SubscriptionsOut(subscriptions=found)
