"""Reporting with the phone: photo, words, voice and place, once, whatever happens on the way."""

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import PATIENCE_MS
from tests.miniprogram.handset import SMALL, Handset
from tests.story import MiniProgram, Phone, Web, photograph, until

FIELD = "写一句就行，比如：3号楼门口井盖坏了"


@pytest.fixture
def zhanglan(address) -> MiniProgram:
    return MiniProgram(Phone(Web(address), "zhanglan", "张兰"))


@pytest.fixture
def sunmei(address) -> MiniProgram:
    return MiniProgram(Phone(Web(address), "sunmei", "孙梅"))


@pytest.fixture
def cover(tmp_path) -> Path:
    """A photo of a broken manhole cover."""
    (tmp_path / "cover.jpg").write_bytes(photograph("cover", (90, 90, 90)))
    return tmp_path / "cover.jpg"


def newest(person: MiniProgram) -> dict:
    """The last case somebody reported, whole."""
    return person.read(f"/cases/{person.read('/cases?limit=1')['cases'][0]['key']}")


def count(person: MiniProgram, words: str) -> int:
    return [one["words"] for one in person.read("/cases?limit=50")["cases"]].count(words[:80])


def add_photos(phone: Handset, *files: Path) -> None:
    """Choose photos from the album; the first time WeChat asks for the privacy agreement."""
    phone.tap("从相册选")
    agree(phone)
    phone.page.locator("input[type=file]").set_input_files([str(one) for one in files])


def agree(phone: Handset) -> None:
    """To WeChat's privacy agreement, where it stands; what was agreed to is not asked again."""
    phone.page.get_by_text("先说明白，再请您同意").wait_for()
    phone.tap("同意")


def looked_near(phone: Handset):
    """Until the phone has asked what is near: a moment after the last letter."""
    return phone.page.expect_response(lambda answer: answer.url.endswith("/nearby"))


def report(phone: Handset, until: str = "社区已收到", patience: float = PATIENCE_MS) -> None:
    """Tap 发送 until these words are there: yes to the messages, no to what neighbours reported in other tests."""
    page = phone.page
    end = page.get_by_text(until).locator("visible=true")
    allow = page.get_by_role("button", name="允许", exact=True)
    other = page.get_by_text("不是同一件事，继续上报", exact=True).locator("visible=true")
    phone.tap("发送")
    for _ in range(3):
        end.or_(allow).or_(other).first.wait_for(timeout=patience)
        if end.count():
            return
        if allow.count():
            allow.first.tap()
            end.or_(other).first.wait_for(timeout=patience)
        elif other.count():
            other.first.tap()
            end.or_(allow).first.wait_for(timeout=patience)
    end.first.wait_for(timeout=patience)


def test_an_old_person_reports_a_manhole_cover_without_help(handset, zhanglan, cover):
    phone = handset("zhanglan", size=SMALL).senior()
    phone.open("pages/report/report")
    phone.sees("第 1 步，一共 4 步")
    add_photos(phone, cover)
    phone.sees(re.compile("^再拍一张$"))
    phone.photograph("report-senior-1")
    assert (phone.small_targets(60), phone.sideways()) == ([], False)
    phone.tap("下一步")
    phone.write(FIELD, "3号楼门口井盖坏了，差点摔跤")
    phone.sees(re.compile("您说到.*井盖.*像是"))
    phone.sees("先保护好自己")
    phone.sees("110")
    phone.photograph("report-senior-2")
    assert (phone.small_targets(60), phone.sideways()) == ([], False)
    phone.tap("下一步")
    phone.sees("幸福家园 3号楼")
    phone.sees("您家这栋楼。不是这里，就换一个。")
    phone.photograph("report-senior-3")
    assert (phone.small_targets(60), phone.sideways()) == ([], False)
    phone.tap("下一步")
    phone.sees("看一看，没问题就发送")
    phone.photograph("report-senior-4")
    assert (phone.small_targets(60), phone.sideways()) == ([], False)
    report(phone)
    case = newest(zhanglan)
    phone.sees(f"#{case['number']}")
    phone.sees(re.compile("网格员.*前接单"))
    phone.photograph("filed-senior")
    assert (phone.small_targets(60), phone.sideways()) == ([], False)
    assert case["words"] == "3号楼门口井盖坏了，差点摔跤"
    assert case["category"]["code"] == "missing_manhole_cover"
    assert case["place"]["label"] == "幸福家园 3号楼"
    assert len(case["photos"]) == 1
    phone.tap("看进度")
    phone.sees("您说的")


