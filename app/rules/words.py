"""Understanding one sentence of a resident, by rules and without a network: what is it about, and is it small talk?

What a category listens for is data (its keywords), so a community can teach it new words. Where the thing is stands in
place_words. Every function here takes text of any length and looks at its beginning only.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.rules.place_words import PlaceWords, place_in

__all__ = [
    "PlaceWords", "Suggestion", "asks_human", "case_number", "clean", "is_greeting", "is_thanks", "place_in", "suggest",
]  # fmt: skip

LOOK_AT = 2000
DECISIVE = 50

_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2190-\u21ff\u2b00-\u2bff"
_JOINER = re.compile(f"(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])")
_NOISE = re.compile(r"[\W_]+")

_GREETING = re.compile(
    r"(?:你们?好|您好|大家好|早上好|上午好|中午好|下午好|晚上好|早|在吗|在不在|在不|有人吗|有人在吗|哈喽|嗨|喂|hi|hello|请问)+"
    r"[啊呀哦哈吗嘛呢吧]*"
)
_THANKS = re.compile(
    r"(?:好的?|嗯+|行|收到|知道了|明白了?|太好了|真快|哦+|ok)*"
    r"(?:(?:非常|太|真是?|十分|真的)?(?:谢谢|感谢|多谢|谢了|辛苦|麻烦)(?:你们?|您|了|啦|大家|师傅|社区|网格员|书记|同志)*)+"
    r"[啊呀哦哈啦了]*"
)
_COMPLAINT = re.compile(
    r"投诉|举报|控告|告他|告她|态度|恶劣|不作为|推诿|敷衍|踢皮球|不管事|不理人|骂人?|打人|动手|辱骂|威胁|刁难|"
    r"收钱|要钱|吃拿卡要|索要|受贿|偏袒|失职|渎职|玩忽|吃空饷|骚扰|造假|作假|不接电话|不管我们|没人性"
)
_HUMAN = re.compile(
    r"转人工|人工(?:客服|服务|台|回复)|^人工$|真人|"
    r"(?:找|叫|要|换|联系|转|请)(?:一?[个下位])?(?:你们|你)?(?:社区)?的?(?:人工|真人|工作人员|客服|负责人|网格员|书记|主任)|"
    r"(?:给我|回我)(?:回)?个?电话|别用机器人|不要机器人"
)

# "号" also ends dates, doors and bus lines: without a # it is a case only when the sentence speaks of one.
_DIGITS = str.maketrans("０１２３４５６７８９＃　", "0123456789# ")
_FOREIGN = r"[A-Za-z0-9\u00c0-\u1fff]"
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_HASH = re.compile(rf"(?<!{_FOREIGN})#\s*([1-9][0-9]{{0,8}})(?!{_FOREIGN}|\s*号?(?:楼|栋|院|门|单元))")
_SPOKEN = re.compile(
    r"(?:我的|我|请问|查一?下|查询|看看|编号|工单|案件|事项|那个|[，,：:\s])*([1-9][0-9]{0,8})\s*号"
    r"(?:\s*$|[\s，。？！,.?!]*(?:的?(?:案件|工单|事项|进度|进展|情况)|怎么样|办(?:得|好|完|了)|处理(?:得|好|完|了)|到哪|解决))"
)


@dataclass(frozen=True)
class Suggestion:
    """A category that may be meant; the higher the score, the more of the sentence speaks for it."""

    code: str
    score: int


def suggest(text: str, categories: Sequence[Mapping]) -> list[Suggestion]:
    """The categories a sentence may belong to, best first; among equals, the order of the categories decides.

    Each category is a mapping with code, name, keywords and, if it likes, negative: words that rule it out. A keyword
    scores its length. "灯 不亮" asks for both words anywhere; "!煤气味" is decisive, whatever else is mentioned.
    """
    heard = _heard(text)
    found = []
    for category in categories:
        if not any(_all_in(word, heard) for word in category.get("negative") or ()):
            score = sum(_score(word, heard) for word in {category["name"], *category["keywords"]})
            if score:
                found.append(Suggestion(category["code"], score))
    return sorted(found, key=lambda suggestion: -suggestion.score)


def is_greeting(text: str) -> bool:
    """Whether this is a greeting and nothing else."""
    return _GREETING.fullmatch(_heard(text)) is not None


def is_thanks(text: str) -> bool:
    """Whether this is thanks and nothing else."""
    return _THANKS.fullmatch(_heard(text)) is not None


def complains(text: str) -> bool:
    """Whether a sentence complains about how somebody behaves, and not about a thing that is broken."""
    return bool(_COMPLAINT.search(_heard(text)))


def asks_human(text: str) -> bool:
    """Whether somebody wants to talk to a person instead of the bot."""
    return _HUMAN.search(_heard(text)) is not None


def has_phone(text: str) -> bool:
    """Whether a sentence holds a mobile number of the mainland (11 digits that begin with 13 to 19)."""
    return _MOBILE.search(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text[:LOOK_AT]))) is not None


def case_number(text: str) -> int | None:
    """The number of a case somebody speaks of ("#1023", "＃１０２３", "1023 号怎么样了"), or None.

    Look-alikes are no numbers: other scripts' digits, letters in between, invisible characters anywhere.
    """
    text = text[:LOOK_AT]
    if clean(text, LOOK_AT) != unicodedata.normalize("NFC", text).replace("\r\n", "\n"):
        return None
    text = text.translate(_DIGITS)
    found = _HASH.search(text) or _SPOKEN.match(text)
    return int(found[1]) if found else None


def clean(text: str, limit: int) -> str:
    """A person's words fit to keep and show: at most `limit` characters, NFC, line breaks kept.

    Control characters, invisible ones and those that turn the reading direction are dropped (they forge what others
    see); a zero-width joiner stays where it joins emoji.
    """
    text = unicodedata.normalize("NFC", text[: 4 * limit])
    text = re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", text).replace("\t", " ")
    joints = {found.start() for found in _JOINER.finditer(text)}
    kept = (char for at, char in enumerate(text) if at in joints or _visible(char))
    return "".join(kept)[:limit].rstrip("\u200d")


def _visible(char: str) -> bool:
    """Not a control (Cc), format (Cf: zero-width, bidi), surrogate (Cs), private (Co) or non-character."""
    point = ord(char)
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
        return False
    return char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")


def _heard(text: str) -> str:
    """The sentence as keywords are compared with it: one width, lower case, no spaces, signs or invisible marks."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", clean(text, LOOK_AT)).lower())


@lru_cache(maxsize=8192)
def _read(keyword: str) -> tuple[tuple[str, ...], int]:
    """The words a keyword asks for and what it scores; read once, for every sentence is compared with all of them."""
    parts = tuple(keyword.lower().lstrip("!").split())
    return parts, sum(map(len, parts)) + (DECISIVE if keyword.startswith("!") else 0)


def _all_in(keyword: str, heard: str) -> bool:
    return all(part in heard for part in _read(keyword)[0])


def _score(keyword: str, heard: str) -> int:
    parts, score = _read(keyword)
    return score if parts and all(part in heard for part in parts) else 0
