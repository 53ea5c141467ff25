"""T2: who reports is known to those who handle it, and to nobody else, on no surface there is.

甘丽雅 (张兰's name of the day) complains of a worker, of an admin, of a property company. Her name, phone, door, exact
place, point and the metadata of her photo are canaries; then every surface is rendered as each of those who must not
know her, and searched.
"""

import io
import json
import re
from datetime import timedelta

import pytest
from PIL import Image

from app.context import database_open
from app.rules import export, mask, party
from app.rules.matrix import OPEN
from models import TABLES
from models.alert import Alert
from models.audit import Audit
from models.base import now, write
from models.case import Case, Photo
from models.conversation import Conversation
from models.delegation import Delegation
from models.event import Event
from models.export import Export
from models.glass import Glass
from models.letter import Letter
from models.person import Identity, Person, Residence, Veil, home_of
from models.place import Place
from models.role import Role
from models.session import Session
from models.unit import Unit, UnitContact
from tests.canary import NAME, PHONE, PLACE_WORDS
from tests.handlers.api.conftest import Door, door, key_of
from tests.handlers.console.conftest import desk, words_of
from tests.handlers.wechat.phone import phone
from tests.rules.cases import do
from tests.town import OPENIDS

__all__ = ["desk", "door", "key_of"]

WORDS = "半夜三点电钻声"
META = "CanaryCameraOwnerGLY"
LAT, LNG = 34.782611, 114.361877
#: Who reads: the neighbour, and those about whom or to whom it is.
STRANGERS = ("sunmei", "hefang", "guoliang", "masuhua", "zhaoqiang")


def photo_with_metadata() -> bytes:
    """A picture that says whose camera took it, and where."""
    image, exif, out = Image.new("RGB", (64, 48), "green"), Image.Exif(), io.BytesIO()
    exif[0x013B], exif[0x010E] = META, META
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 46.0, 57.4), 3: "E", 4: (114.0, 21.0, 42.76)})
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


