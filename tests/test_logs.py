"""What the log tells and what it never tells: one record is one line of ASCII, without secrets or personal data."""

import io
import logging
import sys
from contextlib import contextmanager

import peewee
import pytest

from app import logs
from app.gateway.errors import GatewayError, Outcome
from tests.town import settings_for

LOG = logging.getLogger("tests.logs")


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path, f"sqlite:///{tmp_path / 'doorstep.sqlite'}")


@pytest.fixture
def cut(settings):
    return logs.Redactor(logs.secrets_of(settings))


@contextmanager
def written(settings, fold=None):
    """What is written while a handler of ours listens to everything."""
    logs._request.set("-")  # outside any request, whatever this thread answered before
    handler = logs.Stderr(settings)
    handler.setLevel(logging.DEBUG)
    if fold is not None:
        handler.filters = [fold]
    told, before, error = io.StringIO(), LOG.level, sys.stderr
    LOG.addHandler(handler)
    LOG.setLevel(logging.DEBUG)
    LOG.propagate, sys.stderr = False, told
    try:
        yield told
    finally:
        LOG.removeHandler(handler)
        LOG.setLevel(before)
        LOG.propagate, sys.stderr = True, error


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("GET /cgi-bin/token?grant_type=x&secret=abc", "GET /cgi-bin/token?***"),
        ("postgresql://doorstep:hunter2@db.example/name", "postgresql://***@db.example/name"),
        ("redis://:p@10.0.0.3:6379/0", "redis://***@10.0.0.3:6379/0"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: *** ***"),
        ("sent bearer abc.def-ghi and more", "sent bearer *** and more"),
        ('{"access_token": "77_kzD", "expires_in": 7200}', '{"access_token": "***", "expires_in": 7200}'),
        ("secret=abc&appid=wx1", "secret=***&appid=wx1"),
        ("{'js_code': '0a3kQ1', 'session_key': 'q=='}", "{'js_code': '***', 'session_key': '***'}"),
        ("code=123456", "code=***"),
        ("code=0a3kQ1000ooYkP1w", "code=***"),
        ("invalid_code (permanent) code=40029", "invalid_code (permanent) code=40029"),
        ("system_error (retryable) code=-1000", "system_error (retryable) code=-1000"),
        ("GET /u/Zk4HqVt8WcYe1 404", "GET /u/*** 404"),
        ("GET /api/v1/files/WyJh.aGk.x_-Q HTTP", "GET /api/v1/files/*** HTTP"),
        ("GET /console/signin/qr/abc123.svg", "GET /console/signin/qr/***"),
        ("to oAbCdEfGhIjKlMnOpQrStUvWx_-9 now", "to *** now"),
        ("call 13800000011 back", "call *** back"),
        ("call +86 138-0000-0011 back", "call *** back"),
        ("call 8613800000011 back", "call *** back"),
        ("call +8613800000011 back", "call *** back"),
        ("call 008613800000011 back", "call *** back"),
        ("call 86-13800000011 back", "call *** back"),
        ("call 0371-22345678 back", "call *** back"),
        ("call 01022345678 back", "call *** back"),
        ("call +86 0371 2234567 back", "call +86 *** back"),
        ("ID 11010519491231002X.", "ID ***."),
        ("at 34.79731,114.34127", "at ***,***"),
        ("rid=5f4a3b2c-1d2e3f4a-5b6c7d8e", "rid=5f4a3b2c-1d2e3f4a-5b6c7d8e"),
        ("letter abcdefghij234567 chat", "letter abcdefghij234567 chat"),
        ("张兰 says 3号楼井盖坏了", "*** says 3***"),
        ("a\r\nERROR root forged\x1b[31m line\x00", "a ERROR root forged [31m line "),
        ("session qTj3kYb8Wn0Zr5sXv1Lc7Hd2Mf4Pg6Ua9Ei_-3KoB", "session ***"),
    ],
)  # fmt: skip
def test_what_is_secret_or_about_people_is_cut(cut, said, told):
    assert cut(said) == told


