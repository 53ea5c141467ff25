"""The matrix: who may do what, towards what. One table for API, console, chat, file links, exports and pushes.

A row is an action, a column a part somebody plays; a cell says how far the right reaches and what it asks for:

    o  one's own   b  the own building   g  the own grid   t  what I was given to do (my unit: while it is open)
    c  the own community   s  every community below the own street or district
    m  names, phones and doors stay masked   2  a second person must agree   Σ  sums over five or more only
    !  by breaking the glass only: with a reason, an alert and an audit row       ·  never

Several grants in one cell are joined by "+". Rights add up inside one community and never across. The columns:
G anybody signed in · R resident · O verified owner · B building head · V volunteer · W grid worker ·
A community admin · M mediator · U contact of a unit · S subdistrict · D district · X operator ·
P the party complained about, once told.
"""

from typing import NamedTuple

COLUMNS = {
    "G": "guest", "R": "resident", "O": "owner", "B": "building_head", "V": "volunteer", "W": "grid_worker",
    "A": "community_admin", "M": "mediator", "U": "unit_contact", "S": "subdistrict_admin", "D": "district_admin",
    "X": "operator", "P": "party",
}  # fmt: skip

#: Open to the world: each is guarded by its own proof (a signature, a code, a token), or holds nothing to protect.
OPEN = frozenset({
    "health.read", "wechat.push", "session.open", "desk.signin", "desk.setup", "signin.password", "static.read",
    "spec.read", "file.read", "consent.text", "audit.head", "unit.link",
})  # fmt: skip

