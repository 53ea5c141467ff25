"""The command line: `python -m app.cli <command>`.

run        everything on this machine: database, demo, web server, worker
serve      the web server alone          worker   the worker alone
migrate    bring the database up to date (`migrate down` takes the last step back)
check      look at the settings and the machine, change nothing
load FILE  load places, classes, categories, a calendar, a staff list or consent texts from a TOML file
setup-code print a one-time code for the first administrator
menu       put our menu on the official accounts
holidays FILE  import a year's holidays and make-up workdays (TOML, or a table of 日期,休/班,名称)
pass-time 3d  let three days pass in a demo (also 90m, 12h): every kept time moves back
retention  tell what is past its time and would be deleted (`retention apply` deletes it)

Whatever cannot be done is told in one sentence and ends with 2; `check` ends with 1 when it finds something.
"""

import argparse
import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import peewee

from app import cli_holidays, cli_retention, demo_seed, demo_time, logs, migrate, serving
from app.config import ConfigError, Settings, load, make_demo_secrets
from app.config_engine import engine_mistakes, engine_remarks
from app.context import database_open, make_context
from app.gateway.wechat import GatewayError
from app.jobs import worker
from app.rules import consent, founding, session, wording
from app.rules.refusal import Refusal
from models.base import connect, write
from models.place import Place


def _stop(sentence: str) -> NoReturn:
    """Say why it cannot be done, and end with 2."""
    print(sentence, file=sys.stderr)
    sys.exit(2)


def _need_database() -> None:
    """End when the database lacks tables."""
    if migrate.pending():
        _stop("数据库还没有准备好，请先运行 python -m app.cli migrate。")


def _settings() -> Settings:
    """The checked settings, with fresh secrets for a demo that has none; ends the program with every mistake."""
    make_demo_secrets()
    try:
        settings = load()
    except ConfigError as error:
        sys.exit("\n".join(["设置有误，没有启动：", *(f"  · {mistake}" for mistake in error.mistakes)]))
    logs.set_up(settings)
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    connect(settings.database_url, settings.database.pool, settings.database.synchronous)
    return settings


def run(settings: Settings, args: argparse.Namespace) -> None:
    """Everything on this machine, until Ctrl-C."""
    _prepare(settings)
    serving.run_all(settings, after_start=lambda: _greet(settings))


def _prepare(settings: Settings) -> None:
    applied = migrate.up()
    if applied:
        print(f"数据库已更新：{'、'.join(applied)}")
    _judge_engine(settings)
    with database_open():
        if settings.mode == "demo":
            demo_seed.load_place()


def _judge_engine(settings: Settings) -> None:
    """End when the database would lose or spoil what it is given."""
    with database_open():
        mistakes = engine_mistakes(settings)
    if mistakes:
        sys.exit("\n".join(["数据库不能用，没有启动：", *(f"  · {mistake}" for mistake in mistakes)]))


def _greet(settings: Settings) -> None:
    """What one sees when it is up: where to go, and the setup code while nobody administers it."""
    if settings.sandbox.enabled:
        with database_open():
            demo_seed.load_people(settings)
            for refused in set_menus(settings):
                print(f"菜单没有设上：{refused}", file=sys.stderr)
        print(f"\n家门口已启动：{settings.base_url}\n  手机（演示）：{settings.base_url}/sandbox/")
    print(f"  工作台：      {settings.base_url}/console/")
    with database_open():
        if session.setup_needed():
            print(
                f"  初始设置码：  {session.new_setup_code()}（24 小时内有效，只能用一次）"
                f"\n                {settings.base_url}/console/setup"
            )
    print("按 Ctrl-C 停止。", flush=True)


def serve(settings: Settings, args: argparse.Namespace) -> None:
    """The web server alone, in this process's place."""
    _judge_engine(settings)
    serving.exec_gunicorn(settings)


