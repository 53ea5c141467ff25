"""What the operator reads when a file cannot be used, or a setting stands in the wrong one."""

import pytest

from app.config import ConfigError, load
from tests.install import ACCOUNT, CANARY, SECRETS, Home


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


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


def test_two_names_for_one_setting_must_agree(home):
    home.write(ACCOUNT)
    assert home.load(PORT="9000", DOORSTEP_SERVER__PORT="9000").server.port == 9000
    assert home.mistakes(ACCOUNT, PORT="9000", DOORSTEP_SERVER__PORT="9001") == [
        "环境变量 PORT 与 DOORSTEP_SERVER__PORT 写得不一样，请只保留一个。"
    ]
