"""What stands at somebody's door: the greeting, the numbers to call, and how much waits for this person."""

from datetime import datetime

import peewee

from app.rules import rights
from app.rules.actor import Actor
from app.rules.clock import ZONE
from app.rules.dispatch_letters import OFFER
from app.rules.setting import setting
from models.case import Case
from models.follow import Follow
from models.letter import Letter
from models.lifecycle import CASE_OPEN
from models.person import Person
from models.place import Place

#: What one calls in an emergency, everywhere in China.
EMERGENCY = (("报警", "110"), ("火警", "119"), ("急救", "120"))
#: Until which hour of the day, in Asia/Shanghai, one says what; after the last it is evening, as before five.
HOURS = ((5, "晚上好"), (9, "早上好"), (12, "上午好"), (14, "中午好"), (18, "下午好"))


def greeting(person: Person, moment: datetime) -> str:
    """How one is greeted at this time of day: "早上好，张兰"."""
    hour = moment.astimezone(ZONE).hour
    said = next((words for until, words in HOURS if hour < until), "晚上好")
    return f"{said}，{person.name}" if person.name else said


def place_of(actor: Actor) -> Place | None:
    """Where somebody is at home here: the household lived in, else where this person is on duty."""
    return actor.home or next((role.place for role in actor.roles), None)


def hotline(community: Place | None) -> dict[str, str] | None:
    """The community's own telephone, {"name", "phone"}, if it has one."""
    return setting(community, "hotline") if community else None


def counts(actor: Actor) -> dict[str, int]:
    """How much waits, in one query: `judge` own cases to judge, `follows` open ones followed, `tasks` on duty."""
    number = peewee.fn.COUNT(Case.id)
    judge = Case.select(peewee.Value("judge"), number).where(
        Case.reporter.in_(list(actor.selves)), Case.state == "handled"
    )
    follows = (
        Case.select(peewee.Value("follows"), number)
        .join(Follow)
        .where(Follow.person == actor.person, Case.state.in_(CASE_OPEN))
    )
    wanted = judge.union_all(follows)
    if on_duty(actor):
        tasks = Case.select(peewee.Value("tasks"), number).where(rights.readable_cases(actor), waits_for(actor))
        wanted = wanted.union_all(tasks)
    return {"tasks": 0} | dict(wanted.tuples())


def on_duty(actor: Actor) -> bool:
    """Whether tasks can wait for somebody."""
    return rights.may(actor, "task.list")


def waits_for(actor: Actor) -> peewee.Expression:
    """The condition on Case that it waits for somebody on duty.

    A worker's own open cases, those the own grids may still take, and what was offered to whoever is quickest; for a
    community admin also what nobody has yet.
    """
    admin_of = [role.place_id for role in actor.roles if role.kind == "community_admin"]
    mine = (Case.handler == actor.person) & Case.state.in_(("dispatched", "handling"))
    takeable = (Case.state == "dispatched") & Case.grid.in_(list(actor.grids()))
    undispatched = (Case.state == "reported") & Case.community.in_(admin_of)
    return mine | takeable | offered_to(actor) | undispatched


def offered_to(actor: Actor) -> peewee.Expression:
    """The condition on Case that it was offered to this worker's grids, and nobody has it yet."""
    offer = Letter.select(Letter.id).where(
        Letter.case == Case.id, Letter.person == actor.person, Letter.event.startswith(f"{OFFER}:")
    )
    return (Case.state == "reported") & Case.grid.in_(list(actor.grids())) & peewee.fn.EXISTS(offer)
