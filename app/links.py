"""Links to photos and voices: short-lived, signed, and good only for the person they were made for; links of units.

A link names the photo with its size, or the voice, and its viewer under our key. It proves only that we made it; what
the viewer may see is asked again when it is opened (handlers/api/file.py). API and console make their links here.
"""

from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeTimedSerializer

from app.config import Settings
from app.context import here
from app.rules.media import VARIANTS, file_of
from models.case import Photo
from models.person import Person
from models.voice import Voice

PATH = "/api/v1/files/"
CHECK_PATH = "/api/v1/checks/"
UNIT_PATH = "/u/"
#: What stands in the place of a photo's size in the link of a voice.
VOICE = "voice"
#: The platform fetches what it is to judge within half an hour (platform page 多媒体内容安全识别).
CHECK_SECONDS = 3600


@dataclass(frozen=True)
class Link:
    """What a valid link says: public keys of photo (or voice) and viewer, and which of VARIANTS (or VOICE)."""

    photo: str
    variant: str
    viewer: str

    @property
    def file(self) -> str:
        """The key of the bytes in the file store."""
        return file_of(self.photo, self.variant)


@dataclass(frozen=True)
class UnitLink:
    """What the link of a unit says: public keys of subcase and unit, how often it was renewed, and when it was made."""

    subcase: str
    unit: str
    renewals: int
    made_at: datetime


def photo_links(photo: Photo, viewer: Person) -> dict[str, str]:
    """The paths under which this viewer may open a photo for settings.files.link_seconds: {"full", "thumb"}."""
    signer = _signer(here().settings, "photo link")
    return {variant: PATH + signer.dumps([photo.key, variant, viewer.key]) for variant in VARIANTS}


def voice_link(voice: Voice, viewer: Person) -> str:
    """The path under which this viewer may hear a voice, for as long as a photo can be looked at."""
    return PATH + _signer(here().settings, "photo link").dumps([voice.key, VOICE, viewer.key])


def read_link(token: str) -> Link | None:
    """What a link says, or None when it is forged or too old."""
    try:
        said = _signer(here().settings, "photo link").loads(token, max_age=here().settings.files.link_seconds)
    except BadData:
        return None
    return Link(*said)


def check_link(photo: Photo, settings: Settings) -> str:
    """The address under which the platform may fetch a photo to judge it, for CHECK_SECONDS."""
    return settings.base_url + CHECK_PATH + _signer(settings, "photo check").dumps(photo.key)


def read_check_link(token: str) -> str | None:
    """The key of the photo that the platform may fetch by this link, or None when it is forged or too old."""
    try:
        return _signer(here().settings, "photo check").loads(token, max_age=CHECK_SECONDS)
    except BadData:
        return None


def unit_link(subcase: str, unit: str, renewals: int, settings: Settings) -> str:
    """The address by which a unit answers for one subcase (their public keys); a renewed one has another number."""
    return settings.base_url + UNIT_PATH + _signer(settings, "unit link").dumps([subcase, unit, renewals])


def read_unit_link(token: str) -> UnitLink | None:
    """What a unit's link says, however old it is, or None for one that we did not make."""
    try:
        said, made_at = _signer(here().settings, "unit link").loads(token, return_timestamp=True)
    except BadData:
        return None
    subcase, unit, renewals = said
    return UnitLink(subcase, unit, renewals, made_at)


def _signer(settings: Settings, salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secrets.key.get_secret_value(), salt=salt)