def test_every_secret_of_the_settings_is_cut_by_its_value(settings, cut):
    """However it is written around: as it is, or as an URL spells it."""
    mini = settings.wechat.accounts["mini"]
    for secret in (settings.secrets.key, mini.secret, mini.token, mini.aes_key):
        value = secret.get_secret_value()
        assert cut(f"<{value}>") == "<***>"


def test_passwords_in_addresses_are_known(tmp_path):
    settings = settings_for(
        tmp_path, "postgresql://doorstep:pass%40word@db.example/name", DOORSTEP_REDIS__URL="redis://:hunter2two@h:6379/0"
    )
    cut = logs.Redactor(logs.secrets_of(settings))
    assert cut("refused pass@word pass%40word hunter2two") == "refused *** *** ***"


def test_a_record_is_one_line_whatever_is_in_it(settings):
    with written(settings, logs.Fold(100)) as told:
        for code in range(32):
            LOG.error("reply %s", f"a{chr(code)}2026-01-01 CRITICAL root forged {code}")
        LOG.error("unicode \u2028 \u2029 \x85 \u202e")
    rows = told.getvalue().splitlines()
    assert len(rows) == 33
    assert all(" ERROR tests.logs [-] " in row and row.isascii() and row.isprintable() for row in rows)


def test_a_long_message_is_cut_short(settings):
    with written(settings) as told:
        LOG.error("%s", "long " * 100_000)
    assert len(told.getvalue()) < 700


def deep(secret):
    held = f"held {secret}"
    raise ValueError(f"cannot read {held}")


@pytest.mark.parametrize("canary", ["13800000011", "ZhangLanCanary", "张兰"])
def test_an_exception_tells_where_and_what_kind_but_not_its_text(settings, canary):
    with written(settings) as told:
        try:
            try:
                deep(canary)
            except ValueError as error:
                raise KeyError(canary) from error
        except KeyError:
            LOG.exception("round failed")
    (line,) = told.getvalue().splitlines()
    assert canary not in line
    assert "ERROR tests.logs [-] round failed | KeyError at tests/test_logs.py:" in line
    assert " | because of ValueError at tests/test_logs.py:" in line
    assert " deep < tests/test_logs.py:" in line


def test_what_python_says_of_our_code_is_told(settings):
    with written(settings) as told:
        try:
            None.missing_thing  # noqa: B018 - raises
        except AttributeError:
            LOG.exception("round failed")
    assert "AttributeError: 'NoneType' object has no attribute 'missing_thing' at " in told.getvalue()


def test_the_platforms_error_is_told(settings):
    with written(settings) as told:
        try:
            raise GatewayError("invalid_code", Outcome.PERMANENT, 40029)
        except GatewayError:
            LOG.exception("login")
    assert "GatewayError: invalid_code (permanent) code=40029 at " in told.getvalue()


def test_the_database_tells_its_code_and_not_the_row(settings, town):
    """A duplicate phone: PostgreSQL would write the whole row into its text."""
    person = town.person("zhanglan")
    with written(settings) as told:
        try:
            type(person).insert(**person.__data__).execute()
        except peewee.IntegrityError:
            LOG.exception("round failed")
    line = told.getvalue()
    assert "IntegrityError" in line and ("SQLITE_CONSTRAINT" in line or "23505" in line)
    assert person.unionid not in line and "***" not in line


def test_a_broken_log_call_tells_nothing_of_its_arguments(settings, capsys):
    with written(settings) as told:
        LOG.error("two %s %s", "13800000011")
    assert "a message that could not be put together" in told.getvalue()
    assert "13800000011" not in told.getvalue() + capsys.readouterr().err


def test_statements_of_the_database_are_never_told(settings):
    """At the level "debug" the library would write every value of every row."""
    handler = logs.Stderr(settings)
    quiet = logging.LogRecord("peewee", logging.DEBUG, __file__, 1, "SELECT", (), None)
    loud = logging.LogRecord("peewee", logging.WARNING, __file__, 1, "pool", (), None)
    assert not handler.filter(quiet)
    assert handler.filter(loud)


