"""The command line, as somebody at the server types it: one plain sentence and exit code 2 when it cannot be done."""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from tests.install import count
from tests.story import Phone, Web, free_port, installation, photograph, until

ROOT = Path(__file__).parent.parent


def test_load_wants_one_file_that_can_be_read(type_in, tmp_path):
    assert type_in("load") == (2, "", "请写明要载入哪一个文件：python -m app.cli load 我的区.toml")
    missing = tmp_path / "没有.toml"
    for path in (missing, tmp_path):
        assert type_in("load", str(path)) == (2, "", f"打不开文件 {path}，请检查路径和权限。")
    broken = tmp_path / "broken.toml"
    broken.write_text("districts = [")
    code, _, said = type_in("load", str(broken))
    assert (code, said.partition("：")[0], said.count("\n")) == (2, f"文件 {broken} 不是正确的 TOML", 0)
    broken.write_bytes("区 = 1".encode("gb18030"))
    assert type_in("load", str(broken)) == (2, "", f"文件 {broken} 不是 UTF-8 编码的文字，请另存为 UTF-8。")


def test_load_says_which_words_it_does_not_know(type_in, tmp_path):
    path = tmp_path / "区.toml"
    path.write_text('distrikts = []\n[[categories]]\ncode = "a"\ncolour = "red"\n', encoding="utf-8")
    said = "没有载入：文件里有不认识的 categories.colour、distrikts，请对照 app/demo 里的样例。"
    assert type_in("load", str(path)) == (2, "", said)
    path.write_text("", encoding="utf-8")
    said = "文件里没有 districts、classes、categories、rest、work、people 或 consents，请对照 app/demo 里的样例。"
    assert type_in("load", str(path)) == (2, "", said)


def test_a_file_with_a_mistake_inside_loads_nothing(type_in, tmp_path):
    type_in("migrate")
    path = tmp_path / "区.toml"
    path.write_text('[[districts]]\ncode = "yu"\nname = "区"\n[[people]]\nname = "吴新"\n', encoding="utf-8")
    assert type_in("load", str(path)) == (2, "", "没有载入：文件里少了“phone”，或者它指的东西不存在。")
    path.write_text('[[districts]]\ncode = "yu"\nname = "区"\n[[rest]]\nday = "明天"\nname = "假"\n', encoding="utf-8")
    assert type_in("load", str(path)) == (2, "", "没有载入：文件里有的内容写法不对，请对照 app/demo 里的样例。")
    assert count(tmp_path, "place") == 0


def test_a_district_and_its_staff_list(type_in, tmp_path):
    type_in("migrate")
    assert type_in("load", str(ROOT / "app/demo/places.toml")) == (0, "已载入：districts", "")
    path = tmp_path / "人员.toml"
    path.write_text(
        '[[people]]\nname = "吴新"\nphone = "13800000088"\nroles = [{ kind = "community_admin", place = "huimin" }]\n',
        encoding="utf-8",
    )
    for _ in range(2):
        assert type_in("load", str(path)) == (0, "已载入：people", "")
    assert (count(tmp_path, "person"), count(tmp_path, "role")) == (1, 1)


def test_the_classes_and_categories_of_a_district(type_in, tmp_path):
    type_in("migrate")
    for _ in range(2):
        for name in ("places", "classes", "categories"):
            code, told, said = type_in("load", str(ROOT / f"app/demo/{name}.toml"))
            assert (code, told.startswith("已载入："), said) == (0, True, "")
    before = count(tmp_path, "city_class"), count(tmp_path, "category")
    assert before[0] > 80 and before[1] > 100
    path = tmp_path / "分类.toml"
    path.write_text(
        '[[classes]]\nedition = "new"\nkind = "event"\nmajor = "市容"\nminors = [{ code = "0101", name = "乱" }]\n'
        'conditions = [{ words = "乱", amount = 1, clock = "moon", closing = "不乱" }]\n', encoding="utf-8",
    )  # fmt: skip
    code, told, said = type_in("load", str(path))
    assert (code, told, said.startswith("没有载入：new event 0101：不认识的时钟 moon")) == (2, "", True)
    path.write_text(
        '[[categories]]\ncode = "new"\nname = "新"\npriority = "p3"\nquestions = [{ code = "q", kind = "file" }]\n',
        encoding="utf-8",
    )
    code, told, said = type_in("load", str(path))
    assert (code, told, said.startswith("没有载入：new q：")) == (2, "", True)
    assert (count(tmp_path, "city_class"), count(tmp_path, "category")) == before


