"""May this push go to this person now? Asked when it is sent, for a part may have ended since it was owed."""

from app.rules import follow, rights, subcase_letters
from app.rules.actor import actor_of
from models.letter import Letter

#: What a kind of letter about a case tells asks for a right: towards the case, or (False) in its community.
PUSHES = {
    "case_assigned": ("case.read", True),
    "case_reminder": ("desk.read", False),
    "case_progress": ("case.read", True),
    "judge_please": ("case.confirm", True),
    "alert": ("alert.read", False),
}


def may_get(letter: Letter) -> bool:
    """Whether the person of a letter may still read what it says. Answers and replies go to whom they answer."""
    if letter.kind not in PUSHES:
        return True
    action, towards_case = PUSHES[letter.kind]
    actor = actor_of(letter.person)
    if "subcase" in letter.content:
        return subcase_letters.may_be_told(letter, actor)
    if towards_case:
        if letter.case_id is None or rights.may(actor, action, case=letter.case):
            return True
        return letter.kind == "case_progress" and follow.may_be_told(letter.case, actor)
    return rights.may(actor, action, community=letter.community)
