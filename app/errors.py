"""How every door says no: `{"error": {"code", "message", "fields"}}`, and a plain page at the desk.

The code is stable English for programs, the message Chinese for people. Nothing internal leaks; what went wrong inside
is in the log under the reference that the person is told.
"""

import logging
import secrets

import peewee
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from app import logs
from app.context import TooLarge, TooMany, Unavailable, here
from app.gateway.files import FilesUnavailable
from app.gateway.wechat import GatewayError
from app.rules import refused
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.base import write

log = logging.getLogger(__name__)

STATUS = {NotFound: 404, Forbidden: 403, Conflict: 409, TooMany: 429, TooLarge: 413, Unavailable: 503}

HTTP_WORDS = {
    400: ("bad_request", "请求的格式不对，请检查后再试。"),
    401: ("unauthorized", "请先登录。"),
    403: ("forbidden", "您没有做这件事的权限。"),
    404: ("not_found", "没有找到这个页面或内容。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方式。"),
    411: ("length_required", "请求缺少长度说明。"),
    413: ("too_large", "内容太大了，请缩小后再发。"),
    415: ("unsupported_media_type", "不支持这种内容类型，请用 JSON。"),
    422: ("invalid", "有内容填得不对，请改正后再试。"),
    429: ("too_many_requests", "操作太频繁了，请稍等一会儿再试。"),
}


def register(app: Flask) -> None:
    """Let every error of the app answer in our one shape."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(GatewayError, _gateway)
    app.register_error_handler(FilesUnavailable, _files)
    app.register_error_handler(peewee.OperationalError, _busy)
    app.register_error_handler(Exception, _unforeseen)


def answer(status: int, code: str, message: str, fields: dict | None = None, **headers: str) -> Response:
    """The error as this door says it: a page at the desk, JSON everywhere else."""
    if request.path.startswith("/console/"):
        response = Response(render_template("console/refused.html", status=status, message=message), status=status)
    elif request.path.startswith("/u/"):
        page = render_template("unit/refused.html", status=status, message=message)
        response = Response(page, status=status)
    else:
        response = jsonify({"error": {"code": code, "message": message, "fields": fields or {}}})
        response.status_code = status
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def _refusal(error: Refusal) -> Response:
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)
    more = {"Retry_After": "60"} if status in (429, 503) else {}
    if status in (403, 404):
        _note_refusal(error)
    return answer(status, error.code, error.message, error.fields, **more)


def _note_refusal(error: Refusal) -> None:
    """Write down who was refused what, in a transaction of its own: that of the deed is gone.

    Nobody is signed in when there is no actor; a 404 without a key in its address is about nobody's thing.
    """
    actor, action = g.get("actor"), getattr(current_app.view_functions.get(request.endpoint or ""), "action", None)
    subject = _subject()
    if actor is None or action is None or (isinstance(error, NotFound) and not subject):
        return
    verb = (request.view_args or {}).get("verb")
    detail = {"verb": refused.plain(verb)} if verb else {}
    try:
        here().limit("refusals", actor.person.key)
        with write():
            refused.note(action, actor=actor, subject=subject, why=error.code, **detail)
    except TooMany:
        with write():
            refused.too_many(actor)


def _subject() -> str:
    """The public key in the address that was asked for."""
    given = request.view_args or {}
    named = (request.args.get(name) for name in ("community", "household", "place"))
    return str(given.get("key") or next(filter(None, named), ""))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    code, message = HTTP_WORDS.get(error.code, ("error", "出错了，请稍后再试。"))
    response = answer(error.code, code, message)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _gateway(error: GatewayError) -> Response:
    log.warning("platform: %s", error)
    return answer(502, "wechat_unavailable", "微信平台暂时没有回应，请稍后再试。", Retry_After="5")


def _files(error: FilesUnavailable) -> Response:
    log.error("files: %s", error)
    return answer(503, "files_unavailable", "照片暂时存取不了，请稍后再试。", Retry_After="5")


def _busy(error: peewee.OperationalError) -> Response:
    log.error("database: %s", type(error).__name__)
    return answer(503, "busy", "系统正忙，请稍后再试。", Retry_After="2")


def _unforeseen(error: Exception) -> Response:
    known = logs.request_id()
    reference = known if known != "-" else secrets.token_hex(4)
    log.exception("unforeseen %s", reference)
    return answer(500, "internal", f"系统出了点问题，已经记下。需要联系我们时请报编号 {reference}。")
