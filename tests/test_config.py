"""What the operator reads when config.toml, the secrets file or the environment is wrong: everything at once, in plain
Chinese, and never a secret."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import ConfigError, load, make_demo_secrets, make_secrets
from app.config_checks import filesystem

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
"""


@pytest.fixture
def home(tmp_path):
    """The folder of an operator: a way to write the two files and to ask what is wrong with them."""

    class Home:
        folder = tmp_path
        config = tmp_path / "config.toml"
        secrets = tmp_path / "data" / "secrets.toml"

        def write(self, config, secrets=SECRETS):
            self.config.write_bytes(config if isinstance(config, bytes) else config.encode())
            self.secrets.parent.mkdir(exist_ok=True)
            self.secrets.write_text(secrets)
            self.secrets.chmod(0o600)

        def load(self, **environ):
            return load(self.config, environ)

        def mistakes(self, config, secrets=SECRETS, **environ):
            self.write(config, secrets)
            with pytest.raises(ConfigError) as caught:
                self.load(**environ)
            return caught.value.mistakes

    return Home()


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
    shipped = load(None, {"DATA": str(home.folder / "data"), **_secrets_of_both()})
    home.write(ACCOUNT)
    bare = home.load()

    for name in set(type(bare).model_fields) - {"wechat", "secrets"}:
        assert getattr(shipped, name) == getattr(bare, name)
    for name in set(type(bare.wechat).model_fields) - {"accounts"}:
        assert getattr(shipped.wechat, name) == getattr(bare.wechat, name)


def _secrets_of_both():
    values = {"DOORSTEP_SECRETS__KEY": "k" * 40}
    for account in ("MINI", "OFFICIAL"):
        start = f"DOORSTEP_WECHAT__ACCOUNTS__{account}__"
        values |= {start + "SECRET": "0f1e2d3c", start + "TOKEN": "Zk4HqVt8", start + "AES_KEY": GOOD_AES_KEY}
    return values


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
    assert home.load(DATA="state", **_secrets_of_both_for_mini()).folder == elsewhere / "state"


def _secrets_of_both_for_mini():
    return {name: value for name, value in _secrets_of_both().items() if "OFFICIAL" not in name}


def test_a_production_install_is_accepted(home, tmp_path):
    home.write(PRODUCTION + 'server.processes = 4\ndatabase.url = "postgresql://db.example.cn/doorstep"\n' + ACCOUNT)
    settings = home.load()

    assert settings.wechat_api == "https://api.weixin.qq.com"
    assert settings.sqlite_path is None
    assert settings.database_url == "postgresql://db.example.cn/doorstep"


