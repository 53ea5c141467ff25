"""张兰 agrees, refuses, takes it back; 小宝 is under 14 and needs his mother."""

from datetime import timedelta

import pytest

from app.rules import age, consent, delegation
from app.rules import case as cases
from app.rules.person import introduce
from app.rules.refusal import Conflict, NotFound, Refusal
from models.audit import Audit
from models.base import now, write
from models.case import Case
from models.consent import Consent, ConsentText
from models.delegation import Delegation
from models.person import Identity, Person


def say(town, kind, answer="given", who="zhanglan", person=None, version=1):
    with write():
        actor = town.actor(who)
        return consent.answer(person or actor.person, actor=actor, kind=kind, version=version, answer=answer)


def renew(kind="location", version=2):
    with write():
        return consent.publish(kind=kind, version=version, title="新的说明", text="换了用处。", sensitive=True)


def child_of(town, mother="zhanglan", child="zhaoqiang"):
    """A child with a confirmed guardian who has not agreed to anything yet."""
    with write():
        age.tell(town.person(child), "child", actor=town.actor(child))
        return Delegation.create(
            kind="guardian", principal=town.person(child), agent=town.person(mother), relation="parent",
            community=town.community(), state="confirmed", confirmed_at=now(),
        )  # fmt: skip


def test_the_newest_answer_counts_and_none_is_edited(town):
    zhanglan = town.person("zhanglan")
    held = []
    for answer in ("refused", "given", "withdrawn", "given"):
        say(town, "location", answer)
        held.append(consent.has(zhanglan, "location"))
    assert held == [False, True, False, True]
    answers = [row.answer for row in Consent.select().order_by(Consent.id)]
    assert answers == ["refused", "given", "withdrawn", "given"]
    assert not consent.has(town.person("sunmei"), "location") and not consent.has(zhanglan, "phone")


def test_a_new_version_asks_again_and_the_old_one_is_not_answered(town):
    say(town, "location")
    text = renew()
    zhanglan = town.person("zhanglan")
    assert not consent.has(zhanglan, "location")
    assert consent.state_of(text, consent.answers_of(zhanglan)["location"]) == "not_asked"
    assert consent.may_ask(text, consent.answers_of(zhanglan)["location"], now())
    with pytest.raises(Conflict) as said:
        say(town, "location", version=1)
    assert said.value.code == "consent_outdated"
    say(town, "location", version=2)
    assert consent.has(zhanglan, "location")


def test_a_published_text_is_not_changed(town):
    text = consent.current("location")
    values = {"kind": "location", "version": 1, "title": text.title, "text": text.text, "sensitive": True}
    assert consent.publish(**values) == text
    for wrong in ({"text": "别的"}, {"title": "别的"}, {"sensitive": False}, {"version": 0}):
        with pytest.raises(Conflict):
            consent.publish(**values | wrong)
    renew(version=3)
    with pytest.raises(Conflict):
        renew(version=2)
    with pytest.raises(Refusal):
        consent.publish(kind="shoes", version=1, title="鞋", text="鞋")
    assert [(row.version, row.text) for row in ConsentText.select().where(ConsentText.kind == "location")] == [
        (1, text.text), (3, "换了用处。")
    ]  # fmt: skip


@pytest.mark.parametrize("answer", ["refused", "withdrawn"])
def test_after_a_no_nobody_is_asked_for_thirty_days(sqlite_town, answer):
    text, row = consent.current("phone"), say(sqlite_town, "phone", answer)
    assert consent.may_ask(text, None, now())
    for days, may in ((0, False), (29, False), (30, True)):
        assert consent.may_ask(text, row, row.at + timedelta(days=days)) is may
    newer = renew("phone")
    assert not consent.may_ask(newer, row, row.at + timedelta(days=29))


def test_what_was_given_is_not_asked_again(sqlite_town):
    assert not consent.may_ask(consent.current("phone"), say(sqlite_town, "phone"), now() + timedelta(days=900))


def test_a_number_goes_with_its_consent(town):
    say(town, "phone")
    assert town.person("zhanglan").phone == "13800000001"
    say(town, "phone", "withdrawn")
    assert town.person("zhanglan").phone is None


