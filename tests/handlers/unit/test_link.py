"""The link of a unit: 老周 of 市政养护所 opens it in WeChat and answers, without an account."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from app.context import database_open
from app.jobs.deliver import _link
from app.links import unit_link as address_of
from app.rules import party, subcase, unit, unit_link
from models.audit import Audit
from models.base import now, write
from models.case import Case, Photo
from models.letter import Letter
from models.subcase import Subcase, SubcasePhoto, SubcaseStep
from models.unit import Unit
from models.whistle import Whistle
from tests.rules.cases import report
from tests.rules.pieces import HELPER, LEAD, blow, call_of, contact
from tests.rules.pieces import unit as unit_of

GONE = "这个链接已失效，请联系社区重新发送"


@pytest.fixture
def called(client):
    """A whistle that called 市政养护所 and 安居物业, with the address of the first."""
    with database_open():
        town = client.town
        case = report(town, words="我是张兰，电话13812345678，3号楼门口井盖没了", place_words="找张13812345678")
        row = call_of(blow(town, case), town)
        client.row, client.path = row, path(client, row)
        yield client


def path(client, row, renewals=0) -> str:
    with client.application.app_context():
        address = address_of(row.key, row.unit.key, renewals, client.town.settings)
    return address.removeprefix(client.town.settings.base_url)


def page(client, address=None) -> str:
    answer = client.get(address or client.path)
    assert answer.status_code == 200
    return answer.text


def form(text, **more) -> dict:
    """What a form of the page carries, filled in by 老周."""
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("form_token", "version")}
    return found | {"who": "老周"} | more


def press(client, verb, address=None, status=303, **more):
    answer = client.post(f"{address or client.path}/{verb}", data=form(page(client, address), **more))
    assert answer.status_code == status, answer.text
    return answer


def fresh(client) -> Subcase:
    return Subcase.get_by_id(client.row.id)


def picture() -> io.BytesIO:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), (9, 90, 90)).save(held, "JPEG")
    return io.BytesIO(held.getvalue())


def test_the_page_says_what_and_where_and_by_when_and_nothing_of_the_reporter(called):
    text = page(called)
    assert "惠民社区" in text and LEAD in text and "请带抽水泵" in text and "幸福家园 3号楼" in text
    assert re.search(r"前报到，还剩 [0-9 小时分钟天]+", text)
    for secret in ("张兰", "13812345678", "我是", "zhanglan"):
        assert secret not in text
    assert [word for word in ("接受", "我已到场", "提出异议", "办完了") if f"<summary>{word}</summary>" in text] == [
        "接受", "我已到场", "提出异议",
    ]  # fmt: skip


def test_looking_changes_nothing_and_leaves_no_cookie(called):
    before = [Subcase.select().dicts().get(), SubcaseStep.select().count(), Audit.select().count()]
    answer = called.get(called.path)
    assert [Subcase.select().dicts().get(), SubcaseStep.select().count(), Audit.select().count()] == before
    assert "Set-Cookie" not in answer.headers
    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert "noindex" in answer.headers["X-Robots-Tag"] and "'unsafe-inline'" not in answer.headers[
        "Content-Security-Policy"
    ]
    assert called.head(called.path).status_code == 200


def test_from_accepting_to_rating(called):
    press(called, "accept")
    press(called, "arrive", mode="onsite", note="井口已围挡")
    press(called, "plan", note="换新井盖", until=(now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    press(called, "finish", note="换好了")
    press(called, "rate", rating="4", note="叫得及时")
    row = fresh(called)
    assert (row.state, row.arrived_who, row.plan, row.result) == ("done", "老周", "换新井盖", "换好了")
    assert (row.call_rating, row.call_rating_note) == (4, "叫得及时")
    face = Unit.get_by_id(row.unit_id).face
    steps = list(SubcaseStep.select().where(SubcaseStep.subcase == row).order_by(SubcaseStep.id))
    assert [(one.verb, one.who) for one in steps[1:]] == [
        (verb, "老周") for verb in ("accept", "arrive", "plan", "finish", "rate")
    ]
    assert {one.actor for one in steps[1:]} == {face}
    row = Audit.get(Audit.action == "subcase.finish")
    assert (row.door, row.person) == ("link", face)
    assert "老周" in page(called)


def test_an_objection_needs_a_reason_and_shows_the_form_again(called):
    answer = press(called, "refuse", status=422, note=" ")
    assert "请写明为什么不该由贵单位办" in answer.text and 'value="老周"' in answer.text
    press(called, "refuse", note="归电信公司")
    assert "提出异议，等待裁定" in page(called)


def test_without_a_name_nothing_happens(called):
    assert "请写您的姓名" in press(called, "accept", status=422, who=" ").text
    assert fresh(called).state == "asked"


def test_photos_come_along_cleaned_and_are_seen_by_links_of_minutes(called):
    data = form(page(called), mode="onsite") | {"photo": (picture(), "a.jpg")}
    assert called.post(f"{called.path}/arrive", data=data).status_code == 303
    photo = SubcasePhoto.get().photo
    assert (photo.kind, photo.case_id, photo.uploader) == ("before", fresh(called).case_id, fresh(called).unit.face)
    text = page(called)
    link = re.search(r'href="(/api/v1/files/[^"]+)"', text)[1]
    assert called.get(link).status_code == 200
    with write():
        party.involve(Case.get_by_id(photo.case_id), actor=called.town.actor("chenjing"), about_unit=unit_of(
            called.town, LEAD
        ))  # fmt: skip
    assert called.get(link).status_code == 404


def test_what_is_no_photo_is_refused_and_nothing_is_kept(called):
    data = form(page(called), mode="onsite") | {"photo": (io.BytesIO(b"<svg/>"), "a.jpg")}
    assert called.post(f"{called.path}/arrive", data=data).status_code == 422
    assert (fresh(called).state, Photo.select().count()) == ("asked", 0)


def test_a_double_press_is_one_act(called):
    data = form(page(called))
    assert [called.post(f"{called.path}/accept", data=data).status_code for _ in range(2)] == [303, 303]
    assert SubcaseStep.select().where(SubcaseStep.verb == "accept").count() == 1


def test_a_stale_page_is_told_so(called):
    data = form(page(called), note="归电信公司")
    press(called, "accept")
    answer = called.post(f"{called.path}/refuse", data=data)
    assert (answer.status_code, "下面已是最新情况" in answer.text) == (409, True)


def test_a_foreign_form_does_nothing(called):
    text = page(called)
    other = path(called, call_of(Whistle.get(), called.town, HELPER))
    for data, headers in (
        ({"form_token": "x"}, {}), ({}, {"Origin": "https://evil.example"}), ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({"form_token": form(page(called, other))["form_token"]}, {}),
    ):  # fmt: skip
        answer = called.post(f"{called.path}/accept", data=form(text) | data, headers=headers)
        assert answer.status_code == 403
    assert fresh(called).state == "asked"
    answer = called.post(f"{called.path}/accept", data=form(text), headers={"Origin": "null"})
    assert answer.status_code == 303


def gone(client, status, address=None):
    answer = client.get(address or client.path)
    assert (answer.status_code, GONE in answer.text) == (status, True)
    answer = client.post(f"{address or client.path}/accept", data={"form_token": "x", "who": "老周"})
    assert (answer.status_code, GONE in answer.text) == (status, True)


@pytest.mark.parametrize("token", ["x", "x" * 500, "WyJhIl0.aaaa.bbbb", "%00", "井盖"])
def test_a_forged_link_opens_nothing(called, token):
    gone(called, 404, f"/u/{token}")


def test_a_link_of_one_subcase_or_unit_opens_no_other(called):
    row, helper = called.row, call_of(Whistle.get(), called.town, HELPER)
    with called.application.app_context():
        mixed = address_of(row.key, helper.unit.key, 0, called.town.settings)
    gone(called, 410, mixed.removeprefix(called.town.settings.base_url))


def test_a_renewed_link_leaves_the_old_one_dead(called):
    with write():
        assert unit_link.renew(fresh(called), actor=called.town.actor("chenjing")) == 1
    gone(called, 410)
    assert LEAD in page(called, path(called, called.row, 1))


def test_it_ends_with_the_unit_with_its_days_and_some_days_after_the_matter(called):
    row = fresh(called)
    said = (row.key, row.unit.key, 0)
    assert unit_link.enter(*said, now())
    with pytest.raises(unit_link.LinkGone):
        unit_link.enter(*said, now() - timedelta(days=15))
    Subcase.update(state="done", done_at=now() - timedelta(days=6)).where(Subcase.id == row.id).execute()
    assert "已办完" in page(called)
    Subcase.update(done_at=now() - timedelta(days=8)).where(Subcase.id == row.id).execute()
    gone(called, 410)
    Subcase.update(state="asked", done_at=None).where(Subcase.id == row.id).execute()
    with write():
        unit.leave(unit_of(called.town, LEAD), actor=called.town.actor("chenjing"))
    gone(called, 410)


def test_a_unit_that_is_complained_about_is_shut_out(called):
    with write():
        party.involve(Case.get_by_id(called.row.case_id), actor=called.town.actor("chenjing"), about_unit=unit_of(
            called.town, LEAD
        ))  # fmt: skip
    gone(called, 410)


def test_guessing_is_slowed_down(called):
    answers = {called.get(f"/u/guess{number}").status_code for number in range(40)}
    assert answers == {404, 429}
    assert page(called)


def test_the_letter_to_a_contact_ends_in_the_link_and_the_row_holds_none(called):
    town = called.town
    contact(town, LEAD)
    with write():
        subcase.subcase_letters.request(fresh(called))
    letter = Letter.select().where(Letter.content["subcase"] == fresh(called).key).order_by(Letter.id.desc()).get()
    line = _link(town.context, letter)
    assert line.startswith(f"\n点开答复：{town.settings.base_url}/u/") and "/u/" not in str(letter.content)
    assert LEAD in page(called, line.rpartition(town.settings.base_url)[2])


def test_a_verb_that_is_none_is_not_found(called):
    answer = called.post(f"{called.path}/drop", data=form(page(called)))
    assert (answer.status_code, fresh(called).state) == (404, "asked")
