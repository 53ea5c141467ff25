"""A report left at a question is filed when its time has come: nothing that was said is lost."""

from app.context import Context
from app.rules import filing
from models.base import now, write


def file_left(context: Context, payload: dict) -> None:
    """File one draft, unless it was filed or touched meanwhile. `payload` holds its id."""
    with write():
        filing.look_left(payload["draft"], now())
