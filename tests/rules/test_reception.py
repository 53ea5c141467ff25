"""Which community hears it: the home, what is named or pointed at, the last talk, else the reception desk."""

import pytest

from app.rules import conversation as talk
from app.rules.reception import conversation_for
from app.rules.refusal import Refusal
from models.base import now
from models.conversation import Conversation, Draft, Line
from models.place import Place


def spoken(town, who, default="wenhua", **more):
    """The code of the community in which somebody is heard."""
    found = conversation_for(town.identity(who), town.actor(who), default=default, **more)
    assert found.person == town.person(who)
    return found.community.code


def test_who_lives_somewhere_is_heard_there_whatever_is_said(sqlite_town):
    assert spoken(sqlite_town, "zhanglan", text="柳荫里门口井盖坏了", point=(34.7705, 114.3722)) == "huimin"
    assert spoken(sqlite_town, "masuhua") == "liuyin"


def test_who_names_a_compound_is_heard_there(sqlite_town):
    assert spoken(sqlite_town, "zhaoqiang", text="柳荫里7号楼漏水") == "liuyin"


def test_who_points_at_a_place_is_heard_there(sqlite_town):
    assert spoken(sqlite_town, "zhaoqiang", point=(34.7931, 114.3561)) == "wenhua"


def test_a_point_far_from_every_compound_tells_nothing(sqlite_town):
    assert spoken(sqlite_town, "zhaoqiang", point=(39.9, 116.4)) == "wenhua"


def test_who_says_nothing_more_goes_on_in_the_last_talk(sqlite_town):
    spoken(sqlite_town, "zhaoqiang", text="幸福家园有人吗")
    spoken(sqlite_town, "zhaoqiang", text="柳荫里有人吗")
    Conversation.update(last_at=now()).where(Conversation.community == sqlite_town.community("liuyin")).execute()
    assert spoken(sqlite_town, "zhaoqiang", text="还是我") == "liuyin"
    assert Conversation.select().where(Conversation.person == sqlite_town.person("zhaoqiang")).count() == 2


def test_whom_nobody_can_place_is_received_at_the_desk_of_the_settings(sqlite_town):
    assert spoken(sqlite_town, "zhaoqiang", text="有人吗") == "wenhua"


@pytest.mark.parametrize("default", ["", "nowhere"])
def test_without_a_reception_one_is_asked_to_say_where_one_lives(sqlite_town, default):
    with pytest.raises(Refusal) as said:
        spoken(sqlite_town, "zhaoqiang", default)
    assert (said.value.code, Conversation.select().count()) == ("no_reception", 0)


def test_where_there_is_only_one_community_it_receives(sqlite_town):
    Place.update(active=False).where(Place.kind == "community", Place.code != "liuyin").execute()
    assert spoken(sqlite_town, "zhaoqiang", "") == "liuyin"


def test_a_report_moves_along_when_its_place_is_told_late(town):
    """"井盖坏了" — "在柳荫里": the words already said go to the community that can help."""
    identity, actor = town.identity("zhaoqiang"), town.actor("zhaoqiang")
    first = conversation_for(identity, actor, default="wenhua", text="井盖坏了")
    draft = Draft.create(conversation=first, words="井盖坏了")
    line = talk.hear(first, text="井盖坏了", draft=draft)
    assert conversation_for(identity, actor, default="wenhua", text="就在门口") == first
    there = conversation_for(identity, actor, default="wenhua", text="在柳荫里")
    assert there.community.code == "liuyin"
    assert (Draft.get_by_id(draft.id).conversation, Line.get_by_id(line.id).conversation) == (there, there)


def test_answers_go_back_to_the_account_that_was_used_last(sqlite_town):
    for account in ("official", "mini", "official"):
        identity = sqlite_town.identity("zhanglan", account)
        conversation_for(identity, sqlite_town.actor("zhanglan"), default="")
        assert Conversation.get().identity == identity
