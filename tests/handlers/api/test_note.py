"""张兰 adds what she forgot; strangers add nothing."""


def test_a_note_moves_nothing(door, key_of):
    zhanglan = door("zhanglan")
    case = zhanglan.report(place=key_of("building"))
    photo = zhanglan.add_photo()["key"]
    body = {"note": "旁边还有\u202e玻璃\x00", "photos": [photo]}
    first = zhanglan.post(f"/cases/{case['key']}/notes", body, once="note-001")
    assert zhanglan.post(f"/cases/{case['key']}/notes", body, once="note-001") == first
    said = zhanglan.see(case)
    assert (first[0], said["state"], said["version"]) == (201, case["state"], case["version"])
    notes = [(step["note"], step["mine"]) for step in said["steps"] if step["verb"] == "note"]
    assert (notes, [one["key"] for one in said["photos"]]) == ([("旁边还有玻璃", True)], [photo])


def test_nothing_is_no_note(door):
    zhanglan = door("zhanglan")
    path = f"/cases/{zhanglan.report()['key']}/notes"
    assert zhanglan.refused(422, "POST", path, {"note": ""})["fields"] == {"note": "不能为空或太短"}
    assert zhanglan.refused(422, "POST", path, {"note": " \u200b\n"})["code"] == "note_missing"
    assert zhanglan.refused(422, "POST", path, {"note": "字" * 2001})["fields"] == {"note": "太长了，最多 2000 个字"}


def test_who_sees_but_may_not_add(door, key_of):
    case = door("zhanglan").report(place=key_of("building"))
    error = door("dengwei").refused(403, "POST", f"/cases/{case['key']}/notes", {"note": "请抓紧"})
    assert error["code"] == "forbidden"