def test_nothing_but_migrate_works_before_migrate(type_in):
    first = (2, "", "数据库还没有准备好，请先运行 python -m app.cli migrate。")
    for words in (("setup-code",), ("menu",), ("load", str(ROOT / "app/demo/places.toml"))):
        assert type_in(*words) == first
    code, told, _ = type_in("check")
    assert (code, told.splitlines()[0]) == (1, "数据库还差一步：0001_places_and_people")
    type_in("migrate")
    code, told, said = type_in("setup-code")
    assert (code, len(told), said) == (0, 12, "")


def test_migrate_goes_up_or_down_and_nowhere_else(type_in):
    for words in (("sideways",), ("down", "down")):
        said = "migrate 后面什么都不写（更新到最新），或者写 down（退回一步）。"
        assert type_in("migrate", *words) == (2, "", said)
    assert type_in("setup-code", "now") == (2, "", "setup-code 后面不用再写别的。")


def test_check_tells_of_a_reception_that_does_not_exist(type_in):
    type_in("migrate")
    code, told, _ = type_in("check")
    assert (code, told.splitlines()) == (1, [
        f"账号 {name} 的 community 是“huimin”，数据库里没有这个社区：请改成已有社区的 code，或先 load。"
        for name in ("mini", "official")
    ] + [
        "还没有公布这些同意说明：隐私说明、精确位置、手机号、监护人同意。"
        "请照 app/demo/consents.toml 写好后 load。"
    ])  # fmt: skip
    type_in("load", str(ROOT / "app/demo/places.toml"))
    type_in("load", str(ROOT / "app/demo/consents.toml"))
    assert type_in("check") == (0, "一切正常。", "")


def test_a_published_consent_text_is_not_changed_by_a_file(type_in, tmp_path):
    path, text = tmp_path / "consents.toml", (ROOT / "app/demo/consents.toml").read_text(encoding="utf-8")
    type_in("migrate")
    for _ in range(2):
        assert type_in("load", str(ROOT / "app/demo/consents.toml")) == (0, "已载入：consents", "")
    path.write_text(text.replace("留下您的手机号", "留下您家的手机号"), encoding="utf-8")
    said = "没有载入：“phone”第 1 版已经公布，不能再改，请用更高的版本号公布新的文字。"
    assert type_in("load", str(path)) == (2, "", said)
    path.write_text(text.replace("version = 1", "version = 2"), encoding="utf-8")
    assert type_in("load", str(path)) == (0, "已载入：consents", "")


class Quiet(WSGIRequestHandler):
    """The platform's own log is not ours."""

    def log(self, kind: str, message: str, *args: object) -> None:
        pass


def test_a_platform_that_refuses_the_menu(type_in, monkeypatch):
    """The server's address is not on the whitelist (40164)."""

    @Request.application
    def refuse(request: Request) -> Response:
        return Response(json.dumps({"errcode": 40164, "errmsg": "invalid ip"}), content_type="application/json")

    type_in("migrate")
    platform = make_server("127.0.0.1", 0, refuse, request_handler=Quiet)
    threading.Thread(target=platform.serve_forever, daemon=True).start()
    monkeypatch.setenv("DOORSTEP_WECHAT__API", f"http://127.0.0.1:{platform.server_port}")
    try:
        code, told, said = type_in("menu")
    finally:
        platform.shutdown()
        platform.server_close()
    assert (code, told, said.count("\n")) == (2, "", 0)
    assert said.startswith("这些公众号的菜单没有设上：official（")
    assert said.endswith("）。请检查密钥和 IP 白名单后再试。")


