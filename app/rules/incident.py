"""上报突发事件: one tap, no question, no pause; everybody from the grid to the district is told at once (M52).

Whoever finds an emergency reports it at once, and nobody may keep it back (突发事件应对法 60, 61; domain §3.5). So it
becomes a case whatever is missing, nothing is asked for first, also of a child, and what is wrong with the rest (a
place that is gone, a photo already used) does not lose it. It is no replacement for 110, 119, 120 and 122: each answer
begins by saying so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import peewee

from app.rules import audit, bundle, crew, filing, letter, media, reception, wording
from app.rules import case as cases
from app.rules.actor import Actor
from app.rules.case_move import WORDS_LIMIT
from app.rules.clock import near
from app.rules.locate import nearest_compound, place_named
from app.rules.refusal import Refusal
from app.rules.rights import cases_for
from app.rules.setting import categories_of
from app.rules.words import clean
from models.base import now
from models.case import Case
from models.category import Category
from models.conversation import Conversation
from models.lifecycle import CASE_OPEN
from models.person import Person
from models.place import Place, ancestor

Point = tuple[float, float]

WARNING = "请先拨打 110/119/120/122。本平台不能代替报警电话。"
NUMBERS = {"110": "报警", "119": "火警、救援", "120": "急救", "122": "交通事故"}
#: What one may tap, with the words for it and the category it is, where that is an emergency of the community.
KINDS = {
    "fire": ("起火冒烟", "fire"), "gas": ("燃气泄漏", "gas_leak"), "collapse": ("坍塌、掉落", "emergency_incident"),
    "person": ("有人遇险受伤", "person_in_danger"), "water_power": ("水、电出了危险", "emergency_incident"),
    "other": ("突发事件", "emergency_incident"),
}  # fmt: skip
OTHER = "emergency_incident"
#: The same again of the same person within so long is one more word about it: a hand that shakes taps twice.
AGAIN = timedelta(minutes=2)
#: Nobody has taken it on yet.
UNTAKEN = ("reported", "dispatched")
PARTS = ["community_admin", "subdistrict_admin", "district_admin"]


@dataclass(frozen=True)
class Raised:
    """What became of it: the case, how many people were told, and whether it was known already."""

    case: Case
    told: int
    again: bool


def raise_(
    *,
    actor: Actor,
    kind: str = "",
    words: str = "",
    community: Place | None = None,
    place: Place | None = None,
    place_words: str = "",
    point: Point | None = None,
    photos: Sequence[str] = (),
    default: str = "",
    channel: str = "incident",
    moment: datetime | None = None,
) -> Raised:
    """Report an emergency, of which nothing has to be known. `kind` is one of KINDS; `photos` are keys of uploads.

    The community is that of the place, the point, the one named or lived in, the one last spoken with, else the
    reception desk of the code `default`. Raises Refusal `place_unknown` only when there is none of these.
    """
    moment = moment or now()
    words, place_words = clean(words, WORDS_LIMIT).strip(), clean(place_words, 120).strip()
    community = _community(actor, community, place, point, default)
    category = _category(community, kind, words)
    place = _place(actor, community, place, point, f"{place_words} {words}")
    known = _told_just_now(actor, category, moment)
    if known is not None:
        more = " ".join(filter(None, (words, place_words)))
        if more and more != known.words:
            cases.add_note(known, actor=actor, note=more)
        _attach(known, actor, photos)
        return Raised(known, len(_chain(known)), True)
    what = KINDS.get(kind, KINDS["other"])[0]
    case = cases.report(
        actor=actor, community=community, category=category, words=words or f"（上报突发事件：{what}）", place=place,
        place_words=place_words, point=point, channel=channel,
    )  # fmt: skip
    case = Case.get_by_id(case.id)
    _attach(case, actor, photos)
    told = 0 if bundle.kept(case) else _tell(case, moment)
    audit.note("incident.raise", actor=actor, community=community, subject=case.key, kind=kind or "other", told=told)
    return Raised(case, told, False)


def _community(actor: Actor, given: Place | None, place: Place | None, point: Point | None, default: str) -> Place:
    compound = nearest_compound(point) if point else None
    home = actor.home
    found = (
        place.community if place is not None and place.community_id else given
        or (compound.community if compound else None) or (home.community if home else None)
    ) or _last(actor) or _works(actor)  # fmt: skip
    if found is not None:
        return found
    try:
        return reception.by_code(default)
    except Refusal:
        said = f"{WARNING}不知道您在哪个社区，请选一下，马上就报上去。"
        raise Refusal("place_unknown", said, {"community": "请选择"}) from None


def _last(actor: Actor) -> Place | None:
    row = (
        Conversation.select(Conversation, Place)
        .join(Place, on=(Conversation.community == Place.id))
        .where(Conversation.person == actor.person)
        .order_by(Conversation.last_at.desc())
        .first()
    )
    return row.community if row else None


def _works(actor: Actor) -> Place | None:
    return next((role.place.community for role in actor.roles if role.place.community_id), None)


def _category(community: Place, kind: str, words: str) -> Category:
    """The emergency of the community that was tapped, else the one the words tell of, else what stands for the rest."""
    rows = categories_of(community)
    urgent = {row.code: row for row in rows if row.emergency}
    told = filing.guess_category(words, community) if words and kind in ("", "other") else None
    code = told.code if told is not None and told.emergency else KINDS.get(kind, KINDS["other"])[1]
    found = urgent.get(code) or urgent.get(OTHER) or next(iter(urgent.values()), None)
    return found or next((row for row in rows if row.code == "other"), rows[-1])


def _place(actor: Actor, community: Place, place: Place | None, point: Point | None, words: str) -> Place | None:
    """Where it is, as nearly as is known: the home is better than nothing, for whoever goes there can ask."""
    if place is not None and place.community_id == community.id and place.id != community.id:
        return place
    if point is not None:
        return nearest_compound(point, community)
    named = place_named(words, actor, community)
    home = actor.home if actor.home is not None and actor.home.community_id == community.id else None
    return named if named is not None and named != ancestor(home, "compound") else home or named


def _told_just_now(actor: Actor, category: Category, moment: datetime) -> Case | None:
    mine = Case.select().where(
        Case.reporter == actor.person, Case.community == category.community, Case.category == category,
        Case.state.in_(CASE_OPEN), Case.created_at > moment - AGAIN,
    )  # fmt: skip
    return mine.order_by(Case.id.desc()).first()


def _attach(case: Case, actor: Actor, keys: Sequence[str]) -> None:
    """Photos that are still one's own; one that is gone keeps nobody from being sent."""
    for key in keys:
        try:
            cases.add_photos(case, actor=actor, photos=media.own_photos([key], actor), kind="report")
        except Refusal:
            continue


