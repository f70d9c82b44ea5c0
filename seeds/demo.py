"""The running demo: roles as children, traffic to their own webhook address, an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from random import Random

import asyncpg
import httpx

from app.auth import links
from app.processes.children import Children
from app.screens.key import key_of
from app.screens.screens import screens
from app.settings import Settings
from app.webhooks import DeliveryRow, store
from rewards import role_holders
from scoring.platforms import platforms
from seeds import sprint
from seeds.budgets import colleagues, office
from seeds.installation import Demo
from seeds.jetstream import Jetstream
from seeds.live import Sent, Traffic
from seeds.moments import Moments
from seeds.openings import codes
from seeds.people import ids_of
from seeds.personas import HR, PERSONAS, SECOND_HR, Persona
from seeds.traffic import Sending, Teller
from seeds.world import World, build_world

READY_TIMEOUT_S = 60.0  # a role starts in about two seconds, on a busy machine in ten
CATCH_UP_TIMEOUT_S = 20.0  # boards stand well before; the addresses are shown in any case


class NotReady(Exception):
    """A role did not come up in time, or its port is taken; the text says which."""


def check_ports(settings: Settings) -> None:
    """NotReady when another program listens where this demo would."""
    for port, option in ((settings.port, "--port"), (settings.live_port, "--live-port")):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError:
                raise NotReady(
                    f"Port {port} is in use, perhaps by another demo. Choose others, for example "
                    f"`fanfare --data-dir .fanfare-2 demo --port 8100 --live-port 8101` ({option})."
                ) from None


@contextlib.asynccontextmanager
async def roles(settings: Settings, tell: Callable[[str], None]) -> AsyncIterator[Children]:
    """Web, live, worker and listener, ready; ended in the reverse order. ChildDied, NotReady."""
    # Filling takes minutes, in which another may have begun; two on one port would share what comes.
    check_ports(settings)
    children = Children(settings.to_environment(), settings.data_dir)
    try:
        for role in ("worker", "live", "serve", "listen"):
            children.start(role)
        tell("Starting web, live, worker and listener")
        async with httpx.AsyncClient(timeout=3) as client:
            web, live = settings.port, settings.live_port
            await _ready(client, f"http://{settings.host}:{web}/health/ready", children)
            # The live process knows one address only; that it answers at all is what counts.
            await _ready(client, f"http://{settings.host}:{live}/", children, least=500)
        yield children
    finally:
        await asyncio.shield(asyncio.to_thread(children.end))


async def _ready(
    client: httpx.AsyncClient, address: str, children: Children, least: int = 300
) -> None:
    """Waits for an answer below status `least`. ChildDied, NotReady."""
    until = time.monotonic() + READY_TIMEOUT_S
    words = "it did not answer"
    while time.monotonic() < until:
        children.check()
        try:
            answer = await client.get(address)
        except httpx.HTTPError as fault:
            words = type(fault).__name__
        else:
            if answer.status_code < least:
                return
            words = answer.text[:200]
        await asyncio.sleep(0.2)
    raise NotReady(f"{address} is not ready after {READY_TIMEOUT_S:.0f} s: {words}")


async def sign_in_links(settings: Settings, demo: Demo) -> list[tuple[Persona, str]]:
    """An address for each persona and HR's second person that signs them in, the same at every start."""
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        made = []
        after = PERSONAS.index(HR) + 1
        second = await _second_of_hr(connection, demo)
        for persona in (*PERSONAS[:after], *second, *PERSONAS[after:]):
            person_id = await connection.fetchval(
                "select person_id from profile where lower(email) = $1", persona.email
            )
            token = demo.links[persona.key]
            await links.make(connection, person_id, "demo", datetime.now(UTC), token)
            made.append((persona, f"{settings.base_url}/enter/{token}"))
        return made
    finally:
        await connection.close()


