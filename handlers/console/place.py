"""Codes to scan for a place: stuck up at a building, they open the report with the place filled in."""

import base64
import re

import peewee
from flask import render_template, request

from app.context import here
from app.gateway.wechat import GatewayError
from app.guard import actor, at_desk
from app.rules import audit, household
from app.rules.actor import Actor
from app.rules.refusal import NotFound
from handlers.console import scope
from models.base import write
from models.place import GridPlace, Place

#: The page of the mini-program that a code opens, and the kinds of places that have one.
PAGE = "pages/report/report"
KINDS = ("compound", "building")
FEW = 60
NO_ACCOUNT = "还没有配置小程序，做不了小程序码。请系统运维员检查设置。"
PROBLEM = "微信平台暂时没有给出小程序码，请稍等一会儿，点“再试一次”。"


@at_desk("place.code")
def index() -> str:
    """The compounds and buildings for which a code can be had."""
    places = scope.communities(actor(), "place.code")
    picked = scope.chosen(places)
    asked = request.args.get("where", "").strip()[:60]
    wanted = Place.select().where(_with_code(actor(), picked))
    # "幸福家园 3号楼": every word must be somewhere in the label.
    for word in asked.split():
        wanted = wanted.where(Place.label.contains(word))
    found = list(wanted.order_by(Place.id).limit(FEW))
    return render_template(
        "console/place_codes.html", places=places, picked=picked, found=found, where=asked, few=FEW
    )


@at_desk("place.code")
def show(key: str) -> str:
    """One code, to print or keep; the platform draws it anew each time, or the page says that it does not answer."""
    place = Place.get_or_none(Place.key == key, _with_code(actor(), scope.communities(actor(), "place.code")))
    if place is None:
        raise NotFound()
    picture, problem = _picture(place)
    if picture:
        with write():
            audit.read("place.code", actor=actor(), community=place.community, subject=place.key)
    return render_template(
        "console/place_code.html", place=place, picture=picture, problem=problem, name=_file_name(place)
    )


def _with_code(who: Actor, places: list[Place]) -> peewee.Expression:
    """The condition on Place: what somebody may make a code for, in these communities."""
    own = GridPlace.select(GridPlace.place).where(GridPlace.grid.in_(list(who.grids())))
    there = Place.community.in_([place.id for place in places])
    reached = household.households_for(who, "place.code", places) | (Place.id.in_(own) & there)
    return reached & Place.kind.in_(KINDS) & Place.active


def _picture(place: Place) -> tuple[str, str]:
    """The code as a picture that stands in the page itself, or a sentence that says why there is none."""
    mini = here().account_of_kind("miniprogram")
    if mini is None:
        return "", NO_ACCOUNT
    version = "release" if here().settings.production else "develop"
    try:
        data = here().account_of(mini).mini_code(f"p={place.key}", PAGE, env=version)
    except GatewayError:
        return "", PROBLEM
    kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return f"data:{kind};base64,{base64.b64encode(data).decode()}", ""


def _file_name(place: Place) -> str:
    """What a kept picture is called: "上报码-幸福家园-3号楼"."""
    return "上报码-" + re.sub(r"[^\w]+", "-", place.label)
