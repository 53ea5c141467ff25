"""A tiny backend that writes down what the platform sends it, opened with wechatpy, and answers what it is told to."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import xmltodict
from flask import Flask, request
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature
from werkzeug.serving import make_server


@dataclass(frozen=True)
class Received:
    """One callback: when (monotonic seconds), from which app, with which query, body and opened message."""

    at: float
    app: str
    query: dict
    raw: str
    message: dict


@dataclass
class Backend:
    """`apps` are the configurations whose messages it can open; `answer` gets a Received and gives (body, status)."""

    apps: dict[str, dict]
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], tuple[str, int]] = lambda received: ("success", 200)
    url: str = ""

    def callback(self, name: str) -> tuple[str, int]:
        """One POST of the platform: a wrong signature or an envelope that does not open fails the request."""
        app, query, raw = self.apps[name], request.args.to_dict(), request.get_data(as_text=True)
        check_signature(app["token"], query["signature"], query["timestamp"], query["nonce"])
        outer = json.loads(raw) if app["format"] == "json" else xmltodict.parse(raw)["xml"]
        plain = raw
        if query.get("encrypt_type") == "aes":
            crypto = WeChatCrypto(app["token"], app["aes_key"], app["appid"])
            plain = crypto.decrypt_message({"Encrypt": outer["Encrypt"]}, query["msg_signature"], query["timestamp"],
                                           query["nonce"])
        message = json.loads(plain) if app["format"] == "json" else xmltodict.parse(plain)["xml"]
        received = Received(time.monotonic(), name, query, raw, message)
        self.received.append(received)
        return self.answer(received)

    def messages(self) -> list[dict]:
        """The opened messages, in the order they came."""
        return [one.message for one in self.received]

    def events(self) -> list[str]:
        """The events, in the order they came."""
        return [one.message["Event"] for one in self.received if "Event" in one.message]

    def app(self) -> Flask:
        """The backend as a Flask app."""
        flask = Flask("backend")
        flask.add_url_rule("/wechat/<name>", "callback", self.callback, methods=["POST"])
        return flask


class Served:
    """A WSGI app on a free port of this machine, in a thread."""

    def __init__(self, app: Flask):
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def stop(self) -> None:
        """Close the port."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
