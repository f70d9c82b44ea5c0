"""Which address a request came from, when proxies of the company stand in front. Pure.

Law: a header anybody can send is believed only as far as the proxies that are named in the settings
vouch for it: read from the right, the first address that is not one of theirs is the client's.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


def client_address(
    peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]
) -> str:
    """The client's address, from the socket's peer and every X-Forwarded-For header as it came."""
    nearest = peer or "unknown"
    hops = [hop.strip() for header in forwarded_for for hop in header.split(",")]
    while hops and _one_of(nearest, trusted):
        nearest = hops.pop() or "unknown"
    return nearest


def _one_of(address: str, trusted: Sequence[Network]) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in trusted)
