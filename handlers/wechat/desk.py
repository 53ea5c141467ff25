"""Signing in at the desk with the own WeChat: scan the code, read who asks, type the number on the screen."""

from app.rules import desk, session
from app.rules.browser import spoken
from app.rules.refusal import Refusal
from app.rules.wording import PARTS
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker
from models.session import Signin


def scanned(scene: str, talker: Talker) -> str:
    """A sign-in code was scanned: say as whom, from where and for what, before anything is granted."""
    try:
        signin = desk.scan(scene, actor=talker.actor)
    except Refusal as refusal:
        return refusal.message
    address = f"地址 {signin.address}" if signin.address else "地址不明"
    return (
        f"{_what(signin, talker)}\n来自：{spoken(signin.agent)}，{address}。\n"
        "如果是您本人，请回复电脑屏幕上的四位数字；不是您，请回复“取消”。"
    )


def _what(signin: Signin, talker: Talker) -> str:
    if signin.purpose == "setup":
        return "有一台电脑请求让您的微信成为本系统的第一位管理员。"
    parts = "、".join(f"{role.place.name} {PARTS[role.kind]}" for role in talker.actor.roles)
    name = talker.actor.person.name
    return f"有一台电脑请求登录家门口工作台。\n您将以 {f'{parts} {name}'.strip()} 的身份登录。"


def number_typed(message: Message, talker: Talker) -> str:
    """The number on the screen was typed: consent."""
    try:
        session.consent_signin(talker.actor.person, message.text.strip())
    except Refusal as refusal:
        return refusal.message
    return "已确认，请看电脑屏幕。"


def cancelled(message: Message, talker: Talker) -> str:
    """It is not the own screen: the code is worth nothing any more."""
    session.refuse_signin(talker.actor.person)
    return "已取消，那台电脑登录不了。如果不是您在操作，没有人进得去，您不用再做什么。"
