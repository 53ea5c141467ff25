"""What becomes of voices: gone when unused, when the case is long over, and with the person who spoke."""

import io
import json
import zipfile
from datetime import timedelta

from app.jobs import retention as job
from app.rules import follow, miniprogram, person, personal, voice
from app.rules.sound import listen
from models.base import new_key, now, write
from models.case import Case
from models.follow import Follow
from models.person import Identity, Person
from models.personal import DataRequest, Deletion
from models.voice import Voice
from tests.jobs.test_personal import forget, run
from tests.rules import sounds
from tests.rules.canaries import stored
from tests.rules.cases import add_photo, do

DAY = timedelta(days=1)


def speak(town, who="zhanglan", name="mp3") -> Voice:
    """Somebody's recording, as the door keeps it."""
    sound, key = listen(sounds.ALL[name](3)), new_key()
    town.context.files.put(voice.FILES[name].format(key=key), sound.data, voice.TYPES[name])
    with write():
        return voice.add(town.actor(who), sound, key)


def report(town, words="", who="zhanglan", **more) -> Case:
    with write():
        return miniprogram.report(
            actor=town.actor(who), words=words, code="missing_manhole_cover", community=town.community(),
            place=town.building(), place_words="", point=None, photos=[], per_case=9,
            voices=[speak(town, who).key], **more,
        )  # fmt: skip


def close(town, case):
    do(town, case, "accept", "wangdashan")
    add_photo(town, case)
    do(town, case, "handle", "wangdashan")
    return do(town, case, "confirm", "zhanglan")


def test_one_that_no_report_names_goes_after_a_week(town):
    old, fresh = speak(town), speak(town)
    Voice.update(created_at=now() - 8 * DAY).where(Voice.id == old.id).execute()
    assert job.apply(town.context) == {"voices_unattached": 1}
    assert stored(town) == [voice.file_of(fresh)]


def test_one_of_a_case_goes_three_years_after_it_was_closed_with_who_followed(town):
    case, still = close(town, report(town)), report(town)
    with write():
        follow.follow(still, actor=town.actor("sunmei"))
    Follow.create(case=case, person=town.person("sunmei"))
    Voice.update(created_at=now() - 2000 * DAY).execute()
    Case.update(closed_at=now() - 1096 * DAY).where(Case.id == case.id).execute()
    done = job.apply(town.context)
    assert (done["case_voices"], done["cases"], "voices_unattached" in done) == (1, 1, False)
    assert ([row.case_id for row in Voice.select()], [row.case_id for row in Follow.select()]) == ([still.id],) * 2
    assert stored(town) == [voice.file_of(Voice.get())]


def test_a_file_that_no_row_knows_goes_after_a_day(town):
    known = speak(town, name="m4a")
    town.context.files.put("recordings/aaaa.mp3", b"x", "audio/mpeg")
    assert job.drop_orphans(town.context, now() + 2 * DAY) == 1
    assert stored(town) == [voice.file_of(known)]
    assert Deletion.get(Deletion.kind == "orphans").count == 1


def test_with_the_person_goes_the_voice_but_for_the_only_telling_of_what_is_still_to_be_mended(town):
    """What 张兰 said beside her words goes at once; the hole of which only her voice tells is mended first."""
    _, _, only = close(town, report(town)), report(town, "2号楼门口路灯不亮"), report(town)
    unused, neighbour = speak(town), report(town, who="sunmei")
    request = forget(town)
    assert sorted(row.case_id for row in Voice.select()) == [only.id, neighbour.id]
    assert len(stored(town)) == 2 and voice.file_of(unused) not in stored(town)
    assert (request.state, request.proof["deleted"]["voices"]) == ("done", 3)
    Case.update(state="closed", closed_at=now()).where(Case.id == only.id).execute()
    assert job.apply(town.context)["erased_voices"] == 1
    assert [row.case_id for row in Voice.select()] == [neighbour.id]
    assert stored(town) == [voice.file_of(Voice.get())]


def test_the_copy_brings_ones_own_voice_and_nobody_elses(town):
    report(town), report(town, who="sunmei")
    mine = Voice.get(Voice.uploader == town.person("zhanglan"))
    with write():
        request = personal.ask_export(town.person("zhanglan"), actor=town.actor("zhanglan"))
    run(town, "export")
    pack = zipfile.ZipFile(io.BytesIO(town.context.files.get(DataRequest.get_by_id(request.id).file)))
    (told,) = json.loads(pack.read("data.json"))["voices"]
    assert (told["key"], told["seconds"], told["file"]) == (mine.key, 3, f"voices/{mine.key}.mp3")
    assert [name for name in pack.namelist() if name.startswith("voices/")] == [told["file"]]
    assert pack.read(told["file"]) == sounds.mp3(3)


def test_two_persons_who_turn_out_to_be_one_have_one_voice(town):
    newcomer = Person.create()
    identity = Identity.create(person=newcomer, account="official", kind="official", openid="o-new")
    Voice.update(uploader=newcomer).where(Voice.id == speak(town).id).execute()
    with write():
        person.introduce(identity, "demo-union-zhanglan")
    assert Voice.get().uploader == town.person("zhanglan")
