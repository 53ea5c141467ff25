"""张兰 reports from her phone, 李伟 and 王芳 look at theirs: the pages of phones in a real browser, over the real sandbox.

Nothing of the product is here: `backend` answers every text of the official account with the same words.
"""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect
from wechatpy.crypto import WeChatCrypto
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.sandbox.phones import POLICY, blueprint
from app.sandbox.server import create_sandbox
from tests.sandbox.backend import Served
from tests.sandbox.street import CASE, NOTICE, OFFICIAL_CASE

TASK = "TASKtaskTASKtaskTASKtaskTASKtaskTASKtask123"
MINI_ID = "wx1111111111111111"
POLYGLOT = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//</stYle/</titLe/</teXtarEa/</scRipt/--!>"
    "<sVg/<sVg/oNloAd=alert()//><img src=x onerror=alert(1)><a href=\"javascript:alert(1)\">点我</a>"
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a730000001149444154789c63c8abfdff9f81818101000b"
    "0802fe9b4d8a9a0000000049454e44ae426082"
)


@pytest.fixture
def config(config):
    """The street's configuration with one more template, so that a dialog has something to refuse."""
    fields = [{"key": "thing1", "label": "事项"}]
    config["apps"][0]["templates"].append({"id": TASK, "title": "新任务提醒", "type": 2, "fields": fields})
    return config


@pytest.fixture
def echo(street, backend):
    """The official account repeats what it hears, sealed, as a backend would."""

    def answer(received):
        message, app = received.message, street.apps["official"]
        if received.app == "mini" or "Content" not in message:
            return "success", 200
        text = (f"<xml><ToUserName><![CDATA[{message['FromUserName']}]]></ToUserName>"
                f"<FromUserName><![CDATA[{message['ToUserName']}]]></FromUserName><CreateTime>1</CreateTime>"
                f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[收到：{message['Content']}]]></Content></xml>")
        return WeChatCrypto(app["token"], app["aes_key"], app["appid"]).encrypt_message(text, received.query["nonce"]), 200

    backend.answer = answer
    return backend


@pytest.fixture
def take(street, open_page):
    """Takes a phone in the hand, at one of its screens: take("zhanglan", "#scan")."""

    def taken(person, screen="", **options):
        page = open_page(**options)
        page.goto(f"{street.url}/phone/{person}{screen}")
        expect(page.locator("#phone")).not_to_have_attribute("aria-busy", "true")
        return page

    return taken


def write(page, words):
    """Type into the open chat and press Enter."""
    page.get_by_role("textbox").fill(words)
    page.get_by_role("textbox").press("Enter")


def bubbles(page, who):
    """The words of the bubbles of "me" or "them", without how their delivery stands."""
    return page.locator(f".row.{who} .bubble")


def tell(street, person, msgtype, **content):
    """The official account writes into a chat."""
    body = {"touser": street.openid(person, "official"), "msgtype": msgtype, msgtype: content}
    assert street.post("/cgi-bin/message/custom/send", body, app="official")["errcode"] == 0


def notify(street, person, thing="3号楼门口井盖坏了"):
    """The mini-program sends its progress notice, which the person has accepted before."""
    street.do(person, "subscribe", app="mini", answers={CASE: "accept"})
    data = {"thing1": {"value": thing}, "time2": {"value": "2026-11-23 17:30"}}
    body = {"touser": street.openid(person), "template_id": CASE, "page": "pages/case/case?id=7f", "data": data}
    assert street.post("/cgi-bin/message/subscribe/send", body)["errcode"] == 0


def test_a_text_goes_out_and_the_answer_comes_in(echo, take):
    page = take("zhanglan")
    page.get_by_role("link", name="家门口社区").click()
    expect(page.get_by_role("textbox")).to_be_focused()
    write(page, "3号楼门口井盖坏了")
    expect(bubbles(page, "them")).to_have_text(["收到：3号楼门口井盖坏了"])
    expect(bubbles(page, "me")).to_have_text(["3号楼门口井盖坏了"])
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    expect(page.get_by_role("textbox")).to_have_value("")
    assert [message["Content"] for message in echo.messages()] == ["3号楼门口井盖坏了"]


