"""Staff merge what was reported twice: 孙梅's hole is 张兰's hole. Nobody is told "solved", and nobody is forgotten."""

import pytest

from app.jobs import bundle as jobs
from app.rules import follow, merge, push, veil
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import database, now, write
from models.case import Case, Step
from models.follow import Follow
from models.letter import Letter
from models.question import Question
from models.task import Task
from models.unit import Unit
from tests.rules.cases import add_photo, do, report
from tests.rules.test_same import copies, counted, flood


@pytest.fixture
def two(town):
    """张兰's hole #1001, and 孙梅's #1002, which 马素华 has met as well."""
    main = report(town)
    other = report(town, "sunmei", words="3号楼门前窨井盖没了")
    Follow.create(case=other, person=town.person("wangdashan"))
    return main, other


def put(town, case, into, who="chenjing", **more):
    with write():
        return merge.merge(Case.get_by_id(case.id), actor=town.actor(who), into=Case.get_by_id(into.id), **more)


def part(town, case, who="chenjing"):
    with write():
        return merge.unmerge(Case.get_by_id(case.id), actor=town.actor(who))


def told(town, who, event):
    rows = Letter.select().where(Letter.person == town.person(who), Letter.event.startswith(event))
    return [row.content["text"] for row in rows.order_by(Letter.id)]


def followers(case):
    return sorted(row.person.name for row in Follow.select().where(Follow.case == case))


def done(town, case):
    do(town, case, "accept", "wangdashan")
    add_photo(town, case)
    case = do(town, case, "handle", "wangdashan")
    return do(town, case, "confirm", "zhanglan")


def test_merged_with_its_history_its_followers_and_a_word_to_its_reporter(town, two):
    main, other = two
    other = put(town, other, main)
    assert (other.state, other.merged_into_id, other.solved) == ("merged", main.id, None)
    assert followers(main) == ["孙梅", "王大山"]
    steps = [(row.case_id, row.verb, row.note) for row in Step.select().order_by(Step.id.desc()).limit(2)]
    assert steps == [(main.id, "absorb", "#1002"), (other.id, "merge", "")]
    (said,) = told(town, "sunmei", "progress:")
    assert said == (
        "#1002 与 #1001 是同一件事，已合并办理；办得怎么样会一起告诉您，办好后也请您看看解决了没有。"
        "如果不是同一件，请在 #1002 里告诉我们。"
    )
    assert Audit.select().where(Audit.action.in_(["case.merge", "case.absorb"])).count() == 2


def test_its_reporter_hears_the_same_news_under_the_own_number_and_nothing_says_solved(town, two):
    main, other = two
    put(town, other, main)
    done(town, main)
    assert told(town, "sunmei", "followed:") == [
        "#1002（与 #1001 合并办理）网格员已接单。",
        "#1002（与 #1001 合并办理）已处理好。如果您那里还没有解决，请在 #1002 里告诉我们。",
        "#1002（与 #1001 合并办理）已办结。如果您那里还没有解决，请在 #1002 里告诉我们。",
    ]
    letters = list(Letter.select().where(Letter.person == town.person("sunmei"), Letter.event.startswith("followed:")))
    assert {row.case_id for row in letters} == {other.id} and all(push.may_get(row) for row in letters)
    assert (Case.get_by_id(other.id).state, Case.get_by_id(other.id).solved) == ("merged", None)
    assert told(town, "zhanglan", "followed:") == []
    assert len(told(town, "wangdashan", "followed:")) == 2  # who only met it hears that it is done and that it ended


def test_the_worker_is_called_off_the_question_ends_and_no_limit_reminds(town, two):
    main, other = two
    do(town, other, "dispatch", "chenjing", worker="liuyang")
    Question.create(case=other, text="哪个门口？", asked_by=town.person("chenjing"), due_at=now())
    other = put(town, other, main)
    assert told(town, "liuyang", "called_off:") == ["#1002 已并入另一件一起办理，您不用去了。"]
    owed = Letter.select().where(Letter.case == other, Letter.kind == "case_assigned", Letter.state == "owed")
    assert (owed.count(), Question.get().state) == (0, "withdrawn")


