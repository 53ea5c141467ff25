"""The kinds of value a setting can have: secrets, addresses, limits, names, each with its own check.

Every complaint completes the sentence "<name of the setting> …" in Chinese, says what to do, and never repeats the
value, which may be a secret.
"""

import base64
import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from limits import parse_many
from pydantic import AfterValidator, Field, SecretStr

LETTER_FIELDS = ("number", "what", "place", "state", "due", "at", "who", "hint")
SQLITE = "sqlite:///"

# Long enough not to turn up by chance in a random secret, which is letters and digits too.
_PLACEHOLDER = re.compile(
    r".*(change.?me|your[-_ ]|x{6}|\*{3}|placeholder|example|<.*>|请填|填写|替换).*"
    r"|x+|(secret|password|todo|dummy|test)\d*",
    re.I | re.S,
)
# The prefixes the platform lists for subscribe messages; a number follows (接口 "发送订阅消息", 参数值内容限制).
_PLATFORM_KEY = re.compile(
    r"(thing|number|letter|symbol|character_string|time|date|amount|phone_number|car_number|name|phrase|enum)[0-9]{1,3}"
)


def _secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if _PLACEHOLDER.fullmatch(text):
        raise ValueError("还是占位的示例文字，请换成真正的值")
    return value


def _token(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if re.search(r"\s", text):
        raise ValueError("里有空格或换行，请去掉后再启动")
    if text and not re.fullmatch(r"[A-Za-z0-9]{3,32}", text):
        raise ValueError("应当是 3 到 32 位英文字母或数字，请到公众平台核对")
    return value


def _aes_key(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text and len(text) != 43:
        raise ValueError("应当正好 43 个字符，请到公众平台重新复制 EncodingAESKey")
    if text and (not re.fullmatch(r"[A-Za-z0-9+/]{43}", text) or len(base64.b64decode(text + "=")) != 32):
        raise ValueError("不是有效的 Base64 文字，请到公众平台重新复制 EncodingAESKey")
    return value


def _signing_key(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < 32:
        raise ValueError("太短，至少要 32 个字符，请换一个随机的长口令")
    return value


def _limit(value: str) -> str:
    try:
        parse_many(value)
    except ValueError:
        raise ValueError('的写法不对，请写成 "10/minute" 或 "5/minute; 30/hour" 这样') from None
    return value


def _url_parts(value: str) -> tuple[str, str]:
    """Scheme and host of an address; raises ValueError in Chinese when it cannot be taken apart."""
    if re.search(r"%(?![0-9A-Fa-f]{2})|\s", value):
        raise ValueError("里有空格或单独的百分号，请把密码里的 % 写成 %25、空格写成 %20")
    try:
        parts = urlsplit(value)
        _ = parts.port
        return parts.scheme, parts.hostname or ""
    except ValueError:
        raise ValueError("不是完整的网址，请检查主机名和端口") from None


def _web_url(value: str) -> str:
    if value:
        scheme, host = _url_parts(value)
        if scheme not in ("http", "https") or not host:
            raise ValueError("应当是以 https:// 开头的完整网址")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if not value or (value.startswith(SQLITE) and value.removeprefix(SQLITE).strip() not in ("", ":memory:")):
        return value
    scheme, _ = _url_parts(value)
    name = urlsplit(value).path[1:]
    if scheme != "postgresql" or not name or "/" in name:
        raise ValueError("应当写成 sqlite:///文件路径 或 postgresql://用户名@主机/库名")
    return value


def _redis_url(value: str) -> str:
    if value:
        scheme, host = _url_parts(value)
        if not ((scheme in ("redis", "rediss") and host) or (scheme == "unix" and urlsplit(value).path)):
            raise ValueError("应当写成 redis://主机:6379/0 或 rediss://主机:6379/0")
    return value


def _files_url(value: str) -> str:
    if value:
        scheme, host = _url_parts(value)
        if not ((scheme == "s3" and host) or (scheme == "file" and urlsplit(value).path not in ("", "/"))):
            raise ValueError("应当留空，或写成 s3://存储桶/前缀")
    return value


def _network(value: str) -> str:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise ValueError('应当是 IP 地址或网段，例如 "10.0.0.0/8"') from None
    return value


def matching(pattern: str, remark: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(remark)
        return value

    return AfterValidator(check)


def _letter_field(value: str) -> str:
    if value not in LETTER_FIELDS:
        raise ValueError("只能是 " + "、".join(LETTER_FIELDS) + " 之一")
    return value


def _platform_key(value: str) -> str:
    if not _PLATFORM_KEY.fullmatch(value):
        raise ValueError("不是订阅消息的参数名，请按公众平台上的写法，例如 thing2、time4")
    return value


Secret = Annotated[SecretStr, AfterValidator(_secret)]
Token = Annotated[Secret, AfterValidator(_token)]
AesKey = Annotated[Secret, AfterValidator(_aes_key)]
NO_SECRET = SecretStr("")
Count = Annotated[int, Field(ge=1)]
Bytes = Annotated[int, Field(ge=1024, le=1 << 30)]
Workers = Annotated[int, Field(ge=1, le=256)]
Seconds = Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)]
Limit = Annotated[str, AfterValidator(_limit)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]
FilesUrl = Annotated[str, AfterValidator(_files_url)]
Network = Annotated[str, AfterValidator(_network)]
SigningKey = Annotated[Secret, AfterValidator(_signing_key)]
PlatformKey = Annotated[str, AfterValidator(_platform_key)]
LetterField = Annotated[str, AfterValidator(_letter_field)]
AppId = Annotated[str, matching(r"wx[0-9a-f]{16}", "应当是 wx 加 16 位小写十六进制字符，请到公众平台复制 AppID")]
OriginalId = Annotated[str, matching(r"|gh_[0-9a-f]{12}", "应当是 gh_ 开头的原始 ID，请到公众平台复制")]
Page = Annotated[str, matching(r"|[^/\s]\S*", "不能以斜杠开头，也不能有空格")]
AccountName = Annotated[str, matching(r"[a-z][a-z0-9]{0,31}", "里的账号名只能用小写字母和数字，请改名")]
