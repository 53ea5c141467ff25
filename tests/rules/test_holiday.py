"""The working calendar of a year: read, checked, imported as a whole; and missed when it is not there."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app import demo_seed
from app.jobs import tidy
from app.rules import holiday, setting
from app.rules.clock import ZONE
from app.rules.holiday import Named
from app.rules.refusal import Forbidden, Refusal
from models.alert import Alert
from models.audit import Audit
from models.base import now, write
from models.case import Case
from models.category import CalendarDay
from models.letter import Letter
from models.role import Role
from tests.rules.cases import report

#: How a notice for 2027 could read: the days are made up, the rules are not.
NOTICE = """日期,类型,名称
2027-01-01,休,元旦
2027-01-02，休，元旦
2027-01-03,休,元旦
2027-02-05,休,除夕（春节）
2027-02-06,休,春节
2027-02-07,休,春节
2027-02-08,休,春节
2027-04-05,休,清明节
2027-05-01,休,劳动节
2027-05-02,休,劳动节
2027-06-09\t休\t端午节
2027-09-15,休,中秋节
2027-10-01,休,国庆节
2027-10-02,休,国庆节
2027-10-03,休,国庆节
2027-10-09,班,国庆节调休
"""


def load(town=None, who=None, text=NOTICE, **changed):
    given = holiday.parse(text)
    with write():
        return holiday.import_year(
            actor=town.actor(who) if who else None,
            **{"year": given.year, "rest": given.rest, "work": given.work, "source": "国办发明电〔2026〕1号"} | changed,
        )


def refused(text, said):
    with pytest.raises(Refusal) as wrong:
        holiday.check(holiday.parse(text))
    assert wrong.value.code == "calendar_wrong" and said in wrong.value.message, wrong.value.message


def test_a_table_and_a_toml_file_say_the_same():
    given = holiday.parse(NOTICE)
    assert (given.year, len(given.rest), len(given.work)) == (2027, 15, 1)
    assert given.work == (Named(date(2027, 10, 9), "国庆节调休"),)
    rows = "\n".join(f'    {{ day = {one.day}, name = "{one.name}" }},' for one in given.rest)
    work = 'work = [{ day = "2027-10-09", name = "国庆节调休" }]'
    toml = f'year = 2027\nsource = "通知"\nrest = [\n{rows}\n]\n{work}\n'
    again = holiday.parse(toml)
    assert again == given._replace(source="通知")
    assert (holiday.check(again), holiday.check(given)) == ([], ["没有写依据，建议写上国务院办公厅通知的文号。"])


def test_the_demo_years_pass_their_own_check():
    text = (demo_seed.FOLDER / "holidays.toml").read_text(encoding="utf-8")
    given = holiday.parse(text)
    for year in (2024, 2025, 2026):
        rest, work = (tuple(one for one in part if one.day.year == year) for part in (given.rest, given.work))
        assert holiday.check(holiday.Year(year, rest, work, "通知")) == []


WRONG = {
    "": "请粘贴或上传",
    "明年放三天": "第 1 行看不懂",
    "2027-01-01,元旦": "第 1 行看不懂",
    "2027-13-01,休,元旦": "不是日期",
    "2027-01-01,休,": "没有写名称",
    f"2027-01-01,休,{'长' * 33}": "没有写名称",
    "2027-10-09,班,调休": "一天放假也没有",
    "2027-01-01,休,元旦\n2027-01-01,休,元旦": "写了两次",
    "2027-01-02,休,元旦\n2027-01-02,班,元旦": "写了两次",
    "2027-01-01,休,元旦\n2027-01-04,班,元旦": "本来就上班",
    "2027-01-01,休,元旦\n2027-01-02,休,元旦\n2026-10-01,休,国庆节": "不在 2027 年",
    "rest = [": "不是正确的 TOML",
    "rest = 3": "应当是",
    "rest = [3]": "不是日期",
    "year = 'x'\nrest = []": "year 应当是",
    "year = 12\nrest = [{day = 2027-01-01, name = '元旦'}]": "年份应当是",
    "rest = [{day = 2027-01-01T00:00:00, name = '元旦'}]": "不是日期",
    "长" * 20001: "文件太大",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:20])
def test_what_is_no_calendar_is_refused_with_what_to_change(text):
    refused(text, WRONG[text])


def test_what_looks_odd_is_said_and_not_forbidden():
    said = holiday.check(holiday.parse("2027-01-01,休,元旦"))
    assert any("春节、清明、劳动、端午、中秋、国庆" in words for words in said)
    assert any("只有 1 天" in words for words in said) and any("没有一天调休" in words for words in said)


def test_a_year_replaces_what_was_known_of_it_and_nothing_else(town):
    before = {year: len(holiday.days_of(year)) for year in (2024, 2025, 2026)}
    assert load() == []
    assert len(holiday.days_of(2027)) == 16
    load(text=NOTICE + "2028-01-01,休,元旦\n2027-09-16,休,中秋节\n")
    assert (len(holiday.days_of(2027)), len(holiday.days_of(2028))) == (17, 1)
    load(text="\n".join(line for line in NOTICE.splitlines() if "10-0" not in line))
    assert (len(holiday.days_of(2027)), len(holiday.days_of(2028))) == (12, 1)
    assert {year: len(holiday.days_of(year)) for year in before} == before
    noted = Audit.select().where(Audit.action == "calendar.write").order_by(Audit.id)
    assert [(row.subject, row.after) for row in noted][0] == ("2027", {"rest": 15, "work": 1})


def test_a_wrong_year_changes_nothing(sqlite_town):
    rows = CalendarDay.select().count()
    with pytest.raises(Refusal):
        load(year=2028)
    assert CalendarDay.select().count() == rows


@pytest.mark.parametrize("who", ["zhanglan", "wangdashan", "chenjing", "dengwei"])
def test_only_the_district_and_the_operator_import(sqlite_town, who):
    with pytest.raises(Forbidden):
        load(sqlite_town, who)
    assert 2027 not in holiday.known_years()


def test_new_deadlines_are_counted_by_it_and_promised_ones_stay(sqlite_town):
    town = sqlite_town
    old = report(town, category="street_light", words="路灯不亮")
    calendar = setting.calendar_of(town.community())
    load()
    assert setting.calendar_of(town.community()) != calendar  # at once, not after the seconds it is kept for
    assert not setting.calendar_of(town.community()).works_on(date(2027, 6, 9))
    assert Case.get_by_id(old.id).resolve_due == old.resolve_due


def test_a_deadline_in_a_year_without_a_calendar_is_pointed_out(sqlite_town):
    case = report(sqlite_town, category="street_light", words="路灯不亮")
    case.resolve_due = datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert holiday.guessed(case) == [2027]
    case.state = "closed"
    assert holiday.guessed(case) == []
    load()
    case.state = "handling"
    assert holiday.guessed(case) == []
    case.resolve_due = datetime(2029, 3, 1, 9, tzinfo=UTC)
    case.handled_at = now()
    assert holiday.guessed(case) == []


MISSING = {
    "2026-10-31 23:59": None, "2026-11-01 00:00": 2027, "2026-12-31 23:59": 2027, "2027-01-01 00:00": 2027,
    "2028-05-05 10:00": 2028,
}  # fmt: skip


@pytest.mark.parametrize("moment", MISSING)
def test_from_november_the_next_year_is_missed(sqlite_town, moment):
    here = datetime.fromisoformat(moment).replace(tzinfo=UTC) - timedelta(hours=8)
    assert holiday.missing_year(here) == MISSING[moment]


def test_the_desk_is_told_once_a_week_until_it_is_there(sqlite_town):
    town, year = sqlite_town, now().astimezone(ZONE).year
    CalendarDay.delete().execute()
    setting.forget()
    Role.create(person=town.person("sunmei"), place=town.community().parent.parent, kind="district_admin")
    for _ in range(3):
        tidy.tidy(town.context, {})
    [alert] = Alert.select().where(Alert.kind == "calendar_missing")
    assert (alert.place.kind, alert.subject) == ("district", str(year))
    assert alert.words.startswith(f"{year} 年的放假")
    assert [row.person.name for row in Letter.select().where(Letter.kind == "alert")] == ["孙梅"]
    Alert.update(at=now() - timedelta(days=7, seconds=1)).execute()
    tidy.tidy(town.context, {})
    assert Alert.select().count() == 2
    Alert.update(at=now() - timedelta(days=8)).execute()
    for one in (year, year + 1):
        load(text="\n".join(line.replace("2027", str(one)) for line in NOTICE.splitlines() if "班" not in line))
    tidy.tidy(town.context, {})
    assert Alert.select().count() == 2
