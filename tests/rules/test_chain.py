"""The chain over the audit log: nothing that was written can be changed, dropped, added or swapped unseen."""

import itertools
import json
import re
import secrets
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import peewee
import psycopg
import pytest

from app import migrate
from app.config_engine import engine_remarks
from app.rules import audit, chain
from app.rules.chain import START, Fault
from models.audit import Audit, AuditHead, AuditLink
from models.base import connect, database, now, write
from models.person import Person
from tests.install import ACCOUNT, PRODUCTION, Home
from tests.rules.together import at_once

ROOT = Path(__file__).resolve().parent.parent.parent
VERIFIER = ROOT / "app" / "verify_audit.py"
#: What somebody could write to make one line of a log look like two, or to paint over it.
NASTY = (
    "x\r\n{\"position\":1}", "x\n", "\r", "\x1b[2K\x1b[1A假", "\x0b\x0c\x1c\x1d\x1e", "\x85", "\u2028\u2029", "\x9b31m",
    '"},{"', "\\", "\\n", "</script>", "=cmd()", "\u202e反", "\ufeff", "%0a%0d", "\x7f\x08\x08",
)  # fmt: skip


def deeds(town, count: int = 8) -> None:
    """So many rows of 王大山's and 陈静's, sealed."""
    with write():
        for number in range(count):
            who = ("wangdashan", "chenjing")[number % 2]
            audit.note(
                "case.read", actor=town.actor(who), community=town.community(), subject=f"case{number}",
                about=town.person("zhanglan"), before={"state": "reported"}, after={"state": "dispatched", "n": number},
                reason=f"回访{number}", number=number,
            )  # fmt: skip
    while chain.waiting():
        with write():
            chain.seal()


def lines(shown=lambda row: True) -> list[dict]:
    """The export as it leaves, with the rows that are `shown`, as values."""
    found = [chain.head_line(0)]
    for link, row in itertools.chain(*chain.pages()):
        found.append(chain.line_of(link, chain.row_of(row), shown=shown(row)))
    return [json.loads(one) for one in found]


def text(line: dict | str) -> str:
    """A line as the export writes it: values in their order, no blanks."""
    return line if isinstance(line, str) else json.dumps(line, separators=(",", ":")) + "\n"


def verify(folder: Path, *exports: list, heads: tuple[str, ...] = ()) -> tuple[int, str]:
    """Run the verifier as an outsider would: (exit code, what it says)."""
    names = []
    for number, export in enumerate(exports):
        path = folder / f"export{number}.jsonl"
        path.write_text("".join(map(text, export)), "utf-8")
        names.append(str(path))
    more = [part for head in heads for part in ("--head", head)]
    done = subprocess.run([sys.executable, "-I", VERIFIER, *names, *more], capture_output=True, text=True, cwd=folder)
    assert done.stderr == "", done.stderr
    return done.returncode, done.stdout


def checker(folder: Path):
    """The verifier's own functions, loaded as the file it is, for the test that runs it hundreds of times."""
    space: dict = {"__name__": "verifier"}
    exec(compile(VERIFIER.read_text("utf-8"), VERIFIER, "exec"), space)
    path = folder / "tampered.jsonl"

    def wrong(export: list[dict], heads: dict[int, set[str]] | None = None) -> list[str]:
        check = space["Check"](heads or {})
        path.write_text("".join(map(text, export)), "utf-8")
        space["read_file"](check, str(path))
        check.finish()
        return check.wrong

    return wrong


# -- sealing --------------------------------------------------------------------------------------------------------


def test_every_committed_row_gets_its_place_in_the_order_of_ids(town):
    deeds(town)
    links = list(AuditLink.select().order_by(AuditLink.position))
    assert [link.position for link in links] == list(range(1, len(links) + 1))
    assert [link.audit for link in links] == [row.id for row in Audit.select().order_by(Audit.id)]
    assert (chain.waiting(), chain.verify(), chain.end()) == (False, None, chain.Head(len(links), links[-1].hash))


