"""The demo: one invented district, its categories and calendar, and its people with their phones in the sandbox."""

import json
import tomllib
import urllib.request
from pathlib import Path

from app.config import Settings
from app.rules import founding

FOLDER = Path(__file__).parent / "demo"


def _read(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def load_place() -> None:
    """The district without its people; what is there already stays."""
    founding.load_places(_read("places.toml"))
    founding.load_classes(_read("classes.toml"))
    founding.load_categories(_read("categories.toml"))
    founding.load_calendar(_read("holidays.toml"))
    founding.load_consents(_read("consents.toml"))


def load_people(settings: Settings, sandbox: str | None = None) -> None:
    """The people, joined to their phones: the sandbox is asked over HTTP which openid each of them has.

    `sandbox` is its address, by default the one mounted on this server.
    """
    address = sandbox or f"http://127.0.0.1:{settings.server.port}/sandbox"
    with urllib.request.urlopen(f"{address}/control/people", timeout=10) as answer:  # noqa: S310 - our own sandbox
        found = json.load(answer)["people"]
    kinds = {name: one.kind for name, one in settings.wechat.accounts.items()}
    founding.load_people(_read("people.toml"), {one["key"]: one["openids"] for one in found}, kinds)
    founding.load_notices(_read("notices.toml"))
