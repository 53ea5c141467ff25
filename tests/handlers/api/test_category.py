"""The form of a report: what may be asked, what an answer does, and that nobody has to answer."""

import pytest

from app.context import database_open
from app.rules.questionnaire import MOST_QUESTIONS
from models.case import Case
from models.category import Category


def asked(door, key_of, code):
    rows = door("zhanglan").get(f"/categories?community={key_of('community')}")[1]["categories"]
    return next(row for row in rows if row["code"] == code)


def test_the_form_of_a_cover(door, key_of):
    row = asked(door, key_of, "missing_manhole_cover")
    assert (row["name"], row["hazard"], row["zone"]) == ("窨井盖缺失破损", True, "compound_common")
    fell, state, guarded, *_ = row["questions"]
    assert (fell["kind"], fell["stops"]) == ("yes_no", [{
        "any": [True], "numbers": ["120", "119"], "still_filed": True,
        "words": "请马上拨打 120；人困在井里同时拨打 119。不要自己下井。我们已按紧急情况派人。",
    }])  # fmt: skip
    assert state["options"][0] == {"code": "missing", "words": "整个没有了、敞着口"}
    assert guarded["when"] == [{"question": "state", "any": ["missing", "shifted", "collapsed"]}]
    assert (state["unit"], state["min"], state["required"], state["notice"][:4]) == ("", None, False, "不要靠近")
    depth = asked(door, key_of, "flooding")["questions"][1]
    assert (depth["kind"], depth["unit"], depth["min"], depth["max"]) == ("number", "厘米", 1, 500)
    assert asked(door, key_of, "gas_leak")["questions"] == []


def test_the_same_question_asked_again_costs_the_same(door, key_of, count_queries):
    path = f"/categories?community={key_of('community')}"
    zhanglan = door("zhanglan")
    zhanglan.get(path)
    with count_queries() as statements:
        assert len(zhanglan.get(path)[1]["categories"]) > 30
    assert len([one for one in statements if "category" in one.lower()]) <= 1


def test_answers_go_with_the_report_and_are_read_by_whom_it_concerns(door, key_of):
    answers = {"state": "shifted", "guarded": False, "where": "road", "mark": "gas"}
    case = door("zhanglan").report(category="missing_manhole_cover", place=key_of("building"), answers=answers)
    assert (case["zone"], case["zone_words"], case["condition"]) == ("public_area", "公共区域", None)
    assert case["answers"] == [
        {"question": "井盖现在怎样？", "answer": "移开了、翘起来了"},
        {"question": "旁边有围挡或警示吗？", "answer": "否"},
        {"question": "在哪里？", "answer": "小区外的马路、人行道"},
        {"question": "井盖上写着什么字？", "answer": "燃气"},
    ]  # fmt: skip
    assert case["answerable"] is None
    seen = door("wangdashan").see(case)
    assert (seen["answers"], seen["answerable"]) == (case["answers"], {
        "who": "管线产权单位", "unit_kind": "utility_company", "words": "立即设置警示标志，并及时补缺或修复。",
        "source": "《城市道路管理条例》第二十三条；《开封市城市市容和环境卫生管理条例》第十二条",
    })  # fmt: skip
    with database_open():
        assert Case.get(Case.key == case["key"]).answers == answers


def test_nobody_has_to_answer(door, key_of):
    case = door("zhanglan").report(category="missing_manhole_cover", place=key_of("building"))
    assert (case["answers"], case["hazard"], case["zone"]) == ([], True, "compound_common")
    assert door("zhanglan").report(category="missing_manhole_cover", place=key_of("building"), answers={})["number"]


def test_an_answer_makes_it_a_danger(door, key_of):
    dark, down = (
        door("zhanglan").report("路灯的事", category="street_light", place=key_of("building"), answers={"pole": pole})
        for pole in (False, True)
    )
    limits = [[due["limit"] for due in case["dues"]] for case in (dark, down)]
    assert (dark["hazard"], down["hazard"]) == (False, True)
    assert (["make_safe" in one for one in limits]) == [False, True]


def test_somebody_in_danger_is_never_sent_back(door, key_of):
    """The child pressed the wrong things besides, and wrote nothing: somebody fell."""
    body = {"words": "", "category": "missing_manhole_cover", "place": key_of("building"),
            "answers": {"fell": True, "guarded": True, "colour": "red"}}  # fmt: skip
    status, case = door("zhanglan").post("/cases", body)
    assert (status, case["category"]["code"], case["category"]["emergency"]) == (201, "person_in_danger", True)
    assert case["words"].startswith("请马上拨打 120")
    assert case["answers"] == [{"question": "有人掉下去或受伤了吗？", "answer": "是"}]
    assert case["state"] == "dispatched"


@pytest.mark.parametrize(("category", "answers", "words"), [
    ("gas_outage", {"only_mine": True}, "请拨打燃气公司客服电话"), ("neighbour_dispute", {"court": True}, "法院"),
    ("parking", {"accident": "crash"}, "122"),
])  # fmt: skip
def test_what_is_for_others_says_where_to_turn_and_files_nothing(door, key_of, category, answers, words):
    body = {"words": "有件事", "category": category, "place": key_of("building"), "answers": answers}
    said = door("zhanglan").refused(422, "POST", "/cases", body)
    assert (said["code"], words in said["message"]) == ("diverted", True)
    with database_open():
        assert Case.select().count() == 0


@pytest.mark.parametrize(("answers", "fields"), [
    ({"state": "lost"}, ["answers.state"]), ({"guarded": True}, ["answers.guarded"]),
    ({"colour": 1, "state": True}, ["answers.colour", "answers.state"]),
])  # fmt: skip
def test_what_does_not_fit_is_refused_by_its_field(door, key_of, answers, fields):
    body = {"words": "井盖", "category": "missing_manhole_cover", "place": key_of("building"), "answers": answers}
    said = door("zhanglan").refused(422, "POST", "/cases", body)
    assert (said["code"], sorted(said["fields"])) == ("answers_wrong", fields)


@pytest.mark.parametrize("answers", [
    [], "fell", {"fell": None}, {"fell": [True]}, {"fell": {"a": 1}}, {"floor": "楼" * 201}, {"": True}, {"Fell": True},
    {"a" * 25: True}, {f"q{n}": True for n in range(MOST_QUESTIONS + 1)},
])  # fmt: skip
def test_what_is_no_answer_at_all_is_refused_too(door, key_of, answers):
    body = {"words": "井盖", "category": "missing_manhole_cover", "place": key_of("building"), "answers": answers}
    said = door("zhanglan").refused(422, "POST", "/cases", body)
    assert said["code"] == "invalid" and all(field.startswith("answers") for field in said["fields"])


def test_answers_without_a_category_are_to_the_one_the_words_say(door, key_of):
    case = door("zhanglan").report("门口的井盖坏了", place=key_of("building"), answers={"state": "cracked"})
    assert case["answers"] == [{"question": "井盖现在怎样？", "answer": "开裂、破了"}]
    said = door("zhanglan").refused(422, "POST", "/cases", {
        "words": "路灯不亮", "place": key_of("building"), "answers": {"state": "cracked"},
    })  # fmt: skip
    assert said["fields"] == {"answers.state": "没有这个问题"}


def test_a_category_that_is_switched_off_is_asked_no_more(door, key_of, client):
    with database_open():
        Category.update(active=False).where(Category.code == "pets").execute()
    rows = door("zhanglan").get(f"/categories?community={key_of('community')}")[1]["categories"]
    assert "pets" not in [row["code"] for row in rows]
