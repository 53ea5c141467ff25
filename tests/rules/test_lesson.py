"""What corrections teach: 陈静 moves “一闪一闪” to the lamps, and the next one is offered lamps; nobody is in it."""

import pytest

from app.rules import lesson, voice
from app.rules.classification import classify
from app.rules.setting import forget
from app.rules.suggestion import suggestions
from models.base import write
from models.lesson import Lesson
from tests.rules.cases import report


def correct(town, words, to, first="other"):
    """A report of 张兰, and 陈静's correction of its category."""
    case = report(town, words=words, category=first)
    with write():
        classify(case, actor=town.actor("chenjing"), category=to)
    forget()


def offered(town, words, community="huimin"):
    found = suggestions(community=town.community(community), words=words)
    return [(one.category.code, one.because) for one in found]


def test_a_correction_is_remembered_by_the_way_of_putting_it(town):
    assert offered(town, "那边一闪一闪的晃眼睛") == []
    correct(town, "院里一闪一闪的，瘆得慌", "street_light")
    assert offered(town, "那边一闪一闪的晃眼睛") == [
        ("street_light", "社区以前把“一闪一闪”这样的说法归为路灯、楼道灯不亮"),
    ]  # fmt: skip


def test_the_reason_shows_the_own_words_and_never_the_others(sqlite_town):
    correct(sqlite_town, "嗡嗡作响的大家伙吵得心慌意乱", "facility")
    (code, because), *_ = offered(sqlite_town, "一个大家伙立在那里")
    assert (code, because) == ("facility", "社区以前把“大家伙”这样的说法归为公共设施损坏")
    assert "心慌" not in because


def test_what_many_kinds_have_in_common_says_nothing(sqlite_town):
    correct(sqlite_town, "晃晃悠悠吓死个人", "facility")
    correct(sqlite_town, "晃晃悠悠要倒下来", "greenery")
    assert offered(sqlite_town, "晃晃悠悠") == []


def test_the_own_keywords_are_not_outvoted_by_one_correction(sqlite_town):
    """A decisive word stays decisive."""
    correct(sqlite_town, "煤气味一闪一闪的怪味道", "noise", first="gas_leak")
    assert offered(sqlite_town, "有煤气味，怪味道")[0][0] == "gas_leak"


def test_a_correction_outweighs_a_weak_word(sqlite_town):
    words = "树荫底下的石墩子歪歪斜斜"
    assert offered(sqlite_town, words)[0][0] == "greenery"
    correct(sqlite_town, words, "facility", first="greenery")
    assert offered(sqlite_town, "那个石墩子歪歪斜斜，挨着树")[0][0] == "facility"


def test_what_the_words_rule_out_no_correction_brings_back(sqlite_town):
    correct(sqlite_town, "烟囱呼呼地往外喷", "fire")
    assert "fire" not in [code for code, _ in offered(sqlite_town, "烟囱呼呼地往外喷")]


def test_the_next_community_learns_for_itself(sqlite_town):
    correct(sqlite_town, "院里东边一闪一闪的，瘆得慌", "street_light")
    assert offered(sqlite_town, "一闪一闪的晃眼睛", "liuyin") == []


def test_a_category_that_was_right_teaches_nothing(sqlite_town):
    case = report(sqlite_town, words="一闪一闪的晃眼睛", category="street_light")
    with write():
        classify(case, actor=sqlite_town.actor("chenjing"), category="street_light", zone="compound_common")
    assert Lesson.select().count() == 0


@pytest.mark.parametrize("words", [
    "王大山师傅说幸福家园3号楼2单元501的张兰家漏水，电话13800000001，陈静知道",
    "李建国家住二十三号楼，门口叫刘小红的老太太，姓欧阳，0371-5555，门牌402室",
])  # fmt: skip
def test_nobody_and_no_place_is_in_a_lesson(sqlite_town, words):
    correct(sqlite_town, words + "，管道哗哗作响", "noise")
    (row,) = Lesson.select()
    grams = "|".join(row.grams)
    hidden = "王大 大山 张兰 陈静 幸福 家园 李建 建国 刘小 小红 号楼 单元 欧阳"
    assert [pair for pair in hidden.split() if pair in grams] == []
    assert not any(char.isdigit() or char.isascii() and char.isalpha() for char in grams)
    assert {"哗哗", "哗作", "作响"} <= set(row.grams)
    # In no order in which the sentence could be read again.
    assert row.grams == sorted(set(row.grams))


@pytest.mark.parametrize("words", ["13800000001", voice.ONLY_SPOKEN, "（只发了照片）", "（只发了位置）"])
def test_words_that_say_nothing_teach_nothing(sqlite_town, words):
    correct(sqlite_town, words, "noise")
    assert Lesson.select().count() == 0


def test_the_newest_five_hundred_are_kept(sqlite_town, monkeypatch):
    monkeypatch.setattr(lesson, "MOST", 3)
    for sound in ("轰轰隆隆", "叮叮当当", "噼噼啪啪", "吱吱呀呀"):
        correct(sqlite_town, sound, "noise")
    assert [row.grams[0] for row in Lesson.select().order_by(Lesson.id)] == ["叮叮", "啪啪", "吱吱"]
    assert offered(sqlite_town, "轰轰隆隆") == []
    assert offered(sqlite_town, "吱吱呀呀")[0][0] == "noise"
