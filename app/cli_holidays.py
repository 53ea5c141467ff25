"""`app.cli holidays FILE`: import the working calendar of a year from a TOML file or a table (app.rules.holiday)."""

from pathlib import Path

from app.rules import holiday
from app.rules.refusal import Refusal
from models.base import write


def load(path: str) -> list[str]:
    """Import a file, all of it or nothing: what was done, then what looks odd, a line each. Raises Refusal."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError:
        raise Refusal("calendar_wrong", f"打不开文件 {path}，请检查路径和权限。") from None
    except UnicodeDecodeError:
        raise Refusal("calendar_wrong", f"文件 {path} 不是 UTF-8 编码的文字，请另存为 UTF-8。") from None
    given = holiday.parse(text)
    with write():
        warnings = holiday.import_year(year=given.year, rest=given.rest, work=given.work, source=given.source)
    done = f"{given.year} 年：放假 {len(given.rest)} 天，调休上班 {len(given.work)} 天。已经答复居民的时限不变。"
    return [f"已导入 {done}", *(f"  请核对：{words}" for words in warnings)]
