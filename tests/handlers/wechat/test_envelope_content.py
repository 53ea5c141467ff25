"""What was sealed: read as both databases can keep it, or unreadable, and nothing else; and what goes back."""

import pytest

from handlers.wechat import envelope
from handlers.wechat.envelope import Unreadable

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "content",
    [
        b"", b" ", b"text", b"{", b"[]", b"[{}]", b'"text"', b"null", b"{}{}", b"<xml>", b"<xml/>", b"<xml>text</xml>",
        b"<other><MsgType>text</MsgType></other>", b"<xml></xml><xml></xml>", "<xml>一</xml>".encode("utf-16"),
        "<xml>一</xml>".encode("gbk"), b"<xml><a>\xff</a></xml>", b"<xml><a>\0</a></xml>", b"<xml><a>&#0;</a></xml>",
        b"<xml><a>]]></a></xml>", b"<xml><a><![CDATA[1]]>]]></a></xml>", b"<xml><a>&nbsp;</a></xml>",
        b'<!DOCTYPE xml [<!ENTITY b SYSTEM "file:///etc/passwd">]><xml><a>&b;</a></xml>',
        b'<!DOCTYPE xml [<!ENTITY b "1">]><xml><a>&b;</a></xml>',
        f'<!DOCTYPE xml [<!ENTITY l0 "ha">{LAUGHS}]><xml><a>&l9;</a></xml>'.encode(),
        b"<xml>" + b"<a>" * 9_000 + b"</a>" * 9_000 + b"</xml>", b"<a>" * 21_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b'{"a":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"a":[[[[[[[[[1]]]]]]]]]}', b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":1e999}',
        b'{"a":' + b"9" * 10_000 + b"}", b'{"a":"\x01"}', b'{"a":1,}', b"{'a':1}",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_unreadable_and_nothing_else(content):
    with pytest.raises(Unreadable):
        envelope.parse(content)


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"\xef\xbb\xbf<xml><a>1</a></xml>", {"a": "1"}),
        (b'\xef\xbb\xbf {"a": 1}', {"a": 1}),
        (b'<?xml version="1.0" encoding="gbk"?><xml><a>\xe4\xb8\x80</a></xml>', {"a": "一"}),
        (b"<xml><a><![CDATA[1]]]]><![CDATA[>2]]></a></xml>", {"a": "1]]>2"}),
        (b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/never-fetched.dtd"><xml><a>&b;</a></xml>', {"a": None}),
        (b"<xml><a/><b>1</b><b>2</b></xml>", {"a": None, "b": ["1", "2"]}),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b'{"a":"\\u0000x\\ud800\\ud83d\\ude00"}', {"a": "x?😀"}),
        (b'{"a\\u0000":{"b":[1,2.5,true,null]}}', {"a": {"b": [1, 2.5, True, None]}}),
    ],
)
def test_what_can_be_read_is_read_as_both_databases_can_keep_it(content, fields):
    assert envelope.parse(content) == fields


def test_nobody_injects_elements_into_a_reply():
    hostile = "a]]></Content><MsgType>news</MsgType><Content><![CDATA[b]]>"
    assert envelope.parse(envelope.text_reply(hostile, hostile, hostile, 7).encode()) == {
        "ToUserName": hostile, "FromUserName": hostile, "CreateTime": "7", "MsgType": "text", "Content": hostile,
    }  # fmt: skip
