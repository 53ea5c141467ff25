"""The courier: carries every owed message to the backend, three tries, five seconds each, and shows what came back.

One dispatcher thread per process, started on the first request (so never before a fork), claims due deliveries and
hands each to a short-lived thread; several processes share the work through the leases in `outbox.py`.
"""

import http.client
import os
import sqlite3
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.sandbox import media_check
from app.sandbox.feed import add_item, from_them, touch
from app.sandbox.outbox import TRIES, Delivery, claim, finish, next_due
from app.sandbox.replies import Malformed, Reply, read_reply
from app.sandbox.store import Store
from app.sandbox.wire import Push, new_push
from app.sandbox.world import MINI, App, World, account_of

AT_ONCE = 8
IDLE = 1.0  # seconds between looks for what a killed process left; everything else wakes the dispatcher
REPLY_CAP = 1024 * 1024
QUIET_EVENTS = ("unsubscribe", "TEMPLATESENDJOBFINISH", "wxa_media_check")


@dataclass(frozen=True)
class Answer:
    """What came back from one try: an HTTP status, or 0 and the reason why there is none."""

    status: int
    body: bytes
    problem: str = ""


def post(url: str, push: Push, timeout: float) -> Answer:
    """One POST with a deadline of `timeout` seconds for everything; redirects are not followed."""
    deadline = time.monotonic() + timeout
    try:
        target = urlsplit(url)
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = kind(target.hostname or "", target.port, timeout=timeout)
    except (ValueError, http.client.InvalidURL) as error:
        return Answer(0, b"", type(error).__name__)
    try:
        path = (target.path or "/") + "?" + "&".join(filter(None, (target.query, push.query)))
        connection.request("POST", path, push.body, {"Content-Type": push.content_type, "User-Agent": "Mozilla/4.0"})
        connection.sock.settimeout(max(0.01, deadline - time.monotonic()))
        response = connection.getresponse()
        return Answer(response.status, _read(connection, response, deadline))
    except TimeoutError:
        return Answer(0, b"", "timeout")
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, b"", type(error).__name__)
    finally:
        connection.close()


def _read(connection: http.client.HTTPConnection, response: http.client.HTTPResponse, deadline: float) -> bytes:
    chunks, size = [], 0
    while size <= REPLY_CAP:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        if connection.sock:
            connection.sock.settimeout(remaining)
        chunk = response.read1(64 * 1024)
        if not chunk:
            break
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)


class Courier:
    """Delivers for one process; `options` are the sandbox's configuration (retry_seconds, callback_timeout)."""

    def __init__(self, world: World, store: Store, options: dict):
        self.world = world
        self.store = store
        self.retry_seconds = float(options.get("retry_seconds", 5))
        self.timeout = float(options.get("callback_timeout", 5))
        self.checks = options.get("media_check", {})
        self._lock = threading.Lock()
        self._pid = 0
        self._hurry = threading.Event()
        self._slots = threading.Semaphore(AT_ONCE)
        self._stopped = threading.Event()

    def ensure_running(self) -> None:
        """Start the dispatcher of this process if it is not there yet."""
        with self._lock:
            if self._pid == os.getpid():
                return
            self._pid = os.getpid()
            self._hurry, self._slots = threading.Event(), threading.Semaphore(AT_ONCE)
            threading.Thread(target=self._run, name="sandbox-courier", daemon=True).start()

    def wake(self) -> None:
        """There may be something to carry."""
        self._hurry.set()

    def stop(self) -> None:
        """Claim nothing more; what is under way comes to its end."""
        self._stopped.set()
        self._hurry.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._slots.acquire()
            try:
                with self.store.transaction() as db:
                    delivery = claim(db, self.timeout * 2 + 3)
                    pause = IDLE if delivery else next_due(db, IDLE)
            except sqlite3.OperationalError:  # the file is busy: look again shortly
                delivery, pause = None, IDLE
            if delivery:
                threading.Thread(target=self._carry, args=(delivery,), daemon=True).start()
                continue
            self._slots.release()
            self._hurry.wait(pause)
            self._hurry.clear()

    def _carry(self, delivery: Delivery) -> None:
        try:
            self.try_once(delivery)
        finally:
            self._slots.release()
            self.wake()

    def try_once(self, delivery: Delivery) -> None:
        """One try of one claimed delivery, with everything that follows from its answer."""
        app = self.world.apps.get(delivery.app)
        if app is None:  # the configuration no longer has it
            with self.store.transaction() as db:
                finish(db, delivery, "failed", status="no such app", reply="")
            return
        message = media_check.complete(self.store, delivery, self.checks, self.timeout)
        started = time.time()
        push = new_push(app, message, message["FromUserName"])
        url = self.world.callback_url(self.store.connection(), app)
        answer = post(url, push, self.timeout) if url else Answer(200, b"")
        if answer.status != 200:
            self._failed_try(app, delivery, message, answer, started)
            return
        shown = answer.body[:2000].decode("utf-8", "replace")
        try:
            reply = read_reply(app, message, answer.body)
            self._check_media(app, reply)
        except Malformed as error:
            self._end(app, delivery, message, "failed", f"malformed: {error}", shown)
            return
        with self.store.transaction() as db:
            if finish(db, delivery, "done", status="200", reply=shown) and reply:
                self._show(db, app, delivery.person, reply)

    def _failed_try(self, app: App, delivery: Delivery, message: dict, answer: Answer, started: float) -> None:
        status = answer.problem or str(answer.status)
        shown = answer.body[:2000].decode("utf-8", "replace")
        if delivery.tries + 1 >= TRIES:
            self._end(app, delivery, message, "failed", status, shown)
            return
        with self.store.transaction() as db:
            finish(db, delivery, "pending", status=status, reply=shown, due_at=started + self.retry_seconds)

    def _end(self, app: App, delivery: Delivery, message: dict, state: str, status: str, shown: str) -> None:
        event = message.get("Event", "")
        quiet = event in QUIET_EVENTS or event.startswith("subscribe_msg")
        with self.store.transaction() as db:
            if finish(db, delivery, state, status=status, reply=shown) and not quiet:
                what = "小程序" if app.kind == MINI else "公众号"
                add_item(db, delivery.person, app.name, where="system", kind="system",
                         text=f"该{what}提供的服务出现故障，请稍后再试", **{"from": "them"})

    def _check_media(self, app: App, reply: Reply | None) -> None:
        media_id = reply.body.get("media_id") if reply else None
        if media_id is None:
            return
        row = self.store.connection().execute("SELECT app FROM media WHERE id = ?", (media_id,)).fetchone()
        if row is None or row["app"] != app.name:
            raise Malformed("there is no such media")

    def _show(self, db: sqlite3.Connection, app: App, person: str, reply: Reply) -> None:
        if reply.kind:  # a reply for the staff's tool is seen by nobody here
            from_them(db, person, app.name, reply.kind, **reply.body)
            touch(db, account_of(db, app, person), self.world.now(db))
