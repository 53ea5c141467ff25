"""邓伟 of 古台街道 appoints in his communities, not in those of the next subdistrict, and never himself."""

import re

from app.rules import approval, mask, setting, veil
from app.rules.actor import actor_of
from app.rules.role import ADMINS
from models.alert import Alert
from models.approval import Approval
from models.audit import Audit
from models.base import now, write
from models.conversation import Conversation
from models.person import Identity, Person
from models.place import Grid, Place
from models.role import Role, roles_of
from models.setting import Setting
from tests.handlers.console.conftest import queries, words_of


def admin_of(hall, place: str = "huimin") -> str:
    """The choice that makes somebody the admin of a place."""
    there = hall.community(place)
    return f"{ADMINS[there.kind]}:{there.key}"


def kinds_of(person) -> list[str]:
    return sorted(role.kind for role in roles_of(person))


def test_who_is_on_duty_is_listed_by_place(desk, hall):
    told = words_of(desk("dengwei").text("/people"))
    for words in ("陈静 社区管理员 惠民社区", "王大山 网格员 惠民社区 · 第一网格", "刘洋 网格员 惠民社区 · 第二网格"):
        assert words in told
    assert "何芳" not in told


def test_a_person_is_found_by_whole_phone_or_name_only(desk, hall):
    browser = desk("dengwei")
    assert "赵＊ 138****0006" in words_of(browser.text("/people?person=13800000006"))
    assert "赵＊ 138****0006" in words_of(browser.text("/people?person=赵强"))
    assert "没有找到这个人。" in browser.text("/people?person=1380000")


def test_a_whole_name_is_shown_of_who_works_lives_or_talks_in_ones_own_places(desk, hall):
    dengwei = desk("dengwei")
    for words in ("陈静 138", "张兰 138"):  # the admin of 惠民社区, and a resident there
        assert words in words_of(dengwei.text(f"/people?person={words[:2]}"))
    assert "何＊ 138" in words_of(dengwei.text("/people?person=何芳"))
    talk = Conversation.create(person=hall.person("hefang"), community=Place.get(Place.code == "wenhua"))
    assert "何芳 138" in words_of(dengwei.text("/people?person=何芳"))
    talk.delete_instance()


def test_a_search_is_written_down_about_who_was_found_and_counts_for_the_day(desk, hall):
    Setting.create(community=Place.get(Place.code == "gutai"), name="people_per_day", value=2)
    setting.forget()
    dengwei = desk("dengwei")
    for name in ("赵强", "赵强", "没有这个人", "孙梅"):
        dengwei.text(f"/people?person={name}")
    rows = list(Audit.select().where(Audit.action == "person.search").order_by(Audit.id))
    assert [(row.person.name, row.about.name, row.result) for row in rows] == [
        ("邓伟", "赵强", "done"), ("邓伟", "孙梅", "done")
    ]  # fmt: skip
    assert dengwei.get("/people?person=张兰").status_code == 403
    assert Alert.get().kind == "budget_spent"


def test_neither_an_alias_nor_who_is_forgotten_is_found_or_appointed(desk, hall):
    dengwei, zhaoqiang = desk("dengwei"), hall.person("zhaoqiang")
    with write():
        alias = veil.put_on(hall.actor("zhanglan")).person
        Person.update(erased_at=now()).where(Person.id == zhaoqiang.id).execute()
    for person in (alias, zhaoqiang):
        assert "没有找到这个人。" in dengwei.text(f"/people?person={person.name}")
        assert dengwei.form("/people", "/people", key=person.key, post=admin_of(hall)).status_code == 422
        assert kinds_of(person) == []


def test_the_subdistrict_appoints_a_community_admin(desk, hall):
    zhaoqiang = hall.person("zhaoqiang")
    answer = desk("dengwei").form("/people", "/people", key=zhaoqiang.key, post=admin_of(hall, "wenhua"))
    assert answer.status_code == 303
    role = Role.get(Role.person == zhaoqiang)
    assert (role.kind, role.place) == ("community_admin", hall.community("wenhua"))
    assert role.appointed_by == hall.person("dengwei")
    assert desk("zhaoqiang").get("/inbox").status_code == 200


