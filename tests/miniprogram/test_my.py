"""我的, tapped through: homes, family, who looked, my copy, being forgotten, letters, phone number, sessions, size."""

import re

import pytest
from playwright.sync_api import expect

from tests.miniprogram.handset import SMALL
from tests.story import MiniProgram, Phone, Web, until


@pytest.fixture
def who(address):
    """Somebody's own way to the service, beside the phone: `who("wangdashan", "王大山")`."""

    def give(person: str, name: str) -> MiniProgram:
        return MiniProgram(Phone(Web(address), person, name))

    return give


def refused_once(complaints: list[str], path: str) -> None:
    """The browser says of a refusal what it says of every 422; nothing else went wrong, and that is forgotten."""
    assert len(complaints) == 1 and "422" in complaints[0] and path in complaints[0]
    complaints.clear()


def household(person: MiniProgram, *names: str) -> str:
    key = person.read("/places")["places"][0]["key"]
    for name in names:
        key = next(one["key"] for one in person.read(f"/places?parent={key}")["places"] if one["name"] == name)
    return key


def test_everything_promised_is_where_it_was_promised(handset):
    phone = handset("zhanglan", size=SMALL)
    for way in (["家人代办"], ["我的住址"], ["个人资料"], ["消息通知"], ["还没发出去的"], ["字体大小"],
                ["隐私", "导出我的数据"], ["隐私", "注销"], ["隐私", "谁查过我的信息"], ["隐私", "同意与撤回"],
                ["隐私", "登录的地方"], ["隐私", "我们怎样用您的信息"]):  # fmt: skip
        phone.open("pages/me/me")
        for name in way:
            phone.tap(re.compile(f"^{name}"))
            phone.ready()
        expect(phone.top.locator(".mp-nav")).to_contain_text(way[-1])


def test_the_senior_mode_is_one_tap_on_the_first_screen_and_shows_at_once(handset):
    phone = handset("zhanglan", size=SMALL)
    phone.open("pages/me/me")
    before = phone.text_sizes()["家人代办"]
    phone.top.get_by_role("switch", name="大字模式").tap()
    phone.sees(re.compile("已打开"))
    assert (before, phone.text_sizes()["家人代办"]) == (16, 24)
    phone.open("my/text/text")
    assert phone.text_sizes()["已派给网格员，今天 17:30 前到场。"] == 24
    phone.top.get_by_role("switch", name="大字模式").tap()
    phone.sees(re.compile("已关闭"))
    assert phone.text_sizes()["已派给网格员，今天 17:30 前到场。"] == 16


def test_a_home_by_its_code_and_moving_out(handset, who, complaints):
    worker = who("wangdashan", "王大山")
    code = worker.send(f"/households/{household(worker, '幸福家园', '2号楼', '1单元', '302')}/codes", {})["code"]
    phone = handset("zhaoqiang")
    phone.open("my/household/household")
    phone.sees("您还没有绑定住址")
    phone.write("8 位绑定码", "1234")
    phone.tap("绑定")
    phone.sees(re.compile("绑定码是 8 位字母和数字"))
    phone.write("8 位绑定码", "22222222")
    phone.tap("绑定")
    phone.sees("绑定码不对或已失效，请向社区要一个新的。")
    refused_once(complaints, "/me/households")
    phone.write("8 位绑定码", f"{code[:4].lower()} {code[4:]}")
    phone.tap("绑定")
    phone.sees("已绑定：幸福家园 2号楼 1单元 302。")
    assert [one["state"] for one in who("zhaoqiang", "赵强").read("/me/households")["homes"]] == ["confirmed"]
    phone.tap("我搬走了")
    phone.tap("不了")
    phone.tap("我搬走了")
    phone.tap("解除绑定")
    phone.sees(re.compile("已解除绑定"))
    assert who("zhaoqiang", "赵强").read("/me/households")["homes"] == []


def test_a_home_by_scanning_its_code(handset, who):
    worker = who("wangdashan", "王大山")
    code = worker.send(f"/households/{household(worker, '幸福家园', '2号楼', '1单元', '302')}/codes", {})["code"]
    phone = handset("zhaoqiang")
    phone.open("my/household/household")
    phone.tap("扫一扫绑定码")
    phone.page.get_by_label("码里的内容").fill("https://example.org/menu")
    phone.tap("扫这段内容")
    phone.sees(re.compile("这个码里没有绑定码"))
    phone.tap("扫一扫绑定码")
    phone.page.get_by_label("码里的内容").fill(code)
    phone.tap("扫这段内容")
    phone.sees("已绑定：幸福家园 2号楼 1单元 302。")
    phone.tap("我搬走了")
    phone.tap("解除绑定")
    phone.sees(re.compile("已解除绑定"))


