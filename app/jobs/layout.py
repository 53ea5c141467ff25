"""Lay out plain values in the fields of a platform template: each field type has its own length and alphabet.

Platform page 订阅消息参数值内容限制 (contract E): a value that breaks its rule makes the whole message fail (47003).
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from app.config import Template

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: What stands when there is nothing to say: a field may not be empty.
EMPTY = {"time": "—", "phrase": "待定", "character_string": "-", "name": "社区", "number": "0"}
CHAT_BYTES = 2048
MORE = "……\n（内容较长，全文请在小程序里看）"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HAN = re.compile(r"[一-鿿]")


def fields(template: Template, content: dict) -> dict[str, str]:
    """The values of a template's platform keys from our content."""
    return {key: fit(key, str(content.get(name) or "")) for key, name in template.fields.items()}


def fit(key: str, value: str) -> str:
    """One value cut to the rule of its field; `key` is a platform key such as thing2 or character_string1."""
    kind = key.rstrip("0123456789")
    value = " ".join(_CONTROLS.sub(" ", value).split())
    if kind in ("time", "date"):
        return moment(value)
    if kind == "thing":
        return _cut(value, 20) or "详情请点开查看"
    if kind == "phrase":
        return "".join(_HAN.findall(value.split("，")[0]))[:5] or EMPTY["phrase"]
    if kind == "character_string":
        return re.sub(r"[^\x21-\x7e]", "", value)[:32] or EMPTY["character_string"]
    if kind == "name":
        return _cut(value, 10) or EMPTY["name"]
    return _cut(value, 32) or EMPTY.get(kind, "—")


def chat(text: str) -> str:
    """Words for the chat, which takes 2,048 bytes: what is longer says where the rest stands."""
    if len(text.encode()) <= CHAT_BYTES:
        return text
    return text.encode()[: CHAT_BYTES - len(MORE.encode())].decode(errors="ignore") + MORE


def moment(value: str) -> str:
    """An ISO 8601 moment as the platform's time fields want it: 2026年11月23日 17:30, in Asia/Shanghai."""
    at = datetime.fromisoformat(value) if value else datetime.now(SHANGHAI)
    return at.astimezone(SHANGHAI).strftime("%Y年%m月%d日 %H:%M")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