def test_taking_back_needs_no_giving_first_and_is_written_once(sqlite_town):
    zhanglan = sqlite_town.actor("zhanglan")
    for _ in range(2):
        consent.withdraw(zhanglan.person, "phone", actor=zhanglan, channel="chat")
    assert [(row.answer, row.channel) for row in Consent.select()] == [("withdrawn", "chat")]
    assert sqlite_town.person("zhanglan").phone is None


def test_every_answer_is_in_the_audit_log_about_the_person(town):
    say(town, "location")
    row = Audit.select().where(Audit.action == "consent.write").get()
    assert (row.person, row.about, row.subject) == (town.person("zhanglan"), town.person("zhanglan"), "location:1")
    assert row.after == {"answer": "given"}


def test_nobody_answers_for_a_stranger(town):
    with pytest.raises(NotFound):
        say(town, "phone", who="hefang", person=town.person("zhanglan"))
    assert Consent.select().count() == 0


def test_what_is_missing_is_named(sqlite_town):
    with pytest.raises(Refusal) as said:
        consent.need(sqlite_town.person("zhanglan"), "location")
    assert (said.value.code, said.value.fields) == ("consent_missing", {"kind": "location", "version": "1"})
    Consent.delete().execute()
    ConsentText.delete().execute()
    with pytest.raises(Refusal) as said:
        consent.need(sqlite_town.person("zhanglan"), "location")
    assert (said.value.code, said.value.fields) == ("consent_missing", {"kind": "location"})


# Under 14.


def test_a_child_stores_nothing_until_the_guardian_agrees(town):
    row = child_of(town)
    child = town.person("zhaoqiang")
    with pytest.raises(Refusal) as said:
        consent.need_guardian(child)
    assert said.value.code == "guardian_needed"
    with pytest.raises(Refusal):
        say(town, "child", who="zhaoqiang")
    with pytest.raises(Refusal):
        say(town, "phone", who="zhaoqiang")
    given = say(town, "child", person=child)
    assert (given.person, given.answered_by) == (child, town.person("zhanglan"))
    consent.need_guardian(child)
    say(town, "phone", who="zhaoqiang")
    with write():
        delegation.end(row, actor=town.actor("zhanglan"))
    with pytest.raises(Refusal):
        consent.need_guardian(child)


def test_the_guardian_takes_it_back(town):
    child_of(town)
    child = town.person("zhaoqiang")
    say(town, "child", person=child)
    say(town, "child", "withdrawn", person=child)
    with pytest.raises(Refusal):
        consent.need_guardian(child)


def test_a_family_member_who_is_no_guardian_cannot_agree_for_a_child(town):
    row = child_of(town)
    Delegation.update(kind="family").where(Delegation.id == row.id).execute()
    with pytest.raises(Refusal) as said:
        say(town, "child", person=town.person("zhaoqiang"))
    assert said.value.code == "guardian_needed"


def test_whoever_acts_for_a_grown_up_with_wechat_only_takes_back(town):
    """张兰 may not say yes in the name of 赵强, who has a phone of his own; for her father, who has none, she may."""
    with write():
        father = Person.create(name="张国强", phone="13800000099")
        for principal in (town.person("zhaoqiang"), father):
            Delegation.create(
                kind="family", principal=principal, agent=town.person("zhanglan"), relation="spouse",
                community=town.community(), state="confirmed", confirmed_at=now(),
            )  # fmt: skip
    for wrong in ("given", "refused"):
        with pytest.raises(Refusal) as said:
            say(town, "location", wrong, person=town.person("zhaoqiang"))
        assert said.value.code == "own_answer_needed"
    assert town.person("zhaoqiang").phone == "13800000006" and Consent.select().count() == 0
    say(town, "phone", "withdrawn", person=town.person("zhaoqiang"))
    assert town.person("zhaoqiang").phone is None
    assert say(town, "phone", person=father).answered_by == town.person("zhanglan")


