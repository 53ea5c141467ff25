"""The chain of the audit log is made, published, kept in a file of the day, sent if wished, and read whole each day."""

import stat
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from app.jobs import seal, tasks, worker
from app.rules import audit, chain
from app.rules.clock import ZONE
from models.alert import Alert
from models.audit import Audit, AuditHead, AuditLink
from models.base import database, now, write
from models.letter import Letter
from models.place import Place
from models.role import Role
from models.task import Task
from tests.rules.together import at_once

VERIFIER = Path(__file__).resolve().parent.parent.parent / "app" / "verify_audit.py"
DAY = timedelta(days=1)


def deed(town, subject: str = "case") -> None:
    with write():
        audit.note("case.read", actor=town.actor("chenjing"), community=town.community(), subject=subject)


def published_at(moment: datetime) -> AuditHead:
    """A head of the present end of the chain as it was published at some moment."""
    end = chain.end()
    return AuditHead.create(position=end.position, hash=end.hash, published_at=moment)


def notice(town, day) -> Path:
    return town.settings.folder / "notices" / f"audit-{day}.txt"


def with_push(town) -> None:
    push = town.settings.audit.model_copy(update={"push": True})
    object.__setattr__(town.context, "settings", town.settings.model_copy(update={"audit": push}))


def test_a_round_of_work_links_what_was_committed(sqlite_town):
    deed(sqlite_town)
    worker.round_of_work(sqlite_town.context)
    assert (chain.waiting(), chain.verify(), AuditLink.select().count() > 0) == (False, None, True)


def test_the_first_round_publishes_and_the_same_hour_publishes_no_more(town):
    deed(town)
    seal.step(town.context)
    assert [head.position for head in AuditHead.select()] == [Audit.select().count()]
    deed(town)
    seal.step(town.context)
    assert AuditHead.select().count() == 1
    assert (chain.waiting(), chain.end().position) == (False, Audit.select().count())


def test_the_next_hour_publishes_again_if_there_is_anything_new(town):
    deed(town)
    with write():
        chain.seal()
    published_at(now() - timedelta(hours=1))
    seal.step(town.context)
    assert AuditHead.select().count() == 1, "nothing new"
    deed(town)
    seal.step(town.context)
    assert [head.position for head in AuditHead.select().order_by(AuditHead.id)][-1] == chain.end().position
    assert AuditHead.select().count() == 2


def test_many_workers_publish_one_head(town):
    deed(town)
    assert [one for one in at_once(*[lambda: seal.step(town.context)] * 4) if one] == []
    assert AuditHead.select().count() == 1
    assert Task.select().where(Task.kind == "audit").count() == 1
    assert chain.verify() is None


def test_there_is_more_to_do_only_after_a_full_batch(town):
    with write():
        for number in range(chain.BATCH):
            audit.note("case.read", actor=None, community=None, subject=f"s{number}")
    assert (seal.step(town.context), seal.step(town.context)) == (True, False)


def test_the_notice_of_the_day_holds_each_head_and_is_for_its_owner_alone(sqlite_town, tmp_path):
    deed(sqlite_town)
    seal.step(sqlite_town.context)
    head = chain.published()
    path = notice(sqlite_town, seal.day_of(head.published_at))
    text = path.read_text("utf-8")
    assert text.splitlines()[:2] == ["家门口 审计日志日告", f"日期：{seal.day_of(head.published_at)}（北京时间）"]
    when = head.published_at.astimezone(ZONE).isoformat(timespec="seconds")
    assert f"{head.position}:{head.hash}  {when}" in text.splitlines()
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert [one.name for one in path.parent.iterdir()] == [path.name], "nothing half-written stays"
    written = path.stat().st_mtime_ns
    seal.step(sqlite_town.context)
    assert path.stat().st_mtime_ns == written, "not written anew without need"
    path.unlink()
    seal.step(sqlite_town.context)
    assert path.read_text("utf-8") == text, "another host, or a lost file"


