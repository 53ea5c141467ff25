"""The envelope must agree with the values the platform prints on its own pages, and with an independent library."""

import hashlib
import hmac

import pytest
from wechatpy.crypto import WeChatCrypto

from app.sandbox.envelope import BadEnvelope, seal, signature, unseal

KEY = "A" * 43
#: developers.weixin.qq.com, message push page of mini-programs.
JSON_PUSH = {
    "appid": "wxba5fad812f8e6fb9",
    "query": ("1714112445", "415670741"),
    "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    "encrypt": (
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsX"
        "UnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajA"
        "sjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
    ),
    "random": b"a8eedb185eb2fecf",
    "plain": (
        '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,'
        '"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
    ),
}
JSON_REPLY = {
    "appid": "wxba5fad812f8e6fb9",
    "query": ("1713424427", "415670741"),
    "msg_signature": "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
    "encrypt": "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==",
    "random": b"707722b803182950",
    "plain": '{"demo_resp":"good luck"}',
}
#: The same page of the open platform, XML.
XML_PUSH = {
    "appid": "wx134c8103faa5a59e",
    "query": ("1715943329", "1590219412"),
    "msg_signature": "6c12a4205838198b8fa631b3220723bb07f1015c",
    "encrypt": (
        "D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4VtsdvE//1vr7oAbqjDv8KenVp+"
        "ajKYpJnyQ4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5DkyuzkhQN8OBqCzFhizGmy0xpM0MEA4agpvE+RuNO1rhH"
        "TtuJB5yltw1FiYzecSXJ+y/D2r81VkRn2eYjh2ltsoyfbDR7Is6ookXIFxTfyeNyeHxMeT4KN5WpCDmSbTcUYrbBUlkGLJ9n/rU8YOywma6G"
        "7aTb7KZKOqCxgfoUlYEZPk4FUL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfUfe6HIoIpRW8mKNBQiY/Jd1svvuskA1wLef1RTtzKfMpagSCX"
        "/laZINmdnX4zrF6kIaR9P4xQrWXbsTFHTYe0Mg=="
    ),
    "random": b"1205899eaf019bbd",
    "plain": (
        "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>\n"
        "<FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></FromUserName>\n"
        "<CreateTime>1715943329</CreateTime>\n<MsgType><![CDATA[event]]></MsgType>\n"
        "<Event><![CDATA[debug_demo]]></Event>\n<debug_str><![CDATA[hello world]]></debug_str>\n</xml>"
    ),
}
XML_REPLY = {
    "appid": "wx134c8103faa5a59e",
    "query": ("1713424427", "415670741"),
    "msg_signature": "03e0812039325c2712ef5f0f980fd14c70d6e307",
    "encrypt": (
        "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d6WEL"
        "wqrGd7jMnV0zv3Zc9Nq7"
    ),
    "random": b"999951349e8ee746",
    "plain": "<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>",
}
PUBLISHED = pytest.mark.parametrize("vector", [JSON_PUSH, JSON_REPLY, XML_PUSH, XML_REPLY],
                                    ids=["json push", "json reply", "xml push", "xml reply"])


@PUBLISHED
def test_published_envelopes_open(vector):
    assert unseal(vector["encrypt"], aes_key=KEY, appid=vector["appid"]).decode() == vector["plain"]


@PUBLISHED
def test_published_envelopes_are_reproduced_byte_for_byte(vector):
    sealed = seal(vector["plain"].encode(), aes_key=KEY, appid=vector["appid"], random=vector["random"])
    assert sealed == vector["encrypt"]


@PUBLISHED
def test_published_signatures(vector):
    assert signature("AAAAA", *vector["query"], vector["encrypt"]) == vector["msg_signature"]


def test_the_signature_of_the_address():
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert signature("AAAAA", *JSON_PUSH["query"]) == JSON_PUSH["signature"]


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 31, 32, 33, 5000])
def test_an_independent_library_opens_what_we_seal(length):
    message = "x" * length
    sealed = seal(message.encode(), aes_key=KEY, appid="wx1")
    signed = signature("token", "1", "2", sealed)
    opened = WeChatCrypto("token", KEY, "wx1").decrypt_message({"Encrypt": sealed}, signed, "1", "2")
    assert opened == message


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64 !", JSON_PUSH["encrypt"][:-24], "QUFB" * 16])
def test_what_was_not_sealed_does_not_open(sealed):
    with pytest.raises(BadEnvelope):
        unseal(sealed, aes_key=KEY, appid=JSON_PUSH["appid"])


def test_an_envelope_for_another_app_does_not_open():
    with pytest.raises(BadEnvelope):
        unseal(JSON_PUSH["encrypt"], aes_key=KEY, appid="wxsomebodyelse")


def test_session_signatures_take_the_key_as_text():
    """Published with the virtual payment page: the base64 text of the session key is the HMAC key."""
    body = b'{"openid": "xxx", "user_ip": "127.0.0.1", "env": 0}'
    signed = hmac.new(b"9hAb/NEYUlkaMBEsmFgzig==", body, hashlib.sha256)
    assert signed.hexdigest() == "089d9e8dc5d308977360c4b79ec600a93d736802802a807d634192328032f6c7"
