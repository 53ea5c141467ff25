"""What people agreed to: the texts with their versions, and each person's answers, which are added and never edited.

PIPL 13-17, 29 and 31: informed and voluntary, a consent of its own for what is sensitive, asked anew when the text
changes, withdrawn as easily as given, and a guardian's for anybody under 14. After a refusal nobody is asked again for
30 days (网络数据安全管理条例 22). In an emergency life comes first (PIPL 13(4)): no consent is asked for. A child is
believed at once: whatever sounds like danger is taken, with its pictures and its place (未成年人保护法 11).
"""

from datetime import datetime, timedelta

from app.rules import audit
from app.rules.actor import Actor
from app.rules.danger import sounds_dangerous
from app.rules.delegation_letter import has_wechat
from app.rules.filing import guess_category
from app.rules.refusal import Conflict, NotFound, Refusal
from models.base import now
from models.case import Case
from models.category import Category
from models.consent import Consent, ConsentText
from models.conversation import Conversation, Draft
from models.delegation import agents_of, guardians_of
from models.lifecycle import CASE_OPEN
from models.person import Person
from models.place import Place

#: In the order in which they are shown. A photo or a place that somebody sends in the chat is the person's own act
#: for the very matter; it needs no further consent, but a notice (see `notice`).
KINDS = {"privacy": "隐私说明", "location": "精确位置", "phone": "手机号", "child": "监护人同意"}
ANSWERS = ("given", "refused", "withdrawn")
#: The row that says that somebody was told what an own act in the chat is used for. It is no answer.
TOLD = "told"
ASK_AGAIN = timedelta(days=30)
NOTICES = {
    "location": "（位置只用来找到这件事在哪里，办事的人才看得到。发“隐私”可以了解和撤回。）",
    "phone": "（您写的手机号只用来联系您办这件事，办事的人才看得到。发“隐私”可以了解和撤回。）",
}
GUARDIAN_NEEDED = (
    "这条没有收下：您未满14岁，要先请爸爸妈妈或其他监护人同意。请让大人来说，或打社区电话；"
    "也可以请监护人打开小程序“我的”→“家人代办”，再一起到社区确认。\n"
    "有危险、有人受伤，请直接打字说出来，我们马上处理；也请大声呼救，打 110 / 119 / 120。"
)


def publish(*, kind: str, version: int, title: str, text: str, sensitive: bool = False) -> ConsentText:
    """Put a text in force. The same text again changes nothing.

    Raises Refusal `consent_unknown`, or Conflict for a published version with other words or one that does not rise.
    """
    if kind not in KINDS:
        raise Refusal("consent_unknown", f"没有“{kind}”这种同意，可以是 {'、'.join(KINDS)}。", {"kind": "不在选项里"})
    values = {"title": title, "text": text.strip(), "sensitive": sensitive}
    known = ConsentText.get_or_none(ConsentText.kind == kind, ConsentText.version == version)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise Conflict(f"“{kind}”第 {version} 版已经公布，不能再改，请用更高的版本号公布新的文字。")
        return known
    before = current(kind)
    if version < 1 or (before is not None and version < before.version):
        raise Conflict(f"“{kind}”的版本号要比已公布的更高。")
    audit.note("consent.publish", actor=None, community=None, subject=f"{kind}:{version}")
    return ConsentText.create(kind=kind, version=version, **values)


def current(kind: str) -> ConsentText | None:
    """The text of a kind in force: its highest version."""
    rows = ConsentText.select().where(ConsentText.kind == kind)
    return rows.order_by(ConsentText.version.desc()).first()


def texts() -> list[ConsentText]:
    """The texts in force, one a kind, in the order of KINDS: one query."""
    newest = {row.kind: row for row in ConsentText.select().order_by(ConsentText.version)}
    return [newest[kind] for kind in KINDS if kind in newest]


def answers_of(person: Person) -> dict[str, Consent]:
    """The newest answer a person gave to each kind, whatever the version, with its text: one query."""
    rows = (
        Consent.select(Consent, ConsentText)
        .join(ConsentText)
        .where(Consent.person == person, Consent.answer != TOLD)
        .order_by(Consent.id)
    )
    return {row.text.kind: row for row in rows}


