"""张兰 reports a broken manhole cover, 王大山 mends it, she judges; the next community sees nothing of it."""

from app.context import database_open
from models.audit import Audit
from models.case import Case
from models.receipt import Receipt


def test_a_day_of_a_manhole_cover(door, key_of):
    zhanglan, wangdashan = door("zhanglan"), door("wangdashan")
    photo = zhanglan.add_photo()
    case = zhanglan.report(place=key_of("building"), photos=[photo["key"]])
    assert (case["number"], case["state"], case["category"]["code"], case["hazard"]) == (
        1001, "dispatched", "missing_manhole_cover", True,
    )  # fmt: skip
    assert [verb["verb"] for verb in case["verbs"]] == ["withdraw"]

    task = wangdashan.get("/tasks")[1]["cases"][0]
    assert (task["key"], task["due"]["limit"]) == (case["key"], "accept")
    assert [verb["verb"] for verb in wangdashan.see(case)["verbs"]][:3] == ["accept", "transfer", "return_back"]
    wangdashan.act(case, "accept", photos=[wangdashan.add_photo()["key"]])
    wangdashan.act(case, "make_safe", note="已围挡")
    after = wangdashan.add_photo()["key"]
    handled = wangdashan.act(case, "handle", note="换了新井盖", photos=[after])
    assert [photo["kind"] for photo in handled["photos"]] == ["report", "before", "after"]

    closed = zhanglan.act(case, "confirm", satisfaction="satisfied")
    assert (closed["state"], closed["satisfaction_words"]) == ("closed", "满意")
    told = [(step["verb_words"], step["who"], step["mine"]) for step in closed["steps"]]
    assert told == [
        ("上报", "居民", True), ("派单", "系统", False), ("接单", "网格员", False), ("现场已安全", "网格员", False),
        ("办好了", "网格员", False), ("评价", "居民", True),
    ]  # fmt: skip


def test_the_resident_learns_no_name_of_staff(door, key_of):
    zhanglan, chenjing = door("zhanglan"), door("chenjing")
    case = zhanglan.report(place=key_of("building"))
    chenjing.post(f"/cases/{case['key']}/notes", {"note": "已联系市政"})
    seen = zhanglan.see(case)
    assert (seen["handler"], [step["note"] for step in seen["steps"]]) == (None, ["", "", "已联系市政"])
    assert [name for name in ("王大山", "陈静") if name in str(seen)] == []
    assert chenjing.see(case)["handler"] == {"key": key_of("person", "wangdashan"), "name": "王大山"}


def test_who_may_know_the_reporter(door, key_of):
    case = door("zhanglan").report(place=key_of("building"))
    known = {who: door(who).see(case)["reporter"] for who in ("zhanglan", "wangdashan", "chenjing", "dengwei")}
    names = {"zhanglan": "张兰", "wangdashan": "张＊", "chenjing": "张＊", "dengwei": "张＊"}
    assert {who: (one["name"], one["phone_masked"]) for who, one in known.items()} == {
        who: (name, "138****0001") for who, name in names.items()
    }
    assert "13800000001" not in str([door(who).see(case) for who in known])


def test_for_whom_a_case_is_about_it_does_not_exist(door, key_of):
    """张兰 complains about 王大山, the worker of her grid, with a lamp; 陈静 sends 刘洋, who knows her by surname."""
    zhanglan, wangdashan, chenjing, liuyang = map(door, ("zhanglan", "wangdashan", "chenjing", "liuyang"))
    case = zhanglan.report("路灯不亮，网格员王大山态度恶劣，不作为，我要投诉他", place=key_of("building"))
    path = f"/cases/{case['key']}"
    assert (case["state"], chenjing.see(case)["reporter"]["name"]) == ("reported", "张＊")
    for _ in ("reported", "dispatched"):
        assert wangdashan.refused(404, "GET", path)["code"] == "not_found"
        assert wangdashan.refused(404, "POST", f"{path}/accept", {})["code"] == "not_found"
        assert (wangdashan.get("/tasks")[1]["cases"], wangdashan.get("/cases?mine=all")[1]["cases"]) == ([], [])
        chenjing.act(case, "dispatch", worker=key_of("person", "liuyang"))
    assert liuyang.see(case)["reporter"]["name"] == "张＊"
    refused = chenjing.refused(422, "POST", f"{path}/dispatch", {"worker": key_of("person", "wangdashan")})
    assert refused["code"] == "complained_about"


