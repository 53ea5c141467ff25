"""Whose address is it: what our own load balancer says counts, what anybody else says is only a claim."""

import pytest

from app.proxies import TrustedProxies

BALANCER, INNER, CLIENT, LIAR = "10.0.0.1", "10.0.0.2", "203.0.113.9", "198.51.100.7"


def address(peer, forwarded=None, networks=("10.0.0.0/8", "2001:db8:1::/48"), **headers):
    """The address and scheme that the app behind sees for a request from `peer`."""
    seen = {}
    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", **headers}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    TrustedProxies(lambda environ, start: seen.update(environ), networks)(environ, None)
    return seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]


def test_without_proxies_nothing_is_believed():
    assert address(CLIENT, LIAR, ()) == (CLIENT, "http")
    assert address(BALANCER, LIAR, ()) == (BALANCER, "http")


def test_who_comes_directly_cannot_say_who_it_is():
    assert address(CLIENT, LIAR, HTTP_X_FORWARDED_PROTO="https") == (CLIENT, "http")


def test_behind_our_balancer_it_is_the_client():
    assert address(BALANCER, CLIENT) == (CLIENT, "http")
    assert address(BALANCER, CLIENT, HTTP_X_FORWARDED_PROTO="https") == (CLIENT, "https")


def test_behind_two_of_ours_it_is_the_one_before_both():
    assert address(BALANCER, f"{CLIENT}, {INNER}")[0] == CLIENT


def test_what_the_client_wrote_itself_is_passed_over():
    """The balancer adds the true address at the end; what stands before it came with the request."""
    assert address(BALANCER, f"{LIAR}, {CLIENT}")[0] == CLIENT
    assert address(BALANCER, f"{BALANCER}, {LIAR}, {CLIENT}, {INNER}")[0] == CLIENT


@pytest.mark.parametrize("rubbish", ["", ",,", "unknown", "1.2.3", f"{CLIENT}, <script>", "a" * 10_000])
def test_rubbish_is_no_address(rubbish):
    assert address(BALANCER, rubbish)[0] == BALANCER


def test_only_our_own_in_the_chain_leaves_the_balancer():
    assert address(BALANCER, INNER)[0] == BALANCER


def test_six_is_as_good_as_four():
    assert address("2001:db8:1::1", "2001:db8:2::9")[0] == "2001:db8:2::9"


def test_an_odd_scheme_is_not_taken():
    assert address(BALANCER, CLIENT, HTTP_X_FORWARDED_PROTO="javascript") == (CLIENT, "http")


def test_a_socket_without_an_address_is_not_trusted():
    assert address("", CLIENT)[0] == ""
