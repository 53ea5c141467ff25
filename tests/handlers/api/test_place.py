"""The picker: level by level down to the door, and what can be reported there."""


def names(said):
    return [one["name"] for one in said[1]["places"]]


def test_down_to_the_door(door, key_of):
    zhaoqiang = door("zhaoqiang")
    for query in ("", "?parent=none"):
        assert names(zhaoqiang.get(f"/places{query}")) == ["惠民社区", "文华社区", "柳荫社区"]
    assert names(zhaoqiang.get(f"/places?parent={key_of('community')}")) == ["幸福家园", "阳光花苑"]
    units = zhaoqiang.get(f"/places?parent={key_of('building')}")
    assert names(units) == ["1单元", "2单元", "3单元"]
    doors = zhaoqiang.get(f"/places?parent={units[1]['places'][1]['key']}")[1]["places"]
    assert (len(doors), doors[0]["label"], doors[0]["kind"]) == (12, "幸福家园 3号楼 2单元 101", "household")
    assert sorted(doors[0]) == ["key", "kind", "label", "name"]


def test_a_place_that_is_not(door):
    zhaoqiang = door("zhaoqiang")
    never = zhaoqiang.refused(404, "GET", "/places?parent=abcdefghijklmnop")
    for key in ("x", "%00", "..%2F", "a" * 33, "%F0%9F%8F%A0"):
        assert zhaoqiang.refused(404, "GET", f"/places?parent={key}") == never
    assert zhaoqiang.refused(422, "GET", "/places?parent=a&parent=b")["fields"] == {"parent": "应当是文字"}
    assert zhaoqiang.refused(422, "GET", "/places?page=2")["fields"] == {"page": "不认识这一项，请去掉"}
    assert door().refused(401, "GET", "/places")["code"] == "unauthorized"


def test_what_can_be_reported(door, key_of):
    zhaoqiang = door("zhaoqiang")
    status, said = zhaoqiang.get(f"/categories?community={key_of('community')}")
    manhole = next(one for one in said["categories"] if one["code"] == "missing_manhole_cover")
    assert (status, manhole["hazard"], said["categories"][-1]["code"]) == (200, True, "other")
    assert sorted(manhole) == ["advice", "code", "emergency", "hazard", "name", "questions", "zone"]
    assert zhaoqiang.refused(404, "GET", f"/categories?community={key_of('building')}")["code"] == "not_found"
    assert zhaoqiang.refused(422, "GET", "/categories")["fields"] == {"community": "必填"}


def test_what_a_scanned_code_means(door, key_of):
    zhaoqiang, building = door("zhaoqiang"), key_of("building")
    told = zhaoqiang.get(f"/places/{building}")[1]
    assert (told["place"]["label"], told["community"]["name"]) == ("幸福家园 3号楼", "惠民社区")
    assert [one["name"] for one in told["path"]] == ["幸福家园", "3号楼"]
    community = zhaoqiang.get(f"/places/{key_of('community')}")[1]
    assert (community["place"]["name"], community["path"]) == ("惠民社区", [])
    never = zhaoqiang.refused(404, "GET", "/places/abcdefghijklmnop")
    assert zhaoqiang.refused(404, "GET", "/places/p=x") == never
