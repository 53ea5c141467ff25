"""Search for inputs that break what must hold at the doors, for as long as one likes: `make fuzz`.

`python -m tests.fuzz [callback|upload|voice|api …] [--seconds 600] [--seed 1] [--keep FOLDER]`: each target gets an
equal part of the time. Callback and uploads are searched by coverage (atheris) where there is a wheel for it, the API
from its description (schemathesis). What is found is made small and kept in tests/fuzz/found, which test_found.py
replays for ever; the exit status is then 1.
"""

import argparse
import importlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from tests.fuzz import api, callback, hat, upload, voice
from tests.fuzz.ground import Ground, ground
from tests.fuzz.keep import FOUND, keep, problem_of, smallest
from tests.fuzz.targets import GUIDES, NAMES

TARGETS = {"callback": callback, "upload": upload, "voice": voice, "api": api}
#: How libFuzzer names an input on which the process hung or died.
STOPPED = "stopped-"
NO_GUIDE = "这台电脑装不了 atheris（只有 Linux x86-64 有安装包），改用 hypothesis 找同样的问题，不看覆盖率。"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the doors that strangers reach.")
    parser.add_argument("names", nargs="*", metavar="|".join(NAMES), help="all of them by default")
    parser.add_argument("--seconds", type=int, default=600, help="altogether (600)")
    parser.add_argument("--seed", type=int, default=1, help="another number searches elsewhere (1)")
    parser.add_argument("--keep", type=Path, default=FOUND, metavar="FOLDER", help="where findings go")
    parser.add_argument("--unguided", action="store_true", help="as where there is no atheris")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"没有 {'、'.join(sorted(unknown))}，可选：{'、'.join(NAMES)}")
    names, found = asked.names or NAMES, []
    for name in names:
        print(f"{name}：找 {asked.seconds // len(names)} 秒……", flush=True)
        found += search(name, asked.seconds // len(names), asked.seed, asked.keep, asked.unguided)
    for path, problem in found:
        print(f"找到一个问题：{problem}\n    已存为 {path}，改好之前 tests/fuzz/test_found.py 会一直报错。")
    print("没有找到问题。" if not found else f"一共 {len(found)} 个问题。")
    sys.exit(bool(found))


def search(name: str, seconds: int, seed: int, folder: Path, unguided: bool = False) -> list[tuple[Path, str]]:
    """Search one target; what was found, as kept files with what they break."""
    target, raw = TARGETS[name], {}
    guided = name in GUIDES and not unguided
    if guided and importlib.util.find_spec("atheris") is None:
        print(NO_GUIDE)
        guided = False
    with ground() as here:
        if guided:
            raw = _guided(name, seconds, seed)
        else:
            seek = api.search if name == "api" else hat.search
            tried = seek(target, here, seconds=seconds, first=seed, tell=raw.__setitem__)
            print(f"{name}：试了 {tried} 个输入。")
        small = {problem: _small(target, here, problem, data) for problem, data in raw.items()}
    return [(keep(name, target, data, folder), problem) for problem, data in small.items()]


def _guided(name: str, seconds: int, seed: int) -> dict[str, bytes]:
    """What a search by coverage wrote down: inputs by what they break."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.fuzz.guided", name, "--seconds", str(seconds), "--seed", str(seed)]
        ended = subprocess.run(
            [*command, "--folder", folder], capture_output=True, text=True, errors="replace",
            env=os.environ | {"PYTHONHASHSEED": "0"},
        )  # fmt: skip
        told = [line for line in ended.stderr.splitlines() if line.startswith("stat::number_of_executed_units")]
        stopped = {one.name: one.read_bytes() for one in Path(folder).glob(f"{STOPPED}*")}
        if not told and not stopped:
            raise RuntimeError(f"the search itself failed:\n{ended.stderr[-3000:]}")
        print(f"{name}：试了 {''.join(told).rpartition(' ')[2] or '?'} 个输入。")
        raw = {one.read_text(): one.with_suffix("").read_bytes() for one in (Path(folder) / "raw").glob("*.txt")}
    return raw | stopped


def _small(target: ModuleType, here: Ground, problem: str, data: bytes) -> bytes:
    """An input without what it does not need; hypothesis has done so already, and what hangs is left alone."""
    if target is api or problem.startswith(STOPPED) or problem_of(target, here, data) != problem:
        return data
    return smallest(data, lambda shorter: problem_of(target, here, shorter) == problem)


if __name__ == "__main__":
    main()
