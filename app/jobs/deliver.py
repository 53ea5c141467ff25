"""Deliver letters: claim one, mark it `sending` and spend its budget, send it outside any transaction, settle it.

A letter whose outcome is unknown is never silently sent again, unless a repetition is harmless (app.rules.letter).
"""

import logging
import random
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from app.context import Context
from app.gateway.wechat import GatewayError, Outcome
from app.jobs import layout
from app.links import unit_link
from app.rules import audit, letter, push
from app.rules import unit_link as unit_links
from app.rules.subcase_sight import contacts_of
from models.base import database, now, write
from models.letter import Letter, Quota, Subscription
from models.person import Identity
from models.subcase import Subcase

log = logging.getLogger(__name__)
#: How long an account rests after the platform refused the account itself.
ACCOUNT_PAUSE = timedelta(minutes=5)
#: With a template message: the mini-program is not linked to the official account; another channel may do.
UNLINKED = 40013


def next_letter(context: Context) -> bool:
    """Claim and deliver the next letter. False when there is none to deliver now."""
    with write():
        row = _claim(context)
    if row is None:
        return False
    if not row.fence:
        return True  # it ended at the claim: too old, or nothing left to spend
    try:
        platform_id = _send(context, row)
    except GatewayError as error:
        with write():
            _settle_error(context, row, error)
    else:
        with write():
            _end(row, "deliver", platform_id=platform_id, outcome="ok")
    return True


def _claim(context: Context) -> Letter | None:
    """Take the most urgent due letter; expired ones and those without budget end here, without a call."""
    moment = now()
    query = (
        Letter.select(Letter, Identity)
        .join(Identity)
        .where(Letter.state == "owed", Letter.run_at <= moment)
        .order_by(Letter.urgent.desc(), Letter.run_at, Letter.id)
        .limit(1)
    )
    closed = {(quota.account, quota.channel): quota.until for quota in Quota.select().where(Quota.until > moment)}
    for account, channel in closed:
        query = query.where((Identity.account != account) | (Letter.channel != channel) | Letter.urgent)
    if not database.obj.is_sqlite:
        query = query.for_update("FOR UPDATE OF t1 SKIP LOCKED")
    row = query.first()
    if row is None:
        return None
    if row.expires_at <= moment:
        _end(row, "expire", outcome="expired")
        return row
    fence = secrets.token_hex(8)
    lease = moment + timedelta(seconds=context.settings.letters.lease_seconds)
    if not letter.move(row, "claim", "system", fence=fence, run_at=lease, attempts=Letter.attempts + 1):
        return row
    row = Letter.get_by_id(row.id)
    until = closed.get((row.identity.account, row.channel))
    if not push.may_get(row):
        _end(row, "refuse", outcome="no_right")
    elif until:
        _wait_or_go_round(row, until, outcome="channel_closed")
    elif not _spend(row, moment):
        _end(row, "refuse", outcome=f"no_{row.channel}_budget")
    else:
        return row
    row.fence = None
    return row


def _spend(row: Letter, moment: datetime) -> bool:
    """Take one message out of the budget that the platform keeps, before sending; False when it is spent."""
    if row.channel == "chat":
        mine = (Identity.id == row.identity_id) & (Identity.window_until > moment) & (Identity.replies_left > 0)
        return bool(Identity.update(replies_left=Identity.replies_left - 1).where(mine).execute())
    if row.channel == "subscribe":
        mine = (
            (Subscription.identity == row.identity_id) & (Subscription.kind == row.kind) & (Subscription.remaining > 0)
        )
        return bool(Subscription.update(remaining=Subscription.remaining - 1).where(mine).execute())
    return True


def _give_back(row: Letter) -> None:
    """The message did not go out: its budget comes back."""
    if row.channel == "chat":
        Identity.update(replies_left=Identity.replies_left + 1).where(Identity.id == row.identity_id).execute()
    elif row.channel == "subscribe":
        Subscription.update(remaining=Subscription.remaining + 1).where(
            Subscription.identity == row.identity_id, Subscription.kind == row.kind
        ).execute()


def _send(context: Context, row: Letter) -> str | None:
    """The one call of a letter, by its channel. Raises GatewayError."""
    identity = row.identity
    account, settings = context.account_of(identity.account), context.settings.wechat.accounts[identity.account]
    if row.channel == "chat":
        account.say_text(identity.openid, layout.chat(row.content["text"] + _link(context, row)))
        return None
    template = getattr(settings.templates, row.kind, None)
    if template is None:
        raise GatewayError("no_template", Outcome.PERMANENT)
    data = layout.fields(template, row.content)
    page = f"{template.page}?key={row.content.get('key', '')}" if template.page else None
    if row.channel == "subscribe":
        state = "formal" if context.settings.production else "developer"
        return account.send_subscribe(identity.openid, template.id, data, page=page, state=state)
    mini = context.account_of_kind("miniprogram")
    mini_appid = context.settings.wechat.accounts[mini].appid if mini else None
    return account.send_template(
        identity.openid,
        template.id,
        data,
        page=page if mini_appid else None,
        mini_appid=mini_appid,
        client_msg_id=row.key,
    )


