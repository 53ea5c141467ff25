"""A resident's days with the mini-program: see what is new, judge, ask for it again, talk, without network as well."""

import re

import pytest
from playwright.sync_api import expect

from tests.miniprogram.handset import SMALL
from tests.story import MiniProgram, Phone, Web, photograph


@pytest.fixture
def zhanglan(address) -> MiniProgram:
    return MiniProgram(Phone(Web(address), "zhanglan", "张兰"))


@pytest.fixture
def wangdashan(address) -> MiniProgram:
    return MiniProgram(Phone(Web(address), "wangdashan", "王大山"))


@pytest.fixture
def handled(zhanglan, wangdashan) -> dict:
    """A report of Zhang Lan that Wang Dashan has handled."""
    case = zhanglan.send("/cases", {"words": "2单元楼道灯不亮，老人不敢下楼"})
    wangdashan.send(f"/cases/{case['key']}/accept", {})
    photo = wangdashan.upload("/photos", "photo", photograph("fixed", (140, 140, 140)), "image/jpeg")["key"]
    return wangdashan.send(f"/cases/{case['key']}/handle", {"note": "换了感应灯", "photos": [photo]})


def state(person: MiniProgram, case: dict) -> str:
    return person.read(f"/cases/{case['key']}")["state"]


def test_home_says_what_waits_for_me_and_leads_there(handset, zhanglan, handled):
    waiting = zhanglan.read("/door")["judge"]
    phone = handset("zhanglan")
    phone.open()
    phone.sees("随手报")
    phone.sees("惠民社区居委会")
    for digits in ("110", "119", "120"):
        phone.sees(digits)
    phone.sees(f"{waiting} 件事办好了，等您评价").tap()
    phone.sees(f"#{handled['number']}")


def test_without_a_home_home_says_what_binding_changes(handset):
    phone = handset("zhaoqiang")
    phone.open()
    phone.sees("您还没有绑定住址")
    phone.sees("绑定以后：报事不用再说是哪个小区")


def test_staff_find_the_way_to_their_work(handset, handled):
    phone = handset("wangdashan")
    phone.open()
    phone.sees("去工作页")
    phone.open(f"pages/case/case?key={handled['key']}")
    phone.sees("到工作页办理")
    phone.sees_not("补充说明或照片")


def test_the_reporter_judges_the_result(handset, zhanglan, handled):
    phone = handset("zhanglan", size=SMALL)
    phone.open(f"pages/case/case?key={handled['key']}")
    phone.sees("处理后")
    phone.tap("基本满意")
    phone.write("比如：来得很快", "来得慢了点")
    phone.tap("提交评价：基本满意")
    phone.sees("评价已收到，谢谢您。")
    phone.sees("评价：基本满意")
    phone.sees("来得慢了点")
    phone.sees_not("办得怎么样？您说了算")
    assert state(zhanglan, handled) == "closed"


def test_what_is_not_solved_is_done_again(handset, zhanglan, handled):
    phone = handset("zhanglan")
    phone.open(f"pages/case/case?key={handled['key']}")
    phone.tap("不满意")
    phone.sees("如果根本没有解决")
    phone.tap("没解决，重办")
    phone.write("比如：井盖换了，还是会响", "灯还是一闪一闪的")
    phone.tap("请再来办")
    phone.sees("已要求重办，网格员会再到现场。")
    phone.sees("灯还是一闪一闪的")
    assert state(zhanglan, handled) == "dispatched"


def test_a_case_that_moved_meanwhile_says_so(handset, zhanglan, handled, complaints):
    phone = handset("zhanglan")
    phone.open(f"pages/case/case?key={handled['key']}")
    phone.tap("满意")
    zhanglan.send(f"/cases/{handled['key']}/reopen", {"note": "还是坏的"})
    phone.tap("提交评价：满意")
    phone.sees("这件事刚才已经有了变化")
    phone.sees_not("办得怎么样？您说了算")
    assert [one for one in complaints if "409" not in one] == []
    complaints.clear()


def test_what_is_judged_without_network_goes_out_later(handset, zhanglan, handled, complaints):
    phone = handset("zhanglan")
    phone.open(f"pages/case/case?key={handled['key']}")
    phone.tap("满意")
    phone.write("比如：来得很快", "又快又好")
    phone.offline()
    phone.tap("提交评价：满意")
    phone.sees("还没发出去，已存在手机里，连上后自动发出。")
    phone.sees("现在没有网络，请连上后再试。")
    assert state(zhanglan, handled) == "handled"
    phone.offline(False)
    phone.sees("评价：满意")
    assert state(zhanglan, handled) == "closed"
    complaints.clear()


def test_words_and_a_photo_are_added(handset, zhanglan, handled, tmp_path):
    (tmp_path / "again.jpg").write_bytes(photograph("again", (90, 90, 90)))
    phone = handset("zhanglan")
    phone.open(f"pages/case/case?key={handled['key']}")
    phone.tap("补充说明或照片")
    phone.tap("发给办事的人")
    phone.sees("请写一句话，或加一张照片。")
    phone.write("比如：现在又开始漏水了", "三楼的灯也不亮")
    phone.tap("加照片")
    phone.tap("同意")
    phone.tap("从手机相册选")
    phone.page.locator("input[type=file]").set_input_files(tmp_path / "again.jpg")
    phone.sees("去掉")
    phone.tap("发给办事的人")
    phone.sees("已加上，办事的人看得到。")
    whole = zhanglan.read(f"/cases/{handled['key']}")
    assert whole["steps"][-1]["note"] == "三楼的灯也不亮"
    assert sorted(photo["kind"] for photo in whole["photos"]) == ["after", "report"]


