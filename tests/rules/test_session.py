"""Sessions: a token opens until it ends; a desk is entered by a code that is scanned, consented to and used once."""

import secrets
from datetime import timedelta

import pytest

from app.rules import session as sessions
from app.rules.refusal import Conflict, Forbidden, Refusal
from models.audit import Audit
from models.base import now
from models.lifecycle import SIGNIN, find
from models.person import Person
from models.place import Place
from models.role import Role
from models.session import Session, SetupCode, Signin
from tests.rules.together import at_once, kinds

DAY = timedelta(days=1)


def open_for(town, who="chenjing", door="console", **more):
    return sessions.open_session(town.person(who), door=door, lasts=DAY, agent="Firefox", **more)


def age(session, minutes):
    """Let a session be that old."""
    Session.update(created_at=now() - timedelta(minutes=minutes)).where(Session.id == session.id).execute()


def show(browser="cookie", purpose="desk", lasts=timedelta(minutes=2)):
    return sessions.show_signin(browser=browser, purpose=purpose, lasts=lasts, agent="", address="198.51.100.7")


def wrong(signin):
    return f"{(int(signin.number) + 1) % 10_000:04d}"


def test_a_token_opens_its_own_door_only(sqlite_town):
    session, token = open_for(sqlite_town)
    assert sessions.find_session(token, door="console") == session
    assert sessions.find_session(token, door="api") is None
    assert sessions.find_session(token + "x", door="console") is None


def test_the_token_itself_is_kept_nowhere(sqlite_town):
    session, token = open_for(sqlite_town)
    assert len(token) >= 43
    kept = repr([*Session.select().dicts(), *Audit.select().dicts()])
    assert (token in kept, sessions.digest(token) in kept) == (False, True)
    assert Audit.get(Audit.action == "session.open").subject == session.key


def test_an_ended_session_is_over_at_once(sqlite_town):
    session, token = open_for(sqlite_town)
    sessions.end_session(session, actor=sqlite_town.actor("chenjing"))
    assert sessions.find_session(token, door="console") is None


def test_a_session_ends_by_age_and_by_idleness(sqlite_town):
    session, token = open_for(sqlite_town)
    for values, idle, found in (
        ({"expires_at": now() + timedelta(seconds=30)}, None, True),
        ({"expires_at": now() - timedelta(seconds=1)}, None, False),
        ({"expires_at": now() + DAY, "seen_at": now() - timedelta(minutes=119)}, timedelta(hours=2), True),
        ({"expires_at": now() + DAY, "seen_at": now() - timedelta(minutes=121)}, timedelta(hours=2), False),
    ):
        Session.update(**values).where(Session.id == session.id).execute()
        assert (sessions.find_session(token, door="console", idle=idle) is not None) is found


def test_the_desk_gets_a_new_token_every_quarter_of_an_hour(town):
    session, first = open_for(town)
    assert sessions.rotate(sessions.find_session(first, door="console"), token=first, successor="second") is False
    age(session, minutes=15)
    assert sessions.rotate(sessions.find_session(first, door="console"), token=first, successor="second") is True
    assert sessions.find_session("second", door="console") == session
    later = sessions.find_session("second", door="console")
    assert sessions.rotate(later, token="second", successor="third") is False
    assert sessions.find_session("third", door="console") is None


def test_the_token_before_is_good_for_a_minute_and_tells_the_same_successor(town):
    """An answer with the new token was lost on its way: whoever comes with the old one is told again."""
    session, first = open_for(town)
    age(session, minutes=16)
    sessions.rotate(sessions.find_session(first, door="console"), token=first, successor="second")
    late = sessions.find_session(first, door="console")
    assert (late, sessions.rotate(late, token=first, successor="second")) == (session, True)
    for seconds, found in ((59, session), (61, None)):
        Session.update(rotated_at=now() - timedelta(seconds=seconds)).execute()
        assert sessions.find_session(first, door="console") == found
    assert sessions.find_session("second", door="console") == session


def test_many_requests_at_once_rotate_once(town):
    session, first = open_for(town)
    age(session, minutes=20)

    def come():
        found = sessions.find_session(first, door="console")
        return sessions.rotate(found, token=first, successor="second")

    assert at_once(*[come] * 12) == [True] * 12
    kept = Session.get_by_id(session.id)
    assert (kept.token_hash, kept.previous_hash) == (sessions.digest("second"), sessions.digest(first))