def test_a_home_asked_for_refused_and_asked_for_again(handset, who):
    phone, admin = handset("zhaoqiang", size=SMALL), who("chenjing", "陈静")
    phone.senior()
    phone.open("my/household/household")
    for _ in range(2):
        phone.tap("选择住址，请社区确认")
        for name in ("惠民社区", "幸福家园", "2号楼", "1单元", "301"):
            phone.tap(name)
        phone.tap("租住")
        phone.tap("请社区确认")
        phone.sees(re.compile("已申请。惠民社区的工作人员核对以后"))
        phone.tap("好")
        phone.sees("已申请，等惠民社区的工作人员确认")
        asked = admin.read("/residences?state=asked")["residences"][0]["key"]
        admin.send(f"/residences/{asked}/refuse", {})
        phone.open("my/household/household")
        phone.sees(re.compile("惠民社区没有确认。请核对门牌"))
    states = [one["state"] for one in who("zhaoqiang", "赵强").read("/me/households")["homes"]]
    assert states == ["refused"]


def test_mother_without_wechat_is_asked_for_and_the_request_taken_back(handset, who):
    phone = handset("zhanglan")
    phone.open("my/family/family")
    phone.tap("申请替家人办事")
    for name in ("大人", "我是女儿", "不用，他没有微信"):
        phone.tap(re.compile(f"^{name}"))
    phone.write("他的姓名", "李秀英")
    phone.tap("下一步")
    phone.tap(re.compile("^和我住在一起"))
    phone.sees("姓名：李秀英")
    phone.tap("请社区确认")
    phone.sees(re.compile("请和本人一起到惠民社区"))
    assert [one["state"] for one in who("zhanglan", "张兰").read("/delegations")["delegations"]] == ["asked"]
    phone.tap("好")
    phone.sees("等社区确认")
    phone.tap("收回申请")
    phone.tap("不了")
    phone.tap("收回申请")
    phone.tap("收回申请")
    phone.sees("已结束，马上生效。")
    assert [one["state"] for one in who("zhanglan", "张兰").read("/delegations")["delegations"]] == ["ended"]


def test_who_looked_at_my_data_and_why(handset, who):
    case = who("zhanglan", "张兰").send("/cases", {"words": "门口路灯不亮"})
    who("chenjing", "陈静").send(f"/cases/{case['key']}/reporter", {"reason": "要约时间看现场"})
    phone = handset("zhanglan")
    phone.open("my/readers/readers")
    phone.sees(re.compile("惠民社区的社区管理员：查看完整姓名电话"))
    phone.sees("原因：要约时间看现场")


def test_my_copy_is_asked_for_made_fetched_and_passed_on(handset):
    phone = handset("zhanglan")
    phone.open("my/copy/copy")
    phone.tap("给我一份")
    phone.sees("已收到。做好以后在这里取，您可以先去忙别的。")
    again = phone.find("看看做好了没有")
    for _ in range(40):
        if not again.is_visible():
            break
        again.tap()
        phone.page.wait_for_timeout(500)
    phone.sees(re.compile("已经做好"))
    phone.tap("下载")
    phone.tap("发到我自己的微信")
    phone.sees(re.compile("我的数据.zip"))
    with phone.page.expect_download() as saved:
        phone.tap("存到这台电脑")
    assert saved.value.path().read_bytes()[:2] == b"PK"
    phone.tap("发送")
    phone.sees(re.compile("已发出"))


def test_being_forgotten_is_asked_twice_and_taken_back(handset, who):
    phone = handset("sunmei", size=SMALL)
    phone.senior()
    phone.open("my/erasure/erasure")
    phone.tap("我要注销")
    phone.tap("不注销了")
    phone.tap("我要注销")
    phone.tap("确定注销")
    phone.sees(re.compile("在那以前随时可以取消，还剩 2[23] 小时"))
    assert who("sunmei", "孙梅").read("/me/requests")["requests"][0]["state"] == "asked"
    phone.tap("取消注销，留下我的信息")
    phone.sees("已取消注销，您的信息都还在。")
    assert who("sunmei", "孙梅").read("/me/requests")["requests"][0]["state"] == "withdrawn"


