"""陈静 sets up a password with an authenticator app; 何芳 and everybody else guess in vain."""

import secrets
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher

from app.rules import credential, session
from app.rules.refusal import Conflict, Forbidden, NotFound, Refusal
from models.audit import Audit
from models.base import now, write
from models.credential import Credential
from models.session import Session
from tests.rules.together import at_once

WORDS = "槐树下第三张石凳很凉快"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(steps: int = 0) -> str:
    """The code of this moment's step, or of one some steps away."""
    return pyotp.TOTP(SECRET).at(now(), counter_offset=steps)


def choose(town, who="chenjing", login="chenjing", password=WORDS):
    with write():
        return credential.choose(actor=town.actor(who), login=login, password=password, sealed="sealed")


@pytest.fixture
def known(town) -> Credential:
    """陈静's credential, confirmed with the code of two steps ago, so that none of now is used."""
    choose(town)
    with write():
        credential.confirm(actor=town.actor("chenjing"), code=code(), secret=SECRET)
    Credential.update(totp_step=int(now().timestamp()) // 30 - 5).execute()
    return credential.of_login("chenjing")


def prove(found, typed, right=True):
    with write():
        return credential.prove(found, right=right, code=typed, secret=SECRET)


def test_nothing_works_before_a_code_has_confirmed_it(town):
    choose(town)
    found = credential.of_login("chenjing")
    assert (credential.matches(found, WORDS), prove(found, code())) == (True, None)
    with pytest.raises(Refusal) as said, write():
        credential.confirm(actor=town.actor("chenjing"), code="12345", secret=SECRET)
    assert said.value.fields == {"code": said.value.message}
    with write():
        credential.confirm(actor=town.actor("chenjing"), code=code(), secret=SECRET)
    with pytest.raises(NotFound), write():
        credential.confirm(actor=town.actor("chenjing"), code=code(), secret=SECRET)


def test_password_and_code_prove_who_it_is(town, known):
    assert credential.matches(known, WORDS) is True
    assert prove(known, code()) == town.person("chenjing")


def test_the_code_of_the_confirmation_is_used_up(town):
    choose(town)
    with write():
        credential.confirm(actor=town.actor("chenjing"), code=code(), secret=SECRET)
    assert prove(credential.of_login("chenjing"), code()) is None


def test_a_code_is_taken_once_and_no_older_one_after_it(known):
    current = code()
    assert prove(known, current) is not None
    assert prove(known, current) is None
    assert prove(known, code(-1)) is None


@pytest.mark.parametrize(("steps", "taken"), [(-3, False), (-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(known, steps, taken):
    in_step = int(now().timestamp()) // 30
    typed = code(steps)
    assert (prove(known, typed) is not None) is taken
    assert not taken or Credential.get().totp_step in (in_step + steps, in_step + steps + 1)


@pytest.mark.parametrize("typed", ["", "000000", "１２", "12345", "1234567", "abcdef", "0" * 300, "-1", "1e5", "\x00"])
def test_what_is_no_code_proves_nothing(known, typed):
    assert typed in (code(-1), code(), code(1)) or prove(known, typed) is None


def test_a_code_as_people_type_it(known):
    current = code()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in current)
    assert prove(known, f" {wide[:3]} {wide[3:]} ") is not None


def test_a_right_code_with_a_wrong_password_is_not_used_up(known):
    assert credential.matches(known, "槐树下第四张石凳很凉快") is False
    assert prove(known, code(), right=False) is None
    assert prove(known, code()) is not None


def test_without_the_opened_secret_nothing_is_proven(known):
    """The key of the installation was changed: an empty secret must not make codes of its own."""
    for secret in (None, ""):
        # What an empty key gives by RFC 4226 at step 0 would be the same for everybody.
        for typed in ("", "000000", "328482", code()):
            with write():
                assert credential.prove(known, right=True, code=typed, secret=secret) is None


def test_the_same_code_twenty_times_at_once_proves_once(known):
    current = code()
    results = at_once(*[lambda: prove(known, current)] * 20)
    assert (results.count(None), len(results)) == (19, 20)


def test_ten_thousand_guessed_codes_are_refused(known):
    right = {code(steps) for steps in range(-1, 3)}
    guesses = {f"{secrets.randbelow(10**6):06d}" for _ in range(10_000)} - right
    assert [guess for guess in guesses if credential._step_of(SECRET, guess)] == []


def test_a_failure_is_written_down_without_what_was_typed(town, known):
    with write():
        credential.prove(known, right=False, code="123456", secret=SECRET, address="203.0.113.66")
    row = Audit.get(Audit.action == "signin.password")
    assert (row.result, row.about, row.person, row.detail) == ("refused", town.person("chenjing"), None, {})
    assert (row.address, row.door, row.role) == ("203.0.113.66", "console", "guest")


def test_an_unknown_login_is_nobody_and_takes_a_hash_all_the_same(known):
    assert credential.of_login("nobody") is None
    assert credential.matches(None, WORDS) is False
    assert prove(None, code()) is None
    assert credential._NOBODY.split("$")[1:4] == known.password_hash.split("$")[1:4]


def test_the_login_is_found_however_it_is_typed(known):
    assert credential.of_login(" ＣｈｅｎＪｉｎｇ ") == known


@pytest.mark.parametrize(
    "password",
    [
        "", "123456789", "a" * 129, "1234567890", "password123", "Chenjing2026", "chenjing-chenjing", "13800000003ab",
        "陈静陈静陈静陈静陈静", "aaaaaaaaaaaa", "1231231231", "qwertyuiop1", "woaini1314520", "admin@2026",
        "家门口社区密码家门口", "abababababab", "          aaa",
    ],
)  # fmt: skip
def test_obvious_passwords_are_refused(sqlite_town, password):
    with pytest.raises(Refusal) as said:
        choose(sqlite_town, password=password)
    assert (said.value.code, list(said.value.fields)) == ("password_weak", ["password"])
    assert Credential.select().count() == 0


@pytest.mark.parametrize("password", [WORDS, "correct horse battery", "x7-Kd92-mmQp", "a" * 60 + "bcdefgh" + "z" * 61])
def test_a_sentence_of_ones_own_is_taken(sqlite_town, password):
    choose(sqlite_town, password=password)
    assert credential.matches(credential.of_login("chenjing"), password) is True


@pytest.mark.parametrize("login", ["", "ab", "1chen", "13800000003", "陈静静", "chen jing", "c" * 33, "../etc", "a'--"])
def test_what_cannot_be_a_login(sqlite_town, login):
    with pytest.raises(Refusal) as said:
        choose(sqlite_town, login=login)
    assert said.value.code == "login_invalid"


def test_a_login_belongs_to_one_person(town, known):
    with pytest.raises(Refusal) as said:
        choose(town, "hefang", "CHENJING")
    assert said.value.code == "login_taken"
    assert credential.of(town.person("hefang")) is None


def test_a_login_that_nobody_confirmed_is_free_after_a_day(town):
    choose(town, "hefang", "chenjing")
    with pytest.raises(Refusal):
        choose(town)
    Credential.update(changed_at=now() - timedelta(hours=25)).execute()
    assert choose(town).person == town.person("chenjing")


def test_setting_up_again_needs_taking_away_first(town, known):
    with pytest.raises(Conflict):
        choose(town)
    here, _ = session.open_session(town.person("chenjing"), door="console", lasts=timedelta(hours=1))
    with write():
        credential.remove(actor=town.actor("chenjing"), kept=here)
    with pytest.raises(NotFound):
        credential.remove(actor=town.actor("chenjing"), kept=here)
    assert choose(town).confirmed_at is None


def test_a_resident_needs_no_password_and_gets_none(sqlite_town):
    with pytest.raises(Forbidden):
        choose(sqlite_town, "zhanglan", "zhanglan")


def test_another_password_signs_out_where_the_old_one_was_used(town, known):
    lasts, chenjing = timedelta(hours=1), town.person("chenjing")
    ways = ("qr", "password", "password")
    by_qr, old, here = (session.open_session(chenjing, door="console", lasts=lasts, way=way)[0] for way in ways)
    with write():
        credential.change_password(actor=town.actor("chenjing"), password="九月的石榴比八月的甜", kept=here)
    assert list(Session.select().where(Session.ended_at.is_null()).order_by(Session.id)) == [by_qr, here]
    found = credential.of_login("chenjing")
    assert [credential.matches(found, words) for words in (WORDS, "九月的石榴比八月的甜")] == [False, True]
    assert Session.get_by_id(old.id).ended_at is not None


def test_the_hash_is_argon2id_and_is_made_anew_when_the_parameters_change(known):
    assert known.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert credential.rehashed(known, WORDS) == ""
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(WORDS)
    Credential.update(password_hash=weak).execute()
    found = credential.of_login("chenjing")
    fresh = credential.rehashed(found, WORDS)
    with write():
        credential.prove(found, right=credential.matches(found, WORDS), code=code(), secret=SECRET, rehash=fresh)
    assert Credential.get().password_hash == fresh
    assert credential.matches(credential.of_login("chenjing"), WORDS) is True


def test_nothing_secret_is_in_the_audit_log(town, known):
    prove(known, code(), right=False)
    kept = repr(list(Audit.select().dicts()))
    assert [word for word in (WORDS, SECRET, "sealed", known.password_hash) if word in kept] == []
