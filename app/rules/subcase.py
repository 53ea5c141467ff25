"""Pieces of a case: each answered for by one party by a time, a unit by its link, a colleague, or the community.

What the parties say to them; they move by app.rules.subcase_move alone. The community may ask, not order: a unit
accepts or objects, and the street decides about an objection (北京 接诉即办 Art. 12: one level; 潍坊 12345 Art. 22:
what was then assigned is not returned again).
"""

from datetime import datetime

from app.rules import subcase_letters, unit_duty
from app.rules import subcase_words as said_so
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden, Refusal
from app.rules.subcase_ask import LATEST
from app.rules.subcase_move import ORDER, amend, move, name_of, need_words, words_of
from app.rules.subcase_sight import AMENDS, OPEN, is_called, parts_for, rateable
from app.rules.words import clean
from models.base import now
from models.case import Case, Photo
from models.lifecycle import SUBCASE_STATES
from models.subcase import Subcase, SubcasePhoto
from models.unit import Unit
from models.whistle import Whistle

PHOTO_LIMIT = 9
#: What a photo shows that comes with a verb.
SHOWS = {"arrive": "before", "finish": "after"}


def accept(subcase: Subcase, *, actor: Actor, note: str = "", who: str = "") -> Subcase:
    """The party takes it on."""
    _by_itself(subcase)
    return move(subcase, "accept", actor, words_of(note), name_of(who), accepted_at=now())


def refuse(subcase: Subcase, *, actor: Actor, note: str, who: str = "") -> Subcase:
    """The unit objects, with a reason; the street decides. Raises Refusal note_missing or refusal_final."""
    reason = need_words(note, "请写明为什么不该由贵单位办。")
    if subcase.fixed and subcase.state == "asked":
        raise Refusal("refusal_final", "已经裁定由贵单位办理，不能再提异议；有困难请直接联系社区。")
    subcase = move(subcase, "refuse", actor, reason, name_of(who))
    subcase_letters.answered(subcase, "refuse", reason)
    return subcase


def insist(subcase: Subcase, *, actor: Actor, note: str = "") -> Subcase:
    """The arbiter leaves it with the unit, which cannot object again; the time the objection took is given back."""
    waited = now() - subcase.updated_at
    due = subcase.due_at + waited if subcase.due_at else None
    subcase = move(subcase, "insist", actor, words_of(note), fixed=True, due_at=due)
    subcase_letters.answered(subcase, "insist", words_of(note))
    subcase_letters.plan_reminders(subcase)
    return subcase


def drop(subcase: Subcase, *, actor: Actor | None, note: str = "") -> Subcase:
    """It is not needed any more. The next one of the same whistle or case leads when the lead falls out."""
    if actor is not None:
        _by_itself(subcase)
    told = is_called(subcase)
    subcase = move(subcase, "drop", actor, words_of(note))
    if subcase.lead:
        _pass_the_lead(subcase)
    if told:
        subcase_letters.answered(subcase, "drop", words_of(note))
    return subcase


def _pass_the_lead(subcase: Subcase) -> None:
    same = Subcase.whistle == subcase.whistle_id if subcase.whistle_id else Subcase.whistle.is_null()
    rows = Subcase.select(Subcase, Unit).left_outer_join(Unit).where(
        Subcase.case == subcase.case, Subcase.kind == subcase.kind, same, Subcase.state != "dropped"
    )  # fmt: skip
    category = subcase.case.category
    able = [row for row in rows.order_by(Subcase.id) if not unit_duty.is_pushed(category, row.unit)]
    if able:
        Subcase.update(lead=True).where(Subcase.id == able[0].id).execute()


def arrive(
    subcase: Subcase, *, actor: Actor, who: str, mode: str = "onsite", note: str = "", photos: tuple[Photo, ...] = ()
) -> Subcase:
    """Report in 报到: who came, on site or by telephone or video, perhaps with a photo. Raises Refusal."""
    _by_itself(subcase)
    name = name_of(who) or actor.person.name
    if not name:
        raise Refusal("who_missing", "请写明是谁来的。", {"who": "必填"})
    if mode not in said_so.MODES:
        raise Refusal("mode_unknown", "请选择：到现场，或电话、视频。", {"mode": "不在选项里"})
    said = "，".join(filter(None, (said_so.MODES[mode], words_of(note))))
    subcase = move(
        subcase, "arrive", actor, said, name, arrived_at=now(), arrived_who=name, arrived_mode=mode,
        accepted_at=subcase.accepted_at or now(),
    )  # fmt: skip
    show(subcase, actor, photos, "arrive")
    return subcase


def plan(subcase: Subcase, *, actor: Actor, words: str, until: datetime | None = None, who: str = "") -> Subcase:
    """What will be done until when. Raises Conflict, Forbidden, Refusal words_missing or until_wrong."""
    _by_itself(subcase)
    part = next((one for one in ORDER[:3] if one in parts_for(subcase, actor)), None)
    if part is None:
        raise Forbidden()
    if subcase.state not in AMENDS["plan"]:
        raise Conflict(f"现在是“{SUBCASE_STATES[subcase.state]}”，不能报计划。", "state_forbids")
    text = need_words(words, "请写明打算怎么办。", "plan")
    if until is not None and not now() < until <= now() + LATEST:
        raise Refusal("until_wrong", "计划时间要在以后，最长一年。", {"until": "不对"})
    return amend(subcase, "plan", actor, part, text, name_of(who), plan=text, planned_until=until)


