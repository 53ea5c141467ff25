"""The values a subscribe message may carry: both sides of every rule."""

import pytest

from app.sandbox.wechat.fields import accepts

GOOD = [
    ("thing1", "楼道灯不亮"), ("thing1", "a" * 20), ("thing12", "#1023，已派单"),
    ("number1", "12"), ("number1", "0.5"), ("number1", "1" * 32),
    ("letter1", "abcXYZ"), ("symbol1", "!?+"), ("symbol1", "，。"),
    ("character_string1", "WG-2026-0001#7"), ("character_string1", "x" * 32),
    ("time1", "15:01"), ("time1", "09:30:15"), ("time1", "2026年11月23日 15:01"), ("time1", "2026-11-23 15:01"),
    ("time1", "08:00~18:00"), ("time1", "2026年11月23日 08:00~2026年11月24日 18:00"),
    ("date1", "2026年11月23日"), ("date1", "2026-11-23"), ("date1", "2026/11/23"), ("date1", "2026.11.23"),
    ("date1", "2026年11月"), ("date1", "11月23日"), ("date1", "2026-11-23 09:42"),
    ("date1", "2026年11月1日~2026年11月3日"),
    ("amount1", "100"), ("amount1", "¥100.50"), ("amount1", "100元"), ("amount1", "￥1元"),
    ("phone_number1", "+86-0371-66888866"), ("phone_number1", "13800000001"),
    ("car_number1", "粤A8Z888挂"), ("car_number1", "豫B12345"),
    ("name1", "张兰"), ("name1", "Zhang Lan"), ("name1", "阿卜杜拉·买买提"), ("name1", "a" * 20),
    ("phrase1", "已派单"), ("phrase1", "等待处理中"),
]
BAD = [
    ("thing1", "a" * 21), ("thing1", "第一行\n第二行"), ("thing1", ""), ("thing1", "铃\x07"),
    ("number1", "12个"), ("number1", "1" * 33), ("number1", "1.2.3"), ("number1", "-"),
    ("letter1", "abc1"), ("letter1", "字"), ("letter1", "a" * 33), ("symbol1", "!!!!!!"), ("symbol1", "a"),
    ("character_string1", "编号1"), ("character_string1", "x" * 33),
    ("time1", "25:00"), ("time1", "15点"), ("time1", "2026-11-23"), ("time1", "今天 17:30"),
    ("date1", "明天"), ("date1", "23/11"), ("date1", "15:01"),
    ("amount1", "12345678901"), ("amount1", "一百元"), ("amount1", "¥$1"),
    ("phone_number1", "1" * 18), ("phone_number1", "电话"), ("car_number1", "豫B1234567"), ("car_number1", "豫 B"),
    ("name1", "一二三四五六七八九十一"), ("name1", "a" * 21), ("name1", "张兰2"),
    ("phrase1", "已经派给网格员"), ("phrase1", "OK"), ("phrase1", "已派单1"),
    ("poem1", "什么"), ("thing1", 7), ("thing1", None), ("thing1", ["a"]),
]


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_allowed(key, value):
    assert accepts(key, value) is True


@pytest.mark.parametrize(("key", "value"), BAD)
def test_refused(key, value):
    assert accepts(key, value) is False


def test_a_choice_must_be_one_of_the_words():
    assert [accepts("enum1", word, ["满意", "不满意"]) for word in ("满意", "一般")] == [True, False]
    assert accepts("enum1", "满意") is False
