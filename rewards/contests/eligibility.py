"""Who of the entrants can win, as it stood at a moment.

Law: whoever cannot win still is in the standing; the reason is a word that the decision keeps, so
that it can be checked afterwards from what was recorded by then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from rewards.connection import Connection
from rewards.contests.charter import Charter

# What `fanfare verify-contest` and the pages know the reasons by.
WHY_NOT: Final[Mapping[str, str]] = {
    "left": "left before it was decided",
    "proposer": "published the contest",
    "cool_down": "won so recently that the rules make them wait",
    "no_snapshot_at_start": "no follower count within a day of the start",
    "no_snapshot_at_end": "no follower count within a day of the end",
    "no_team": "was in no team at the start",
}


async def not_eligible(
    connection: Connection, charter: Charter, person_ids: Sequence[int], at: datetime
) -> dict[int, str]:
    """Why some of these entrants cannot win if it is decided at a moment; one reason each."""
    why: dict[int, str] = {}
    for person in await _recent_winners(connection, charter, person_ids, at):
        why[person] = "cool_down"
    for person in await _left(connection, person_ids, at):
        why[person] = "left"
    if charter.proposer_id in person_ids:
        why[charter.proposer_id] = "proposer"
    return why


async def _left(connection: Connection, person_ids: Sequence[int], at: datetime) -> list[int]:
    rows = await connection.fetch(
        """select p.id from unnest($1::bigint[]) as p (id)
           where coalesce((select e.state from enrolment e
                           where e.person_id = p.id and e.effective_at <= $2
                           order by e.effective_at desc limit 1), 'left') = 'left'""",
        person_ids,
        at,
    )
    return [row["id"] for row in rows]


async def _recent_winners(
    connection: Connection, charter: Charter, person_ids: Sequence[int], at: datetime
) -> list[int]:
    """Who won something of value in a contest that was decided so shortly before this one's start.

    Counted back from the start: everybody can know it before they enter, and contests that run side
    by side do not depend on which is decided first. What was refused, declined or lapsed by then was
    not won. What another record won that was read as this person by then, they won.
    """
    if not charter.cool_down_days:
        return []
    rows = await connection.fetch(
        """with last as (
             select distinct on (record_id) record_id, into_id from same_person
             where recorded_at <= $5 order by record_id, id desc),
           entrant as (
             select p.id as person_id, p.id as record_id from unnest($1::bigint[]) as p (id)
             union select into_id, record_id from last where into_id = any($1::bigint[]))
           select distinct entrant.person_id from entrant
           join award a on a.person_id = entrant.record_id
           join decision d on d.contest_id = a.contest_id
           where a.contest_id <> $2
             and a.kind <> 'recognition' and a.recorded_at < $4
             and d.recorded_at >= $3 and d.recorded_at < $4
             and not exists (select from award_event e where e.award_id = a.id
                             and e.recorded_at < $4
                             and e.kind in ('refused', 'declined', 'lapsed', 'voided'))""",
        person_ids,
        charter.contest_id,
        charter.start_at - timedelta(days=charter.cool_down_days),
        charter.start_at,
        at,
    )
    return [row["person_id"] for row in rows]
