"""How often: per person and, together, per community.

A person who writes much is told to wait. A community that writes much is too, but never about what endangers people:
many reports of one gas leak are put together by people, not dropped by a counter.
"""

from app.context import TooMany, here
from app.guard import actor
from app.rules import filing
from models.place import Place


def often(
    name: str, community: Place | None, words: str = "", code: str | None = None, danger: bool = False
) -> None:
    """Count one use of the limits `name` and `name`_community. `words` and the category's `code` say what it is about.

    `danger`: that it endangers people is known already.

    Raises TooMany.
    """
    here().limit(name, actor().person.key)
    if community is None:
        return
    try:
        here().limit(f"{name}_community", community.key)
    except TooMany:
        if not danger and not filing.endangers(words, community, code):
            raise
