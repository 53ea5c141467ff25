"""How heavy the mini-program is: the size of each package, and for each page its cold start in the preview and what it
asks of the service. Called by `make bench`; alone: `python -m tests.bench_pages`.

A cold start is a browser that knows nothing yet, from the address to the first whole screen: code, login and data. It
is no measurement of WeChat, whose engine is another; what it shows is which page got heavier.
"""

import json
import statistics
import tempfile
import time

from playwright.sync_api import sync_playwright

from tests.browser import FLAGS, find_chromium
from tests.miniprogram.handset import LARGE, ROOT, Handset
from tests.miniprogram.pages import PAGES, told
from tests.story import free_port, installation

SIZES = ROOT / "build" / "preview" / "sizes.json"
ROUNDS = 3


def show(rounds: int = ROUNDS) -> None:
    """Print both tables."""
    print("\nThe mini-program: packages (WeChat's limit is 2,048 KiB each)")
    for name, size in json.loads(SIZES.read_text(encoding="utf-8")).items():
        print(f"  {name:<10} {size['total'] / 1024:7.0f} KiB")
    print(f"\nCold start in the preview, median of {rounds}, and requests to the service (login is one of them)")
    with (
        tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder,
        installation(free_port(), folder) as address,
        sync_playwright() as driver,
    ):
        town = told(address)
        browser = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for path, (person, query) in PAGES.items():
            said = query(town)
            starts = [_start(browser, address, person, f"{path}?{said}" if said else path) for _ in range(rounds)]
            milliseconds, requests = statistics.median(one for one, _ in starts), starts[-1][1]
            print(f"  {path:<32} {milliseconds:6.0f} ms   {requests} requests")
        browser.close()


def _start(browser, address: str, person: str, path: str) -> tuple[float, int]:
    context = browser.new_context(
        viewport={"width": LARGE[0], "height": LARGE[1]}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url) if "/api/v1/" in request.url else None)
    began = time.perf_counter()
    Handset(page, address, person).open(path)
    spent = (time.perf_counter() - began) * 1000
    context.close()
    return spent, len(asked)


if __name__ == "__main__":
    show()
