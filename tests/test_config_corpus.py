"""Every bad configuration that we know of: the service does not start, says one plain sentence, and shows no value.

Values, secrets and files that are wrong by themselves are in test_config_values, _reading and _checks; this is the
rest. The opened database and the command line are in test_config_engine; what is not checked in docs/decisions/0006.
"""

import os

import pytest

from app import config_checks
from app.config import ConfigError, load
from tests.install import ACCOUNT, CANARY, GOOD_AES_KEY, PRODUCTION, Home


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_a_file_that_cannot_be_read(home):
    """/proc/self/mem is there and gives nothing, to root neither."""
    with pytest.raises(ConfigError) as caught:
        load("/proc/self/mem", {})

    assert caught.value.mistakes == ["读不了配置文件 /proc/self/mem，请检查它的权限。"]


def test_a_file_of_blanks_and_remarks_is_empty(home):
    for text in ("\n\n", "# mode = 'production'\n", "  \t\r\n"):
        assert home.mistakes(text) == [f"配置文件 {home.config} 是空的，请从源代码里的 config.toml 复制一份再修改。"]


UNREADABLE = {
    "UTF-16": ('mode = "demo"'.encode("utf-16"), "不是 UTF-8 编码，请另存为 UTF-8。"),
    "zero byte": (b'mode = "demo"\0', "第 1 行不符合 TOML 写法，请检查引号、等号和方括号。"),
    "full-width quotes": ("mode = “demo”".encode(), "第 1 行不符合 TOML 写法，请检查引号、等号和方括号。"),
    "yaml": (b"mode: demo\n", "第 1 行不符合 TOML 写法，请检查引号、等号和方括号。"),
    "ini": (b"[server]\nhost = 127.0.0.1\n", "第 2 行不符合 TOML 写法，请检查引号、等号和方括号。"),
    "lone CR": (b'mode = "demo"\rport = 1', "第 1 行不符合 TOML 写法，请检查引号、等号和方括号。"),
    "a secret cut in two": (
        f'[secrets]\nkey = "{CANARY}\n'.encode(), "第 2 行不符合 TOML 写法，请检查引号、等号和方括号。",
    ),
    "key twice, a secret": (
        f'[secrets]\nkey = "{CANARY}"\nkey = "x"\n'.encode(), "第 3 行的设置前面已经写过，请只保留一处。",
    ),
    "deep": (b"a = " + b"[" * 5000, "里的括号套得太深，请对照源代码里的 config.toml 改正。"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_not_toml_is_the_only_mistake(home, case):
    raw, remark = UNREADABLE[case]

    assert home.mistakes(raw) == [f"配置文件 {home.config} {remark}"]


@pytest.mark.parametrize("text", ["", "\ufeff[secrets]", f'key = "{CANARY}', "[secrets]\r\nkey = 'x'\r\n"])
def test_a_secrets_file_that_is_no_good(home, text):
    mistakes = home.mistakes(ACCOUNT, text)

    assert mistakes
    assert not [sentence for sentence in mistakes if CANARY in sentence]


def test_a_secrets_file_of_somebody_else(home, monkeypatch):
    home.write(ACCOUNT)
    try:
        os.chown(home.secrets, 12345, -1)
    except PermissionError:  # whoever is not root cannot give a file away, and becomes somebody else instead
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(ConfigError) as caught:
        home.load()

    assert caught.value.mistakes == [f"机密文件 {home.secrets} 属于别的用户，请运行 chown 改成运行本服务的用户。"]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o777])
def test_a_secrets_file_that_others_can_open(home, mode):
    home.write(ACCOUNT)
    home.secrets.chmod(mode)
    with pytest.raises(ConfigError) as caught:
        home.load()

    assert caught.value.mistakes == [f"机密文件 {home.secrets} 可以被别的用户读取，请运行 chmod 600 改正权限。"]


PLACEHOLDERS = ["changeme", "CHANGE_ME", "change-me-please", "secret", "password", "test123", "todo", "xxxxxxxx", "***",
                "<your secret>", "your_token", "example-key", "请填写", "替换成真正的值", "placeholder"]  # fmt: skip


@pytest.mark.parametrize("value", PLACEHOLDERS)
@pytest.mark.parametrize("key", ["secret", "token", "aes_key"])
def test_a_placeholder_is_no_secret(home, key, value):
    name = f"DOORSTEP_WECHAT__ACCOUNTS__MINI__{key.upper()}"
    assert home.mistakes(ACCOUNT, **{name: value}) == [
        f"设置 wechat.accounts.mini.{key}（环境变量 {name}）还是占位的示例文字，请换成真正的值。"
    ]


AES_KEYS = ["A" * 42, GOOD_AES_KEY + "A", GOOD_AES_KEY + "=", GOOD_AES_KEY[:42] + "*", "密" * 43, GOOD_AES_KEY[:21] * 2]


@pytest.mark.parametrize("value", AES_KEYS)
def test_an_aes_key_is_43_letters_of_base64(home, value):
    [sentence] = home.mistakes(ACCOUNT, DOORSTEP_WECHAT__ACCOUNTS__MINI__AES_KEY=value)

    assert sentence.endswith("请到公众平台重新复制 EncodingAESKey。")
    assert value not in sentence


