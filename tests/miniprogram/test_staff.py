"""A worker's day with one thumb and poor signal: where to go first, what was done there, patrols, visits, whistles."""

import re

import pytest
from playwright.sync_api import expect

from tests.miniprogram.handset import SMALL, Handset
from tests.story import MiniProgram, Phone, Web, photograph

WAITS = "还没发出去：现在没有网络。已存在手机里，连上后自动发出。"


@pytest.fixture
def zhanglan(address) -> MiniProgram:
    return MiniProgram(Phone(Web(address), "zhanglan", "张兰"))


@pytest.fixture
def wangdashan(address) -> MiniProgram:
    return MiniProgram(Phone(Web(address), "wangdashan", "王大山"))


@pytest.fixture
def lamp(zhanglan) -> dict:
    return zhanglan.send("/cases", {"words": "2单元楼道灯不亮，老人不敢下楼"})


@pytest.fixture
def manhole(zhanglan) -> dict:
    return zhanglan.send("/cases", {"words": "3号楼门口井盖坏了，晚上走路很危险"})


def state(person: MiniProgram, case: dict) -> str:
    return person.read(f"/cases/{case['key']}")["state"]


def last(phone: Handset, words: str) -> None:
    """Touch the lowest of what bears these words: the button below the heading of the same name."""
    phone.top.get_by_text(words, exact=True).last.tap()


def add_photo(phone: Handset, folder, first: bool = True) -> None:
    """From the album; the first time WeChat's privacy sheet comes before it."""
    (folder / "fixed.jpg").write_bytes(photograph("fixed", (140, 140, 140)))
    phone.tap("从相册选")
    if first:
        phone.sees("先说明白，再请您同意")
        phone.tap("同意")
    phone.page.get_by_label("选这台电脑里的文件").set_input_files(folder / "fixed.jpg")
    phone.sees("去掉")


def test_danger_is_first_and_large(handset, lamp, manhole):
    phone = handset("wangdashan", size=SMALL)
    phone.open("staff/today/today")
    phone.sees("先去这件")
    phone.sees("有危险")
    phone.tap(re.compile("^打开，"))
    phone.sees("上报人说的")
    phone.sees("井盖")


def test_the_way_counts_when_it_is_allowed(handset, lamp):
    phone = handset("wangdashan")
    phone.open("staff/today/today")
    phone.tap("按远近排：用我的位置")
    phone.sees("先说明白，再请您同意")
    phone.tap("同意")
    phone.tap("允许")
    phone.sees("已按紧急、时限和远近排好。")
    phone.sees(re.compile("离您约|就在您附近"))


def test_accept_handle_and_on_to_the_next(handset, zhanglan, lamp, manhole, tmp_path):
    phone = handset("wangdashan")
    phone.open(f"staff/case/case?key={lamp['key']}")
    phone.tap("接单")
    phone.sees("已接单。")
    phone.tap("办好了")
    last(phone, "办好了")
    phone.sees("请先拍一张处理后的照片。")
    add_photo(phone, tmp_path)
    last(phone, "办好了")
    phone.sees("请写一句办了什么，居民会看到。")
    phone.write("办了什么", "换了感应灯")
    last(phone, "办好了")
    phone.sees("已办好，居民会收到通知来评价。")
    whole = zhanglan.read(f"/cases/{lamp['key']}")
    assert whole["state"] == "handled" and [photo["kind"] for photo in whole["photos"]] == ["after"]
    phone.tap("去下一件")
    phone.sees("上报人说的")
    phone.sees_not(f"#{lamp['number']}")


