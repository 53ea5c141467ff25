"""Who reads what is not theirs: by another id, as the one complained about, on duty, for a unit, from a file."""

import csv
import io
from datetime import timedelta

import pytest

from app.links import photo_links
from app.rules import session, setting
from models.alert import Alert
from models.approval import Approval
from models.audit import Audit
from models.base import new_key, now, write
from models.case import Case, Photo
from models.export import Export
from models.letter import Letter
from models.person import Person
from models.role import Role
from models.setting import Setting
from models.unit import Unit, UnitContact
from tests.handlers.api.conftest import Door
from tests.handlers.console.conftest import words_of

CANARY = "三单元五零一的张家"
COMPLAINT = f"网格员王大山态度恶劣，骂人，{CANARY}"


def answer(client, path: str, token: str = ""):
    """Status, body and headers of an answer, as a stranger could compare them."""
    found = client.get(path, headers={"Authorization": f"Bearer {token}"} if token else {})
    return found.status_code, found.data, sorted(found.headers)


def test_t01_an_id_of_somebody_else_is_answered_as_one_that_never_was(client, door, desk, hall, key_of):
    """T1 Another household's case, photo or page by changing an id: 404, the same in status, body and headers."""
    zhanglan, hefang = door("zhanglan"), door("hefang")
    photo = zhanglan.add_photo()
    case = zhanglan.report(place=key_of("building"), photos=[photo["key"]])
    assert zhanglan.see(case)["photos"][0]["key"] == photo["key"]
    for path in ("/api/v1/cases/{}", "/api/v1/public/cases/{}", "/api/v1/unit/cases/{}", "/api/v1/party/cases/{}"):
        strange = answer(client, path.format(case["key"]), hefang.token)
        assert strange == answer(client, path.format(new_key()), hefang.token)
        assert strange[0] in (403, 404)
    assert answer(client, f"/api/v1/cases/{case['key']}", hefang.token)[0] == 404
    browser = desk("hefang")
    pages = [browser.get(f"/cases/{key}") for key in (case["key"], new_key())]
    assert [page.status_code for page in pages] == [404, 404]
    assert words_of(pages[0].text) == words_of(pages[1].text)
    link = photo["links"]["full"]
    headers = {"Authorization": f"Bearer {hefang.token}"}
    assert [client.get(link, headers=headers).status_code, client.get(link).status_code] == [404, 200]


@pytest.fixture
def complaints(door, desk, hall):
    """The same complaint about 王大山 by 张兰 and by 孙梅; 陈静 tells him of both in the same words."""
    found = []
    for who, words in (("zhanglan", COMPLAINT), ("sunmei", "王大山网格员态度不好，骂人，孙家也听见了")):
        place, community = hall.building().key, hall.community().key
        case = door(who).report(words, category="noise", place=place, community=community)
        found.append(Case.get(Case.key == case["key"]))
    for case in found:
        assert case.about == hall.person("wangdashan")
        page = f"/cases/{case.key}"
        told = desk("chenjing").form(f"{page}/party", page=page, note="有居民反映服务态度，请说明情况")
        assert told.status_code == 303, told.text
    return found


def test_t02_whom_it_is_about_cannot_tell_who_complained(complaints, door, desk, take, hall):
    """T2 The reporter exposed to the person reported: nothing he sees differs between two who may have complained."""
    worker = door("wangdashan")
    told = worker.get("/party/cases")[1]["cases"]
    assert len(told) == 2
    mine, other = ({name: value for name, value in one.items() if name not in ("key", "number")} for one in told)
    assert mine == other
    assert other["told"] == "有居民反映服务态度，请说明情况"
    seen = [str(worker.get(path)) for path in ("/party/cases", "/cases?mine=all", "/public/cases", "/tasks", "/me")]
    seen += [desk("wangdashan").text(path) for path in ("/", "/cases")]
    seen += [str(take("wangdashan").say(words)) for words in ("任务", f"#{complaints[0].number}", "我的上报")]
    seen += [str(row.content) for row in Letter.select().where(Letter.person == hall.person("wangdashan"))]
    reporter = hall.person("zhanglan")
    for secret in (CANARY, "骂人", reporter.name, reporter.key, reporter.phone, "138****0001", "孙家", "张＊"):
        assert [text for text in seen if secret in text] == [], secret
    for case in complaints:
        for door_ in (f"/cases/{case.key}", f"/public/cases/{case.key}"):
            assert worker.refused(404, "GET", door_)["code"] == "not_found"
        assert desk("wangdashan").get(f"/cases/{case.key}").status_code == 404


