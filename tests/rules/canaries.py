"""张兰 leaves something that is found nowhere else in every field she can reach, through the doors she has.

`plant` does it; `found` looks for what she left in every byte of the SQLite file, its log and the file store, and on
PostgreSQL in every row of every table.
"""

from datetime import timedelta
from pathlib import Path

from app.rules import conversation, media, person, session
from app.rules.photo_image import clean_photo
from models import TABLES
from models.base import database, new_key, now, write
from models.case import Case
from models.conversation import Conversation, Line
from models.letter import Letter
from models.notice import Notice
from models.person import home_of
from tests.handlers.api.conftest import Door
from tests.handlers.wechat.phone import phone
from tests.rules import sounds
from tests.rules.cases import add_photo, do, report
from tests.rules.photos import LIMITS, street, upload
from tests.town import OPENIDS

CANARIES = {
    "name": "QCanaryName", "phone": "13912345678", "unionid": "demo-union-zhanglan", "words": "QCanaryWords",
    "place_words": "QCanaryPlace", "note": "QCanaryNote", "chat": "QCanaryChat", "draft": "QCanaryDraft",
    "official": OPENIDS["zhanglan"]["official"], "mini": OPENIDS["zhanglan"]["mini"], "agent": "QCanaryAgent",
    "comment": "QCanaryComment", "staff": "QCanaryAnswer", "map": "114.36543", "label": "QCanaryLabel",
    "voice": "QCanaryVoice", "unreadable": "QCanaryGarbled", "visit": "QCanaryVisit", "need": "QCanaryNeed",
}  # fmt: skip
#: What belongs to the case that is still being handled.
OPEN = "QCanaryOpen"
VOICE = b"#!AMR\nQCanarySound"
#: What she recorded for a report: frames as they should be, with her voice in one of them.
SPOKEN = "QCanarySpoken"
RECORDED = sounds.mp3(1) + sounds.MP3_FRAME[:4] + SPOKEN.encode().ljust(413, b"\0")


def plant(town, client) -> tuple[Case, Case]:
    """Everything 张兰 does: gives her closed case and her open one. Photos and voices lie in the file store."""
    zhanglan = town.person("zhanglan")
    with write():
        person.rename(zhanglan, CANARIES["name"], town.actor("zhanglan"))
        person.set_phone(zhanglan, CANARIES["phone"], town.actor("zhanglan"))
        _, token = session.open_session(zhanglan, door="api", lasts=timedelta(days=1), agent=CANARIES["agent"])
    door = Door(client, token)
    meet(town, door)
    visit(town, client)
    closed = close(town, door)
    talk(town, client)
    fetch(town)
    door.add_photo()
    # What was owed to those on duty has gone out meanwhile.
    Letter.update(state="sent", ended_at=now()).where(Letter.person != zhanglan).execute()
    opened = door.report(f"2号楼门口路面塌陷 {OPEN}", photos=[door.add_photo()["key"]])
    return closed, Case.get(Case.key == opened["key"])


def close(town, door) -> Case:
    """A case of hers, told, supplemented, handled and judged."""
    spoken = record(door)["key"]
    told = door.report(f"井盖坏了 {CANARIES['words']}", place_words=CANARIES["place_words"], voices=[spoken])
    assert door.post(f"/cases/{told['key']}/notes", {"note": CANARIES["note"]})[0] == 201
    case = Case.get(Case.key == told["key"])
    home = home_of(town.person("zhanglan"))
    Case.update(lat=34.7965, lng=float(CANARIES["map"]), place=home).where(Case.id == case.id).execute()
    do(town, case, "dispatch", "chenjing", worker="wangdashan")
    do(town, case, "accept", "wangdashan")
    add_photo(town, case)
    do(town, case, "handle", "wangdashan", note="修好了")
    do(town, case, "confirm", "zhanglan", satisfaction="satisfied", note=CANARIES["comment"])
    return Case.get_by_id(case.id)