CRIES = (
    "有电线掉在地上冒火花，快来人", "我们楼井盖没了有人掉下去了", "单元门玻璃碎了小孩在流血", "爸爸一直打我", "救救我",
)  # fmt: skip


@pytest.mark.parametrize("words", CRIES)
def test_a_child_that_cries_for_help_is_heard(sqlite_town, words):
    child_of(sqlite_town)
    child, light = sqlite_town.person("zhaoqiang"), sqlite_town.category("street_light")
    consent.need_guardian_to_say(child, words, sqlite_town.community())
    consent.need_to_report(child, category=light, words=words, point=(34.78, 114.36))


def test_a_danger_opens_the_way_for_itself_alone(town):
    """Whose fire is being put out may say more of it, but not report a lamp or leave a name."""
    child_of(town)
    child = town.actor("zhaoqiang")
    with write():
        cases.report(
            actor=child, community=town.community(), category=town.category("missing_manhole_cover"),
            words="井盖没了", channel="chat",
        )  # fmt: skip
    for words in ("在3号楼2单元", "井盖就在门口", "着火了", ""):
        consent.need_guardian_to_say(child.person, words, town.community())
    consent.need_guardian_to_point(child.person)
    for refused in (
        lambda: consent.need_guardian(child.person),
        lambda: consent.need_guardian_to_say(child.person, "路灯不亮", town.community()),
        lambda: consent.need_to_report(child.person, category=town.category("street_light"), point=None),
    ):
        with pytest.raises(Refusal) as said:
            refused()
        assert said.value.message == consent.GUARDIAN_NEEDED
    with write():
        Case.update(state="closed").execute()
    for refused in (
        lambda: consent.need_guardian_to_point(child.person),
        lambda: consent.need_guardian_to_say(child.person, "在3号楼2单元", town.community()),
    ):
        with pytest.raises(Refusal):
            refused()


def test_a_refused_child_is_told_what_to_do(sqlite_town):
    assert "没有收下" in consent.GUARDIAN_NEEDED and "请让大人来说，或打社区电话" in consent.GUARDIAN_NEEDED
    assert "110 / 119 / 120" in consent.GUARDIAN_NEEDED


def test_in_an_emergency_a_child_is_heard(town):
    child_of(town)
    child = town.person("zhaoqiang")
    consent.need_to_report(child, category=town.category("fire"), point=(34.78, 114.36))
    with pytest.raises(Refusal):
        consent.need_to_report(child, category=town.category("street_light"), point=None)


def test_a_grown_up_needs_a_consent_for_the_exact_place_only(town):
    zhanglan, light = town.person("zhanglan"), town.category("street_light")
    consent.need_to_report(zhanglan, category=light, point=None)
    consent.need_to_report(zhanglan, category=town.category("fire"), point=(34.78, 114.36))
    with pytest.raises(Refusal):
        consent.need_to_report(zhanglan, category=light, point=(34.78, 114.36))
    say(town, "location")
    consent.need_to_report(zhanglan, category=light, point=(34.78, 114.36))


# The notice of the chat.


def test_the_notice_is_said_once_a_version_and_is_no_consent(town):
    zhanglan = town.person("zhanglan")
    said = [consent.notice(zhanglan, "location") for _ in range(2)]
    assert said == [consent.NOTICES["location"], None]
    assert not consent.has(zhanglan, "location") and consent.answers_of(zhanglan) == {}
    renew()
    assert consent.notice(zhanglan, "location") == consent.NOTICES["location"]


def test_whoever_agreed_is_not_told_and_whoever_took_it_back_is_told_again(sqlite_town):
    zhanglan = sqlite_town.person("zhanglan")
    say(sqlite_town, "location")
    assert consent.notice(zhanglan, "location") is None
    say(sqlite_town, "location", "withdrawn")
    assert consent.notice(zhanglan, "location") == consent.NOTICES["location"]


# Age.


