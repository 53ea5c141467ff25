"""Signing in at the desk with the own WeChat: the code, the four digits, and who cannot use them."""

from datetime import timedelta

import pytest

from app.rules import session
from app.rules.intake import GREETING, TO_HUMAN
from models.base import now as moment
from models.role import Role
from models.session import Signin
from tests.handlers.wechat.phone import back

EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
    "Edg/140.0.0.0"
)
ASKED = (
    "有一台电脑请求登录家门口工作台。\n您将以 惠民社区 社区管理员 陈静 的身份登录。\n"
    "来自：Windows 上的 Edge，地址 198.51.100.9。\n"
    "如果是您本人，请回复电脑屏幕上的四位数字；不是您，请回复“取消”。"
)
NO_PART = "这个微信号还没有工作台的岗位，不能登录。请联系街道或区管理员，任命后再扫码。"
GONE = "这个登录二维码已失效，请在电脑上刷新后重新扫码。"
WRONG = "数字不对，请看清电脑屏幕上的四位数字再回复。"
DONE = "已确认，请看电脑屏幕。"
CANCELLED = "已取消，那台电脑登录不了。如果不是您在操作，没有人进得去，您不用再做什么。"


@pytest.fixture
def code(client) -> Signin:
    """The QR code on the screen of the community's office."""
    return session.show_signin(
        browser="secret", purpose="desk", lasts=timedelta(minutes=2), agent=EDGE, address="198.51.100.9"
    )


def other(number: str) -> str:
    return f"{(int(number) + 1) % 10_000:04d}"


def now(code: Signin) -> tuple[str, str]:
    found = Signin.get_by_id(code.id)
    return found.state, found.person.name if found.person else ""


def scan(phone, code: Signin) -> str | None:
    return phone.does("SCAN", EventKey=code.scene, Ticket="ticket")


def test_chen_jing_scans_reads_who_asks_and_types_the_number(take, code):
    chenjing = take("chenjing")
    assert scan(chenjing, code) == ASKED
    assert now(code) == ("scanned", "陈静")
    assert chenjing.say(f" {code.number} ") == DONE
    assert now(code) == ("approved", "陈静")
    assert session.use_signin(code.scene, "another browser") is None
    assert session.use_signin(code.scene, "secret").person.name == "陈静"
    assert now(code) == ("used", "陈静")


def test_the_number_may_be_typed_at_the_mini_program_by_the_same_person(take, code):
    scan(take("chenjing"), code)
    mini = take("chenjing", "mini")
    assert mini.say(code.number) is None
    assert (mini.letters(), now(code)) == ([DONE], ("approved", "陈静"))


def test_whoever_follows_by_scanning_is_asked_at_once(take, code):
    chenjing = take("chenjing")
    assert chenjing.does("subscribe", EventKey=f"qrscene_{code.scene}", Ticket="ticket") == ASKED
    assert chenjing.say(code.number) == DONE
    assert now(code) == ("approved", "陈静")


@pytest.mark.parametrize("who", ["new", "zhanglan"])
def test_whoever_has_no_part_is_told_at_scanning_and_the_code_is_left_to_its_owner(take, code, who):
    assert scan(take(who), code) == NO_PART
    assert take(who).say(code.number) == TO_HUMAN
    assert now(code) == ("shown", "")
    assert scan(take("chenjing"), code) == ASKED


def test_a_role_that_ended_is_no_part_any_more(take, code, client):
    Role.update(ends_at=moment() - timedelta(seconds=1)).where(Role.kind == "community_admin").execute()
    assert scan(take("chenjing"), code) == NO_PART


@pytest.mark.parametrize("words", ["取消", "不是我", " 取消。"])
def test_whoever_sees_a_screen_that_is_not_the_own_cancels(take, code, words):
    chenjing = take("chenjing")
    scan(chenjing, code)
    assert chenjing.say(words) == CANCELLED
    assert now(code) == ("refused", "陈静")
    assert chenjing.say(code.number) == TO_HUMAN
    assert scan(chenjing, code) == GONE
    assert session.use_signin(code.scene, "secret") is None


