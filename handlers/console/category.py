"""The kinds of matters at the desk: what may be set of each, what comes with it, and the city's classes in force."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.guard import actor, at_desk
from app.rules import category, city_class, questionnaire
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from app.rules.setting import setting
from app.rules.zone import ZONES
from handlers.console import scope
from models.base import write
from models.category import Category
from models.city_class import KINDS
from models.place import Place
from models.unit import KINDS as UNIT_KINDS

#: The longest text of a field that is read; more is refused by the rule.
MOST = 4000


@at_desk("category.write")
def index() -> str:
    """The categories of a community in their order, also those that are switched off."""
    places = scope.communities(actor(), "category.write")
    picked = scope.chosen(places)[:1]
    rows = Category.select().where(Category.community.in_([place.id for place in picked]))
    return render_template(
        "console/categories.html", places=places, picked=picked, zones=ZONES, limit_names=category.LIMITS,
        rows=list(rows.order_by(Category.position, Category.id)), limit_words=_limit_words,
    )  # fmt: skip


@at_desk("category.write")
def classes() -> str:
    """The classes of city management in force in a community, with their filing conditions."""
    places = scope.communities(actor(), "category.write")
    picked = scope.chosen(places)[:1]
    found = city_class.classes_of(picked[0]) if picked else []
    return render_template(
        "console/classes.html", places=places, picked=picked, kinds=KINDS,
        edition=setting(picked[0], "class_edition") if picked else "", condition_limit=city_class.limit_words,
        groups=[(kind, [one for one in found if one.row.kind == kind]) for kind in KINDS],
    )  # fmt: skip


@at_desk("category.write")
def show(key: str, code: str) -> str:
    """One category: the form, and what comes with it."""
    row, place = _find(key, code)
    return _page(row, place, _as_given(row))


@at_desk("category.write")
def save(key: str, code: str) -> Response | tuple[str, int]:
    """Keep what the form says, or show it again with what is wrong."""
    row, place = _find(key, code)
    try:
        values = _values()
        with write():
            category.edit(row, actor=actor(), **values)
    except Refusal as problem:
        if isinstance(problem, NotFound | Forbidden):
            raise
        given = {name: request.form.get(name, "")[:MOST] for name in _as_given(row)}
        return _page(row, place, given, problem), 409 if isinstance(problem, Conflict) else 422
    return redirect(url_for("console.category", key=key, code=code, saved=1), 303)


def _page(row: Category, place: Place, given: dict[str, str], problem: Refusal | None = None) -> str:
    return render_template(
        "console/category.html", row=row, place=place, given=given, problem=problem, zones=ZONES, kinds=KINDS,
        unit_kinds=UNIT_KINDS, priorities=category.PRIORITIES, limit_names=category.LIMITS, limit_words=_limit_words,
        clocks={name: words.format("") for name, words in city_class.CLOCK_WORDS.items()},
        questions=[_question(one, row) for one in row.questions or ()], most_metres=category.MOST_METRES,
        classes=city_class.classes_of_category(row, place), condition_limit=city_class.limit_words,
        saved=request.args.get("saved") == "1",
    )  # fmt: skip


def _question(one: dict, row: Category) -> dict:
    """A question as it is shown: its words, how it is answered, when it is asked and what an answer does."""
    asked = {question["code"]: question for question in row.questions}
    return {
        "words": one["words"], "kind": questionnaire.KINDS[one["kind"]], "notice": one.get("notice", ""),
        "options": [option["words"] for option in one.get("options", ())],
        "range": f"{one['min']:g} 到 {one['max']:g} {one['unit']}" if one["kind"] == "number" else "",
        "when": [
            (asked[condition["question"]]["words"], _answers(asked[condition["question"]], condition["any"]))
            for condition in one.get("when", ())
        ],
        "hazard": _answers(one, one.get("hazard", ())),
        "stops": [
            (_answers(one, stop["any"]), stop["words"], stop.get("numbers", ()), "file_as" in stop)
            for stop in one.get("stops", ())
        ],
    }  # fmt: skip


def _answers(question: dict, wanted) -> str:
    said = (questionnaire.said([question], {question["code"]: one}) for one in wanted)
    return "、".join(words for ((_, words),) in said)


def _limit_words(row: Category, name: str) -> str:
    limit = (row.limits or {}).get(name)
    return city_class.limit_words(limit["amount"], limit["clock"]) if limit else ""


def _as_given(row: Category) -> dict[str, str]:
    """The row as its form holds it."""
    given = {
        "name": row.name, "keywords": "\n".join(row.keywords or ()), "negative": "\n".join(row.negative or ()),
        "near_metres": str(row.near_metres), "public": "1" if row.public else "", "active": "1" if row.active else "",
    }  # fmt: skip
    for name in category.LIMITS:
        limit = (row.limits or {}).get(name, {})
        given |= {f"{name}_amount": str(limit.get("amount", "")), f"{name}_clock": limit.get("clock", "work_day")}
    return given


def _values() -> dict[str, Any]:
    """What the form says, as the rule takes it. Raises Refusal for what is no number."""
    form = request.form
    limits: dict[str, dict] = {}
    for name in category.LIMITS:
        if form.get(f"{name}_amount", "").strip():
            limits[name] = {"amount": _whole(f"{name}_amount"), "clock": form.get(f"{name}_clock", "")[:20]}
    return {
        "name": form.get("name", "")[:MOST], "keywords": form.get("keywords", "")[:MOST].splitlines(),
        "negative": form.get("negative", "")[:MOST].splitlines(), "public": form.get("public") == "1",
        "active": form.get("active") == "1", "near_metres": _whole("near_metres"), "limits": limits,
    }  # fmt: skip


def _whole(name: str) -> int:
    text = request.form.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise Refusal("number_wrong", "请写整数。", {name: "写整数"})
    return int(text)


def _find(key: str, code: str) -> tuple[Category, Place]:
    """A category of one's communities. Raises NotFound for any other."""
    place = next((one for one in scope.communities(actor(), "category.write") if one.key == key), None)
    row = Category.get_or_none(Category.community == place, Category.code == code[:40]) if place else None
    if row is None or place is None:
        raise NotFound()
    return row, place
