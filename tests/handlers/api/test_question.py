"""Asking the reporter and judging through the API: complete shapes, the right people, nothing for others."""

import pytest


@pytest.fixture
def case(door, key_of):
    """张兰's manhole cover, with 王大山."""
    return door("zhanglan").report(place=key_of("building"))


def asked(door, case, **more):
    status, said = door("chenjing").post(f"/cases/{case['key']}/questions", {"text": "东门还是西门？"} | more)
    assert status == 201, said
    return said["questions"][-1]


def test_a_question_is_asked_answered_with_a_photo_and_seen_by_both(door, case):
    row = asked(door, case, days=3)
    assert (row["state"], row["state_words"], row["may_withdraw"]) == ("open", "等居民回答", True)
    zhanglan = door("zhanglan")
    mine = zhanglan.see(case)["questions"][0]
    assert (mine["text"], mine["may_answer"], mine["may_withdraw"]) == ("东门还是西门？", True, False)
    assert "陈静" not in str(mine)
    photo = zhanglan.add_photo()["key"]
    answer, path = {"text": "东门", "photos": [photo]}, f"/questions/{row['key']}/answer"
    status, said = zhanglan.post(path, answer, once="answer-1")
    assert (status, said["questions"][0]["state"], said["questions"][0]["answer"]) == (200, "answered", "东门")
    assert [one["key"] for one in said["photos"]] == [photo]
    assert zhanglan.post(path, answer, once="answer-1")[0] == 200
    error = zhanglan.refused(409, "POST", f"/questions/{row['key']}/answer", {"text": "西门"})
    assert error["code"] == "question_over"


def test_who_has_no_part_in_it_sees_no_question(door, case):
    row = asked(door, case)
    for who in ("sunmei", "hefang"):
        door(who).refused(404, "POST", f"/questions/{row['key']}/answer", {"text": "西门"})
        door(who).refused(404, "POST", f"/cases/{case['key']}/questions", {"text": "西门？"})
    # A resident asks nowhere; 何芳 does so in her own community.
    door("sunmei").refused(403, "POST", f"/questions/{row['key']}/withdraw")
    door("hefang").refused(404, "POST", f"/questions/{row['key']}/withdraw")
    for who in ("sunmei", "hefang"):
        door(who).refused(404, "GET", f"/cases/{case['key']}/judgement")
    assert door("zhanglan").refused(403, "POST", f"/questions/{row['key']}/withdraw")["code"] == "forbidden"
    assert door("chenjing").refused(403, "POST", f"/questions/{row['key']}/answer", {"text": "西门"})
    status, said = door("chenjing").post(f"/questions/{row['key']}/withdraw")
    assert (status, said["questions"][0]["state_words"]) == (200, "不用回答了")


@pytest.mark.parametrize(
    "body", [{"text": ""}, {"text": "问" * 301}, {"text": "？", "days": 0}, {"text": "？", "days": 31}]
)
def test_a_question_out_of_bounds(door, case, body):
    door("chenjing").refused(422, "POST", f"/cases/{case['key']}/questions", body)


def done(door, case):
    wangdashan = door("wangdashan")
    wangdashan.act(case, "accept")
    return wangdashan.act(case, "handle", photos=[wangdashan.add_photo()["key"]])


def test_the_choices_of_a_judgement_and_what_became_of_it(door, case):
    done(door, case)
    zhanglan, path = door("zhanglan"), f"/cases/{case['key']}/judgement"
    choices = zhanglan.get(path)[1]
    assert (choices["may_judge"], choices["last"]) == (True, None)
    assert [one["code"] for one in choices["aspects"]] == ["speed", "manner", "result"]
    assert {"code": "broke_again", "words": "又坏了", "satisfactions": ["dissatisfied"], "asks_reopen": True} in (
        choices["answers"]
    )  # fmt: skip
    assert door("chenjing").get(path)[1]["may_judge"] is False
    wrong = zhanglan.refused(
        422, "POST", f"/cases/{case['key']}/confirm", {"satisfaction": "satisfied", "answers": ["rude"]}
    )
    assert wrong["code"] == "answer_misfit"
    said = zhanglan.act(
        case, "confirm", satisfaction="dissatisfied", aspects={"speed": "satisfied"}, answers=["broke_again"],
        note="又响",
    )  # fmt: skip
    assert (said["state"], said["reopen_asked"], said["judgement"]["decision_words"]) == (
        "closed", True, "等工作人员决定"
    )  # fmt: skip
    assert [one["words"] for one in said["judgement"]["answers"]] == ["又坏了"]
    desk = door("chenjing")
    assert "keep" in [one["verb"] for one in desk.see(case)["verbs"]]
    kept = desk.act(case, "keep", note="已复查，没有坏")
    assert (kept["reopen_asked"], kept["judgement"]["decision"], kept["judgement"]["decision_note"]) == (
        False, "kept", "已复查，没有坏"
    )  # fmt: skip


def test_an_ending_says_why_and_to_whom(door, case):
    door("chenjing").refused(422, "POST", f"/cases/{case['key']}/reject", {"note": "不归社区"})
    said = door("chenjing").act(case, "hand_over", to="市政养护所", note="主路归市政")
    assert (said["state_words"], said["handed_to"]) == ("已转交有关单位", "市政养护所")
    again = door("zhanglan").act(case, "reopen", note="市政不接")
    assert (again["state"], again["handed_to"]) == ("dispatched", "")
    refused = door("chenjing").act(case, "reject", note="法院已立案", disposition="legal_channel")
    assert refused["disposition_words"] == "应走诉讼、仲裁、信访等法定渠道"
