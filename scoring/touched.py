"""The queue of people about whom something became known, whether or not it moved a point.

Law: it is written in the transaction that counts, so nobody is told before there is something to see;
rather too many people than too few. Contests drain one queue (`touched`), integrity another (`unwatched`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from scoring.connection import Connection

# When detectors look at what was noted: by then a crowd that came has gone, or shows that it stays
# (scoring/integrity/detectors/new_account_bursts.py).
LOOK_AFTER: Final = timedelta(hours=2, minutes=15)
# Whoever was noted so shortly before is not noted again: a look so much earlier still is one after the
# crowd has gone, and the queue grows with people and hours, not with what happens.
NOTED_ANEW: Final = timedelta(minutes=10)


def _queue(people: str) -> str:
    """Both queues: who drains one leaves the other alone."""
    return f"""
      with noted as ({people}),
      looked_at as (
        insert into unwatched (person_id, due_at)
        select person_id, now() + interval '{LOOK_AFTER.total_seconds()} seconds' from noted
        where not exists (
          select from unwatched u where u.person_id = noted.person_id
            and u.due_at > now() + interval '{(LOOK_AFTER - NOTED_ANEW).total_seconds()} seconds'))
      insert into touched (person_id) select person_id from noted"""


async def touch(connection: Connection, persons: Iterable[int], posts: Iterable[UUID] = ()) -> None:
    """Note these people, and who ever owned the accounts that wrote these posts."""
    await connection.execute(
        _queue(
            """select distinct person_id from unnest($1::bigint[]) as p(person_id)
               union
               select o.person_id from post p join ownership o on o.account_id = p.author_id
               where p.post_id = any($2::uuid[]) and o.person_id is not null"""
        ),
        list(persons),
        list(posts),
    )


async def touch_owners(connection: Connection, accounts: Iterable[UUID]) -> None:
    """Note who ever owned these accounts: a follower count of theirs arrived."""
    await connection.execute(
        _queue(
            """select distinct person_id from ownership
               where account_id = any($1::uuid[]) and person_id is not null"""
        ),
        list(accounts),
    )


async def take_touched(connection: Connection, limit: int = 1_000) -> list[int]:
    """Take up to `limit` notes off the queue, inside the caller's transaction; the people, each once.

    Other takers take others. Taken within a transaction that fails, they are back.
    """
    rows = await connection.fetch(
        """with taken as (
             delete from touched where id = any(array(
               select id from touched order by id limit $1 for update skip locked))
             returning person_id)
           select distinct person_id from taken order by person_id""",
        limit,
    )
    return [row["person_id"] for row in rows]
