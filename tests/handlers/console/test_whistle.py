"""社区吹哨 at the desk: 陈静 calls units, hands on links, sees who is late and closes; 邓伟 decides objections."""

import re
from datetime import timedelta

import pytest

from app.rules import subcase
from models.audit import Audit
from models.base import now
from models.subcase import Subcase
from models.unit import Unit
from models.whistle import Whistle
from tests.handlers.console.conftest import report, words_of
from tests.rules.pieces import HELPER, LEAD, blow, call_of, contact, holder, say
from tests.rules.pieces import unit as unit_of


@pytest.fixture
def case(hall):
    return report(hall, code="missing_manhole_cover", words="我是张兰13812345678，井盖没了")


def test_blowing_closing_and_what_the_page_says(desk, hall, case):
    page, path = desk("chenjing"), f"/cases/{case.key}"
    text = words_of(page.text(path))
    assert "分办与吹哨" in text and "先保安全" in text and "管这类事" in text
    keys = [unit_of(hall, name).key for name in (LEAD, HELPER)]
    answer = page.form(f"{path}/whistles", path, kind="enforcement", reason="断路抢修", unit=keys, lead="")
    assert answer.status_code == 422 and "请指定一个牵头单位" in answer.text and not Whistle.select().exists()
    answer = page.form(f"{path}/whistles", path, kind="enforcement", reason="断路抢修", unit=keys, lead=keys[0])
    assert answer.status_code == 303
    row = Whistle.get()
    text = words_of(page.text(path))
    assert "综合执法吹哨" in text and "已吹哨，等单位报到" in text and f"{LEAD} 牵头" in text
    lead = call_of(row, hall)
    say(lead, subcase.arrive, actor=holder(lead), who="老周")
    say(lead, subcase.finish, actor=holder(lead), result="换好了")
    ratings = {f"rating-{one.key}": "4" for one in Subcase.select().where(Subcase.whistle == row)}
    close = f"/whistles/{row.key}/close"
    assert "请给" in page.form(close, path, note="修好了").text
    assert page.form(close, path, note="修好了", **ratings).status_code == 303
    assert "结果：修好了" in words_of(page.text(path))


def test_the_link_is_handed_on_and_looking_at_it_is_written_down(desk, hall, case):
    row = call_of(blow(hall, case), hall)
    page, path = desk("chenjing"), f"/cases/{case.key}"
    answer = page.form(f"/subcases/{row.key}/link", path)
    address = re.search(r"http://[^\s<]+(/u/[^\s<]+)", answer.text)[1]
    assert answer.status_code == 200 and "data:image/svg+xml;base64," in answer.text
    assert "13812345678" not in answer.text and "张兰" not in answer.text
    assert "还没有微信联系人" in answer.text
    assert Audit.get(Audit.action == "subcase.link").person == hall.person("chenjing")
    assert page.client.get(address).status_code == 200
    again = page.form(f"/subcases/{row.key}/link", path, renew="1")
    assert "已换新链接" in again.text and page.client.get(address).status_code == 410
    new = re.search(r"http://[^\s<]+(/u/[^\s<]+)", again.text)[1]
    assert page.client.get(new).status_code == 200


def test_who_is_late_is_seen_in_red_and_in_words(desk, hall, case):
    row = call_of(blow(hall, case), hall)
    Subcase.update(due_at=now() - timedelta(minutes=15)).where(Subcase.id == row.id).execute()
    text = desk("chenjing").text("/whistles")
    assert "is-late" in text
    assert f"{LEAD} 1 件晚了" in words_of(text) and "已超时 15 分钟" in words_of(text)
    assert "已超时 15 分钟" in words_of(desk("chenjing").text(f"/cases/{case.key}"))
    assert LEAD not in desk("hefang").text("/whistles")


