"""Answer a write once: under its Idempotency-Key the same request gets the same answer, another one a 409."""

import hashlib
from collections.abc import Callable

from flask import request
from pydantic import BaseModel

from app.context import here
from app.guard import actor
from app.rules import receipt
from handlers.api.reading import MaybeOnce, Once
from models.base import write
from models.receipt import Receipt

Answer = tuple[BaseModel | dict, int]


def answer_once(
    once: Once | MaybeOnce, sent: BaseModel | bytes, deed: Callable[[], BaseModel], status: int = 200,
    limit: str | Callable[[], None] = "",
) -> Answer:  # fmt: skip
    """Do the deed and keep its answer in one transaction, or give the answer kept before. `sent` is what was asked.

    A repetition does not count against the `limit`: the name of one in the settings, or what counts several.
    """
    person, key = actor().person, once.idempotency_key
    known = known_answer(once, sent)
    if known is not None:
        return known.body, known.status
    if callable(limit):
        limit()
    elif limit:
        here().limit(limit, person.key)
    with write():
        known = receipt.begin(person, key, request_hash(sent)) if key else None
        if known is not None:
            return known.body, known.status
        answer = deed()
        if key:
            receipt.keep(person, key, status=status, body=answer.model_dump(mode="json"))
    return answer, status


def known_answer(once: Once | MaybeOnce, sent: BaseModel | bytes) -> Receipt | None:
    """The answer kept before, for a deed with work to do before its transaction."""
    key = once.idempotency_key
    return receipt.earlier(actor().person, key, request_hash(sent)) if key else None


def request_hash(sent: BaseModel | bytes) -> str:
    """What tells a repetition from another request: the address and the content, whatever the spelling of the JSON."""
    content = sent if isinstance(sent, bytes) else sent.model_dump_json().encode()
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + content).hexdigest()