def test_cancelling_what_was_never_scanned_is_only_a_word(take, code):
    assert take("chenjing").say("取消") != CANCELLED
    assert now(code) == ("shown", "")


def test_following_by_another_code_is_only_following(take):
    assert take("new").does("subscribe", EventKey="qrscene_building-3", Ticket="ticket") == GREETING
    assert take("new").does("SCAN", EventKey="building-3", Ticket="ticket") is None
    assert take("new").does("SCAN", EventKey=4711, Ticket="ticket") is None


def test_the_second_who_scans_gets_nothing(take, code):
    chenjing, hefang = take("chenjing"), take("hefang")
    assert (scan(chenjing, code), scan(hefang, code)) == (ASKED, GONE)
    assert hefang.say(code.number) == TO_HUMAN
    assert now(code) == ("scanned", "陈静")
    assert scan(chenjing, code) == ASKED
    assert chenjing.say(code.number) == DONE


def test_three_wrong_numbers_end_it(take, code):
    chenjing = take("chenjing")
    scan(chenjing, code)
    for _ in range(2):
        assert chenjing.say(other(code.number)) == WRONG
        assert now(code)[0] == "scanned"
    assert chenjing.say(other(code.number)) == "数字错了三次，这个二维码已作废，请在电脑上刷新后重新扫码。"
    assert now(code) == ("refused", "陈静")
    assert chenjing.say(code.number) == TO_HUMAN
    assert scan(chenjing, code) == GONE
    assert session.use_signin(code.scene, "secret") is None


def test_a_code_that_is_out_of_date(take, code):
    chenjing = take("chenjing")
    scan(chenjing, code)
    back(code, expires_at=timedelta(minutes=3))
    assert chenjing.say(code.number) == TO_HUMAN
    assert scan(chenjing, code) == GONE
    assert now(code) == ("scanned", "陈静")


def test_a_code_is_used_once(take, code):
    chenjing = take("chenjing")
    scan(chenjing, code)
    scanned = chenjing.sent[-1]
    chenjing.say(code.number)
    assert chenjing.again() == DONE
    session.use_signin(code.scene, "secret")
    assert chenjing.again(**scanned) == ASKED  # the platform's own repeat: the answer of then, and nothing else
    assert scan(take("hefang"), code) == GONE
    assert chenjing.say(code.number) == TO_HUMAN
    assert now(code) == ("used", "陈静")


def test_whoever_scanned_nothing_cannot_consent(take, code):
    assert take("chenjing").say(code.number) == TO_HUMAN
    assert now(code) == ("shown", "")


@pytest.mark.parametrize("words", ["12345", "123", "１２３４５", "12 34", "#1234"])
def test_what_is_not_four_digits_is_no_try(take, code, words):
    chenjing = take("chenjing")
    scan(chenjing, code)
    chenjing.say(words)
    assert (now(code), Signin.get().tries) == (("scanned", "陈静"), 0)


@pytest.mark.parametrize("scene", ["signin-", "signin-" + "0" * 24, "signin-' OR 1=1 --"])
def test_a_guessed_code_is_out_of_date(take, code, scene):
    assert take("chenjing").does("SCAN", EventKey=scene, Ticket="ticket") == GONE


def test_setting_up_is_called_what_it_is(take, client):
    code = session.show_signin(browser="b", purpose="setup", lasts=timedelta(minutes=2), agent="", address="")
    assert scan(take("zhanglan"), code) == (
        "有一台电脑请求让您的微信成为本系统的第一位管理员。\n来自：没有说明的浏览器，地址不明。\n"
        "如果是您本人，请回复电脑屏幕上的四位数字；不是您，请回复“取消”。"
    )
