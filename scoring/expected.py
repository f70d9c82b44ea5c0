"""Whom changes will concern, as far as can be told before anything is locked.

Law: a guess. Too many people are locked in vain; too few are locked later, and their windows read anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.attribution import RESHARING
from scoring.changes import Changes
from scoring.connection import Connection
from scoring.deed import Deed


async def expected(connection: Connection, changes: Changes, told: Sequence[Deed]) -> set[int]:
    """The people whose accounts took part in these changes, or who are changed themselves."""
    accounts = {account for deed in told for account in (deed.actor_id, deed.target_id)}
    rows = await connection.fetch(
        """with part as (
             select unnest($1::uuid[]) as account_id
             union
             select unnest(array[e.actor_id, e.target_id])
             from called c join engagement e on e.id = c.engagement_id
             where c.name = any($2::uuid[])
             union
             select author_id from post where post_id = any($3::uuid[]))
           select distinct o.account_id, o.person_id, o.company
           from part join ownership o using (account_id)""",
        list(accounts - {None} | changes.accounts.keys()),
        list(changes.natives),
        list(changes.posts),
    )
    company = {row["account_id"] for row in rows if row["company"]}
    # Applause for what the company reshared is its author's.
    applauded = {deed.post_id for deed in told if deed.post_id and deed.target_id in company}
    if applauded:
        rows += await connection.fetch(
            """select o.person_id from called c join engagement e on e.id = c.engagement_id
               join ownership o on o.account_id = e.target_id
               where c.name = any($1::uuid[]) and e.kind = any($2::text[])""",
            list(applauded),
            list(RESHARING),
        )
    persons = {row["person_id"] for row in rows if row["person_id"] is not None}
    return persons | changes.persons.keys()
