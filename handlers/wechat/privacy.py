"""What one may ask of the own data in the chat: read in short what is kept and why, and take a consent back."""

from app.rules import consent
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker

SHORT = (
    "您说的事、照片和位置，只给办这件事的网格员和本社区工作人员看，用来把事办好；被投诉的一方看不到您是谁。\n"
    "要看自己的信息、要一份副本、要删除、看谁查过您的信息：打开小程序“我的”→“隐私”，一天之内办完。\n"
    "不想再让我们用手机号或位置：回复“撤回同意 手机号”或“撤回同意 位置”，马上生效，不影响您上报。"
)
#: How people call what they take back.
WORDS = {"手机": "phone", "电话": "phone", "号码": "phone", "位置": "location", "定位": "location", "地点": "location"}
DONE = {
    "phone": "已撤回，您的手机号已经删除。以后办事的人只在微信里答复您。",
    "location": "已撤回，以后小程序不再收您的精确位置。在这里发位置，只用来办您说的那件事。",
}


def show(message: Message, talker: Talker) -> str:
    """ "隐私": the short notice."""
    return SHORT


def withdraw(message: Message, talker: Talker) -> str:
    """ "撤回同意 手机号": as easy as it was given."""
    kind = next((kind for word, kind in WORDS.items() if word in message.text), None)
    if kind is None:
        return "请写明要撤回哪一项：回复“撤回同意 手机号”或“撤回同意 位置”。"
    consent.withdraw(talker.actor.person, kind, actor=talker.actor, channel="chat")
    return DONE[kind]
