"""Are two cases the same thing? How likely, and why, in words: counted by a fixed scale, no machine learns or decides.

For staff, who look at both, and for what becomes of a new report (app.rules.bundle). The scale has a hundred points:
the kind 40, the place 30, the words 20, the time 10. Two doors or entrances that differ are never the same thing.
"""

import re
import unicodedata
from datetime import timedelta
from typing import NamedTuple

import peewee

from app.rules import nearby, same_words
from app.rules.actor import Actor
from app.rules.locate import metres
from app.rules.rights import readable_cases
from app.rules.setting import categories_of
from app.rules.words import PlaceWords, place_in
from models.case import Case
from models.category import Category
from models.place import Place, ancestor, line_of

#: From here on nobody doubts it (of a hundred); from here on it is worth a look.
SURE, LIKELY = 80, 50
#: What staff are shown at most.
MOST = 8
#: While it is in these states, a new report of the same thing tells nothing new; later it says that it is not solved.
KNOWN = ("reported", "dispatched", "handling", "planned")
_KIND, _CITY_CLASS = 40, 30
_POINT, _NEAREST, _UNIT, _BUILDING, _VAGUE, _COMPOUND = 20, 10, 30, 25, 5, 5
_WORDS, _TIMES = 20, ((timedelta(days=1), 10), (timedelta(days=7), 6), (timedelta(days=30), 3))
#: Words that stand in half of all reports, and the place itself, say nothing of what it is.
_IDLE = re.compile(
    r"[\W_]+|[0-9]+|号楼|单元|门口|小区|我们|你好|您好|请问|麻烦|一下|这个|那个|已经|有人|没有"
)


class Like(NamedTuple):
    """A case that may be the same as another: how likely, 0 to 100, and why."""

    case: Case
    score: int
    reasons: str

    @property
    def words(self) -> str:
        """"很可能是同一件" or "可能是同一件"."""
        return "很可能是同一件" if self.score >= SURE else "可能是同一件"


def likeness(case: Case, other: Case) -> Like:
    """How likely `other` is the same thing as `case`; both come with category and place. 0 points: it is not.

    `reasons` reads like “同一栋楼 2单元，都说到“井盖”，相隔 2 小时”.
    """
    kind, why_kind = _kinds(case.category, other.category)
    where, why_where = _places(case, other)
    if not kind or not where:
        return Like(other, 0, "")
    said, why_said = _said(case.words, other.words)
    apart = abs(case.created_at - other.created_at)
    when = next((points for within, points in _TIMES if apart <= within), 0)
    reasons = filter(None, (why_where, why_said or why_kind, _apart(apart)))
    return Like(other, kind + where + said + when, "，".join(reasons))


def _kinds(one: Category, other: Category) -> tuple[int, str]:
    if one.id == other.id:
        return _KIND, f"都是{one.name}"
    if set(one.city_classes or ()) & set(other.city_classes or ()):
        return _CITY_CLASS, f"{one.name}和{other.name}属于同一类"
    return 0, ""


def _places(case: Case, other: Case) -> tuple[int, str]:
    """Points for the place and the words for it; none for what is elsewhere."""
    here, there = _where_words(case), _where_words(other)
    parts = [(getattr(here, part), getattr(there, part)) for part in ("entrance_unit", "floor", "door")]
    if any(one and two and one != two for one, two in parts):
        return 0, ""
    found = []
    reach = case.category.near_metres
    # What is looked for in one building is not told by a point: floors lie above one another.
    if reach and None not in (case.lat, other.lat):
        far = metres((case.lat, case.lng), (other.lat, other.lng))
        if far > reach:
            return 0, ""
        words = "就在同一处" if far < 10 else f"相距约 {round(far / 10) * 10} 米"
        found.append((_POINT + round(_NEAREST * (1 - far / reach)), words))
    known = _building_of(case), _building_of(other)
    if known[0] is not None and known[0] == known[1]:
        unit = here.entrance_unit and here.entrance_unit == there.entrance_unit
        # One says where in the building, the other does not: it may be the other entrance.
        vague = any(bool(one) != bool(two) for one, two in parts)
        words = f"同一栋楼 {here.entrance_unit}" if unit else "同一栋楼"
        found.append((_UNIT if unit and not vague else _VAGUE if vague else _BUILDING, words))
    elif None not in known:
        return max(found, default=(0, ""))  # two buildings: only what lies between them is the same
    elif _compound_of(case) is not None and _compound_of(case) == _compound_of(other):
        found.append((_COMPOUND, "同一个小区"))
    return max(found, default=(0, ""))


def _where_words(case: Case) -> PlaceWords:
    """Entrance, floor and door, as the place says them, else as they were said."""
    label = case.place.label if case.place_id else ""
    return place_in(f"{label} {case.place_words} {case.words}")


def _building_of(case: Case) -> int | None:
    return _level_of(case, {"building": 0, "entrance_unit": 1, "household": 2})


