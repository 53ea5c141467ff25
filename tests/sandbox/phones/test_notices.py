"""What is pushed to 张兰, what she allows to be pushed, and the codes she scans."""

import re

from playwright.sync_api import expect

from tests.sandbox.phones.hand import TASK, notify
from tests.sandbox.street import CASE, NOTICE


def test_a_notification_slides_in_and_is_counted_until_it_is_read(street, echo, take):
    page = take("zhanglan", "#me")
    desk = page.context.new_page()
    desk.goto(f"{street.url}/")
    notify(street, "zhanglan")
    banner = page.get_by_role("button", name="家门口 事项进度通知：3号楼门口井盖坏了")
    expect(banner).to_have_css("animation-name", "slide")
    page.emulate_media(reduced_motion="reduce")
    expect(banner).to_have_css("animation-name", "none")
    expect(page.get_by_role("link", name="通知")).to_have_text("通知1条未读")
    expect(desk.locator("[data-person=zhanglan] .waiting")).to_have_text("1 条新通知")
    expect(desk.locator("[data-person=liwei] .waiting")).to_have_text("没有新通知")
    page.bring_to_front()
    page.get_by_role("link", name="通知").click()
    expect(page.get_by_role("heading", name="事项进度通知")).to_be_visible()
    expect(page.locator(".notice-row")).to_have_text(["事项3号楼门口井盖坏了", "时间2026-11-23 17:30"])
    expect(page.get_by_role("link", name="通知")).to_have_text("通知")
    expect(desk.locator("[data-person=zhanglan] .waiting")).to_have_text("没有新通知")
    page.get_by_role("button", name="进入小程序查看").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/case/case?id=7f")


def test_a_tap_on_the_banner_opens_what_it_tells(street, echo, take):
    page = take("zhanglan")
    street.say("zhanglan", "在吗")
    page.get_by_role("button", name="家门口社区 收到：在吗").click()
    expect(page.locator(".row.them .bubble")).to_have_text(["收到：在吗"])
    expect(page.locator(".banner")).to_have_count(0)


def test_subscriptions_are_accepted_refused_and_switched_off(street, echo, take):
    page = take("zhanglan", "#notifications")
    rights = page.locator(".bundle li")
    page.get_by_text("家门口：还没有订阅通知").click()
    expect(rights).to_have_text(["事项进度通知没有订阅", "新任务提醒没有订阅", "社区公告没有订阅"])
    page.get_by_role("button", name="订阅这 2 项").click()
    page.get_by_label("新任务提醒").uncheck()
    page.get_by_role("button", name="允许").click()
    expect(rights).to_have_text(["事项进度通知还能收 1 条关", "新任务提醒没有订阅", "社区公告没有订阅"])
    expect(page.get_by_role("button", name="订阅这 2 项")).to_be_focused()
    page.get_by_role("button", name="订阅", exact=True).click()
    page.get_by_role("button", name="允许").click()
    expect(rights.last).to_have_text("社区公告长期有效关")
    page.get_by_role("button", name="订阅这 2 项").click()
    page.get_by_role("button", name="拒绝").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="不再接收社区公告").click()
    expect(rights.last).to_have_text("社区公告没有订阅")
    street.drain()
    answers = [as_list(message["List"]) for message in echo.messages() if "popup" in message["Event"]]
    assert [[(one["TemplateId"], one["SubscribeStatusString"]) for one in given] for given in answers] == [
        [(CASE, "accept"), (TASK, "reject")], [(NOTICE, "accept")], [(CASE, "reject"), (TASK, "reject")]]


def as_list(given):
    """The platform sends one entry bare and several as a list."""
    return given if isinstance(given, list) else [given]


def test_a_code_on_a_screen_is_scanned(street, echo, take):
    info = {"scene": {"scene_str": "building_3"}}
    body = {"action_name": "QR_STR_SCENE", "expire_seconds": 600, "action_info": info}
    assert street.post("/cgi-bin/qrcode/create", body, app="official")["expire_seconds"] == 600
    body = {"scene": "s=77", "page": "pages/login/login"}
    street.raw("POST", "/wxa/getwxacodeunlimit", params={"access_token": street.token()["access_token"]}, json=body)
    page = take("zhanglan", "#scan")
    expect(page.locator(".code img")).to_have_count(2)
    for picture in page.locator(".code img").all():
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    page.get_by_role("button", name="内容：s=77").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/login/login?scene=s%3D77")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="内容：building_3").click()
    expect(page.get_by_role("heading", name="家门口社区")).to_be_visible()
    expect(page.locator(".aside").last).to_have_text("扫了二维码")
    street.drain()
    (message,) = echo.messages()
    assert (message["Event"], message["EventKey"]) == ("SCAN", "building_3")


def test_a_code_that_nobody_made_is_refused_in_words(complaints, street, take):
    page = take("zhanglan", "#scan")
    expect(page.locator(".codes")).to_have_text(re.compile("现在没有码"))
    page.get_by_text("扫别处的码").click()
    page.get_by_label("码里的内容").fill("nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("没有这个二维码，请换一个扫。")
    complaints.clear()


def test_following_and_leaving(street, echo, take):
    page = take("liwei", "#chat/official")
    expect(page.get_by_role("textbox")).to_have_count(0)
    page.get_by_role("button", name="关注").click()
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.locator(".aside").last).to_have_text("关注了公众号")
    page.get_by_role("link", name="回到聊天列表").click()
    page.get_by_role("link", name="我", exact=True).click()
    page.get_by_role("button", name="取消关注").click()
    expect(page.get_by_role("button", name="关注", exact=True)).to_be_focused()
    street.drain()
    assert echo.events() == ["subscribe", "unsubscribe"]