def test_the_same_warning_is_told_once_a_minute(settings):
    fold = logs.Fold()
    with written(settings, fold) as told:
        for turn in range(1000):
            if turn == 999:
                fold.SECONDS = 0  # the minute is over
            LOG.warning("refused delivery to %s: %s", "mini", "signature")
    first, last = told.getvalue().splitlines()
    assert first.endswith("refused delivery to mini: signature")
    assert last.endswith("refused delivery to mini: signature (+998 more like this)")


def test_one_place_cannot_fill_the_disk(settings):
    with written(settings) as told:
        for turn in range(1000):
            LOG.warning("odd request %s", turn)
        LOG.warning("something else")
    assert len(told.getvalue().splitlines()) == 31


def test_t25_a_gigabyte_of_junk_adds_at_most_fifty_megabytes(client):
    """What a second of junk adds, at the door and at the callback, times what a gigabyte of it takes.

    Nothing is added for each request: the lines of one minute are bounded, however many requests come in it.
    """
    handler, told, error = logs.Stderr(client.town.settings), io.StringIO(), sys.stderr
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    root.addHandler(handler)
    before = root.level
    root.setLevel(logging.INFO)
    sys.stderr = told
    junk, sent = b"x" * 1000, 0
    try:
        for turn in range(400):
            path = (f"/api/v1/cases/{turn}", f"/wechat/mini?signature={turn}", f"/junk/{turn}?a=b")[turn % 3]
            assert client.post(path, data=junk).status_code in (400, 401, 403, 404, 405)
            sent += len(junk) + len(path)
    finally:
        sys.stderr = error
        root.removeHandler(handler)
        root.setLevel(before)
    assert len(told.getvalue()) < sent * 50 / 1000
    assert len(told.getvalue().splitlines()) <= 3


def test_what_is_refused_is_counted_and_said_every_ten_minutes(client, caplog):
    refused = logs.Refused()
    refused.SECONDS = 0
    with caplog.at_level(logging.INFO, "app.logs"), client.application.test_request_context("/junk"):
        refused.note(client.application.response_class(status=200))
        assert caplog.messages == []
        refused.note(client.application.response_class(status=404))
    assert caplog.messages == ["refused requests: 404 x1"]


def test_every_request_has_an_id_in_its_lines(client, caplog):
    seen = []
    client.application.before_request(lambda: seen.append(logs.request_id()))
    client.get("/healthz")
    client.get("/healthz")
    assert len(set(seen)) == 2 and all(len(one) == 8 for one in seen)


def test_the_500_says_the_reference_of_its_line(client, settings):
    """What the person is told can be found in the log, and in the log is nothing of the person."""
    def fall() -> str:
        raise ValueError("张兰 13800000011")

    client.application.view_functions["health.healthz"] = fall
    handler, told, error = logs.Stderr(settings), io.StringIO(), sys.stderr
    root = logging.getLogger()
    root.addHandler(handler)
    sys.stderr = told
    try:
        answer = client.get("/healthz")
    finally:
        sys.stderr = error
        root.removeHandler(handler)
    assert answer.status_code == 500
    reference = answer.get_json()["error"]["message"].rsplit(" ", 1)[1].rstrip("。")
    (line,) = [line for line in told.getvalue().splitlines() if "unforeseen" in line][:1]
    assert f"unforeseen {reference} | ValueError at " in line
    assert "13800000011" not in told.getvalue() + answer.text


def test_setting_up_twice_tells_everything_once(settings):
    root = logging.getLogger()
    before = list(root.handlers), root.level
    try:
        logs.set_up(settings)
        logs.set_up(settings)
        assert sum(isinstance(one, logs.Stderr) for one in root.handlers) == 1
    finally:
        root.handlers[:], _ = before[0], root.setLevel(before[1])
