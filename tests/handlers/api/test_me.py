"""赵强 gives himself a name."""


def test_who_one_is(door):
    status, said = door("chenjing").get("/me")
    assert (status, said["person"]["name"], said["homes"]) == (200, "陈静", [])
    assert [(role["kind"], role["name"], role["place"]["name"]) for role in said["roles"]] == [
        ("community_admin", "社区管理员", "惠民社区")
    ]


def test_a_new_name(door):
    zhaoqiang = door("zhaoqiang")
    assert zhaoqiang.ask("PUT", "/me/name", {"name": " 老赵\u200b "})[1]["person"]["name"] == "老赵"
    assert zhaoqiang.get("/me")[1]["person"]["name"] == "老赵"
    remarks = {"": "不能为空或太短", "赵" * 33: "太长了，最多 32 个字", True: "应当是文字", None: "应当是文字"}
    for name, remark in remarks.items():
        assert zhaoqiang.refused(422, "PUT", "/me/name", {"name": name})["fields"] == {"name": remark}
    assert zhaoqiang.refused(422, "PUT", "/me/name", {"name": " \u200b"})["code"] == "name_invalid"
    error = zhaoqiang.refused(422, "PUT", "/me/name", {"name": "x", "phone": "110"})
    assert error["fields"] == {"phone": "不认识这一项，请去掉"}
