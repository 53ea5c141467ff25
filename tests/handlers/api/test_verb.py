"""Every verb by the one who may say it; everybody else is refused, and nothing is changed by a refusal."""

from datetime import timedelta

import pytest

from app.context import database_open
from app.rules import rights, setting
from app.rules.deed import DEEDS, STILL
from models.alert import Alert
from models.audit import Audit
from models.base import now
from models.case import Case, Photo, Step
from models.lifecycle import CASE, CASE_STATES
from models.role import Role
from models.setting import Setting


@pytest.fixture
def case(door, key_of):
    """张兰's manhole cover, with 王大山."""
    return door("zhanglan").report(place=key_of("building"))


def in_state(case, **values):
    with database_open():
        Case.update(**values).where(Case.key == case["key"]).execute()


def test_the_verbs_of_the_api_are_those_of_people():
    of_people = {move.verb for move in CASE if move.who != {"system"}}
    # What is handed in to be checked is said by "handle".
    assert set(DEEDS) == (of_people | set(STILL)) - {"hand_in"}
    assert {f"case.{verb}" for verb in DEEDS} <= set(rights.RIGHTS)


@pytest.mark.parametrize("verb", DEEDS)
def test_a_screen_shows_the_verbs_that_would_be_taken(door, case, verb, key_of):
    """For everybody who sees the case, in every state: a verb without a button is refused, a button is not."""
    worker = key_of("person", "liuyang" if verb == "transfer" else "wangdashan")
    until = f"{now() + timedelta(days=9):%Y-%m-%d}"
    body = {"note": "原因是要等配件", "until": until, "satisfaction": "satisfied", "worker": worker,
            "disposition": "not_a_matter", "to": "市政养护所"}  # fmt: skip
    if verb == "merge":
        body["into"] = door("sunmei").report("5号楼门口井盖碎了", place=key_of("building", "5号楼"))["key"]
    door("zhanglan").add_photo()
    with database_open():
        Photo.update(kind="after", case=Case.get()).execute()
    for who in ("zhanglan", "wangdashan", "chenjing", "dengwei"):
        for state in CASE_STATES:
            in_state(case, state=state, handler=door(who).client.town.person("wangdashan"), safe_at=None)
            shown = verb in [one["verb"] for one in door(who).see(case)["verbs"]]
            status, said = door(who).post(f"/cases/{case['key']}/{verb}", body)
            assert (status == 200) == shown, (who, state, said)
            assert status in (200, 403, 409)


def test_a_verb_that_does_not_exist(door, case):
    for verb in ("lapse", "explode", "report", "note", "__class__"):
        assert door("wangdashan").refused(404, "POST", f"/cases/{case['key']}/{verb}", {})["code"] == "not_found"


def test_too_late_says_what_the_state_is(door, case):
    wangdashan = door("wangdashan")
    wangdashan.act(case, "accept")
    error = wangdashan.refused(409, "POST", f"/cases/{case['key']}/accept", {})
    assert (error["code"], error["message"]) == ("state_forbids", "#1001 现在是“网格员处理中”，不能接单。")


def test_poor_signal_repeats_a_verb(door, case):
    wangdashan = door("wangdashan")
    first = wangdashan.post(f"/cases/{case['key']}/accept", {}, once="accept-1")
    assert wangdashan.post(f"/cases/{case['key']}/accept", {}, once="accept-1") == first
    assert first[0] == 200


def test_a_verb_without_a_key_is_taken(door, case):
    assert door("wangdashan").post(f"/cases/{case['key']}/accept", {}, once=None)[1]["state"] == "handling"


def test_a_photo_comes_with_its_verb_or_not_at_all(door, case):
    wangdashan = door("wangdashan")
    wangdashan.act(case, "accept")
    assert wangdashan.refused(422, "POST", f"/cases/{case['key']}/handle", {})["code"] == "after_photo_missing"
    photo = wangdashan.add_photo()["key"]
    wangdashan.refused(409, "POST", f"/cases/{case['key']}/accept", {"photos": [photo]})
    with database_open():
        assert Photo.get(Photo.key == photo).case is None
    assert [one["kind"] for one in wangdashan.act(case, "make_safe", photos=[photo])["photos"]] == ["safe"]
    error = wangdashan.refused(422, "POST", f"/cases/{case['key']}/handle", {"photos": [photo]})
    assert (error["code"], error["fields"]) == ("photo_taken", {"photos": "不可用"})


