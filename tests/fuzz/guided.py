"""A coverage-guided search (atheris, libFuzzer) in a process of its own, started by __main__ for one target.

Nothing of ours is imported before its modules are prepared to report their branches. What is found is written to a
folder and the search goes on; only a hang or a crash of the interpreter itself ends it, and libFuzzer keeps those.
"""

import argparse
import hashlib
import importlib
import importlib.util
import sys
from pathlib import Path


def main() -> None:
    """Search for so many seconds; the raw findings are files named after what they break."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.guided", description="See python -m tests.fuzz.")
    parser.add_argument("name")
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    atheris = importlib.import_module("atheris")
    guides = importlib.import_module("tests.fuzz.targets").GUIDES[asked.name]
    with atheris.instrument_imports(include=list(guides)):
        target = importlib.import_module(f"tests.fuzz.{asked.name}")
    grounds, keeping = importlib.import_module("tests.fuzz.ground"), importlib.import_module("tests.fuzz.keep")
    corpus, words = asked.folder / "corpus", asked.folder / "words"
    corpus.mkdir()
    for data in target.seeds().values():
        (corpus / hashlib.sha1(data).hexdigest()).write_bytes(data)
    words.write_text("\n".join(f'"{_escaped(word)}"' for word in target.WORDS))

    with grounds.ground() as here:

        def one(data: bytes) -> None:
            problem = keeping.problem_of(target, here, data)
            if problem is not None:
                path = asked.folder / "raw" / hashlib.sha1(problem.encode()).hexdigest()[:16]
                path.parent.mkdir(exist_ok=True)
                if not path.exists():
                    path.write_bytes(data)
                    path.with_suffix(".txt").write_text(problem)

        options = [
            f"-max_total_time={asked.seconds}", f"-seed={asked.seed}", f"-dict={words}", "-timeout=30", "-max_len=8192",
            f"-artifact_prefix={asked.folder}/stopped-", "-rss_limit_mb=3072", "-print_final_stats=1", "-verbosity=0",
        ]  # fmt: skip
        atheris.Setup([sys.argv[0], *options, str(corpus)], one)
        atheris.Fuzz()  # ends the process


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word.encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    main()