def test_the_subdistrict_appoints_a_grid_worker(desk, hall):
    grid = Grid.get(Grid.code == "wenhua-1")
    desk("dengwei").form("/people", "/people", key=hall.person("zhaoqiang").key, post=f"grid_worker:{grid.key}")
    role = Role.get(Role.person == hall.person("zhaoqiang"))
    assert (role.kind, role.grid, role.place) == ("grid_worker", grid, hall.community("wenhua"))


def test_nobody_appoints_himself(desk, hall):
    dengwei = hall.person("dengwei")
    answer = desk("dengwei").form("/people", "/people", key=dengwei.key, post=admin_of(hall))
    assert (answer.status_code, kinds_of(dengwei)) == (422, ["subdistrict_admin"])
    assert "不能任命自己，请由另一位上级管理员办理。" in answer.text


def test_a_post_of_the_next_subdistrict_is_no_post(desk, hall):
    zhaoqiang = hall.person("zhaoqiang")
    for post in (admin_of(hall, "liuyin"), f"grid_worker:{Grid.get(Grid.code == 'liuyin-1').key}", "", "operator:x"):
        answer = desk("dengwei").form("/people", "/people", key=zhaoqiang.key, post=post)
        assert (answer.status_code, kinds_of(zhaoqiang)) == (422, [])
    assert "请选好人和岗位再任命。" in answer.text


def test_a_part_ends_at_once(desk, hall):
    worker = desk("wangdashan")
    assert worker.get("/").status_code == 200
    role = Role.get(Role.person == hall.person("wangdashan"))
    assert desk("dengwei").form(f"/people/{role.key}/end", "/people").status_code == 303
    assert worker.get("/").location == "/console/signin"


def test_a_part_in_the_next_subdistrict_is_not_found(desk, hall):
    role = Role.get(Role.person == hall.person("hefang"))
    assert desk("dengwei").form(f"/people/{role.key}/end", "/people").status_code == 404
    assert kinds_of(hall.person("hefang")) == ["community_admin"]


def test_a_community_admin_proposes_a_worker_and_the_street_agrees(desk, hall):
    """No administrator at all, no worker of another community; the own worker once 邓伟 has looked at it."""
    browser, zhaoqiang = desk("chenjing"), hall.person("zhaoqiang")
    assert "社区管理员</option>" not in browser.text("/people")
    for post in (admin_of(hall), f"grid_worker:{Grid.get(Grid.code == 'wenhua-1').key}"):
        assert browser.form("/people", "/people", key=zhaoqiang.key, post=post).status_code == 422
    grid = Grid.get(Grid.code == "huimin-1")
    assert browser.form("/people", "/people", key=zhaoqiang.key, post=f"grid_worker:{grid.key}").status_code == 303
    assert (kinds_of(zhaoqiang), words_of(browser.text("/approvals")).count("赵强")) == ([], 1)
    row = Approval.get()
    assert browser.form(f"/approvals/{row.key}", "/approvals", answer="yes").status_code == 422
    assert kinds_of(zhaoqiang) == []
    assert desk("dengwei").form(f"/approvals/{row.key}", "/approvals", answer="yes").status_code == 303
    assert kinds_of(zhaoqiang) == ["grid_worker"]
    assert Role.get(Role.person == zhaoqiang).appointed_by == hall.person("chenjing")


def test_a_proposal_is_refused_or_taken_back_once(desk, hall):
    browser, grid = desk("chenjing"), Grid.get(Grid.code == "huimin-1")
    for answer, by, state in (("no", "dengwei", "refused"), ("withdraw", "chenjing", "withdrawn")):
        browser.form("/people", "/people", key=hall.person("zhaoqiang").key, post=f"grid_worker:{grid.key}")
        row = Approval.get(Approval.state == "asked")
        assert desk(by).form(f"/approvals/{row.key}", "/approvals", answer=answer).status_code == 303
        assert Approval.get_by_id(row.id).state == state
        assert desk("dengwei").form(f"/approvals/{row.key}", "/approvals", answer="yes").status_code == 404
    assert kinds_of(hall.person("zhaoqiang")) == []


