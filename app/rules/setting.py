"""What a community may decide for itself, with the defaults for those that did not, and its working calendar."""

import time as clock_time
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from app.rules.clock import Calendar, due
from models.base import database
from models.category import CalendarDay, Category
from models.place import Place
from models.setting import Setting

DEFAULTS = {
    # The usual office hours in Henan (domain §3.7).
    "office_hours": [["08:30", "12:00"], ["14:30", "17:30"]],
    # After so many days without a word from the reporter a handled case lapses; that never counts as satisfied.
    "judge_days": 7,
    # So long after closing a resident may say that it is not solved.
    "reopen_days": 7,
    # Shares of a time limit, in percent, at which its owner is reminded (domain §3.4).
    "remind_at": [50, 80, 100],
    # How a new case finds its worker: "assign" the first of the grid by rank, "rotate" who has least to do, or "grab":
    # all of the grid are told, whoever is quickest has it.
    "dispatch_mode": "assign",
    # Silence moves a case on: to the next worker, to the community, to the street. False: people are reminded only.
    "escalate": True,
    # Which edition of the city-management classes is in force here (codes differ between editions).
    "class_edition": "yc-2023",
    # Priorities of categories whose work another pair of eyes checks before the resident is asked; [] for none.
    "check": [],
    # So many hours later the resident is asked even when nobody checked.
    "check_hours": 24,
    # Days a resident has to answer a question of the community.
    "question_days": 5,
    # Whether the street confirms each whistle, and by when the units report in (domain §3.4).
    "whistle_confirm": False,
    "whistle_limits": {
        "emergency": {"amount": 30, "clock": "urgent_minute"}, "enforcement": {"amount": 2, "clock": "work_hour"},
        "key_work": {"amount": 1, "clock": "work_day"}, "public_appeal": {"amount": 2, "clock": "work_day"},
    },
    # How long a unit's link is good for.
    "link_days": 14,
    # A matter on the books 挂账 is told of every so many days, and may wait so long at most (one year).
    "plan_note_days": 30,
    "plan_days": 365,
    # Weights of response, solution and satisfaction in percent (domain §3.3), and what "基本满意" counts.
    "rate_weights": [10, 50, 40],
    "basically_satisfied_counts": 90,
    # So many cases of a kind at one place within so many days are a frequent problem.
    "recurrent": {"times": 3, "days": 60},
    # Standard answers of a judgement: code, words, to which satisfactions they belong, and whether they ask to reopen.
    "judgement_answers": [
        ["quick", "来得快", ["satisfied", "basically_satisfied"], False],
        ["good_work", "修得好", ["satisfied", "basically_satisfied"], False],
        ["kind", "态度好", ["satisfied", "basically_satisfied"], False],
        ["slow", "来得太慢", ["basically_satisfied", "dissatisfied"], False],
        ["rude", "态度不好", ["dissatisfied"], False],
        ["half_done", "只办了一半", ["basically_satisfied", "dissatisfied"], True],
        ["broke_again", "又坏了", ["dissatisfied"], True],
        ["nobody_came", "没有人来过", ["dissatisfied"], True],
    ],
    # Questions the bot may ask before it files what it has.
    "questions": 2,
    # A half-told report is filed as it is after so many minutes without a word (pictures alone go to the inbox).
    "draft_minutes": 120,
    # People whose data one worker or admin may look at in a day, before an alert and a stop (security T17).
    "people_per_day": 200,
    # Pictures and places sent so long after a report still belong to it.
    "attach_minutes": 60,
    # The community's own telephone, {"name", "phone"}; None: the phone shows 110, 119 and 120 alone.
    "hotline": None,
    # What a grid worker looks at on a patrol: code, name, what is asked of it (domain §2.3: 安全隐患排查).
    "patrol_items": [
        ["fire_lane", "消防通道", "通不通，有没有被车辆、杂物占住"],
        ["manhole", "井盖", "在不在，有没有破损、松动"],
        ["street_light", "路灯", "亮不亮，灯杆有没有倾斜、漏电"],
        ["stairwell", "楼道堆物", "楼道里有没有堆放杂物、易燃物"],
        ["charging", "飞线充电", "有没有从窗户拉线、在楼道给电动车充电"],
        ["fire_gear", "消防器材", "灭火器、消火栓在不在、能不能用"],
        ["elevator", "电梯", "能不能正常使用，检验有没有过期"],
        ["facade", "外墙和窗台", "墙皮、花盆、空调架会不会掉下来"],
        ["playground", "健身和游乐设施", "有没有松动、断裂、锈蚀"],
        ["drain", "排水和积水", "水篦子堵不堵，有没有积水、污水外溢"],
    ],
}


#: Facts of a place change by the week and are asked with every sentence: a process keeps them for some seconds.
KEPT_SECONDS = 5.0
_kept: WeakKeyDictionary = WeakKeyDictionary()


def keep(key: tuple, read: Callable[[], Any]) -> Any:
    """What `read` gives, at most KEPT_SECONDS old; kept apart for each database."""
    shelf, moment = _kept.setdefault(database.obj, {}), clock_time.monotonic()
    if key not in shelf or shelf[key][0] <= moment:
        shelf[key] = (moment + KEPT_SECONDS, read())
    return shelf[key][1]


def forget() -> None:
    """Read all facts anew next time, after they were changed in this process."""
    _kept.clear()


def setting(community: Place, name: str) -> Any:
    """The community's own value, or the default. Raises KeyError for a name that is not in DEFAULTS."""
    own = keep(("settings", community.id), lambda: _own_settings(community))
    return own.get(name, DEFAULTS[name])


def _own_settings(community: Place) -> dict[str, Any]:
    return dict(Setting.select(Setting.name, Setting.value).where(Setting.community == community).tuples())


def categories_of(community: Place) -> list[Category]:
    """The categories of a community in their order."""
    rows = Category.select().where(Category.community == community, Category.active)
    return keep(("categories", community.id), lambda: list(rows.order_by(Category.position, Category.id)))


def calendar_of(community: Place) -> Calendar:
    """The working calendar of a community: the days of CalendarDay and its own office hours."""
    return keep(("calendar", community.id), lambda: _read_calendar(community))


def _read_calendar(community: Place) -> Calendar:
    rest: list[date] = []
    work: list[date] = []
    for row in CalendarDay.select():
        (rest if row.kind == "rest" else work).append(row.day)
    hours = [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in setting(community, "office_hours")]
    return Calendar.from_days(rest, work, hours)


def deadlines(category: Category, community: Place, start: datetime) -> dict[str, datetime]:
    """When a case of this category is due, in UTC, by name of the limit: accept, contact, make_safe, resolve."""
    limits = category.limits or {}
    if not limits:
        return {}
    calendar = calendar_of(community)
    return {name: due(start, limit["amount"], limit["clock"], calendar) for name, limit in limits.items()}


def share(start: datetime, end: datetime, percent: int) -> datetime:
    """The moment at which a share of a limit has passed."""
    return start + timedelta(seconds=(end - start).total_seconds() * percent / 100)