def test_in_a_cellar_all_steps_wait_and_go_out_in_order(handset, zhanglan, manhole, tmp_path, complaints):
    phone = handset("wangdashan")
    phone.open(f"staff/case/case?key={manhole['key']}")
    phone.sees("上报人说的")
    phone.offline()
    phone.tap("接单")
    phone.sees(WAITS)
    phone.sees("您后来点的还没发出")
    phone.tap("现场已安全")
    phone.tap("放了锥桶和警戒线")
    last(phone, "现场已安全")
    phone.sees(WAITS)
    phone.tap("办好了")
    add_photo(phone, tmp_path)
    phone.write("办了什么", "换了新井盖")
    last(phone, "办好了")
    phone.sees(WAITS)
    assert state(zhanglan, manhole) == "dispatched"
    phone.offline(False)
    phone.sees("已办好，等居民评价")
    assert [step["verb"] for step in zhanglan.read(f"/cases/{manhole['key']}")["steps"]][-3:] == [
        "accept", "make_safe", "handle",
    ]  # fmt: skip
    complaints.clear()


def test_what_was_refused_later_stays_with_its_reason(handset, zhanglan, lamp, complaints):
    phone = handset("wangdashan")
    phone.open(f"staff/case/case?key={lamp['key']}")
    phone.sees("上报人说的")
    phone.offline()
    phone.tap("接单")
    phone.sees(WAITS)
    zhanglan.send(f"/cases/{lamp['key']}/withdraw", {})
    phone.offline(False)
    phone.sees("没有发成")
    phone.open("staff/today/today")
    phone.sees("没有发成")
    phone.sees(f"接单：#{lamp['number']}")
    phone.sees(re.compile("已撤回"))
    phone.tap("不发了")
    phone.tap("删掉")
    phone.sees_not("没有发成")
    complaints.clear()


def test_the_list_without_network_says_how_old_it_is(handset, lamp, complaints):
    phone = handset("wangdashan")
    phone.open("staff/today/today")
    phone.sees("先去这件")
    phone.offline()
    phone.page.evaluate("wx.reLaunch({url: '/staff/today/today'})")
    phone.sees(re.compile(r"^这是 \d\d:\d\d 的列表，现在没有网络。$"))
    phone.sees("先去这件")
    phone.sees_not(re.compile("还剩"))
    phone.offline(False)
    complaints.clear()


def test_the_reporter_is_called_for_a_reason_only(handset, zhanglan, lamp):
    phone = handset("wangdashan")
    phone.open(f"staff/case/case?key={lamp['key']}")
    phone.sees_not(re.compile("13800000001"))
    phone.tap("联系上报的居民")
    phone.tap("看姓名和电话")
    phone.sees("请写明为什么要联系，居民看得到。")
    phone.tap("要约时间上门")
    phone.tap("看姓名和电话")
    phone.sees("打电话 13800000001")
    assert "要约时间上门" in str(zhanglan.read("/me/readers"))


def test_a_whistle_is_asked_and_answered(handset, wangdashan, lamp):
    worker = handset("wangdashan", size=SMALL)
    worker.open(f"staff/case/case?key={lamp['key']}")
    worker.tap("申请吹哨：请单位来")
    worker.tap("申请吹哨")
    worker.sees("请写明为什么要请单位来。")
    worker.page.get_by_role("radio", name="安居物业，物业公司").tap()
    worker.write("为什么要请", "要断电才能修")
    worker.tap("申请吹哨")
    worker.sees("已申请，社区会答复您。")
    admin = handset("chenjing")
    admin.open(f"staff/case/case?key={lamp['key']}")
    admin.sees("网格员申请吹哨：要断电才能修")
    admin.tap("答复吹哨")
    admin.tap("这次不请单位")
    admin.sees("已答复网格员：这次不请单位。")
    assert wangdashan.read(f"/cases/{lamp['key']}")["steps"][-1]["verb"] == "involve"


def test_the_community_sends_somebody_else(handset, wangdashan, lamp):
    admin = handset("chenjing")
    admin.open(f"staff/case/case?key={lamp['key']}")
    admin.tap("改派别人")
    admin.tap("派单")
    admin.sees("请选一位网格员。")
    admin.sees("刘洋").tap()
    admin.tap("派给刘洋")
    admin.sees("已派给刘洋，对方会收到通知。")
    admin.tap("返回这件事")
    admin.tap("不予受理")
    admin.sees("居民会看到原因和您写的话，请说清楚该找谁。")
    last(admin, "不予受理")
    admin.sees("请选一个原因。")
    admin.tap("不属于社区服务事项")
    last(admin, "不予受理")
    admin.sees("请写一句话。")