def test_what_is_typed_is_there_when_the_page_is_opened_again(handset, handled):
    phone = handset("zhanglan")
    phone.open(f"pages/case/case?key={handled['key']}")
    phone.tap("补充说明或照片")
    phone.write("比如：现在又开始漏水了", "写到一半")
    phone.open()
    phone.open(f"pages/case/case?key={handled['key']}")
    phone.tap("补充说明或照片")
    expect(phone.top.locator("textarea")).to_have_value("写到一半")


def test_a_report_is_withdrawn_only_when_asked_twice(handset, zhanglan):
    case = zhanglan.send("/cases", {"words": "车棚的充电插座坏了"})
    phone = handset("zhanglan")
    phone.open(f"pages/case/case?key={case['key']}")
    phone.tap("撤回，不用办了")
    phone.tap("不撤回")
    assert state(zhanglan, case) == "dispatched"
    phone.tap("撤回，不用办了")
    phone.sees("撤回以后就不办了")
    phone.tap("撤回")
    phone.sees("已撤回，不用再办了。")
    assert state(zhanglan, case) == "withdrawn"


def test_nobody_is_led_to_share_an_anonymous_report(handset, zhanglan):
    case = zhanglan.send("/cases", {"words": "楼上半夜总是很吵", "anonymous": True})
    phone = handset("zhanglan")
    phone.open(f"pages/case/case?key={case['key']}")
    phone.sees("匿名：办事的人看不到您的名字")
    phone.sees_not("告诉邻居")


def test_a_neighbour_sees_the_public_side_and_goes_along(handset, zhanglan, complaints):
    case = zhanglan.send("/cases", {"words": "小区西门口路灯不亮，我住501"})
    phone = handset("sunmei")
    phone.open(f"pages/case/case?key={case['key']}")
    phone.sees("这是邻居报的事")
    phone.sees_not(re.compile("501"))
    phone.tap("我也遇到了，办好了告诉我")
    phone.sees("记下了，办好了会告诉您。")
    phone.sees("1 人说也遇到了")
    phone.open("resident/follows/follows")
    phone.sees(f"#{case['number']}")
    assert [one for one in complaints if "404" not in one] == []
    complaints.clear()


def test_a_stranger_from_the_next_community_sees_nothing(handset, zhanglan, complaints):
    case = zhanglan.send("/cases", {"words": "3号楼后面垃圾桶满了"})
    phone = handset("masuhua")
    phone.open(f"pages/case/case?key={case['key']}")
    phone.sees("这件事您现在看不到")
    phone.sees("回首页")
    assert [one for one in complaints if "404" not in one] == []
    complaints.clear()


def test_the_talk_files_a_report_and_opens_it(handset, zhanglan):
    phone = handset("zhanglan", size=SMALL)
    phone.open("pages/chat/chat")
    phone.write("说一句…", "3号楼门口井盖坏了")
    phone.tap("发送")
    phone.tap("允许")
    phone.sees("小助手自动回复")
    number = zhanglan.read("/cases")["cases"][0]["number"]
    phone.sees(f"#{number}").tap()
    phone.sees("您说的")
    phone.sees("3号楼门口井盖坏了")


def test_what_is_said_without_network_is_said_once_later(handset, zhanglan, complaints):
    phone = handset("zhanglan")
    phone.open("pages/chat/chat")
    phone.offline()
    phone.write("说一句…", "没有网的时候也想说一句")
    phone.tap("发送")
    phone.sees(re.compile("已存在手机里，连上后自动发出。"))
    phone.offline(False)
    phone.sees_not(re.compile("已存在手机里，连上后自动发出。"))
    phone.sees_not("正在发送")
    phone.sees("没有网的时候也想说一句")
    lines = zhanglan.read("/conversation")["lines"]
    assert [line["text"] for line in lines].count("没有网的时候也想说一句") == 1
    complaints.clear()


def test_half_a_sentence_stays_in_the_field(handset):
    phone = handset("zhanglan")
    phone.open("pages/chat/chat")
    phone.write("说一句…", "还没说完")
    phone.open()
    phone.open("pages/chat/chat")
    expect(phone.top.locator("textarea")).to_have_value("还没说完")


def test_a_notice_is_read_and_marked(handset, zhanglan):
    notice = next(one for one in zhanglan.read("/notices")["notices"] if not one["read"])
    phone = handset("zhanglan")
    phone.open("resident/notices/notices")
    phone.sees(notice["title"]).tap()
    phone.sees("有疑问，问社区")
    phone.sees("发给：")
    read = {one["key"]: one["read"] for one in zhanglan.read("/notices")["notices"]}
    assert read[notice["key"]] is True


def test_home_without_network_still_helps(handset, complaints):
    phone = handset("zhanglan")
    phone.open("pages/me/me")
    phone.offline()
    phone.page.evaluate("wx.switchTab({url: '/pages/home/home'})")
    phone.sees("现在也能上报，连上后自动发出。")
    phone.sees("随手报")
    phone.sees("110")
    complaints.clear()
