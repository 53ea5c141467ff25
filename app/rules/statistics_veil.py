"""Sums for those who may see sums alone (a "Σ" of the matrix): nothing under five, and nothing by subtraction.

The legend of app/rules/matrix.py promises "sums over five or more only". Three numbers are looked at in each share: the
numerator, the rest, and the denominator. A total under five is told as "少于 5", a rest under five as "多于 n". The
rows of a column are told only when none of them is small; else all of them are "不单列": hiding just the small ones,
and as many more as keep the total from telling them, still tells those who know by which rule the others were chosen
(tests/rules/test_statistics_veil.py tries every small table). Months that are over are the only spans, and the own
place is the only place, for of two that overlap the difference could be told.
"""

from dataclasses import dataclass

from app.rules.statistics import Row, Share, Statistics

LEAST = 5
FEW, APART, UNTOLD = f"少于 {LEAST}", "不单列", "不公布"

#: What is told of sums, as (code, words, numerator, denominator, note); without numerator it is a plain count.
TOLD = (
    ("received", "受理", "", "received", "这段时间上报的事，不含撤回、合并和不予考核的"),
    ("response", "响应率", "contacted", "valid", "居民评价的事里，评价前有人联系过居民的"),
    ("solve", "解决率", "solved", "valid", "居民评价的事里，居民说解决了、之后没有要求重办的"),
    ("pleased", "满意和基本满意", "pleased", "valid", "居民评价的事里，满意和基本满意的，一件算一件"),
    ("disposal_on_time", "按期处置率", "handled_on_time", "due", "这段时间到期的事里，在期限前办好的"),
    ("reopen", "重办率", "reopened", "done", "这段时间办好的事里，居民要求重办过的"),
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A number as it is told: itself, or None with the words that stand for it."""

    number: int | None
    words: str

    @classmethod
    def plain(cls, number: int) -> "Cell":
        return cls(number, str(number))


@dataclass(frozen=True)
class Told:
    """One share of one row as it is told; the percentage only where both numbers are."""

    code: str
    numerator: Cell | None
    denominator: Cell

    @property
    def share(self) -> Share | None:
        """The exact share, when both of its numbers are told."""
        if self.numerator is None or self.numerator.number is None or self.denominator.number is None:
            return None
        return Share(self.numerator.number, self.denominator.number)

    @property
    def text(self) -> str:
        if self.numerator is None:
            return self.denominator.words
        return self.share.text if self.share else UNTOLD


def veiled(table: Statistics) -> list[tuple[Row, list[Told]]]:
    """The total and the rows of a table as they may be told, the total first."""
    rows = [table.total, *table.rows]
    columns = [_column(rows, numerator, denominator) for _, _, numerator, denominator, _ in TOLD]
    return [
        (row, [Told(TOLD[place][0], *column[index]) for place, column in enumerate(columns)])
        for index, row in enumerate(rows)
    ]


def number(row: Row, name: str) -> int:
    """A count of a row; "pleased" counts each satisfied and each basically satisfied one as one."""
    return row.counts["satisfied"] + row.counts["basically"] if name == "pleased" else row.counts[name]


def _column(rows: list[Row], numerator: str, denominator: str) -> list[tuple[Cell | None, Cell]]:
    """(numerator, denominator) of the total and of each row, as they are told."""
    wholes = [_whole(number(row, denominator)) for row in rows]
    bases = column(wholes)
    if not numerator:
        return [(None, cell) for cell in bases]
    parts = [_part(row, numerator, denominator) for row in rows]
    if any(cell.number is None for cell in bases[1:]):
        parts = [parts[0], *(Cell(None, UNTOLD) for _ in rows[1:])]
    return list(zip(column(parts), bases, strict=True))


def column(cells: list[Cell]) -> list[Cell]:
    """A total and its rows: the rows all as they are, or none of them. One row alone is the total once more."""
    total, *rows = cells
    if len(rows) == 1:
        return [total, total]
    if any(one.number is None for one in cells):
        return [total, *(Cell(None, APART) for _ in rows)]
    return cells


def _whole(found: int) -> Cell:
    return Cell(None, FEW) if found < LEAST else Cell.plain(found)


def _part(row: Row, numerator: str, denominator: str) -> Cell:
    """A numerator as it is told of itself: of less than ten there are not five here and five there."""
    part, base = number(row, numerator), number(row, denominator)
    if base < 2 * LEAST:
        return Cell(None, UNTOLD)
    if part < LEAST:
        return Cell(None, FEW)
    if base - part < LEAST:
        return Cell(None, f"多于 {base - LEAST}")
    # Whoever is pleased had it solved: who had it solved and is not pleased is a number as well.
    if numerator == "pleased" and row.counts["solved"] - part < LEAST:
        return Cell(None, UNTOLD)
    return Cell.plain(part)
