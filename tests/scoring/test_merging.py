"""Two records that turn out to be one person: what counted goes on to count, once, and it can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from scoring.boards.key import BoardKey
from scoring.one_person import SameRefused, apart_again, same_person
from scoring.periods import Period, starts_on
from scoring.records import records_of, said_of
from scoring.verify import verify
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    NOW,
    ZONE,
    by_rule,
    count,
    enrol,
    hour,
    mark,
    points,
    raise_curtain,
    reply,
    tell,
    totals,
    wrote,
)

LATER = NOW + timedelta(hours=1)
EVEN_LATER = NOW + timedelta(hours=2)
WHY = "imported twice, under the maiden name and the married one"
PEER = """
[[rule]]
name = "answered"
when = { relation = "earned", kind = ["reply"] }
credit = "actor+post"
per = "week"
steps = [[50, 5]]

[[rule]]
name = "voices"
when = { relation = "earned", kind = ["reply"] }
credit = "actor"
per = "month"
steps = [[50, 10]]

[[rule]]
name = "helped"
when = { relation = "peer", kind = ["reply"] }
credit = "actor+post"
per = "week"
steps = [[50, 3]]
"""


async def world(connection: Any) -> None:
    """Somebody outside answers both; Ana's two records, hers and Ben's, answer each other; Cem answers."""
    await raise_curtain(connection, toml=PEER)
    await tell(
        connection,
        wrote("p1", "ana", 0),
        wrote("p2", "ben", 0),
        reply("r1", "out1", "ana", "p1", 1),
        reply("r2", "out1", "ben", "p2", 2),
        reply("r3", "out2", "ben", "p2", 3),
        reply("r4", "ben", "ana", "p1", 4),
        reply("r5", "ana", "ben", "p2", 5),
        reply("r6", "cem", "ben", "p2", 6),
    )
    for post in ("p1", "p2"):
        await mark(connection, post, "handed_in")
    await count(connection)


async def join(connection: Any, record: int = BEN, into: int = ANA, by: int | None = CEM) -> int:
    async with connection.transaction():
        return await same_person(connection, record, into, by=by, reason=WHY, now=LATER)


async def part(connection: Any, record: int = BEN) -> int:
    async with connection.transaction():
        return await apart_again(
            connection, record, by=CEM, reason="two people after all", now=EVEN_LATER
        )


async def test_what_both_were_credited_is_the_persons_and_each_voice_counts_once(
    connection: Any,
) -> None:
    await world(connection)
    assert await by_rule(connection, ANA) == {"answered": 5, "voices": 10, "helped": 3}
    assert await by_rule(connection, BEN) == {"answered": 10, "voices": 20, "helped": 6}
    await join(connection)
    await count(connection)
    # out1 is one voice, and what the two did to each other is done to oneself; Cem is a colleague still.
    assert await by_rule(connection, ANA) == {"answered": 15, "voices": 20, "helped": 3}
    assert await by_rule(connection, BEN) == {}
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_it_can_be_undone_and_leaves_what_had_stood(connection: Any) -> None:
    await world(connection)
    before, boards = await points(connection), await totals(connection)
    await join(connection)
    await count(connection)
    await part(connection)
    await count(connection)
    assert await points(connection) == before
    assert await totals(connection) == boards
    assert await said_of(connection, BEN) is None
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_what_happened_meanwhile_is_the_other_persons_again(connection: Any) -> None:
    await world(connection)
    await join(connection)
    await count(connection)
    meanwhile = (LATER + timedelta(minutes=10) - hour(0)).total_seconds() / 3600
    received_at = LATER + timedelta(minutes=20)
    await tell(connection, reply("r9", "out9", "ben", "p2", meanwhile), received_at=received_at)
    await count(connection)
    assert (await by_rule(connection, ANA))["answered"] == 20
    await part(connection)
    await count(connection)
    assert (await by_rule(connection, ANA))["answered"] == 5
    assert (await by_rule(connection, BEN))["answered"] == 15
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_joining_and_undoing_once_more_is_as_good_as_once(connection: Any) -> None:
    await world(connection)
    await join(connection)
    await count(connection)
    joined = await points(connection)
    await part(connection)
    async with connection.transaction():
        again = EVEN_LATER + timedelta(hours=1)
        await same_person(connection, BEN, ANA, by=CEM, reason=WHY, now=again)
    await count(connection)
    assert await points(connection) == joined
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_nothing_counts_that_did_not_count_under_its_own_record(connection: Any) -> None:
    """Ana paused while her other record took part, and the other way round."""
    await raise_curtain(connection, toml=PEER)
    await enrol(connection, ANA, "paused", hour(1))
    await enrol(connection, ANA, "active", hour(10))
    await enrol(connection, BEN, "paused", hour(20))
    await tell(
        connection,
        wrote("p1", "ana", 0),
        wrote("p2", "ben", 0),
        reply("r1", "out1", "ana", "p1", 5),  # she paused
        reply("r2", "out2", "ben", "p2", 5),
        reply("r3", "out3", "ana", "p1", 25),
        reply("r4", "out4", "ben", "p2", 25),  # it paused
    )
    for post in ("p1", "p2"):
        await mark(connection, post, "handed_in")
    await count(connection)
    before = await points(connection)
    await join(connection)
    await count(connection)
    sums: dict[Any, int] = {}
    for (_, rule, day), value in before.items():
        sums[ANA, rule, day] = sums.get((ANA, rule, day), 0) + value
    assert await points(connection) == sums
    assert (await verify(connection, zone=ZONE)).differences == []


@pytest.mark.parametrize(
    ("own", "other", "then"),
    [
        ("active", "active", "active"),
        ("paused", "active", "paused"),  # her own word holds
        ("left", "active", "active"),
        ("left", "paused", "paused"),
        ("active", "left", "active"),
        ("left", "left", "left"),
    ],
)
async def test_the_person_goes_on_as_they_took_part(
    connection: Any, own: str, other: str, then: str
) -> None:
    await raise_curtain(connection)
    for person, state in ((ANA, own), (BEN, other)):
        if state != "active":
            await enrol(connection, person, state, hour(1))
    await join(connection)
    assert await state_of(connection, ANA) == then
    assert await state_of(connection, BEN) == "left"
    await part(connection)
    assert await state_of(connection, ANA) == own
    assert await state_of(connection, BEN) == other


async def state_of(connection: Any, person: int) -> Any:
    return await connection.fetchval(
        "select state from enrolment where person_id = $1 order by effective_at desc limit 1",
        person,
    )


async def test_facts_are_appended_and_the_audit_names_who_said_it(connection: Any) -> None:
    await world(connection)
    rows = await connection.fetch("select * from ownership order by id")
    entries = await connection.fetchval("select count(*) from entry")
    await join(connection)
    await count(connection)
    assert (await connection.fetch("select * from ownership order by id"))[: len(rows)] == rows
    assert await connection.fetchval("select count(*) from entry") > entries
    audited = await connection.fetchrow("select * from audit where action = 'same_person'")
    assert (audited["person_id"], audited["subject"]) == (CEM, f"person:{ANA}")
    assert [said.record_id for said in await records_of(connection, ANA)] == [BEN]


async def test_nobody_joins_records_of_their_own(connection: Any) -> None:
    await raise_curtain(connection)
    for by in (ANA, BEN):
        with pytest.raises(SameRefused, match="Nobody decides about themselves"):
            await join(connection, by=by)
    await join(connection)
    for by in (ANA, BEN):
        with pytest.raises(SameRefused, match="Nobody decides about themselves"):
            async with connection.transaction():
                await apart_again(connection, BEN, by=by, reason="no", now=EVEN_LATER)


@pytest.mark.parametrize(("record", "into"), [(BEN, BEN), (BEN, 99), (99, ANA)])
async def test_what_cannot_be_one_is_refused_in_words(
    connection: Any, record: int, into: int
) -> None:
    await raise_curtain(connection)
    with pytest.raises(SameRefused):
        await join(connection, record, into)


async def test_a_record_is_one_persons_at_a_time(connection: Any) -> None:
    await raise_curtain(connection)
    await join(connection)
    for record, into in ((BEN, CEM), (CEM, BEN), (ANA, CEM)):
        with pytest.raises(SameRefused, match="Undo that first"):
            await join(connection, record, into, by=None)


async def test_a_reason_is_asked_for(connection: Any) -> None:
    await raise_curtain(connection)
    with pytest.raises(SameRefused, match="Say how you know"):
        async with connection.transaction():
            await same_person(connection, BEN, ANA, by=CEM, reason="  ", now=LATER)


async def test_boards_hold_the_person_once(connection: Any) -> None:
    await world(connection)
    await join(connection)
    await count(connection)
    week = BoardKey("points", Period.WEEK, starts_on(Period.WEEK, hour(1), ZONE))
    rows = await connection.fetch(
        "select person_id from total where metric = 'points' and period = 'week' and starts_on = $1"
        " and value <> 0 order by person_id",
        week.starts_on,
    )
    assert [row["person_id"] for row in rows] == [ANA]
