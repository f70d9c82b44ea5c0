"""Whom changes will concern, as far as can be told before anything is locked.

Law: a guess. Too many people are locked in vain; too few are locked later, and their windows read anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from scoring.attribution import RESHARING
from scoring.changes import Changes
from scoring.connection import Connection
from scoring.deed import Deed


async def expected(connection: Connection, changes: Changes, told: Sequence[Deed]) -> set[int]:
    """Those to whom something was done, else who did it; the authors; who is changed themselves.

    What one colleague does to another earns the other something: the first is not held for it.
    """
    accounts = {account for deed in told for account in (deed.actor_id, deed.target_id)}
    rows = await connection.fetch(
        """with part as (
             select unnest($1::uuid[]) as account_id, false as surely
             union
             select unnest($2::uuid[]), true
             union
             select unnest(array[e.actor_id, e.target_id]), true
             from called c join engagement e on e.id = c.engagement_id
             where c.name = any($3::uuid[])
             union
             select author_id, true from post where post_id = any($4::uuid[]))
           select distinct o.account_id, o.person_id, o.company, part.surely
           from part join ownership o using (account_id)""",
        list(accounts - {None}),
        list(changes.accounts),
        list(changes.natives),
        list(changes.posts),
    )
    owners: dict[UUID | None, set[int]] = defaultdict(set)
    for row in rows:
        if row["person_id"] is not None:
            owners[row["account_id"]].add(row["person_id"])
    persons = {row["person_id"] for row in rows if row["surely"]} - {None}
    for deed in told:
        persons |= owners.get(deed.target_id) or owners.get(deed.actor_id, set())
    company = {row["account_id"] for row in rows if row["company"]}
    # Applause for what the company reshared is its author's.
    applauded = {deed.post_id for deed in told if deed.post_id and deed.target_id in company}
    if applauded:
        rows = await connection.fetch(
            """select o.person_id from called c join engagement e on e.id = c.engagement_id
               join ownership o on o.account_id = e.target_id
               where c.name = any($1::uuid[]) and e.kind = any($2::text[])""",
            list(applauded),
            list(RESHARING),
        )
        persons |= {row["person_id"] for row in rows if row["person_id"] is not None}
    return persons | changes.persons.keys()
