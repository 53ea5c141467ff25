"""Ten thousand reports of one hole in an hour: each has its number, one worker goes, the desk is told a few times.

A new report that is surely known already (app.rules.same) is linked to the first of its like, never merged: that is
for staff (app.rules.merge). The first four within an hour are sent out as any other, for two people may mean two holes;
from the fifth on they are kept with the first: no worker is sent, no limit reminds, and the desk sees one bundle. What
is kept is looked at every hour, and when its first one is over it goes on by itself: nothing is forgotten in a bundle.
"""

from datetime import datetime, timedelta

import peewee

from app.rules import audit, crew, dispatch, hazard, letter, rights, same, same_words, wording
from app.rules.actor import Actor
from app.rules.case_move import amend
from app.rules.clock import ZONE
from app.rules.refusal import Conflict
from models.base import now
from models.case import Case
from models.task import Task

#: From this one on within so long a probable duplicate sends nobody.
KEPT_FROM, WITHIN = 5, timedelta(hours=1)
#: When there are so many the desk is told, once each; whatever comes after that is no news.
BELLS = (KEPT_FROM, 50, 500)
AGAIN = timedelta(hours=1)
_KEPT = Case.handler.is_null() & (Case.state == "reported") & Case.closed_at.is_null()
#: The condition on Case that it is not kept with another: what the desk counts and lists one by one.
BY_ITSELF = Case.same_as.is_null() | ~_KEPT


def join(case: Case, moment: datetime) -> bool:
    """Link a new report to what it surely tells of again. True: it is kept there, and nobody is to be sent.

    Five statements more than for a report of something new, however many there are of it.
    """
    main = same.surely(case)
    if main is None:
        return False
    Case.update(same_as=main).where(Case.id == case.id).execute()
    case.same_as = main
    audit.note("case.alike", actor=None, community=case.community, subject=case.key, main=main.key)
    lately = Case.select(Case.id).where(Case.same_as == main, Case.created_at > moment - WITHIN)
    kept = lately.limit(KEPT_FROM).count() >= KEPT_FROM
    if kept:
        count = same.alike(main)
        if count in BELLS:
            _ring(main, f"alike:{main.id}:{count}", same_words.bundle(main, count))
        _plan(main, moment)
    return kept


def kept(case: Case) -> bool:
    """Whether a case waits with the first of its like, and nobody was sent to it."""
    return case.same_as_id is not None and case.handler_id is None and case.state == "reported"


def bundles(condition: peewee.Expression, most: int) -> list[tuple[Case, int]]:
    """The cases with the most that are kept with them, of a condition on Case, and how many: two queries."""
    count = peewee.fn.COUNT(Case.id)
    rows = Case.select(Case.same_as, count).where(condition, Case.same_as.is_null(False), _KEPT).group_by(Case.same_as)
    counts = dict(rows.order_by(count.desc(), Case.same_as).limit(most).tuples())
    found = {case.id: case for case in same.with_places().where(Case.id.in_(list(counts)))}
    return [(found[one], number) for one, number in counts.items() if one in found]


def apart(case: Case, *, actor: Actor) -> Case:
    """Staff say that it is not the same: it goes on by itself. Raises Forbidden, Conflict `not_alike`."""
    rights.need(actor, "case.merge", case=case)
    if case.same_as_id is None or case.closed_at is not None:
        raise Conflict("它没有和别的事项放在一起，请刷新后再看。", "not_alike")
    waits = kept(case)
    amend(case, "apart", actor, f"#{case.same_as.number}", same_as=None)
    return _send(case) if waits else case


def look(main: Case, moment: datetime) -> None:
    """What is kept with a case: the desk is told once a day; when that case is over, the oldest takes its place."""
    oldest = Case.select().where(Case.same_as == main, _KEPT).order_by(Case.id).first()
    if oldest is None:
        return
    count = same.alike(main)
    if main.closed_at is None:
        day = moment.astimezone(ZONE).date()
        if main.created_at < moment - timedelta(days=1):
            _ring(main, f"alike:{main.id}:{day}", same_words.bundle(main, count))
        _plan(main, moment)
        return
    first = take_place(main, oldest)
    _ring(first, f"alike:{main.id}:over", same_words.left_over(main, count))
    _plan(first, moment)


def take_place(main: Case, heir: Case) -> Case:
    """One of the like of a case becomes the first of them, and is sent out if nobody was."""
    Case.update(same_as=None).where(Case.id == heir.id).execute()
    Case.update(same_as=heir).where(Case.same_as == main, Case.id != heir.id, Case.closed_at.is_null()).execute()
    heir = Case.get_by_id(heir.id)
    audit.note("case.apart", actor=None, community=heir.community, subject=heir.key, main=main.key)
    return _send(heir) if heir.state == "reported" and heir.handler_id is None else heir


def _send(case: Case) -> Case:
    hazard.begin(case)
    return dispatch.send_out(case, now())


def _plan(main: Case, moment: datetime) -> None:
    """Look again at the next full hour; once an hour, however many there are."""
    at = moment.replace(minute=0, second=0, microsecond=0) + AGAIN
    Task.insert(
        key=f"bundle:{main.id}:{at:%Y%m%dT%H}", kind="bundle", run_at=at, payload={"case": main.id}
    ).on_conflict_ignore().execute()


def _ring(main: Case, event: str, text: str) -> None:
    for admin in crew.deciders_of(main):
        letter.owe(
            kind="case_reminder", person=admin, community=main.community, case=main, urgent=main.hazard, event=event,
            content=wording.facts(main) | {"due": now().isoformat(), "text": text, "hint": "相似的上报，请核对合并"},
        )  # fmt: skip