def test_a_patrol_survives_closing_and_goes_out_whole(handset, wangdashan, tmp_path):
    phone = handset("wangdashan", size=SMALL)
    phone.open("staff/patrol/patrol")
    phone.tap("现在开始")
    phone.page.get_by_role("radio", name="消防通道：正常").tap()
    phone.page.get_by_role("radio", name="井盖：有问题").tap()
    phone.tap("巡查结束，交上去")
    phone.sees("“井盖”有问题，请写一句，或拍张照片。")
    phone.open("staff/today/today")
    phone.sees("还有一次没结束：查了 2 项，还有 8 项；1 项有问题")
    phone.open("staff/patrol/patrol")
    add_photo(phone, tmp_path)
    phone.tap("巡查结束，交上去")
    phone.sees("巡查已记下：第一网格，查了 2 项。")
    made = wangdashan.read("/patrols")["patrols"][0]
    assert [(check["item"], check["ok"], len(check["photos"])) for check in made["checks"]] == [
        ("fire_lane", True, 0), ("manhole", False, 1),
    ]  # fmt: skip
    phone.tap("以前的巡查")
    phone.sees("1 项有问题，共查 2 项")


def test_a_patrol_in_a_cellar_waits_with_its_photos(handset, wangdashan, tmp_path, complaints):
    phone = handset("wangdashan")
    phone.open("staff/patrol/patrol")
    phone.tap("现在开始")
    phone.offline()
    phone.page.get_by_role("radio", name="井盖：有问题").tap()
    add_photo(phone, tmp_path)
    phone.tap("巡查结束，交上去")
    phone.sees(WAITS)
    phone.offline(False)
    phone.open("staff/today/today")
    phone.sees_not(re.compile("^巡查：第一网格"))
    (check,) = wangdashan.read("/patrols")["patrols"][0]["checks"]
    assert len(check["photos"]) == 1
    complaints.clear()


def test_a_visit_is_written_at_the_door(handset, wangdashan):
    phone = handset("wangdashan")
    phone.open("staff/visit/visit")
    phone.tap("幸福家园")
    phone.tap("3号楼")
    phone.write("门牌号", "501")
    phone.sees_not("2单元 502")
    phone.tap("2单元 501")
    phone.tap("记下这次走访")
    phone.sees("请选这次是哪一种走访。")
    phone.tap("关爱走访")
    phone.tap("见到人了")
    phone.tap("加一条")
    phone.write("需要 1", "楼梯装扶手")
    phone.open("staff/today/today")
    phone.sees("还有一次没写完：幸福家园 3号楼 2单元 501")
    phone.open("staff/visit/visit")
    expect(phone.top.get_by_label("需要 1").locator("visible=true").first).to_have_value("楼梯装扶手")
    phone.tap("记下这次走访")
    phone.sees("已记下：走访幸福家园 3号楼 2单元 501。")
    made = wangdashan.read("/visits")["visits"][0]
    assert (made["kind"], made["met"], made["needs"]) == ("care", True, ["楼梯装扶手"])


@pytest.mark.parametrize("page", ["today", "patrol", "patrols", "visit", "visits", "grid"])
def test_a_resident_who_comes_here_by_a_link_reads_a_sentence(handset, page, complaints):
    phone = handset("zhanglan")
    phone.open(f"staff/{page}/{page}")
    phone.tap("回首页")
    phone.sees("随手报")
    complaints.clear()


def test_a_resident_sees_the_own_case_on_its_own_page(handset, lamp, complaints):
    phone = handset("zhanglan")
    phone.open(f"staff/case/case?key={lamp['key']}")
    phone.tap("看这件事")
    phone.sees("您说的")
    complaints.clear()