def test_the_street_decides_about_an_objection(desk, hall, case):
    row = call_of(blow(hall, case), hall)
    say(row, subcase.refuse, actor=holder(row), note="这口井归电信公司")
    street, path = desk("dengwei"), f"/cases/{case.key}"
    assert "裁定仍由其办理" in words_of(street.text(path))
    assert "裁定仍由其办理" not in words_of(desk("chenjing").text(path))
    assert street.form(f"/subcases/{row.key}/insist", path, note="按属地先办").status_code == 303
    assert Subcase.get_by_id(row.id).fixed


def test_a_case_is_split_and_the_colleague_is_rated_by_nobody(desk, hall, case):
    page, path = desk("chenjing"), f"/cases/{case.key}"
    worker = hall.person("liuyang")
    said = {"kind": "share", "words": "清淤", "unit": "", "worker": worker.key}
    assert page.form(f"{path}/subcases", path, **said).status_code == 303
    assert "刘洋 牵头 分办" in words_of(page.text(path))
    answer = page.form(f"{path}/subcases", path, kind="share", words="清淤", unit="", worker="")
    assert answer.status_code == 422 and "请选一个单位或一位同志来办" in answer.text


@pytest.mark.parametrize(("who", "status"), [("hefang", 404), ("wangdashan", 403)])
def test_whose_it_is_not_to_say(desk, hall, case, who, status):
    row = call_of(blow(hall, case), hall)
    page = desk(who)
    for path in (
        f"/cases/{case.key}/whistles", f"/cases/{case.key}/subcases", f"/subcases/{row.key}/link",
        f"/subcases/{row.key}/drop", f"/whistles/{row.whistle.key}/cancel",
    ):  # fmt: skip
        assert page.form(path, note="不要了", reason="x", kind="share", words="x").status_code == status, path
    assert Subcase.get_by_id(row.id).state == "asked"


def test_the_record_of_a_danger_can_be_printed(desk, hall, case):
    text = words_of(desk("chenjing").text(f"/cases/{case.key}/evidence"))
    assert "上报" in text and "先保安全：请求办理" in text and "第一千二百五十八条" in text
    assert desk("hefang").get(f"/cases/{case.key}/evidence").status_code == 404


def test_units_join_serve_have_contacts_and_leave(desk, hall, case):
    page = desk("chenjing")
    text = words_of(page.text("/units"))
    assert LEAD in text and "微信联系人：还没有" in text
    community = hall.community().key
    said = {"community": community, "kind": "utility_company", "name": "燃气公司"}
    said["categories"] = "missing_manhole_cover"
    assert page.form("/units", "/units", **said).status_code == 303
    assert "已经有这个单位了" in page.form("/units", "/units", **said).text
    row = Unit.get(Unit.name == "燃气公司")
    assert row.categories == ["missing_manhole_cover"]
    assert page.form(f"/units/{row.key}/serve", "/units", categories="street_light").status_code == 303
    assert Unit.get_by_id(row.id).categories == ["street_light"]
    assert "没有找到这个手机号" in page.form(f"/units/{row.key}/contact", "/units", phone="13900000000").text
    person = contact(hall, LEAD)
    type(person).update(phone="13900000000").where(type(person).id == person.id).execute()
    assert page.form(f"/units/{row.key}/contact", "/units", phone="13900000000").status_code == 303
    assert "吴经理不再是联系人" in words_of(page.text("/units")).replace(" ", "")
    assert page.form(f"/units/{row.key}/end_contact", "/units", person=person.key).status_code == 303
    assert page.form(f"/units/{row.key}/leave", "/units").status_code == 303
    assert Unit.get_by_id(row.id).left_at is not None and "已退出" in page.text("/units")
    assert desk("hefang").form(f"/units/{row.key}/serve", "/units").status_code == 404
    assert desk("wangdashan").get("/units").status_code == 403


def test_the_face_of_a_unit_is_nobody_to_be_appointed(desk, hall, case):
    blow(hall, case)
    assert unit_of(hall, LEAD).face is not None
    assert "没有找到这个人" in desk("dengwei").text(f"/people?person={LEAD}")
