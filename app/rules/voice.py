"""A voice message as the platform brings it: AMR, at most a minute long. Nothing here decodes it; it is only measured.

RFC 4867 §5: a file begins with its magic number; then each 20 ms are one frame, whose first byte says how long it is.
"""

from app.rules.refusal import Refusal

NOT_A_VOICE = "刚才那段语音打不开，请重新说一次或打字。"
TOO_LONG = "刚才那段语音太长了，请分成一分钟以内的几段再说，或打字。"
#: The platform takes a minute; some phones round up.
LONGEST_SECONDS = 90
#: Bytes that follow the first byte of a frame, by its type: RFC 4867 §5.3 with 3GPP TS 26.101 and 26.201.
_FRAMES = {
    b"#!AMR\n": (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0),
    b"#!AMR-WB\n": (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0),
}


def check_voice(data: bytes) -> None:
    """Raises Refusal `voice_kind` for what is no AMR, `voice_too_long` for one that goes on and on."""
    magic = next((magic for magic in _FRAMES if data.startswith(magic)), None)
    if magic is None or len(data) == len(magic):
        raise Refusal("voice_kind", NOT_A_VOICE)
    at, frames, most = len(magic), 0, LONGEST_SECONDS * 50
    while at < len(data) and frames <= most:
        at += 1 + _FRAMES[magic][data[at] >> 3 & 15]
        frames += 1
    if frames > most:
        raise Refusal("voice_too_long", TOO_LONG)
