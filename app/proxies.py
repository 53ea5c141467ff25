"""Whose address is it? X-Forwarded-For counts only from our own load balancers; from anybody else it is a claim.

Forwarded, X-Real-IP and their like are never read: one header, one meaning.
"""

from collections.abc import Iterable
from ipaddress import ip_network

from app.rules.address import address_in


class TrustedProxies:
    """WSGI middleware: behind trusted proxies the client is the nearest address that is not one of them."""

    def __init__(self, app, networks: Iterable[str]):
        self._app = app
        self._networks = [ip_network(network, strict=False) for network in networks]

    def __call__(self, environ, start_response):
        if self._networks and self._trusted(environ.get("REMOTE_ADDR", "")):
            chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
            foreign = next((address for address in reversed(chain) if not self._trusted(address)), "")
            client = address_in(foreign)
            if client is not None:
                environ["REMOTE_ADDR"] = str(client)
            if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return self._app(environ, start_response)

    def _trusted(self, text: str) -> bool:
        address = address_in(text)
        return address is not None and any(address in network for network in self._networks)
