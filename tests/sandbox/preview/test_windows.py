"""The windows WeChat puts over the mini-program: what they ask, what each answer does, and that keys can answer."""

import re

from playwright.sync_api import expect

from tests.sandbox.preview.conftest import Phone
from tests.sandbox.street import CASE, NOTICE

OFFLINE = "net::ERR_INTERNET_DISCONNECTED"


def asks(phone, words):
    """The window on top, with these words in it."""
    window = phone.page.locator("dialog[open]").last
    expect(window).to_contain_text(words)
    return window


def photograph(phone):
    """Take the first of the drawn photos; gives its path."""
    phone.call("chooseMedia", "{count: 1, mediaType: ['image']}")
    phone.press("从手机相册选")
    phone.press("没有盖的井")
    phone.press("完成")
    return phone.answer()["tempFiles"][0]["tempFilePath"]


def test_the_first_private_call_asks_for_the_agreement_and_a_no_is_kept_for_a_while(phone):
    phone.call("getPrivacySetting")
    assert phone.answer()["needAuthorization"] is True
    phone.call("chooseMedia")
    asks(phone, "用户隐私保护提示")
    phone.press("拒绝")
    refused = {"errMsg": "chooseMedia:fail privacy permission is not authorized", "errno": 104}
    assert phone.answer() == refused
    phone.call("chooseMedia")
    assert phone.answer() == refused


def test_after_a_yes_nobody_asks_again(phone):
    phone.call("requirePrivacyAuthorize")
    phone.press("同意")
    assert phone.answer()["errMsg"] == "requirePrivacyAuthorize:ok"
    phone.page.reload()
    phone.call("getPrivacySetting")
    assert phone.answer()["needAuthorization"] is False


def test_a_listening_mini_program_shows_its_own_window(phone):
    phone.tap("wx.onNeedPrivacyAuthorization((resolve, about) => { window.resolve = resolve; done(about); });"
              " wx.chooseMedia().catch((said) => (window.said = said));")
    assert phone.answer() == {"referrer": "chooseMedia"}
    phone.page.evaluate("resolve({event: 'disagree'})")
    said = phone.page.evaluate("new Promise((told) => setTimeout(() => told(window.said), 200))")
    assert said["errno"] == 104


def test_a_photo_is_chosen_kept_and_still_there_after_a_restart(phone):
    path = photograph(phone.trusting())
    kept = "wxfile://usr/kept-1.jpg"
    phone.tap(f"wx.getFileSystemManager().copyFile({{srcPath: '{path}', destPath: '{kept}'}}).then(done, done);")
    assert phone.answer()["errMsg"] == "copyFile:ok"
    phone.page.reload()
    phone.call("getImageInfo", f"{{src: '{kept}'}}")
    info = phone.answer()
    assert (info["width"], info["height"], info["type"]) == (1600, 1200, "jpeg")
    phone.tap(f"getCurrentPages()[0].setData({{src: '{kept}'}}); done(1);")
    image = phone.page.get_by_alt_text("照片")
    expect(image).to_have_attribute("src", re.compile("^blob:"))
    assert image.evaluate("async one => (await one.decode(), one.naturalWidth)") == 1600
    phone.call("getImageInfo", f"{{src: '{path}'}}")
    assert "no such file" in phone.answer()["errMsg"]


def test_a_smaller_photo_is_smaller(phone):
    path = photograph(phone.trusting())
    phone.call("compressImage", f"{{src: '{path}', quality: 60, compressedWidth: 400}}")
    phone.call("getImageInfo", f"{{src: '{phone.answer()['tempFilePath']}'}}")
    info = phone.answer()
    assert (info["width"], info["height"]) == (400, 300)


def test_no_more_photos_than_asked_for_and_a_cancel_says_so(phone):
    phone.trusting().call("chooseMedia", "{count: 2, mediaType: ['image'], sourceType: ['album']}")
    for scene in ("没有盖的井", "不亮的路灯", "堆着的垃圾"):
        phone.press(scene)
    asks(phone, "已选 2 张，最多 2 张")
    phone.press("完成")
    assert [one["fileType"] for one in phone.answer()["tempFiles"]] == ["image", "image"]
    phone.call("chooseMedia")
    phone.press("取消")
    assert phone.answer()["errMsg"] == "chooseMedia:fail cancel"


def test_a_place_is_chosen_on_the_map_by_keys_alone(phone):
    phone.settings(privacy=True)
    phone.call("chooseLocation")
    asks(phone, "用来填好“问题在哪里”")
    phone.press("允许")
    asks(phone, "幸福家园3号楼")
    phone.page.get_by_label("附近的地方").select_option(label="幸福家园2号楼")
    phone.press("确定")
    said = phone.answer()
    assert (said["name"], said["address"]) == ("幸福家园2号楼", "惠民社区幸福家园")
    assert (said["latitude"], said["longitude"]) == (34.7816, 114.3671)


