"""Acting for one's family: ask for it, see what stands, end it. The community confirms at its desk."""

from datetime import datetime
from typing import Literal

import peewee
from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import delegation, mask
from app.rules.actor import Actor
from app.rules.refusal import NotFound, Refusal
from handlers.api.blueprint import api, named, the
from handlers.api.once import answer_once
from handlers.api.reading import Body, Key, Once
from models.base import write
from models.delegation import Delegation
from models.person import Person
from models.place import Place

Kind = Literal[*delegation.KINDS]  # type: ignore[valid-type]  # known at run time, from the rule
Relation = Literal[*delegation.RELATIONS]  # type: ignore[valid-type]


class AskIn(Body):
    """Either `person`, the key that stands on that person's own phone, or `name` and `household`."""

    kind: Kind
    relation: Relation = Field(description="What one is to that person.")
    person: Key | None = None
    name: str = Field(default="", max_length=32)
    household: Key | None = None


class DelegationOut(BaseModel):
    key: str
    kind: str
    relation: str
    state: str
    state_words: str
    mine: str = Field(description="agent: one acts for somebody; principal: somebody acts for oneself.")
    name: str = Field(description="What the other is called; of a principal the surname only, until confirmed.")
    person: str | None = Field(description="The key of whom one may act for, once confirmed.")
    community: str
    asked_at: datetime

    @classmethod
    def of(cls, row: Delegation, who: Actor) -> "DelegationOut":
        agent, confirmed = row.agent_id == who.person.id, row.state == "confirmed"
        other = (row.principal if agent else row.agent).name
        if agent and row.confirmed_at is None and row.state != "asked":
            other = ""  # a name that was only written down is gone by now; that another one is not, is not told
        return cls(
            key=row.key, kind=row.kind, relation=row.relation, state=row.state, community=row.community.name,
            state_words=delegation.STATES[row.state], mine="agent" if agent else "principal",
            name=mask.name(other) if agent and not confirmed else other,
            person=row.principal.key if agent and confirmed else None, asked_at=row.asked_at,
        )  # fmt: skip


class DelegationsOut(BaseModel):
    delegations: list[DelegationOut]


@api.get("/delegations")
@named("listDelegations")
@signed_in("delegation.list")
@api.output(DelegationsOut)
def list_delegations():
    """For whom one acts, and who acts for oneself, the newest first, at most fifty"""
    agent, principal, mine = Person.alias(), Person.alias(), actor().person
    rows = (
        Delegation.select(Delegation, agent, principal, Place)
        .join(agent, on=(Delegation.agent == agent.id), attr="agent")
        .switch(Delegation)
        .join(principal, on=(Delegation.principal == principal.id), attr="principal")
        .switch(Delegation)
        .join(Place, peewee.JOIN.INNER)
        .where((Delegation.agent == mine) | (Delegation.principal == mine))
        .order_by(Delegation.id.desc())
        .limit(50)
    )
    return {"delegations": [DelegationOut.of(row, actor()) for row in rows]}


@api.post("/delegations")
@named("askDelegation")
@signed_in("delegation.ask")
@api.input(Once, location="headers", arg_name="once")
@api.input(AskIn, arg_name="body")
@api.output(DelegationOut, 201)
def ask_delegation(once: Once, body: AskIn):
    """Ask to act for somebody; the community confirms it with both present"""
    return answer_once(once, body, lambda: DelegationOut.of(_ask(body), actor()), 201, limit="signin")


def _ask(body: AskIn) -> Delegation:
    home = None
    if body.household is not None:
        home = Place.get_or_none(Place.key == body.household, Place.kind == "household", Place.active)
        if home is None:
            raise Refusal("principal_missing", "没有这一户，请重新选择。", {"household": "没有这一户"})
    person = None
    if body.person is not None:
        person = Person.get_or_none(Person.key == body.person, Person.erased_at.is_null())
        if person is None:
            raise delegation.nobody()
    return delegation.ask(
        actor=actor(), kind=body.kind, relation=body.relation, person=person, name=body.name, home=home
    )


@api.post("/delegations/<key>/end")
@named("endDelegation")
@signed_in("delegation.end")
@api.output(DelegationOut)
def end_delegation(key: str):
    """End it at once: either of the two may"""
    row = the(Delegation, key)
    if actor().person.id not in (row.agent_id, row.principal_id):
        raise NotFound()
    with write():
        delegation.end(row, actor=actor())
    return DelegationOut.of(the(Delegation, key), actor())
