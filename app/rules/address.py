"""Addresses of the network: what a text means, and who is counted together."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

#: What one household or office gets of IPv6 (RFC 6177): whoever has one address there has all of them.
SITE_BITS = 64


def neighbourhood(who: str) -> str:
    """Whom a limit counts together: an address of IPv6 with its whole site, everything else by itself."""
    address = address_in(who)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, SITE_BITS), strict=False))
    return who if address is None else str(address)


def address_in(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is; one of IPv4 in the dress of IPv6 (::ffff:192.0.2.1) is one of IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
