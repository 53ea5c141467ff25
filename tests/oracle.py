"""What the matrix says, read a second time: an independent reader of its text, and an oracle over plain facts.

Nothing here looks at app.rules.rights or app.rules.actor. The legend of the table (app/rules/matrix.py) is the only
thing both share; a slip in either shows as a difference in tests/rules/test_rights.py and tests/test_channels.py.
"""

from dataclasses import dataclass, field

from app.rules import matrix

#: The letters of the columns that reach over communities.
WIDE = "SDX"
#: To whom a case can be handed.
HANDED = "WAVM"
#: The states in which somebody still has something to do.
OPEN = ("reported", "dispatched", "handling", "handled")


@dataclass(frozen=True)
class Post:
    """A part that somebody plays, by its column: in these communities, and perhaps one building, grid or unit."""

    column: str
    communities: frozenset[int]
    building: int | None = None
    grid: int | None = None
    unit: int | None = None


@dataclass(frozen=True)
class Who:
    """Somebody, as plain facts: `selves` are the ids under which this person reports."""

    name: str
    id: int
    posts: tuple[Post, ...] = ()
    selves: frozenset[int] = frozenset()

    def columns(self) -> str:
        return "G" + "".join(sorted({post.column for post in self.posts}))


@dataclass(frozen=True)
class What:
    """A case, as plain facts."""

    id: int
    community: int
    state: str
    reporter: int
    building: int | None = None
    grid: int | None = None
    handler: int | None = None
    unit: int | None = None
    about: int | None = None
    about_unit: int | None = None
    told: bool = False


@dataclass
class Table:
    """The rows of a table as text: `cells["case.read"]["W"] == ["g", "t"]`."""

    cells: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def read(cls, *texts: str) -> "Table":
        found = cls()
        for text in texts:
            head: list[str] = []
            for line in text.splitlines():
                words = line.split()
                if not words or words[0].startswith("#"):
                    continue
                if words[0] == "action":
                    head = words[1:]
                    continue
                assert words[0] not in found.cells, f"{words[0]} stands twice"
                assert len(words) == len(head) + 1, line
                pairs = zip(head, words[1:], strict=True)
                found.cells[words[0]] = {column: cell.split("+") for column, cell in pairs if cell != "·"}
        return found

    def held(self, who: Who, action: str, what: What) -> list[str]:
        """The grants of a row that somebody holds towards a case without breaking the glass."""
        return [one for one in self._reached(who, action, what) if not set("!Σ") & set(one)]

    def behind_glass(self, who: Who, action: str, what: What) -> bool:
        """Whether breaking the glass would give the right."""
        return any("!" in one for one in self._reached(who, action, what))

    def _reached(self, who: Who, action: str, what: What) -> list[str]:
        row = self.cells[action]
        return [one for column, grants in row.items() for one in grants if reaches(who, column, one[0], what)]

    def held_in(self, who: Who, action: str, community: int, building: int | None, grid: int | None) -> list[str]:
        """The grants held in a community, or over a door in it whose building and grid are known."""
        return [
            one for column, grants in self.cells[action].items() for one in grants
            if not set("!Σ") & set(one) and _there(who, column, one[0], community, building, grid)
        ]  # fmt: skip

    def anywhere(self, who: Who, action: str) -> bool:
        """Whether the right is held somewhere at all."""
        row = self.cells[action]
        return any(not set("!Σ") & set(one) for column in who.columns() for one in row.get(column, ()))


def reaches(who: Who, column: str, scope: str, what: What) -> bool:
    """Whether a grant of that column and scope reaches from somebody to a case."""
    own, units = what.reporter in who.selves, {post.unit for post in who.posts if post.column == "U"}
    accused = what.about == who.id or (what.about_unit is not None and what.about_unit in units)
    if column == "G":
        return own if scope == "o" else scope == "c"
    if column == "P":
        return scope == "t" and accused and what.told
    if accused:
        return False
    here = [post for post in who.posts if post.column == column and what.community in post.communities]
    grids = {post.grid for post in who.posts if post.column == "W" and post.grid}
    asked = what.unit is not None and what.unit in units and what.state in OPEN
    given = what.handler == who.id or (what.state == "dispatched" and what.grid in grids)
    return {
        "o": bool(here) and own,
        "b": any(post.building is not None and post.building == what.building for post in here),
        "g": any(post.grid is not None and post.grid == what.grid for post in here),
        "t": asked if column == "U" else column in HANDED and here and given,
        "c": bool(here) and column not in WIDE,
        "s": bool(here) and column in WIDE,
    }[scope]  # fmt: skip


def _there(who: Who, column: str, scope: str, community: int, building: int | None, grid: int | None) -> bool:
    if column == "G":
        return scope == "c"
    here = [post for post in who.posts if post.column == column and community in post.communities]
    return {
        "o": False, "t": False, "c": bool(here) and column not in WIDE, "s": bool(here) and column in WIDE,
        "b": any(post.building is not None and post.building == building for post in here),
        "g": any(post.grid is not None and post.grid == grid for post in here),
    }[scope]  # fmt: skip


TABLE = Table.read(matrix.MATRIX)
AHEAD = Table.read(matrix.AHEAD)
