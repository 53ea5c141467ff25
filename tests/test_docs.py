"""What docs/security.md says is true: its tests and files exist, and no threat is left out."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (T\d+) [^|]+(\|.+)\|$", PAGE, re.MULTILINE))
NOTHING = "没有测试："


def names_in(folder: Path) -> set[str]:
    """The names of all tests in a folder."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("test_*.py"))
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_threat_has_its_row():
    assert list(ROWS) == [f"T{number}" for number in range(1, 26)]


def test_every_row_names_its_own_tests_or_says_why_there_is_none():
    there = {name for name in names_in(ROOT / "tests" / "threats") if name.startswith("test_t")}
    for threat, row in ROWS.items():
        own = {name for name in there if name.startswith(f"test_t{int(threat[1:]):02d}_")}
        assert set(re.findall(r"`(test_\w+)`", row)) == own, threat
        assert bool(own) != (NOTHING in row), threat
    assert [threat for threat, row in ROWS.items() if NOTHING in row] == ["T9", "T11"]


def test_a_test_of_a_threat_says_which():
    for path in (ROOT / "tests" / "threats").glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_t"):
                assert (ast.get_docstring(node) or "").startswith(f"T{int(node.name[6:8])} "), node.name


def test_what_the_page_points_at_is_there():
    named = set(re.findall(r"`((?:app|handlers|models|tests)/[\w/.]+\.py)`", PAGE))
    named |= {f"docs/{name}" for name in re.findall(r"\]\(([^):]+\.md)\)", PAGE)}
    assert len(named) > 40
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


def test_the_page_stays_short():
    assert len(PAGE.splitlines()) <= 200