def test_no_step_keeps_anybody_out(handset):
    phone = handset("zhanglan", size=SMALL).senior()
    phone.open("pages/report/report")
    assert phone.barriers() == []
    phone.tap("下一步")
    phone.write(FIELD, "楼道里着火了")
    phone.sees("先打电话，再上报")
    assert phone.barriers() == []
    phone.tap("不对，换一个")
    phone.sees("是哪一类？")
    assert (phone.barriers(), phone.small_targets(60)) == ([], [])
    phone.tap("不选了")
    phone.tap("下一步")
    phone.tap("换一个地方")
    phone.sees("幸福家园")
    assert (phone.barriers(), phone.small_targets(60)) == ([], [])
    phone.tap("不选了")
    phone.tap("下一步")
    assert phone.barriers() == []


def test_back_and_forth_nothing_is_lost(handset):
    phone = handset("zhanglan", size=SMALL).senior()
    phone.open("pages/report/report")
    phone.tap("下一步")
    phone.write(FIELD, "想好了再写")
    phone.tap("下一步")
    phone.tap("上一步")
    expect(phone.top.get_by_placeholder(FIELD)).to_have_value("想好了再写")
    phone.tap("上一步")
    phone.sees("拍张照")


def test_what_is_missing_is_said_where_it_is(handset, zhanglan):
    before = len(zhanglan.read("/cases?limit=50")["cases"])
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.tap("发送")
    phone.sees("请写一句话，或者说一段话，告诉社区怎么了。")
    assert len(zhanglan.read("/cases?limit=50")["cases"]) == before


def test_the_guess_is_corrected_with_two_taps(handset, zhanglan):
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.write(FIELD, "垃圾桶满了好几天")
    phone.sees("不对，换一个").tap()
    phone.sees("是哪一类？")
    phone.tap("绿化养护")
    phone.sees("您选的类别：")
    report(phone)
    assert newest(zhanglan)["category"]["code"] == "greenery"


def test_where_somebody_burns_the_telephone_comes_first(handset, complaints):
    phone = handset("zhanglan", size=SMALL)
    phone.open("pages/report/report")
    phone.write(FIELD, "楼道里着火了，好大的烟")
    phone.sees("先打电话，再上报")
    phone.sees("请马上离开，不要乘电梯")
    red, kinds = phone.top.locator(".danger").bounding_box(), phone.top.locator(".chips").first.bounding_box()
    assert red["y"] < kinds["y"]
    phone.photograph("report-danger-small")
    phone.tap(re.compile("打 119"))
    phone.sees(re.compile("119.*"))


def test_a_place_is_chosen_down_to_the_floor(handset, zhanglan):
    phone = handset("zhanglan", size=SMALL)
    phone.open("pages/report/report")
    phone.write(FIELD, "声控灯一直亮着")
    phone.sees("换一个地方").tap()
    for asked, answer in (("哪个小区？", "阳光花苑"), ("几号楼？", "2号楼"), ("几单元？", "1单元"), ("几层？", "4 层")):
        phone.sees(asked)
        phone.tap(answer)
    phone.sees("阳光花苑 2号楼 1单元 4 层")
    phone.write("再说具体一点", "电梯口")
    report(phone)
    case = newest(zhanglan)
    assert case["place"]["label"] == "阳光花苑 2号楼 1单元"
    assert case["place_words"] == "4 层 电梯口"


def test_a_resident_without_home_says_where(handset):
    phone = handset("zhaoqiang")
    phone.open("pages/report/report")
    phone.write(FIELD, "路灯杆歪了")
    phone.tap("发送")
    phone.sees("请选一下在哪里，不然没人知道该去哪。")
    phone.tap("选小区、楼栋")
    phone.tap("惠民社区")
    phone.tap("就选：惠民社区")
    phone.sees(re.compile("您说到.*像是"))
    report(phone)


def test_a_code_on_the_wall_says_where(handset, zhanglan):
    home = zhanglan.read("/door")["place"]["key"]
    compound = zhanglan.read(f"/places/{home}")["path"][0]["key"]
    building = zhanglan.read(f"/places?parent={compound}")["places"][4]
    phone = handset("zhaoqiang")
    phone.open(f"pages/report/report?scene=p%3D{building['key']}")
    phone.sees(building["label"])


