"""The further questions of a category: what a file may ask, what may be answered, and what an answer comes to."""

import copy

import pytest

from app.rules import questionnaire
from app.rules.questionnaire import Outcome, check_questions, read, said
from app.rules.refusal import Refusal
from models.category import Category

STATE = {"code": "state", "words": "怎样？", "kind": "choice", "hazard": ["gone"], "options": [
    {"code": "gone", "words": "没有了", "zone": "public_area"}, {"code": "loose", "words": "松了"},
]}  # fmt: skip
FELL = {"code": "fell", "words": "有人掉下去吗？", "kind": "yes_no", "stops": [
    {"any": [True], "words": "请拨打 120。", "numbers": ["120"], "file_as": "person_in_danger"},
]}  # fmt: skip
COURT = {"code": "court", "words": "起诉了吗？", "kind": "yes_no",
         "stops": [{"any": [True], "words": "请向法院反映。"}]}  # fmt: skip
GUARD = {
    "code": "guard", "words": "有围挡吗？", "kind": "yes_no", "required": True,
    "when": [{"question": "state", "any": ["gone"]}],
}  # fmt: skip
DEPTH = {"code": "depth", "words": "多深？", "kind": "number", "unit": "厘米", "min": 1, "max": 300}
FLOOR = {"code": "floor", "words": "几楼？", "kind": "text", "notice": "写个数就行"}
SINCE = {"code": "since", "words": "哪天开始？", "kind": "date"}
ALL = [FELL, STATE, GUARD, DEPTH, FLOOR, SINCE, COURT]
EMERGENCIES = ["person_in_danger", "gas_leak"]


def checked(questions):
    check_questions(questions, emergencies=EMERGENCIES, where="cover")


def test_every_kind_and_every_part_may_be_asked():
    checked(copy.deepcopy(ALL))


def test_the_questions_of_the_demo_are_well_formed_and_stop_where_they_should(sqlite_town):
    rows = {row.code: row for row in Category.select().where(Category.community == sqlite_town.community())}
    urgent = [code for code, row in rows.items() if row.emergency]
    for row in rows.values():
        check_questions(row.questions, emergencies=urgent, where=row.code)
    # Whoever flees is not asked.
    assert [code for code in urgent if rows[code].questions] == []
    filed = {code: stop["file_as"] for code, row in rows.items() for question in row.questions
             for stop in question.get("stops", ()) if "file_as" in stop}  # fmt: skip
    assert filed["missing_manhole_cover"] == "person_in_danger"
    assert (filed["gas_outage"], filed["lift_stopped"], filed["wire_pulling"]) == ("gas_leak", "lift_trapped", "fire")


