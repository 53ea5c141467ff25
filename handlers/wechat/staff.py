"""What staff say in the chat: short commands with the number of a case, and answers as the community."""

import re
from collections.abc import Callable
from datetime import timedelta

from peewee import Expression

from app.context import TooMany, here
from app.rules import conversation as talk
from app.rules import dispatch, door, handling, media, refused, rights, wording
from app.rules.case_move import WORDS_LIMIT
from app.rules.person import reach
from app.rules.refusal import Forbidden, NotFound, Refusal
from app.rules.words import clean
from handlers.wechat import resident
from handlers.wechat.message import Message
from handlers.wechat.talker import Talker
from models.case import Case, Step
from models.conversation import Conversation, Line
from models.lifecycle import CASE, CASE_STATES, verbs_for

WORKER_HELP = (
    "接单 1023\n围护 1023（现场已安全）\n发照片：接单后先发处理前，围护后发处理后\n"
    "照片 1023 后（改刚发的照片归哪一件，前或后）\n办好 1023 换了新井盖\n退回 1023 原因"
)
TASKS_HELP = "任务（看我的任务）"
ANSWER_HELP = "#1023 内容（以社区名义回复居民）"
#: For how long pictures belong to the case that a worker with several in hand has named last.
NAMED_FOR = timedelta(minutes=30)
#: How a command without a number may be written, the move it asks for, and the words to say instead.
TO_CHOOSE = {
    "接单": ("accept", "接单 {}"), "抢单": ("accept", "接单 {}"),
    "围护": ("make_safe", "围护 {}"), "围挡": ("make_safe", "围护 {}"),
    "办好": ("handle", "办好 {}"), "办结": ("handle", "办好 {}"), "完成": ("handle", "办好 {}"),
    "退回": ("return_back", "退回 {} 原因"), "照片": ("handle", "照片 {} 前"),
}  # fmt: skip
#: A letter or another script's digit right behind the number makes it a look-alike ("100О1"), as in app.rules.words.
_COMMAND = re.compile(r"^\D*([0-9０-９]{1,9})(?![\dA-Za-z\u00c0-\u1fff\uff21-\uff5a])(.*)$", re.S)
_BETWEEN = re.compile(r"^\s*号?[\s，,：:]*")

#: Which right each command asks for; tests/test_doors.py checks that all are in the table of rights.
COMMANDS = {
    "接单": "case.accept", "抢单": "case.grab",
    "围护": "case.make_safe", "办好": "case.handle", "退回": "case.return_back",
    "任务": "task.list", "#": "conversation.answer", "照片": "case.handle",
}  # fmt: skip


def _split(text: str) -> tuple[int, str]:
    """The number of a command and the words behind it. Raises NotFound for what only looks like a number."""
    found = _COMMAND.match(text.strip())
    # An invisible character would make a shorter number of a longer one, which is another case.
    if found is None or (found[2] and not clean(found[2][0], 1)):
        raise NotFound("没有看懂编号，请照“接单 1023”这样重新打一遍。")
    return int(found[1]), clean(_BETWEEN.sub("", found[2]), WORDS_LIMIT).strip()


def _case(talker: Talker, number: int, action: str) -> Case:
    """The case of that number in a community where this person works. Numbers grant nothing: the right is asked for."""
    places = {role.place_id for role in talker.actor.roles}
    rows = Case.select().where(Case.number == number, Case.community.in_(places)).order_by(Case.id.desc())
    for case in rows:
        if rights.may(talker.actor, "case.read", case=case):
            # What nobody was sent to is taken by whoever is quickest; one says the same words.
            offered = action == COMMANDS["接单"] and case.state == "reported"
            rights.need(talker.actor, COMMANDS["抢单"] if offered else action, case=case)
            return case
    raise NotFound(f"没有找到 #{number}，或它不归您处理。")


def _command(action: str, message: Message, talker: Talker, deed: Callable[[Case, str], str]) -> str:
    """Find the case, check the right, do it; a refusal is said in the chat, one by right also to the audit log."""
    number = None
    try:
        number, note = _split(message.text)
        return deed(_case(talker, number, action), note)
    except Refusal as refusal:
        return _refused(refusal, action, number, talker)


def _refused(refusal: Refusal, action: str, number: int | None, talker: Talker) -> str:
    """What to say; the number is None when no case was asked for."""
    if number is not None and isinstance(refusal, Forbidden | NotFound):
        try:
            here().limit("refusals", talker.actor.person.key)
        except TooMany:
            refused.too_many(talker.actor)
        else:
            refused.note_number(action, actor=talker.actor, number=number, why=refusal.code)
    return refusal.message


