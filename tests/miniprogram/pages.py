"""Every page of the mini-program with somebody who opens it and what it is opened with; app.json says what exists."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.miniprogram.handset import ROOT
from tests.story import MiniProgram, Phone, Web, photograph


@dataclass(frozen=True)
class Town:
    """What happened before the pages are opened, by the keys the API gave."""

    case: str
    handled: str
    notice: str
    household: str
    grid: str


def told(address: str) -> Town:
    """A small town with something to see on every page: two cases, one of them handled, and what the demo brings."""
    web = Web(address)
    resident, worker = MiniProgram(Phone(web, "zhanglan", "张兰")), MiniProgram(Phone(web, "wangdashan", "王大山"))
    open_case = resident.send("/cases", {"words": "3号楼门口井盖坏了，晚上走路很危险"})
    handled = resident.send("/cases", {"words": "2单元楼道灯不亮，拧了灯泡也不行"})
    worker.send(f"/cases/{handled['key']}/accept", {})
    photo = worker.upload("/photos", "photo", photograph("fixed", (140, 140, 140)), "image/jpeg")["key"]
    worker.send(f"/cases/{handled['key']}/handle", {"note": "换了感应灯", "photos": [photo]})
    notices = resident.read("/notices")["notices"]
    grid = worker.read("/me/grids")["grids"][0]
    households = worker.read(f"/me/grids/{grid['key']}/households")["households"]
    return Town(open_case["key"], handled["key"], notices[0]["key"], households[0]["key"], grid["key"])


#: Path → who opens it, and the query it is opened with.
PAGES: dict[str, tuple[str, Callable[[Town], str]]] = {
    "pages/home/home": ("zhanglan", lambda town: ""),
    "pages/cases/cases": ("zhanglan", lambda town: ""),
    "pages/chat/chat": ("zhanglan", lambda town: ""),
    "pages/me/me": ("zhanglan", lambda town: ""),
    "pages/report/report": ("zhanglan", lambda town: ""),
    "pages/case/case": ("zhanglan", lambda town: f"key={town.handled}"),
    "resident/notices/notices": ("zhanglan", lambda town: ""),
    "resident/notice/notice": ("zhanglan", lambda town: f"key={town.notice}"),
    "resident/follows/follows": ("zhanglan", lambda town: ""),
    "resident/filed/filed": ("zhanglan", lambda town: f"key={town.case}&number=1001"),
    "my/household/household": ("zhanglan", lambda town: ""),
    "my/choose/choose": ("zhaoqiang", lambda town: ""),
    "my/family/family": ("zhanglan", lambda town: ""),
    "my/agent/agent": ("zhanglan", lambda town: ""),
    "my/letters/letters": ("zhanglan", lambda town: ""),
    "my/outbox/outbox": ("zhanglan", lambda town: ""),
    "my/text/text": ("zhanglan", lambda town: ""),
    "my/privacy/privacy": ("zhanglan", lambda town: ""),
    "my/rules/rules": ("zhanglan", lambda town: ""),
    "my/consents/consents": ("zhanglan", lambda town: ""),
    "my/readers/readers": ("zhanglan", lambda town: ""),
    "my/copy/copy": ("zhanglan", lambda town: ""),
    "my/erasure/erasure": ("zhanglan", lambda town: ""),
    "my/profile/profile": ("zhanglan", lambda town: ""),
    "my/sessions/sessions": ("zhanglan", lambda town: ""),
    "staff/today/today": ("wangdashan", lambda town: ""),
    "staff/case/case": ("wangdashan", lambda town: f"key={town.case}"),
    "staff/dispatch/dispatch": ("chenjing", lambda town: f"key={town.case}"),
    "staff/patrol/patrol": ("wangdashan", lambda town: ""),
    "staff/patrols/patrols": ("wangdashan", lambda town: ""),
    "staff/visit/visit": ("wangdashan", lambda town: ""),
    "staff/visits/visits": ("wangdashan", lambda town: f"household={town.household}"),
    "staff/grid/grid": ("wangdashan", lambda town: ""),
}


def pages_of_app() -> list[str]:
    """What app.json declares, package by package."""
    app = json.loads((ROOT / "miniprogram" / "app.json").read_text(encoding="utf-8"))
    return [*app["pages"], *(f"{box['root']}/{page}" for box in app["subpackages"] for page in box["pages"])]
