"""One delivery of the platform: proved, kept, heard and answered once, however often it comes."""

import http.client
import io
import json
import socket
import threading
import time
from urllib.parse import urlencode

import pytest
from werkzeug.serving import make_server
from werkzeug.test import create_environ, run_wsgi_app

from app.factory import create_app
from app.sandbox.envelope import signature
from handlers.wechat.callback import REPLY_BYTES
from models.base import database
from models.case import Case
from models.conversation import Conversation, Line
from models.inbound import Inbound
from models.letter import Letter
from models.person import Identity, Person
from models.task import Task
from tests.gateway.stand_in import StandIn
from tests.handlers.wechat.conftest import open_client
from tests.handlers.wechat.phone import NONCE, Phone, Queries, as_xml, envelope, finish, lines, opened, phone
from tests.town import town_at

MANHOLE = "3号楼门口井盖坏了"


# The address is checked.


def test_the_platform_checks_the_address_and_gets_its_echo(take):
    account = take("zhanglan").ours
    moment = str(int(time.time()))
    args = {"timestamp": moment, "nonce": "7", "echostr": "4375120948345356249"}
    signed = args | {"signature": signature(account.token.get_secret_value(), moment, "7")}
    answer = take("zhanglan").client.get("/wechat/official", query_string=signed)
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/plain", "4375120948345356249")
    for wrong in (args, signed | {"nonce": "8"}, signed | {"timestamp": "1"}, {}):
        refused = take("zhanglan").client.get("/wechat/official", query_string=wrong)
        assert (refused.status_code, refused.text) == (403, "forbidden")
    elsewhere = take("zhanglan").client.get("/wechat/mini", query_string=signed)
    assert elsewhere.status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_account_that_is_not_ours_is_not_found(client, method):
    answer = getattr(client, method)("/wechat/somebody", data=b"x" * 100_000)
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")


# Who is not WeChat changes nothing.


def forged(phone: Phone) -> dict[str, tuple[dict, bytes]]:
    """Deliveries that are not quite right, each with its query and body."""
    fields = {"ToUserName": "gh", "FromUserName": phone.openid, "CreateTime": 1, "MsgType": "text", "MsgId": 1}
    content = as_xml(fields | {"Content": MANHOLE})
    args, body = envelope(phone.ours, content)
    other_args, other_body = envelope(phone.client.town.settings.wechat.accounts["mini"], content)
    return {
        "nothing": ({}, b""),
        "no body": (args, b""),
        "no signature": ({}, body),
        "another body": (args, body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[AAAA")),
        "another account": (other_args, other_body),
        "plain body": (args | {"encrypt_type": "raw"}, content.encode()),
        "plain body, no type": ({key: args[key] for key in ("signature", "timestamp", "nonce")}, content.encode()),
        "another token": envelope(phone.ours, content, token="guessed"),
        "another key": envelope(phone.ours, content, aes_key="k" * 43),
        "an old one": envelope(phone.ours, content, moment=int(time.time()) - 310),
        "one of tomorrow": envelope(phone.ours, content, moment=int(time.time()) + 310),
        "upper case": (args | {"msg_signature": args["msg_signature"].upper()}, body),
        "another nonce": (args | {"nonce": NONCE + "1"}, body),
        "gzip": (args, b"\x1f\x8b\x08\x00" + body),
    }


def test_whoever_is_not_wechat_is_refused_and_leaves_no_trace(take):
    zhanglan = take("zhanglan")
    before = (Person.select().count(), Identity.select().count())
    for name, (args, body) in forged(zhanglan).items():
        answer = zhanglan.client.post("/wechat/official", query_string=args, data=body)
        assert (name, answer.status_code, answer.text) == (name, 403, "forbidden")
    assert (Inbound.select().count(), Line.select().count(), Case.select().count()) == (0, 0, 0)
    assert (Person.select().count(), Identity.select().count()) == before


def pour(client, **environ) -> tuple[str, int]:
    """Deliver ten megabytes; the status, and how many bytes were read of them."""
    body = io.BytesIO(b"x" * 10_000_000)
    whole = create_environ("/wechat/official", method="POST") | environ | {"wsgi.input": body}
    pieces, status, _ = run_wsgi_app(client.application, whole, buffered=True)
    assert json.loads(b"".join(pieces))["error"]["code"] == "too_large"
    return status, body.tell()


def test_ten_megabytes_are_refused_unread(client):
    assert pour(client, CONTENT_LENGTH="10000000") == ("413 REQUEST ENTITY TOO LARGE", 0)


def test_a_body_without_a_length_is_read_to_the_limit_and_no_further(client):
    status, taken = pour(client, **{"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"})
    assert status == "413 REQUEST ENTITY TOO LARGE"
    assert taken <= 65536 + io.DEFAULT_BUFFER_SIZE


def test_a_chunked_delivery_is_understood_over_real_http(sqlite_town):
    database.close()
    server = make_server("127.0.0.1", 0, create_app(sqlite_town.settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        fields = {"ToUserName": "gh", "FromUserName": "onew", "CreateTime": 1, "MsgType": "event", "Event": "VIEW"}
        args, body = envelope(sqlite_town.settings.wechat.accounts["official"], as_xml(fields))
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        pieces = (body[at : at + 100] for at in range(0, len(body), 100))
        connection.request("POST", f"/wechat/official?{urlencode(args)}", pieces, encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})  # fmt: skip
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"success")
        connection.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert Inbound.get().kind == "VIEW"


# What cannot be read is kept.


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b" ", "not JSON or XML"), (b"<xml>", "not JSON or XML"), (b"<xml><a>\xff</a></xml>", "not JSON or XML"),
        (b"<xml/>", "no fields"), (b"<other/>", "no fields"), (b'{"MsgType":"text"}', "no sender or type"),
        (b"<xml>" + b"<a>" * 6_000 + b"</a>" * 6_000 + b"</xml>", "not to be kept"), (b'{"a":1e999}', "not to be kept"),
        (b'<!DOCTYPE x [<!ENTITY a "a">]><xml><a>&a;</a></xml>', "not JSON or XML"), (b'{"a":"\0"}', "not JSON or XML"),
        (b'{"a":' * 9_000, "not JSON or XML"), (b"<xml><a>]]></a></xml>", "not JSON or XML"),
        (b"\0" * 99, "not JSON or XML"),
    ],
)  # fmt: skip
def test_what_wechat_sends_and_nobody_can_read_is_kept_once_and_not_sent_again(take, content, problem):
    for _ in range(3):  # the platform tries three times, sealed anew each time
        answer = take("zhanglan").deliver({}, content=content)
        assert (answer.status_code, answer.text) == (200, "success")
    row = Inbound.get()
    assert (Inbound.select().count(), row.kind, row.state, row.problem) == (1, "unreadable", "unreadable", problem)
    assert row.payload == {"body": content[:2000].decode(errors="replace").replace("\0", "�")}
    assert Line.select().count() == 0