def test_t02_an_anonymous_report_names_nobody_to_those_who_handle_it(door, desk, hall, key_of):
    """T2 An anonymous reporter is an alias to worker, admin and street; revealing is refused, broken glass is told."""
    case = door("zhanglan").report(anonymous=True, place=key_of("building"))
    row = Case.get(Case.key == case["key"])
    assert row.reporter != hall.person("zhanglan")
    for who in ("wangdashan", "chenjing"):
        said = str(door(who).see(case))
        assert ("匿名居民" in said, "张" in said, "0001" in said) == (True, False, False)
        refused = door(who).refused(422, "POST", f"/cases/{case['key']}/reporter", {"reason": "要上门核实情况"})
        assert refused["code"] == "anonymous"
    page = f"/cases/{case['key']}"
    assert "张兰" not in desk("chenjing").text(page)
    browser = desk("chenjing")
    browser.form(f"{page}/glass", page=page, action="veil.lift", reason="涉及人身安全，需要核实")
    assert "张兰" in browser.text(page)
    assert Alert.get(Alert.kind == "glass_broken").person == hall.person("chenjing")
    assert Audit.get(Audit.action == "glass.break").reason == "涉及人身安全，需要核实"


def test_t17_a_worker_reads_so_many_people_a_day_and_no_more(door, hall, key_of):
    """T17 Bulk reading by a rogue worker: masked by default, a reason to unmask, and the budget of a day stops it."""
    cases = [door(who).report(place=key_of("building")) for who in ("zhanglan", "sunmei", "zhaoqiang")]
    worker = door("wangdashan")
    assert worker.see(cases[0])["reporter"] == {
        "key": hall.person("zhanglan").key, "name": "张＊", "phone_masked": "138****0001"
    }
    path = f"/cases/{cases[0]['key']}/reporter"
    assert worker.refused(422, "POST", path, {"reason": "想"})["code"] == "reason_missing"
    assert worker.post(path, {"reason": "上门前电话联系"})[1]["phone"] == "13800000001"
    revealed = Audit.get(Audit.action == "person.reveal")
    assert (revealed.person.name, revealed.about.name, revealed.reason) == ("王大山", "张兰", "上门前电话联系")

    with write():
        Setting.create(community=hall.community(), name="people_per_day", value=2)
    setting.forget()
    assert worker.get(f"/cases/{cases[1]['key']}")[0] == 200
    assert worker.refused(403, "GET", f"/cases/{cases[2]['key']}")["code"] == "budget_spent"
    assert worker.get(f"/cases/{cases[0]['key']}")[0] == 200
    alert = Alert.get(Alert.kind == "budget_spent")
    assert (alert.person.name, "2 位居民" in alert.words) == ("王大山", True)


def test_t17_a_list_leaves_the_house_with_two_persons_only(desk, hall):
    """T17 Bulk export: whoever asks for a list cannot agree to it, and no file exists before somebody else did."""
    browser = desk("chenjing")
    asked = browser.form("/exports", page="/exports", community=hall.community().key, reason="年度走访核对")
    assert (asked.status_code, Approval.get().state, Export.select().count()) == (303, "asked", 0)
    answers = [desk(who).form(f"/approvals/{Approval.get().key}", answer="yes") for who in ("chenjing", "hefang")]
    assert [answer.status_code for answer in answers] == [422, 404]
    assert (Approval.get().state, Export.select().count()) == ("asked", 0)
    assert [desk("wangdashan").get("/exports").status_code, desk("dengwei").get("/exports").status_code] == [403, 403]
    assert desk("dengwei").form(f"/approvals/{Approval.get().key}", answer="yes").status_code == 303
    assert Export.get().asked_by == hall.person("chenjing")


def list_of(desk, hall, do_tasks) -> str:
    """The address of a list that 陈静 may fetch, agreed to by 邓伟 of the street."""
    desk("chenjing").form("/exports", page="/exports", community=hall.community().key, reason="年度走访核对")
    desk("dengwei").form(f"/approvals/{Approval.get().key}", page="/approvals", answer="yes")
    do_tasks("list")
    return f"/exports/{Export.get().key}/file"