def test_an_ended_session_is_ended_for_both_of_its_tokens(sqlite_town):
    session, first = open_for(sqlite_town)
    age(session, minutes=20)
    sessions.rotate(sessions.find_session(first, door="console"), token=first, successor="second")
    sessions.end_session(session, actor=sqlite_town.actor("chenjing"))
    assert [sessions.find_session(token, door="console") for token in (first, "second")] == [None, None]


def test_a_renewed_session_of_the_api_has_one_token_and_its_old_end(town):
    session, first = open_for(town, "zhanglan", "api")
    second = sessions.renew(session, actor=town.actor("zhanglan"))
    assert [sessions.find_session(token, door="api") for token in (first, second)] == [None, session]
    assert Session.get_by_id(session.id).expires_at == session.expires_at
    with pytest.raises(Conflict):
        sessions.renew(session, actor=town.actor("zhanglan"))


def test_only_live_sessions_are_listed_the_newest_first(sqlite_town):
    idle = {"api": timedelta(days=14), "console": timedelta(hours=2)}
    phone, _ = open_for(sqlite_town, door="api")
    screen, _ = open_for(sqlite_town)
    slept, _ = open_for(sqlite_town)
    ended, _ = open_for(sqlite_town)
    open_for(sqlite_town, "hefang")
    Session.update(seen_at=now() - timedelta(hours=3)).where(Session.id.in_([slept.id, phone.id])).execute()
    sessions.end_session(ended, actor=sqlite_town.actor("chenjing"))
    assert list(sessions.live_of(sqlite_town.person("chenjing"), idle)) == [screen, phone]


def test_all_others_end_and_this_one_stays(town):
    here, _ = open_for(town)
    open_for(town, door="api")
    neighbour, _ = open_for(town, "hefang")
    assert sessions.end_others(here, actor=town.actor("chenjing")) == 1
    assert list(Session.select().where(Session.ended_at.is_null()).order_by(Session.id)) == [here, neighbour]


def test_the_sessions_at_the_desk_end_and_those_of_the_phone_stay(town):
    phone, _ = open_for(town, door="api")
    by_qr, _ = open_for(town, way="qr")
    open_for(town, way="password")
    dengwei, chenjing = town.actor("dengwei"), town.person("chenjing")
    assert sessions.end_desk_sessions(chenjing, actor=dengwei, way="password") == 1
    assert sessions.end_desk_sessions(chenjing, actor=dengwei) == 1
    assert list(Session.select().where(Session.ended_at.is_null())) == [phone]
    row = Audit.get(Audit.action == "session.end", Audit.subject == by_qr.key)
    assert (row.person, row.about) == (town.person("dengwei"), chenjing)


def test_after_a_change_of_rights_the_next_request_gets_a_new_token(sqlite_town):
    _, first = open_for(sqlite_town)
    sessions.rotate_desk_sessions(sqlite_town.person("chenjing"))
    assert sessions.rotate(sessions.find_session(first, door="console"), token=first, successor="second") is True


def test_a_sign_in_is_fresh_for_ten_minutes(sqlite_town):
    session, _ = open_for(sqlite_town)
    sessions.need_fresh(session)
    age(session, minutes=10)
    with pytest.raises(Forbidden):
        sessions.need_fresh(Session.get_by_id(session.id))


def test_ten_thousand_guesses_hit_nothing(sqlite_town):
    """Tokens, scenes and setup codes are looked up by what is guessed; none of them is there."""
    _, token = open_for(sqlite_town)
    signin, code = show(), sessions.new_setup_code()
    hits = 0
    for number in range(10_000):
        guess = secrets.token_urlsafe(32)
        hits += sessions.find_session(guess, door="console") is not None
        hits += Signin.get_or_none(Signin.scene == "signin-" + secrets.token_hex(12)) is not None
        hits += number < 1_000 and sessions.setup_code_valid(secrets.token_hex(6).upper())
    assert hits == 0
    assert sessions.find_session(token, door="console") and sessions.setup_code_valid(code)
    assert Signin.get_or_none(Signin.scene == signin.scene)


