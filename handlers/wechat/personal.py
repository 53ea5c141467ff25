"""The own data in the chat: how to get a copy, to be forgotten, and to think better of it."""

from app.rules import personal
from app.rules.clock import near
from app.rules.refusal import Refusal
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker

HOW_TO_COPY = (
    "您的资料不在聊天里发，免得被别人看到。请打开小程序“我的”→“隐私”→“导出我的数据”，"
    "几分钟后就能下载，一天内有效。"
)
ASK = (
    "注销后，您的称呼、手机号、住处、对话、照片和已办结事项里的内容都会删除，找不回来；正在办的事会继续办完，但不再知道是谁报的，"
    "里面您的名字和手机号会删去，位置只留大概（有安全隐患的保留准确位置，直到处理好）。\n"
    "想好了请回复“确认注销”。注销前可以先在小程序里导出自己的数据。"
)


def export(message: Message, talker: Talker) -> str:
    """ "导出我的数据": where to get it."""
    return HOW_TO_COPY


def ask(message: Message, talker: Talker) -> str:
    """ "注销": what it means, before anything happens."""
    return ASK


def confirm(message: Message, talker: Talker) -> str:
    """ "确认注销": it is owed, and can still be taken back."""
    try:
        request = personal.ask_erasure(talker.actor.person, actor=talker.actor)
    except Refusal as refusal:
        return refusal.message
    until = near(personal.begins_at(request), talker.moment)
    return (
        f"已受理，受理号 {request.key}。{near(request.due_at, talker.moment)}前全部删除。\n"
        f"改变主意的话，{until}前回复“取消注销”。"
    )


def withdraw(message: Message, talker: Talker) -> str:
    """ "取消注销": nothing was deleted yet."""
    try:
        personal.withdraw_erasure(talker.actor.person, actor=talker.actor)
    except Refusal as refusal:
        return refusal.message
    return "已取消注销，您的资料都还在。"