class Street:
    """The flows, and everything that somebody can look at."""

    def __init__(self, client, door, desk):
        self.client, self.town, self.door, self.desk = client, client.town, door, desk
        with database_open(), write():
            gan = self.town.person("zhanglan")
            Person.update(name=NAME, phone=PHONE).where(Person.id == gan.id).execute()
            self.key, self.home = gan.key, home_of(gan).key
            for number, name in (("安居物业", "contact of the accused"), ("市政养护所", "contact of the helpers")):
                unit = Unit.get(Unit.community == self.town.community(), Unit.name == number)
                person = Person.create(name="某联系人", unionid=f"demo-union-{name}")
                Identity.create(person=person, account="official", kind="official", openid=openid_of(name))
                UnitContact.create(unit=unit, person=person)
        self.gan = door("zhanglan").agree("location", "privacy")
        self.cases: list[Case] = []

    def report(self, words: str, who: Door | None = None, **more) -> Case:
        """A complaint with all her canaries in it."""
        speaker = who or self.gan
        photo = speaker.add_photo(photo_with_metadata())
        told = speaker.report(
            f"{words}，{WORDS}", place=self.home, place_words=PLACE_WORDS, point={"lat": LAT, "lng": LNG},
            photos=[photo["key"]], **more,
        )  # fmt: skip
        with database_open():
            case = Case.get(Case.key == told["key"])
            self.cases.append(case)
            return case

    def handle(self, case: Case) -> None:
        """王大山 goes there; everything that can be owed is owed."""
        with database_open():
            do(self.town, case, "dispatch", "chenjing2" if case.about == self.town.person("chenjing") else "chenjing")
            do(self.town, case, "accept", "wangdashan")

    def involve(self, case: Case, *, acts: str = "", accused: str = "") -> None:
        units = {name: Unit.get_or_none(Unit.name == name) for name in (acts, accused)}
        with write():
            party.involve(
                Case.get_by_id(case.id), actor=self.town.actor("chenjing"), unit=units[acts], about_unit=units[accused]
            )

    def tell(self, case: Case, who: str = "chenjing") -> None:
        with write():
            party.tell_party(Case.get_by_id(case.id), actor=self.town.actor(who), note="有居民反映夜间噪声，请注意")

    def surfaces(self, who: str) -> list[tuple[str, str]]:
        """(where, what stands there) of every channel that reaches this person, also with the keys of all cases."""
        with database_open():
            keys = [case.key for case in self.cases]
            photos = [row.key for row in Photo.select()]
            talks = [row.key for row in Conversation.select()]
            numbers = [case.number for case in self.cases]
        found = [*self._api(who, [*keys, *photos]), *self._desk(who, [*keys, *talks]), *self._chat(who, numbers)]
        with database_open():
            me = self.town.person(who)
            letters = Letter.select().where(Letter.person == me)
            found += [("letter", json.dumps(row.content, ensure_ascii=False)) for row in letters]
            found += [("event", f"{row.kind} {row.subject}") for row in Event.select()]
            found += [("export", self._export(me))]
        return found

    def _export(self, me: Person) -> str:
        if not Role.select().where(Role.person == me, Role.kind == "community_admin").exists():
            return ""
        row = Export(kind="cases", community=self.town.actor(me.unionid.removeprefix("demo-union-")).roles[0].place,
                     asked_by=me, key="k", made_at=now())  # fmt: skip
        return export.sheet_of(row)[0].decode()

    def _views(self, prefix: str):
        app = self.client.application
        for rule in app.url_map.iter_rules():
            asks = app.view_functions[rule.endpoint].action not in OPEN and "live" not in rule.rule
            if asks and rule.rule.startswith(prefix) and "GET" in rule.methods:
                yield rule

    def _filled(self, prefix: str, keys: list[str]):
        for rule in self._views(prefix):
            names = list(rule.arguments)
            if not names:
                yield rule.rule
            else:
                for key in keys:
                    yield re.sub(r"<[^>]+>", key, rule.rule)

    def _api(self, who: str, keys: list[str]):
        token = self.door(who).token
        paths = [*self._filled("/api/v1/", keys), "/api/v1/cases?mine=all", "/api/v1/cases?mine=handling"]
        for path in paths:
            answer = self.client.get(path, headers={"Authorization": f"Bearer {token}"})
            text = answer.get_data(as_text=True)
            yield f"GET {path} {answer.status_code}", f"{text}{answer.headers}"
            for link in re.findall(r"/api/v1/files/[^\"]+", text):
                yield "photo", self.client.get(link).data.decode("latin-1")

        for where in ({"point": {"lat": LAT, "lng": LNG}}, {"place": self.home}):
            near = self.client.post("/api/v1/nearby", json=where, headers={"Authorization": f"Bearer {token}"})
            yield f"POST /api/v1/nearby {near.status_code}", near.get_data(as_text=True)
        for key in keys:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"two-sided-{key}"}
            met = self.client.post(f"/api/v1/cases/{key}/follow", headers=headers)
            yield f"POST /api/v1/cases/{key}/follow {met.status_code}", met.get_data(as_text=True)
            self.client.delete(f"/api/v1/cases/{key}/follow", headers=headers | {"Idempotency-Key": f"no-more-{key}"})

    def _desk(self, who: str, keys: list[str]):
        with database_open():
            has_desk = self.town.actor(who).roles
        if not has_desk:
            return
        browser = self.desk(who)
        more = ["/console/cases?state=all", *(f"/console/cases?number={case.number}" for case in self.cases)]
        for path in [*self._filled("/console/", keys), *more]:
            answer = browser.client.get(path)
            yield f"GET {path} {answer.status_code}", answer.get_data(as_text=True)

    def _chat(self, who: str, numbers: list[int]):
        chat = phone(self.client, who) if who in OPENIDS else phone_of(self.client, who)
        said = ["任务", "进度", "我的上报", "帮助", "接单"]
        for number in numbers:
            said += [f"#{number}", f"接单 {number}", f"围护 {number}", f"撤回 #{number}", f"#{number} 您是谁"]
        for words in said:
            yield f"chat {words}", chat.say(words) or ""


def openid_of(name: str) -> str:
    return "oofficial-" + name.replace(" ", "-")


