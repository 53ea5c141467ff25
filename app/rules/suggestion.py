"""Which kind of matter may be meant, and why: while somebody still types, at most three to choose from.

The words are judged as in the chat (app.rules.words.suggest), and by what corrections taught (app.rules.lesson). What a
picture was recognised to show only adds kinds of which the words say nothing, or decides between equals: a machine's
guess never outweighs what a person says. It is an offer and no more: nothing is filed by it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from app.rules.lesson import Learned, learned
from app.rules.setting import categories_of
from app.rules.words import suggest
from models.category import Category
from models.place import Place

MOST = 3


class Suggested(NamedTuple):
    """A category with the reason that people read: "您说到“井盖”"."""

    category: Category
    because: str


def suggestions(*, community: Place, words: str, picture_words: str = "") -> list[Suggested]:
    """The categories of a community that words and picture speak of, best first; none when they speak of none."""
    rows = {row.code: row for row in categories_of(community)}
    said, shown = _scores(words, rows.values()), _scores(picture_words, rows.values())
    taught = {code: found for code, found in learned(words, community).items() if code in rows}
    # What the words rule out ("不是井盖") no picture and no correction brings back.
    open_to = {code for code in {*shown, *taught} if not _best_word(words, rows[code].negative or ())}
    shown = {code: score for code, score in shown.items() if code in open_to}
    taught = {code: found for code, found in taught.items() if code in open_to}
    total = {code: said.get(code, 0) + _weight(taught.get(code)) for code in {**said, **taught}}
    order = sorted({**said, **taught, **shown}, key=lambda code: (-total.get(code, 0), -shown.get(code, 0)))
    return [
        Suggested(rows[code], _reason(rows[code], words, picture_words, code in said, taught.get(code)))
        for code in order[:MOST]
    ]


def _weight(found: Learned | None) -> int:
    return found.score if found else 0


def _reason(row: Category, words: str, picture_words: str, said: bool, taught: Learned | None) -> str:
    """Only ever fragments of the person's own words: what others said is theirs."""
    if said:
        return _because(row, words, True)
    return f"社区以前把“{taught.said}”这样的说法归为{row.name}" if taught else _because(row, picture_words, False)


def _scores(text: str, rows: Iterable[Category]) -> dict[str, int]:
    listed = [{"code": row.code, "name": row.name, "keywords": row.keywords, "negative": row.negative} for row in rows]
    return {found.code: found.score for found in suggest(text, listed)} if text else {}


def _because(row: Category, text: str, said: bool) -> str:
    """The word that speaks most for a category; "灯 不亮" reads “灯”和“不亮”."""
    word = _best_word(text, (row.name, *row.keywords)).lstrip("!")
    heard = "和".join(f"“{part}”" for part in word.split())
    return f"您说到{heard}" if said else f"照片里像是有{heard}"


def _best_word(text: str, keywords: Iterable[str]) -> str:
    """The keyword that scores most in a text; empty when none is in it."""
    found = suggest(text, [{"code": word, "name": word, "keywords": ()} for word in keywords])
    return found[0].code if found else ""
