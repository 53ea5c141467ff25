"""What the operator reads when config.toml, the secrets file or the environment is wrong: everything at once, in plain
Chinese, and never a secret."""

import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config import ConfigError, load, make_demo_secrets, make_secrets
from tests.install import ACCOUNT, CANARY, PRODUCTION, SECRETS, Home, secrets_of


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_it_works_with_the_file_we_ship(tmp_path):
    environ = {"DATA": str(tmp_path)}
    secrets_file = make_demo_secrets(None, environ)
    settings = load(None, environ)

    assert secrets_file == settings.secrets_file == tmp_path / "secrets.toml"
    assert list(settings.wechat.accounts) == ["mini", "official"]
    assert settings.sqlite_path == tmp_path / "doorstep.sqlite"
    assert settings.database_url == f"sqlite:///{tmp_path}/doorstep.sqlite"
    assert settings.files_url == f"file://{tmp_path}/files"
    assert settings.wechat_api == "http://127.0.0.1:8000/sandbox/wechat"
    assert settings.base_url == "http://127.0.0.1:8000"


def test_the_file_we_ship_says_the_defaults_of_the_code(home):
    """config.toml shows every default; without the accounts it must be what the code does when nothing is written."""
    shipped = load(None, {"DATA": str(home.folder / "data"), **secrets_of("mini", "official")})
    home.write(ACCOUNT)
    bare = home.load()

    for name in set(type(bare).model_fields) - {"wechat", "secrets"}:
        assert getattr(shipped, name) == getattr(bare, name)
    for name in set(type(bare.wechat).model_fields) - {"accounts"}:
        assert getattr(shipped.wechat, name) == getattr(bare.wechat, name)


def test_the_environment_wins_over_both_files(home):
    home.write(ACCOUNT + "[server]\nport = 8001\nthreads = 16\n")
    settings = home.load(
        PORT="9000",
        DOORSTEP_SERVER__THREADS="24",
        DOORSTEP_SERVER__TRUSTED_PROXIES='["10.0.0.0/8"]',
        DOORSTEP_WECHAT__ACCOUNTS__MINI__TOKEN="FromTheEnvironment",
        DOORSTEP_LOG__LEVEL="warning",
    )

    assert (settings.server.port, settings.server.threads) == (9000, 24)
    assert settings.server.trusted_proxies == ("10.0.0.0/8",)
    assert settings.wechat.accounts["mini"].token.get_secret_value() == "FromTheEnvironment"
    assert settings.wechat.accounts["mini"].secret.get_secret_value() == "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
    assert settings.log.level == "warning"


def test_another_file_can_be_named(home, monkeypatch):
    home.write(ACCOUNT + "[server]\nport = 8111\n")

    assert load(None, {"DOORSTEP_CONFIG": str(home.config)}).server.port == 8111


def test_relative_folders_start_at_the_file_or_where_we_were_started(home, monkeypatch, tmp_path):
    home.write(ACCOUNT)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)

    assert home.load().folder == home.folder / "data"
    assert home.load(DATA="state", **secrets_of("mini")).folder == elsewhere / "state"


def test_a_production_install_is_accepted(home, tmp_path):
    home.write(PRODUCTION + 'server.processes = 4\ndatabase.url = "postgresql://db.example.cn/doorstep"\n' + ACCOUNT)
    settings = home.load()

    assert settings.wechat_api == "https://api.weixin.qq.com"
    assert settings.sqlite_path is None
    assert settings.database_url == "postgresql://db.example.cn/doorstep"


