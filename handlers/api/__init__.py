"""The mini-program's door: JSON under /api/v1, described by /openapi.json. One file a noun; all hang on `api`."""

from handlers.api import (
    case,
    consent,
    conversation,
    delegation,
    file,
    household,
    me,
    note,
    personal,
    photo,
    place,
    privacy,
    reader,
    residence,
    reveal,
    session,
    side,
    subscription,
    task,
    verb,
)
from handlers.api.blueprint import api

__all__ = [
    "api", "case", "consent", "conversation", "delegation", "file", "household", "me", "note", "personal", "photo",
    "place", "privacy", "reader", "residence", "reveal", "session", "side", "subscription", "task", "verb",
]  # fmt: skip