def has(person: Person, kind: str) -> bool:
    """Whether the person's newest answer is "given", and to the text in force."""
    text, last = current(kind), answers_of(person).get(kind)
    return text is not None and last is not None and (last.answer, last.text_id) == ("given", text.id)


def state_of(text: ConsentText, last: Consent | None) -> str:
    """How a person stands to a text in force: given, refused, withdrawn, or not_asked (nothing, or an older text)."""
    return last.answer if last is not None and last.text_id == text.id else "not_asked"


def may_ask(text: ConsentText, last: Consent | None, moment: datetime) -> bool:
    """Whether a screen may ask unprompted: not what was given, and not within 30 days after a no to any version."""
    if last is None:
        return True
    if last.answer == "given":
        return last.text_id != text.id
    return last.at <= moment - ASK_AGAIN


def answer(person: Person, *, actor: Actor, kind: str, version: int, answer: str, channel: str = "") -> Consent:
    """Keep an answer: the person's own, or of whoever may act for the person; a child's is given by a guardian.

    Who acts for a grown-up that has WeChat only takes back: yes and no are said on the own phone (PIPL 14). Raises
    NotFound for somebody else's, Refusal `guardian_needed` or `own_answer_needed`, Conflict for a version that is not
    in force.
    """
    own = actor.person.id == person.id
    if not own and actor.person.id not in {one.id for one in agents_of(person)}:
        raise NotFound()
    if answer not in ANSWERS:
        raise Refusal("answer_unknown", "请选择同意、不同意或撤回。", {"answer": "不在选项里"})
    if kind == "child" and answer == "given" and actor.person.id not in {one.id for one in guardians_of(person)}:
        raise Refusal("guardian_needed", "这项同意要由社区确认过的监护人来给。", {"kind": "要由监护人同意"})
    if not own and answer != "withdrawn" and not _may_speak_for(actor, person):
        said = "请他在自己的手机上选择。您可以替他撤回，不能替他同意。"
        raise Refusal("own_answer_needed", said, {"answer": "要由本人选择"})
    text = current(kind)
    if text is None:
        raise NotFound()
    if text.version != version:
        raise Conflict("这份说明已经更新，请看过新的内容再选择。", code="consent_outdated")
    if own and answer == "given":
        need_guardian(person)
    return _keep(person, text, answer, actor=actor, channel=channel)


def _may_speak_for(actor: Actor, person: Person) -> bool:
    """Whether an agent may say yes or no for somebody: the guardian of a child, or for whom there is no phone."""
    if is_child(person) and actor.person.id in {one.id for one in guardians_of(person)}:
        return True
    return not has_wechat(person)


def withdraw(person: Person, kind: str, *, actor: Actor | None, channel: str = "") -> None:
    """Take back an agreement, said in any words or by the platform; what hangs on it ends at once."""
    text, last = current(kind), answers_of(person).get(kind)
    if text is not None and (last is None or last.answer != "withdrawn"):
        _keep(person, text, "withdrawn", actor=actor, channel=channel)
    else:
        _stop(person, kind)


def _keep(person: Person, text: ConsentText, answer: str, *, actor: Actor | None, channel: str) -> Consent:
    by = actor.person if actor and actor.person.id != person.id else None
    row = Consent.create(person=person, text=text, answer=answer, answered_by=by, channel=channel[:16])
    if answer != "given":
        _stop(person, text.kind)
    audit.note(
        "consent.write", actor=actor, community=None, subject=f"{text.kind}:{text.version}", about=person,
        after={"answer": answer},
    )  # fmt: skip
    return row


def _stop(person: Person, kind: str) -> None:
    """What ends with a consent: the phone number goes at once; a place is not used any more."""
    if kind == "phone":
        Person.update(phone=None).where(Person.id == person.id).execute()


def need(person: Person, kind: str) -> None:
    """Raises Refusal `consent_missing` naming kind and version, so that the screen can show the text and ask."""
    need_guardian(person)
    if not has(person, kind):
        raise _missing(kind)


