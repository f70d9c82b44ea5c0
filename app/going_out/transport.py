"""Carries requests of httpx over connections that were looked at first.

Laws: an address is looked up once, and what was checked is what is connected to; plain http and places
inside a network are for what the settings name; nothing is kept between two requests but open
connections.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import httpcore
import httpx

from app.going_out.reach import GuardedNetwork, Networks, checked_url

_MOST_CONNECTIONS: Final = 40
_KEPT_OPEN: Final = 20
_KEPT_OPEN_S: Final = 20.0  # below the usual minute after which servers close


class GuardedTransport(httpx.AsyncBaseTransport):
    """For `httpx.AsyncClient(transport=…)`. Raises OutsideRefused and OutsideAway, and httpx's own."""

    def __init__(self, networks: Networks, peers: Collection[str]) -> None:
        self._networks = networks
        # Each peer's origin, and where it is reached: there, or where the settings say.
        pairs = [peer.partition("=") for peer in peers]
        self._peers = {origin_of(name): origin_of(place or name) for name, _, place in pairs}
        # Connections of one kind are never lent to another: a peer's way in opens none to the rest.
        self._secure = _pool(GuardedNetwork(networks, plain=False))
        self._plain = _pool(GuardedNetwork(networks, plain=True))
        self._to_peers = _pool(None)

    def checked(self, url: str) -> str:
        """The address if it may be asked at all, before any name is looked up. Raises OutsideRefused
        with a sentence."""
        if origin_of(url) in self._peers:
            return url
        return checked_url(url, self._networks)

    async def place(self, url: str) -> tuple[str, int, bool]:
        """Where a connection that is no HTTP request may go for an address: a numbered host and a port,
        looked up once and checked, and whether TLS is spoken there. Raises OutsideRefused and
        OutsideAway."""
        url = self.checked(url)
        if peer := self._peers.get(origin_of(url)):
            url, network = peer, None
        else:
            plain = url.lower().startswith("http:")
            network = GuardedNetwork(self._networks, plain=plain)
        parts = httpx.URL(url)
        port = parts.port or (80 if parts.scheme == "http" else 443)
        host = parts.host if network is None else await network.looked_up(parts.host, port)
        return host, port, parts.scheme == "https"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the answer's body is still to be read."""
        url = self.checked(str(request.url))
        place = request.url
        if peer := self._peers.get(origin_of(url)):
            pool, place = self._to_peers, httpx.URL(peer)
        else:
            pool = self._plain if request.url.scheme == "http" else self._secure
        if not isinstance(request.stream, httpx.AsyncByteStream):
            raise TypeError("only what can be sent without blocking is sent")
        with _as_httpx(request):
            answer = await pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=place.raw_scheme,
                        host=place.raw_host,
                        port=place.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, request),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in (self._secure, self._plain, self._to_peers):
            await pool.aclose()


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, or nothing for what has none."""
    try:
        parts = urlsplit(url.lower())
        port = parts.port
    except ValueError:
        return ""
    if parts.username is not None or parts.password is not None:
        return ""
    usual = {"https": 443, "http": 80}.get(parts.scheme) == port
    return f"{parts.scheme}://{parts.netloc.removesuffix(f':{port}') if usual else parts.netloc}"


class _Body(httpx.AsyncByteStream):
    """The body of an answer, with faults as httpx says them."""

    def __init__(self, answer: httpcore.Response, request: httpx.Request) -> None:
        self._answer = answer
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx(self._request):
            async for piece in self._answer.aiter_stream():
                yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _as_httpx(request: httpx.Request) -> Iterator[None]:
    """Faults of httpcore under httpx's names, which are the same."""
    try:
        yield
    except tuple(_FAULTS) as fault:
        raise _FAULTS[type(fault)](str(fault), request=request) from fault


_FAULTS: Final[dict[type[Exception], type[httpx.RequestError]]] = {
    getattr(httpcore, name): getattr(httpx, name)
    for name in (
        "ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", "ConnectError", "ReadError",
        "WriteError", "LocalProtocolError", "RemoteProtocolError", "UnsupportedProtocol",
    )
}  # fmt: skip


def _pool(network: httpcore.AsyncNetworkBackend | None) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        # SSL_CERT_FILE, where it is set, names the authorities: a company may have one of its own.
        ssl_context=httpx.create_ssl_context(),
        max_connections=_MOST_CONNECTIONS,
        max_keepalive_connections=_KEPT_OPEN,
        keepalive_expiry=_KEPT_OPEN_S,
        network_backend=network,
    )