def test_a_refused_place_stays_refused_until_the_settings_say_otherwise(phone):
    phone.settings(privacy=True)
    phone.call("getLocation")
    phone.press("拒绝")
    assert phone.answer()["errMsg"] == "getLocation:fail auth deny"
    phone.call("chooseLocation")
    assert phone.answer()["errMsg"] == "chooseLocation:fail auth deny"
    phone.call("openSetting")
    phone.page.get_by_role("switch", name="位置信息").check()
    phone.press("完成")
    assert phone.answer()["authSetting"] == {"scope.userLocation": True}
    phone.call("getLocation", "{type: 'gcj02'}")
    said = phone.answer()
    assert (said["latitude"], said["longitude"]) == (34.7808, 114.3664)
    phone.call("getLocation")
    assert 0.0005 < abs(phone.answer()["longitude"] - said["longitude"]) < 0.01  # WGS-84 lies some hundred metres off


def test_the_map_moves_by_its_keys_and_the_window_closes_by_esc(phone):
    phone.trusting().call("openLocation", "{latitude: 34.7812, longitude: 114.3669, name: '幸福家园'}")
    window = asks(phone, "幸福家园")
    house = window.locator(".house").first
    before = house.bounding_box()
    phone.press("向北移")
    assert house.bounding_box()["y"] > before["y"] + 50
    phone.press("放大")
    assert house.bounding_box()["width"] > before["width"] * 1.9
    phone.page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(phone.page.get_by_role("button", name="做")).to_be_focused()


def test_subscribing_counts_on_the_platform(phone, street, backend):
    phone.call("requestSubscribeMessage", f"{{tmplIds: ['{CASE}']}}")
    asks(phone, "事项进度通知")
    phone.press("允许")
    assert phone.answer() == {"errMsg": "requestSubscribeMessage:ok", CASE: "accept"}
    assert street.phone("zhanglan")["subscriptions"]["mini"] == {CASE: 1}
    street.drain()
    assert "subscribe_msg_popup_event" in [message.get("Event") for message in backend.messages()]


def test_always_keeping_an_answer_hides_the_window_but_counts(phone, street):
    phone.call("requestSubscribeMessage", f"{{tmplIds: ['{CASE}']}}")
    phone.page.get_by_label("总是保持以上选择").check()
    phone.press("允许")
    phone.answer()
    phone.call("requestSubscribeMessage", f"{{tmplIds: ['{CASE}']}}")
    assert phone.answer()[CASE] == "accept"
    assert street.phone("zhanglan")["subscriptions"]["mini"] == {CASE: 2}


def test_subscribing_needs_a_tap_known_templates_and_one_kind(phone, complaints):
    phone.page.wait_for_timeout(1100)
    phone.page.evaluate(f"() => wx.requestSubscribeMessage({{tmplIds: ['{CASE}']}}).catch((e) => void (answer = e))")
    assert "can only be invoked by user TAP gesture" in phone.answer()["errMsg"]
    assert len(complaints) == 1
    complaints.clear()
    for ids, code in (([CASE, NOTICE], 20002), (["x"], 20001), (["1", "2", "3", "4", "5", "6"], 20003), ([], 10001)):
        phone.call("requestSubscribeMessage", f"{{tmplIds: {ids}}}")
        assert phone.answer()["errCode"] == code


def test_the_phone_number_is_given_by_a_window_and_a_code(phone):
    phone.trusting().tap("__mp.platform.getPhoneNumber().then(done);")
    asks(phone, "13800000001")
    phone.press("拒绝")
    assert phone.answer() == {"errMsg": "getPhoneNumber:fail user deny"}
    phone.tap("__mp.platform.getPhoneNumber().then(done);")
    phone.press("允许")
    assert len(phone.answer()["code"]) == 64


def test_a_recording_is_a_sound_the_service_can_measure(phone):
    phone.settings(privacy=True)
    phone.tap("const tape = wx.getRecorderManager(); tape.onError(done); tape.start({format: 'mp3'});")
    phone.press("拒绝")
    assert phone.answer()["errMsg"] == "operateRecorder:fail auth deny"
    phone.trusting().tap(
        "const tape = wx.getRecorderManager(); tape.onStart(() => setTimeout(() => tape.stop(), 400));"
        " tape.onStop(({tempFilePath, duration}) => wx.getFileSystemManager().readFile({filePath: tempFilePath,"
        " encoding: 'base64', success: ({data}) => done({data, duration})})); tape.start({duration: 5000});"
    )
    said = phone.answer()
    assert 300 < said["duration"] < 2000
    assert said["data"].startswith("UklGR")  # RIFF


def test_a_call_is_shown_and_can_be_left(phone):
    phone.call("makePhoneCall", "{phoneNumber: '0371-00000001'}")
    asks(phone, "呼叫 0371-00000001")
    phone.page.keyboard.press("Escape")
    assert phone.answer()["errMsg"] == "makePhoneCall:fail cancel"
    phone.call("makePhoneCall", "{phoneNumber: '0371-00000001'}")
    phone.press("呼叫 0371-00000001")
    assert phone.answer()["errMsg"] == "makePhoneCall:ok"