def test_shift_enter_is_a_new_line(echo, take):
    page = take("zhanglan", "#chat/official")
    page.get_by_role("textbox").fill("第一行")
    page.get_by_role("textbox").press("Shift+Enter")
    page.get_by_role("textbox").press_sequentially("第二行")
    page.get_by_role("textbox").press("Enter")
    expect(bubbles(page, "me")).to_have_text(["第一行\n第二行"], use_inner_text=True)


def test_markup_in_messages_is_only_letters(street, echo, take):
    page = take("zhanglan", "#chat/official")
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    write(page, POLYGLOT)
    expect(bubbles(page, "them")).to_have_count(1)
    assert bubbles(page, "me").text_content() == POLYGLOT
    assert bubbles(page, "them").text_content() == f"收到：{POLYGLOT}"
    notify(street, "zhanglan", "<b>井盖</b><script>")
    page.goto(f"{street.url}/phone/zhanglan#notifications")
    expect(page.locator(".notice-row dd").first).to_have_text("<b>井盖</b><script>")
    assert page.locator(".phone :is(b, script, img)").count() == 0


def test_links_of_the_account_can_be_tapped(street, echo, take):
    page = take("zhanglan", "#chat/official")
    write(page, "你好")
    text = ('<a href="http://127.0.0.1/case">看进度</a>、<a href="weixin://bizmsgmenu?msgmenucontent=催一下&msgmenuid=1">催办</a>'
            f'、<a href="http://127.0.0.1/" data-miniprogram-appid="{MINI_ID}" data-miniprogram-path="pages/me/me">我的</a>')
    tell(street, "zhanglan", "text", content=text)
    expect(bubbles(page, "them").last).to_have_text("看进度、催办、我的")
    expect(page.get_by_role("link", name="看进度")).to_have_attribute("href", "http://127.0.0.1/case")
    page.get_by_role("button", name="我的").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/me/me")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="催办").click()
    expect(bubbles(page, "me").last).to_have_text("催一下")


def test_any_picture_is_sent(echo, take):
    page = take("zhanglan", "#chat/official")
    page.get_by_role("button", name="更多").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="照片", exact=True).click()
    chooser.value.set_files({"name": "井盖.png", "mimeType": "image/png", "buffer": PNG})
    picture = page.locator(".row.me img")
    expect(picture).to_have_js_property("naturalWidth", 2)
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    (message,) = echo.messages()
    assert message["MsgType"] == "image"
    page.get_by_role("button", name="放大照片").click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()


def test_what_is_no_picture_is_refused_in_words(complaints, echo, take):
    page = take("zhanglan", "#chat/official")
    page.locator("input[type=file]").first.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"text"})
    expect(page.get_by_role("alert")).to_have_text("这不是图片，请换一张 JPG、PNG 或 GIF。")
    assert [one.split(" (http")[0] for one in complaints] == [
        "console: Failed to load resource: the server responded with a status of 400 (BAD REQUEST)"]
    complaints.clear()


def test_a_large_photo_is_made_smaller_as_the_phone_does(street, echo, take):
    page = take("zhanglan", "#chat/official")
    page.evaluate("""async () => {
        const canvas = Object.assign(document.createElement("canvas"), {width: 2400, height: 1200});
        const pen = canvas.getContext("2d");
        const noise = pen.createImageData(2400, 1200);
        for (let at = 0; at < noise.data.length; at += 65536) crypto.getRandomValues(noise.data.subarray(at, at + 65536));
        pen.putImageData(noise, 0, 0);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve));
        const files = new DataTransfer();
        files.items.add(new File([blob], "大图.png", {type: "image/png"}));
        const input = document.querySelector("input[type=file]");
        input.files = files.files;
        input.dispatchEvent(new Event("change"));
    }""")
    expect(page.locator(".row.me img")).to_have_js_property("naturalWidth", 1600)
    (item,) = street.phone("zhanglan")["items"]
    assert page.request.get(item["media_url"]).headers["content-type"] == "image/jpeg"