def test_the_day_that_ended_gets_its_last_head(sqlite_town):
    """The first head of a day is also the last line of the notice of the day before."""
    deed(sqlite_town)
    with write():
        chain.seal()
    early = published_at(now() - DAY)
    yesterday = notice(sqlite_town, seal.day_of(early.published_at))
    seal.keep_notice(sqlite_town.settings.folder, early)
    assert f"到最后一次公布为止，共 {early.position} 条记录。" in yesterday.read_text("utf-8")
    deed(sqlite_town)
    seal.step(sqlite_town.context)
    head = chain.published()
    assert head.position > early.position
    for path in (yesterday, notice(sqlite_town, seal.day_of(head.published_at))):
        assert f"{head.position}:{head.hash}" in path.read_text("utf-8")
    assert f"{early.position}:{early.hash}" in yesterday.read_text("utf-8")


def test_the_command_in_the_notice_works(sqlite_town, tmp_path):
    deed(sqlite_town)
    seal.step(sqlite_town.context)
    head = chain.published()
    path = notice(sqlite_town, seal.day_of(head.published_at))
    wanted = f"python app/verify_audit.py 导出的文件.jsonl --head {head.position}:{head.hash}"
    assert wanted in path.read_text("utf-8").splitlines()
    export = tmp_path / "cut.jsonl"
    export.write_text(f'{{"format":"doorstep-audit-1","after":0,"hash":"{chain.START}"}}\n')
    done = subprocess.run([sys.executable, VERIFIER, export, "--head", f"@{path}"], capture_output=True, text=True)
    assert (done.returncode, "被截断" in done.stdout) == (1, True)


def test_the_head_of_the_day_is_sent_to_those_who_answer_for_it_when_that_is_wished(town):
    deed(town)
    with_push(town)
    for who, kind in (("chenjing", "operator"), ("dengwei", "district_admin")):
        Role.create(person=town.person(who), place=Place.get(Place.kind == "district"), kind=kind)
    with write():
        chain.seal()
    published_at(now() - DAY)
    deed(town)
    at_once(*[lambda: seal.step(town.context)] * 2)
    head, letters = chain.published(), list(Letter.select().where(Letter.kind == "notice"))
    assert sorted(letter.person.name for letter in letters) == sorted(["陈静", "邓伟"])
    for letter in letters:
        assert f"共 {head.position} 条，链头 {head.hash}" in letter.content["text"]
    deed(town)
    seal.step(town.context)
    assert Letter.select().where(Letter.kind == "notice").count() == 2, "once a day"


def test_nothing_is_sent_where_nobody_asked_for_it(town):
    deed(town)
    seal.step(town.context)
    assert Letter.select().where(Letter.kind == "notice").count() == 0


def work_off(town) -> None:
    while tasks.next_task(town.context):
        pass


def test_once_a_day_the_whole_chain_is_read(town):
    deed(town)
    seal.step(town.context)
    work_off(town)
    row = Audit.get(Audit.action == "audit.check")
    assert (row.result, row.detail) == ("done", {"rows": chain.end().position})
    assert Alert.select().count() == 0


def test_a_broken_chain_alarms_the_district(town):
    deed(town)
    seal.step(town.context)
    end = chain.end()
    if database.obj.is_sqlite:
        database.execute_sql("DROP TRIGGER audit_no_update")
    else:
        database.execute_sql("GRANT UPDATE ON audit TO CURRENT_USER")
        database.execute_sql("DROP TRIGGER audit_is_kept ON audit")
    Audit.update(result="refused").where(Audit.id == AuditLink.get_by_id(end.position).audit).execute()
    work_off(town)
    row = Audit.get(Audit.action == "audit.check")
    assert (row.result, row.detail) == ("broken", {"rows": end.position, "at": end.position, "why": "changed"})
    alert = Alert.get()
    assert (alert.kind, alert.place.kind, alert.subject) == ("audit_broken", "district", str(end.position))
    assert f"从第 {end.position} 条起可能被改动过" in alert.words
