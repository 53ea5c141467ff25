"""A browser in words that one recognises one's own screen by."""

import pytest

from app.rules.browser import spoken

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140", "Windows 上的 Edge"),
        (f"Mozilla/5.0 (Windows NT 10.0; WOW64) {WEBKIT} Chrome/108.0 Safari/537.36 360SE", "Windows 上的 360 浏览器"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Linux 上的 Firefox"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18 Safari/605.1", "苹果电脑上的 Safari"),
        (f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} Chrome/130 Safari/537.36 MicroMessenger/8.0", "安卓手机上的 微信"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Mobile Safari/604.1", "iPhone 上的 Safari"),
        ("curl/8.5.0", "没有说明的浏览器"),
        ("", "没有说明的浏览器"),
    ],
)
def test_what_a_browser_is_called(agent, words):
    assert spoken(agent) == words
