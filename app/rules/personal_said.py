"""The copy of one's data, continued: what the person recorded, and what the person met as well."""

from app.rules import voice
from models.case import Case
from models.follow import Follow
from models.voice import Voice


def voices(mine: list[int]) -> tuple[list[dict], dict[str, str]]:
    """The person's own recordings, also for a father whose report it is; and their files (name in the copy: key)."""
    told, files = [], {}
    for row in Voice.select().where(Voice.uploader.in_(mine)).order_by(Voice.id):
        name = f"voices/{row.key}.{row.format}"
        told.append({"key": row.key, "seconds": row.seconds, "created_at": row.created_at, "file": name})
        files[name] = voice.file_of(row)
    return told, files


def follows(mine: list[int]) -> list[dict]:
    """The cases of others that the person follows: their numbers, and since when."""
    rows = Follow.select(Follow, Case).join(Case).where(Follow.person.in_(mine)).order_by(Follow.id)
    return [{"number": row.case.number, "at": row.at} for row in rows]
