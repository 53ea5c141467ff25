"""A case: what was reported, every step since, and the photos that show it."""

import peewee

from models.base import MomentField, Row, new_key, now
from models.category import Category
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
    safe_due = MomentField(null=True)
    resolve_due = MomentField(null=True)
    contacted_at = MomentField(null=True)
    accepted_at = MomentField(null=True)
    safe_at = MomentField(null=True)
    handled_at = MomentField(null=True)
    closed_at = MomentField(null=True)
    solved = peewee.BooleanField(null=True)
    satisfaction = peewee.CharField(20, null=True)
    reopened = peewee.SmallIntegerField(default=0)
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
        )


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
