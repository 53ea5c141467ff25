"""One request, one effect: a repeated API write under the same Idempotency-Key gets the answer that was given before.

The receipt is written in the transaction of the deed, before it: a second request at the same moment waits for the
first on the unique key. A refused deed leaves no receipt, for it may succeed later.

What is done about an own anonymous case leaves its receipt under the alias, at the end of the deed: its key is hashed
with the person's, so that only this person's repetition finds it, and where the answer was the case it says only which.
"""

import hashlib
import secrets
from collections.abc import Callable

import peewee

from app.rules.refusal import Conflict
from models.person import Person, Veil
from models.receipt import Receipt

#: Where the receipt of an anonymous case says which one it was.
VEILED = "veiled_case"


def earlier(person: Person, key: str, request_hash: str) -> Receipt | None:
    """The receipt already given for this key. Raises Conflict `idempotency_key_reused` for another request's key."""
    worn = Veil.select(Veil.alias).where(Veil.person == person)
    plain = Receipt.select(Receipt.id).where(Receipt.person == person, Receipt.key == key)
    veiled = Receipt.select(Receipt.id).where(Receipt.person.in_(worn), Receipt.key == _hashed(person, key))
    # The veiled one first: a second request at the same moment may have claimed the plain key again.
    found = min(Receipt.select().where(Receipt.id.in_(plain.union_all(veiled))), key=_is_plain(person), default=None)
    if found is not None and found.request_hash != request_hash:
        raise Conflict("这个请求编号已经用过了，请换一个再发。", "idempotency_key_reused")
    return found


def _is_plain(person: Person) -> Callable[[Receipt], bool]:
    return lambda row: row.person_id == person.id


def _hashed(person: Person, key: str) -> str:
    return hashlib.sha256(f"{person.key}\n{key}".encode()).hexdigest()


def begin(person: Person, key: str, request_hash: str) -> Receipt | None:
    """Claim the key inside the transaction of the deed; the earlier receipt when it was claimed before, else None."""
    Receipt.insert(person=person, key=key, request_hash=request_hash, status=0).on_conflict_ignore().execute()
    found = earlier(person, key, request_hash)
    if found is not None and found.person_id != person.id:
        _of(person, key).execute()
    # Status 0 is never committed: whoever sees it has just written it.
    return None if found is None or found.status == 0 else found


def _of(person: Person, key: str) -> peewee.ModelDelete:
    return Receipt.delete().where(Receipt.person == person, Receipt.key == key)


def use_once(person: Person, key: str) -> bool:
    """Whether this is the first use of something that is good once, inside the transaction of the deed."""
    mine = secrets.token_hex(32)
    Receipt.insert(person=person, key=key, request_hash=mine, status=204).on_conflict_ignore().execute()
    return Receipt.get(Receipt.person == person, Receipt.key == key).request_hash == mine


def keep(person: Person, key: str, *, status: int, body: dict, alias: Person | None = None) -> None:
    """Write down the answer of the deed that `begin` claimed; about an own anonymous case under its `alias`."""
    told = {"status": status, "body": body}
    if alias is not None:
        told |= {"person": alias, "key": _hashed(person, key)}
    Receipt.update(told).where(Receipt.person == person, Receipt.key == key).execute()


def amend(person: Person, thing: str, **fields: object) -> None:
    """What was forgotten of a thing (its key) goes from the answer kept for this person too; the receipt stays good."""
    for row in Receipt.select().where(Receipt.person == person):
        if row.body.get("key") == thing:
            Receipt.update(body=row.body | fields).where(Receipt.id == row.id).execute()


def forget_uploads(person: Person, photos: list[str]) -> None:
    """Delete the receipts of a person's uploads of these photos (keys): they tell who took them."""
    mine = Receipt.select(Receipt.id, Receipt.body).where(Receipt.person == person) if photos else []
    told = [row.id for row in mine if row.body.get("key") in photos]
    if told:
        Receipt.delete().where(Receipt.id.in_(told)).execute()
