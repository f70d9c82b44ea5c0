"""Tracked links led on a second, against the same server's empty handlers, every opening by another visitor.

Whoever opens a link is led on before anything is counted; that it is counted and kept all the same is one
of the figures.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import asyncpg
import httpx
import msgspec

from app.bench.caller import Called, Job
from app.bench.company import found
from app.bench.figure import Figure, quantile
from app.bench.processes import CALLER, SERVER, asked, running
from app.bench.room import Room
from app.bench.server import BARE, EMPTY
from app.bench.signed import request
from app.clicks import PREFIX
from app.settings import Settings
from scoring import make_link

_MOST_A_SECOND = 25_000  # requests prepared; more than one Python process answers
_STEADY = 500  # openings a second that a very large company's links get on a very good day
_FIRST = ip_address("198.18.0.0")  # for benchmarks (RFC 2544)
_OVERLOADED = re.compile(
    r'^fanfare_link_openings_total\{outcome="overloaded"\} (\S+)', re.MULTILINE
)
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/{}.0.{}.{} Safari/537.36"


async def measure(room: Room) -> list[Figure]:
    """Closed loops in turn, then one open loop at a fixed rate."""
    async with room.installation() as installed:
        settings = replace(installed, trusted_proxies=(ip_network("127.0.0.0/8"),))
        now = datetime.now(UTC)
        connection = await asyncpg.connect(settings.require_database_url())
        try:
            await found(connection, 1, now)
            code = await make_link(connection, 1, "https://www.example.org/pump", "Pump", now)
        finally:
            await connection.close()
        async with running(
            SERVER, settings=settings, directory=room.directory, ready=settings.port
        ):
            return await figures(room, settings, code)


async def figures(room: Room, settings: Settings, code: str) -> list[Figure]:
    """What a server that runs with these settings does with one link."""
    scale, visitors = room.scale, itertools.count()
    led, again, of_framework, of_bare = [], [], [], []
    for n in range(scale.rounds):
        room.tell("Links against the empty handler", n, scale.rounds + 1)
        of_bare.append((await _called(room, settings, [request("GET", BARE)])).rate)
        of_framework.append((await _called(room, settings, [request("GET", EMPTY)])).rate)
        many = int(_MOST_A_SECOND * (scale.loop_s + 1))
        led.append((await _called(room, settings, _openings(code, many, visitors))).rate)
        again.append((await _called(room, settings, _openings(code, 1, itertools.count()))).rate)
    before = await _all_kept(settings)
    rate = min(_STEADY, scale.rate)
    many = int(rate * (scale.loop_s + 2)) + 1
    steady = await _called(room, settings, _openings(code, many, visitors), rate)
    kept = await _kept(settings, at_least=before + steady.answered) - before
    beside = await _called(room, settings, [request("GET", EMPTY)] * many, rate)
    room.tell("Links against the empty handler", scale.rounds + 1, scale.rounds + 1)
    p50, p99 = (quantile(steady.took_s, share) * 1000 for share in (0.5, 0.99))
    ratios = [one / other for one, other in zip(led, of_framework, strict=True)]
    return [
        Figure.of_rounds("links led on, each for a new visitor", led, "/s"),
        Figure.of_rounds("links led on, for one who was counted today", again, "/s"),
        Figure.of_rounds("empty GET handler of the same server", of_framework, "/s"),
        Figure.of_rounds("bare ASGI function in the same server", of_bare, "/s"),
        Figure.of_rounds("led on ÷ empty GET handler", ratios),
        Figure(f"led on at {rate:,}/s, p50", p50, "ms"),
        Figure(f"led on at {rate:,}/s, p99", p99, "ms", at_most=5),
        Figure(f"empty GET handler at {rate:,}/s, p99", quantile(beside.took_s, 0.99) * 1000, "ms"),
        Figure(
            "missed by counting in all of this, because too many waited", await _missed(settings)
        ),
        Figure("openings not accepted", float(steady.failed), at_most=0),
        Figure(
            f"counted and kept (the warm-up too) ÷ led on, at {rate:,}/s",
            kept / max(1, steady.answered),
            at_least=1,
        ),
    ]


async def _called(room: Room, settings: Settings, requests: list[bytes], rate: float = 0) -> Called:
    job = Job(
        port=settings.port, requests=requests, connections=room.scale.connections,
        seconds=room.scale.loop_s, rate=rate, again=len(requests) == 1,
    )  # fmt: skip
    answer = await asked(CALLER, msgspec.msgpack.encode(job))
    return msgspec.msgpack.decode(answer, type=Called)


def _openings(code: str, count: int, visitors: itertools.count[int]) -> list[bytes]:
    path = PREFIX + code
    return [request("GET", path, headers=_browser(next(visitors))) for _ in range(count)]


def _browser(number: int) -> dict[str, str]:
    return {
        "user-agent": _BROWSER.format(100 + number % 50, number // 50 % 9000, number // 450_000),
        "accept": "text/html", "sec-fetch-dest": "document",
        # Fifty behind each address: from one alone only some are counted.
        "x-forwarded-for": str(_FIRST + number // 50),
    }  # fmt: skip


async def _missed(settings: Settings) -> float:
    """Openings that were led on and not counted, because so many waited."""
    async with httpx.AsyncClient(timeout=10) as client:
        told = await client.get(f"http://127.0.0.1:{settings.port}/metrics")
    found = _OVERLOADED.search(told.text)
    return float(found[1]) if found else 0.0


async def _all_kept(settings: Settings) -> int:
    """Openings in the inbox when no more are on their way."""
    last, kept = -1, await _kept(settings)
    while kept != last:
        await asyncio.sleep(0.5)
        last, kept = kept, await _kept(settings)
    return kept


async def _kept(settings: Settings, at_least: int = 0) -> int:
    """Openings in the inbox, once there are so many or some seconds have gone by."""
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        kept = 0
        for _ in range(50):
            kept = await connection.fetchval(
                """select coalesce(sum(jsonb_array_length(
                     convert_from(body, 'UTF8')::jsonb -> 'openings')), 0)
                   from delivery where platform = 'links'"""
            )
            if kept >= at_least:
                break
            await asyncio.sleep(0.1)
        return int(kept)
    finally:
        await connection.close()
