"""How the figures are told: the same lines for the phone, the desk and the file, each with what it counts."""

from dataclasses import dataclass

from app.rules import statistics_veil as veil
from app.rules import statistics_whistles as whistles
from app.rules.statistics import (
    BESIDE,
    INDICATORS,
    NO_DATA,
    NUMBERS,
    RATES,
    Row,
    Statistics,
    decimal,
)
from app.rules.statistics_counts import BY
from app.rules.statistics_whistles import Calls

COMPOSITE = "综合得分"
COMPOSITE_NOTE = "三个率按本地的权重相加；权重可以由社区设定"
#: What holds for the whole table.
NOTES = (
    "合并、撤回的不算；经两个人同意“不予考核”的不算，理由列在下面。",
    "没有可算的事时写“没有数据”，不写 0。",
    "不按人统计，也不排名。",
)
SUMS_NOTES = (
    f"少于 {veil.LEAST} 件的不公布；有一行太少时，为了不让人用减法推出来，各行都写“{veil.APART}”。",
    "只公布已经过完的整月。不按人统计，也不排名。",
)


@dataclass(frozen=True)
class Line:
    """One figure: numbers where they are told, and the words for all of it."""

    code: str
    words: str
    note: str
    text: str
    numerator: str = ""
    denominator: str = ""
    basis_points: int | None = None


@dataclass(frozen=True)
class Shown:
    """A row as it is shown: its plain counts, the rates, and what stands beside them."""

    key: str
    name: str
    numbers: list[Line]
    rates: list[Line]
    indicators: list[Line]
    beside: list[Line]

    @property
    def lines(self) -> list[Line]:
        return [*self.numbers, *self.rates, *self.indicators, *self.beside]


def shown(table: Statistics) -> list[Shown]:
    """The total and the rows, the total first; with small numbers hidden where only sums may be seen."""
    if table.sums:
        return [_told(row, told) for row, told in veil.veiled(table)]
    return [_plain(row) for row in (table.total, *table.rows)]


def _plain(row: Row) -> Shown:
    numbers = [Line(code, words, note, str(row.counts[code])) for code, words, note in NUMBERS]
    rates = [*_shares(row, RATES), _composite(row)]
    return Shown(row.key, row.name, numbers, rates, _shares(row, INDICATORS), _shares(row, BESIDE))


def _shares(row: Row, which: tuple) -> list[Line]:
    found = []
    for code, words, numerator, denominator, note in which:
        if code == "satisfaction" and row.basically is None:
            note = f"{note}；各社区折算不同，没有合计"
            found.append(Line(code, words, note, NO_DATA))
            continue
        share = row.share(numerator, denominator)
        if code == "satisfaction":
            counts, part = row.counts, decimal(row.basically or 0).removesuffix("0")
            note = f"{note}：满意 {counts['satisfied']} 件，基本满意 {counts['basically']} 件，每件算 {part}"
        found.append(
            Line(code, words, note, share.text, share.amount, str(share.denominator), share.basis_points)
        )
    return found


def _composite(row: Row) -> Line:
    score = row.composite
    weights = "、".join(f"{words} {weight}%" for (_, words, *_), weight in zip(RATES, row.weights or (), strict=False))
    note = f"{COMPOSITE_NOTE}：{weights}" if weights else "各社区的权重不同，没有合计"
    return Line("composite", COMPOSITE, note, NO_DATA if score is None else decimal(score), basis_points=score)


def _told(row: Row, told: list[veil.Told]) -> Shown:
    lines = [_veiled(one, words, note) for one, (_, words, _, _, note) in zip(told, veil.TOLD, strict=True)]
    return Shown(row.key, row.name, lines[:1], lines[1:4], lines[4:5], lines[5:])


def _veiled(one: veil.Told, words: str, note: str) -> Line:
    numerator = one.numerator.words if one.numerator else ""
    denominator = one.denominator.words if one.numerator else ""
    return Line(
        one.code, words, note, one.text, numerator, denominator, one.share.basis_points if one.share else None
    )  # fmt: skip


def calls(row: Calls, names: tuple) -> list[Line]:
    """One side of the whistles: its counts, then the mean of its ratings."""
    found = [Line(code, words, "", str(row.numbers[code])) for code, words in names]
    if names is whistles.COMMUNITY:
        blown, received = row.numbers["cases"], row.numbers["received"]
        points = (20_000 * blown + received) // (2 * received) if received else None
        text = NO_DATA if points is None else f"{decimal(points)}%"
        found.append(Line("rate", "吹哨率", "受理的事里吹过哨的", text, str(blown), str(received), points))
    mean, rated = row.mean, row.numbers["rated"]
    points = None if mean.basis_points is None else mean.basis_points // 100
    score = NO_DATA if points is None else f"{decimal(points)} 分"
    total = str(row.numbers["points"])
    found.append(Line("rating", "得分（1 至 5）", "对方打的分的平均", score, total, str(rated), points))
    return found


def sheet(table: Statistics, place: str) -> list[list[str]]:
    """The table as the rows of a file: exactly what is shown, with numerators and denominators."""
    rows = shown(table)
    head = ["名称"]
    for line in rows[0].lines:
        head += [line.words, *([f"{line.words}（分子）", f"{line.words}（分母）"] if line.denominator else [])]
    wide = [bool(line.denominator) for line in rows[0].lines]
    lines = [[f"{place} {table.period.words} 按{BY[table.by]}"], head]
    for row in rows:
        cells = [row.name]
        for line, both in zip(row.lines, wide, strict=True):
            cells += [line.text, *([line.numerator, line.denominator] if both else [])]
        lines.append(cells)
    return lines
