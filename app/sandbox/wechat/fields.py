"""The rules for the values of a subscribe message, one per prefix of the key (`thing1`, `time4`, …).

Source: 开发/服务端/消息相关/订阅消息/发送订阅消息, table of data types.
"""

import re

CHINESE = "\u4e00-\u9fff\u3400-\u4dbf"
CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
DAY = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月|\d{1,2}月\d{1,2}日|\d{4}([-/.])\d{1,2}[-/.]\d{1,2})"
TIME_POINT = rf"({DAY}\s?)?{CLOCK}"
DATE_POINT = rf"{DAY}(\s?{CLOCK})?"
SYMBOL = r"[!-/:-@\[-`{-~·！￥…（）—【】、；：‘’“”，。《》？]"


def _whole(pattern: str):
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _thing(value: str) -> bool:
    return 1 <= len(value) <= 20 and not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", value)


def _name(value: str) -> bool:
    if re.search(f"[{CHINESE}]", value):
        return len(value) <= 10 and re.fullmatch(rf"([{CHINESE}A-Za-z ]|{SYMBOL})+", value) is not None
    return re.fullmatch(rf"([A-Za-z ]|{SYMBOL}){{1,20}}", value) is not None


def _range_of(point: str):
    return _whole(rf"{point}(\s?~\s?{point})?")


RULES = {
    "thing": _thing,
    "number": lambda value: len(value) <= 32 and re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) is not None,
    "letter": _whole(r"[A-Za-z]{1,32}"),
    "symbol": _whole(rf"{SYMBOL}{{1,5}}"),
    "character_string": _whole(r"[!-~ ]{1,32}"),
    "time": _range_of(TIME_POINT),
    "date": _range_of(DATE_POINT),
    "amount": _whole(r"[¥￥$€£]?[0-9]{1,10}(\.[0-9]+)?元?"),
    "phone_number": _whole(r"[0-9+\-() *#]{1,17}"),
    "car_number": _whole(rf"[{CHINESE}A-Za-z0-9]([A-Za-z0-9·]{{0,6}}[{CHINESE}A-Za-z0-9])?"),
    "name": _name,
    "phrase": _whole(rf"[{CHINESE}]{{1,5}}"),
}


def accepts(key: str, value: object, choices: list[str] | None = None) -> bool:
    """Whether the platform would take this value for this key; `choices` are the words of an enum key.

    A key whose prefix the platform does not know is refused.
    """
    if not isinstance(value, str):
        return False
    prefix = re.sub(r"(?<!\d)\d+$", "", key)
    if prefix in ("enum", "enum_string"):
        return value in (choices or [])
    rule = RULES.get(prefix)
    return rule is not None and rule(value)
