"""Where the residents of 幸福家园 say that it is."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.place_words import PlaceWords, number, place_in

SAID = {
    "3号楼门口井盖坏了": PlaceWords(building="3号楼", spot="门口"),
    "三号楼2单元": PlaceWords(building="3号楼", entrance_unit="2单元"),
    "3#楼": PlaceWords(building="3号楼"),
    "３号楼": PlaceWords(building="3号楼"),
    "３＃楼前面": PlaceWords(building="3号楼", spot="前面"),
    "3栋": PlaceWords(building="3号楼"),
    "第3幢": PlaceWords(building="3号楼"),
    "十二号楼东边": PlaceWords(building="12号楼", spot="东边"),
    "二十三号楼一单元301门口": PlaceWords(building="23号楼", entrance_unit="1单元", door="301", spot="门口"),
    "3-2-101": PlaceWords(building="3号楼", entrance_unit="2单元", door="101"),
    "我住３－２－１０１，漏水": PlaceWords(building="3号楼", entrance_unit="2单元", door="101"),
    "03—02—1101门口": PlaceWords(building="3号楼", entrance_unit="2单元", door="1101", spot="门口"),
    "3号楼2单元5楼": PlaceWords(building="3号楼", entrance_unit="2单元", floor="5楼"),
    "3 号楼 二单元 五层": PlaceWords(building="3号楼", entrance_unit="2单元", floor="5楼"),
    "我家在3号楼501": PlaceWords(building="3号楼", door="501"),
    "2单元302室": PlaceWords(entrance_unit="2单元", door="302"),
    "A座3层": PlaceWords(building="A座", floor="3楼"),
    "小区南门口": PlaceWords(spot="小区南门口"),
    "我们小区东大门外面": PlaceWords(spot="我们小区东大门外面"),
    "花坛旁边": PlaceWords(spot="花坛旁边"),
    "垃圾桶旁边的地砖": PlaceWords(spot="垃圾桶旁边"),
    "地下车库没灯": PlaceWords(spot="地下车库"),
    "负一楼车库入口": PlaceWords(floor="负1楼", spot="车库入口"),
    "5号楼花坛旁边": PlaceWords(building="5号楼", spot="花坛旁边"),
    "幸福家园3号楼二单元三楼楼道灯不亮": PlaceWords("3号楼", "2单元", "3楼", None, "楼道"),
    # What is broken is not where it is: the bot still has to ask.
    "电梯停了": PlaceWords(),
    "楼道灯不亮": PlaceWords(),
    "垃圾桶满了": PlaceWords(),
    "路灯坏了": PlaceWords(),
    # Numbers that are no places.
    "3号下午停水吗": PlaceWords(),
    "2026-11-23停电": PlaceWords(),
    "0371-23-456": PlaceWords(),
    "#1023": PlaceWords(),
    "": PlaceWords(),
}


@pytest.mark.parametrize("sentence", SAID)
def test_the_place_in_a_sentence(sentence):
    assert place_in(sentence) == SAID[sentence]


def test_chinese_numbers():
    words = {"一": 1, "两": 2, "十": 10, "十二": 12, "二十": 20, "二十三": 23}
    words |= {"一百零五": 105, "一百一十": 110, "三零一": 301}

    assert {word: number(word) for word in (*words, "7", "012")} == words | {"7": 7, "012": 12}


@settings(deadline=None)
@given(st.text(alphabet="3三十百零两0-#号楼栋单元层室座A门口东边旁 －＃", max_size=40) | st.text())
def test_any_sentence_has_a_place_or_none(text):
    found = place_in(text)

    assert found.building is None or re.fullmatch(r"[0-9]+号楼|[A-Z]座", found.building)
    assert found.entrance_unit is None or re.fullmatch(r"[0-9]+单元", found.entrance_unit)
    assert found.floor is None or re.fullmatch(r"负?[0-9]+楼", found.floor)
    assert found.door is None or re.fullmatch(r"[0-9]{3,4}", found.door)
    assert found.spot is None or 0 < len(found.spot) <= 40
