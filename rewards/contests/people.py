"""Whom a contest is open to, as the company stands now.

Law: only who takes part in Fanfare can be an entrant, and never who published the contest, who proposes
its awards, or amended what can be won: nobody decides about themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from rewards.connection import Connection
from rewards.contests.amenders import amended_by, barred
from rewards.contests.charter import Charter
from scoring import everyone_of

# By `who`: where the profile says it; the names of the table and, with _id, of the column.
_TEAM: Final = {"people": None, "departments": "department", "offices": "office"}

# Everybody who takes part at $1 and belongs to those the contest is open to.
_OPEN_TO = """
select p.person_id, d.name as department, o.name as office from profile p
left join department d on d.id = p.department_id
left join office o on o.id = p.office_id
where (select e.state from enrolment e
       where e.person_id = p.person_id and e.effective_at <= $1
       order by e.effective_at desc limit 1) = 'active'
  and ($2 = 'all'
       or ($2 = 'departments' and p.department_id = any($3::int[]))
       or ($2 = 'offices' and p.office_id = any($3::int[])))
  and ($4 = 'people'
       or ($4 = 'departments' and p.department_id is not null)
       or ($4 = 'offices' and p.office_id is not null))
  and p.person_id <> all($5::bigint[])
"""


_ONE: Final = """
select p.department_id as departments, p.office_id as offices,
  (select e.state from enrolment e where e.person_id = p.person_id and e.effective_at <= $2
   order by e.effective_at desc limit 1) as state
from profile p where p.person_id = $1
"""


async def open_to(
    connection: Connection,
    charter: Charter,
    *,
    at: datetime,
    person_ids: Sequence[int] | None = None,
) -> dict[int, str | None]:
    """Who may enter at a moment, all or of some people, with the team each would enter for.

    The team is the name of the department or office, None where people enter for themselves.
    """
    query, only = _OPEN_TO, []
    if person_ids is not None:
        query, only = query + " and p.person_id = any($6::bigint[])", [list(person_ids)]
    rows = await connection.fetch(
        query + " order by p.person_id",
        at,
        charter.open.to,
        list(charter.open.ids),
        charter.who,
        sorted(await barred(connection, charter)),
        *only,
    )
    team = _TEAM[charter.who]
    return {row["person_id"]: row[team] if team else None for row in rows}


async def open_to_one(
    connection: Connection, charters: Sequence[Charter], person_id: int, *, at: datetime
) -> frozenset[int]:
    """Which of these contests one person may enter at a moment, by their ids: `open_to`, asked once for
    all of them."""
    row = await connection.fetchrow(_ONE, person_id, at)
    if row is None or row["state"] != "active":
        return frozenset()
    amended = await amended_by(connection, person_id)
    mine = await everyone_of(connection, person_id)
    return frozenset(
        charter.contest_id
        for charter in charters
        if charter.proposer_id not in mine
        and charter.contest_id not in amended
        and (charter.open.to == "all" or row[charter.open.to] in charter.open.ids)
        and (charter.who == "people" or row[charter.who] is not None)
    )


async def teams_of(
    connection: Connection, charter: Charter, person_ids: Sequence[int]
) -> dict[int, str | None]:
    """The team each of these people belongs to now, by its name; None: to none, or for themselves."""
    team = _TEAM[charter.who]
    if team is None:
        return dict.fromkeys(person_ids)
    rows = await connection.fetch(
        f"""select p.person_id, t.name from profile p left join {team} t on t.id = p.{team}_id
            where p.person_id = any($1::bigint[])""",
        list(person_ids),
    )
    return {**dict.fromkeys(person_ids), **{row["person_id"]: row["name"] for row in rows}}
