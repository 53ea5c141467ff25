"""How people are shown to those who need to know that there is somebody, not who.

The form is that of the platform's data-security guidance: 王＊四, 138****1234.
"""

STAR = "＊"


def name(words: str) -> str:
    """A name with all but its ends hidden: 张＊, 王＊四, 欧＊＊＊; empty stays empty."""
    if len(words) <= 1:
        return STAR if words else ""
    if len(words) == 2:
        return words[0] + STAR
    return words[0] + STAR * (len(words) - 2) + words[-1]


def phone(number: str | None) -> str:
    """A phone number as it may be shown: "138****0001"; empty without one, or when it is too short to hide anything."""
    return f"{number[:3]}****{number[-4:]}" if number and len(number) >= 9 else ""


def door(label: str) -> str:
    """The label of a household without its door: "幸福家园 3号楼 2单元 501" becomes "幸福家园 3号楼 2单元 ＊"."""
    way, gap, last = label.rpartition(" ")
    return f"{way}{gap}{STAR}" if last else label
