"""Fuzzing the WeChat callback: whatever comes, genuine or forged, is answered quickly and leaves only what it should.

The first byte of an input chooses the way in, the rest is what goes there. Signatures are made here over the changed
bytes, so that the fuzzer gets behind them; `@T`, `@S` and `@M` in a query, `@E` in a body, stand for what is genuine.
"""

import base64
import json
import time
from pathlib import Path

import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from werkzeug.test import TestResponse

from app.sandbox.envelope import BadEnvelope, seal, signature, unseal
from handlers.wechat.envelope import Unreadable, parse
from handlers.wechat.message import read
from tests.fuzz.ground import SECONDS, Broken, Ground
from tests.handlers.wechat.phone import NONCE, as_xml
from tests.town import OPENIDS

SUFFIX = "bin"
LIMIT = 65_536
HEAD = {"ToUserName": "gh_1", "CreateTime": 1_700_000_000}
FIELDS = (
    "ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Content", "Event", "EventKey", "MediaId",
    "PicUrl", "Recognition", "Format", "Label", "Location_X", "Location_Y", "Scale", "trace_id", "MsgID", "Status",
    "ErrorCode", "List", "SubscribeMsgPopupEvent", "SubscribeMsgSentEvent", "SubscribeMsgChangeEvent", "TemplateId",
    "SubscribeStatusString", "PopupScene", "SessionFrom", "Title", "Url", "Latitude", "Encrypt",
)  # fmt: skip
#: What mutations put together; the platform's words, the chat's commands, and what breaks parsers.
WORDS = (
    *FIELDS, "text", "image", "voice", "location", "event", "subscribe", "unsubscribe", "SCAN", "CLICK", "cases",
    "report", "qrscene_signin-", "signin-", "subscribe_msg_popup_event", "subscribe_msg_sent_event", "wxa_media_check",
    "TEMPLATESENDJOBFINISH", "user_enter_tempsession", "subscribe_msg_change_event", "failed:user block", "accept",
    "接单 1002", "办好 1003", "退回 1002", "围护", "照片 1003", "任务", "帮助", "撤回 #1001", "#1003 满意", "1",
    "4 没解决", "绑定 ", "我是王大山", "进度", "3号楼门口井盖坏了", "#1002 ", "＃１００２", "<![CDATA[", "]]>",
    "<xml>", "</xml>", "&#0;", "<!DOCTYPE", "<?xml", "\\ud800", "\\u0000",
    "1e999", "NaN", "null", "\ufeff", "\u202e", "9" * 21, "18446744073709551616", "-1",
)  # fmt: skip


def check(here: Ground, data: bytes) -> None:
    """Send one input and look at what came of it. Raises Broken."""
    way, send = list(WAYS.items())[(data[0] if data else 0) % len(WAYS)]
    with here.one_input():
        started = time.process_time()
        send(here, data[1:])
        if time.process_time() - started > SECONDS:
            raise Broken(f"{way}: more than {SECONDS} seconds")


def _fields(here: Ground, content: bytes) -> None:
    """Only the readers: any bytes are fields or Unreadable, any fields a message or Unreadable."""
    try:
        read(parse(content))
    except Unreadable:
        return


def _official(here: Ground, content: bytes) -> None:
    _genuine(here, "official", content)


def _mini(here: Ground, content: bytes) -> None:
    _genuine(here, "mini", content)


def _plain(here: Ground, content: bytes) -> None:
    moment = str(int(time.time()))
    args = {"timestamp": moment, "nonce": NONCE, "signature": signature(_token(here, "mini"), moment, NONCE)}
    _heard_once(here, [("/wechat/mini", args, content)] * 2, "mini")


def _genuine(here: Ground, name: str, content: bytes) -> None:
    _heard_once(here, [(f"/wechat/{name}", *_sealed(here, name, content)) for _ in range(2)], name)


