"""The same search without coverage, where atheris has no wheel: seeds, cut and put together by hypothesis."""

import time
from collections.abc import Callable
from types import ModuleType

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.ground import Ground
from tests.fuzz.keep import problem_of

ROUND = 200


@st.composite
def changed(draw: st.DrawFn, seeds: list[bytes], words: list[bytes]) -> bytes:
    """A seed with up to four of its pieces replaced by nothing, a word, a piece of another seed, or anything."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(start + draw(st.sampled_from([0, 1, 8, 64, 4096])), len(data))))
        other = draw(st.sampled_from(seeds))
        piece = st.sampled_from([b"", other[: len(other) // 2], other, data[start:end] * 2])
        data = data[:start] + draw(piece | st.sampled_from(words) | st.binary(max_size=12)) + data[end:]
    return data


def search(
    target: ModuleType, here: Ground, *, seconds: float, first: int, tell: Callable[[str, bytes], None]
) -> int:
    """Try inputs for so many seconds; each problem is told once, with its input. Returns how many were tried."""
    told, tried, end, number = set(), 0, time.monotonic() + seconds, first
    inputs = changed(list(target.seeds().values()), [word.encode("utf-8", "surrogatepass") for word in target.WORDS])
    while time.monotonic() < end:

        @seed(number)
        @settings(max_examples=ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(data=inputs)
        def one(data: bytes) -> None:
            nonlocal tried
            if time.monotonic() > end:
                return
            tried += 1
            problem = problem_of(target, here, data)
            if problem is not None and problem not in told:
                told.add(problem)
                tell(problem, data)

        one()
        number += 1
    return tried
