"""Two records that turn out to be one person, in contests that are not decided.

Law: one person is one entrant. Who entered under either record is in under the one that stays, in the place
the start gave; what was decided stays as it was decided.
"""

from __future__ import annotations

from datetime import datetime

from rewards.connection import Connection
from rewards.contests.amenders import barred
from rewards.contests.entrants import state_of
from rewards.contests.record import lock

_ENTERED = """
select distinct e.contest_id from entrance e
where e.person_id = any($1::bigint[]) and not exists (
  select from contest_event h where h.contest_id = e.contest_id and h.kind in ('decided', 'cancelled'))
order by e.contest_id
"""


async def one_entrant(
    connection: Connection, record_id: int, person_id: int, *, now: datetime
) -> list[int]:
    """Carry a record's part in undecided contests over to the person, in the caller's transaction;
    returns those contests. Of a contest that either of them published or amended, both are out."""
    carried = []
    for row in await connection.fetch(_ENTERED, [record_id, person_id]):
        contest = await lock(connection, row["contest_id"])
        if contest.happened("decided") or contest.happened("cancelled"):
            continue
        decides = {record_id, person_id} & await barred(connection, contest.charter)
        states = {
            one: await state_of(connection, contest.id, one) for one in (record_id, person_id)
        }
        out = [
            one
            for one, state in states.items()
            if state == "entered" and (decides or one == record_id)
        ]
        for one in out:
            await _withdraw(connection, contest.id, one, now)
        if out:
            carried.append(contest.id)
        if decides or states[record_id] != "entered" or states[person_id] is not None:
            continue
        await _say(connection, contest.id, person_id, "entered", now)
        await connection.execute(
            """insert into placement (contest_id, person_id, bracket, audience, team, recorded_at)
               select contest_id, $3, bracket, audience, team, $4 from placement
               where contest_id = $1 and person_id = $2 on conflict do nothing""",
            contest.id,
            record_id,
            person_id,
            now,
        )
    return carried


async def _withdraw(connection: Connection, contest_id: int, person_id: int, now: datetime) -> None:
    await _say(connection, contest_id, person_id, "withdrawn", now)
    for table in ("tally", "frozen_tally", "tally_due"):
        await connection.execute(
            f"delete from {table} where contest_id = $1 and person_id = $2",
            contest_id,
            person_id,
        )


async def _say(
    connection: Connection, contest_id: int, person_id: int, state: str, now: datetime
) -> None:
    await connection.execute(
        """insert into entrance (contest_id, person_id, state, chosen, recorded_at)
           values ($1, $2, $3, true, $4)""",
        contest_id,
        person_id,
        state,
        now,
    )
