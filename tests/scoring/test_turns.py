"""Laws of who counts what when: people take turns, workers do not meet, no note is left behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from scoring import sweep as sweeping
from scoring.changes import EACH, Note, Turns, claim
from scoring.score import score
from scoring.sweep import Sweep
from tests.scoring.scene import (
    NOW,
    ZONE,
    count,
    like,
    points,
    raise_curtain,
    reply,
    tell,
    wrote,
)


async def note_about(connection: Any, person: int, times: int = 1) -> None:
    """So many changes about a person wait."""
    await connection.execute(
        """insert into change (subject, subject_id, whose)
           select 'engagement', gen_random_uuid(), $1 from generate_series(1, $2)""",
        person,
        times,
    )


async def whose(connection: Any, notes: Sequence[Note]) -> set[int]:
    """The people these notes were about; they are still there for whoever else looks."""
    rows = await connection.fetch(
        "select distinct whose from change where subject_id = any($1::uuid[])",
        [note.subject_id for note in notes],
    )
    return {row["whose"] for row in rows}


async def test_nobody_waits_behind_all_that_happens_about_one_person(connection: Any) -> None:
    await note_about(connection, 7, times=10 * EACH)
    for other in range(100, 160):
        await note_about(connection, other)
    turns = Turns()
    first = await claim(connection, EACH, turns)
    second = await claim(connection, EACH, turns)
    left = "select count(*) from change where whose <> 7"
    assert await connection.fetchval(left) == 0
    # A round of two people's turns holds one slice of each, not more of one.
    assert len(first) + len(second) <= EACH + EACH + 60


async def test_two_workers_never_have_changes_of_the_same_person(
    connection: asyncpg.Connection, database_url: str
) -> None:
    for person in range(1, 200):
        await note_about(connection, person, times=5)
    other = await asyncpg.connect(database_url)
    try:
        async with connection.transaction(), other.transaction():
            mine = await claim(connection, 100)
            theirs = await claim(other, 100)
            looking = await asyncpg.connect(database_url)
            try:
                ours = await whose(looking, mine), await whose(looking, theirs)
            finally:
                await looking.close()
    finally:
        await other.close()
    assert len(mine) == len(theirs) == 100
    assert all(ours)
    assert not ours[0] & ours[1]


async def test_what_other_workers_have_is_passed_over_and_not_waited_for(
    connection: asyncpg.Connection, database_url: str
) -> None:
    await note_about(connection, 7, times=3)
    other = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            assert len(await claim(connection, 1)) == 1
            assert await claim(other, 100) == []
        assert len(await claim(other, 100)) == 2
    finally:
        await other.close()


@pytest.mark.parametrize("limit", [1, 3, 50])
async def test_rounds_take_every_note_once(connection: Any, limit: int) -> None:
    for person in range(1, 40):
        await note_about(connection, person, times=person % 4)
    await connection.execute("insert into change (subject, person_id, since_at)"
                             " select 'person', 5, now() from generate_series(1, 3)")  # fmt: skip
    waiting = await connection.fetchval("select count(*) from change")
    turns, taken = Turns(), 0
    while notes := await claim(connection, limit, turns):
        assert len(notes) <= limit
        taken += len(notes)
    assert taken == waiting > 50
    assert await connection.fetchval("select count(*) from change") == 0


async def test_a_round_that_fails_goes_on_where_it_began(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, reply("r1", "out1", "ana", "p1", 1))
    turns = Turns()
    await connection.execute("alter table touched rename to away")
    with pytest.raises(asyncpg.UndefinedTableError):
        await score(connection, now=NOW, zone=ZONE, turns=turns)
    assert turns == Turns()
    await connection.execute("alter table away rename to touched")
    await count(connection)
    assert sum((await points(connection)).values()) > 0


async def test_facts_are_noted_in_the_turn_of_whom_they_concern(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        wrote("p1", "ana", 0),
        reply("r1", "out1", "ana", "p1", 1),
        like("out2", "ana", "p1", 2),
        like("out3", "ben", "p9", 3),
    )
    rows = await connection.fetch("select whose, turn from change")
    assert {row["whose"] for row in rows} == {1, 2}
    assert len({row["turn"] for row in rows}) == 2


class Counting:
    """A connection that counts the rows it was answered with."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.rows = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    async def fetch(self, *arguments: Any, **options: Any) -> Any:
        found = await self._connection.fetch(*arguments, **options)
        self.rows += len(found)
        return found


async def test_a_reaction_to_a_viral_post_is_counted_without_reading_the_others(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(connection, wrote("p1", "ana", 0))
    read = []
    for crowd in range(4):
        likes = [like(f"out{crowd}-{n}", "ana", "p1", 1 + crowd * 60 + n % 60) for n in range(400)]
        await tell(connection, *likes)
        counting = Counting(connection)
        await count(counting)
        read.append(counting.rows)
    # Four times as many are there in the end; all that is read of them is what fills the steps.
    assert max(read) <= min(read) + 20


# Queues in order of ids -----------------------------------------------------------------------------


def test_a_sweep_goes_on_where_it_was_and_returns_for_what_came_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(sweeping.time, "monotonic", lambda: now)
    sweep = Sweep()
    sweep.reached(500, full=True)
    assert sweep.after == 0  # the first look of a second goes back
    sweep.reached(1000, full=True)
    assert sweep.after == 1000
    sweep.reached(1200, full=False)
    assert sweep.after == 0  # nothing is said yet to be gone for good
    now += timedelta(seconds=6).total_seconds()
    sweep.reached(1300, full=False)
    assert sweep.after == 1200
    sweep.again()
    assert sweep.after == 0


def test_a_sweep_begins_anew_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(sweeping.time, "monotonic", lambda: now)
    sweep = Sweep()
    for n in range(1, 70):
        now += 1
        sweep.reached(n * 100, full=True)
        if sweep.after == 0 and n > 10:
            return
    raise AssertionError("it never went back to the beginning")
