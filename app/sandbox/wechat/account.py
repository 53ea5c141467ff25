"""The official account itself: who follows, which menu it shows, from where the platform calls.

Source: official-account pages of user management and custom menus. Names and portraits are gone from user/info
since 2021-12-27; who does not follow is only an openid and a unionid.
"""

import sqlite3

from app.sandbox.refusals import Refused
from app.sandbox.store import drop_setting, get_setting, set_setting
from app.sandbox.wechat.call import Call

NEEDS = {
    "click": ("key",), "scancode_push": ("key",), "scancode_waitmsg": ("key",), "pic_sysphoto": ("key",),
    "pic_photo_or_album": ("key",), "pic_weixin": ("key",), "location_select": ("key",),
    "view": ("url",), "miniprogram": ("url", "appid", "pagepath"), "media_id": ("media_id",),
    "article_id": ("article_id",), "view_limited": ("media_id",),
}


def user(call: Call) -> dict:
    """GET /cgi-bin/user/info."""
    return _user(call, call.account(call.query.get("openid")))


def users(call: Call) -> dict:
    """POST /cgi-bin/user/info/batchget, at most a hundred."""
    asked = call.body.get("user_list")
    if not isinstance(asked, list) or not 1 <= len(asked) <= 100:
        raise Refused(40035)
    accounts = [call.account(one.get("openid") if isinstance(one, dict) else None) for one in asked]
    return {"user_info_list": [_user(call, account) for account in accounts]}


def _user(call: Call, account: sqlite3.Row) -> dict:
    who = {"subscribe": account["follows"], "openid": account["openid"],
           "unionid": call.world.unionid(call.db, account["person"])}
    if not account["follows"]:
        return who
    scene = account["scene"]
    return who | {
        "language": "zh_CN", "subscribe_time": int(account["followed_at"]), "remark": "", "groupid": 0,
        "tagid_list": [], "subscribe_scene": "ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(scene) if scene.isdigit() else 0, "qr_scene_str": "" if scene.isdigit() else scene,
    }


def followers(call: Call) -> dict:
    """GET /cgi-bin/user/get: the openids of everybody who follows (all in one page)."""
    rows = call.db.execute("SELECT openid FROM accounts WHERE app = ? AND follows = 1 AND openid > ? ORDER BY openid",
                           (call.app.name, call.query.get("next_openid", ""))).fetchall()
    openids = [row["openid"] for row in rows]
    return {"total": len(openids), "count": len(openids), "data": {"openid": openids},
            "next_openid": openids[-1] if openids else ""}


def create_menu(call: Call) -> dict:
    """POST /cgi-bin/menu/create."""
    buttons = call.body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refused(40016)
    for button in buttons:
        _check_button(button, 16)
    set_setting(call.db, f"menu:{call.app.name}", buttons)
    return {}


def _check_button(button: object, name_bytes: int) -> None:
    if not isinstance(button, dict):
        raise Refused(40018)
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= name_bytes:
        raise Refused(40018)
    below = button.get("sub_button")
    if below and name_bytes == 16:
        if not isinstance(below, list) or len(below) > 5:
            raise Refused(40023)
        for one in below:
            _check_button(one, 60)
        return
    if not isinstance(button.get("type"), str) or button["type"] not in NEEDS:
        raise Refused(40017)
    for needed in NEEDS[button["type"]]:
        _check_value(needed, button.get(needed))


def _check_value(name: str, value: object) -> None:
    longest = 128 if name == "key" else 1024
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= longest:
        raise Refused({"key": 40019, "url": 40020, "appid": 40013, "pagepath": 40165}.get(name, 40007))


def get_menu(call: Call) -> dict:
    """GET /cgi-bin/menu/get."""
    buttons = get_setting(call.db, f"menu:{call.app.name}")
    if buttons is None:
        raise Refused(46003)
    return {"menu": {"button": [button | {"sub_button": button.get("sub_button") or []} for button in buttons]}}


def delete_menu(call: Call) -> dict:
    """GET /cgi-bin/menu/delete."""
    drop_setting(call.db, f"menu:{call.app.name}")
    return {}


def addresses(call: Call) -> dict:
    """GET /cgi-bin/get_api_domain_ip and /cgi-bin/getcallbackip: everything happens on this machine."""
    return {"ip_list": ["127.0.0.1"]}
