"""What people asked to be done with their data: make the copy, or forget them. Both can be run again after a break."""

import hashlib
import io
import zipfile
from datetime import datetime

from app.context import Context
from app.gateway.files import FileMissing
from app.rules import personal, personal_copy, personal_erasure
from app.rules.personal_erasure import Step
from models.base import empty_log, write
from models.personal import DataRequest, Deletion

#: How many rows go in one transaction: a second's work, so that nobody waits for it.
BATCH = 200


def export(context: Context, payload: dict) -> None:
    """Make one copy: a ZIP with data.json, 说明.txt and the person's photos and voices."""
    request = DataRequest.get_by_id(payload["request"])
    with write():
        wanted = personal.begin(request)
    if not wanted:
        return
    copy = personal_copy.copy_of(request.person)
    data, missing = _pack(context, copy)
    file = personal.new_file()
    context.files.put(file, data, "application/zip")
    proof = {
        "counts": copy.counts, "files_missing": missing, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()
    }  # fmt: skip
    with write():
        personal.exported(request, file=file, proof=proof)


def _pack(context: Context, copy: personal_copy.Copy) -> tuple[bytes, int]:
    """The bytes of the ZIP, and how many files were not there any more."""
    out, missing = io.BytesIO(), 0
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr("说明.txt", copy.words, zipfile.ZIP_DEFLATED)
        pack.writestr("data.json", copy.json, zipfile.ZIP_DEFLATED)
        for name, key in copy.files.items():
            try:
                pack.writestr(name, context.files.get(key), zipfile.ZIP_STORED)
            except FileMissing:
                missing += 1
    return out.getvalue(), missing


def erase(context: Context, payload: dict) -> None:
    """Forget one person. Raises FilesUnavailable when the file store does not answer: then it goes on later."""
    request = DataRequest.get_by_id(payload["request"])
    with write():
        if not personal.begin(request):
            return
        personal_erasure.let_go(request)
    for step in personal_erasure.steps(personal_erasure.owners(request.person)):
        work_off(context, step, request=request)
    with write():
        personal_erasure.finish(request)
    empty_log()


def work_off(
    context: Context,
    step: Step,
    *,
    request: DataRequest | None = None,
    cutoff: datetime | None = None,
    rounds: int | None = None,
) -> int:
    """Do one step, a batch at a time: first the files, then the rows with the record of it. Gives how many rows.

    Broken off between the two, the next run finds the rows and deletes the files once more, which does no harm.
    At most `rounds` batches; None: until nothing is left.
    """
    done = 0
    while rounds is None or rounds > 0:
        key = step.rows.model._meta.primary_key
        ids = [one for (one,) in step.rows.select(key).order_by(key).limit(BATCH).tuples()]
        if not ids:
            break
        for file in step.files(ids):
            context.files.delete(file)
        with write():
            step.do(ids)
            Deletion.create(kind=step.kind, count=len(ids), cutoff=cutoff, request=request)
        done += len(ids)
        rounds = None if rounds is None else rounds - 1
    return done
