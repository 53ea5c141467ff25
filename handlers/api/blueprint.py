"""The blueprint that all API views hang on, and the few words every view says about itself.

A view reads from above: its address, its name in the description, its guard, what comes in, what goes out. The guard
stands before the readers, so that a stranger learns nothing about what a body should look like.
"""

from collections.abc import Callable
from typing import TypeVar

import peewee
from apiflask import APIBlueprint
from apiflask.schema_adapters import registry
from flask import current_app, request

from app.context import TooLarge, here
from app.guard import UNSAFE
from app.rules.refusal import NotFound, Refusal
from handlers.api.reading import JSON_BYTES, REMARKS, StrictReading
from handlers.api.spec import finish

Found = TypeVar("Found", bound=peewee.Model)

#: Operations whose body is no JSON (spec.BODIES).
READ_BY_THEMSELVES = frozenset({"addPhoto", "addVoice"})

api = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="api")
registry.register("pydantic", StrictReading)


@api.record_once
def _describe(state) -> None:
    """Errors are described in one place (spec.finish) instead of by APIFlask's own, different shapes."""
    state.app.config.update(
        AUTO_VALIDATION_ERROR_RESPONSE=False, AUTO_AUTH_ERROR_RESPONSE=False, AUTO_404_RESPONSE=False,
        AUTO_SERVERS=False,
        SECURITY_SCHEMES={"bearer": {"type": "http", "scheme": "bearer", "description": "The token of POST /login."}},
    )  # fmt: skip
    state.app.spec_processor(finish)


@api.before_request
def _refuse_a_body_that_nobody_reads() -> None:
    """Whoever sends something wants something by it: a view that takes no body would do another thing than was asked.

    `{}` is no body. Raises Refusal `invalid`.
    """
    if request.method not in UNSAFE or _reads_a_body(request.endpoint or ""):
        return
    try:
        said = b"".join(here().read_body(JSON_BYTES).split())
    except TooLarge:
        said = b"too much"
    if said not in (b"", b"{}"):
        raise Refusal("invalid", "这个请求不带内容，请去掉后再试。", {"body": REMARKS["extra_forbidden"]})


def _reads_a_body(endpoint: str) -> bool:
    """Whether a view says what comes in, or reads it by itself."""
    said = getattr(current_app.view_functions[endpoint], "_spec", {})
    return "body" in said or said.get("operation_id") in READ_BY_THEMSELVES


def named(operation_id: str) -> Callable:
    """The name of a view for a signed-in person in the description."""
    return api.doc(operation_id=operation_id, security="bearer")


def the(model: type[Found], key: str) -> Found:
    """The row with that public key. Raises NotFound for one that is unknown or no key at all, in the same words."""
    found = model.get_or_none(model.key == key) if is_key(key) else None
    if found is None:
        raise NotFound()
    return found


def is_key(text: str) -> bool:
    """Whether this could be a public key, fit to be looked up in any database."""
    return len(text) <= 32 and text.isascii() and text.isalnum()