def test_both_databases_keep_what_a_hostile_text_brings(take_either):
    mini = take_either("zhanglan", "mini")
    head = {"ToUserName": "gh", "FromUserName": mini.openid, "CreateTime": 1, "MsgType": "text"}
    hostile = {
        1: json.dumps(head | {"MsgId": 1, "Content": "a\0b\ud800c\u202e你好\x01"}),
        2: json.dumps(head | {"MsgId": 2, "Content": "你好", "x\0": ["\udfff"] * 9}),
        3: json.dumps(head | {"MsgId": 3, "Content": "你好", "y": float("inf")}),
        4: json.dumps(head | {"MsgId": 4, "Content": "你好" * 2000}),
        5: json.dumps(head | {"MsgId": 5, "MsgType": "event" * 9, "Event": "x"}),
        6: json.dumps(head | {"MsgType": "event", "Event": "e" * 64, "EventKey": "k\0" * 200}),
        7: json.dumps(head | {"MsgId": 7, "MsgType": "n" * 32}),
        8: json.dumps(head | {"MsgId": 8, "Content": 10**4000}),
        9: json.dumps(head | {"MsgId": 9, "MsgType": "image", "MediaId": "m\0" * 900}),
    }
    for number, content in hostile.items():
        answer = mini.deliver({}, content=content)
        assert (number, answer.status_code, answer.text) == (number, 200, "success")
    assert lines()[0] == "ab?c你好"
    assert Inbound.select().where(Inbound.state == "unreadable").count() == 1


# The answer itself.


def test_while_keys_are_changed_the_old_and_the_new_are_both_answered(founded_sqlite, tmp_path):
    (tmp_path / "town.sqlite").write_bytes(founded_sqlite.read_bytes())
    before = {"PREVIOUS_TOKEN": "before3", "PREVIOUS_AES_KEY": "b" * 43}
    changed = {f"DOORSTEP_WECHAT__ACCOUNTS__OFFICIAL__{name}": value for name, value in before.items()}
    with town_at(tmp_path, f"sqlite:///{tmp_path}/town.sqlite", **changed) as town:
        account = town.settings.wechat.accounts["official"]
        for number, keys in enumerate([("", ""), ("before3", ""), ("", "b" * 43), ("before3", "b" * 43)], start=1):
            fields = {"FromUserName": "oofficial-zhanglan", "CreateTime": 1, "MsgType": "text", "MsgId": number}
            args, body = envelope(account, as_xml(fields | {"Content": "您好"}), *keys)
            answer = open_client(town).post("/wechat/official", query_string=args, data=body)
            assert opened(account, answer, *keys)["Content"].startswith("您好，这里是家门口。")


