"""Asking the world outside: one client a process, which is bounded in everything.

Laws: what may not be reached is never connected to; an answer is whole and at most so large, or it is
none; a redirect is followed only where that was asked for, and checked like the first address; a token
goes to the origin it was meant for alone, and stands in no sentence.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, Self

import httpx

from app.going_out.fault import NotReachable, OutsideAway, OutsideRefused
from app.going_out.transport import GuardedTransport, origin_of
from app.settings import Settings
from scoring import Answer, Ask

MOST_BYTES: Final = 1 << 20  # of an answer, unless somebody asks for more
MOST_HOPS: Final = 3
TIMEOUT_S: Final = 15.0  # altogether, redirects included
_PIECE_S: Final = 8.0  # for connecting, and between two pieces
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_WHO: Final = "Fanfare (employee ambassadors)"


class Outside:
    """The way out of one process. Close it, or use `going_out`."""

    def __init__(self, transport: GuardedTransport) -> None:
        self.transport = transport
        # For libraries that want a client; `ask` is the way for everything else.
        self.client = httpx.AsyncClient(
            transport=transport,
            timeout=httpx.Timeout(_PIECE_S),
            follow_redirects=False,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"user-agent": _WHO, "accept-encoding": "gzip"},
        )

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The way out that these settings allow."""
        return cls(GuardedTransport(settings.hook_networks, settings.peers))

    def checked(self, url: str) -> str:
        """The address if it could be asked at all; raises OutsideRefused with a sentence. Nothing is
        looked up yet: a name that leads inside is refused when it is asked."""
        return self.transport.checked(url)

    async def ask(
        self,
        ask: Ask,
        *,
        token: str | None = None,
        most_bytes: int = MOST_BYTES,
        follow: int = 0,
        timeout_s: float = TIMEOUT_S,
    ) -> Answer:
        """Put one question. Any status is an answer. Raises OutsideRefused and OutsideAway.

        `token` is sent as a bearer's. Up to `follow` redirects (at most `MOST_HOPS`) of a GET are
        followed.
        """
        headers = dict(ask.headers)
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        url, host = ask.url, httpx.URL(ask.url).host
        try:
            async with asyncio.timeout(timeout_s):
                hops_left = min(follow, MOST_HOPS) if ask.method == "GET" else 0
                while True:
                    answer = await self._once(ask.method, url, headers, ask.form, most_bytes)
                    further = answer.headers.get("location")
                    if not hops_left or further is None or answer.status not in _REDIRECTS:
                        return answer
                    # What was meant for one origin (a token, a proof) is not carried to another.
                    before, url = url, self._joined(url, further)
                    if origin_of(before) != origin_of(url):
                        headers = {name: headers[name] for name in headers if name == "accept"}
                    host, hops_left = httpx.URL(url).host, hops_left - 1
        except NotReachable:
            raise
        except (TimeoutError, httpx.TimeoutException):
            raise OutsideAway(f"{host} did not answer in time.") from None
        except (httpx.TransportError, OSError) as fault:
            raise OutsideAway(
                f"The connection to {host} failed ({type(fault).__name__})."
            ) from fault
        except (httpx.InvalidURL, httpx.DecodingError, ValueError) as fault:
            raise OutsideRefused(
                f"{host} cannot be asked this way ({type(fault).__name__})."
            ) from fault

    async def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None,
        most_bytes: int,
    ) -> Answer:
        async with self.client.stream(method, url, headers=headers, data=form) as response:
            body = await _whole(response, most_bytes)
            told: dict[str, str] = {}
            for name, value in response.headers.multi_items():
                told[name] = f"{told[name]}, {value}" if name in told else value
            return Answer(response.status_code, told, body)

    @staticmethod
    def _joined(url: str, further: str) -> str:
        return str(httpx.URL(url).join(further).copy_with(fragment=None))

    async def close(self) -> None:
        """Close every connection."""
        await self.client.aclose()


async def _whole(response: httpx.Response, most_bytes: int) -> bytes:
    """The body, unpacked within the bound: a small answer must not become a large one here."""
    packed = response.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise OutsideRefused(f"{response.url.host} answers in a packing that was not asked for.")
    # 32 + 15: gzip or zlib, whichever it says.
    unpack = None if packed in ("identity", "") else zlib.decompressobj(32 + 15)
    body = bytearray()
    try:
        async for piece in response.aiter_raw():
            body += (
                piece if unpack is None else unpack.decompress(piece, most_bytes + 1 - len(body))
            )
            if len(body) > most_bytes:
                raise OutsideRefused(
                    f"{response.url.host} answers with more than {most_bytes:,} bytes."
                )
            if unpack is not None and unpack.eof:
                break
        if unpack is not None and body and not unpack.eof:
            raise OutsideAway(f"{response.url.host} broke off in the middle of its answer.")
    except zlib.error:
        raise OutsideRefused(f"{response.url.host} answers with what cannot be unpacked.") from None
    return bytes(body)


@asynccontextmanager
async def going_out(settings: Settings) -> AsyncIterator[Outside]:
    """The way out while a process runs."""
    outside = Outside.of(settings)
    try:
        yield outside
    finally:
        await outside.close()