def test_who_is_on_duty_is_told_why_not(handset, complaints):
    phone = handset("chenjing")
    phone.open("my/erasure/erasure")
    phone.tap("我要注销")
    phone.tap("确定注销")
    phone.sees(re.compile("您现在还有职务（社区管理员），不能注销"))
    refused_once(complaints, "/me/erasure")


def test_name_age_and_phone_number(handset, who):
    phone = handset("masuhua")
    phone.open("my/profile/profile")
    phone.write("怎样称呼您", "马奶奶")
    phone.tap("保存称呼")
    phone.sees("称呼已改好。")
    phone.tap("18 岁以上")
    phone.sees("记下了，以后不再问。")
    phone.tap("换手机号")
    phone.sees(re.compile("现场找不到地方、情况紧急时"))
    phone.tap("同意")
    phone.tap("换成微信现在的手机号")
    allow(phone, "拒绝")
    phone.sees("没有留手机号，照样能用。")
    phone.tap("换成微信现在的手机号")
    allow(phone, "允许")
    phone.sees("手机号已留好。")
    me = who("masuhua", "马素华").read("/me")
    assert (me["person"]["name"], me["person"]["phone_masked"], me["age_group"]) == ("马奶奶", "138****0009", "adult")
    phone.tap("删除手机号")
    phone.tap("不删")
    phone.tap("删除手机号")
    phone.tap("删除手机号")
    phone.sees("手机号已删除。")
    assert who("masuhua", "马素华").read("/me")["person"]["phone_masked"] == ""


def allow(phone, answer: str) -> None:
    """Answer WeChat's window, after agreeing to the privacy agreement if that is asked first."""
    agree = phone.page.get_by_role("button", name="同意", exact=True).locator("visible=true")
    window = phone.page.get_by_role("button", name=answer, exact=True).locator("visible=true")
    agree.or_(window).first.wait_for()
    if not window.count():
        agree.first.tap()
    window.first.tap()


def test_a_consent_is_read_given_and_taken_back(handset, who):
    phone = handset("sunmei")
    phone.open("my/consents/consents")
    phone.tap(re.compile("^使用您发来的精确位置"))
    phone.sees(re.compile("精确位置是敏感个人信息，所以单独问您"))
    phone.tap("同意")
    phone.sees("已记下：同意。")
    phone.tap("撤回同意")
    phone.sees("已撤回，马上生效。")
    states = {one["kind"]: one["state"] for one in who("sunmei", "孙梅").read("/consents")["consents"]}
    assert states["location"] == "withdrawn"


def test_the_rules_open_part_by_part_and_wechats_own_guide(handset):
    phone = handset("zhanglan")
    phone.open("my/rules/rules")
    phone.tap("存什么、为什么、存多久")
    phone.sees(re.compile("保存：办结后 3 年"))
    phone.tap("会给谁")
    phone.sees(re.compile("深圳市腾讯计算机系统有限公司"))


def test_another_phone_is_logged_out_and_this_one_comes_back_by_itself(handset, who):
    other = who("guoliang", "郭亮")
    other.read("/me")
    phone = handset("guoliang")
    phone.open("my/sessions/sessions")
    phone.sees("就是这里")
    phone.tap("让它退出")
    phone.tap("不退出")
    phone.tap("让它退出")
    phone.tap("退出")
    phone.sees("那里已经退出，要再用得重新登录。")
    phone.tap("退出并重新登录")
    phone.tap("退出")
    phone.sees("随手报")


def test_one_more_letter_is_allowed_at_a_tap(handset, who):
    phone = handset("zhanglan")
    phone.open("my/letters/letters")
    expect(phone.top.get_by_text("新任务")).to_have_count(0)
    phone.tap("允许发一条")
    phone.tap("允许")
    phone.sees("好的，微信记下了：可以多发一条。")
    phone.sees("还可以发 1 条")  # at once, though WeChat tells the service a moment later
    zhanglan = who("zhanglan", "张兰")
    until(lambda: sum(row["remaining"] for row in zhanglan.read("/subscriptions")["subscriptions"]) == 1, "没有记下")
    phone.open("my/letters/letters")
    phone.sees("还可以发 1 条")


def test_without_network_it_says_so_and_tries_again(handset):
    phone = handset("zhanglan")
    phone.open("my/privacy/privacy")
    phone.offline()
    phone.tap(re.compile("^登录的地方"))
    phone.sees("现在没有网络，请连上后再试。")
    phone.offline(False)
    phone.tap("再试一次")
    phone.sees("就是这里")
