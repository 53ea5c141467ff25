"""The pages of phones before any script runs: who may have one, how many fit, what the browser is told to forbid.

What happens in them, in a real browser, is told in the folder phones/ beside this file.
"""

import re

import pytest
from flask import Flask

from app.sandbox.phones import POLICY, blueprint


@pytest.fixture
def client():
    """The pages alone, without a sandbox behind them."""
    app = Flask("shell")
    app.register_blueprint(blueprint)
    return app.test_client()


@pytest.mark.parametrize("path", ["/", "/phone/zhanglan", "/side?people=zhanglan,liwei"])
def test_every_page_forbids_scripts_that_are_not_ours(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Security-Policy"]) == (200, POLICY)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", answer.text) == []


@pytest.mark.parametrize(("name", "kind"), [
    ("phone.js", "text/javascript"), ("base.css", "text/css"), ("door.svg", "image/svg+xml")])
def test_files_say_what_they_are_and_are_sent_once(client, name, kind):
    first = client.get(f"/phones/static/{name}")
    assert (first.status_code, first.mimetype, first.headers["Content-Security-Policy"]) == (200, kind, POLICY)
    again = client.get(f"/phones/static/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.js", "..%2f__init__.py", "%2e%2e/__init__.py", "__init__.py"])
def test_other_files_are_not_served(client, name):
    assert client.get(f"/phones/static/{name}").status_code == 404


@pytest.mark.parametrize("path", [
    "/side", "/side?people=", "/side?people=a b", "/phone/%3Cscript%3E", "/phone/a%0Ab", "/phone/" + "x" * 65])
def test_keys_that_nobody_can_have(client, path):
    assert client.get(path).status_code == 404


def test_no_more_than_four_columns_and_nobody_twice(client):
    html = client.get("/side?people=a,b,a,c,d,e").text
    assert re.findall(r'src="/phone/(\w+)#mini"', html) == ["a", "b", "c", "d"]