def test_t24_a_list_is_fetched_once_by_who_asked_within_a_day(desk, hall, do_tasks):
    """T24 An export lying about: its address is dead after the first use, after 24 hours, and for everybody else."""
    path = list_of(desk, hall, do_tasks)
    with write():
        Role.create(person=hall.person("zhaoqiang"), place=hall.community(), kind="community_admin")
    assert [desk(who).get(path).status_code for who in ("zhaoqiang", "hefang", "dengwei")] == [404, 404, 403]
    Export.update(until=now() - timedelta(seconds=1)).execute()
    assert desk("chenjing").get(path).status_code == 404
    Export.update(until=now() + timedelta(seconds=60)).execute()
    assert [desk("chenjing").get(path).status_code for _ in range(2)] == [200, 404]


def test_a_list_that_cannot_be_read_is_not_used_up(desk, hall, do_tasks):
    """The file store is away for a moment: whoever asked fetches the list when it is back."""
    path, folder = list_of(desk, hall, do_tasks), hall.settings.folder / "files"
    folder.rename(folder.with_name("away"))
    assert (desk("chenjing").get(path).status_code, Export.get().fetched_at) == (404, None)
    folder.with_name("away").rename(folder)
    assert [desk("chenjing").get(path).status_code for _ in range(2)] == [200, 404]


def test_t02_a_list_leaves_out_what_complains_about_whoever_takes_it(door, desk, hall, do_tasks, key_of):
    """T2 The list of an admin complained about, as a person or as the contact of a unit, holds no complaint."""
    unit, admin = Unit.get(Unit.community == hall.community()), hall.person("chenjing")
    for who, about in (("zhanglan", {"about": admin}), ("sunmei", {"about_unit": unit}), ("zhaoqiang", {})):
        case = door(who).report(place=key_of("building"))
        Case.update(about | {"handler": None}).where(Case.key == case["key"]).execute()
    with write():
        UnitContact.create(unit=unit, person=admin, starts_at=now() - timedelta(days=1))
    path = list_of(desk, hall, do_tasks)
    taken = desk("chenjing").get(path).data.decode("utf-8-sig")
    assert [name in taken for name in ("张兰", "孙梅", "赵强")] == [False, False, True]


def test_t13_no_cell_of_a_list_is_a_formula(door, desk, hall, do_tasks):
    """T13 Formulas in exports: a name and a place that a spreadsheet would calculate stand there as words."""
    door("zhanglan").ask("PUT", "/me/name", {"name": '=HYPERLINK("//evil.example")'})
    door("zhanglan").report()
    door("zhaoqiang").report(place_words="+cmd|' /C calc'!A1", community=hall.community().key)
    path = list_of(desk, hall, do_tasks)
    rows = list(csv.reader(io.StringIO(desk("chenjing").get(path).data.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert "'=HYPERLINK(\"//evil.example\")" in cells
    assert "'+cmd|' /C calc'!A1" in cells
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")] == []


def test_t18_a_unit_sees_its_task_without_the_reporter_and_only_while_it_is_its_own(client, door, hall, key_of):
    """T18 A department's account beyond its tasks: no reporter, no other case, and 404 once the task is another's."""
    zhanglan, place = door("zhanglan"), key_of("building")
    case, foreign = (zhanglan.report(place=place, photos=[zhanglan.add_photo()["key"]]) for _ in range(2))
    units = list(Unit.select().where(Unit.community == hall.community()).limit(2))
    with write():
        clerk = Person.create(name="周工")
        UnitContact.create(unit=units[0], person=clerk, starts_at=now() - timedelta(days=1))
        token = session.open_session(clerk, door="api", lasts=timedelta(days=1))[1]
        Case.update(unit=units[0]).where(Case.key == case["key"]).execute()
    clerk_door = Door(client, token)
    assert [one["key"] for one in clerk_door.get("/unit/cases")[1]["cases"]] == [case["key"]]
    seen = clerk_door.get(f"/unit/cases/{case['key']}")[1]
    assert "reporter" not in seen and "张" not in str(seen) and "0001" not in str(seen)
    for path in (f"/unit/cases/{foreign['key']}", f"/cases/{case['key']}"):
        assert clerk_door.refused(404, "GET", path)["code"] == "not_found"
    with client.application.app_context():
        links = [photo_links(photo, clerk)["full"] for photo in Photo.select().order_by(Photo.case)]
    assert [client.get(link).status_code for link in links] == [200, 404]
    Case.update(unit=units[1]).where(Case.key == case["key"]).execute()
    assert client.get(links[0]).status_code == 404
    assert clerk_door.refused(404, "GET", f"/unit/cases/{case['key']}")["code"] == "not_found"
    Case.update(unit=units[0]).where(Case.key == case["key"]).execute()
    UnitContact.update(ends_at=now()).execute()
    assert clerk_door.ask("GET", f"/unit/cases/{case['key']}")[0] in (403, 404)
