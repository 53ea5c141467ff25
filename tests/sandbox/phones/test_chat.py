"""张兰 writes to the official account, and sees what it makes of that."""

import re

from playwright.sync_api import expect

from tests.sandbox.phones.hand import MINI_ID, bubbles, notify, tell, write
from tests.sandbox.street import OFFICIAL_CASE

POLYGLOT = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//</stYle/</titLe/</teXtarEa/</scRipt/--!>"
    "<sVg/<sVg/oNloAd=alert()//><img src=x onerror=alert(1)><a href=\"javascript:alert(1)\">点我</a>"
)


def test_a_text_goes_out_and_the_answer_comes_in(echo, take):
    page = take("zhanglan")
    page.get_by_role("link", name="家门口社区").click()
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("3号楼门口")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("井盖坏了")
    page.keyboard.press("Enter")
    expect(bubbles(page, "them")).to_have_text(["收到：3号楼门口\n井盖坏了"], use_inner_text=True)
    expect(bubbles(page, "me")).to_have_text(["3号楼门口\n井盖坏了"], use_inner_text=True)
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    expect(page.get_by_role("textbox")).to_have_value("")
    assert [message["Content"] for message in echo.messages()] == ["3号楼门口\n井盖坏了"]


def test_markup_in_messages_is_only_letters(street, echo, take):
    page = take("zhanglan", "#chat/official")
    heard = []
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    write(page, POLYGLOT)
    expect(bubbles(page, "them")).to_have_count(1)
    assert bubbles(page, "me").text_content() == POLYGLOT
    assert bubbles(page, "them").text_content() == f"收到：{POLYGLOT}"
    notify(street, "zhanglan", "<b>井盖</b><script>")
    page.get_by_role("link", name="回到聊天列表").click()
    page.get_by_role("link", name="通知").click()
    expect(page.locator(".notice-row dd").first).to_have_text("<b>井盖</b><script>")
    assert (heard, page.locator(".phone :is(b, script, img)").count()) == ([], 0)


def test_links_of_the_account_can_be_tapped(street, echo, take):
    street.say("zhanglan", "你好")
    text = ('<a href="http://127.0.0.1/case">看进度</a>、<a href="weixin://bizmsgmenu?msgmenucontent=催一下">催办</a>、'
            f'<a data-miniprogram-appid="{MINI_ID}" data-miniprogram-path="pages/me/me" href="http://a.cn">我的</a>')
    tell(street, "zhanglan", "text", content=text)
    page = take("zhanglan", "#chat/official")
    expect(bubbles(page, "them").last).to_have_text("看进度、催办、我的")
    expect(page.get_by_role("link", name="看进度")).to_have_attribute("href", "http://127.0.0.1/case")
    page.get_by_role("button", name="我的").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/me/me")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="催办").click()
    expect(bubbles(page, "me").last).to_have_text("催一下")


def test_a_choice_says_its_words_and_its_number(street, echo, take):
    street.say("zhanglan", "办好了吗")
    choices = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    tell(street, "zhanglan", "msgmenu", head_content="这件事办好了吗？", list=choices, tail_content="谢谢")
    page = take("zhanglan", "#chat/official")
    page.get_by_role("button", name="不满意").click()
    expect(bubbles(page, "me").last).to_have_text("不满意")
    expect(page.locator(".row.me .status").last).to_have_text("已送达")
    assert (echo.messages()[-1]["Content"], echo.messages()[-1]["bizmsgmenuid"]) == ("不满意", "102")


def test_cards_of_the_account(street, echo, take):
    street.say("zhanglan", "在吗")
    article = {"title": "停水通知", "description": "周三上午", "url": "http://127.0.0.1/1", "picurl": ""}
    tell(street, "zhanglan", "news", articles=[article])
    data = {"thing1": {"value": "井盖坏了"}, "time2": {"value": "2026-11-23 17:30"}}
    body = {"touser": street.openid("zhanglan", "official"), "template_id": OFFICIAL_CASE, "data": data,
            "miniprogram": {"appid": MINI_ID, "pagepath": "pages/case/case"}}
    assert street.post("/cgi-bin/message/template/send", body, app="official")["errcode"] == 0
    page = take("zhanglan", "#chat/official")
    expect(page.get_by_role("link", name="停水通知 周三上午")).to_have_attribute("href", "http://127.0.0.1/1")
    card = page.locator(".notice-card")
    expect(card.get_by_role("heading")).to_have_text("办理结果")
    expect(card.locator(".notice-row")).to_have_text(["事项井盖坏了", "时间2026-11-23 17:30"])
    card.get_by_role("button", name="进入小程序查看").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/case/case")


