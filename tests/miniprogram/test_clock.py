"""A phone whose clock is wrong by a day: what it tells the service, and what it shows, is right all the same."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.story import MiniProgram, Phone, Web

DAY = 24 * 3600


@pytest.mark.parametrize("ahead", [DAY, -DAY])
def test_a_patrol_is_told_with_the_right_hours(address, handset, ahead):
    phone = handset("wangdashan").set_phone(clock=ahead)
    phone.open("staff/patrol/patrol")
    phone.tap("现在开始")
    phone.page.get_by_role("radio", name="消防通道：正常").tap()
    phone.tap("巡查结束，交上去")
    phone.sees("巡查已记下：第一网格，查了 1 项。")
    worker = MiniProgram(Phone(Web(address), "wangdashan", "王大山"))
    began = datetime.fromisoformat(worker.read("/patrols")["patrols"][0]["started_at"])
    assert abs(datetime.now(UTC) - began) < timedelta(minutes=5)


def test_a_report_is_made_today_whatever_the_phone_thinks(address, handset):
    phone = handset("zhanglan").set_phone(clock=DAY)
    phone.open("pages/report/report")
    phone.write("写一句就行", "2单元楼道灯不亮，拧了灯泡也不行")
    phone.tap("发送")
    phone.tap("允许")
    phone.sees("社区已收到")
    phone.tap("看进度")
    phone.sees("今天")