def phone_of(client, name: str):
    found = phone(client, name)
    found.openid = openid_of(name)
    return found


def leaks(found: list[tuple[str, str]], *canaries: str) -> list[tuple[str, str]]:
    """Where a canary stands."""
    return [(where, one) for where, text in found for one in canaries if one and one in text]


@pytest.fixture
def street(client, door, desk) -> Street:
    return Street(client, door, desk)


@pytest.fixture
def identity(street) -> tuple[str, ...]:
    """What nobody but those who handle it may learn of her."""
    with database_open():
        gan = street.town.person("zhanglan")
        door_label = home_of(gan).label
        openids = [row.openid for row in Identity.select().where(Identity.person == gan)]
    return NAME, PHONE, mask.phone(PHONE), gan.key, *openids, META, door_label


PLACE = (PLACE_WORDS, str(LAT), str(LNG), "幸福家园 3号楼 2单元")


@pytest.mark.parametrize("who", STRANGERS)
def test_neighbours_and_the_next_community_learn_nothing_of_her(street, identity, who):
    """孙梅 sees that something is noisy in 幸福家园; the others not even that."""
    case = street.report("楼上装修扰民")
    street.handle(case)
    found = street.surfaces(who)
    # Whoever types a place into the own chat reads it again there; nobody here did.
    assert leaks(found, *identity, *PLACE, WORDS) == []
    shown = [text for where, text in found if where.startswith("GET /api/v1/public/cases") and "200" in where]
    assert bool([text for text in shown if case.key in text]) == (who == "sunmei")
    # How somebody lives is shown to nobody as near by: "in your building" would tell whose.
    near = [text for where, text in found if where == "POST /api/v1/nearby 200"]
    assert (len(near), [text for text in near if case.key in text]) == (2, [])
    assert (f"POST /api/v1/cases/{case.key}/follow 200" in dict(found)) == (who == "sunmei")


def test_a_neighbour_who_met_the_same_learns_how_near_it_is_and_not_whose(street, identity):
    """The lamp stands in the list of what is near, the point and the words of the place do not."""
    case = street.report("楼道堆满杂物")
    with database_open():
        Case.update(category=street.town.category("street_light")).where(Case.id == case.id).execute()
    found = street.surfaces("sunmei")
    near = [text for where, text in found if where == "POST /api/v1/nearby 200"]
    assert (len(near), all(case.key in text for text in near)) == (2, True)
    assert leaks(found, *identity, *PLACE, WORDS) == []


@pytest.mark.parametrize("told", [False, True], ids=["before", "after"])
def test_the_worker_complained_about_learns_nothing_of_her(street, identity, told):
    """Before the community tells 刘洋 the case is not there at all; afterwards he reads the community's words."""
    case = street.report("网格员刘洋态度恶劣，我要投诉他")
    with database_open():
        liuyang = street.town.person("liuyang")
        assert case.about == liuyang
        # The very grid is his: nothing but the complaint keeps the case from him.
        Role.update(grid=case.grid_id).where(Role.person == liuyang).execute()
    street.handle(case)
    if told:
        with database_open():
            street.tell(case)
    found = street.surfaces("liuyang")
    assert leaks(found, *identity, *PLACE, WORDS) == []
    party_view = [text for where, text in found if where == "GET /api/v1/party/cases 200"]
    assert [case.key in text for text in party_view] == [told]
    if not told:
        # What was asked for by its key or number comes back in the answer; of the rest nothing may name it.
        unasked = [(where, text) for where, text in found if where != "event" and not where.startswith("chat #")
                   and case.key not in where and str(case.number) not in where]  # fmt: skip
        assert leaks(unasked, case.key, f"#{case.number}") == []


