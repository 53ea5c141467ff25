"""What kind of matter: the categories of a community with their words, danger and time limits."""

import peewee

from models.base import Row
from models.place import Place


class Category(Row):
    """A kind of matter. `limits`: accept, contact, make_safe, resolve, each {"amount", "clock"} of app.rules.clock."""

    id = peewee.AutoField()
    community = peewee.ForeignKeyField(Place, backref="categories", on_delete="RESTRICT")
    code = peewee.CharField(40)
    name = peewee.CharField(32)
    zone = peewee.CharField(24, default="")
    hazard = peewee.BooleanField(default=False)
    emergency = peewee.BooleanField(default=False)
    priority = peewee.CharField(16)
    keywords = peewee.JSONField(default=list)
    negative = peewee.JSONField(default=list)
    limits = peewee.JSONField(default=dict)
    advice = peewee.CharField(200, default="")
    #: Classes of the city standard it stands for, as "component:0101"; the edition is a setting of the community.
    city_classes = peewee.JSONField(default=list)
    #: Further questions, some only after certain answers, and answers that stop a report (app.rules.questionnaire).
    questions = peewee.JSONField(default=list)
    #: Who is answerable, by zone and kind of thing (app.rules.zone): rows, the first that fits.
    answerable = peewee.JSONField(default=list)
    #: A government duty: it is never made the residents' committee's own (北京 接诉即办 Art. 17).
    government = peewee.BooleanField(default=False)
    #: Whether neighbours may know of it, and within how many metres it is the same thing.
    public = peewee.BooleanField(default=True)
    near_metres = peewee.SmallIntegerField(default=50)
    position = peewee.SmallIntegerField(default=0)
    active = peewee.BooleanField(default=True)

    class Meta:
        indexes = ((("community", "code"), True),)


class CalendarDay(Row):
    """A day that is not what its weekday says: a holiday ("rest") or a make-up workday 调休 ("work")."""

    day = peewee.DateField(primary_key=True)
    kind = peewee.CharField(8)
    name = peewee.CharField(32, default="")
