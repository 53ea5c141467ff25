"""A voice is AMR of about a minute; ten hours of silence and what is no voice at all are refused."""

from datetime import timedelta

import pytest

from app.rules import voice
from app.rules.refusal import Refusal
from app.rules.sound import listen
from app.rules.voice import check_quota, check_voice, measure
from models.base import database, new_key, now, write
from models.voice import Voice
from tests.rules import sounds
from tests.rules.together import at_once

NARROW, WIDE = b"#!AMR\n", b"#!AMR-WB\n"
SPEECH = bytes([7 << 3]) + bytes(31)  # 20 ms at 12.2 kbit/s
SILENCE = bytes([15 << 3])  # 20 ms in which nothing is said: one byte


def refused(data):
    with pytest.raises(Refusal) as caught:
        check_voice(data)
    return caught.value.code


def test_it_works():
    for data in (NARROW + SPEECH * 50 * 60, WIDE + bytes([8 << 3]) + bytes(60), NARROW + SPEECH + SPEECH[:9]):
        check_voice(data)


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


def add(town, who="zhanglan", voices=3, size=10_000):
    """One more recording of somebody, if there is room."""
    with write():
        check_quota(town.person(who), voices=voices, size=size)
        return voice.add(town.actor(who), listen(sounds.mp3(1)), new_key())


def used_up(town, **more):
    with pytest.raises(Refusal) as caught:
        add(town, **more)
    return caught.value.code == "voice_quota"


def test_so_many_a_day_and_so_much_room_each_person_for_oneself(town):
    for _ in range(3):
        add(town, size=999_999)
    assert used_up(town, size=999_999) and used_up(town, voices=9, size=10_000)
    assert add(town, who="sunmei").seconds == 1
    Voice.update(created_at=now() - timedelta(days=1)).execute()
    add(town)


def test_two_at_the_same_moment_are_not_both_the_last(town):
    add(town, size=999_999), add(town, size=999_999)
    database.close()
    results = at_once(*[lambda: add(town, size=999_999)] * 4)
    database.connect()
    assert sorted(type(one).__name__ for one in results) == ["Refusal", "Refusal", "Refusal", "Voice"]


def test_a_recording_is_refused_with_a_sentence_that_says_what_to_do():
    for data, code in ((b"", "voice_empty"), (b"<html>", "voice_kind"), (sounds.mp3(62), "voice_too_long")):
        with pytest.raises(Refusal) as caught:
            measure(data, seconds=60)
        assert (caught.value.code, list(caught.value.fields)) == (code, ["voice"])
    assert measure(sounds.mp3(60.5), seconds=60).format == "mp3"