def _chain(case: Case) -> list[Person]:
    """Everybody who answers for the place, from the grid to the district, but whom the case is about."""
    workers = crew.workers_of(case.grid) or crew.workers_in(case.community)
    parties = crew.parties_of(case)
    people = dict.fromkeys([*workers, *crew.holding(PARTS, case.community)])
    return [one for one in people if one.id not in parties]


def _tell(case: Case, moment: datetime) -> int:
    """Letters to all of them at once; whoever was sent has the task, and the own report is no news."""
    chain = _chain(case)
    due = case.safe_due or case.accept_due or moment
    for person in chain:
        if person.id in (case.handler_id, case.reporter_id):
            continue
        letter.owe(
            kind="case_assigned", person=person, community=case.community, case=case, urgent=True,
            event=f"incident:{case.id}",
            content=wording.facts(case) | {
                "due": due.isoformat(), "text": told(case, moment), "hint": "突发事件，请马上看",
            },
        )  # fmt: skip
    return len(chain)


def told(case: Case, moment: datetime) -> str:
    """To everybody who answers for the place."""
    due = f"{near(case.safe_due, moment)}前要有人到现场。" if case.safe_due else "请马上安排人到现场。"
    return f"【突发事件】#{case.number} {case.category.name}，{wording.where(case)}。“{case.words}”\n{due}"


def answer(raised: Raised) -> str:
    """To whoever reported: first what saves a life, then what was done with it."""
    case = raised.case
    advice = "" if case.category.advice in ("", WARNING) else case.category.advice
    known = "刚才已经收到" if raised.again else "已收到"
    whom = f"已同时通知网格员、社区、街道和区里，共 {raised.told} 人。" if raised.told else "有关人员已经知道。"
    where = wording.where(case) if case.place_id or case.place_words else ""
    sure = f"地点：{where}。" if where else "还不知道在哪里：说得出的话，请再说一下几号楼，或发个位置。"
    head = f"{known}，编号 #{case.number}：{case.category.name}。{whom}"
    return "\n".join(filter(None, (WARNING, advice, head, sure)))


def untaken(actor: Actor, communities: list[Place]) -> peewee.ModelSelect:
    """Emergencies that nobody has taken on yet, of those the actor may read, with their categories, newest first."""
    community, place = Place.alias(), Place.alias()
    return (
        Case.select(Case, Category, community, place)
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case)
        .join(community, on=(Case.community == community.id), attr="community")
        .switch(Case)
        .join(place, peewee.JOIN.LEFT_OUTER, on=(Case.place == place.id), attr="place")
        .where(
            Category.emergency, Case.state.in_(UNTAKEN), Case.community.in_([place.id for place in communities]),
            cases_for(actor, "case.read"),
        )
        .order_by(Case.id.desc())
    )  # fmt: skip
