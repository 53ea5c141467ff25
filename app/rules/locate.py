"""Where is it? From the words of a resident, the home of the person, or a point on the map."""

import math

from app.rules import audit, crew, letter, wording
from app.rules.actor import Actor
from app.rules.setting import keep
from app.rules.words import PlaceWords, place_in
from models.base import now
from models.case import Case
from models.conversation import Conversation, Draft
from models.place import Place, ancestor, grid_of

#: Two points nearer than this, in metres, are the same place.
SAME_POINT = 50


def learn_place(draft: Draft, conversation: Conversation, actor: Actor, text: str, whole: bool = False) -> None:
    """Add what a sentence says of the place to a draft. `whole`: it is the answer to "where", so keep all of it."""
    if draft.place_id is None or draft.place.kind == "compound":
        draft.place = place_named(f"{draft.words} {text}", actor, conversation.community) or draft.place
    heard, building = place_in(text), draft.place_id and draft.place.kind == "building"
    spot = text.strip() if whole and not draft.place_words else heard.spot
    if not building and not whole:
        # Not to be found yet: kept as it was said, until the compound is known too.
        spot = " ".join(filter(None, (heard.building, heard.spot)))
    known = draft.place_words.removeprefix(draft.place.name).strip() if building else draft.place_words
    draft.place_words = (known or spot or "")[:120]


def unsure_where(case: Case) -> bool:
    """Whether nobody has said yet where it is: the place is at most the home or the compound of the reporter."""
    return case.lat is None and not case.place_words and not (case.place_id and case.place.kind == "building")


def find_case(case: Case, *, actor: Actor, text: str = "", point: tuple[float, float] | None = None) -> Case:
    """The place of an emergency that was filed before it was known; whoever is on the way is told at once."""
    place = place_named(text, actor, case.community) or (nearest_compound(point, case.community) if point else None)
    words = " ".join(text.split())
    if place is not None:
        case.place, case.grid = place, grid_of(place)
        # "5号楼2单元" of 幸福家园 5号楼: the building is in the label already.
        words = words.removeprefix(place.name).strip() if place.kind == "building" else words
    case.place_words = words[:120]
    if point is not None:
        case.lat, case.lng = point
    case.save(only=[Case.place, Case.grid, Case.place_words, Case.lat, Case.lng])
    for person in [case.handler] if case.handler_id else crew.deciders_of(case):
        letter.owe(
            kind="case_assigned", person=person, community=case.community, case=case, urgent=True,
            event=f"found:{case.id}",
            content=wording.facts(case) | {
                "due": (case.safe_due or now()).isoformat(), "text": wording.found(case),
                "hint": wording.task_hint(case),
            },
        )  # fmt: skip
    audit.tell_screens(case.community, "case", case.key)
    return case


def same_place(draft: Draft, case: Case) -> bool:
    """Whether a report that names its place names that of a case, down to the floor and the door."""
    exact = draft.place_words or (draft.place_id and draft.place.kind == "building")
    if not exact or (draft.place_id, draft.place_words) != (case.place_id, case.place_words):
        return False
    said, known = place_in(draft.words), place_in(case.words)
    if (said.entrance_unit, said.floor, said.door) != (known.entrance_unit, known.floor, known.door):
        return False
    return None in (draft.lat, case.lat) or metres((draft.lat, draft.lng), (case.lat, case.lng)) <= SAME_POINT


def may_mean(draft: Draft, case: Case) -> bool:
    """Whether what is said of the place, perhaps nothing, leaves it open that a case is meant."""
    if draft.place_id is None or draft.place_id == case.place_id:
        return True
    return draft.place.kind == "compound" and ancestor(case.place, "compound") == draft.place


def names_place(text: str, point: tuple[float, float] | None = None) -> bool:
    """Whether a sentence, or its point on the map, says anything of a place."""
    return point is not None or place_in(text) != PlaceWords() or compound_named(text) is not None


def place_named(text: str, actor: Actor, community: Place) -> Place | None:
    """The place that words name: a building of the compound named or lived in, else that compound itself.

    Without a compound a building counts only when there is just one of its name in the community.
    """
    compound = compound_named(text, community) or ancestor(actor.home, "compound")
    building = place_in(text).building
    found = _building(building, compound, community) if building else None
    return found or (compound if compound and compound.community_id == community.id else None)


def compound_named(text: str, community: Place | None = None) -> Place | None:
    """The compound whose name is in the text, in a community or (None) anywhere."""
    return next((compound for compound in compounds_of(community) if compound.name in text), None)


def compounds_of(community: Place | None) -> list[Place]:
    """The compounds of a community, or (None) all there are."""
    found = Place.select().where(Place.kind == "compound", Place.active).order_by(Place.id)
    if community is not None:
        found = found.where(Place.community == community)
    return keep(("compounds", community and community.id), lambda: list(found))


def _building(name: str, compound: Place | None, community: Place) -> Place | None:
    """A building by the name people use ("3号楼"); without a compound only when it is the only one in the community."""
    query = Place.select().where(Place.community == community, Place.kind == "building", Place.name == name)
    if compound is not None:
        query = query.where(Place.parent == compound)
    rows = list(query.limit(2))
    return rows[0] if len(rows) == 1 else None


def nearest_compound(point: tuple[float, float], community: Place | None = None) -> Place | None:
    """The compound nearest to a point, within 500 m; None when there is none so near."""
    compounds = Place.select().where(Place.kind == "compound", Place.lat.is_null(False), Place.active)
    if community is not None:
        compounds = compounds.where(Place.community == community)
    near = [(metres(point, (place.lat, place.lng)), place.id, place) for place in compounds]
    near.sort(key=lambda row: row[:2])
    return near[0][2] if near and near[0][0] <= 500 else None


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance between two (latitude, longitude) points in metres; good to 0.5 % within a city."""
    mean = math.radians((a[0] + b[0]) / 2)
    north, east = (a[0] - b[0]) * 111_132, (a[1] - b[1]) * 111_320 * math.cos(mean)
    return math.hypot(north, east)