def accept(message: Message, talker: Talker) -> str:
    """接单 1023, also of what was offered to whoever is quickest"""

    def deed(case: Case, note: str) -> str:
        take = dispatch.grab if case.state == "reported" else dispatch.accept
        case = take(case, actor=talker.actor)
        first = (
            f"请先到现场围护，发一张处理前的照片，再回复“围护 {case.number}”。"
            if case.hazard
            else "到现场后请先发一张处理前的照片。"
        )
        done = f"办完发处理后的照片，再回复“办好 {case.number}”。"
        return f"已接单 #{case.number}：{wording.where(case)}。\n{first}{done}"

    return _command("case.accept", message, talker, deed)


def make_safe(message: Message, talker: Talker) -> str:
    """围护 1023"""

    def deed(case: Case, note: str) -> str:
        case = handling.make_safe(case, actor=talker.actor, note=note)
        return f"#{case.number} 已记为现场安全。修好后请发处理后的照片，再回复“办好 {case.number}”。"

    return _command("case.make_safe", message, talker, deed)


def handle(message: Message, talker: Talker) -> str:
    """办好 1023 换了新井盖"""

    def deed(case: Case, note: str) -> str:
        case = handling.handle(case, actor=talker.actor, note=note)
        if case.state == "checking":
            return f"#{case.number} 已办好，先请同事核查，核查通过后请居民评价。"
        return f"#{case.number} 已办好，正在请居民评价。"

    return _command("case.handle", message, talker, deed)


def return_back(message: Message, talker: Talker) -> str:
    """退回 1023 原因"""

    def deed(case: Case, note: str) -> str:
        case = dispatch.return_back(case, actor=talker.actor, note=note)
        return f"#{case.number} 已退回社区。"

    return _command("case.return_back", message, talker, deed)


def _mine(talker: Talker, action: str) -> Expression:
    """What is in this person's hands, as long as the part lasts that it was given to."""
    return (Case.handler == talker.actor.person) & rights.cases_for(talker.actor, action)


def tasks(message: Message, talker: Talker) -> str:
    """任务: what waits for me, the most dangerous first."""
    rows = (
        Case.select()
        .where(
            (_mine(talker, "case.read") & Case.state.in_(("dispatched", "handling")))
            | (door.offered_to(talker.actor) & rights.readable_cases(talker.actor))
        )
        .order_by(Case.hazard.desc(), Case.resolve_due)
        .limit(9)
    )
    lines = [f"#{row.number} {row.category.name}，{wording.where(row)}：{CASE_STATES[row.state]}" for row in rows]
    return "\n".join(lines) or "现在没有待办的任务。"


def choose(message: Message, talker: Talker) -> str:
    """A command without a number: which tasks it fits, each with the exact words to say."""
    word = re.sub(r"[\s#＃。.！!]", "", message.text)
    verb, example = TO_CHOOSE[word]
    places = {role.place_id for role in talker.actor.roles}
    states = {move.source for move in CASE if move.verb in _said_as(verb)}
    rows = (
        Case.select()
        .where(Case.community.in_(places), Case.state.in_(states))
        .order_by(Case.hazard.desc(), Case.resolve_due, Case.id)
        .limit(100)
    )
    fitting = [row for row in rows if _fits(verb, row, talker)]
    if not fitting:
        return f"现在没有可以“{word}”的任务。回复“任务”看您手上的。"
    lines = [f"{example.format(row.number)}（{row.category.name}，{wording.where(row)}）" for row in fitting[:9]]
    return "\n".join(["请带上编号，照下面这样回复：", *lines])


def _fits(verb: str, case: Case, talker: Talker) -> bool:
    """Whether a command can be said to a case; to take one is also to grab what was offered."""
    held = verbs_for(CASE, case.state, set(talker.actor.parts_for(case)))
    return any(one in held and dispatch.sayable(one, case, talker.actor) for one in _said_as(verb))


def _said_as(verb: str) -> tuple[str, ...]:
    return ("accept", "grab") if verb == "accept" else (verb,)


def help_text(message: Message, talker: Talker) -> str:
    """帮助: what this person may say, by the roles held."""
    lines = [WORKER_HELP] if any(role.kind == "grid_worker" for role in talker.actor.roles) else []
    lines += [TASKS_HELP] if rights.may(talker.actor, COMMANDS["任务"]) else []
    lines += [ANSWER_HELP] if rights.may(talker.actor, COMMANDS["#"]) else []
    return "\n".join(lines) or "您的工作请在电脑上的工作台办理；在这里可以像居民一样上报和查进度。"


