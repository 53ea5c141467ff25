"""What the operator reads when settings do not fit together, or not to the machine."""

from pathlib import Path

import pytest

from app import config_checks
from app.config_checks import filesystem
from tests.install import ACCOUNT, PRODUCTION, SECRETS, Home, secrets_of


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


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
    "nobody answers": (
        'privacy.contact = ""',
        "设置 privacy.contact 在正式运行时必须写明，居民要知道谁对他们的个人信息负责、怎样联系。",
    ),
    "somebody of the demo": (
        'privacy.controller = "（演示）示范区古台街道办事处"',
        "设置 privacy.controller 在正式运行时必须写明，居民要知道谁对他们的个人信息负责、怎样联系。",
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
        "privacy.controller": '"幸福街道办事处"',
        "privacy.contact": '"电话 0371-12345"',
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


def test_secrets_that_are_missing_are_asked_for_by_name(home):
    assert home.mistakes(ACCOUNT, secrets="") == [
        "设置 secrets.key 没有写，请在机密文件或环境变量里给出至少 32 个字符的随机口令。",
        "设置 wechat.accounts.mini.secret 没有写，请在机密文件或环境变量里给出公众平台上的值。",
        "设置 wechat.accounts.mini.token 没有写，请在机密文件或环境变量里给出公众平台上的值。",
        "设置 wechat.accounts.mini.aes_key 没有写，请在机密文件或环境变量里给出公众平台上的值。",
    ]


def test_two_accounts_with_one_appid(home):
    config = ACCOUNT + ACCOUNT.replace("accounts.mini", "accounts.twin")
    secrets = SECRETS + SECRETS.partition("[wechat.accounts.mini]")[2].join(["[wechat.accounts.twin]", ""])

    assert home.mistakes(config, secrets) == [
        "设置 wechat.accounts.twin.appid 与账号 mini 的 appid 相同，请给每个账号写自己的 AppID。"
    ]


def test_state_needs_a_folder_that_can_be_written(home):
    (home.folder / "file").write_text("not a folder")

    mistakes = home.mistakes(ACCOUNT, DATA=f"{home.folder}/file/data", **secrets_of("mini"))
    assert mistakes == ["设置 data.folder（环境变量 DATA）的上级路径里有一个不是文件夹，请换一个位置。"]

    mistakes = home.mistakes(ACCOUNT, DATA="/proc/doorstep", **secrets_of("mini"))
    assert mistakes == ["设置 data.folder（环境变量 DATA）所在的位置不能写入，请换一个可写的文件夹，或改正权限。"]


def test_a_database_is_a_file(home):
    (home.folder / "data").mkdir()

    assert home.mistakes(ACCOUNT, DOORSTEP_DATABASE__URL=f"sqlite:///{home.folder}") == [
        "设置 database.url（环境变量 DOORSTEP_DATABASE__URL）指向一个文件夹，请写数据库文件的路径。"
    ]


def test_production_does_not_keep_reports_in_memory(home):
    assert home.mistakes(PRODUCTION + ACCOUNT, DATA="/dev/shm", **secrets_of("mini")) == [
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


def test_a_disk_that_is_nearly_full_is_refused(home, monkeypatch):
    monkeypatch.setattr(config_checks, "MIN_FREE_BYTES", 1 << 62)

    assert home.mistakes(ACCOUNT) == ["设置 data.folder 所在的磁盘剩余空间不足 200 MB，请先清理磁盘。"]