def test_age_is_a_group_and_a_child_does_not_grow_up_alone(town):
    with write():
        for group in ("adult", "teen", "child", "child"):
            age.tell(town.person("zhaoqiang"), group, actor=town.actor("zhaoqiang"))
    assert town.person("zhaoqiang").age_group == "child"
    with pytest.raises(Refusal) as said:
        age.tell(town.person("zhaoqiang"), "adult", actor=town.actor("zhaoqiang"))
    assert said.value.code == "guardian_needed"
    with pytest.raises(Refusal):
        age.tell(town.person("zhanglan"), "ancient", actor=town.actor("zhanglan"))
    with pytest.raises(NotFound):
        age.tell(town.person("zhaoqiang"), "adult", actor=town.actor("zhanglan"))
    child_of(town)
    with write():
        age.tell(town.person("zhaoqiang"), "teen", actor=town.actor("zhanglan"))
    assert town.person("zhaoqiang").age_group == "teen"
    rows = Audit.select().where(Audit.action == "person.age", Audit.about == town.person("zhaoqiang"))
    assert [row.after["group"] for row in rows.order_by(Audit.id)] == ["adult", "teen", "child", "teen"]


def test_a_guardian_makes_nobody_a_child(town):
    """小宝 has grown: the mother cannot put it back under 14; her part as a guardian ends when it is of age."""
    row = child_of(town)
    with write():
        age.tell(town.person("zhaoqiang"), "teen", actor=town.actor("zhanglan"))
    with pytest.raises(Refusal) as said:
        age.tell(town.person("zhaoqiang"), "child", actor=town.actor("zhanglan"))
    assert (said.value.code, town.person("zhaoqiang").age_group) == ("no_child", "teen")
    with write():
        age.tell(town.person("zhaoqiang"), "adult", actor=town.actor("zhaoqiang"))
    assert Delegation.get_by_id(row.id).state == "ended" and delegation.agents_of(town.person("zhaoqiang")) == []


def correct(town, key="", group="adult", who="chenjing", reason="本人到场核对身份证"):
    with write():
        return age.correct(
            key or town.person("zhanglan").key, group, actor=town.actor(who), community=town.community(), reason=reason
        )


def test_a_mistake_is_corrected_at_the_counter(town):
    row = child_of(town, mother="sunmei", child="zhanglan")
    correct(town)
    assert (town.person("zhanglan").age_group, Delegation.get_by_id(row.id).state) == ("adult", "ended")
    noted = Audit.select().where(Audit.action == "person.age").order_by(Audit.id.desc()).first()
    assert (noted.person, noted.about, noted.reason, noted.before, noted.after) == (
        town.person("chenjing"), town.person("zhanglan"), "本人到场核对身份证", {"group": "child"}, {"group": "adult"}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"who": "hefang"}, "forbidden"), ({"who": "zhanglan"}, "forbidden"), ({"reason": "错"}, "reason_missing"),
        ({"group": "ancient"}, "age_unknown"), ({"key": "nosuchperson"}, "person_unknown"),
        ({"key": "masuhua"}, "person_unknown"), ({"key": "zhaoqiang"}, "person_unknown"),
    ],
)  # fmt: skip
def test_what_is_not_corrected(sqlite_town, wrong, code):
    """Not by the neighbours' staff, not without a reason, and nobody who lives elsewhere or was never here."""
    child_of(sqlite_town, mother="sunmei", child="zhanglan")
    if wrong.get("key") in ("masuhua", "zhaoqiang"):
        wrong = wrong | {"key": sqlite_town.person(wrong["key"]).key}
    with pytest.raises(Refusal) as said:
        correct(sqlite_town, **wrong)
    assert (said.value.code, sqlite_town.person("zhanglan").age_group) == (code, "child")


def test_two_who_turn_out_to_be_one_keep_answers_and_age(town):
    """The newcomer of the chat answered; WeChat says it is 张兰."""
    with write():
        newcomer = Person.create(age_group="adult")
        Consent.create(person=newcomer, text=consent.current("phone"), answer="given")
        Identity.update(person=newcomer).where(Identity.id == town.identity("zhanglan").id).execute()
        introduce(town.identity("zhanglan"), "demo-union-zhanglan")
    assert consent.has(town.person("zhanglan"), "phone") and town.person("zhanglan").age_group == "adult"
