"""Does it sound like danger? A child is believed at once, also where the catalogue of categories knows no such matter.

Everybody who works with children has to act on such words (未成年人保护法 11).
"""

import re

from app.rules.filing import endangers
from models.category import Category
from models.place import Place

#: Of a longer text only the beginning is looked at.
LOOK_AT = 2000
#: What sounds like danger, whatever the matter is. From a child too much is let through rather than too little.
_DANGER = re.compile(
    r"救命|救我|救救|救人|快来人|来人[啊呀]|危险|出事|报警|11[09]|120|受伤|流血|出血|是血|骨折|断了腿|昏|晕|摔|跌|掉[下进]|砸|"
    r"烧|烫|着火|起火|冒烟|火花|爆炸|触电|电到|漏电|煤气|燃气|中毒|溺水|落水|淹|卡住|夹住|困住|被困|被关|锁在|出不来|起不来|"
    r"叫不醒|喘不|没气|不动了|好疼|好痛|很疼|很痛|打我|打人|打架|家暴|虐待|欺负|摸我|脱我|坏人|跟着我|跟踪|拐|绑架|抢|持刀|有刀|"
    r"走丢|走失|迷路|找不到(?:爸|妈|家|爷|奶|大人)|不见了|害怕|想死|不想活|自杀|自残|跳楼|要跳|死了"
)


def sounds_dangerous(words: str, community: Place, category: Category | None = None) -> bool:
    """Whether words, or the category chosen for them, tell of a hazard or of somebody hurt."""
    if category is not None and (category.emergency or category.hazard):
        return True
    return _DANGER.search(words[:LOOK_AT]) is not None or endangers(words[:LOOK_AT], community)
