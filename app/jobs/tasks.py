"""Run due tasks: fetch what was sent in the chat, ask who somebody is, remind, let unjudged cases lapse, tidy up.

The table KINDS says what does what. A task is claimed with a lease (`run_at`) and finished under its fence; one that
fails comes back later, at most eight times, and then stays visible as `dead`.
"""

import logging
import secrets
from datetime import timedelta

from app.context import Context
from app.gateway.wechat import GatewayError, Outcome
from app.jobs import bundle, check, clocks, drafts, export, fetch, personal, seal, tidy, topic, waiting
from app.rules import alert, judgement, person, reminder, subcase_letters
from app.rules.refusal import Refusal
from models.alert import Alert
from models.base import database, now, write
from models.case import Case
from models.person import Identity
from models.place import Place
from models.subcase import Subcase
from models.task import Task

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=120)
ATTEMPTS = 8
#: What the desk is told of a kind of task that was given up, at most once in QUIET.
QUIET = timedelta(hours=1)
DEAD = "后台有一件事没有做成，也不再重试：{}。请系统运维员查看数据库 task 表里 state 为 dead 的行，problem 里是原因。"
WORDS = {
    "introduce": "核对微信用户是谁", "fetch": "取回居民发来的照片或语音", "check": "图片内容审核", "remind": "催办提醒",
    "silence": "无人接单的改派", "resume": "挂账到期恢复办理", "plan_note": "挂账进展提醒",
    "remind_check": "核查提醒",
    "lapse": "到期未评价的事项结案",
    "call_due": "分办和报到的催办", "tidy": "每小时的清理", "draft": "整理没说完的上报", "list": "生成导出的清单",
    "audit": "核对审计日志", "export": "生成个人资料副本", "erase": "注销和删除个人资料",
    "bundle": "核对相似的上报", "follow": "通知也遇到的居民", "merge_rest": "合并相似的上报", "topics": "频发问题统计",
    "skip_check": "无人核查时请居民评价", "question": "到期没有回答的提问",
}


def remind(context: Context, payload: dict) -> None:
    """A share of a time limit has passed."""
    case = Case.get_by_id(payload["case"])
    with write():
        reminder.remind(case, **{name: value for name, value in payload.items() if name != "case"})


def lapse(context: Context, payload: dict) -> None:
    """The time to judge has passed."""
    case = Case.get_by_id(payload["case"])
    if judgement.awaited(case, payload["version"]):
        with write():
            judgement.lapse(case)


def introduce(context: Context, payload: dict) -> None:
    """Ask the platform who somebody in the chat is, to join the accounts of one person."""
    identity = Identity.get_by_id(payload["identity"])
    user = context.account_of(identity.account).user_info(identity.openid)
    if user.unionid:
        with write():
            person.introduce(identity, user.unionid)


def call_due(context: Context, payload: dict) -> None:
    """A share of the time of a called unit, or of another piece of a case, has passed."""
    row = Subcase.get_by_id(payload["subcase"])
    with write():
        subcase_letters.call_due(row, percent=payload["percent"], level=payload["level"], due=payload["due"])


KINDS = {
    "call_due": call_due,
    "introduce": introduce, "fetch": fetch.fetch, "check": check.check, "remind": remind, "lapse": lapse,
    "silence": clocks.silence, "resume": clocks.resume, "plan_note": clocks.note,
    "remind_check": clocks.remind_check,
    "tidy": tidy.tidy, "draft": drafts.file_left, "list": export.make, "audit": seal.check,
    "export": personal.export, "erase": personal.erase, "skip_check": waiting.skip_check,
    "question": waiting.question_over, "bundle": bundle.look, "follow": bundle.tell, "merge_rest": bundle.merge_rest,
    "topics": topic.propose,
}  # fmt: skip
#: What is done when a kind is given up.
GIVEN_UP = {"fetch": fetch.give_up}


def next_task(context: Context) -> bool:
    """Claim and run the next due task. False when there is none."""
    with write():
        row = _claim()
    if row is None:
        return False
    if row.attempts > ATTEMPTS:
        _failed(context, row, Refusal("worker_died", "执行这项任务的程序每次都中断了。"))
        return True
    try:
        KINDS[row.kind](context, row.payload)
    except Exception as error:
        _failed(context, row, error)
    else:
        _finish(row, state="done", ended_at=now())
    return True


def _claim() -> Task | None:
    moment = now()
    query = Task.select().where(Task.state == "ready", Task.run_at <= moment).order_by(Task.run_at, Task.id).limit(1)
    if not database.obj.is_sqlite:
        query = query.for_update("FOR UPDATE SKIP LOCKED")
    row = query.first()
    if row is None:
        return None
    fence = secrets.token_hex(8)
    row.attempts += 1
    taken = (Task.id == row.id) & (Task.run_at == row.run_at)
    won = Task.update(fence=fence, run_at=moment + LEASE, attempts=row.attempts).where(taken).execute()
    row.fence = fence
    return row if won else None


def _finish(row: Task, **values) -> bool:
    """False when the lease ran out and another worker has the task now: then it is that one's to finish."""
    return bool(Task.update(fence=None, **values).where(Task.id == row.id, Task.fence == row.fence).execute())


def _failed(context: Context, row: Task, error: Exception) -> None:
    """Later again, or never: what will not change by waiting is given up at once."""
    hopeless = isinstance(error, Refusal) or (isinstance(error, GatewayError) and error.outcome is Outcome.PERMANENT)
    problem = str(error) if isinstance(error, GatewayError | Refusal) else type(error).__name__
    log.warning("task %s %s: %s", row.kind, row.id, problem, exc_info=not isinstance(error, GatewayError | Refusal))
    if hopeless or row.attempts >= ATTEMPTS:
        with write():
            if _finish(row, state="dead", ended_at=now(), problem=problem[:200]):
                _tell_desks(row.kind)
                if row.kind in GIVEN_UP:
                    GIVEN_UP[row.kind](context, row.payload, error)
        return
    _finish(row, run_at=now() + timedelta(seconds=min(600, 2**row.attempts)), problem=problem[:200])


def _tell_desks(kind: str) -> None:
    """Put an alert on the desk of every district, unless one of this kind of task was given within QUIET."""
    for district in Place.select().where(Place.kind == "district"):
        same = (Alert.kind == "task_dead") & (Alert.subject == kind) & (Alert.place == district)
        if not Alert.select().where(same, Alert.at > now() - QUIET).exists():
            alert.give("task_dead", place=district, subject=kind, words=DEAD.format(WORDS.get(kind, kind)))
