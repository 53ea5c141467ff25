"""Our plain values in the platform's narrow fields: whatever a resident says, the card is never refused for it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.jobs.layout import CHAT_BYTES, chat, fields, fit, moment
from app.sandbox.wechat.fields import accepts
from tests.jobs.post import CONTENT

#: The kinds of fields in config.toml whose value may come from a person's words.
KINDS = ("thing1", "character_string1", "phrase1")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(KINDS))
@example("", "thing1")
@example("\x00\x7f\u2028井盖", "thing1")
@example("a b", "character_string1")
def test_whatever_is_said_the_platform_takes_it(words, key):
    assert accepts(key, fit(key, words))


@pytest.mark.parametrize(
    "key, value, shown",
    [
        ("thing2", "  井盖\n坏了 ", "井盖 坏了"),
        ("thing2", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"),
        ("thing2", "", "详情请点开查看"),
        ("phrase3", "待评价", "待评价"),
        ("phrase3", "", "待定"),
        ("character_string1", "#1001", "#1001"),
        ("character_string1", "编号", "-"),
        ("name3", "社区", "社区"),
        ("name3", "", "社区"),
        ("time4", "2026-03-02T01:05:00+00:00", "2026年03月02日 09:05"),
    ],
)
def test_what_stands_on_the_card(key, value, shown):
    assert (fit(key, value), accepts(key, shown)) == (shown, True)


def test_without_a_time_it_is_now():
    assert accepts("time4", moment(""))


def test_every_template_of_the_demo_is_accepted(sqlite_town):
    """Both accounts, every kind of letter, with all that we could say and with nothing at all."""
    for account in sqlite_town.settings.wechat.accounts.values():
        for kind in type(account.templates).model_fields:
            for content in (CONTENT, {}):
                laid_out = fields(getattr(account.templates, kind), content)
                assert {key: accepts(key, value) for key, value in laid_out.items()} == dict.fromkeys(laid_out, True)


@pytest.mark.parametrize("text", ["好" * 682, "好" * 683, "😀" * 600, "a" * 5000, ""])
def test_the_chat_takes_two_thousand_bytes(text):
    said = chat(text)
    assert len(said.encode()) <= CHAT_BYTES
    assert (said == text) is (len(text.encode()) <= CHAT_BYTES)