def test_modals_and_sheets_answer(phone):
    phone.call("showModal", "{title: '撤回吗', editable: true, placeholderText: '原因'}")
    phone.page.get_by_label("原因").fill("修好了")
    phone.press("确定")
    assert phone.answer() == {"errMsg": "showModal:ok", "confirm": True, "cancel": False, "content": "修好了"}
    phone.call("showActionSheet", "{itemList: ['甲', '乙']}")
    phone.press("乙")
    assert phone.answer()["tapIndex"] == 1
    phone.call("showActionSheet", "{itemList: ['甲', '乙']}")
    phone.page.keyboard.press("Escape")
    assert phone.answer()["errMsg"] == "showActionSheet:fail cancel"


def test_without_a_network_everything_fails_as_on_the_phone_and_the_change_is_told(phone):
    phone.tap("wx.onNetworkStatusChange((said) => (window.heard = said));")
    phone.settings(network="none")
    assert phone.page.evaluate("window.heard") == {"isConnected": False, "networkType": "none"}
    for name in ("request", "downloadFile"):
        phone.call(name, "{url: 'http://127.0.0.1:8000/control/people'}")
        assert phone.answer() == {"errMsg": f"{name}:fail {OFFLINE}", "errno": 600001}
    phone.call("login")
    assert phone.answer()["errMsg"] == f"login:fail {OFFLINE}"
    phone.settings(network="4g")
    phone.call("request", "{url: 'http://127.0.0.1:8000/control/people'}")
    assert phone.answer()["data"]["people"][0]["key"] == "zhanglan"


def test_other_servers_and_other_methods_are_refused(phone, complaints):
    phone.call("request", "{url: 'https://example.org/'}")
    assert phone.answer()["errMsg"] == "request:fail url not in domain list"
    assert len(complaints) == 1
    complaints.clear()
    phone.call("request", "{url: 'http://127.0.0.1:8000/control/people', method: 'PATCH'}")
    assert phone.answer()["errMsg"] == "request:fail method is invalid: PATCH"


def test_a_live_code_is_scanned_from_the_list(phone, street):
    street.raw("POST", "/wxa/getwxacodeunlimit", params={"access_token": street.token()["access_token"]},
               json={"scene": "p=abc", "page": "pages/a/a", "check_path": False})
    phone.call("scanCode")
    asks(phone, "小程序码")
    phone.press("小程序码：pages/a/a，p=abc")
    said = phone.answer()
    assert (said["scanType"], said["path"]) == ("WX_CODE", "pages/a/a?scene=p%3Dabc")


def test_the_clock_of_the_phone_can_be_wrong_by_a_day(phone):
    phone.settings(clock=86400)
    ahead = phone.page.evaluate("Date.now() - performance.timeOrigin - performance.now()")
    assert abs(ahead - 86_400_000) < 5000
    assert phone.page.evaluate("new Date(0).getTime()") == 0


def test_a_map_shows_the_town_and_what_the_page_puts_on_it(phone):
    phone.tap(
        """const at = (latitude, longitude) => ({latitude, longitude});
        const box = Object.assign(document.createElement('div'), {id: 'map'});
        box.style = 'position:fixed;inset:0;z-index:9'; document.body.append(box);
        new __mp.platform.MapView(box, {...at(34.783, 114.370), scale: 15, showLocation: true,
          markers: [{id: 7, ...at(34.783, 114.370), title: '井盖'}],
          circles: [{...at(34.783, 114.370), radius: 100}],
          polyline: [{points: [at(34.782, 114.369), at(34.784, 114.371)]}],
          polygons: [{points: [at(34.782, 114.369), at(34.784, 114.371), at(34.782, 114.371)]}],
        }, {markertap: done});"""
    )
    picture = phone.page.locator("#map")
    expect(picture.locator(".name")).to_have_text(["幸福家园", "阳光花苑"])
    expect(picture.locator(".road")).to_have_count(1)
    expect(picture.locator("polygon, circle:not(.marker circle)")).to_have_count(3)  # the page's two, and the phone
    picture.get_by_role("button", name="井盖").press("Enter")
    assert phone.answer() == {"markerId": 7}


def test_a_tap_is_for_what_the_finger_was_put_on_though_the_page_moves_meanwhile(street, open_page):
    phone = Phone(open_page(viewport={"width": 390, "height": 844}, has_touch=True), street.url)
    phone.page.evaluate(
        """() => { window.deed = () => (window.answer = {done: true});
        const push = () => { document.querySelector('.mp-scroll').style.paddingTop = '300px';
          const end = performance.now() + 50; while (performance.now() < end); };
        document.addEventListener('touchstart', push, {once: true}); }"""
    )
    phone.page.get_by_role("button", name="做").tap()
    assert phone.answer() == {"done": True}
