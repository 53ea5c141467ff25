"""What the operator reads when one value is wrong: the name, the remedy, never the value."""

import pytest

from tests.install import ACCOUNT, CANARY, GOOD_AES_KEY, Home


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


WRONG = {
    "sign-ins forgotten too early": ("[retention]\nsessions = 30", "设置 retention.sessions 不能小于 180，请改正。"),
    "consents forgotten too early": (
        "[retention]\nconsents = 365", "设置 retention.consents 不能小于 1095，请改正。"
    ),
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
    "log level": ('[log]\nlevel = "all"', '设置 log.level 只能是 "debug"、"info"、"warning" 或 "error"，请改正。'),
    "section as a value": ("log = 1", "设置 log 应当是一节设置，请写成方括号开头的一节。"),
    "endless wait": ("[wechat]\nread_timeout = inf", "设置 wechat.read_timeout 应当是普通的数字，请改正。"),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_is_one_sentence(home, case):
    config, sentence = WRONG[case]

    assert home.mistakes(f"{config}\n{ACCOUNT}") == [sentence]


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


def test_a_short_signing_key_is_refused(home):
    assert home.mistakes(ACCOUNT, DOORSTEP_SECRETS__KEY="short") == [
        "设置 secrets.key（环境变量 DOORSTEP_SECRETS__KEY）太短，至少要 32 个字符，请换一个随机的长口令。"
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
