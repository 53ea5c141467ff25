"""What the sandbox is told about our accounts and the demo people: plain data, for it knows nothing of ours."""

import json
import os
import tomllib
from pathlib import Path

from app.config import Settings
from app.rules.coordinates import to_gcj02

PEOPLE = Path(__file__).parent / "demo" / "people.toml"
PLACES = Path(__file__).parent / "demo" / "places.toml"
MINIPROGRAM = Path(__file__).parent.parent / "miniprogram" / "app.json"
#: Where `make run` puts the mini-program built for browsers; PREVIEW= shows another build.
PREVIEW = Path(os.environ.get("PREVIEW") or Path(__file__).parent.parent / "build" / "preview")

#: How the buildings of a compound stand on the demo's map: so many in a row, degrees from one to the next (about 60 m).
ROW = 3
NORTH, EAST = 0.00050, 0.00066

#: What stands before a value on WeChat's cards, by our field name.
LABELS = {
    "number": "事项编号", "what": "事项内容", "place": "地点", "state": "当前状态", "due": "完成时限", "at": "更新时间",
    "who": "办理单位", "hint": "温馨提示",
}  # fmt: skip
TITLES = {
    "case_assigned": "新任务提醒", "case_reminder": "任务到期提醒", "case_progress": "事项进度通知",
    "answer_waiting": "回复提醒", "judge_please": "服务评价提醒",
}  # fmt: skip


def sandbox_config(settings: Settings) -> dict:
    """The sandbox's own configuration (see app.sandbox.server.create_sandbox)."""
    minis = [one.appid for one in settings.wechat.accounts.values() if one.kind == "miniprogram"]
    apps = [
        {
            "name": name, "title": "家门口", "kind": one.kind, "appid": one.appid, "original_id": one.original_id,
            "secret": one.secret.get_secret_value(), "token": one.token.get_secret_value(),
            "aes_key": one.aes_key.get_secret_value(), "mode": one.mode, "format": one.format,
            "callback_url": f"http://127.0.0.1:{settings.server.port}/wechat/{name}",
            "templates": _templates(one.templates), "linked_appids": minis,
            "pages": pages() if one.kind == "miniprogram" else [],
        }
        for name, one in settings.wechat.accounts.items()
    ]  # fmt: skip
    return {"state": str(settings.folder / "sandbox.sqlite"), "apps": apps, "people": people(),
            "preview": str(PREVIEW) if PREVIEW.is_dir() else None, "town": town()}  # fmt: skip


def pages(app: Path = MINIPROGRAM) -> list[str]:
    """The pages of our mini-program, as its app.json lists them; none where it is not at hand: then all are known."""
    if not app.exists():
        return []
    told = json.loads(app.read_text(encoding="utf-8"))
    more = [f"{part['root']}/{page}" for part in told.get("subpackages", []) for page in part["pages"]]
    return [*told["pages"], *more]


def _templates(templates) -> list[dict]:
    found = {kind: getattr(templates, kind) for kind in type(templates).model_fields}
    return [
        {
            "id": template.id, "title": TITLES[kind], "type": 2,
            "fields": [{"key": key, "label": LABELS[name]} for key, name in template.fields.items()],
        }
        for kind, template in found.items()
        if template is not None
    ]  # fmt: skip


def people() -> list[dict]:
    """The people of the demo, all invented, as the sandbox wants them."""
    return [
        {
            "key": one["key"], "name": one["name"], "about": one["about"], "phone": one["phone"],
            "unionid": one["unionid"], "follows": one.get("follows", True),
        }
        for one in tomllib.loads(PEOPLE.read_text(encoding="utf-8"))["people"]
    ]  # fmt: skip


def town() -> dict:
    """The demo's compounds with their buildings for the phones' maps, in GCJ-02 degrees."""
    districts = tomllib.loads(PLACES.read_text(encoding="utf-8"))["districts"]
    communities = [
        community
        for district in districts
        for subdistrict in district["subdistricts"]
        for community in subdistrict["communities"]
    ]
    compounds = [_compound(one, community["name"]) for community in communities for one in community["compounds"]]
    return {"compounds": compounds}


def _compound(given: dict, community: str) -> dict:
    """Rows of buildings, counted from the north-west, round the point that the demo knows of the compound."""
    rows = (given["buildings"] - 1) // ROW
    buildings = []
    for at in range(given["buildings"]):
        row, column = divmod(at, ROW)
        lat, lng = given["lat"] + (rows / 2 - row) * NORTH, given["lng"] + (column - (ROW - 1) / 2) * EAST
        buildings.append({"name": f"{at + 1}号楼"} | _point(lat, lng))
    return {"name": given["name"], "community": community, "buildings": buildings} | _point(given["lat"], given["lng"])


def _point(lat: float, lng: float) -> dict[str, float]:
    """A WGS-84 point as WeChat's maps show it."""
    lat, lng = to_gcj02((lat, lng))
    return {"lat": round(lat, 6), "lng": round(lng, 6)}
