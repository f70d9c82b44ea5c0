"""People who leave, come back, hand an account on or work elsewhere: each interval holds what it held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from scoring.accounts import AccountTaken, accounts_of, change_counting, link, linked_last, unlink
from scoring.people import NotPossibleNow, enrol, enrolment_state, leave, pause, resume
from scoring.platforms.platform import Named
from scoring.roster import Listed, take_roster
from scoring.verify import verify
from tests.scoring.scene import (
    ANA,
    BEN,
    NETWORK,
    NOW,
    ZONE,
    account,
    by_rule,
    count,
    hour,
    points,
    raise_curtain,
    reply,
    tell,
    totals,
)

PEOPLE = ["ana", "ben", "cem"]


async def links(
    connection: Any, person: int, name: str, at: datetime, counts: Any = "every"
) -> None:
    async with connection.transaction():
        await link(connection, person, NETWORK, Named(name, name), counts, at)


async def leaves(connection: Any, person: int, at: datetime) -> None:
    async with connection.transaction():
        await leave(connection, person, at)


async def returns(connection: Any, person: int, at: datetime) -> None:
    async with connection.transaction():
        await enrol(connection, person, at)


async def agrees(connection: Any) -> None:
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_nothing_counts_between_leaving_and_coming_back(connection: Any) -> None:
    await raise_curtain(connection)
    await leaves(connection, ANA, hour(10))
    await returns(connection, ANA, hour(20))
    await links(connection, ANA, "ana", hour(30))
    await tell(
        connection,
        reply("r1", "out1", "ana", "p1", 9.99),  # counts
        reply("r2", "out2", "ana", "p1", 10),  # gone
        reply("r3", "out3", "ana", "p1", 25),  # back, but the account is not hers yet
        reply("r4", "out4", "ana", "p1", 30),  # counts
    )
    await count(connection)
    assert (await by_rule(connection))["answered"] == 10
    await agrees(connection)


async def test_leaving_and_coming_back_loses_nothing_and_doubles_nothing(connection: Any) -> None:
    await raise_curtain(connection)
    told = [reply(f"r{n}", f"out{n}", "ana", "p1", n) for n in range(1, 4)]
    await tell(connection, *told)
    await count(connection)
    before, boards = await points(connection), await totals(connection)
    await leaves(connection, ANA, hour(100))
    await count(connection)
    assert await points(connection) == before
    await returns(connection, ANA, hour(200))
    await links(connection, ANA, "ana", hour(200))
    await tell(connection, *told)  # the network tells it once more
    await count(connection)
    assert await points(connection) == before
    assert await totals(connection) == boards
    await agrees(connection)


async def test_who_answered_before_is_no_new_voice_after_the_return(connection: Any) -> None:
    await raise_curtain(connection)
    await leaves(connection, ANA, hour(10))
    await returns(connection, ANA, hour(20))
    await links(connection, ANA, "ana", hour(20))
    await tell(
        connection,
        reply("r1", "out1", "ana", "p1", 5),
        reply("r2", "out1", "ana", "p1", 25),
    )
    await count(connection)
    assert await by_rule(connection) == {"answered": 5, "new_voice": 3}
    await agrees(connection)


async def test_a_leavers_account_that_another_links_counts_for_each_in_their_time(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    with pytest.raises(AccountTaken):
        await links(connection, BEN, "ana", hour(5))
    await leaves(connection, ANA, hour(10))
    await links(connection, BEN, "ana", hour(20))
    await tell(
        connection,
        reply("r1", "out1", "ana", "p1", 5),
        reply("r2", "out2", "ana", "p1", 15),  # nobody's
        reply("r3", "out3", "ana", "p1", 25),
        reply("r4", "out1", "ana", "p1", 26),  # answered Ana before, and now Ben
    )
    await count(connection)
    assert (await by_rule(connection, ANA))["answered"] == 5
    assert (await by_rule(connection, BEN))["answered"] == 10
    with pytest.raises(AccountTaken):
        await links(connection, ANA, "ana", hour(30))
    await agrees(connection)


async def test_the_department_of_today_says_where_all_points_stand(connection: Any) -> None:
    """No history of departments is kept: boards compare colleagues as they are, and points go along."""
    await raise_curtain(connection)
    await listed(connection, "Sales")
    await tell(connection, reply("r1", "out1", "ana", "p1", 5))
    await count(connection)
    mine = await totals(connection)
    await connection.execute("delete from outbox")
    await listed(connection, "Support")
    assert await totals(connection) == mine
    told = await connection.fetch("select distinct period, starts_on, audience from outbox")
    former = await connection.fetchval("select id from department where name = 'Sales'")
    periods = {(row["period"], row["starts_on"]) for row in told}
    assert {(row["period"], row["starts_on"]) for row in told if row["audience"]} == periods
    assert {row["audience"] for row in told} == {None, f"department-{former}"}


async def listed(connection: Any, department: str) -> None:
    people = [
        Listed(line, name.title(), f"{name}@example.org", department, None)
        for line, name in enumerate(PEOPLE, start=1)
    ]
    known = await connection.fetchval("select count(*) from profile")
    if not known:
        for person, name in enumerate(PEOPLE, start=1):
            await connection.execute(
                """insert into profile (person_id, email, name, visibility, opens_networks, opens_mix,
                                        opens_gain) values ($1, $2, $3, 'name', false, false, false)""",
                person,
                f"{name}@example.org",
                name.title(),
            )
    async with connection.transaction():
        await take_roster(connection, people, None, NOW)


# The clock of a server that goes back ------------------------------------------------------------


async def test_who_leaves_stays_gone_though_the_clock_had_been_ahead(connection: Any) -> None:
    await raise_curtain(connection, enrolled=False, linked=False)
    await returns(connection, ANA, hour(11))  # the clock was an hour ahead, and is put right
    await links(connection, ANA, "ana", hour(11))
    await leaves(connection, ANA, hour(10.2))
    await tell(
        connection,
        *(reply(f"r{n}", f"out{n}", "ana", "p1", n) for n in (9, 10.5, 10.9, 11.1, 50)),
    )
    await count(connection)
    assert await enrolment_state(connection, ANA, NOW) == "left"
    assert await accounts_of(connection, ANA, NOW) == []
    assert await linked_last(connection, ANA) == []
    assert await by_rule(connection) == {}
    await agrees(connection)


async def test_a_pause_that_was_taken_back_does_not_begin_later(connection: Any) -> None:
    await raise_curtain(connection)
    for say, at in (
        (pause, hour(11)),
        (resume, hour(10.1)),
        (pause, hour(10.2)),
        (resume, hour(10.3)),
    ):
        async with connection.transaction():
            await say(connection, ANA, at)
    assert await enrolment_state(connection, ANA, NOW) == "active"
    await tell(connection, reply("r1", "out1", "ana", "p1", 12))
    await count(connection)
    assert (await by_rule(connection))["answered"] == 5
    await agrees(connection)


async def test_an_account_that_was_given_up_stays_given_up(connection: Any) -> None:
    await raise_curtain(connection)
    async with connection.transaction():
        await change_counting(connection, ANA, account("ana"), "handed_in", hour(11))
        await unlink(connection, ANA, account("ana"), hour(10))
        await link(connection, BEN, NETWORK, Named("ana", "ana"), "every", hour(10.1))
    mine = [one.native_id for one in await accounts_of(connection, ANA, NOW)]
    theirs = [one.native_id for one in await accounts_of(connection, BEN, NOW)]
    assert (mine, theirs) == (["ana2"], ["ana", "ben"])


async def test_from_every_state_only_what_makes_sense_follows(connection: Any) -> None:
    await raise_curtain(connection)
    with pytest.raises(NotPossibleNow):
        async with connection.transaction():
            await pause(connection, ANA, hour(1))
            await leave(connection, ANA, hour(2))
            await pause(connection, ANA, hour(3))
