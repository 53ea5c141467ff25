"""Nobody judges the own work: of what a worker found and put right on the spot there is nobody to be satisfied."""

from app.rules.actor import Actor
from app.rules.refusal import Refusal
from models.case import Case


def is_own(case: Case) -> bool:
    """Whether who reported a case is who put it right on the spot."""
    return case.on_the_spot and case.reporter_id == case.handler_id


def need_other_judge(case: Case, actor: Actor) -> None:
    """Refuse the judgement of who did the work. Raises Refusal `own_work`."""
    if is_own(case) and actor.person.id == case.handler_id:
        raise Refusal("own_work", "这是您自己发现、自己办好的，不用评价；到期会自动结案，不计入满意率。")