@pytest.mark.parametrize("told", [False, True], ids=["before", "after"])
def test_the_admin_complained_about_does_not_find_who_complained(street, identity, told):
    """陈静's desk shows neither the case nor, where 甘丽雅 talks with the community, that it is hers."""
    with database_open(), write():
        second = Person.create(name="周敏", unionid="demo-union-chenjing2")
        Role.create(person=second, place=street.town.community(), kind="community_admin")
    case = street.report("社区的陈静不作为，我要投诉她")
    with database_open():
        assert case.about == street.town.person("chenjing")
    phone(street.client, "zhanglan").say("请问食堂几点开门？")
    street.handle(case)
    if told:
        with database_open():
            street.tell(case, "chenjing2")
    found = [(where, text) for where, text in street.surfaces("chenjing") if case.key not in where]
    allowed = ("event", "GET /api/v1/party/cases 200", "GET /api/v1/public/cases 200")
    assert leaks([one for one in found if one[0] not in allowed and not one[0].startswith("chat")],
                 case.key, f"#{case.number}", PLACE_WORDS, WORDS, META) == []  # fmt: skip


@pytest.mark.parametrize("told", [False, True], ids=["before", "after"])
def test_the_unit_complained_about_learns_nothing_of_her(street, identity, told):
    case = street.report("物业夜里施工")
    with database_open():
        street.involve(case, acts="市政养护所", accused="安居物业")
        if told:
            street.tell(case)
    found = street.surfaces("contact of the accused")
    assert leaks(found, *identity, *PLACE, WORDS) == []
    views = [text for where, text in found if where == "GET /api/v1/party/cases 200"]
    assert [case.key in text for text in views] == [told]


def test_the_unit_asked_to_act_learns_the_matter_and_the_place_but_not_who(street, identity):
    case = street.report("物业夜里施工")
    with database_open():
        street.involve(case, acts="市政养护所", accused="安居物业")
    found = street.surfaces("contact of the helpers")
    assert leaks(found, *identity[:-1]) == []
    (view,) = [text for where, text in found if where == f"GET /api/v1/unit/cases/{case.key} 200"]
    assert WORDS in view and PLACE_WORDS in view


def test_the_party_cannot_infer_which_of_two_it_was(street):
    """张兰 and 孙梅 report the very same: what 刘洋 is told differs in number and key, and in nothing else."""
    words = "网格员刘洋态度恶劣，我要投诉他"
    sunmei = street.door("sunmei").agree("location", "privacy")
    cases = [street.report(words), street.report(words, who=sunmei)]
    with database_open():
        for case in cases:
            street.tell(case)
    told = street.door("liuyang").get("/party/cases")[1]["cases"]
    singles = [street.door("liuyang").get(f"/party/cases/{case.key}")[1] for case in cases]
    for pair in (told, singles):
        plain = [{name: value for name, value in one.items() if name not in ("key", "number")} for one in pair]
        assert len(plain) == 2 and plain[0] == plain[1]
    assert set(told[0]) == {"key", "number", "category", "state_words", "community", "told", "told_on"}


def test_what_the_neighbour_sees_is_the_same_whoever_reported(street):
    sunmei = street.door("sunmei").agree("location", "privacy")
    cases = [street.report("楼道堆满杂物"), street.report("楼道堆满杂物", who=sunmei, anonymous=True)]
    chen = street.door("zhanglan")
    seen = [chen.get(f"/public/cases/{case.key}")[1] for case in cases]
    plain = [{name: value for name, value in one.items() if name not in ("key", "number")} for one in seen]
    assert plain[0] == plain[1]


# -- anonymous ---------------------------------------------------------------------------------------------------------

#: Where an anonymous report and its person may meet: the veil itself, how one is reached, and one's own answers.
TIES = (Veil, Identity, Session)


def rows_of(tables) -> dict[tuple, dict]:
    """Every row of these tables, by table and primary key."""
    found = {}
    for table in tables:
        for row in table.select().dicts():
            found[table._meta.table_name, str(row[table._meta.primary_key.name])] = row
    return found