def work(settings: Settings, args: argparse.Namespace) -> None:
    """The worker alone."""
    _judge_engine(settings)
    worker.run(make_context(settings))


def migrate_database(settings: Settings, args: argparse.Namespace) -> None:
    """Up to date, or one step back."""
    if args.words not in ([], ["down"]):
        _stop("migrate 后面什么都不写（更新到最新），或者写 down（退回一步）。")
    names = migrate.down() if args.words else migrate.up()
    print("\n".join(names) or "没有需要执行的步骤。")


def check(settings: Settings, args: argparse.Namespace) -> None:
    """Settings, machine and receptions; ends with 1 when something is missing."""
    problems = [f"数据库还差一步：{name}" for name in migrate.pending()]
    with database_open():
        remarks = engine_remarks(settings)
        problems = engine_mistakes(settings) + (problems or [*_lost_receptions(settings), *_missing_texts()])
    print("\n".join(problems + remarks) or "一切正常。")
    sys.exit(1 if problems else 0)


def _lost_receptions(settings: Settings) -> list[str]:
    """The accounts whose reception is a community that is not in the database."""
    codes = {row.code for row in Place.select(Place.code).where(Place.kind == "community")}
    return [
        f"账号 {name} 的 community 是“{one.community}”，数据库里没有这个社区：请改成已有社区的 code，或先 load。"
        for name, one in settings.wechat.accounts.items()
        if one.community and one.community not in codes
    ]


def _missing_texts() -> list[str]:
    """The consent texts that nobody has published: what hangs on them is refused."""
    published = {row.kind for row in consent.texts()}
    missing = "、".join(words for kind, words in consent.KINDS.items() if kind not in published)
    return [f"还没有公布这些同意说明：{missing}。请照 app/demo/consents.toml 写好后 load。"] if missing else []


def load_file(settings: Settings, args: argparse.Namespace) -> None:
    """Load a district's own file, all of it or nothing; the keys in it say what it holds."""
    data = _read(args.words)
    loaders: dict[str, Callable[[dict], None]] = {
        "districts": founding.load_places, "classes": founding.load_classes, "categories": founding.load_categories,
        "rest": founding.load_calendar, "people": founding.load_people, "consents": founding.load_consents,
    }  # fmt: skip
    if "work" in data:
        data.setdefault("rest", [])
    found = [key for key in loaders if key in data]
    if not found:
        _stop("文件里没有 districts、classes、categories、rest、work、people 或 consents，请对照 app/demo 里的样例。")
    _need_database()
    try:
        with database_open(), write():
            for key in found:
                loaders[key](data)
    except Refusal as refusal:
        _stop(f"没有载入：{refusal.message}")
    except KeyError as error:
        _stop(f"没有载入：文件里少了“{error.args[0]}”，或者它指的东西不存在。")
    except (ValueError, TypeError, AttributeError, peewee.DataError, peewee.IntegrityError, peewee.DoesNotExist):
        _stop("没有载入：文件里有的内容写法不对，请对照 app/demo 里的样例。")
    print("已载入：" + "、".join(found))


def _read(words: list[str]) -> dict:
    """What a TOML file holds; ends when it cannot be read or says something that nothing reads."""
    if len(words) != 1:
        _stop("请写明要载入哪一个文件：python -m app.cli load 我的区.toml")
    try:
        data = tomllib.loads(Path(words[0]).read_text(encoding="utf-8"))
    except OSError:
        _stop(f"打不开文件 {words[0]}，请检查路径和权限。")
    except tomllib.TOMLDecodeError as error:
        _stop(f"文件 {words[0]} 不是正确的 TOML：{error}")
    except RecursionError:
        _stop(f"文件 {words[0]} 不是正确的 TOML：括号套得太深")
    except UnicodeDecodeError:
        _stop(f"文件 {words[0]} 不是 UTF-8 编码的文字，请另存为 UTF-8。")
    unknown = founding.unknown_words(data)
    if unknown:
        _stop(f"没有载入：文件里有不认识的 {'、'.join(unknown)}，请对照 app/demo 里的样例。")
    return data


