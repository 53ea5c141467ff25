"""The categories of a community: what a file may say of one, and what its admin may change.

Words to listen for, time limits, nearness and whether neighbours may know are facts of a place and are changed at the
desk. Code, zone, questions, who is answerable and what counts as a danger come with the file (app.rules.founding):
others lean on them.
"""

from collections.abc import Mapping, Sequence

from app.rules import audit, questionnaire, zone
from app.rules.actor import Actor
from app.rules.city_class import CLOCK_WORDS, check_references
from app.rules.clock import MAX_AMOUNT
from app.rules.refusal import Conflict, Refusal
from app.rules.setting import forget
from app.rules.words import clean
from models.category import Category

#: The limits of a category and what each asks for, in the order of the work.
LIMITS = {"accept": "接单", "contact": "联系居民", "make_safe": "现场围护", "resolve": "办结"}
PRIORITIES = {
    "p0": "特急", "p1": "紧急", "p2": "较急", "p3": "一般", "p4": "复杂", "consult": "咨询", "suggestion": "建议",
}  # fmt: skip
MOST_WORDS = 120
WORD = 20
NAME = 32
MOST_METRES = 1000
#: What one may set at the desk.
EDITABLE = ("name", "keywords", "negative", "limits", "near_metres", "public", "active")


def check_row(row: Mapping, *, emergencies: Sequence[str], general: Sequence[Mapping] = ()) -> None:
    """Look through a category of a file, with the rows of the file that hold for all. Raises Refusal."""
    where = str(row.get("code", ""))[:40]
    if row.get("zone", "") not in ["", *zone.ZONES]:
        raise Refusal("category_wrong", f"{where}：不认识的 zone。")
    if row.get("priority") not in list(PRIORITIES):
        raise Refusal("category_wrong", f"{where}：priority 只能是 {'、'.join(PRIORITIES)}。")
    check_limits(row.get("sla", {}), where=where)
    check_references(row.get("city_classes", []), where)
    questions = row.get("questions", [])
    questionnaire.check_questions(questions, emergencies=emergencies, where=where)
    zone.check_rows([*row.get("answerable", []), *general], questions, where)


def check_limits(limits: object, *, where: str = "时限") -> dict:
    """Limits as they will be kept: of LIMITS, each {"amount", "clock"}. Raises Refusal `limit_wrong` with its field."""
    if not isinstance(limits, Mapping) or set(limits) - set(LIMITS):
        raise Refusal("limit_wrong", f"{where}：时限只有 {'、'.join(LIMITS)}。", {"limits": "不认识"})
    for name, limit in limits.items():
        said = limit if isinstance(limit, Mapping) and set(limit) == {"amount", "clock"} else {}
        amount = said.get("amount")
        whole = isinstance(amount, int) and not isinstance(amount, bool) and 1 <= amount <= MAX_AMOUNT
        if not whole or said.get("clock") not in list(CLOCK_WORDS):
            raise Refusal(
                "limit_wrong", f"{where}：“{LIMITS[name]}”的时限写 1 到 {MAX_AMOUNT} 的整数，并选一种时钟。",
                {f"{name}_amount": "写整数"},
            )  # fmt: skip
    return dict(limits)


def edit(category: Category, *, actor: Actor, **values) -> Category:
    """Change what EDITABLE names of a category, as a whole: what is refused changes nothing.

    `keywords` and `negative` are lists of words (see app.rules.words.suggest), `near_metres` 0 (the same building) to
    1,000. Raises Refusal with `fields`, Conflict `last_category` for the last one that takes what nothing else takes.
    """
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"{sorted(unknown)} cannot be edited")
    checked = {name: _CHECKS[name](value) for name, value in values.items()}
    if checked.get("active") is False and (category.code == "other" or category.emergency):
        # Where nothing else fits a report goes to "other"; an emergency must never be without its category.
        raise Conflict("“其他”和紧急类别不能停用：居民随时可能用到。", "category_needed")
    changed = {name: value for name, value in checked.items() if getattr(category, name) != value}
    if not changed:
        return category
    before = {name: getattr(category, name) for name in changed}
    Category.update(**changed).where(Category.id == category.id).execute()
    audit.note(
        "category.write", actor=actor, community=category.community, subject=category.code,
        before=_counted(before), after=_counted(changed),
    )  # fmt: skip
    for name, value in changed.items():
        setattr(category, name, value)
    forget()
    return category


def _counted(values: Mapping) -> dict:
    """For the audit: of words only how many there are, for somebody may have typed a name."""
    return {name: len(value) if isinstance(value, list) else value for name, value in values.items() if name != "name"}


def _name(value: object) -> str:
    said = clean(str(value), NAME + 1).strip()
    if not 1 <= len(said) <= NAME:
        raise Refusal("name_wrong", f"名称写 1 到 {NAME} 个字。", {"name": f"1 到 {NAME} 个字"})
    return said


def _words_of(field: str):
    def checked(value: object) -> list[str]:
        said = [clean(str(one), 200).strip() for one in value] if isinstance(value, list) else []
        said = list(dict.fromkeys(one for one in said if one.strip("! ")))
        long = next((one for one in said if len(one) > WORD), None)
        if long is not None:
            raise Refusal("word_too_long", f"每个词最多 {WORD} 个字：“{long[:WORD]}…”太长了。", {field: "有词太长"})
        if len(said) > MOST_WORDS:
            raise Refusal("too_many_words", f"最多 {MOST_WORDS} 个词。", {field: "太多了"})
        return said

    return checked


def _metres(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_METRES:
        said = f"写 0 到 {MOST_METRES} 的整数，0 表示同一栋楼。"
        raise Refusal("metres_wrong", said, {"near_metres": "写整数"})
    return value


_CHECKS = {
    "name": _name, "keywords": _words_of("keywords"), "negative": _words_of("negative"), "limits": check_limits,
    "near_metres": _metres, "public": bool, "active": bool,
}  # fmt: skip
