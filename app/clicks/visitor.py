"""Who opened a link, for a day and no longer: a digest that nobody can turn back. Pure."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

_CHARACTERS: Final = 20  # 80 bits: two of a day's visitors are never taken for one


def visitor_of(key: bytes, code: str, client: str, browser: str) -> str:
    """The visitor of a link under the day's key; another one for every link."""
    told = "\n".join((code, client, browser)).encode("utf-8", "surrogatepass")
    return hmac.digest(key, told, sha256).hex()[:_CHARACTERS]


def place_of(client: str) -> str:
    """Where a visitor comes from: an address, or the network that one line has of IPv6 (64 bits), in which
    whoever has the line makes up addresses as they like."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if not isinstance(address, IPv6Address):
        return client
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address) >> 64 << 64, 64)))
