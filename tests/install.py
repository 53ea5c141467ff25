"""An operator's folder for the tests: write its configuration and ask what is wrong, type commands, count the rows."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli
from app.config import ConfigError, load
from models.base import database

Said = tuple[int, str, str]

CANARY = "Canary7wKq3ZtR9mXc2VbN5"
GOOD_AES_KEY = "kPz3Vt8WcYe1RbLs6NxJd3Mf0PgUo9Ta7XiCv2KhB5Q"
SECRETS = """
[secrets]
key = "a-long-signing-key-of-more-than-32-characters"
[wechat.accounts.mini]
secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
token = "Zk4HqVt8WcYe1RbL"
aes_key = "kPz3Vt8WcYe1RbLs6NxJd3Mf0PgUo9Ta7XiCv2KhB5Q"
"""
ACCOUNT = """
[wechat.accounts.mini]
kind = "miniprogram"
appid = "wx5d1f0c7a9e3b2846"
"""
PRODUCTION = """
mode = "production"
sandbox.enabled = false
server.base_url = "https://door.example.cn"
privacy.controller = "幸福街道办事处"
privacy.contact = "电话 0371-12345"
"""


class Home:
    """config.toml and data/secrets.toml in a folder of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.config = folder / "config.toml"
        self.secrets = folder / "data" / "secrets.toml"

    def write(self, config, secrets=SECRETS):
        self.config.write_bytes(config if isinstance(config, bytes) else config.encode())
        self.secrets.parent.mkdir(exist_ok=True)
        self.secrets.write_text(secrets)
        self.secrets.chmod(0o600)

    def load(self, **environ):
        return load(self.config, environ)

    def mistakes(self, config, secrets=SECRETS, **environ):
        """The sentences with which these files are refused."""
        self.write(config, secrets)
        with pytest.raises(ConfigError) as caught:
            self.load(**environ)
        return caught.value.mistakes


def secrets_of(*accounts):
    """The environment variables with all secrets of some accounts."""
    values = {"DOORSTEP_SECRETS__KEY": "k" * 40}
    for account in accounts:
        start = f"DOORSTEP_WECHAT__ACCOUNTS__{account.upper()}__"
        values |= {start + "SECRET": "0f1e2d3c", start + "TOKEN": "Zk4HqVt8", start + "AES_KEY": GOOD_AES_KEY}
    return values


@pytest.fixture
def type_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Callable[..., Said]:
    """Types `python -m app.cli …` over a data folder of its own; gives exit code, what was printed, and complaints."""
    monkeypatch.setenv("DATA", str(tmp_path / "data"))

    def run(*words: str) -> Said:
        code = 0
        try:
            cli.main(list(words))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            database.close_all()
        told = capsys.readouterr()
        return code, told.out.strip(), told.err.strip()

    return run


def count(folder: Path, table: str) -> int:
    """How many rows a table of the data folder holds."""
    connection = sqlite3.connect(folder / "data" / "doorstep.sqlite")
    try:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
        connection.close()
