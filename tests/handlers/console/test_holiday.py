"""The working calendar at the desk: looked at by the communities, imported by the district after a look."""

import io

import pytest

from app.rules import holiday
from models.base import write
from models.role import Role
from tests.handlers.console.conftest import token_in, words_of
from tests.rules.test_holiday import NOTICE


@pytest.fixture
def district(desk, hall):
    """孙梅, who looks after the whole district."""
    with write():
        Role.create(
            person=hall.person("sunmei"), place=hall.community().parent.parent, kind="district_admin"
        )  # fmt: skip
    return desk("sunmei")


def test_a_year_and_the_office_hours(desk):
    page = desk("chenjing").text("/calendar?year=2026")
    said = words_of(page)
    assert "10月10日 星期六 上班（调休）" in said and "2月17日 星期二 放假 春节" in said
    assert "惠民社区 08:30–12:00，14:30–17:30" in said
    assert page.count('class="month"') == 12 and 'class="work"' in page
    assert "导入一年的安排" not in said and "请区管理员或系统运维员导入" in said or "还没有导入" not in said


@pytest.mark.parametrize("year", ["1", "99999", "x", "-5", "2099"])
def test_a_year_that_nobody_knows(desk, year):
    assert "按周一到周五" in words_of(desk("chenjing").text(f"/calendar?year={year}")) or year == "x"


def test_pasted_looked_at_and_confirmed(hall, district):
    answer = district.form("/calendar/preview", page="/calendar", text=NOTICE)
    assert answer.status_code == 200
    said = words_of(answer.text)
    assert "2027 年：请核对" in said and "放假 15 天，调休上班 1 天" in said and "没有写依据" in said
    assert 2027 not in holiday.known_years()
    back = district.form("/calendar", page="/calendar", text=NOTICE, answer="edit")
    assert back.status_code == 200 and "2027-10-09,班" in back.text
    assert district.form("/calendar", page="/calendar", text=NOTICE, answer="yes").status_code == 303
    assert "10月9日 星期六 上班（调休）" in words_of(district.text("/calendar?year=2027"))
    again = words_of(district.form("/calendar/preview", page="/calendar", text=NOTICE).text)
    assert "会替换这一年原有的 16 天" in again


def test_a_file_is_read_too(district):
    token = token_in(district.text("/calendar"))
    for name, data, status in (("2027.csv", NOTICE.encode(), 200), ("bad.csv", b"\xff\xfe\x00", 422)):
        form = {"form_token": token, "text": "", "file": (io.BytesIO(data), name)}
        answer = district.client.post("/console/calendar/preview", data=form, content_type="multipart/form-data")
        assert answer.status_code == status


@pytest.mark.parametrize("text", ["", "明年放三天", "2027-01-01,休,<script>", "rest = [", "长" * 30000])
def test_what_is_no_calendar_comes_back_with_what_to_change(district, text):
    answer = district.form("/calendar/preview", page="/calendar", text=text)
    assert "<script>" not in answer.text.partition("<main")[2]
    assert answer.status_code == (200 if "script" in text else 422)
    if answer.status_code == 422:
        assert 'role="alert"' in answer.text
        assert district.form("/calendar", page="/calendar", text=text).status_code == 422


@pytest.mark.parametrize("who", ["chenjing", "dengwei"])
def test_only_the_district_imports(desk, hall, who):
    browser = desk(who)
    for path in ("/calendar/preview", "/calendar"):
        assert browser.form(path, page="/calendar", text=NOTICE).status_code == 403
    assert 2027 not in holiday.known_years()