MATRIX = """
action               G    R    O    B    V    W      A    M    U    S      D      X    P
# oneself
me.read              o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
me.write             o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
me.export            o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
me.erase             o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
me.readers           o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
session.list         o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
session.end          o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
credential.write     ·    ·    ·    ·    ·    c      c    ·    ·    s      s      s    ·
consent.read         o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
consent.write        o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
delegation.list      o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
delegation.ask       o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
delegation.end       o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
delegation.decide    ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
# where one lives
place.read           c    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
category.read        c    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
category.write       ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
household.bind       o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
household.code       ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
place.code           ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
residence.list       ·    ·    ·    ·    ·    gm     cm   ·    ·    ·      ·      ·    ·
residence.confirm    ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
owner.verify         ·    ·    ·    ·    ·    ·      c2   ·    ·    ·      ·      ·    ·
# a case; "case.visit" opens the doors of one case, where each deed then asks its own right towards that case
case.visit           c    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
case.report          c    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
case.hide_name       c    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
case.list            c    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
case.read_public     ·    c    c    c    c    c      c    c    c    s      s      ·    ·
case.read            o    ·    ·    ·    t    g+t    c    t    ·    s      s      s!   ·
case.read_unit       ·    ·    ·    ·    ·    ·      ·    ·    t    ·      ·      ·    ·
case.read_party      ·    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    t
case.see_reporter    o    ·    ·    ·    ·    gm+tm  cm   tm   ·    sm     ·      ·    ·
case.see_place       o    ·    ·    ·    t    g+t    c    t    t    s!     s!     ·    ·
photo.read           o    ·    ·    ·    t    g+t    c    t    t    s!     s!     ·    ·
veil.lift            ·    ·    ·    ·    ·    ·      c!   ·    ·    s!     ·      ·    ·
case.note            o    ·    ·    ·    t    t      c    t    ·    ·      ·      ·    ·
case.dispatch        ·    ·    ·    ·    ·    ·      c    ·    ·    s      s      ·    ·
case.reject          ·    ·    ·    ·    ·    ·      c    ·    ·    s      s      ·    ·
case.accept          ·    ·    ·    ·    t    t      c    t    ·    ·      ·      ·    ·
case.grab            ·    ·    ·    ·    ·    g      ·    ·    ·    ·      ·      ·    ·
case.transfer        ·    ·    ·    ·    t    t      t    t    ·    ·      ·      ·    ·
case.return_back     ·    ·    ·    ·    t    t      t    t    ·    ·      ·      ·    ·
case.make_safe       ·    ·    ·    ·    t    t      t    t    ·    ·      ·      ·    ·
case.handle          ·    ·    ·    ·    t    t      t    t    ·    ·      ·      ·    ·
case.withdraw        o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
case.confirm         o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
case.reopen          o    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
case.hand_over       ·    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
case.pass_check      ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
case.rework          ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
case.ask             ·    ·    ·    ·    t    t      c    t    ·    ·      ·      ·    ·
case.answer          o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
case.keep            ·    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
case.contact         ·    ·    ·    ·    t    t      c    t    ·    ·      ·      ·    ·
case.extend          ·    ·    ·    ·    ·    ·      c2   ·    ·    s      ·      ·    ·
case.plan            ·    ·    ·    ·    ·    ·      c2   ·    ·    s      ·      ·    ·
case.resume          ·    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
case.plan_note       ·    ·    ·    ·    ·    t      c    ·    ·    s      ·      ·    ·
case.exclude         ·    ·    ·    ·    ·    ·      c2   ·    ·    s2     ·      ·    ·
case.merge           ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
case.unmerge         ·    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
case.apart           ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
case.object          o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
case.classify        ·    ·    ·    ·    ·    g+t    c    ·    ·    s      ·      ·    ·
case.involve         ·    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
case.whistle         ·    ·    ·    ·    ·    g+t    ·    ·    ·    ·      ·      ·    ·
case.export          ·    ·    ·    ·    ·    ·      c2   ·    ·    ·      ·      ·    ·
case.follow          ·    c    c    c    c    c      c    c    c    ·      ·      ·    ·
topic.read           ·    ·    ·    ·    ·    c      c    ·    ·    s      s      ·    ·
topic.decide         ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
photo.add            o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
voice.add            o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
task.list            ·    ·    ·    ·    c    c      c    c    ·    ·      ·      ·    ·
worker.list          ·    ·    ·    ·    ·    ·      c    ·    ·    s      s      ·    ·
unit.list            ·    ·    ·    ·    ·    c      c    ·    ·    s      s      ·    ·
route.read           ·    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
route.write          ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
# pieces of a case, and the units that are called; a unit's link is its own proof
case.split           ·    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
subcase.read         ·    ·    ·    ·    ·    g+t    c    ·    t    s      ·      ·    ·
subcase.act          ·    ·    ·    ·    ·    t      c    ·    t    ·      ·      ·    ·
subcase.decide       ·    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
whistle.blow         ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
whistle.confirm      ·    ·    ·    ·    ·    ·      ·    ·    ·    s      ·      ·    ·
unit.write           ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
# the grid, what is looked at there, and the doors knocked at
grid.read            ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
patrol.item          ·    ·    ·    ·    ·    c      c    ·    ·    ·      ·      ·    ·
patrol.make          ·    ·    ·    ·    ·    g      ·    ·    ·    ·      ·      ·    ·
patrol.read          ·    ·    ·    ·    ·    o      c    ·    ·    ·      ·      ·    ·
visit.make           ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
visit.list           ·    ·    ·    ·    ·    o      cm   ·    ·    ·      ·      ·    ·
visit.read           ·    ·    ·    ·    ·    g      c    ·    ·    ·      ·      ·    ·
# people's data
person.reveal        ·    ·    ·    ·    ·    t      c    t    ·    s!     ·      ·    ·
# talk
conversation.read    o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
conversation.speak   o    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
conversation.answer  ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
inbox.read           ·    ·    ·    ·    ·    ·      cm   ·    ·    ·      ·      ·    ·
recording.read       o    ·    ·    ·    t    g+t    c    t    ·    ·      ·      ·    ·
# emergencies, what was achieved, the teams, and the figures
incident.raise       c    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
improvement.read     ·    c    c    c    c    c      c    c    c    s      s      ·    ·
improvement.write    ·    ·    ·    ·    ·    c      c    ·    ·    ·      ·      ·    ·
task_force.read      ·    c    c    c    c    c      c    c    c    s      s      ·    ·
task_force.join      ·    c    ·    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
task_force.write     ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
statistics.read      ·    cΣ   cΣ   bΣ   cΣ   gΣ     c    tΣ   tΣ   s      s      sΣ   ·
# notices
notice.read          c    c    c    c    c    c      c    c    c    s      s      ·    ·
notice.send          ·    ·    ·    b    ·    g      c    ·    ·    s2     ·      ·    ·
# the desk
desk.read            ·    ·    ·    ·    ·    c      c    ·    ·    s      s      s    ·
letter.read          ·    ·    ·    ·    ·    ·      cm   ·    ·    sm     ·      ·    ·
letter.resend        ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
role.appoint         ·    ·    ·    ·    ·    ·      c2   ·    ·    s      s      s    ·
role.appoint_admin   ·    ·    ·    ·    ·    ·      ·    ·    ·    s2     s2     s2   ·
approval.decide      ·    ·    ·    ·    ·    ·      c    ·    ·    s      s      s    ·
alert.read           ·    ·    ·    ·    ·    ·      c    ·    ·    s      s      s    ·
glass.review         ·    ·    ·    ·    ·    ·      c    ·    ·    s      s      ·    ·
export.fetch         ·    ·    ·    ·    ·    ·      o    ·    ·    ·      ·      ·    ·
audit.read           ·    ·    ·    ·    ·    ·      c    ·    ·    s      s      s    ·
audit.export         ·    ·    ·    ·    ·    ·      c    ·    ·    s      s      ·    ·
calendar.read        ·    ·    ·    ·    ·    ·      c    ·    ·    s      s      s    ·
calendar.write       ·    ·    ·    ·    ·    ·      ·    ·    ·    ·      s      s    ·
"""

