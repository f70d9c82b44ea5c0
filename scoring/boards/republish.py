"""Telling the boards about a person whose points did not change: who hides, pauses, leaves, comes
back or changes department.

Law: what a person decides about being seen reaches every board by the same outbox as points do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from scoring.connection import Connection

# Locked in the order in which the scoring writes them, so that nobody waits in a ring.
_RAISE = """
    with mine as materialized (
        select metric, period, starts_on from total where person_id = $1
        order by metric collate "C", period collate "C", starts_on for update
    ), raised as (
        update total t set version = t.version + 1 from mine m
        where t.person_id = $1 and t.metric = m.metric and t.period = m.period
          and t.starts_on = m.starts_on
        returning t.metric, t.period, t.starts_on, t.value, t.version
    )
    insert into outbox (metric, period, starts_on, person_id, value, version, audience)
    select metric, period, starts_on, $1, value, version, audience
    from raised cross join unnest(array[null] || $2::text[]) as audience
"""


async def republish_person(connection: Connection, person_id: int, left: Iterable[str] = ()) -> int:
    """Tell all boards about a person anew; returns how many rows went into the outbox.

    Call it in the transaction that changes the profile or the enrolment, after the change. When
    the department or the office changed, `left` names the old audiences, e.g. `department-3`.
    """
    told = await connection.execute(_RAISE, person_id, sorted(set(left)))
    return int(told.rsplit(" ", 1)[-1])


async def republish_newly_effective(
    connection: Connection, since: datetime, until: datetime
) -> int:
    """Tell about everyone whose enrolment changed with effect in [since, until); returns how many.

    For the clock: a pause dated ahead, or by a server whose clock is ahead, begins when it begins.
    """
    people = await connection.fetch(
        "select distinct person_id from enrolment where effective_at >= $1 and effective_at < $2"
        " order by person_id",
        since,
        until,
    )
    for record in people:
        await republish_person(connection, record["person_id"])
    return len(people)
