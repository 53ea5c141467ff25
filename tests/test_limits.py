"""How often one may: per person, per community, per address, with and without Redis; who floods harms nobody else."""

import itertools
import logging
import socket
import time

import pytest

from app import counters, factory
from app.config import ConfigError
from app.context import TooMany, Unavailable, database_open, make_context
from app.counters import Counters
from app.rules import filing
from app.rules.address import neighbourhood
from models.base import database
from models.case import Case
from tests.handlers.api.conftest import Door, door, key_of  # noqa: F401 - fixtures
from tests.servers import free_port
from tests.town import settings_for

LIMITS = {
    "DOORSTEP_LIMITS__CASES": "20/hour", "DOORSTEP_LIMITS__CASES_COMMUNITY": "5/hour",
    "DOORSTEP_LIMITS__LINES": "60/minute", "DOORSTEP_LIMITS__LINES_COMMUNITY": "5/hour",
    "DOORSTEP_LIMITS__LOGIN": "3/hour",
}  # fmt: skip
DULL = "楼道里的灯罩上有灰，麻烦擦一擦"
HAZARD = "3号楼门口井盖坏了"


@pytest.fixture
def client(sqlite_town, request):
    """A client of the town with small limits; `indirect` gives it others."""
    environ = {"DOORSTEP_DATABASE__URL": sqlite_town.settings.database_url} | LIMITS | getattr(request, "param", {})
    settings = settings_for(sqlite_town.settings.folder, environ.pop("DOORSTEP_DATABASE__URL"), **environ)
    database.close()
    client = factory.create_app(settings).test_client()
    client.town, sqlite_town.settings = sqlite_town, settings
    yield client


def report(mine: Door, words: str = DULL, **more) -> int:
    return mine.post("/cases", {"words": words} | more)[0]


def test_one_person_may_report_so_often(client, door):  # noqa: F811
    """The twenty-first of an hour is told to wait; what was reported stays."""
    zhanglan = door("zhanglan")
    for turn in range(20):
        assert report(zhanglan, f"{HAZARD}，第{turn}处") == 201
    status, said = zhanglan.post("/cases", {"words": HAZARD})
    assert status == 429
    assert said["error"]["message"] == "操作太频繁了，请稍等一会儿再试。"
    with database_open():
        assert Case.select().count() == 20


@pytest.mark.parametrize("client", [{"DOORSTEP_LIMITS__CASES_COMMUNITY": "600/hour"}], indirect=True)
def test_p19_who_floods_at_a_hundred_times_the_quota_stops_nobody_else(client, door):  # noqa: F811
    """张兰 sends two thousand; her neighbour 孙梅 is answered as ever."""
    zhanglan, sunmei = door("zhanglan"), door("sunmei")
    answers = [report(zhanglan, HAZARD, category="wrong") for _ in range(2000)]
    assert answers.count(429) == 1980
    assert [report(sunmei, HAZARD), report(sunmei, DULL)] == [201, 201]


@pytest.mark.parametrize("client", [{"DOORSTEP_LIMITS__CASES_COMMUNITY": "2/hour"}], indirect=True)
def test_a_community_that_writes_much_waits_together(client, door):  # noqa: F811
    assert [report(door(who)) for who in ("zhanglan", "sunmei", "zhanglan")] == [201, 201, 429]


@pytest.mark.parametrize("client", [{"DOORSTEP_LIMITS__CASES_COMMUNITY": "1/hour"}], indirect=True)
def test_a_hazard_is_let_through_when_the_community_has_written_too_much(client, door):  # noqa: F811
    zhanglan, sunmei = door("zhanglan"), door("sunmei")
    assert [report(zhanglan), report(zhanglan)] == [201, 429]
    assert report(sunmei, HAZARD) == 201
    assert report(sunmei, "家里闻到很浓的煤气味") == 201
    assert report(sunmei, "请来看看", category="missing_manhole_cover") == 201
    assert report(sunmei, DULL) == 429


@pytest.mark.parametrize("client", [{"DOORSTEP_LIMITS__CASES_COMMUNITY": "1/hour"}], indirect=True)
def test_the_next_community_does_not_wait(client, door, key_of):  # noqa: F811
    zhanglan = door("zhanglan")
    assert [report(zhanglan), report(zhanglan)] == [201, 429]
    assert report(zhanglan, community=key_of("community", "wenhua")) == 201


@pytest.mark.parametrize("client", [{"DOORSTEP_LIMITS__LINES_COMMUNITY": "1/hour"}], indirect=True)
def test_lines_are_counted_together_too_but_not_those_about_danger(client, door):  # noqa: F811
    zhanglan = door("zhanglan")
    said = [zhanglan.post("/conversation/lines", {"text": text})[0] for text in ("你好", "在吗", "着火了，楼道冒烟")]
    assert said == [201, 429, 201]


def test_a_repetition_counts_for_nobody(client, door):  # noqa: F811
    zhanglan = door("zhanglan")
    said = [zhanglan.post("/cases", {"words": DULL}, once="the-same-key")[0] for _ in range(30)]
    assert said == [201] * 30


