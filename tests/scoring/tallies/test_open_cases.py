"""Open cases that could change a place are found; all others are not."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.facts import Kind, Removal
from scoring.identity import engagement_id
from scoring.tallies import open_cases, open_cases_about
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    NETWORK,
    NOW,
    account,
    hour,
    like,
    raise_curtain,
    reply,
    share,
    tell,
)

EVERYBODY = [ANA, BEN, CEM]


async def open_case(connection: Any, *held: tuple[Kind, str, str]) -> int:
    case = await connection.fetchval(
        """insert into case_file (kind, reason, evidence, recorded_at)
           values ('circle', 'looks odd', '{}', $1) returning id""",
        NOW,
    )
    await hold(connection, case, True, *held)
    return int(case)


async def hold(connection: Any, case: int, held: bool, *deeds: tuple[Kind, str, str]) -> None:
    for kind, name, target in deeds:
        deed = engagement_id(NETWORK, kind, name, account(target))
        await connection.execute(
            "insert into hold (engagement_id, case_id, held, recorded_at) values ($1, $2, $3, $4)",
            deed,
            case,
            held,
            NOW,
        )


async def decide(connection: Any, case: int) -> None:
    await connection.execute(
        """insert into case_decision (case_id, decided_by, outcome, reason, recorded_at)
           values ($1, $2, 'upheld', 'it was', $3)""",
        case,
        CEM,
        NOW,
    )


async def about(connection: Any, start: float = 0, end: float = 100) -> dict[int, list[int]]:
    return await open_cases_about(connection, EVERYBODY, start_at=hour(start), end_at=hour(end))


async def test_a_case_concerns_those_whose_deeds_it_holds(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "zoe", "ana", "p1", 1),
        reply("r2", "zoe", "ana2", "p2", 2),
        share("q1", "acme", "ana", "p1", 3),
        like("zoe", "acme", "q1", 4),
        reply("r3", "zoe", "cem", "p3", 5),
    )
    first = await open_case(connection, (Kind.REPLY, "r1", "ana"), (Kind.REPLY, "r2", "ana2"))
    second = await open_case(connection, (Kind.REACTION, "like:zoe>q1", "acme"))
    assert await about(connection) == {ANA: [first, second]}
    await decide(connection, first)
    assert await about(connection) == {ANA: [second]}
    await hold(connection, second, False, (Kind.REACTION, "like:zoe>q1", "acme"))
    assert await about(connection) == {}


async def test_what_would_count_for_nobody_blocks_nothing(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "zoe", "ana", "p1", 1),
        reply("r2", "zoe", "cem", "p2", 2),  # Cem lets count only what is handed in
        reply("r3", "zoe", "ana", "p1", 3),
        Removal("r3"),
    )
    held = [(Kind.REPLY, "r1", "ana"), (Kind.REPLY, "r2", "cem"), (Kind.REPLY, "r3", "ana")]
    case = await open_case(connection, *held)
    assert await about(connection) == {ANA: [case]}
    assert await about(connection, start=2) == {}
    assert await about(connection, end=1) == {}
    only = await open_cases_about(connection, [BEN], start_at=hour(0), end_at=hour(9))
    assert only == {}


async def test_more_than_a_page_is_looked_at_page_by_page(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_cases, "PAGE", 3)
    await raise_curtain(connection)
    names = [f"r{n}" for n in range(10)]
    await tell(connection, *(reply(name, f"z{name}", "ana", "p1", 1) for name in names))
    cases = [await open_case(connection, (Kind.REPLY, name, "ana")) for name in names]
    assert await about(connection) == {ANA: cases}