#: What is wrong, and a word of the sentence that says so.
BAD = [
    ({}, "列表"), ("questions", "列表"), ([1], "一张表"), ([FELL, FELL], "两次"), ([FLOOR | {"code": "Floor"}], "code"),
    ([FLOOR | {"code": ""}], "code"), ([FLOOR | {"code": 3}], "code"), ([FLOOR | {"code": "a" * 25}], "code"),
    ([FLOOR | {"colour": "red"}], "colour"),
    ([FLOOR | {"words": ""}], "words"), ([FLOOR | {"words": "问" * 121}], "words"),
    ([FLOOR | {"kind": "file"}], "kind"),
    ([FLOOR | {"kind": ["text"]}], "kind"), ([FLOOR | {"required": 1}], "required"),
    ([FLOOR | {"notice": ""}], "notice"), ([FLOOR | {"options": STATE["options"]}], "options"),
    ([STATE | {"options": []}], "options"), ([STATE | {"options": STATE["options"][:1]}], "2 到"),
    ([STATE | {"options": "gone"}], "列表"), ([STATE | {"options": [1, 2]}], "选项只写"),
    ([STATE | {"options": [STATE["options"][1]] * 2}], "code 不对"),
    ([STATE | {"options": [{"code": "a", "words": "甲", "zone": "moon"}, STATE["options"][1]]}], "zone"),
    ([STATE | {"options": [{"code": "a", "words": ""}, STATE["options"][1]]}], "words"),
    ([STATE | {"options": [{"code": f"o{n}", "words": "甲"} for n in range(13)]}], "2 到"),
    ([{name: DEPTH[name] for name in DEPTH if name != "unit"}], "unit"), ([FLOOR | {"min": 1}], "unit"),
    ([DEPTH | {"min": 300}], "小于"), ([DEPTH | {"max": "many"}], "小于"), ([DEPTH | {"max": float("inf")}], "小于"),
    ([DEPTH | {"min": float("nan")}], "小于"), ([DEPTH | {"min": True}], "小于"), ([DEPTH | {"unit": ""}], "unit"),
    ([STATE | {"hazard": ["lost"]}], "hazard"),
    ([STATE | {"hazard": "gone"}], "列表"), ([FELL | {"hazard": [1]}], "hazard"),
    ([GUARD], "前面"), ([GUARD, STATE], "前面"), ([STATE, GUARD | {"when": [1]}], "when"),
    ([STATE, GUARD | {"when": [{"question": "state"}]}], "when"), ([STATE, GUARD | {"when": {}}], "列表"),
    ([STATE, GUARD | {"when": [{"question": "guard", "any": [True]}]}], "前面"),
    ([STATE, GUARD | {"when": [{"question": ["state"], "any": ["gone"]}]}], "前面"),
    ([STATE, GUARD | {"when": [{"question": "state", "any": []}]}], "any"),
    ([STATE, GUARD | {"when": [{"question": "state", "any": ["lost"]}]}], "不在范围"),
    ([DEPTH, GUARD | {"when": [{"question": "depth", "any": [5]}]}], "是否题"),
    ([COURT | {"stops": [{"any": [True]}]}], "stops"),
    ([COURT | {"stops": [{"any": ["yes"], "words": "去法院"}]}], "不在范围"),
    ([COURT | {"stops": [{"any": [], "words": "去法院"}]}], "any"),
    ([COURT | {"stops": [{"any": [True], "words": ""}]}], "words"),
    ([COURT | {"stops": [{"any": [True], "words": "问" * 201}]}], "words"), ([COURT | {"stops": ["court"]}], "stops"),
    ([COURT | {"stops": [{"any": [True], "words": "打", "numbers": ["10086"]}]}], "numbers"),
    ([COURT | {"stops": [{"any": [True], "words": "打", "numbers": "110"}]}], "numbers"),
    ([COURT | {"stops": [{"any": [True], "words": "打", "numbers": ["110"], "file_as": "parking"}]}], "紧急类别"),
    ([COURT | {"stops": [{"any": [True], "words": "打", "file_as": "gas_leak"}]}], "numbers"),
    ([COURT | {"stops": [{"any": [True], "words": "打", "end": True}]}], "stops"),
    ([FLOOR | {"stops": [{"any": ["3"], "words": "打"}]}], "单选"),
    ([FLOOR | {"code": f"q{n}"} for n in range(13)], "最多"),
]  # fmt: skip


@pytest.mark.parametrize(("questions", "word"), BAD)
def test_a_question_that_is_written_wrongly_is_refused_when_it_is_loaded(questions, word):
    with pytest.raises(Refusal) as refused:
        checked(questions)
    assert (refused.value.code, word in refused.value.message) == ("questions_wrong", True), refused.value.message


def test_nothing_answered_is_fine_whatever_is_required():
    assert read([FLOOR | {"required": True}], {}) == read(ALL, None) == Outcome()


def test_answers_are_kept_as_they_are_and_say_where_and_how_bad():
    found = read(ALL, {"fell": False, "state": "gone", "guard": True, "depth": 30.5, "floor": " 三楼\u202e ",
                       "since": "2026-02-28"})  # fmt: skip
    assert found.answers == {"fell": False, "state": "gone", "guard": True, "depth": 30.5, "floor": "三楼",
                             "since": "2026-02-28"}  # fmt: skip
    assert (found.hazard, found.zone, found.file_as) == (True, "public_area", "")