def test_what_a_resident_writes_cannot_become_elements_of_the_answer(take):
    masuhua, guoliang = take("masuhua", "mini"), take("guoliang")
    place = "]]></Content><MsgType>news</MsgType><Content><![CDATA[\x01\u202e东门口"
    masuhua.say("路灯不亮了")
    masuhua.say(place)
    guoliang.say("接单 1001")
    assert guoliang.say("任务") == (
        "#1001 路灯、楼道灯不亮，柳荫里 ]]></Content><MsgType>news</MsgType><Content><![CDATA[东门口：网格员处理中"
    )


def test_a_long_answer_is_cut_between_two_characters(take):
    wang, zhanglan = take("wangdashan"), take("zhanglan")
    for number in range(9):
        zhanglan.say(f"{number + 1}号楼旁边垃圾桶满了" + "，" * 40)
        zhanglan.say("𠮷" * 60 + "口")
    town = zhanglan.client.town
    Case.update(handler=town.person("wangdashan"), state="handling", place_words="𠮷" * 120).execute()
    answer = wang.say("任务")
    assert REPLY_BYTES - 4 < len(answer.encode()) <= REPLY_BYTES <= 2048
    assert answer.startswith("#1001 ")


def test_nothing_is_asked_of_anybody_while_the_platform_waits(founded_sqlite, tmp_path, monkeypatch):
    (tmp_path / "town.sqlite").write_bytes(founded_sqlite.read_bytes())
    platform = StandIn()
    try:
        with town_at(tmp_path, f"sqlite:///{tmp_path}/town.sqlite", DOORSTEP_WECHAT__API=platform.url) as town:
            client, calls = open_client(town), []
            monkeypatch.setattr(socket.socket, "connect", lambda *args: calls.append(args))
            newcomer, mini, wang = (phone(client, *who) for who in [("new",), ("zhanglan", "mini"), ("wangdashan",)])
            newcomer.does("subscribe", EventKey="")
            newcomer.say("幸福家园3号楼门口井盖坏了")
            newcomer.show()
            newcomer.send("voice", MediaId="v", Format="amr")
            mini.say("3号楼路灯不亮")
            mini.does("user_enter_tempsession", SessionFrom="")
            finish(wang, 1001)
            assert (calls, platform.asked) == ([], [])
            # What is left for the worker to ask: who the newcomer is, and four files.
            owed = sorted(Task.select(Task.kind).where(Task.kind.in_(("introduce", "fetch"))).tuples())
            assert owed == [("fetch",)] * 4 + [("introduce",)]
    finally:
        monkeypatch.undo()
        platform.close()


def test_the_queries_of_a_sentence_and_of_a_report_do_not_grow(take):
    zhanglan = take("zhanglan")
    made = {}
    for text in ("您好", "谢谢", MANHOLE, "怎么还不来"):
        with Queries() as count:
            zhanglan.say(text)
        made[text] = count.made
    with Queries() as count:
        zhanglan.again()
    assert made | {"again": count.made} == {"您好": 22, "谢谢": 16, MANHOLE: 50, "怎么还不来": 17, "again": 2}


def test_whoever_speaks_for_the_first_time_is_one_person_with_one_question_to_the_platform(take_either):
    new = take_either("new")
    new.does("subscribe", EventKey="")
    new.say("幸福家园3号楼门口井盖坏了")
    identity = Identity.get(Identity.openid == new.openid)
    assert (identity.account, identity.kind) == ("official", "official")
    assert (identity.followed, identity.replies_left) == (True, 5)
    assert [task.payload for task in Task.select().where(Task.kind == "introduce")] == [{"identity": identity.id}]
    assert Conversation.get(Conversation.person == identity.person).identity == identity


@pytest.mark.parametrize("account", ["official", "mini"])
def test_what_the_bot_answers_belongs_to_the_case_it_answers_about(take, account):
    """Whoever may not read the report does not read its number in the bot's words either."""
    take("zhanglan", account).say(MANHOLE)
    assert [line.case for line in Line.select().where(Line.author == "bot")] == [Case.get()]
    assert {row.case for row in Letter.select().where(Letter.kind == "reply")} <= {Case.get()}
