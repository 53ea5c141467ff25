"""A stand-in for the platform's host on a real socket, that answers as a test tells it to, rudely if need be."""

import json
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN_PATH = "/cgi-bin/stable_token"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class StandIn:
    """`says(path, …)` scripts answers, the last one repeats; an answer is a dict, bytes, or a rude function."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._scripts: dict[str, list[Any]] = {}
        self._count: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def says(self, path: str, *answers: Any) -> None:
        with self._lock:
            self._scripts[path], self._count[path] = list(answers), 0

    def calls(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    def next_answer(self, asked: Asked) -> Any:
        with self._lock:
            self.asked.append(asked)
            if asked.path not in self._scripts and asked.path == TOKEN_PATH:
                return {"access_token": f"token-{len(self.calls(TOKEN_PATH))}", "expires_in": 7200}
            script, turn = self._scripts[asked.path], self._count[asked.path]
            self._count[asked.path] += 1
            return script[min(turn, len(script) - 1)]

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # fifty threads knock at once


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        closing = stand_in.closing

        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), dict(self.headers), body)
            answer = stand_in.next_answer(asked)
            if callable(answer):
                answer(self)
            else:
                give(self, answer)

        do_POST = do_GET

    return Handler


def give(handler: BaseHTTPRequestHandler, answer: Any, status: int = 200, **headers: str) -> None:
    body = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def status(code: int) -> Callable[[Any], None]:
    return lambda handler: give(handler, b"<html>Bad Gateway</html>", code, Content_Type="text/html")


def with_headers(body: bytes, **headers: str) -> Callable[[Any], None]:
    return lambda handler: give(handler, body, **headers)


def redirect(to: str) -> Callable[[Any], None]:
    return lambda handler: give(handler, b"", 302, Location=to)


def reset(handler: Any) -> None:
    """Accept, read, and slam the door: a TCP reset."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def hang(handler: Any) -> None:
    """Accept, read, and say nothing."""
    handler.closing.wait(20)
    handler.close_connection = True


def drip_head(handler: Any) -> None:
    """One byte of the head at a time, always before any single read would time out."""
    _drip(handler, b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 5000)


def drip_body(handler: Any) -> None:
    """A quick head, then a body that never quite ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    _drip(handler, b" " * 5000)


def _drip(handler: Any, data: bytes) -> None:
    handler.close_connection = True
    try:
        for byte in data:
            if handler.closing.wait(0.05):
                return
            handler.wfile.write(bytes([byte]))
    except OSError:
        pass


def cut_off(handler: Any) -> None:
    """Promise ten chunks, send half of one."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{"errcode":0,')
    handler.close_connection = True


def short(handler: Any) -> None:
    """A complete JSON text in a body that should have been longer."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"errcode":0,"errmsg":"ok"}')
    handler.close_connection = True


def endless(handler: Any) -> None:
    """As many bytes as one is willing to read."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n{")
    handler.close_connection = True
    try:
        while not handler.closing.is_set():
            handler.wfile.write(b" " * 65_536)
    except OSError:
        pass


def not_http(handler: Any) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP ready\r\n")
    handler.close_connection = True


def broken_header(handler: Any) -> None:
    """A head that the HTTP library complains about in its log, URL and all."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nA: 1\r\n: broken\r\nB 2\r\n\r\n{}")
    handler.close_connection = True
