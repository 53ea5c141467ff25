"""Who runs the machine: what an operator with the database file in hand can change unseen, and what not."""

import subprocess
import sys
from pathlib import Path

import peewee
import pytest

from app.rules import chain
from models.audit import Audit, AuditLink
from models.base import database, write
from models.person import Person
from tests.rules.cases import case_in

VERIFIER = Path(__file__).parents[2] / "app" / "verify_audit.py"


def seal() -> None:
    while chain.waiting():
        with write():
            chain.seal()


def verify(path: Path, *more: str) -> tuple[int, str]:
    """The verifier as an outsider runs it: the file alone, without anything of ours beside it."""
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path), *more], capture_output=True, text=True, cwd=path.parent
    )
    return done.returncode, done.stdout


def exported(desk, path: Path) -> Path:
    answer = desk("chenjing").get("/audit/export.jsonl")
    assert answer.status_code == 200
    path.write_bytes(answer.data)
    return path


def test_t10_the_database_lets_nobody_change_or_drop_a_row_of_the_log(town):
    """T10 An operator edits the record afterwards: the database refuses it, on SQLite and on PostgreSQL."""
    case_in(town, "closed")
    seal()
    for attempt in (
        Audit.update(result="refused"), Audit.update(person=None).where(Audit.id == 1), Audit.delete(),
        AuditLink.update(hash="0" * 64), AuditLink.delete(),
    ):  # fmt: skip
        before = list(Audit.select().order_by(Audit.id).dicts()), AuditLink.select().count()
        with pytest.raises(peewee.DatabaseError), database.atomic():
            attempt.execute()
        assert (list(Audit.select().order_by(Audit.id).dicts()), AuditLink.select().count()) == before
    assert chain.verify() is None


def test_t10_whoever_forges_the_whole_chain_is_caught_by_a_head_that_somebody_else_kept(desk, hall, tmp_path):
    """T10 An operator removes the triggers, rewrites a row and hashes all anew: a published head gives it away."""
    case_in(hall, "closed")
    seal()
    with write():
        head = chain.publish()
    kept = f"{head.position}:{head.hash}"
    assert verify(exported(desk, tmp_path / "true.jsonl"), "--head", kept)[0] == 0

    for table in ("audit", "audit_link"):
        for deed in ("update", "delete"):
            database.execute_sql(f"DROP TRIGGER {table}_no_{deed}")
    victim = Audit.get(Audit.action == "case.accept")
    Audit.update(person=Person.get(Person.name == "刘洋")).where(Audit.id == victim.id).execute()
    half = exported(desk, tmp_path / "changed.jsonl")
    code, said = verify(half)
    assert (code, "内容与哈希不符" in said) == (1, True)

    AuditLink.delete().execute()
    seal()
    forged = exported(desk, tmp_path / "forged.jsonl")
    assert verify(forged)[0] == 0
    code, said = verify(forged, "--head", kept)
    assert (code, "与公布过的链头不同" in said) == (1, True)
    assert chain.verify() is not None