def _compound_of(case: Case) -> int | None:
    return _level_of(case, {"compound": 0, "building": 1, "entrance_unit": 2, "household": 3})


def _level_of(case: Case, steps: dict[str, int]) -> int | None:
    """The id of the place so many steps above a case's place, by the kind of that; no question to the database."""
    if case.place_id is None or case.place.kind not in steps:
        return None
    line = line_of(case.place)
    return line[steps[case.place.kind]] if steps[case.place.kind] < len(line) else None


def _said(one: str, other: str) -> tuple[int, str]:
    """Points for words in common (pairs of characters, shared among all there are), and the longest run of them."""
    grams, others = _grams(one), _grams(other)
    if not grams or not others:
        return 0, ""
    shared = round(_WORDS * len(grams & others) / len(grams | others))
    run = _longest(_bare(one), _bare(other))
    return shared, f"都说到“{run}”" if len(run) >= 2 else ""


def _bare(text: str) -> str:
    return _IDLE.sub(" ", unicodedata.normalize("NFKC", text[:200]).lower())


def _grams(text: str) -> set[str]:
    return {word[at : at + 2] for word in _bare(text).split() for at in range(len(word) - 1)}


def _longest(one: str, other: str) -> str:
    """The longest run of characters in both, the first of equals; at most eight."""
    found = ""
    for start in range(len(one)):
        while len(found) < 8 and start + len(found) < len(one):
            longer = one[start : start + len(found) + 1]
            if " " in longer or longer not in other:
                break
            found = longer
    return found


def _apart(apart: timedelta) -> str:
    minutes = round(apart.total_seconds() / 60)
    if minutes < 60:
        return f"相隔 {max(1, minutes)} 分钟"
    return f"相隔 {round(minutes / 60)} 小时" if minutes < 48 * 60 else f"相隔 {round(minutes / 1440)} 天"


def candidates(query: peewee.ModelSelect, case: Case, *, actor: Actor) -> list[Like]:
    """What may be the same as a case, of what this person may read and is going on, the likeliest first.

    `query` selects cases with their category and place. Never what complains of somebody.
    """
    if case.about_id or case.about_unit_id:
        return []
    readable = query.where(readable_cases(actor))
    others = [other for other in around(readable, case) if other.id != case.id]
    for other in others:
        other.community = case.community
    found = [likeness(case, other) for other in others]
    return sorted((one for one in found if one.score >= LIKELY), key=lambda one: (-one.score, one.case.id))[:MOST]


def around(query: peewee.ModelSelect, case: Case) -> list[Case]:
    """What leads its like about the place of a case and is of its kind, a bounded number, read by a query."""
    kinds, reach = _kin(case), case.category.near_metres
    point = (case.lat, case.lng) if reach and case.lat is not None else None
    building = ancestor(case.place, "building") if case.place_id else None
    ids = nearby.at_point(case.community, point, reach, kinds)
    ids += nearby.in_building(building, kinds)
    if building is None and case.place_id:
        ids += nearby.in_compound(ancestor(case.place, "compound"), kinds)
    return nearby.read(query, ids)


def _kin(case: Case) -> list[int]:
    """The categories of the case's community that stand for the same kind of thing, by id."""
    classes = set(case.category.city_classes or ())
    kin = {row.id for row in categories_of(case.community) if classes & set(row.city_classes or ())}
    return sorted(kin | {case.category_id})


def with_places() -> peewee.ModelSelect:
    """Cases with what is compared of them."""
    return (
        Case.select(Case, Category, Place)
        .join(Category, on=(Case.category == Category.id), attr="category")
        .switch(Case)
        .join(Place, peewee.JOIN.LEFT_OUTER, on=(Case.place == Place.id), attr="place")
    )


def surely(case: Case) -> Case | None:
    """The case known already that a new one surely tells of again; only of what everybody may know of.

    The very category, open and not done yet, and by the scale at least SURE.
    """
    if not tellable(case):
        return None
    known = with_places().where(Case.category == case.category_id, Case.state.in_(KNOWN), Case.id < case.id)
    found = [likeness(case, other) for other in around(known, case) if tellable(other)]
    best = max(found, key=lambda one: (one.score, -one.case.id), default=None)
    return best.case if best and best.score >= SURE else None


def tellable(case: Case) -> bool:
    """Whether it may be put together with those of others unasked: a thing at a place, no complaint, nobody's home."""
    inside = "private_exclusive" in (case.zone, case.category.zone)
    return case.category.public and not inside and not (case.about_id or case.about_unit_id)



def alike(main: Case, most: int = 1000) -> int:
    """How many open cases are probably the same as this one, itself not counted; at most so many are looked at."""
    return Case.select(Case.id).where(Case.same_as == main, Case.closed_at.is_null()).limit(most).count()


def task_line(case: Case) -> str:
    """The line of a task that says that the case is probably known already; empty for most."""
    return "\n" + same_words.task_line(case, 1 + alike(case.same_as)) if case.same_as_id else ""