def test_a_sample_photo_is_drawn_and_sent(echo, take):
    page = take("zhanglan", "#chat/official")
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="示例照片").click()
    page.get_by_role("button", name="井盖坏了").click()
    expect(page.locator(".row.me img")).to_have_js_property("naturalWidth", 960)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    assert [message["MsgType"] for message in echo.messages()] == ["image"]


def test_a_place_is_sent(echo, take):
    page = take("zhanglan", "#chat/official")
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="位置").click()
    page.get_by_label("幸福家园 小区东门").check()
    page.get_by_label("地点名称").fill("东门岗亭旁")
    page.get_by_label("纬度").fill("91")
    page.get_by_role("dialog").get_by_role("button", name="发送").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("纬度").fill("34.5")
    page.get_by_role("dialog").get_by_role("button", name="发送").click()
    expect(page.locator(".place-card strong")).to_have_text("东门岗亭旁")
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    (message,) = echo.messages()
    assert [message[name] for name in ("Location_X", "Location_Y", "Label")] == ["34.5", "114.3691", "东门岗亭旁"]


def test_a_voice_is_a_real_amr_file_as_long_as_its_words(street, echo, take):
    page = take("zhanglan", "#chat/official")
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="语音").click()
    page.get_by_label("说的话").fill("楼道里的灯不亮了，晚上看不见")
    page.get_by_role("dialog").get_by_role("button", name="发送").click()
    expect(page.locator(".voice-bubble")).to_have_text("4″")
    expect(page.locator(".heard")).to_have_text("识别：楼道里的灯不亮了，晚上看不见")
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    (message,) = echo.messages()
    assert (message["Format"], message["Recognition"]) == ("amr", "楼道里的灯不亮了，晚上看不见")
    content = street.get("/cgi-bin/media/get", app="official", media_id=message["MediaId"]) if False else street.raw(
        "GET", "/cgi-bin/media/get", params={"access_token": street.token("official")["access_token"],
                                             "media_id": message["MediaId"]}).content
    assert content[:6] == b"#!AMR\n"
    frames = [content[at:at + 13] for at in range(6, len(content), 13)]
    assert {(len(frame), frame[0]) for frame in frames} == {(13, 0x04)}
    assert len(frames) / 50 == 4


def test_a_link_and_a_page_of_the_mini_program(echo, take):
    page = take("zhanglan", "#chat/official")
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="链接").click()
    page.get_by_label("标题").fill("停水通知")
    page.get_by_label("网址").fill("https://example.org/1")
    page.get_by_role("dialog").get_by_role("button", name="发送").click()
    expect(page.get_by_role("link", name="停水通知")).to_have_attribute("href", "https://example.org/1")
    page.goto(page.url.split("#")[0] + "#chat/mini")
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="小程序页面").click()
    page.get_by_label("页面路径").fill("pages/case/case")
    page.get_by_role("dialog").get_by_role("button", name="发送").click()
    page.get_by_role("button", name="报事详情").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/case/case")
    assert [message["MsgType"] for message in echo.messages()] == ["link", "miniprogrampage"]


def test_the_chat_of_a_mini_program_offers_only_what_it_carries(street, echo, take):
    page = take("zhanglan", "#chat/mini")
    page.get_by_role("button", name="更多").click()
    expect(page.locator(".tools .tool")).to_have_text(["照片", "拍摄", "示例照片", "小程序页面", "重新进入"])
    page.get_by_role("button", name="重新进入").click()
    expect(page.locator(".aside").last).to_have_text("进入了客服会话")
    street.drain()
    assert echo.events() == ["user_enter_tempsession"]