def _heard_once(here: Ground, deliveries: list, name: str) -> None:
    """What is genuine is answered 200 and kept as one row; the second delivery changes nothing and says the same."""
    said = []
    for path, args, body in deliveries:
        before = here.version()
        answer = here.ask("POST", path, _written(args), data=body)
        if len(body) > LIMIT:
            return _unchanged(here, before, answer, 413)
        if answer.status_code != 200:
            raise Broken(f"genuine, and answered {answer.status_code}")
        if said and here.version() != before:
            raise Broken("the second delivery of the same changed something")
        said.append(_reply(here, name, answer))
    if said[0] != said[1]:
        raise Broken("the second delivery of the same got another answer")
    if here.count("inbound") != 1:
        raise Broken("genuine, and not kept as one row")


def _reply(here: Ground, name: str, answer: TestResponse) -> str:
    """What the platform would read in the answer: a text, or nothing."""
    if answer.data == b"success":
        return ""
    account, sealed = here.town.settings.wechat.accounts[name], xmltodict.parse(answer.data)["xml"]["Encrypt"]
    try:
        opened = unseal(sealed, aes_key=account.aes_key.get_secret_value(), appid=account.appid)
    except BadEnvelope as error:
        raise Broken("an answer that the platform cannot open") from error
    fields = xmltodict.parse(opened)["xml"]
    if fields["MsgType"] != "text" or not fields["Content"] or len(fields["Content"].encode()) > 2048:
        raise Broken("an answer that the platform would refuse")
    return fields["Content"]


