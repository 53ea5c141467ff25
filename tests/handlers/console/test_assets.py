"""The files of the pages: those listed, whole and cacheable, and no others."""

import re

import pytest

from handlers.console.assets import FILES


@pytest.mark.parametrize("name", FILES)
def test_every_listed_file_is_served(desk, name):
    answer = desk().get(f"/static/{name}")
    assert (answer.status_code, answer.data) == (200, FILES[name].read_bytes())


@pytest.mark.parametrize("name", ["../__init__.py", "__init__.py", "..%2f..%2fconfig.toml", "htmx.min.js"])
def test_what_is_not_listed_does_not_exist(desk, name):
    assert desk().get(f"/static/{name}").status_code == 404


def test_a_page_names_its_files_with_their_prints(desk):
    page = desk().get("/signin").text
    address = re.search(r'href="/console(/static/base\.css\?v=[0-9a-f]{12})"', page)[1]
    kept = desk().get(address)
    assert kept.headers["Cache-Control"] == "max-age=31536000"


def test_a_file_that_did_not_change_is_not_sent_again(desk):
    first = desk().get("/static/base.css")
    again = desk().get("/static/base.css", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_our_own_scripts_are_small(desk):
    own = [path for path in FILES.values() if path.suffix == ".js" and "node_modules" not in path.parts]
    assert len(own) == 4
    assert [path.name for path in own if len(path.read_text(encoding="utf-8").splitlines()) >= 150] == []
