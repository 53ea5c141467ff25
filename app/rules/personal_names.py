"""Other people's names and numbers, taken out of what staff and the program wrote before it goes into a copy."""

import re
from dataclasses import dataclass

from models.case import Case, Step
from models.conversation import Conversation, Line
from models.delegation import Delegation
from models.person import Person
from models.role import ROLES, Role

#: Parts in steps, lines and audit rows that are no roles.
PARTS = {"system": "系统", "reporter": "本人", "handler": "网格员", "resident": "居民", "guest": "居民", "": "工作人员"}
NUMBER = "（号码略）"
#: Columns that name who on duty did something to a case, a team or a rule.
OF_STAFF = (
    "route.changed_by case.checked_by whistle.raised_by whistle.decided_by subcase.worker subcase.created_by "
    "subcase_step.actor question.asked_by extension.asked_by extension.agreed_by judgement.decided_by "
    "exclusion.asked_by exclusion.agreed_by topic.decided_by improvement.recorded_by task_force.created_by"
)


@dataclass(frozen=True)
class Names:
    """What is written in the place of each name and number."""

    instead: dict[str, str]

    @classmethod
    def around(cls, mine: list[int]) -> "Names":
        """Everybody who has to do with these persons: staff of their cases, talks and communities, and family."""
        own = Case.select().where(Case.reporter.in_(mine))
        talks = Conversation.select(Conversation.id).where(Conversation.person.in_(mine))
        communities = {row.community_id for row in own} | {
            row.community_id for row in Conversation.select().where(Conversation.person.in_(mine))
        }
        found = {row.handler_id for row in own} | {row.about_id for row in own} | {row.filed_by_id for row in own}
        found |= {row.actor_id for row in Step.select(Step.actor).where(Step.case.in_(own.select(Case.id)))}
        found |= {row.speaker_id for row in Line.select(Line.speaker).where(Line.conversation.in_(talks))}
        roles = {
            row.person_id: ROLES[row.kind]
            for row in Role.select().where(Role.place.in_(communities) | Role.person.in_(found - {None}))
        }
        for row in Delegation.select().where(Delegation.principal.in_(mine) | Delegation.agent.in_(mine)):
            found |= {row.principal_id, row.agent_id}
        others = (found | set(roles)) - {None, *mine}
        instead: dict[str, str] = {}
        for person in Person.select().where(Person.id.in_(others)):
            part = roles.get(person.id, "家人")
            instead |= {person.name: part} if len(person.name) > 1 else {}
            instead |= {person.phone: NUMBER} if person.phone else {}
        return cls(instead)

    @staticmethod
    def part(role: str) -> str:
        """By what somebody is called in a copy."""
        return ROLES.get(role) or PARTS.get(role, "工作人员")

    def hide(self, text: str) -> str:
        """A text of somebody else without names and numbers of people, the longest first."""
        if not self.instead or not text:
            return text
        longest = sorted(self.instead, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest)), lambda found: self.instead[found[0]], text)

    def hide_in(self, content: dict) -> dict:
        """The same for the values of a letter."""
        return {name: self.hide(value) if isinstance(value, str) else value for name, value in content.items()}
