"""All phones on one desk: the list, three side by side, small windows, the keyboard alone, the weather."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.sandbox.server import create_sandbox
from tests.sandbox.backend import Served
from tests.sandbox.phones.hand import bubbles, notify, write

WIDER_THAN_THE_PHONE = """[...document.querySelectorAll(".stage *")].filter((node) =>
    !node.closest(".unseen") && node.getBoundingClientRect().right > 360.5).map((node) => node.outerHTML)"""
UNDER_THE_AVATAR = """[...document.querySelectorAll(".row.me .said > :not(.unseen)")].filter((node) =>
    node.getBoundingClientRect().right > node.closest(".row").querySelector(".avatar").getBoundingClientRect().left)
    .map((node) => node.outerHTML)"""


def test_three_phones_side_by_side(street, echo, open_page):
    page = open_page(viewport={"width": 1280, "height": 860})
    page.goto(f"{street.url}/")
    expect(page.locator("#picked")).to_have_text("选了 3 部")
    page.get_by_role("link", name="并排打开").click()
    frames = [page.frame_locator("iframe").nth(index) for index in range(3)]
    for frame, name in zip(frames, ("张兰", "李伟", "王芳"), strict=True):
        expect(frame.locator(".whose")).to_have_text(name)
    boxes = [page.locator("iframe").nth(index).bounding_box() for index in range(3)]
    assert len({round(box["y"]) for box in boxes}) == 1
    assert min(box["width"] for box in boxes) > 380
    write(frames[0], "灯坏了")
    expect(bubbles(frames[0], "them")).to_have_text(["收到：灯坏了"])
    notify(street, "wangfang")
    expect(frames[2].locator(".banner")).to_be_visible()


def test_the_desk_opens_only_what_fits(street, open_page):
    page = open_page()
    page.goto(f"{street.url}/")
    for name in ("张兰", "李伟", "王芳"):
        page.get_by_role("listitem").filter(has_text=name).get_by_label("放到并排").uncheck()
    expect(page.locator("#picked")).to_have_text("先选几部手机")
    expect(page.locator("#side")).not_to_have_attribute("href", re.compile("."))
    page.get_by_role("listitem").filter(has_text="王芳").get_by_label("放到并排").check()
    expect(page.locator("#side")).to_have_attribute("href", f"{street.url}/side?people=wangfang")


def test_the_whole_way_with_the_keyboard(street, echo, open_page):
    page = open_page()
    page.goto(f"{street.url}/")
    page.get_by_role("link", name="张兰").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="家门口社区").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="家门口社区")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("灯坏了")
    page.keyboard.press("Enter")
    expect(bubbles(page, "them")).to_have_text(["收到：灯坏了"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="照片", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="更多")).to_be_focused()
    expect(page.locator(".tools")).to_be_hidden()
    page.get_by_role("link", name="回到聊天列表").focus()
    page.keyboard.press("Enter")
    for name in ("聊天", "通知", "扫一扫", "我"):
        tab = page.get_by_role("link", name=name, exact=True)
        tab.focus()
        page.keyboard.press("Enter")
        expect(tab).to_have_attribute("aria-current", "page")
        expect(tab).to_be_focused()


def test_nothing_is_wider_than_a_small_phone(street, echo, open_page):
    notify(street, "zhanglan", "幸福家园3号楼2单元门口的雨水井盖")
    street.say("zhanglan", "很长的一串" + "abcdefghij" * 30)
    place = {"lat": 34.78, "lng": 114.36, "label": "幸福家园3号楼2单元门口"}
    street.do("zhanglan", "send", app="official", type="location", **place)
    page = open_page(viewport={"width": 360, "height": 740})
    screens = ("", "#chat/official", "#notifications", "#scan", "#me")
    for path in ("", "side?people=zhanglan,liwei", *(f"phone/zhanglan{screen}" for screen in screens)):
        page.goto(f"{street.url}/{path}")
        page.locator("[aria-busy=true]").wait_for(state="detached")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
        assert (page.evaluate(WIDER_THAN_THE_PHONE), page.evaluate(UNDER_THE_AVATAR)) == ([], []), path


def test_the_weather_turns_and_clears_up(street, open_page):
    page = open_page()
    page.goto(f"{street.url}/")
    expect(page.locator("#sky")).to_have_text("晴")
    page.get_by_label("哪个接口").select_option("订阅通知")
    page.get_by_label("坏几次").select_option("三次")
    for name in ["慢三秒", "系统繁忙", "次数用完", "凭证失效", "收下了但不回话", "回一页网页", "连接断开"]:
        page.get_by_role("button", name=name).click()
    expect(page.locator("#sky")).to_have_text("有 7 处坏天气")
    faults = street.control("GET", "faults")
    assert {(one["path"], one["times"]) for one in faults} == {("/cgi-bin/message/subscribe/send", 3)}
    assert {one["fault"]: one.get("seconds") for one in faults} == {
        "latency": 3, "busy": None, "quota": None, "token": None, "timeout_after_accept": 10, "html": None,
        "reset": None}
    page.get_by_label("微信的时钟").select_option("快 2 天")
    expect(page.locator(".active li").last).to_have_text("微信的时钟快 2 天")
    assert street.control("GET", "clock")["ahead"] == 48 * 3600
    page.get_by_role("button", name="全部放晴").click()
    expect(page.locator("#sky")).to_have_text("晴")
    assert (street.control("GET", "faults"), street.control("GET", "clock")["ahead"]) == ([], 0)


def test_a_phone_that_does_not_exist(street, open_page):
    page = open_page()
    page.goto(f"{street.url}/phone/nobody")
    expect(page.get_by_role("alert")).to_have_text("这里没有这个人的手机，请回到全部手机里选一部。")
    page.get_by_role("link", name="回到全部手机").click()
    expect(page.get_by_role("link", name="张兰")).to_be_visible()


@pytest.fixture
def below(config, backend):
    """The sandbox as the product mounts it, under /sandbox; gives the product's address."""
    sandbox = create_sandbox(config)
    served = Served(DispatcherMiddleware(Flask("product"), {"/sandbox": sandbox}))
    yield served.url
    sandbox.extensions["sandbox"].courier.stop()
    served.stop()


def test_the_sandbox_may_live_under_a_prefix(below, echo, open_page):
    page = open_page()
    page.goto(f"{below}/sandbox/")
    expect(page.get_by_role("link", name="打开工作台")).to_have_attribute("href", f"{below}/console/")
    page.get_by_role("link", name="张兰").click()
    page.get_by_role("link", name="家门口社区").click()
    write(page, "你好")
    expect(bubbles(page, "them")).to_have_text(["收到：你好"])