def test_a_notification_slides_in_and_is_counted_until_it_is_read(street, echo, take):
    page = take("zhanglan", "#me")
    notify(street, "zhanglan")
    banner = page.get_by_role("button", name="家门口 事项进度通知：3号楼门口井盖坏了")
    expect(banner).to_be_visible()
    expect(page.get_by_role("link", name="通知")).to_have_text("通知1条未读")
    desk = page.context.new_page()
    desk.goto(f"{street.url}/")
    expect(desk.locator("[data-person=zhanglan] .waiting")).to_have_text("1 条新通知")
    expect(desk.locator("[data-person=liwei] .waiting")).to_have_text("没有新通知")
    banner.click()
    expect(page.get_by_role("heading", name="事项进度通知")).to_be_visible()
    rows = page.locator(".notice-row")
    expect(rows).to_have_text(["事项3号楼门口井盖坏了", "时间2026-11-23 17:30"])
    expect(page.get_by_role("link", name="通知")).to_have_text("通知")
    expect(desk.locator("[data-person=zhanglan] .waiting")).to_have_text("没有新通知")
    page.get_by_role("button", name="进入小程序查看").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/case/case?id=7f")


def test_the_banner_does_not_move_for_those_who_asked_for_calm(street, echo, take):
    for motion, name in (("no-preference", "slide"), ("reduce", "none")):
        page = take("zhanglan", "#me", reduced_motion=motion)
        notify(street, "zhanglan")
        expect(page.locator(".banner")).to_have_css("animation-name", name)


def test_subscriptions_are_accepted_refused_used_up_and_switched_off(street, echo, take):
    page = take("zhanglan", "#notifications")
    page.get_by_text("家门口：还没有订阅通知").click()
    expect(page.locator(".bundle li")).to_have_text(["事项进度通知没有订阅", "新任务提醒没有订阅", "社区公告没有订阅"])
    page.get_by_role("button", name="订阅这 2 项").click()
    page.get_by_label("新任务提醒").uncheck()
    page.get_by_role("button", name="允许").click()
    expect(page.locator(".bundle li")).to_have_text(["事项进度通知还能收 1 条关", "新任务提醒没有订阅", "社区公告没有订阅"])
    expect(page.get_by_role("button", name="订阅这 2 项")).to_be_focused()
    page.get_by_role("button", name="订阅", exact=True).click()
    page.get_by_role("button", name="允许").click()
    expect(page.locator(".bundle li").last).to_have_text("社区公告长期有效关")
    page.get_by_role("button", name="订阅这 2 项").click()
    page.get_by_role("button", name="拒绝").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="不再接收社区公告").click()
    expect(page.locator(".bundle li").last).to_have_text("社区公告没有订阅")
    street.drain()
    answers = [message["List"] for message in echo.messages() if message["Event"] == "subscribe_msg_popup_event"]
    given = [[(one["TemplateId"], one["SubscribeStatusString"]) for one in (many if isinstance(many, list) else [many])]
             for many in answers]
    assert given == [[(CASE, "accept"), (TASK, "reject")], [(NOTICE, "accept")], [(CASE, "reject"), (TASK, "reject")]]


def test_a_code_on_a_screen_is_scanned(street, echo, take):
    scene = {"scene": {"scene_str": "building_3"}}
    body = {"action_name": "QR_STR_SCENE", "expire_seconds": 600, "action_info": scene}
    street.post("/cgi-bin/qrcode/create", body, app="official")
    street.post("/wxa/getwxacodeunlimit", {"scene": "s=77", "page": "pages/login/login"}, app="mini") if False else street.raw(
        "POST", "/wxa/getwxacodeunlimit", params={"access_token": street.token()["access_token"]},
        json={"scene": "s=77", "page": "pages/login/login"})
    page = take("zhanglan", "#scan")
    expect(page.locator(".code img").last).not_to_have_js_property("naturalWidth", 0)
    page.get_by_role("button", name="内容：s=77").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/login/login?scene=s%3D77")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="内容：building_3").click()
    expect(page.get_by_role("heading", name="家门口社区")).to_be_visible()
    expect(page.locator(".aside").last).to_have_text("扫了二维码")
    street.drain()
    (message,) = echo.messages()
    assert (message["Event"], message["EventKey"]) == ("SCAN", "building_3")


