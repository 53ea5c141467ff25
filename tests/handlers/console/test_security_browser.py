"""Signing in, out and in again in a real Chromium: what only a browser does with cookies, forms and its back button."""

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.handlers.console.street import Street, free_port
from tests.handlers.console.test_browser import at_desk, open_room

__all__ = ["at_desk"]
WORDS = "槐树下第三张石凳很凉快"


def set_up(page: Page) -> str:
    """A password with its authenticator, from the first click to the confirmation; the secret."""
    open_room(page, "管理")
    page.get_by_role("link", name="登录与安全").click()
    page.get_by_label("登录名").fill("chenjing")
    page.get_by_label("新密码").fill(WORDS)
    page.get_by_label("再输入一次").fill(WORDS)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_alt_text("验证器要扫的二维码")).to_be_visible()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("验证码").fill("1")
    page.get_by_role("button", name="确认启用").click()
    expect(page.get_by_text("验证码不对。")).to_be_visible()
    # The step before is accepted too and leaves this one for the sign-in.
    page.get_by_label("验证码").fill(pyotp.TOTP(secret).at(int(page.evaluate("Date.now()")) // 1000 - 30))
    page.get_by_role("button", name="确认启用").click()
    expect(page.get_by_text("已启用")).to_be_visible()
    return secret


def refusals(complaints: list[str]) -> list[str]:
    """The statuses that were refused, which Chromium tells as errors."""
    found = [re.search(r"status of (\d+)", line)[1] for line in complaints]
    complaints.clear()
    return found


@pytest.fixture
def secret(at_desk, complaints) -> tuple[Page, str]:
    page = at_desk("chenjing")
    secret = set_up(page)
    assert refusals(complaints) == ["422"]
    yield page, secret
    page.goto(page.url.partition("/console")[0] + "/console/security")
    page.get_by_text("停用", exact=True).click()
    page.get_by_role("button", name="确定停用").click()
    expect(page.get_by_role("button", name="下一步")).to_be_visible()


def test_out_back_button_and_in_again_by_password(street: Street, secret, open_page, complaints):
    page, key = secret
    street.cookies.pop("chenjing")
    open_room(page, "事项")
    expect(page.get_by_role("heading", name="事项")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("等待扫码")).to_be_visible()
    page.go_back()
    page.wait_for_url("**/console/signin")
    assert page.get_by_role("navigation").count() == 0
    page.get_by_role("link", name="改用密码和验证码登录").click()
    page.get_by_label("登录名").fill("chenjing")
    page.get_by_label("密码", exact=True).fill("一个不对的密码在这里")
    page.get_by_label("验证码").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("登录名、密码或验证码不对")).to_be_visible()
    assert refusals(complaints) == ["422"]
    page.get_by_label("密码", exact=True).fill(WORDS)
    page.get_by_label("验证码").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{street.address}/console/")
    expect(page.get_by_role("navigation").get_by_role("link", name="管理")).to_be_visible()


def test_two_tabs_and_one_signs_out(street: Street, open_page, at_desk, complaints):
    page = at_desk("chenjing")
    street.cookies.pop("chenjing")
    second = page.context.new_page()
    second.goto(f"{street.address}/console/cases")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("等待扫码")).to_be_visible()
    second.get_by_role("navigation").get_by_role("link", name="对话").click()
    second.wait_for_url("**/console/signin")
    complaints.clear()


def test_a_form_of_another_site_changes_nothing(street: Street, at_desk, complaints):
    """A page elsewhere sends a form with everything right but where it comes from; the browser itself gives it away."""
    page = at_desk("chenjing")
    token = page.locator('input[name="form_token"]').first.get_attribute("value")
    other = page.context.new_page()
    # Another site on this machine: localhost is another host than 127.0.0.1. Its page is made up on the way.
    address = f"http://localhost:{free_port()}/prize"
    page_of_theirs = {"content_type": "text/html; charset=utf-8", "body": prize(street, token)}
    other.route(address, lambda route: route.fulfill(**page_of_theirs))
    other.goto(address)
    other.get_by_role("button", name="领奖").click()
    other.wait_for_url("**/console/s*")
    page.goto(f"{street.address}/console/")
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def prize(street: Street, token: str) -> str:
    field = f'<input type="hidden" name="form_token" value="{token}">'
    return f'<form method="post" action="{street.address}/console/signout">{field}<button>领奖</button></form>'


@pytest.mark.parametrize("path", ["/signin", "/signin/password", "/security"])
def test_on_a_narrow_phone_nothing_runs_out_of_the_page(street: Street, at_desk, open_page, path):
    narrow = {"width": 360, "height": 740}
    page = at_desk("chenjing", **narrow) if path == "/security" else open_page(viewport=narrow)
    page.goto(f"{street.address}/console{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