async def _second_of_hr(connection: asyncpg.Connection, demo: Demo) -> list[Persona]:
    """Who publishes the demo's short contests: nobody else approves anything in that one's name."""
    granted = await role_holders(connection, "hr")
    for member in colleagues(build_world(demo.seed, demo.people))[:1]:
        if await connection.fetchval(
            "select person_id = any($2::bigint[]) from profile where lower(email) = $1",
            member.email, granted,
        ):  # fmt: skip
            return [
                Persona(SECOND_HR, "HR, a second person", member.name, member.email, HR.role,
                        member.department, member.office, None)
            ]  # fmt: skip
    return []


async def contest_addresses(settings: Settings, world: World) -> list[tuple[str, str]]:
    """Name and address of the contests that run, first a new one that ends in about three minutes."""
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        now = datetime.now(UTC)
        ids = await ids_of(connection, world)
        fresh = await sprint.begin(
            connection, world, ids, office(world, ids), now=now, zone=settings.timezone,
            disclosure_tag=settings.disclosure_tag,
        )  # fmt: skip
        found = await sprint.running(connection, now)
        found.sort(key=lambda contest: contest[1] != fresh.slug)
        return [(name, f"{settings.base_url}/contests/{slug}") for name, slug in found]
    finally:
        await connection.close()


async def screen_addresses(settings: Settings) -> list[tuple[str, str]]:
    """Name with place and address of each team screen; who opens one is that television."""
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        key = settings.require_secret_key()
        return [
            (
                ", ".join(filter(None, (one.setting.name, one.setting.place))),
                f"{settings.base_url}/screens/{key_of(key, one.id)}",
            )
            for one in await screens(connection)
        ]
    finally:
        await connection.close()


async def caught_up(settings: Settings) -> None:
    """Waits until the worker has handed everything to the boards, or long enough."""
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        for _ in range(int(CATCH_UP_TIMEOUT_S / 0.2)):
            if not await connection.fetchval(
                "select exists (select from pending_delivery) or exists (select from change)"
                " or exists (select from outbox)"
            ):
                return
            await asyncio.sleep(0.2)
    finally:
        await connection.close()


async def traffic(settings: Settings, world: World, stream: Jetstream) -> Traffic:
    """The live traffic for this installation, taking up where it ended last time."""
    rng = Random(f"live {time.time_ns()}")
    moments = Moments(world, rng)
    # Whoever looks at the short contest sees it move.
    moments.favour(sprint.entrants(world), datetime.now(UTC) + sprint.RUNS)
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        await moments.remember(connection, datetime.now(UTC))
        in_use = await codes(connection)
    finally:
        await connection.close()
    keys = {name: settings.secrets_of(name) for name in platforms()}
    address = f"http://{settings.host}:{settings.port}"
    return Traffic(
        moments, Teller(world, rng), keys, address, streamed=stream.tell,
        polled=partial(keep_answer, settings), codes=in_use,
    )  # fmt: skip


async def keep_answer(settings: Settings, sending: Sending) -> None:
    """Keeps what a network answered to a poll: an invented one cannot be asked, so it is told unasked."""
    key = sha256(sending.body).hexdigest()
    row = DeliveryRow.of(
        sending.platform, key, sending.headers, sending.body, datetime.now(UTC), sending.source
    )
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        await store(connection, [row])
    finally:
        await connection.close()


def status_line(sent: Sent) -> str:
    """What the traffic did so far, in a line."""
    told = sent.told
    line = (
        f"{sent.taken:,} deliveries taken: {told['reply']:,} answers, {told['like']:,} likes, "
        f"{told['reshare'] + told['quote']:,} shares, {told['follow']:,} follows; "
        f"{sent.opened:,} links opened"
    )
    if sent.again:
        line += f"; {sent.again:,} sent again ({sent.last})"
    if sent.refused or sent.given_up:
        line += f"; {sent.refused + sent.given_up:,} not taken ({sent.last})"
    return line
