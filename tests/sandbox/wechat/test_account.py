"""The official account: who follows it and what its menu says."""

MENU = [
    {"name": "我要报事", "type": "click", "key": "report"},
    {"name": "更多", "sub_button": [
        {"name": "打开家门口", "type": "miniprogram", "url": "https://example.org", "appid": "wx1111111111111111",
         "pagepath": "pages/index/index"},
        {"name": "公开信息", "type": "view", "url": "https://example.org"}]},
]


def test_a_follower_and_somebody_else(street):
    openids = [street.openid(person, "official") for person in ("zhanglan", "liwei")]
    users = street.post("/cgi-bin/user/info/batchget", {"user_list": [{"openid": one} for one in openids]},
                        app="official")["user_info_list"]
    assert [user["subscribe"] for user in users] == [1, 0]
    assert users[1] == {"subscribe": 0, "openid": openids[1], "unionid": "oUNIONliwei"}
    one = street.get("/cgi-bin/user/info", app="official", openid=openids[0])
    assert (one["openid"], len(one["unionid"]), "nickname" in one) == (openids[0], 28, False)
    assert street.get("/cgi-bin/user/info", app="official", openid="x")["errcode"] == 40003
    assert street.post("/cgi-bin/user/info/batchget", {"user_list": []}, app="official")["errcode"] == 40035


def test_who_follows(street):
    street.do("liwei", "follow", app="official")
    street.do("zhanglan", "unfollow", app="official")
    listed = street.get("/cgi-bin/user/get", app="official")
    assert set(listed["data"]["openid"]) == {street.openid(one, "official") for one in ("liwei", "wangfang")}
    assert (listed["total"], listed["count"]) == (2, 2)


def test_a_menu(street):
    assert street.get("/cgi-bin/menu/get", app="official")["errcode"] == 46003
    assert street.post("/cgi-bin/menu/create", {"button": MENU}, app="official")["errcode"] == 0
    shown = street.get("/cgi-bin/menu/get", app="official")["menu"]["button"]
    assert shown == [MENU[0] | {"sub_button": []}, MENU[1]]
    apps = {app["name"]: app for app in street.control("GET", "apps")["apps"]}
    assert (apps["official"]["menu"], apps["mini"]["menu"]) == (MENU, [])
    assert street.get("/cgi-bin/menu/delete", app="official")["errcode"] == 0
    assert street.get("/cgi-bin/menu/get", app="official")["errcode"] == 46003


def test_menus_that_are_refused(street):
    good = MENU[0]
    wrong = [([], 40016), ([good] * 4, 40016), ([good | {"name": "六个汉字太长啦"}], 40018),
             ([{"type": "click"}], 40018),
             ([good | {"type": "sing"}], 40017), ([good | {"key": ""}], 40019), ([good | {"key": "k" * 129}], 40019),
             ([{"name": "网页", "type": "view", "url": "u" * 1025}], 40020), (["x"], 40018),
             ([{"name": "更多", "sub_button": [good] * 6}], 40023)]
    assert [street.post("/cgi-bin/menu/create", {"button": one}, app="official")["errcode"] for one, _ in wrong] == [
        code for _, code in wrong]
