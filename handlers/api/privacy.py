"""What is kept of people and why, for everybody to read: who answers for it, how long, who gets it, one's rights."""

from pydantic import BaseModel, Field

from app.context import here
from app.guard import guarded
from app.rules import purpose
from handlers.api.blueprint import api


class UseOut(BaseModel):
    what: str
    purpose: str
    ground: str
    kept: str
    sensitive: bool


class RecipientOut(BaseModel):
    who: str
    purpose: str
    what: str


class PrivacyOut(BaseModel):
    controller: str = Field(description="Who answers for the data (PIPL 17).")
    contact: str = Field(description="How to reach them.")
    uses: list[UseOut]
    recipients: list[RecipientOut]
    rights: list[str]


@api.get("/privacy")
@api.doc(operation_id="readPrivacy")
@guarded("consent.text")
@api.output(PrivacyOut)
def read_privacy():
    """What is kept, what for, on which ground, how long, who gets it, and what one may ask for"""
    ours, days = here().settings.privacy, here().settings.retention.model_dump()
    return PrivacyOut(
        controller=ours.controller, contact=ours.contact,
        uses=[
            UseOut(
                what=use.show, purpose=use.purpose, ground=purpose.GROUNDS[use.ground],
                kept=purpose.kept(use.keep, days), sensitive=use.level == "sensitive",
            )
            for use in purpose.shown()
        ],
        recipients=[
            RecipientOut(who=who, purpose=why, what=what) for who, why, what in (*purpose.RECIPIENTS, *ours.recipients)
        ],
        rights=list(purpose.RIGHTS),
    )  # fmt: skip
