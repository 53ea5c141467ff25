"""The platform's side of the callback: seals and signs as WeChat does, and reads what we answer.

The sealing is the sandbox's own (app.sandbox.envelope), written apart from ours and checked against the same values.
"""

import itertools
import json
import time
from dataclasses import dataclass, field
from datetime import datetime

import xmltodict
from flask.testing import FlaskClient

from app.config_shape import Account
from app.sandbox.envelope import seal, signature, unseal
from models.base import database
from models.conversation import Line
from models.letter import Letter
from tests.town import OPENIDS

NONCE = "1714112445"
_numbers = itertools.count(7_000_000_000_000_001)
#: Nobody does two things in one second, unless a test says so: such events are told apart by their EventKey only.
_seconds = itertools.count(int(time.time()))


def as_xml(fields: dict) -> str:
    """As the platform writes it: numbers bare, words in CDATA, a list as the same element again."""

    def element(name: str, value) -> str:
        if isinstance(value, list):
            return "".join(element(name, one) for one in value)
        if isinstance(value, dict):
            value = "".join(element(*item) for item in value.items())
        elif not isinstance(value, int):
            value = f"<![CDATA[{value}]]>"
        return f"<{name}>{value}</{name}>\n"

    return "<xml>" + "".join(element(*item) for item in fields.items()) + "</xml>"


def query(account: Account, sealed: str, token: str = "", moment: int | None = None) -> dict[str, str]:
    """The query of a delivery in safe mode."""
    token, timestamp = token or account.token.get_secret_value(), str(int(time.time()) if moment is None else moment)
    return {
        "signature": signature(token, timestamp, NONCE), "timestamp": timestamp, "nonce": NONCE, "openid": "o",
        "encrypt_type": "aes", "msg_signature": signature(token, timestamp, NONCE, sealed),
    }  # fmt: skip


def envelope(account: Account, content: str | bytes, token: str = "", aes_key: str = "", moment: int | None = None):
    """Query and body of one delivery in safe mode, in the account's format."""
    content = content.encode() if isinstance(content, str) else content
    sealed = seal(content, aes_key=aes_key or account.aes_key.get_secret_value(), appid=account.appid)
    whole = {"ToUserName": account.original_id, "Encrypt": sealed}
    body = json.dumps(whole) if account.format == "json" else as_xml(whole)
    return query(account, sealed, token, moment), body.encode()


def opened(account: Account, answer, token: str = "", aes_key: str = "") -> dict:
    """The fields of a passive reply; its signature and its appid must be right."""
    assert answer.status_code == 200 and answer.mimetype == "text/xml"
    whole = xmltodict.parse(answer.text)["xml"]
    signed = (token or account.token.get_secret_value(), whole["TimeStamp"], whole["Nonce"], whole["Encrypt"])
    assert signature(*signed) == whole["MsgSignature"] and whole["Nonce"] == NONCE
    content = unseal(whole["Encrypt"], aes_key=aes_key or account.aes_key.get_secret_value(), appid=account.appid)
    return xmltodict.parse(content.decode())["xml"]


@dataclass
class Phone:
    """Somebody's WeChat at one of our accounts. Each verb delivers to us and gives the sentence that came back."""

    client: FlaskClient
    openid: str
    account: str = "official"
    sent: list[dict] = field(default_factory=list)

    @property
    def ours(self) -> Account:
        return self.client.town.settings.wechat.accounts[self.account]

    def deliver(self, fields: dict, moment: int | None = None, content: str | bytes = ""):
        """Send these fields (or this raw content) and give the whole answer."""
        written = json.dumps(fields, ensure_ascii=False) if self.ours.format == "json" else as_xml(fields)
        args, body = envelope(self.ours, content or written, moment=moment)
        return self.client.post(f"/wechat/{self.account}", query_string=args, data=body)

    def send(self, kind: str, **fields) -> str | None:
        """One message or event: the passive reply, or None after a mere `success`."""
        number = {} if kind == "event" else {"MsgId": next(_numbers)}
        head = {"ToUserName": self.ours.original_id, "FromUserName": self.openid, "CreateTime": next(_seconds)}
        self.sent.append(head | {"MsgType": kind} | fields | number)
        return self.read(self.deliver(self.sent[-1]))

    def again(self, **changed) -> str | None:
        """The platform delivers the last message once more, with other fields if it is told to."""
        return self.read(self.deliver(self.sent[-1] | changed))

    def read(self, answer) -> str | None:
        if answer.text == "success":
            assert (answer.status_code, answer.mimetype) == (200, "text/plain")
            return None
        reply = opened(self.ours, answer)
        assert (reply["ToUserName"], reply["FromUserName"]) == (self.openid, self.ours.original_id)
        assert reply["MsgType"] == "text"
        return reply["Content"]

    def say(self, text: str) -> str | None:
        return self.send("text", Content=text)

    def show(self, media: str = "media-1") -> str | None:
        return self.send("image", PicUrl="https://mmbiz.example/1", MediaId=media)

    def point(self, lat: float, lng: float, label: str = "") -> str | None:
        return self.send("location", Location_X=str(lat), Location_Y=str(lng), Scale=16, Label=label)

    def does(self, event: str, **fields) -> str | None:
        return self.send("event", Event=event, **fields)

    def letters(self, *kinds: str) -> list[str]:
        """The texts of the letters owed to this very identity, oldest first."""
        rows = Letter.select().order_by(Letter.id)
        return [
            row.content["text"]
            for row in rows
            if row.identity and row.identity.openid == self.openid and row.kind in (kinds or (row.kind,))
        ]


def phone(client: FlaskClient, key: str, account: str = "official") -> Phone:
    """The phone of one of the demo's people, by key; of a stranger when there is none."""
    return Phone(client, OPENIDS.get(key, {}).get(account, f"o{account}-{key}"), account)


def finish(worker: Phone, number: int) -> None:
    """The whole way of a case on the worker's phone, from accepting to done."""
    worker.say(f"接单 {number}")
    worker.show()
    worker.say(f"围护 {number}")
    worker.show()
    assert worker.say(f"办好 {number}") == f"#{number} 已办好，正在请居民评价。"


def first(reply: str) -> str:
    """The first line of an answer; the moments are in the others."""
    return reply.split("\n")[0]


def lines(author: str = "resident") -> list[str]:
    """What has been said, in order."""
    return [line.text for line in Line.select().where(Line.author == author).order_by(Line.id)]


def back(row, **by) -> None:
    """Let a row have been written earlier: `back(case, closed_at=timedelta(days=8))`."""
    moved = {name: getattr(row, name) - span for name, span in by.items() if isinstance(getattr(row, name), datetime)}
    assert len(moved) == len(by)
    type(row).update(moved).where(type(row)._meta.primary_key == row.get_id()).execute()


class Queries:
    """Counts the statements of this thread's requests: `with Queries() as count: …; assert count.made == 7`."""

    def __enter__(self):
        self.made, self._execute = 0, database.obj.execute_sql
        database.obj.execute_sql = self._count
        return self

    def _count(self, *args, **kwargs):
        self.made += 1
        return self._execute(*args, **kwargs)

    def __exit__(self, *error):
        del database.obj.execute_sql