def test_an_answer_that_is_no_danger_says_nothing_of_one():
    assert read(ALL, {"state": "loose"}) == Outcome(answers={"state": "loose"})


def test_a_text_left_empty_is_not_answered():
    assert read(ALL, {"floor": "  ", "state": "loose"}).answers == {"state": "loose"}


@pytest.mark.parametrize(("answers", "fields"), [
    ({"colour": "red"}, {"colour": "没有这个问题"}), ({"fell": "yes"}, {"fell": "请回答是或否"}),
    ({"fell": 1}, {"fell": "请回答是或否"}), ({"state": "lost"}, {"state": "请从选项里选一个"}),
    ({"state": True}, {"state": "请从选项里选一个"}), ({"depth": "30"}, {"depth": "请填 1 到 300 之间的数字"}),
    ({"depth": 0}, {"depth": "请填 1 到 300 之间的数字"}), ({"depth": 10**400}, {"depth": "请填 1 到 300 之间的数字"}),
    ({"depth": float("nan")}, {"depth": "请填 1 到 300 之间的数字"}),
    ({"depth": True}, {"depth": "请填 1 到 300 之间的数字"}),
    ({"floor": "楼" * 201}, {"floor": "请写 1 到 200 个字"}), ({"floor": 3}, {"floor": "请写 1 到 200 个字"}),
    ({"since": "昨天"}, {"since": "请写日期，例如 2026-11-24"}),
    ({"since": "2026-02-30"}, {"since": "请写日期，例如 2026-11-24"}),
    ({"since": "2026-11-24T00:00"}, {"since": "请写日期，例如 2026-11-24"}),
    ({"guard": True}, {"guard": "按前面的回答，不用答这一题"}),
    ({"state": "loose", "guard": True}, {"guard": "按前面的回答，不用答这一题"}),
    ({"state": "gone"}, {"guard": "必填"}),
    ({"state": "gone", "guard": "x", "a": 1}, {"guard": "请回答是或否", "a": "没有这个问题"}),
])  # fmt: skip
def test_an_answer_that_does_not_fit_is_refused_by_its_field(answers, fields):
    with pytest.raises(Refusal) as refused:
        read(ALL, answers)
    assert refused.value.code == "answers_wrong"
    assert refused.value.fields == {f"answers.{code}": words for code, words in fields.items()}


def test_an_emergency_is_never_sent_back_to_the_form():
    """张兰 says that somebody fell, leaves out what is required and mistypes the rest."""
    found = read(ALL, {"fell": True, "state": "gone", "depth": "deep", "colour": "red"})
    assert (found.file_as, found.numbers, found.stop_words) == ("person_in_danger", ("120",), "请拨打 120。")
    assert found.answers == {"fell": True, "state": "gone"}


def test_what_is_for_others_is_refused_with_where_to_turn():
    with pytest.raises(Refusal) as refused:
        read(ALL, {"court": True})
    assert (refused.value.code, refused.value.message) == ("diverted", "请向法院反映。")


def test_an_emergency_is_stronger_than_where_else_to_turn():
    assert read(ALL, {"fell": True, "court": True}).file_as == "person_in_danger"


def test_the_right_answer_of_the_wrong_type_stops_nothing():
    question = STATE | {"stops": [{"any": ["gone"], "words": "打 110"}], "hazard": []}
    assert read([question], {"state": "loose"}).answers == {"state": "loose"}
    assert not questionnaire.tells_of_emergency([FELL], {"fell": 1})
    assert questionnaire.tells_of_emergency([FELL], {"fell": True})
    assert questionnaire.tells_of_emergency([STATE], {"state": "gone"})


def test_questions_and_answers_as_people_read_them():
    answers = {"fell": False, "state": "gone", "depth": 30, "floor": "三楼", "gone_question": True}
    assert said(ALL, answers) == [
        ("有人掉下去吗？", "否"), ("怎样？", "没有了"), ("多深？", "30 厘米"), ("几楼？", "三楼"),
    ]  # fmt: skip
