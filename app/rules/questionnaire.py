"""The further questions of a category: typed, some only after certain answers, and answers that stop a report.

A question is a mapping: code, words, kind; `required`, `notice` (words shown beside it); `when`, a list of
{question, any} that must all hold; of a choice `options` ({code, words, zone}), of a number `unit`, `min` and `max`.
`hazard` lists answers that make the matter a danger. `stops` lists what ends it: {any, words, numbers, file_as}. With
`file_as` the report is not lost but filed as that emergency; without it the person is told where to turn instead.

Everything here is optional for who reports: a report without any answer is a report.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.rules.refusal import Refusal
from app.rules.words import clean
from app.rules.zone import ZONES

KINDS = {"yes_no": "是或否", "choice": "单选", "number": "数字", "text": "文字", "date": "日期"}
#: Telephone numbers a stopper may name: police, fire, ambulance, traffic.
NUMBERS = ("110", "119", "120", "122")
MOST_QUESTIONS = 12
MOST_OPTIONS = 12
TEXT = 200
WORDS = 120
#: What a question, an option, a condition and a stopper may say.
_QUESTION = {"code", "words", "kind", "required", "notice", "when", "options", "unit", "min", "max", "hazard", "stops"}
_OPTION = {"code", "words", "zone"}
_WHEN = {"question", "any"}
_STOP = {"any", "words", "numbers", "file_as"}
_RANGE = {"unit", "min", "max"}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,23}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Answer = bool | int | float | str


@dataclass(frozen=True)
class Outcome:
    """What answers come to: kept as they are, perhaps a danger, perhaps another zone, perhaps an end."""

    answers: dict[str, Answer] = field(default_factory=dict)
    hazard: bool = False
    zone: str = ""
    #: A code of a category: an emergency of which these answers tell.
    file_as: str = ""
    #: What the person is told at an answer that stops: the sentence and the numbers to call.
    stop_words: str = ""
    numbers: tuple[str, ...] = ()


# -- definitions -------------------------------------------------------------------------------------------------------


def check_questions(questions: object, *, emergencies: Sequence[str], where: str = "") -> None:
    """Look through the questions of a category when they are loaded or changed.

    `emergencies` are the codes a stopper may file as. Raises Refusal `questions_wrong` with the first mistake.
    """
    _need(isinstance(questions, list), f"{where}：questions 应当是列表")
    assert isinstance(questions, list)
    _need(len(questions) <= MOST_QUESTIONS, f"{where}：最多 {MOST_QUESTIONS} 个问题")
    before: dict[str, Mapping] = {}
    for question in questions:
        _need(isinstance(question, Mapping), f"{where}：每个问题是一张表")
        code = question.get("code")
        _need(isinstance(code, str) and bool(_CODE.fullmatch(code)), f"{where}：问题的 code 用小写字母和数字")
        here = f"{where} {code}"
        _need(code not in before, f"{here}：写了两次")
        _need(not set(question) - _QUESTION, f"{here}：有不认识的 {'、'.join(sorted(set(question) - _QUESTION))}")
        _words(question, "words", here)
        _need(question.get("kind") in list(KINDS), f"{here}：kind 只能是 {'、'.join(KINDS)}")
        _need(isinstance(question.get("required", False), bool), f"{here}：required 只能是 true 或 false")
        if "notice" in question:
            _words(question, "notice", here)
        _check_shape(question, here)
        for condition in _list(question, "when", here):
            _check_when(condition, before, here)
        for answer in _list(question, "hazard", here):
            _need(_fits(question, answer), f"{here}：hazard 里的回答不在范围里")
        for stop in _list(question, "stops", here):
            _check_stop(stop, question, emergencies, here)
        before[code] = question


def _check_shape(question: Mapping, here: str) -> None:
    """What belongs to each kind, and to no other."""
    kind, options = question["kind"], _list(question, "options", here)
    _need((kind == "choice") == bool(options), f"{here}：单选要有 options，别的没有")
    _need(kind != "choice" or 2 <= len(options) <= MOST_OPTIONS, f"{here}：选项 2 到 {MOST_OPTIONS} 个")
    seen = set()
    for option in options:
        _need(isinstance(option, Mapping) and not set(option) - _OPTION, f"{here}：选项只写 code、words、zone")
        code = option.get("code")
        _need(isinstance(code, str) and bool(_CODE.fullmatch(code)) and code not in seen, f"{here}：选项的 code 不对")
        seen.add(code)
        _words(option, "words", here)
        _need(option.get("zone", "") in ["", *ZONES], f"{here}：不认识的 zone")
    wanted = _RANGE if kind == "number" else set()
    _need(_RANGE & set(question) == wanted, f"{here}：数字要写 unit、min、max，别的不写")
    if kind == "number":
        low, high = question["min"], question["max"]
        _need(_number(low) and _number(high) and low < high, f"{here}：min 要小于 max")
        _words(question, "unit", here)


def _check_when(condition: object, before: Mapping[str, Mapping], here: str) -> None:
    _need(isinstance(condition, Mapping) and set(condition) == _WHEN, f"{here}：when 写 question 和 any")
    assert isinstance(condition, Mapping)
    earlier = before.get(condition["question"]) if isinstance(condition["question"], str) else None
    _need(earlier is not None, f"{here}：when 只能问前面的问题")
    assert earlier is not None
    wanted = condition["any"]
    _need(isinstance(wanted, list) and bool(wanted), f"{here}：when 的 any 是回答的列表")
    _need(earlier["kind"] in ("yes_no", "choice"), f"{here}：when 只能看是否题和单选题")
    _need(all(_fits(earlier, one) for one in wanted), f"{here}：when 的回答不在范围里")


def _check_stop(stop: object, question: Mapping, emergencies: Sequence[str], here: str) -> None:
    known = isinstance(stop, Mapping) and {"any", "words"} <= set(stop) and not set(stop) - _STOP
    _need(known, f"{here}：stops 写 any、words，可以写 numbers、file_as")
    assert isinstance(stop, Mapping)
    wanted, numbers = stop["any"], stop.get("numbers", [])
    _need(isinstance(wanted, list) and bool(wanted), f"{here}：stops 的 any 是回答的列表")
    _need(question["kind"] in ("yes_no", "choice"), f"{here}：只有是否题和单选题能停下")
    _need(all(_fits(question, one) for one in wanted), f"{here}：stops 的回答不在范围里")
    _need(isinstance(stop["words"], str) and 0 < len(stop["words"]) <= TEXT, f"{here}：stops 的 words 1 到 {TEXT} 字")
    listed = isinstance(numbers, list) and all(one in NUMBERS for one in numbers)
    _need(listed, f"{here}：numbers 只能是 {'、'.join(NUMBERS)}")
    _need("file_as" not in stop or stop["file_as"] in emergencies, f"{here}：file_as 只能是紧急类别")
    _need("file_as" not in stop or bool(numbers), f"{here}：有 file_as 就要写 numbers")


def _list(row: Mapping, name: str, here: str) -> list:
    found = row.get(name, [])
    _need(isinstance(found, list), f"{here}：{name} 应当是列表")
    return found


def _words(row: Mapping, name: str, here: str) -> None:
    text = row.get(name)
    good = isinstance(text, str) and 0 < len(text.strip()) <= WORDS
    _need(good, f"{here}：{name} 应当是 1 到 {WORDS} 个字")


def _need(good: bool, said: str) -> None:
    if not good:
        raise Refusal("questions_wrong", f"{said.lstrip('： ')}。")


def tells_of_emergency(questions: Sequence[Mapping], answers: Mapping[str, Answer] | None) -> bool:
    """Whether answers tell of an emergency or a danger; what does not fit tells of nothing and refuses nothing."""
    try:
        found = read(questions, answers)
    except Refusal:
        return False
    return bool(found.file_as) or found.hazard


# -- answers -----------------------------------------------------------------------------------------------------------


def read(questions: Sequence[Mapping], answers: Mapping[str, Answer] | None) -> Outcome:
    """What answers to a category's questions come to.

    No answers at all are an empty outcome, whatever is required: who cannot answer is heard nevertheless. Raises
    Refusal `answers_wrong` with `fields` "answers.<code>" for an unknown code, a wrong type or value, a question that
    was not asked after these answers, and a required one left out; `diverted` for an answer that leads elsewhere.
    Whoever tells of an emergency is neither sent elsewhere nor back to the form: the answers that fit are kept.
    """
    if not answers:
        return Outcome()
    known = {question["code"]: question for question in questions}
    wrong = {f"answers.{code[:40]}": "没有这个问题" for code in answers if code not in known}
    kept: dict[str, Answer] = {}
    asked = []
    for code, question in known.items():
        if not applies(question, kept):
            wrong |= {f"answers.{code}": "按前面的回答，不用答这一题"} if code in answers else {}
            continue
        asked.append(question)
        answer = answers.get(code, "")
        answer = clean(answer, TEXT + 1).strip() if isinstance(answer, str) else answer
        if _fits(question, answer):
            kept[code] = answer
        elif answer != "":
            wrong[f"answers.{code}"] = _remark(question)
    stops = [stop for question in asked for stop in _stops(question, kept)]
    emergency = next((stop for stop in stops if stop.get("file_as")), None)
    if emergency is None:
        wrong |= {} if stops else _left_out(asked, kept, wrong)
        if wrong:
            raise Refusal("answers_wrong", "有回答填得不对，请改正后再试；也可以不回答。", wrong)
        if stops:
            raise Refusal("diverted", stops[0]["words"], {"answers": "请按提示办理"})
    zones = [option["zone"] for question in asked for option in _chosen(question, kept) if option.get("zone")]
    return Outcome(
        answers=kept, zone=zones[-1] if zones else "",
        hazard=any(_among(kept.get(question["code"]), question.get("hazard", ())) for question in asked),
        file_as=emergency["file_as"] if emergency else "", stop_words=emergency["words"] if emergency else "",
        numbers=tuple(emergency["numbers"]) if emergency else (),
    )  # fmt: skip


def _left_out(asked: Sequence[Mapping], kept: Mapping[str, Answer], wrong: Mapping[str, str]) -> dict[str, str]:
    names = [f"answers.{one['code']}" for one in asked if one.get("required") and one["code"] not in kept]
    return {name: "必填" for name in names if name not in wrong}


def applies(question: Mapping, answers: Mapping[str, Answer]) -> bool:
    """Whether a question is asked after these answers."""
    return all(_among(answers.get(one["question"]), one["any"]) for one in question.get("when", ()))


def said(questions: Sequence[Mapping], answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """Questions and answers as people read them, in the order asked; an answer whose question is gone is left out."""
    return [(one["words"], _as_words(one, answers[one["code"]])) for one in questions if one["code"] in answers]


def _as_words(question: Mapping, answer: Answer) -> str:
    if question["kind"] == "yes_no":
        return "是" if answer else "否"
    if question["kind"] == "choice":
        return next((one["words"] for one in question["options"] if one["code"] == answer), str(answer))
    return f"{answer:g} {question['unit']}" if question["kind"] == "number" else str(answer)


def _chosen(question: Mapping, answers: Mapping[str, Answer]) -> list[Mapping]:
    return [one for one in question.get("options", ()) if one["code"] == answers.get(question["code"])]


def _stops(question: Mapping, answers: Mapping[str, Answer]) -> list[Mapping]:
    if question["code"] not in answers:
        return []
    return [one for one in question.get("stops", ()) if _among(answers[question["code"]], one["any"])]


def _among(answer: Answer | None, wanted: Sequence) -> bool:
    """Of the same type too: 1 is not true."""
    return any(type(one) is type(answer) and one == answer for one in wanted)


def _fits(question: Mapping, answer: object) -> bool:
    kind = question["kind"]
    if kind == "yes_no":
        return isinstance(answer, bool)
    if kind == "choice":
        return isinstance(answer, str) and answer in {one["code"] for one in question["options"]}
    if kind == "number":
        return _number(answer) and question["min"] <= answer <= question["max"]  # type: ignore[operator]
    if kind == "text":
        return isinstance(answer, str) and 0 < len(answer) <= TEXT
    return isinstance(answer, str) and _a_day(answer)


def _remark(question: Mapping) -> str:
    return {
        "yes_no": "请回答是或否", "choice": "请从选项里选一个", "text": f"请写 1 到 {TEXT} 个字",
        "date": "请写日期，例如 2026-11-24",
        "number": f"请填 {question.get('min')} 到 {question.get('max')} 之间的数字",
    }[question["kind"]]  # fmt: skip


def _number(value: object) -> bool:
    finite = isinstance(value, int | float) and not isinstance(value, bool)
    return finite and abs(value) <= 1_000_000_000  # type: ignore[arg-type, operator]


def _a_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
