"""Phones in the hand: the pages of phones in a real browser, over the real sandbox, with a backend that repeats."""

import pytest
from playwright.sync_api import expect
from wechatpy.crypto import WeChatCrypto

from tests.sandbox.phones.hand import TASK


@pytest.fixture
def config(config):
    """The street's configuration with one template more, so that a dialog has something to refuse."""
    fields = [{"key": "thing1", "label": "事项"}]
    config["apps"][0]["templates"].append({"id": TASK, "title": "新任务提醒", "type": 2, "fields": fields})
    return config


@pytest.fixture
def echo(config, backend):
    """The backend, repeating in the official account what it hears there, sealed as the platform wants it."""
    official = config["apps"][1]

    def answer(received):
        message = received.message
        if received.app == "mini" or "Content" not in message:
            return "success", 200
        text = (f"<xml><ToUserName><![CDATA[{message['FromUserName']}]]></ToUserName>"
                f"<FromUserName><![CDATA[{message['ToUserName']}]]></FromUserName><CreateTime>1</CreateTime>"
                f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[收到：{message['Content']}]]></Content></xml>")
        crypto = WeChatCrypto(official["token"], official["aes_key"], official["appid"])
        return crypto.encrypt_message(text, received.query["nonce"]), 200

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
