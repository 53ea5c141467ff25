"""The working calendar: each year's holidays and make-up workdays 调休, imported when the State Council has said them.

A year is imported as a whole and replaces what was known of it. Deadlines that were promised before stay as they are:
a date that a resident was told is kept, only what is reported afterwards is counted by the new days. In a year that
nobody has imported a day is what its weekday says; from November on the desk is told that the next one is missing.
"""

import csv
import tomllib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from app.rules import alert, audit
from app.rules.actor import Actor
from app.rules.clock import ZONE
from app.rules.refusal import Refusal
from app.rules.reminder import LIMITS, RUNNING
from app.rules.rights import need
from app.rules.setting import forget, keep
from models.alert import Alert
from models.base import now
from models.case import Case
from models.category import CalendarDay
from models.place import Place

#: 全国年节及纪念日放假办法 (2024), Art. 2: the seven holidays of everybody, by the word that stands in their name, and
#: their thirteen days.
STATUTORY = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
STATUTORY_DAYS = 13
KINDS = {"rest": "放假", "work": "上班（调休）"}
#: What may stand in the second column of a table.
KIND_WORDS = {
    "rest": "rest", "休": "rest", "放假": "rest", "休息": "rest",
    "work": "work", "班": "work", "上班": "work", "补班": "work", "调休": "work",
}  # fmt: skip
YEARS = (2000, 2100)
#: A notice may reach so far into the years beside its own: New Year's Eve, a make-up day in January.
EDGE = timedelta(days=7)
MOST_DAYS = 120
LONGEST = 20_000
NAME, SOURCE = 32, 80
#: From this month on the next year's calendar is missed; the notice comes out in November.
FROM_MONTH = 11
AGAIN = timedelta(days=7)
MISSING = (
    "{year} 年的放假和调休安排还没有导入，跨到那一年的时限只按周一到周五推算。"
    "请到“管理 → 工作日历”导入国务院办公厅的通知。"
)


class Named(NamedTuple):
    """A day and what it is called."""

    day: date
    name: str


class Year(NamedTuple):
    """What a notice says of a year."""

    year: int
    rest: tuple[Named, ...]
    work: tuple[Named, ...]
    source: str = ""


def parse(text: str) -> Year:
    """Read the small text that a person pastes: TOML as in app/demo/holidays.toml, or a table of 日期,休/班,名称.

    The year is `year` in TOML, else that of most of its days. Raises Refusal `calendar_wrong` with what to change.
    """
    if len(text) > LONGEST:
        raise _wrong(f"文件太大，一年的安排不会超过 {LONGEST} 个字。")
    text = text.removeprefix("\ufeff").strip()
    if not text:
        raise _wrong("请粘贴或上传一年的放假安排。")
    toml = "rest" in text and "=" in text
    data = _toml(text) if toml else _table(text)
    rest, work = (tuple(_named(row) for row in _rows(data, kind)) for kind in ("rest", "work"))
    days = [one.day.year for one in (*rest, *work)]
    year = data.get("year") or (max(set(days), key=days.count) if days else 0)
    if not isinstance(year, int):
        raise _wrong("year 应当是四位数字的年份。")
    return Year(year, rest, work, str(data.get("source", ""))[:SOURCE])


def _wrong(said: str) -> Refusal:
    return Refusal("calendar_wrong", said, {"text": said})


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(f"不是正确的 TOML，请对照样例：{str(error)[:80]}") from None


def _table(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {"rest": [], "work": []}
    lines = text.replace("，", ",").replace("\t", ",").splitlines()
    for number, cells in enumerate(csv.reader(lines), 1):
        row = [cell.strip() for cell in cells]
        if not any(row) or row[0] in ("日期", "day") or row[0].startswith("#"):
            continue
        kind = KIND_WORDS.get(row[1] if len(row) > 1 else "")
        if kind is None or len(row) < 3:
            raise _wrong(f"第 {number} 行看不懂。每行写三样，用逗号隔开：日期,休或班,名称，例如 2027-01-01,休,元旦")
        found[kind].append({"day": row[0], "name": row[2]})
    return found


def _rows(data: dict[str, Any], kind: str) -> list:
    rows = data.get(kind, [])
    if not isinstance(rows, list) or len(rows) > MOST_DAYS:
        raise _wrong(f"{kind} 应当是最多 {MOST_DAYS} 天的列表。")
    return rows


def _named(row: Any) -> Named:
    given = row if isinstance(row, dict) else {}
    day, name = given.get("day"), given.get("name")
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day.replace("/", "-"))
        except ValueError:
            day = None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise _wrong(f"“{str(given.get('day', row))[:20]}”不是日期，请写成 2027-01-01。")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= NAME:
        raise _wrong(f"{day} 没有写名称（1 到 {NAME} 个字），例如 元旦。")
    return Named(day, name.strip())


