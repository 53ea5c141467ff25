"""What we know: one file a noun, each with its tables and smallest queries. `TABLES` is all of them, parents first."""

from models.audit import Audit
from models.case import Case, Photo, Step
from models.category import CalendarDay, Category
from models.conversation import Conversation, Draft, Line
from models.event import Event
from models.inbound import Inbound
from models.letter import Letter, Quota, Subscription
from models.person import HouseholdCode, Identity, Person, Residence
from models.place import Counter, Grid, GridPlace, Place
from models.receipt import Receipt
from models.role import Role
from models.session import Session, SetupCode, Signin
from models.setting import Setting
from models.task import Task
from models.unit import Unit, UnitContact
from models.wechat_token import WechatToken

TABLES = (
    Place, Counter, Grid, GridPlace,
    Person, Identity, Residence, HouseholdCode, Role, Session, Signin, SetupCode,
    Unit, UnitContact, Category, CalendarDay, Setting,
    Case, Step, Photo, Conversation, Line, Draft,
    Inbound, Letter, Subscription, Quota, Task, Audit, Event, Receipt, WechatToken,
)  # fmt: skip