def test_a_database_that_is_not_there(type_in, monkeypatch):
    monkeypatch.setenv("DOORSTEP_DATABASE__URL", "postgresql://nobody@127.0.0.1:9/nothing")
    for command in ("migrate", "check", "setup-code"):
        assert type_in(command) == (2, "", "数据库连不上或不能用，请检查 [database] url，以及数据库是否在运行。")


def test_a_years_holidays_are_imported_as_a_whole(type_in, tmp_path):
    type_in("migrate")
    path = tmp_path / "2027.csv"
    path.write_text("2027-01-01,休,元旦\n2027-10-09,班,国庆节调休\n", encoding="utf-8")
    for _ in range(2):
        code, told, said = type_in("holidays", str(path))
        assert (code, said) == (0, "")
        assert told.splitlines()[0] == "已导入 2027 年：放假 1 天，调休上班 1 天。已经答复居民的时限不变。"
        assert "请核对：放假只有 1 天，法定节假日一共 13 天，请核对。" in told
    assert count(tmp_path, "calendar_day") == 2
    path.write_text("明年放三天", encoding="utf-8")
    code, told, said = type_in("holidays", str(path))
    assert (code, told) == (2, "") and said.startswith("没有导入：第 1 行看不懂。")
    assert type_in("holidays") == (2, "", "请写明文件：python -m app.cli holidays 2027.toml")
    code, told, said = type_in("holidays", str(tmp_path / "no.toml"))
    assert (code, told) == (2, "") and said.startswith("没有导入：打不开文件")
    path.write_bytes(b"\xff\xfe")
    assert "不是 UTF-8" in type_in("holidays", str(path))[2]
    assert count(tmp_path, "calendar_day") == 2


def test_what_would_be_deleted_and_what_was(type_in, tmp_path):
    type_in("migrate")
    assert type_in("retention", "apply") == (0, "没有到期的资料。", "")
    connection = sqlite3.connect(tmp_path / "data" / "doorstep.sqlite")
    connection.execute(
        "INSERT INTO inbound (account, event_key, kind, payload, state, problem, reply, received_at) "
        "VALUES ('mini', 'msg:1', 'text', '{}', 'handled', '', '', '2020-01-02 20:00:00.000000')"
    )
    connection.commit()
    connection.close()
    for _ in range(2):
        code, told, said = type_in("retention")
        assert (code, said) == (0, "")
        assert "微信转来的原始消息 inbound | 30 天 | 1 条 | 2020-01-03" in told.splitlines()
        assert "登录记录 sessions | 180 天 | 0 条 | —" in told.splitlines()
    assert count(tmp_path, "inbound") == 1, "looking deletes nothing"
    assert type_in("retention", "apply") == (0, "微信转来的原始消息 inbound：1 条", "")
    assert (count(tmp_path, "inbound"), count(tmp_path, "deletion"), count(tmp_path, "audit")) == (0, 1, 1)


def test_retention_takes_one_word_only(type_in):
    said = "retention 后面什么都不写（只看，不删），或者写 apply（删除到期的资料）。"
    for words in (("now",), ("apply", "apply")):
        assert type_in("retention", *words) == (2, "", said)
    first = (2, "", "数据库还没有准备好，请先运行 python -m app.cli migrate。")
    assert type_in("retention") == type_in("retention", "apply") == first


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """What is made here may be read by everybody, as on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("usual_umask")
def test_nobody_else_of_the_machine_reads_what_is_kept(tmp_path):
    """Database, photos, voices, the phones' state and the secrets of a demo are for the one who started it."""
    folder = tmp_path / "home" / "data"
    with installation(free_port(), str(folder)) as address:
        Phone(Web(address), "zhanglan", "张兰").send_photo(photograph("井盖", (120, 120, 120)))
        until(lambda: any(folder.rglob("photos/**/*.jpg")), "照片没有存下")
        kept = [folder, *folder.rglob("*")]
        modes = {path.name: path.stat().st_mode & 0o777 for path in kept}
    assert {"doorstep.sqlite", "sandbox.sqlite", "secrets.toml", "files"} <= set(modes)
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
