"""Whistles and subcases for the tests: 陈静 calls 市政养护所 (the lead), 安居物业 and the clinic to 张兰's manhole."""

from app.rules import unit_link, whistle
from app.rules.actor import Actor
from models.base import now, write
from models.case import Case
from models.person import Identity, Person
from models.subcase import Subcase
from models.unit import Unit, UnitContact
from models.whistle import Whistle
from tests.rules.cases import report

LEAD, HELPER, CLINIC = "市政养护所", "安居物业", "惠民社区卫生服务站"


def unit(town, name=HELPER, community="huimin") -> Unit:
    return Unit.get(Unit.community == town.community(community), Unit.name == name)


def contact(town, name=HELPER, key="liaison") -> Person:
    """Somebody in WeChat who answers for a unit."""
    person = Person.create(name="吴经理", unionid=f"demo-union-{key}")
    Identity.create(person=person, account="official", kind="official", openid=f"oofficial-{key}")
    UnitContact.create(unit=unit(town, name), person=person)
    return person


def blow(town, case=None, names=(LEAD, HELPER), who="chenjing", kind="enforcement", lead=None, **more) -> Whistle:
    """陈静 blows; the first unit leads."""
    case = Case.get_by_id((case or report(town)).id)
    calls = [whistle.Call(unit(town, name), lead=name == (lead or names[0]), words="请带抽水泵") for name in names]
    with write():
        return whistle.blow(
            case, actor=town.actor(who), kind=kind, reason="下水井塌陷，要断路抢修", calls=calls, **more
        )  # fmt: skip


def call_of(row: Whistle, town, name=LEAD) -> Subcase:
    return Subcase.get(Subcase.whistle == row, Subcase.unit == unit(town, name))


def holder(subcase: Subcase) -> Actor:
    """Whoever holds the link of a unit."""
    fresh = Subcase.get_by_id(subcase.id)
    return unit_link.enter(fresh.key, fresh.unit.key, unit_link.renewals(fresh), now())[1]


def say(subcase: Subcase, deed, **more) -> Subcase:
    """Say one verb to a subcase as it is now."""
    with write():
        deed(Subcase.get_by_id(subcase.id), **more)
    return Subcase.get_by_id(subcase.id)