def finish(
    subcase: Subcase, *, actor: Actor, result: str, photos: tuple[Photo, ...] = (), who: str = ""
) -> Subcase:  # fmt: skip
    """It is done, with the result in words and photos. Raises Refusal words_missing."""
    _by_itself(subcase)
    text = need_words(result, "请写明办得怎么样。", "result")
    subcase = move(subcase, "finish", actor, text, name_of(who), result=text, done_at=now())
    show(subcase, actor, photos, "finish")
    subcase_letters.answered(subcase, "finish", text)
    return subcase


def redo(subcase: Subcase, *, actor: Actor, note: str) -> Subcase:
    """The community looked: it is not done yet, with a reason."""
    _by_itself(subcase)
    reason = need_words(note, "请写明哪里还没有办好。")
    subcase = move(subcase, "redo", actor, reason, done_at=None)
    subcase_letters.answered(subcase, "redo", reason)
    return subcase


def rate(subcase: Subcase, *, actor: Actor, rating: int, note: str = "", who: str = "") -> Subcase:
    """1 (bad) to 5 (good): the community rates what the unit did, the unit whether the call was right.

    Both count (北京 接诉即办 Art. 33), each once. Raises Refusal rating_wrong, Conflict, Forbidden.
    """
    parts = parts_for(subcase, actor)
    if not parts & {"unit", "community_admin"}:
        raise Forbidden()
    if not rateable(subcase, parts):
        raise Conflict("现在不能评价，或已经评价过了。", "state_forbids")
    if isinstance(rating, bool) or rating not in range(1, 6):
        raise Refusal("rating_wrong", "请选 1 到 5 分。", {"rating": "不在选项里"})
    text = clean(note, 200).strip()
    if "unit" in parts:
        return amend(
            subcase, "rate", actor, "unit", f"对吹哨评 {rating} 分。{text}", name_of(who), call_rating=rating,
            call_rating_note=text,
        )  # fmt: skip
    return rate_unit(subcase, actor=actor, rating=rating, note=text)


def rate_unit(subcase: Subcase, *, actor: Actor, rating: int, note: str = "") -> Subcase:
    """The community rates a unit 1 to 5, also one that was called and never came. Raises Conflict."""
    return amend(subcase, "rate", actor, "community_admin", f"{rating} 分。{note}", "", unit_rating=rating)


def show(subcase: Subcase, actor: Actor, photos: tuple[Photo, ...], verb: str) -> None:
    """Attach uploaded photos, which now show what was done in the subcase. Raises Refusal."""
    held = SubcasePhoto.select().where(SubcasePhoto.subcase == subcase).count()
    if held + len(photos) > PHOTO_LIMIT * 2:
        raise Refusal("too_many_photos", f"一项最多 {PHOTO_LIMIT * 2} 张照片。", {"photos": "太多了"})
    for photo in photos:
        free = (Photo.id == photo.id) & (Photo.uploader == actor.person) & Photo.case.is_null()
        if not Photo.update(case=subcase.case, kind=SHOWS[verb]).where(free).execute():
            raise Refusal("photo_taken", "这张照片已经用过了，请重新上传。", {"photos": "不可用"})
        SubcasePhoto.create(subcase=subcase, photo=photo)


def open_of(case: Case) -> list[Subcase]:
    """The calls of a case that it cannot be handled without: those that lead a blown whistle and are not over."""
    query = (
        Subcase.select(Subcase, Unit, Whistle).left_outer_join(Unit).switch(Subcase).join(Whistle)
        .where(Subcase.case == case, Subcase.lead, Subcase.state.in_(OPEN), Whistle.state == "blown")
    )  # fmt: skip
    return list(query.order_by(Subcase.id))


def need_no_open_call(case: Case) -> None:
    """Refuse to call a case done while the leading unit of a whistle is at it. Raises Refusal calls_open."""
    waiting = open_of(case)
    if waiting:
        names = "、".join(said_so.party(one) for one in waiting)
        raise Refusal("calls_open", f"牵头的{names}还没有办完；请等其办完，或请社区取消这次吹哨，再说办好。")


def end_with(case: Case, note: str = "") -> None:
    """The case ended: whoever was still asked need not come any more."""
    for one in Subcase.select().where(Subcase.case == case, Subcase.state.in_(OPEN)):
        one.case = case
        drop(one, actor=None, note=note or "这件事已经结束")


def drop_for(case: Case, unit: Unit, note: str) -> None:
    """What this unit was asked in a case is dropped: the case turned out to complain about it."""
    for one in Subcase.select().where(Subcase.case == case, Subcase.unit == unit, Subcase.state.in_(OPEN)):
        one.case, one.unit = case, unit
        drop(one, actor=None, note=note)


def _by_itself(subcase: Subcase) -> None:
    """A safety action moves with its case alone, so that the clock of the case and its own never differ."""
    if subcase.kind == "safety_action":
        raise Refusal("said_with_case", "先保安全这一项随事项走：请在事项里说“现场已安全”。")