@pytest.mark.parametrize("words", ["井盖坏了", "煤气味很大", "着火了", "电梯困人了"])
def test_what_endangers_people_is_known_by_its_words(sqlite_town, words):
    assert filing.endangers(words, sqlite_town.community())


@pytest.mark.parametrize("words", ["你好", DULL, "谢谢", ""])
def test_and_what_does_not(sqlite_town, words):
    assert not filing.endangers(words, sqlite_town.community())


# --- addresses --------------------------------------------------------------------------------------------------------


def variants() -> list[dict[str, str]]:
    """A thousand ways to claim another address."""
    names = (
        "X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP",
        "X-Cluster-Client-IP", "X-Originating-IP", "X-Remote-IP", "X-Remote-Addr", "Forwarded-For", "X-Forwarded",
        "X-Forwarded-For ", "X_Forwarded_For", "Via", "Client-IP", "X-ProxyUser-Ip", "Fastly-Client-Ip", "X-Host",
        "X-Forwarded-Host",
    )  # fmt: skip
    values = (
        "127.0.0.1", "10.0.0.{n}", "203.0.113.{n}", "198.51.100.{n}, 10.0.0.1", "10.0.0.1, 198.51.100.{n}",
        " 198.51.100.{n} ", "198.51.100.{n}:4711", "[2001:db8::{n}]", "[2001:db8::{n}]:443", "2001:db8::{n}",
        "2001:db8:{n}::1, 2001:db8:{n}::2", "::ffff:198.51.100.{n}", "::1", "for=198.51.100.{n}",
        'for="[2001:db8::{n}]";proto=https;by=203.0.113.{n}', "for=198.51.100.{n}, for=10.0.0.1",
        "unknown", "_hidden{n}", "localhost", "0.0.0.0", "255.255.255.255", "198.51.100.{n},,,", ",198.51.100.{n}",
        "198.51.100.{n}\t", "0x7f.1", "2130706433", "0177.0.0.{n}", "198.51.100.{n} 198.51.100.{n}",
        "198.51.100.{n};198.51.100.{n}", "fe80::{n}%eth0", "１９８.51.100.{n}", "198.51.100.{n}/32",
        "a" * 900, "null", "undefined", "'198.51.100.{n}'", '"198.51.100.{n}"', "<198.51.100.{n}>", "198.51.100.{n}#",
        "http://198.51.100.{n}/", "%31%39%38.51.100.{n}", "198.51.100.{n}, unknown", "unknown, 198.51.100.{n}",
        "-1", "1e3", "198.51.100.999", "::", "1::{n}", "64:ff9b::198.51.100.{n}", "2002:c633:6407::{n}",
    )  # fmt: skip
    pairs = itertools.product(names, values)
    filled = ((name, value.replace("{n}", str(turn % 250 + 1))) for turn, (name, value) in enumerate(pairs))
    return [{name: value.encode().decode("latin-1")} for name, value in filled]


def login_statuses(client, claims, peer: str) -> list[int]:
    return [
        client.post("/api/v1/login", json={"code": "x"}, headers=claim, environ_base={"REMOTE_ADDR": peer}).status_code
        for claim in claims
    ]


def test_p19_a_thousand_claimed_addresses_change_nothing(client):
    """Three tries an hour for one address: whatever it says of itself, the fourth is refused, and the thousandth."""
    claims = variants()
    assert len(claims) == 1000
    found = login_statuses(client, claims, "203.0.113.9")
    assert 429 not in found[:3]
    assert found[3:] == [429] * 997


@pytest.mark.parametrize("client", [{"DOORSTEP_SERVER__TRUSTED_PROXIES": '["10.0.0.0/8"]'}], indirect=True)
def test_p19_nor_do_they_behind_our_own_balancer_which_adds_the_true_one(client):
    """The balancer writes the true address at the end of whatever came; only X-Forwarded-For is its to write."""
    claims = []
    for claim in variants():
        said = claim.get("X-Forwarded-For")
        claims.append({**claim, "X-Forwarded-For": f"{said}, 203.0.113.9" if said else "203.0.113.9"})
    found = login_statuses(client, claims, "10.0.0.1")
    assert 429 not in found[:3]
    assert found[3:] == [429] * 997


@pytest.mark.parametrize("client", [{"DOORSTEP_SERVER__TRUSTED_PROXIES": '["10.0.0.0/8"]'}], indirect=True)
def test_what_the_balancer_says_is_believed(client):
    said = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(1, 9)]
    assert 429 not in login_statuses(client, said, "10.0.0.1")


@pytest.mark.parametrize(
    ("who", "counted"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9", "203.0.113.9"),
        ("abcdefghij234567", "abcdefghij234567"),
        ("", ""),
    ],
)
def test_whoever_has_one_address_of_six_has_all_of_its_site(who, counted):
    assert neighbourhood(who) == counted