def test_a_row_that_was_not_committed_is_not_linked(town):
    deeds(town, 1)
    before = chain.end()
    with pytest.raises(RuntimeError), write():
        audit.note("case.read", actor=town.actor("chenjing"), community=town.community(), subject="gone")
        raise RuntimeError
    with write():
        assert chain.seal() == 0
    assert chain.end() == before


def test_the_text_of_a_row_is_the_same_on_both_engines(town):
    """The format is a promise to whoever keeps an export: this row, to the letter, wherever it is kept."""
    with write():
        audit.note(
            "case.read",
            actor=None,
            community=None,
            subject="k",
            reason="看\n房",
            before=None,
            after={"b": 1, "a": [True, "é"]},
        )
    row = Audit.select().order_by(Audit.id.desc()).first()
    told = chain.row_of(row) | {"id": 7, "at": "2026-11-23T09:30:00.000000+00:00"}
    assert list(told) == list(chain.FIELDS)
    assert sorted(chain.FIELDS) == sorted(Audit._meta.fields), "a column that is not hashed could be changed"
    assert chain.text_of(told) == (
        '{"about":null,"action":"case.read","address":"","after":{"a":[true,"\\u00e9"],"b":1},'
        '"at":"2026-11-23T09:30:00.000000+00:00","before":null,"community":null,"detail":{},"door":"job","id":7,'
        '"person":null,"reason":"\\u770b\\n\\u623f","result":"done","role":"system","subject":"k"}'
    )
    assert chain.digest_of("0" * 32, told) == "764d00b59bf4d13ffa3f85813534f597ad2d8681ffa59d2f7fcded35e16ad096"
    assert chain.follow(START, "0" * 64) == "45725791c47b32618cc57b88343e2bceec3b0a01b83bc97d144a2cbc11a20c3d"
    assert chain.row_of(row)["at"].endswith("+00:00") and len(chain.row_of(row)["at"]) == 32


def test_two_sealers_at_once_make_one_chain(town):
    with write():
        for number in range(300):
            audit.note("case.read", actor=town.actor("chenjing"), community=town.community(), subject=f"c{number}")

    def seal() -> int:
        count = 0
        while chain.waiting():
            with write():
                count += chain.seal()
        return count

    counts = at_once(*[seal] * 4)
    assert sum(counts) == Audit.select().count() == AuditLink.select().count()
    assert chain.verify() is None


def test_two_hosts_write_while_two_seal(town):
    """Deeds go on while the chain is made: in the end every row has one place, and the chain holds."""

    def work(name: str) -> None:
        for number in range(40):
            with write():
                audit.note("case.read", actor=None, community=None, subject=f"{name}{number}")

    def seal() -> None:
        for _ in range(60):
            with write():
                chain.seal()

    assert [one for one in at_once(lambda: work("a"), lambda: work("b"), seal, seal) if one] == []
    while chain.waiting():
        with write():
            chain.seal()
    assert AuditLink.select().count() == Audit.select().count()
    assert chain.verify() is None


def test_a_batch_is_bounded(town, monkeypatch):
    deeds(town, 1)
    with write():
        for number in range(chain.BATCH + 1):
            audit.note("case.read", actor=None, community=None, subject=f"s{number}")
    with write():
        assert chain.seal() == chain.BATCH
    with write():
        assert chain.seal() == 1


@pytest.mark.parametrize("town", ["postgres"], indirect=True)
def test_a_lower_id_that_is_committed_later_is_linked_later(town):
    """王大山's deed takes longer than 陈静's, which began after it. (SQLite has one writer: it cannot happen there.)"""
    deeds(town, 1)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with write():
            audit.note("case.read", actor=None, community=None, subject="slow")
            begun.set()
            go_on.wait(10)

    def quick() -> None:
        begun.wait(10)
        with write():
            audit.note("case.read", actor=None, community=None, subject="quick")
        with write():
            chain.seal()
        go_on.set()

    at_once(slow, quick)
    low = Audit.get(Audit.subject == "slow").id
    assert (chain.waiting(), chain.straggler(), low < Audit.get(Audit.subject == "quick").id) == (True, low, True)
    with write():
        assert chain.seal() == 1
    order = [Audit.get_by_id(link.audit).subject for link in AuditLink.select().order_by(AuditLink.position)]
    assert order[-2:] == ["quick", "slow"]
    assert (chain.verify(), chain.straggler()) == (None, None)


