"""Persons as WeChat tells of them: met once, joined by unionid, with a budget of what may still be said to them."""

from datetime import timedelta

import pytest

from app.rules import conversation as talk
from app.rules import mask, person, subscription
from app.rules.refusal import Refusal
from models.base import now, write
from models.letter import Subscription
from models.person import Identity, Person
from models.task import Task
from tests.rules.together import at_once

MINUTE = timedelta(minutes=1)
KINDS = {"T-answer": "answer_waiting", "T-task": "case_assigned"}


def meet(account="official", openid="o-new", unionid=None):
    kind = "official" if account == "official" else "miniprogram"
    with write():
        return person.meet(account=account, kind=kind, openid=openid, unionid=unionid)


def fresh(identity):
    return Identity.get_by_id(identity.id)


def test_somebody_new_in_the_chat_becomes_a_person_and_is_asked_after(sqlite_town):
    before = Person.select().count()
    identity = meet()
    assert (identity.account, identity.kind, identity.person.unionid) == ("official", "official", None)
    assert Task.get().payload == {"identity": identity.id}
    assert meet() == identity
    assert (Person.select().count() - before, Task.select().count()) == (1, 1)


def test_two_messages_of_somebody_new_at_once_make_one_person(town):
    before = Person.select().count()
    met = at_once(*[meet] * 6)
    assert (len({identity.person_id for identity in met}), Person.select().count() - before) == (1, 1)
    assert Task.select().where(Task.kind == "introduce").count() == 1


def test_two_logins_of_somebody_new_at_once_make_one_person(town):
    before = Person.select().count()
    met = at_once(*[lambda: meet("mini", "m-new", "u-new")] * 6)
    assert (len({identity.person_id for identity in met}), Person.select().count() - before) == (1, 1)


def test_the_mini_program_tells_the_unionid_at_once(sqlite_town):
    zhanglan = sqlite_town.person("zhanglan")
    assert meet("mini", "another-phone", "demo-union-zhanglan").person == zhanglan
    assert Task.select().count() == 0


def test_who_logs_in_later_with_a_unionid_is_joined(sqlite_town):
    """Known in the mini-program without a unionid first; with one, it turns out to be 张兰."""
    stranger = meet("mini", "m-new")
    assert stranger.person != sqlite_town.person("zhanglan")
    assert meet("mini", "m-new", "demo-union-zhanglan").person == sqlite_town.person("zhanglan")
    assert meet("mini", "m-new").person == sqlite_town.person("zhanglan")


def test_a_message_opens_the_window_for_two_days_and_five_answers(sqlite_town):
    identity, moment = sqlite_town.identity("zhanglan"), now()
    person.heard_from(identity, moment)
    told = fresh(identity)
    assert (told.window_until, told.replies_left, told.seen_at) == (moment + timedelta(hours=48), 5, moment)


@pytest.mark.parametrize(
    "hours, left, after",
    [
        (None, 0, (3, "minute")),  # nothing open: a tap on the menu opens a minute
        (40, 4, (4, "days")),  # a larger window stays as it is
        (40, 0, (3, "minute")),  # it is used up: the tap is worth more
        (-1, 5, (3, "minute")),  # it is over
    ],
)
def test_a_tap_on_the_menu_never_makes_the_window_smaller(sqlite_town, hours, left, after):
    identity, moment = sqlite_town.identity("zhanglan"), now()
    until = moment + timedelta(hours=hours) if hours else None
    Identity.update(window_until=until, replies_left=left).where(Identity.id == identity.id).execute()
    person.opened_window(fresh(identity), moment, messages=3, seconds=60)
    told = fresh(identity)
    assert (told.replies_left, told.window_until) == (after[0], moment + MINUTE if after[1] == "minute" else until)


def test_who_leaves_is_not_written_to_and_who_comes_back_is(sqlite_town):
    identity = sqlite_town.identity("zhanglan")
    person.heard_from(identity, now())
    person.follow(identity, False)
    assert (fresh(identity).followed, fresh(identity).window_until, fresh(identity).replies_left) == (False, None, 0)
    person.follow(identity, True)
    assert fresh(identity).followed is True


def test_every_acceptance_is_one_message_more(town):
    identity = town.identity("zhanglan", "mini")
    accepts = [lambda: person.remember_subscription(identity, "answer_waiting", True)] * 8
    assert at_once(*accepts) == [None] * 8
    person.remember_subscription(identity, "answer_waiting", False)
    row = Subscription.get()
    assert (row.remaining, row.refused_at is None) == (8, False)
    person.remember_subscription(identity, "answer_waiting", True)
    assert (Subscription.get().remaining, Subscription.get().refused_at) == (9, None)