#: Laid down before their doors are built, so that no feature decides its own rights; tests/test_doors.py knows which.
AHEAD = """
action               G    R    O    B    V    W      A    M    U    S      D      X    P
notice.send_many     ·    ·    ·    ·    ·    ·      c2   ·    ·    s2     ·      ·    ·
notice.all_hands     ·    ·    ·    ·    ·    g2     c    ·    ·    s      ·      ·    ·
# a case on its way
# emergencies, what recurs, what was achieved, and the teams
# how a community works: its classes, its routing, the working calendar
content.flag         ·    c    c    c    c    c      c    ·    c    s      ·      ·    ·
content.hide         ·    ·    ·    ·    ·    g      c    ·    ·    s      ·      ·    ·
register.read        ·    o    o    bm   ·    gm     cm   tm   ·    sΣ     ·      ·    ·
register.edit        ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
person.tag           ·    ·    ·    ·    t    g      c    ·    ·    sΣ     ·      ·    ·
meeting.convene      ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
ballot.draft         ·    ·    ·    ·    ·    ·      c    ·    ·    ·      ·      ·    ·
roll.freeze          ·    ·    ·    ·    ·    ·      c2   ·    ·    ·      ·      ·    ·
ballot.open          ·    ·    ·    ·    ·    ·      c2   ·    ·    ·      ·      ·    ·
ballot.cast          ·    ·    o    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
ballot.turnout       ·    ·    o    b    ·    gΣ     c    ·    ·    sΣ     ·      ·    ·
ballot.receipt       ·    ·    o    ·    ·    ·      ·    ·    ·    ·      ·      ·    ·
ballot.result        ·    c    c    c    c    c      c    c    c    s      ·      ·    ·
ballot.enter_paper   ·    ·    ·    ·    ·    ·      c2   ·    ·    ·      ·      ·    ·
ballot.void          ·    ·    o    ·    ·    ·      c2   ·    ·    ·      ·      ·    ·
mediation.open       ·    o    o    b    ·    g      c    c    ·    ·      ·      ·    ·
mediation.read       ·    o    o    ·    ·    ·      ·    t    ·    sΣ     ·      ·    t
mediation.sign       ·    o    o    ·    ·    ·      ·    t    ·    ·      ·      ·    t
unit.members         ·    ·    ·    ·    ·    ·      c    ·    t    ·      ·      ·    ·
place.decide         ·    ·    ·    ·    ·    ·      c    ·    ·    s      ·      ·    ·
operation.restore    ·    ·    ·    ·    ·    ·      ·    ·    ·    ·      ·      s2   ·
"""


class Grant(NamedTuple):
    """One grant of a cell: how far it reaches, and what it asks for."""

    scope: str
    masked: bool = False
    second: bool = False
    glass: bool = False
    sums: bool = False


def _grant(words: str) -> Grant:
    scope, flags = words[0], words[1:]
    if scope not in "obgtcs" or set(flags) - set("m2!Σ"):
        raise ValueError(f"{words!r} is no cell of the matrix")
    return Grant(scope, "m" in flags, "2" in flags, "!" in flags, "Σ" in flags)


def _read(table: str) -> dict[str, dict[str, tuple[Grant, ...]]]:
    head, *rows = [line.split() for line in table.strip().splitlines() if not line.startswith("#")]
    columns = [COLUMNS[letter] for letter in head[1:]]
    found: dict[str, dict[str, tuple[Grant, ...]]] = {}
    for action, *cells in rows:
        if action in found or len(cells) != len(columns):
            raise ValueError(f"the row of {action} is not one cell a column, once")
        held = zip(columns, cells, strict=True)
        found[action] = {part: tuple(map(_grant, cell.split("+"))) for part, cell in held if cell != "·"}
    return found


#: Every action with the grants of each part that holds any; what is open to the world is held by "anyone".
RIGHTS: dict[str, dict[str, tuple[Grant, ...]]] = {
    **{action: {"anyone": (Grant("o"),)} for action in sorted(OPEN)},
    **_read(MATRIX),
    **_read(AHEAD),
}

#: The kinds of files we serve, by the folder in the file store, and the right each asks for.
FILES = {
    "photos": "photo.read",
    "voices": "recording.read",
    "recordings": "recording.read",
    "exports": "export.fetch",
    "copies": "me.export",
}
