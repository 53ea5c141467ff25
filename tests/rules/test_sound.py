"""What a sound is and how long it lasts is read from its bytes; tags that say who and where go; nonsense is none."""

import random

import pytest

from app.rules.sound import listen
from tests.rules import sounds


@pytest.mark.parametrize("name", sounds.ALL)
def test_each_format_is_known_by_its_content_and_measured(name):
    for seconds in (0.5, 3, 59.5):
        found = listen(sounds.ALL[name](seconds))
        assert (found.format, found.seconds) == (name, pytest.approx(seconds, abs=0.1))


@pytest.mark.parametrize("name", sounds.ALL)
def test_what_was_measured_once_is_the_same_when_measured_again(name):
    kept = listen(sounds.ALL[name](3))
    assert listen(kept.data) == kept


def test_an_mp3_loses_its_tags():
    said = listen(sounds.mp3(3, before=sounds.id3(), after=b"TAG" + b"Zhang Lan".ljust(125)))
    assert said.data == sounds.mp3(3)


def test_a_container_loses_its_words_and_its_place_but_not_its_sound():
    """Phones write where a recording was made into `udta`: +34.7965+114.3654/."""
    place = sounds.box(b"udta", sounds.box(b"\xa9xyz", b"\0\x12\x15\xc7+34.7965+114.3654/"))
    data = sounds.m4a(3, more=place)
    kept = listen(data).data
    assert b"114.3654" not in kept and len(kept) == len(data)
    assert kept == data.replace(place, sounds.box(b"free", bytes(len(place) - 8)))


def test_a_wav_keeps_only_form_and_sound():
    assert listen(sounds.wav(1, more=b"LIST\x0c\0\0\0INFOIARTZhan")).data == sounds.wav(1)


NO_SOUNDS = {
    "nothing": b"", "zeros": bytes(9999), "a page": b"<html><script>1</script></html>" * 99,
    "a photo": b"\xff\xd8\xff\xe0" + bytes(999), "one frame": sounds.MP3_FRAME,
    "frames and then a program": sounds.mp3(1) + b"MZ" + bytes(4000), "a page in a tag": sounds.id3(b"<html>" * 99),
    "a film": sounds.m4a(3, handler=b"vide"), "two tracks": sounds.m4a(3, tracks=2),
    "another coding": sounds.m4a(3, coding=b"Opus"), "a container without sound": sounds.m4a(3)[:500],
    "AMR without frames": b"#!AMR\n", "a WAV without form": b"RIFF\0\0\0\0WAVEdata\x08\0\0\0" + bytes(8),
    "a WAV of 32 bits": sounds.wav(1).replace(b"\x01\0\x08\0data", b"\x01\0\x20\0data"),
    "a WAV of nothing": sounds.wav(0), "broken ADTS": sounds.adts(1)[:-93] + bytes(300),
    "silk": b"\x02#!SILK_V3" + bytes(99), "an ogg": b"OggS" + bytes(99),
    "boxes in boxes": sounds.box(b"ftyp", b"M4A ") + b"\0\0\0\x08moov" * 999,
    "a box of four gigabytes": sounds.box(b"ftyp", b"M4A ") + b"\xff\xff\xff\xffmoov",
    "a clock that stands": sounds.m4a(3).replace(b"\0\0\x3e\x80", bytes(4)),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_SOUNDS)
def test_what_is_no_sound_is_none(name):
    assert listen(NO_SOUNDS[name]) is None


def test_bytes_that_were_bent_are_refused_or_measured_but_never_a_fault():
    dice = random.Random(7)
    for turn in range(3000):
        data = bytearray(dice.choice(list(sounds.ALL.values()))(0.3))
        for _ in range(dice.randint(1, 9)):
            data[dice.randrange(min(len(data), 700))] = dice.randrange(256)
        found = listen(bytes(data[: dice.randint(1, len(data))]))
        assert found is None or (found.seconds > 0 and found.format in sounds.ALL), turn


def test_two_megabytes_of_the_smallest_frames_are_read_once():
    """A frame of one byte, a row of eight: the most work that an upload can ask for is linear."""
    assert listen(b"#!AMR\n" + bytes([15 << 3]) * 2_000_000).seconds > 30_000
    assert listen(sounds.box(b"ftyp", b"M4A ") + b"\0\0\0\x08free" * 250_000) is None
    assert listen(b"\xff\xf1\x60\x40\x00\xff\xfc" * 290_000).seconds > 18_000
