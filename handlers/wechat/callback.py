"""`/wechat/<account>`: prove, open, record, hear and answer in one transaction, without a single outbound call.

Heard and handled are one commit: after a crash WeChat's own retry is welcome, after success it is recognised by its key
and gets the same reply. What cannot be read is recorded and answered `success`; only what is not proved gets a 403.
"""

import hashlib
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, Response, request

from app.context import here
from app.guard import guarded
from app.rules import conversation as talk
from app.rules import inbound, letter, person
from app.rules.actor import actor_of
from app.rules.refusal import Refusal
from app.rules.words import clean
from handlers.wechat import envelope, routes
from handlers.wechat.envelope import Keys, Refused, Unreadable
from handlers.wechat.message import Message, read
from handlers.wechat.talker import Talker
from models.base import write
from models.inbound import Inbound

log = logging.getLogger(__name__)
blueprint = Blueprint("wechat", __name__)
#: Longest passive or customer-service text (contract D: 2,048 bytes).
REPLY_BYTES = 2000


@blueprint.get("/wechat/<account>")
@guarded("wechat.push")
def check_url(account: str) -> Response:
    """The platform checks that the address is ours: give back echostr when the signature is right."""
    keys = _keys(account)
    try:
        envelope.verify(keys, _query(), time.time())
    except Refused as refused:
        return _forbidden(account, refused)
    return Response(request.args.get("echostr", "")[:512], mimetype="text/plain")


@blueprint.post("/wechat/<account>")
@guarded("wechat.push")
def push(account: str) -> Response:
    """One delivery of the platform."""
    keys, body = _keys(account), here().read_body(here().settings.wechat.callback_limit_bytes)
    try:
        opened = envelope.open_envelope(keys, _query(), body, time.time())
    except Refused as refused:
        return _forbidden(account, refused)
    try:
        message = read(envelope.parse(opened.content))
    except Unreadable as problem:
        return _keep_unreadable(account, opened.content, problem)
    reply = _handle(account, message)
    if not reply:
        return _success()
    content = envelope.text_reply(message.openid, message.receiver, reply, int(time.time()))
    sealed = envelope.seal(opened.keys, content, opened.aes_key, str(int(time.time())), request.args["nonce"])
    return Response(sealed, mimetype="application/json" if keys.format == "json" else "text/xml")


def _query() -> Mapping[str, str]:
    """What stands behind the question mark. Raises Refused when it is no UTF-8, on which werkzeug itself breaks."""
    try:
        return request.args
    except UnicodeDecodeError as error:
        raise Refused("query") from error


def _keys(account: str) -> Keys:
    """What the account's envelopes are checked with. Raises NotFound for an account we do not have."""
    here().account_of(account)
    one = here().settings.wechat.accounts[account]
    tokens = (one.token.get_secret_value(), one.previous_token.get_secret_value())
    aes_keys = (one.aes_key.get_secret_value(), one.previous_aes_key.get_secret_value())
    return Keys(
        appid=one.appid, mode=one.mode, format=one.format, tokens=tuple(filter(None, tokens)),
        aes_keys=tuple(filter(None, aes_keys)), window=here().settings.wechat.callback_window_seconds,
    )  # fmt: skip


def _handle(account: str, message: Message) -> str:
    """Record and answer once; a repeated delivery gets the earlier reply."""
    with write():
        row = inbound.begin(
            account=account, event_key=message.key, kind=message.event or message.type, payload=message.raw
        )
        if row is None:
            return inbound.earlier(account, message.key).reply
        return _answer(account, message, row)


def _answer(account: str, message: Message, row: Inbound) -> str:
    """Let the routing table answer; the reply goes back passively, or by letter where there is no passive reply."""
    settings = here().settings.wechat.accounts[account]
    if message.about_somebody and person.known(account, message.openid) is None:
        return ""
    identity = person.meet(account=account, kind=settings.kind, openid=message.openid)
    moment = datetime.now(UTC)
    was_out_of_reach = not (identity.window_until and identity.window_until > moment and identity.replies_left)
    if message.type != "event":
        person.heard_from(identity, moment)
    talker = Talker(
        identity=identity, actor=actor_of(identity.person, door="chat"), account=account, kind=settings.kind,
        default=settings.community, moment=moment, kinds=here().kinds_of(account),
    )  # fmt: skip
    try:
        reply = routes.answer(message, talker)
    except Refusal as refusal:
        reply = refusal.message
    if message.type != "event" and was_out_of_reach:
        talk.revive_answers(identity.person)
    if not reply:
        return ""
    # Residents' words come back in it, and a character that XML forbids would make the platform refuse all of it.
    reply = clean(reply, REPLY_BYTES).encode()[:REPLY_BYTES].decode(errors="ignore")
    heard = talk.heard_at(talker.spoke_in, moment) if talker.spoke_in is not None else None
    if talker.spoke_in is not None:
        talk.say(talker.spoke_in, reply, to=heard)
    if settings.kind == "official":
        inbound.answered(row, reply)
        return reply
    # What is said under an alias is answered to the alias: the letter would else name the person beside the number.
    spoke = talker.spoke_in.person if talker.spoke_in is not None else identity.person
    letter.owe(
        kind="reply", person=spoke, identity=identity, event=f"inbound:{row.id}", content={"text": reply},
        community=talker.answered_by(), case=heard.case if heard else None,
    )  # fmt: skip
    return ""


def _keep_unreadable(account: str, content: bytes, problem: Unreadable) -> Response:
    """Keep the beginning of it as it came; the platform's next try of the same is the same row."""
    key = f"unreadable:{hashlib.sha256(content).hexdigest()}"
    payload = {"body": content[:2000].decode(errors="replace").replace("\0", "�")}
    inbound.unreadable(account=account, event_key=key, payload=payload, problem=str(problem))
    log.warning("unreadable delivery to %s: %s", account, problem)
    return _success()


def _forbidden(account: str, refused: Refused) -> Response:
    log.warning("refused delivery to %s: %s", account, refused)
    return Response("forbidden", status=403, mimetype="text/plain")


def _success() -> Response:
    return Response("success", mimetype="text/plain")