def test_a_pin_on_the_map_needs_a_yes_and_the_same_report_goes_on(handset, zhanglan, complaints):
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.write(FIELD, "这棵树要倒了")
    phone.tap("在地图上选")
    agree(phone)
    phone.tap("允许")
    phone.tap("确定")
    phone.sees("去掉")
    report(phone, until="不同意，不带位置发送")
    phone.photograph("report-consent")
    phone.tap("同意")
    phone.sees("社区已收到")
    case = newest(zhanglan)
    assert case["words"] == "这棵树要倒了"
    assert case["point"] is not None
    assert count(zhanglan, "这棵树要倒了") == 1
    assert [one for one in complaints if "422" not in one] == []
    complaints.clear()


def test_a_refused_place_is_no_obstacle(handset, sunmei):
    phone = handset("sunmei")
    phone.open("pages/report/report")
    phone.write(FIELD, "花坛的砖松了")
    phone.tap("在地图上选")
    agree(phone)
    phone.tap("拒绝")
    phone.sees("没有得到位置的允许，不要紧")
    phone.sees("阳光花苑 1号楼")
    report(phone)
    assert newest(sunmei)["point"] is None


def test_a_voice_is_enough(handset, zhanglan):
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.tap("不想打字，点这里说话")
    agree(phone)
    phone.tap("允许")
    phone.sees("正在录音 2 秒")
    phone.tap("说完了，点这里")
    phone.sees(re.compile("听录音 [23] 秒"))
    phone.photograph("report-voice")
    phone.tap("匿名上报")
    phone.sees("匿名时不能带录音")
    phone.tap("匿名上报")
    report(phone)
    assert len(newest(zhanglan)["voices"]) == 1


def test_anonymous_is_anonymous(handset, zhanglan):
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.write(FIELD, "楼上天天半夜打麻将")
    phone.tap("匿名上报")
    phone.sees("匿名时不能录音")
    report(phone)
    phone.sees("这件是匿名的")
    assert newest(zhanglan)["anonymous"] is True


def test_the_same_thing_near_is_gone_along_with(handset, zhanglan, sunmei):
    door = zhanglan.read(f"/places/{zhanglan.read('/door')['place']['key']}")
    building = next(one for one in door["path"] if one["kind"] == "building")
    case = zhanglan.send("/cases", {"words": "门禁刷卡没反应", "category": "facility", "place": building["key"]})
    mine = len(sunmei.read("/cases?limit=50")["cases"])
    phone = handset("sunmei")
    phone.open(f"pages/report/report?scene=p%3D{building['key']}")
    with looked_near(phone):
        phone.write(FIELD, "门禁坏了，健身器材也坏了")
    phone.tap("发送")
    phone.sees("附近有人报过，是同一件事吗？")
    phone.photograph("report-near")
    phone.sees("不是同一件事，继续上报")
    phone.tap("我也遇到了，不用再报")
    asked = phone.page.get_by_role("button", name="允许", exact=True)
    asked.or_(phone.page.get_by_text("记下了", exact=True)).first.wait_for()
    if asked.count():
        asked.first.tap()
    phone.sees("您也遇到了，社区知道了。")
    assert len(sunmei.read("/cases?limit=50")["cases"]) == mine
    assert sum(row["followers"] for row in sunmei.read("/follows")["cases"]) >= 1
    assert case["number"]


def test_the_draft_is_there_after_closing(handset, zhanglan, cover):
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    add_photos(phone, cover)
    phone.sees(re.compile("^再拍一张$"))
    phone.write(FIELD, "写了一半 😀 就去接孩子了")
    phone.open()
    phone.open("pages/report/report")
    phone.sees("上次没发出去的还在")
    phone.sees("“写了一半 😀 就去接孩子了”，1 张照片")
    phone.photograph("report-draft")
    phone.tap("接着写")
    expect(phone.top.get_by_placeholder(FIELD)).to_have_value("写了一半 😀 就去接孩子了")
    report(phone)
    case = newest(zhanglan)
    assert (case["words"], len(case["photos"])) == ("写了一半 😀 就去接孩子了", 1)
    phone.tap("再报一件")
    phone.sees("拍张照")
    phone.sees_not("上次没发出去的还在")


def test_a_draft_is_given_up_only_when_asked_twice(handset):
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.write(FIELD, "不想报了")
    phone.open("pages/report/report")
    phone.tap("重新写")
    phone.tap("留着")
    phone.tap("重新写")
    phone.tap("不要了，重新写")
    expect(phone.top.get_by_placeholder(FIELD)).to_have_value("")
    phone.open("pages/report/report")
    phone.sees("拍张照")