def check(given: Year) -> list[str]:
    """Whether a year can be imported, and what looks odd about it: warnings, for a person to decide.

    Raises Refusal `calendar_wrong` for what cannot be: a day of another year, one named twice or in both lists, a
    make-up workday that is no weekend day.
    """
    year, rest, work, _ = given
    if not YEARS[0] <= year <= YEARS[1]:
        raise _wrong("年份应当是四位数字，例如 2027。")
    if not rest:
        raise _wrong(f"{year} 年一天放假也没有，请检查内容。")
    first, last = date(year, 1, 1) - EDGE, date(year, 12, 31) + EDGE
    seen: set[date] = set()
    for day, name in (*rest, *work):
        if not first <= day <= last:
            raise _wrong(f"{day}（{name}）不在 {year} 年。一次只能导入一年。")
        if day in seen:
            raise _wrong(f"{day}（{name}）写了两次。一天只能写一次，放假和上班也不能同时写。")
        seen.add(day)
    for day, name in work:
        if day.weekday() < 5:
            weekday = "一二三四五六日"[day.weekday()]
            raise _wrong(f"{day}（{name}）是星期{weekday}，本来就上班。调休上班只写周六、周日。")
    return list(_odd(given))


def _odd(given: Year) -> Iterable[str]:
    names = "".join(name for _, name in given.rest)
    missing = [name for name in STATUTORY if name not in names]
    if missing:
        yield f"没有看到{'、'.join(missing)}，请核对是不是漏了。"
    if len(given.rest) < STATUTORY_DAYS:
        yield f"放假只有 {len(given.rest)} 天，法定节假日一共 {STATUTORY_DAYS} 天，请核对。"
    if not given.work:
        yield "没有一天调休上班，请核对通知里有没有写“上班”。"
    if not given.source:
        yield "没有写依据，建议写上国务院办公厅通知的文号。"


def import_year(
    *, year: int, rest: Iterable[Named], work: Iterable[Named], source: str = "", actor: Actor | None = None
) -> list[str]:
    """Replace what is known of a year, in the caller's transaction; `actor` None is the command line.

    `rest` and `work` are days with their names, `source` is the notice they are taken from. Days of the years beside
    it are added and replace nothing there. Gives the warnings of `check`. Raises what it raises, Forbidden or NotFound
    without the right.
    """
    if actor is not None:
        need(actor, "calendar.write")
    given = Year(year, tuple(rest), tuple(work), source.strip()[:SOURCE])
    warnings = check(given)
    before = days_of(year)
    days = [one.day for one in (*given.rest, *given.work)]
    CalendarDay.delete().where(_in_year(year) | CalendarDay.day.in_(days)).execute()
    rows = [
        {"day": day, "kind": kind, "name": name}
        for kind, listed in (("rest", given.rest), ("work", given.work))
        for day, name in listed
    ]
    CalendarDay.insert_many(rows).execute()
    audit.note(
        "calendar.write", actor=actor, community=None, subject=str(year), before={"days": len(before)},
        after={"rest": len(given.rest), "work": len(given.work)}, source=given.source,
    )  # fmt: skip
    forget()
    return warnings


def _in_year(year: int):
    return CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))


def days_of(year: int) -> list[CalendarDay]:
    """The days of a year that are not what their weekday says, in order."""
    return list(CalendarDay.select().where(_in_year(year)).order_by(CalendarDay.day))


def known_years() -> frozenset[int]:
    """The years whose calendar was imported."""
    return keep(("calendar_years",), _read_years)


def _read_years() -> frozenset[int]:
    years = [day.year for (day,) in CalendarDay.select(CalendarDay.day).where(CalendarDay.kind == "rest").tuples()]
    return frozenset(year for year in set(years) if years.count(year) >= len(STATUTORY))


def guessed(case: Case) -> list[int]:
    """The years without a calendar into which a running limit of a case, counted in working time, reaches."""
    if case.state not in RUNNING:
        return []
    limits = case.category.limits or {}
    found = set()
    for limit, (due_field, met_field) in LIMITS.items():
        due = getattr(case, due_field)
        if due and not getattr(case, met_field) and limits.get(limit, {}).get("clock") in ("work_hour", "work_day"):
            found.add(due.astimezone(ZONE).year)
    return sorted(found - known_years())


def missing_year(moment: datetime) -> int | None:
    """The year whose calendar should be there by now and is not: this one, or from November on the next."""
    today, known = moment.astimezone(ZONE), known_years()
    if today.year not in known:
        return today.year
    return today.year + 1 if today.month >= FROM_MONTH and today.year + 1 not in known else None


def warn() -> bool:
    """Tell the desk of every district, at most once a week, that a year is missing. Returns whether one was told."""
    year, told = missing_year(now()), False
    for district in Place.select().where(Place.kind == "district", Place.active) if year else ():
        same = (Alert.kind == "calendar_missing") & (Alert.place == district) & (Alert.subject == str(year))
        if not Alert.select().where(same, Alert.at > now() - AGAIN).exists():
            alert.give("calendar_missing", place=district, subject=str(year), words=MISSING.format(year=year))
            told = True
    return told
