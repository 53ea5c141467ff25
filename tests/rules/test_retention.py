"""Each kind of data goes when its time is up, not a day earlier; what is open or can be reopened is held."""

from datetime import timedelta

import pytest

from app.config_shape import Retention
from app.jobs import retention as job
from app.jobs import tidy
from app.rules import blank, letter, media, patrol, retention, visit
from app.rules import session as sessions
from models.audit import Audit
from models.base import new_key, now, write
from models.case import Case, Photo, Step
from models.consent import Consent, ConsentText
from models.conversation import Conversation, Draft, Line
from models.inbound import Inbound
from models.letter import Letter
from models.patrol import Patrol
from models.person import Person, Residence, Veil, home_of
from models.personal import Deletion
from models.place import Grid, Place
from models.setting import Setting
from models.visit import Visit
from tests.rules.canaries import found, stored
from tests.rules.cases import case_in, do

DAY = timedelta(days=1)
DAYS = Retention().model_dump()


def done(town) -> dict[str, int]:
    """One run, by kind."""
    return job.apply(town.context)


def photo(town, who="zhanglan", days=0, **more) -> Photo:
    """An uploaded photo with its files."""
    key = new_key()
    for variant in media.VARIANTS:
        town.context.files.put(media.file_of(key, variant), b"x", "image/jpeg")
    return Photo.create(
        key=key, uploader=town.person(who), sha256="0" * 64, width=1, height=1, created_at=now() - days * DAY, **more
    )


def closed(town, days, state="closed") -> Case:
    """A case of 张兰 that was closed so many days ago, with a photo."""
    case = case_in(town, state)
    photo(town, case=case)
    home = Residence.get(Residence.person == town.person("zhanglan")).household
    Case.update(closed_at=now() - days * DAY, place=home, place_words="我家门口", lat=34.7, lng=114.3).where(
        Case.id == case.id
    ).execute()
    return case


def test_every_kind_has_its_days_in_the_settings():
    assert [kind.name for kind in retention.KEEP] == list(dict.fromkeys(kind.name for kind in retention.KEEP))
    assert {kind.name for kind in retention.KEEP} == set(DAYS)


@pytest.mark.parametrize("state", ["closed", "closed_no_feedback", "rejected", "withdrawn"])
def test_a_case_becomes_a_line_of_statistics_after_three_years(town, state):
    old, young = closed(town, 1096, state), closed(town, 1094, state)
    before = Case.select().where(Case.id == young.id).dicts().get()
    counts = done(town)
    assert (counts["cases"], counts["case_photos"]) == (1, Photo.select().where(Photo.case == young).count())
    old = Case.get_by_id(old.id)
    assert (old.words, old.place_words, old.lat, old.lng, old.place.kind) == (blank.EXPIRED, "", None, None, "building")
    assert (old.state, old.reporter.key, old.reporter.name) == (state, blank.NOBODY, "")
    assert {step.note for step in Step.select().where(Step.case == old)} <= {"", blank.EXPIRED}
    said = Letter.select().where(Letter.case == old, Letter.state.not_in(blank.UNSENT), blank.has_content())
    assert said.count() == 0
    assert Case.select().where(Case.id == young.id).dicts().get() == before
    assert "cases" not in done(town)


@pytest.mark.parametrize("state", ["reported", "dispatched", "handling", "handled"])
def test_an_open_case_is_never_touched(town, state):
    case = case_in(town, state)
    Case.update(closed_at=now() - 5000 * DAY, created_at=now() - 5000 * DAY).where(Case.id == case.id).execute()
    Letter.update(state="sent", ended_at=now() - 5000 * DAY).where(Letter.case == case).execute()
    before = Case.select().where(Case.id == case.id).dicts().get()
    counts = done(town)
    assert not {"cases", "case_photos", "letters", "lines"} & set(counts)
    assert Case.select().where(Case.id == case.id).dicts().get() == before


def test_a_case_that_can_be_reopened_is_never_touched(town):
    """One community lets its residents come back for four years; the settings say three."""
    closed(town, 1200)
    Setting.create(community=town.community("shuguang") if Place.get_or_none(code="shuguang") else town.community(),
                   name="reopen_days", value=1460)  # fmt: skip
    assert "cases" not in done(town)
    Setting.delete().execute()
    assert done(town)["cases"] == 1


def test_a_case_that_was_reopened_is_open(town):
    case = closed(town, 1)
    do(town, case, "reopen", "zhanglan")
    assert "cases" not in done(town)


