"""The whole day of the manhole cover, on two phones and at the desk, by what is on the screens and nothing else."""

import re

from playwright.sync_api import Page, expect

from tests.miniprogram.handset import Handset

WAITING_MS = 20_000


def test_the_manhole_day(address, handset, open_page):
    zhanglan, wangdashan = handset("zhanglan"), handset("wangdashan")
    number = _zhanglan_reports(zhanglan.open())
    desk = _chenjing_signs_in(open_page(viewport={"width": 1280, "height": 900}), address)
    desk.get_by_role("link", name=f"#{number}").first.wait_for()

    _wangdashan_handles(wangdashan.open())

    zhanglan.open("pages/cases/cases").tap("办好了吗？点这里评价")
    zhanglan.sees("换了新井盖")
    zhanglan.photograph("day-4-judge")
    zhanglan.tap("满意")
    zhanglan.tap(re.compile("提交评价"))
    zhanglan.sees("已办结")

    desk.goto(f"{address}/console/cases?number={number}")
    desk.get_by_role("link", name=f"#{number}").first.click()
    expect(desk.get_by_text("满意").first).to_be_visible()
    expect(desk.get_by_text("已办结").first).to_be_visible()


def _zhanglan_reports(phone: Handset) -> str:
    """A photo, one sentence, 发送; gives the number she is told."""
    phone.tap(re.compile("^随手报"))
    phone.ready()
    phone.tap("拍照")
    phone.tap("同意")
    phone.page.locator(".wx-photos button").first.tap()
    phone.page.get_by_placeholder("写一句就行").fill("3号楼门口井盖坏了，晚上走路很危险")
    phone.sees(re.compile("您说到“井盖”"))
    phone.photograph("day-1-report")
    phone.tap("发送")
    phone.tap("允许")
    phone.sees("社区已收到")
    phone.photograph("day-2-filed")
    return re.search(r"#(\d+)", phone.sees(re.compile(r"^#\d+$")).inner_text())[1]


def _wangdashan_handles(phone: Handset) -> None:
    """接单, 现场已安全 with a photo, 办好了 with another."""
    phone.tap(re.compile("去工作页"))
    phone.sees("先去这件")
    phone.photograph("day-3-today")
    phone.tap(re.compile("打开，去接单"))
    phone.tap("接单")
    phone.tap("现场已安全")
    _photo(phone, first=True)
    phone.tap("现场已安全")
    phone.sees_not("怎么围的")
    phone.tap("办好了")
    _photo(phone)
    phone.page.get_by_role("textbox").first.fill("换了新井盖")
    phone.tap("办好了")
    phone.sees(re.compile("下一件|后面没有等您的事了"))


def _photo(phone: Handset, first: bool = False) -> None:
    phone.tap("拍照")
    if first:
        phone.tap("同意")
    phone.page.locator(".wx-photos button").first.tap()
    phone.sees("去掉")


def _chenjing_signs_in(desk: Page, address: str) -> Page:
    """Scan the code on the screen with the own phone, say the four digits."""
    desk.goto(f"{address}/console/signin")
    digits = desk.locator(".signin-number").inner_text()
    phone = desk.context.new_page()
    phone.goto(f"{address}/sandbox/phone/chenjing#scan")
    phone.locator(".code").first.click()
    phone.get_by_role("textbox").wait_for()
    phone.get_by_text("四位数字").last.wait_for(timeout=WAITING_MS)
    phone.get_by_role("textbox").fill(digits.strip())
    phone.get_by_role("textbox").press("Enter")
    desk.get_by_role("link", name="事项").first.wait_for(timeout=WAITING_MS)
    desk.goto(f"{address}/console/cases")
    return desk
