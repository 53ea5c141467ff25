"""A table for a spreadsheet: CSV that Excel and WPS open as it is meant, in which no cell is a formula.

Words of strangers end up in these cells. A program that opens the file takes what begins with = + - or @ for a formula,
full-width ones too in Chinese input, and a cell that begins with a tab or a line end may hide one: OWASP, "CSV
Injection". Such a cell gets an apostrophe before it, which says "this is text". RFC 4180 does the quoting.
"""

import csv
import io
from collections.abc import Iterable

#: What makes a program calculate instead of show; U+FF0B and the like are the full-width forms.
DANGEROUS = tuple("=+-@|%＝＋－＠｜％\t\r\n")
#: What programs skip before they look at the first letter: spaces of every width, and marks nobody sees.
SKIPPED = "".join(map(chr, (0x20, 0xA0, 0xAD, 0x1680, 0x180E, 0x205F, 0x3000, 0xFEFF))) + "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x2060, 0x2070)))
)
#: Without it Excel reads UTF-8 as the code page of the machine.
BOM = "\ufeff"


def cell(value: str) -> str:
    """The value as it may stand in a cell: with an apostrophe before it when a program could take it for a formula.

    A control character other than a tab or a line end is left out; XML-based spreadsheets do not take it.
    """
    clean = "".join(letter for letter in value if letter >= " " or letter in "\t\r\n")
    return f"'{clean}" if clean.startswith(DANGEROUS) or clean.lstrip(SKIPPED).startswith(DANGEROUS) else clean


def table(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of words as the bytes of a file: UTF-8 with a BOM, every cell safe and quoted, lines end with CRLF."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([cell(one) for one in row] for row in rows)
    return (BOM + out.getvalue()).encode("utf-8", "replace")
