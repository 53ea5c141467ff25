"""Ask the platform whether a photo may be shown; its opinion comes back as an event (handlers/wechat/events.py).

The platform judges only for somebody who has used the mini-program within two hours (61010), so a photo of somebody
without it stays unjudged and is seen by staff and its uploader alone, as every photo is.
"""

from app.context import Context
from app.gateway.wechat import GatewayError, Outcome
from app.links import check_link
from app.rules import media, veil
from models.base import write
from models.case import Photo
from models.person import Identity

#: What is judged, as the platform counts: an image; and where it would stand: a social log.
IMAGE, SOCIAL_LOG = 2, 4


def check(context: Context, payload: dict) -> None:
    """Hand one photo to the platform. Raises GatewayError when that is worth another try."""
    photo = Photo.get_by_id(payload["photo"])
    identity = _mini_identity(photo)
    if identity is None or photo.trace is not None:
        return
    try:
        trace = context.account_of(identity.account).check_media(
            identity.openid, check_link(photo, context.settings), IMAGE, SOCIAL_LOG
        )
    except GatewayError as error:
        if error.outcome is Outcome.PERMANENT:
            return
        raise
    with write():
        media.traced(photo, trace)


def _mini_identity(photo: Photo) -> Identity | None:
    """By which way the platform knows the uploader, also one who reported anonymously: it judges, it tells nobody."""
    minis = [one for one in veil.identities_of(photo.uploader) if one.kind == "miniprogram"]
    return max(minis, key=lambda one: one.id, default=None)
