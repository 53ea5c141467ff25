"""Make the file of a list that two persons agreed on."""

from app.context import Context
from app.rules import export as exports
from models.base import write
from models.export import Export


def make(context: Context, payload: dict) -> None:
    """Write the file, then note where it is: an interrupted run writes it anew under another name."""
    row = Export.get_by_id(payload["export"])
    content, rows = exports.sheet_of(row)
    file = exports.new_file()
    context.files.put(file, content, "text/csv")
    with write():
        exports.keep(row, file, rows)