def setup_code(settings: Settings, args: argparse.Namespace) -> None:
    """A one-time code for the first administrator."""
    _need_database()
    with database_open():
        print(session.new_setup_code())


def menu(settings: Settings, args: argparse.Namespace) -> None:
    """Put our menu on every official account."""
    _need_database()
    with database_open():
        refused = set_menus(settings)
    if refused:
        _stop(f"这些公众号的菜单没有设上：{'；'.join(refused)}。请检查密钥和 IP 白名单后再试。")
    print("菜单已设好。")


def set_menus(settings: Settings) -> list[str]:
    """Set the menu of each official account. Gives the names of those that refused, each with what was said."""
    context, refused = make_context(settings), []
    buttons = [{"type": "click", "name": name, "key": key} for name, key in wording.MENU]
    for name, account in settings.wechat.accounts.items():
        try:
            if account.kind == "official":
                context.wechat[name].set_menu(buttons)
        except GatewayError as error:
            refused.append(f"{name}（{error}）")
    return refused


def retention(settings: Settings, args: argparse.Namespace) -> None:
    """What is past its time: told, or deleted."""
    if args.words not in ([], ["apply"]):
        _stop("retention 后面什么都不写（只看，不删），或者写 apply（删除到期的资料）。")
    _need_database()
    with database_open():
        print("\n".join((cli_retention.apply if args.words else cli_retention.tell)(settings)))


def holidays(settings: Settings, args: argparse.Namespace) -> None:
    """A year's working calendar, in place of what was known of that year."""
    if len(args.words) != 1:
        _stop("请写明文件：python -m app.cli holidays 2027.toml")
    _need_database()
    try:
        with database_open():
            print("\n".join(cli_holidays.load(args.words[0])))
    except Refusal as refusal:
        _stop(f"没有导入：{refusal.message}")


def pass_time(settings: Settings, args: argparse.Namespace) -> None:
    """Let time pass in a demo; ends with 2 where the sandbox is off."""
    span = demo_time.span_of(args.words[0]) if len(args.words) == 1 else None
    if span is None:
        _stop("请写明过多久，例如：python -m app.cli pass-time 3d（也可以 90m、12h，最多 400d）。")
    if settings.mode != "demo" or not settings.sandbox.enabled:
        _stop("只有演示（打开了模拟微信）才能让时间过得快些，正式服务不改时间。")
    _need_database()
    with database_open():
        print(f"过去了 {args.words[0]}：改了 {demo_time.pass_time(span)} 行的时间。")


COMMANDS = {
    "run": run, "serve": serve, "worker": work, "migrate": migrate_database, "check": check, "load": load_file,
    "setup-code": setup_code, "menu": menu, "retention": retention, "holidays": holidays,
    "pass-time": pass_time,
}  # fmt: skip


class Parser(argparse.ArgumentParser):
    """A parser that never repeats what was typed: somebody may have typed a secret, which `ps` shows to all."""

    def error(self, message: str) -> NoReturn:
        _stop(f"命令写得不对：只能是 {'、'.join(COMMANDS)}；设置和机密写进文件或环境变量，不写在命令后面。")


def main(argv: list[str] | None = None) -> None:
    """Read the command and do it."""
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("words", nargs="*")
    args = parser.parse_args(argv)
    if args.words and args.command not in ("migrate", "load", "retention", "holidays", "pass-time"):
        _stop(f"{args.command} 后面不用再写别的。")
    os.umask(0o077)  # what is kept here is about people: nobody else of this machine reads it
    logs.own_process()
    try:
        COMMANDS[args.command](_settings(), args)
    except peewee.OperationalError:
        _stop("数据库连不上或不能用，请检查 [database] url，以及数据库是否在运行。")


if __name__ == "__main__":
    main()
