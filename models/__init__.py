"""What we know: one file a noun, each with its tables and smallest queries. `TABLES` is all of them, parents first."""

from models.alert import Alert
from models.approval import Approval
from models.audit import Audit, AuditHead, AuditLink
from models.case import Case, Photo, Step
from models.category import CalendarDay, Category
from models.consent import Consent, ConsentText
from models.conversation import Conversation, Draft, Line
from models.credential import Credential, Failure
from models.delegation import Delegation
from models.event import Event
from models.export import Export
from models.follow import Follow
from models.glass import Glass
from models.inbound import Inbound
from models.letter import Letter, Quota, Subscription
from models.notice import Notice, NoticeReading
from models.patrol import Patrol, PatrolCheck, PatrolPhoto
from models.person import HouseholdCode, Identity, Person, Residence, Veil
from models.personal import DataRequest, Deletion
from models.place import Counter, Grid, GridPlace, Place
from models.receipt import Receipt
from models.role import Role
from models.session import Session, SetupCode, Signin
from models.setting import Setting
from models.task import Task
from models.unit import Unit, UnitContact
from models.visit import Visit
from models.voice import Voice
from models.wechat_token import WechatToken

TABLES = (
    Place, Counter, Grid, GridPlace,
    Person, Veil, Identity, Residence, HouseholdCode, Role, Session, Signin, SetupCode, Credential, Failure,
    Unit, UnitContact, Category, CalendarDay, Setting,
    Case, Step, Photo, Conversation, Line, Draft, Follow, Voice,
    Inbound, Letter, Subscription, Quota, Task, Event, Receipt, WechatToken,
    Patrol, PatrolCheck, PatrolPhoto, Visit,
    Audit, AuditLink, AuditHead, Approval, Glass, Alert, Export,
    ConsentText, Consent, Delegation, DataRequest, Deletion,
    Notice, NoticeReading,
)  # fmt: skip
