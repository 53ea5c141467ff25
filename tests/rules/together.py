"""Several people at the same moment: threads with a database connection of their own, let go all at once."""

import threading
from collections.abc import Callable

from models.base import database


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all deeds at the same moment; what each returned or, in its place, the exception it raised, in their order."""
    start, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def do(place: int, deed: Callable[[], object]) -> None:
        start.wait()
        try:
            with database.connection_context():
                results[place] = deed()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def kinds(results: list[object]) -> list[str]:
    """The names of the types of some results, sorted: who won and who lost, whoever it was."""
    return sorted(type(one).__name__ for one in results)
