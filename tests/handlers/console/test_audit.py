"""The room 审计: who did what in one's own communities, whether the chain holds, and a file of it to carry away."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.rules import audit, audit_words, chain
from app.rules.clock import ZONE
from app.rules.matrix import RIGHTS
from models.audit import Audit, AuditLink
from models.base import database, write
from models.case import Case
from models.place import Place
from models.role import Role
from tests.handlers.console.conftest import queries, report, words_of

ROOT = Path(__file__).resolve().parent.parent.parent.parent
VERIFIER = ROOT / "app" / "verify_audit.py"


def seal() -> None:
    while chain.waiting():
        with write():
            chain.seal()


def note(hall, who: str = "wangdashan", action: str = "case.handle", community: str = "huimin", **more) -> None:
    with write():
        audit.note(action, actor=hall.actor(who), community=hall.community(community), **more)


def listed(page: str) -> list[str]:
    """The rows of the list as one reads them."""
    return [words_of("<main" + one) for one in re.findall(r'<li class="row letter audit">(.*?)</li>', page, re.S)]


# -- what one reads -------------------------------------------------------------------------------------------------


def test_a_row_says_who_did_what_to_what_from_where_and_when(desk, hall):
    case = report(hall)
    note(
        hall, subject=case.key, about=hall.person("zhanglan"), before={"state": "handling"}, after={"state": "handled"},
        reason="换了新灯", number=case.number,
    )  # fmt: skip
    row = listed(desk("chenjing").text("/audit"))[1]  # the newest is 陈静's own look at the log
    assert re.fullmatch(
        rf"王＊山 网格员 办好事项 #{case.number} 涉及 张＊ 状态 网格员处理中 → 状态 已办好，等居民评价 "
        r"理由： 换了新灯 "
        r"已办 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+08:00 惠民社区 · 未记入口 · 198\.51\.100\.7",
        row,
    ), row


def test_the_newest_first_page_by_page(desk, hall):
    for number in range(60):
        note(hall, subject=f"s{number:02d}")
    chenjing = desk("chenjing")
    page = chenjing.text("/audit")
    first = re.findall(r">(s\d\d)<", page)
    older = re.search(r'href="/console(/audit\?before=\d+)"', page)[1]
    second = re.findall(r">(s\d\d)<", chenjing.text(older))
    assert first + second == [f"s{number:02d}" for number in range(59, -1, -1)]
    assert len(first) == 49


def test_one_chooses_by_deed_result_person_and_day(desk, hall):
    note(hall, subject="mine")
    note(hall, "chenjing", "case.reject", subject="hers", result="refused")
    chenjing = desk("chenjing")

    def found(query: str) -> set[str]:
        return set(re.findall(r">(mine|hers)<", chenjing.text(f"/audit?{query}")))

    at = Audit.get(Audit.subject == "mine").at
    today = f"{at.astimezone(ZONE):%Y-%m-%d}"
    assert found("action=case.handle") == {"mine"}
    assert found("result=refused") == {"hers"}
    assert found("who=王大山") == {"mine"}
    assert found("who=王＊山") == set(), "a masked name is nobody's"
    assert found(f"who={hall.person('chenjing').key}") == {"hers"}
    assert (found(f"day={today}"), found("day=2020-02-29")) == ({"mine", "hers"}, set())
    assert found("action=&result=&who=&day=") == {"mine", "hers"}


@pytest.mark.parametrize(
    "query",
    ["day=yesterday", "day=0001-01-01", "day=9999-12-31", "before=x", "before=99999999999999999999", "before=-1",
     "who=%01", "who=%ed%a0%80", "action=%27%22%3E%3Cscript%3E", "result=" + "x" * 500, "community=nope"],
)  # fmt: skip
def test_a_nonsense_filter_is_harmless(desk, hall, query):
    note(hall)
    answer = desk("chenjing").get(f"/audit?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_what_somebody_wrote_into_a_row_is_only_shown(desk, hall):
    note(hall, subject="<img src=x>", reason='"><script>alert(1)</script>\r\n\x1b[2K', odd="</p><b>")
    page = desk("chenjing").text("/audit")
    assert ("<img src=x>" in page, "<script>alert" in page, "</p><b>" in page) == (False, False, False)
    assert "&lt;script&gt;" in page


def test_the_page_costs_the_same_with_one_and_three_rows(desk, hall):
    counts, chenjing = [], desk("chenjing")
    chenjing.text("/audit")
    for more in (1, 2):
        for _ in range(more):
            note(hall, subject=report(hall).key)
        with queries() as seen:
            chenjing.text("/audit")
        counts.append(len(seen))
    assert counts[0] == counts[1]


# -- who reads what -------------------------------------------------------------------------------------------------


def subjects(browser) -> set[str]:
    return set(re.findall(r">(huimin|next|nowhere|street|session)<", browser.text("/audit")))


@pytest.fixture
def rows(hall):
    """One row of each kind: in 惠民社区, in 何芳's, of the street, of no community, and a session's."""
    next_door = Role.get(Role.person == hall.person("hefang")).place
    street = Place.get_by_id(hall.community().parent_id)
    for community, subject in ((hall.community(), "huimin"), (next_door, "next"), (street, "street")):
        with write():
            audit.note("case.handle", actor=hall.actor("wangdashan"), community=community, subject=subject)
    with write():
        audit.note("person.rename", actor=hall.actor("zhanglan"), community=None, subject="nowhere")
        audit.note("role.appoint", actor=hall.actor("dengwei"), community=hall.community(), subject="session")


def test_everybody_reads_the_own_communities_alone(desk, hall, rows):
    assert subjects(desk("chenjing")) == {"huimin", "session"}
    assert subjects(desk("hefang")) == {"next"}
    street = subjects(desk("dengwei"))
    assert {"huimin", "street", "session"} <= street and "nowhere" not in street


def test_an_operator_reads_what_keeps_it_running_and_nothing_of_a_community(desk, hall, rows):
    district = Place.get(Place.kind == "district")
    Role.create(person=hall.person("zhaoqiang"), place=district, kind="operator")
    assert subjects(desk("zhaoqiang")) == {"nowhere", "session"}


def test_who_has_no_part_in_it_is_refused(desk, hall):
    for who in ("zhanglan", "wangdashan"):
        assert desk(who).get("/audit").status_code == 403
        assert desk(who).get("/audit/export.jsonl").status_code == 403
    assert desk().get("/audit").status_code == 302


def test_an_operator_exports_nothing(desk, hall):
    Role.create(person=hall.person("zhaoqiang"), place=Place.get(Place.kind == "district"), kind="operator")
    assert desk("zhaoqiang").get("/audit/export.jsonl").status_code == 403


def test_whom_a_case_complains_about_does_not_read_there_who_complained(desk, hall):
    case = report(hall)
    Case.update(about=hall.person("chenjing")).where(Case.id == case.id).execute()
    seal()
    chenjing = desk("chenjing")
    assert case.key not in chenjing.text("/audit")
    assert case.key not in chenjing.get("/audit/export.jsonl").text
    assert "上报事项" in words_of(desk("dengwei").text("/audit?action=case.report"))


def test_looking_at_the_log_is_itself_in_the_log_once_an_hour(desk, hall):
    chenjing = desk("chenjing")
    for _ in range(3):
        chenjing.text("/audit")
    (row,) = Audit.select().where(Audit.action == "audit.read")
    assert (row.person.name, row.community.code) == ("陈静", "huimin")


# -- the chain ------------------------------------------------------------------------------------------------------


def test_the_page_says_that_the_chain_holds_and_shows_the_published_head(desk, hall):
    report(hall)
    chenjing = desk("chenjing")
    assert "还没有记录进入哈希链" in chenjing.text("/audit")
    seal()
    with write():
        head = chain.publish()
    told = words_of(chenjing.text("/audit"))
    assert f"核对无误 共 {head.position} 条记录，刚刚核对了最后 {head.position} 条。" in told
    assert f"{head.position}:{head.hash}" in told


def test_a_broken_chain_is_shouted(desk, hall):
    report(hall)
    seal()
    database.execute_sql("DROP TRIGGER audit_no_update")
    last = AuditLink.get_by_id(chain.end().position)
    Audit.update(result="refused").where(Audit.id == last.audit).execute()
    told = words_of(desk("chenjing").text("/audit"))
    assert f"记录核对不上：第 {last.position} 条与它的哈希不符，可能被改动过。" in told


# -- the export -----------------------------------------------------------------------------------------------------


def exported(browser, query: str = "") -> list[dict]:
    answer = browser.get(f"/audit/export.jsonl{query}")
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def check(folder: Path, *exports: list[dict], head: chain.Head) -> str:
    names = []
    for number, export in enumerate(exports):
        path = folder / f"{number}.jsonl"
        path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in export))
        names.append(path)
    command = [sys.executable, "-I", VERIFIER, *names, "--head", f"{head.position}:{head.hash}"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder).stdout


def test_each_community_checks_the_whole_chain_and_reads_its_own_part(desk, hall, rows, tmp_path):
    seal()
    head = chain.end()
    for who, own, strange in (("chenjing", "huimin", "next"), ("hefang", "next", "huimin")):
        export = exported(desk(who))
        text = json.dumps(export)
        assert check(tmp_path, export, head=head).startswith(f"核对无误：第 1 到 {head.position} 条")
        assert (f'"{own}"' in text, f'"{strange}"' in text, '"nowhere"' in text) == (True, False, False)
        hidden = [line for line in export[1:] if "row" not in line]
        assert hidden and {tuple(sorted(line)) for line in hidden} == {("digest", "hash", "position")}


def test_the_file_says_what_it_is_and_the_log_says_who_took_it(desk, hall):
    report(hall)
    seal()
    end = chain.end().position
    answer = desk("chenjing").get("/audit/export.jsonl")
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=audit-1-{end}.jsonl"
    assert (answer.headers["Cache-Control"], answer.text.isascii()) == ("no-store", True)
    row = Audit.get(Audit.action == "audit.export")
    assert (row.person.name, row.community.code, row.detail) == ("陈静", "huimin", {"begin": 1, "until": end})


def test_a_file_goes_on_where_the_one_before_ended(desk, hall, monkeypatch, tmp_path):
    for _ in range(4):
        report(hall)
    seal()
    head, chenjing = chain.end(), desk("chenjing")
    monkeypatch.setattr("handlers.console.audit.MOST", 5)
    parts = [exported(chenjing, f"?after={after}") for after in range(0, head.position, 5)]
    assert [len(part) for part in parts[:-1]] == [6] * (len(parts) - 1) and len(parts) > 1
    assert check(tmp_path, *parts, head=head).startswith(f"核对无误：第 1 到 {head.position} 条")
    assert f"导出第 6–{min(10, head.position)} 条" in chenjing.text("/audit")


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "", "١", "999999999", "9" * 30])
def test_a_beginning_that_is_none_is_refused(desk, hall, after):
    assert desk("chenjing").get(f"/audit/export.jsonl?after={after}").status_code == 422


def test_ten_files_an_hour(desk, hall):
    chenjing = desk("chenjing")
    codes = [chenjing.get("/audit/export.jsonl").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


# -- words ----------------------------------------------------------------------------------------------------------


def test_every_deed_of_the_source_has_a_word():
    source = "".join(
        path.read_text("utf-8") for floor in ("app", "handlers") for path in sorted((ROOT / floor).rglob("*.py"))
    )
    written = set(re.findall(r'audit\.(?:note|read)\(\s*"([a-z_]+\.[a-z_]+)"', source))
    assert len(written) > 20
    assert written - set(audit_words.DEEDS) == set()


def test_every_right_that_can_be_refused_has_a_word():
    asked = {action for action in RIGHTS if f'"{action}"' in doors_source() and "anyone" not in RIGHTS[action]}
    assert asked - set(audit_words.DEEDS) == set()


def doors_source() -> str:
    return "".join(path.read_text("utf-8") for path in sorted((ROOT / "handlers").rglob("*.py")))
