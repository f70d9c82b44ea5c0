"""The company that is measured: people with one account each, the company's own account, rules.

Written straight into the tables, for founding a company is not what is measured.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from scoring import account_id, adopt_rulebook, default_rulebook_toml, ensure_partitions

NETWORK = "standard"
COMPANY = "company"
HISTORY = timedelta(days=60)


def person_account(number: int) -> str:
    """What the network calls the account of the number-th person, from 1."""
    return f"person-{number}"


async def found(connection: Any, people: int, now: datetime) -> None:
    """People 1 … n, enrolled and linked since before the history, half of whom let every post count."""
    since = now - HISTORY - timedelta(days=2)
    await ensure_partitions(connection, now.date(), since=since.date())
    await add_people(connection, people, since)
    await adopt_rulebook(
        connection,
        default_rulebook_toml(),
        name="default",
        valid_from=datetime(1970, 1, 1, tzinfo=UTC),
        recorded_at=since,
    )
    names = [COMPANY, *(person_account(number) for number in range(1, people + 1))]
    accounts = [(account_id(NETWORK, name), NETWORK, name, since) for name in names]
    await connection.copy_records_to_table(
        "account", columns=("id", "platform", "native_id", "recorded_at"), records=accounts
    )
    owners: list[tuple[object, ...]] = [(accounts[0][0], since, None, True, None, since)]
    owners += [
        (account[0], since, number, False, "every" if number % 2 else "disclosed", since)
        for number, account in enumerate(accounts[1:], start=1)
    ]
    await connection.copy_records_to_table(
        "ownership",
        columns=("account_id", "effective_at", "person_id", "company", "counts", "recorded_at"),
        records=owners,
    )
    await connection.execute("delete from change")  # the rulebook's own: nothing happened yet


async def add_people(connection: Any, people: int, since: datetime) -> None:
    """People with profiles, enrolled; ids from 1 in an empty database."""
    await connection.execute(
        "insert into person (recorded_at) select $2 from generate_series(1, $1::int)", people, since
    )
    await connection.execute(
        """insert into profile (person_id, email, name, visibility, opens_networks, opens_mix,
                                opens_gain)
           select id, 'person-' || id || '@example.org', 'Person ' || id, 'name', false, false, false
           from person"""
    )
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           select id, $1, 'active', $1 from person""",
        since,
    )
