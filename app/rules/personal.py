"""What a person may ask for with the own data: a copy (PIPL 45), and to be forgotten (PIPL 47, 50).

Both are done within a day by a task (app/jobs/personal) and noted on the request: what, how many, and the sha256 of the
copy. What the copy holds stands in personal_copy, what an erasure does in personal_erasure.
"""

from datetime import datetime, timedelta

from app.rules import audit
from app.rules.actor import Actor
from app.rules.refusal import Conflict, Refusal
from models.base import new_key, now
from models.lifecycle import DATA_REQUEST, find
from models.person import Person
from models.personal import DataRequest
from models.role import ROLES, roles_of
from models.task import Task

#: Within how long what was asked is done.
WITHIN = timedelta(hours=24)
#: How long an erasure can be taken back; the rest of the day is for the work itself.
UNDO = timedelta(hours=23)
#: How long a copy can be fetched.
FETCH = timedelta(hours=24)
ON_DUTY = "您现在还有职务（{roles}），不能注销。请先联系上一级结束职务，再来注销；需要的话可以先导出自己的数据。"


def ask_export(person: Person, *, actor: Actor) -> DataRequest:
    """Owe a person the own copy; while one is being made this gives that one again."""
    found = _pending(person, "export")
    if found is not None:
        return found
    request = _ask(person, "export", actor, now())
    Task.insert(key=f"export:{request.id}", kind="export", payload={"request": request.id}).execute()
    return request


def ask_erasure(person: Person, *, actor: Actor | None, at_once: bool = False) -> DataRequest:
    """Owe a person to be forgotten. It begins after UNDO, or now with `at_once` (WeChat: authorisation revoked).

    Asking again gives the request there is, which `at_once` hastens. `actor` None is the platform's word.
    Raises Refusal `still_on_duty` for somebody with a role in force.
    """
    _need_no_role(person)
    moment = now()
    begins = moment if at_once else moment + UNDO
    request = _pending(person, "erase")
    if request is None:
        request = _ask(person, "erase", actor, moment)
        Task.insert(
            key=f"erase:{request.id}", kind="erase", payload={"request": request.id}, run_at=begins
        ).execute()  # fmt: skip
    elif at_once:
        Task.update(run_at=begins).where(Task.key == f"erase:{request.id}", Task.state == "ready").execute()
    return request


def withdraw_erasure(person: Person, *, actor: Actor) -> DataRequest:
    """Take back the wish to be forgotten, as long as it has not begun. Raises Conflict `nothing_to_withdraw`."""
    request = DataRequest.get_or_none(
        DataRequest.person == person, DataRequest.kind == "erase", DataRequest.state == "asked"
    )
    if request is None or not move(request, "withdraw", "person", done_at=now()):
        raise Conflict("没有可以取消的注销申请。", "nothing_to_withdraw")
    audit.note(
        "person.erase", actor=actor, community=None, subject=request.key, about=person,
        before={"state": "asked"}, after={"state": "withdrawn"},
    )  # fmt: skip
    return request


def requests_of(person: Person) -> list[DataRequest]:
    """What a person asked for, the newest first, at most fifty."""
    return list(DataRequest.select().where(DataRequest.person == person).order_by(DataRequest.id.desc()).limit(50))


def begins_at(request: DataRequest) -> datetime:
    """Until when an erasure can be taken back."""
    task = Task.get_or_none(Task.key == f"erase:{request.id}")
    return min(request.asked_at + UNDO, task.run_at) if task else request.asked_at + UNDO


def begin(request: DataRequest) -> bool:
    """The work of a request begins, or goes on after it was broken off. False when it was withdrawn or is done.

    An erasure of somebody who was given a role meanwhile is refused, and noted as such.
    """
    if request.state == "doing":
        return True
    if request.kind == "erase" and roles_of(request.person):
        if move(request, "refuse", "system", done_at=now(), proof={"why": "still_on_duty"}):
            audit.note(
                "person.erase", actor=None, community=None, subject=request.key, about=request.person, result="refused"
            )
        return False
    return move(request, "begin", "system")


def exported(request: DataRequest, *, file: str, proof: dict) -> None:
    """The copy lies in the file store under `file` and can be fetched for a day."""
    moment = now()
    if move(request, "finish", "system", done_at=moment, file=file, file_until=moment + FETCH, proof=proof):
        audit.note("person.export", actor=None, community=None, subject=request.key, about=request.person)


def new_file() -> str:
    """Where a copy is put: a name that nobody can guess."""
    return f"copies/{new_key()}{new_key()}.zip"


def fetched(request: DataRequest, *, actor: Actor) -> None:
    """The copy was fetched; the first time is noted on the request, each in the audit log."""
    DataRequest.update(fetched_at=now()).where(
        DataRequest.id == request.id, DataRequest.fetched_at.is_null()
    ).execute()
    audit.note("person.export_fetch", actor=actor, community=None, subject=request.key, about=request.person)


def move(request: DataRequest, verb: str, who: str, **values) -> bool:
    """One guarded change of a request by the table DATA_REQUEST. False when the state does not allow it any more."""
    step = find(DATA_REQUEST, request.state, verb)
    if step is None or who not in step.who:
        return False
    here = (DataRequest.id == request.id) & (DataRequest.state == request.state)
    moved = bool(DataRequest.update(state=step.target, **values).where(here).execute())
    if moved:
        for name, value in {"state": step.target, **values}.items():
            setattr(request, name, value)
    return moved


def _ask(person: Person, kind: str, actor: Actor | None, moment: datetime) -> DataRequest:
    asker = actor.person if actor and actor.person.id != person.id else None
    request = DataRequest.create(
        person=person, asked_by=asker, kind=kind, asked_at=moment, due_at=moment + WITHIN
    )  # fmt: skip
    audit.note(f"person.{kind}", actor=actor, community=None, subject=request.key, about=person, result="asked")
    return request


def _pending(person: Person, kind: str) -> DataRequest | None:
    return DataRequest.get_or_none(
        DataRequest.person == person, DataRequest.kind == kind, DataRequest.state.in_(("asked", "doing"))
    )


def _need_no_role(person: Person) -> None:
    held = {ROLES.get(role.kind, role.kind): None for role in roles_of(person)}
    if held:
        raise Refusal("still_on_duty", ON_DUTY.format(roles="、".join(held)))