def rows(*answers):
    return [{"TemplateId": template, "SubscribeStatusString": said} for template, said in answers]


@pytest.mark.parametrize("layout", ["xml", "json", "single"])
def test_a_dialogue_is_understood_in_every_layout(sqlite_town, layout):
    identity, tag = sqlite_town.identity("zhanglan", "mini"), "SubscribeMsgPopupEvent"
    said = rows(("T-answer", "accept"), ("T-task", "reject"), ("T-unknown", "accept"))
    fields = {"xml": {tag: {"List": said}}, "json": {"List": said}, "single": {tag: {"List": said[0]}}}[layout]
    subscription.answered(identity, fields, tag, KINDS)
    assert dict(Subscription.select(Subscription.kind, Subscription.remaining).tuples())["answer_waiting"] == 1
    assert Subscription.select().count() == (1 if layout == "single" else 2)


@pytest.mark.parametrize(
    "rubbish", [{}, {"List": "x"}, {"List": [1, None, "x"]}, {"List": {"TemplateId": []}}, {"tag": 1}]
)
def test_rubbish_counts_as_nothing(sqlite_town, rubbish):
    subscription.answered(sqlite_town.identity("zhanglan", "mini"), rubbish, "tag", KINDS)
    assert Subscription.select().count() == 0


def test_who_switches_a_template_off_has_nothing_left_of_it(sqlite_town):
    identity = sqlite_town.identity("zhanglan", "mini")
    for kind in ("answer_waiting", "case_assigned"):
        person.remember_subscription(identity, kind, True)
    subscription.switched_off(identity, {"List": rows(("T-answer", "reject"))}, "tag", KINDS)
    left = dict(Subscription.select(Subscription.kind, Subscription.remaining).tuples())
    assert left == {"answer_waiting": 0, "case_assigned": 1}


def test_the_best_way_to_reach_somebody_now(sqlite_town):
    """The chat while it is open, else a subscription, else a template for who follows, else none."""
    moment, zhanglan = now(), sqlite_town.person("zhanglan")
    conversation = talk.open_with(zhanglan, sqlite_town.community())
    official, mini = sqlite_town.identity("zhanglan"), sqlite_town.identity("zhanglan", "mini")
    assert person.reach(conversation, moment) == {"way": "template", "left": 1}
    person.remember_subscription(mini, "answer_waiting", True)
    assert person.reach(conversation, moment) == {"way": "subscribe", "left": 1}
    person.heard_from(official, moment)
    assert person.reach(conversation, moment) == {"way": "chat", "left": 5, "until": moment + timedelta(hours=48)}
    assert person.reach(conversation, moment + timedelta(hours=49)) == {"way": "subscribe", "left": 1}
    Subscription.delete().execute()
    person.follow(official, False)
    assert person.reach(conversation, moment) == {"way": "none", "left": 0}


@pytest.mark.parametrize("name, kept", [(" 张姐 ", "张姐"), ("张", "张"), ("兰" * 32, "兰" * 32)])
def test_people_say_how_they_want_to_be_called(sqlite_town, name, kept):
    person.rename(sqlite_town.person("zhanglan"), name, sqlite_town.actor("zhanglan"))
    assert sqlite_town.person("zhanglan").name == kept


@pytest.mark.parametrize("name", ["", "   ", "兰" * 33])
def test_a_name_is_neither_empty_nor_a_story(sqlite_town, name):
    with pytest.raises(Refusal) as said:
        person.rename(sqlite_town.person("zhanglan"), name, sqlite_town.actor("zhanglan"))
    assert (said.value.code, sqlite_town.person("zhanglan").name) == ("name_invalid", "张兰")


@pytest.mark.parametrize("phone, shown", [("13800000001", "138****0001"), ("12345", ""), ("", ""), (None, "")])
def test_a_number_is_shown_without_its_middle(phone, shown):
    assert mask.phone(phone) == shown


def test_whose_mini_program_is_gone_logs_in_again(sqlite_town):
    zhanglan = sqlite_town.person("zhanglan")
    assert person.mini_identity(zhanglan) == sqlite_town.identity("zhanglan", "mini")
    Identity.delete().where(Identity.kind == "miniprogram").execute()
    with pytest.raises(Refusal) as said:
        person.mini_identity(zhanglan)
    assert said.value.code == "login_again"
