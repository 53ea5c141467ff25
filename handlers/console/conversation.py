"""The inbox: who waits for an answer, the talk as it grows, and the composer that knows whether it will arrive."""

import peewee
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.context import here
from app.guard import actor, at_desk
from app.links import photo_links
from app.rules import conversation as talk
from app.rules import reading, rights
from app.rules.actor import Actor
from app.rules.person import reach
from app.rules.refusal import NotFound, Refusal
from handlers.console import scope, speech
from models.base import now, write
from models.case import Case, Photo
from models.conversation import Conversation, Line
from models.letter import Letter
from models.person import Person, home_of
from models.place import Place

PAGE = 20
WAITING = 50
LINES = 30
CASES = 20
#: How long a line may wait for its letter before the page stops asking, in seconds; it doubles each time.
SLOWEST = 60


def rows(who: Actor, places: list[Place]) -> "peewee.ModelSelect[Conversation]":
    """Conversations of these communities with the person each is with: one query.

    Without those in which nothing was said but of complaints about who looks.
    """
    query = Conversation.select(Conversation, Person, Place).join(Person).switch(Conversation)
    return query.join(Place, on=(Conversation.community == Place.id), attr="community").where(
        Conversation.community.in_([place.id for place in places]), _of_more(who)
    )


def _of_more(who: Actor) -> peewee.Expression:
    """The condition on Conversation that nothing in it, or not all, was said of a complaint about this person."""
    theirs = Line.select(Line.conversation).join(Case).where(~rights.not_about(who))
    others = Line.select(Line.id).join(Case, peewee.JOIN.LEFT_OUTER)
    others = others.where(Line.conversation == Conversation.id, rights.not_about(who))
    return Conversation.id.not_in(theirs) | peewee.fn.EXISTS(others)


def waiting(who: Actor, places: list[Place], limit: int) -> list[Conversation]:
    """Who waits for an answer, the longest first."""
    mine = [place for place in places if rights.may(who, "inbox.read", community=place)]
    found = rows(who, mine).where(Conversation.waiting_since.is_null(False))
    return list(found.order_by(Conversation.waiting_since).limit(limit))


@at_desk("inbox.read")
def index() -> str:
    """The list alone."""
    return render_template("console/inbox.html", **_list(actor()), open=None)


@at_desk("inbox.read")
def show(key: str) -> str:
    """The list beside one conversation."""
    found = _opened(key)
    return render_template("console/inbox.html", **_list(actor()), **_pane(found), open=found)


def find(who: Actor, key: str) -> Conversation:
    """The conversation of that key in a community of this admin. Raises NotFound."""
    found = rows(who, scope.communities(who, "inbox.read")).where(Conversation.key == key).first()
    if found is None:
        raise NotFound()
    return found


def _opened(key: str) -> Conversation:
    """The conversation, found to show something of it: whoever opens it is written down, in whatever way.

    Raises NotFound, and BudgetSpent when that was one person too many today.
    """
    found = find(actor(), key)
    with write():
        allowed = reading.look_at_talk(found, actor=actor())
    if not allowed:
        raise reading.BudgetSpent()
    return found


def _list(who: Actor) -> dict:
    """Those that wait, then the rest by the last word; `?before=` goes on after a conversation of the rest."""
    places = scope.communities(who, "inbox.read")
    picked = scope.chosen(places)
    rest = rows(who, picked).where(Conversation.waiting_since.is_null())
    before = request.args.get("before")
    cursor = rows(who, picked).where(Conversation.key == before).first() if before else None
    if cursor is not None:
        older = (Conversation.last_at < cursor.last_at) | (
            (Conversation.last_at == cursor.last_at) & (Conversation.id < cursor.id)
        )
        rest = rest.where(older)
    found = list(rest.order_by(Conversation.last_at.desc(), Conversation.id.desc()).limit(PAGE + 1))
    first = [] if cursor else waiting(who, picked, WAITING)
    return {
        "places": places, "picked": picked, "waiting": first, "rest": found[:PAGE],
        "more": found[PAGE - 1] if found[PAGE:] else None, "last": last_lines([*first, *found[:PAGE]]),
    }  # fmt: skip


def last_lines(conversations: list[Conversation]) -> dict[int, Line]:
    """What a human said last in each conversation, by its id: one query."""
    spoken = Line.conversation.in_([one.id for one in conversations]) & (Line.author != "bot")
    # What was said of a complaint about oneself is not for one's own eyes.
    newest = Line.select(peewee.fn.MAX(Line.id)).join(Case, peewee.JOIN.LEFT_OUTER)
    newest = newest.where(spoken, rights.not_about(actor()))
    return {line.conversation_id: line for line in Line.select().where(Line.id.in_(newest.group_by(Line.conversation)))}


def _pane(found: Conversation) -> dict:
    """Everything of the open conversation."""
    before = request.args.get("older", "")
    older = Line.id < Line.select(Line.id).where(Line.key == before, Line.conversation == found)
    lines = _lines(found, older if before else None)
    return {"home": home_of(found.person), "before": before, **_told(lines), **_composer(found, lines)}


