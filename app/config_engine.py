"""What only the opened database can tell: whether it keeps what it has acknowledged, in our letters and at our time.

Each mistake is one Chinese sentence that names the setting and the remedy. It is looked for before anything is served.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from app.config_shape import Settings
from models.base import database, now

#: How far the clock of the database's host may be from ours: the callbacks of the platform allow five minutes.
CLOCKS_APART = timedelta(minutes=1)


def engine_mistakes(settings: Settings, moment: datetime | None = None) -> list[str]:
    """Why the opened database is not to be used; empty when all is well. `moment` is the time here, normally now."""
    found = _sqlite() if settings.sqlite_path else _postgres(moment or now())
    return [f"设置 database.url {remark}。" for remark in found]


def engine_remarks(settings: Settings) -> list[str]:
    """What is better done otherwise but keeps nobody from serving: who owns the log can give itself its rights back.

    Only in production and on PostgreSQL; `docs/运维.md` has the statements. A superuser counts as an owner.
    """
    if settings.mode != "production" or settings.sqlite_path:
        return []
    owned = "SELECT bool_or(pg_has_role(relowner, 'MEMBER')) FROM pg_class WHERE oid = to_regclass('audit')"
    said = "的用户是审计日志的所有者，能给自己加回修改权限：请照 docs/运维.md“PostgreSQL 用两个用户”换一个用户来运行。"
    return [f"提醒：设置 database.url {said}"] if _one(owned) else []


def _one(statement: str):
    return database.execute_sql(statement).fetchone()[0]


def _sqlite() -> Iterator[str]:
    if _one("PRAGMA journal_mode") != "wal":
        yield "所在的磁盘不支持 SQLite 的 WAL 方式，请换到本机硬盘（ext4、xfs 等）"
    if _one("PRAGMA synchronous") < 2:
        yield "的数据库没有按 synchronous=full 打开，断电会丢失居民的上报，请不要改动程序里的 SQLite 选项"
    if _one("PRAGMA foreign_keys") != 1:
        yield "的数据库没有打开外键检查，请换用带外键支持的 SQLite"


def _postgres(moment: datetime) -> Iterator[str]:
    if _one("SHOW server_encoding") != "UTF8":
        yield "的数据库不是 UTF8 编码，存不下中文，请用 CREATE DATABASE 库名 ENCODING 'UTF8' TEMPLATE template0 重建"
    if _one("SHOW fsync") != "on" or _one("SHOW synchronous_commit") == "off":
        yield "的数据库关掉了 fsync 或 synchronous_commit，断电会丢失居民的上报，请在 PostgreSQL 里改回 on"
    if _one("SHOW transaction_read_only") != "off":
        yield "的数据库只能读不能写，请改成主库的地址"
    there = database.execute_sql("SELECT extract(epoch FROM clock_timestamp())").fetchone()[0]
    if abs(datetime.fromtimestamp(float(there), UTC) - moment) > CLOCKS_APART:
        yield "所在主机的时钟与本机相差超过 1 分钟，办理时限会算错，请在两台机器上都打开时间同步（NTP）"
