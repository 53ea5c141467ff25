"""A client that knows nothing of the sandbox: wechatpy, its host name pointed here."""

import base64

import pytest
import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.sandbox.street import CASE, OFFICIAL_CASE, PHOTO

HOST = "https://api.weixin.qq.com/"


class Rerouted(requests.Session):
    """Sends what was meant for the platform to the sandbox."""

    def __init__(self, base: str):
        super().__init__()
        self.base = base

    def request(self, method, url, *args, **kwargs):
        """One call; any other host than the platform's is a mistake."""
        assert url.startswith(HOST), url
        return super().request(method, f"{self.base}/wechat/{url.removeprefix(HOST)}", *args, **kwargs)


@pytest.fixture
def client_of(street):
    clients = []

    def make(app):
        client = WeChatClient(street.apps[app]["appid"], street.apps[app]["secret"])
        client._http = Rerouted(street.url)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client._http.close()


def test_a_day_of_the_official_account(street, client_of):
    client = client_of("official")
    openid = street.openid("zhanglan", "official")
    street.say("zhanglan", "楼道灯不亮了")
    client.message.send_text(openid, "已派给网格员")
    media_id = client.media.upload("image", ("a.gif", base64.b64decode(PHOTO)))["media_id"]
    client.message.send_image(openid, media_id)
    assert client.media.download(media_id).content == base64.b64decode(PHOTO)
    client.message.send_template(openid, OFFICIAL_CASE, {"thing1": {"value": "楼道灯"}, "time2": {"value": "15:00"}})
    client.menu.create({"button": [{"name": "我要报事", "type": "click", "key": "report"}]})
    assert client.menu.get()["menu"]["button"][0]["key"] == "report"
    ticket = client.qrcode.create({"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "a"}}})
    assert len(ticket["ticket"]) == 96
    assert client.user.get(openid)["subscribe"] == 1
    kinds = [item["kind"] for item in street.phone("zhanglan")["items"]]
    assert kinds == ["text", "text", "image", "template"]


def test_a_day_of_the_mini_program(street, client_of):
    client = client_of("mini")
    session = client.wxa.code_to_session(street.do("zhanglan", "login", app="mini")["code"])
    assert session["openid"] == street.openid("zhanglan")
    street.do("zhanglan", "subscribe", app="mini", answers={CASE: "accept"})
    data = {"thing1": {"value": "楼道灯"}, "time2": {"value": "15:00"}}
    client.wxa.send_subscribe_message(session["openid"], CASE, data)
    with pytest.raises(WeChatClientException) as refused:
        client.wxa.send_subscribe_message(session["openid"], CASE, data)
    assert refused.value.errcode == 43101
    assert client.wxa.get_wxa_code_unlimited("d=1").content[:4] == b"\x89PNG"


def test_a_dead_token_is_fetched_anew(street, client_of):
    client = client_of("official")
    client.fetch_access_token()
    first = client.session.get(client.access_token_key)
    client.session.set(client.access_token_key, "x" * 64)
    assert client.misc.get_wechat_ips() == ["127.0.0.1"]
    assert client.session.get(client.access_token_key) not in (first, "x" * 64)
