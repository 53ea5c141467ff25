"""The first administrator of an installation: a code from the server, consent on the own phone, and never again."""

import re

from app.rules import desk as desk_rules
from app.rules import session
from models.base import write
from models.place import Place
from models.role import roles_of
from models.session import Session, SetupCode, Signin
from tests.handlers.console.conftest import token_in
from tests.handlers.console.test_signin import SECRET, consent, show


def open_setup(desk):
    browser = desk()
    browser.client.set_cookie("visitor", SECRET, path="/console")
    return browser


def test_a_wrong_code_is_told_beside_its_field(desk, hall):
    browser = open_setup(desk)
    answer = browser.form("/setup", page="/setup", code="000000000000")
    assert answer.status_code == 422
    assert "初始设置码不对或已失效。" in answer.text
    assert 'aria-describedby="wrong-code"' in answer.text


def test_a_good_code_and_consent_make_the_first_administrator(desk, hall):
    browser, code = open_setup(desk), session.new_setup_code()
    show(purpose="setup")
    page = browser.form("/setup", page="/setup", code=code.lower()).text
    consent(hall, "dengwei")
    assert browser.get("/signin/state?seen=scanned").headers["HX-Trigger"] == "approved"
    scene = re.search(r'name="scene" value="([^"]+)"', page)[1]
    answer = browser.bare_form("/setup/enter", form_token=token_in(page), scene=scene, code=code)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/")
    kinds = sorted(role.kind for role in roles_of(hall.person("dengwei")))
    assert kinds == ["district_admin", "operator", "subdistrict_admin"]
    assert browser.get("/people").status_code == 200


def test_the_room_is_gone_once_there_is_an_administrator(desk, hall):
    with write():
        session.use_setup_code(session.new_setup_code(), hall.person("dengwei"))
    assert desk().get("/setup").status_code == 404


def test_a_desk_code_does_not_open_the_setup(desk, hall):
    browser, code = open_setup(desk), session.new_setup_code()
    show()
    consent(hall, "zhanglan")
    token = token_in(browser.text("/setup"))
    answer = browser.bare_form("/setup/enter", form_token=token, scene=Signin.get().scene, code=code)
    assert answer.status_code == 422
    assert (Session.select().count(), Signin.get().state) == (0, "approved")


def test_a_setup_code_is_kept_when_the_sign_in_fails(desk, hall):
    browser, code = open_setup(desk), session.new_setup_code()
    show(purpose="setup")
    token = token_in(browser.text("/setup"))
    answer = browser.bare_form("/setup/enter", form_token=token, scene=Signin.get().scene, code=code)
    assert answer.status_code == 422
    assert desk_rules.GONE in answer.text
    assert SetupCode.get().used_at is None


def test_before_load_the_page_says_so_and_nothing_is_spent(desk, hall):
    browser, code = open_setup(desk), session.new_setup_code()
    Place.update(kind="town").where(Place.kind == "district").execute()
    missing = "还没有载入行政区划，请先在服务器上运行 app.cli load。"
    assert missing in browser.text("/setup")
    answer = browser.form("/setup", page="/setup", code=code)
    assert (answer.status_code, missing in answer.text) == (422, True)
    show(purpose="setup")
    consent(hall, "dengwei")
    token = token_in(browser.text("/setup"))
    answer = browser.bare_form("/setup/enter", form_token=token, scene=Signin.get().scene, code=code)
    assert (answer.status_code, missing in answer.text) == (422, True)
    assert (SetupCode.get().used_at, Signin.get().state) == (None, "approved")
