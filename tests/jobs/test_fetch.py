"""What was sent in the chat is brought from the platform: pictures cleaned, voices kept, and never lost in silence."""

import base64
import threading
from datetime import timedelta

import pytest
from PIL import Image

from app.jobs import fetch, tasks
from app.rules import case as cases
from app.rules import conversation as talk
from app.rules import intake, media, voice
from app.rules.photo_image import CleanPhoto
from app.rules.photo_quota import USED_UP
from models.base import database, new_key, now, write
from models.case import Case, Photo
from models.conversation import Draft, Line
from models.letter import Letter
from models.task import Task
from tests.jobs.post import speak, who_is, work
from tests.rules.photos import opened, street, upload
from tests.rules.together import at_once

SOUND = b"#!AMR\n" + bytes(200)
PATH = "/cgi-bin/media/get"


def talk_of(town, who="zhanglan"):
    return talk.open_with(town.person(who), town.community(), who_is(town, who, "official"))


def send(town, platform, data, kind="image", who="zhanglan"):
    """Somebody sends a picture or voice in the chat: the line that was kept and the task that is owed."""
    shown = {"app": "official", "type": kind, "media": base64.b64encode(data).decode()}
    seq = platform.control("POST", f"phone/{who}/send", shown)["seq"]
    [item] = platform.phone(who, seq - 1)["items"]
    media_id = item["media_url"].rpartition("/")[2]
    with write():
        if kind == "image":
            line, _ = intake.hear_picture(talk_of(town, who), town.actor(who), now())
        else:
            line = talk.hear(talk_of(town, who), kind=kind, text="")
        media.fetch_later(line, account="official", media_id=media_id)
    return line


def run(town, times=1):
    """Run the fetching as often as it is due at once."""
    for _ in range(times):
        Task.update(run_at=now() - timedelta(seconds=1)).where(Task.kind == "fetch", Task.state == "ready").execute()
        while tasks.next_task(town.context):
            pass
    return Task.get(Task.kind == "fetch")


def said_to(line):
    """What the bot said after a line."""
    later = Line.select().where(Line.conversation == line.conversation_id, Line.author == "bot", Line.id > line.id)
    return [row.text for row in later.order_by(Line.id)]


def test_a_picture_from_the_chat_is_cleaned_and_kept(sqlite_town, sqlite_platform):
    line = send(sqlite_town, sqlite_platform, upload(street(), "PNG"))
    task = run(sqlite_town)
    photo = Line.get_by_id(line.id).photo
    assert (task.state, task.problem, photo.uploader) == ("done", "", sqlite_town.person("zhanglan"))
    assert (photo.kind, photo.width, photo.height, photo.case) == ("report", 96, 48, None)
    kept = opened(sqlite_town.context.files.get(f"photos/{photo.key}.jpg"))
    thumb = opened(sqlite_town.context.files.get(f"photos/{photo.key}.thumb.jpg"))
    assert (kept.format, kept.size, thumb.format) == ("JPEG", (96, 48), "JPEG")


def test_a_voice_is_kept_as_it_is(sqlite_town, sqlite_platform):
    line = send(sqlite_town, sqlite_platform, SOUND, "voice")
    task = run(sqlite_town)
    key = Line.get_by_id(line.id).recording
    assert (task.state, sqlite_town.context.files.get(key)) == ("done", SOUND)


def test_fetching_twice_keeps_one(sqlite_town, sqlite_platform):
    """The worker died after keeping and before saying so: the next one finds everything done."""
    line = send(sqlite_town, sqlite_platform, upload(street(), "JPEG"))
    run(sqlite_town)
    first = Line.get_by_id(line.id).photo
    Task.update(state="ready").where(Task.kind == "fetch").execute()
    run(sqlite_town)
    assert (Line.get_by_id(line.id).photo, Photo.select().count()) == (first, 1)
    assert len(sqlite_platform.control("GET", f"calls?path={PATH}")) == 1


