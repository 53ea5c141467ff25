"""赵强 moves in: with the community's code, or by asking for it."""

from datetime import timedelta

from app.context import database_open
from models.base import now
from models.person import HouseholdCode, Residence


def household(door, *names):
    """The key of a household, found as the picker finds it: from compound to door."""
    key = door.get("/places")[1]["places"][0]["key"]
    for name in names:
        key = next(one["key"] for one in door.get(f"/places?parent={key}")[1]["places"] if one["name"] == name)
    return key


def test_bound_by_a_code(door):
    wangdashan, zhaoqiang = door("wangdashan"), door("zhaoqiang")
    key = household(zhaoqiang, "幸福家园", "2号楼", "1单元", "302")
    status, said = wangdashan.post(f"/households/{key}/codes")
    assert (status, len(said["code"]), said["days"]) == (201, 8, 30)
    spelled = f" {said['code'][:4].lower()}-{said['code'][4:]} "
    status, home = zhaoqiang.post("/me/households", {"code": spelled})
    assert (status, home["state"], home["household"]["label"]) == (201, "confirmed", "幸福家园 2号楼 1单元 302")
    assert zhaoqiang.get("/me")[1]["homes"] == [home]
    assert zhaoqiang.report("门口路灯不亮")["community"]["name"] == "惠民社区"
    again = door("sunmei").refused(422, "POST", "/me/households", {"code": said["code"]})
    assert (again["code"], again["fields"]) == ("code_unknown", {"code": "无效"})
    with database_open():
        assert said["code"] not in str(list(HouseholdCode.select().dicts()))


def test_only_staff_of_the_place_hand_out_codes(door):
    key = household(door("zhanglan"), "幸福家园", "2号楼", "1单元", "302")
    door("zhanglan").refused(403, "POST", f"/households/{key}/codes")
    for stranger in ("hefang", "guoliang"):
        never = door(stranger).refused(404, "POST", "/households/abcdefghijklmnop/codes")
        assert door(stranger).refused(404, "POST", f"/households/{key}/codes") == never


def test_guessing_codes_is_slow(door):
    zhaoqiang = door("zhaoqiang")
    found = [zhaoqiang.post("/me/households", {"code": f"ABCDEFG{digit}"})[0] for digit in range(2, 9)]
    assert found == [422] * 5 + [429] * 2


def test_asked_and_confirmed(door):
    zhaoqiang, chenjing = door("zhaoqiang"), door("chenjing")
    key = household(zhaoqiang, "幸福家园", "2号楼", "1单元", "302")
    status, home = zhaoqiang.post("/me/households", {"household": key, "relation": "tenant"})
    assert (status, home["state"], home["relation"]) == (201, "asked", "tenant")
    again = zhaoqiang.refused(409, "POST", "/me/households", {"household": key, "relation": "tenant"})
    assert again["code"] == "conflict"
    assert (zhaoqiang.get("/me")[1]["homes"], zhaoqiang.get("/me/households")[1]["homes"]) == ([], [home])
    asked = chenjing.get("/residences?state=asked")[1]["residences"]
    assert [(one["person"]["name"], one["person"]["phone_masked"]) for one in asked] == [("赵＊", "138****0006")]
    assert door("hefang").get("/residences")[1]["residences"] == []
    assert door("zhanglan").refused(403, "GET", "/residences")["code"] == "forbidden"
    path = f"/residences/{asked[0]['key']}"
    assert door("hefang").refused(404, "POST", f"{path}/confirm")["code"] == "not_found"
    assert chenjing.refused(404, "POST", f"{path}/eat")["code"] == "not_found"
    assert chenjing.post(f"{path}/confirm")[1]["state"] == "confirmed"
    assert chenjing.refused(409, "POST", f"{path}/refuse")["code"] == "conflict"
    assert [one["state"] for one in zhaoqiang.get("/me")[1]["homes"]] == ["confirmed"]


def test_nobody_confirms_the_own_request(door):
    chenjing = door("chenjing")
    key = household(chenjing, "幸福家园", "2号楼", "1单元", "302")
    chenjing.post("/me/households", {"household": key, "relation": "owner"})
    own = chenjing.get("/residences")[1]["residences"][0]["key"]
    assert chenjing.refused(422, "POST", f"/residences/{own}/confirm")["code"] == "own_request"
    assert door("wangdashan").post(f"/residences/{own}/refuse")[1]["state"] == "refused"


def test_what_one_cannot_ask_for(door, key_of):
    zhaoqiang = door("zhaoqiang")
    for body, fields in (
        ({}, {"code": "二选一", "household": "二选一"}),
        ({"code": "ABCD2345", "household": "x"}, {"code": "二选一", "household": "二选一"}),
        ({"household": key_of("building"), "relation": "owner"}, {"household": "没有这一户"}),
        ({"household": household(zhaoqiang, "幸福家园", "1号楼", "1单元", "101")}, {"relation": "必填"}),
        ({"household": "x", "relation": "king"}, {"relation": "不在可选的范围里"}),
    ):
        assert zhaoqiang.refused(422, "POST", "/me/households", body)["fields"] == fields


def test_requests_cost_the_same_for_one_and_for_three(door, count_queries):
    chenjing, key = door("chenjing"), household(door("chenjing"), "幸福家园", "2号楼", "1单元", "302")
    found = []
    for new in (["zhaoqiang"], ["sunmei", "masuhua"]):
        for who in new:
            door(who).post("/me/households", {"household": key, "relation": "family"})
        with count_queries() as statements:
            chenjing.get("/residences")
        found.append(len(statements))
    assert found == [5, 5]


def test_a_refusal_is_told_until_one_asks_again(door):
    zhaoqiang, chenjing = door("zhaoqiang"), door("chenjing")
    key = household(zhaoqiang, "幸福家园", "2号楼", "1单元", "302")

    def refuse() -> None:
        asked = chenjing.get("/residences?state=asked")[1]["residences"]
        assert chenjing.post(f"/residences/{asked[0]['key']}/refuse")[1]["state"] == "refused"

    def states() -> list[str]:
        return [home["state"] for home in zhaoqiang.get("/me/households")[1]["homes"]]

    zhaoqiang.post("/me/households", {"household": key, "relation": "tenant"})
    refuse()
    assert (states(), zhaoqiang.get("/me")[1]["homes"]) == (["refused"], [])
    zhaoqiang.post("/me/households", {"household": key, "relation": "family"})
    assert states() == ["asked"]
    refuse()
    assert states() == ["refused"]
    with database_open():
        Residence.update(ended_at=now() - timedelta(days=31)).where(Residence.state == "refused").execute()
    assert states() == []
