"""What an anonymous reporter says about the report: heard under the alias, never beside what is said under the name."""

from datetime import datetime

from app.rules import conversation as talk
from app.rules.intake import TO_HUMAN
from models.case import Case
from models.conversation import Line


def hear(case: Case, *, text: str, moment: datetime, kind: str = "text") -> tuple[Line, str | None]:
    """Words that name an own anonymous case (app.rules.veil.named_in): a human answers.

    Returns the line, and the bot's sentence unless somebody waits there already.
    """
    conversation = talk.open_with(case.reporter, case.community)
    waits = conversation.waiting_since is not None
    line = talk.hear(conversation, kind=kind, text=text, case=case, wants_answer=True, moment=moment)
    return line, None if waits else TO_HUMAN
