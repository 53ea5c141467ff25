"""What every control call needs: the sandbox, the person and app it is about, a JSON body, a refusal in Chinese."""

from typing import NoReturn

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from app.sandbox.world import App, Person, World

#: Stands for "no default": the field must be there.
MISSING = object()


class Refusal(HTTPException):
    """A control call that is not carried out; `reason` is the stable code, `description` the Chinese sentence."""

    def __init__(self, status: int, reason: str, sentence: str):
        super().__init__(sentence)
        self.code = status
        self.reason = reason


def world() -> World:
    """The world of the sandbox that answers this request."""
    return current_app.extensions["sandbox"].world


def refuse(status: int, code: str, message: str) -> NoReturn:
    """End the request: an HTTP status, a stable English code, a Chinese sentence that says what to do."""
    raise Refusal(status, code, message)


def body() -> dict:
    """The JSON object of the request; an empty body is an empty object."""
    if not request.get_data().strip():
        return {}
    given = request.get_json(force=True, silent=True)
    if not isinstance(given, dict):
        refuse(400, "bad_json", "请求内容应当是一个 JSON 对象。")
    return given


def text(given: dict, name: str, default: object = MISSING) -> str:
    """A string of the body; without a default it must be there and not empty."""
    value = given.get(name, default)
    if value is MISSING or not isinstance(value, str) or (default is MISSING and not value):
        refuse(400, "bad_field", f"请填写 {name}，它应当是文字。")
    try:
        value.encode()
    except UnicodeEncodeError:
        refuse(400, "bad_field", f"{name} 里有无法识别的字符，请改正。")
    return value


def number(given: dict, name: str, default: float | None = None) -> float:
    """A number of the body; without a default it must be there."""
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 1e12:
        refuse(400, "bad_field", f"请填写 {name}，它应当是数字。")
    return value


def flag(given: dict, name: str) -> bool:
    """True or false of the body; absent is false."""
    value = given.get(name, False)
    if not isinstance(value, bool):
        refuse(400, "bad_field", f"{name} 应当是 true 或 false。")
    return value


def after() -> int:
    """`?after=` as a whole number, 0 when it is absent."""
    value = request.args.get("after", "0")
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        refuse(400, "bad_field", "after 应当是整数。")
    return int(value)


def person_named(key: str) -> Person:
    """The person with this key, else 404."""
    found = world().people.get(key)
    if found is None:
        refuse(404, "unknown_person", "没有这个人，请从名单里选一位。")
    return found


def app_named(given: dict) -> App:
    """The app named in the body, else 404."""
    found = world().apps.get(text(given, "app"))
    if found is None:
        refuse(404, "unknown_app", "没有这个小程序或公众号，请检查 app。")
    return found