def _block(here: Ground, block: bytes) -> None:
    """A block as it is, well made or not, under the right key and signature."""
    block = block + bytes(-len(block) % 16)
    key = base64.b64decode(here.town.settings.wechat.accounts["official"].aes_key.get_secret_value() + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    cipher = base64.b64encode(encryptor.update(block) + encryptor.finalize()).decode()
    _answered_or_refused(here, _signed(here, cipher), as_xml({"Encrypt": cipher}).encode())


def _body(here: Ground, body: bytes) -> None:
    """Any body, with a signature over whatever cipher our own reader finds in it."""
    body = body.replace(b"@E", _cipher(here, b"<xml><MsgType>event</MsgType></xml>").encode())
    try:
        cipher = parse(body).get("Encrypt")
    except Unreadable:
        cipher = ""
    _answered_or_refused(here, _signed(here, cipher if isinstance(cipher, str) else ""), body)


def _written(args: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in args.items())


def _answered_or_refused(here: Ground, args: dict[str, str], body: bytes) -> None:
    before = here.version()
    answer = here.ask("POST", "/wechat/official", _written(args), data=body)
    if answer.status_code != 200:
        _unchanged(here, before, answer, 403, 413)


def _forged(here: Ground, body: bytes) -> None:
    """Any body under the signature of another one."""
    args = _sealed(here, "official", b"<xml></xml>")[0]
    before = here.version()
    _unchanged(here, before, here.ask("POST", "/wechat/official", _written(args), data=body), 403, 413)
    _unchanged(here, before, here.ask("POST", "/wechat/mini", "", data=body), 403, 413)


def _write_out(here: Ground, query: bytes) -> tuple[str, bytes, bool]:
    """A query with its genuine parts filled in, the body that they are for, and whether the query was left whole."""
    args, body = _sealed(here, "official", b"<xml><FromUserName>onew</FromUserName><MsgType>x</MsgType></xml>")
    for mark, name in ((b"@T", "timestamp"), (b"@S", "signature"), (b"@M", "msg_signature")):
        query = query.replace(mark, args[name].encode())
    return query.decode("latin-1"), body, query.decode("latin-1") == _written(args)


def _query(here: Ground, query: bytes) -> None:
    text, body, whole = _write_out(here, query)
    before = here.version()
    answer = here.ask("POST", "/wechat/official", text, data=body)
    if answer.status_code != 200:
        _unchanged(here, before, answer, 403)
    if whole and answer.status_code != 200:
        raise Broken("a genuine query was refused")


def _echo(here: Ground, query: bytes) -> None:
    """The platform's check of the address: an echo of at most 512 characters, and nothing is ever kept."""
    text, _, _ = _write_out(here, query)
    before = here.version()
    answer = here.ask("GET", "/wechat/official", text)
    _unchanged(here, before, answer, 200, 403)
    if len(answer.data) > 2048 or answer.mimetype != "text/plain":
        raise Broken("an echo that is more than an echo")


def _unchanged(here: Ground, before: int, answer: TestResponse, *statuses: int) -> None:
    if answer.status_code not in statuses:
        raise Broken(f"forged or broken, and answered {answer.status_code}")
    if here.version() != before:
        raise Broken(f"answered {answer.status_code}, and something has changed")


def _token(here: Ground, name: str) -> str:
    return here.town.settings.wechat.accounts[name].token.get_secret_value()


def _cipher(here: Ground, content: bytes, name: str = "official") -> str:
    account = here.town.settings.wechat.accounts[name]
    return seal(content, aes_key=account.aes_key.get_secret_value(), appid=account.appid)


def _signed(here: Ground, cipher: str, name: str = "official") -> dict[str, str]:
    moment, token = str(int(time.time())), _token(here, name)
    return {
        "signature": signature(token, moment, NONCE), "timestamp": moment, "nonce": NONCE, "encrypt_type": "aes",
        "msg_signature": signature(token, moment, NONCE, cipher),
    }  # fmt: skip


def _sealed(here: Ground, name: str, content: bytes) -> tuple[dict[str, str], bytes]:
    cipher = _cipher(here, content, name)
    whole = {"ToUserName": "gh_1", "Encrypt": cipher}
    return _signed(here, cipher, name), (json.dumps(whole) if name == "mini" else as_xml(whole)).encode()


WAYS = {
    "fields": _fields, "official": _official, "mini": _mini, "plain": _plain, "block": _block, "body": _body,
    "query": _query, "echo": _echo, "forged": _forged,
}  # fmt: skip


def seeds() -> dict[str, bytes]:
    """Where the search begins, by name: what the platform publishes, what people say, and what breaks parsers."""
    found = {f"published {name}": _by("mini", body) for name, body in _published().items()}
    for name, fields in _said().items():
        found[f"official {name}"] = _by("official", as_xml(fields).encode())
        found[f"mini {name}"] = _by("mini", json.dumps(fields, ensure_ascii=False).encode())
        found[f"plain {name}"] = _by("plain", json.dumps(fields).encode())
    for name, content in _hostile().items():
        found |= {f"{way} {name}": _by(way, content) for way in ("fields", "official", "mini", "body", "forged")}
    block = b"0123456789abcdef" + (6).to_bytes(4, "big") + b"<xml/>wxb84e2f6071c9d35a"
    for padding in (0, 1, 2, 18, 32, 33, 255):
        found[f"block padded {padding}"] = _by("block", block + bytes([padding]) * (32 - len(block) % 32))
    for length in (0, 5, 7, 2**31, 2**32 - 1):
        found[f"block length {length}"] = _by("block", block[:16] + length.to_bytes(4, "big") + block[20:] + b"\2\2")
    for name, query in _queries().items():
        found |= {f"query {name}": _by("query", query), f"echo {name}": _by("echo", query)}
    return found


def _by(way: str, rest: bytes) -> bytes:
    return bytes([list(WAYS).index(way)]) + rest


def _published() -> dict[str, bytes]:
    file = Path(__file__).parents[1] / "data" / "wechat-vectors.json"
    return {one["id"]: one["body"].encode() for one in json.loads(file.read_text("utf-8"))["payloads"]}


def _said() -> dict[str, dict]:
    """People at their phones: 张兰 as a resident, 王大山 as a worker, 陈静 as the community, somebody new."""
    by = {key: HEAD | {"FromUserName": OPENIDS[key]["official"]} for key in ("zhanglan", "wangdashan", "chenjing")}
    new, text = HEAD | {"FromUserName": "onew"}, {"MsgType": "text", "MsgId": 1}
    said = {
        "zhanglan": (
            "3号楼门口井盖坏了", "1", "#1003 满意", "#1004 没解决", "撤回 #1001", "进度", "#1001", "绑定 AB12", "您好",
        ),
        "wangdashan": ("任务", "接单 1001", "围护 1002", "办好 1002", "退回 1002", "照片 1002", "#1002 马上到", "？"),
        "chenjing": ("#1001 已安排", "1234", "待办"),
    }  # fmt: skip
    found = {words: by[key] | text | {"Content": words} for key, all_words in said.items() for words in all_words}
    found |= {
        "image": by["wangdashan"] | {"MsgType": "image", "MsgId": 2, "MediaId": "m", "PicUrl": "http://127.0.0.1/"},
        "voice": by["zhanglan"] | {"MsgType": "voice", "MsgId": 3, "MediaId": "m", "Recognition": "路灯不亮"},
        "location": by["zhanglan"] | {"MsgType": "location", "MsgId": 4, "Location_X": "34.7", "Location_Y": "114.3"},
        "link": new | {"MsgType": "link", "MsgId": 5, "Title": "x", "Url": "javascript:1"},
        "no MsgId": new | {"MsgType": "text", "Content": "x"},
    }
    for event, more in {
        "subscribe": {"EventKey": "qrscene_signin-x"}, "unsubscribe": {}, "SCAN": {"EventKey": "signin-x"},
        "CLICK": {"EventKey": "cases"}, "user_enter_tempsession": {"SessionFrom": ""}, "punish_event": {},
        "user_authorization_revoke": {"OpenID": "onobody", "RevokeInfo": "1"}, "wxa_media_check": {"trace_id": "x"},
        "TEMPLATESENDJOBFINISH": {"MsgID": 1, "Status": "failed:user block"},
        "subscribe_msg_popup_event": {"List": {"TemplateId": "x", "SubscribeStatusString": "accept", "PopupScene": 1}},
        "subscribe_msg_sent_event": {"List": [{"TemplateId": "x", "MsgID": "1", "ErrorCode": "43101"}]},
    }.items():  # fmt: skip
        found[event] = new | {"MsgType": "event", "Event": event} | more
    return found


def _hostile() -> dict[str, bytes]:
    return {
        "nothing": b"", "NUL": b"\0" * 40, "an open tag": b"<xml>", "a mark": b"\xef\xbb\xbf<xml><a>1</a></xml>",
        "UTF-16": "<xml><a>1</a></xml>".encode("utf-16"), "no UTF-8": b"<xml><a>\xff</a></xml>",
        "an entity": b'<!DOCTYPE x [<!ENTITY a "a">]><xml><a>&a;</a></xml>', "deep tags": b"<a>" * 9_000,
        "XInclude": b'<xml xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd"/></xml>',
        "many attributes": b"<xml " + b" ".join(b'a%d="1"' % one for one in range(3_000)) + b"><a>1</a></xml>",
        "deep lists": b'{"a":' + b"[" * 9_000, "twice": b'{"MsgType":"text","MsgType":"event"}',
        "a great number": b'{"a":' + b"9" * 9_000 + b"}", "infinite": b'{"CreateTime":1e999}',
        "half a character": b'{"MsgType":"\\ud800","FromUserName":"o"}', "an object as a cipher": b'{"Encrypt":{}}',
        "a genuine cipher": b"<xml><Encrypt>@E</Encrypt></xml>", "gzip": b"\x1f\x8b\x08\0",
    }  # fmt: skip


def _queries() -> dict[str, bytes]:
    whole = b"signature=@S&timestamp=@T&nonce=" + NONCE.encode() + b"&encrypt_type=aes&msg_signature=@M"
    return {
        "whole": whole, "of nothing": b"", "twice": whole + b"&msg_signature=0&timestamp=1",
        "an echo": b"timestamp=@T&nonce=" + NONCE.encode() + b"&signature=@S&echostr=" + b"7" * 900,
        "downgraded": whole.replace(b"aes", b"raw"), "an early one": whole.replace(b"@T", b"0"),
        "digits of another script": whole.replace(b"@T", "１７００００００００".encode()),
        "a percent": whole + b"&%=%ff%00", "half a character": whole + b"&echostr=%ed%a0%80",
        "swapped": whole.replace(b"@M", b"@S"), "an array": whole.replace(b"nonce=", b"nonce[]="),
    }  # fmt: skip