def test_the_last_use_is_written_now_and_then_only(sqlite_town):
    session, token = open_for(sqlite_town)
    for minutes, written in ((4, False), (6, True), (7, False)):
        moment = session.created_at + timedelta(minutes=minutes)
        before = Session.get_by_id(session.id).seen_at
        sessions.touch(sessions.find_session(token, door="console"), moment)
        assert (Session.get_by_id(session.id).seen_at != before) is written


def test_long_names_of_browsers_are_cut(town):
    long = {"agent": "A" * 900, "address": "1" * 90}
    session, _ = sessions.open_session(town.person("chenjing"), door="api", lasts=DAY, **long)
    assert (len(Session.get_by_id(session.id).agent), len(session.address)) == (200, 64)


def test_scan_number_and_in(town):
    signin, chenjing = show(), town.person("chenjing")
    assert sessions.pending_signin(chenjing) is False
    sessions.scan_signin(signin.scene, chenjing)
    assert sessions.pending_signin(chenjing) is True
    assert sessions.use_signin(signin.scene, "cookie") is None
    assert sessions.consent_signin(chenjing, signin.number).state == "approved"
    used = sessions.use_signin(signin.scene, "cookie")
    assert (used.person, Signin.get_by_id(used.id).state) == (chenjing, "used")
    assert sessions.use_signin(signin.scene, "cookie") is None


def test_only_the_browser_that_showed_the_code_comes_in(sqlite_town):
    signin, chenjing = show(), sqlite_town.person("chenjing")
    sessions.scan_signin(signin.scene, chenjing)
    sessions.consent_signin(chenjing, signin.number)
    assert sessions.use_signin(signin.scene, "another") is None
    assert sessions.use_signin(signin.scene, "cookie") == signin


def test_a_scanned_code_belongs_to_its_scanner(sqlite_town):
    """何芳 photographs the code that 陈静 has scanned."""
    signin, chenjing, hefang = show(), sqlite_town.person("chenjing"), sqlite_town.person("hefang")
    sessions.scan_signin(signin.scene, chenjing)
    assert sessions.scan_signin(signin.scene, hefang) is None
    assert sessions.scan_signin(signin.scene, chenjing) == signin
    with pytest.raises(Refusal) as said:
        sessions.consent_signin(hefang, signin.number)
    assert said.value.code == "signin_gone"


def test_two_people_scan_at_once_and_one_has_it(town):
    signin = show()
    people = [town.person(key) for key in ("chenjing", "hefang")]
    scans = at_once(*[lambda who=who: sessions.scan_signin(signin.scene, who) for who in people])
    assert kinds(scans) == ["NoneType", "Signin"]


def test_three_wrong_numbers_end_it(sqlite_town):
    signin, chenjing = show(), sqlite_town.person("chenjing")
    sessions.scan_signin(signin.scene, chenjing)
    for code in ("signin_number", "signin_number", "signin_gone", "signin_gone"):
        with pytest.raises(Refusal) as said:
            sessions.consent_signin(chenjing, wrong(signin))
        assert said.value.code == code
    assert Signin.get_by_id(signin.id).state == "refused"
    with pytest.raises(Refusal):
        sessions.consent_signin(chenjing, signin.number)


def test_many_wrong_numbers_at_once_end_it_too(town):
    signin, chenjing = show(), town.person("chenjing")
    sessions.scan_signin(signin.scene, chenjing)
    at_once(*[lambda: sessions.consent_signin(chenjing, wrong(signin))] * 6)
    assert Signin.get_by_id(signin.id).state == "refused"


def test_an_old_code_is_worth_nothing(sqlite_town):
    chenjing = sqlite_town.person("chenjing")
    old = show(lasts=timedelta(seconds=-1))
    assert sessions.scan_signin(old.scene, chenjing) is None
    assert sessions.scan_signin("signin-unknown", chenjing) is None
    signin = show()
    sessions.scan_signin(signin.scene, chenjing)
    sessions.consent_signin(chenjing, signin.number)
    Signin.update(expires_at=now()).execute()
    assert sessions.use_signin(signin.scene, "cookie") is None


