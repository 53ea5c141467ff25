"""Binding a person to a household: by a code of the community, or asked for and confirmed by staff."""

import hashlib
import secrets
import unicodedata
from datetime import timedelta
from functools import reduce
from operator import or_

import peewee

from app.rules import audit, rights
from app.rules.actor import OWNERS, Actor
from app.rules.refusal import Conflict, NotFound, Refusal
from models.base import now
from models.person import HouseholdCode, Person, Residence
from models.place import GridPlace, Place

#: No letters and digits that old eyes confuse.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
CODE_DAYS = 30


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def issue_code(household: Place, *, actor: Actor) -> str:
    """A fresh code for a household, good for one binding within 30 days; told once, kept only as its hash."""
    rights.need(actor, "household.code", community=household.community, place=household)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    HouseholdCode.create(
        household=household, code_hash=_hash(code), issued_by=actor.person, expires_at=now() + timedelta(days=CODE_DAYS)
    )
    audit.note("household.code", actor=actor, community=household.community, subject=household.key)
    return code


def bind_by_code(code: str, *, actor: Actor) -> Residence:
    """Use a code: it shows that one lives there, never that one owns it.

    Raises Refusal `code_unknown` for a wrong, used or old one (which of them is not told).
    """
    clean = "".join(unicodedata.normalize("NFKC", code).upper().split()).replace("-", "")
    row = HouseholdCode.get_or_none(HouseholdCode.code_hash == _hash(clean))
    used = row is not None and bool(
        HouseholdCode.update(used_by=actor.person, used_at=now())
        .where(HouseholdCode.id == row.id, HouseholdCode.used_at.is_null(), HouseholdCode.expires_at > now())
        .execute()
    )
    if row is None or not used:
        raise Refusal("code_unknown", "绑定码不对或已失效，请向社区要一个新的。", {"code": "无效"})
    return _confirm_new(actor.person, row.household, row.issued_by, actor)


def _confirm_new(person: Person, household: Place, confirmed_by: Person, actor: Actor) -> Residence:
    # A request to be known as the owner stays what it is: two persons decide it.
    residence = Residence.get_or_none(
        Residence.person == person, Residence.household == household, Residence.ended_at.is_null(),
        Residence.relation.not_in(list(OWNERS)),
    ) or Residence.create(person=person, household=household)  # fmt: skip
    Residence.update(state="confirmed", confirmed_by=confirmed_by, confirmed_at=now()).where(
        Residence.id == residence.id
    ).execute()
    audit.note("household.bind", actor=actor, community=household.community, subject=household.key)
    return Residence.get_by_id(residence.id)


def ask(household: Place, *, actor: Actor, relation: str) -> Residence:
    """Ask to be bound to a household; staff of the community confirm it. Raises Conflict when it was asked already."""
    open_one = Residence.get_or_none(
        Residence.person == actor.person, Residence.household == household, Residence.ended_at.is_null()
    )
    if open_one is not None:
        raise Conflict("您已经申请过了，请等社区确认。" if open_one.state == "asked" else "您已经绑定了这一户。")
    residence = Residence.create(person=actor.person, household=household, relation=relation)
    audit.note("household.ask", actor=actor, community=household.community, subject=household.key)
    audit.tell_screens(household.community, "residence", residence.key)
    return residence


def leave(residence: Residence, *, actor: Actor) -> None:
    """One has moved out, or takes the request back. Raises NotFound for somebody else's or one that is over."""
    done = (
        Residence.update(ended_at=now())
        .where(Residence.id == residence.id, Residence.person == actor.person, Residence.ended_at.is_null())
        .execute()
    )
    if not done:
        raise NotFound()
    place = residence.household
    audit.note(
        "household.leave", actor=actor, community=place.community, subject=residence.key,
        before={"state": residence.state},
    )  # fmt: skip
    audit.tell_screens(place.community, "residence", residence.key)


def households_for(actor: Actor, action: str, places: list[Place]) -> peewee.Expression:
    """An action of the matrix as a condition on Place, in these communities: all of one, or what lies in own grids."""
    whole = [place.id for place in places if rights.may(actor, action, community=place)]
    inside = [Place.community.in_(whole)]
    if actor.grids() and any(grant.scope == "g" for grant in rights.RIGHTS[action].get("grid_worker", ())):
        grids = GridPlace.select(GridPlace.place).where(GridPlace.grid.in_(list(actor.grids())))
        inside += [Place.above.contains(f"/{row.place_id}/") for row in grids]
    return reduce(or_, inside) & Place.community.in_([place.id for place in places])


def decide(residence: Residence, *, actor: Actor, confirmed: bool) -> None:
    """Staff confirm or refuse; nobody confirms the own request. Raises Conflict when it was decided already.

    An owner is confirmed by two (app.rules.approval); one may refuse.
    """
    community = residence.household.community
    rights.need(actor, "residence.confirm", community=community, place=residence.household)
    if residence.person_id == actor.person.id:
        raise Refusal("own_request", "不能确认自己的申请，请让另一位工作人员确认。")
    values = {"state": "confirmed", "confirmed_by": actor.person, "confirmed_at": now()}
    refused = {"state": "refused", "confirmed_by": actor.person, "ended_at": now()}
    done = (
        Residence.update(**(values if confirmed else refused))
        .where(Residence.id == residence.id, Residence.state == "asked")
        .execute()
    )
    if not done:
        raise Conflict("这条申请已经处理过了。")
    if confirmed:
        # Whoever was bound as a resident of the same door meanwhile is now bound as what was confirmed.
        Residence.update(ended_at=now()).where(
            Residence.person == residence.person_id, Residence.household == residence.household_id,
            Residence.state == "confirmed", Residence.ended_at.is_null(), Residence.id != residence.id,
        ).execute()  # fmt: skip
    audit.note(
        "residence.confirm", actor=actor, community=community, subject=residence.key, about=residence.person,
        before={"state": "asked"}, after={"state": "confirmed" if confirmed else "refused"},
    )  # fmt: skip
