"""What a city asks of a phone: questions, judging by aspects, emergencies, whistles, work done on the spot."""

import pytest

from tests.miniprogram.handset import SMALL
from tests.miniprogram.pages import call_two_units
from tests.story import MiniProgram, Phone, Web, photograph


@pytest.fixture
def people(address) -> dict[str, MiniProgram]:
    names = {"zhanglan": "张兰", "wangdashan": "王大山", "chenjing": "陈静"}
    return {key: MiniProgram(Phone(Web(address), key, name)) for key, name in names.items()}


def cover(people) -> dict:
    case = people["zhanglan"].send("/cases", {"words": "3号楼门口井盖坏了，晚上走路很危险"})
    people["wangdashan"].send(f"/cases/{case['key']}/accept", {})
    return case


def test_the_community_asks_and_she_answers_on_the_page_of_her_case(handset, people):
    case = cover(people)
    people["wangdashan"].send(f"/cases/{case['key']}/questions", {"text": "是整块没了，还是裂了？", "days": 3})
    phone = handset("zhanglan", size=SMALL)
    phone.open(f"pages/case/case?key={case['key']}")
    phone.sees("社区问您")
    phone.tap("回答")
    phone.sees("请写一句话，或加一张照片。")
    phone.write("您的回答", "整块没了，井口敞着")
    phone.tap("回答")
    phone.sees("已回答，办事的人看得到。")
    (question,) = people["wangdashan"].read(f"/cases/{case['key']}")["questions"]
    assert (question["state"], question["answer"]) == ("answered", "整块没了，井口敞着")


def test_she_judges_by_a_face_an_aspect_and_a_ready_answer(handset, people):
    case, worker = cover(people), people["wangdashan"]
    photo = worker.upload("/photos", "photo", photograph("fixed", (140, 140, 140)), "image/jpeg")["key"]
    worker.send(f"/cases/{case['key']}/handle", {"note": "换了新井盖", "photos": [photo]})
    phone = handset("zhanglan")
    phone.open(f"pages/case/case?key={case['key']}")
    phone.tap("不满意")
    phone.tap("只办了一半")
    phone.sees("社区会看您说的这一点，决定要不要重办，并告诉您。")
    phone.page.get_by_role("radio", name="快不快：满意").tap()
    phone.write("想说的话", "盖子还会晃")
    phone.tap("提交评价：不满意")
    phone.sees("评价已收到，谢谢您。")
    judged = people["zhanglan"].read(f"/cases/{case['key']}")
    assert [one["code"] for one in judged["judgement"]["answers"]] == ["half_done"]
    assert [(one["code"], one["satisfaction"]) for one in judged["judgement"]["aspects"]] == [("speed", "satisfied")]
    assert (judged["state"], judged["reopen_asked"]) == ("closed", True)
    phone.sees("您说还有问题，社区正在看要不要重办，会告诉您。")


def test_an_emergency_is_one_tap_and_the_telephone_comes_first(handset, people):
    phone = handset("zhanglan", size=SMALL).senior()
    phone.open()
    phone.tap("上报突发事件")
    phone.sees("先打电话，再上报")
    phone.tap("立即上报")
    phone.sees("已经同时通知")
    phone.tap("看谁在处理")
    phone.sees("办到哪一步了")


def test_a_cover_is_asked_about_and_somebody_fell_in(handset, people):
    phone = handset("zhanglan")
    phone.open("pages/report/report")
    phone.write("写一句就行", "3号楼门口井盖没了")
    phone.sees("再说清楚一点")
    phone.tap("整个没有了、敞着口")
    phone.sees("旁边有围挡或警示吗？")
    phone.top.get_by_role("radiogroup", name="有人掉下去或受伤了吗？").get_by_text("是", exact=True).tap()
    phone.sees("先打电话，再发送")
    phone.tap("发送")
    phone.tap("允许")
    phone.sees("社区已收到")
    newest = people["zhanglan"].read("/cases?mine=reported")["cases"][0]
    assert (newest["category"], newest["hazard"]) == ("有人遇险受伤", True)


def test_the_admin_whistles_for_two_units_and_the_lead_is_changed(handset, people):
    case = cover(people)
    phone = handset("chenjing")
    phone.open(f"staff/case/case?key={case['key']}")
    phone.tap("吹哨：请单位来办")
    phone.tap("应急处置")
    phone.page.get_by_role("checkbox", name="安居物业，物业公司").tap()
    phone.page.get_by_role("checkbox", name="市政养护所，职能部门").tap()
    phone.page.get_by_role("radio", name="市政养护所牵头").tap()
    phone.write("为什么要请", "井盖破损，要马上更换")
    phone.top.get_by_role("button", name="吹哨", exact=True).tap()
    phone.sees("已吹哨，单位会收到，在这件事里看得到谁来了。")
    calls = [one for one in people["chenjing"].read(f"/cases/{case['key']}")["subcases"] if one["kind"] == "call"]
    assert {one["party"]: one["lead"] for one in calls} == {"安居物业": False, "市政养护所": True}


def test_the_admin_puts_down_on_the_phone_that_a_unit_came(handset, people):
    case = cover(people)
    piece = call_two_units(people["chenjing"], case)
    phone = handset("chenjing", size=SMALL)
    phone.open(f"staff/piece/piece?key={piece}")
    phone.sees("牵头：市政养护所，等待答复")
    phone.tap("接受")
    phone.write("说明（可以不写）", "电话里答应了")
    phone.top.get_by_role("button", name="接受", exact=True).tap()
    phone.sees("已接受，社区会看到。")
    assert people["chenjing"].read(f"/subcases/{piece}")["state"] == "accepted"


def test_what_was_seen_and_mended_at_once_is_told_with_both_photos(handset, people, tmp_path):
    (tmp_path / "after.jpg").write_bytes(photograph("clear", (140, 140, 140)))
    phone = handset("wangdashan")
    phone.open("staff/spot/spot")
    phone.write("看到了什么", "2单元门口堆了纸箱，挡住消防通道")
    phone.tap("当场办好了")
    phone.sees("请选一下在哪里。")
    phone.tap("选小区、楼栋")
    phone.tap("惠民社区")
    phone.tap("就选：惠民社区")
    phone.top.get_by_text("从相册选", exact=True).last.tap()
    phone.sees("先说明白，再请您同意")
    phone.tap("同意")
    phone.page.get_by_label("选这台电脑里的文件").set_input_files(tmp_path / "after.jpg")
    phone.sees("去掉")
    phone.write("怎么办的", "和住户一起搬走了")
    phone.tap("当场办好了")
    phone.sees("处理前后的照片都在。")
    newest = people["chenjing"].read("/cases?mine=all")["cases"][0]
    assert people["chenjing"].read(f"/cases/{newest['key']}")["on_the_spot"] is True
