"""/openapi.json says what the API does: every route, every answer, every refusal."""

import re

import pytest

from app.context import database_open
from app.rules import rights
from models.person import Person


@pytest.fixture
def spec(client):
    answer = client.get("/openapi.json")
    assert (answer.status_code, answer.get_json()["openapi"]) == (200, "3.1.0")
    return answer.get_json()


def operations(spec):
    return {
        (method.upper(), path): operation for path, one in spec["paths"].items() for method, operation in one.items()
    }


def test_every_route_of_the_api_and_no_other(client, spec):
    routes = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in client.application.url_map.iter_rules() if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }  # fmt: skip
    assert set(operations(spec)) == routes


def test_every_operation_has_a_name_a_summary_and_its_security(spec):
    found = operations(spec)
    names = [operation["operationId"] for operation in found.values()]
    assert sorted(names) == sorted(set(names))
    assert [name for name, operation in found.items() if not operation["summary"]] == []
    open_to_all = [operation["operationId"] for operation in found.values() if "security" not in operation]
    assert sorted(open_to_all) == ["listConsentTexts", "login", "readFile", "readFileToJudge", "readPrivacy"]
    assert spec["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_refusal_has_the_one_shape(spec):
    for operation in operations(spec).values():
        refusals = {status: one for status, one in operation["responses"].items() if status >= "400"}
        shapes = {one["content"]["application/json"]["schema"]["$ref"] for one in refusals.values()}
        assert shapes == {"#/components/schemas/Error"}
        assert {"422", "429", "503"} <= set(refusals)
        assert ("security" in operation) == ("401" in refusals)


def test_every_reference_resolves(spec):
    wanted = set(re.findall(r"'#/components/schemas/([^']+)'", str(spec)))
    assert wanted - set(spec["components"]["schemas"]) == set()


def test_every_view_wears_an_action_of_the_table(client):
    views = {name: view for name, view in client.application.view_functions.items() if name.startswith("api.")}
    assert len(views) > 25
    assert [name for name, view in views.items() if view.action not in rights.RIGHTS] == []


def test_writes_say_their_idempotency_key(spec):
    found = operations(spec)
    keyed = {
        operation["operationId"]: next(one["required"] for one in operation["parameters"] if one["in"] == "header")
        for operation in found.values()
        if any(one["in"] == "header" for one in operation["parameters"])
    }
    must = {
        "addImprovement", "addNote", "addPatrol", "addPhoto", "addVisit", "addVoice", "answerQuestion",
        "askDelegation", "askForExclusion", "askReporter", "bindHousehold", "blowWhistle", "createTaskForce",
        "handleOnTheSpot", "involveUnit", "reportCase", "say", "showPhoto", "splitCase", "whistleForUnit",
        "withdrawImprovement", "withdrawQuestion",
    }  # fmt: skip
    may = {
        "actOnCase", "actOnSubcase", "actOnWhistle", "addUnitToTaskForce", "askForTime", "classifyCase",
        "decideOnTaskForceMember", "decideTopic", "endTaskForce", "eraseMe", "exportMe", "followCase",
        "joinTaskForce", "leaveTaskForce", "mergeBundle", "raiseIncident", "unfollowCase",
    }  # fmt: skip
    assert keyed == dict.fromkeys(must, True) | dict.fromkeys(may, False)


def test_answers_keep_to_the_allow_list(door, spec, key_of):
    """No field leaves that is not described; the person's own number and openid never do."""
    zhanglan = door("zhanglan")
    case = zhanglan.report(place=key_of("building"), photos=[zhanglan.add_photo()["key"]])
    zhanglan.post("/conversation/lines", {"text": "路灯不亮"})
    described = {name for schema in spec["components"]["schemas"].values() for name in schema.get("properties", {})}
    with database_open():
        person = Person.get(Person.name == "张兰")
    for who in ("zhanglan", "wangdashan", "chenjing", "dengwei"):
        for path in ("/me", "/cases?mine=all", f"/cases/{case['key']}", "/conversation", "/sessions", "/subscriptions"):
            said = door(who).get(path)[1]
            assert names_in(said) - described == set()
            assert [secret for secret in (person.phone, person.unionid, "omini-zhanglan") if secret in str(said)] == []


def names_in(said) -> set[str]:
    if isinstance(said, dict):
        return set(said) | {name for value in said.values() for name in names_in(value)}
    return {name for value in said for name in names_in(value)} if isinstance(said, list) else set()
