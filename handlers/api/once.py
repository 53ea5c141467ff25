"""Answer a write once: under its Idempotency-Key the same request gets the same answer, another one a 409.

The answer about an own anonymous case is not kept: a repetition gets the case as it stands now.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import request
from pydantic import BaseModel

from app.context import here
from app.guard import actor, actor_again
from app.rules import receipt
from handlers.api.case_shapes import CaseOut, whole
from handlers.api.reading import MaybeOnce, Once
from models.base import write
from models.case import Case
from models.receipt import Receipt

Answer = tuple[BaseModel | dict, int]


def _own_veiled(answer: BaseModel) -> str | None:
    return answer.key if isinstance(answer, CaseOut) and answer.anonymous and answer.mine else None


def answer_once(
    once: Once | MaybeOnce, sent: BaseModel | bytes, deed: Callable[[], BaseModel], status: int = 200,
    limit: str | Callable[[], None] = "", about: Callable[[Any], str | None] = _own_veiled,
) -> Answer:  # fmt: skip
    """Do the deed and keep its answer in one transaction, or give the answer kept before. `sent` is what was asked.

    A repetition does not count against the `limit`: the name of one in the settings, or what counts several. `about`
    gives the key of the case an answer is about, for an anonymous one leaves no receipt under the own name.
    """
    person, key = actor().person, once.idempotency_key
    known = known_answer(once, sent)
    if known is not None:
        return _again(known)
    if callable(limit):
        limit()
    elif limit:
        here().limit(limit, person.key)
    with write():
        known = receipt.begin(person, key, request_hash(sent)) if key else None
        if known is not None:
            return _again(known)
        answer = deed()
        _keep(answer, key, status, about(answer))
    return answer, status


def _again(known: Receipt) -> Answer:
    """The answer of a receipt: as it was given, or of an anonymous case as it stands now."""
    if receipt.VEILED not in known.body:
        return known.body, known.status
    return whole(Case.get(Case.key == known.body[receipt.VEILED]), actor_again()), known.status


def _keep(answer: BaseModel, key: str | None, status: int, about: str | None) -> None:
    """Write the receipt of a deed, if it has a key; nothing under the own name about an own anonymous case."""
    who = actor()
    own = (Case.key == about) & Case.anonymous & Case.reporter.in_(list(who.aliases))
    veiled = Case.get_or_none(own) if about and who.aliases else None
    # A case is shown with links that were made for this viewer: it is not kept at all.
    shows_case = veiled is not None and isinstance(answer, CaseOut)
    if isinstance(answer, CaseOut) and shows_case:
        receipt.forget_uploads(who.person, [photo.key for photo in answer.photos])
    if not key:
        return
    body = {receipt.VEILED: veiled.key} if veiled and shows_case else answer.model_dump(mode="json")
    receipt.keep(who.person, key, status=status, body=body, alias=veiled.reporter if veiled else None)


def known_answer(once: Once | MaybeOnce, sent: BaseModel | bytes) -> Receipt | None:
    """The answer kept before, for a deed with work to do before its transaction."""
    key = once.idempotency_key
    return receipt.earlier(actor().person, key, request_hash(sent)) if key else None


def request_hash(sent: BaseModel | bytes) -> str:
    """What tells a repetition from another request: the address and the content, whatever the spelling of the JSON."""
    content = sent if isinstance(sent, bytes) else sent.model_dump_json().encode()
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + content).hexdigest()