def meet(town, door) -> None:
    """She says 我也遇到了 to what a neighbour has reported, and opens a notice."""
    theirs = report(town, who="sunmei")
    assert door.post(f"/cases/{theirs.key}/follow")[0] == 200
    community = town.community()
    admin = town.person("chenjing")
    notice = Notice.create(
        community=community, place=community, kind="life", title="周六开门", body="大厅开门", sent_by=admin
    )
    assert door.get(f"/notices/{notice.key}")[0] == 200


def visit(town, client) -> None:
    """王大山 was at her door, and wrote down what he heard there."""
    with write():
        _, token = session.open_session(town.person("wangdashan"), door="api", lasts=timedelta(days=1))
    heard = {"household": home_of(town.person("zhanglan")).key, "kind": "care", "met": True, "at": now().isoformat()}
    said = {"note": f"腿脚不便 {CANARIES['visit']}", "needs": [f"想装扶手 {CANARIES['need']}"]}
    assert Door(client, token).post("/visits", heard | said)[0] == 201


def record(door) -> dict:
    """A recording of hers, as the mini-program sends it."""
    head = b'--x\r\nContent-Disposition: form-data; name="voice"; filename="v.mp3"\r\n\r\n'
    form = head + RECORDED + b"\r\n--x--\r\n"
    status, said = door.ask("POST", "/voices", form, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert status == 201, said
    return said


def talk(town, client) -> None:
    """What she says and shows in the chat, and what she is answered."""
    chat = phone(client, "zhanglan", "official")
    chat.say(f"请问食堂几点开门 {CANARIES['chat']}")
    chat.point(34.7965, float(CANARIES["map"]), CANARIES["label"])
    chat.show()
    chat.send("voice", MediaId="m-voice", Recognition=f"想问一下 {CANARIES['voice']}")
    chat.does("CLICK", EventKey="cases")
    chat.deliver({}, content=f"<xml><FromUserName>{CANARIES['official']}</FromUserName>{CANARIES['unreadable']}</xml>")
    phone(client, "zhanglan", "mini").say(f"楼道灯不亮 {CANARIES['draft']}")
    chat.say(f"撤回 #{Case.select().order_by(Case.id.desc()).first().number}")
    mine = Conversation.get(Conversation.person == town.person("zhanglan"))
    with write():
        conversation.answer(mine, actor=town.actor("chenjing"), text=f"食堂十一点开 {CANARIES['staff']}")


def fetch(town) -> None:
    """What she showed and said has come from the platform (as app/jobs/fetch keeps it)."""
    image = clean_photo(upload(street(), "JPEG"), **LIMITS)
    for line in Line.select().where(Line.kind.in_(("image", "voice"))):
        key = new_key()
        if line.kind == "image":
            town.context.files.put_all(media.files_of(key, image), "image/jpeg")
        else:
            town.context.files.put(f"voices/{key}.amr", VOICE, "audio/amr")
        with write():
            if line.kind == "image":
                media.keep_photo(line, image, key)
            else:
                media.keep_recording(line, f"voices/{key}.amr")


def stored(town) -> list[str]:
    """Everything in the file store."""
    folders = ("photos", "voices", "recordings", "copies")
    return sorted(key for folder in folders for key, _ in town.context.files.listed(folder))


def found(town, canaries) -> list[str]:
    """Which of these are still somewhere."""
    if database.obj.is_sqlite:
        files = [path for path in Path(town.settings.folder).rglob("*") if path.is_file() and "toml" not in path.name]
        everything = b"\n".join(path.read_bytes() for path in files)
    else:
        everything = "\n".join(
            row for table in TABLES
            for (row,) in database.execute_sql(f'SELECT t::text FROM "{table._meta.table_name}" t').fetchall()
        ).encode()  # fmt: skip
        everything += b"".join(town.context.files.get(key) for key in stored(town))
    return sorted(one for one in canaries if one.encode() in everything)
