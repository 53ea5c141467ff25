"""Messages that reach a person outside the chat: the mini-program's subscribe message, the account's template message.

Source: 开发/服务端/消息相关/订阅消息/发送订阅消息 and the official-account page of template messages. One accepted tap
on a template is one message; acceptances add up and have no end; a long-term template (type 3) is not used up.
Who blocks an app gets nothing from it: the call is accepted all the same, and only the event afterwards says so.
"""

from app.sandbox.feed import from_them
from app.sandbox.outbox import enqueue, new_msg_id
from app.sandbox.refusals import Refused
from app.sandbox.store import get_setting
from app.sandbox.wechat.call import Call
from app.sandbox.wechat.fields import accepts

STATES = ("developer", "trial", "formal")
LANGUAGES = ("zh_CN", "en_US", "zh_HK", "zh_TW")
LONG_TERM = 3


def subscribe(call: Call) -> dict:
    """POST /cgi-bin/message/subscribe/send."""
    account = call.account(call.body.get("touser"))
    template = _template(call)
    page = _page(call)
    if call.body.get("miniprogram_state", "formal") not in STATES:
        raise Refused(47003, "argument invalid! miniprogram_state invalid")
    if call.body.get("lang", "zh_CN") not in LANGUAGES:
        raise Refused(47003, "argument invalid! lang invalid")
    fields = _checked_fields(call, template)
    _use_up(call, account["person"], template)
    msg_id = new_msg_id()
    code, status = "43101", "user refuse to accept the msg"
    if not blocks(call, account["person"]):
        code, status = "0", "success"
        from_them(call.db, account["person"], call.app.name, "subscribe", where="notifications",
                  title=template["title"], fields=fields, page=page, template_id=template["id"])
    sent = {"TemplateId": template["id"], "MsgID": str(msg_id), "ErrorCode": code, "ErrorStatus": status}
    enqueue(call.db, call.app, account["person"], {
        "MsgType": "event", "Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": [sent]}})
    return {"msgid": msg_id}


def blocks(call: Call, person: str) -> bool:
    """Whether this person blocks what the calling app pushes."""
    return get_setting(call.db, f"blocks:{call.app.name}:{person}", False)


def _template(call: Call) -> dict:
    template = call.app.template(call.body.get("template_id"))
    if template is None:
        raise Refused(40037)
    return template


def _page(call: Call) -> str:
    page = call.body.get("page", "")
    if page is None:
        return ""
    if not isinstance(page, str) or page.startswith("/") or not page_exists(call, page):
        raise Refused(41030, "invalid page hint: [page]")
    return page


def page_exists(call: Call, page: str) -> bool:
    """Whether the released mini-program has this page; always so when the configuration lists no `pages`."""
    return not call.app.pages or not page or page.split("?")[0] in call.app.pages


def _checked_fields(call: Call, template: dict) -> list[dict]:
    """Label and value in the template's order; a missing or bad value is 47003, keys too many are ignored."""
    data = call.body.get("data")
    if not isinstance(data, dict):
        raise Refused(47003, "argument invalid! data invalid")
    shown = []
    for field in template["fields"]:
        given = data.get(field["key"])
        value = given.get("value") if isinstance(given, dict) else None
        if value is None or value == "":
            raise Refused(47003, f"argument invalid! data.{field['key']}.value is empty")
        value = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        if not accepts(field["key"], value, field.get("choices")):
            raise Refused(47003, f"argument invalid! data.{field['key']}.value invalid")
        shown.append({"label": field["label"], "value": value})
    return shown


def _use_up(call: Call, person: str, template: dict) -> None:
    spent = 0 if template.get("type") == LONG_TERM else 1
    cursor = call.db.execute(
        "UPDATE subscriptions SET remaining = remaining - ? WHERE app = ? AND person = ? AND template = ?"
        " AND remaining > 0", (spent, call.app.name, person, template["id"]))
    if cursor.rowcount == 0:
        raise Refused(43101)


def template(call: Call) -> dict:
    """POST /cgi-bin/message/template/send: with both, the mini-program goes before the url."""
    account = call.account(call.body.get("touser"))
    if not isinstance(call.body.get("template_id"), str) or not call.body["template_id"]:
        raise Refused(40036)
    chosen = _template(call)
    link = _template_link(call)
    if not account["follows"]:
        raise Refused(43004)
    data = call.part("data")
    fields = [{"label": field["label"], "value": _shown(data.get(field["key"]))} for field in chosen["fields"]]
    msg_id = new_msg_id()
    blocked = blocks(call, account["person"])
    if not blocked:
        from_them(call.db, account["person"], call.app.name, "template", title=chosen["title"], fields=fields,
                  template_id=chosen["id"], **link)
    enqueue(call.db, call.app, account["person"], {
        "MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": msg_id,
        "Status": "failed:user block" if blocked else "success"})
    return {"msgid": msg_id}


def _shown(given: object) -> str:
    value = given.get("value", "") if isinstance(given, dict) else ""
    return value if isinstance(value, str) else str(value)


def _template_link(call: Call) -> dict:
    url, target = call.body.get("url"), call.body.get("miniprogram")
    link = {"url": url} if isinstance(url, str) and url else {}
    if not isinstance(target, dict) or not target:
        return link
    if target.get("appid") not in call.app.linked_appids:
        raise Refused(40013)
    page = target.get("pagepath") or target.get("page") or ""
    return link | {"page": str(page), "appid": target["appid"]}


def own_templates(call: Call) -> dict:
    """GET /wxaapi/newtmpl/gettemplate: the templates of this account."""
    return {"data": [{
        "priTmplId": one["id"], "title": one["title"], "type": one.get("type", 2),
        "content": "".join(f"{field['label']}:{{{{{field['key']}.DATA}}}}\n" for field in one["fields"]), "example": "",
        "keywordEnumValueList": [
            {"keywordCode": f"{field['key']}.DATA", "enumValueList": field["choices"]}
            for field in one["fields"] if field.get("choices")
        ],
    } for one in call.app.templates]}
