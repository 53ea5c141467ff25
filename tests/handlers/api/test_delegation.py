"""张兰 asks in the mini-program to act for her father; either of the two ends it."""

from app.context import database_open
from app.rules import delegation
from models.base import write
from models.delegation import Delegation
from models.person import Person
from models.place import Place

ASK = {"kind": "family", "relation": "daughter", "name": "张国强"}


def home(label="幸福家园 3号楼 2单元 502"):
    with database_open():
        return Place.get(Place.kind == "household", Place.label == label).key


def confirm(client, key):
    with database_open(), write():
        row = Delegation.get(Delegation.key == key)
        delegation.decide(row, actor=client.town.actor("chenjing"), confirmed=True, both_present=True)


def test_asked_confirmed_and_ended(door, client):
    zhanglan = door("zhanglan")
    status, asked = zhanglan.post("/delegations", ASK | {"household": home()})
    assert (status, asked["state"], asked["mine"], asked["person"]) == (201, "asked", "agent", None)
    assert (asked["name"], asked["community"], asked["state_words"]) == ("张＊强", "惠民社区", "等社区确认")
    confirm(client, asked["key"])
    (held,) = zhanglan.get("/delegations")[1]["delegations"]
    with database_open():
        father = Person.get(Person.name == "张国强").key
    assert (held["state"], held["name"], held["person"]) == ("confirmed", "张国强", father)
    assert zhanglan.post(f"/delegations/{asked['key']}/end")[1]["state"] == "ended"
    assert zhanglan.refused(409, "POST", f"/delegations/{asked['key']}/end")["code"] == "conflict"


def test_the_principal_sees_it_and_ends_it(door, client):
    zhanglan, sunmei = door("zhanglan"), door("sunmei")
    whose = sunmei.get("/me")[1]["person"]["key"]
    key = zhanglan.post("/delegations", {"kind": "family", "relation": "other", "person": whose})[1]["key"]
    confirm(client, key)
    (seen,) = sunmei.get("/delegations")[1]["delegations"]
    assert (seen["mine"], seen["name"], seen["person"]) == ("principal", "张兰", None)
    assert sunmei.post(f"/delegations/{key}/end")[1]["state"] == "ended"


def test_whether_somebody_of_that_name_lives_there_is_not_told(door):
    zhaoqiang = door("zhaoqiang")
    there = zhaoqiang.post("/delegations", ASK | {"name": "张兰", "household": home("幸福家园 3号楼 2单元 501")})[1]
    nobody = zhaoqiang.post("/delegations", ASK | {"name": "张兰", "household": home()})[1]
    for said in (there, nobody):
        del said["key"], said["asked_at"]
    assert there == nobody


def test_somebody_of_another_household_is_as_unknown_as_nobody(door):
    """郭亮 of the next community, said to live in 张兰's flat: the same answer as for a key that is nobody's."""
    zhanglan, theirs = door("zhanglan"), home("幸福家园 3号楼 2单元 501")
    whose = door("guoliang").get("/me")[1]["person"]["key"]
    said = [
        zhanglan.refused(422, "POST", "/delegations", {"kind": "family", "relation": "spouse", "person": key} | more)
        for key in (whose, "nosuchperson") for more in ({}, {"household": theirs})
    ]  # fmt: skip
    assert said == [said[0]] * 4 and said[0]["code"] == "principal_missing"


def test_neither_asking_again_nor_ending_tells_who_lives_there(door):
    zhaoqiang, said = door("zhaoqiang"), []
    for where in ("幸福家园 3号楼 2单元 501", "幸福家园 3号楼 2单元 502"):
        body = ASK | {"name": "张兰", "household": home(where)}
        key = zhaoqiang.post("/delegations", body)[1]["key"]
        again = zhaoqiang.refused(409, "POST", "/delegations", body)
        ended = zhaoqiang.post(f"/delegations/{key}/end")[1]
        said.append((again, ended["name"], ended["state"]))
    assert said[0] == said[1]


def test_for_others_there_is_no_such_delegation(door):
    key = door("zhanglan").post("/delegations", ASK | {"household": home()})[1]["key"]
    for stranger in ("hefang", "sunmei", "chenjing"):
        assert door(stranger).get("/delegations")[1] == {"delegations": []}
        assert door(stranger).refused(404, "POST", f"/delegations/{key}/end")["code"] == "not_found"


def test_what_is_missing_is_named(door):
    zhanglan = door("zhanglan")
    for body, fields in (
        (ASK | {"household": "nosuchhome"}, {"household": "没有这一户"}),
        (ASK | {"name": "", "household": home()}, {"name": "必填"}),
        (ASK | {"person": "nosuchperson"}, {"person": "没有找到这个人"}),
        (ASK | {"kind": "friend", "household": home()}, {"kind": "不在可选的范围里"}),
    ):
        assert zhanglan.refused(422, "POST", "/delegations", body)["fields"] == fields


def test_one_request_has_one_effect(door):
    zhanglan, body = door("zhanglan"), ASK | {"household": home()}
    first = zhanglan.post("/delegations", body, once="delegation-1")
    assert zhanglan.post("/delegations", body, once="delegation-1") == first
    with database_open():
        assert Delegation.select().count() == 1


def test_a_list_costs_the_same_for_one_and_for_three(door, count_queries):
    zhanglan, counts = door("zhanglan"), []
    for name in ("张国强", "李秀英", "张小妹"):
        zhanglan.post("/delegations", ASK | {"name": name, "household": home()})
        with count_queries() as statements:
            zhanglan.get("/delegations")
        counts.append(len(statements))
    assert counts[0] == counts[2]