@pytest.mark.parametrize("state", ["shown", "scanned", "approved", "refused", "used"])
@pytest.mark.parametrize("verb", sorted({move.verb for move in SIGNIN}))
def test_every_verb_of_a_signin_in_every_state(sqlite_town, state, verb):
    signin = show()
    Signin.update(state=state).where(Signin.id == signin.id).execute()
    step = find(SIGNIN, state, verb)
    assert sessions._move(Signin.get_by_id(signin.id), verb) is (step is not None)
    assert Signin.get_by_id(signin.id).state == (step.target if step else state)


def test_a_code_that_the_scanner_refused_lets_nobody_in(sqlite_town):
    signin, chenjing = show(), sqlite_town.person("chenjing")
    assert sessions.refuse_signin(chenjing) is False
    sessions.scan_signin(signin.scene, chenjing)
    assert sessions.refuse_signin(sqlite_town.person("hefang")) is False
    assert sessions.refuse_signin(chenjing) is True
    assert (Signin.get_by_id(signin.id).state, sessions.use_signin(signin.scene, "cookie")) == ("refused", None)


def test_a_stale_signin_loses(sqlite_town):
    signin = show()
    stale = Signin.get_by_id(signin.id)
    sessions.scan_signin(signin.scene, sqlite_town.person("chenjing"))
    assert sessions._move(stale, "scan", person=sqlite_town.person("hefang")) is False
    assert Signin.get_by_id(signin.id).person == sqlite_town.person("chenjing")


def test_the_first_administrator_is_made_once(sqlite_town):
    assert sessions.setup_needed() is True
    code, zhaoqiang = sessions.new_setup_code(), sqlite_town.person("zhaoqiang")
    assert sessions.setup_code_valid(f" {code[:6].lower()} {code[6:]}") is True
    sessions.use_setup_code(code.lower(), zhaoqiang)
    held = Role.select(Role.kind).where(Role.person == zhaoqiang)
    assert sorted(role.kind for role in held) == ["district_admin", "operator"]
    assert (sessions.setup_needed(), sessions.setup_code_valid(code)) == (False, False)
    with pytest.raises(Refusal) as said:
        sessions.use_setup_code(code, sqlite_town.person("hefang"))
    assert said.value.code == "setup_code"
    assert code not in repr(list(SetupCode.select().dicts()))


def test_a_setup_code_used_by_many_at_once_makes_one(town):
    code = sessions.new_setup_code()
    people = [Person.create(name=str(number)) for number in range(5)]
    done = at_once(*[lambda who=who: sessions.use_setup_code(code, who) for who in people])
    assert kinds(done) == ["NoneType"] + ["Refusal"] * 4
    assert Role.select().where(Role.kind == "operator").count() == 1


def test_an_old_setup_code_makes_nobody(sqlite_town):
    code = sessions.new_setup_code(timedelta(seconds=-1))
    assert sessions.setup_code_valid(code) is False
    with pytest.raises(Refusal):
        sessions.use_setup_code(code, sqlite_town.person("zhaoqiang"))
    assert sessions.setup_needed() is True


def test_a_code_before_any_district_is_kept(sqlite_town):
    """The places were forgotten: nothing is spent, and after `load` the same code works."""
    code, zhaoqiang = sessions.new_setup_code(), sqlite_town.person("zhaoqiang")
    Place.update(kind="town").where(Place.kind == "district").execute()
    assert sessions.setup_needed() is True
    with pytest.raises(Refusal) as said:
        sessions.use_setup_code(code, zhaoqiang)
    assert (said.value.code, said.value.message) == (
        "no_district", "还没有载入行政区划，请先在服务器上运行 app.cli load。",
    )  # fmt: skip
    Place.update(kind="district").where(Place.kind == "town").execute()
    sessions.use_setup_code(code, zhaoqiang)
    assert sessions.setup_needed() is False


def test_a_district_loaded_later_gets_its_own_operator(town):
    sessions.use_setup_code(sessions.new_setup_code(), town.person("zhaoqiang"))
    later = Place.create(kind="district", name="新区", label="新区", code="xinqu")
    assert sessions.setup_needed() is True
    sessions.use_setup_code(sessions.new_setup_code(), town.person("sunmei"))
    held = Role.select(Role.place).where(Role.person == town.person("sunmei"), Role.kind == "operator")
    assert [role.place for role in held] == [later]
    assert sessions.setup_needed() is False
