"""Who was ever seen on some networks."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from scoring.connection import Connection


async def seen_on(
    connection: Connection, person_ids: Iterable[int], platforms: Collection[str]
) -> set[int]:
    """Those of these people of whose accounts there, past ones included, anything was ever told.

    Whoever is not among them has nothing there that could count: whatever counts for a person was done
    by or to an account of theirs, or seen of its posts. Followers are another matter.
    """
    rows = await connection.fetch(
        """select distinct o.person_id from ownership o join account a on a.id = o.account_id
           where o.person_id = any($1::bigint[]) and a.platform = any($2::text[]) and (
             exists (select from engagement e where e.target_id = a.id)
             or exists (select from engagement e where e.actor_id = a.id)
             or exists (select from retiming t where t.target_id = a.id)
             or exists (select from retiming t where t.actor_id = a.id)
             or exists (select from post p where p.author_id = a.id))""",
        list(person_ids),
        list(platforms),
    )
    return {row["person_id"] for row in rows}