def _lines(found: Conversation, condition=None) -> list[Line]:
    query = (
        Line.select(Line, Case, Photo)
        .join(Case, peewee.JOIN.LEFT_OUTER)
        .switch(Line)
        .join(Photo, peewee.JOIN.LEFT_OUTER)
        .where(Line.conversation == found, rights.not_about(actor()))
    )
    query = query.where(condition) if condition is not None else query
    return list(query.order_by(Line.id.desc()).limit(LINES))[::-1]


def _told(lines: list[Line]) -> dict:
    """Lines with what became of their letters and the links of their photos."""
    letters: dict[int, Letter] = {}
    for letter in Letter.select().where(Letter.line.in_([line.id for line in lines])).order_by(Letter.id):
        arrived = letters.get(letter.line_id)
        if arrived is None or arrived.state != "sent":
            letters[letter.line_id] = letter
    photos = {line.id: photo_links(line.photo, actor().person) for line in lines if line.photo_id}
    return {"lines": lines, "letters": letters, "photos": photos, "full_page": len(lines) == LINES}


def _composer(found: Conversation, lines: list[Line]) -> dict:
    """The person's cases to answer about, the one spoken of last, and whether an answer will arrive."""
    cases = Case.select().where(
        Case.reporter == found.person, Case.community == found.community, rights.not_about(actor())
    )
    about = next((line.case.key for line in reversed(lines) if line.case_id), "")
    return {
        "cases": list(cases.order_by(Case.id.desc()).limit(CASES)), "about": about,
        "reach": speech.reach_line(reach(found, now())), "text": "", "problem": None, "again": False,
    }  # fmt: skip


@at_desk("inbox.read")
def fresh(key: str) -> Response:
    """Lines said after `?after=` (a line's key); 204 when there are none."""
    found, after = _opened(key), request.args.get("after", "")
    newer = Line.id > Line.select(Line.id).where(Line.key == after, Line.conversation == found) if after else None
    lines = _lines(found, newer)
    if not lines:
        return Response(status=204)
    told = _told(lines) | {"reach": speech.reach_line(reach(found, now()))}
    return make_response(render_template("console/lines.html", open=found, caught_up=False, **told))


@at_desk("inbox.read")
def one_line(key: str, line_key: str) -> str:
    """One line as it stands now: its photo may have come, its letter may have arrived."""
    found = _opened(key)
    lines = _lines(found, Line.key == line_key)
    if not lines:
        raise NotFound()
    wait = min(request.args.get("wait", 1, type=int) * 2, SLOWEST)
    return render_template("console/line.html", open=found, line=lines[0], wait=max(wait, 1), **_told(lines))


@at_desk("conversation.answer")
def answer(key: str) -> Response:
    """Say something for the community; the line appears through `fresh`, the composer comes back empty.

    With it comes the head's word of how long the person has been waiting, which is over now.
    """
    who, found = actor(), _opened(key)
    rights.need(who, "conversation.answer", community=found.community)
    here().limit("lines", who.person.key)
    text, problem = request.form.get("text", ""), None
    try:
        with write():
            talk.answer(found, actor=who, text=text, case=_about(found))
    except Refusal as refusal:
        problem = refusal
    if not request.headers.get("HX-Request") and problem is None:
        return redirect(url_for("console.conversation", key=key), 303)
    return _composer_again(find(who, key), text, problem)


def _about(found: Conversation) -> Case | None:
    """The case the answer is about.

    Raises Refusal for one that is not this person's, and the same for one that complains about who answers.
    """
    key = request.form.get("case", "")
    if not key:
        return None
    theirs = (Case.reporter == found.person) & (Case.community == found.community)
    case = Case.get_or_none(Case.key == key, theirs, rights.cases_for(actor(), "conversation.answer"))
    if case is None:
        raise Refusal("case_unknown", "请从这位居民的事项里选一件。", {"case": "不在列表里"})
    return case


def _composer_again(found: Conversation, text: str, problem: Refusal | None) -> Response:
    values = _composer(found, []) | {"about": request.form.get("case", ""), "problem": problem}
    values["text"] = text if problem else ""
    if problem and not request.headers.get("HX-Request"):
        page = render_template("console/inbox.html", **_list(actor()), **(_pane(found) | values), open=found)
    else:
        page = render_template("console/composer.html", open=found, **(values | {"again": True}))
    response = make_response(page, 422 if problem else 200)
    if problem is None:
        response.headers["HX-Trigger"] = "said"
    return response


@at_desk("recording.read")
def recording(key: str, line_key: str) -> Response:
    """The voice of a line, as the platform gave it (AMR)."""
    found = _opened(key)
    lines = _lines(found, (Line.key == line_key) & Line.recording.is_null(False))
    line = lines[0] if lines else None
    if line is None:
        raise NotFound()
    try:
        sound = here().files.get(line.recording)
    except KeyError:
        raise NotFound("这段录音已经不在了。") from None
    headers = {"Content-Disposition": "inline; filename=voice.amr"}
    return Response(sound, mimetype="audio/amr", headers=headers)
