"""What we know: one file a noun, each with its tables and smallest queries. `TABLES` is all of them, parents first."""

from models.alert import Alert
from models.approval import Approval
from models.audit import Audit, AuditHead, AuditLink
from models.case import Case, Photo, Step
from models.category import CalendarDay, Category
from models.city_class import CityClass, FilingCondition
from models.consent import Consent, ConsentText
from models.conversation import Conversation, Draft, Line
from models.credential import Credential, Failure
from models.delegation import Delegation
from models.event import Event
from models.exclusion import Exclusion
from models.export import Export
from models.extension import Extension
from models.follow import Follow
from models.glass import Glass
from models.improvement import Improvement
from models.inbound import Inbound
from models.judgement import Judgement
from models.lesson import Lesson
from models.letter import Letter, Quota, Subscription
from models.notice import Notice, NoticeReading
from models.patrol import Patrol, PatrolCheck, PatrolPhoto
from models.person import HouseholdCode, Identity, Person, Residence, Veil
from models.personal import DataRequest, Deletion
from models.place import Counter, Grid, GridPlace, Place
from models.question import Question
from models.receipt import Receipt
from models.role import Role
from models.route import Route
from models.session import Session, SetupCode, Signin
from models.setting import Setting
from models.subcase import Subcase, SubcasePhoto, SubcaseStep
from models.task import Task
from models.task_force import TaskForce, TaskForceMember
from models.topic import Topic
from models.unit import Unit, UnitContact
from models.visit import Visit
from models.voice import Voice
from models.wechat_token import WechatToken
from models.whistle import Whistle

TABLES = (
    Place, Counter, Grid, GridPlace,
    Person, Veil, Identity, Residence, HouseholdCode, Role, Session, Signin, SetupCode, Credential, Failure,
    Unit, UnitContact, CityClass, FilingCondition, Category, CalendarDay, Setting, Lesson, Route,
    Case, Step, Photo, Whistle, Subcase, SubcaseStep, SubcasePhoto, Question, Extension, Judgement, Exclusion,
    Topic, Improvement, TaskForce, TaskForceMember, Conversation, Line, Draft, Follow, Voice,
    Inbound, Letter, Subscription, Quota, Task, Event, Receipt, WechatToken,
    Patrol, PatrolCheck, PatrolPhoto, Visit,
    Audit, AuditLink, AuditHead, Approval, Glass, Alert, Export,
    ConsentText, Consent, Delegation, DataRequest, Deletion,
    Notice, NoticeReading,
)  # fmt: skip