def _missing(kind: str) -> Refusal:
    text = current(kind)
    if text is None:
        said = f"“{KINDS[kind]}”的说明还没有公布，暂时用不了，请联系社区。"
        return Refusal("consent_missing", said, {"kind": kind})
    said = f"请先看过“{text.title}”，同意后再继续；不同意也可以不用这一项。"
    return Refusal("consent_missing", said, {"kind": kind, "version": str(text.version)})


def need_guardian(person: Person) -> None:
    """Raises Refusal `guardian_needed` for a child without a guardian's consent, in danger or not: a name, a home."""
    if is_child(person) and not guarded(person):
        raise Refusal("guardian_needed", GUARDIAN_NEEDED)


def need_guardian_to_say(person: Person, text: str, community: Place) -> None:
    """The same for a sentence of the chat; what tells of danger goes through, and what adds to it.

    A voice that nobody has understood yet (no text) may be a cry for help: a human listens to it.
    """
    if not is_child(person) or not text.strip() or sounds_dangerous(text, community):
        return
    guess = guess_category(text, community)
    dangers = _dangers(person)
    if not dangers or (guess is not None and guess.id not in dangers):
        need_guardian(person)


def need_guardian_to_point(person: Person) -> None:
    """The same for a place on the map: it goes through when it adds to a danger that was told."""
    if is_child(person) and not _dangers(person):
        need_guardian(person)


def _dangers(person: Person) -> set[int]:
    """Of what kind (ids of categories, 0 for none yet) the dangers are that the person told and that still stand.

    They are the open cases, and the report that is being told right now.
    """
    cases = (
        Case.select(Case, Category)
        .join(Category, on=(Case.category == Category.id))
        .where(Case.reporter == person, Case.state.in_(CASE_OPEN))
        .order_by(Case.id.desc())
        .limit(20)
    )
    found = {row.category_id for row in cases if sounds_dangerous(row.words, row.community, row.category)}
    drafts = (
        Draft.select(Draft, Conversation)
        .join(Conversation)
        .where(Conversation.person == person, Draft.state == "open")
    )  # fmt: skip
    for draft in drafts:
        if sounds_dangerous(draft.words, draft.conversation.community):
            guess = guess_category(draft.words, draft.conversation.community)
            found.add(guess.id if guess else 0)
    return found


def _in_emergency(person: Person) -> bool:
    """Whether an emergency the person reported is still being handled."""
    rows = (
        Case.select(Case.id)
        .join(Category, on=(Case.category == Category.id))
        .where(Case.reporter == person, Case.state.in_(CASE_OPEN), Category.emergency)
    )
    return rows.exists()


def is_child(person: Person) -> bool:
    """Whether the person is known to be under 14."""
    return person.age_group == "child"


def guarded(child: Person) -> bool:
    """Whether somebody who is a guardian now has agreed to the text in force."""
    if not has(child, "child"):
        return False
    return answers_of(child)["child"].answered_by_id in {one.id for one in guardians_of(child)}


def need_to_report(
    person: Person,
    *,
    category: Category,
    point: tuple[float, float] | None,
    words: str = "",
    principal: Person | None = None,
    danger: bool = False,
) -> None:
    """What a report of the form needs: a guardian's consent for a child, one's own for an exact place.

    `principal` is whom the person speaks for; `danger` is told by the answers to the form's questions. Raises Refusal
    `guardian_needed` or `consent_missing`; an emergency needs neither, nor does whatever danger a child tells of.
    """
    danger = danger or sounds_dangerous(words, category.community, category)
    if is_child(person) and not danger:
        need_guardian(person)
    if principal is not None and is_child(principal) and not danger and not guarded(principal):
        raise _missing("child")
    if point is not None and not category.emergency and not (danger and is_child(person)):
        need(person, "location")


def notice(person: Person, kind: str) -> str | None:
    """The sentence that says what a place or number sent in the chat is used for.

    Once a version and None after that; nor in an emergency, when it would only stand in the way.
    """
    text = current(kind)
    if text is None:
        return None
    last = Consent.select().where(Consent.person == person, Consent.text == text).order_by(Consent.id.desc()).first()
    if (last is not None and last.answer in (TOLD, "given")) or _in_emergency(person):
        return None
    Consent.create(person=person, text=text, answer=TOLD, channel="chat", at=now())
    return NOTICES[kind]