def test_an_anonymous_reporter_is_told_under_the_alias_and_stays_hidden(town):
    main = report(town)
    with write():
        speaker = veil.put_on(town.actor("sunmei"))
    from_alias = Case.get_by_id(report(town, "wangdashan").id)
    Case.update(reporter=speaker.person, anonymous=True, same_as=None).where(Case.id == from_alias.id).execute()
    put(town, from_alias, main)
    done(town, main)
    letters = list(Letter.select().where(Letter.person == speaker.person))
    assert [row.content["text"][:20] for row in letters] == [
        "#1002 与 #1001 是同一件事，", "#1002（与 #1001 合并办理）网", "#1002（与 #1001 合并办理）已",
        "#1002（与 #1001 合并办理）已",
    ]  # fmt: skip
    assert {row.identity.person for row in letters} == {town.person("sunmei")}
    assert all(push.may_get(row) for row in letters)
    assert followers(main) == ["匿名居民"]


def test_a_merged_one_is_no_main_and_a_main_takes_its_own_along(town):
    first, second, third, fourth = (
        report(town, words=f"{number}号楼门口井盖坏了", place=town.building(f"{number}号楼"), who=who)
        for number, who in ((1, "zhanglan"), (2, "sunmei"), (3, "masuhua"), (5, "zhaoqiang"))
    )
    put(town, second, first)
    assert put(town, third, second).merged_into_id == first.id
    put(town, first, fourth)
    assert {Case.get_by_id(row.id).merged_into_id for row in (first, second, third)} == {fourth.id}
    assert followers(fourth) == ["孙梅", "张兰", "马素华"]
    assert Step.select().order_by(Step.id.desc()).first().note == "#1001，连同并入它的 2 件"
    with pytest.raises(Refusal) as said:
        put(town, fourth, second)
    assert said.value.code == "same_case"


