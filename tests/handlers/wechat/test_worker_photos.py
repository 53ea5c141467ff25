"""Which task a worker's picture belongs to, when there are several in hand, and how a wrong one is put right."""

from datetime import timedelta

import pytest

from models.case import Case, Photo, Step
from models.conversation import Line
from tests.handlers.wechat.phone import back

MANHOLE, LAMP = "3号楼门口井盖坏了", "3号楼门口路灯不亮"
BEFORE_1001 = "已作为 #1001 处理前的照片。不对的话回复“照片 1002 前”。"
WHICH = (
    "收到照片了。是哪一件的？\n#1002 路灯、楼道灯不亮，幸福家园 3号楼 门口\n#1001 窨井盖缺失破损，幸福家园 3号楼 门口\n"
    "请回复“照片 1002 前”，处理后的就说“后”。"
)
NOTHING = "没有找到 #1001，或它不归您处理。"


@pytest.fixture
def wang(take):
    """王大山 has the manhole #1001 and, taken last, the lamp #1002 in hand."""
    worker = take("wangdashan")
    for number, words in ((1001, MANHOLE), (1002, LAMP)):
        take("zhanglan").say(words)
        worker.say(f"接单 {number}")
    return worker


def shown() -> list[tuple[int | None, str]]:
    """The pictures in order: of which case, of which step."""
    pictures = Line.select().where(Line.kind == "image").order_by(Line.id)
    return [(line.case.number if line.case else None, line.shows) for line in pictures]


def test_it_belongs_to_the_case_named_last_and_not_to_the_newest(wang):
    assert wang.show() == "已作为 #1002 处理前的照片。不对的话回复“照片 1001 前”。"
    wang.say("围护 1001")
    assert wang.show() == BEFORE_1001
    after = "已作为 #1001 处理后的照片。不对的话回复“照片 1002 后”。没有别的了就回复“办好 1001”。"
    assert wang.show() == after
    assert shown() == [(1002, "before"), (1001, "before"), (1001, "after")]


def test_the_last_picture_and_those_that_follow_are_put_where_he_says(wang):
    wang.show()
    assert wang.say("照片 1001 后") == "好，刚才那张作为 #1001 处理后的照片，接下来发的也是。"
    assert shown() == [(1001, "after")]
    wang.show()
    assert shown() == [(1001, "after")] * 2
    assert wang.say("照片1002 处理前。") == "好，刚才那张作为 #1002 处理前的照片，接下来发的也是。"
    assert shown() == [(1001, "after"), (1002, "before")]
    wang.say("围护 1001")
    assert wang.show() == BEFORE_1001  # none of the manhole shows it before


def test_a_picture_that_was_fetched_already_moves_along(wang):
    wang.show()
    lamp, sender = Case.get(Case.number == 1002), Line.get(Line.kind == "image").speaker
    photo = Photo.create(uploader=sender, case=lamp, kind="before", sha256="0" * 64, width=1, height=1)
    Line.update(photo=photo).where(Line.kind == "image").execute()
    wang.say("照片 1001 后")
    moved = Photo.get_by_id(photo.id)
    assert (moved.case.number, moved.kind) == (1001, "after")


def test_half_an_hour_later_he_is_asked(wang):
    for step in Step.select():
        back(step, at=timedelta(minutes=31))
    assert wang.show() == WHICH
    assert shown() == [(None, "")]
    assert wang.say("照片 1001 前") == "好，刚才那张作为 #1001 处理前的照片，接下来发的也是。"
    assert wang.show() == BEFORE_1001
    assert shown() == [(1001, "before")] * 2


def test_an_old_picture_and_what_proves_a_task_that_is_done_stay_where_they_are(wang):
    wang.say("照片 1002 后")
    wang.show()
    wang.say("办好 1002")
    assert wang.say("照片 1001 前") == "好，接下来发的作为 #1001 处理前的照片。"
    assert shown() == [(1002, "after")]
    wang.show()
    back(Line.select().order_by(Line.id.desc()).where(Line.kind == "image").get(), at=timedelta(minutes=31))
    assert wang.say("照片 1001 后") == "好，接下来发的作为 #1001 处理后的照片。"
    assert shown() == [(1002, "after"), (1001, "before")]


def test_the_command_says_what_it_did_not_understand(wang):
    wang.show()
    assert wang.say("照片 1001") == "请说明是处理前还是处理后，比如“照片 1001 前”。"
    assert wang.say("照片 1003 前") == "没有找到 #1003，或它不归您处理。"
    Case.update(state="dispatched").where(Case.number == 1001).execute()
    assert wang.say("照片 1001 前") == "#1001 不在您手上办理，照片不能放到这一件。回复“任务”看您手上的。"
    assert shown() == [(1002, "before")]


@pytest.mark.parametrize("who", ["liuyang", "hefang", "guoliang", "dengwei"])
def test_for_whom_it_is_not_it_does_not_exist(wang, take, who):
    """Another grid's worker, the neighbour community's admin and worker, the subdistrict's admin."""
    wang.show()
    assert take(who).say("照片 1001 后") == NOTHING
    assert shown() == [(1002, "before")]


def test_not_even_the_admin_moves_a_workers_picture_and_a_resident_only_talks(wang, take):
    wang.show()
    assert take("chenjing").say("照片 1001 后") == "您没有做这件事的权限。需要的话请联系社区管理员。"
    take("zhanglan").say("照片 1001 后")
    assert shown() == [(1002, "before")]