def test_the_mini_program_opens_in_the_phone_where_there_is_a_preview(street, echo, take):
    street.say("zhanglan", "在吗")
    text = f'<a data-miniprogram-appid="{MINI_ID}" data-miniprogram-path="pages/me/me" href="http://a.cn">我的</a>'
    tell(street, "zhanglan", "text", content=text)
    page = take("zhanglan", "#chats")
    page.route("**/control/apps", with_preview)
    page.reload()
    page.get_by_role("button", name="家门口", exact=True).click()
    frame = page.locator(".mini iframe")
    expect(frame).to_have_attribute("src", f"{street.url}/control/clock?person=zhanglan&app=mini")
    expect(frame).to_be_visible()
    page.get_by_role("link", name="聊天").click()
    expect(frame).to_be_hidden()
    page.get_by_role("link", name="家门口社区").click()
    inside = page.frame(url=re.compile("control/clock"))
    inside.evaluate("() => { window.said = []; onmessage = ({data}) => said.push(data); }")
    page.get_by_role("button", name="我的").click()
    expect(frame).to_be_visible()
    inside.wait_for_function("window.said.length === 2")
    entered = {"type": "enter", "page": "/pages/me/me"}
    assert inside.evaluate("window.said") == [entered, {"type": "visible", "on": True}]


def with_preview(route):
    """A machine that serves a preview of the mini-program; the sandbox's clock stands for it here."""
    answer = route.fetch()
    mini, official = answer.json()["apps"]
    route.fulfill(response=answer, json={"apps": [mini | {"preview_url": "control/clock"}, official]})


def test_the_other_side_is_typing(street, echo, take):
    street.say("zhanglan", "在吗")
    page = take("zhanglan", "#chat/official")
    body = {"touser": street.openid("zhanglan", "official"), "command": "Typing"}
    assert street.post("/cgi-bin/message/custom/typing", body, app="official")["errcode"] == 0
    expect(page.locator(".typing")).to_have_text("对方正在输入…")
    tell(street, "zhanglan", "text", content="在的")
    expect(page.locator(".typing")).to_have_text("")
    expect(bubbles(page, "them").last).to_have_text("在的")


def test_a_message_on_its_way_and_one_that_never_arrives(backend, street, take):
    answers = iter([("", 503), ("", 503), ("", 503), ("", 503), ("success", 200)])
    backend.answer = lambda received: next(answers)
    page = take("zhanglan", "#chat/official")
    write(page, "有人吗")
    expect(page.locator(".row.me .status")).to_have_text("发送中…")
    expect(page.locator(".row.me .status")).to_have_text("未送达，试了 3 次")
    expect(page.locator(".aside").last).to_have_text("该公众号提供的服务出现故障，请稍后再试")
    write(page, "还有人吗")
    expect(page.locator(".row.me .status").last).to_have_text("已送达，试了 2 次")


def test_nothing_typed_is_lost_when_the_sandbox_is_away(complaints, echo, take):
    page = take("zhanglan", "#chat/official")
    write(page, "第一句")
    expect(bubbles(page, "them")).to_have_count(1)
    page.route("**/control/phone/**", lambda route: route.abort("connectionrefused"))
    expect(page.get_by_text("连不上沙盒，正在重试…")).to_be_visible()
    write(page, "第二句")
    expect(page.get_by_role("alert")).to_have_text("连不上沙盒，请看看服务是否还在运行。")
    expect(page.get_by_role("textbox")).to_have_value("第二句")
    page.unroute_all()
    page.get_by_role("textbox").press("Enter")
    expect(bubbles(page, "them")).to_have_text(["收到：第一句", "收到：第二句"])
    expect(page.get_by_text("连不上沙盒，正在重试…")).to_be_hidden()
    complaints.clear()