WRONG = {
    "unknown key": ("[server]\nprot = 1", "设置 server.prot 不认识，是不是想写 server.port？请改正。"),
    "unknown section": ("[serve]\nport = 1", "设置 serve 不认识，是不是想写 server？请改正。"),
    "unknown and far": ("[server]\nqqq = 1", "设置 server.qqq 不认识，请删掉它。"),
    "port as text": ('[server]\nport = "80"', "设置 server.port 应当是整数，请改正（不加引号）。"),
    "port as truth": ("[server]\nport = true", "设置 server.port 应当是整数，请改正（不加引号）。"),
    "port too high": ("[server]\nport = 70000", "设置 server.port 不能大于 65535，请改正。"),
    "no threads": ("[server]\nthreads = 0", "设置 server.threads 不能小于 1，请改正。"),
    "a thousand threads": ("[server]\nthreads = 1000", "设置 server.threads 不能大于 256，请改正。"),
    "no processes": ("[server]\nprocesses = 0", "设置 server.processes 不能小于 1，请改正。"),
    "a thousand processes": ("[server]\nprocesses = 1000", "设置 server.processes 不能大于 256，请改正。"),
    "two processes on SQLite": (
        "[server]\nprocesses = 2",
        "设置 server.processes 在使用 SQLite 时只能是 1，要多进程请把 database.url 改成 PostgreSQL。",
    ),
    "streams take all threads": (
        "[server]\nevent_streams = 32",
        "设置 server.event_streams 应当小于 server.threads，否则实时页面会占满线程。",
    ),
    "pool too small": (
        "[database]\npool = 8",
        "设置 database.pool 不能小于 server.threads，否则请求会等不到数据库连接。",
    ),
    "body smaller than a photo": (
        "[server]\nrequest_limit_bytes = 4096",
        "设置 server.request_limit_bytes 应当大于 photos.max_bytes，否则照片传不上来。",
    ),
    "a proxy by name": (
        '[server]\ntrusted_proxies = ["balancer"]',
        '设置 server.trusted_proxies.0 应当是 IP 地址或网段，例如 "10.0.0.0/8"。',
    ),
    "synchronous normal": (
        '[database]\nsynchronous = "normal"',
        '设置 database.synchronous 只能是 "full" 或 "extra"，请改正。',
    ),
    "MySQL": (
        '[database]\nurl = "mysql://db/doorstep"',
        "设置 database.url 应当写成 sqlite:///文件路径 或 postgresql://用户名@主机/库名。",
    ),
    "SQLite in memory": (
        '[database]\nurl = "sqlite:///:memory:"',
        "设置 database.url 应当写成 sqlite:///文件路径 或 postgresql://用户名@主机/库名。",
    ),
    "bare per cent": (
        '[redis]\nurl = "redis://a%zz@host:6379/0"',
        "设置 redis.url 里有空格或单独的百分号，请把密码里的 % 写成 %25、空格写成 %20。",
    ),
    "redis port": ('[redis]\nurl = "redis://host:port/0"', "设置 redis.url 不是完整的网址，请检查主机名和端口。"),
    "redis over http": (
        '[redis]\nurl = "http://host:6379"',
        "设置 redis.url 应当写成 redis://主机:6379/0 或 rediss://主机:6379/0。",
    ),
    "files over ftp": ('[files]\nurl = "ftp://host/x"', "设置 files.url 应当留空，或写成 s3://存储桶/前缀。"),
    "base url without scheme": (
        '[server]\nbase_url = "door.example.cn"',
        "设置 server.base_url 应当是以 https:// 开头的完整网址。",
    ),
    "limit in words": (
        '[limits]\nlogin = "ten a minute"',
        '设置 limits.login 的写法不对，请写成 "10/minute" 或 "5/minute; 30/hour" 这样。',
    ),
    "reminders fall": (
        "[cases]\nremind_at = [80, 50]",
        "设置 cases.remind_at 应当是 1 到 100 之间、从小到大的整数，例如 [50, 80, 100]。",
    ),
    "log level": ('[log]\nlevel = "all"', '设置 log.level 只能是 "debug"、"info"、"warning" 或 "error"，请改正。'),
    "section as a value": ("log = 1", "设置 log 应当是一节设置，请写成方括号开头的一节。"),
    "endless wait": ("[wechat]\nread_timeout = inf", "设置 wechat.read_timeout 应当是普通的数字，请改正。"),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_is_one_sentence(home, case):
    config, sentence = WRONG[case]

    assert home.mistakes(f"{config}\n{ACCOUNT}") == [sentence]


IN_PRODUCTION = {
    "http": ('server.base_url = "http://d.cn"', "设置 server.base_url 在正式运行时必须写成 https:// 开头的网址。"),
    "no base url": ('server.base_url = ""', "设置 server.base_url 在正式运行时必须写成 https:// 开头的网址。"),
    "sandbox": ("sandbox.enabled = true", "设置 sandbox.enabled 在正式运行时必须是 false，否则任何人都能冒充微信。"),
    "api over http": (
        'wechat.api = "http://api.weixin.qq.com"',
        "设置 wechat.api 在正式运行时必须是 https:// 开头，请留空以使用微信官方地址。",
    ),
    "api is a sandbox": (
        'wechat.api = "https://test.example.cn/sandbox/wechat"',
        "设置 wechat.api 指向沙箱，正式运行时请留空以使用微信官方地址。",
    ),
    "plain": (
        'wechat.accounts.mini.mode = "plain"',
        '设置 wechat.accounts.mini.mode 在正式运行时必须是 "safe"，请在公众平台选择安全模式。',
    ),
    "compatible": (
        'wechat.accounts.mini.mode = "compatible"',
        '设置 wechat.accounts.mini.mode 在正式运行时必须是 "safe"，请在公众平台选择安全模式。',
    ),
}


@pytest.mark.parametrize("case", IN_PRODUCTION)
def test_production_refuses_what_a_demo_may(home, case):
    line, sentence = IN_PRODUCTION[case]
    good = {
        "mode": '"production"',
        "sandbox.enabled": "false",
        "server.base_url": '"https://door.example.cn"',
        "wechat.accounts.mini.kind": '"miniprogram"',
        "wechat.accounts.mini.appid": '"wx5d1f0c7a9e3b2846"',
    }
    key, value = line.split(" = ")
    config = "\n".join(f"{name} = {text}" for name, text in {**good, key: value}.items())

    assert home.mistakes(config) == [sentence]


def test_production_refuses_debug_and_a_key_of_one_letter(home):
    secrets = SECRETS.replace("kPz3Vt8WcYe1RbLs6NxJd3Mf0PgUo9Ta7XiCv2KhB5Q", "A" * 43)

    assert home.mistakes(PRODUCTION + ACCOUNT, secrets, FLASK_DEBUG="1") == [
        "设置 wechat.accounts.mini.aes_key（机密文件）是同一个字符的重复，请到公众平台重新生成 EncodingAESKey。",
        "设置 FLASK_DEBUG 是打开的，正式运行时请去掉这个环境变量。",
    ]


BAD_SECRETS = {
    "changeme": ("secret", "changeme", "还是占位的示例文字，请换成真正的值"),
    "xxx": ("secret", "xxxx", "还是占位的示例文字，请换成真正的值"),
    "your": ("token", "your-token", "还是占位的示例文字，请换成真正的值"),
    "请填写": ("token", "请填写", "还是占位的示例文字，请换成真正的值"),
    "token with a space": ("token", f"{CANARY} x", "里有空格或换行，请去掉后再启动"),
    "token with a sign": ("token", f"{CANARY}!", "应当是 3 到 32 位英文字母或数字，请到公众平台核对"),
    "42": ("aes_key", GOOD_AES_KEY[:42], "应当正好 43 个字符，请到公众平台重新复制 EncodingAESKey"),
    "44": ("aes_key", GOOD_AES_KEY + "=", "应当正好 43 个字符，请到公众平台重新复制 EncodingAESKey"),
    "not base64": ("aes_key", GOOD_AES_KEY[:42] + "?", "不是有效的 Base64 文字，请到公众平台重新复制 EncodingAESKey"),
    "rotation to itself": ("previous_aes_key", GOOD_AES_KEY, "与现用的 aes_key 相同，请删掉它，或写上更换之前的值"),
}


@pytest.mark.parametrize("case", BAD_SECRETS)
def test_a_bad_secret_is_named_and_not_shown(home, case):
    key, value, remark = BAD_SECRETS[case]
    variable = f"DOORSTEP_WECHAT__ACCOUNTS__MINI__{key.upper()}"
    mistakes = home.mistakes(ACCOUNT, **{variable: value})

    assert mistakes == [f"设置 wechat.accounts.mini.{key}（环境变量 {variable}）{remark}。"]
    assert value not in mistakes[0]


def test_secrets_that_are_missing_are_asked_for_by_name(home):
    assert home.mistakes(ACCOUNT, secrets="") == [
        "设置 secrets.key 没有写，请在机密文件或环境变量里给出至少 32 个字符的随机口令。",
        "设置 wechat.accounts.mini.secret 没有写，请在机密文件或环境变量里给出公众平台上的值。",
        "设置 wechat.accounts.mini.token 没有写，请在机密文件或环境变量里给出公众平台上的值。",
        "设置 wechat.accounts.mini.aes_key 没有写，请在机密文件或环境变量里给出公众平台上的值。",
    ]


def test_a_short_signing_key_is_refused(home):
    assert home.mistakes(ACCOUNT, DOORSTEP_SECRETS__KEY="short") == [
        "设置 secrets.key（环境变量 DOORSTEP_SECRETS__KEY）太短，至少要 32 个字符，请换一个随机的长口令。"
    ]


def test_secrets_do_not_belong_in_the_configuration_file(home):
    config = ACCOUNT + f'token = "{CANARY}"\n[database]\nurl = "postgresql://door:{CANARY}@db/doorstep"\n'
    mistakes = home.mistakes(config)

    assert mistakes == [
        "设置 wechat.accounts.mini.token 是机密，不能写在配置文件里，请删掉它，"
        "改用环境变量 DOORSTEP_WECHAT__ACCOUNTS__MINI__TOKEN 或机密文件。",
        "设置 database.url 里带着密码，不能写在配置文件里，请把整个地址移走，"
        "改用环境变量 DOORSTEP_DATABASE__URL 或机密文件。",
    ]


def test_settings_do_not_belong_in_the_secrets_file(home):
    assert home.mistakes(ACCOUNT, SECRETS + "[server]\nport = 1\n") == [
        "机密文件里的 server.port 不是机密，请写在配置文件里。"
    ]


def test_a_secrets_file_others_can_read_is_refused(home):
    home.write(ACCOUNT)
    home.secrets.chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        home.load()

    assert caught.value.mistakes == [f"机密文件 {home.secrets} 可以被别的用户读取，请运行 chmod 600 改正权限。"]


def test_a_secrets_file_that_was_named_must_be_there(home):
    home.write(ACCOUNT)
    missing = home.folder / "nowhere.toml"

    assert home.mistakes(ACCOUNT + f'[secrets]\nfile = "{missing}"\n')[0] == f"找不到机密文件 {missing}，请检查路径。"


def test_two_accounts_with_one_appid(home):
    config = ACCOUNT + ACCOUNT.replace("accounts.mini", "accounts.twin")
    secrets = SECRETS + SECRETS.partition("[wechat.accounts.mini]")[2].join(["[wechat.accounts.twin]", ""])

    assert home.mistakes(config, secrets) == [
        "设置 wechat.accounts.twin.appid 与账号 mini 的 appid 相同，请给每个账号写自己的 AppID。"
    ]


def test_templates_are_checked_against_the_platform_and_our_fields(home):
    template = """
[wechat.accounts.mini.templates.case_assigned]
id = "pQ7vNd3kXr0mZs8J"
page = "/pages/case/case"
fields = { things1 = "number", thing2 = "whta" }
[wechat.accounts.mini.templates.case_asigned]
id = "x"
"""
    assert home.mistakes(ACCOUNT + template) == [
        "设置 wechat.accounts.mini.templates.case_assigned.page 不能以斜杠开头，也不能有空格。",
        "设置 wechat.accounts.mini.templates.case_assigned.fields.things1 "
        "不是订阅消息的参数名，请按公众平台上的写法，例如 thing2、time4。",
        "设置 wechat.accounts.mini.templates.case_assigned.fields.thing2 "
        "只能是 number、what、place、state、due、at、who、hint 之一。",
        "设置 wechat.accounts.mini.templates.case_asigned 不认识，"
        "是不是想写 wechat.accounts.mini.templates.case_assigned？请改正。",
    ]


UNREADABLE = {
    "empty": (b"", "是空的，请从源代码里的 config.toml 复制一份再修改。"),
    "BOM": (b"\xef\xbb\xbfmode = 'demo'", "的开头有 BOM 标记，请另存为不带 BOM 的 UTF-8。"),
    "GBK": ("# 设置".encode("gbk"), "不是 UTF-8 编码，请另存为 UTF-8。"),
    "syntax": (b"mode = 'demo'\nport 80", "第 2 行不符合 TOML 写法，请检查引号、等号和方括号。"),
    "open quote": (f'mode = "demo"\ntoken = "{CANARY}'.encode(), "末尾不符合 TOML 写法，请检查引号、等号和方括号。"),
    "duplicate key": (b"[log]\nlevel = 'info'\nlevel = 'info'\n", "第 3 行的设置前面已经写过，请只保留一处。"),
    "duplicate section": (b"[log]\n[server]\n[log]\n", "第 3 行的设置前面已经写过，请只保留一处。"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_used_is_the_only_mistake(home, case):
    raw, remark = UNREADABLE[case]

    assert home.mistakes(raw) == [f"配置文件 {home.config} {remark}"]


def test_a_file_that_is_not_there(home):
    with pytest.raises(ConfigError) as caught:
        load(home.folder / "no.toml", {})
    assert caught.value.mistakes == [f"找不到配置文件 {home.folder}/no.toml，请检查路径。"]


def test_a_folder_in_place_of_the_file(home):
    with pytest.raises(ConfigError) as caught:
        load(home.folder, {})
    assert caught.value.mistakes == [f"配置文件 {home.folder} 是一个文件夹，请写文件的路径。"]


def test_windows_line_ends_are_fine(home):
    home.write((ACCOUNT + "[server]\nport = 8002\n").replace("\n", "\r\n"))

    assert home.load().server.port == 8002


def test_state_needs_a_folder_that_can_be_written(home):
    (home.folder / "file").write_text("not a folder")

    mistakes = home.mistakes(ACCOUNT, DATA=f"{home.folder}/file/data", **_secrets_of_both_for_mini())
    assert mistakes == ["设置 data.folder（环境变量 DATA）的上级路径里有一个不是文件夹，请换一个位置。"]

    mistakes = home.mistakes(ACCOUNT, DATA="/proc/doorstep", **_secrets_of_both_for_mini())
    assert mistakes == ["设置 data.folder（环境变量 DATA）所在的位置不能写入，请换一个可写的文件夹，或改正权限。"]


def test_a_database_is_a_file(home):
    (home.folder / "data").mkdir()

    assert home.mistakes(ACCOUNT, DOORSTEP_DATABASE__URL=f"sqlite:///{home.folder}") == [
        "设置 database.url（环境变量 DOORSTEP_DATABASE__URL）指向一个文件夹，请写数据库文件的路径。"
    ]


def test_production_does_not_keep_reports_in_memory(home):
    assert home.mistakes(PRODUCTION + ACCOUNT, DATA="/dev/shm", **_secrets_of_both_for_mini()) == [
        "设置 data.folder（环境变量 DATA）在内存盘上，断电或断网会丢失居民的上报，请换到本机硬盘。"
    ]


def test_the_filesystem_is_that_of_the_deepest_mount(tmp_path):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        f"2 1 0:40 / {tmp_path} rw shared:1 - nfs4 server:/x rw\n"
        "3 1 0:41 / /else rw - tmpfs tmpfs rw\n"
    )

    assert filesystem(tmp_path / "deep", str(mounts)) == "nfs4"
    assert filesystem(Path("/usr"), str(mounts)) == "ext4"
    assert filesystem(Path("/usr"), str(tmp_path / "none")) == ""


def test_two_names_for_one_setting_must_agree(home):
    home.write(ACCOUNT)
    assert home.load(PORT="9000", DOORSTEP_SERVER__PORT="9000").server.port == 9000
    assert home.mistakes(ACCOUNT, PORT="9000", DOORSTEP_SERVER__PORT="9001") == [
        "环境变量 PORT 与 DOORSTEP_SERVER__PORT 写得不一样，请只保留一个。"
    ]


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
    ]


def test_no_secret_is_printed_with_the_settings(home):
    password = f"postgresql://door:{CANARY}@db/doorstep"
    secrets = SECRETS.replace("0f1e2d3c4b5a69788796a5b4c3d2e1f0", CANARY).replace("Zk4HqVt8WcYe1RbL", CANARY)
    home.write(ACCOUNT, secrets)
    settings = home.load(DOORSTEP_DATABASE__URL=password, DOORSTEP_REDIS__URL=f"redis://:{CANARY}@h:6379/0")

    assert settings.database_url == password
    for shown in (repr(settings), str(settings), repr(settings.wechat), repr(settings.database)):
        assert CANARY not in shown


@given(st.text(max_size=60))
def test_whatever_the_environment_says_gets_an_answer(value):
    """Any text in a number, a list, a choice, an address: it is taken or refused with sentences, nothing else."""
    for name in ("SERVER__PORT", "SERVER__TRUSTED_PROXIES", "LOG__LEVEL", "REDIS__URL", "CASES", "WECHAT__ACCOUNTS"):
        try:
            load(None, {f"DOORSTEP_{name}": value, **_secrets_of_both()})
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