def test_the_alias_of_an_old_anonymous_case_belongs_to_nobody(town):
    case = closed(town, 1096)
    alias = Person.create(name="匿名居民")
    Veil.create(alias=alias, person=town.person("zhanglan"))
    Case.update(reporter=alias, anonymous=True).where(Case.id == case.id).execute()
    done(town)
    assert Veil.select().count() == 0


def test_lines_go_with_what_they_show(town):
    talk = Conversation.create(community=town.community(), person=town.person("zhanglan"), last_at=now() - 1096 * DAY)
    held = case_in(town, "handling")
    town.context.files.put("voices/a.amr", b"x", "audio/amr")
    shown = photo(town)
    for days, more in ((1096, {"photo": shown, "recording": "voices/a.amr"}), (1094, {}), (1096, {"case": held})):
        Line.create(conversation=talk, author="resident", text=f"{days}", at=now() - days * DAY, **more)
    assert done(town)["lines"] == 1
    assert [(line.text, line.case_id) for line in Line.select().where(Line.conversation == talk).order_by(Line.id)] == [
        ("1094", None), ("1096", held.id),
    ]  # fmt: skip
    assert (stored(town), Photo.select().where(Photo.id == shown.id).count()) == ([], 0)


def test_a_conversation_in_which_nothing_is_left(town):
    for who, days in (("zhanglan", 1096), ("zhaoqiang", 1)):
        Conversation.create(community=town.community(), person=town.person(who), last_at=now() - days * DAY)
    assert done(town)["conversations"] == 1
    assert [row.person.name for row in Conversation.select()] == [town.person("zhaoqiang").name]


def test_photos_that_were_never_used(town):
    old, young, shown = photo(town, days=8), photo(town, days=6), photo(town, days=8)
    talk = Conversation.create(community=town.community(), person=town.person("zhanglan"))
    Line.create(conversation=talk, author="resident", kind="image", photo=shown)
    assert done(town)["photos_unattached"] == 1
    assert {row.id for row in Photo.select()} == {young.id, shown.id}
    assert media.file_of(old.key, "full") not in stored(town) and len(stored(town)) == 4


def test_drafts_inbound_and_letters(town):
    talk = Conversation.create(community=town.community(), person=town.person("zhanglan"))
    for days, state in ((31, "filed"), (31, "open"), (29, "filed")):
        Draft.create(conversation=talk, words=f"{days}{state}", state=state, updated_at=now() - days * DAY)
    for days in (31, 29):
        Inbound.create(account="mini", event_key=f"msg:{days}", kind="text", received_at=now() - days * DAY)
    for days, state in ((181, "sent"), (179, "sent"), (None, "owed")):
        Letter.create(
            event="e", event_key=str(days), community=town.community(), person=town.person("zhanglan"), kind="reply",
            channel="chat", content={"text": "您好"}, state=state, expires_at=now() + DAY,
            ended_at=now() - days * DAY if days else None,
        )  # fmt: skip
    assert {name: done(town).get(name) for name in ("drafts",)} == {"drafts": 1}
    assert sorted(row.words for row in Draft.select()) == ["29filed", "31open"]
    assert [row.event_key for row in Inbound.select()] == ["msg:29"]
    assert {row.event_key: row.content for row in Letter.select()} == {
        "181": {}, "179": {"text": "您好"}, "None": {"text": "您好"},
    }  # fmt: skip


def test_a_letter_whose_words_are_gone_is_not_sent_again(town):
    row = Letter.create(
        event="e", event_key="k", community=town.community(), person=town.person("zhanglan"), kind="reply",
        channel="chat", content={"text": "您好"}, state="failed", expires_at=now(), ended_at=now() - 181 * DAY,
        identity=town.identity("zhanglan"),
    )  # fmt: skip
    done(town)
    assert letter.resend(Letter.get_by_id(row.id)) is False
    assert Letter.get_by_id(row.id).state == "failed"


def test_answers_to_consents_are_proof_for_three_years_after_they_ended(town):
    zhanglan, moment = town.person("zhanglan"), now()
    text, other = (
        ConsentText.create(kind=kind, version=90, title=kind, text=kind) for kind in ("testing", "other")
    )  # fmt: skip
    for days, one in ((2000, text), (1500, text), (1000, text), (2000, other)):
        Consent.create(person=zhanglan, text=one, answer="given", at=moment - days * DAY)
    assert done(town)["consents"] == 1
    left = [(row.text.kind, (moment - row.at).days) for row in Consent.select().order_by(Consent.id)]
    assert left == [("testing", 1500), ("testing", 1000), ("other", 2000)]


