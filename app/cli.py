"""The command line: `python -m app.cli <command>`.

run        everything on this machine: database, demo, web server, worker
serve      the web server alone          worker   the worker alone
migrate    bring the database up to date (`migrate down` takes the last step back)
check      look at the settings and the machine, change nothing
load FILE  load places, categories or a calendar from a TOML file
setup-code print a one-time code for the first administrator
menu       put our menu on the official accounts
"""

import argparse
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from app import demo_seed, migrate, serving
from app.config import ConfigError, Settings, load, make_demo_secrets
from app.context import database_open, make_context
from app.gateway.wechat import GatewayError
from app.jobs import worker
from app.rules import founding, session, wording
from models.base import check_engine, connect


def _settings() -> Settings:
    """The checked settings, with fresh secrets for a demo that has none; ends the program with every mistake."""
    make_demo_secrets()
    try:
        settings = load()
    except ConfigError as error:
        sys.exit("\n".join(["设置有误，没有启动：", *(f"  · {mistake}" for mistake in error.mistakes)]))
    settings.folder.mkdir(parents=True, exist_ok=True)
    connect(settings.database_url, settings.database.pool)
    return settings


def run(settings: Settings, args: argparse.Namespace) -> None:
    """Everything on this machine, until Ctrl-C."""
    _prepare(settings)
    serving.run_all(settings, after_start=lambda: _greet(settings))


def _prepare(settings: Settings) -> None:
    applied = migrate.up()
    if applied:
        print(f"数据库已更新：{'、'.join(applied)}")
    with database_open():
        problems = check_engine()
        if problems:
            sys.exit("数据库设置不符合要求：" + "；".join(problems))
        if settings.mode == "demo":
            demo_seed.load_place()


def _greet(settings: Settings) -> None:
    """What one sees when it is up: where to go, and the setup code while nobody administers it."""
    if settings.sandbox.enabled:
        with database_open():
            demo_seed.load_people(settings)
            set_menus(settings)
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
    serving.exec_gunicorn(settings)


def work(settings: Settings, args: argparse.Namespace) -> None:
    """The worker alone."""
    worker.run(make_context(settings))


def migrate_database(settings: Settings, args: argparse.Namespace) -> None:
    """Up to date, or one step back."""
    names = migrate.down() if args.words[:1] == ["down"] else migrate.up()
    print("\n".join(names) or "没有需要执行的步骤。")


def check(settings: Settings, args: argparse.Namespace) -> None:
    """Settings and machine; ends with 1 when something is missing."""
    with database_open():
        problems = [f"数据库：{problem}" for problem in check_engine()]
    problems += [f"数据库还差一步：{name}" for name in migrate.pending()]
    print("\n".join(problems) or "一切正常。")
    sys.exit(1 if problems else 0)


def load_file(settings: Settings, args: argparse.Namespace) -> None:
    """Load a district's own file; the keys in it say what it holds."""
    data = tomllib.loads(Path(args.words[0]).read_text(encoding="utf-8"))
    loaders: dict[str, Callable[[dict], None]] = {
        "districts": founding.load_places, "categories": founding.load_categories, "rest": founding.load_calendar,
    }  # fmt: skip
    found = [key for key in loaders if key in data]
    if not found:
        sys.exit("文件里没有 districts、categories 或 rest，请对照 app/demo 里的样例。")
    with database_open():
        for key in found:
            loaders[key](data)
    print("已载入：" + "、".join(found))


def setup_code(settings: Settings, args: argparse.Namespace) -> None:
    """A one-time code for the first administrator."""
    with database_open():
        print(session.new_setup_code())


def menu(settings: Settings, args: argparse.Namespace) -> None:
    """Put our menu on every official account; ends with 1 when the platform refuses."""
    with database_open():
        for name in set_menus(settings):
            sys.exit(f"公众号 {name} 的菜单没有设上，请检查密钥和 IP 白名单后再试。")
    print("菜单已设好。")


def set_menus(settings: Settings) -> list[str]:
    """Set the menu of each official account. Gives the names of those that refused."""
    context, refused = make_context(settings), []
    buttons = [{"type": "click", "name": name, "key": key} for name, key in wording.MENU]
    for name, account in settings.wechat.accounts.items():
        try:
            if account.kind == "official":
                context.wechat[name].set_menu(buttons)
        except GatewayError as error:
            print(error, file=sys.stderr)
            refused.append(name)
    return refused


COMMANDS = {
    "run": run, "serve": serve, "worker": work, "migrate": migrate_database, "check": check, "load": load_file,
    "setup-code": setup_code, "menu": menu,
}  # fmt: skip


def main() -> None:
    """Read the command and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("words", nargs="*")
    args = parser.parse_args()
    COMMANDS[args.command](_settings(), args)


if __name__ == "__main__":
    main()
