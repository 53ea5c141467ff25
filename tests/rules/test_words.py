"""What residents of 幸福家园 say in the chat, and what we understand of it."""

import tomllib
import unicodedata
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.clock import Calendar, due
from app.rules.words import asks_human, case_number, clean, complains, is_greeting, is_thanks, suggest

ROOT = Path(__file__).parents[2]
CATEGORIES = tomllib.loads((ROOT / "app/demo/categories.toml").read_text(encoding="utf-8"))["categories"]

MEANT = {
    "3号楼门口井盖坏了": "missing_manhole_cover",
    "井盖没盖好": "missing_manhole_cover",
    "小区南门口的窨井塌了，孩子差点掉下去": "missing_manhole_cover",
    "下水道盖子让车压碎了": "missing_manhole_cover",
    "路上有个井口敞着，晚上太危险": "missing_manhole_cover",
    "隔壁正在院里偷偷盖房子，挡我家采光": "illegal_construction",
    "楼顶有人搭了个彩钢棚": "illegal_construction",
    "一楼那户把承重墙砸了": "illegal_construction",
    "邻居私自搭建阳光房": "illegal_construction",
    "2单元楼道里堆满了纸箱": "corridor_clutter",
    "楼梯间放着旧自行车，走路都费劲": "corridor_clutter",
    "对门把鞋柜放门口，过道放得满满的": "corridor_clutter",
    "小区角落乱堆建筑垃圾没人管": "clutter",
    "花坛里被人种菜了": "clutter",
    "旧沙发扔在楼下好几天了": "clutter",
    "有车停在单元门口，轮椅出不去": "parking",
    "我的车位被人占了，麻烦叫他挪车": "parking",
    "电动车乱停乱放": "parking",
    "楼上从窗户拉电线下来给电动车充电": "wire_pulling",
    "又有人飞线充电": "wire_pulling",
    "有人把电瓶车推进楼道里充电，万一着火怎么办": "wire_pulling",
    "垃圾桶满了三天没人收": "cleaning",
    "楼道好久没人打扫了，脏得很": "cleaning",
    "地上都是狗屎": "cleaning",
    "墙上贴满小广告": "cleaning",
    "东门那段路面坑坑洼洼，老人绊倒了": "road_damage",
    "台阶坏了一块": "road_damage",
    "路灯坏了": "street_light",
    "楼道灯不亮": "street_light",
    "五号楼二单元三楼的声控灯不亮了": "street_light",
    "晚上院里黑漆漆的，没有路灯": "street_light",
    "树枝把窗户都挡住了，能修剪一下吗": "greenery",
    "草坪上的草都死光了，杂草长得比人高": "greenery",
    "卫生间天花板漏水，楼上不承认": "water_leak",
    "顶楼一下雨就漏雨": "water_leak",
    "家里停电了，什么时候来电": "power_outage",
    "5号楼整栋没电": "power_outage",
    "停水一天了也不通知": "water_outage",
    "自来水发黄能喝吗": "water_outage",
    "暖气一点都不热，家里才14度": "heating",
    "楼道里有煤气味": "gas_leak",
    "闻到一股天然气的味道，快来人": "gas_leak",
    "楼道里有煤气味，还堆着杂物": "gas_leak",
    "3号楼着火了！！！": "fire",
    "地下车库冒黑烟": "fire",
    "电梯困人了，里面有个老太太": "lift_trapped",
    "我被关在电梯里了": "lift_trapped",
    "有人晕倒在凉亭": "person_in_danger",
    "有个孩子掉进井里了": "person_in_danger",
    "电梯停了，我妈八十多岁下不了楼": "lift_stopped",
    "电梯一直抖，吓人": "lift_stopped",
    "楼上又往下扔烟头，砸到人咋办": "falling_object",
    "外墙皮掉下来一大块": "falling_object",
    "消防通道被私家车堵死了": "blocked_fire_lane",
    "安全出口锁着": "blocked_fire_lane",
    "楼道里的电线裸露着，孩子够得着": "exposed_wire",
    "电线杆歪了，快倒了": "exposed_wire",
    "下水道堵了，污水往外冒": "blocked_drain",
    "厕所返臭，地漏堵了": "blocked_drain",
    "自来水管爆了，水往外喷": "pipe_burst",
    "暖气管爆了烫得很": "pipe_burst",
    "大门口积水过不去": "flooding",
    "健身器材的扶手断了": "facility",
    "单元门关不上，门禁坏了": "facility",
    "隔壁半夜装修太吵": "noise",
    "广场舞音响声音大得睡不着": "noise",
    "狗叫一整夜": "noise",
    "公益广告牌倒了": "billboard",
    "有人遛狗不拴绳": "pets",
    "物业收费不给发票，态度还差": "property_service",
    "和邻居因为空调水的事吵架，想请社区调解": "neighbour_dispute",
    "我想问一下医保怎么办": "consult",
    "居住证在哪办，需要什么材料": "consult",
    "居委会几点上班": "consult",
    "建议在广场加几把长椅": "suggestion",
    "能不能加装电梯": "suggestion",
    "没地方充电，只能往家推": "facility",
    "老人摔倒了起不来": "person_in_danger",
    "门口的大树快倒了": "falling_object",
    "楼上半夜拖椅子": "noise",
    "井　盖 坏 了": "missing_manhole_cover",
    "路灯不亮，下面那个坑谁看得见": "street_light",
}

