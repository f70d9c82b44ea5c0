"""A company whose people have accounts on every network that is polled, and networks of ours to ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from app.consent import Keys, keep
from app.going_out import Outside
from app.polls.running import Poller
from app.settings import Settings
from scoring import Granted, Named, Platform, link, platform
from scoring.identity import account_id, native_key

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def settings(origin: str, database_url: str, **more: Any) -> Settings:
    """Settings under which every network answers at one origin of ours."""
    made = Settings(
        database_url=database_url,
        secret_key="a key of the tests that is long enough",
        base_url="https://fanfare.example",
        peers=(origin,),
    )
    for name in ("x", "linkedin", "youtube", "bluesky", "threads", "instagram", "facebook"):
        made = made.with_secrets(name, api=origin)
    for name, values in more.items():
        made = made.with_secrets(name, **values)
    return made


async def person(connection: Any) -> int:
    """Somebody who takes part."""
    id_: int = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", LONG_AGO
    )
    await connection.execute(
        "insert into enrolment (person_id, effective_at, state, recorded_at) values ($1, $2, 'active', $2)",
        id_,
        LONG_AGO,
    )
    return id_


async def linked(
    connection: Any, network: str, native_id: str, person_id: int | None = None
) -> int:
    """Link an account to somebody, who is returned."""
    owner = person_id or await person(connection)
    await link(connection, owner, network, Named(native_id, native_id), "every", LONG_AGO)
    return owner


async def company_account(connection: Any, network: str, native_id: str) -> UUID:
    """An account of the company."""
    id_ = account_id(network, native_id)
    await connection.execute(
        "insert into account values ($1, $2, $3, $4)", id_, network, native_id, LONG_AGO
    )
    await connection.execute(
        """insert into ownership (account_id, effective_at, company, recorded_at)
           values ($1, $2, true, $2)""",
        id_,
        LONG_AGO,
    )
    return id_


async def agreed(
    connection: Any, told: Settings, network: str, native_id: str, person_id: int, token: str
) -> None:
    """The owner of an account lets Fanfare ask in their name, all that there is to ask."""
    polling = platform(network).polling
    scopes = {poll.scope for poll in polling.polls if poll.scope} if polling else set()
    async with connection.transaction():
        await keep(
            connection,
            Keys.of(told),
            account_id(network, native_id),
            person_id,
            network,
            Granted(token),
            server=None,
            asked=frozenset(scopes),
            renews=False,
            now=LONG_AGO,
        )


async def post_of(
    connection: Any, network: str, author: str, native_id: str, published_at: datetime
) -> None:
    """A post of somebody's."""
    await connection.execute(
        "insert into post (post_id, published_at, author_id, platform, native_id, recorded_at)"
        " values ($1, $2, $3, $4, $5, $2)",
        native_key(network, native_id),
        published_at,
        account_id(network, author),
        network,
        native_id,
    )


class Clock:
    """A clock that tests set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def poller(
    told: Settings, network: str | Platform, database_url: str, clock: Callable[[], datetime]
) -> Poller:
    """A network's poller, as the worker has one."""
    return Poller(
        told,
        platform(network) if isinstance(network, str) else network,
        Outside.of(told),
        lambda: asyncpg.connect(database_url),
        clock,
        haste=1_000.0,
    )


async def settled(one: Poller, connection: Any, rounds: int = 400) -> None:
    """Let it plan, ask and note until nothing is under way any more."""
    await one.tick(connection)
    for _ in range(rounds):
        if not one.busy:
            return
        await asyncio.sleep(0.01)
        await one.tick(connection)
    raise AssertionError("a server is still being asked")


async def told(connection: Any, network: str) -> list[Any]:
    """The deliveries of a network, in order."""
    rows: list[Any] = await connection.fetch(
        "select * from delivery where platform = $1 order by id", network
    )
    return rows
