"""Canaries: values that stand for secrets and personal data, each to be found nowhere but in its place."""

from collections.abc import Iterable
from urllib.parse import quote

#: What the installation keeps to itself.
SETTINGS = {
    "DOORSTEP_SECRETS__KEY": "Cnry0key-Zq7Lw2Vt9Xn4Bc6Md1Rf8Hs3Jk5Gp0",
    "DOORSTEP_WECHAT__ACCOUNTS__MINI__SECRET": "c0ffee11c0ffee22c0ffee33c0ffee44",
    "DOORSTEP_WECHAT__ACCOUNTS__MINI__TOKEN": "Cnry1tokenMini8Lw2Vt",
    "DOORSTEP_WECHAT__ACCOUNTS__MINI__AES_KEY": "Cnry2aesMini4Hs7Jk1Gp9Qw3Er5Ty8Ui0Op2As6DfA",
    "DOORSTEP_WECHAT__ACCOUNTS__OFFICIAL__SECRET": "0ddba11a0ddba11b0ddba11c0ddba11d",
    "DOORSTEP_WECHAT__ACCOUNTS__OFFICIAL__TOKEN": "Cnry3tokenOfficial5Xn",
    "DOORSTEP_WECHAT__ACCOUNTS__OFFICIAL__AES_KEY": "Cnry4aesOffi6Zx8Cv1Bn3Mq5We7Rt9Yu2Io4Pa0SdE",
}
ACCESS_TOKEN = "77_Cnry5access-Hs3Jk5Gp0Zq7Lw2Vt9Xn4Bc6Md1Rf8Hs3Jk5"
SESSION_KEY = "Cnry6sessionKey4Zq7Lw2=="
LOGIN_CODE = "0c3Cnry7loginCode9Xn4Bc6Md1"
PHONE_CODE = "Cnry8phoneCode2Rf8Hs3Jk5Gp"
OPENID = "oCnry9Lw2Vt9Xn4Bc6Md1Rf8Hs30"
UNIONID = "oCnry0union9Xn4Bc6Md1Rf8Hs31"
PHONE = "13912345678"
ID_CARD = "410105199003076543"
NAME = "甘丽雅"
WORDS = "厨房漏水淹到楼下邻居家"
PLACE_WORDS = "槐树底下红色信箱旁"
LAT, LNG = 34.797318, 114.341276
ONE_TIME_CODE = "618033"
AGENT = "CanaryPhone/77.7"

KNOWN = (
    *SETTINGS.values(), ACCESS_TOKEN, SESSION_KEY, LOGIN_CODE, PHONE_CODE, OPENID, UNIONID, PHONE, ID_CARD, NAME, WORDS,
    PLACE_WORDS, str(LAT), str(LNG), ONE_TIME_CODE, AGENT,
)  # fmt: skip


def found_in(text: str | bytes, more: Iterable[str] = ()) -> list[str]:
    """The canaries in a text, also those that an URL, JSON or Python's repr() spelled."""
    text = text.decode(errors="replace") if isinstance(text, bytes) else text
    return [one for one in (*KNOWN, *more) if any(form in text for form in _forms(one))]


def _forms(canary: str) -> set[str]:
    return {canary, quote(canary, safe=""), canary.encode("unicode_escape").decode(), str(canary.encode())[2:-1]}
