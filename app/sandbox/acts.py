"""What a person does with the phone and what the platform tells the backend about it.

Source: 开发/指南/开放能力/消息/客服消息/接收消息和事件 and the official-account pages of received messages and events.
"""

import sqlite3

from app.sandbox.feed import add_item, close_windows, open_window
from app.sandbox.outbox import enqueue, new_msg_id
from app.sandbox.wechat.media import keep_media
from app.sandbox.wechat.push import LONG_TERM
from app.sandbox.world import MINI, App, World, account_of

LONGEST_TEXT = 20_000
TRIGGERS = {"user_enter_tempsession": "enter", "CLICK": "menu", "scancode_push": "menu", "scancode_waitmsg": "menu",
            "subscribe": "follow", "SCAN": "scan"}
SENTENCES = {"subscribe": "关注了公众号", "unsubscribe": "取消了关注", "SCAN": "扫了二维码", "CLICK": "点了菜单",
             "VIEW": "打开了菜单里的网页", "view_miniprogram": "打开了菜单里的小程序",
             "user_enter_tempsession": "进入了客服会话", "LOCATION": "上报了位置",
             "subscribe_msg_change_event": "在设置里关闭了订阅消息", "user_info_modified": "头像昵称被微信清理了",
             "user_authorization_revoke": "在微信设置里撤回了授权", "user_authorization_cancellation": "注销了微信账号"}
#: Events about somebody's authorisations come from the platform's own pusher; the person is named in OpenID.
PUSHER = "owPlatformPusher000000000000"


def say(world: World, db: sqlite3.Connection, app: App, person: str, kind: str, content: dict,
        media_url: str) -> tuple[int, int]:
    """Write a message into the chat; `media_url` is the address under which stored media are found.

    `content` is as the control API read it. Returns the message id and the item's seq.
    """
    now, msg_id, media_id = world.now(db), new_msg_id(), ""
    shown = {name: value for name, value in content.items() if name not in ("media", "menu_id", "filename")}
    if "media" in content:
        media_id = keep_media(db, app, kind, content["media"], content["filename"], now)
        shown["media_id"] = media_id
    seq = add_item(db, person, app.name, where="chat", kind=kind, **{"from": "me"}, **shown)
    fields = _message_fields(kind, content, media_id, media_url)
    enqueue(db, app, person, {"MsgType": kind} | fields | {"MsgId": msg_id}, item=seq)
    open_window(db, account_of(db, app, person), "message", now)
    open_mini(world, db, app, person)
    return msg_id, seq


def _message_fields(kind: str, content: dict, media_id: str, media_url: str) -> dict:
    match kind:
        case "text":
            menu = {"bizmsgmenuid": content["menu_id"]} if content["menu_id"] else {}
            return {"Content": content["text"]} | menu
        case "image":
            return {"PicUrl": media_url + media_id, "MediaId": media_id}
        case "voice":
            heard = {} if content["recognition"] is None else {"Recognition": content["recognition"]}
            return {"MediaId": media_id, "Format": "amr"} | heard
        case "location":
            return {"Location_X": content["lat"], "Location_Y": content["lng"], "Scale": content["scale"],
                    "Label": content["label"]}
        case "link":
            return {"Title": content["title"], "Description": content["text"], "Url": content["url"]}
    return {"Title": content["title"], "AppId": content["appid"], "PagePath": content["page"], "ThumbUrl": "",
            "ThumbMediaId": ""}


def happen(world: World, db: sqlite3.Connection, app: App, person: str, event: str, fields: dict) -> int:
    """An event: it is shown on the phone, opens its window, changes who follows, and is reported. Returns the seq."""
    now, account = world.now(db), account_of(db, app, person)
    if event == "subscribe":
        scene = fields.get("EventKey", "").removeprefix("qrscene_")
        db.execute("UPDATE accounts SET follows = 1, followed_at = ?, scene = ? WHERE openid = ?",
                   (now, scene, account["openid"]))
    elif event == "unsubscribe":
        db.execute("UPDATE accounts SET follows = 0 WHERE openid = ?", (account["openid"],))
        close_windows(db, account)
    if event in TRIGGERS:
        open_window(db, account, TRIGGERS[event], now)
    open_mini(world, db, app, person)
    seq = add_item(db, person, app.name, where="chat", kind="event", text=SENTENCES.get(event, event), event=event,
                   **{"from": "me"})
    enqueue(db, app, person, {"MsgType": "event", "Event": event} | fields, item=seq)
    return seq


def change_authorization(world: World, db: sqlite3.Connection, app: App, person: str, event: str, codes: str) -> int:
    """What the platform tells when somebody takes an authorisation back, closes the account, or is cleaned up.

    Source: 开发/服务端/消息推送/授权用户信息变更. `codes` is RevokeInfo, "8" or "8,13". Returns the item's seq.
    """
    revoked = {"RevokeInfo": codes} if event == "user_authorization_revoke" else {}
    openid = account_of(db, app, person)["openid"]
    fields = {"FromUserName": PUSHER, "OpenID": openid, "AppID": app.appid} | revoked
    return happen(world, db, app, person, event, fields)


def scan_scene(world: World, db: sqlite3.Connection, app: App, person: str, scene: str,
               ticket: str) -> tuple[int, str]:
    """Scan an official account's code: SCAN for a follower, subscribe with `qrscene_` for everybody else."""
    if account_of(db, app, person)["follows"]:
        return happen(world, db, app, person, "SCAN", {"EventKey": scene, "Ticket": ticket}), "SCAN"
    fields = {"EventKey": f"qrscene_{scene}", "Ticket": ticket}
    return happen(world, db, app, person, "subscribe", fields), "subscribe"


def open_mini(world: World, db: sqlite3.Connection, app: App, person: str) -> None:
    """The mini-program is open on the phone (content checks ask whether that was within two hours)."""
    if app.kind == MINI:
        db.execute("UPDATE accounts SET opened_at = ? WHERE app = ? AND person = ?",
                   (world.now(db), app.name, person))


def switch_off(world: World, db: sqlite3.Connection, app: App, person: str, template_id: str) -> int:
    """The person switched a template off in the settings: nothing of it may be sent any more. Returns the seq."""
    db.execute("DELETE FROM subscriptions WHERE app = ? AND person = ? AND template = ?",
               (app.name, person, template_id))
    entry = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
    return happen(world, db, app, person, "subscribe_msg_change_event",
                  {"SubscribeMsgChangeEvent": {"List": [entry]}})


def answer_popup(world: World, db: sqlite3.Connection, app: App, person: str, answers: dict[str, str]) -> None:
    """The subscribe dialog was answered: one message more per accepted template, and one event for the backend."""
    open_mini(world, db, app, person)
    for template_id in [one for one, choice in answers.items() if choice == "accept"]:
        template = app.template(template_id) or {}
        once_for_all = template.get("type") == LONG_TERM
        db.execute(
            "INSERT INTO subscriptions (app, person, template, remaining) VALUES (?, ?, ?, 1)"
            " ON CONFLICT (app, person, template) DO UPDATE SET remaining = CASE WHEN ? THEN 1 ELSE remaining + 1 END",
            (app.name, person, template_id, once_for_all))
    entries = [{"TemplateId": template_id, "SubscribeStatusString": choice, "PopupScene": "0"}
               for template_id, choice in answers.items()]
    enqueue(db, app, person, {"MsgType": "event", "Event": "subscribe_msg_popup_event",
                              "SubscribeMsgPopupEvent": {"List": entries}})