def test_the_same_picture_owes_one_fetching(sqlite_town, sqlite_platform):
    line = send(sqlite_town, sqlite_platform, SOUND, "voice")
    with write():
        media.fetch_later(line, account="official", media_id="another")
    assert Task.select().where(Task.kind == "fetch").count() == 1


@pytest.mark.parametrize("kind, sentence", [("image", media.LOST), ("voice", media.LOST_VOICE)], ids=["image", "voice"])
def test_what_the_platform_has_forgotten_is_told(sqlite_town, sqlite_platform, kind, sentence):
    """Three days later it is gone: 张兰 is asked to send it again, in the chat it came from."""
    town, platform = sqlite_town, sqlite_platform
    speak(town, platform, "zhanglan")
    line = send(town, platform, upload(street(), "JPEG") if kind == "image" else SOUND, kind)
    platform.ahead(3 * 86400 + 60)
    task = run(town)
    platform.ahead(0)
    assert (task.state, task.problem.partition(" rid=")[0]) == ("dead", "invalid_media_id (permanent) code=40007")
    assert said_to(line)[-1] == sentence
    work(town)
    assert platform.chat("zhanglan") == [sentence]
    run(town, times=2)
    assert said_to(line).count(sentence) == 1


def test_a_bomb_is_refused_and_the_person_told_why(sqlite_town, sqlite_platform):
    """A picture of 64 million points in a few thousand bytes."""
    line = send(sqlite_town, sqlite_platform, upload(Image.new("1", (8000, 8000)), "PNG"))
    task = run(sqlite_town)
    assert (task.state, task.problem, task.attempts) == ("dead", "photo_too_many_pixels", 1)
    assert said_to(line) == ["照片的尺寸太大，请在相册里缩小后再发，或重新拍一张。"]
    assert (Photo.select().count(), Letter.get(Letter.kind == "reply").state) == (0, "owed")


NOT_VOICES = {"an mp3": (b"ID3\x04" + bytes(200), voice.NOT_A_VOICE),
              "ten hours of silence": (b"#!AMR\n" + b"\x78" * 1_800_000, voice.TOO_LONG)}  # fmt: skip


@pytest.mark.parametrize("name", NOT_VOICES)
def test_what_is_no_voice_is_not_kept_and_the_person_told_why(sqlite_town, sqlite_platform, name):
    data, sentence = NOT_VOICES[name]
    line = send(sqlite_town, sqlite_platform, data, "voice")
    assert (run(sqlite_town).state, said_to(line)) == ("dead", [sentence])
    assert (Line.get_by_id(line.id).recording, len(sqlite_platform.control("GET", f"calls?path={PATH}"))) == (None, 1)


def test_one_picture_too_many_is_told_and_the_line_stays(sqlite_town, sqlite_platform):
    """A hundred today: the next is not asked for, and 张兰 is told. The first picture of a danger is another matter."""
    town, line = sqlite_town, send(sqlite_town, sqlite_platform, upload(street(), "JPEG"))
    for _ in range(101):
        Photo.create(uploader=town.person("zhanglan"), sha256="0" * 64, width=1, height=1, size=9, kind="chat")
    task = run(town)
    assert (task.state, task.problem, said_to(line)) == ("dead", "photo_quota", [USED_UP])
    assert (Line.get_by_id(line.id).photo, sqlite_platform.control("GET", f"calls?path={PATH}")) == (None, [])
    with write():
        category = town.category("missing_manhole_cover")
        case = cases.report(
            actor=town.actor("zhanglan"), community=town.community(), words="井盖没了", channel="chat",
            category=category,
        )  # fmt: skip
    Line.update(case=case).where(Line.id == line.id).execute()
    Task.update(state="ready", run_at=now() - timedelta(seconds=1)).where(Task.id == task.id).execute()
    run(town)
    assert Line.get_by_id(line.id).photo.case == case


