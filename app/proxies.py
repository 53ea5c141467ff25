"""Whose address is it? X-Forwarded-For counts only from our own load balancers; from anybody else it is a claim.

Forwarded, X-Real-IP and their like are never read: one header, one meaning.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

#: What one household or office gets of IPv6 (RFC 6177): whoever has one address there has all of them.
SITE_BITS = 64


class TrustedProxies:
    """WSGI middleware: behind trusted proxies the client is the nearest address that is not one of them."""

    def __init__(self, app, networks: Iterable[str]):
        self._app = app
        self._networks = [ip_network(network, strict=False) for network in networks]

    def __call__(self, environ, start_response):
        if self._networks and self._trusted(environ.get("REMOTE_ADDR", "")):
            chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
            foreign = next((address for address in reversed(chain) if not self._trusted(address)), "")
            client = _address(foreign)
            if client is not None:
                environ["REMOTE_ADDR"] = str(client)
            if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return self._app(environ, start_response)

    def _trusted(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._networks)


def neighbourhood(who: str) -> str:
    """Whom a limit counts together: an address of IPv6 with its whole site, everything else by itself."""
    address = _address(who)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, SITE_BITS), strict=False))
    return who if address is None else str(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is; one of IPv4 in the dress of IPv6 (::ffff:192.0.2.1) is one of IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
