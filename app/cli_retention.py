"""`app.cli retention`: what would be deleted now, kind by kind; `app.cli retention apply` does it."""

from zoneinfo import ZoneInfo

from app.config import Settings
from app.context import make_context
from app.jobs import retention as job
from app.rules import retention
from models.base import now

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEAD = "种类 | 保留多久 | 现在到期 | 最早的一条"
FOREVER = "审计日志 audit | 一直保留 | 不删除 | 法律要求至少六个月"
HELD = (
    "没有办结、或者还可以要求重办的事项，不在其中。\n"
    "真的要删，请运行 python -m app.cli retention apply；后台每小时也会自己做。"
)


def tell(settings: Settings) -> list[str]:
    """The dry run: a line for each kind. Nothing is changed."""
    lines = [HEAD]
    for kind, days, count, oldest in retention.survey(settings.retention.model_dump(), now()):
        kept = f"{days} 天" if days else "到期即删"
        since = f"{oldest.astimezone(SHANGHAI):%Y-%m-%d}" if oldest else "—"
        lines.append(f"{kind.words} {kind.name} | {kept} | {count} 条 | {since}")
    return [*lines, FOREVER, HELD]


def apply(settings: Settings) -> list[str]:
    """Do it all now, however long it takes: a line for each kind of which something was deleted."""
    context = make_context(settings)
    done = job.apply(context, rounds=None)
    job.note(done)
    done["orphans"] = job.drop_orphans(context, now())
    words = {kind.name: kind.words for kind in retention.KEEP} | {"orphans": "没有人用的文件"}
    lines = [f"{words.get(name, '已注销的人留下的')} {name}：{count} 条" for name, count in done.items() if count]
    return lines or ["没有到期的资料。"]