def test_a_long_backlog_is_worked_off_in_batches(town, monkeypatch):
    monkeypatch.setattr("app.jobs.personal.BATCH", 2)
    for number in range(7):
        Inbound.create(account="mini", event_key=f"msg:{number}", kind="text", received_at=now() - 31 * DAY)
    assert job.apply(town.context, rounds=2) == {"inbound": 4}
    assert job.apply(town.context, rounds=2) == {"inbound": 3}
    rows = Deletion.select().where(Deletion.kind == "inbound").order_by(Deletion.id)
    assert [row.count for row in rows] == [2, 2, 2, 1]
    assert all(abs((now() - row.cutoff) - 30 * DAY) < timedelta(minutes=5) for row in rows)


def test_a_run_that_finds_nothing_writes_nothing(town):
    tidy.tidy(town.context, {})
    before = (Deletion.select().count(), Audit.select().count())
    tidy.tidy(town.context, {})
    assert (Deletion.select().count(), Audit.select().count()) == before


def test_what_was_written_on_the_way_and_at_the_doors_goes_whole(town):
    """Not a byte of what 王大山 noted is left in the database, its log or the file store."""
    canaries = ["QCanaryRound", "QCanaryLamp", "QCanaryDoor", "QCanaryRail"]
    worker, seen = town.actor("wangdashan"), photo(town, who="wangdashan")
    with write():
        lamp = patrol.Found("street_light", False, "灯杆歪了 QCanaryLamp", (seen.key,))
        round_ = patrol.make(
            Grid.get(Grid.code == "huimin-1"), actor=worker, started_at=now(), ended_at=now(), checks=[lamp],
            note="雨后 QCanaryRound",
        )  # fmt: skip
        heard = visit.make(
            home_of(town.person("zhanglan")), actor=worker, kind="care", met=True, at=now(),
            note="独居 QCanaryDoor", needs=["扶手 QCanaryRail"],
        )  # fmt: skip
    assert found(town, canaries) == sorted(canaries)
    kept = done(town)
    assert (found(town, canaries), kept) == (sorted(canaries), {})
    long_ago = now() - 4000 * DAY
    Patrol.update(started_at=long_ago, ended_at=long_ago).where(Patrol.id == round_.id).execute()
    Visit.update(at=long_ago).where(Visit.id == heard.id).execute()
    counts = done(town)
    assert (counts["patrols"], counts["visits"]) == (1, 1)
    assert (found(town, canaries), stored(town)) == ([], [])


def test_the_audit_log_is_left_alone(town):
    sessions.open_session(town.person("zhanglan"), door="api", lasts=-400 * DAY)
    rows = Audit.select().count()
    assert done(town)["sessions"] == 1
    assert Audit.select().count() == rows


def test_the_dry_run_says_what_the_run_does(town):
    closed(town, 1096)
    Inbound.create(account="mini", event_key="msg:1", kind="text", received_at=now() - 40 * DAY)
    told = {one.kind.name: (one.rows, one.oldest) for one in retention.survey(DAYS, now())}
    assert told["inbound"][0] == 1 and abs(now() - told["inbound"][1] - 40 * DAY) < timedelta(minutes=5)
    assert (told["sessions"], told["cases"][0]) == ((0, None), 1)
    counts = done(town)
    assert {name: count for name, (count, _) in told.items() if count} == counts
    assert all(one.rows == 0 for one in retention.survey(DAYS, now()))


def test_files_that_no_row_knows_go_after_a_day(town):
    known = photo(town)
    for key in ("photos/aaaa.jpg", "voices/b.amr", "copies/c.zip", "exports/d.csv"):
        town.context.files.put(key, b"x", "image/jpeg")
    assert job.drop_orphans(town.context, now()) == 0, "a row may be on its way"
    assert job.drop_orphans(town.context, now() + 2 * DAY) == 4
    assert stored(town) == sorted(media.file_of(known.key, variant) for variant in media.VARIANTS)
    assert Deletion.get(Deletion.kind == "orphans").count == 4


def test_a_broken_case_photo_store_keeps_the_rows_for_the_next_run(town):
    closed(town, 1096)
    rows = Photo.select().count()
    folder = town.settings.folder / "files"
    folder.rename(folder.with_name("away"))
    folder.write_text("not a folder")
    with pytest.raises(Exception, match="storage"):
        done(town)
    assert Photo.select().count() == rows
    folder.unlink()
    folder.with_name("away").rename(folder)
    assert done(town)["case_photos"] == rows
