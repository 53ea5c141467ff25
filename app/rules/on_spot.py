"""现场即时办: a grid worker finds something and puts it right at once, and writes it down in one go, with photo proof.

It is a case like any other, reported, accepted and handled by the same worker in one transaction, and marked as such:
nobody judges the own work, so it can only lapse, and the rates show it apart as found by the staff itself.
"""

from collections.abc import Sequence

from app.rules import deed, handling, miniprogram, rights
from app.rules.actor import Actor
from app.rules.dispatch import accept
from app.rules.refusal import Forbidden, Refusal
from models.case import Case
from models.letter import Letter
from models.place import Place

CHANNEL = "on_the_spot"


def handle(
    *,
    actor: Actor,
    words: str,
    code: str | None,
    community: Place | None,
    place: Place | None,
    place_words: str,
    point: tuple[float, float] | None,
    before: Sequence[str],
    after: Sequence[str],
    note: str,
    per_case: int,
) -> Case:
    """Write down what a grid worker found and put right: keys of photos `before` (may be none) and `after`.

    Raises Forbidden to who is no grid worker of the place's community, Refusal `after_photo_missing`, or what a report
    or a photo is refused for.
    """
    community = miniprogram.community_for(actor, community, place, point)
    if "grid_worker" not in actor.parts_in(community):
        raise Forbidden("只有本社区的网格员可以登记现场即时办。")
    if not after:
        raise Refusal("after_photo_missing", "请拍一张处理后的照片。", {"after": "缺少处理后的照片"})
    case = miniprogram.report(
        actor=actor, words=words, code=code, community=community, place=place, place_words=place_words, point=point,
        photos=[], per_case=per_case, channel=CHANNEL, worker=actor.person,
    )  # fmt: skip
    Case.update(on_the_spot=True).where(Case.id == case.id).execute()
    case.on_the_spot = True
    case = accept(case, actor=actor)
    deed.attach(case, actor, list(before), "before", per_case)
    deed.attach(case, actor, list(after), "after", per_case)
    if case.hazard:
        rights.need(actor, "case.make_safe", case=case)
        case = handling.make_safe(case, actor=actor, note="")
    rights.need(actor, "case.handle", case=case)
    case = handling.handle(case, actor=actor, note=deed.words(note))
    # The worker knows what the worker did: no letter about it, and no question whether one is satisfied with oneself.
    Letter.delete().where(Letter.case == case, Letter.person == actor.person).execute()
    return Case.get_by_id(case.id)
