"""Photograph every screen with the story's own data: `make screenshots` writes docs/screenshots/."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import find_chromium
from tests.story import Desk, Phone, Web, free_port, installation, play

TARGET = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def shoot(page: Page, name: str, path: str, full: bool = False) -> None:
    """One screen, once it is quiet."""
    page.goto(path)
    page.wait_for_timeout(900)
    page.screenshot(path=str(TARGET / f"{name}.png"), full_page=full)
    print(TARGET / f"{name}.png")


def desk_pages(browser: Browser, address: str) -> None:
    """The desk at a table's width and at a phone's, signed in as 陈静 by her phone."""
    desk = Desk(address, Phone(Web(address), "chenjing", "陈静"))
    desk.sign_in()
    cookies = [
        {"name": one.name, "value": one.value, "domain": "127.0.0.1", "path": one.path} for one in desk.web.cookies
    ]
    cases, inbox = desk.web.ask("/console/cases?number=1001"), desk.web.ask("/console/inbox")
    case = re.search(r'href="(/console/cases/[a-z2-7]+)"[^>]*>\s*#1001', cases)[1]
    talk = re.search(r'href="(/console/inbox/[a-z2-7]{16})"', inbox)[1]
    rooms = {
        "desk": "/console/", "inbox": talk, "cases": "/console/cases", "case": case, "letters": "/console/letters",
        "rooms": "/console/rooms", "people": "/console/people", "exports": "/console/exports",
        "alerts": "/console/alerts", "audit": "/console/audit", "security": "/console/security",
    }  # fmt: skip
    for suffix, size in (("", {"width": 1440, "height": 900}), ("-phone", {"width": 390, "height": 844})):
        context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.add_cookies(cookies)
        page = context.new_page()
        if not suffix:
            take_a_list(page, address)
            reveal(page, address + case)
        for name, path in rooms.items():
            shoot(page, name + suffix, address + path)
        context.close()


def take_a_list(page: Page, address: str) -> None:
    """陈静 asks for the list of her community; there is nobody else who could agree, so an alert says so."""
    page.goto(f"{address}/console/exports")
    page.get_by_label("做什么用").fill("季度工作汇报")
    page.get_by_role("button", name="提出导出").click()
    page.wait_for_timeout(2000)


def reveal(page: Page, case: str) -> None:
    """She looks at the reporter's name and phone, and says why."""
    page.goto(case)
    page.get_by_text("显示姓名和电话").click()
    page.get_by_label("为什么要看").first.fill("电话回访是否修好")
    page.get_by_role("button", name="显示", exact=True).click()
    page.get_by_text("只在这一页显示一次").wait_for()
    page.screenshot(path=str(TARGET / "revealed.png"))


def other_pages(browser: Browser, address: str) -> None:
    """Sign-in and the phones of the sandbox."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    shoot(page, "signin", f"{address}/console/signin")
    shoot(page, "password", f"{address}/console/signin/password")
    shoot(page, "phones", f"{address}/sandbox/")
    shoot(page, "side-by-side", f"{address}/sandbox/side?people=zhanglan,wangdashan,chenjing")
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, "phone-resident", f"{address}/sandbox/phone/zhanglan#chat")
    shoot(page, "phone-worker", f"{address}/sandbox/phone/wangdashan#chat")
    context.close()


def main() -> None:
    """Play the day, then photograph what it left."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="doorstep-shots-") as folder,
        installation(free_port(), folder) as address,
        sync_playwright() as driver,
    ):
        play(address)
        neighbour = Phone(Web(address), "sunmei", "孙梅")
        neighbour.say("阳光花苑1号楼楼道堆了好多纸箱，下楼都不好走")
        neighbour.sees("编号")
        neighbour.say("请问老年卡在哪里办？")
        neighbour.sees("已转给")
        browser = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        desk_pages(browser, address)
        other_pages(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