def test_for_strangers_the_case_does_not_exist(door):
    case = door("zhanglan").report(photos=[])
    nobody = door().refused(401, "GET", f"/cases/{case['key']}")
    assert nobody["code"] == "unauthorized"
    never = door("hefang").refused(404, "GET", "/cases/abcdefghijklmnop")
    for stranger in ("hefang", "guoliang", "masuhua", "sunmei", "zhaoqiang", "liuyang"):
        who = door(stranger)
        assert who.refused(404, "GET", f"/cases/{case['key']}") == never
        assert who.refused(404, "POST", f"/cases/{case['key']}/accept", {}) == never
        assert who.refused(404, "POST", f"/cases/{case['key']}/notes", {"note": "看看"}) == never
        assert who.get("/cases?mine=all") == (200, {"cases": [], "next": None})
        assert who.refused(422, "GET", f"/cases?mine=all&cursor={case['key']}")["fields"] == {"cursor": "没有这一页"}


def test_the_same_request_has_one_effect(door):
    zhanglan = door("zhanglan")
    body = {"words": "路灯不亮"}
    first = zhanglan.post("/cases", body, once="report-1")
    assert zhanglan.post("/cases", body, once="report-1") == first
    error = zhanglan.refused(409, "POST", "/cases", {"words": "别的事"}, once="report-1")
    assert error["code"] == "idempotency_key_reused"
    assert door("sunmei").post("/cases", body, once="report-1")[1]["key"] != first[1]["key"]
    with database_open():
        assert (Case.select().count(), Receipt.select().count()) == (2, 2)


def test_a_refused_report_may_be_sent_again(door):
    zhaoqiang = door("zhaoqiang").agree("location")
    error = zhaoqiang.refused(422, "POST", "/cases", {"words": "路灯不亮"}, once="report-1")
    assert (error["code"], error["fields"]) == ("place_unknown", {"place": "请选择"})
    placed = {"words": "路灯不亮", "point": {"lat": 34.782, "lng": 114.361}}
    assert zhaoqiang.post("/cases", placed, once="report-1")[0] == 201


def test_without_a_key_nothing_is_created(door):
    error = door("zhanglan").refused(422, "POST", "/cases", {"words": "路灯不亮"}, once=None)
    assert error["fields"] == {"Idempotency-Key": "必填"}


def test_where_a_report_belongs(door, key_of):
    zhanglan, zhaoqiang = door("zhanglan"), door("zhaoqiang").agree("location")
    assert zhanglan.report()["community"]["name"] == "惠民社区"
    there = zhanglan.report(place=key_of("building", "7号楼", "柳荫里"))
    assert (there["community"]["name"], there["where"]) == ("柳荫社区", "柳荫里 7号楼")
    near = zhaoqiang.report(point={"lat": 34.7706, "lng": 114.3721})
    assert (near["community"]["name"], near["where"]) == ("柳荫社区", "柳荫里 3号楼")
    chosen = zhaoqiang.report(community=key_of("community", "wenhua"), place_words="门口")
    assert (chosen["community"]["name"], chosen["where"]) == ("文华社区", "文华苑 3号楼 门口")
    by_chart = zhaoqiang.report("有点事", point={"lat": 34.7698, "lng": 114.3785, "system": "gcj02"})
    assert by_chart["where"] == "柳荫里"
    wrong = {"words": "x", "place": key_of("building"), "community": key_of("community", "liuyin")}
    assert zhaoqiang.refused(422, "POST", "/cases", wrong)["fields"] == {"place": "不在这个社区"}
    for field in ("place", "community"):
        error = zhaoqiang.refused(422, "POST", "/cases", {"words": "x", field: "nosuchplace"})
        assert error["fields"] == {field: "没有这个地点"}


