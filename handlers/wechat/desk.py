"""Signing in at the desk with the own WeChat: scan the code, read who asks, type the number on the screen."""

from app.rules import session
from app.rules.refusal import Refusal
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker


def scanned(scene: str, talker: Talker) -> str:
    """A sign-in code was scanned: say who asks, from where and for what, before anything is granted."""
    signin = session.scan_signin(scene, talker.actor.person)
    if signin is None:
        return "这个登录二维码已失效，请在电脑上刷新后重新扫码。"
    what = "成为本系统的第一位管理员" if signin.purpose == "setup" else "登录家门口工作台"
    return (
        f"有一台电脑请求用您的微信{what}。\n来自：{signin.address or '未知地址'}\n"
        "如果是您本人，请回复电脑屏幕上的四位数字；不是您，请不要理会。"
    )


def number_typed(message: Message, talker: Talker) -> str:
    """The number on the screen was typed: consent."""
    try:
        session.consent_signin(talker.actor.person, message.text.strip())
    except Refusal as refusal:
        return refusal.message
    return "已确认，请看电脑屏幕。"
