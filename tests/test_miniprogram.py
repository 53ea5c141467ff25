"""The mini-program without a phone: node's tests of its parts, TypeScript's opinion, the types it gets from the API."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / ".ci" / "node"
TESTS = sorted((ROOT / "tests" / "miniprogram").glob("*.test.mjs"))
LONGEST = 300


def ran(*command: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_a_part_keeps_what_it_promises(path):
    done = ran(NODE, "--test", path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_typescript_has_nothing_to_say():
    done = ran(NODE, "node_modules/typescript/bin/tsc", "-p", "miniprogram")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_types_are_those_of_the_api(tmp_path):
    done = ran(ROOT / ".ci" / "types", tmp_path / "api.d.ts")
    assert done.returncode == 0, done.stderr
    fresh = (tmp_path / "api.d.ts").read_text(encoding="utf-8")
    kept = (ROOT / "miniprogram" / "types" / "api.d.ts").read_text(encoding="utf-8")
    assert fresh == kept, "run .ci/types"


def test_a_page_knows_no_address_and_no_wire():
    """page → service → core/http: nobody above asks the network, and only core/server.ts knows where."""
    above = [*(ROOT / "miniprogram").glob("*/**/*.ts")]
    outside = [path for path in above if "core" not in path.parts and "types" not in path.parts]
    asks = [path.name for path in outside if "wx.request(" in path.read_text(encoding="utf-8")]
    knows = [path.name for path in above if re.search(r"https?://(?!www\.w3\.org/)", path.read_text(encoding="utf-8"))]
    assert (asks, knows) == ([], ["server.ts"])


def test_no_file_is_long():
    paths = [path for kind in ("ts", "wxml", "wxss") for path in (ROOT / "miniprogram").rglob(f"*.{kind}")]
    ours = [path for path in paths if "miniprogram_npm" not in path.parts and path.name != "api.d.ts"]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in ours}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}
