"""张兰 takes her copy along and asks to be forgotten: within a day there is nothing left of her, on either engine."""

import threading
import time
from datetime import timedelta

import pytest

from app.jobs import personal as job
from app.jobs import tasks, tidy
from app.rules import blank, inbound, person, personal, personal_erasure
from app.rules.refusal import Conflict, Refusal
from models.audit import Audit
from models.base import database, now, write
from models.case import Case, Photo, Step
from models.conversation import Conversation, Line
from models.follow import Follow
from models.inbound import Inbound
from models.letter import Letter
from models.notice import NoticeReading
from models.person import Identity, Person, Residence
from models.personal import DataRequest, Deletion
from models.role import Role
from models.session import Session
from models.task import Task
from models.visit import Visit
from models.voice import Voice
from tests.handlers.wechat.conftest import open_client
from tests.handlers.wechat.phone import phone
from tests.rules.canaries import CANARIES, OPEN, SPOKEN, VOICE, found, plant, stored
from tests.rules.cases import add_photo, case_in, do, report
from tests.town import OPENIDS

EVERYTHING = [*CANARIES.values(), VOICE.decode(), SPOKEN]


@pytest.fixture
def client(town):
    return open_client(town)


def ask(town, **more) -> DataRequest:
    with write():
        return personal.ask_erasure(town.person("zhanglan"), actor=town.actor("zhanglan"), **more)


def forget(town) -> DataRequest:
    """张兰 asked yesterday; the worker does what is due."""
    request = ask(town, at_once=True)
    run(town, "erase")
    return DataRequest.get_by_id(request.id)


def run(town, kind):
    """Do the due tasks of one kind, as the worker does them."""
    Task.update(run_at=now() + timedelta(days=9)).where(Task.kind != kind, Task.state == "ready").execute()
    while tasks.next_task(town.context):
        pass


def test_nothing_is_left_of_her(town, client):
    closed, opened = plant(town, client)
    zhanglan, letters = town.person("zhanglan"), Letter.select().count()
    assert found(town, EVERYTHING) == sorted(EVERYTHING), "what was planted is there before"
    request = forget(town)
    assert found(town, EVERYTHING) == []
    assert (request.state, request.proof["open_cases"]) == ("done", 1)
    # What happened stays as a line of statistics; what is owed to everybody's safety stays until it is done.
    closed = Case.get_by_id(closed.id)
    assert (closed.words, closed.place_words, closed.lat, closed.lng) == (blank.ERASED, "", None, None)
    assert (closed.place.kind, closed.satisfaction, closed.state) == ("building", "satisfied", "closed")
    assert {step.note for step in Step.select().where(Step.case == closed)} <= {"", blank.ERASED}
    assert OPEN in Case.get_by_id(opened.id).words
    assert (Letter.select().count(), Inbound.select().where(Inbound.reply != "").count()) == (letters, 0)
    kept = Photo.get()
    assert (Photo.select().count(), kept.case_id) == (1, opened.id)
    assert stored(town) == [f"photos/{kept.key}.jpg", f"photos/{kept.key}.thumb.jpg"]
    gone = Person.get_by_id(zhanglan.id)
    assert (gone.name, gone.phone, gone.unionid, gone.erased_at is None) == ("", None, None, False)
    for table, column in ((Identity, Identity.person), (Session, Session.person), (Residence, Residence.person),
                          (Follow, Follow.person), (NoticeReading, NoticeReading.person), (Voice, Voice.uploader)):
        assert table.select().where(column == gone).count() == 0


def test_what_was_heard_where_somebody_else_still_lives_stays_without_her_name_and_number(town, client):
    """Her husband lives on behind that door; also the answer that is kept for a repetition of 王大山's phone is cut."""
    plant(town, client)
    with write():
        person.rename(town.person("zhanglan"), CANARIES["name"], town.actor("zhanglan"))
    home = Residence.get(Residence.person == town.person("zhanglan")).household
    Residence.create(person=town.person("zhaoqiang"), household=home, relation="family", state="confirmed")
    said = Visit.get()
    Visit.update(note=f"{CANARIES['name']} {CANARIES['phone']} 腿脚不便").where(Visit.id == said.id).execute()
    forget(town)
    said = Visit.get_by_id(said.id)
    assert (said.note, said.needs) == ("（姓名略） （号码略） 腿脚不便", [f"想装扶手 {CANARIES['need']}"])
    assert found(town, [CANARIES["visit"], CANARIES["name"], CANARIES["phone"]]) == []


