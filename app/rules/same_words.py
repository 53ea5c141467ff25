"""What is said of cases that are, or probably are, the same thing; closing one of them never says "solved"."""

from models.case import Case


def known_already(case: Case) -> str:
    """To whoever reports what is known already: there is a number all the same, and who sees to it."""
    return f"这很可能和 #{case.same_as.number} 是同一件事，已经有人在办。社区会核对，办得怎么样也会告诉您。"


def task_line(case: Case, known: int) -> str:
    """The one line of a task about what is known already; `known`: how many there are of it, with the first."""
    return f"可能与 #{case.same_as.number} 是同一件（已有 {known} 件）"


def bundle(main: Case, alike: int) -> str:
    """To the desk: so many reports, this one included, that are probably one."""
    return f"#{main.number} {main.category.name}：另有 {alike} 件很可能是同一件，请到工作台核对，可一次合并。"


def left_over(main: Case, alike: int) -> str:
    """To the desk: what is probably the same as one that is over goes on by itself."""
    return f"#{main.number} 已经办结，还有 {alike} 件相似的没有合并，已改为单独办理。"


def merged(case: Case, main: Case) -> str:
    """To the reporter of what was merged."""
    return (
        f"#{case.number} 与 #{main.number} 是同一件事，已合并办理；办得怎么样会一起告诉您，办好后也请您看看解决了没有。"
        f"如果不是同一件，请在 #{case.number} 里告诉我们。"
    )


def parted(case: Case) -> str:
    """To the reporter of what was merged and is not any more."""
    return f"#{case.number} 已改为单独办理，网格员会到现场，有进展会告诉您。"


def objected(case: Case, main: Case | None, note: str) -> str:
    """To the desk: the reporter of a merged case does not agree."""
    other = f"#{main.number}" if main else "另一件"
    said = f"#{case.number} 的上报人说与 {other} 不是同一件，或那里还没解决：{note[:120]}"
    return f"{said}\n请到工作台核对，需要时取消合并。"


def news(case: Case, main: Case, verb: str) -> str | None:
    """To the reporter of what was merged, after a step of the main one; None for a step that is not for them."""
    what = f"#{case.number}（与 #{main.number} 合并办理）"
    still = f"如果您那里还没有解决，请在 #{case.number} 里告诉我们。"
    done = f"{what}已处理好。{still}"
    lines = {
        "accept": f"{what}网格员已接单。",
        "handle": done, "pass_check": done, "skip_check": done,
        "confirm": f"{what}已办结。{still}", "lapse": f"{what}已办结。{still}",
        "reopen": f"{what}重新办理，网格员会再到现场。",
        "reject": f"{what}社区没有受理。如有不同意见，请在 #{case.number} 里告诉我们。",
        "hand_over": f"{what}不归社区管，已转交{main.handed_to}。如有不同意见，请在 #{case.number} 里告诉我们。",
        "plan": f"{what}一时办不完，已列入计划，会定期告诉您进展。",
        "resume": f"{what}恢复办理。",
    }  # fmt: skip
    return lines.get(verb)
