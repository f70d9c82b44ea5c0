"""Which addresses of the web may be told or asked anything.

Law: nothing inside the company's network is reached unless the settings allow that network. The
address that was checked is the one that is connected to, so a name that answers differently the second
time gains nothing; redirects are not followed.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore

from app.going_out.fault import OutsideAway, OutsideRefused

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

# Addresses that carry an IPv4 address inside; a gateway may lead from them into the company.
_WRAPPING: Final = (
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("2002::/16"),
)
# Python calls these global: what sites numbered themselves with before fc00::/7 (RFC 3879).
_OF_A_SITE: Final = ip_network("fec0::/10")
_PORTS_FOR_MAIL_AND_SHELLS: Final = frozenset({22, 23, 25, 465, 587, 6379, 5432, 11211})
LONGEST_URL: Final = 2000


def checked_url(typed: str, networks: Networks) -> str:
    """An address that could be told things, or `OutsideRefused` with a sentence.

    Plain http is for allowed networks only: what is told would else be readable on the way.
    """
    url = typed.strip()
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise OutsideRefused(
            "This is not an address; it begins with https:// and a host."
        ) from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise OutsideRefused("Use an address of at most 2,000 plain characters.")
    if parts.scheme not in ("https", "http") or not host:
        raise OutsideRefused("This is not an address; it begins with https:// and a host.")
    if parts.username is not None or parts.password is not None:
        raise OutsideRefused(
            "Leave user and password out of the address; the signature proves who we are."
        )
    if parts.fragment:
        raise OutsideRefused("Leave out what follows the #.")
    if port in _PORTS_FOR_MAIL_AND_SHELLS:
        raise OutsideRefused(f"Port {port} is not one for web addresses.")
    if parts.scheme == "http" and not networks:
        raise OutsideRefused(
            "Use https://. Plain http is for networks the settings allow (FANFARE_HOOK_NETWORKS)."
        )
    literal = _literal(host)
    if literal is not None and not may_reach(literal, networks):
        raise OutsideRefused(inside(str(literal)))
    if parts.scheme == "http" and literal is not None and not _among(literal, networks):
        raise OutsideRefused("Use https:// for an address outside the allowed networks.")
    return url


def in_networks(url: str, networks: Networks) -> bool:
    """Whether an address names, by number, a machine of a network that the settings allow."""
    literal = _literal(urlsplit(url).hostname or "")
    return literal is not None and _among(literal, networks)


def may_reach(address: Address, networks: Networks) -> bool:
    """Whether an address is on the open internet, or in a network the settings allow."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if _among(address, networks):
        return True
    if any(address in wrapping for wrapping in _WRAPPING if wrapping.version == address.version):
        return False
    if address.version == 6 and address in _OF_A_SITE:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def inside(what: str) -> str:
    """The sentence for an address that may not be reached."""
    return (
        f"{what} is inside a network. Name that network in FANFARE_HOOK_NETWORKS if it may be told."
    )


def _among(address: Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore: looks the name up once and connects to what was checked."""

    def __init__(self, networks: Networks, *, plain: bool) -> None:
        self._networks = networks
        self._plain = plain  # the address is http: only to networks that the settings name
        self._open = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of the host that may be reached."""
        address = await self.looked_up(host, port, timeout)
        return await self._open.connect_tcp(address, port, timeout, local_address, socket_options)

    async def looked_up(self, host: str, port: int, timeout_s: float | None = None) -> str:
        """The first address of the host that may be reached, as a number. Raises OutsideRefused and
        OutsideAway."""
        try:
            async with asyncio.timeout(timeout_s):
                found = await asyncio.get_running_loop().getaddrinfo(
                    host, port, type=socket.SOCK_STREAM
                )
        except (OSError, UnicodeError, TimeoutError) as fault:
            raise OutsideAway(
                f"The host {host} is not known ({str(fault) or 'no answer'})."
            ) from fault
        addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        allowed = [
            address
            for address in addresses
            if may_reach(address, self._networks)
            and (not self._plain or _among(address, self._networks))
        ]
        if not allowed:
            raise OutsideRefused(inside(f"{host} ({addresses[0]})" if addresses else host))
        return str(allowed[0])

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Never: what is told has an address of the web."""
        raise OutsideRefused("Only addresses of the web are told.")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
