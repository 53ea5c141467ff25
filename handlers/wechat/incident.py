"""「突发事件」「紧急 3号楼着火」: the same as the one tap of the mini-program, said in the chat."""

import re

from app.rules import conversation as talk
from app.rules import incident
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker

_WORD = re.compile(r"^(我要)?(上报)?(突发事件|紧急情况|紧急)[\s，,。.！!：:]*")


def report(message: Message, talker: Talker) -> str:
    """Everybody from the grid to the district is told at once; what follows the word is what happened."""
    words = _WORD.sub("", message.text.strip())
    conversation = talker.conversation(text=message.text)
    raised = incident.raise_(
        actor=talker.actor, words=words, community=conversation.community, default=talker.default, channel="chat",
        moment=talker.moment,
    )  # fmt: skip
    talk.hear(conversation, text=message.text, case=raised.case, moment=talker.moment)
    return incident.answer(raised)
