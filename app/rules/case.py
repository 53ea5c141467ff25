"""Cases: report one, and add to it what people say and show.

Its verbs stand by what they are about: dispatch, handling, judgement, ending; all go through case_move.
"""

from app.rules import audit, bundle, classification, crew, dispatch, hazard
from app.rules.actor import Actor
from app.rules.case_move import WORDS_LIMIT, add_step, need_note, part_of_reporter
from app.rules.questionnaire import Outcome
from app.rules.refusal import Refusal
from models.base import now
from models.case import Case, Photo
from models.category import Category
from models.person import Person
from models.place import Counter, Place, grid_of

#: Short numbers begin here, so that they are never mistaken for a house number.
FIRST_NUMBER = 1001


def report(
    *,
    actor: Actor,
    community: Place,
    category: Category,
    words: str,
    channel: str,
    place: Place | None = None,
    place_words: str = "",
    point: tuple[float, float] | None = None,
    behalf_of: Person | None = None,
    worker: Person | None = None,
    told: Outcome | None = None,
) -> Case:
    """Take a report: give it a number, file it, and send it to the grid worker of its place.

    `words` are the resident's own (1 to 2,000 characters), `point` is (latitude, longitude) in degrees; the actor
    may tell it `behalf_of` somebody of the family. An actor under an alias (app.rules.veil) reports anonymously.
    `worker` is sent, when it is known who goes, whatever the routing says. `told` is what the answers to the category's
    questions come to (app.rules.questionnaire).
    Words that name somebody on duty may be a complaint: an admin other than that person then decides who goes.
    Raises Refusal `words_missing` or `words_too_long`.
    """
    if not words.strip():
        raise Refusal("words_missing", "请说一说是什么问题，一句话就行。", {"words": "必填"})
    if len(words) > WORDS_LIMIT:
        raise Refusal("words_too_long", f"内容太长了，请缩短到 {WORDS_LIMIT} 字以内。", {"words": "太长"})
    moment = now()
    told = told or Outcome()
    danger = category.hazard or told.hazard
    due = classification.limits(category, community, moment, danger=danger)
    case = Case.create(
        community=community, number=_next_number(community), reporter=behalf_of or actor.person, channel=channel,
        words=words, first_category=category, category=category, hazard=danger, place=place,
        place_words=place_words[:120], lat=point[0] if point else None, lng=point[1] if point else None,
        grid=grid_of(place), about=crew.named_in(words, community, actor.person),
        anonymous=actor.person.id in actor.aliases, filed_by=actor.person if behalf_of else None,
        accept_due=due.get("accept"), safe_due=due.get("make_safe"), resolve_due=due.get("resolve"),
        contact_due=due.get("contact") if behalf_of or not _found_on_duty(actor, community) else None,
        first_resolve_due=due.get("resolve"), zone=told.zone or category.zone, answers=told.answers,
        created_at=moment, updated_at=moment,
    )  # fmt: skip
    add_step(case, "report", "reported", "reported", actor, part_of_reporter(case, actor))
    audit.note("case.report", actor=actor, community=community, subject=case.key, number=case.number)
    audit.tell_screens(community, "case", case.key)
    if worker is None and bundle.join(case, moment):
        return case
    hazard.begin(case)
    return dispatch.send_out(case, moment, (worker,) if worker else ())


def _found_on_duty(actor: Actor, community: Place) -> bool:
    """Whether it was found by who works there: nobody has to be called back."""
    return bool({"grid_worker", "community_admin"} & actor.parts_in(community))


def _next_number(community: Place) -> int:
    """The next short number of the community, counted in one statement; a rolled-back report gives it back."""
    counted = (
        Counter.insert(community=community, last_number=FIRST_NUMBER)
        .on_conflict(conflict_target=[Counter.community], update={Counter.last_number: Counter.last_number + 1})
        .returning(Counter.last_number)
        .execute()
    )
    return next(iter(counted)).last_number


def add_note(case: Case, *, actor: Actor, note: str) -> None:
    """Add words to a case without moving it: the reporter's supplement or a remark of the community."""
    need_note(note, "请写点什么再发送。")
    own = case.reporter_id in actor.selves
    part = part_of_reporter(case, actor) if own else actor.role_in(case.community)
    actor = actor.facing(case)
    add_step(case, "note", case.state, case.state, actor, part, note[:WORDS_LIMIT])
    audit.note("case.note", actor=actor, community=case.community, subject=case.key)
    audit.tell_screens(case.community, "case", case.key)


def note_contact(case: Case, *, actor: Actor) -> None:
    """A human spoke to the reporter: the first time counts as first contact (domain §3.8)."""
    if case.contacted_at is None:
        Case.update(contacted_at=now()).where(Case.id == case.id, Case.contacted_at.is_null()).execute()
        add_step(case, "contact", case.state, case.state, actor, actor.role_in(case.community))


def add_photos(case: Case, *, actor: Actor, photos: list[Photo], kind: str) -> None:
    """Attach uploaded photos (one's own, not yet attached elsewhere) to a case. Raises Refusal `photo_taken`."""
    uploader = actor.facing(case).person if kind == "report" else actor.person
    for photo in photos:
        done = Photo.update(case=case, kind=kind, uploader=uploader).where(
            Photo.id == photo.id, Photo.uploader == actor.person, Photo.case.is_null()
        )
        if not done.execute():
            raise Refusal("photo_taken", "这张照片已经用过了，请重新上传。", {"photos": "不可用"})
    if photos:
        audit.tell_screens(case.community, "case", case.key)
