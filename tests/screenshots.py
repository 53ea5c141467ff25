"""Photograph every screen with the story's own data: `make screenshots` writes docs/images/.

What cannot be photographed is named at the end, and the exit code is 1; everything else is there all the same.
"""

import io
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.browser import FLAGS, PATIENCE_MS, find_chromium
from tests.miniprogram.handset import LARGE, Handset
from tests.miniprogram.pages import Town, call_two_units, told
from tests.story import Desk, MiniProgram, Phone, Web, free_port, installation, play
from tests.story_city import four_units, link_of

TARGET = Path(__file__).resolve().parent.parent / "docs" / "images"
COLORS = 256
QUIET_MS = 900
CALM_MS = 2500
CHINESE = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
TABLE, HAND = {"width": 1440, "height": 900}, {"width": LARGE[0], "height": LARGE[1]}

#: Picture → who opens which page of the mini-program, with what; the pages a photograph needs more for are functions.
MINI: dict[str, tuple[str, str, Callable[[Town], str]]] = {
    "mini-home": ("zhanglan", "pages/home/home", lambda town: ""),
    "mini-case": ("zhanglan", "pages/case/case", lambda town: f"?key={town.handled}"),
    "mini-cases": ("zhanglan", "pages/cases/cases", lambda town: ""),
    "mini-chat": ("zhanglan", "pages/chat/chat", lambda town: ""),
    "mini-notices": ("zhanglan", "resident/notices/notices", lambda town: ""),
    "mini-me": ("zhanglan", "pages/me/me", lambda town: ""),
    "mini-privacy": ("zhanglan", "my/privacy/privacy", lambda town: ""),
    "mini-incident": ("zhanglan", "resident/incident/incident", lambda town: ""),
    "mini-compound": ("zhanglan", "resident/compound/compound", lambda town: ""),
    "staff-spot": ("wangdashan", "staff/spot/spot", lambda town: ""),
    "staff-whistle": ("chenjing", "staff/whistle/whistle", lambda town: f"?key={town.case}"),
    "staff-piece": ("chenjing", "staff/piece/piece", lambda town: f"?key={town.piece}"),
    "staff-today": ("wangdashan", "staff/today/today", lambda town: ""),
    "staff-case": ("wangdashan", "staff/case/case", lambda town: f"?key={town.case}"),
}
SENIOR: dict[str, tuple[str, str, Callable[[Town], str]]] = {
    "senior-home": ("zhanglan", "pages/home/home", lambda town: ""),
    "senior-report": ("zhanglan", "pages/report/report", lambda town: ""),
    "senior-case": ("zhanglan", "pages/case/case", lambda town: f"?key={town.handled}"),
}


class Album:
    """The pictures of one run, and what went wrong with those that are missing."""

    def __init__(self, address: str, browser: Browser):
        self.address, self.browser = address, browser
        self.taken: list[Path] = []
        self.missing: list[str] = []

    def keep(self, page: Page, name: str, quiet: int = QUIET_MS) -> None:
        """The screen as it is once it is quiet; a palette of 256 colours makes a picture a third as large."""
        page.wait_for_timeout(quiet)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        path = TARGET / f"{name}.png"
        picture.quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
        self.taken.append(path)
        print(path, flush=True)

    def shoot(self, page: Page, name: str, path: str) -> None:
        """One screen of the desk or the sandbox."""
        page.goto(self.address + path)
        self.keep(page, name)

    def attempt(self, take: Callable[..., None], *given: object) -> None:
        """Take some pictures; when a step fails, say so and go on with the next."""
        try:
            take(self, *given)
        except (Error, AssertionError) as problem:
            self.missing.append(f"{take.__name__}{given[:1]}: {str(problem).splitlines()[0]}")

    def context(self, **options: object) -> BrowserContext:
        context = self.browser.new_context(**{"viewport": TABLE, **CHINESE, **options})
        context.set_default_timeout(PATIENCE_MS)
        return context

    def handset(self, person: str) -> Handset:
        """A phone of its own, as large as most are today."""
        context = self.context(viewport=HAND, has_touch=True, is_mobile=True, device_scale_factor=2)
        return Handset(context.new_page(), self.address, person)

    def close(self) -> None:
        """Say what is there; with a whole album, pictures nobody takes any more go."""
        if not self.missing:
            for old in set(TARGET.glob("*.png")) - set(self.taken):
                old.unlink()
        size = sum(path.stat().st_size for path in self.taken)
        print(f"{len(self.taken)} pictures, {size / 1024:.0f} KiB")
        if self.missing:
            sys.exit("\n".join(["not photographed:", *self.missing]))


def desk_pages(album: Album) -> None:
    """The desk at a table's width and at a phone's, signed in as 陈静 by her phone."""
    desk = Desk(album.address, Phone(Web(album.address), "chenjing", "陈静"))
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
        "statistics": "/console/statistics?by=category", "whistles": "/console/whistles?state=all",
        "routes": "/console/routes", "categories": "/console/categories", "calendar": "/console/calendar",
        "units": "/console/units",
    }  # fmt: skip
    for suffix, size in (("", TABLE), ("-phone", HAND)):
        context = album.context(viewport=size)
        context.add_cookies(cookies)
        page = context.new_page()
        if not suffix:
            take_a_list(page, album.address)
            reveal(album, page, album.address + case)
        for name, path in rooms.items():
            album.shoot(page, name + suffix, path)
        context.close()