@pytest.mark.parametrize("town", ["postgres"], indirect=True)
def test_one_that_comes_much_later_is_found_too(town):
    deeds(town, 1)
    with write():
        audit.note("case.read", actor=None, community=None, subject="late")
    late = Audit.get(Audit.subject == "late").id
    database.execute_sql("SELECT setval(pg_get_serial_sequence('audit', 'id'), %s)", (late + 2 * chain.BACK,))
    with write():
        audit.note("case.read", actor=None, community=None, subject="far")
    with write():
        assert chain.seal(late + 1) == 1
    assert (chain.waiting(), chain.straggler()) == (False, late)
    with write():
        assert chain.seal(late) == 1
    assert (chain.verify(), chain.straggler()) == (None, None)


# -- nobody changes a row -------------------------------------------------------------------------------------------

CHANGES = [
    f"{deed} {table}{rest}"
    for table, column in (("audit", "subject"), ("audit_link", "hash"), ("audit_head", "hash"))
    for deed, rest in (("UPDATE", f" SET {column} = 'x'"), ("DELETE FROM", ""))
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_or_delete(town, statement):
    deeds(town, 2)
    with write():
        chain.publish()
    with pytest.raises(peewee.DatabaseError, match="audit rows are added, never changed or deleted"), write():
        database.execute_sql(statement)
    assert (chain.verify(), Audit.select().where(Audit.subject == "x").count()) == (None, 0)


REPLACEMENTS = [
    "audit (id, at, action, subject, result, detail, reason, address, door, role) "
    "SELECT id, at, action, 'x', result, detail, reason, address, door, role FROM audit LIMIT 1",
    "audit_link SELECT position, audit + 1000, salt, 'x' FROM audit_link LIMIT 1",
    "audit_link SELECT position + 1000, audit, salt, 'x' FROM audit_link LIMIT 1",
    "audit_head (position, hash, published_at) SELECT position, 'x', published_at FROM audit_head LIMIT 1",
    "audit_head (id, position, hash, published_at) SELECT id, 9, 'x', published_at FROM audit_head LIMIT 1",
]


@pytest.mark.parametrize("rest", REPLACEMENTS)
def test_sqlite_puts_no_row_in_the_place_of_another(sqlite_town, rest):
    """INSERT OR REPLACE drops the row before it without asking the triggers that stand before a deletion."""
    deeds(sqlite_town, 2)
    with write():
        chain.publish()
    count = Audit.select().count(), AuditLink.select().count(), AuditHead.select().count()
    for verb in ("INSERT OR REPLACE", "REPLACE"):
        with pytest.raises(peewee.DatabaseError, match="audit rows are added, never changed or deleted"), write():
            database.execute_sql(f"{verb} INTO {rest}")
    assert count == (Audit.select().count(), AuditLink.select().count(), AuditHead.select().count())
    assert (chain.verify(), chain.published().hash) == (None, chain.end().hash)


@pytest.fixture
def unprivileged(servers, tmp_path):
    """The URL of an empty PostgreSQL database whose owner is no superuser, as in production."""
    server, role = urlsplit(servers["postgres"]), f"keeper_{secrets.token_hex(4)}"
    with psycopg.connect(servers["postgres"], autocommit=True) as desk:
        desk.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'word'")
        desk.execute(f"CREATE DATABASE {role} OWNER {role}")
        try:
            yield server._replace(netloc=f"{role}:word@{server.hostname}:{server.port}", path=f"/{role}").geturl()
        finally:
            database.close_all()
            desk.execute(f"DROP DATABASE {role} WITH (FORCE)")
            desk.execute(f"DROP ROLE {role}")


def test_whoever_serves_the_app_may_add_rows_and_has_no_right_to_change_them(unprivileged):
    """All of the log's own work is done under these rights: write, seal, publish, verify."""
    connect(unprivileged)
    migrate.up()
    with database.connection_context():
        with write():
            person = Person.create(name="张兰")
            Audit.insert(action="case.read", person=person, about=person).execute()
            assert (chain.seal(), chain.publish().position, chain.verify()) == (1, 1, None)
        for table, column in (("audit", "role"), ("audit_link", "hash"), ("audit_head", "hash")):
            for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(peewee.ProgrammingError, match=f"permission denied for table {table}"), write():
                    database.execute_sql(statement)
        # Whoever is in the log cannot be taken out of the tables around it either.
        with pytest.raises(peewee.ProgrammingError, match="permission denied for table audit"), write():
            Person.delete().where(Person.id == person.id).execute()
        assert chain.verify() is None


GRANTS = re.findall(r"```sql\n(GRANT .*?)```", (ROOT / "docs" / "运维.md").read_text("utf-8"), re.S)


@pytest.fixture
def serving(servers):
    """The name of a second user, which owns nothing."""
    role = f"server_{secrets.token_hex(4)}"
    with psycopg.connect(servers["postgres"], autocommit=True) as desk:
        desk.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'word'")
        yield role
        desk.execute(f"DROP ROLE {role}")


def test_who_serves_beside_the_owner_cannot_take_the_rights_back(serving, unprivileged, tmp_path):
    """The statements of docs/运维.md: the second user does the app's work, and neither grants nor drops anything."""
    home = Home(tmp_path)
    home.write(PRODUCTION + ACCOUNT)
    connect(unprivileged)
    migrate.up()
    owner = urlsplit(unprivileged)
    with database.connection_context():
        assert len(engine_remarks(home.load(DOORSTEP_DATABASE__URL=unprivileged))) == 1
    with psycopg.connect(unprivileged, autocommit=True) as desk:
        (grants,) = GRANTS
        desk.execute(grants.replace("doorstep_app", serving))
    database.close_all()
    url = owner._replace(netloc=f"{serving}:word@{owner.hostname}:{owner.port}").geturl()
    connect(url)
    with database.connection_context():
        assert engine_remarks(home.load(DOORSTEP_DATABASE__URL=url)) == []
        with write():
            person = Person.create(name="张兰")
            Audit.insert(action="case.read", person=person, about=person).execute()
            assert (chain.seal(), chain.publish().position, chain.verify()) == (1, 1, None)
        for statement in (
            "GRANT UPDATE ON audit TO CURRENT_USER", "DROP TRIGGER audit_is_kept ON audit", "DELETE FROM audit",
            "UPDATE audit_link SET hash = 'x'", "TRUNCATE audit_head", "ALTER TABLE audit DISABLE TRIGGER ALL",
        ):  # fmt: skip
            said = []
            database.obj.connection().add_notice_handler(lambda one, said=said: said.append(one.message_primary))
            try:
                with write():
                    database.execute_sql(statement)
            except peewee.ProgrammingError as error:
                said.append(str(error))
            assert re.search("permission denied|must be owner|no privileges were granted", str(said)), statement
    assert migrate.pending() == []
    database.close_all()


# -- an export that was tampered with -------------------------------------------------------------------------------


def rehash(export: list[dict], start: int) -> list[dict]:
    """What a forger who owns everything does: number anew and hash to the end."""
    before = export[0]["hash"] if start == 1 else export[start - 1]["hash"]
    for position, line in enumerate(export[start:], start):
        digest = chain.digest_of(line["salt"], line["row"]) if "row" in line else line["digest"]
        before = chain.follow(before, digest)
        line |= {"position": position, "hash": before}
    return export


def tampered(export: list[dict]):
    """Every row × update, delete, insert, swap, truncate: (what was done, the first position touched, the export)."""

    def fresh() -> list[dict]:
        return json.loads(json.dumps(export))

    for position in range(1, len(export)):
        for field in ("result", "reason", "person", "at"):
            changed = fresh()
            row = changed[position]["row"]
            row[field] = {"person": 0, "at": "2026-01-01T00:00:00.000000+00:00"}.get(field, "x")
            yield f"update {field}", position, changed
        dropped = fresh()
        del dropped[position]
        if position < len(export) - 1:
            yield "delete", position, dropped
        added = fresh()
        added.insert(position, json.loads(json.dumps(export[position])) | {"salt": "f" * 32})
        yield "insert", position, added
        if position < len(export) - 1:
            swapped = fresh()
            first, second = swapped[position], swapped[position + 1]
            for name in ("salt", "row"):
                first[name], second[name] = second[name], first[name]
            yield "swap", position, swapped
        yield "truncate", position, fresh()[:position]


def test_every_tampering_of_an_export_is_detected(sqlite_town, tmp_path):
    """Without forging: by the chain alone. Hashed anew to the end: only by the head that was published before."""
    deeds(sqlite_town, 40)
    export, wrong = lines(), checker(tmp_path)
    end = chain.end()
    heads = {end.position: {end.hash}}
    assert wrong(export, heads) == []
    count, unseen = 0, []
    for what, position, forged in tampered(export):
        count += 1
        if what != "truncate" and not wrong(forged):
            unseen.append((what, position, "chain"))
        if what == "truncate" and wrong(forged):
            unseen.append((what, position, "a cut-off log looks whole without a head"))
        if not wrong(forged, heads):
            unseen.append((what, position, "head"))
        again = rehash(forged, position) if what != "truncate" else forged
        if wrong(again):
            unseen.append((what, position, "the forger hashed badly"))
        if not wrong(again, heads):
            unseen.append((what, position, "rehashed"))
    assert (unseen, count > 250) == ([], True)


def test_the_verifier_tells_what_is_wrong_in_plain_chinese(sqlite_town, tmp_path):
    deeds(sqlite_town, 6)
    export, end = lines(), chain.end()
    head = f"{end.position}:{end.hash}"
    code, said = verify(tmp_path, export, heads=(head,))
    assert (code, said) == (
        0, f"核对无误：第 1 到 {end.position} 条，看得到内容的 {end.position} 条。链头 {end.position}:{end.hash}\n"
    )  # fmt: skip
    assert verify(tmp_path, export)[1].startswith("提示：没有给出公布过的链头（--head），整段改写或截断看不出来。")
    changed = json.loads(json.dumps(export))
    changed[3]["row"]["result"] = "refused"
    assert verify(tmp_path, changed, heads=(head,))[1].startswith("有问题：第 3 条：内容与哈希不符")
    code, said = verify(tmp_path, export[:3] + export[5:], heads=(head,))
    assert (code, said.splitlines()[0]) == (1, "有问题：第 3 条：缺少，接着出现的是第 5 条。")
    code, said = verify(tmp_path, export[:-2], heads=(head,))
    cut = end.position - 2
    assert (code, said.splitlines()[0]) == (
        1,
        f"有问题：被截断：公布过第 {end.position} 条的链头，导出到第 {cut} 条就没有了。",
    )
    forged = json.loads(json.dumps(export))
    forged[2]["row"]["reason"] = "没看过"
    code, said = verify(tmp_path, rehash(forged, 2), heads=(head,))
    assert (code, said.splitlines()[0]) == (
        1, f"有问题：第 {end.position} 条：哈希与公布过的链头不同，到这里为止的记录被改写过。"
    )  # fmt: skip
    torn = [*export[:2], '{"position":2,"hash"\n', "[]\n", *export[4:]]
    code, said = verify(tmp_path, torn, heads=(head,))
    assert (code, "第 3 行读不懂" in said, "第 4 行读不懂" in said) == (1, True, True)
    # What one reads is what is hashed: a second value of the same name is not looked past.
    for twice in (',"row":{"result":"done"}}\n', ',"position":3}\n', " }\n"):
        doubled = [*export[:2], text(export[2])[:-2] + twice, *export[3:]]
        assert verify(tmp_path, doubled, heads=(head,))[0] == 1


def test_the_verifier_takes_several_files_and_the_notices(sqlite_town, tmp_path):
    deeds(sqlite_town, 9)
    export, end = lines(), chain.end()
    second = [{"format": "doorstep-audit-1", "after": 4, "hash": export[4]["hash"]}, *export[5:]]
    notice = tmp_path / "audit-2026-11-23.txt"
    notice.write_text(f"日告\n{end.position}:{end.hash}  2026-11-23T10:00:00+08:00\n", "utf-8")
    assert verify(tmp_path, export[:5], second, heads=(f"@{notice}",))[0] == 0
    code, said = verify(tmp_path, export[:4], second, heads=(f"@{notice}",))
    assert (code, "接不上前一个文件" in said) == (1, True)
    code, said = verify(tmp_path, second, heads=(f"@{notice}",))
    assert (code, "起点没有公布过的链头可以对照" in said) == (0, True)
    # A second half that was forged from its very beginning: the head of the first half tells.
    false = [second[0] | {"hash": "0" * 64}, *json.loads(json.dumps(second[1:]))]
    rehash(false, 1)
    assert verify(tmp_path, export[:5], false)[0] == 1


def test_the_verifier_points_at_a_row_that_was_written_back(sqlite_town, tmp_path):
    """Whoever can write to the database can add a row of yesterday; it stands at the end, and its date is early."""
    deeds(sqlite_town, 2)
    with write():
        Audit.insert(action="case.read", at=now() - timedelta(days=2)).execute()
        chain.seal()
    end = chain.end()
    code, said = verify(tmp_path, lines(), heads=(f"{end.position}:{end.hash}",))
    assert (code, said.splitlines()[0]) == (
        0, f"提示：第 {end.position} 条：日期比前面的记录早，可能是补写的，请核对。"
    )  # fmt: skip


def test_the_verifier_says_how_it_is_used(tmp_path):
    for arguments in ([], ["nothing.jsonl"], ["nothing.jsonl", "--head", "12"]):
        done = subprocess.run([sys.executable, "-I", VERIFIER, *arguments], capture_output=True, cwd=tmp_path)
        assert done.returncode == 2


def test_the_verifier_stands_alone():
    source = VERIFIER.read_text("utf-8")
    assert (len(source.splitlines()) < 120, "models" in source, "from app" in source) == (True, False, False)


def test_a_stranger_checks_the_whole_chain_and_sees_nothing_of_it(sqlite_town, tmp_path):
    deeds(sqlite_town, 5)
    export, end = lines(shown=lambda row: row.subject == "case3"), chain.end()
    told = json.dumps(export)
    assert verify(tmp_path, export, heads=(f"{end.position}:{end.hash}",))[0] == 0
    assert ("case3" in told, "case2" in told, told.count("salt")) == (True, False, 1)
    hidden = next(line for line in export[1:] if "digest" in line)
    guess = chain.row_of(Audit.get_by_id(AuditLink.get(AuditLink.position == hidden["position"]).audit))
    # Even who guesses the row to the microsecond cannot tell: the salt is not told.
    assert chain.digest_of("", guess) != hidden["digest"]
    assert chain.digest_of("0" * 32, guess) != hidden["digest"]


def test_ten_thousand_nasty_words_forge_no_line(sqlite_town, tmp_path):
    with write():
        for number in range(10_000):
            word = NASTY[number % len(NASTY)] + NASTY[number * 7 % len(NASTY)] + str(number)
            Audit.insert(
                action="case.read", subject=word[:40], reason=word, address=word[:64], detail={word: word}
            ).execute()
    while chain.waiting():
        with write():
            chain.seal()
    count, export = AuditLink.select().count(), lines()
    whole = "".join(map(text, export))
    assert whole.isascii() and len(whole.splitlines()) == count + 1
    assert [ord(letter) for letter in set(whole) if ord(letter) < 32] == [10]
    code, said = verify(tmp_path, export)
    assert (code, f"第 1 到 {count} 条" in said, said.isprintable() or "\n" in said) == (0, True, True)


# -- tampering in the database itself -------------------------------------------------------------------------------


def unlock() -> None:
    """What somebody with the keys of the machine can do: take the triggers away."""
    names = ("audit", "audit_link", "audit_head")
    if database.obj.is_sqlite:
        for name in names:
            for deed in ("update", "delete"):
                database.execute_sql(f"DROP TRIGGER {name}_no_{deed}")
        return
    for name in names:
        database.execute_sql(f"GRANT UPDATE, DELETE ON {name} TO CURRENT_USER")
        database.execute_sql(f"DROP TRIGGER {name}_is_kept ON {name}")


def forge(start: int) -> None:
    """Hash the links anew from a position to the end."""
    before = AuditLink.get_by_id(start - 1).hash if start > 1 else START
    for link in AuditLink.select().where(AuditLink.position >= start).order_by(AuditLink.position):
        before = chain.follow(before, chain.digest_of(link.salt, chain.row_of(Audit.get_by_id(link.audit))))
        AuditLink.update(hash=before).where(AuditLink.position == link.position).execute()


def do_update(position: int) -> None:
    link = AuditLink.get_by_id(position)
    Audit.update(subject="other").where(Audit.id == link.audit).execute()


def do_delete(position: int) -> None:
    Audit.delete().where(Audit.id == AuditLink.get_by_id(position).audit).execute()
    last = chain.end().position
    AuditLink.delete().where(AuditLink.position == position).execute()
    for later in range(position + 1, last + 1):
        AuditLink.update(position=later - 1).where(AuditLink.position == later).execute()


def do_insert(position: int) -> None:
    row = Audit.create(action="case.read", subject="forged")
    for later in range(chain.end().position, position - 1, -1):
        AuditLink.update(position=later + 1).where(AuditLink.position == later).execute()
    AuditLink.insert(position=position, audit=row.id, salt="0" * 32, hash="0" * 64).execute()


def do_swap(position: int) -> None:
    last = chain.end().position
    one, other = (
        AuditLink.get_by_id(place).audit for place in (position, position - 1 if position == last else position + 1)
    )
    Audit.update(id=0).where(Audit.id == one).execute()
    Audit.update(id=one).where(Audit.id == other).execute()
    Audit.update(id=other).where(Audit.id == 0).execute()


def do_truncate(position: int) -> None:
    gone = [link.audit for link in AuditLink.select().where(AuditLink.position >= position)]
    AuditLink.delete().where(AuditLink.position >= position).execute()
    Audit.delete().where(Audit.id.in_(gone)).execute()


class Undo(Exception):
    """Take it back."""


def test_every_tampering_of_the_database_is_detected(town):
    """Every row × every deed, as it is and hashed anew to the end; the second only by the head that was published."""
    deeds(town, 6)
    with write():
        published = chain.publish()
    unlock()
    unseen, count = [], 0
    for position in range(1, published.position + 1):
        for deed in (do_update, do_delete, do_insert, do_swap, do_truncate):
            for hashed_anew in (False, True):
                count += 1
                try:
                    with write():
                        deed(position)
                        if hashed_anew and deed is not do_truncate:
                            forge(max(1, position - 1))
                        fault = chain.verify()
                        if fault is None:
                            unseen.append((deed.__name__, position, hashed_anew))
                        raise Undo
                except Undo:
                    pass
    assert (unseen, count) == ([], published.position * 10)
    assert chain.verify() is None


def test_what_broke_is_told_by_its_position(town):
    deeds(town, 6)
    unlock()
    do_update(3)
    assert (chain.verify(), chain.verify(last=2)) == (Fault(3, "changed"), None)
    AuditLink.update(hash="0" * 64).where(AuditLink.position == 2).execute()
    assert chain.verify() == Fault(2, "changed")
    AuditLink.delete().where(AuditLink.position == 2).execute()
    assert chain.verify() == Fault(2, "gap")
    Audit.delete().where(Audit.id == AuditLink.get_by_id(1).audit).execute()
    assert chain.verify() == Fault(1, "missing")


# -- heads ----------------------------------------------------------------------------------------------------------


def test_a_head_is_published_once_for_what_is_there(town):
    assert chain.published() is None
    deeds(town, 2)
    with write():
        first = chain.publish()
    assert (first.position, first.hash) == (chain.end().position, chain.end().hash)
    with write():
        assert chain.publish() is None
    deeds(town, 1)
    with write():
        assert chain.publish().position == first.position + 1
    assert AuditHead.select().count() == 2