@pytest.mark.parametrize("step", ["before", "photo", "words", "send"])
def test_without_network_at_any_step_it_goes_out_later_once(handset, zhanglan, cover, complaints, step):
    words = f"没有网也要报：{step}"
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.sees("幸福家园 3号楼")
    for name, act in (
        ("before", lambda: None),
        ("photo", lambda: add_photos(phone, cover)),
        ("words", lambda: phone.write(FIELD, words)),
        ("send", lambda: phone.page.wait_for_timeout(1200)),
    ):
        act()
        if name == step:
            phone.offline()
    phone.sees(re.compile("^再拍一张$"))
    report(phone, until="存在手机里了")
    phone.sees("现在没有网络，已存在手机里，连上后自动发出。")
    phone.photograph("filed-waits")
    assert count(zhanglan, words) == 0
    phone.offline(False)
    until(lambda: count(zhanglan, words) == 1, "没有自动发出")
    case = newest(zhanglan)
    assert (case["words"], len(case["photos"])) == (words, 1)
    phone.open()
    assert count(zhanglan, words) == 1
    complaints.clear()


@pytest.mark.parametrize("status", [500, 503])
def test_a_broken_service_loses_nothing(handset, zhanglan, complaints, status):
    words = f"服务坏了也要报：{status}"
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.write(FIELD, words)
    phone.page.route(
        re.compile(r"/api/v1/cases$"), lambda route: route.fulfill(status=status, body="<html>bad gateway</html>")
    )
    report(phone, until="存在手机里了")
    phone.page.unroute(re.compile(r"/api/v1/cases$"))
    phone.tap("看还没发出去的")
    phone.sees(f"上报：{words}")
    phone.tap("再发一次")
    phone.sees("都发出去了。")
    assert count(zhanglan, words) == 1
    complaints.clear()


def test_a_session_that_ended_meanwhile_is_not_noticed(handset, zhanglan, cover, complaints):
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    add_photos(phone, cover)
    phone.sees(re.compile("^再拍一张$"))
    phone.write(FIELD, "登录过期了也照样报")
    phone.page.evaluate("wx.setStorageSync('token', 'long-gone')")
    report(phone)
    case = newest(zhanglan)
    assert (case["words"], len(case["photos"])) == ("登录过期了也照样报", 1)
    assert [one for one in complaints if "401" not in one] == []
    complaints.clear()


def test_too_many_words_are_told_and_kept(handset, zhanglan):
    long = "楼道太脏了😀" * 417
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.write(FIELD, long[:2500])
    phone.sees("最多 2000 个字，多了 500 个，请删短一点。")
    phone.tap("发送")
    expect(phone.top.get_by_placeholder(FIELD)).to_have_value(long[:2500])
    phone.write(FIELD, long[:2000])
    phone.sees("还能写 0 个字")
    report(phone)
    assert newest(zhanglan)["words"] == long[:2000]


def test_many_huge_photos_and_a_broken_one(handset, zhanglan, tmp_path):
    files = []
    for index in range(9):
        picture = io.BytesIO()
        Image.effect_noise((3000, 2200), 80 + index).save(picture, "JPEG", quality=95)
        (tmp_path / f"{index}.jpg").write_bytes(picture.getvalue() if index != 4 else b"no picture at all")
        files.append(tmp_path / f"{index}.jpg")
    assert files[0].stat().st_size > 3_000_000
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    add_photos(phone, *files)
    phone.page.get_by_text("有 1 张打不开，没有加上，其他的都在。").wait_for(timeout=60_000)
    expect(phone.top.locator("photo-picker image, photo-picker wx-image")).to_have_count(8)
    phone.write(FIELD, "拍了很多大照片")
    sizes = []
    phone.page.on("request", lambda one: sizes.append(len(one.post_data_buffer or b"")))
    report(phone, patience=60_000)
    assert len(newest(zhanglan)["photos"]) == 8
    assert max(sizes) < 2_000_000


def test_what_the_service_refuses_is_said_and_kept(handset, complaints):
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.write(FIELD, "有什么不对")
    body = {"error": {"code": "place_unknown", "message": "没有这个地点，请重新选择。", "fields": {"place": "没有"}}}
    phone.page.route(re.compile(r"/api/v1/cases$"), lambda route: route.fulfill(status=422, body=json.dumps(body)))
    report(phone, until="没有这个地点，请重新选择。")
    expect(phone.top.get_by_placeholder(FIELD)).to_have_value("有什么不对")
    complaints.clear()