def picture(message: Message, talker: Talker) -> str | None:
    """A worker's picture belongs to the task in hand: first as it was before, once it is safe as it is after."""
    hand = list(
        Case.select()
        .where(_mine(talker, "case.handle"), Case.state == "handling")
        .order_by(Case.updated_at.desc())
    )
    if not hand:
        return resident.picture(message, talker)
    case, shows = (hand[0], "") if len(hand) == 1 else _named_last(hand, talker)
    if case is not None and not shows:
        shows = "after" if handling.has_photo(case, "before") and (case.safe_at or not case.hazard) else "before"
    conversation = talk.open_with(talker.actor.person, (case or hand[0]).community, talker.identity)
    line = talk.hear(conversation, kind="image", case=case, shows=shows, moment=talker.moment)
    media.fetch_later(line, account=talker.account, media_id=message.media_id)
    if case is None:
        which = [f"#{row.number} {row.category.name}，{wording.where(row)}" for row in hand[:9]]
        return "\n".join(["收到照片了。是哪一件的？", *which, f"请回复“照片 {hand[0].number} 前”，处理后的就说“后”。"])
    other = next((row.number for row in hand if row != case), None)
    wrong = f"不对的话回复“照片 {other} {'前' if shows == 'before' else '后'}”。" if other else ""
    if shows == "after":
        return f"已作为 #{case.number} 处理后的照片。{wrong}没有别的了就回复“办好 {case.number}”。"
    return f"已作为 #{case.number} 处理前的照片。{wrong}"


def _named_last(hand: list[Case], talker: Talker) -> tuple[Case | None, str]:
    """Which of several tasks in hand this worker spoke of last, and, if that was by “照片 1011 后”, what is shown."""
    since, worker = talker.moment - NAMED_FOR, talker.actor.person
    step = Step.select().where(Step.actor == worker, Step.at >= since).order_by(Step.id.desc()).first()
    said = Line.select().where(Line.speaker == worker, Line.kind == "text", Line.shows.in_(("before", "after")))
    line = said.where(Line.at >= since).order_by(Line.id.desc()).first()
    newest = line if line is not None and (step is None or line.at > step.at) else step
    case = next((row for row in hand if newest is not None and row.id == newest.case_id), None)
    return case, (line.shows if case is not None and newest is line else "")


def assign_picture(message: Message, talker: Talker) -> str:
    """照片 1023 后: the picture sent last, and those that follow, belong there."""

    def deed(case: Case, note: str) -> str:
        side = next((word for word in ("前", "后") if re.fullmatch(rf"(处理)?{word}(的|照片)*[。.！!]*", note)), None)
        if side is None:
            return f"请说明是处理前还是处理后，比如“照片 {case.number} 前”。"
        if case.state != "handling" or case.handler_id != talker.actor.person.id:
            return f"#{case.number} 不在您手上办理，照片不能放到这一件。回复“任务”看您手上的。"
        shows = "before" if side == "前" else "after"
        moved = media.assign_last(talker.actor.person, case, shows, talker.moment - NAMED_FOR)
        talk.hear(talker.about(case), text=message.text, case=case, shows=shows, moment=talker.moment)
        what = "刚才那张" if moved else "接下来发的"
        return f"好，{what}作为 #{case.number} 处理{side}的照片{'，接下来发的也是' if moved else ''}。"

    return _command("case.handle", message, talker, deed)


def answer(message: Message, talker: Talker) -> str | None:
    """#1023 师傅已在路上: answer the reporter as the community, by whoever holds that right."""
    number = None
    try:
        number, text = _split(message.text)
        case = _case(talker, number, "conversation.answer")
    except Refusal as refusal:
        return _refused(refusal, "conversation.answer", number, talker)
    conversation = Conversation.get_or_none(
        Conversation.community == case.community, Conversation.person == case.reporter
    ) or talk.open_with(case.reporter, case.community)
    line = talk.answer(conversation, actor=talker.actor, text=text, case=case)
    return _will_reach(line.conversation, talker)


def _will_reach(conversation: Conversation, talker: Talker) -> str:
    """Say before it is sent whether and how it will arrive: the answer itself is owed already."""
    way = reach(conversation, talker.moment, already=1)
    return {
        "chat": f"已回复居民（这个窗口还能再回 {way['left'] - 1} 条）。",
        "subscribe": "居民超过48小时没有说话，已改发订阅消息，提醒对方点开看您的答复。",
        "template": "居民超过48小时没有说话，已改发服务通知，提醒对方点开看您的答复。",
        "none": "已存下。对方现在收不到微信消息，等对方下次开口就会送达；急事请打电话。",
    }[way["way"]]
