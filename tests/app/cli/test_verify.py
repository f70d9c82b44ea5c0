"""`fanfare verify`, `fanfare rebuild-boards` and `fanfare replay`, on real stores."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result
from redis.asyncio import Redis

from app.bench.processes import COMMAND
from app.cli import main
from rewards import Kind, open_budget
from scoring import last_verified
from scoring.boards import boards_in_redis
from tests.scoring.scene import count, raise_curtain, reply, tell

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def installation(database_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    """An installation in which Ana was answered twice."""

    async def play(connection: Any) -> None:
        await raise_curtain(connection)
        for person in (1, 2, 3):
            await connection.execute(
                "insert into profile values ($1, $2, $3, null, null, null, 'name', false, false,"
                " false)",
                person,
                f"{person}@acme.example",
                f"Person {person}",
            )
        await tell(connection, *(reply(f"r{n}", f"out{n}", "ana", "p1", n) for n in (1, 2)))
        await count(connection)
        await connection.execute("delete from outbox")

    with_database(database_url, play)
    return {
        "FANFARE_DATABASE_URL": database_url,
        "FANFARE_REDIS_URL": redis_url,
        "FANFARE_DATA_DIR": str(tmp_path),
        "FANFARE_TIMEZONE": "Europe/Berlin",
    }


def with_database(url: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(run())


def with_boards(url: str, work: Callable[[Any, Any], Awaitable[Any]]) -> None:
    """Do something to every board that Redis has."""

    async def run() -> None:
        async with Redis.from_url(url) as redis:
            for board in [board async for board in boards_in_redis(redis)]:
                await work(redis, board)

    asyncio.run(run())


def fanfare(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


def test_an_installation_without_a_difference_ends_with_0(installation: dict[str, str]) -> None:
    outcome = fanfare(installation, "verify")
    assert outcome.exit_code == 0, outcome.output
    assert "3 people: 2 deeds worth 16 points under 1 version of the rulebook" in outcome.output
    assert "All agrees." in outcome.output


def test_a_difference_is_named_and_ends_with_1(installation: dict[str, str]) -> None:
    with_database(
        installation["FANFARE_DATABASE_URL"],
        lambda c: c.execute("update total set value = value + 7 where period = 'month'"),
    )
    outcome = fanfare(installation, "verify", "--quiet", "--no-boards")
    assert outcome.exit_code == 1
    assert "16 stand behind it, the total says 23" in outcome.output


def test_books_that_do_not_add_up_are_named_and_end_with_1(installation: dict[str, str]) -> None:
    """Written past the ledger: a transfer that leaves a euro more than it should."""

    async def budget(connection: Any) -> None:
        await open_budget(
            connection,
            name="Rewards 2026",
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            kind=Kind.CASH,
            currency="EUR",
            units=100_000,
            spenders=[1],
            by=None,
            key="opened",
            now=NOW,
        )

    with_database(installation["FANFARE_DATABASE_URL"], budget)
    sound = fanfare(installation, "verify", "--no-boards")
    assert sound.exit_code == 0, sound.output
    assert "Added up the books of 1 budget again." in sound.output
    with_database(
        installation["FANFARE_DATABASE_URL"],
        lambda c: c.execute(
            """insert into transfer (budget_id, number, kind, from_account, to_account, units,
                 available_after, reserved_after, spent_after, key, content_sha256, reason, recorded_at)
               select budget_id, 2, 'top_up', 'funding', 'available', 100, available_after + 200,
                 0, 0, 'forged', content_sha256, 'by hand', recorded_at from transfer"""
        ),
    )
    outcome = fanfare(installation, "verify", "--quiet", "--no-boards")
    assert outcome.exit_code == 1
    assert "The books: budget 1: transfer 2 says 100200/0/0" in outcome.output
    assert "2 differences." in outcome.output
    assert "All agrees." not in outcome.output


def test_what_cannot_be_reached_ends_with_2(installation: dict[str, str]) -> None:
    nowhere = {**installation, "FANFARE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    outcome = fanfare(nowhere, "verify")
    assert outcome.exit_code == 2
    assert "could not be verified" in outcome.output


def test_one_person_is_looked_at_alone(installation: dict[str, str]) -> None:
    with_database(
        installation["FANFARE_DATABASE_URL"],
        lambda c: c.execute("update total set value = value + 7 where period = 'month'"),
    )
    other = fanfare(installation, "verify", "--person", "2@acme.example")
    assert other.exit_code == 0, other.output
    assert "Checked 1 people" in other.output
    assert fanfare(installation, "verify", "--person", "1@ACME.example").exit_code == 1
    nobody = fanfare(installation, "verify", "--person", "nobody@acme.example")
    assert nobody.exit_code == 2
    assert "nobody here has the e-mail address nobody@acme.example" in nobody.output
    strange = fanfare(installation, "verify", "--department", "Nowhere")
    assert "there is no department called “Nowhere”" in strange.output
    assert fanfare(installation, "verify", "--from", "2", "--department", "x").exit_code == 2


def test_what_was_found_stands_in_the_audit(installation: dict[str, str]) -> None:
    url = installation["FANFARE_DATABASE_URL"]
    assert with_database(url, last_verified) is None
    fanfare(installation, "verify", "--person", "2@acme.example")
    assert with_database(url, last_verified) is None  # one person is not everybody
    fanfare(installation, "verify", "--no-boards")
    sound = with_database(url, last_verified)
    assert (sound.people, sound.everybody, sound.agrees) == (3, 3, True)
    with_database(url, lambda c: c.execute("update total set value = value + 7"))
    fanfare(installation, "verify", "--no-boards")
    wrong = with_database(url, last_verified)
    assert (wrong.agrees, wrong.differing > 0, wrong.agreed_at) == (False, True, sound.at)


def test_broken_off_it_says_how_to_go_on(installation: dict[str, str]) -> None:
    """It waits for somebody who has the ledger to themselves when it is told to end."""
    url = installation["FANFARE_DATABASE_URL"]

    async def interrupted(holder: Any) -> tuple[int | None, str]:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-c", COMMAND, "verify", "--no-boards",
            env={**os.environ, **installation}, stdout=asyncio.subprocess.PIPE,
            # Whoever runs the tests in the background of a shell ignores it, and so would what they start.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        async with holder.transaction():
            await holder.execute("lock table entry in access exclusive mode")
            while not await holder.fetchval(
                "select exists (select from pg_locks where not granted and relation = 'entry'::regclass)"
            ):
                await asyncio.sleep(0.05)
            running.send_signal(signal.SIGINT)
            said, _ = await running.communicate()
        return running.returncode, said.decode()

    code, said = with_database(url, interrupted)
    assert code == 130, said
    assert "Broken off after 0 of 3 people. Go on with: fanfare verify --from 1" in said
    assert "All agrees" not in said
    last = with_database(url, last_verified)
    assert (last.people, last.complete, last.agreed_at) == (0, False, None)


def test_totals_and_boards_are_put_right_from_the_entries(installation: dict[str, str]) -> None:
    assert fanfare(installation, "rebuild-boards").exit_code == 0
    with_database(
        installation["FANFARE_DATABASE_URL"],
        lambda c: c.execute("update total set value = value + 7 where period = 'all'"),
    )
    outcome = fanfare(installation, "rebuild-boards", "--totals")
    assert outcome.exit_code == 0, outcome.output
    assert "Totals put right: 2." in outcome.output
    verified = fanfare(installation, "verify")
    assert verified.exit_code == 0, verified.output
    # Points and "shared", for five periods each; the rows that now wait are told to them again.
    assert "20 boards in Redis" in verified.output


def test_a_board_that_shows_something_else_is_named(installation: dict[str, str]) -> None:
    assert fanfare(installation, "rebuild-boards").exit_code == 0

    async def spoil(redis: Any, board: Any) -> None:
        if (board.metric, board.period) == ("points", "all"):
            await redis.zadd(board.part("ranking"), {"1": 99})

    with_boards(installation["FANFARE_REDIS_URL"], spoil)
    outcome = fanfare(installation, "verify")
    assert outcome.exit_code == 1
    assert "person 1, board points:all:1970-01-01:all: should show 16, shows 99" in outcome.output


def test_a_replay_says_how_much_waits(installation: dict[str, str]) -> None:
    outcome = fanfare(installation, "replay", "--since", "2026-01-01")
    assert (outcome.exit_code, outcome.output) == (0, "0 deliveries wait for the workers now.\n")

    async def deliver(connection: Any) -> None:
        for day, key, platform in ((4, "a", "x"), (5, "b", "x"), (5, "c", "mastodon")):
            await connection.execute(
                """insert into delivery (recorded_on, platform, source, delivery_key, headers, body,
                     received_at) values ($1, $2, 'webhook', $3, '{}', 'x', $4)""",
                date(2026, 1, day),
                platform,
                key,
                datetime(2026, 1, day, 8, tzinfo=UTC),
            )

    with_database(installation["FANFARE_DATABASE_URL"], deliver)
    # Each once: what waits already is not queued again.
    for arguments, queued in (
        (("--platform", "mastodon"), 1),
        (("--since", "2026-01-05T09:00"), 0),
        (("--since", "2026-01-05T07:00"), 1),
        ((), 1),
    ):
        outcome = fanfare(installation, "replay", "--quiet", *arguments)
        assert outcome.output == f"{queued:,} deliveries wait for the workers now.\n", arguments
    assert fanfare(installation, "replay", "--platform", "nobodys").exit_code == 2