def test_a_code_that_nobody_made_is_refused_in_words(complaints, street, take):
    page = take("zhanglan", "#scan")
    expect(page.locator(".codes")).to_have_text(re.compile("现在没有码"))
    page.get_by_text("扫别处的码").click()
    page.get_by_label("码里的内容").fill("nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("没有这个二维码，请换一个扫。")
    complaints.clear()


def test_following_and_leaving(street, echo, take):
    page = take("liwei", "#chat/official")
    expect(page.get_by_role("textbox")).to_have_count(0)
    page.get_by_role("button", name="关注").click()
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.locator(".aside").last).to_have_text("关注了公众号")
    page.get_by_role("link", name="回到聊天列表").click()
    page.get_by_role("link", name="我", exact=True).click()
    page.get_by_role("button", name="取消关注").click()
    expect(page.get_by_role("button", name="关注", exact=True)).to_be_focused()
    street.drain()
    assert echo.events() == ["subscribe", "unsubscribe"]


def test_the_menu_of_the_account(street, echo, take):
    buttons = [{"type": "click", "name": "我要报事", "key": "report"},
               {"name": "我的事", "sub_button": [{"type": "click", "name": "办理进度", "key": "progress"},
                                              {"type": "click", "name": "全部", "key": "all"}]},
               {"type": "miniprogram", "name": "小程序", "url": "http://127.0.0.1", "appid": MINI_ID,
                "pagepath": "pages/home/home"}]
    assert street.post("/cgi-bin/menu/create", {"button": buttons}, app="official")["errcode"] == 0
    page = take("zhanglan", "#chat/official")
    page.get_by_role("button", name="我要报事").click()
    expect(page.locator(".aside").last).to_have_text("点了菜单")
    page.get_by_role("button", name="我的事").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="办理进度")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="我的事")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("点了菜单")).to_have_count(2)
    page.get_by_role("button", name="小程序").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/home/home")
    expect(page.locator(".aside").last).to_have_text("打开了菜单里的小程序")
    street.drain()
    assert [(message["Event"], message["EventKey"]) for message in echo.messages()] == [
        ("CLICK", "report"), ("CLICK", "progress"), ("view_miniprogram", "pages/home/home")]


def test_a_choice_says_its_words_and_its_number(street, echo, take):
    page = take("zhanglan", "#chat/official")
    write(page, "办好了吗")
    choices = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    tell(street, "zhanglan", "msgmenu", head_content="这件事办好了吗？", list=choices, tail_content="谢谢")
    page.get_by_role("button", name="不满意").click()
    expect(bubbles(page, "me").last).to_have_text("不满意")
    expect(page.locator(".row.me .status").last).to_have_text("已送达")
    assert (echo.messages()[-1]["Content"], echo.messages()[-1]["bizmsgmenuid"]) == ("不满意", "102")


def test_cards_of_the_account(street, echo, take):
    page = take("zhanglan", "#chat/official")
    write(page, "在吗")
    street.drain()
    article = {"title": "停水通知", "description": "周三上午", "url": "http://127.0.0.1/1", "picurl": "http://127.0.0.1/no.png"}
    tell(street, "zhanglan", "news", articles=[article | {"picurl": ""}])
    data = {"thing1": {"value": "井盖坏了"}, "time2": {"value": "2026-11-23 17:30"}}
    body = {"touser": street.openid("zhanglan", "official"), "template_id": OFFICIAL_CASE, "data": data,
            "miniprogram": {"appid": MINI_ID, "pagepath": "pages/case/case"}}
    assert street.post("/cgi-bin/message/template/send", body, app="official")["errcode"] == 0
    expect(page.get_by_role("link", name="停水通知 周三上午")).to_have_attribute("href", "http://127.0.0.1/1")
    card = page.locator(".notice-card")
    expect(card.get_by_role("heading")).to_have_text("办理结果")
    expect(card.locator(".notice-row")).to_have_text(["事项井盖坏了", "时间2026-11-23 17:30"])
    card.get_by_role("button", name="进入小程序查看").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/case/case")


