"""What a search has found: made as small as it will go, and kept as a test that runs for ever (test_found.py)."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from tests.fuzz.ground import Broken, Ground

FOUND = Path(__file__).with_name("found")


def problem_of(target: ModuleType, here: Ground, data: bytes) -> str | None:
    """What is broken by an input, in words that are the same for the same thing; None when all is well."""
    try:
        target.check(here, data)
    except Broken as broken:
        return str(broken)
    except Exception as error:
        return f"{type(error).__name__} in the check: {error}"[:200]
    return None


def smallest(data: bytes, still: Callable[[bytes], bool], seconds: float = 20) -> bytes:
    """The input with every piece left out that the problem does not need; the search ends after so many seconds."""
    end, size = time.monotonic() + seconds, max(len(data) // 2, 1)
    while size and time.monotonic() < end:
        at = 0
        while at < len(data) and time.monotonic() < end:
            shorter = data[:at] + data[at + size :]
            if still(shorter):
                data = shorter
            else:
                at += size
        size //= 2
    return data


def keep(name: str, target: ModuleType, data: bytes, folder: Path = FOUND) -> Path:
    """Write an input where test_found.py replays it; its name is the beginning of its SHA-256."""
    path = folder / name / f"{hashlib.sha256(data).hexdigest()[:16]}.{target.SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def kept(name: str, folder: Path = FOUND) -> list[Path]:
    """All that was ever found for a target."""
    return sorted(path for path in (folder / name).glob("*") if path.suffix in (".bin", ".json"))