SMALL_TALK = ["你好", "在吗", "谢谢", "好的", "收到", "3号楼", "我是王秀兰", "明天下午", "哈哈", "", "？？？", "👍"]


@pytest.mark.parametrize("sentence", MEANT)
def test_what_a_sentence_is_about(sentence):
    assert suggest(sentence, CATEGORIES)[0].code == MEANT[sentence]


@pytest.mark.parametrize("sentence", SMALL_TALK)
def test_small_talk_is_about_nothing(sentence):
    assert suggest(sentence, CATEGORIES) == []


def test_danger_comes_first_whatever_else_is_said():
    """周桂英 complains of three things; one of them can kill."""
    found = suggest("垃圾没人收，车乱停，路灯坏了，还有一股煤气味", CATEGORIES)

    assert found[0].code == "gas_leak"
    assert {"cleaning", "parking", "street_light"} < {each.code for each in found}


def test_scores_fall_and_equals_keep_the_order_of_the_categories():
    categories = [
        {"code": "a", "name": "甲类", "keywords": ["灯"]},
        {"code": "b", "name": "乙类", "keywords": ["灯"], "negative": ["台灯"]},
        {"code": "c", "name": "丙类", "keywords": ["灯 不亮", "不亮"]},
        {"code": "d", "name": "丁类", "keywords": ["", " ", "!", "没说"]},
    ]

    assert [(each.code, each.score) for each in suggest("灯不亮", categories)] == [("c", 5), ("a", 1), ("b", 1)]
    assert [each.code for each in suggest("台灯不亮", categories)] == ["c", "a"]
    assert [(each.code, each.score) for each in suggest("我家属于丙类", categories)] == [("c", 2)]


def test_full_width_spaces_and_invisible_characters_do_not_hide_a_word():
    for text in ("井 盖 坏 了", "井\u200b盖坏了", "井，盖。坏了", "ＬＥＤ路灯"):
        assert suggest(text, CATEGORIES) != []


def test_the_categories_are_complete_and_fit_their_table():
    calendar = Calendar.from_days([], [], [(time(8), time(12))])
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    codes = [category["code"] for category in CATEGORIES]

    assert len(codes) == len(set(codes)) >= 24
    assert codes[-1] == "other"
    for category in CATEGORIES:
        assert len(category["name"]) <= 32
        assert len(category.get("advice", "")) <= 200
        assert category["zone"] in ("public_area", "compound_common", "private_exclusive")
        assert category["priority"] in ("p0", "p1", "p2", "p3", "p4", "consult", "suggestion")
        assert {"accept", "resolve"} <= set(category["sla"]) <= {"accept", "contact", "make_safe", "resolve"}
        limits = [due(monday, limit["amount"], limit["clock"], calendar) for limit in category["sla"].values()]
        assert max(limits) == due(monday, **category["sla"]["resolve"], calendar=calendar)
    assert {category["code"] for category in CATEGORIES if category.get("emergency")} == {
        "gas_leak", "fire", "lift_trapped", "person_in_danger", "emergency_incident",
    }  # fmt: skip


GREETINGS = ["你好", "您好！", "在吗？？", "你好，在吗", "早上好呀", "有人吗", "Hi", "ＨＥＬＬＯ~", "喂", "晚上好😊"]
NO_GREETINGS = ["你好，路灯坏了", "早上有人打架", "好", "在吗路灯不亮", "喂狗的人太多", "", "你"]