def test_a_hiccup_of_the_platform_is_tried_again(sqlite_town, sqlite_platform):
    sqlite_platform.fault(PATH, "http_502", times=2)
    line = send(sqlite_town, sqlite_platform, SOUND, "voice")
    task = run(sqlite_town)
    assert (task.state, task.attempts, task.run_at > now()) == ("ready", 1, True)
    assert run(sqlite_town, times=2).state == "done"
    assert (said_to(line), Line.get_by_id(line.id).recording is not None) == ([], True)


def test_a_worker_that_lost_its_lease_tells_nobody_that_it_failed(sqlite_town, sqlite_platform):
    """The slow worker gives up, but meanwhile another one has the picture: 张兰 must not be told that it is lost."""
    line = send(sqlite_town, sqlite_platform, SOUND, "voice")
    with write():
        slow = tasks._claim()
    Task.update(run_at=now() - timedelta(seconds=1)).where(Task.id == slow.id).execute()
    run(sqlite_town)
    tasks._failed(sqlite_town.context, slow, media.Refusal("photo_kind", "不是照片"))
    assert (said_to(line), Task.get_by_id(slow.id).state) == ([], "done")


def test_a_picture_of_a_report_that_is_filed_meanwhile_lands_on_the_case(sqlite_town, sqlite_platform):
    town = sqlite_town
    line = send(town, sqlite_platform, upload(street(), "JPEG"))
    with write():
        intake.hear_text(talk_of(town), town.actor("zhanglan"), "3号楼门口井盖坏了", now())
    case = Case.get()
    assert Line.get_by_id(line.id).case == case
    run(town)
    photo = Photo.get()
    assert (photo.case, photo.kind) == (case, "report")


def test_a_picture_that_came_first_goes_along_when_the_report_is_filed(sqlite_town, sqlite_platform):
    town = sqlite_town
    send(town, sqlite_platform, upload(street(), "JPEG"))
    run(town)
    assert Photo.get().case is None
    with write():
        intake.hear_text(talk_of(town), town.actor("zhanglan"), "3号楼门口井盖坏了", now())
    assert Photo.get().case == Case.get()


def test_filing_and_keeping_at_the_very_same_moment_loses_no_picture(town):
    """The report is being filed in an open transaction while the picture is kept: it still lands on the case."""
    draft = Draft.create(conversation=talk_of(town), words="井盖坏了")
    line = talk.hear(talk_of(town), kind="image", draft=draft, shows="report")
    filing = threading.Event()

    def file():
        with write():
            case = cases.report(
                actor=town.actor("zhanglan"), community=town.community(), words="井盖坏了", channel="chat",
                category=town.category("missing_manhole_cover"),
            )  # fmt: skip
            Line.update(case=case).where(Line.draft == draft).execute()
            filing.set()
            while not waiting():
                filing.wait(0.01)
        return case

    def keep():
        filing.wait()
        with write():
            return media.keep_photo(line, CleanPhoto(b"", b"", 4, 3, "0" * 64), new_key())

    case, photo = at_once(file, keep)
    assert Photo.get_by_id(photo.id).case == case


def waiting():
    """Whether somebody waits for our transaction; SQLite lets only one begin, so there it is always so."""
    if database.obj.is_sqlite:
        return True
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return database.execute_sql(blocked).fetchone()[0] > 0


def test_nothing_is_fetched_through_an_account_that_is_gone(sqlite_town, sqlite_platform):
    line = talk.hear(talk_of(sqlite_town), kind="voice")
    media.fetch_later(line, account="closed", media_id="abc")
    assert run(sqlite_town).state == "dead"
    assert said_to(line) == [media.LOST_VOICE]


def test_what_is_already_there_is_not_asked_for_again(sqlite_town):
    line = talk.hear(talk_of(sqlite_town), kind="voice")
    Line.update(recording="voices/abc.amr").where(Line.id == line.id).execute()
    fetch.fetch(sqlite_town.context, {"line": line.id, "account": "closed", "media": "abc"})
    assert Line.get_by_id(line.id).recording == "voices/abc.amr"
