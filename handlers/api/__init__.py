"""The mini-program's door: JSON under /api/v1, described by /openapi.json. One file a noun; all hang on `api`."""

from handlers.api import (
    case,
    conversation,
    file,
    household,
    me,
    note,
    photo,
    place,
    residence,
    session,
    subscription,
    task,
    verb,
)
from handlers.api.blueprint import api

__all__ = [
    "api", "case", "conversation", "file", "household", "me", "note", "photo", "place", "residence", "session",
    "subscription", "task", "verb",
]  # fmt: skip
