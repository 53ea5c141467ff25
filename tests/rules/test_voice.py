"""A voice is AMR of about a minute; ten hours of silence and what is no voice at all are refused."""

import pytest

from app.rules.refusal import Refusal
from app.rules.voice import check_voice

NARROW, WIDE = b"#!AMR\n", b"#!AMR-WB\n"
SPEECH = bytes([7 << 3]) + bytes(31)  # 20 ms at 12.2 kbit/s
SILENCE = bytes([15 << 3])  # 20 ms in which nothing is said: one byte


def refused(data):
    with pytest.raises(Refusal) as caught:
        check_voice(data)
    return caught.value.code


def test_it_works():
    for voice in (NARROW + SPEECH * 50 * 60, WIDE + bytes([8 << 3]) + bytes(60), NARROW + SPEECH + SPEECH[:9]):
        check_voice(voice)


def test_a_minute_and_a_half_is_the_end():
    check_voice(NARROW + SPEECH * 50 * 90)

    assert refused(NARROW + SPEECH * (50 * 90 + 1)) == "voice_too_long"


def test_ten_hours_of_silence_are_refused_though_they_are_small():
    silence = NARROW + SILENCE * 50 * 3600 * 10

    assert len(silence) < 2 * 1024 * 1024
    assert refused(silence) == "voice_too_long"


NO_VOICES = {
    "nothing": b"",
    "only the first bytes": NARROW,
    "an mp3": b"ID3\x04" + bytes(100),
    "silk": b"\x02#!SILK_V3" + bytes(9),
    "a page": b"<html>",
    "a film": b"\0\0\0\x18ftypmp42" + bytes(99),
    "a program": b"MZ" + bytes(99),
    "several channels": b"#!AMR_MC1.0\n" + bytes(99),
    "zeros": bytes(99),
    "a photo": b"\xff\xd8\xff\xe0" + bytes(99),
}


@pytest.mark.parametrize("name", NO_VOICES)
def test_what_is_no_voice_is_refused(name):
    assert refused(NO_VOICES[name]) == "voice_kind"