def test_a_site_of_six_is_counted_as_one(client):
    found = [login_statuses(client, [{}], f"2001:db8:1:2::{number:x}")[0] for number in range(1, 9)]
    assert found[3:] == [429] * 5
    assert login_statuses(client, [{}], "2001:db8:1:3::1") != [429]


# --- without Redis ----------------------------------------------------------------------------------------------------


@pytest.fixture
def no_redis() -> str:
    """An address where no Redis answers."""
    return f"redis://:secret-word@127.0.0.1:{free_port()}/0"


@pytest.fixture
def away(client, no_redis):
    """The client's town with a Redis that is down."""
    environ = LIMITS | {"DOORSTEP_REDIS__URL": no_redis}
    settings = settings_for(client.town.settings.folder, client.town.settings.database_url, **environ)
    database.close()
    found = factory.create_app(settings).test_client()
    found.town = client.town
    return found


def test_p19_without_redis_nobody_logs_in(away):
    answer = away.post("/api/v1/login", json={"code": "x"})
    assert answer.status_code == 503
    assert answer.get_json() == {
        "error": {"code": "unavailable", "message": "系统暂时无法核对操作次数，请过几分钟再试。", "fields": {}}
    }
    assert answer.headers["Retry-After"] == "60"


def test_p19_without_redis_nobody_signs_in_at_the_desk(away):
    page = away.get("/console/signin")
    assert page.status_code == 503
    assert "系统暂时无法核对操作次数，请过几分钟再试。" in page.text


def test_p19_without_redis_hazards_and_words_go_on(away, door):  # noqa: F811
    zhanglan = Door(away, door("zhanglan").token)
    assert report(zhanglan, HAZARD) == 201
    assert zhanglan.post("/conversation/lines", {"text": "有人吗"})[0] == 201


def test_without_redis_each_process_counts_by_itself(no_redis):
    one = Counters(no_redis)
    assert [one.hit("2/hour", "cases", "zhanglan") for _ in range(3)] == [True, True, False]
    assert one.hit("2/hour", "cases", "sunmei")


@pytest.mark.parametrize("name", ["login", "signin", "exports"])
def test_without_redis_what_can_be_guessed_or_carried_off_is_refused(tmp_path, no_redis, name):
    url = f"sqlite:///{tmp_path / 'doorstep.sqlite'}"
    context = make_context(settings_for(tmp_path, url, DOORSTEP_REDIS__URL=no_redis))
    with pytest.raises(Unavailable):
        context.limit(name, "203.0.113.9")
    for other in ("cases", "lines", "photos", "unit_links", "open311"):
        context.limit(other, "zhanglan")


def test_that_redis_is_away_is_told_once_and_without_its_password(no_redis, caplog):
    one = Counters(no_redis)
    with caplog.at_level(logging.INFO):
        for _ in range(20):
            one.hit("100/hour", "cases", "zhanglan")
            one._rest_until = 0.0
    assert [record.getMessage() for record in caplog.records] == [
        "redis does not answer: limits are counted by each process, sign-in and exports are refused"
    ]


def test_while_it_rests_redis_is_not_asked(no_redis, monkeypatch):
    """Otherwise every request would wait for it."""
    one = Counters(no_redis)
    one.hit("100/hour", "cases", "zhanglan")
    asked = []
    monkeypatch.setattr(counters, "_hit", lambda storage, *_: asked.append(storage) or True)
    for _ in range(5):
        one.hit("100/hour", "cases", "zhanglan")
    assert asked == [one._own] * 5


def test_when_redis_is_back_all_count_together_again(redis_url, caplog):
    one = Counters(redis_url)
    one._rest()
    with pytest.raises(counters.Away):
        one.hit("1/hour", "login", "203.0.113.9", needed=True)
    caplog.clear()
    one._rest_until = time.monotonic()
    with caplog.at_level(logging.INFO):
        assert one.hit("1/hour", "login", "203.0.113.9", needed=True)
        assert not Counters(redis_url).hit("1/hour", "login", "203.0.113.9", needed=True)
    assert caplog.messages == ["redis answers again"]
    one.close()


def test_a_redis_that_hangs_holds_nobody_for_long(client):
    """It accepts and says nothing: one second, then the memory counts."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        one, begun = Counters(f"redis://127.0.0.1:{mute.getsockname()[1]}/0"), time.monotonic()
        assert one.hit("100/hour", "cases", "zhanglan")
        assert time.monotonic() - begun < 10


def test_a_limit_that_is_not_one_is_refused_at_start(tmp_path):
    with pytest.raises(ConfigError, match="cases_community"):
        settings_for(tmp_path, "", DOORSTEP_LIMITS__CASES_COMMUNITY="viele")


def test_too_many_is_told_as_such(tmp_path):
    context = make_context(settings_for(tmp_path, "", DOORSTEP_LIMITS__CASES="1/hour"))
    context.limit("cases", "zhanglan")
    with pytest.raises(TooMany):
        context.limit("cases", "zhanglan")
