"""The three rates 响应率、解决率、满意率 and the other indicators, with what they are a share of (domain §2.8, §3.3).

Everything is whole numbers: a share is its numerator and its denominator, shown to a hundredth of a percent, rounded
half up. A share of nothing is "没有数据", never 0 %. Nothing is counted per person, nothing is put in order of its
figures. Whoever may see sums alone gets them through app.rules.statistics_veil.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import peewee

from app.rules import statistics_counts as counts
from app.rules.setting import DEFAULTS
from app.rules.statistics_period import Period
from models.base import now
from models.category import Category
from models.place import Grid, Place
from models.setting import Setting
from models.unit import Unit

NO_DATA = "没有数据"

#: Code, words, what is counted, out of what, and how one says that; see app.rules.statistics_counts.
RATES = (
    ("response", "响应率", "contacted", "valid", "居民评价的事里，评价前有人联系过居民的（自动回复不算）"),
    ("solve", "解决率", "solved", "solvable", "居民评价的事里，居民说解决了、之后没有要求重办的；挂账的到期前不算在内"),
    ("satisfaction", "满意率", "pleased", "judged", "居民评价的事里，满意的加上按比例折算的基本满意的"),
)
INDICATORS = (
    ("filing", "立案率", "filed", "received", "上报的事里，已派出办理的"),
    ("disposal", "处置率", "handled", "due", "这段时间到期的事里，已经办好的"),
    ("disposal_on_time", "按期处置率", "handled_on_time", "due", "这段时间到期的事里，在期限前办好的"),
    ("closing", "结案率", "closed", "due", "这段时间到期的事里，居民评价过或期满办结的"),
    ("closing_on_time", "按期结案率", "closed_on_time", "due", "已经结案，而且是在期限前办好的；等居民评价的时间不算"),
    ("rework", "返工率", "reworked", "done", "这段时间办好的事里，核查没通过、返过工的"),
    ("extension", "延期率", "extended", "due", "这段时间到期的事里，批准过延期的"),
    ("mistake", "差错率（改类率）", "relabelled", "filed", "立案的事里，类别和居民上报时不一样的"),
)
BESIDE = (
    ("reopen", "重办率", "reopened", "done", "这段时间办好的事里，居民要求重办过的"),
    ("early", "未联系就办好", "early", "done", "这段时间办好的事里，办好之前没有人联系过居民的；现场即时办另算"),
    ("on_the_spot", "现场即时办", "on_the_spot", "done", "这段时间办好的事里，发现的人当场办好、有照片的"),
    ("own", "自己人评价", "own", "valid", "评价里，由工作人员自己上报、自己评价的"),
    ("silent", "未评价办结", "silent", "ended", "这段时间办结的事里，居民没有评价的；既不算满意，也不算有效回访"),
    ("held", "挂账", "held", "dated", "期限落在这段时间的事里，正在挂账的；到期前不考核期限"),
)
#: Counts that stand by themselves.
NUMBERS = (
    ("received", "受理", "这段时间上报的事，不含撤回、合并和不予考核的"),
    ("due", "应办结", "期限落在这段时间的事，不含挂账和不予考核的"),
    ("done", "办好", "这段时间办好、请居民评价的事"),
    ("valid", "有效回访", "这段时间居民作了评价，或者说没有解决的；没有评价的不算"),
    ("left", "遗留超期未处置", "到这段时间结束（没结束的，到现在）已经超期、还没有办好的"),
)


@dataclass(frozen=True)
class Share:
    """So many of so many. `numerator` counts in parts of `scale`: 4080 of 100 are 40.80."""

    numerator: int
    denominator: int
    scale: int = 1

    @property
    def value(self) -> Fraction | None:
        """None: a share of nothing."""
        return Fraction(self.numerator, self.denominator * self.scale) if self.denominator else None

    @property
    def basis_points(self) -> int | None:
        """In hundredths of a percent, rounded half up."""
        return None if self.value is None else rounded(self.value * 10_000)

    @property
    def text(self) -> str:
        return NO_DATA if self.basis_points is None else f"{decimal(self.basis_points)}%"

    @property
    def amount(self) -> str:
        """The numerator as one writes it: "40", "40.8"."""
        whole, rest = divmod(self.numerator, self.scale)
        return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


@dataclass(frozen=True)
class Row:
    """One line of the table: its name, its counts, and the place its weights come from."""

    key: str
    name: str
    counts: dict[str, int] = field(default_factory=dict)
    weights: tuple[int, int, int] | None = None
    basically: int | None = None

    def share(self, numerator: str, denominator: str) -> Share:
        found = self.counts
        if numerator == "pleased":
            part = self.basically or 0
            return Share(found["satisfied"] * 100 + found["basically"] * part, found["valid"], 100)
        if denominator == "dated":
            return Share(found["held"], found["due"] + found["held"])
        return Share(found[numerator], found[denominator])

    @property
    def composite(self) -> int | None:
        """The three rates by their weights in hundredths of a point (8244 is 82.44); None without data or weights."""
        rates = [self.share(*one[2:4]) for one in RATES]
        if self.weights is None or self.basically is None:
            return None
        return composite(rates, self.weights)


@dataclass(frozen=True)
class Statistics:
    """The table of a place and a span; `sums` says that small numbers are hidden in it (statistics_veil)."""

    place: Place
    period: Period
    by: str
    total: Row
    rows: list[Row]
    sums: bool = False


def rounded(value: Fraction) -> int:
    """To the nearest whole number, half up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def decimal(hundredths: int) -> str:
    """8244 as "82.44"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def composite(rates: list[Share], weights: tuple[int, int, int]) -> int | None:
    """The weighted sum of the rates in hundredths of a point; None when one of them has no data."""
    found = [rate.value for rate in rates]
    if None in found:
        return None
    return rounded(sum((Fraction(weight) * one for weight, one in zip(weights, found, strict=True) if one), Fraction(0))
                   * 100)  # fmt: skip


def table(place: Place, communities: list[Place], scope: peewee.Expression, *, period: Period, by: str) -> Statistics:
    """The figures of the cases in `scope`, a condition on Case inside these communities, set out by one of BY.

    Rows stand in the order of the tree, of the catalogue or of the alphabet. A constant number of queries.
    """
    span = counts.Span(period.start, period.stop, min(period.stop, now()))
    kept = _kept(communities)
    common = _common(list(kept.values()))
    found = counts.count(scope, span, by)
    whole = counts.count(scope, span, None)
    names = _NAMES[by](communities)
    if counts.NOWHERE in found:
        names = {**names, counts.NOWHERE: _NOWHERE[by]}
    rows = [
        Row(key, name, _full(found.get(row_id, {})), *(kept[int(row_id)] if by == "community" else common))
        for row_id, (key, name) in names.items()
        if row_id in found or by in ("community", "grid")
    ]
    total = Row("", "合计", _full(whole.get(counts.NOWHERE, {})), *common)
    return Statistics(place, period, by, total, rows)


_COUNTED = (
    "received", "filed", "relabelled", "due", "handled", "handled_on_time", "closed", "closed_on_time", "extended",
    "held", "ended", "silent", "left", "done", "reopened", "reworked", "on_the_spot", "early", "valid", "contacted",
    "solvable", "own", "solved", "satisfied", "basically",
)  # fmt: skip


def _full(found: dict[str, int]) -> dict[str, int]:
    return {name: int(found.get(name, 0)) for name in _COUNTED}


Weights = tuple[tuple[int, int, int] | None, int | None]


def _kept(communities: list[Place]) -> dict[int, Weights]:
    """The weights of each community, and what "基本满意" counts there: one query."""
    names = ("rate_weights", "basically_satisfied_counts")
    own: dict[int, dict] = {place.id: {} for place in communities}
    for row in Setting.select().where(Setting.community.in_(list(own)), Setting.name.in_(names)):
        own[row.community_id][row.name] = row.value
    found: dict[int, Weights] = {}
    for one, values in own.items():
        response, solve, satisfaction = values.get(names[0], DEFAULTS[names[0]])
        found[one] = ((response, solve, satisfaction), values.get(names[1], DEFAULTS[names[1]]))
    return found


def _common(all_of: list[Weights]) -> Weights:
    """What holds for all of them: places that weigh differently have no composite together."""
    weights, parts = {one[0] for one in all_of}, {one[1] for one in all_of}
    return (weights.pop() if len(weights) == 1 else None), (parts.pop() if len(parts) == 1 else None)


def _communities(communities: list[Place]) -> dict[str, tuple[str, str]]:
    return {str(one.id): (one.key, one.name) for one in communities}


def _grids(communities: list[Place]) -> dict[str, tuple[str, str]]:
    rows = Grid.select().where(Grid.community.in_(communities)).order_by(Grid.community, Grid.code)
    return {str(one.id): (one.key, one.name) for one in rows}


def _categories(communities: list[Place]) -> dict[str, tuple[str, str]]:
    first, name = peewee.fn.MIN(Category.position), peewee.fn.MIN(Category.name)
    rows = Category.select(Category.code, name).where(Category.community.in_(communities)).group_by(Category.code)
    return {code: (code, words) for code, words in rows.order_by(first, Category.code).tuples()}


def _units(communities: list[Place]) -> dict[str, tuple[str, str]]:
    rows = Unit.select().where(Unit.community.in_(communities)).order_by(Unit.community, Unit.name)
    return {str(one.id): (one.key, one.name) for one in rows}


_NAMES = {"community": _communities, "grid": _grids, "category": _categories, "unit": _units}
_NOWHERE = {
    "grid": ("", "不在网格里"), "unit": ("", "没有请单位"), "category": ("", "其他"), "community": ("", "其他"),
}  # fmt: skip
