"""The recomputation in SQL: it agrees with the workers, and sees what is wrong."""

from __future__ import annotations

from typing import Any

from scoring.facts import Figure, Kind, Post, Removal
from scoring.verify import verify
from tests.scoring.scene import (
    ANA,
    ZONE,
    by_rule,
    count,
    hour,
    like,
    raise_curtain,
    reply,
    share,
    tell,
    wrote,
)


async def play(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        Post("p1", "ana", hour(0), text="hello"),
        wrote("p1", "ana", 0),
        *(reply(f"r{n}", f"out{n}", "ana", "p1", n) for n in range(1, 4)),
        reply("a1", "ana", "out1", "r1", 5),
        share("q1", "acme", "ana", "p1", 6),
        like("out9", "acme", "q1", 7),
        like("ben", "ana", "p1", 7),
        Removal("r2"),
        Figure("p1", Kind.REACTION, 7, hour(30)),
        reply("r9", "out1", "ana", "p1", 40),
    )


async def test_what_the_workers_count_is_what_the_facts_give(connection: Any) -> None:
    await play(connection)
    await count(connection)
    assert await by_rule(connection) == {
        "answered": 10, "authored": 4, "company_shared_yours": 40, "conversed": 4, "echo": 1,
        "liked": 7, "new_voice": 6,
    }  # fmt: skip
    verification = await verify(connection, zone=ZONE)
    assert verification.differences == []
    assert verification.points == 72
    assert verification.people == 3


async def test_what_is_still_being_counted_is_not_a_difference(connection: Any) -> None:
    await play(connection)
    verification = await verify(connection, zone=ZONE)
    assert verification.agrees
    assert verification.still_counted == 1
    assert verification.waiting_changes > 0


async def test_a_point_too_many_is_found_by_person_rule_and_day(connection: Any) -> None:
    await play(connection)
    await count(connection)
    await connection.execute(
        """insert into entry (recorded_on, person_id, rule, relation, rule_window, key, points,
                              reason, occurred_at, rulebook_id, recorded_at)
           select recorded_on, person_id, rule, relation, rule_window, gen_random_uuid(), 5,
                  reason, occurred_at, rulebook_id, recorded_at from entry
           where rule = 'answered' limit 1"""
    )
    verification = await verify(connection, zone=ZONE)
    words = [str(difference) for difference in verification.differences]
    assert words[0] == (
        f"person {ANA}, rule answered, 2026-11-02: the facts give 10, the ledger says 15"
    )
    assert len(words) == 1 + 5  # and the totals of five periods
    assert not verification.agrees
