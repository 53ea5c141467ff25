"""王大山's morning: the dangerous first, then what is due first; and whom 陈静 can send."""


def test_the_dangerous_first(door, key_of):
    zhanglan, here = door("zhanglan"), key_of("building")
    lamp, cover, water = (zhanglan.report(words, place=here) for words in ("路灯不亮", "井盖不见了", "水管爆了"))
    order = [case["key"] for case in door("wangdashan").get("/tasks")[1]["cases"]]
    assert (order[0] in (cover["key"], water["key"]), order[-1], len(order)) == (True, lamp["key"], 3)
    hazards = [case["hazard"] for case in door("wangdashan").get("/tasks")[1]["cases"]]
    assert hazards == sorted(hazards, reverse=True)


def test_to_whom_it_waits(door, key_of):
    zhanglan = door("zhanglan")
    with_worker = zhanglan.report(place=key_of("building"))
    without = door("zhaoqiang").report("有点事", community=key_of("community", "huimin"))
    waits = {
        who: [case["key"] for case in door(who).get("/tasks")[1]["cases"]]
        for who in ("wangdashan", "liuyang", "chenjing", "hefang", "guoliang")
    }
    assert waits == {
        "wangdashan": [with_worker["key"]], "liuyang": [], "chenjing": [without["key"]], "hefang": [], "guoliang": [],
    }  # fmt: skip
    for resident in ("zhanglan", "dengwei"):
        assert door(resident).refused(403, "GET", "/tasks")["code"] == "forbidden"
    door("wangdashan").act(with_worker, "return_back", note="没有工具")
    assert len(door("chenjing").get("/tasks")[1]["cases"]) == 2


def test_tasks_cost_the_same_for_one_and_for_three(door, key_of, count_queries):
    zhanglan, wangdashan, found = door("zhanglan"), door("wangdashan"), []
    for new in (["路灯不亮"], ["井盖坏了", "电梯坏了"]):
        for words in new:
            zhanglan.report(words, place=key_of("building"))
        with count_queries() as statements:
            wangdashan.get("/tasks")
        found.append(len(statements))
    assert found == [6, 6]


def test_whom_one_can_send(door, key_of):
    path = f"/communities/{key_of('community')}/workers"
    assert [one["name"] for one in door("chenjing").get(path)[1]["workers"]] == ["王大山", "刘洋"]
    assert door("hefang").refused(404, "GET", path) == door("hefang").refused(404, "GET", "/communities/none/workers")
    assert door("wangdashan").refused(403, "GET", path)["code"] == "forbidden"


def test_the_way_there(door, key_of):
    point = {"lat": 34.7822, "lng": 114.3611}
    told = door("zhanglan").agree("location").report(place=key_of("building"), point=point)
    door("zhanglan").report("路灯不亮", place=key_of("building"))
    first, second = door("wangdashan").get("/tasks")[1]["cases"]
    assert (first["key"], first["point"], first["place"]) == (told["key"], point, "幸福家园 3号楼")
    # Nobody told the point of the lamp: the building's own, when it has one.
    assert second["place"] == "幸福家园 3号楼"