def _link(context: Context, row: Letter) -> str:
    """The address at which a unit answers, made when the letter leaves: it stands in no row of ours."""
    found = Subcase.get_or_none(Subcase.key == row.content.get("subcase", ""))
    if found is None or found.unit_id is None:
        return ""
    if not any(person.id == row.person_id for person in contacts_of(found.unit)):
        return ""  # a copy for the community, which looks at it at the desk
    address = unit_link(found.key, found.unit.key, unit_links.renewals(found), context.settings)
    return f"\n点开答复：{address}"


def _settle_error(context: Context, row: Letter, error: GatewayError) -> None:
    """What did not simply arrive: refused, later, unknown, or given up."""
    log.info("letter %s %s: %s", row.key, row.channel, error)
    said: dict[str, Any] = {"outcome": error.reason[:80], "outcome_code": error.code}
    if error.outcome is Outcome.UNKNOWN and row.kind not in letter.HARMLESS_TWICE:
        _end(row, "doubt", **said)
        return
    refused_account = error.account_wide and error.code != UNLINKED
    if refused_account or error.outcome is Outcome.BUDGET:
        # Secret, whitelist, ban or daily quota: every letter would fail alike until a person mends it or the day ends.
        until = now() + (ACCOUNT_PAUSE if refused_account else timedelta(seconds=error.retry_after or 3600))
        _give_back(row)
        _close_channel(row, until)
        _wait_or_go_round(row, until, **said)
        return
    if error.outcome is Outcome.PERMANENT:
        if row.channel == "subscribe" and error.code == 43101:
            # The person switched it off, or our count was wrong: nothing is left of it.
            Subscription.update(remaining=0).where(
                Subscription.identity == row.identity_id, Subscription.kind == row.kind
            ).execute()
        if row.channel == "chat" and error.code in (45015, 45047):
            Identity.update(replies_left=0).where(Identity.id == row.identity_id).execute()
        _end(row, "refuse", **said)
        return
    _give_back(row)
    if row.attempts >= context.settings.letters.attempts:
        _end(row, "fail", **said)
        return
    _postpone(row, now() + _delay(context, row.attempts, error.retry_after), **said)


def _close_channel(row: Letter, until: datetime) -> None:
    """Nothing of this account and channel goes out before then; other ways stay open."""
    where = {"account": row.identity.account, "channel": row.channel}
    Quota.insert(**where, until=until).on_conflict(
        conflict_target=[Quota.account, Quota.channel], update={Quota.until: until}
    ).execute()


def _wait_or_go_round(row: Letter, until: datetime, **said) -> None:
    """Its channel is closed: what is urgent takes the next one, everything else waits."""
    if row.urgent and row.next_channels:
        _end(row, "fail", **said)
    else:
        _postpone(row, until, back=1, **said)


def _postpone(row: Letter, at: datetime, back: int = 0, **said) -> None:
    letter.move(row, "postpone", "system", run_at=at, fence=None, attempts=Letter.attempts - back, **said)


def _delay(context: Context, attempts: int, least: float | None) -> timedelta:
    """Doubling with full jitter, so that a thousand letters do not come back in the same second."""
    first, limit = context.settings.letters.backoff_seconds, context.settings.letters.backoff_limit_seconds
    ceiling = min(limit, first * 2 ** (attempts - 1))
    return timedelta(seconds=max(least or 0, random.uniform(ceiling / 2, ceiling)))  # noqa: S311 - jitter, not a secret


def _end(row: Letter, verb: str, **values) -> bool:
    """End a letter; one that surely did not arrive goes on to the next channel or person. The desk sees both.

    One whose outcome is unknown does not: the person may have it already.
    """
    moved = letter.move(row, verb, "system", ended_at=datetime.now(UTC), fence=None, **values)
    if moved and verb != "deliver":
        if verb != "doubt":
            letter.fall_back(row)
        audit.tell_screens(row.community, "letter", row.key)
    return moved


def sweep() -> int:
    """Letters whose sender died between marking and settling: sent again when harmless, else `uncertain`."""
    stuck = list(Letter.select().where(Letter.state == "sending", Letter.run_at <= now()).limit(100))
    for row in stuck:
        with write():
            if row.kind in letter.HARMLESS_TWICE:
                _postpone(row, now(), outcome="sender_died")
            else:
                _end(row, "doubt", outcome="sender_died")
    return len(stuck)
