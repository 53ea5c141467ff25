"""The sandbox inside the product: mounted under /sandbox, its own links keep that prefix."""

import pytest
import requests
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from app.sandbox.server import create_sandbox
from tests.sandbox.backend import Served
from tests.sandbox.street import PHOTO, Street


@pytest.fixture
def mounted(config, backend):
    sandbox = create_sandbox(config)
    served = Served(DispatcherMiddleware(Response("the product"), {"/sandbox": sandbox}))
    street = Street(f"{served.url}/sandbox", config)
    yield street
    street.wire.close()
    sandbox.extensions["sandbox"].courier.stop()
    served.stop()


def test_links_keep_the_prefix(mounted, backend):
    mounted.do("zhanglan", "send", app="official", type="image", media=PHOTO)
    picture = backend.messages()[0]["PicUrl"]
    assert picture.startswith(f"{mounted.url}/control/media/")
    assert requests.get(picture, timeout=5).headers["Content-Type"] == "image/gif"
    (item,) = mounted.phone("zhanglan")["items"]
    assert item["media_url"] == picture[len(mounted.url) - len("/sandbox"):]
    assert mounted.token()["expires_in"] == 7200
    assert mounted.wire.get(f"{mounted.url}/phone/zhanglan", timeout=5).status_code == 200
