"""Whose address is it? X-Forwarded-For counts only from our own load balancers; from anybody else it is a claim."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network


class TrustedProxies:
    """WSGI middleware: behind trusted proxies the client is the nearest address that is not one of them."""

    def __init__(self, app, networks: Iterable[str]):
        self._app = app
        self._networks = [ip_network(network, strict=False) for network in networks]

    def __call__(self, environ, start_response):
        if self._networks and self._trusted(environ.get("REMOTE_ADDR", "")):
            chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
            foreign = [address for address in chain if not self._trusted(address)]
            if foreign and _is_address(foreign[-1]):
                environ["REMOTE_ADDR"] = foreign[-1]
            if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return self._app(environ, start_response)

    def _trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
