"""One request, one effect: a repeated API write under the same Idempotency-Key gets the answer that was given before.

The receipt is written in the transaction of the deed, before it: a second request at the same moment waits for the
first on the unique key. A refused deed leaves no receipt, for it may succeed later.
"""

import secrets

from app.rules.refusal import Conflict
from models.person import Person
from models.receipt import Receipt


def earlier(person: Person, key: str, request_hash: str) -> Receipt | None:
    """The receipt already given for this key. Raises Conflict `idempotency_key_reused` for another request's key."""
    found = Receipt.get_or_none(Receipt.person == person, Receipt.key == key)
    if found is not None and found.request_hash != request_hash:
        raise Conflict("这个请求编号已经用过了，请换一个再发。", "idempotency_key_reused")
    return found


def begin(person: Person, key: str, request_hash: str) -> Receipt | None:
    """Claim the key inside the transaction of the deed; the earlier receipt when it was claimed before, else None."""
    Receipt.insert(person=person, key=key, request_hash=request_hash, status=0).on_conflict_ignore().execute()
    found = earlier(person, key, request_hash)
    # Status 0 is never committed: whoever sees it has just written it.
    return None if found is None or found.status == 0 else found


def use_once(person: Person, key: str) -> bool:
    """Whether this is the first use of something that is good once, inside the transaction of the deed."""
    mine = secrets.token_hex(32)
    Receipt.insert(person=person, key=key, request_hash=mine, status=204).on_conflict_ignore().execute()
    return Receipt.get(Receipt.person == person, Receipt.key == key).request_hash == mine


def keep(person: Person, key: str, *, status: int, body: dict) -> None:
    """Write down the answer of the deed that `begin` claimed."""
    Receipt.update(status=status, body=body).where(Receipt.person == person, Receipt.key == key).execute()