def test_the_other_side_is_typing(street, echo, take):
    page = take("zhanglan", "#chat/official")
    write(page, "在吗")
    expect(bubbles(page, "them")).to_have_count(1)
    body = {"touser": street.openid("zhanglan", "official"), "command": "Typing"}
    street.post("/cgi-bin/message/custom/typing", body, app="official")
    expect(page.locator(".typing")).to_have_text("对方正在输入…")
    tell(street, "zhanglan", "text", content="在的")
    expect(page.locator(".typing")).to_have_text("")


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


def test_nothing_typed_is_lost_when_the_sandbox_is_away(complaints, street, echo, take):
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


def test_the_whole_way_with_the_keyboard(street, echo, open_page):
    page = open_page()
    page.goto(f"{street.url}/")
    page.get_by_role("link", name="张兰").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="家门口社区").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="家门口社区")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("灯坏了")
    page.keyboard.press("Enter")
    expect(bubbles(page, "them")).to_have_text(["收到：灯坏了"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="照片", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".tools")).to_be_hidden()
    page.get_by_role("link", name="回到聊天列表").focus()
    page.keyboard.press("Enter")
    for name in ("聊天", "通知", "扫一扫", "我"):
        page.get_by_role("link", name=name, exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()


def test_nothing_is_wider_than_a_small_phone(street, echo, take, open_page):
    notify(street, "zhanglan", "幸福家园3号楼2单元门口的雨水井盖")
    street.say("zhanglan", "很长的一串" + "abcdefghij" * 30)
    small = {"width": 360, "height": 740}
    pages = [f"phone/zhanglan{screen}" for screen in ("", "#chat/official", "#notifications", "#scan", "#me")]
    page = open_page(viewport=small)
    for path in ["", "side?people=zhanglan,liwei", *pages]:
        page.goto(f"{street.url}/{path}")
        page.wait_for_load_state("networkidle") if False else page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
        wide = page.evaluate("[...document.querySelectorAll('.stage *')].filter((node) => "
                             "!node.closest('.unseen') && node.getBoundingClientRect().right > 360.5).length")
        assert wide == 0, path


def test_three_phones_side_by_side(street, echo, open_page):
    page = open_page(viewport={"width": 1280, "height": 860})
    page.goto(f"{street.url}/")
    expect(page.locator("#picked")).to_have_text("选了 3 部")
    page.get_by_role("link", name="并排打开").click()
    frames = [page.frame_locator("iframe").nth(index) for index in range(3)]
    for frame, name in zip(frames, ("张兰", "李伟", "王芳"), strict=True):
        expect(frame.locator(".whose")).to_have_text(name)
    boxes = [page.locator("iframe").nth(index).bounding_box() for index in range(3)]
    assert len({round(box["y"]) for box in boxes}) == 1
    assert min(box["width"] for box in boxes) > 380
    frames[0].get_by_role("link", name="家门口社区").click()
    frames[0].get_by_role("textbox").fill("灯坏了")
    frames[0].get_by_role("textbox").press("Enter")
    expect(frames[0].locator(".row.them .bubble")).to_have_text(["收到：灯坏了"])
    notify(street, "wangfang")
    expect(frames[2].locator(".banner")).to_be_visible()


def test_the_desk_refuses_too_many_columns(street, config, open_page):
    page = open_page()
    page.goto(f"{street.url}/")
    for name in ("张兰", "李伟", "王芳"):
        page.get_by_role("listitem").filter(has_text=name).get_by_label("放到并排").uncheck()
    expect(page.locator("#picked")).to_have_text("先选几部手机")
    expect(page.locator("#side")).not_to_have_attribute("href", re.compile("."))
    page.get_by_role("listitem").filter(has_text="王芳").get_by_label("放到并排").check()
    expect(page.locator("#side")).to_have_attribute("href", f"{street.url}/side?people=wangfang")
    expect(page.get_by_role("link", name="打开管理台")).to_have_attribute("href", f"{street.url}/console/")


def test_the_weather_turns_and_clears_up(street, open_page):
    page = open_page()
    page.goto(f"{street.url}/")
    expect(page.locator("#sky")).to_have_text("晴")
    page.get_by_label("哪个接口").select_option("订阅通知")
    page.get_by_label("坏几次").select_option("三次")
    for name in ("慢三秒", "系统繁忙 −1", "次数用完 45009", "凭证失效 40001", "收下了但不回话", "回一页网页", "连接断开"):
        page.get_by_role("button", name=name).click()
    expect(page.locator("#sky")).to_have_text("有 7 处坏天气")
    path = "/cgi-bin/message/subscribe/send"
    assert [(one["path"], one["fault"], one["times"], one.get("seconds")) for one in street.control("GET", "faults")] == [
        (path, "latency", 3, 3), (path, "busy", 3, None), (path, "quota", 3, None), (path, "token", 3, None),
        (path, "timeout_after_accept", 3, 10), (path, "html", 3, None), (path, "reset", 3, None)]
    page.get_by_label("微信的时钟").select_option("快 2 天")
    expect(page.locator(".active li").last).to_have_text("微信的时钟快 2 天")
    assert street.control("GET", "clock")["ahead"] == 48 * 3600
    page.get_by_role("button", name="全部放晴").click()
    expect(page.locator("#sky")).to_have_text("晴")
    assert (street.control("GET", "faults"), street.control("GET", "clock")["ahead"]) == ([], 0)


def test_a_phone_that_does_not_exist(complaints, street, open_page):
    page = open_page()
    page.goto(f"{street.url}/phone/nobody")
    expect(page.get_by_role("alert")).to_have_text("这里没有这个人的手机，请回到全部手机里选一部。")
    page.get_by_role("link", name="回到全部手机").click()
    expect(page.get_by_role("link", name="张兰")).to_be_visible()


def test_the_sandbox_may_live_under_a_prefix(config, echo, open_page):
    below = create_sandbox(config)
    served = Served(DispatcherMiddleware(Flask("root"), {"/sandbox": below}))
    page = open_page()
    page.goto(f"{served.url}/sandbox/")
    expect(page.get_by_role("link", name="打开管理台")).to_have_attribute("href", f"{served.url}/console/")
    page.get_by_role("link", name="张兰").click()
    page.get_by_role("link", name="家门口社区").click()
    write(page, "你好")
    expect(bubbles(page, "them")).to_have_text(["收到：你好"])
    page.context.close()
    below.extensions["sandbox"].courier.stop()
    served.stop()


def test_every_page_forbids_scripts_that_are_not_ours():
    app = Flask("shell")
    app.register_blueprint(blueprint)
    client = app.test_client()
    for path in ("/", "/phone/zhanglan", "/side?people=zhanglan,liwei", "/phones/static/phone.js"):
        with client.get(path) as answer:
            assert (answer.status_code, answer.headers["Content-Security-Policy"]) == (200, POLICY)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            inline = re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", answer.get_data(as_text=True))
            assert not answer.mimetype.startswith("text/html") or inline == []


@pytest.mark.parametrize("path", ["/side", "/side?people=", "/side?people=a b", "/phone/%3Cscript%3E", "/phone/" + "x" * 65])
def test_keys_that_nobody_can_have(path):
    app = Flask("shell")
    app.register_blueprint(blueprint)
    assert app.test_client().get(path).status_code == 404


def test_no_more_than_four_columns_and_nobody_twice():
    app = Flask("shell")
    app.register_blueprint(blueprint)
    html = app.test_client().get("/side?people=a,b,a,c,d,e").get_data(as_text=True)
    assert re.findall(r'src="/phone/(\w+)"', html) == ["a", "b", "c", "d"]
