"""A unit is needed: 王大山 whistles, 陈静 calls the unit or says no, and he hears of it; the reporter does not."""

from app.context import database_open
from models.audit import Audit
from models.case import Case
from models.letter import Letter
from models.unit import Unit


def named(client, name="市政养护所", code="huimin"):
    with database_open():
        return Unit.get(Unit.community == client.town.community(code), Unit.name == name).key


def told(who):
    with database_open():
        rows = Letter.select().where(Letter.person == who, Letter.kind == "case_reminder").order_by(Letter.id)
        return [row.content["text"] for row in rows if row.follows_id is None]


def test_which_units_there_are(door, key_of):
    path = f"/communities/{key_of('community')}/units"
    names = [(one["name"], one["kind_words"]) for one in door("wangdashan").get(path)[1]["units"]]
    assert sorted(names) == [
        ("供电服务站", "专业经营单位"), ("城管执法中队", "职能部门"), ("安居物业", "物业公司"),
        ("市政养护所", "职能部门"), ("惠民社区卫生服务站", "共建单位"),
    ]  # fmt: skip
    assert door("dengwei").get(path)[0] == 200
    assert door("hefang").refused(404, "GET", path) == door("hefang").refused(404, "GET", "/communities/none/units")
    assert door("zhanglan").refused(403, "GET", path)["code"] == "forbidden"


def test_a_worker_whistles_and_the_admin_calls_the_unit(door, key_of, client):
    case, unit = door("zhanglan").report(place=key_of("building")), named(client)
    path = f"/cases/{case['key']}"
    status, seen = door("wangdashan").post(f"{path}/whistle", {"unit": unit, "note": "要断电才能修"})
    assert (status, seen["steps"][-1]["verb_words"], seen["steps"][-1]["note"]) == (200, "申请吹哨", "要断电才能修")
    with database_open():
        people = {name: client.town.person(name) for name in ("wangdashan", "chenjing", "zhanglan")}
    (asked,) = told(people["chenjing"])
    assert "申请请“市政养护所”到场。说明：要断电才能修" in asked
    again = door("wangdashan").refused(409, "POST", f"{path}/whistle", {"note": "快一点"})
    assert again["code"] == "whistled"
    status, seen = door("chenjing").post(f"{path}/unit", {"unit": unit, "note": "下午两点到"})
    assert status == 200
    with database_open():
        assert Case.get(Case.key == case["key"]).unit.key == unit
        actions = [row.action for row in Audit.select().where(Audit.subject == case["key"]).order_by(Audit.id)]
        assert actions.count("case.whistle") == 1 and actions.count("case.involve") == 1
    assert told(people["wangdashan"])[-1] == f"#{case['number']} 社区已请“市政养护所”办理。说明：下午两点到"
    notes = {step["verb"]: step["note"] for step in door("zhanglan").see(case)["steps"]}
    assert (notes["whistle"], notes["involve"], told(people["zhanglan"])) == ("", "", [])


def test_the_admin_may_say_no_and_the_worker_may_ask_again(door, key_of, client):
    case = door("zhanglan").report(place=key_of("building"))
    path, worker = f"/cases/{case['key']}", door("wangdashan")
    assert worker.post(f"{path}/whistle", {"note": "要断电"})[0] == 200
    assert door("chenjing").post(f"{path}/unit", {"unit": None, "note": "先自己看看"})[0] == 200
    with database_open():
        wangdashan = client.town.person("wangdashan")
    assert told(wangdashan)[-1] == f"#{case['number']} 社区这次不请单位，请继续处理。说明：先自己看看"
    assert worker.post(f"{path}/whistle", {"note": "真的要断电"})[0] == 200


def test_whose_it_is_not_cannot(door, key_of, client):
    case = door("zhanglan").report(place=key_of("building"))
    path, unit = f"/cases/{case['key']}", named(client)
    for who, status in (("hefang", 404), ("liuyang", 404), ("zhanglan", 403), ("chenjing", 403)):
        found = door(who).post(f"{path}/whistle", {"note": "要断电"})[0]
        assert (who, found) in ((who, status), (who, 403))
    for who in ("wangdashan", "zhanglan"):
        assert door(who).refused(403, "POST", f"{path}/unit", {"unit": unit})["code"] == "forbidden"
    other = named(client, "邻里互助社", "liuyin")
    assert door("chenjing").refused(422, "POST", f"{path}/unit", {"unit": other})["code"] == "unit_unknown"
    assert door("wangdashan").refused(422, "POST", f"{path}/whistle", {"unit": other, "note": "x"})[
        "code"
    ] == "unit_unknown"
    assert door("wangdashan").refused(422, "POST", f"{path}/whistle", {"note": " "})["code"] == "note_missing"
    with database_open():
        assert Case.get(Case.key == case["key"]).unit is None


def test_what_is_over_needs_no_unit(door, key_of):
    case = door("zhanglan").report("路灯不亮", place=key_of("building"))
    worker = door("wangdashan")
    worker.act(case, "accept")
    worker.act(case, "handle", photos=[worker.add_photo()["key"]])
    said = worker.refused(409, "POST", f"/cases/{case['key']}/whistle", {"note": "要断电"})
    assert said["code"] == "state_forbids"
