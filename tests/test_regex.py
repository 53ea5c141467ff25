"""T25: no text that people send keeps a regular expression busy: every one in the source, against bad strings.

Python's expressions may take quadratic or exponential time. Each is found in the source by its syntax tree, taken as it
is used there (search, fullmatch, …), and given fifty thousand characters made to be almost a match. The bound is a
second of processor time: a denial takes minutes, a linear expression milliseconds.
"""

import ast
import importlib
import re
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path
    for floor in ("app", "handlers", "models")
    for path in (ROOT / floor).rglob("*.py")
    # Settings are the operator's own words, once at the start.
    if "migrations" not in path.parts and path.name not in ("__main__.py", "config_values.py")
)
WAYS = ("search", "match", "fullmatch", "sub", "subn", "findall", "finditer", "split")
LENGTH, SECONDS = 50_000, 1.0
#: What grows without a match: repeated, it invites every kind of repetition to start anew at every place.
SEEDS = (
    "a", "0", " ", "-", ".", "/", "=", ":", "?", "'", '"', "<", "(", "\n", "\r\n", "_", "o", "号", "楼", "一", "，",
    "aA0-", "1.", "1-", "a ", "://", "a=b", "3号楼", "单元", "100", "13800000011", "?a=", "bearer ", "name='", "code=",
    "/u/", "我是 ", "3-", "第", "#1 ", "１",
)  # fmt: skip
TAILS = ("", "!\0")


def flags_of(call: ast.Call) -> int:
    names = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)}
    return int(sum(getattr(re, name) for name in names if hasattr(re.RegexFlag, name)))


def expressions() -> list:
    """Every expression of the source as a parameter: (pattern, ways it is used)."""
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        where, seen = str(path.relative_to(ROOT)), set()
        used: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in WAYS and isinstance(node.value, ast.Name):
                used.setdefault(node.value.id, set()).add(node.attr)
        if "re.compile(" in path.read_text(encoding="utf-8"):
            for name, value in vars(importlib.import_module(module_of(path))).items():
                for number, one in enumerate(patterns_in(value)):
                    seen.add(one.pattern)
                    ways = used.get(name, set()) - {"split"} or {"search", "sub"}
                    found.append(pytest.param(one, sorted(ways), id=f"{where}:{name}:{number}"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not _is_of_re(node.func) or not node.args:
                continue
            text = node.args[0]
            if isinstance(text, ast.Constant) and text.value not in seen:
                way = node.func.attr if node.func.attr in WAYS else "search"
                compiled = re.compile(text.value, flags_of(node))
                found.append(pytest.param(compiled, [way], id=f"{where}:{node.lineno}"))
    return found


def _is_of_re(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"


def patterns_in(value: object) -> list[re.Pattern]:
    """The expressions over text in a value of a module, also within tuples, lists and tables."""
    if isinstance(value, re.Pattern):
        return [value] if isinstance(value.pattern, str) else []
    if isinstance(value, dict):
        return [one for part in (*value, *value.values()) for one in patterns_in(part)]
    if isinstance(value, tuple | list):
        return [one for part in value for one in patterns_in(part)]
    return []


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def bad_strings(pattern: re.Pattern, length: int) -> list[str]:
    """Long texts that nearly match: common seeds, the expression's own letters, each with an end that spoils it."""
    own = sorted({char for char in pattern.pattern if char.isalnum() or ord(char) > 127})[:12]
    words = re.findall(r"[\w一-鿿]{2,}", pattern.pattern)[:6]
    return [(seed * (length // len(seed) + 1))[:length] + tail for seed in (*SEEDS, *own, *words) for tail in TAILS]


def seconds_of(pattern: re.Pattern, way: str, text: str) -> float:
    arguments = ("", text) if way in ("sub", "subn") else (text,)
    begun = time.process_time()
    answer = getattr(pattern, way)(*arguments)
    if way == "finditer":
        list(answer)
    return time.process_time() - begun


EXPRESSIONS = expressions()


def slowest(pattern: re.Pattern, ways: list[str]) -> tuple[float, str]:
    """Processor seconds of the worst text of LENGTH; what is slow when short already is not tried at that length."""
    texts: list[tuple[float, str]] = []
    for length in (18, 200, 1000, 5000):
        texts = []
        for text in bad_strings(pattern, length):
            taken = max(seconds_of(pattern, way, text) for way in ways)
            texts.append((taken, text))
            if taken * LENGTH / length > SECONDS * 3:
                return taken * LENGTH / length, f"{text[:20]!r}… of {length}"
    suspects = [text for _, text in sorted(texts, reverse=True)[:6]]
    worst = (0.0, "")
    for text in (one * (LENGTH // len(one)) for one in suspects):
        worst = max(worst, (max(seconds_of(pattern, way, text) for way in ways), f"{text[:20]!r}…"))
    return worst


@pytest.mark.parametrize(("pattern", "ways"), EXPRESSIONS)
def test_t25_no_expression_is_kept_busy(pattern, ways):
    taken, text = slowest(pattern, ways)
    assert taken < SECONDS, f"{taken:.1f} s for {text}"


def test_the_search_for_expressions_finds_them():
    """The redactor's and the place words' are among them: their modules build them in different ways."""
    places = {param.id.rsplit(":", 2)[0] for param in EXPRESSIONS}
    assert {"app/logs.py", "app/rules/place_words.py", "app/gateway/errors.py"} <= places
    assert len(EXPRESSIONS) > 40


def test_a_bad_expression_would_be_caught():
    """Exponential and cubic; a quadratic one of single letters stays within the second at this length."""
    assert slowest(re.compile(r"(a+)+!"), ["match"])[0] > SECONDS
    assert slowest(re.compile(r"a*a*a*b"), ["search"])[0] > SECONDS
