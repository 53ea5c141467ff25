"""Voices in and out: said instead of typed, kept without what tells who and where, heard by who handles the case."""

import json

import pytest

from app.context import database_open
from app.rules.voice import USED_UP
from models.case import Case
from models.voice import Voice
from tests.rules import sounds


def send(door, data=None, once=""):
    """One upload; the form is put together by hand, as the test client leaves its own large ones open."""
    head = b'--x\r\nContent-Disposition: form-data; name="voice"; filename="../../x.php"\r\n\r\n'
    form = head + (sounds.mp3(3) if data is None else data) + b"\r\n--x--\r\n"
    return door.ask("POST", "/voices", form, once=once, headers={"Content-Type": "multipart/form-data; boundary=x"})


def add(door, data=None):
    status, said = send(door, data)
    assert status == 201, said
    return said


def heard(door, link, **headers):
    return door.client.get(link, headers=headers)


def bearer(door):
    return {"Authorization": f"Bearer {door.token}"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("mp3", "audio/mpeg"), ("aac", "audio/aac"), ("m4a", "audio/mp4"), ("amr", "audio/amr"), ("wav", "audio/wav")],
)
def test_each_format_comes_in_by_its_content_and_goes_out_as_what_it_is(door, name, kind):
    zhanglan = door("zhanglan")
    said = add(zhanglan, sounds.ALL[name](3))
    assert (sorted(said), said["seconds"]) == (["key", "link", "seconds"], 3)
    answer = heard(zhanglan, said["link"])
    assert (answer.status_code, answer.mimetype, answer.data) == (200, kind, sounds.ALL[name](3))
    expected = {
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=600", "Accept-Ranges": "bytes",
        "Content-Disposition": f'inline; filename="{said["key"]}.{name}"',
    }  # fmt: skip
    assert {header: answer.headers[header] for header in expected} == expected


def test_a_player_may_ask_for_a_part(door):
    zhanglan = door("zhanglan")
    answer = heard(zhanglan, add(zhanglan)["link"], Range="bytes=0-1")
    assert (answer.status_code, answer.data, answer.headers["Content-Range"]) == (
        206, b"\xff\xfb", f"bytes 0-1/{len(sounds.mp3(3))}",
    )  # fmt: skip


def test_a_voice_loses_what_tells_who_recorded_it(door):
    zhanglan = door("zhanglan")
    assert b"Zhang" not in heard(zhanglan, add(zhanglan, sounds.mp3(3, before=sounds.id3()))["link"]).data


def test_the_same_upload_is_one_voice(door):
    zhanglan = door("zhanglan")
    first = send(zhanglan, once="voice-0001")
    assert send(zhanglan, once="voice-0001") == first
    assert send(zhanglan, sounds.amr(), once="voice-0001")[1]["error"]["code"] == "idempotency_key_reused"
    with database_open():
        assert Voice.select().count() == 1
        assert len(list(zhanglan.client.town.context.files.listed("recordings"))) == 1


def test_what_is_no_voice_leaves_nothing(door):
    zhanglan = door("zhanglan")
    for data, status, code in (
        (b"", 422, "voice_empty"), (b"<svg/>", 422, "voice_kind"), (sounds.mp3(62), 422, "voice_too_long"),
        (sounds.amr(62), 422, "voice_too_long"), (b"\xff\xfb" + bytes(2_097_152), 413, "too_large"),
    ):  # fmt: skip
        found, said = send(zhanglan, data)
        assert (found, said["error"]["code"]) == (status, code)
    assert send(zhanglan, sounds.mp3(60.5))[0] == 201
    zhanglan.refused(415, "POST", "/voices", {"voice": "x"})
    error = zhanglan.refused(422, "POST", "/voices", content_type="multipart/form-data", data={"other": "x"})
    assert error["fields"] == {"voice": "必填"}
    with database_open():
        assert Voice.select().count() == 1
        assert len(list(zhanglan.client.town.context.files.listed("recordings"))) == 1


def test_the_day_has_an_end(door):
    zhanglan = door("zhanglan")
    with database_open():
        uploader = zhanglan.client.town.person("zhanglan")
        for _ in range(50):
            Voice.create(uploader=uploader, format="mp3", seconds=1, size=9)
    status, said = send(zhanglan)
    assert (status, said["error"]["code"], said["error"]["message"]) == (422, "voice_quota", USED_UP)
    assert send(door("sunmei"))[0] == 201
    with database_open():
        assert len(list(zhanglan.client.town.context.files.listed("recordings"))) == 1