def test_what_it_is_about(door):
    zhanglan = door("zhanglan")
    assert zhanglan.report("呜呜呜")["category"]["code"] == "other"
    assert zhanglan.report("井盖坏了", category="other")["category"]["code"] == "other"
    error = zhanglan.refused(422, "POST", "/cases", {"words": "井盖坏了", "category": "nothing"})
    assert error["fields"] == {"category": "不在列表里"}


def test_pages_neither_repeat_nor_skip(door):
    zhanglan = door("zhanglan")
    reported = [zhanglan.report(f"路灯不亮 {number}")["key"] for number in range(5)]
    first = zhanglan.get("/cases?limit=2")[1]
    zhanglan.report("又一件")
    second = zhanglan.get(f"/cases?limit=2&cursor={first['next']}")[1]
    third = zhanglan.get(f"/cases?limit=2&cursor={second['next']}")[1]
    pages = [[case["key"] for case in page["cases"]] for page in (first, second, third)]
    assert pages == [reported[:2:-1], reported[2:0:-1], reported[:1]]
    assert third["next"] is None


def test_a_list_by_state(door):
    zhanglan = door("zhanglan")
    kept, taken_back = zhanglan.report("路灯不亮"), zhanglan.report("电梯坏了")
    zhanglan.act(taken_back, "withdraw", note="已经好了")
    for query, keys in {"open": [kept["key"]], "withdrawn": [taken_back["key"]], "closed": []}.items():
        assert [case["key"] for case in zhanglan.get(f"/cases?state={query}")[1]["cases"]] == keys
    assert zhanglan.refused(422, "GET", "/cases?state=nonsense")["fields"] == {"state": "不在可选的范围里"}


def test_the_list_and_the_case_agree_about_who_may_read(door, key_of):
    places = [key_of("building"), key_of("building", "1号楼", "阳光花苑"), key_of("building", "7号楼", "柳荫里"), None]
    cases = [door("zhanglan").report(**({"place": place} if place else {})) for place in places]
    door("chenjing").act(cases[0], "dispatch", worker=key_of("person", "liuyang"))
    assert [case["key"] for case in door("liuyang").get("/cases?mine=handling")[1]["cases"]] == [
        cases[1]["key"], cases[0]["key"]
    ]  # fmt: skip
    for who in ("zhanglan", "wangdashan", "liuyang", "chenjing", "sunmei", "hefang", "guoliang", "dengwei"):
        readable = {case["key"] for case in cases if door(who).get(f"/cases/{case['key']}")[0] == 200}
        assert {case["key"] for case in door(who).get("/cases?mine=all")[1]["cases"]} == readable


def test_a_list_costs_the_same_for_one_and_for_three(door, count_queries, key_of):
    zhanglan = door("zhanglan")
    zhanglan.report(place=key_of("building"))
    with count_queries() as one:
        zhanglan.get("/cases")
    zhanglan.report(place=key_of("building", "1号楼", "阳光花苑"))
    zhanglan.report(place=key_of("building", "7号楼", "柳荫里"))
    with count_queries() as three:
        assert len(zhanglan.get("/cases")[1]["cases"]) == 3
    assert (len(one), len(three)) == (5, 5)


def test_too_many_reports(door, client):
    zhanglan = door("zhanglan")
    assert [zhanglan.post("/cases", {"words": f"第{number}件"})[0] for number in range(21)] == [201] * 20 + [429]
    assert zhanglan.refused(429, "POST", "/cases", {"words": "再来"})["code"] == "too_many_requests"


def test_a_list_of_what_others_wrote_leaves_one_row_an_hour(door, key_of):
    zhanglan, wangdashan = door("zhanglan"), door("wangdashan")
    zhanglan.report(place=key_of("building"))
    for mine in ("all", "handling", "all", "reported"):
        assert wangdashan.get(f"/cases?mine={mine}")[0] == zhanglan.get(f"/cases?mine={mine}")[0] == 200
    with database_open():
        (row,) = Audit.select().where(Audit.action == "case.list")
        assert (row.person.name, row.community.code, row.about) == ("王大山", "huimin", None)