@pytest.mark.parametrize("value", [" Zk4HqVt8", "Zk4HqVt8 ", "Zk4 HqVt8", "Zk4HqVt8\n", "Zk4\tHqVt8", "Zk4\u3000HqVt8"])
def test_a_token_has_no_spaces(home, value):
    assert home.mistakes(ACCOUNT, DOORSTEP_WECHAT__ACCOUNTS__MINI__TOKEN=value) == [
        "设置 wechat.accounts.mini.token（环境变量 DOORSTEP_WECHAT__ACCOUNTS__MINI__TOKEN）"
        "里有空格或换行，请去掉后再启动。"
    ]


def test_a_rotation_may_have_both_or_either_key(home):
    home.write(ACCOUNT)
    old = {"TOKEN": "OldToken99", "AES_KEY": GOOD_AES_KEY[::-1][1:] + "Q"}
    for given in ((), ("TOKEN",), ("AES_KEY",), ("TOKEN", "AES_KEY")):
        settings = home.load(**{f"DOORSTEP_WECHAT__ACCOUNTS__MINI__PREVIOUS_{key}": old[key] for key in given})
        account = settings.wechat.accounts["mini"]
        assert account.previous_token.get_secret_value() == (old["TOKEN"] if "TOKEN" in given else "")
        assert account.previous_aes_key.get_secret_value() == (old["AES_KEY"] if "AES_KEY" in given else "")


DATABASES = ["postgresql://door:{c}%@db/doorstep", "postgresql://door:{c}%zz@db/doorstep",
             "postgresql://door:{c} x@db/doorstep", "postgresql://door:{c}@db", "postgresql://door:{c}@db/a/b",
             "postgresql://door:{c}@db:port/doorstep", "postgres//{c}", "{c}", "http://door:{c}@db/doorstep",
             "postgresql://door:{c}@[::1/doorstep", "sqlite://{c}", "sqlite:///"]  # fmt: skip


@pytest.mark.parametrize("url", DATABASES)
def test_an_address_of_a_database_that_cannot_be_used(home, url):
    [sentence] = home.mistakes(ACCOUNT, DOORSTEP_DATABASE__URL=url.format(c=CANARY))

    assert sentence.startswith("设置 database.url（环境变量 DOORSTEP_DATABASE__URL）")
    assert CANARY not in sentence


def test_a_link_to_a_disk_that_takes_nothing(home):
    home.write(ACCOUNT)
    (home.folder / "data" / "doorstep.sqlite").symlink_to("/proc/doorstep.sqlite")

    assert home.mistakes(ACCOUNT) == ["设置 database.url 所在的位置不能写入，请换一个可写的文件夹，或改正权限。"]


def test_a_database_file_that_may_only_be_read(home, monkeypatch):
    """Root may write everything, so the system is made to say what it says to everybody else."""
    home.write(ACCOUNT)
    (home.folder / "data" / "doorstep.sqlite").touch(mode=0o444)
    monkeypatch.setattr(config_checks.os, "access", lambda path, mode: bool(path.stat().st_mode & 0o200))

    assert home.mistakes(ACCOUNT) == ["设置 database.url 指向的文件不能写入，请改正它的权限。"]


def test_a_link_to_a_disk_in_memory_is_seen_through_in_production(home):
    home.write(PRODUCTION + ACCOUNT)
    (home.folder / "data" / "doorstep.sqlite").symlink_to("/dev/shm/doorstep-of-a-test.sqlite")

    assert home.mistakes(PRODUCTION + ACCOUNT) == [
        "设置 database.url 在内存盘上，断电或断网会丢失居民的上报，请换到本机硬盘。"
    ]


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "tmpfs", "ramfs"])
def test_a_disk_that_forgets_or_is_far_away_is_refused_in_production(home, kind, monkeypatch):
    monkeypatch.setattr(config_checks, "filesystem", lambda folder: kind)
    ground = "内存盘" if kind in ("tmpfs", "ramfs") else "网络盘"

    assert home.mistakes(PRODUCTION + ACCOUNT) == [
        f"设置 data.folder 在{ground}上，断电或断网会丢失居民的上报，请换到本机硬盘。"
    ]


def test_production_wants_a_gigabyte(home, monkeypatch):
    monkeypatch.setattr(config_checks, "PRODUCTION_FREE_BYTES", 1 << 62)
    home.write(ACCOUNT)
    home.load()

    assert home.mistakes(PRODUCTION + ACCOUNT) == [
        "设置 data.folder 所在的磁盘剩余空间不足 1 GB，正式运行前请先清理磁盘或换一块大的。"
    ]


def test_options_that_go_around_the_checks_are_refused_in_production(home):
    assert home.mistakes(PRODUCTION + ACCOUNT, GUNICORN_CMD_ARGS=f"--preload --workers 1000 --env X={CANARY}") == [
        "设置 GUNICORN_CMD_ARGS 会改掉经过检查的启动选项，正式运行时请去掉这个环境变量，改用 server 一节的设置。"
    ]


@pytest.mark.parametrize("name", ["processes", "threads"])
@pytest.mark.parametrize("value", ["0", "-1", "257", "1000", "1e3", "four", "", "1.5", "true", "９"])
def test_a_number_of_workers_that_makes_no_sense(home, name, value):
    mistakes = home.mistakes(ACCOUNT, **{f"DOORSTEP_SERVER__{name.upper()}": value})

    assert mistakes[0].startswith(f"设置 server.{name}（环境变量 DOORSTEP_SERVER__{name.upper()}）")