def test_a_report_that_is_only_spoken(door, key_of):
    """张兰 cannot type: 王大山 and 陈静 hear what she said."""
    zhanglan = door("zhanglan")
    voice = add(zhanglan)
    case = zhanglan.report("", voices=[voice["key"]], place=key_of("building"))
    assert (case["words"], [one["key"] for one in case["voices"]]) == ("（请听录音）", [voice["key"]])
    for who in ("wangdashan", "chenjing"):
        (shown,) = door(who).see(case)["voices"]
        assert (shown["seconds"], heard(door(who), shown["link"]).data) == (3, sounds.mp3(3))
        assert shown["link"] != case["voices"][0]["link"]


def test_without_words_and_without_a_voice_there_is_no_report(door):
    error = door("zhanglan").refused(422, "POST", "/cases", {"words": " "})
    assert (error["code"], error["fields"]) == ("words_missing", {"words": "必填"})


def test_words_stay_beside_a_voice(door, key_of):
    zhanglan = door("zhanglan")
    case = zhanglan.report(voices=[add(zhanglan)["key"], add(zhanglan)["key"]], place=key_of("building"))
    assert (case["words"], len(case["voices"])) == ("3号楼门口井盖坏了", 2)
    keys = [add(zhanglan)["key"] for _ in range(4)]
    assert zhanglan.refused(422, "POST", "/cases", {"words": "灯", "voices": keys})["fields"] == {
        "voices": "太多了，最多 3 个"
    }


def test_only_ones_own_unused_voices_once(door, key_of):
    zhanglan, place = door("zhanglan"), key_of("building")
    mine, foreign = add(zhanglan)["key"], add(door("sunmei"))["key"]
    zhanglan.report(voices=[mine], place=place)
    for keys in ([mine], [foreign], ["nothing"], [(fresh := add(zhanglan)["key"]), fresh]):
        error = zhanglan.refused(422, "POST", "/cases", {"words": "井盖坏了", "voices": keys, "place": place})
        assert error["code"] == "voice_taken"
    with database_open():
        assert Case.select().count() == 1


def test_what_a_child_says_may_be_a_cry_for_help_and_is_taken(door, key_of):
    """赵强 is under 14 and no guardian has agreed yet: his typed report waits for one, his voice is listened to."""
    child, place = door("zhaoqiang"), key_of("building")
    assert child.post("/me/age", {"group": "child"})[0] == 200
    typed = {"words": "楼道里的灯罩上有灰", "voices": [add(child)["key"]], "place": place}
    assert child.refused(422, "POST", "/cases", typed)["code"] == "guardian_needed"
    case = child.report("", voices=typed["voices"], place=place)
    assert door("wangdashan").see(case)["voices"][0]["seconds"] == 3


def test_a_voice_would_tell_who_is_anonymous(door, key_of):
    zhanglan = door("zhanglan")
    body = {"words": "井盖坏了", "voices": [add(zhanglan)["key"]], "anonymous": True, "place": key_of("building")}
    assert zhanglan.refused(422, "POST", "/cases", body)["code"] == "anonymous_voice"
    with database_open():
        assert (Case.select().count(), Voice.get().case) == (0, None)


def test_a_link_is_of_one_viewer_and_worth_what_the_viewer_may_hear_now(door, key_of):
    zhanglan, wangdashan, sunmei = door("zhanglan"), door("wangdashan"), door("sunmei")
    case = zhanglan.report(voices=[add(zhanglan)["key"]], place=key_of("building"))
    link = wangdashan.see(case)["voices"][0]["link"]
    found = [heard(zhanglan, link, **headers).status_code for headers in ({}, bearer(wangdashan), bearer(sunmei))]
    assert found == [200, 200, 404]
    with database_open():
        Voice.update(case=None).execute()
    assert heard(wangdashan, link).status_code == 404
    assert heard(zhanglan, case["voices"][0]["link"]).status_code == 200
    assert heard(zhanglan, link[:-3]).status_code == 404


def test_neighbours_and_the_street_do_not_hear_it(door, key_of):
    """The street reads the case; for a voice it has no right. The public side has none at all."""
    zhanglan = door("zhanglan")
    case = zhanglan.report(voices=[add(zhanglan)["key"]], place=key_of("building"))
    assert door("dengwei").see(case)["voices"] == []
    assert "voice" not in json.dumps(door("sunmei").get("/public/cases")[1])
