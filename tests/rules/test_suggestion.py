"""Which kinds of matter are offered while somebody types: the own words first, with the reason; a picture only adds."""

from app.rules.suggestion import suggestions


def offered(town, words, picture=""):
    found = suggestions(community=town.community(), words=words, picture_words=picture)
    return [(one.category.code, one.because) for one in found]


def test_the_best_comes_first_with_the_word_that_speaks_for_it(town):
    assert offered(town, "3号楼门口的井盖坏了")[0] == ("missing_manhole_cover", "您说到“井盖”和“坏”")


def test_two_words_are_both_named(sqlite_town):
    assert offered(sqlite_town, "楼道里的灯好几天不亮了")[0] == ("street_light", "您说到“灯”和“不亮”")


def test_at_most_three(sqlite_town):
    said = "井盖坏了，路灯不亮，电梯坏了，垃圾没人扫，路面坑洼，停水了"
    assert len(offered(sqlite_town, said)) == 3


def test_nothing_said_nothing_offered(sqlite_town):
    assert offered(sqlite_town, "") == offered(sqlite_town, "嗯嗯", "") == []


def test_a_picture_adds_but_never_outweighs_the_words(sqlite_town):
    """The picture seems to show smoke, which alone would be decisive; she speaks of a lamp."""
    codes = [code for code, _ in offered(sqlite_town, "路灯不亮", "冒烟 着火")]
    assert (codes[0], "fire" in codes[1:]) == ("street_light", True)
    assert offered(sqlite_town, "", "冒烟")[0] == ("fire", "照片里像是有“冒烟”")


def test_what_the_words_rule_out_no_picture_brings_back(sqlite_town):
    assert "fire" not in [code for code, _ in offered(sqlite_town, "楼下烟囱的事", "冒烟")]


def test_a_text_of_any_length_is_answered(sqlite_town):
    assert offered(sqlite_town, "井盖" * 1250, "灯" * 2500)[0][0] == "missing_manhole_cover"