def test_greetings():
    assert [text for text in GREETINGS if not is_greeting(text)] == []
    assert [text for text in NO_GREETINGS if is_greeting(text)] == []


THANKS = ["谢谢", "好的，谢谢", "太感谢了", "辛苦了", "谢谢网格员师傅", "非常感谢你们", "收到，谢谢啦🙏", "麻烦您了"]
NO_THANKS = ["谢谢，再问一下路灯的事", "不谢", "好的", "感谢信写给谁", "麻烦修一下路灯", ""]


def test_thanks():
    assert [text for text in THANKS if not is_thanks(text)] == []
    assert [text for text in NO_THANKS if is_thanks(text)] == []


HUMAN = ["转人工", "人工客服", "人工", "我要找社区工作人员", "叫你们主任来", "找一下网格员", "给我回个电话"]
NO_HUMAN = ["那边有人工地施工太吵", "人工湖水脏", "工作人员态度很好", "主任家门口的灯坏了", "电话是多少", ""]


def test_asking_for_a_person():
    assert [text for text in HUMAN if not asks_human(text)] == []
    assert [text for text in NO_HUMAN if asks_human(text)] == []


NUMBERS = {
    "#1023": 1023,
    "＃１０２３": 1023,
    "# 1023 修好了吗": 1023,
    "我那个#77怎么样了": 77,
    " 1023 号": 1023,
    "1023号怎么样了": 1023,
    "查一下我的1023号": 1023,
    "编号：1023号的进度": 1023,
    "#1023\r\n修好了": 1023,
    "3号楼门口": None,
    "3号楼怎么样了": None,
    "25号停水吗": None,
    "#3楼门口": None,
    "＃3号楼": None,
    "1023": None,
    "#0": None,
    "#-5": None,
    "#1234567890": None,
    "#1e3": None,
    "#1023a": None,
    "a#1023": None,
    "#1О23": None,
    "#1023О": None,
    "#١٠٢٣": None,
    "#10\u200b23": None,
    "#\u202e3201": None,
    "#１０\u200d２３": None,
    "#𝟏𝟎𝟐𝟑": None,
    "": None,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_the_number_of_a_case(text):
    assert case_number(text) == NUMBERS[text]


CLEANED = {
    "路灯坏了\n在3号楼": "路灯坏了\n在3号楼",
    "一行\r\n二行\u2028三行": "一行\n二行\n三行",
    "表\t格": "表 格",
    "\x00\x07坏\x1b[31m": "坏[31m",
    "安全\u202e了坏": "安全了坏",
    "\u2066a\u2069\u200e\u061c": "a",
    "井\u200b盖\ufeff": "井盖",
    "e\u0301": "é",
    "👨\u200d👩\u200d👧": "👨\u200d👩\u200d👧",
    "❤\ufe0f\u200d🔥": "❤\ufe0f\u200d🔥",
    "井\u200d盖": "井盖",
    "👨\u200d": "👨",
    "\ud800半个": "半个",
    "\ue001\ufffe\U0010ffff": "",
}


@pytest.mark.parametrize("text", CLEANED)
def test_words_fit_to_keep(text):
    assert clean(text, 100) == CLEANED[text]


def test_words_are_cut_at_the_limit():
    assert clean("坏" * 1000, 20) == "坏" * 20
    assert clean("👨\u200d👩", 2) == "👨"


@settings(deadline=None)
@given(st.text(max_size=300), st.integers(1, 100))
def test_whatever_is_sent_comes_out_clean(text, limit):
    once = clean(text, limit)

    assert len(once) <= limit
    assert unicodedata.is_normalized("NFC", once) is True
    assert [char for char in once if unicodedata.category(char) in ("Cc", "Cs", "Co") and char != "\n"] == []
    assert clean(once, limit) == once


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_listened_to(text):
    assert suggest(text, CATEGORIES) == suggest(text, CATEGORIES)
    assert (is_greeting(text) and is_thanks(text)) is False
    assert asks_human(text) in (True, False)
    assert (case_number(text) or 1) >= 1


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("网格员刘洋态度恶劣，不作为，我要投诉他", True),
        ("刘洋骂人", True),
        ("刘洋师傅，3号楼门口井盖坏了", False),
        ("麻烦王大山来看看路灯", False),
    ],
)
def test_a_complaint_is_about_behaviour(sentence, meant):
    assert complains(sentence) is meant
