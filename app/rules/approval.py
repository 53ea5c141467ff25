"""Two persons: an act whose every grant says "2" is asked for by one and done when another agrees.

DEEDS is the table of such acts. Nobody decides the own request. Only an appointment is done by one while nobody else
could agree to it, for a district that was just set up has one person; an alert says that it was done alone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.rules import alert, audit, crew, exclusion, export, extension, household, mask, notice, role
from app.rules.actor import OWNERS, Actor, actor_of
from app.rules.refusal import Conflict, NotFound, Refusal
from app.rules.rights import RIGHTS, may, need, needs_second
from models.approval import Approval
from models.base import now
from models.case import Case
from models.lifecycle import APPROVAL, find
from models.notice import Notice
from models.person import Person, Residence
from models.place import Grid, Place

LASTS = timedelta(days=3)
#: What a request can say to the second person, in characters.
WORDS = 300


def _appoint(actor: Actor, payload: dict) -> None:
    role.appoint(
        actor=actor, person=Person.get_by_id(payload["person"]), place=Place.get_by_id(payload["place"]),
        kind=payload["kind"], grid=Grid.get_or_none(Grid.id == payload.get("grid")),
    )  # fmt: skip


def _verify(actor: Actor, payload: dict) -> None:
    household.decide(Residence.get_by_id(payload["residence"]), actor=actor, confirmed=True)


def _export(actor: Actor, payload: dict) -> None:
    export.plan(Place.get_by_id(payload["community"]), actor=actor)


def _send(actor: Actor, payload: dict) -> None:
    corrects = payload.get("corrects")
    notice.publish(
        actor=actor, place=Place.get_by_id(payload["place"]), kind=payload["kind"], title=payload["title"],
        body=payload["body"], urgent=payload["urgent"], corrects=Notice.get_by_id(corrects) if corrects else None,
    )  # fmt: skip


def _extend(actor: Actor, payload: dict) -> None:
    extension.extend(
        Case.get_by_id(payload["case"]), actor=actor, note=payload["reason"], agreed_by=_agreed_by(payload)
    )


def _plan(actor: Actor, payload: dict) -> None:
    extension.plan(
        Case.get_by_id(payload["case"]), actor=actor, note=payload["reason"],
        until=datetime.fromisoformat(payload["until"]), agreed_by=_agreed_by(payload),
    )  # fmt: skip


def _agreed_by(payload: dict) -> Person | None:
    """The second person, who is put into what a deed is given when somebody agreed."""
    return Person.get_or_none(Person.id == payload.get("agreed_by"))


#: What is done once a second person has agreed, by the action of the matrix that asks for it.
DEEDS: dict[str, Callable[[Actor, dict], None]] = {
    "role.appoint": _appoint,
    "role.appoint_admin": _appoint,
    "owner.verify": _verify,
    "case.export": _export,
    "notice.send": _send,
    "case.extend": _extend,
    "case.plan": _plan,
    "case.exclude": exclusion.decide,
}
#: Who agrees when it is not just another holder of the same right: a worker chosen by the community is confirmed above
#: it; what an admin alone in a community asks for can be agreed to by the street.
SECONDS = {
    "role.appoint": "subdistrict_admin district_admin operator",
    "owner.verify": "community_admin subdistrict_admin district_admin",
    "case.export": "community_admin subdistrict_admin district_admin",
    "notice.send": "community_admin subdistrict_admin district_admin",
    "case.extend": "community_admin subdistrict_admin district_admin",
    "case.plan": "community_admin subdistrict_admin district_admin",
    "case.exclude": "community_admin subdistrict_admin district_admin",
}
#: What one may do alone while nobody else is there.
ALONE = frozenset({"role.appoint", "role.appoint_admin"})


def do(
    action: str, *, actor: Actor, community: Place, words: str, payload: dict, reason: str = "", subject: str = ""
) -> Approval | None:
    """Do an act of DEEDS, or ask for its second person when every grant of the actor says so.

    `community` is the place it happens in (a street for its own appointments); `words` tell the second person what
    will be done. None when it is done. Raises what the deed raises, Conflict when the same is asked for already,
    Refusal `no_second` when nobody could agree.
    """
    need(actor, action, community=community)
    if not needs_second(actor, action, community=community):
        DEEDS[action](actor, payload)
        return None
    alone = not [one for one in seconds_for(action, community, actor.person) if one.id not in concerned_by(payload)]
    if alone and action not in ALONE:
        raise Refusal("no_second", "这件事要两个人办，现在没有第二位同志可以复核，请先请上级任命一位。")
    if alone:
        DEEDS[action](actor, payload)
        audit.note(action, actor=actor, community=community, result="alone")
        alert.give("alone", place=community, words=f"没有第二人可复核，由一人办理：{words}", person=actor.person)
        return None
    asked = Approval.select().where(
        Approval.action == action, Approval.community == community, Approval.state == "asked",
        Approval.payload == payload, Approval.expires_at > now(),
    )  # fmt: skip
    if asked.exists():
        raise Conflict("这件事已经在等复核了。")
    row = Approval.create(
        action=action, community=community, words=words[:WORDS], payload=payload, reason=reason[:200], subject=subject,
        asked_by=actor.person, expires_at=now() + LASTS,
    )  # fmt: skip
    audit.note(action, actor=actor, community=community, subject=row.key, result="asked")
    audit.tell_screens(community, "approval", row.key)
    return row


def decide_residence(residence: Residence, *, actor: Actor, confirmed: bool) -> Approval | None:
    """Confirm or refuse who asks to be bound: one person does, but to confirm an owner takes two. None when done."""
    place = residence.household
    if not confirmed or residence.relation not in OWNERS:
        household.decide(residence, actor=actor, confirmed=confirmed)
        return None
    need(actor, "residence.confirm", community=place.community, place=place)
    if residence.person_id == actor.person.id:
        raise Refusal("own_request", "不能确认自己的申请，请让另一位工作人员确认。")
    return do(
        "owner.verify", actor=actor, community=place.community, payload={"residence": residence.id},
        words=f"确认 {mask.name(residence.person.name)} 为 {mask.door(place.label)} 的业主",
    )  # fmt: skip


def send_notice(
    *, actor: Actor, place: Place, kind: str, title: str, body: str, urgent: bool, corrects: Notice | None = None
) -> Approval | None:
    """Publish a notice, or ask for the second person whom the street needs. None when it is published.

    The second person reads every word of it. Raises what app.rules.notice.publish raises, Refusal
    `notice_incomplete` when the text is longer than a request says.
    """
    notice.need_place(place, actor=actor)
    title, body = notice.compose(kind=kind, title=title, body=body)
    payload = {
        "place": place.id, "kind": kind, "title": title, "body": body, "urgent": urgent,
        "corrects": corrects.id if corrects else None,
    }  # fmt: skip
    if not needs_second(actor, "notice.send", community=place.community):
        DEEDS["notice.send"](actor, payload)
        return None
    words = f"给{place.label}发{'紧急' if urgent else ''}公告《{title}》：{body}"
    if len(words) > WORDS:
        told = f"要另一位同志复核的公告，标题和正文合起来最多 {WORDS - 40} 个字，请写短些。"
        raise Refusal("notice_incomplete", told, {"body": "太长了"})
    return do("notice.send", actor=actor, community=place.community, words=words, payload=payload)


def seconds_for(action: str, community: Place, asker: Person) -> list[Person]:
    """Who could agree: the other holders of the right for that place, or for some acts those above it."""
    parts = list(_second_parts(action))
    return [one for one in crew.holding(parts, community) if one != asker]


def _second_parts(action: str) -> frozenset[str]:
    return frozenset(SECONDS[action].split() if action in SECONDS else RIGHTS[action])


def may_decide(row: Approval, actor: Actor) -> bool:
    """Whether the actor could be the second person of a request."""
    held = bool(_second_parts(row.action) & actor.parts_in(row.community))
    concerned = actor.person.id == row.asked_by_id or actor.person.id in concerned_by(row.payload)
    return held and not concerned and may(actor, "approval.decide", community=row.community)


def _whom(payload: dict) -> int | None:
    """The person an act is about: who is appointed, or who is to be known as an owner."""
    if payload.get("residence"):
        return Residence.get_by_id(payload["residence"]).person_id
    return payload.get("person")


def concerned_by(payload: dict) -> frozenset[int]:
    """Who does not decide on an act: whom it is about, and whom the case that it is about complains of."""
    whom = _whom(payload)
    about: frozenset[int] = frozenset() if whom is None else frozenset({whom})
    case = Case.get_or_none(Case.id == payload["case"]) if payload.get("case") else None
    return about | crew.parties_of(case) if case else about


def decide(row: Approval, *, actor: Actor, agreed: bool) -> None:
    """The second person agrees, and it is done in the name of who asked; or refuses.

    Raises Refusal `own_request`, NotFound without the right, Conflict when it was decided or is out of date, and what
    the deed itself raises (its asker may have lost the right meanwhile).
    """
    if row.asked_by_id == actor.person.id:
        raise Refusal("own_request", "不能复核自己提出的事，请由另一位同志复核。")
    if actor.person.id == _whom(row.payload):
        raise Refusal("own_request", "不能复核与自己有关的事，请由另一位同志复核。")
    if not may_decide(row, actor):
        raise NotFound()
    _move(row, "approve" if agreed else "refuse", "second", actor)
    if agreed:
        asker = actor_of(row.asked_by, door=actor.door)
        need(asker, row.action, community=row.community)
        DEEDS[row.action](asker, row.payload | {"agreed_by": actor.person.id})


def withdraw(row: Approval, *, actor: Actor) -> None:
    """Whoever asked takes it back. Raises NotFound for others, Conflict when it was decided already."""
    if row.asked_by_id != actor.person.id:
        raise NotFound()
    _move(row, "withdraw", "asker", actor)


def _move(row: Approval, verb: str, who: str, actor: Actor) -> None:
    step = find(APPROVAL, row.state, verb)
    moved = step is not None and who in step.who and (
        Approval.update(state=step.target, decided_by=actor.person, decided_at=now())
        .where(Approval.id == row.id, Approval.state == row.state, Approval.expires_at > now())
        .execute()
    )  # fmt: skip
    if not moved:
        raise Conflict("这件事已经处理过，或已过期，请刷新后再看。")
    audit.note(
        f"approval.{verb}", actor=actor, community=row.community, subject=row.key, about=row.asked_by, of=row.action
    )
    audit.tell_screens(row.community, "approval", row.key)
