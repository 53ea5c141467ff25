"""What waits for a second person, and the lists that leave the system: asked for, agreed, fetched once."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.context import here
from app.guard import actor, at_desk
from app.rules import approval
from app.rules import export as exports
from app.rules.refusal import Forbidden, NotFound, Refusal
from handlers.console import scope
from models.approval import Approval
from models.base import now, write
from models.export import Export
from models.person import Person
from models.place import Place

PAGE = 50
GONE = "这份清单不存在，或已经下载过、已过期。"


def rows(places: list[Place]) -> list[Approval]:
    """Open requests of these places with who asked, the oldest first: one query."""
    above = {place.parent_id for place in places}
    inside = [place.id for place in places] + [one for one in above if one]
    return list(
        Approval.select(Approval, Person, Place)
        .join(Person, on=(Approval.asked_by == Person.id))
        .switch(Approval)
        .join(Place, on=(Approval.community == Place.id))
        .where(Approval.community.in_(inside), Approval.state == "asked", Approval.expires_at > now())
        .order_by(Approval.id)
        .limit(PAGE)
    )


@at_desk("approval.decide")
def index() -> str:
    """What I may decide, and what I asked for myself."""
    who, places = actor(), scope.communities(actor(), "approval.decide")
    found = rows(places)
    return render_template(
        "console/approvals.html", mine=[one for one in found if one.asked_by_id == who.person.id],
        waiting=[one for one in found if approval.may_decide(one, who)],
    )  # fmt: skip


@at_desk("approval.decide")
def decide(key: str) -> Response:
    """Agree, refuse, or take the own request back."""
    places = scope.communities(actor(), "approval.decide")
    row = next((one for one in rows(places) if one.key == key), None)
    answer = request.form.get("answer")
    if row is None or answer not in ("yes", "no", "withdraw"):
        raise NotFound()
    with write():
        if answer == "withdraw":
            approval.withdraw(row, actor=actor())
        else:
            approval.decide(row, actor=actor(), agreed=answer == "yes")
    return redirect(url_for("console.approvals"), 303)


@at_desk("case.export")
def lists() -> str:
    """The own lists of the last day, and the form for another one."""
    return _lists()


def _lists(problem: Refusal | None = None) -> str:
    places = scope.communities(actor(), "case.export")
    mine = Export.select(Export, Place).join(Place).where(Export.asked_by == actor().person, Export.until > now())
    found = list(mine.order_by(Export.id.desc()).limit(PAGE))
    return render_template("console/exports.html", places=places, rows=found, problem=problem)


@at_desk("case.export")
def ask() -> Response | tuple[str, int]:
    """Ask for the list of a community's cases."""
    places = scope.communities(actor(), "case.export")
    place = next((one for one in places if one.key == request.form.get("community", "")), None)
    if place is None:
        raise NotFound()
    here().limit("exports", actor().person.key)
    reason = request.form.get("reason", "").strip()[:200]
    try:
        if len(reason) < 4:
            raise Refusal("reason_missing", "请写明导出做什么用（至少 4 个字）。", {"reason": "必填"})
        with write():
            approval.do(
                "case.export", actor=actor(), community=place, payload={"community": place.id}, reason=reason,
                words=f"导出 {place.name} 的事项清单（含上报人姓名和手机），用途：{reason}",
            )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except Refusal as problem:
        return _lists(problem), 422
    return redirect(url_for("console.exports"), 303)


@at_desk("export.fetch")
def fetch(key: str) -> Response:
    """The file, once; it is read before it counts as taken, so that one that cannot be read is not used up."""
    row = Export.get_or_none(Export.key == key)
    if row is None:
        raise NotFound(GONE)
    content = _read(row)
    with write():
        exports.fetch(row, actor=actor())
    name = f"cases-{row.key}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, mimetype="text/csv", headers=headers)


def _read(row: Export) -> bytes:
    if row.asked_by_id != actor().person.id or row.file is None or not here().files.exists(row.file):
        raise NotFound(GONE)
    return here().files.get(row.file)
