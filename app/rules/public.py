"""What every neighbour may know of: the condition that stands before each list of cases for people who have no part."""

import peewee

from app.rules import rights
from app.rules.actor import Actor
from models.case import Case


def public_cases(actor: Actor, action: str = "case.read_public") -> peewee.Expression:
    """The cases whose public side this person may see, as a condition on Case.

    Never a complaint about somebody, nor what was taken back or not taken.
    """
    kept = Case.state.not_in(("withdrawn", "rejected"))
    return rights.cases_for(actor, action) & kept & Case.about.is_null() & Case.about_unit.is_null()
