"""The published head is for everybody; each refusal is written down, and too many raise an alert."""

import pytest

from app.context import database_open
from app.rules import chain
from models.alert import Alert
from models.audit import Audit, AuditHead
from models.base import write
from models.case import Case
from models.letter import Letter
from tests.handlers.api.conftest import door, key_of
from tests.handlers.console.conftest import ask, desk, hall, report
from tests.handlers.wechat.phone import phone

__all__ = ["desk", "door", "hall", "key_of"]


def refusals(**more) -> list[Audit]:
    """The rows of refusals, oldest first."""
    with database_open():
        found = Audit.select().where(Audit.result == "refused").order_by(Audit.id)
        return [row for row in found if all(getattr(row, name) == value for name, value in more.items())]


def told(row: Audit) -> tuple:
    with database_open():
        who = row.person.name if row.person_id else ""
    return who, row.role, row.action, row.subject, row.result, row.detail.get("why"), row.door


# -- the head -------------------------------------------------------------------------------------------------------


def test_before_the_first_publication_the_chain_is_empty(client):
    answer = client.get("/audit/head")
    assert answer.get_json() == {"position": 0, "hash": "0" * 64, "published_at": None, "earlier": []}


def test_the_head_is_told_to_everybody_with_those_before(client, hall):
    for _ in range(3):
        report(hall)
        with write():
            chain.seal()
            chain.publish()
    heads = list(AuditHead.select().order_by(AuditHead.position.desc()))
    answer = client.get("/audit/head")
    said = answer.get_json()
    assert (answer.status_code, said["position"], said["hash"]) == (200, heads[0].position, heads[0].hash)
    assert said["published_at"] == heads[0].published_at.isoformat(timespec="seconds")
    assert [(one["position"], one["hash"]) for one in said["earlier"]] == [
        (row.position, row.hash) for row in heads[1:]
    ]


# -- refusals -------------------------------------------------------------------------------------------------------


def test_the_stranger_at_the_desk_is_written_down(desk, hall):
    case = report(hall)
    hefang = desk("hefang")
    assert hefang.get(f"/cases/{case.key}").status_code == 404
    (row,) = refusals()
    assert told(row) == ("何芳", "community_admin", "case.read", case.key, "refused", "not_found", "console")
    assert (row.address, row.community.code != hall.community().code) == ("127.0.0.1", True)


def test_the_stranger_at_the_api_is_written_down(door, hall):
    case = report(hall)
    assert door("hefang").get(f"/cases/{case.key}")[0] == 404
    (row,) = refusals()
    assert told(row)[:1] + told(row)[3:] == ("何芳", case.key, "refused", "not_found", "api")


def test_a_deed_that_is_not_ones_own_is_written_down_with_its_verb(door, hall):
    case = report(hall)
    status, _ = door("zhanglan").post(f"/cases/{case.key}/accept", {})
    assert status == 403
    (row,) = refusals()
    assert (row.subject, row.result, row.detail) == (case.key, "refused", {"why": "forbidden", "verb": "accept"})
    assert Case.get_by_id(case.id).state == case.state


def test_a_room_without_the_right_is_written_down(desk, hall):
    assert desk("wangdashan").get("/audit").status_code == 403
    (row,) = refusals()
    assert told(row) == ("王大山", "grid_worker", "audit.read", "", "refused", "forbidden", "console")


def test_what_never_existed_is_written_as_refused_at_the_same_cost(desk, hall):
    case = report(hall)
    hefang = desk("hefang")
    pages = [hefang.get(f"/cases/{key}") for key in (case.key, "a" * 16)]
    assert pages[0].status_code == pages[1].status_code == 404
    assert pages[0].data == pages[1].data
    assert [(row.subject, row.result) for row in refusals()] == [(case.key, "refused"), ("a" * 16, "refused")]
    assert len({(row.detail["why"], row.community_id) for row in refusals()}) == 1


@pytest.mark.parametrize("key", ["%0d%0aadmin%20done", "%1b[2K", "\ud7ff" * 9, "x" * 400, "%c2%85", "%ed%a0%80"])
def test_nonsense_instead_of_a_key_is_kept_harmless(desk, hall, key):
    assert desk("hefang").get(f"/cases/{key}").status_code == 404
    (row,) = refusals()
    assert (row.subject, row.result) == ("", "refused")


