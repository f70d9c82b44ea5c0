"""A small company on one network: people 1, 2, 3 with accounts e1, e2, e3 and the company's `co`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scoring.connection import Connection
from scoring.facts import Delivery, Fact, Telling
from scoring.identity import account_id
from scoring.rulebooks import adopt_rulebook
from scoring.rules import default_rulebook_toml
from scoring.score import score
from scoring.store import Told, store

ZONE = ZoneInfo("Europe/Berlin")
NETWORK = "x"
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEFORE = MONDAY - timedelta(days=30)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
TAG = "#TeamHalden"


def hours(count: float) -> datetime:
    """Hours after the Monday on which everything begins."""
    return MONDAY + timedelta(hours=count)


async def found(
    connection: Connection, counts: tuple[str, ...] = ("every", "every", "disclosed")
) -> list[int]:
    """Adopt the default rulebook, enrol and link one person for each choice, link the company."""
    await adopt_rulebook(
        connection,
        default_rulebook_toml(),
        name="default",
        valid_from=BEGINNING,
        recorded_at=BEGINNING,
    )
    people = []
    for number, choice in enumerate(counts, start=1):
        person = await connection.fetchval(
            "insert into person (recorded_at) values ($1) returning id", BEFORE
        )
        await connection.execute(
            """insert into enrolment (person_id, effective_at, state, recorded_at)
               values ($1, $2, 'active', $2)""",
            person,
            BEFORE,
        )
        await own(connection, f"e{number}", person, choice)
        people.append(person)
    await own(connection, "co", None, None)
    return people


async def own(
    connection: Connection,
    native_id: str,
    person: int | None,
    counts: str | None,
    at: datetime = BEFORE,
) -> None:
    """Link an account to a person, or to the company."""
    account = account_id(NETWORK, native_id)
    await connection.execute(
        """insert into account (id, platform, native_id, recorded_at) values ($1, $2, $3, $4)
           on conflict do nothing""",
        account,
        NETWORK,
        native_id,
        at,
    )
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $2, $3, $4, $5, $2)""",
        account,
        at,
        person,
        person is None,
        counts,
    )


async def tell(connection: Connection, facts: Iterable[Fact]) -> None:
    """Store facts, each from a delivery of its own."""
    told = [
        Told(Delivery(number, NETWORK, "webhook", {}, b"", NOW), Telling.of([fact]))
        for number, fact in enumerate(facts, start=1)
    ]
    async with connection.transaction():
        await store(connection, told, now=NOW, disclosure_tag=TAG)


async def settle(connection: Connection, now: datetime = NOW) -> None:
    """Fold until nothing is left to fold."""
    while (await score(connection, now=now, zone=ZONE)).changes:
        pass


async def points(connection: Connection, person: int) -> int:
    """All points of a person."""
    total = await connection.fetchval(
        "select coalesce(sum(points), 0) from entry where person_id = $1", person
    )
    return int(total)
