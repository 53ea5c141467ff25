"""Customer-service messages: what the backend writes into a chat, and the little "is typing".

Source: 开发/服务端/小程序客服/客服消息. Where the page is silent: a text has at most 2,048 bytes; a message type the
account does not have is 40008; a card of an official account must name a linked mini-program (40013).
"""

import re
import sqlite3

from app.sandbox.feed import TYPING_SECONDS, from_them, spend
from app.sandbox.refusals import Refused
from app.sandbox.wechat.call import Call
from app.sandbox.wechat.media import find_media
from app.sandbox.world import MINI, OFFICIAL

TEXT_BYTES = 2048
LINK_APPID = re.compile(r"""data-miniprogram-appid\s*=\s*["']?([^"'\s>]+)""")


def send(call: Call) -> dict:
    """POST /cgi-bin/message/custom/send."""
    account = call.account(call.body.get("touser"))
    kind = call.text("msgtype", Refused(40008))
    reader = READERS.get(kind)
    if reader is None or (call.app.kind == MINI and kind not in MINI_KINDS):
        raise Refused(40008)
    body = reader(call, call.part(kind))
    spend(call.db, account, call.now)
    context = call.body.get("aimsgcontext")
    if isinstance(context, dict) and context.get("is_ai_msg") == 1:
        body["note"] = "内容由第三方AI生成"
    from_them(call.db, account["person"], call.app.name, kind, **body)
    return {}


def _words(part: dict, name: str, *, required: bool = True) -> str:
    value = part.get(name, "")
    if not isinstance(value, str):
        raise Refused(47001, f"data format error hint: [{name}]")
    if required and not value:
        raise Refused(44004)
    if len(value.encode()) > TEXT_BYTES:
        raise Refused(45002)
    return value


def _text(call: Call, part: dict) -> dict:
    content = _words(part, "content")
    for appid in LINK_APPID.findall(content):
        _check_card_appid(call, appid)
    return {"text": content}


def _check_card_appid(call: Call, appid: object) -> None:
    allowed = {call.app.appid} if call.app.kind == MINI else set(call.app.linked_appids)
    if appid not in allowed:
        raise Refused(40013)


def _media(call: Call, part: dict) -> dict:
    return {"media_id": find_media(call, part.get("media_id"))["id"]}


def _link(call: Call, part: dict) -> dict:
    return {"title": _words(part, "title"), "text": _words(part, "description", required=False),
            "url": _words(part, "url"), "media_url": _words(part, "thumb_url", required=False)}


def _card(call: Call, part: dict) -> dict:
    if call.app.kind == OFFICIAL:
        _check_card_appid(call, part.get("appid"))
    body = {"title": _words(part, "title"), "page": _words(part, "pagepath")}
    if call.app.kind == OFFICIAL:
        body["appid"] = part["appid"]
    return body | {"media_id": find_media(call, part.get("thumb_media_id"))["id"]}


def _menu(call: Call, part: dict) -> dict:
    entries = part.get("list")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise Refused(47001, "data format error hint: [msgmenu.list]")
    choices = [{"id": str(entry.get("id", "")), "text": _words(entry, "content")} for entry in entries]
    return {"text": _words(part, "head_content", required=False), "choices": choices,
            "tail": _words(part, "tail_content", required=False)}


def _news(call: Call, part: dict) -> dict:
    articles = part.get("articles")
    if not isinstance(articles, list) or len(articles) != 1 or not isinstance(articles[0], dict):
        raise Refused(45008)
    article = articles[0]
    return {"title": _words(article, "title"), "text": _words(article, "description", required=False),
            "url": _words(article, "url", required=False), "media_url": _words(article, "picurl", required=False)}


READERS = {"text": _text, "image": _media, "voice": _media, "link": _link, "miniprogrampage": _card,
           "msgmenu": _menu, "news": _news}
MINI_KINDS = ("text", "image", "link", "miniprogrampage", "msgmenu")


def typing_mini(call: Call) -> dict:
    """POST /cgi-bin/message/custom/business/typing, the mini-program's path."""
    return _typing(call, MINI)


def typing_official(call: Call) -> dict:
    """POST /cgi-bin/message/custom/typing, the official account's path."""
    return _typing(call, OFFICIAL)


def _typing(call: Call, kind: str) -> dict:
    if call.app.kind != kind:
        raise Refused(40200)
    account = call.account(call.body.get("touser"))
    command = call.body.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise Refused(45072)
    if command == "CancelTyping":
        _type_until(call, account, 0)
        return {}
    if call.now - account["contact_at"] > 30:
        raise Refused(45080)
    if account["typing_until"] > call.now:
        raise Refused(45081)
    _type_until(call, account, call.now + TYPING_SECONDS)
    return {}


def _type_until(call: Call, account: sqlite3.Row, until: float) -> None:
    call.db.execute("UPDATE accounts SET typing_until = ? WHERE openid = ?", (until, account["openid"]))