def take_a_list(page: Page, address: str) -> None:
    """陈静 asks for the list of her community; there is nobody else who could agree, so an alert says so."""
    page.goto(f"{address}/console/exports")
    page.get_by_label("做什么用").fill("季度工作汇报")
    page.get_by_role("button", name="提出导出").click()
    page.wait_for_timeout(2000)


def reveal(album: Album, page: Page, case: str) -> None:
    """She looks at the reporter's name and phone, and says why."""
    page.goto(case)
    page.get_by_text("显示姓名和电话").click()
    page.get_by_label("为什么要看").first.fill("电话回访是否修好")
    page.get_by_role("button", name="显示", exact=True).click()
    page.get_by_text("只在这一页显示一次").wait_for()
    album.keep(page, "revealed")


def other_pages(album: Album) -> None:
    """Sign-in, and the chat on a phone of the sandbox."""
    context = album.context()
    page = context.new_page()
    album.shoot(page, "signin", "/console/signin")
    album.shoot(page, "password", "/console/signin/password")
    page.set_viewport_size(HAND)
    album.shoot(page, "phone-resident", "/sandbox/phone/zhanglan#chat")
    album.shoot(page, "phone-worker", "/sandbox/phone/wangdashan#chat")
    context.close()


def three_phones(album: Album, town: Town) -> None:
    """The phones beside one another: the reporter looks at her case, the grid worker at the day's work."""
    context = album.context()
    page = context.new_page()
    page.goto(f"{album.address}/sandbox/")
    there = {"zhanglan": f"/pages/case/case?key={town.handled}", "wangdashan": "/staff/today/today"}
    for person, url in there.items():
        mini = page.locator(f"iframe[src*='phone/{person}']").content_frame.locator("iframe").content_frame
        mini.locator(".mp-page").first.wait_for()
        mini.locator("html").evaluate("(_, url) => wx.navigateTo({ url })", url)
    album.keep(page, "phones", CALM_MS)
    context.close()


def mini_page(album: Album, name: str, person: str, path: str, senior: bool) -> None:
    """One page of the mini-program."""
    phone = album.handset(person)
    if senior:
        phone.senior()
    phone.open(path)
    album.keep(phone.page, name)
    phone.page.context.close()


def report(album: Album) -> None:
    """孙梅 reports with a photo and one sentence, and sees what comes next."""
    phone = album.handset("sunmei").open("pages/report/report")
    phone.tap("拍照")
    phone.tap("同意")
    phone.page.locator(".wx-photos button").first.tap()
    words = phone.page.get_by_placeholder("写一句就行")
    words.fill("1号楼门口的井盖碎了，晚上看不见")
    phone.sees(re.compile("您说到“井盖”"))
    words.blur()
    phone.top.locator(".mp-scroll").first.evaluate("one => one.scrollTo(0, 0)")
    album.keep(phone.page, "mini-report", CALM_MS)
    phone.tap("发送")
    phone.tap("允许")
    phone.sees("社区已收到")
    album.keep(phone.page, "mini-filed")
    phone.page.context.close()


def unit_page(album: Album, desk: Desk) -> None:
    """What a unit opens by its link: 市政养护所 is called to a cover, and a phone is all it takes."""
    admin = MiniProgram(Phone(desk.web, "chenjing", "陈静"))
    resident = MiniProgram(Phone(desk.web, "zhanglan", "张兰"))
    case = resident.send("/cases", {"words": "6号楼前的井盖没了，敞着口"})
    call_two_units(admin, case)
    (lead,) = [one for one in admin.read(f"/cases/{case['key']}")["subcases"] if one["lead"]]
    context = album.context(viewport=HAND)
    page = context.new_page()
    page.goto(album.address + link_of(desk, case["key"], lead).path)
    album.keep(page, "unit")
    context.close()


def patrol(album: Album) -> None:
    """王大山 sets out."""
    phone = album.handset("wangdashan").open("staff/patrol/patrol")
    phone.tap("现在开始")
    phone.top.get_by_role("radio", name=re.compile("：正常$")).first.tap()
    album.keep(phone.page, "staff-patrol", CALM_MS)
    phone.page.context.close()


def main() -> None:
    """Play the day, then photograph what it left."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="doorstep-shots-") as folder,
        installation(free_port(), folder) as address,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        album = Album(address, browser)
        desk = play(address)
        four_units(desk, Web(address))
        album.attempt(unit_page, desk)
        album.attempt(report)
        neighbour = Phone(Web(address), "sunmei", "孙梅")
        neighbour.say("阳光花苑1号楼楼道堆了好多纸箱，下楼都不好走")
        neighbour.sees("编号")
        neighbour.say("请问老年卡在哪里办？")
        neighbour.sees("已转给")
        town = told(address)
        for pages, senior in ((MINI, False), (SENIOR, True)):
            for name, (person, path, query) in pages.items():
                album.attempt(mini_page, name, person, path + query(town), senior)
        album.attempt(three_phones, town)
        album.attempt(patrol)
        album.attempt(desk_pages)
        album.attempt(other_pages)
        browser.close()
    album.close()


if __name__ == "__main__":
    main()
