"""Photos and voices go out here, under signed links (app.links): good for minutes, one viewer, and while allowed."""

from typing import Any

from flask import Response, request

from app.context import here
from app.guard import guarded, idle_after
from app.links import VOICE, Link, read_check_link, read_link
from app.rules import media, session, voice
from app.rules.actor import actor_of
from app.rules.refusal import NotFound
from handlers.api.blueprint import api
from models.case import Photo
from models.person import Person
from models.voice import Voice

JPEG: dict[int | str, Any] = {
    200: {
        "description": "The picture.",
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    }
}


BYTES = {"schema": {"type": "string", "format": "binary"}}
PICTURE_OR_SOUND: dict[int | str, Any] = {
    200: {
        "description": "The picture or the voice.",
        "content": {"image/jpeg": BYTES} | {kind: BYTES for kind in voice.TYPES.values()},
    },
    206: {"description": "A part of a voice, as players ask for it.", "content": {"audio/*": BYTES}},
}


@api.get("/files/<token>")
@api.doc(operation_id="readFile", responses=PICTURE_OR_SOUND)
@guarded("file.read")
def read_file(token: str):
    """A photo or a voice, by a link of ours

    The link itself is the proof, as an image tag sends no header; but a session sent along must be that of the viewer.
    404 for a link that is forged, too old, somebody else's, or no longer allowed.
    """
    link = read_link(token)
    if link is not None and link.variant == VOICE:
        return _sound(link)
    if link is None or not _may_open(link):
        raise NotFound()
    return _picture(link)


@api.get("/checks/<token>")
@api.doc(operation_id="readFileToJudge", responses=JPEG)
@guarded("file.read")
def read_file_to_judge(token: str):
    """A photo, for the platform's content check, by a link we gave it

    404 for a link that is forged or too old.
    """
    key = read_check_link(token)
    if key is None:
        raise NotFound()
    return _picture(Link(key, "full", ""))


def _may_open(link: Link) -> bool:
    photo, viewer = Photo.get_or_none(Photo.key == link.photo), Person.get_or_none(Person.key == link.viewer)
    return bool(photo and viewer and _is_asking(viewer) and media.may_see(actor_of(viewer), photo))


def _sound(link: Link) -> Response:
    """The voice of a link, also in parts: players of phones ask for ranges (RFC 9110 §14). Raises NotFound."""
    found, viewer = Voice.get_or_none(Voice.key == link.photo), Person.get_or_none(Person.key == link.viewer)
    if not (found and viewer and _is_asking(viewer) and voice.may_hear(actor_of(viewer), found)):
        raise NotFound()
    data = here().files.get(voice.file_of(found))
    response = _private(Response(data, mimetype=voice.TYPES[found.format]), f"{found.key}.{found.format}")
    response.make_conditional(request, accept_ranges=True, complete_length=len(data))
    return response


def _is_asking(viewer: Person) -> bool:
    sent = request.headers.get("Authorization")
    if sent is None:
        return True
    found = session.find_session(sent.partition(" ")[2], door="api", idle=idle_after()["api"])
    return found is not None and found.person_id == viewer.id


def _picture(link: Link) -> Response:
    return _private(Response(here().files.get(link.file), mimetype="image/jpeg"), f"{link.photo}.jpg")


def _private(response: Response, name: str) -> Response:
    """Shown and not run, under a name of ours, and kept by nobody but the viewer."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = f"private, max-age={here().settings.files.link_seconds}"
    return response
