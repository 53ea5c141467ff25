"""The desk in a real Chromium, against a whole installation. A page that complains (policy, script) fails its test."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.handlers.console.street import Street, until


@pytest.fixture
def at_desk(street: Street, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Signs somebody in as one does: scan, type the number, the page goes on by itself. Later the cookie is enough."""

    def open_desk(person: str = "chenjing", width: int = 1440, height: int = 900) -> Page:
        page = open_page(viewport={"width": width, "height": height}, storage_state=street.cookies.get(person))
        page.goto(f"{street.address}/console/")
        return page if person in street.cookies else sign_in(page, person)

    def sign_in(page: Page, person: str) -> Page:
        expect(page.get_by_text("等待扫码")).to_be_visible()
        scene = re.search(r"qr/([\w-]+)\.svg", page.locator(".qr").get_attribute("src"))[1]
        street.phone(person, "scan", {"scene": scene})
        expect(page.get_by_text("已扫码，请在手机上回复数字")).to_be_visible()
        street.say(person, page.locator(".signin-number").inner_text())
        page.wait_for_url(f"{street.address}/console/")
        street.cookies[person] = page.context.storage_state()
        return page

    return open_desk


def open_room(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()


def test_answering_a_resident_who_goes_on_talking(street, at_desk):
    page = at_desk()
    street.say("sunmei", "请问工作人员在吗，我要人工")
    expect(page.get_by_role("link", name="孙＊")).to_be_visible()  # the desk itself is live
    open_room(page, "对话")
    expect(page.get_by_role("heading", name="对话")).to_be_visible()
    page.get_by_role("link", name="孙＊").click()
    expect(page.get_by_role("log")).to_contain_text("我要人工")
    expect(page.get_by_text("48小时窗口内，还能回 5 条")).to_be_visible()
    expect(page.locator("#waited")).to_have_text("刚刚来信")
    page.get_by_label("答复内容").fill("在的，您请说")
    page.get_by_label("答复内容").press("Enter")
    mine = page.locator(".line.community", has_text="在的，您请说")
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text("已送达微信")
    expect(page.get_by_label("答复内容")).to_have_value("")
    expect(page.get_by_label("答复内容")).to_be_focused()
    expect(page.locator("#reach")).to_have_text("48小时窗口内，还能回 4 条")
    expect(page.locator("#waited")).to_have_text("")
    until(lambda: "【社区】在的，您请说" in street.heard("sunmei"))
    street.say("sunmei", "转人工，社区几点下班？")
    expect(page.locator(".line.resident").last).to_contain_text("社区几点下班？")
    expect(page.locator("#reach")).to_have_text("48小时窗口内，还能回 5 条")
    expect(page.locator("#waited")).to_have_text("刚刚来信")
    assert page.locator(".line", has_text="在的，您请说").count() == 1


def test_dispatching_by_the_button_of_the_table_while_the_page_is_live(street, at_desk):
    street.say("zhanglan", "3号楼门口井盖坏了")
    page = at_desk()
    open_room(page, "事项")
    page.get_by_role("link", name="窨井盖").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("窨井盖缺失破损")
    page.get_by_text("改派", exact=True).click()
    page.get_by_label("交给哪位网格员").select_option(label="刘洋")
    page.get_by_role("button", name="确定改派").click()
    facts = page.get_by_label("现在的情况")
    expect(facts).to_contain_text("刘洋")
    number = re.search(r"#(\d+)", page.get_by_role("heading", level=1).inner_text())[1]
    street.say("liuyang", f"接单 {number}")
    expect(facts).to_contain_text("网格员处理中")
    expect(page.locator("#deeds")).not_to_contain_text("不予受理")


def test_an_open_form_is_not_taken_away(street, at_desk, complaints):
    street.say("zhanglan", "3号楼楼道灯不亮了")
    page = at_desk()
    open_room(page, "事项")
    page.get_by_role("link", name="楼道灯").first.click()
    page.get_by_text("不予受理", exact=True).click()
    page.get_by_label("为什么不受理").select_option(label="不属于社区服务事项")
    page.locator("#note-reject").fill("正在写")
    number = re.search(r"#(\d+)", page.get_by_role("heading", level=1).inner_text())[1]
    street.say("wangdashan", f"接单 {number}")
    expect(page.get_by_label("现在的情况")).to_contain_text("网格员处理中")
    expect(page.locator("#note-reject")).to_have_value("正在写")
    expect(page.get_by_text("刚才有了新变化")).to_be_visible()
    page.get_by_role("button", name="确定不予受理").click()
    expect(page.get_by_role("alert").filter(has_text="刚才有人先处理了")).to_be_visible()
    refused = "console: Failed to load resource: the server responded with a status of 409"
    assert [line.partition(" (")[0] for line in complaints] == [refused]
    complaints.clear()


def test_the_neighbour_is_told_plainly(street, at_desk, complaints):
    page = at_desk("hefang")
    page.goto(f"{street.address}/console/cases/aaaaaaaaaaaaaaaa")
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()
    assert [line.partition(" (")[0] for line in complaints] == [
        "console: Failed to load resource: the server responded with a status of 404"
    ]
    complaints.clear()


def test_by_keyboard_alone(at_desk, street):
    page = at_desk()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#room")).to_be_focused()
    page.get_by_role("navigation").get_by_role("link", name="事项").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="事项")).to_be_visible()
    expect(page).to_have_title("事项 · 家门口工作台")
    expect(page.locator("#rooms [aria-current]")).to_have_text("事项")


def test_on_a_narrow_phone_nothing_runs_out_of_the_page(street, at_desk):
    street.say("zhanglan", "3号楼门口井盖坏了")
    page = at_desk(width=360, height=740)
    rooms = [link.get_attribute("href") for link in page.locator("#rooms a").all()]
    assert len(rooms) == 7
    wide = []
    for address in [*rooms, "/console/households?where=幸福家园 3号楼"]:
        page.goto(street.address + address)
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(address)
    for room, link in (("对话", "张＊"), ("事项", "窨井盖")):
        open_room(page, room)
        page.get_by_role("link", name=link).first.click()
        expect(page.get_by_role("heading", name=link).first).to_be_visible()
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(room)
    assert wide == []
