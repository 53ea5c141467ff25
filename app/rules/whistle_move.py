"""The one way a whistle changes: by the table models.lifecycle.WHISTLE, guarded by state and version."""

from app.rules import audit
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Forbidden
from models.base import now
from models.lifecycle import WHISTLE, WHISTLE_STATES, find, verbs_for
from models.subcase import Subcase
from models.unit import Unit
from models.whistle import Whistle

WORDS = {"blow": "吹哨", "confirm": "确认", "refuse": "不同意", "cancel": "取消", "close": "办结"}


def move(row: Whistle, verb: str, actor: Actor | None, **values) -> Whistle:
    """The one way a whistle changes state: by the table, guarded by state and version. Raises Conflict, Forbidden."""
    step = find(WHISTLE, row.state, verb)
    if step is None:
        raise Conflict(f"这次吹哨现在是“{WHISTLE_STATES[row.state]}”，不能再{WORDS[verb]}。", "state_forbids")
    if not step.who & (parts_for(row, actor) if actor else frozenset({"system"})):
        raise Forbidden()
    before = row.state
    values |= {"state": step.target, "version": row.version + 1, "updated_at": now()}
    mine = (Whistle.id == row.id) & (Whistle.state == before) & (Whistle.version == row.version)
    if not Whistle.update(**values).where(mine).execute():
        raise Conflict("刚才有人先办了，请刷新后再看。")
    for name, value in values.items():
        setattr(row, name, value)
    case = row.case
    audit.note(
        f"whistle.{verb}", actor=actor, community=case.community, subject=row.key, before={"state": before},
        after={"state": row.state},
    )  # fmt: skip
    audit.tell_screens(case.community, "case", case.key)
    return row


def parts_for(row: Whistle, actor: Actor) -> frozenset[str]:
    """The parts towards a whistle: those towards its case."""
    return actor.parts_for(row.case)


def buttons(row: Whistle, actor: Actor) -> list[str]:
    """What this person may say to it now; a wish is granted by blowing, which has its own form."""
    found = verbs_for(WHISTLE, row.state, set(parts_for(row, actor)))
    # A wish is "closed" by asking one unit to act, which has its own form too.
    return [verb for verb in found if (row.state, verb) != ("wished", "close")]


def calls_of(row: Whistle) -> list[Subcase]:
    """Whom a whistle calls, the lead first."""
    query = Subcase.select(Subcase, Unit).join(Unit).where(Subcase.whistle == row)
    return list(query.order_by(Subcase.lead.desc(), Subcase.id))