def test_whoever_is_not_signed_in_leaves_no_row(client, desk, hall):
    case = report(hall)
    assert client.get(f"/api/v1/cases/{case.key}").status_code == 401
    assert desk().get(f"/cases/{case.key}").status_code == 302
    assert desk("hefang").get("/no-such-room").status_code == 404
    assert refusals() == []


def test_an_own_deed_that_succeeds_leaves_no_refusal(desk, hall):
    case = report(hall)
    assert desk("chenjing").get(f"/cases/{case.key}").status_code == 200
    assert refusals() == []


def test_after_sixty_in_a_minute_an_alert_takes_their_place(desk, hall):
    case, hefang = report(hall), desk("hefang")
    for _ in range(64):
        assert hefang.get(f"/cases/{case.key}").status_code == 404
    assert len(refusals()) == 60
    (alert,) = Alert.select()
    assert (alert.kind, alert.person.name, alert.subject) == ("many_refusals", "何芳", alert.person.key)
    assert alert.place.id == refusals()[0].community_id
    assert "多次要看、要做不归自己的事" in alert.words
    # Another person's refusals are kept all the same.
    assert desk("zhaoqiang").get(f"/cases/{case.key}").status_code != 200
    assert len(refusals()) == 61


def test_a_refusal_that_cannot_be_written_is_still_a_refusal(desk, hall):
    """The transaction of the deed is gone, the row has one of its own; nothing of the deed stays."""
    case = report(hall)
    before = Letter.select().count()
    assert desk("hefang").form(f"/cases/{case.key}/dispatch", worker="x").status_code == 404
    assert (Letter.select().count(), len(refusals())) == (before, 1)


# -- in the chat ----------------------------------------------------------------------------------------------------


def test_a_command_about_a_case_of_next_door_is_written_down(client, hall):
    case = report(hall)
    said = phone(client, "hefang", "official").say(f"#{case.number} 师傅已在路上")
    assert said == f"没有找到 #{case.number}，或它不归您处理。"
    (row,) = refusals()
    assert told(row)[:3] == ("何芳", "community_admin", "conversation.answer")
    assert told(row)[3:] == (f"#{case.number}", "refused", "not_found", "chat")


def test_a_command_without_the_right_is_written_down_with_the_case(client, hall):
    case = report(hall)
    said = phone(client, "chenjing", "official").say(f"围护 {case.number}")
    assert said.startswith("您没有做这件事的权限。")
    (row,) = refusals()
    assert told(row) == ("陈静", "community_admin", "case.make_safe", case.key, "refused", "forbidden", "chat")
    assert row.community_id == hall.community().id


def test_in_the_chat_too_an_alert_takes_the_place_of_the_rest(client, hall):
    report(hall)
    wang = phone(client, "wangdashan", "official")
    for number in range(62):
        wang.say(f"接单 {9000 + number}")
    assert len(refusals()) == 60
    assert [(alert.kind, alert.person.name) for alert in Alert.select()] == [("many_refusals", "王大山")]


def test_a_number_that_nobody_has_is_refused_like_any_other(client, hall):
    report(hall)
    phone(client, "wangdashan", "official").say("接单 9999")
    assert [(row.subject, row.result) for row in refusals()] == [("#9999", "refused")]


def test_talk_that_is_no_refusal_by_right_leaves_no_row(client, hall):
    report(hall)
    wang = phone(client, "wangdashan", "official")
    for words in ("接单 1001", "接单 1001", "接单 100\u200b1", "你好"):
        wang.say(words)
    assert refusals() == []


def test_opening_a_conversation_is_a_reading_that_is_written_once_an_hour(desk, hall):
    talk, chenjing = ask(hall), desk("chenjing")
    for _ in range(3):
        assert chenjing.get(f"/inbox/{talk.key}").status_code == 200
    (row,) = Audit.select().where(Audit.action == "conversation.read")
    assert (row.person.name, row.subject, row.about.name, row.result) == ("陈静", talk.key, "张兰", "done")
