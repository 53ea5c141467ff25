"""Files of a district and staff lists that are wrong: nothing of them is loaded, and one sentence says what to do."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from app.rules.sheet import cell
from tests.install import Said, count

ROOT = Path(__file__).parent.parent
PLACES = '[[districts]]\ncode = "yu"\nname = "禹王台区"\n'
PERSON = '[[people]]\nname = "吴新"\nphone = "13800000088"\n'
SHAPE = "没有载入：文件里有的内容写法不对，请对照 app/demo 里的样例。"
FORMULA = '=HYPERLINK("http://evil.example","点这里")'


@pytest.fixture
def load(type_in: Callable[..., Said], tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Loads bytes as a file into a fresh installation: exit code and the last words; counts what is in the tables."""

    def load_file(content: bytes | str) -> tuple[int, str]:
        file = tmp_path / "区.toml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        code, told, said = type_in("load", str(file))
        return code, (said or told).replace(str(file), "FILE")

    type_in("migrate")
    load_file.rows = lambda table: count(tmp_path, table)
    return load_file


NOT_UTF8 = "文件 FILE 不是 UTF-8 编码的文字，请另存为 UTF-8。"
WRONG = {
    "GBK": (PLACES.encode("gbk"), NOT_UTF8),
    "UTF-16": (PLACES.encode("utf-16"), NOT_UTF8),
    "half a letter": (PLACES.encode()[:-3], NOT_UTF8),
    "an Excel file": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xfe", NOT_UTF8),
    "nothing": (
        b"", "文件里没有 districts、classes、categories、rest、work、people 或 consents，请对照 app/demo 里的样例。"
    ),
    "a name as a number": ('[[districts]]\ncode = "yu"\nname = 7\nsubdistricts = 3\n', SHAPE),
    "a list as a word": ('districts = "禹王台区"\n', SHAPE),
    "people as a table": ('[people]\nname = "吴新"\nphone = "1"\n', SHAPE),
    "rows that are words": ('people = ["吴新"]\n', SHAPE),
    "a day that is none": (PLACES + '[[rest]]\nday = "2026-02-30"\nname = "假"\n', SHAPE),
    "a leap day in no leap year": (PLACES + '[[rest]]\nday = "2027-02-29"\nname = "假"\n', SHAPE),
    "no phone": (PLACES + '[[people]]\nname = "吴新"\n', "没有载入：文件里少了“phone”，或者它指的东西不存在。"),
    "a place that is not there": (
        PLACES + PERSON + 'roles = [{ kind = "community_admin", place = "nowhere" }]\n',
        "没有载入：文件里少了“nowhere”，或者它指的东西不存在。",
    ),
    "a role that is none": (
        PLACES + PERSON + 'roles = [{ kind = "superuser", place = "yu" }]\n',
        "没有载入：文件里少了“superuser”，或者它指的东西不存在。",
    ),
    "a role beyond the place": (
        PLACES + PERSON + 'roles = [{ kind = "operator", place = "yu" }]\n',
        "没有载入：文件里少了“operator”，或者它指的东西不存在。",
    ),
    "a column nobody reads": (
        PERSON + "is_admin = true\n", "没有载入：文件里有不认识的 people.is_admin，请对照 app/demo 里的样例。",
    ),
    "a table from elsewhere": (
        '[[session]]\nperson = 1\n', "没有载入：文件里有不认识的 session，请对照 app/demo 里的样例。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_loads_nothing(load, name):
    content, sentence = WRONG[name]

    assert load(content) == (2, sentence)
    assert (load.rows("place"), load.rows("person"), load.rows("calendar_day")) == (0, 0, 0)


NOT_TOML = [PLACES + PLACES.replace("[[districts]]\n", ""), "people = " + "[" * 5000, "people = [", "\ufeff" + PLACES]


@pytest.mark.parametrize("content", NOT_TOML, ids=["twice", "deep", "open", "BOM"])
def test_what_is_not_toml_is_one_sentence(load, content):
    code, said = load(content)

    assert (code, said.count("\n")) == (2, 0)
    assert said.startswith("文件 FILE 不是正确的 TOML")
    assert load.rows("place") == 0


def test_the_same_twice_in_one_file_is_one(load):
    """Duplicates of an Excel list: the second row of a person, a place or a day adds nothing."""
    day = '[[rest]]\nday = "2026-10-01"\nname = "国庆"\n'
    assert load(PLACES * 2 + PERSON * 3 + day * 2) == (0, "已载入：districts、rest、people")
    assert (load.rows("place"), load.rows("person"), load.rows("calendar_day")) == (1, 1, 1)
    assert load(PLACES + PERSON + day)[0] == 0
    assert (load.rows("place"), load.rows("person"), load.rows("calendar_day")) == (1, 1, 1)


def test_two_places_with_one_code_are_refused(load):
    assert load(PLACES + PLACES.replace("禹王台区", "别的区")) == (2, SHAPE)
    assert load.rows("place") == 0


def test_a_formula_is_a_name_like_any_other(load, tmp_path):
    """It is kept as it was written, and every list that leaves shows it as words."""
    assert load(PERSON.replace("吴新", FORMULA.replace('"', '\\"')))[0] == 0
    with sqlite3.connect(tmp_path / "data" / "doorstep.sqlite") as connection:
        [(name,)] = connection.execute("SELECT name FROM person").fetchall()

    assert (name, cell(name)) == (FORMULA, "'" + FORMULA)