def test_an_anonymous_report_is_tied_to_nobody_in_any_table(street):
    """All rows that the report, its handling and its judgement left are searched for the person behind it."""
    tables = [table for table in TABLES if table not in TIES and table is not Place]
    photo = street.gan.add_photo(photo_with_metadata())
    with database_open():
        before = rows_of(tables)
        gan = street.town.person("zhanglan")
    told = street.gan.report("邻居打牌太吵", anonymous=True, photos=[photo["key"]], place_words=PLACE_WORDS)
    street.gan.post(f"/cases/{told['key']}/notes", {"note": "天天如此"})
    street.gan.act(told, "withdraw")
    with database_open():
        case = Case.get(Case.key == told["key"])
        after = rows_of(tables)
        assert case.anonymous and case.reporter.name == "匿名居民" and case.reporter != gan
        openids = [row.openid for row in Identity.select().where(Identity.person == gan)]
        people = {table._meta.table_name: [one.column_name for one in table._meta.refs if one.rel_model is Person]
                  for table in tables}  # fmt: skip
        tied = []
        for (table, key), row in after.items():
            if before.get((table, key)) == row:
                continue
            columns = {name.removesuffix("_id") for name in people[table]}
            tied += [(table, key, name) for name in columns if row.get(name) == gan.id]
            text = json.dumps(row, default=str, ensure_ascii=False)
            tied += [(table, key, one) for one in (NAME, PHONE, gan.key, *openids) if one in text]
        assert tied == []
        assert len([1 for one in after if one not in before]) >= 8


def test_only_broken_glass_opens_who_reported_anonymously_and_all_of_it_is_written_down(street):
    case = street.report("邻居打牌太吵", anonymous=True)
    chen, page = street.desk("chenjing"), f"/cases/{case.key}"
    before = chen.text(page)
    assert NAME not in before and PHONE not in before and "匿名居民" in words_of(before)
    assert street.door("chenjing").see({"key": case.key})["reporter"]["name"] == "匿名居民"
    assert street.door("chenjing").post(f"/cases/{case.key}/reporter", {"reason": "想知道是谁"})[0] == 422
    answer = chen.form(f"{page}/glass", page, action="veil.lift", reason="有人身安全危险，须当面核实")
    assert answer.status_code in (302, 303)
    assert NAME in chen.text(page)
    with database_open():
        (alert,) = Alert.select().where(Alert.kind == "glass_broken")
        (row,) = Audit.select().where(Audit.action == "glass.break")
        assert (alert.person, row.person, row.subject) == (
            street.town.person("chenjing"), street.town.person("chenjing"), case.key
        )  # fmt: skip
        (glass,) = Glass.select()
        assert timedelta(minutes=29) < glass.ends_at - now() <= timedelta(minutes=30)
        Glass.update(ends_at=now()).execute()
    assert NAME not in chen.text(page)
    assert street.desk("wangdashan").get(page).status_code in (200, 404)


@pytest.mark.parametrize("who", ["wangdashan", "chenjing", "dengwei", "sunmei", "hefang"])
def test_an_anonymous_reporter_stands_on_no_surface(street, identity, who):
    """Also for those who handle it there is only 匿名居民: neither name nor key, phone or openid."""
    case = street.report("邻居打牌太吵", anonymous=True)
    street.handle(case)
    found = street.surfaces(who)
    assert leaks(found, *[one for one in identity[:-1] if one != mask.phone(PHONE)]) == []
    assert leaks([one for one in found if case.key in one[0]], mask.phone(PHONE)) == []


# -- in somebody's stead -----------------------------------------------------------------------------------------------


def test_what_a_daughter_reports_for_her_father_is_shown_as_told_by_the_family(street):
    with database_open(), write():
        father = Person.create(name="甘大爷")
        gan = street.town.person("zhanglan")
        Residence.create(
            person=father, household=home_of(gan), relation="family", state="confirmed", confirmed_at=now()
        )
        Delegation.create(
            kind="family", principal=father, agent=gan, community=street.town.community(), relation="daughter",
            state="confirmed", confirmed_at=now(),
        )  # fmt: skip
    told = street.gan.report("楼道扶手断了", behalf_of=father.key)
    assert told["mine"] and told["steps"][0]["who"] == "家人代办"
    assert street.door("chenjing").see(told)["steps"][0]["who"] == "家人代办"
    assert "家人代办" in words_of(street.desk("chenjing").text(f"/cases/{told['key']}"))
    assert street.door("sunmei").get(f"/cases/{told['key']}")[0] == 404
    with database_open():
        case = Case.get(Case.key == told["key"])
        assert (case.reporter, case.filed_by) == (father, gan)
