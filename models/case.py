"""A case: what was reported, every step since, and the photos that show it."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.category import Category
from models.city_class import FilingCondition
from models.person import Person
from models.place import Grid, Place
from models.unit import Unit


class Case(Row):
    """One reported matter. `words` and `first_category` are the resident's own and are never changed."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    community = peewee.ForeignKeyField(Place, backref="cases", on_delete="RESTRICT")
    number = peewee.IntegerField()
    #: Of an anonymous report this is an alias; who stands behind it is known to models.person.Veil alone.
    reporter = peewee.ForeignKeyField(Person, backref="cases", on_delete="RESTRICT")
    anonymous = peewee.BooleanField(default=False)
    #: Who told it for the reporter, as a daughter for her father.
    filed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    channel = peewee.CharField(16)
    words = peewee.TextField()
    first_category = peewee.ForeignKeyField(Category, on_delete="RESTRICT")
    category = peewee.ForeignKeyField(Category, on_delete="RESTRICT")
    hazard = peewee.BooleanField(default=False)
    #: public_area, compound_common or private_exclusive: it decides law and who is answerable (app.rules.zone).
    zone = peewee.CharField(24, default="")
    #: The filing condition of the city standard, once somebody on duty chose it.
    condition = peewee.ForeignKeyField(FilingCondition, null=True, on_delete="RESTRICT")
    #: What was answered to the category's questions, by their code.
    answers = peewee.JSONField(default=dict)
    place = peewee.ForeignKeyField(Place, null=True, on_delete="RESTRICT")
    place_words = peewee.CharField(120, default="")
    lat = peewee.DoubleField(null=True)
    lng = peewee.DoubleField(null=True)
    grid = peewee.ForeignKeyField(Grid, null=True, on_delete="RESTRICT")
    handler = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    #: The unit asked to act; it is told the matter, not the reporter.
    unit = peewee.ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
    #: The unit complained about.
    about_unit = peewee.ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
    #: The person on duty whom the words name: it may be a complaint, so the case is hidden from this person.
    about = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    #: Since when the party complained about may read its own narrow view; before that the case does not exist for it.
    party_told_at = MomentField(null=True)
    state = peewee.CharField(20, default="reported")
    accept_due = MomentField(null=True)
    contact_due = MomentField(null=True)
    safe_due = MomentField(null=True)
    resolve_due = MomentField(null=True)
    #: The limit as it was first, before extensions and holds: the raw fact stays.
    first_resolve_due = MomentField(null=True)
    contacted_at = MomentField(null=True)
    accepted_at = MomentField(null=True)
    safe_at = MomentField(null=True)
    handled_at = MomentField(null=True)
    closed_at = MomentField(null=True)
    solved = peewee.BooleanField(null=True)
    satisfaction = peewee.CharField(20, null=True)
    reopened = peewee.SmallIntegerField(default=0)
    #: How often work was sent back by the check of another pair of eyes 返工.
    reworked = peewee.SmallIntegerField(default=0)
    #: Given back once and assigned again by the community: it cannot be given back a second time.
    fixed = peewee.BooleanField(default=False)
    #: How far silence moved it: 0 its first worker, 1 the next, 2 the community, 3 the street.
    escalated = peewee.SmallIntegerField(default=0)
    #: Handled on the spot by whoever found it 现场即时办.
    on_the_spot = peewee.BooleanField(default=False)
    #: Why it ended as it did: a code of models.lifecycle.DISPOSITIONS; to whom it went when it is not ours.
    disposition = peewee.CharField(24, default="")
    handed_to = peewee.CharField(80, default="")
    merged_into = peewee.ForeignKeyField("self", null=True, on_delete="RESTRICT")
    #: The earlier one it is probably the same as (app.rules.bundle), as long as nobody decided; never itself merged.
    same_as = peewee.ForeignKeyField("self", null=True, index=False, on_delete="RESTRICT")
    planned_until = MomentField(null=True)
    checked_at = MomentField(null=True)
    checked_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    #: One more for every step, so that a slow screen cannot overwrite a quick one.
    version = peewee.IntegerField(default=0)
    created_at = MomentField(default=now)
    updated_at = MomentField(default=now)

    class Meta:
        indexes = (
            (("community", "number"), True),
            (("community", "state", "id"), False),
            (("handler", "state"), False),
            (("reporter", "id"), False),
            (("community", "category", "created_at"), False),
        )


#: What is looked for near by is what is going on and leads its like: a few of all cases, whatever their number.
LEADING = Case.closed_at.is_null() & Case.same_as.is_null()
Case.add_index(Case.index(Case.community, Case.lat, Case.lng, name="case_leading_point", where=LEADING))
Case.add_index(Case.index(Case.place, name="case_leading_place", where=LEADING))
Case.add_index(Case.index(Case.community, Case.category, Case.id, name="case_leading_category", where=LEADING))
#: Those that lead none; without the many others SQLite does not take "leads its like" for the way in.
Case.add_index(Case.index(Case.same_as, Case.created_at, name="case_alike", where=Case.same_as.is_null(False)))


class Step(Row):
    """One thing that happened to a case. Steps are added, never edited."""

    id = peewee.AutoField()
    case = peewee.ForeignKeyField(Case, backref="steps", on_delete="RESTRICT")
    verb = peewee.CharField(20)
    from_state = peewee.CharField(20)
    to_state = peewee.CharField(20)
    actor = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    actor_role = peewee.CharField(24)
    note = peewee.TextField(default="")
    at = MomentField(default=now)


class Photo(Row):
    """A cleaned photo. Its bytes lie in the file store under `photos/<key>.jpg` and `photos/<key>.thumb.jpg`."""

    id = peewee.AutoField()
    key = peewee.CharField(16, unique=True, default=new_key)
    uploader = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    case = peewee.ForeignKeyField(Case, backref="photos", null=True, on_delete="RESTRICT")
    #: report, before, safe, after, chat
    kind = peewee.CharField(8, default="report")
    sha256 = peewee.CharField(64)
    width = peewee.IntegerField()
    height = peewee.IntegerField()
    #: How much room it takes in the file store, for the uploader's quota.
    size = peewee.IntegerField(default=0)
    #: The platform's opinion of the content: waiting, pass, review, risky; and the trace by which it comes back.
    verdict = peewee.CharField(8, default="waiting")
    trace = peewee.CharField(64, null=True, index=True)
    created_at = MomentField(default=now)
