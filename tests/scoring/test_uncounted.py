"""A change that cannot be counted waits for a person, and costs nobody else a point."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from scoring.blame import blames_the_facts
from scoring.identity import engagement_id
from scoring.score import score
from scoring.uncounted import count_again, uncounted_count, uncounted_list
from scoring.verify import verify
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    NETWORK,
    NOW,
    ZONE,
    account,
    by_rule,
    count,
    mark,
    raise_curtain,
    reply,
    tell,
    wrote,
)

POISON = reply("bad", "outsider", "ana", "of-ana", 1)


async def set_the_trap(connection: Any) -> None:
    """The ledger refuses what one answer is worth, as a fault in a release of Fanfare would."""
    await raise_curtain(connection)
    id = engagement_id(NETWORK, POISON.kind, POISON.native_id, account("ana"))
    await connection.execute(
        f"alter table entry add constraint trap check (engagement_id <> '{id}')"
    )


async def mend(connection: Any) -> None:
    await connection.execute("alter table entry drop constraint trap")


async def agrees(connection: Any) -> bool:
    return (await verify(connection, zone=ZONE, redis=None)).agrees


@pytest.mark.parametrize("limit", [1, 4, 500])
@pytest.mark.parametrize("place", [0, 6, 10])
async def test_one_bad_change_is_set_aside_alone_and_all_others_are_counted(
    connection: Any, limit: int, place: int
) -> None:
    await set_the_trap(connection)
    answers = [reply(f"r{n}", f"visitor{n}", "cem", "of-cem", n) for n in range(10)]
    answers.insert(place, POISON)
    await mark(connection, "of-cem", "handed_in")
    for answer in answers:
        await tell(connection, answer)
    await count(connection, limit)
    (case,) = await uncounted_list(connection)
    assert (case.subject, case.reason) == ("engagement", "CheckViolationError")
    assert await connection.fetchval("select count(*) from change") == 0
    assert await by_rule(connection, ANA) == {}
    counted = await by_rule(connection, CEM)
    await mend(connection)
    assert not await agrees(connection), "verify sees what was not counted"
    assert await count_again(connection, BEN, NOW) == 1
    await count(connection)
    assert await agrees(connection)
    assert await uncounted_count(connection) == 0
    assert await by_rule(connection, CEM) == counted != {}
    assert await by_rule(connection, ANA) != {}


async def test_what_fails_again_comes_back_and_a_second_try_finds_each_change_once(
    connection: Any,
) -> None:
    await set_the_trap(connection)
    await tell(connection, POISON)
    await count(connection)
    assert await count_again(connection, BEN, NOW) == 1
    assert await count_again(connection, BEN, NOW) == 0
    await count(connection)
    assert await uncounted_count(connection) == 1
    assert await connection.fetchval("select count(*) from case_decision") == 1


async def test_every_kind_of_change_comes_back_as_it_was(connection: Any) -> None:
    await set_the_trap(connection)
    await tell(connection, wrote("of-ana", "ana", 0), POISON)
    await connection.execute("delete from change")
    await connection.execute(
        """insert into change (subject, subject_id, person_id, since_at) values
           ('engagement', (select id from engagement where native_id = 'bad'), null, null),
           ('post', $1, null, null), ('account', $2, null, $3), ('person', null, $4, $3)""",
        (await connection.fetchval("select post_id from engagement where native_id = 'bad'")),
        account("ana"),
        NOW.replace(month=1),
        ANA,
    )
    query = "select subject, subject_id, person_id, since_at from change order by subject"
    before = await connection.fetch(query)
    await count(connection)
    assert await uncounted_count(connection) == len(before) == 4
    assert await count_again(connection, BEN, NOW) == 4
    assert await connection.fetch(query) == before


async def test_trouble_of_the_database_is_nobodys_fault_and_nothing_is_set_aside(
    connection: Any, database_url: str
) -> None:
    await raise_curtain(connection)
    await tell(connection, POISON)
    other = await asyncpg.connect(database_url)
    async with other.transaction():
        await other.execute("lock table engagement")
        await connection.execute("set lock_timeout = '50ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await score(connection, now=NOW, zone=ZONE)
    await other.close()
    assert await uncounted_count(connection) == 0
    assert (await score(connection, now=NOW, zone=ZONE)).changes > 0
    assert await by_rule(connection, ANA) != {}


@pytest.mark.parametrize(
    ("error", "facts"),
    [
        (ConnectionResetError(), False),
        (TimeoutError(), False),
        (asyncpg.DeadlockDetectedError(""), False),
        (asyncpg.UndefinedTableError(""), False),
        (asyncpg.NumericValueOutOfRangeError(""), True),
        (asyncpg.CheckViolationError(""), True),
        (KeyError("a fault of our own"), True),
    ],
)
def test_only_what_would_fail_again_is_blamed_on_the_facts(error: Exception, facts: bool) -> None:
    assert blames_the_facts(error) is facts
