"""Every column that names a person has its place in the copy and its fate in an erasure, also those added later."""

import json

import peewee

from app.rules import person, personal, personal_copy, personal_erasure
from app.rules.personal_names import NUMBER, Names
from models import TABLES
from models.base import now, write
from models.case import Case
from models.letter import Letter
from models.person import Person, Veil
from models.personal import DataRequest
from models.role import Role
from models.task import Task
from tests.rules.cases import case_in, report


def columns_of_people() -> set[str]:
    return {
        f"{table._meta.table_name}.{field.name}"
        for table in TABLES
        for field in table._meta.sorted_fields
        if isinstance(field, peewee.ForeignKeyField) and field.rel_model is Person
    }


def test_every_column_that_names_a_person_is_accounted_for():
    assert set(personal_copy.COPIED) == columns_of_people()
    assert set(personal_erasure.TREATMENT) == columns_of_people()


def test_every_section_of_the_copy_has_its_words(town):
    copy = personal_copy.copy_of(town.person("zhanglan"))
    assert set(copy.counts) == set(personal_copy.SECTIONS) == set(json.loads(copy.json))
    assert {section for section in personal_copy.COPIED.values() if not section.startswith("not copied")} <= set(
        personal_copy.SECTIONS
    )
    assert all(words in copy.words for words in personal_copy.SECTIONS.values())


def test_staff_stand_in_the_copy_by_their_part(town):
    case = case_in(town, "handled")
    told = "王大山（13800000002）会来，赵强也在"
    Letter.update(content={"text": told}).where(Letter.person == town.person("zhanglan")).execute()
    copy = json.loads(personal_copy.copy_of(town.person("zhanglan")).json)
    steps = copy["cases"][0]["steps"]
    assert {step["by"] for step in steps} == {"本人", "网格员", "系统"}
    # 赵强 has nothing to do with her: whoever wrote his name there made a mistake that no program finds.
    assert copy["letters"][0]["content"]["text"] == f"网格员（{NUMBER}）会来，赵强也在"
    assert case.handler.name not in json.dumps(copy, ensure_ascii=False)


def test_what_she_said_herself_stays_as_it_was(town):
    report(town, words="王大山态度很好")
    copy = json.loads(personal_copy.copy_of(town.person("zhanglan")).json)
    assert copy["cases"][0]["words"] == "王大山态度很好"


def test_a_workers_copy_holds_nothing_of_what_residents_said_in_tasks(town):
    case_in(town, "handled", words="楼上张大爷又漏水了")
    copy = json.loads(personal_copy.copy_of(town.person("wangdashan")).json)
    (task,) = [one for one in copy["letters"] if one["kind"] == "case_assigned"][:1]
    assert (task["content"], task["state"] != "") == ({"number": "#1001"}, True)
    assert "张大爷" not in json.dumps(copy, ensure_ascii=False)
    told = json.loads(personal_copy.copy_of(town.person("zhanglan")).json)["letters"]
    assert all("text" in one["content"] for one in told) and told


def test_names_of_one_letter_are_left_alone():
    names = Names({"李四": "网格员", "李四光": "社区管理员"})
    assert names.hide("李四光和李四") == "社区管理员和网格员"
    assert (Names({}).hide("李四"), names.hide_in({"n": 1, "t": "李四"})) == ("李四", {"n": 1, "t": "网格员"})


def test_her_anonymous_reports_are_hers(town):
    """They stand in her copy, and are forgotten with her, although nobody else can tell whose they are."""
    alias = Person.create(name="匿名居民")
    Veil.create(alias=alias, person=town.person("zhanglan"))
    case = case_in(town, "closed", words="邻居家半夜施工")
    Case.update(reporter=alias, anonymous=True).where(Case.id == case.id).execute()
    told = json.loads(personal_copy.copy_of(town.person("zhanglan")).json)
    assert [(one["words"], one["anonymous"]) for one in told["cases"]] == [("邻居家半夜施工", True)]
    with write():
        request = personal.ask_erasure(town.person("zhanglan"), actor=None, at_once=True)
        assert personal.begin(request)
        personal_erasure.let_go(request)
        mine = personal_erasure.owners(request.person)
        assert mine == [request.person_id, alias.id]
        for step in personal_erasure.steps(mine):
            ids = [row.id for row in step.rows]
            if ids:
                step.do(ids)
        personal_erasure.finish(request)
    assert (Veil.select().count(), Person.get_by_id(alias.id).name) == (0, "")
    assert Case.get_by_id(case.id).words != "邻居家半夜施工"


def test_a_role_that_has_ended_is_no_hindrance(town):
    Role.update(ends_at=now()).where(Role.person == town.person("wangdashan")).execute()
    with write():
        request = personal.ask_erasure(town.person("wangdashan"), actor=town.actor("wangdashan"))
    assert (request.state, Task.get(Task.kind == "erase").run_at) == ("asked", request.asked_at + personal.UNDO)


def test_who_asked_for_somebody_is_noted(town):
    with write():
        for asker, kept in (("zhanglan", None), ("zhaoqiang", town.person("zhaoqiang"))):
            DataRequest.update(state="done").execute()
            request = personal.ask_export(town.person("zhanglan"), actor=town.actor(asker))
            assert request.asked_by == kept


def test_two_who_turn_out_to_be_one_have_one_wish(town):
    """She asked in the chat before the platform told who she is; the row she had then says nothing any more."""
    newcomer = Person.create(name="兰兰", age_group="adult")
    with write():
        request = personal.ask_erasure(newcomer, actor=None)
        person._join(newcomer, town.person("zhanglan"))
    assert DataRequest.get_by_id(request.id).person_id == town.person("zhanglan").id
    gone = Person.get_by_id(newcomer.id)
    assert (gone.name, gone.age_group, town.person("zhanglan").name) == ("", "", "张兰")