def test_an_open_case_goes_on_without_her_name_her_number_and_the_very_spot(town):
    with write():
        person.rename(town.person("zhanglan"), "张兰", town.actor("zhanglan"))
    lamp, hole = report(town), report(town)
    words = "我是张兰，电话 138-0000-0001，门口路灯不亮，物业说打 +86 13700000009"
    Case.update(words=words, place_words="张兰家门口 13800000001", lat=34.796543, lng=114.365432).execute()
    Case.update(hazard=False).where(Case.id == lamp.id).execute()
    Case.update(hazard=True).where(Case.id == hole.id).execute()
    Step.update(note="张兰 13800000001 在家等").where(Step.case == lamp).execute()
    forget(town)
    lamp, hole = Case.get_by_id(lamp.id), Case.get_by_id(hole.id)
    for case in (lamp, hole):
        assert case.words == "我是（姓名略），电话 （号码略），门口路灯不亮，物业说打 （号码略）"
        assert case.place_words == "（姓名略）家门口 （号码略）"
    assert ((lamp.lat, lamp.lng), (hole.lat, hole.lng)) == ((34.797, 114.365), (34.796543, 114.365432))
    assert "（姓名略） （号码略） 在家等" in {step.note for step in Step.select().where(Step.case == lamp)}
    assert Deletion.get(Deletion.kind == "open_cases").count == 2


def test_the_open_case_is_forgotten_when_it_is_done(town, client):
    _, opened = plant(town, client)
    forget(town)
    do(town, opened, "dispatch", "chenjing", worker="wangdashan")
    do(town, opened, "accept", "wangdashan")
    add_photo(town, opened)
    do(town, opened, "handle", "wangdashan")
    tidy.tidy(town.context, {})
    assert OPEN in Case.get_by_id(opened.id).words
    do(town, opened, "lapse", None)
    Letter.update(state="expired").where(Letter.case == opened).execute()
    tidy.tidy(town.context, {})
    assert (found(town, [OPEN]), stored(town), Photo.select().count()) == ([], [], 0)
    kinds = {row.kind for row in Deletion.select().where(Deletion.request.is_null())}
    assert {"erased_cases", "erased_photos", "erased_letters"} <= kinds


def test_it_can_be_proved(town, client):
    plant(town, client)
    request = forget(town)
    rows = list(Deletion.select().where(Deletion.request == request))
    assert {row.kind for row in rows} >= {
        "persons", "identities", "inbound", "sessions", "residences", "photos", "lines", "drafts", "cases", "letters",
        "voices", "follows", "visits", "notice_readings",
    }  # fmt: skip
    told: dict[str, int] = {}
    for row in rows:
        told[row.kind] = told.get(row.kind, 0) + row.count
    assert (request.proof["deleted"], told["persons"], told["identities"]) == (told, 1, 2)
    assert request.done_at <= request.due_at <= request.asked_at + timedelta(hours=24)
    noted = Audit.select().where(Audit.action == "person.erase", Audit.subject == request.key).order_by(Audit.id)
    assert [(row.result, row.after) for row in noted] == [("asked", None), ("done", {"state": "done"})]


def test_a_worker_that_dies_in_the_middle_goes_on_where_it_was(town, client):
    """The file store is away when the photos' turn comes: she is let go of already, the rest follows later."""
    plant(town, client)
    folder = town.settings.folder / "files"
    folder.rename(folder.with_name("away"))
    folder.write_text("not a folder")
    request = forget(town)
    assert (request.state, town.context.files.healthy()) == ("doing", False)
    assert Identity.select().where(Identity.openid == CANARIES["mini"]).count() == 0
    assert any(CANARIES["words"] in case.words for case in Case.select())
    folder.unlink()
    folder.with_name("away").rename(folder)
    Task.update(run_at=now()).where(Task.kind == "erase").execute()
    run(town, "erase")
    request = DataRequest.get_by_id(request.id)
    assert (request.state, found(town, EVERYTHING)) == ("done", [])
    before = (Deletion.select().count(), Audit.select().count())
    job.erase(town.context, {"request": request.id})
    assert (Deletion.select().count(), Audit.select().count()) == before


def test_whoever_comes_again_is_somebody_new(town, client):
    plant(town, client)
    old = town.person("zhanglan").id
    forget(town)
    assert phone(client, "zhanglan").say("我的上报") == "您还没有上报过。直接说一句哪里怎么了就行。"
    with write():
        identity = person.meet(
            account="mini", kind="miniprogram", openid=OPENIDS["zhanglan"]["mini"], unionid="demo-union-zhanglan"
        )
    assert identity.person_id != old and identity.person.name == ""
    assert Conversation.select().where(Conversation.person == identity.person).count() == 0