def test_all_mistakes_come_at_once_and_no_secret_among_them(home):
    config = f"""
mode = "production"
[server]
thread = 8
[database]
synchronous = "off"
[wechat.accounts.mini]
kind = "app"
appid = "{CANARY}"
secret = "{CANARY}"
mode = "plain"
"""
    secrets = f'[secrets]\nkey = "{CANARY}"\n[wechat.accounts.mini]\ntoken = "{CANARY} 1"\naes_key = "{CANARY}"\n'
    redis = f"redis://:{CANARY}@host:what/0"
    mistakes = home.mistakes(config, secrets, DOORSTEP_REDIS__URL=redis, DOORSTEP_LIMITS__LOGIN=CANARY)

    assert mistakes == [
        "设置 wechat.accounts.mini.secret 是机密，不能写在配置文件里，请删掉它，"
        "改用环境变量 DOORSTEP_WECHAT__ACCOUNTS__MINI__SECRET 或机密文件。",
        "设置 server.thread 不认识，是不是想写 server.threads？请改正。",
        '设置 database.synchronous 只能是 "full" 或 "extra"，请改正。',
        "设置 redis.url（环境变量 DOORSTEP_REDIS__URL）不是完整的网址，请检查主机名和端口。",
        "设置 secrets.key（机密文件）太短，至少要 32 个字符，请换一个随机的长口令。",
        '设置 wechat.accounts.mini.kind 只能是 "miniprogram" 或 "official"，请改正。',
        "设置 wechat.accounts.mini.appid 应当是 wx 加 16 位小写十六进制字符，请到公众平台复制 AppID。",
        "设置 wechat.accounts.mini.token（机密文件）里有空格或换行，请去掉后再启动。",
        "设置 wechat.accounts.mini.aes_key（机密文件）应当正好 43 个字符，请到公众平台重新复制 EncodingAESKey。",
        '设置 limits.login（环境变量 DOORSTEP_LIMITS__LOGIN）'
        '的写法不对，请写成 "10/minute" 或 "5/minute; 30/hour" 这样。',
        "设置 server.base_url 在正式运行时必须写成 https:// 开头的网址。",
        "设置 sandbox.enabled 在正式运行时必须是 false，否则任何人都能冒充微信。",
        "设置 privacy.controller 在正式运行时必须写明，居民要知道谁对他们的个人信息负责、怎样联系。",
        "设置 privacy.contact 在正式运行时必须写明，居民要知道谁对他们的个人信息负责、怎样联系。",
    ]


def test_no_secret_is_printed_with_the_settings(home):
    password = f"postgresql://door:{CANARY}@db/doorstep"
    secrets = SECRETS.replace("0f1e2d3c4b5a69788796a5b4c3d2e1f0", CANARY).replace("Zk4HqVt8WcYe1RbL", CANARY)
    home.write(ACCOUNT, secrets)
    settings = home.load(DOORSTEP_DATABASE__URL=password, DOORSTEP_REDIS__URL=f"redis://:{CANARY}@h:6379/0")

    assert settings.database_url == password
    for shown in (repr(settings), str(settings), repr(settings.wechat), repr(settings.database)):
        assert CANARY not in shown


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_the_environment_says_gets_an_answer(value):
    """Any text in a number, a list, a choice, an address: it is taken or refused with sentences, nothing else."""
    for name in ("SERVER__PORT", "SERVER__TRUSTED_PROXIES", "LOG__LEVEL", "REDIS__URL", "CASES", "WECHAT__ACCOUNTS"):
        try:
            load(None, {f"DOORSTEP_{name}": value, **secrets_of("mini", "official")})
        except ConfigError as error:
            assert error.mistakes != []


def test_demo_secrets_are_random_private_and_made_once(tmp_path):
    first, second = tmp_path / "a" / "secrets.toml", tmp_path / "b" / "secrets.toml"
    make_secrets(first, ["mini"])
    make_secrets(second, ["mini"])
    written = first.read_text()
    make_secrets(first, ["mini", "official"])

    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert first.read_text() == written
    assert written != second.read_text()
    assert os.listdir(first.parent) == ["secrets.toml"]


def test_demo_secrets_are_not_made_for_production(home):
    home.write(PRODUCTION + ACCOUNT)
    home.secrets.unlink()

    assert make_demo_secrets(home.config, {}) is None
    assert home.secrets.exists() is False
