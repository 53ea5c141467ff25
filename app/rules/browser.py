"""A browser in plain words: "Windows 上的 Edge" instead of its User-Agent.

For people who are asked whether a screen is theirs. What a browser says of itself is a claim and proves nothing.
"""

#: The first that stands in the User-Agent is what people call the browser: most also name those they descend from.
BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("QQBrowser", "QQ 浏览器"), ("360SE", "360 浏览器"),
    ("MetaSr", "搜狗浏览器"), ("UCBrowser", "UC 浏览器"), ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("OpenHarmony", "鸿蒙手机"), ("HarmonyOS", "鸿蒙手机"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Android", "安卓手机"), ("Windows", "Windows"), ("Mac OS X", "苹果电脑"), ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)  # fmt: skip


def spoken(agent: str) -> str:
    """What a User-Agent says, in words: system and browser, one of both, or that it is not known."""
    browser = next((word for mark, word in BROWSERS if mark in agent), "")
    system = next((word for mark, word in SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{system}上的 {browser}" if system[-1] > "z" else f"{system} 上的 {browser}"
    return browser or system or "没有说明的浏览器"
