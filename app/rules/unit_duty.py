"""What may not be pushed to a residents' committee: a committee assists, it does not answer for government duties.

北京市接诉即办工作条例 Art. 17: matters outside the duty list of a community may not be assigned to it, nor may what it
assists in be made its own responsibility. Category.government says which matters are duties of the government.
"""

from app.rules.refusal import Refusal
from models.category import Category
from models.unit import Unit

COMMITTEE = "residents_committee"
#: So many units are named as those to ask instead.
FEW = 3


def is_pushed(category: Category, unit: Unit | None) -> bool:
    """Whether giving a matter of this category to this unit would push a government duty to a residents' committee."""
    return unit is not None and unit.kind == COMMITTEE and category.government


def need_not_committee(category: Category, unit: Unit | None) -> None:
    """Refuse to make a residents' committee answer for a government duty. Raises Refusal `not_committee_duty`.

    The sentence names units of the community that see to such matters, if there are any.
    """
    if not is_pushed(category, unit):
        return
    rows = Unit.select().where(Unit.community == category.community_id, Unit.left_at.is_null(), Unit.kind != COMMITTEE)
    able = [one.name for one in rows.order_by(Unit.id) if category.code in (one.categories or [])][:FEW]
    whom = f"请改请“{'”“'.join(able)}”" if able else "请改请职能部门、街道科室或专业经营单位"
    raise Refusal(
        "not_committee_duty",
        f"“{category.name}”是政府部门的职责，居民委员会只能协助，不能交给它办理。{whom}；不清楚该谁管，请街道协调。",
        {"unit": "居委会不能主办这一类"},
    )
