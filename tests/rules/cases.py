"""Cases for the tests: 张兰 reports a manhole cover before 3号楼, 王大山 goes there, 陈静 sees to it that he does."""

from contextlib import contextmanager
from datetime import timedelta

from app.rules import case as cases
from app.rules import case_move, dispatch, ending, extension, handling, judgement, merge, reopening, setting
from models.audit import Audit
from models.base import new_key, now, write
from models.case import Case, Photo, Step
from models.category import Category
from models.event import Event
from models.letter import Letter
from models.lifecycle import CASE_OPEN
from models.setting import Setting
from models.task import Task

#: The verbs that bring a fresh case into each state, and who says them.
PATHS = {
    "dispatched": (),
    "reported": ("return_back",),
    "handling": ("accept",),
    "handled": ("accept", "handle"),
    "closed": ("accept", "handle", "confirm"),
    "closed_no_feedback": ("accept", "handle", "lapse"),
    "checking": ("accept", "hand_in"),
    "handed_over": ("hand_over",),
    "planned": ("accept", "make_safe", "plan"),
    "rejected": ("reject",),
    "withdrawn": ("withdraw",),
    "merged": ("merge",),
}
#: What only the system says.
OF_THE_SYSTEM = ("lapse", "escalate", "skip_check")
#: The rule that says each verb.
HOMES = {
    "accept": dispatch, "grab": dispatch, "transfer": dispatch, "return_back": dispatch, "reject": ending,
    "withdraw": ending, "make_safe": handling,
    "merge": merge, "unmerge": merge,
    "handle": handling, "confirm": judgement, "reopen": reopening, "hand_over": ending, "pass_check": handling,
    "rework": handling, "keep": reopening, "plan": extension, "resume": extension,
}  # fmt: skip
SPEAKERS = {
    "plan": "chenjing", "resume": "chenjing", "hand_over": "chenjing", "pass_check": "chenjing",
    "rework": "chenjing", "reject": "chenjing",
    "withdraw": "zhanglan", "confirm": "zhanglan",
}  # fmt: skip


def report(town, who="zhanglan", category="missing_manhole_cover", words="3号楼门口井盖坏了", **more) -> Case:
    """A report, by default one of 张兰 before her house."""
    with write():
        case = cases.report(
            actor=town.actor(who), category=town.category(category), words=words, channel="chat",
            **{"community": town.community(), "place": town.building(), **more},
        )  # fmt: skip
    return Case.get_by_id(case.id)


def add_photo(town, case, who="wangdashan", kind="after") -> Photo:
    """A photo that is already with the case."""
    return Photo.create(
        key=new_key(), uploader=town.person(who), case=case, kind=kind, sha256="0" * 64, width=4, height=3
    )


def do(town, case, verb, who, **more) -> Case:
    """Say one verb about a case as it is in the database now; `who` None is the system."""
    with write():
        return say(Case.get_by_id(case.id), verb, town, who, **more)


def say(case, verb, town, who, **more) -> Case:
    """Say one verb about a case as the speaker knows it."""
    actor = town.actor(who) if who else None
    if actor is None or verb in OF_THE_SYSTEM:
        return case_move.move(case, verb, actor)
    if verb == "hand_in":
        with checked(case):
            return handling.handle(case, actor=actor, **more)
    if verb == "plan":
        Case.update(safe_at=case.safe_at or now()).where(Case.id == case.id).execute()
        case.safe_at = case.safe_at or now()
        more = {"note": "等维修资金批下来", "until": now() + timedelta(days=30)} | more
    if verb == "merge":
        more = {"into": main_of(town, case)} | more
    if verb == "transfer":
        more = {"worker": "liuyang", "note": "那边离得近"} | more
        return dispatch.transfer(case, actor=actor, worker=town.person(more.pop("worker")), **more)
    if verb == "dispatch":
        return dispatch.dispatch(case, actor=actor, worker=town.person(more.pop("worker", "wangdashan")), **more)
    defaults = {
        "return_back": {"note": "不在我的网格"}, "accept": {}, "keep": {"note": "已经修好"},
        "reject": {"note": "不属于社区事务", "disposition": "not_a_matter"}, "rework": {"note": "盖子没放平"},
        "hand_over": {"to": "市政养护所", "note": "主路归市政管"},
    }  # fmt: skip
    if verb == "confirm":
        defaults["confirm"] = {"satisfaction": "satisfied"}
    return getattr(HOMES[verb], verb)(case, actor=actor, **{**defaults.get(verb, {}), **more})


def main_of(town, case) -> Case:
    """What a case may be merged into: the first other one of its community that is open, else one of 孙梅's."""
    other = (Case.community == case.community_id) & (Case.id != case.id) & Case.state.in_(CASE_OPEN)
    found = Case.select().where(other).order_by(Case.id).first()
    return found or report(town, "sunmei", words="5号楼门口井盖碎了", place=town.building("5号楼"))


@contextmanager
def checked(case):
    """While every priority is checked by another pair of eyes here."""
    priorities = sorted({row.priority for row in Category.select().where(Category.community == case.community)})
    row = Setting.create(community=case.community, name="check", value=priorities)
    setting.forget()
    try:
        yield
    finally:
        row.delete_instance()
        setting.forget()


def case_in(town, state, **more) -> Case:
    """A case that was brought into a state by what people said, with a photo of the result."""
    case = report(town, **more)
    add_photo(town, case)
    for verb in PATHS[state]:
        if verb == "lapse":
            with write():
                judgement.lapse(Case.get_by_id(case.id))
        else:
            do(town, case, verb, SPEAKERS.get(verb, "wangdashan"))
        Photo.update(created_at=now()).where(Photo.case == case).execute()
    return Case.get_by_id(case.id)


def world(case):
    """Everything that a verb could change: the case itself and how many rows there are besides."""
    row = Case.select().where(Case.id == case.id).dicts().get()
    return row, [table.select().count() for table in (Step, Audit, Letter, Event, Task)]


def newest(table, count):
    """The last rows of a table, the newest first."""
    return list(table.select().order_by(table.id.desc()).limit(count))


def owed(letters):
    """To whom the last so many letters go, by name, and their kinds."""
    return sorted((letter.person.name, letter.kind) for letter in newest(Letter, letters))
