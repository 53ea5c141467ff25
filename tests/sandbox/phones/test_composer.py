"""What 张兰's phone can send besides words, and the menu of the account."""

from playwright.sync_api import expect

from tests.sandbox.phones.hand import MINI_ID, answer, reach_for

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a730000001149444154789c63c8abfdff9f81818101000b"
    "0802fe9b4d8a9a0000000049454e44ae426082"
)
#: Puts a photo of 2400 × 1200 noisy pixels into the page's file input, as a camera of today would.
LARGE_PHOTO = """async () => {
    const canvas = Object.assign(document.createElement("canvas"), {width: 2400, height: 1200});
    const pen = canvas.getContext("2d");
    const noise = pen.createImageData(2400, 1200);
    const step = 65536;
    for (let at = 0; at < noise.data.length; at += step) crypto.getRandomValues(noise.data.subarray(at, at + step));
    pen.putImageData(noise, 0, 0);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    const files = new DataTransfer();
    files.items.add(new File([blob], "大图.png", {type: "image/png"}));
    const input = document.querySelector("input[type=file]");
    input.files = files.files;
    input.dispatchEvent(new Event("change"));
}"""


def test_any_picture_is_sent(echo, take):
    page = take("zhanglan", "#chat/official")
    with page.expect_file_chooser() as chooser:
        reach_for(page, "照片")
    chooser.value.set_files({"name": "井盖.png", "mimeType": "image/png", "buffer": PNG})
    expect(page.locator(".row.me img")).to_have_js_property("naturalWidth", 2)
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    assert [message["MsgType"] for message in echo.messages()] == ["image"]
    page.get_by_role("button", name="放大照片").click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()


def test_what_is_no_picture_is_refused_in_words(complaints, echo, take):
    page = take("zhanglan", "#chat/official")
    paper = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"text"}
    page.locator("input[type=file]").first.set_input_files(paper)
    expect(page.get_by_role("alert")).to_have_text("这不是图片，请换一张 JPG、PNG 或 GIF。")
    assert [one.split(" (http")[0] for one in complaints] == [
        "console: Failed to load resource: the server responded with a status of 400 (BAD REQUEST)"]
    complaints.clear()


def test_a_large_photo_is_made_smaller_as_a_phone_does(street, echo, take):
    page = take("zhanglan", "#chat/official")
    page.evaluate(LARGE_PHOTO)
    expect(page.locator(".row.me img")).to_have_js_property("naturalWidth", 1600)
    (item,) = street.phone("zhanglan")["items"]
    assert page.request.get(street.url + item["media_url"]).headers["content-type"] == "image/jpeg"


def test_a_sample_photo_is_drawn_and_sent(echo, take):
    page, held = take("zhanglan", "#chat/official"), []
    page.route("**/send", lambda route: held.append(route))
    reach_for(page, "示例照片")
    page.get_by_role("button", name="井盖坏了").click()
    sending = page.locator(".sending")  # below the field; the photo itself then says the same until it is delivered
    expect(sending).to_be_visible()
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(".row.me img")).to_have_js_property("naturalWidth", 960)
    expect(sending).to_be_hidden()
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    assert [message["MsgType"] for message in echo.messages()] == ["image"]


def test_a_place_is_sent(echo, take):
    page = take("zhanglan", "#chat/official")
    reach_for(page, "位置")
    page.get_by_label("阳光花苑 1号楼门口").check()
    page.get_by_label("地点名称").fill("东门岗亭旁")
    page.get_by_label("纬度").fill("91")
    answer(page, "发送")
    expect(page.get_by_label("纬度")).to_be_focused()
    page.get_by_label("纬度").fill("34.5")
    answer(page, "发送")
    expect(page.locator(".place-card strong")).to_have_text("东门岗亭旁")
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    (message,) = echo.messages()
    assert [message[name] for name in ("Location_X", "Location_Y", "Label")] == ["34.5", "114.37344", "东门岗亭旁"]


def test_a_voice_is_a_real_amr_file_as_long_as_its_words(street, echo, take):
    page = take("zhanglan", "#chat/official")
    reach_for(page, "语音")
    page.get_by_label("说的话").fill("楼道里的灯不亮了，晚上看不见")
    answer(page, "发送")
    expect(page.locator(".voice-bubble")).to_have_text("4″")
    expect(page.locator(".heard")).to_have_text("识别：楼道里的灯不亮了，晚上看不见")
    expect(page.locator(".row.me .status")).to_have_text("已送达")
    (message,) = echo.messages()
    assert (message["Format"], message["Recognition"]) == ("amr", "楼道里的灯不亮了，晚上看不见")
    query = {"access_token": street.token("official")["access_token"], "media_id": message["MediaId"]}
    content = street.raw("GET", "/cgi-bin/media/get", params=query).content
    assert content[:6] == b"#!AMR\n"
    frames = [content[at:at + 13] for at in range(6, len(content), 13)]
    assert {(len(frame), frame[0]) for frame in frames} == {(13, 0x04)}  # 4.75 kbit/s, 20 ms each
    assert len(frames) / 50 == 4


def test_a_link_and_a_page_of_the_mini_program(street, echo, take):
    page = take("zhanglan", "#chat/official")
    reach_for(page, "链接")
    page.get_by_label("标题").fill("停水通知")
    page.get_by_label("网址").fill("https://example.org/1")
    answer(page, "发送")
    expect(page.get_by_role("link", name="停水通知")).to_have_attribute("href", "https://example.org/1")
    page.goto(page.url.split("#")[0] + "#chat/mini")
    reach_for(page, "小程序页面")
    page.get_by_label("页面路径").fill("pages/case/case")
    answer(page, "发送")
    page.get_by_role("button", name="报事详情").click()
    expect(page.get_by_role("dialog")).to_contain_text("pages/case/case")
    street.drain()
    assert [message["MsgType"] for message in echo.messages()] == ["link", "miniprogrampage"]


def test_the_chat_of_a_mini_program_offers_only_what_it_carries(street, echo, take):
    page = take("zhanglan", "#chat/mini")
    page.get_by_role("button", name="更多").click()
    expect(page.locator(".tools .tool")).to_have_text(["照片", "拍摄", "示例照片", "小程序页面", "重新进入"])
    page.get_by_role("button", name="重新进入").click()
    expect(page.locator(".aside").last).to_have_text("进入了客服会话")
    street.drain()
    assert echo.events() == ["user_enter_tempsession"]


def test_the_menu_of_the_account(street, echo, take):
    below = [{"type": "click", "name": "办理进度", "key": "progress"}, {"type": "click", "name": "全部", "key": "all"}]
    buttons = [{"type": "click", "name": "我要报事", "key": "report"}, {"name": "我的事", "sub_button": below},
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