def test_what_is_refused(town, two):
    main, other = two
    elsewhere = report(town, community=town.community("liuyin"), place=None, category="street_light", words="灯不亮")
    complaint = report(town, words="网格员王大山态度恶劣，不作为，我要投诉他")
    lamp = report(town, category="street_light", words="路灯不亮")
    closed = done(town, report(town, place=town.building("5号楼")))
    for case, into, code in (
        (main, main, "same_case"), (other, elsewhere, "other_community"), (other, complaint, "complaint_stays"),
        (other, lamp, "hazard_stays"), (other, closed, "main_over"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as said:
            put(town, case, into)
        assert said.value.code == code
    with pytest.raises(Refusal) as said, write():
        merge.merge(other, actor=town.actor("chenjing"), into=None)
    assert said.value.code == "into_missing"
    for who in ("zhanglan", "sunmei", "hefang", "dengwei", "liuyang"):
        with pytest.raises(Forbidden):
            put(town, other, main, who)
    put(town, other, main, "wangdashan")
    with pytest.raises(Conflict):
        put(town, other, main)
    assert Case.select().where(Case.merged_into.is_null(False)).count() == 1


@pytest.mark.parametrize("said", ["#1001", "＃1001", "1001", "key"])
def test_named_by_its_number_or_its_key(sqlite_town, said):
    town = sqlite_town
    main, other = report(town), report(town, "sunmei")
    actor = town.actor("chenjing")
    assert merge.named(main.key if said == "key" else said, other, actor=actor) == main
    assert merge.named(" ", other, actor=actor) is None
    for unknown in ("#9999", "99999999999", "abcdefghijklmnop", "#-1", "٣"):
        with pytest.raises(Refusal) as refused:
            merge.named(unknown, other, actor=actor)
        assert refused.value.code == "case_unknown"


def test_unmerged_it_is_reported_anew_and_its_people_leave(town, two):
    main, other = two
    with write():
        follow.follow(Case.get_by_id(main.id), actor=town.actor("sunmei"))
    put(town, other, main)
    other = part(town, other)
    assert (other.state, other.merged_into_id, other.closed_at) == ("dispatched", None, None)
    assert other.accept_due > now()
    # 孙梅 had said 我也遇到了 herself before; 王大山 came with the merge only.
    assert followers(main) == ["孙梅"]
    assert told(town, "sunmei", "progress:")[-1] == "#1002 已改为单独办理，网格员会到现场，有进展会告诉您。"
    assert [row.verb for row in Step.select().where(Step.case == main).order_by(Step.id.desc()).limit(2)] == [
        "part", "absorb",
    ]  # fmt: skip
    assert Letter.select().where(Letter.case == other, Letter.kind == "case_assigned", Letter.state == "owed").count()


def test_the_reporter_objects_on_the_own_number_and_staff_decide(town, two):
    main, other = two
    put(town, other, main)
    with write():
        merge.object_to(Case.get_by_id(other.id), actor=town.actor("sunmei"), note="我说的是东门那个井盖")
    assert told(town, "chenjing", "objected:") == [
        "#1002 的上报人说与 #1001 不是同一件，或那里还没解决：我说的是东门那个井盖\n请到工作台核对，需要时取消合并。"
    ]
    assert Case.get_by_id(other.id).state == "merged"
    with pytest.raises(Refusal):
        merge.object_to(Case.get_by_id(other.id), actor=town.actor("sunmei"), note=" ")
    with pytest.raises(Forbidden):
        merge.object_to(Case.get_by_id(other.id), actor=town.actor("zhanglan"), note="不是")
    with pytest.raises(Conflict):
        merge.object_to(Case.get_by_id(main.id), actor=town.actor("zhanglan"), note="不是")


def test_the_main_one_is_taken_back_and_the_others_still_have_the_hole(town):
    main, second, third = (report(town, who) for who in ("zhanglan", "sunmei", "masuhua"))
    for case in (second, third):
        put(town, case, main)
    do(town, main, "withdraw", "zhanglan")
    second, third = Case.get_by_id(second.id), Case.get_by_id(third.id)
    assert (second.state, second.merged_into_id) == ("dispatched", None)
    assert (third.state, third.merged_into_id) == ("merged", second.id)
    assert followers(second) == ["马素华"]


def test_a_bundle_is_merged_in_pieces_by_one_word(sqlite_town):
    """Fifty at once, the rest by the worker, each with its history; who may not, merges nothing."""
    town = sqlite_town
    main = flood(town, 1)[0]
    copies(town, main, 120)
    with pytest.raises(NotFound), write():
        merge.merge_bundle(main, actor=town.actor("hefang"))
    with write():
        merged, left = merge.merge_bundle(main, actor=town.actor("chenjing"))
    assert (merged, left) == (50, 70)
    Task.insert(
        key="merge_rest:1:0", kind="merge_rest",
        payload={"case": main.id, "person": town.person("chenjing").id, "round": 0},
    ).execute()  # fmt: skip
    rounds = 0
    while (row := Task.get_or_none(Task.kind == "merge_rest", Task.state == "ready")) is not None:
        jobs.merge_rest(town.context, row.payload)
        Task.update(state="done").where(Task.id == row.id).execute()
        rounds += 1
    assert (Case.select().where(Case.merged_into == main).count(), rounds) == (120, 2)
    assert Step.select().where(Step.verb == "absorb").count() == 120


def test_ten_thousand_followers_are_told_in_pieces_each_once(sqlite_town):
    town, case = sqlite_town, report(sqlite_town)
    from_here = [town.person("sunmei").id, town.person("masuhua").id]
    Follow.insert_many([{"case": case, "person": one, "at": now()} for one in from_here]).execute()
    follow.AT_ONCE, before = 1, follow.AT_ONCE
    try:
        do(town, case, "accept", "wangdashan")
        add_photo(town, case)
        do(town, case, "handle", "wangdashan")
        for _ in range(4):
            for row in Task.select().where(Task.kind == "follow", Task.state == "ready"):
                jobs.tell(town.context, row.payload)
                Task.update(state="done").where(Task.id == row.id).execute()
    finally:
        follow.AT_ONCE = before
    done_letters = Letter.select().where(Letter.event.startswith("followed:"))
    assert sorted(row.person.name for row in done_letters) == ["孙梅", "马素华"]


@pytest.mark.parametrize("others", [1, 3])
def test_a_merge_takes_as_many_statements_whatever_lies_in_the_main_one(town, others):
    main = report(town)
    rows = [report(town, who, words=f"井盖坏了 {who}") for who in ("sunmei", "masuhua", "zhaoqiang")]
    for case in rows[1:others]:
        put(town, case, main)
    queries, _ = counted(lambda: put(town, rows[0], main))
    # PostgreSQL locks both rows first.
    assert queries == MERGE_QUERIES + (not database.obj.is_sqlite)


#: Statements of one merge, with the reading of both cases and of who does it.
MERGE_QUERIES = 37


def test_the_unit_complained_about_learns_nothing(sqlite_town):
    town = sqlite_town
    main, other = report(town), report(town, "sunmei")
    Case.update(about_unit=Unit.get()).where(Case.id == other.id).execute()
    with pytest.raises(Refusal) as said:
        put(town, other, main)
    assert said.value.code == "complaint_stays"