def test_somebody_elses_photo_is_no_evidence(door, case):
    foreign = door("guoliang").add_photo()["key"]
    wangdashan = door("wangdashan")
    for keys in ([foreign], ["abcdefghijklmnop"], [wangdashan.add_photo()["key"]] * 2):
        error = wangdashan.refused(422, "POST", f"/cases/{case['key']}/accept", {"photos": keys})
        assert error["code"] == "photo_taken"
    with database_open():
        assert [step.verb for step in Step.select()] == ["report", "dispatch"]


def test_at_most_nine_photos_of_one_thing(door, case):
    zhanglan = door("zhanglan")
    keys = [zhanglan.add_photo()["key"] for _ in range(10)]
    error = zhanglan.refused(422, "POST", f"/cases/{case['key']}/notes", {"note": "看", "photos": keys})
    assert error["fields"] == {"photos": "太多了，最多 9 个"}
    assert zhanglan.post(f"/cases/{case['key']}/notes", {"note": "看", "photos": keys[:9]})[0] == 201
    error = zhanglan.refused(422, "POST", f"/cases/{case['key']}/notes", {"note": "看", "photos": keys[9:]})
    assert error["code"] == "too_many_photos"


def test_given_back_with_a_reason_that_stays_inside(door, case):
    wangdashan = door("wangdashan")
    assert wangdashan.refused(422, "POST", f"/cases/{case['key']}/return_back", {})["fields"] == {"note": "必填"}
    wangdashan.act(case, "return_back", note="这户总投诉，让别人去")
    assert [step["note"] for step in door("zhanglan").see(case)["steps"]] == ["", "", ""]
    assert door("chenjing").see(case)["steps"][-1]["note"] == "这户总投诉，让别人去"


def test_a_refusal_gives_its_reason_to_the_resident(door, case):
    door("chenjing").act(case, "reject", note="属于市政管线，已转市政养护所", disposition="not_a_matter")
    assert door("zhanglan").see(case)["steps"][-1]["note"] == "属于市政管线，已转市政养护所"


def test_dispatched_to_a_worker_of_the_community_only(door, case, key_of):
    chenjing, path = door("chenjing"), f"/cases/{case['key']}/dispatch"
    assert chenjing.refused(422, "POST", path, {})["fields"] == {"worker": "不在岗"}
    for outsider in ("guoliang", "zhanglan", "hefang"):
        error = chenjing.refused(422, "POST", path, {"worker": key_of("person", outsider)})
        assert error["fields"] == {"worker": "不在岗"}
    chenjing.act(case, "dispatch", worker=key_of("person", "liuyang"))
    assert door("liuyang").act(case, "accept")["handler"]["name"] == "刘洋"


def test_a_judgement_has_three_words(door, case):
    in_state(case, state="handled", handled_at=now())
    zhanglan, path = door("zhanglan"), f"/cases/{case['key']}/confirm"
    assert zhanglan.refused(422, "POST", path, {})["fields"] == {"satisfaction": "不在选项里"}
    error = zhanglan.refused(422, "POST", path, {"satisfaction": "great"})
    assert error["fields"] == {"satisfaction": "不在可选的范围里"}
    assert zhanglan.act(case, "reopen", note="还是晃")["reopened"] == 1


def test_a_role_that_ended_a_moment_ago(door, case):
    wangdashan = door("wangdashan")
    assert wangdashan.see(case)["state"] == "dispatched"
    with database_open():
        Role.update(ends_at=now()).where(Role.person == wangdashan.client.town.person("wangdashan")).execute()
    wangdashan.refused(404, "GET", f"/cases/{case['key']}")
    wangdashan.refused(404, "POST", f"/cases/{case['key']}/accept", {})


def test_what_an_answer_shows_counts_for_the_day(door, key_of):
    """The answers of verbs and notes show the whole case: beyond the day's number there is none, and an alert stays."""
    first, second = (door(who).report(place=key_of("building")) for who in ("zhanglan", "sunmei"))
    wangdashan, town = door("wangdashan"), door().client.town
    with database_open():
        Setting.create(community=town.community(), name="people_per_day", value=1)
        setting.forget()
    wangdashan.act(first, "accept")
    for path, body in (("accept", {}), ("notes", {"note": "看过了"})):
        assert wangdashan.refused(403, "POST", f"/cases/{second['key']}/{path}", body)["code"] == "budget_spent"
    assert wangdashan.post(f"/cases/{first['key']}/notes", {"note": "看过了"})[0] == 201
    with database_open():
        assert [alert.kind for alert in Alert.select()] == ["budget_spent"]
        read = Audit.select().where(Audit.action == "case.read", Audit.result == "done")
        assert [(row.person.name, row.about.name) for row in read] == [("王大山", "张兰")]
        assert Case.get(Case.key == second["key"]).state == "dispatched"
