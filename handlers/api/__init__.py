"""The mini-program's door: JSON under /api/v1, described by /openapi.json. One file a noun; all hang on `api`."""

from handlers.api import (
    case,
    consent,
    conversation,
    delegation,
    door,
    file,
    follow,
    grid,
    household,
    me,
    nearby,
    note,
    notice,
    patrol,
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
    suggestion,
    task,
    unit,
    verb,
    visit,
    voice,
)
from handlers.api.blueprint import api

__all__ = [
    "api", "case", "consent", "conversation", "delegation", "door", "file", "grid", "household", "me", "note",
    "notice", "patrol", "personal", "photo", "place", "privacy", "reader", "residence", "reveal", "session", "side",
    "subscription", "task", "unit", "verb", "visit", "follow", "nearby", "suggestion", "voice",
]  # fmt: skip
