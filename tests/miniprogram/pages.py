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
    piece: str


def told(address: str) -> Town:
    """A small town with something to see on every page: two cases, one of them handled, and what the demo brings."""
    web = Web(address)
    resident, worker = MiniProgram(Phone(web, "zhanglan", "张兰")), MiniProgram(Phone(web, "wangdashan", "王大山"))
    open_case = resident.send("/cases", {"words": "3号楼门口井盖坏了，晚上走路很危险"})
    handled = resident.send("/cases", {"words": "2单元楼道灯不亮，拧了灯泡也不行"})
    worker.send(f"/cases/{handled['key']}/accept", {})
    photo = worker.upload("/photos", "photo", photograph("fixed", (140, 140, 140)), "image/jpeg")["key"]
    worker.send(f"/cases/{handled['key']}/handle", {"note": "换了感应灯", "photos": [photo]})
    worker.send(f"/cases/{open_case['key']}/accept", {})
    worker.send(f"/cases/{open_case['key']}/questions", {"text": "请问井盖是整块没了，还是裂了？", "days": 3})
    piece = call_two_units(MiniProgram(Phone(web, "chenjing", "陈静")), open_case)
    notices = resident.read("/notices")["notices"]
    grid = worker.read("/me/grids")["grids"][0]
    households = worker.read(f"/me/grids/{grid['key']}/households")["households"]
    return Town(open_case["key"], handled["key"], notices[0]["key"], households[0]["key"], grid["key"], piece)


def call_two_units(admin: MiniProgram, case: dict) -> str:
    """陈静 blows the whistle for two units; the key of the piece of the one that leads."""
    units = {one["name"]: one["key"] for one in admin.read(f"/communities/{case['community']['key']}/units")["units"]}
    called = [{"unit": units["市政养护所"], "lead": True}, {"unit": units["安居物业"], "lead": False}]
    body = {"kind": "emergency", "reason": "井盖破损，要马上围护、更换", "units": called}
    return admin.send(f"/cases/{case['key']}/whistles", body)["calls"][0]["key"]


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
    "resident/incident/incident": ("zhanglan", lambda town: ""),
    "resident/compound/compound": ("zhanglan", lambda town: ""),
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
    "staff/act/act": ("chenjing", lambda town: f"key={town.case}&verb=hold"),
    "staff/whistle/whistle": ("wangdashan", lambda town: f"key={town.case}"),
    "staff/pieces/pieces": ("wangdashan", lambda town: ""),
    "staff/piece/piece": ("chenjing", lambda town: f"key={town.piece}"),
    "staff/spot/spot": ("wangdashan", lambda town: ""),
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
