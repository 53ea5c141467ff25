"""Household codes: find the door, hand its people a code, told once."""

import segno
from flask import render_template, request
from markupsafe import Markup

from app.guard import actor, at_desk
from app.rules import household
from app.rules.actor import Actor
from app.rules.refusal import NotFound
from handlers.console import scope
from models.base import write
from models.place import Place

FEW = 30


@at_desk("household.code")
def index() -> str:
    """The search for a door."""
    return _page(actor())


@at_desk("household.code")
def issue(key: str) -> str:
    """A fresh code, shown in this answer and never again."""
    places = scope.communities(actor(), "household.code")
    door = Place.get_or_none(Place.key == key, Place.kind == "household", _inside(places))
    if door is None:
        raise NotFound()
    with write():
        code = household.issue_code(door, actor=actor())
    return _page(actor(), door, f"{code[:4]}-{code[4:]}")


def _inside(places: list[Place]):
    return household.households_for(actor(), "household.code", places)


def _picture(code: str) -> Markup:
    """The code for a phone to scan at 我的 → 我的住址; it stands in the page, for it is told only here."""
    return Markup(segno.make(code.replace("-", ""), error="m").svg_inline(scale=6, border=4))  # noqa: S704


def _page(who: Actor, door: Place | None = None, code: str = "") -> str:
    places = scope.communities(who, "household.code")
    picked = scope.chosen(places)
    asked = request.values.get("where", "").strip()[:60]
    doors = Place.select().where(Place.kind == "household", _inside(picked))
    # "幸福家园 3号楼 501": every word must be somewhere in the label.
    for word in asked.split():
        doors = doors.where(Place.label.contains(word))
    found = list(doors.order_by(Place.id).limit(FEW)) if asked else []
    return render_template(
        "console/households.html", places=places, picked=picked, doors=found, where=asked, door=door, code=code,
        picture=_picture(code) if code else "", few=FEW,
    )  # fmt: skip
