"""A mini-program of one page on 张兰's phone, served by the real sandbox: its button does what a test says."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import NODE

ROOT = Path(__file__).resolve().parents[3]
SERVER = "http://127.0.0.1:8000"
APP = {
    "pages": ["pages/a/a"],
    "window": {"navigationBarTitleText": "家门口"},
    "permission": {"scope.userLocation": {"desc": "用来填好“问题在哪里”"}},
    "requiredPrivateInfos": ["chooseLocation", "getLocation"],
    "__usePrivacyCheck__": True,
}
FILES = {
    "app.json": json.dumps(APP, ensure_ascii=False),
    "app.ts": "App({});",
    "core/server.ts": f"export const SERVERS = {{ develop: '{SERVER}' }};",
    "pages/a/a.json": "{}",
    "pages/a/a.wxml": '<button bind:tap="go">做</button><image src="{{src}}" alt="照片" />',
    "pages/a/a.ts": "Page({ data: { src: '' }, go() { (globalThis as any).deed(); } });",
}
TOWN = {"compounds": [
    {"name": "幸福家园", "community": "惠民社区", "lat": 34.7812, "lng": 114.3669, "buildings": [
        {"name": "1号楼", "lat": 34.7816, "lng": 114.3664}, {"name": "2号楼", "lat": 34.7816, "lng": 114.3671},
        {"name": "3号楼", "lat": 34.7808, "lng": 114.3664}]},
    {"name": "阳光花苑", "community": "惠民社区", "lat": 34.7860, "lng": 114.3734, "buildings": [
        {"name": "1号楼", "lat": 34.7860, "lng": 114.3734}]},
]}  # fmt: skip


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder with the mini-program as a page for browsers."""
    root = tmp_path_factory.mktemp("mini")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    out = tmp_path_factory.mktemp("preview")
    subprocess.run([NODE, ROOT / "app/sandbox/preview/build.mjs", root, out], check=True, capture_output=True)
    return out


@pytest.fixture
def config(config, built):
    """The street's configuration with the mini-program and a town to stand in."""
    return config | {"preview": str(built), "town": TOWN}


class Phone:
    """张兰's phone with the mini-program open."""

    def __init__(self, page: Page, url: str):
        self.page, self.url = page, url
        page.goto(f"{url}/mini/?person=zhanglan")
        page.get_by_role("button", name="做").wait_for()

    def settings(self, **news) -> None:
        """What is set on the phone outside the mini-program; see wx/settings.js."""
        self.page.evaluate(
            "news => { const key = 'phone-settings:zhanglan';"
            " const all = JSON.stringify({...JSON.parse(localStorage.getItem(key) ?? '{}'), ...news});"
            " localStorage.setItem(key, all);"
            " dispatchEvent(new StorageEvent('storage', {key})); }",
            news,
        )

    def trusting(self) -> "Phone":
        """Has agreed to everything there is to agree to."""
        self.settings(privacy=True, scopes={"scope.userLocation": True, "scope.record": True})
        return self

    def tap(self, deed: str) -> None:
        """Tap the page's button, which does `deed`: a script that may call done(answer)."""
        self.page.evaluate(
            f"() => {{ window.answer = null; const done = (said) => (window.answer = said);"
            f" window.deed = () => {{ {deed} }}; }}"
        )
        self.page.get_by_role("button", name="做").click()

    def call(self, name: str, options: str = "{}") -> None:
        """Tap the button, which makes one call of wx."""
        self.tap(f"wx.{name}({{...{options}, success: done, fail: done}});")

    def press(self, key: str) -> None:
        """Press a key of the window on top."""
        self.page.locator("dialog").get_by_role("button", name=key, exact=True).last.click()

    def answer(self):
        """What the call said, once it has said something."""
        for _ in range(60):
            said = self.page.evaluate("() => window.answer && JSON.parse(JSON.stringify(window.answer))")
            if said:
                return said
            self.page.wait_for_timeout(50)
        raise AssertionError("the call never answered")


@pytest.fixture
def phone(street, open_page):
    """The phone, as new."""
    return Phone(open_page(viewport={"width": 390, "height": 844}), street.url)