def test_the_list_asks_the_same_number_of_questions_however_many_are_on_duty(desk, hall):
    browser, counts = desk("dengwei"), []
    for who in ("zhaoqiang", "zhanglan", "sunmei"):
        browser.form("/people", "/people", key=hall.person(who).key, post=admin_of(hall))
        with queries() as asked:
            page = browser.text("/people?person=赵强")
        counts.append(len(asked))
    assert len(re.findall("社区管理员 <span|社区管理员</p>", page)) == 4
    # Each search asks whether this was seen today; the first one counts how many people were.
    assert counts == [14, 12, 12]


def follower(name: str, number: int, kind: str = "official", followed: bool = True) -> Person:
    """Somebody who reached us by one account and has no phone with us."""
    person = Person.create(name=name)
    Conversation.create(person=person, community=Place.get(Place.code == "huimin"))
    Identity.create(person=person, account="official", kind=kind, openid=f"o-new-{number}", followed=followed)
    return person


def newcomers(page: str) -> list[str]:
    """The names offered, in their order."""
    part = page.partition("最近关注、还没有职务的人")[2].partition("在岗")[0]
    return re.findall(r"<b>([^<]+)</b>", part)


def test_who_followed_lately_and_gave_a_name_is_offered_newest_first(desk, hall):
    people = [follower(f"新人{number}", number) for number in range(22)]
    follower("", 90)
    follower("离开的人", 91, followed=False)
    follower("只用小程序", 92, kind="miniprogram")
    Role.create(person=people[20], place=hall.community(), kind="community_admin")
    found = newcomers(desk("dengwei").text("/people"))
    assert found == [mask.name(f"新人{number}") for number in (21, *range(19, 0, -1))]


def test_a_follower_without_a_phone_is_found_by_name_and_appointed(desk, hall):
    person = follower("周新", 1)
    browser = desk("dengwei")
    assert "周新 没有留手机号" in words_of(browser.text("/people?person=周新"))
    grid = Grid.get(Grid.code == "huimin-1")
    assert browser.form("/people", "/people", key=person.key, post=f"grid_worker:{grid.key}").status_code == 303
    assert [(role.kind, role.grid) for role in person.roles] == [("grid_worker", grid)]
    assert newcomers(browser.text("/people")) == []
    assert Audit.get(Audit.action == "role.appoint").detail == {"person": person.key}


def test_the_operator_appoints_district_and_subdistrict_and_the_chain_goes_on(desk, hall):
    """From one operator to a grid worker, with nothing but the desk."""
    Role.create(person=hall.person("sunmei"), place=hall.community("yutai"), kind="operator")
    first, second, third = (follower(name, number) for number, name in enumerate(("钱一", "钱二", "钱三")))
    browser = desk("sunmei")
    for words in ("示范区 区管理员", "古台街道 街道管理员", "惠民社区 社区管理员", "惠民社区 第一网格 网格员"):
        assert words in words_of(browser.text("/people"))
    for person, place in ((first, "yutai"), (second, "liutang"), (third, "liuyin")):
        post = admin_of(hall, place)
        assert browser.form("/people", "/people", key=person.key, post=post).status_code == 303
        if person != first:  # as soon as there are two of them, the other one looks at it
            row = Approval.get(Approval.state == "asked")
            with write():
                approval.decide(row, actor=actor_of(first), agreed=True)
    assert [kinds_of(one) for one in (first, second, third)] == [
        ["district_admin"], ["subdistrict_admin"], ["community_admin"],
    ]  # fmt: skip
    told = words_of(browser.text("/people"))
    assert "钱一 区管理员 示范区" in told
    assert "钱二 街道管理员 柳塘街道" in told


def test_a_subdistrict_is_offered_no_post_of_its_own_level(desk, hall):
    browser = desk("dengwei")
    follower("周新", 1)
    assert "街道管理员</option>" not in browser.text("/people")
    for place in ("gutai", "yutai"):
        answer = browser.form("/people", "/people", key=hall.person("zhaoqiang").key, post=admin_of(hall, place))
        assert (answer.status_code, kinds_of(hall.person("zhaoqiang"))) == (422, [])