def test_the_platform_repeats_an_event_after_all(town, client):
    """Its key no longer names her, and still says that it was here before."""
    chat = phone(client, "zhanglan")
    chat.does("CLICK", EventKey="report")
    assert not any(CANARIES["official"] in row.event_key for row in Inbound.select())
    rows = Inbound.select().count()
    forget(town)
    assert (chat.again(), Inbound.select().count()) == (None, rows)
    assert Identity.select().where(Identity.openid == CANARIES["official"]).count() == 0


def test_events_kept_before_are_known_by_the_same_key(town, client):
    chat = phone(client, "zhanglan")
    chat.does("CLICK", EventKey="report")
    last = chat.sent[-1]
    old = f"event:{last['FromUserName']}:{last['CreateTime']}:CLICK:report"
    Inbound.update(event_key=old).execute()
    forget(town)
    assert chat.again() is None
    assert [CANARIES["official"] in row.event_key for row in Inbound.select()] == [False]


def test_what_she_says_at_this_very_moment(town, client):
    """Her message is being handled while she is let go of: it is forgotten too, however the two meet."""
    heard, told = threading.Event(), []
    request = ask(town, at_once=True)

    def speak():
        with database.connection_context(), write():
            inbound.begin(
                account="official", event_key="msg:77", kind="text", payload={"FromUserName": CANARIES["official"]}
            )
            heard.set()
            time.sleep(0.3)
        told.append("said")

    def let_go():
        heard.wait(5)
        with database.connection_context(), write():
            personal.begin(DataRequest.get_by_id(request.id))
            personal_erasure.let_go(DataRequest.get_by_id(request.id))
        told.append("let go")

    threads = [threading.Thread(target=one) for one in (speak, let_go)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert told == ["said", "let go"]
    assert [(row.event_key, row.payload) for row in Inbound.select()] == [("msg:77", {})]


def test_thinking_better_of_it(town):
    request = ask(town)
    assert ask(town).id == request.id
    assert personal.begins_at(request) == request.asked_at + personal.UNDO
    with write():
        personal.withdraw_erasure(town.person("zhanglan"), actor=town.actor("zhanglan"))
    Task.update(run_at=now()).where(Task.kind == "erase").execute()
    run(town, "erase")
    assert (DataRequest.get_by_id(request.id).state, town.person("zhanglan").name) == ("withdrawn", "张兰")
    with pytest.raises(Conflict) as caught, write():
        personal.withdraw_erasure(town.person("zhanglan"), actor=town.actor("zhanglan"))
    assert caught.value.code == "nothing_to_withdraw"
    assert ask(town).id != request.id


def test_what_has_begun_cannot_be_taken_back(town):
    request = ask(town)
    with write():
        assert personal.begin(request)
    with pytest.raises(Conflict), write():
        personal.withdraw_erasure(town.person("zhanglan"), actor=town.actor("zhanglan"))


def test_it_is_not_done_before_its_time(town):
    ask(town)
    run(town, "erase")
    assert town.person("zhanglan").erased_at is None


def test_at_once_hastens_what_was_asked(town):
    first = ask(town)
    assert forget(town).id == first.id
    assert DataRequest.get_by_id(first.id).state == "done"


def test_somebody_on_duty_is_told_why_not(town):
    with pytest.raises(Refusal) as caught, write():
        personal.ask_erasure(town.person("wangdashan"), actor=town.actor("wangdashan"))
    assert (caught.value.code, "网格员" in caught.value.message) == ("still_on_duty", True)


def test_somebody_given_a_role_meanwhile_is_not_forgotten(town):
    request = ask(town)
    Role.create(person=town.person("zhanglan"), place=town.community(), kind="volunteer")
    Task.update(run_at=now()).where(Task.kind == "erase").execute()
    run(town, "erase")
    request = DataRequest.get_by_id(request.id)
    assert (request.state, request.proof, town.person("zhanglan").name) == (
        "refused", {"why": "still_on_duty"}, "张兰",
    )  # fmt: skip


def test_neighbours_are_left_alone(town, client):
    plant(town, client)
    other = case_in(town, "closed", who="zhanglan", words="x")
    Case.update(reporter=town.person("zhaoqiang"), words="赵强的事").where(Case.id == other.id).execute()
    phone(client, "zhaoqiang").say("请问几点开门")
    forget(town)
    assert Case.get_by_id(other.id).words == "赵强的事"
    theirs = Conversation.get(Conversation.person == town.person("zhaoqiang"))
    assert [line.text for line in Line.select().where(Line.conversation == theirs, Line.author == "resident")] == [
        "请问几点开门"
    ]
    assert town.identity("zhaoqiang").person_id == town.person("zhaoqiang").id
