"""张兰 takes along what is kept about her: everything of hers, and nothing of anybody else's."""

import hashlib
import io
import json
import shutil
import zipfile
from datetime import timedelta

from app.jobs import personal as job
from app.rules import personal
from models.base import write
from models.personal import DataRequest
from tests.jobs.test_personal import client, forget, run
from tests.rules.canaries import CANARIES, OPEN, RECORDED, VOICE, plant, stored
from tests.town import OPENIDS

__all__ = ["client"]


def export(town, who="zhanglan") -> tuple[DataRequest, zipfile.ZipFile, bytes]:
    with write():
        request = personal.ask_export(town.person(who), actor=town.actor(who))
    run(town, "export")
    request = DataRequest.get_by_id(request.id)
    data = town.context.files.get(request.file)
    return request, zipfile.ZipFile(io.BytesIO(data)), data


def test_the_copy_holds_everything_and_nobody_else(town, client):
    plant(town, client)
    request, pack, data = export(town)
    told = pack.read("data.json").decode()
    missing = {one for one in CANARIES.values() if one not in told}
    # What was heard at a door may be another's of the same household: the copy says that somebody came.
    assert missing == {CANARIES["unreadable"], CANARIES["visit"], CANARIES["need"]}
    assert OPEN in told and "关爱走访" in told
    assert len(json.loads(told)["follows"]) == 1
    everything = told + pack.read("说明.txt").decode() + "".join(pack.namelist())
    for other in ("王大山", "陈静", "13800000002", "13800000003", OPENIDS["wangdashan"]["official"]):
        assert other not in everything
    voices = [name for name in pack.namelist() if name.startswith("voices/")]
    photos = [name for name in pack.namelist() if name.startswith("photos/")]
    assert (sorted(pack.read(name) for name in voices), len(photos)) == (sorted([VOICE, RECORDED]), 3)
    assert request.proof["sha256"] == hashlib.sha256(data).hexdigest()
    assert request.proof["counts"]["cases"] == len(json.loads(told)["cases"])
    assert request.file_until - request.done_at == timedelta(hours=24)


def test_a_copy_that_is_being_made_is_not_made_twice(town):
    with write():
        first = personal.ask_export(town.person("zhanglan"), actor=town.actor("zhanglan"))
        assert personal.ask_export(town.person("zhanglan"), actor=town.actor("zhanglan")).id == first.id
    run(town, "export")
    assert stored(town) == [DataRequest.get_by_id(first.id).file]
    job.export(town.context, {"request": first.id})
    assert stored(town) == [DataRequest.get_by_id(first.id).file]


def test_the_copy_goes_with_the_person(town, client):
    export(town)
    forget(town)
    assert stored(town) == []


def test_a_copy_whose_photo_is_lost_is_still_a_copy(town, client):
    plant(town, client)
    shutil.rmtree(town.settings.folder / "files" / "photos")
    request, pack, _ = export(town)
    assert (request.state, [name for name in pack.namelist() if "photos/" in name]) == ("done", [])
    assert request.proof["files_missing"] > 0
