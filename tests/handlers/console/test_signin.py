"""陈静 signs in with her own WeChat; whoever else tries, tries in vain. The rules stand in for the chat's side."""

from datetime import timedelta

import pytest

from app.rules import desk as desk_rules
from app.rules import session
from app.rules.refusal import Refusal
from models.audit import Audit
from models.base import now, write
from models.session import Session, Signin
from tests.handlers.console.conftest import Browser, token_in

SECRET = "the cookie of this browser"


@pytest.fixture
def screen(desk, hall) -> Browser:
    """A browser that shows a code."""
    browser = desk()
    browser.client.set_cookie("visitor", SECRET, path="/console")
    show()
    return browser


def show(secret: str = SECRET, lasts: int = 120, purpose: str = "desk") -> Signin:
    with write():
        signin = session.show_signin(
            browser=secret, purpose=purpose, lasts=timedelta(seconds=lasts), agent="", address="198.51.100.7"
        )
        return desk_rules.keep_qr(signin, "http://weixin.example/q/abc")


def newest() -> Signin:
    return Signin.select().order_by(Signin.id.desc()).get()


def consent(hall, who: str) -> None:
    session.scan_signin(newest().scene, hall.person(who))
    session.consent_signin(hall.person(who), newest().number)


def test_a_stranger_is_led_to_the_sign_in_page(desk):
    answer = desk().get("/cases")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/console/signin")


def test_a_page_whose_session_ended_is_led_there_by_htmx(desk):
    answer = desk().get("/cases", **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/console/signin")


def test_without_the_platform_there_is_a_plain_sentence_and_a_way_to_try_again(desk):
    answer = desk().get("/signin")
    assert answer.status_code == 502
    assert "微信平台暂时没有给出二维码，请稍等几秒再试。" in answer.text
    assert '<a class="button" href="/console/signin">再试一次</a>' in answer.text


def test_the_same_browser_keeps_its_code_when_it_reloads(screen):
    page = screen.text("/signin")
    assert newest().number in page
    assert Signin.select().count() == 1


def test_the_code_is_drawn_for_its_own_browser_only(screen, desk):
    address = f"/signin/qr/{newest().scene}.svg"
    picture = screen.get(address)
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert picture.text.count("<path") == 1
    assert desk().get(address).status_code == 404


def test_the_page_follows_the_phone_step_by_step(screen, hall):
    assert "等待扫码" in screen.text("/signin/state")
    assert screen.get("/signin/state?seen=shown").status_code == 204
    session.scan_signin(newest().scene, hall.person("chenjing"))
    assert "已扫码，请在手机上回复数字" in screen.text("/signin/state?seen=shown")
    assert screen.get("/signin/state?seen=scanned").status_code == 204


def test_after_consent_this_browser_is_let_in_with_a_cookie_out_of_reach(screen, hall):
    consent(hall, "chenjing")
    answer = screen.get("/signin/state?seen=scanned", **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/console/")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("desk="))
    assert [part.strip() for part in cookie.split(";")[3:]] == ["HttpOnly", "Path=/console", "SameSite=Lax"]
    assert "陈静" in screen.text("/")
    assert screen.cookie("visitor") is None


def test_a_browser_without_scripts_is_let_in_too(screen, hall):
    consent(hall, "chenjing")
    answer = screen.get("/signin/state")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/")


def test_another_browser_gets_nothing_from_the_consent(screen, desk, hall):
    consent(hall, "chenjing")
    other = desk()
    assert "二维码已过期" in other.text("/signin/state")
    assert other.get("/").status_code == 302
    assert Session.select().count() == 0


def test_a_code_works_once(screen, hall):
    consent(hall, "chenjing")
    screen.get("/signin/state")
    screen.client.set_cookie("visitor", SECRET, path="/console")
    assert "这个二维码已经用过了" in screen.text("/signin/state")
    assert Session.select().count() == 1


def test_an_old_code_is_told_as_expired_even_when_consented(screen, hall):
    consent(hall, "chenjing")
    Signin.update(expires_at=now() - timedelta(seconds=1)).execute()
    page = screen.text("/signin/state?seen=scanned")
    assert "二维码已过期" in page and "换一个新的二维码" in page
    assert Session.select().count() == 0


def test_a_second_scanner_changes_nothing(screen, hall):
    session.scan_signin(newest().scene, hall.person("chenjing"))
    assert session.scan_signin(newest().scene, hall.person("hefang")) is None
    with pytest.raises(Refusal):
        session.consent_signin(hall.person("hefang"), newest().number)
    assert newest().person == hall.person("chenjing")


def test_three_wrong_numbers_end_the_code(screen, hall):
    session.scan_signin(newest().scene, hall.person("chenjing"))
    wrong = "0000" if newest().number != "0000" else "1111"
    for _ in range(3):
        with pytest.raises(Refusal):
            session.consent_signin(hall.person("chenjing"), wrong)
    page = screen.text("/signin/state?seen=scanned")
    assert "数字三次不对，这个二维码已作废" in page and 'hx-get="/console/signin/state' not in page


def test_a_resident_is_told_plainly_and_gets_no_session(screen, hall):
    consent(hall, "zhanglan")
    answer = screen.get("/signin/state", **{"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/console/signin/no-part"
    told = screen.get("/signin/no-part")
    assert told.status_code == 403
    assert "这个微信号还没有工作台的岗位。请联系街道或区管理员，任命后再扫码登录。" in told.text
    assert Session.select().count() == 0
    assert Audit.select().where(Audit.action == "session.open", Audit.result == "refused").count() == 1


def test_every_sign_in_is_a_new_session(screen, hall):
    tokens = []
    for _ in range(2):
        screen.client.set_cookie("visitor", SECRET, path="/console")
        show()
        consent(hall, "chenjing")
        screen.get("/signin/state")
        tokens.append(screen.cookie("desk").value)
    assert len(set(tokens)) == 2


def test_whoever_is_signed_in_goes_straight_to_the_desk(desk):
    answer = desk("chenjing").get("/signin")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/console/")


def test_signing_out_ends_the_session_everywhere(desk):
    browser = desk("chenjing")
    answer = browser.form("/signout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/signin")
    browser.client.set_cookie("desk", browser.token, path="/console")
    assert browser.get("/").status_code == 302


def test_signing_out_needs_the_form_token(desk):
    browser = desk("chenjing")
    assert browser.bare_form("/signout").status_code == 403
    assert browser.get("/").status_code == 200


def test_a_form_from_another_site_is_refused(desk):
    browser = desk("chenjing")
    token = token_in(browser.text("/"))
    answer = browser.bare_form("/signout", {"Origin": "https://elsewhere.example"}, form_token=token)
    assert answer.status_code == 403
    assert "这个请求不是从本站页面发出的，已拒绝。" in answer.text
    assert browser.get("/").status_code == 200


def test_the_token_of_another_session_does_not_fit(desk):
    token = token_in(desk("chenjing").text("/"))
    assert desk("hefang").bare_form("/signout", form_token=token).status_code == 403


def test_an_idle_session_is_over(desk, hall):
    browser = desk("chenjing")
    Session.update(seen_at=now() - timedelta(minutes=121)).execute()
    assert browser.get("/").status_code == 302


def test_too_many_codes_from_one_address_are_refused(desk):
    browser = desk()
    answers = [browser.get("/signin").status_code for _ in range(6)]
    assert answers == [502] * 5 + [429]
