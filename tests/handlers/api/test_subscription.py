"""What WeChat's dialogue answered, counted by kind."""


def left(said):
    return {one["kind"]: (one["remaining"], one["refused"]) for one in said[1]["subscriptions"]}


def test_what_is_left(door):
    wangdashan = door("wangdashan")
    for _ in range(5):
        said = wangdashan.post("/subscriptions", {"answers": {"case_assigned": "accept", "case_reminder": "accept"}})
    assert wangdashan.get("/subscriptions") == said
    assert left(said) == {
        "case_assigned": (5, False), "case_reminder": (5, False), "case_progress": (0, False),
        "answer_waiting": (0, False), "judge_please": (0, False),
    }  # fmt: skip
    assert [len(one["template_id"]) for one in said[1]["subscriptions"]] == [43] * 5


def test_answers_by_kind_or_by_template(door):
    zhanglan = door("zhanglan")
    template = zhanglan.get("/subscriptions")[1]["subscriptions"][2]["template_id"]
    answers = {template: "accept", "judge_please": "reject", "answer_waiting": "ban"}
    first = zhanglan.post("/subscriptions", {"answers": answers}, once="answer-1")
    assert left(first) == {
        "case_assigned": (0, False), "case_reminder": (0, False), "case_progress": (1, False),
        "answer_waiting": (0, True), "judge_please": (0, True),
    }  # fmt: skip
    assert zhanglan.post("/subscriptions", {"answers": answers}, once="answer-1") == first
    assert left(zhanglan.post("/subscriptions", {"answers": {"judge_please": "accept"}}))["judge_please"] == (1, False)


def test_answers_that_are_none(door):
    zhanglan = door("zhanglan")
    for answers, fields in (
        ({}, {"answers": "太少了"}),
        ({"judge_please": "maybe"}, {"answers.judge_please": "不在可选的范围里"}),
        ({"judge_please": True}, {"answers.judge_please": "不在可选的范围里"}),
        ({"nothing": "accept"}, {"answers.nothing": "没有这个模板"}),
        (["judge_please"], {"answers": "应当是一个对象"}),
    ):
        assert zhanglan.refused(422, "POST", "/subscriptions", {"answers": answers})["fields"] == fields
    assert left(zhanglan.get("/subscriptions"))["judge_please"] == (0, False)
