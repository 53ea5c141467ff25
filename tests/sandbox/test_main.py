"""The sandbox as a process of its own: killed in the middle of things, it goes on where it was."""

import json
import subprocess
import sys

import pytest

from tests.sandbox.street import Street


@pytest.fixture
def start(config, tmp_path):
    """Start the sandbox with the present configuration; gives the process and its street."""
    running = []

    def launch():
        path = tmp_path / "config.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        process = subprocess.Popen([sys.executable, "-m", "app.sandbox", "--config", str(path), "--port", "0"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        first = process.stdout.readline().strip()
        assert first.startswith("listening on http://127.0.0.1:")
        street = Street(first.removeprefix("listening on "), config)
        running.append((process, street))
        return process, street

    yield launch
    for process, street in running:
        street.wire.close()
        process.kill()
        process.wait(10)
        process.stdout.close()


def test_a_killed_sandbox_still_delivers(start, config, backend):
    config["apps"][1]["callback_url"] = "http://127.0.0.1:9/nobody-listens"
    config["retry_seconds"] = 1
    process, street = start()
    openid, token = street.openid("zhanglan", "official"), street.token("official")["access_token"]
    for text in ("一", "二"):
        sent = {"app": "official", "type": "text", "content": text}
        street.control("POST", "phone/zhanglan/send", sent)
    street.drain(0.3)
    process.kill()
    process.wait(10)
    assert backend.received == []

    config["apps"][1]["callback_url"] = f"{backend.url}/wechat/official"
    _, street = start()
    assert street.drain() == 0
    assert [message["Content"] for message in backend.messages()] == ["一", "二"]
    assert [message["FromUserName"] for message in backend.messages()] == [openid, openid]
    assert [item["status"] for item in street.phone("zhanglan")["items"]] == ["delivered", "delivered"]
    assert [one["tries"] for one in street.control("GET", "deliveries")] == [2, 1]
    assert street.token("official")["access_token"] == token


def test_the_phones_are_served(start):
    _, street = start()
    page = street.wire.get(f"{street.url}/", timeout=10)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
