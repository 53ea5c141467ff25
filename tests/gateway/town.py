"""A small town in the sandbox: two residents, our two accounts, and hands that move the phones."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from werkzeug.serving import make_server

from app.gateway.wechat import Account, Wechat
from app.sandbox.server import create_sandbox

from .token_stores import MemoryTokens

PEOPLE = [
    {"key": "wang", "name": "王桂珍", "about": "三号楼的老住户", "phone": "13800000001", "follows": True},
    {"key": "li", "name": "李建国", "about": "没有关注公众号", "phone": "13800000002", "follows": False},
]
FIELDS = [{"key": "thing1", "label": "事项"}, {"key": "time2", "label": "时间"}]
TEMPLATE = {"id": "TPL-progress", "title": "处理进度提醒", "type": 2, "fields": FIELDS}
NEWS = {"thing1": "楼道灯已修好", "time2": "2026-11-23 17:30"}


def app(name: str, kind: str, appid: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "title": "家门口",
        "kind": kind,
        "appid": appid,
        "original_id": f"gh_{name}",
        "secret": f"SECRET-{name}",
        "token": "callback",
        "aes_key": "A" * 43,
        "mode": "safe",
        "format": "xml",
        "callback_url": "",
        "templates": [TEMPLATE],
        **more,
    }


class Town:
    """A sandbox with its phones: `mini` and `official` are our two doors to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        store = MemoryTokens()
        mini = Account("mini", "miniprogram", "wxmini0000000001", "SECRET-mini")
        official = Account("official", "official", "wxoffi0000000002", "SECRET-official")
        self.mini = Wechat(mini, store, api=url + "/wechat")
        self.official = Wechat(official, store, api=url + "/wechat")

    def hand(self, path: str, /, **body: Any) -> Any:
        answer = requests.post(f"{self.url}/control/{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def see(self, path: str) -> Any:
        return requests.get(f"{self.url}/control/{path}", timeout=10).json()

    def openid(self, person: str, name: str = "mini") -> str:
        return next(one["openids"][name] for one in self.see("people")["people"] if one["key"] == person)

    def last_item(self, person: str) -> dict[str, Any]:
        return self.see(f"phone/{person}")["items"][-1]


@contextmanager
def standing_town(folder: Path) -> Iterator[Town]:
    """Serve the sandbox on a free port for as long as the block lasts."""
    apps = [
        app("mini", "miniprogram", "wxmini0000000001", pages=["pages/case/case"]),
        app("official", "official", "wxoffi0000000002", linked_appids=["wxmini0000000001"]),
    ]
    sandbox = create_sandbox({"state": str(folder / "sandbox.sqlite"), "apps": apps, "people": PEOPLE})
    server = make_server("127.0.0.1", 0, sandbox, threaded=True)
    server.log_startup = lambda: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    place = Town(f"http://127.0.0.1:{server.server_port}")
    try:
        yield place
    finally:
        place.mini.close()
        place.official.close()
        server.shutdown()
        thread.join()
        server.server_close()
        sandbox.extensions["sandbox"].courier.stop()
